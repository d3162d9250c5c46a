//! `enlist serve` as a child process, on a free port.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::http::Client;
use super::webdriver::until;

/// A running server. Dropping it kills it.
pub(crate) struct Server {
    child: Child,
    said: Arc<Mutex<String>>,
    /// `127.0.0.1:PORT`.
    pub(crate) address: String,
}

impl Server {
    /// Starts the real binary on this database and waits until it answers.
    pub(crate) fn start(database: &str, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_enlist"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("ENLIST_") {
                command.env_remove(name);
            }
        }
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0", "--database", database])
            .args(more)
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let said = Arc::new(Mutex::new(String::new()));
        listen(child.stdout.take(), &said);
        listen(child.stderr.take(), &said);
        let address = until("the server says its address", || {
            if let Ok(Some(status)) = child.try_wait() {
                panic!("the server ended ({status}): {}", text(&said));
            }
            address_in(&text(&said)).ok_or_else(|| text(&said))
        });
        let mut client = Client::new(&address);
        until("the server answers", || match client.get("/health") {
            Ok(answer) if answer.status == 200 => Ok(()),
            Ok(answer) => Err(answer.text()),
            Err(error) => Err(error.to_string()),
        });
        Self {
            child,
            said,
            address,
        }
    }

    /// Everything it printed.
    pub(crate) fn said(&self) -> String {
        text(&self.said)
    }

    /// The one-time link that a server without an operator prints, as a path.
    pub(crate) fn set_up_path(&self) -> String {
        until("the server prints its one-time link", || {
            let said = self.said();
            let (_, rest) = said.split_once("/set-up/").ok_or_else(|| said.clone())?;
            let secret: String = rest
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            Ok(format!("/set-up/{secret}"))
        })
    }

    /// An absolute address.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Somebody who is not signed in.
    pub(crate) fn client(&self) -> Client {
        Client::new(&self.address)
    }

    /// Somebody who signs in.
    pub(crate) fn signed_in(&self, email: &str, password: &str) -> Client {
        let mut client = self.client();
        let fields = [("email", email), ("password", password)];
        let answer = client.post_form("/sign-in", &fields).expect("an answer");
        assert_eq!(answer.status, 303, "{}", answer.text());
        client
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("the child is ours");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let said = self.said();
            let errors: Vec<_> = said.lines().filter(|line| !line.contains("INFO")).collect();
            eprintln!("the server said:\n{}", errors.join("\n"));
        }
    }
}

fn listen(pipe: Option<impl Read + Send + 'static>, said: &Arc<Mutex<String>>) {
    let said = Arc::clone(said);
    let lines = BufReader::new(pipe.expect("a pipe")).lines();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            let mut text = said.lock().unwrap_or_else(PoisonError::into_inner);
            text.push_str(&line);
            text.push('\n');
        }
    });
}

fn text(said: &Mutex<String>) -> String {
    said.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn address_in(said: &str) -> Option<String> {
    let (_, rest) = said.split_once("listening address=\"")?;
    let (address, _) = rest.split_once('"')?;
    Some(address.to_owned())
}

/// Tries until an upload has ended; the answer is its page.
pub(crate) fn wait_for_result(client: &mut Client, upload: &str) -> String {
    until("the upload ends", || {
        let page = client
            .get(upload)
            .map_err(|error| error.to_string())?
            .text();
        if page.contains("data-live") {
            std::thread::sleep(Duration::from_millis(100));
            Err("still running".to_owned())
        } else {
            Ok(page)
        }
    })
}
