//! Fair shares: what one client sends by the hundred thousand does not delay another's ten.

use std::time::{Duration, Instant};

use device_list::sample::SampleKind;
use serde_json::Value;
use service::jobs::JobRunner;

use super::{Plant, line};
use crate::both::on_both;
use crate::harness::{Registry, sample_list};
use crate::partner_center::value;

on_both![ten_rows_are_final_while_a_hundred_thousand_lines_go_on];

/// Lines of the operation.
const LINES: u32 = 100_000;

async fn status(plant: &Plant, name: &str) -> Value {
    plant.api.read(&format!("/oem/v1/{name}")).await
}

/// One runner, as in a server that stands alone.
async fn ten_rows_are_final_while_a_hundred_thousand_lines_go_on(registry: Registry) {
    let plant = Plant::new(registry).await;
    plant
        .registry
        .consent(&plant.partner, &plant.customer)
        .await;
    let sending = Instant::now();
    let mut body = String::new();
    for n in 0..LINES {
        body.push_str(&line(&format!("F{n:06}")).to_string());
        body.push('\n');
    }
    let kind = [("content-type", "application/x-ndjson")];
    let sent = plant.send_with(&kind, body).await.is(202);
    let name = value(&sent)["name"].as_str().expect("a name").to_owned();
    let received = sending.elapsed();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let runner = JobRunner::new(plant.registry.desk.clone(), stopped);
    let began = Instant::now();
    let running = tokio::spawn(runner.run());
    while status(&plant, &name).await["metadata"]["done"] == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // The ten rows come later, and their job is not older in anything.
    plant.registry.clock.advance_seconds(1);
    let saving = Instant::now();
    let list = sample_list(SampleKind::Tuple, 5, 10);
    let draft = plant
        .registry
        .draft(&plant.partner, &plant.customer, list)
        .await;
    let saved = plant.registry.desk.save(&plant.partner.caller, draft).await;
    saved.expect("the list is saved");
    let final_after = loop {
        let view = plant
            .registry
            .desk
            .upload(&plant.partner.caller, draft)
            .await;
        if view.expect("the upload is there").upload.status.is_final() {
            break saving.elapsed();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert_eq!(
        status(&plant, &name).await["done"],
        false,
        "the ten rows waited for all lines"
    );
    if !cfg!(debug_assertions) {
        assert!(final_after < Duration::from_secs(2), "{final_after:?}");
    }
    while status(&plant, &name).await["done"] == false {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let seconds = began.elapsed().as_secs_f64();
    stop.send(true).expect("the runner listens");
    running.await.expect("the runner ends");
    let done = status(&plant, &name).await;
    assert_eq!(done["response"]["counts"]["registered"], LINES);
    println!(
        "{LINES} lines received in {received:.1?}, applied in {seconds:.1} s: {:.0} lines/s; ten rows \
         were final after {final_after:.0?}",
        f64::from(LINES) / seconds
    );
}
