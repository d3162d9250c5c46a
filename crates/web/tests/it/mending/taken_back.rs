//! Guesses, lines that are left out, and everything taken back.

use super::*;

#[tokio::test]
async fn a_guess_is_accepted_for_the_draft_and_taken_back() {
    let desk = Desk::with(with_mistakes()).await;
    let mut agent = desk.agent();
    let guess = [("code", "EN0307")];
    let sent = agent.post(&desk.at("accept"), &guess).await.is(303);
    assert!(
        sent.location().ends_with("?at=EN0307-0-0#said"),
        "{}",
        sent.location()
    );
    let page = desk.page(&mut agent).await;
    let comma = group(&page, "EN0307");
    assert!(
        comma.contains("<b>Accepted:</b>") && comma.contains("Take back"),
        "{comma}"
    );
    assert!(page.contains("Save and register 3") && page.contains("guesses are accepted"));
    let repaired = agent.get(&desk.at("repaired.csv")).await.is(200).text();
    assert!(
        repaired.contains("0004,,,Contoso <Ltd>,Book 13\r\n"),
        "{repaired}"
    );
    agent.post(&desk.at("take-back"), &guess).await.is(303);
    assert!(group(&desk.page(&mut agent).await, "EN0307").contains("Accept this for 1 row"));
    agent
        .post(&desk.at("accept"), &[("code", "EN0703")])
        .await
        .is(404);
    agent
        .post(&desk.at("accept"), &[("code", "nonsense")])
        .await
        .is(404);
    agent.post(&desk.at("accept"), &guess).await.is(303);
    agent.post(&desk.at("save"), &[("of", "3")]).await.is(303);
    desk.registry.work_off().await;
    let result = agent
        .get(&format!("/uploads/{}", desk.upload))
        .await
        .is(200)
        .text();
    assert!(result.contains("3 of 5 devices registered"));
    assert!(
        result.contains("href=\"/findings/EN0402\""),
        "what failed is explained"
    );
}

#[tokio::test]
async fn a_line_is_left_out_and_everything_can_be_taken_back() {
    let desk = Desk::with(with_mistakes()).await;
    let mut agent = desk.agent();
    desk.send(&mut agent, "leave-out", ("0", "3", "EN0402-3-2"), &[])
        .await
        .is(303);
    let page = desk.page(&mut agent).await;
    assert!(page.contains("Line 3 is left out") && page.contains("id=\"EN0310-3-1\""));
    agent.post(&desk.at("undo"), &[("of", "1")]).await.is(303);
    let page = desk.page(&mut agent).await;
    assert!(page.contains("Taken back: line 3 left out.") && page.contains("id=\"EN0402-3-2\""));
    desk.send(&mut agent, "cell", ("2", "6", ""), &[("4", "Contoso")])
        .await
        .is(303);
    agent.post(&desk.at("undo"), &[("of", "2")]).await.is(303);
    let page = desk.page(&mut agent).await;
    assert!(
        page.contains("The list was changed in the meantime"),
        "an older page undoes nothing"
    );
    assert!(page.contains("Undo: line 6, manufacturer"));
    agent.post(&desk.at("save"), &[("of", "2")]).await.is(303);
    assert!(
        desk.page(&mut agent)
            .await
            .contains("The list was changed in the meantime")
    );
    agent
        .post(&desk.at("start-again"), &[("of", "3")])
        .await
        .is(303);
    let page = desk.page(&mut agent).await;
    assert!(page.contains("the file as it was sent") && !page.contains("Changed here"));
    agent.post(&desk.at("undo"), &[("of", "4")]).await.is(303);
    assert!(
        desk.page(&mut agent)
            .await
            .contains("There is nothing to take back.")
    );
}

#[tokio::test]
async fn a_form_without_its_token_or_with_nonsense_changes_nothing() {
    let desk = Desk::with(with_mistakes()).await;
    let mut agent = desk.agent();
    let kind = "application/x-www-form-urlencoded";
    for what in [
        "cell",
        "leave-out",
        "accept",
        "take-back",
        "undo",
        "start-again",
        "use-repaired",
    ] {
        let body = "of=0&line=2&column[]=1&value[]=x&code=EN0307";
        agent.post_raw(&desk.at(what), kind, body).await.is(403);
    }
    for (line, number) in [
        ("x", "1"),
        ("2", "x"),
        ("99", "1"),
        ("2", "99"),
        ("-1", "1"),
    ] {
        desk.send(&mut agent, "cell", ("0", line, ""), &[(number, "x")])
            .await
            .is(404);
    }
    let odd = desk
        .send(&mut agent, "cell", ("", "2", "\"><script>"), &[("1", "x")])
        .await;
    let odd = odd.is(409).text();
    assert!(!odd.contains("<script>\""), "{odd}");
    assert!(!desk.page(&mut agent).await.contains("Changed here"));
    let mut stranger = desk.registry.client(&desk.customer);
    desk.send(&mut stranger, "cell", ("0", "2", ""), &[("1", "x")])
        .await
        .is(404);
}
