//! A small organisation that answers as the API does, as far as users go.

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::{Value, json};
use thousandeyes_admin::http::Request;

use super::{Script, answer};

/// Its users; clones share them.
#[derive(Clone, Default)]
pub struct Organisation(pub Rc<RefCell<Vec<Value>>>);

impl Organisation {
    pub fn of(users: &[Value]) -> Self {
        Self(Rc::new(RefCell::new(users.to_vec())))
    }

    pub fn user(&self, uid: &str) -> Option<Value> {
        self.0.borrow().iter().find(|user| user["uid"] == uid).cloned()
    }

    /// Somebody else changes a user.
    pub fn change(&self, uid: &str, change: impl FnOnce(&mut Value)) {
        change(self.0.borrow_mut().iter_mut().find(|user| user["uid"] == uid).unwrap());
    }

    pub fn answer(&self, request: &Request) -> Script {
        let path = request.url.split('?').next().unwrap().trim_start_matches("https://api.thousandeyes.com/v7");
        let id = path.strip_prefix("/users/").unwrap_or_default();
        let body: Value = request.body.as_deref().map(|body| serde_json::from_str(body).unwrap()).unwrap_or_default();
        match request.method.as_str() {
            "GET" if path == "/users" => {
                let without_roles = |user: &Value| {
                    let mut user = user.clone();
                    let members = user.as_object_mut().unwrap();
                    members.remove("accountGroupRoles");
                    members.remove("allAccountGroupRoles");
                    user
                };
                answer(200, json!({ "users": self.0.borrow().iter().map(without_roles).collect::<Vec<_>>() }).to_string())
            }
            "GET" => self.user(id).map_or_else(|| answer(404, "{}"), |user| answer(200, user.to_string())),
            "POST" => {
                let uid = (self.0.borrow().len() + 1000).to_string();
                let mut user = json!({ "uid": uid, "accountGroupRoles": [], "allAccountGroupRoles": [] });
                write(&mut user, &body);
                self.0.borrow_mut().push(user.clone());
                answer(201, user.to_string())
            }
            "PUT" => {
                self.change(id, |user| write(user, &body));
                answer(200, self.user(id).unwrap().to_string())
            }
            method => panic!("{method} {path}"),
        }
    }
}

/// Lists replace what was there.
fn write(user: &mut Value, body: &Value) {
    let role = |id: &Value| json!({ "roleId": id, "name": "a role" });
    for (name, value) in body.as_object().unwrap() {
        match name.as_str() {
            "loginAccountGroupId" => user["loginAccountGroup"] = json!({ "aid": value }),
            "accountGroupRoles" => {
                let entry = |entry: &Value| {
                    let roles: Vec<_> = entry["roleIds"].as_array().unwrap().iter().map(role).collect();
                    json!({ "accountGroup": { "aid": entry["accountGroupId"] }, "roles": roles })
                };
                user["accountGroupRoles"] = value.as_array().unwrap().iter().map(entry).collect();
            }
            "allAccountGroupRoleIds" => user["allAccountGroupRoles"] = value.as_array().unwrap().iter().map(role).collect(),
            _ => user[name] = value.clone(),
        }
    }
}
