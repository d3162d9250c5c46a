//! Lines that each name their own customer, put together so that they are applied as the rows of
//! uploads are: a share for each customer, group tag and batch, in the order of its first line.
//!
//! Shares of one chunk claim their keys one after the other. Two transactions that claim the same
//! devices for different customers may so wait for each other in a circle, which the database
//! notices: one of them is tried again.

use std::collections::HashMap;

use registration::ids::{BatchId, OrganizationId, UploadId, nth_uuid};
use registration::operation::{Operation, OperationLine};
use registration::plan::Outcome;
use registration::upload::{OutcomeCounts, RowResult, Upload, UploadStatus};
use uuid::Uuid;

/// Lines of a chunk that go into one batch of one customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The customer as the lines name it.
    pub customer: String,
    /// Their group tag; empty if none.
    pub group_tag: String,
    /// The name of the batch.
    pub batch: String,
    /// Where they are in the chunk.
    pub places: Vec<usize>,
}

/// The shares of a chunk, in the order of their first lines.
pub fn shares(lines: &[OperationLine]) -> Vec<Share> {
    let mut shares: Vec<Share> = Vec::new();
    let mut known: HashMap<(&str, &str, &str), usize> = HashMap::new();
    for (place, line) in lines.iter().enumerate() {
        let batch = line.batch_name();
        let key = (line.customer.as_str(), line.group_tag.as_str(), batch);
        let at = *known.entry(key).or_insert_with(|| {
            shares.push(Share {
                customer: line.customer.clone(),
                group_tag: line.group_tag.clone(),
                batch: batch.to_owned(),
                places: Vec::new(),
            });
            shares.len() - 1
        });
        shares[at].places.push(place);
    }
    shares
}

/// What the devices of a share are written as: those of an upload whose id is the operation's.
pub fn as_upload(
    operation: &Operation,
    share: &Share,
    customer: OrganizationId,
    batch: Option<BatchId>,
) -> Upload {
    Upload {
        id: UploadId(operation.id.0),
        batch_id: batch,
        customer_id: customer,
        party_id: operation.party_id,
        created_by: operation.created_by,
        request_id: operation.request_id,
        file_name: String::new(),
        file_digest: [0; 32],
        group_tag: share.group_tag.clone(),
        status: UploadStatus::Processing,
        row_count: share.places.len() as u64,
        counts: OutcomeCounts::default(),
        created_at: operation.created_at,
        queued_at: Some(operation.created_at),
        completed_at: None,
    }
}

/// The id that the batch of the `n`th share has if it is made now. Ids of audit lines begin at the
/// same place; they live in another table, so the two can't meet.
pub fn batch_id(audit_seed: Uuid, n: u64) -> BatchId {
    BatchId(nth_uuid(audit_seed, n))
}

/// What the device ids of the `n`th share of a chunk are made from, different for every share.
pub fn seed_number(chunk: u64, n: u64) -> u64 {
    (chunk << 16) + n
}

/// The results of a chunk, put together from those of its shares.
#[derive(Debug)]
pub struct Results(Vec<Option<RowResult>>);

impl Results {
    /// None yet of so many.
    pub fn of(lines: usize) -> Self {
        Self(vec![None; lines])
    }

    /// Those of a share, in its order.
    pub fn put(&mut self, share: &Share, results: Vec<RowResult>) {
        for (place, result) in share.places.iter().zip(results) {
            self.0[*place] = Some(result);
        }
    }

    /// All of them, in the order of the lines.
    pub fn into_all(self) -> Vec<RowResult> {
        let nothing = RowResult {
            outcome: Outcome::Invalid,
            device_id: None,
            unverified: false,
        };
        let all = self.0.into_iter();
        all.map(|result| result.unwrap_or_else(|| nothing.clone()))
            .collect()
    }
}

/// How many ended in which outcome.
pub fn counts(results: &[RowResult]) -> OutcomeCounts {
    let mut counts = OutcomeCounts::default();
    for result in results {
        counts.add(result.outcome);
    }
    counts
}

/// The results of lines of which nothing is written after all: none of them has a new device.
pub fn without_devices(mut results: Vec<RowResult>) -> Vec<RowResult> {
    for result in &mut results {
        if result.outcome == Outcome::Registered {
            result.device_id = None;
        }
    }
    results
}

#[cfg(test)]
mod tests {
    use super::*;
    use registration::operation::Shipment;

    fn line(customer: &str, tag: &str, order: &str) -> OperationLine {
        OperationLine {
            number: 1,
            customer: customer.to_owned(),
            group_tag: tag.to_owned(),
            manufacturer: String::new(),
            model: String::new(),
            serial: String::new(),
            pkid: String::new(),
            shipment: Shipment {
                purchase_order: order.to_owned(),
                ..Shipment::default()
            },
            findings: Vec::new(),
        }
    }

    #[test]
    fn lines_are_put_together_by_customer_tag_and_batch() {
        let lines = [
            line("a", "", "1"),
            line("b", "T", "1"),
            line("a", "", "1"),
            line("b", "T", "2"),
            line("a", "", "2"),
        ];
        let shares = shares(&lines);
        let places: Vec<_> = shares.iter().map(|share| share.places.clone()).collect();
        assert_eq!(places, [vec![0, 2], vec![1, 3], vec![4]]);
        assert_eq!(
            (shares[1].batch.as_str(), shares[2].batch.as_str()),
            ("T", "2")
        );
    }

    #[test]
    fn results_come_back_in_the_order_of_the_lines() {
        let lines = [line("a", "", ""), line("b", "", ""), line("a", "", "")];
        let result = |outcome| RowResult {
            outcome,
            device_id: None,
            unverified: false,
        };
        let mut results = Results::of(3);
        let of = [
            vec![Outcome::Registered, Outcome::Invalid],
            vec![Outcome::NoConsent],
        ];
        for (share, of) in shares(&lines).iter().zip(of) {
            results.put(share, of.into_iter().map(result).collect());
        }
        let all = results.into_all();
        let outcomes: Vec<_> = all.iter().map(|result| result.outcome).collect();
        assert_eq!(
            outcomes,
            [Outcome::Registered, Outcome::NoConsent, Outcome::Invalid]
        );
        assert_eq!((counts(&all).decided(), counts(&all).failed()), (3, 2));
    }
}
