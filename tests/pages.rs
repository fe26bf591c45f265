//! Lists that come in pages: all is read, or an error says that it is not.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod given;

use given::given;
use serde_json::json;
use thousandeyes_admin::client::Pages;
use thousandeyes_admin::config::Configuration;
use thousandeyes_admin::endpoints::user_events::GET_USER_EVENTS;

fn configuration(host: &str) -> Configuration {
    Configuration::read(&given(&json!({ "host": host }))).unwrap()
}

fn pages(most: u32) -> Pages {
    Pages::new(&GET_USER_EVENTS, vec![("aid", "7".to_owned()), ("window", "7d".to_owned())], most)
}

fn url(pages: &Pages) -> Option<String> {
    pages.next().map(|operation| operation.request.url)
}

#[test]
fn the_cursor_alone_comes_from_the_link() {
    let configuration = configuration("/te-api/v7");
    let mut pages = pages(10);
    assert_eq!(url(&pages).unwrap(), "/audit-user-events?aid=7&window=7d");
    assert_eq!(pages.list(), "auditEvents");
    for (link, cursor) in [
        ("https://api.thousandeyes.com/v7/audit-user-events?cursor=a%2Fb%3D&aid=999&window=1s", "a%2Fb%3D"),
        ("/te-api/v7/audit-user-events?aid=8&cursor=x+y#top", "x+y"),
        ("/v7/audit-user-events?cursor=z", "z"),
    ] {
        pages.turn(3, Some(link), &configuration).unwrap();
        assert_eq!(url(&pages).unwrap(), format!("/audit-user-events?aid=7&window=7d&cursor={cursor}"));
    }
    pages.turn(0, None, &configuration).unwrap();
    assert_eq!(url(&pages), None);
}

#[test]
fn a_cursor_of_the_callers_own_is_for_the_first_page() {
    let configuration = configuration("https://te.example/v7");
    let mut pages = Pages::new(&GET_USER_EVENTS, vec![("cursor", "mine".to_owned())], 10);
    assert_eq!(url(&pages).unwrap(), "/audit-user-events?cursor=mine");
    pages.turn(1, Some("https://te.example/v7/audit-user-events?cursor=next"), &configuration).unwrap();
    assert_eq!(url(&pages).unwrap(), "/audit-user-events?cursor=next");
}

#[test]
fn a_link_that_leads_elsewhere_is_an_error_that_says_how_much_came() {
    let configuration = configuration("https://te.example/v7");
    for (link, problem) in [
        ("https://evil.example/v7/audit-user-events?cursor=x", "another address"),
        ("https://te.example.evil.example/v7/audit-user-events?cursor=x", "another address"),
        ("https://te.example/v7/users?cursor=x", "another address"),
        ("https://te.example/v7/audit-user-events/../users?cursor=x", "another address"),
        ("//te.example/v7/audit-user-events?cursor=x", "another address"),
        ("", "another address"),
        ("https://te.example/v7/audit-user-events", "no cursor"),
        ("https://te.example/v7/audit-user-events?cursor=", "no cursor"),
        ("https://te.example/v7/audit-user-events?xcursor=a&cursor=a b", "no cursor"),
    ] {
        let mut pages = pages(10);
        pages.turn(2, Some("https://te.example/v7/audit-user-events?cursor=1"), &configuration).unwrap();
        let error = pages.turn(3, Some(link), &configuration).unwrap_err();
        assert_eq!(error.class(), "DecodeException");
        assert!(
            error.message.contains("gave 5 items") && error.message.contains("on page 2") && error.message.contains(problem),
            "{link}: {}",
            error.message
        );
    }
}

#[test]
fn a_cursor_that_comes_again_is_an_error() {
    let configuration = configuration("https://te.example/v7");
    let link = |cursor: u32| Some(format!("https://te.example/v7/audit-user-events?cursor={cursor}"));
    let mut pages = pages(10);
    pages.turn(1, link(1).as_deref(), &configuration).unwrap();
    pages.turn(1, link(2).as_deref(), &configuration).unwrap();
    assert!(pages.turn(1, link(1).as_deref(), &configuration).unwrap_err().message.contains("read already"));
}

#[test]
fn there_are_at_most_so_many_pages() {
    let configuration = configuration("https://te.example/v7");
    let link = |cursor: u32| Some(format!("https://te.example/v7/audit-user-events?cursor={cursor}"));
    let mut pages = pages(2);
    pages.turn(1, link(1).as_deref(), &configuration).unwrap();
    let error = pages.turn(1, link(2).as_deref(), &configuration).unwrap_err();
    assert!(error.message.contains("page 3") && error.message.contains("maxPages is 2"), "{}", error.message);
    // The last page that is allowed may be the last one.
    let mut pages = self::pages(2);
    pages.turn(1, link(1).as_deref(), &configuration).unwrap();
    pages.turn(1, None, &configuration).unwrap();
    assert_eq!(url(&pages), None);
}
