//! Bodies as clients send them: packed, cut, malformed.

use std::io::Write;
use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{Plant, line, lines, ndjson, outcomes};
use crate::both::on_both;
use crate::harness::Registry;
use crate::partner_center::value;

on_both![
    bodies_may_be_packed,
    every_member_of_a_packed_body_is_read,
    what_can_t_be_read_is_refused_and_leaves_nothing,
    a_line_that_is_no_object_fails_alone,
    who_sends_first_and_listens_then_is_answered,
];

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).expect("packs");
    packed.finish().expect("packs")
}

async fn bodies_may_be_packed(registry: Registry) {
    let plant = Plant::new(registry).await;
    let kind = ("content-type", "application/x-ndjson");
    let packed = gzip(ndjson(&lines("G", 4)).as_bytes());
    let headers = [kind, ("content-encoding", "gzip")];
    let answer = plant.send_with(&headers, packed.clone()).await;
    assert_eq!(outcomes(&value(&answer.is(200))), ["registered"; 4]);
    // One frame of zstd that holds its text as it is: magic, descriptor, size, one raw block.
    let text = ndjson(&lines("Z", 1));
    let size = u32::try_from(text.len()).expect("short");
    let mut frame = vec![0x28, 0xB5, 0x2F, 0xFD, 0xA0];
    frame.extend(size.to_le_bytes());
    frame.extend(&(size << 3 | 1).to_le_bytes()[..3]);
    frame.extend(text.as_bytes());
    let headers = [kind, ("content-encoding", "zstd")];
    let answer = plant.send_with(&headers, frame).await;
    assert_eq!(outcomes(&value(&answer.is(200))), ["registered"]);
    let headers = [kind, ("content-encoding", "br")];
    let refused = plant.send_with(&headers, packed).await.is(415);
    assert_eq!(value(&refused)["code"], "content_encoding");
    let headers = [kind, ("content-encoding", "gzip")];
    let refused = plant.send_with(&headers, "no gzip at all").await.is(400);
    assert_eq!(value(&refused)["code"], "body_broken");
}

async fn every_member_of_a_packed_body_is_read(registry: Registry) {
    let plant = Plant::new(registry).await;
    let text = ndjson(&lines("G", 4)) + "\n";
    let kind = ("content-type", "application/x-ndjson");
    // Between the lines, in the middle of one, and before the first byte.
    for at in [text.len() / 2, text.len() / 3, 0] {
        let (first, second) = text.as_bytes().split_at(at);
        let packed = [gzip(first), gzip(second)].concat();
        for coding in ["gzip", "GZIP", "x-gzip"] {
            let headers = [kind, ("content-encoding", coding)];
            let answer = plant.send_with(&headers, packed.clone()).await.is(200);
            assert_eq!(outcomes(&value(&answer)).len(), 4, "{coding}");
        }
    }
    let packed = gzip(text.as_bytes());
    let flipped: &[u8] = &[0; 8];
    for odd in [
        [&packed[..], b"garbage"].concat(),
        [&packed[..], &[0; 20]].concat(),
        [&packed[..], &packed[..7]].concat(),
        [&packed[..], &packed[..packed.len() - 1]].concat(),
        [&packed[..packed.len() - 8], flipped].concat(),
        packed[..5].to_vec(),
    ] {
        let headers = [kind, ("content-encoding", "gzip")];
        let refused = plant.send_with(&headers, odd).await.is(400);
        assert_eq!(value(&refused)["code"], "body_broken");
    }
    for coding in ["identity", ""] {
        let headers = [kind, ("content-encoding", coding)];
        plant.send_with(&headers, text.clone()).await.is(200);
    }
    let headers = [kind, ("content-encoding", "gzip, zstd")];
    plant.send_with(&headers, text).await.is(415);
}

