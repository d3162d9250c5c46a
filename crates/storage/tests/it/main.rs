//! The battery: every test is written once and runs on both backends. `PostgreSQL` comes from
//! `ENLIST_TEST_POSTGRES`; without it its half fails, since a skipped test looks like a passed one.

mod world;

mod api_clients;
mod applying;
mod asking;
mod consent;
mod corporate_identifiers;
mod customer_profiles;
mod devices;
mod directory;
mod drafts;
mod imported;
mod jobs;
mod migrations;
mod organizations;
mod people;
mod policies;
mod profiles;
mod races;
mod submissions;
mod sweeping;
mod syncs;
mod trail;
mod uploads;

/// Runs each of the named tests (`async fn name(store: Arc<dyn Storage>)`) on both backends, on a
/// migrated database of its own.
macro_rules! battery {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                $crate::world::on_sqlite(super::$name).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                $crate::world::on_postgres(super::$name).await;
            })+
        }
    };
}
pub(crate) use battery;
