//! `$orderby`: by which properties, and which way.

use std::cmp::Ordering;

use serde_json::Value;

use super::error::{QueryError, excerpt};
use super::filter::PropertyPath;
use super::literal::folded;

/// One part of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub path: PropertyPath,
    /// The greatest first.
    pub descending: bool,
}

/// Reads `serialNumber desc,model`.
pub(super) fn orders(text: &str) -> Result<Vec<Order>, QueryError> {
    let parts = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    parts.map(one).collect()
}

fn one(part: &str) -> Result<Order, QueryError> {
    let mut words = part.split_whitespace();
    let name = words.next().unwrap_or_default();
    let path = PropertyPath::of(name).ok_or_else(|| QueryError::Property(excerpt(name)))?;
    let way = words.next().unwrap_or("asc").to_ascii_lowercase();
    if words.next().is_some() || !["asc", "desc"].contains(&way.as_str()) {
        return Err(QueryError::Value {
            option: "$orderby",
            expected: "names of properties, each with asc or desc behind it or nothing",
        });
    }
    let descending = way == "desc";
    Ok(Order { path, descending })
}

/// Puts items in this order; those it says nothing of stay as they were.
pub(super) fn sort(items: &mut [Value], orders: &[Order]) {
    items.sort_by(|left, right| {
        orders.iter().fold(Ordering::Equal, |so_far, order| {
            so_far.then_with(|| {
                let ordering = compare(order.path.of_item(left), order.path.of_item(right));
                if order.descending {
                    ordering.reverse()
                } else {
                    ordering
                }
            })
        })
    });
}

fn compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Number(left), Value::Number(right)) => {
            let numbers = left.as_f64().zip(right.as_f64());
            numbers.map_or(Ordering::Equal, |(left, right)| left.total_cmp(&right))
        }
        (Value::String(left), Value::String(right)) => folded(left).cmp(&folded(right)),
        _ => rank(left).cmp(&rank(right)),
    }
}

/// What is null comes first.
fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) | Value::Object(_) => 4,
    }
}
