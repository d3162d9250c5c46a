//! Judging rows on several threads: blocks are judged in any order and told in the file's.
//!
//! A block is judged as if nothing before it changed how lines are read. Where something did (a
//! header of another layout, a value that goes on behind the block), it is judged once more, with
//! what is known then: so the number of threads changes nothing but the time. So is what is left of
//! a block that has too much to tell to be kept until its turn.

mod collected;

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use memchr::memrchr;

use super::event::Event;
use super::judge::Scratch;
use super::lines::Lines;
use super::options::CheckOptions;
use super::run::{Run, Stage};
use super::sink::Reading;
use crate::source::{Source, Text};
use collected::{Collector, Item, replay};

/// Blocks under way for each thread.
const AHEAD: usize = 2;

/// How many rows ahead the keys are looked up, so that memory has answered when they are noted.
const FETCHED: usize = 8;

/// A block to judge, and how.
struct Task {
    block: Text,
    last: bool,
    reading: Arc<Reading>,
    /// Where the lines are put: empty, and used before.
    items: Vec<Item>,
    done: Sender<Outcome>,
}

/// A judged block.
struct Outcome {
    block: Text,
    last: bool,
    reading: Arc<Reading>,
    items: Vec<Item>,
    /// How much of the block is done.
    done: usize,
}

/// Checks what is left of the file below its header.
pub(crate) fn rest<R: Read, F: FnMut(Event<'_>)>(
    run: &mut Run<'_, F>,
    source: &mut Source<R>,
    text: Text,
) -> io::Result<()> {
    let options = run.options;
    let (tasks, todo) = channel();
    let todo = Mutex::new(todo);
    thread::scope(|scope| {
        for _ in 0..options.threads {
            scope.spawn(|| judge_blocks(&todo, options));
        }
        let told = feed(run, source, text, &tasks);
        // Without a sender the threads end.
        drop(tasks);
        told
    })
}

/// Reads blocks, hands them out, and tells their outcomes in order.
fn feed<R: Read, F: FnMut(Event<'_>)>(
    run: &mut Run<'_, F>,
    source: &mut Source<R>,
    mut text: Text,
    tasks: &Sender<Task>,
) -> io::Result<()> {
    let mut waiting: VecDeque<Receiver<Outcome>> = VecDeque::new();
    let (mut carried, mut spare) = (Vec::new(), Vec::new());
    let (mut more, mut handed_out) = (true, run.read);
    while more {
        more = run.read_on(source, &mut text, handed_out)?;
        run.meet(source.plain_from());
        let block = text.as_bytes();
        let end = if more {
            memrchr(run.eol, block).map_or(0, |at| at + 1)
        } else {
            block.len()
        };
        let Stage::Rows(reading) = &run.stage else {
            break;
        };
        handed_out += end as u64;
        let (done, outcome) = channel();
        let (buffer, items) = spare.pop().unwrap_or_default();
        let task = Task {
            last: !more,
            reading: Arc::clone(reading),
            items,
            done,
            block: text.take_front(end, buffer),
        };
        if tasks.send(task).is_err() {
            break;
        }
        waiting.push_back(outcome);
        while waiting.len() > run.options.threads * AHEAD || (!more && !waiting.is_empty()) {
            if let Some(outcome) = waiting.pop_front().and_then(|next| next.recv().ok()) {
                spare.push(tell(run, outcome, &mut carried));
            }
        }
    }
    Ok(())
}

/// Tells a block's outcome, or judges it anew where it was judged on wrong grounds; judges what is
/// left of it. Returns what can be used again.
fn tell<F: FnMut(Event<'_>)>(
    run: &mut Run<'_, F>,
    mut outcome: Outcome,
    carried: &mut Vec<u8>,
) -> (Text, Vec<Item>) {
    let holds = matches!(&run.stage, Stage::Rows(now) if Arc::ptr_eq(now, &outcome.reading));
    if carried.is_empty() && holds {
        let block = outcome.block.as_bytes();
        let mut items = outcome.items.drain(..);
        while let Some(item) = items.next() {
            if let Some(Item::Row(row)) = items.as_slice().get(FETCHED) {
                run.across.prefetch(&row.keys);
            }
            replay(run, block, item);
        }
        drop(items);
        carried.extend_from_slice(&block[outcome.done..]);
    } else {
        carried.extend_from_slice(outcome.block.as_bytes());
    }
    if !carried.is_empty() {
        let done = run.lines(carried, outcome.last);
        carried.drain(..done);
    }
    outcome.items.clear();
    (outcome.block, outcome.items)
}

