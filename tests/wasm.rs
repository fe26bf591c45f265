//! The boundary, in Node and in a browser.

#![cfg(target_arch = "wasm32")]

// Links the crate, whose exports the JavaScript below calls.
use thousandeyes_admin as _;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn the_module_loads() {
    assert_eq!(thousandeyes_admin::config::DEFAULT_HOST, "https://api.thousandeyes.com/v7");
}
