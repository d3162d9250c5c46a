//! Drafts: uploads that are not saved yet, with their files and what was changed in them.

use std::fmt;

use async_trait::async_trait;
use registration::access::Scope;
use registration::ids::UploadId;
use registration::upload::Upload;

use crate::Result;

/// The file of a draft as it stands.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct DraftFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Counts up with every change, from 0: a change names the version it was made from.
    pub version: u64,
    /// The codes of findings whose guesses are accepted.
    pub accepted: Vec<String>,
    /// How many changes of the file can be taken back.
    pub changes: u64,
    /// What the last of them did, for people.
    pub last_change: Option<String>,
}

/// Prints no bytes: there may be hashes in them.
impl fmt::Debug for DraftFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DraftFile")
            .field("bytes", &self.bytes.len())
            .field("version", &self.version)
            .field("accepted", &self.accepted)
            .field("changes", &self.changes)
            .field("last_change", &self.last_change)
            .finish()
    }
}

/// A stretch of bytes in the place of another: what takes a change of a file back.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Splice {
    /// Where it begins, in bytes from 0.
    pub at: u64,
    /// How many bytes it replaces.
    pub length: u64,
    /// What stands there afterwards.
    pub bytes: Vec<u8>,
}

/// Prints no bytes: there may be hashes in them.
impl fmt::Debug for Splice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, length, bytes } = self;
        write!(f, "{length} bytes from {at} become {} bytes", bytes.len())
    }
}

impl Splice {
    /// What turns `from` into `to`: all but what both begin with and what both end with.
    pub fn between(from: &[u8], to: &[u8]) -> Self {
        let same = |(a, b): &(&u8, &u8)| a == b;
        let begin = from.iter().zip(to).take_while(same).count();
        let (from, to) = (&from[begin..], &to[begin..]);
        let end = from.iter().rev().zip(to.iter().rev());
        let end = end.take_while(same).count();
        Self {
            at: begin as u64,
            length: (from.len() - end) as u64,
            bytes: to[..to.len() - end].to_vec(),
        }
    }

    /// The file with the stretch replaced; `None` if it has no such place.
    pub fn apply(&self, file: &[u8]) -> Option<Vec<u8>> {
        let at = usize::try_from(self.at).ok()?;
        let end = at.checked_add(usize::try_from(self.length).ok()?)?;
        Some([file.get(..at)?, &self.bytes, file.get(end..)?].concat())
    }
}

/// A change of a draft's file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DraftChange {
    /// What it did, for people; never a hash.
    pub said: String,
    /// What takes it back.
    pub back: Splice,
}

/// What becomes of the changes that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Changes {
    /// They stay.
    #[default]
    Stay,
    /// One more.
    Add(DraftChange),
    /// The first ones, so many, stay; the others were taken back.
    First(u64),
}

/// A draft from now on.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct DraftUpdate {
    /// The version it was made from.
    pub version: u64,
    /// The file with its SHA-256; `None` leaves the one that is there.
    pub file: Option<(Vec<u8>, [u8; 32])>,
    /// The codes of findings whose guesses are accepted.
    pub accepted: Vec<String>,
    /// What becomes of the changes on record.
    pub changes: Changes,
}

/// Drafts. Each is in sight of the organization that sent it, and of nobody else.
#[async_trait]
pub trait Drafts: Send + Sync {
    /// Keeps a draft of the scope's organization with its file.
    async fn keep_draft(&self, scope: &Scope, upload: Upload, file: Vec<u8>) -> Result<()>;

    /// The file of a draft of the scope's organization.
    async fn draft_file(&self, scope: &Scope, id: UploadId) -> Result<Option<DraftFile>>;

    /// The changes of a draft's file, the oldest first.
    async fn draft_changes(&self, scope: &Scope, id: UploadId) -> Result<Vec<DraftChange>>;

    /// Changes a draft of the scope's organization. `Refused::DraftChanged` if it has another
    /// version by now: nothing of what somebody else did is lost.
    async fn update_draft(&self, scope: &Scope, id: UploadId, update: DraftUpdate) -> Result<()>;

    /// Drops a draft of the scope's organization. Dropping one that is gone changes nothing;
    /// a saved upload is never dropped.
    async fn drop_draft(&self, scope: &Scope, id: UploadId) -> Result<()>;
}

/// The codes as one text.
pub(crate) fn accepted_to_text(codes: &[String]) -> String {
    codes.join(" ")
}

/// The codes in a text.
pub(crate) fn accepted_from_text(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::Splice;

    #[test]
    fn a_splice_is_as_small_as_the_difference_and_turns_one_file_into_the_other() {
        let cases = [
            ("abc", "abc", 3, 0, ""),
            ("abc", "abXc", 2, 0, "X"),
            ("abXc", "abc", 2, 1, ""),
            ("aa", "aaa", 2, 0, "a"),
            ("aaa", "aa", 2, 1, ""),
            ("", "x", 0, 0, "x"),
            ("one\ntwo\n", "one\n2\n", 4, 3, "2"),
        ];
        for (from, to, at, length, bytes) in cases {
            let (from, to) = (from.as_bytes(), to.as_bytes());
            let splice = Splice::between(from, to);
            let told = (splice.at, splice.length, &*splice.bytes);
            assert_eq!(told, (at, length, bytes.as_bytes()));
            assert_eq!(splice.apply(from).as_deref(), Some(to));
        }
    }

    #[test]
    fn a_splice_of_another_file_is_refused() {
        let splice = Splice {
            at: 2,
            length: 3,
            bytes: Vec::new(),
        };
        assert_eq!(splice.apply(b"abcd"), None);
        let beyond = Splice {
            at: u64::MAX,
            length: 1,
            bytes: Vec::new(),
        };
        assert_eq!(beyond.apply(b"abcd"), None);
    }
}
