//! The exported API classes, made from the declarations of their operations: each method hands its arguments over to the
//! core. Their TypeScript is in api.d.ts, which `tests/declared.rs` writes from the same declarations.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::api_client::ApiClient;
use super::convert::property;
use super::promise::{Giving, call};
use crate::endpoints::{self, account_groups_api, permissions_api, roles_api, user_events_api, users_api};
use crate::error::Error;
use crate::path::Path;

#[wasm_bindgen]
extern "C" {
    type Shared;
    #[wasm_bindgen(method, js_name = __share, catch)]
    fn share(this: &Shared) -> Result<ApiClient, JsValue>;
}

/// The client of an API class.
pub(super) struct ClientOf {
    pub(super) client: ApiClient,
    /// Whether it was made for the class.
    is_own: bool,
}

impl ClientOf {
    /// An ApiClient, or one by a configuration.
    pub(super) fn new(client: JsValue) -> Result<Self, JsValue> {
        let shares = property(&client, "__share").is_ok_and(|method| method.is_some_and(|method| method.is_function()));
        let problem = "is an ApiClient of another copy of thousandeyes-admin: use one copy for both.";
        let foreign = |_| Error::wrong_type(&Path::Argument("client"), problem);
        let shared = if shares { client.unchecked_ref::<Shared>().share().map_err(foreign)? } else { ApiClient::new(client)? };
        Ok(Self { client: shared, is_own: !shares })
    }

    /// That of an ApiClient itself.
    pub(super) fn shared(client: &ApiClient) -> Self {
        Self { client: client.share(), is_own: false }
    }

    pub(super) fn close(&self) {
        if self.is_own {
            self.client.close();
        }
    }
}

macro_rules! class {
    (
        $property:ident
        $(#[doc = $api_doc:literal])*
        $api:ident {
            $(
                $(#[doc = $doc:literal])*
                $name:ident: $method:ident $path:literal $(by $id:ident)? $(with $body:ident)?, $options:ident -> $answer:tt
                $(needs $permissions:literal)?;
            )+
        }
    ) => { pastey::paste! {
        $(#[doc = $api_doc])*
        #[wasm_bindgen(skip_typescript)]
        pub struct $api {
            pub(super) of: ClientOf,
        }

        #[wasm_bindgen]
        impl $api {
            /// Takes an ApiClient, or the configuration of one; throws an ApiTypeError or ApiValueError if that is wrong.
            #[wasm_bindgen(constructor)]
            pub fn new(client: JsValue) -> Result<$api, JsValue> {
                ClientOf::new(client).map(|of| Self { of })
            }

            /// Closes the client that this API made for itself; one that was handed over stays open. `using` calls it.
            pub fn close(&self) {
                self.of.close();
            }

            $(
                $(#[doc = $doc])*
                #[wasm_bindgen(js_name = $name)]
                pub fn [<$name:snake>](&self, $($id: &JsValue,)? $([<$body:snake>]: &JsValue,)? options: &JsValue) -> Promise {
                    let arguments = [$($id,)? $([<$body:snake>],)?];
                    call(&self.of.client, &endpoints::$property::[<$name:snake:upper>], &arguments, options, Giving::Data)
                }

                #[doc = "Like `" $name "`, with status, headers and rate limit."]
                #[wasm_bindgen(js_name = [<$name WithHttpInfo>])]
                pub fn [<$name:snake _with_http_info>](
                    &self,
                    $($id: &JsValue,)?
                    $([<$body:snake>]: &JsValue,)?
                    options: &JsValue,
                ) -> Promise {
                    let arguments = [$($id,)? $([<$body:snake>],)?];
                    call(&self.of.client, &endpoints::$property::[<$name:snake:upper>], &arguments, options, Giving::WithHttpInfo)
                }
            )+
        }

        #[wasm_bindgen]
        impl ApiClient {
            #[doc = "The " $api " of this client: always the same object."]
            #[wasm_bindgen(getter, js_name = [<$property:lower_camel>], skip_typescript)]
            pub fn $property(&self) -> JsValue {
                self.api(stringify!($api), || $api { of: ClientOf::shared(self) }.into())
            }
        }
    } };
}

users_api!(class);
account_groups_api!(class);
roles_api!(class);
permissions_api!(class);
user_events_api!(class);
