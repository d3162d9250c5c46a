//! The limit: the same rows and keys, inserted with nothing around them.

use std::path::Path;
use std::pin::pin;

use device_list::{IdentityKey, SampleDevice};
use rusqlite::Connection;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::world::{START, TAG, fresh, fresh_at};

/// The values of a device row that differ between devices.
pub(crate) struct Device {
    id: Uuid,
    manufacturer: String,
    model: String,
    serial: String,
    folded: String,
    key: IdentityKey,
}

/// Devices ready to be inserted: ids ascend with the folded serial numbers, as the registry has
/// it, so that every index but the keys' fills in order.
pub(crate) fn chunk(devices: &[SampleDevice], seconds: i64) -> Vec<Device> {
    let first = fresh_at(seconds);
    let mut chunk: Vec<_> = devices
        .iter()
        .map(|device| Device {
            id: first,
            manufacturer: device.manufacturer.as_str().to_owned(),
            model: device.model.as_str().to_owned(),
            serial: device.serial.as_str().to_owned(),
            folded: device.serial.folded(),
            key: device.tuple().key().expect("a sample is no placeholder"),
        })
        .collect();
    chunk.sort_by(|a, b| a.folded.cmp(&b.folded));
    for (n, device) in (0..).zip(&mut chunk) {
        device.id = registration::ids::nth_uuid(first, n);
    }
    chunk
}

fn by_key(devices: &[Device]) -> Vec<&Device> {
    let mut sorted: Vec<_> = devices.iter().collect();
    sorted.sort_unstable_by_key(|device| device.key);
    sorted
}

/// What all devices share: customer, party, person, batch, upload.
struct Shared([Uuid; 5]);

impl Shared {
    fn new() -> Self {
        Self(std::array::from_fn(|_| fresh()))
    }
}

/// A file with the two tables, set up as the registry's own.
pub(crate) struct BareSqlite {
    connection: Connection,
    shared: Shared,
}

impl BareSqlite {
    pub(crate) fn create(path: &Path) -> Self {
        let connection = Connection::open(path).expect("opens");
        connection
            .execute_batch(
                "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 20000;
                 CREATE TABLE device (customer_id BLOB NOT NULL, id BLOB NOT NULL,
                 registered_by BLOB NOT NULL, registered_by_user BLOB NOT NULL,
                 batch_id BLOB NOT NULL, upload_id BLOB NOT NULL, manufacturer TEXT, model TEXT,
                 serial TEXT, serial_folded TEXT, pkid TEXT, smbios_uuid BLOB,
                 has_hash INTEGER NOT NULL, verified INTEGER NOT NULL, group_tag TEXT NOT NULL,
                 registered_at INTEGER NOT NULL, keys BLOB NOT NULL, last_asked_at INTEGER,
                 PRIMARY KEY (customer_id, id)) STRICT, WITHOUT ROWID;
                 CREATE TABLE device_key (key BLOB NOT NULL PRIMARY KEY,
                 customer_id BLOB NOT NULL, device_id BLOB NOT NULL) STRICT, WITHOUT ROWID;",
            )
            .expect("makes the tables");
        Self {
            connection,
            shared: Shared::new(),
        }
    }

    pub(crate) fn insert(&mut self, devices: &[Device]) {
        let Shared([customer, party, person, batch, upload]) = &self.shared;
        let tx = self.connection.transaction().expect("begins");
        {
            let text = "INSERT INTO device_key VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            let mut insert = tx.prepare_cached(text).expect("prepares");
            insert
                .raw_bind_parameter(2, customer.as_bytes().as_slice())
                .expect("binds");
            for device in by_key(devices) {
                insert
                    .raw_bind_parameter(1, device.key.0.as_slice())
                    .expect("binds");
                insert
                    .raw_bind_parameter(3, device.id.as_bytes().as_slice())
                    .expect("binds");
                insert.raw_execute().expect("inserts");
            }
            let text = "INSERT INTO device VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, \
                        NULL, NULL, FALSE, FALSE, ?11, ?12, ?13, NULL)";
            let mut insert = tx.prepare_cached(text).expect("prepares");
            let same = [
                (1, customer),
                (3, party),
                (4, person),
                (5, batch),
                (6, upload),
            ];
            for (place, id) in same {
                insert
                    .raw_bind_parameter(place, id.as_bytes().as_slice())
                    .expect("binds");
            }
            insert.raw_bind_parameter(11, TAG).expect("binds");
            insert.raw_bind_parameter(12, START.0).expect("binds");
            for device in devices {
                insert
                    .raw_bind_parameter(2, device.id.as_bytes().as_slice())
                    .expect("binds");
                let text = [
                    &device.manufacturer,
                    &device.model,
                    &device.serial,
                    &device.folded,
                ];
                for (place, value) in (7..).zip(text) {
                    insert
                        .raw_bind_parameter(place, value.as_str())
                        .expect("binds");
                }
                insert
                    .raw_bind_parameter(13, device.key.0.as_slice())
                    .expect("binds");
                insert.raw_execute().expect("inserts");
            }
        }
        tx.commit().expect("commits");
    }
}

