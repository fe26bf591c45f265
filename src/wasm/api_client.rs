//! The exported client.

use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

use super::convert;
use super::fetch::{Fetch, can_call};
use super::hooks::Hooks;
use crate::client::Client;
use crate::config::Configuration;
use crate::error::Error;
use crate::input;

/// Holds the configuration and sends the requests of every API that is made with it.
#[wasm_bindgen]
pub struct ApiClient {
    pub(super) client: Rc<Client<Fetch>>,
}

#[wasm_bindgen]
impl ApiClient {
    /// Checks the configuration; throws an ApiTypeError or ApiValueError with the path of what is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_optional_param_type = "Configuration")] configuration: JsValue) -> Result<ApiClient, JsValue> {
        let path = "configuration";
        let settings = convert::copy(path, &configuration)?;
        let fetch = convert::take_function(&settings, path, "fetch")?;
        let hooks = Hooks::take(&settings, path)?;
        let access_token = convert::take(&settings, "accessToken");
        let access_token = match access_token.dyn_into() {
            Ok(provide) => Some(provide),
            // No function: the core reads it.
            Err(token) => Reflect::set(&settings, &"accessToken".into(), &token).map(|_| None)?,
        };
        let configuration = Configuration::read(&convert::from_js(path, &settings)?, access_token.is_some())?;
        if !can_call(&configuration.host) {
            return Err(Error::wrong_value(
                "configuration.host",
                "is no URL that can be called from here; outside a page it must be absolute, such as https://api.thousandeyes.com/v7.",
            )
            .into());
        }
        Ok(Self { client: Rc::new(Client::new(configuration, Fetch::new(fetch, access_token, hooks))) })
    }

    /// Ends the calls in flight; later ones reject with a ClientClosedException. `using` calls it.
    pub fn close(&self) {
        self.client.close();
    }

    /// The rate limit as the last answer told it; not known before the first, or where CORS hides the headers.
    #[wasm_bindgen(getter, js_name = rateLimit, unchecked_return_type = "RateLimit")]
    pub fn rate_limit(&self) -> JsValue {
        convert::to_js(&self.client.rate_limit())
    }

    /// An address that the API gave, such as `user._links.self.href`, on this client's host: answers name the vendor's
    /// host, which a page behind a proxy cannot call. An address elsewhere comes back as it is.
    #[wasm_bindgen(unchecked_return_type = "string")]
    pub fn rebase(&self, #[wasm_bindgen(unchecked_param_type = "string")] href: &JsValue) -> Result<JsValue, JsValue> {
        let href = input::text("href", &convert::from_js("href", href)?)?;
        Ok(self.client.configuration().rebase(&href).into())
    }

    /// Another handle on the same client, for an API class to keep.
    #[wasm_bindgen(js_name = __share, skip_typescript)]
    pub fn share(&self) -> ApiClient {
        ApiClient { client: Rc::clone(&self.client) }
    }
}