async fn what_can_t_be_read_is_refused_and_leaves_nothing(registry: Registry) {
    let plant = Plant::new(registry).await;
    let kind = [("content-type", "application/json")];
    let cut = json!(lines("C", 2500)).to_string();
    let cut = cut[..cut.len() - 20].to_owned();
    let cases = [
        (String::new(), 400, "body_empty"),
        ("[{}".to_owned(), 400, "body_cut"),
        (cut, 400, "body_cut"),
        ("{\"lines\":[]} x".to_owned(), 400, "body_malformed"),
        ("[]".to_owned(), 422, "invalid"),
        ("{\"lines\":[{}],\"colour\":1}".to_owned(), 422, "invalid"),
        (
            "{\"lines\":[{}],\"allOrNothing\":1}".to_owned(),
            422,
            "invalid",
        ),
        (
            format!("[\"{}\"]", "x".repeat(20_000)),
            413,
            "line_too_long",
        ),
        ("\u{0}\u{1}".to_owned(), 400, "body_malformed"),
    ];
    for (body, status, code) in cases {
        let refused = plant.send_with(&kind, body).await.is(status);
        assert_eq!(value(&refused)["code"], code);
    }
    plant.registry.work_off().await;
    let kept = plant.api.read("/oem/v1/operations").await;
    assert_eq!(kept["operations"], json!([]));
    assert_eq!(plant.devices(&plant.customer).await, 0);
    for query in ["?allOrNothing=yes", "?allOrNothing=1"] {
        let path = format!("/oem/v1/registrations{query}");
        plant.api.post(&path, &json!([line("A1")])).await.is(400);
    }
    for path in ["?after=x", "?limit=-1", "?failed=2"] {
        let path = format!(
            "/oem/v1/operations/{}/results{path}",
            plant.oem.organization_id()
        );
        plant.api.get(&path).await.is(400);
    }
}

async fn a_line_that_is_no_object_fails_alone(registry: Registry) {
    let plant = Plant::new(registry).await;
    let good = line("A1").to_string();
    let body = format!("{good}\n\nnonsense\n{{\"customer\":}}\n[1]\n\"\\u0000\"\n");
    let kind = [("content-type", "application/jsonl; charset=utf-8")];
    let answer = plant.send_with(&kind, body).await.is(200);
    let answer: Value = value(&answer);
    let expected = ["registered", "invalid", "invalid", "invalid", "invalid"];
    assert_eq!(outcomes(&answer), expected);
    let error = &answer["results"][1]["errors"][0];
    assert_eq!(
        (&error["code"], &error["pointer"]),
        (&json!("line_malformed"), &json!("/lines/1"))
    );
    // Text that no database can hold harms nobody.
    let odd = json!([{"customer": "a\u{0}b", "serialNumber": "\u{0}", "reference": "\u{0}",
        "groupTag": "\u{0}", "purchaseOrder": "\u{0}", "manufacturer": "\u{0}", "\u{0}": "x"}]);
    let answer = plant.api.post("/oem/v1/registrations", &odd).await.is(200);
    assert_eq!(outcomes(&value(&answer)), ["invalid"]);
    let path = "/oem/v1/devices?reference=%00";
    plant.api.get(path).await.is(200);
    let odd = json!({"customers": ["\u{0}", "x"]});
    plant.api.post("/oem/v1/consents:check", &odd).await.is(200);
}

/// Sends a request over a connection as it is: all of it first, then the answer is read.
async fn send_then_listen(address: SocketAddr, token: &str, body: &[u8]) -> String {
    let host = "POST /oem/v1/registrations HTTP/1.1\r\nHost: registry.example\r\n";
    let head = format!(
        "{host}Authorization: Bearer {token}\r\nContent-Type: application/x-ndjson\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let mut connection = TcpStream::connect(address).await.expect("connects");
    connection.write_all(head.as_bytes()).await.expect("sends");
    connection
        .write_all(body)
        .await
        .expect("is heard to the end");
    let mut answer = String::new();
    let read = connection.read_to_string(&mut answer).await;
    read.expect("an answer");
    answer
}

async fn who_sends_first_and_listens_then_is_answered(registry: Registry) {
    let plant = Plant::new(registry).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
    let address = listener.local_addr().expect("an address");
    let router = plant.registry.router.clone();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let long = vec![b'x'; 10 << 20];
    let token = plant.registry.api_token(&plant.oem).await;
    for (token, status) in [(token.as_str(), "413"), ("no.such.token", "401")] {
        for _ in 0..3 {
            let answer = send_then_listen(address, token, &long).await;
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status}")),
                "{answer}"
            );
        }
    }
    server.abort();
}
