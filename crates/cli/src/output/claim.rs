//! Whose the files without names of their own are that lie in a folder while something is written
//! there: of a command that runs, or of one that was killed and left them.
//!
//! A command that writes into a folder keeps `.enlist-RUN.lock` there, locked, and its files are
//! called `.enlist-RUN-…`. A system takes the lock away when a process ends, however that happens: a
//! lock that can be had belongs to nobody any more, and neither do the files of that run. A process
//! id would not tell: containers that share a folder count theirs alike, and a number is used again.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tempfile::{Builder, NamedTempFile};

const FRONT: &str = ".enlist-";
const LOCK: &str = ".lock";
/// Letters and digits that a run is called by.
const RUN: usize = 12;
/// Letters and digits that tell the files of a run apart.
const FILE: usize = 6;
/// How often another command may take a new lock for one that was left.
const TRIES: usize = 10;

/// The folders that this process writes into.
static CLAIMS: Mutex<Vec<(PathBuf, Weak<Claim>)>> = Mutex::new(Vec::new());

/// A folder that this process writes into, as others see it. Gone when nothing is written any more.
#[derive(Debug)]
pub(super) struct Claim {
    folder: PathBuf,
    run: String,
    /// Its file goes away with it.
    lock: NamedTempFile,
}

impl Claim {
    /// The claim on a folder. What killed commands left there is removed when it is new.
    pub(super) fn on(folder: &Path) -> io::Result<Arc<Self>> {
        let folder = fs::canonicalize(folder)?;
        let mut claims = CLAIMS.lock().unwrap_or_else(PoisonError::into_inner);
        claims.retain(|(_, claim)| claim.strong_count() > 0);
        let known = claims.iter().find(|(known, _)| *known == folder);
        if let Some(claim) = known.and_then(|(_, claim)| claim.upgrade()) {
            return Ok(claim);
        }
        let claim = Arc::new(Self::new(folder.clone())?);
        claim.tidy();
        claims.push((folder, Arc::downgrade(&claim)));
        Ok(claim)
    }

    /// A new file in the folder that has no name of its own yet.
    pub(super) fn file(&self) -> io::Result<NamedTempFile> {
        let front = format!("{FRONT}{}-", self.run);
        let mut builder = Builder::new();
        builder.prefix(&front).rand_bytes(FILE);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // As any new file: what is taken away from that is the user's setting.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        builder.tempfile_in(&self.folder)
    }

    fn new(folder: PathBuf) -> io::Result<Self> {
        let mut tries = 0;
        loop {
            let mut builder = Builder::new();
            builder.prefix(FRONT).suffix(LOCK).rand_bytes(RUN);
            let lock = builder.tempfile_in(&folder)?;
            tries += 1;
            let is_ours = match lock.as_file().try_lock() {
                // Whoever took it for one that was left may have removed it before.
                Ok(()) => is_still_there(&lock),
                Err(TryLockError::WouldBlock) => false,
                // Where there are no locks, nobody else has one either and takes it for left.
                Err(TryLockError::Error(_)) => true,
            };
            if !is_ours && tries == TRIES {
                return Err(io::ErrorKind::ResourceBusy.into());
            }
            if is_ours {
                let name = lock.path().file_name();
                let run = name.and_then(run_of).unwrap_or_default().to_owned();
                return Ok(Self { folder, run, lock });
            }
        }
    }

    /// Removes what commands left that do not run any more. What can't be removed stays.
    fn tidy(&self) {
        let Ok(own) = self.lock.as_file().metadata() else {
            return;
        };
        let is_removable = |path: &Path| {
            let about = fs::symlink_metadata(path);
            about.is_ok_and(|about| about.is_file() && is_of_same_user(&about, &own))
        };
        for name in self.names() {
            let lock = self.folder.join(&name);
            if let Some(run) = run_of(&name).filter(|run| *run != self.run)
                && is_removable(&lock)
            {
                self.tidy_run(run, &lock, is_removable);
            }
        }
    }

