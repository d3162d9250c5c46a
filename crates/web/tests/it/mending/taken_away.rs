//! What can't be registered as it is, taken away as a file.

use axum::http::header;

use super::*;

#[tokio::test]
async fn rows_to_mend_are_taken_away_before_anything_is_saved() {
    let desk = Desk::with(with_mistakes()).await;
    let mut agent = desk.agent();
    assert!(desk.page(&mut agent).await.contains("Rows to mend .csv"));
    let file = agent.get(&desk.at("to-mend.csv")).await.is(200);
    let name = file.headers[header::CONTENT_DISPOSITION]
        .to_str()
        .expect("a name");
    assert_eq!(name, "attachment; filename=\"ward-to-mend.csv\"");
    let text = file.text();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(
        lines[0].ends_with(HEADER) && lines[1].starts_with("EN0402"),
        "{text}"
    );
    assert!(
        lines[2].ends_with("0004,,,\"Contoso, <Ltd>\",Book 13"),
        "{text}"
    );
}

#[tokio::test]
async fn a_line_that_is_no_row_is_taken_away_too() {
    let long = "x".repeat(70_000);
    let list = format!("{HEADER}\r\n{long}\r\n0005,,,Contoso,Book 13\r\n");
    let desk = Desk::with(list).await;
    let mut agent = desk.agent();
    let page = desk.page(&mut agent).await;
    assert!(
        page.contains("1 line can't be read as a row.") && page.contains("Rows to mend .csv"),
        "{page}"
    );
    let text = agent.get(&desk.at("to-mend.csv")).await.is(200).text();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains("[no row] xxxx"), "{text}");
}
