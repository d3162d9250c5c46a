//! `enlist serve`.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use crate::support::{Scratch, http, word};
use crate::world::{self, webdriver::until};

const ANY_PORT: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

#[test]
fn an_empty_database_is_set_up_through_a_link_that_changes_with_each_start() {
    let scratch = Scratch::new();
    let server = scratch.start(&ANY_PORT);
    let said = server.says("/set-up/");
    let first = said.split_whitespace().last().unwrap().to_owned();
    let (status, page) = http("GET", &first, "");
    assert_eq!(status, 200, "{page}");
    let (_, secret) = first.split_once("/set-up/").unwrap();
    assert_eq!(secret.len(), 64);
    let base = word(&said, "http://127.0.0.1:");
    assert_eq!(http("GET", &format!("{base}/health"), "").0, 200);
    assert_eq!(server.stop(), 0);

    let server = scratch.start(&ANY_PORT);
    let said = server.says("/set-up/");
    let second = said.split_whitespace().last().unwrap();
    assert_eq!(http("GET", second, "").0, 200);
    let base = word(&said, "http://127.0.0.1:");
    let (status, _) = http("GET", &format!("{base}/set-up/{secret}"), "");
    assert_ne!(status, 200, "the first link is spent");
}

#[test]
fn links_lead_to_the_public_address() {
    let scratch = Scratch::new();
    let mut arguments = ANY_PORT.to_vec();
    arguments.extend(["--public-url", "https://enlist.example/"]);
    let server = scratch.start(&arguments);
    let said = server.says("/set-up/");
    assert!(said.contains("\nhttps://enlist.example/set-up/"), "{said}");
}

#[test]
fn a_proxy_is_believed_where_the_operator_says_so() {
    let scratch = Scratch::new();
    let database = format!("sqlite:{}", scratch.path("enlist.db").display());
    for (more, from) in [
        (&[][..], "127.0.0.1"),
        (&["--trust-forwarded"], "203.0.113.7"),
        (&["--trust-forwarded=forwarded"], "203.0.113.8"),
    ] {
        let server = world::server::Server::start(&database, more);
        let mut stream = TcpStream::connect(&server.address).unwrap();
        write!(
            stream,
            "GET /sign-in HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             x-forwarded-for: 10.0.0.1, 203.0.113.7\r\nforwarded: for=203.0.113.8\r\n\r\n"
        )
        .unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
        until("the log has the request", || {
            let said = server.said();
            let lines = said.lines().filter(|known| known.contains("/sign-in"));
            let mut found = lines.filter(|known| known.contains("status=200"));
            match found.next() {
                Some(known) if known.ends_with(&format!("from={from}")) => Ok(()),
                _ => Err(said),
            }
        });
    }
}

#[test]
fn a_taken_port_is_told_with_what_to_do() {
    let scratch = Scratch::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for command in ["serve", "demo"] {
        let ran = scratch.enlist(&[command, "--listen", &address]);
        assert_eq!(ran.code, 2);
        assert!(
            ran.err.contains(&format!("{address} is taken")),
            "{}",
            ran.err
        );
        assert!(ran.err.contains("--listen 127.0.0.1:0"), "{}", ran.err);
    }
    assert!(
        !scratch.path("enlist.db").exists(),
        "nothing was made for nothing"
    );
}
