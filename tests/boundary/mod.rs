//! The boundary, in Node and in a browser: what goes wrong with `fetch` rejects and never hangs, and a good call works
//! right after.

// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use js_sys::{Function, Object, Promise, Reflect};
use thousandeyes_admin::wasm::UsersApi;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

fn object(properties: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        Reflect::set(&object, &(*name).into(), value).unwrap();
    }
    object.into()
}

/// An API over a `fetch` with the given body; `url` and `init` are its arguments.
fn users(fetch: &str) -> UsersApi {
    let fetch = Function::new_with_args("url, init", fetch);
    UsersApi::new(object(&[("host", "https://te.example/v7".into()), ("accessToken", "the-token".into()), ("fetch", fetch.into())]))
        .unwrap()
}

async fn settle(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

fn text(value: &JsValue, name: &str) -> String {
    Reflect::get(value, &name.into()).unwrap().as_string().unwrap_or_default()
}

#[wasm_bindgen_test]
async fn a_user_is_a_plain_object_with_all_its_properties() {
    let api = users("return Response.json({ uid: '5', brandNew: [{ a: null }], url, token: init.headers.Authorization })");
    let user = settle(api.get_user(&"a b".into(), &JsValue::UNDEFINED)).await.unwrap();
    let expected = r#"{"uid":"5","brandNew":[{"a":null}],"url":"https://te.example/v7/users/a%20b","token":"Bearer the-token"}"#;
    assert_eq!(js_sys::JSON::stringify(&user).unwrap(), expected);
}

#[wasm_bindgen_test]
async fn a_stand_in_for_a_response_is_enough() {
    for fetch in [
        "return { status: 200, json: async () => ({ uid: '5' }) }",
        "return { status: 200, text: async () => '{\"uid\":\"5\"}', headers: { 'X-A': 'b' } }",
        "return Promise.resolve({ status: 200, headers: new Map(), arrayBuffer: async () => new TextEncoder().encode('{\"uid\":\"5\"}').buffer })",
    ] {
        let user = settle(users(fetch).get_user(&5.into(), &JsValue::UNDEFINED)).await.unwrap();
        assert_eq!(text(&user, "uid"), "5", "{fetch}");
    }
}

#[wasm_bindgen_test]
async fn whatever_fetch_does_the_promise_settles() {
    for (fetch, class) in [
        ("throw new TypeError('sync')", "ConnectionException"),
        ("return Promise.reject('a string')", "ConnectionException"),
        ("return Promise.reject(undefined)", "ConnectionException"),
        ("return Promise.reject({ message: 'secret-free' })", "ConnectionException"),
        ("return undefined", "ConnectionException"),
        ("return {}", "ConnectionException"),
        ("return { status: 200, text: () => { throw 'no' } }", "ConnectionException"),
        ("return new Response('', { status: 404 })", "NotFoundException"),
        ("return new Response('<html>', { status: 502 })", "ServiceException"),
        ("return new Response('{', { status: 200 })", "DecodeException"),
    ] {
        let api = users(fetch);
        let error = settle(api.get_user(&"5".into(), &JsValue::UNDEFINED)).await.unwrap_err();
        assert!(error.is_instance_of::<js_sys::Error>(), "{fetch}");
        assert_eq!(text(&error, "name"), class, "{fetch}");
        assert!(!js_sys::JSON::stringify(&error).unwrap().as_string().unwrap().contains("the-token"), "{fetch}");
    }
}

#[wasm_bindgen_test]
async fn an_aborted_call_rejects_with_the_reason_as_it_is() {
    for reason in ["'user left'", "undefined", "new Error('stop')", "42"] {
        let controller = web_sys::AbortController::new().unwrap();
        let reason = Function::new_no_args(&format!("return {reason}")).call0(&JsValue::NULL).unwrap();
        let api = users("return new Promise(() => {})");
        let call = api.get_users(&object(&[("signal", controller.signal().into())]));
        controller.abort_with_reason(&reason);
        let error = settle(call).await.unwrap_err();
        if reason.is_undefined() {
            assert_eq!(text(&error, "name"), "AbortError");
        } else {
            assert_eq!(error, reason);
        }
    }
}

#[wasm_bindgen_test]
async fn a_timeout_ends_silence() {
    let error = settle(users("return new Promise(() => {})").get_users(&object(&[("timeout", 20.into())]))).await.unwrap_err();
    assert_eq!((text(&error, "name"), text(&error, "outcome")), ("TimeoutException".to_owned(), "unknown".to_owned()));
}

#[wasm_bindgen_test]
async fn closing_during_a_call_ends_it() {
    let api = users("return new Promise(() => {})");
    let call = api.get_users(&JsValue::UNDEFINED);
    api.close();
    drop(api);
    assert_eq!(text(&settle(call).await.unwrap_err(), "code"), "client-closed");
}

#[wasm_bindgen_test]
async fn wrong_arguments_reject_with_their_path() {
    let api = users("throw new Error('nothing may be sent')");
    let cyclic = Function::new_no_args("const a = {}; a.name = a; return a").call0(&JsValue::NULL).unwrap();
    for (request, path) in [
        (object(&[("name", JsValue::from_f64(f64::NAN))]), "userRequest.name"),
        (object(&[("name", js_sys::Date::new_0().into())]), "userRequest.name"),
        (object(&[("name", JsValue::bigint_from_str("5"))]), "userRequest.name"),
        (Function::new_no_args("return { name: '\\ud800' }").call0(&JsValue::NULL).unwrap(), "userRequest.name"),
        (js_sys::Map::<JsValue, JsValue>::new_typed().into(), "userRequest"),
        (JsValue::UNDEFINED, "userRequest"),
    ] {
        let error = settle(api.create_user(&request, &JsValue::UNDEFINED)).await.unwrap_err();
        assert_eq!((text(&error, "path"), text(&error, "outcome")), (path.to_owned(), "not-sent".to_owned()));
    }
    let error = settle(api.create_user(&cyclic, &JsValue::UNDEFINED)).await.unwrap_err();
    assert!(text(&error, "path").starts_with("userRequest.name"));
}

#[wasm_bindgen_test]
async fn undefined_is_left_out_and_null_is_sent() {
    let api = users("return Response.json({ uid: init.body })");
    let request = object(&[("name", JsValue::NULL), ("email", JsValue::UNDEFINED), ("accountGroupRoles", js_sys::Array::new().into())]);
    let user = settle(api.update_user(&5.into(), &request, &JsValue::UNDEFINED)).await.unwrap();
    assert_eq!(text(&user, "uid"), r#"{"name":null,"accountGroupRoles":[]}"#);
}
