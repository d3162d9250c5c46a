//! A header far below the first lines: letters, terms and delivery notes may be long.

use super::another::is_header;
use super::first_lines::{FirstLines, Found, header, is_empty, with_header, with_report};
use super::{export, foreign, report};
use crate::check::CheckOptions;
use crate::fields::split;
use crate::finding::Finding;

/// Looks for a header where the first lines are no list, from the line `from` on, counted from 0;
/// `None` where there is none so far. More is asked of it than on top, as values may look like
/// names. A finding says where it is that of another programme.
pub(crate) fn below(
    first: &FirstLines<'_>,
    from: usize,
    options: &CheckOptions,
) -> Option<Result<Found, Box<Finding>>> {
    let channel = options.channel;
    for (at, line) in first.lines.iter().enumerate().skip(from) {
        if is_empty(line) {
            continue;
        }
        if let Some(finding) = foreign::header(line).or_else(|| export::unusable(line)) {
            return Some(Err(Box::new(finding.at(at as u64 + 1, 0))));
        }
        if let Some(layout) = report::row(line, channel) {
            return Some(Ok(with_report(layout, at, channel)));
        }
        let Some((layout, findings)) = header(line, None, channel) else {
            continue;
        };
        if !is_header(&split(line, layout.delimiter), None) {
            continue;
        }
        let next = first.lines[at + 1..].iter().find(|line| !is_empty(line));
        if report::may_follow(&layout) {
            match next {
                None if !first.complete => return None,
                Some(line) if report::row(line, channel).is_some() => continue,
                _ => {}
            }
        }
        return Some(Ok(with_header(first, layout, findings, at, channel)));
    }
    None
}