fn judge_blocks(todo: &Mutex<Receiver<Task>>, options: &CheckOptions) {
    let mut scratch = Scratch::default();
    loop {
        let next = todo.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(task) = next else {
            return;
        };
        let mut collector = Collector::new(task.block.as_bytes(), task.items);
        let mut lines = Lines {
            options,
            reading: Arc::clone(&task.reading),
            scratch: &mut scratch,
            sink: &mut collector,
        };
        let done = lines.block(task.block.as_bytes(), task.last);
        let items = collector.into_items();
        let outcome = Outcome {
            items,
            done,
            block: task.block,
            last: task.last,
            reading: task.reading,
        };
        // Nobody listens any more where the check ended early.
        let _ = task.done.send(outcome);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::across_rows::AcrossRows;
    use crate::check::event::Summary;
    use crate::check::list::CheckedRow;
    use crate::check::run::{run_in_blocks, run_slice};
    use crate::dialect::Dialect;
    use crate::finding::Finding;
    use proptest::prelude::*;

    type Told = (Summary, Vec<Finding>, Vec<CheckedRow>);

    fn told(bytes: &[u8], threads: usize, block: Option<usize>) -> Told {
        let options = CheckOptions {
            threads,
            ..CheckOptions::default()
        };
        let (mut findings, mut rows) = (Vec::new(), Vec::new());
        let mut on = |event: Event<'_>| match event {
            Event::Finding(finding) => findings.push(finding),
            Event::Row(row) => rows.push(row.to_checked()),
            Event::Header(_) | Event::Unread(_) => {}
        };
        let mut across = AcrossRows::default();
        across.file("", 0);
        let summary = match block {
            Some(block) => run_in_blocks(bytes, block, &options, &mut across, &mut on),
            None => run_slice(bytes, &options, &mut across, &mut on),
        };
        (summary.expect("memory can be read"), findings, rows)
    }

    /// `text` as UTF-16 has it in a file of bytes.
    fn wide(text: &str) -> String {
        text.chars().flat_map(|c| [c, '\0']).collect()
    }

    fn lines() -> impl Strategy<Value = String> {
        let device = crate::sample::SampleDevice::new(1, 7);
        let hash = device.hash_text();
        let shown = format!("{},,{hash},,", device.serial);
        let names = "Device Serial Number,Windows Product ID,Hardware Hash";
        let report = format!("{names},{},,{hash}", device.serial);
        let parts: Vec<_> = hash
            .as_bytes()
            .chunks(300)
            .map(String::from_utf8_lossy)
            .collect();
        let wrapped = format!("0046,,{}", parts.join("\n"));
        let header = Dialect::PartnerCenter.header();
        let line = prop_oneof![
            4 => "[0-9]{1,6},,,Contoso,B[ \u{e9}]?",
            2 => Just("0042,,,Contoso,B".to_owned()),
            1 => Just(shown),
            1 => Just(",,,,".to_owned()),
            1 => prop::sample::select(vec![format!("{wrapped},,"), wrapped]),
            1 => Just(",\"330561234\n5678\",,,".to_owned()),
            1 => "[a\",\r\n;\u{e9}]{0,9}",
            1 => prop::sample::select(vec![
                "Serial Number,Model,Manufacturer".to_owned(),
                Dialect::ManagedDesktopSelf.header().to_owned(),
                Dialect::IntuneWithdrawn.header().to_owned(),
                "Manufacturer;Model;Serial Number".to_owned(),
                format!("\u{feff}{}", header.to_uppercase()),
                header.to_owned(),
            ]),
            1 => prop::sample::select(vec![
                "0043;;;Contoso;B".to_owned(),
                "Please delete the lines from here on,,,,".to_owned(),
                "# a comment".to_owned(),
                "sep=;".to_owned(),
                "Total,25".to_owned(),
                "\0\0\0\0".to_owned(),
                "\0".to_owned(),
                wide("0044,,,Contoso,B"),
                report,
            ]),
        ];
        let end = prop_oneof![6 => Just("\n"), 2 => Just("\r\n"), 1 => Just("\r"), 1 => Just("")];
        let first = prop::sample::select(vec![
            format!("{header}\n"),
            format!("Delivery\n\n{header}\r\n"),
            "Device_Serial_Number,Windows_Product_ID,Hardware_Hash,a,b,c\n".to_owned(),
            String::new(),
            format!("{}{header}\n", "Dear colleague, read on.\n".repeat(30)),
            format!("{}{header}\n", "\n".repeat(30)),
        ]);
        (first, prop::collection::vec((line, end), 0..30)).prop_map(|(first, lines)| {
            let lines = lines.into_iter().map(|(line, end)| line + end);
            std::iter::once(first).chain(lines).collect()
        })
    }

    #[test]
    fn what_is_too_much_to_be_kept_is_told_in_its_order() {
        let part = [
            "\n".repeat(9000),
            "Contoso,B, 0042 \n".repeat(3000),
            "Manufacturer;Model;Serial Number\nContoso;B;\"00\n42\"\n".repeat(500),
        ];
        let text = format!("Manufacturer,Model,Serial Number\n{0}{0}x", part.concat());
        let whole = told(text.as_bytes(), 1, None);
        assert_eq!(
            whole.1.len() as u64,
            whole.0.errors + whole.0.warnings + whole.0.notes
        );
        for (threads, block) in [(2, 1 << 17), (3, 1 << 14)] {
            assert!(
                told(text.as_bytes(), threads, Some(block)) == whole,
                "{threads}"
            );
        }
    }

    proptest! {
        #[test]
        fn threads_and_blocks_change_nothing(text in lines(), block in 1_usize..300, threads in 1_usize..4) {
            let whole = told(text.as_bytes(), 1, None);
            prop_assert_eq!(&told(text.as_bytes(), threads, Some(block)), &whole);
        }

        #[test]
        fn nor_do_they_in_utf_16(text in lines(), block in 1_usize..300, threads in 1_usize..4) {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
            let whole = told(&bytes, 1, Some(1 << 20));
            prop_assert_eq!(&told(&bytes, threads, Some(block)), &whole);
        }

        #[test]
        fn nor_where_plain_bytes_follow_utf_16(
            text in lines(),
            more in lines(),
            block in 1_usize..300,
            threads in 1_usize..4,
        ) {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            let mut bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
            bytes.extend_from_slice(more.as_bytes());
            let whole = told(&bytes, 1, Some(1 << 20));
            prop_assert_eq!(&told(&bytes, threads, Some(block)), &whole);
        }
    }
}
