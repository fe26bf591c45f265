//! The exported client.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::driver::{Platform, can_call};
use super::input::Input;
use crate::client::Client;
use crate::config::{Configuration, HOOKS};
use crate::error::Error;
use crate::input;
use crate::json::ToJson;

/// Holds the configuration and sends the requests of every API that is made with it.
#[wasm_bindgen]
pub struct ApiClient {
    pub(super) client: Rc<Client<Platform>>,
}

#[wasm_bindgen]
impl ApiClient {
    /// Checks the configuration; throws an ApiTypeError or ApiValueError with the path of what is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_optional_param_type = "Configuration")] configuration: JsValue) -> Result<ApiClient, JsValue> {
        let apart = ["fetch", "accessToken"].into_iter().chain(HOOKS).collect::<Vec<_>>().join(" ");
        let input = Input::settings("configuration", &configuration, &apart)?;
        let access_token = input.take("accessToken");
        let configuration = Configuration::read(input.item(), access_token.is_some())?;
        if !can_call(&configuration.host) {
            return Err(Error::wrong_value(
                "configuration.host",
                "is no URL that can be called from here; outside a page it must be absolute, such as https://api.thousandeyes.com/v7.",
            )
            .into());
        }
        let platform = Platform::new(input.take("fetch"), access_token, HOOKS.map(|name| input.take(name)));
        Ok(Self { client: Rc::new(Client::new(configuration, platform)) })
    }

    /// Ends the calls in flight; later ones reject with a ClientClosedException. `using` calls it.
    pub fn close(&self) {
        close(&self.client);
    }

    /// The rate limit as the last answer told it; not known before the first, or where CORS hides the headers.
    #[wasm_bindgen(getter, js_name = rateLimit, unchecked_return_type = "RateLimit")]
    pub fn rate_limit(&self) -> Result<JsValue, JsValue> {
        js_sys::JSON::parse(&self.client.rate_limit().to_json())
    }

    /// An address that the API gave, such as `user._links.self.href`, on this client's host: answers name the vendor's
    /// host, which a page behind a proxy cannot call. An address elsewhere comes back as it is.
    #[wasm_bindgen(unchecked_return_type = "string")]
    pub fn rebase(&self, #[wasm_bindgen(unchecked_param_type = "string")] href: &JsValue) -> Result<JsValue, JsValue> {
        let href = input::text("href", Input::read("href", href)?.item())?;
        Ok(self.client.configuration().rebase(&href).into())
    }

    /// Another handle on the same client, for an API class to keep.
    #[wasm_bindgen(js_name = __share, skip_typescript)]
    pub fn share(&self) -> ApiClient {
        ApiClient { client: Rc::clone(&self.client) }
    }
}

/// Ends the calls of a client.
pub fn close(client: &Client<Platform>) {
    client.close();
    client.transport().driver.close();
}
