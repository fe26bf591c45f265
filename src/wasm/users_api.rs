//! The exported Users API: each method converts its arguments, hands over to the core and converts the answer.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::api_client::ApiClient;
use super::convert::{Input, property};
use super::promise::{DATA, WITH_HTTP_INFO, call};
use crate::endpoints::Endpoint;
use crate::endpoints::users::{CreateUser, DeleteUser, GetCurrentUser, GetUser, GetUsers, UpdateUser};
use crate::error::Error;
use crate::input;
use crate::models::UserRequest;
use crate::path::Path;

#[wasm_bindgen]
extern "C" {
    type Shared;
    #[wasm_bindgen(method, js_name = __share, catch)]
    fn share(this: &Shared) -> Result<ApiClient, JsValue>;
}

/// Creates, reads, changes and deletes users.
#[wasm_bindgen]
pub struct UsersApi {
    client: ApiClient,
    owns_client: bool,
}

impl UsersApi {
    fn create(&self, user_request: &JsValue, options: &JsValue, with_http_info: bool) -> Promise {
        call(&self.client, options, true, with_http_info, &|aid| Ok(CreateUser { user_request: request(user_request)?, aid }.operation()))
    }

    fn delete(&self, id: &JsValue, options: &JsValue, with_http_info: bool) -> Promise {
        call(&self.client, options, true, with_http_info, &|aid| Ok(DeleteUser { id: user_id(id)?, aid }.operation()))
    }

    fn get_current(&self, options: &JsValue, with_http_info: bool) -> Promise {
        call(&self.client, options, false, with_http_info, &|_| Ok(GetCurrentUser.operation()))
    }

    fn get(&self, id: &JsValue, options: &JsValue, with_http_info: bool) -> Promise {
        call(&self.client, options, true, with_http_info, &|aid| Ok(GetUser { id: user_id(id)?, aid }.operation()))
    }

    fn list(&self, options: &JsValue, with_http_info: bool) -> Promise {
        call(&self.client, options, true, with_http_info, &|aid| Ok(GetUsers { aid }.operation()))
    }

    fn update(&self, id: &JsValue, user_request: &JsValue, options: &JsValue, with_http_info: bool) -> Promise {
        call(&self.client, options, true, with_http_info, &|aid| {
            Ok(UpdateUser { id: user_id(id)?, user_request: request(user_request)?, aid }.operation())
        })
    }
}

fn user_id(id: &JsValue) -> Result<String, Error> {
    input::user_id(&Input::read(&Path::Argument("id"), id)?.value)
}

fn request(user_request: &JsValue) -> Result<UserRequest, Error> {
    input::user_request(&Input::read(&Path::Body("userRequest"), user_request)?.value)
}

#[wasm_bindgen]
impl UsersApi {
    /// Takes an ApiClient, or the configuration of one; throws an ApiTypeError or ApiValueError if that is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(js_name = client, unchecked_optional_param_type = "ApiClient | Configuration")] client: JsValue,
    ) -> Result<UsersApi, JsValue> {
        let shares = property(&client, "__share").is_ok_and(|method| method.is_some_and(|method| method.is_function()));
        let problem = "is an ApiClient of another copy of thousandeyes-admin: use one copy for both.";
        let foreign = |_| Error::wrong_type(&Path::Argument("client"), problem);
        let shared = if shares { client.unchecked_ref::<Shared>().share().map_err(foreign)? } else { ApiClient::new(client)? };
        Ok(Self { client: shared, owns_client: !shares })
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
