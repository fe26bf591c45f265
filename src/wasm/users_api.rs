//! The exported Users API: each method converts its arguments, hands over to the core and converts the answer.

use std::rc::Rc;

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;

use super::api_client::{ApiClient, close};
use super::call::Call;
use super::driver::Platform;
use super::input::Input;
use crate::client::Client;
use crate::config::Options;
use crate::endpoints::users::{CreateUser, DeleteUser, GetCurrentUser, GetUser, GetUsers, UpdateUser};
use crate::endpoints::{Endpoint, Operation};
use crate::error::Error;
use crate::input;
use crate::models::UserRequest;

#[wasm_bindgen]
extern "C" {
    type Shared;
    #[wasm_bindgen(method, js_name = __share, catch)]
    fn share(this: &Shared) -> Result<ApiClient, JsValue>;
}

/// Creates, reads, changes and deletes users.
#[wasm_bindgen]
pub struct UsersApi {
    client: Rc<Client<Platform>>,
    owns_client: bool,
}

/// What the promise of a call gives: the data alone.
const DATA: bool = false;
/// What the promise of a call gives: the data with what came beside it.
const WITH_HTTP_INFO: bool = true;

/// Makes an operation from its arguments and the account group that the options name.
type Prepare<'a> = &'a dyn Fn(Option<String>) -> Result<Operation, JsValue>;

impl UsersApi {
    /// Starts a call. Whatever is wrong, also with the arguments, rejects the promise.
    fn call(&self, options: &JsValue, with_aid: bool, with_http_info: bool, operation: Prepare<'_>) -> Promise {
        let started = Input::settings("options", options, "signal").and_then(|input| {
            let Options { aid, settings } = self.client.configuration().options(input.item(), with_aid)?;
            let call = self.client.call(operation(aid)?, settings);
            let id = call.id();
            let signal = input.take("signal");
            Ok(self.client.transport().driver.start(Call::new(call, with_http_info), id, signal, with_http_info))
        });
        started.unwrap_or_else(|error| Promise::reject(&error))
    }

    fn create(&self, user_request: &JsValue, options: &JsValue, with_http_info: bool) -> Promise {
        self.call(options, true, with_http_info, &|aid| Ok(CreateUser { user_request: request(user_request)?, aid }.operation()))
    }

    fn delete(&self, id: &JsValue, options: &JsValue, with_http_info: bool) -> Promise {
        self.call(options, true, with_http_info, &|aid| Ok(DeleteUser { id: user_id(id)?, aid }.operation()))
    }

    fn get_current(&self, options: &JsValue, with_http_info: bool) -> Promise {
        self.call(options, false, with_http_info, &|_| Ok(GetCurrentUser.operation()))
    }

    fn get(&self, id: &JsValue, options: &JsValue, with_http_info: bool) -> Promise {
        self.call(options, true, with_http_info, &|aid| Ok(GetUser { id: user_id(id)?, aid }.operation()))
    }

    fn list(&self, options: &JsValue, with_http_info: bool) -> Promise {
        self.call(options, true, with_http_info, &|aid| Ok(GetUsers { aid }.operation()))
    }

    fn update(&self, id: &JsValue, user_request: &JsValue, options: &JsValue, with_http_info: bool) -> Promise {
        self.call(options, true, with_http_info, &|aid| {
            Ok(UpdateUser { id: user_id(id)?, user_request: request(user_request)?, aid }.operation())
        })
    }
}

fn user_id(id: &JsValue) -> Result<String, JsValue> {
    Ok(input::user_id(Input::read("id", id)?.item())?)
}

fn request(user_request: &JsValue) -> Result<UserRequest, JsValue> {
    Ok(input::user_request(Input::read("userRequest", user_request)?.item())?)
}

