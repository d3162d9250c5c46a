//! `enlist serve --tls-cert … --tls-key …`.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::support::{Scratch, Server, word};

/// Longer than the time after which a server looks at its files.
const PATIENCE: Duration = Duration::from_mins(1);

/// Writes a new certificate for this machine and its key; the answer is the certificate.
fn renew(scratch: &Scratch) -> CertificateDer<'static> {
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made: CertifiedKey<KeyPair> = generate_simple_self_signed(names).unwrap();
    scratch.write("cert.pem", made.cert.pem());
    scratch.write("key.pem", made.signing_key.serialize_pem());
    made.cert.der().clone()
}

fn start(scratch: &Scratch) -> (Server, String) {
    let arguments = ["serve", "--listen", "127.0.0.1:0"];
    let files = ["--tls-cert", "cert.pem", "--tls-key", "key.pem"];
    let server = scratch.start(&[&arguments[..], &files].concat());
    let said = server.says("/set-up/");
    let address = word(&said, "https://127.0.0.1:").to_owned();
    let host = address.strip_prefix("https://").unwrap().to_owned();
    (server, host)
}

/// `GET /health` from a client that trusts this certificate alone.
fn health(host: &str, trusted: &CertificateDer<'static>) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(host)?);
    write!(
        stream,
        "GET /health HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[test]
fn https_is_served_and_a_renewed_certificate_is_taken_without_a_stop() {
    let scratch = Scratch::new();
    let first = renew(&scratch);
    let (server, host) = start(&scratch);
    // Whoever connects and says nothing keeps nobody waiting.
    let silent = TcpStream::connect(&host).unwrap();
    let answer = health(&host, &first).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

    let second = renew(&scratch);
    assert!(health(&host, &second).is_err(), "not in use yet");
    server.signal("-HUP");
    let begun = Instant::now();
    while health(&host, &second).is_err() {
        assert!(begun.elapsed() < PATIENCE, "the new one is not in use");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(health(&host, &first).is_err());

    scratch.write("cert.pem", "no certificate");
    server.signal("-HUP");
    std::thread::sleep(Duration::from_millis(300));
    assert!(health(&host, &second).is_ok(), "the one before stays");
    drop(silent);
    assert_eq!(server.stop(), 0);
}

#[test]
fn a_certificate_that_is_of_no_use_is_told_before_anything_is_made() {
    let scratch = Scratch::new();
    renew(&scratch);
    let key = scratch.read("key.pem");
    renew(&scratch);
    scratch.write("other.pem", key);
    scratch.write("empty.pem", "");
    for (certificate, key, wanted) in [
        ("cert.pem", "other.pem", "can't be used"),
        ("empty.pem", "key.pem", "there is no certificate in it"),
        ("missing.pem", "key.pem", "missing.pem can't be read"),
    ] {
        let files = ["--tls-cert", certificate, "--tls-key", key];
        let ran = scratch.enlist(&[&["serve", "--listen", "127.0.0.1:0"], &files[..]].concat());
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(wanted), "{}", ran.err);
    }
    let alone = scratch.enlist(&["serve", "--tls-cert", "cert.pem"]);
    assert_eq!(alone.code, 2);
    assert!(alone.err.contains("--tls-key"), "{}", alone.err);
    assert!(!scratch.path("enlist.db").exists());
}
