//! How many devices a filter lets through.

use serde_json::json;

use super::devices::{devices, ids, import, scene};
use super::{BETA, V1};
use crate::both::on_both;
use crate::harness::{Registry, TAG};

on_both![what_the_database_can_not_count_is_counted_here];

async fn what_the_database_can_not_count_is_counted_here(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    import(&scene, &graph, 44, 2, TAG).await;
    import(&scene, &graph, 45, 1, "Lab 7").await;
    let id = ids(&graph.read(&devices(V1)).await).remove(0);
    let act = format!("{}/{id}/updateDeviceProperties", devices(V1));
    let named = json!({"displayName": "Desk 7"});
    graph.post(&act, &named).await.is(204);
    for (filter, fitting) in [
        ("serialNumber%20ne%20'x'", "3"),
        ("groupTag%20ne%20'Lab%207'", "2"),
        ("displayName%20ne%20''", "1"),
        (
            "deploymentProfileAssignmentStatus%20eq%20'notAssigned'",
            "1",
        ),
        (
            "deploymentProfileAssignedDateTime%20gt%200001-01-02T00:00:00Z",
            "2",
        ),
    ] {
        let path = format!("{}/$count?$filter={filter}", devices(BETA));
        assert_eq!(graph.get(&path).await.is(200).text(), fitting, "{filter}");
    }
}
