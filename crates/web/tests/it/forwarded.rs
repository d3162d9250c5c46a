//! Behind a proxy, the rate limits go by the address that the proxy names.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt;
use web::forwarded::{ForwardedHeader, trusting};

use crate::harness::Registry;

async fn sign_in(router: &Router, from: &str) -> StatusCode {
    let request = Request::post("/sign-in")
        .header(header::HOST, "registry.example")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("x-forwarded-for", from);
    let request = request.body(Body::from("email=a@b.example&password=x"));
    let answer = router.clone().oneshot(request.expect("a request")).await;
    answer.expect("the router always answers").status()
}

#[tokio::test]
async fn who_guesses_is_slowed_down_and_others_behind_the_proxy_are_not() {
    let registry = Registry::empty().await;
    let plain = registry.router.clone();
    let trusting = trusting(plain.clone(), ForwardedHeader::XForwardedFor);
    for _ in 0..10 {
        let answer = sign_in(&trusting, "10.0.0.1, 203.0.113.7").await;
        assert_eq!(answer, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = sign_in(&trusting, "10.0.0.2, 203.0.113.7").await;
    assert_eq!(answer, StatusCode::TOO_MANY_REQUESTS);
    let answer = sign_in(&trusting, "203.0.113.8").await;
    assert_eq!(answer, StatusCode::UNPROCESSABLE_ENTITY);
    // Where nobody said that a proxy is there, the header is anybody's.
    for n in 0..10 {
        sign_in(&plain, &format!("203.0.113.{n}")).await;
    }
    let answer = sign_in(&plain, "203.0.113.99").await;
    assert_eq!(answer, StatusCode::TOO_MANY_REQUESTS);
}
