//! The exported client.

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::convert;
use super::fetch::{Fetch, absolute};
use crate::client::Client;
use crate::config::Configuration;
use crate::error::Error;

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
        let given = js_sys::Reflect::get(&configuration, &"accessToken".into()).unwrap_or(JsValue::UNDEFINED);
        let provided = given.is_function();
        let (settings, [fetch, access_token]) = convert::split(path, &configuration, ["fetch", if provided { "accessToken" } else { "" }])?;
        let configuration = Configuration::read(&settings, provided)?;
        absolute(&configuration.host).map_err(|_| {
            Error::wrong_value(
                "configuration.host",
                "is no URL that can be called from here; outside a page it must be absolute, such as https://api.thousandeyes.com/v7.",
            )
        })?;
        let fetch = match fetch.dyn_into::<Function>() {
            Ok(fetch) => Some(fetch),
            Err(other) if other.is_undefined() || other.is_null() => None,
            Err(_) => return Err(Error::wrong_type("configuration.fetch", "must be a function.").into()),
        };
        let transport = Fetch { fetch, access_token: access_token.dyn_into().ok() };
        Ok(Self { client: Rc::new(Client::new(configuration, transport)) })
    }

    /// Ends the calls in flight; later ones reject with a ClientClosedException. `using` calls it.
    pub fn close(&self) {
        self.client.close();
    }

    /// Another handle on the same client, for an API class to keep.
    #[wasm_bindgen(js_name = __share, skip_typescript)]
    pub fn share(&self) -> ApiClient {
        ApiClient { client: Rc::clone(&self.client) }
    }
}
