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
        let (address, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
        let path: Vec<_> = address.trim_start_matches("https://api.thousandeyes.com/v7/").split('/').collect();
        let body: Value = request.body.as_deref().map(|body| serde_json::from_str(body).unwrap()).unwrap_or_default();
        let found = |user: Option<Value>| user.map_or_else(|| answer(404, "{}"), |user| answer(200, user.to_string()));
        match (request.method.as_str(), path.as_slice()) {
            ("GET", ["users"]) => {
                let users: Vec<_> = self.0.borrow().iter().map(without_roles).collect();
                answer(200, json!({ "users": users }).to_string())
            }
            // The first one owns the token.
            ("GET", ["users", "current"]) => found(self.0.borrow().first().cloned()),
            ("GET", ["users", id]) => found(self.user(id)),
            ("GET", ["roles"]) => answer(200, roles().to_string()),
            ("GET", ["account-groups"]) => answer(200, account_groups().to_string()),
            ("GET", ["account-groups", aid]) if query.contains("expand=user") => {
                let users: Vec<_> = self.0.borrow().iter().filter_map(|user| member(user, aid)).collect();
                answer(200, json!({ "aid": aid, "users": users }).to_string())
            }
            ("POST", ["users"]) => {
                let highest = self.0.borrow().iter().filter_map(|user| user["uid"].as_str()?.parse().ok()).max().unwrap_or(0);
                let uid = highest.max(1000) + 1;
                let mut user = json!({ "uid": uid.to_string(), "accountGroupRoles": [], "allAccountGroupRoles": [] });
                write(&mut user, &body);
                self.0.borrow_mut().push(user.clone());
                answer(201, user.to_string())
            }
            ("PUT", ["users", id]) if self.user(id).is_some() => {
                self.change(id, |user| write(user, &body));
                found(self.user(id))
            }
            ("DELETE", ["users", id]) if self.user(id).is_some() => {
                self.0.borrow_mut().retain(|user| user["uid"] != *id);
                answer(204, "")
            }
            ("PUT" | "DELETE", ["users", _]) => answer(404, "{}"),
            (method, path) => panic!("{method} {path:?}"),
        }
    }
}

/// The roles: 1, 7, 30, 31, 34, 66 are harmless, 41 manages, 32 is the built-in administrator.
pub fn roles() -> Value {
    let role = |id: &str| match id {
        "32" => json!({ "roleId": id, "name": "Organization Admin", "isBuiltin": true, "hasManagementPermissions": true }),
        "41" => json!({ "roleId": id, "name": "Account Admin", "isBuiltin": true, "hasManagementPermissions": true }),
        id => json!({ "roleId": id, "name": format!("Role {id}"), "isBuiltin": false, "hasManagementPermissions": false }),
    };
    json!({ "roles": (["1", "7", "30", "31", "32", "34", "41", "66"].map(role)) })
}

pub fn account_groups() -> Value {
    json!({ "accountGroups": [
        { "aid": "5", "accountGroupName": "Ops", "orgId": "1", "isCurrentAccountGroup": true },
        { "aid": "6", "accountGroupName": "Lab", "orgId": "1" },
    ] })
}

/// A user as a list has it.
fn without_roles(user: &Value) -> Value {
    let mut user = user.clone();
    let members = user.as_object_mut().unwrap();
    members.remove("accountGroupRoles");
    members.remove("allAccountGroupRoles");
    user
}

/// A user as an account group lists it, if it is a member.
fn member(user: &Value, aid: &str) -> Option<Value> {
    let everywhere = user["allAccountGroupRoles"].as_array().unwrap().iter();
    let here = user["accountGroupRoles"].as_array().unwrap().iter().filter(|entry| entry["accountGroup"]["aid"] == aid);
    let roles: Vec<_> = here.flat_map(|entry| entry["roles"].as_array().unwrap()).chain(everywhere).cloned().collect();
    let mut member = without_roles(user);
    member["roles"] = json!(roles);
    (!roles.is_empty()).then_some(member)
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
