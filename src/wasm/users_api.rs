//! The exported Users API: each method converts its arguments, hands over to the core and converts the answer.

use std::rc::Rc;

use futures_util::future::{Either, select};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::api_client::ApiClient;
use super::convert::{self, api_response as with_http_info};
use super::fetch::Fetch;
use crate::client::{Answer, Client};
use crate::config::Options;
use crate::endpoints::users::{CreateUser, DeleteUser, GetCurrentUser, GetUser, GetUsers, UpdateUser};
use crate::endpoints::{Endpoint, Operation};
use crate::error::Error;
use crate::input;
use crate::models::UserRequest;

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
type Give = fn(&Answer<JsValue>) -> Result<JsValue, JsValue>;

fn data(answer: &Answer<JsValue>) -> Result<JsValue, JsValue> {
    convert::data(&answer.data)
}

/// Makes an operation from its arguments and the account group that the options name.
type Prepare<'a> = &'a dyn Fn(Option<String>) -> Result<Operation, Error>;

impl UsersApi {
    /// Starts a call. Whatever is wrong, also with the arguments, rejects the promise.
    fn call(&self, options: &JsValue, with_aid: bool, give: Give, operation: Prepare<'_>) -> Promise {
        let client = Rc::clone(&self.client);
        let prepared = convert::copy("options", options).and_then(|options| {
            let signal = convert::take(&options, "signal");
            let Options { aid, settings } = client.configuration().options(&convert::from_js("options", &options)?, with_aid)?;
            Ok((operation(aid)?, settings, Signal::read(signal)?))
        });
        future_to_promise(async move {
            let (operation, settings, signal) = prepared?;
            let call = std::pin::pin!(client.execute(operation, &settings));
            match select(signal, call).await {
                Either::Left((reason, _)) => Err(reason),
                Either::Right((answer, _)) => give(&answer?),
            }
        })
    }

    fn create(&self, user_request: &JsValue, options: &JsValue, give: Give) -> Promise {
        self.call(options, true, give, &|aid| Ok(CreateUser { user_request: request(user_request)?, aid }.operation()))
    }

    fn delete(&self, id: &JsValue, options: &JsValue, give: Give) -> Promise {
        self.call(options, true, give, &|aid| Ok(DeleteUser { id: user_id(id)?, aid }.operation()))
    }

    fn get_current(&self, options: &JsValue, give: Give) -> Promise {
        self.call(options, false, give, &|_| Ok(GetCurrentUser.operation()))
    }

    fn get(&self, id: &JsValue, options: &JsValue, give: Give) -> Promise {
        self.call(options, true, give, &|aid| Ok(GetUser { id: user_id(id)?, aid }.operation()))
    }

    fn list(&self, options: &JsValue, give: Give) -> Promise {
        self.call(options, true, give, &|aid| Ok(GetUsers { aid }.operation()))
    }

    fn update(&self, id: &JsValue, user_request: &JsValue, options: &JsValue, give: Give) -> Promise {
        self.call(options, true, give, &|aid| Ok(UpdateUser { id: user_id(id)?, user_request: request(user_request)?, aid }.operation()))
    }
}

fn user_id(id: &JsValue) -> Result<String, Error> {
    input::user_id(&convert::from_js("id", id)?)
}

fn request(user_request: &JsValue) -> Result<UserRequest, Error> {
    input::user_request(&convert::from_js("userRequest", user_request)?)
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
        self.create(&user_request, &options, data)
    }

    /// Like `createUser`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = createUserWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<CreatedUser>>")]
    pub fn create_user_with_http_info(
        &self,
        #[wasm_bindgen(js_name = userRequest, unchecked_param_type = "UserRequest")] user_request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.create(&user_request, &options, with_http_info)
    }

    /// Deletes a user: `DELETE /users/{id}`. Needs the permission `Edit users`.
    #[wasm_bindgen(js_name = deleteUser, unchecked_return_type = "Promise<void>")]
    pub fn delete_user(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.delete(&id, &options, data)
    }

    /// Like `deleteUser`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = deleteUserWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<void>>")]
    pub fn delete_user_with_http_info(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.delete(&id, &options, with_http_info)
    }

    /// Reads the owner of the token: `GET /users/current`.
    #[wasm_bindgen(js_name = getCurrentUser, unchecked_return_type = "Promise<UserDetail>")]
    pub fn get_current_user(&self, #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue) -> Promise {
        self.get_current(&options, data)
    }

    /// Like `getCurrentUser`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = getCurrentUserWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<UserDetail>>")]
    pub fn get_current_user_with_http_info(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Promise {
        self.get_current(&options, with_http_info)
    }

    /// Reads a user with roles: `GET /users/{id}`. Needs `API Access` and `View all users`.
    #[wasm_bindgen(js_name = getUser, unchecked_return_type = "Promise<UserDetail>")]
    pub fn get_user(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.get(&id, &options, data)
    }

    /// Like `getUser`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = getUserWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<UserDetail>>")]
    pub fn get_user_with_http_info(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.get(&id, &options, with_http_info)
    }

    /// Lists the users of the organisation that the account group belongs to: `GET /users`. Needs `API Access` and `View all users`.
    #[wasm_bindgen(js_name = getUsers, unchecked_return_type = "Promise<Users>")]
    pub fn get_users(&self, #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue) -> Promise {
        self.list(&options, data)
    }

    /// Like `getUsers`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = getUsersWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<Users>>")]
    pub fn get_users_with_http_info(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.list(&options, with_http_info)
    }

    /// Changes a user: `PUT /users/{id}`. A list of `accountGroupRoles` **replaces** all that the user has. Needs the permission `Edit users`.
    #[wasm_bindgen(js_name = updateUser, unchecked_return_type = "Promise<UserDetail>")]
    pub fn update_user(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(js_name = userRequest, unchecked_param_type = "UserRequest")] user_request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.update(&id, &user_request, &options, data)
    }

    /// Like `updateUser`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = updateUserWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<UserDetail>>")]
    pub fn update_user_with_http_info(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(js_name = userRequest, unchecked_param_type = "UserRequest")] user_request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.update(&id, &user_request, &options, with_http_info)
    }
}