/// The two tables and their staging tables.
pub(crate) struct BarePostgres {
    client: Client,
    shared: Shared,
}

impl BarePostgres {
    pub(crate) async fn create(url: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("connects");
        tokio::spawn(connection);
        let columns = "customer_id UUID NOT NULL, id UUID NOT NULL, registered_by UUID NOT NULL, \
             registered_by_user UUID NOT NULL, batch_id UUID NOT NULL, upload_id UUID NOT NULL, \
             manufacturer TEXT COLLATE \"C\", model TEXT, serial TEXT, \
             serial_folded TEXT COLLATE \"C\", pkid TEXT, smbios_uuid UUID, \
             has_hash BOOLEAN NOT NULL, verified BOOLEAN NOT NULL, group_tag TEXT NOT NULL, \
             registered_at BIGINT NOT NULL, keys BYTEA NOT NULL, last_asked_at BIGINT";
        let key = "key BYTEA NOT NULL, customer_id UUID NOT NULL, device_id UUID NOT NULL";
        client
            .batch_execute(&format!(
                "CREATE TABLE device ({columns}, PRIMARY KEY (customer_id, id));
                 CREATE TABLE device_key ({key}, PRIMARY KEY (key));
                 CREATE TEMPORARY TABLE staged_device ({columns});
                 CREATE TEMPORARY TABLE staged_key ({key});"
            ))
            .await
            .expect("makes the tables");
        Self {
            client,
            shared: Shared::new(),
        }
    }

    pub(crate) async fn insert(&mut self, devices: &[Device]) {
        let tx = self.client.transaction().await.expect("begins");
        self.shared.copy_keys(&tx, devices).await;
        self.shared.copy_devices(&tx, devices).await;
        tx.batch_execute(
            "INSERT INTO device_key SELECT * FROM staged_key ON CONFLICT DO NOTHING;
             INSERT INTO device SELECT * FROM staged_device ON CONFLICT DO NOTHING;
             TRUNCATE staged_key, staged_device;",
        )
        .await
        .expect("inserts");
        tx.commit().await.expect("commits");
    }
}

impl Shared {
    async fn copy_keys(&self, tx: &tokio_postgres::Transaction<'_>, devices: &[Device]) {
        let sink = tx
            .copy_in("COPY staged_key FROM STDIN BINARY")
            .await
            .expect("starts");
        let types = [Type::BYTEA, Type::UUID, Type::UUID];
        let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
        for device in by_key(devices) {
            let key = device.key.0.as_slice();
            writer
                .as_mut()
                .write(&[&key, &self.0[0], &device.id])
                .await
                .expect("writes");
        }
        writer.finish().await.expect("ends");
    }

    async fn copy_devices(&self, tx: &tokio_postgres::Transaction<'_>, devices: &[Device]) {
        const ID: Type = Type::UUID;
        const WORD: Type = Type::TEXT;
        let sink = tx
            .copy_in("COPY staged_device FROM STDIN BINARY")
            .await
            .expect("starts");
        let types = [
            ID,
            ID,
            ID,
            ID,
            ID,
            ID,
            WORD,
            WORD,
            WORD,
            WORD,
            WORD,
            ID,
            Type::BOOL,
            Type::BOOL,
            WORD,
            Type::INT8,
            Type::BYTEA,
            Type::INT8,
        ];
        let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
        let Self([customer, party, person, batch, upload]) = self;
        for device in devices {
            let key = device.key.0.as_slice();
            let row: [&(dyn tokio_postgres::types::ToSql + Sync); 18] = [
                customer,
                &device.id,
                party,
                person,
                batch,
                upload,
                &device.manufacturer,
                &device.model,
                &device.serial,
                &device.folded,
                &None::<String>,
                &None::<Uuid>,
                &false,
                &false,
                &TAG,
                &START.0,
                &key,
                &None::<i64>,
            ];
            writer.as_mut().write(&row).await.expect("writes");
        }
        writer.finish().await.expect("ends");
    }
}
