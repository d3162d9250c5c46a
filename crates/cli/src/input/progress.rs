//! How far reading has come: bytes, rate, time left. On standard error, on a terminal only.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::terminal::count;

/// From this size on reading takes long enough to show a bar: 50 MB.
const BAR_FROM: u64 = 50_000_000;
/// How often the bar is drawn, in a second.
const HZ: u8 = 8;

const KNOWN: &str = "{msg} {wide_bar} {percent}% of {decimal_total_bytes} \
                     {decimal_bytes_per_sec}{rows} {eta} left";
const UNKNOWN: &str = "{spinner} {msg} {decimal_bytes} {decimal_bytes_per_sec}{rows} ({elapsed})";

/// A bar over everything that is read.
#[derive(Clone)]
pub(crate) struct Progress {
    bar: ProgressBar,
    rows: Arc<AtomicU64>,
    stopped: Arc<AtomicBool>,
    watched: bool,
}

impl Progress {
    /// One over so many bytes, or over as many as come. `watched` is whether it may be drawn: not
    /// where what is found is written to the same terminal meanwhile.
    pub(crate) fn over(bytes: Option<u64>, what: &str, watched: bool) -> Self {
        let rows = Arc::new(AtomicU64::new(0));
        let bar = ProgressBar::with_draw_target(bytes, ProgressDrawTarget::hidden());
        let template = if bytes.is_some() { KNOWN } else { UNKNOWN };
        let seen = Arc::clone(&rows);
        let rate = move |state: &ProgressState, out: &mut dyn fmt::Write| {
            // Nothing can be done where writing a bar fails.
            let _ = out.write_str(&rows_each_second(seen.load(Relaxed), state.elapsed()));
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.with_key("rows", rate));
        }
        bar.set_message(what.to_owned());
        let progress = Self {
            bar,
            rows,
            stopped: Arc::default(),
            watched,
        };
        if bytes.is_some_and(Self::is_long) {
            progress.show();
        }
        progress
    }

    /// Whether reading so many bytes takes long enough to show how far it is.
    pub(crate) fn is_long(bytes: u64) -> bool {
        bytes >= BAR_FROM
    }

    /// Tells how many rows were seen so far.
    pub(crate) fn rows(&self, rows: u64) {
        self.rows.store(rows, Relaxed);
    }

    /// The same input, counted. The bar over what has no end in sight shows once it is long.
    pub(crate) fn reader<R: Read>(&self, input: R) -> Watched<R> {
        Watched {
            input,
            progress: self.clone(),
            hidden: self.bar.length().is_none(),
        }
    }

    /// Where that went wrong, what is read ends at once: nobody needs the rest.
    pub(crate) fn stop_on<T, E>(&self, told: &Result<T, E>) {
        if told.is_err() {
            self.stopped.store(true, Relaxed);
        }
    }

    /// Does something that writes to the terminal too.
    pub(crate) fn aside(&self, what: impl FnOnce()) {
        self.bar.suspend(what);
    }

    /// Takes it off the terminal.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }

    fn show(&self) {
        if self.watched {
            let target = ProgressDrawTarget::stderr_with_hz(HZ);
            self.bar.set_draw_target(target);
        }
    }
}

/// An input whose bytes are counted.
pub(crate) struct Watched<R> {
    input: R,
    progress: Progress,
    hidden: bool,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.progress.stopped.load(Relaxed) {
            return Ok(0);
        }
        let read = self.input.read(buffer)?;
        let bar = &self.progress.bar;
        bar.inc(read as u64);
        if self.hidden && Progress::is_long(bar.position()) {
            self.hidden = false;
            self.progress.show();
        }
        Ok(read)
    }
}

/// ` 2,400,000 rows/s`; nothing where no rows are counted.
fn rows_each_second(rows: u64, elapsed: Duration) -> String {
    let millis = elapsed.as_millis().max(1);
    match u64::try_from(u128::from(rows) * 1000 / millis) {
        Ok(rate) if rate > 0 => format!(" {} rows/s", count(rate)),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_rows_in_a_second() {
        let two = Duration::from_secs(2);
        assert_eq!(rows_each_second(4_800_000, two), " 2,400,000 rows/s");
        assert_eq!(rows_each_second(0, two), "");
        assert_eq!(rows_each_second(5, Duration::ZERO), " 5,000 rows/s");
    }

    #[test]
    fn every_byte_is_counted() {
        let progress = Progress::over(None, "Reading", false);
        let mut read = Vec::new();
        let mut input = progress.reader(&b"0042,,"[..]);
        input.read_to_end(&mut read).unwrap();
        assert_eq!((read.len(), progress.bar.position()), (6, 6));
    }
}
