//! Corporate identifiers: `importedDeviceIdentities`.

use axum::http::Method;
use serde_json::{Value, json};

use super::{BETA, Graph};
use crate::both::on_both;
use crate::harness::Registry;
use crate::partner_center::{Scene, value};

on_both![
    a_list_is_imported_once_and_overwritten_on_request,
    entries_are_read_changed_and_deleted,
    what_identifies_nothing_is_refused_with_how_many,
    a_list_is_its_customers_alone,
    an_entry_is_what_it_is,
];

const ALL: &str = "/beta/deviceManagement/importedDeviceIdentities";

async fn scene(registry: Registry) -> (Scene, Graph) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    (scene, graph)
}

fn tuple(n: u32, description: &str) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.importedDeviceIdentity",
        "importedDeviceIdentifier": format!("Contoso,Book 13,PC-{n:04}"),
        "importedDeviceIdentityType": "manufacturerModelSerial",
        "description": description,
        "platform": "windows",
    })
}

async fn import(graph: &Graph, entries: Vec<Value>, overwrite: bool) -> Vec<Value> {
    let sent = json!({
        "importedDeviceIdentities": entries,
        "overwriteImportedDeviceIdentities": overwrite,
    });
    let answer = graph
        .post(&format!("{ALL}/importDeviceIdentityList"), &sent)
        .await
        .is(200);
    value(&answer)["value"].as_array().expect("a list").clone()
}

async fn a_list_is_imported_once_and_overwritten_on_request(registry: Registry) {
    let (_scene, graph) = scene(registry).await;
    let first = import(&graph, vec![tuple(1, "a"), tuple(2, "b")], false).await;
    assert!(first.iter().all(|one| one["status"] == true));
    let again = import(&graph, vec![tuple(1, "c"), tuple(3, "d")], false).await;
    assert_eq!(
        (&again[0]["status"], &again[0]["description"]),
        (&json!(false), &json!("a"))
    );
    assert_eq!(again[0]["id"], first[0]["id"]);
    assert_eq!(again[1]["status"], true);
    let over = import(&graph, vec![tuple(1, "c")], true).await;
    assert_eq!(
        (&over[0]["status"], &over[0]["description"]),
        (&json!(true), &json!("c"))
    );
    let wanted = json!({"importedDeviceIdentities": [tuple(3, ""), tuple(4, "")]});
    let found = graph
        .post(&format!("{ALL}/searchExistingIdentities"), &wanted)
        .await
        .is(200);
    assert_eq!(value(&found)["value"].as_array().map(Vec::len), Some(1));
}

async fn entries_are_read_changed_and_deleted(registry: Registry) {
    let (_scene, graph) = scene(registry).await;
    import(&graph, (1..=30).map(|n| tuple(n, "")).collect(), false).await;
    let imei = json!({
        "importedDeviceIdentifier": "352099001761481",
        "importedDeviceIdentityType": "imei",
    });
    let made = value(&graph.post(ALL, &imei).await.is(201));
    assert_eq!(
        value(&graph.post(ALL, &imei).await.is(201))["id"],
        made["id"]
    );
    let mut seen = 0;
    let mut path = format!("{ALL}?$top=20&$count=true");
    loop {
        let page = graph.read(&path).await;
        assert_eq!(page["@odata.count"], 31);
        seen += page["value"].as_array().map_or(0, Vec::len);
        match page["@odata.nextLink"].as_str() {
            Some(next) => {
                next.trim_start_matches("http://registry.example")
                    .clone_into(&mut path);
            }
            None => break,
        }
    }
    assert_eq!(seen, 31);
    let filter =
        "$filter=contains(importedDeviceIdentifier,'pc-001')%20and%20platform%20eq%20'windows'";
    let found = graph
        .read(&format!("{ALL}?{filter}&$orderby=importedDeviceIdentifier"))
        .await;
    let found = found["value"].as_array().expect("a list").clone();
    assert_eq!(found.len(), 10);
    assert_eq!(
        found[0]["importedDeviceIdentifier"],
        "Contoso,Book 13,PC-0010"
    );
    assert_eq!(graph.0.get(&format!("{ALL}/$count")).await.text(), "31");
    assert_eq!(
        graph.0.get(&format!("{ALL}/$count?{filter}")).await.text(),
        "10"
    );

    let path = format!("{ALL}/{}", made["id"].as_str().expect("an id"));
    let wanted = json!({"description": "Night shift", "platform": "android"}).to_string();
    let changed = graph.send(Method::PATCH, &path, &wanted).await.is(200);
    assert_eq!(value(&changed)["platform"], "android");
    assert_eq!(graph.read(&path).await["description"], "Night shift");
    graph.send(Method::DELETE, &path, "").await.is(204);
    graph.send(Method::DELETE, &path, "").await.is(404);
    // They are a list and no registrations.
    let devices = graph
        .read(&format!("{BETA}/windowsAutopilotDeviceIdentities"))
        .await;
    assert_eq!(devices["value"], json!([]));
}

