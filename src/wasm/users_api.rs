//! The exported Users API: each method converts its arguments, hands over to the core and converts the answer.

use std::rc::Rc;

use futures_util::future::{Either, select};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::api_client::ApiClient;
use super::convert::{self, api_response as with_http_info, data};
use super::fetch::Fetch;
use crate::client::{Answer, Client};
use crate::config::Options;
use crate::endpoints::Endpoint;
use crate::endpoints::users::{CreateUser, DeleteUser, GetCurrentUser, GetUser, GetUsers, UpdateUser};
use crate::error::Error;
use crate::input;

#[wasm_bindgen]
extern "C" {
    type Shared;
    #[wasm_bindgen(method, js_name = __share)]
    fn share(this: &Shared) -> ApiClient;
}

/// Creates, reads, changes and deletes users.
#[wasm_bindgen]
pub struct UsersApi {
    client: Rc<Client<Fetch>>,
    owns_client: bool,
}

/// What the promise of a call gives.
type Give = fn(&Answer) -> Result<JsValue, JsValue>;

impl UsersApi {
    /// Starts a call. Whatever is wrong, also with the arguments, rejects the promise.
    fn call<E: Endpoint + 'static>(
        &self,
        options: &JsValue,
        with_aid: bool,
        give: Give,
        endpoint: impl FnOnce(Option<String>) -> Result<E, Error>,
    ) -> Promise {
        let client = Rc::clone(&self.client);
        let prepared = convert::split("options", options, ["signal"]).and_then(|(options, [signal])| {
            let Options { aid, settings } = client.configuration().options(&options, with_aid)?;
            Ok((endpoint(aid)?, settings, Signal::read(signal)?))
        });
        future_to_promise(async move {
            let (endpoint, settings, signal) = prepared?;
            let call = std::pin::pin!(client.execute(&endpoint, &settings));
            match select(signal, call).await {
                Either::Left((reason, _)) => Err(reason),
                Either::Right((answer, _)) => give(&answer?),
            }
        })
    }
}

/// The caller's AbortSignal as a future that gives its reason. It is polled first, so an aborted call sends nothing.
struct Signal {
    signal: JsValue,
    listener: Option<Closure<dyn FnMut()>>,
}

impl Signal {
    fn read(signal: JsValue) -> Result<Self, Error> {
        let usable = signal.is_undefined() || Reflect::get(&signal, &"addEventListener".into()).is_ok_and(|method| method.is_function());
        if usable { Ok(Self { signal, listener: None }) } else { Err(Error::wrong_type("options.signal", "must be an AbortSignal.")) }
    }

    fn listen(&self, method: &str, listener: &JsValue) {
        if let Ok(Ok(method)) = Reflect::get(&self.signal, &method.into()).map(JsCast::dyn_into::<Function>) {
            let _ = method.call2(&self.signal, &"abort".into(), listener);
        }
    }
}

impl Future for Signal {
    type Output = JsValue;

    fn poll(mut self: std::pin::Pin<&mut Self>, context: &mut std::task::Context<'_>) -> std::task::Poll<JsValue> {
        if self.signal.is_undefined() {
            return std::task::Poll::Pending;
        }
        if Reflect::get(&self.signal, &"aborted".into()).is_ok_and(|aborted| aborted.is_truthy()) {
            return std::task::Poll::Ready(Reflect::get(&self.signal, &"reason".into()).unwrap_or(JsValue::UNDEFINED));
        }
        if self.listener.is_none() {
            let waker = context.waker().clone();
            let listener = Closure::<dyn FnMut()>::new(move || waker.wake_by_ref());
            self.listen("addEventListener", listener.as_ref());
            self.listener = Some(listener);
        }
        std::task::Poll::Pending
    }
}

impl Drop for Signal {
    fn drop(&mut self) {
        if let Some(listener) = &self.listener {
            self.listen("removeEventListener", listener.as_ref());
        }
    }
}