#[wasm_bindgen]
impl UsersApi {
    /// Takes an ApiClient, or the configuration of one; throws an ApiTypeError or ApiValueError if that is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(js_name = client, unchecked_optional_param_type = "ApiClient | Configuration")] client: JsValue,
    ) -> Result<UsersApi, JsValue> {
        let shares = Reflect::get(&client, &"__share".into()).is_ok_and(|method| method.is_function());
        let shared = if shares {
            let foreign = |_| Error::wrong_type("client", "is an ApiClient of another copy of thousandeyes-admin: use one copy for both.");
            client.unchecked_ref::<Shared>().share().map_err(foreign)?
        } else {
            ApiClient::new(client)?
        };
        Ok(Self { client: Rc::clone(&shared.client), owns_client: !shares })
    }

    /// Closes the client that this API made for itself; one that was handed over stays open. `using` calls it.
    pub fn close(&self) {
        if self.owns_client {
            close(&self.client);
        }
    }

    /// Creates a user: `POST /users`. Sent again only after a 429, or where the request provably never left.
    #[wasm_bindgen(js_name = createUser, unchecked_return_type = "Promise<CreatedUser>")]
    pub fn create_user(
        &self,
        #[wasm_bindgen(js_name = userRequest, unchecked_param_type = "UserRequest")] user_request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.create(&user_request, &options, DATA)
    }

    /// Like `createUser`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = createUserWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<CreatedUser>>")]
    pub fn create_user_with_http_info(
        &self,
        #[wasm_bindgen(js_name = userRequest, unchecked_param_type = "UserRequest")] user_request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.create(&user_request, &options, WITH_HTTP_INFO)
    }

    /// Deletes a user: `DELETE /users/{id}`. Needs the permission `Edit users`.
    #[wasm_bindgen(js_name = deleteUser, unchecked_return_type = "Promise<void>")]
    pub fn delete_user(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.delete(&id, &options, DATA)
    }

    /// Like `deleteUser`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = deleteUserWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<void>>")]
    pub fn delete_user_with_http_info(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.delete(&id, &options, WITH_HTTP_INFO)
    }

    /// Reads the owner of the token: `GET /users/current`.
    #[wasm_bindgen(js_name = getCurrentUser, unchecked_return_type = "Promise<UserDetail>")]
    pub fn get_current_user(&self, #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue) -> Promise {
        self.get_current(&options, DATA)
    }

    /// Like `getCurrentUser`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = getCurrentUserWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<UserDetail>>")]
    pub fn get_current_user_with_http_info(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Promise {
        self.get_current(&options, WITH_HTTP_INFO)
    }

    /// Reads a user with roles: `GET /users/{id}`. Needs `API Access` and `View all users`.
    #[wasm_bindgen(js_name = getUser, unchecked_return_type = "Promise<UserDetail>")]
    pub fn get_user(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.get(&id, &options, DATA)
    }

    /// Like `getUser`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = getUserWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<UserDetail>>")]
    pub fn get_user_with_http_info(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.get(&id, &options, WITH_HTTP_INFO)
    }

    /// Lists the users of the organisation that the account group belongs to: `GET /users`. Needs `API Access` and `View all users`.
    #[wasm_bindgen(js_name = getUsers, unchecked_return_type = "Promise<Users>")]
    pub fn get_users(&self, #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue) -> Promise {
        self.list(&options, DATA)
    }

    /// Like `getUsers`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = getUsersWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<Users>>")]
    pub fn get_users_with_http_info(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.list(&options, WITH_HTTP_INFO)
    }

    /// Changes a user: `PUT /users/{id}`. A list of `accountGroupRoles` **replaces** all that the user has. Needs the permission `Edit users`.
    #[wasm_bindgen(js_name = updateUser, unchecked_return_type = "Promise<UserDetail>")]
    pub fn update_user(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(js_name = userRequest, unchecked_param_type = "UserRequest")] user_request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.update(&id, &user_request, &options, DATA)
    }

    /// Like `updateUser`, with status, headers and rate limit.
    #[wasm_bindgen(js_name = updateUserWithHttpInfo, unchecked_return_type = "Promise<ApiResponse<UserDetail>>")]
    pub fn update_user_with_http_info(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Id")] id: JsValue,
        #[wasm_bindgen(js_name = userRequest, unchecked_param_type = "UserRequest")] user_request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AccountGroupOptions")] options: JsValue,
    ) -> Promise {
        self.update(&id, &user_request, &options, WITH_HTTP_INFO)
    }
}
