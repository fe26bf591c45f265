//! The Users API.

use super::Endpoint;
use crate::http::{Method, Request};
use crate::models::{CreatedUser, UserDetail, UserRequest, Users};

const ACCEPT: &str = "application/hal+json, application/json, application/problem+json";
const ACCEPT_WITHOUT_BODY: &str = "application/json, application/problem+json";

const VIEW: Option<&str> = Some("API Access and View all users");
const EDIT: Option<&str> = Some("Edit users in all account groups, or Edit users");

fn read(segments: &[&str], aid: Option<&str>) -> Request {
    Request::new(Method::Get, segments).query("aid", aid).header("Accept", ACCEPT)
}

fn write(method: Method, segments: &[&str], aid: Option<&str>, body: &UserRequest) -> Request {
    let mut request = Request::new(method, segments).query("aid", aid).header("Accept", ACCEPT).header("Content-Type", "application/json");
    // It fails for maps alone whose keys are no strings.
    request.body = serde_json::to_string(body).ok();
    request
}

/// `POST /users`
#[derive(Debug)]
pub struct CreateUser {
    /// The user to create.
    pub user_request: UserRequest,
    /// The account group.
    pub aid: Option<String>,
}

impl Endpoint for CreateUser {
    type Output = CreatedUser;
    const OPERATION: &'static str = "createUser";

    fn request(&self) -> Request {
        write(Method::Post, &["users"], self.aid.as_deref(), &self.user_request)
    }
}

/// `DELETE /users/{id}`
#[derive(Debug)]
pub struct DeleteUser {
    /// The user.
    pub id: String,
    /// The account group.
    pub aid: Option<String>,
}

impl Endpoint for DeleteUser {
    type Output = ();
    const OPERATION: &'static str = "deleteUser";
    const PERMISSIONS: Option<&'static str> = EDIT;

    fn request(&self) -> Request {
        Request::new(Method::Delete, &["users", &self.id]).query("aid", self.aid.as_deref()).header("Accept", ACCEPT_WITHOUT_BODY)
    }
}

/// `GET /users/current`
#[derive(Debug)]
pub struct GetCurrentUser;

impl Endpoint for GetCurrentUser {
    type Output = UserDetail;
    const OPERATION: &'static str = "getCurrentUser";

    fn request(&self) -> Request {
        read(&["users", "current"], None)
    }
}

/// `GET /users/{id}`
#[derive(Debug)]
pub struct GetUser {
    /// The user.
    pub id: String,
    /// The account group.
    pub aid: Option<String>,
}

impl Endpoint for GetUser {
    type Output = UserDetail;
    const OPERATION: &'static str = "getUser";
    const PERMISSIONS: Option<&'static str> = VIEW;

    fn request(&self) -> Request {
        read(&["users", &self.id], self.aid.as_deref())
    }
}

/// `GET /users`
#[derive(Debug)]
pub struct GetUsers {
    /// The account group.
    pub aid: Option<String>,
}

impl Endpoint for GetUsers {
    type Output = Users;
    const OPERATION: &'static str = "getUsers";
    const PERMISSIONS: Option<&'static str> = VIEW;

    fn request(&self) -> Request {
        read(&["users"], self.aid.as_deref())
    }
}

/// `PUT /users/{id}`
#[derive(Debug)]
pub struct UpdateUser {
    /// The user.
    pub id: String,
    /// What to change.
    pub user_request: UserRequest,
    /// The account group.
    pub aid: Option<String>,
}

impl Endpoint for UpdateUser {
    type Output = UserDetail;
    const OPERATION: &'static str = "updateUser";
    const PERMISSIONS: Option<&'static str> = EDIT;

    fn request(&self) -> Request {
        write(Method::Put, &["users", &self.id], self.aid.as_deref(), &self.user_request)
    }
}
