//! Tests that run on both databases.

use std::future::Future;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::harness::Registry;

/// Runs each of the named tests (`async fn name(registry: Registry)`) on both backends, on an empty
/// registry of its own.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::harness::Registry::empty().await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                $crate::both::on_postgres(super::$name).await;
            })+
        }
    };
}
pub(crate) use on_both;

static COUNTER: AtomicU64 = AtomicU64::new(0);

/// Runs a test on a new `PostgreSQL` database, dropped afterwards.
pub(crate) async fn on_postgres<F, T>(test: T)
where
    T: FnOnce(Registry) -> F,
    F: Future<Output = ()>,
{
    let server = std::env::var("ENLIST_TEST_POSTGRES").expect(
        "ENLIST_TEST_POSTGRES is not set: run the tests by scripts/test, which starts a PostgreSQL \
         server for them",
    );
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let name = format!("enlist_web_{}_{number}", std::process::id());
    let (base, _) = server
        .rsplit_once('/')
        .expect("an address that ends in /DATABASE");
    run(&server, &format!("CREATE DATABASE {name}"));
    test(Registry::at(&format!("{base}/{name}")).await).await;
    run(&server, &format!("DROP DATABASE {name} WITH (FORCE)"));
}

fn run(server: &str, statement: &str) {
    let done = Command::new("psql")
        .args(["--quiet", "--no-psqlrc", "--command", statement, server])
        .status();
    let done = done.expect("psql is there: scripts/test installs it");
    assert!(done.success(), "{statement}");
}