    /// Removes the files of a run that has ended, its lock last.
    fn tidy_run(&self, run: &str, lock: &Path, is_removable: impl Fn(&Path) -> bool) {
        let Ok(held) = File::options().read(true).write(true).open(lock) else {
            return;
        };
        if held.try_lock().is_err() {
            return;
        }
        // All of them are there now: nobody makes another one.
        for name in self.names() {
            let file = self.folder.join(&name);
            let is_left = is_file_of(&name, run) && is_removable(&file);
            if is_left && fs::remove_file(&file).is_err() {
                return;
            }
        }
        // Where that fails, whoever comes next tries again.
        let _ = fs::remove_file(lock);
    }

    fn names(&self) -> Vec<OsString> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name()).collect()
    }
}

/// The run whose lock has this name.
fn run_of(name: &OsStr) -> Option<&str> {
    let run = name.to_str()?.strip_prefix(FRONT)?.strip_suffix(LOCK)?;
    is_random(run, RUN).then_some(run)
}

/// Whether a file of that run has this name.
fn is_file_of(name: &OsStr, run: &str) -> bool {
    let text = name.to_str().and_then(|text| text.strip_prefix(FRONT));
    let file = text.and_then(|text| text.strip_prefix(run)?.strip_prefix('-'));
    file.is_some_and(|file| is_random(file, FILE))
}

fn is_random(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(unix)]
fn is_still_there(lock: &NamedTempFile) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let id = |about: Metadata| (about.dev(), about.ino());
    let there = fs::symlink_metadata(lock.path()).map(id);
    let own = lock.as_file().metadata().map(id);
    matches!((there, own), (Ok(there), Ok(own)) if there == own)
}

#[cfg(not(unix))]
fn is_still_there(lock: &NamedTempFile) -> bool {
    lock.path().exists()
}

#[cfg(unix)]
fn is_of_same_user(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    one.uid() == other.uid()
}

/// Elsewhere the system keeps the files of others from being removed.
#[cfg(not(unix))]
fn is_of_same_user(_: &Metadata, _: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_dead_commands_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let run = "0123456789ab";
        for left in [".lock", "-AbC012", "-AbC013"] {
            fs::write(folder.join(format!(".enlist-{run}{left}")), "").unwrap();
        }
        let others = [
            // Of an unknown run, and other names.
            ".enlist-0000000000ab-AbC012",
            ".enlist-0123456789ab-AbC0123",
            ".enlist-0123456789ab-AbC012.csv",
            ".enlist-notes.lock",
            ".enlist.csv",
            "enlist-0123456789ab.lock",
        ];
        for other in others {
            fs::write(folder.join(other), "").unwrap();
        }
        // A folder, however it is called, is none of ours.
        let named_so = folder.join(".enlist-ba9876543210.lock");
        fs::create_dir(&named_so).unwrap();
        drop(Claim::on(folder).unwrap());
        let mut kept = others.map(str::to_owned).to_vec();
        kept.push(".enlist-ba9876543210.lock".to_owned());
        kept.sort();
        assert_eq!(names(folder), kept);
    }

    #[test]
    fn what_a_running_command_writes_stays() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let running = Claim::new(folder.to_owned()).unwrap();
        let file = running.file().unwrap();
        let claim = Claim::on(folder).unwrap();
        assert!(Arc::ptr_eq(&claim, &Claim::on(folder).unwrap()), "one each");
        let own = claim.file().unwrap();
        assert_eq!(names(folder).len(), 4);
        drop((file, running));
        assert_eq!(names(folder).len(), 2);
        drop((own, claim));
        assert_eq!(names(folder), [""; 0]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_is_called_like_ours_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs::write(folder.join("list.csv"), "x").unwrap();
        let link = folder.join(".enlist-0123456789ab.lock");
        std::os::unix::fs::symlink("list.csv", &link).unwrap();
        drop(Claim::on(folder).unwrap());
        assert_eq!(names(folder), [".enlist-0123456789ab.lock", "list.csv"]);
    }
}