#[wasm_bindgen]
impl UsersApi {
    /// Takes an ApiClient, or the configuration of one; throws an ApiTypeError or ApiValueError if that is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(js_name = client, unchecked_optional_param_type = "ApiClient | Configuration")] client: JsValue,
    ) -> Result<UsersApi, JsValue> {
        let shares = Reflect::get(&client, &"__share".into()).is_ok_and(|method| method.is_function());
        let shared = if shares { client.unchecked_ref::<Shared>().share() } else { ApiClient::new(client)? };
        Ok(Self { client: Rc::clone(&shared.client), owns_client: !shares })
    }

    /// Closes the client that this API made for itself; one that was handed over stays open. `using` calls it.
    pub fn close(&self) {
        if self.owns_client {
            self.client.close();
        }
    }

    /// Creates a user: `POST /users`. Sent again only after a 429, or where the request provably never left.
    #[wasm_bindgen(js_name = createUser, unchecked_return_type = "Promise<CreatedUser>")]
    pub fn create_user(
        &self,
        #[wasm_bindgen(js_name = userRequest, unchecked_param_type = "UserRequest")] user_request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.call(&options, true, data, |aid| {
            Ok(CreateUser { user_request: input::user_request(&convert::from_js("userRequest", &user_request)?)?, aid })
        })
    }

    /// Like `createUser`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = createUserWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<CreatedUser>>")]
    pub fn create_user_with_http_info(
        &self,
        #[wasm_bindgen(js_name = userRequest, unchecked_param_type = "UserRequest")] user_request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.call(&options, true, with_http_info, |aid| {
            Ok(CreateUser { user_request: input::user_request(&convert::from_js("userRequest", &user_request)?)?, aid })
        })
    }

    /// Deletes a user: `DELETE /users/{id}`. Needs the permission `Edit users`.
    #[wasm_bindgen(js_name = deleteUser, unchecked_return_type = "Promise<void>")]
    pub fn delete_user(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.call(&options, true, data, |aid| Ok(DeleteUser { id: input::user_id(&convert::from_js("id", &id)?)?, aid }))
    }

    /// Like `deleteUser`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = deleteUserWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<void>>")]
    pub fn delete_user_with_http_info(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.call(&options, true, with_http_info, |aid| Ok(DeleteUser { id: input::user_id(&convert::from_js("id", &id)?)?, aid }))
    }

    /// Reads the owner of the token: `GET /users/current`.
    #[wasm_bindgen(js_name = getCurrentUser, unchecked_return_type = "Promise<UserDetail>")]
    pub fn get_current_user(&self, #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue) -> Promise {
        self.call(&options, false, data, |_| Ok(GetCurrentUser))
    }

    /// Like `getCurrentUser`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = getCurrentUserWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<UserDetail>>")]
    pub fn get_current_user_with_http_info(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Promise {
        self.call(&options, false, with_http_info, |_| Ok(GetCurrentUser))
    }

    /// Reads a user with roles: `GET /users/{id}`. Needs `API Access` and `View all users`.
    #[wasm_bindgen(js_name = getUser, unchecked_return_type = "Promise<UserDetail>")]
    pub fn get_user(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.call(&options, true, data, |aid| Ok(GetUser { id: input::user_id(&convert::from_js("id", &id)?)?, aid }))
    }

    /// Like `getUser`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = getUserWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<UserDetail>>")]
    pub fn get_user_with_http_info(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.call(&options, true, with_http_info, |aid| Ok(GetUser { id: input::user_id(&convert::from_js("id", &id)?)?, aid }))
    }

    /// Lists the users of the organisation that the account group belongs to: `GET /users`. Needs `API Access` and `View all users`.
    #[wasm_bindgen(js_name = getUsers, unchecked_return_type = "Promise<Users>")]
    pub fn get_users(&self, #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue) -> Promise {
        self.call(&options, true, data, |aid| Ok(GetUsers { aid }))
    }

    /// Like `getUsers`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = getUsersWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<Users>>")]
    pub fn get_users_with_http_info(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.call(&options, true, with_http_info, |aid| Ok(GetUsers { aid }))
    }

    /// Changes a user: `PUT /users/{id}`. A list of `accountGroupRoles` **replaces** all that the user has. Needs the permission `Edit users`.
    #[wasm_bindgen(js_name = updateUser, unchecked_return_type = "Promise<UserDetail>")]
    pub fn update_user(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(js_name = userRequest, unchecked_param_type = "UserRequest")] user_request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.call(&options, true, data, |aid| {
            Ok(UpdateUser {
                id: input::user_id(&convert::from_js("id", &id)?)?,
                user_request: input::user_request(&convert::from_js("userRequest", &user_request)?)?,
                aid,
            })
        })
    }

    /// Like `updateUser`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = updateUserWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<UserDetail>>")]
    pub fn update_user_with_http_info(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(js_name = userRequest, unchecked_param_type = "UserRequest")] user_request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.call(&options, true, with_http_info, |aid| {
            Ok(UpdateUser {
                id: input::user_id(&convert::from_js("id", &id)?)?,
                user_request: input::user_request(&convert::from_js("userRequest", &user_request)?)?,
                aid,
            })
        })
    }
}
