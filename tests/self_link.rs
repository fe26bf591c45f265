//! The self link is that of the whole value, whatever other links and addresses a body has.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod decoding;

use decoding::offsets::Bytes;
use thousandeyes_admin::decode::normalise::normalise;
use thousandeyes_admin::decode::offsets::materialise_by;
use thousandeyes_admin::models::{Body, Link, Model, Name, Property, SelfLinks, Shape};

const fn model<T: Body>() -> &'static Model {
    match T::MODEL {
        Some(model) => model,
        None => panic!("no model"),
    }
}

/// A list whose items have links of their own, such as no answer of today has.
static LIST: Model = Model::new(
    Name::Users,
    &Property::row([("items", Shape::Many(&ITEM)), ("first", Shape::One(&ITEM)), ("_links", Shape::One(&PAGES))]),
    Some("items"),
    None,
);
static ITEM: Model =
    Model::new(Name::ExtendedUser, &Property::row([("uid", Shape::Id), ("_links", Shape::One(model::<SelfLinks>()))]), None, None);
static PAGES: Model = Model::new(
    Name::SelfLinks,
    &Property::row([
        ("next", Shape::One(model::<Link>())),
        ("self", Shape::One(model::<Link>())),
        ("previous", Shape::One(model::<Link>())),
    ]),
    None,
    None,
);

/// The self link of a body, by the path that normalises. The fast one, in windows of every size, gives the same; or
/// nothing, where `is_usual` is false.
fn self_link(body: &str, model: &'static Model, is_usual: bool) -> Option<String> {
    let link = normalise(body.into(), model).unwrap_or_else(|refusal| panic!("{body}: {refusal:?}")).links.this;
    for window in 1..=body.len() {
        let fast = materialise_by(window, &Bytes(body.into()), model);
        assert_eq!(fast.map(|made| made.links.this), is_usual.then(|| link.clone()), "{body} in windows of {window}");
    }
    link
}

fn are_the_self_links(is_usual: bool, rows: &[(&str, Option<&str>)]) {
    for (members, link) in rows {
        for body in [format!(r#"{{"items":[],{members}}}"#), format!(r#"{{{members},"items":[{{"uid":"1"}},{{}}]}}"#)] {
            assert_eq!(self_link(&body, &LIST, is_usual).as_deref(), *link, "{body}");
        }
    }
}

#[test]
fn an_address_elsewhere_is_not_the_self_link() {
    are_the_self_links(
        true,
        &[
            (r#""_links":{"self":{"href":"x"}}"#, Some("x")),
            (r#""_links":{"self":{"href":""}}"#, Some("")),
            (r#""_links":{"self":{"href":"x"},"next":{"href":"y"}}"#, Some("x")),
            (r#""_links":{"previous":{"href":"y"},"self":{"href":"x"},"last":{"href":"z"}}"#, Some("x")),
            (r#""_links":{"next":{"href":"y"},"previous":{"href":"z"}}"#, None),
            (r#""_links":{"self":{"title":"y"},"next":{"href":"z"}}"#, None),
            (r#""_links":{"self":{"x":{"href":"y"}}}"#, None),
            (r#""_links":{"href":"y"}"#, None),
            (r#""_links":{},"self":{"href":"y"},"href":"z","links":{"self":{"href":"x"}}"#, None),
            (r#""_links":{"self":{"href":"x"}},"first":{"_links":{"self":{"href":"y"}}}"#, Some("x")),
            (r#""first":{"_links":{"self":{"href":"y"}}},"_links":{"self":{"href":"x"}}"#, Some("x")),
            (r#""first":{"_links":{"self":{"href":"y"}}}"#, None),
            (r#""other":{"_links":{"self":{"href":"y"}}}"#, None),
        ],
    );
}

#[test]
fn items_have_links_of_their_own() {
    let items = r#""items":[{"_links":{"self":{"href":"y"}},"uid":"1"},{"uid":"2","_links":{"self":{"href":"z"}}}]"#;
    let own = r#""_links":{"self":{"href":"x"}}"#;
    for (body, link) in
        [(format!("{{{items}}}"), None), (format!("{{{items},{own}}}"), Some("x")), (format!("{{{own},{items}}}"), Some("x"))]
    {
        assert_eq!(self_link(&body, &LIST, true).as_deref(), link, "{body}");
    }
    let item = r#"{"_links":{"self":{"href":"x"}},"uid":"1","items":[{"_links":{"self":{"href":"y"}}}]}"#;
    assert_eq!(self_link(item, &ITEM, true).as_deref(), Some("x"));
}

#[test]
fn a_model_without_links_has_no_self_link() {
    static PLAIN: Model = Model::new(Name::Role, &Property::row([("uid", Shape::Id)]), None, None);
    assert_eq!(self_link(r#"{"uid":"1","_links":{"self":{"href":"y"}}}"#, &PLAIN, true), None);

    static SHORT: Model = Model::new(Name::Role, &Property::row([("uid", Shape::Id), ("_links", Shape::Address)]), None, None);
    assert_eq!(self_link(r#"{"uid":"1","_links":"y"}"#, &SHORT, true), None);
}

#[test]
fn escapes_of_the_address_are_resolved() {
    are_the_self_links(
        true,
        &[
            (r#""_links":{"self":{"href":"https:\/\/x\/\u0031\"\\"}}"#, Some("https://x/1\"\\")),
            (r#""_links":{"self":{"href":"é\u00e9\ud83d\ude00😀"}}"#, Some("éé😀😀")),
        ],
    );
    // The value with half a surrogate pair is nothing for serde_json, so it is left to the tests in JavaScript.
    let half = r#"{"items":[],"_links":{"self":{"href":"\ud83d"}}}"#;
    assert_eq!(normalise(half.into(), &LIST).unwrap().links.this.as_deref(), Some("\u{fffd}"));
}

#[test]
fn of_members_that_come_twice_the_last_counts() {
    are_the_self_links(
        false,
        &[
            (r#""_links":{"self":{"href":"y"}},"_links":{"self":{"href":"x"}}"#, Some("x")),
            (r#""_links":{"self":{"href":"y"}},"_links":{"next":{"href":"z"}}"#, None),
            (r#""_links":{"self":{"href":"y"}},"_links":{}"#, None),
            (r#""_links":{"self":{"href":"y"},"self":{"href":"x"}}"#, Some("x")),
            (r#""_links":{"self":{"href":"y"},"self":{}}"#, None),
            (r#""_links":{"self":{"href":"y","href":"x"}}"#, Some("x")),
            (r#""_links":{"self":{"href":"y","hre\u0066":"x"}}"#, Some("x")),
            (r#""_links":{"self":{"href":"y"},"\u0073elf":{"href":"x"}}"#, Some("x")),
            (r#""\u005flinks":{"self":{"href":"x"}}"#, Some("x")),
        ],
    );
}

#[test]
fn what_is_omitted_is_no_link() {
    are_the_self_links(
        false,
        &[
            (r#""_links":{"self":{"href":5}}"#, None),
            (r#""_links":{"self":"y"}"#, None),
            (r#""_links":[{"self":{"href":"y"}}]"#, None),
            (r#""_links":{"self":{"href":"x","href":5}}"#, Some("x")),
            (r#""_links":{"self":{"href":"x"},"self":"y"}"#, Some("x")),
            (r#""_links":{"self":{"href":"x"}},"_links":null"#, Some("x")),
            (r#""_links":{"self":{"href":"x"}},"first":5"#, Some("x")),
        ],
    );
}