async fn what_identifies_nothing_is_refused_with_how_many(registry: Registry) {
    let (_scene, graph) = scene(registry).await;
    let wrong = |text: &str, kind: &str| json!({"importedDeviceIdentifier": text, "importedDeviceIdentityType": kind});
    let list = json!({"importedDeviceIdentities": [
        tuple(1, ""),
        wrong("Contoso,Book 13", "manufacturerModelSerial"),
        wrong("1", "imei"),
    ]});
    let refused = graph
        .post(&format!("{ALL}/importDeviceIdentityList"), &list)
        .await
        .is(400);
    let says = "Invalid Device Identifier parameter found for 2 import records!";
    assert!(refused.text().contains(says), "{}", refused.text());
    let refused = graph.post(ALL, &wrong("x", "unknown")).await.is(400);
    assert!(refused.text().contains("found for 1 import records!"));
    let platform = json!({"importedDeviceIdentifier": "7", "importedDeviceIdentityType": "serialNumber", "platform": "cpm"});
    graph.post(ALL, &platform).await.is(400);
    assert_eq!(graph.0.get(&format!("{ALL}/$count")).await.text(), "0");
    let many: Vec<_> = (0..1001).map(|n| tuple(n, "")).collect();
    let list = json!({ "importedDeviceIdentities": many });
    let path = format!("{ALL}/importDeviceIdentityList");
    graph.post(&path, &list).await.is(413);
}

async fn a_list_is_its_customers_alone(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    let made = import(&graph, vec![tuple(1, "a")], false).await;
    let path = format!("{ALL}/{}", made[0]["id"].as_str().expect("an id"));
    let stranger = Graph::of(&scene.registry, &scene.other).await;
    stranger.get(&path).await.is(404);
    stranger.send(Method::PATCH, &path, "{}").await.is(404);
    stranger.send(Method::DELETE, &path, "").await.is(404);
    assert_eq!(stranger.read(ALL).await["value"], json!([]));
    let wanted = json!({"importedDeviceIdentities": [tuple(1, "")]});
    let found = stranger
        .post(&format!("{ALL}/searchExistingIdentities"), &wanted)
        .await
        .is(200);
    assert_eq!(value(&found)["value"], json!([]));
    let theirs = import(&stranger, vec![tuple(1, "mine")], false).await;
    assert_eq!(theirs[0]["status"], true);
}

async fn an_entry_is_what_it_is(registry: Registry) {
    let (_scene, graph) = scene(registry).await;
    let made = value(&graph.post(ALL, &tuple(1, "a")).await.is(201));
    let path = format!("{ALL}/{}", made["id"].as_str().expect("an id"));
    for wrong in [
        json!({"importedDeviceIdentifier": "zz"}),
        json!({"importedDeviceIdentityType": "imei"}),
        json!({"importedDeviceIdentifier": "zz", "description": "b"}),
    ] {
        let wrong = wrong.to_string();
        graph.send(Method::PATCH, &path, &wrong).await.is(400);
    }
    let mut same = made.clone();
    same["platform"] = json!("ios");
    let same = same.to_string();
    graph.send(Method::PATCH, &path, &same).await.is(200);
    // What is said of it is not lost by adding it once more.
    let refused = graph.post(ALL, &tuple(1, "")).await.is(409);
    let id = made["id"].as_str().expect("an id");
    assert!(refused.text().contains(id), "{}", refused.text());
    let kept = graph.read(&path).await;
    assert_eq!(
        (&kept["description"], &kept["platform"]),
        (&json!("a"), &json!("ios"))
    );
}
