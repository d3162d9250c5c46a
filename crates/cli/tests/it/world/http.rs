//! A small HTTP client: one connection a request, cookies kept, redirects left to the caller.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const BOUNDARY: &str = "enlist-test-boundary";

/// Whoever sends requests to one address.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    address: String,
    cookies: BTreeMap<String, String>,
    bearer: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A device list on its way.
pub(crate) struct File<'a> {
    pub(crate) field: &'a str,
    pub(crate) name: &'a str,
    pub(crate) bytes: &'a [u8],
}

impl Answer {
    /// The first header of this name (lower case).
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Where a redirect leads.
    pub(crate) fn location(&self) -> &str {
        self.header("location").unwrap_or_else(|| {
            panic!("{} instead of a redirect: {}", self.status, self.text());
        })
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The token of the page's forms.
    pub(crate) fn csrf(&self) -> String {
        let page = self.text();
        let (_, rest) = page
            .split_once("name=\"csrf\" value=\"")
            .unwrap_or_else(|| panic!("{}: no form in {page}", self.status));
        rest.split('"').next().unwrap_or_default().to_owned()
    }
}

impl Client {
    /// A client without cookies; `address` is `127.0.0.1:PORT`.
    pub(crate) fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            cookies: BTreeMap::new(),
            bearer: None,
        }
    }

    /// The same person at another address, after a restart.
    pub(crate) fn moved_to(&mut self, address: &str) {
        address.clone_into(&mut self.address);
    }

    /// A cookie got elsewhere.
    /// Calls an API with this access token from now on.
    pub(crate) fn set_bearer(&mut self, token: &str) {
        self.bearer = Some(token.to_owned());
    }

    pub(crate) fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.send("GET", path, None)
    }

    pub(crate) fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
        let pairs: Vec<_> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        let body = pairs.join("&").into_bytes();
        self.send(
            "POST",
            path,
            Some(("application/x-www-form-urlencoded", body)),
        )
    }

    pub(crate) fn post_json(
        &mut self,
        path: &str,
        value: &serde_json::Value,
    ) -> io::Result<Answer> {
        let body = value.to_string().into_bytes();
        self.send("POST", path, Some(("application/json", body)))
    }

    pub(crate) fn post_file(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        file: &File<'_>,
    ) -> io::Result<Answer> {
        let mut body = Vec::new();
        for (name, value) in fields {
            write!(
                body,
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )?;
        }
        write!(
            body,
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n\
             content-type: text/csv\r\n\r\n",
            file.field, file.name
        )?;
        body.extend_from_slice(file.bytes);
        write!(body, "\r\n--{BOUNDARY}--\r\n")?;
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send("POST", path, Some((&kind, body)))
    }

    /// Begins to send a body of `length` bytes, and hangs up after `bytes`.
    pub(crate) fn hang_up(
        &self,
        path: &str,
        kind: &str,
        bytes: &[u8],
        length: usize,
    ) -> io::Result<()> {
        let token = self.bearer.as_deref().unwrap_or_default();
        let mut stream = TcpStream::connect(&self.address)?;
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\n\
             content-type: {kind}\r\ncontent-length: {length}\r\n\r\n",
            self.address
        )?;
        stream.write_all(bytes)?;
        stream.flush()
    }

    /// Any request: the content type and the body, if there is one.
    pub(crate) fn send(
        &mut self,
        method: &str,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
    ) -> io::Result<Answer> {
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n",
            self.address
        );
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self
                .cookies
                .iter()
                .map(|(k, v)| format!("{k}={v}"))
                .collect();
            let _ = write!(head, "cookie: {}\r\n", pairs.join("; "));
        }
        if let Some(token) = &self.bearer {
            let _ = write!(head, "authorization: Bearer {token}\r\n");
        }
        let (kind, bytes) = body.unwrap_or(("", Vec::new()));
        if !kind.is_empty() {
            let _ = write!(head, "content-type: {kind}\r\n");
        }
        let _ = write!(head, "content-length: {}\r\n\r\n", bytes.len());
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_mins(2)))?;
        stream.set_nodelay(true)?;
        stream.write_all(head.as_bytes())?;
        // A server that refuses a large body answers before it has read all of it.
        let _ = stream.write_all(&bytes);
        let answer = read(&mut BufReader::new(stream))?;
        self.keep_cookies(&answer);
        Ok(answer)
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        for (_, value) in answer.headers.iter().filter(|(k, _)| k == "set-cookie") {
            let pair = value.split(';').next().unwrap_or_default();
            match pair.split_once('=') {
                Some((name, "")) => self.cookies.remove(name),
                Some((name, value)) => self.cookies.insert(name.to_owned(), value.to_owned()),
                None => None,
            };
        }
    }
}

fn read(stream: &mut impl BufRead) -> io::Result<Answer> {
    let wrong = |what: &str| io::Error::new(io::ErrorKind::UnexpectedEof, what.to_owned());
    let status = line(stream)?
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| wrong("no status line"))?;
    let mut headers = Vec::new();
    loop {
        let text = line(stream)?;
        if text.is_empty() {
            break;
        }
        let (name, value) = text.split_once(':').ok_or_else(|| wrong("no header"))?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut answer = Answer {
        status,
        headers,
        body: Vec::new(),
    };
    let length = answer.header("content-length").and_then(|n| n.parse().ok());
    if let Some(length) = length {
        answer.body = vec![0; length];
        stream.read_exact(&mut answer.body)?;
    } else if answer.header("transfer-encoding") == Some("chunked") {
        read_chunks(stream, &mut answer.body)?;
    } else {
        stream.read_to_end(&mut answer.body)?;
    }
    Ok(answer)
}

fn read_chunks(stream: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let length = usize::from_str_radix(&line(stream)?, 16)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        stream.take(length as u64).read_to_end(body)?;
        line(stream)?;
        if length == 0 {
            return Ok(());
        }
    }
}

fn line(stream: &mut impl BufRead) -> io::Result<String> {
    let mut text = String::new();
    if stream.read_line(&mut text)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Percent-encodes for a form or a query.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}
