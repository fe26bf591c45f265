//! The exported client.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::convert::{Input, to_js};
use super::fetch::{PlatformSharing, address_of};
use super::platform::Functions;
use super::promise::{self, Giving, watch_for_traps};
use crate::client::{Client, Sharing};
use crate::config::Configuration;
use crate::error::Error;
use crate::input;
use crate::path::Path;

/// Holds the configuration and sends the requests of every API that is made with it.
#[wasm_bindgen]
pub struct ApiClient {
    pub(super) client: Rc<Client>,
    pub(super) functions: Rc<Functions>,
    /// The API classes that were asked for, by name.
    apis: Cell<Vec<(&'static str, JsValue)>>,
}

impl ApiClient {
    /// An API class, made when it is first asked for.
    pub(super) fn api(&self, name: &'static str, make: impl FnOnce() -> JsValue) -> JsValue {
        let mut apis = self.apis.take();
        let known = apis.iter().find(|(known, _)| *known == name).map(|(_, api)| api.clone());
        let api = known.unwrap_or_else(|| {
            let api = make();
            apis.push((name, api.clone()));
            api
        });
        self.apis.set(apis);
        api
    }
}

#[wasm_bindgen]
impl ApiClient {
    /// Checks the configuration; throws an ApiTypeError or ApiValueError with the path of what is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_optional_param_type = "Configuration")] configuration: JsValue) -> Result<ApiClient, JsValue> {
        let root = Path::Argument("configuration");
        let input = Input::settings(&root, &configuration)?;
        let configuration = Configuration::read(&input.value)?;
        if !configuration.host.starts_with('/') && address_of(&configuration.host).is_none() {
            return Err(Error::wrong_value(&root.property("host"), "is not a URL: check it for typing errors.").into());
        }
        watch_for_traps();
        let sharing = if PlatformSharing::waits() { Sharing::Waiting } else { Sharing::Nothing };
        let client = Rc::new(Client::new(configuration, sharing));
        Ok(Self { client, functions: Functions::of(&input), apis: Cell::default() })
    }

    /// Ends the calls in flight; later ones reject with a ClientClosedException. `using` calls it.
    pub fn close(&self) {
        self.client.close();
    }

    /// The rate limit as the last answer told it; not known before the first, or where CORS hides the headers.
    #[wasm_bindgen(getter, js_name = rateLimit, unchecked_return_type = "RateLimit")]
    pub fn rate_limit(&self) -> JsValue {
        to_js(&self.client.rate_limit())
    }

    /// An address that the API gave, such as `user._links.self.href`, on this client's host: answers name the vendor's
    /// host, which a page behind a proxy cannot call. An address elsewhere comes back as it is.
    #[wasm_bindgen(unchecked_return_type = "string")]
    pub fn rebase(&self, #[wasm_bindgen(unchecked_param_type = "string")] href: &JsValue) -> Result<JsValue, JsValue> {
        let path = Path::Argument("href");
        let href = input::text(&path, &Input::read(&path, href)?.value)?;
        Ok(self.client.configuration().rebase(&href).into())
    }

    /// Sends any other request to the API: types.d.ts says more.
    #[wasm_bindgen(skip_typescript)]
    pub fn request(&self, request: &JsValue, options: &JsValue) -> Promise {
        promise::request(self, request, options, Giving::Data)
    }

    /// Like `request`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = requestWithHttpInfo, skip_typescript)]
    pub fn request_with_http_info(&self, request: &JsValue, options: &JsValue) -> Promise {
        promise::request(self, request, options, Giving::WithHttpInfo)
    }

    /// Another handle on the same client, for an API class to keep.
    #[wasm_bindgen(js_name = __share, skip_typescript)]
    pub fn share(&self) -> ApiClient {
        ApiClient { client: Rc::clone(&self.client), functions: Rc::clone(&self.functions), apis: Cell::default() }
    }
}
