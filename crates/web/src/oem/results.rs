//! What became of lines, as it is told.

use device_list::Code;
use registration::operation::{LineFinding, LineResult, Operation, OperationStatus};
use registration::plan::Outcome;
use registration::upload::OutcomeCounts;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use service::operations::codes::LineCode;
use service::operations::line::tag_words;

use crate::app::App;
use crate::problem::ProblemError;

/// What a line that could be registered is said to be where all or nothing was asked for.
const HELD_BACK: &str = "held_back";

/// What a line is said to be that nothing became of before its operation was cancelled.
const CANCELLED: &str = "cancelled";

/// One line's result.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "LineResult")]
pub(super) struct ShownLine {
    line: u64,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unverified: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    reference: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemError>,
}

/// What became of a line; `None` while it waits.
pub(super) fn shown(app: &App, operation: &Operation, line: LineResult) -> Option<ShownLine> {
    let errors = errors(app, &line);
    let Some(result) = line.result else {
        return operation.status.is_final().then_some(ShownLine {
            line: line.line.number,
            outcome: CANCELLED,
            device_id: None,
            unverified: false,
            reference: line.line.shipment.reference,
            errors,
        });
    };
    let held_back =
        operation.status == OperationStatus::Refused && result.outcome == Outcome::Registered;
    Some(ShownLine {
        line: line.line.number,
        outcome: if held_back {
            HELD_BACK
        } else {
            result.outcome.as_str()
        },
        device_id: result.device_id.map(|id| id.to_string()),
        unverified: result.unverified && !held_back,
        reference: line.line.shipment.reference,
        errors,
    })
}

/// What is wrong with a line that failed.
pub(super) fn errors(app: &App, line: &LineResult) -> Vec<ProblemError> {
    let at = format!("/lines/{}", line.line.number - 1);
    match &line.result {
        Some(result) if result.outcome == Outcome::Invalid => {
            findings(app, &at, &line.line.findings)
        }
        Some(result) if result.outcome.is_failure() => {
            vec![failure(app, &at, line, result.outcome)]
        }
        _ => Vec::new(),
    }
}

fn failure(app: &App, at: &str, line: &LineResult, outcome: Outcome) -> ProblemError {
    let (field, detail) = match outcome {
        Outcome::NoConsent => (
            "/customer",
            "This customer does not consent to your registering devices for it, or there is no \
             such customer. Ask its global administrator to accept your invitation."
                .to_owned(),
        ),
        Outcome::WrongTag => (
            "/groupTag",
            tag_words(&line.line.group_tag).unwrap_or_default(),
        ),
        outcome => ("", format!("{}. {}", outcome.title(), outcome.remedy())),
    };
    let code = outcome.as_str();
    ProblemError {
        help: help(app, code),
        ..ProblemError::at(format!("{at}{field}"), code, detail)
    }
}

/// The page that says more of a code.
fn help(app: &App, code: &str) -> Option<String> {
    let has_page = LineCode::of(code).is_some() || Code::from_text(code).is_some();
    has_page.then(|| app.link(&format!("/findings/{code}")))
}

/// Findings with their places below `at`, and the page of each that has one.
pub(super) fn findings(app: &App, at: &str, found: &[LineFinding]) -> Vec<ProblemError> {
    let told = |known: &LineFinding| {
        let field = known.field.replace('~', "~0").replace('/', "~1");
        let slash = if field.is_empty() { "" } else { "/" };
        let pointer = format!("{at}{slash}{field}");
        let detail = format!("{} {}", known.cause, known.fix);
        ProblemError {
            help: help(app, &known.code),
            ..ProblemError::at(pointer, known.code.as_str(), detail)
        }
    };
    found.iter().map(told).collect()
}

/// Counts by outcome, those that are not 0.
pub(super) fn counts(operation: &Operation, counts: &OutcomeCounts) -> Value {
    let refused = operation.status == OperationStatus::Refused;
    let mut shown = Map::new();
    for outcome in Outcome::ALL {
        let name = match outcome {
            Outcome::Registered if refused => HELD_BACK,
            outcome => outcome.as_str(),
        };
        if counts.of(outcome) > 0 {
            shown.insert(name.to_owned(), json!(counts.of(outcome)));
        }
    }
    let left = operation.line_count.saturating_sub(counts.decided());
    if left > 0 && operation.status.is_final() {
        shown.insert(CANCELLED.to_owned(), json!(left));
    }
    Value::Object(shown)
}

/// An operation (AIP-151).
pub(super) fn operation(operation: &Operation) -> Value {
    let status = operation.status;
    let mut metadata = json!({
        "state": status.as_str(),
        "lines": operation.line_count,
        "done": operation.counts.decided(),
        "failed": operation.counts.failed(),
        "createTime": operation.created_at.to_string(),
    });
    if status.is_final() {
        metadata["counts"] = counts(operation, &operation.counts);
    }
    if let Some(at) = operation.completed_at {
        metadata["endTime"] = json!(at.to_string());
    }
    if matches!(status, OperationStatus::Voiding | OperationStatus::Voided) {
        metadata["released"] = json!(operation.released);
    }
    let mut shown = json!({
        "name": name(operation),
        "metadata": metadata,
        "done": status.is_final(),
    });
    let is_partial = operation.counts.decided() < operation.line_count;
    if !status.is_final() {
        return shown;
    }
    if status == OperationStatus::Refused {
        shown["error"] = error(9, "Some lines failed, and all or nothing was asked for.");
    } else if is_partial {
        shown["error"] = error(1, "The operation was cancelled.");
    } else {
        shown["response"] = json!({ "counts": counts(operation, &operation.counts) });
    }
    shown
}

fn error(code: u32, message: &str) -> Value {
    json!({ "code": code, "message": message })
}

/// `operations/{id}`.
pub(super) fn name(operation: &Operation) -> String {
    format!("operations/{}", operation.id)
}
