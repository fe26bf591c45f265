//! A small organisation in memory, as far as plans need it: what they are made from, and what their writes do.

#![allow(dead_code)]

use serde_json::{Value as Json, json};
use thousandeyes_admin::admin::{
    About, Change, Decision, Directory, Grant, Knowledge, Limits, Plan, Scope, Step, UserState, Write, changes, make, needed,
};
use thousandeyes_admin::error::Error;
use thousandeyes_admin::input::Value;
use thousandeyes_admin::models::{AccountGroups, FromValue, Roles, UserDetail, Users};
use thousandeyes_admin::path::Path;

use given::given;

#[path = "../given/mod.rs"]
mod given;

#[allow(unused_imports, reason = "journals are texts")]
pub use given::given as value;

/// A user.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub uid: String,
    pub state: UserState,
}

/// An organisation. Its first user owns the token.
#[derive(Debug, Clone, PartialEq)]
pub struct People {
    pub users: Vec<Person>,
    next: u32,
}

/// The roles: 30 is harmless, 31 manages, 32 is the built-in administrator, and of 33 nobody knows.
pub fn roles() -> Json {
    json!({ "roles": [
        { "roleId": "30", "name": "Regular User", "isBuiltin": true, "hasManagementPermissions": false },
        { "roleId": "31", "name": "Account Admin", "isBuiltin": true, "hasManagementPermissions": true },
        { "roleId": "32", "name": "Organization Admin", "isBuiltin": true, "hasManagementPermissions": true },
        { "roleId": "33", "name": "Odd", "isBuiltin": false },
        { "roleId": "34", "name": "Twin", "isBuiltin": false, "hasManagementPermissions": false },
        { "roleId": "35", "name": "Twin", "isBuiltin": false, "hasManagementPermissions": false },
    ] })
}

pub fn account_groups() -> Json {
    json!({ "accountGroups": [
        { "aid": "5", "accountGroupName": "Ops", "orgId": "1", "isCurrentAccountGroup": true },
        { "aid": "6", "accountGroupName": "Lab", "orgId": "1" },
        { "aid": "7", "accountGroupName": "Branch", "orgId": "2" },
    ] })
}

/// A role in an account group; `*` stands for all of them.
pub fn grant(role_id: &str, aid: &str) -> Grant {
    let scope = if aid == "*" { Scope::Everywhere } else { Scope::AccountGroup(aid.to_owned()) };
    Grant { scope, role_id: role_id.to_owned() }
}

pub fn state(name: &str, grants: &[(&str, &str)]) -> UserState {
    let state = UserState {
        name: Some(name.to_owned()),
        email: Some(format!("{}@example.com", name.to_lowercase())),
        login_account_group_id: Some("5".to_owned()),
        grants: Vec::new(),
    };
    grants.iter().fold(state, |state, (role_id, aid)| state.with(grant(role_id, aid)))
}

pub fn people() -> People {
    let person = |uid: &str, name: &str, grants: &[(&str, &str)]| Person { uid: uid.to_owned(), state: state(name, grants) };
    People {
        users: vec![
            person("1", "Owner", &[("32", "5"), ("30", "6")]),
            person("2", "Ada", &[("30", "5"), ("31", "6")]),
            person("3", "Grace", &[("30", "*")]),
            person("4", "Linus", &[]),
            person("5", "Admin", &[("32", "5")]),
        ],
        next: 100,
    }
}

impl People {
    pub fn position(&self, uid: &str) -> Option<usize> {
        self.users.iter().position(|user| user.uid == uid)
    }

    pub fn user(&self, uid: &str) -> Option<&UserState> {
        self.position(uid).map(|place| &self.users[place].state)
    }

    pub fn by_email(&self, email: &str) -> Option<&Person> {
        self.users.iter().find(|user| user.state.email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(email)))
    }

    pub fn detail(&self, uid: &str) -> UserDetail {
        let Person { uid, state } = &self.users[self.position(uid).unwrap()];
        let entries: Vec<_> = state
            .grants
            .iter()
            .filter_map(|grant| match &grant.scope {
                Scope::AccountGroup(aid) => Some(json!({ "accountGroup": { "aid": aid }, "roles": [{ "roleId": grant.role_id }] })),
                Scope::Everywhere => None,
            })
            .collect();
        let everywhere: Vec<_> =
            state.grants.iter().filter(|grant| grant.scope == Scope::Everywhere).map(|grant| json!({ "roleId": grant.role_id })).collect();
        let user = json!({
            "uid": uid, "name": state.name, "email": state.email, "loginAccountGroup": { "aid": state.login_account_group_id },
            "accountGroupRoles": entries, "allAccountGroupRoles": everywhere,
        });
        UserDetail::from_value(&Path::Argument("user"), &given(&user)).unwrap()
    }

    pub fn directory(&self) -> Directory {
        let users: Vec<_> =
            self.users.iter().map(|user| json!({ "uid": user.uid, "name": user.state.name, "email": user.state.email })).collect();
        let path = Path::Argument("answer");
        Directory::of(
            Users::from_value(&path, &given(&json!({ "users": users }))).unwrap(),
            Roles::from_value(&path, &given(&roles())).unwrap(),
            AccountGroups::from_value(&path, &given(&account_groups())).unwrap(),
        )
    }

    /// What is known, with all administrators.
    pub fn knowledge(&self) -> Knowledge {
        let mut knowledge = Knowledge::of(&self.detail(&self.users[0].uid), &self.directory().roles, None);
        self.users.iter().for_each(|user| knowledge.note(&user.uid, Some(&user.state)));
        knowledge.admins_are_all();
        knowledge
    }

    pub fn plan(&self, wanted: &Json) -> Result<Plan, Error> {
        self.plan_of(&changes(&given(wanted))?)
    }

    pub fn plan_of(&self, wanted: &[Change]) -> Result<Plan, Error> {
        let directory = self.directory();
        let details: Vec<_> = needed(wanted, &directory)?.iter().map(|uid| self.detail(uid)).collect();
        let mut plan = make(wanted, &directory, &details, about())?;
        plan.count(7, 2, 240);
        plan.judge(&self.knowledge(), &Limits::default());
        Ok(plan)
    }

    /// What a read for a step finds.
    pub fn fresh(&self, step: &Step) -> Option<&UserState> {
        match &step.user.uid {
            Some(uid) => self.user(uid),
            None => self.by_email(step.user.email.as_deref().unwrap()).map(|user| &user.state),
        }
    }

    /// Carries out a write, and answers the user that is there then.
    pub fn write(&mut self, write: Write) -> Option<Person> {
        match write {
            Write::Create(request) => {
                let mut state = UserState::default().changed_by(&request);
                // The API fills in what an invitation leaves open.
                state.name = state.name.or_else(|| Some("--".to_owned()));
                state.login_account_group_id = state.login_account_group_id.or_else(|| Some("5".to_owned()));
                assert!(self.by_email(state.email.as_deref().unwrap()).is_none(), "a doubled user");
                self.next += 1;
                self.users.push(Person { uid: self.next.to_string(), state });
                self.users.last().cloned()
            }
            Write::Update(uid, request) => {
                let place = self.position(&uid).unwrap();
                self.users[place].state = self.users[place].state.clone().changed_by(&request);
                Some(self.users[place].clone())
            }
            Write::Remove(uid) => {
                self.users.remove(self.position(&uid).unwrap());
                None
            }
        }
    }

    /// Carries out a plan without guards and journal, and says what was decided.
    pub fn apply(&mut self, plan: &Plan) -> Vec<Decision> {
        let mut decisions = Vec::new();
        for step in &plan.steps {
            let decision = step.decide(self.fresh(step), false);
            if let Decision::Write(write) = &decision {
                self.write(write.clone());
            }
            decisions.push(decision);
        }
        decisions
    }
}

pub fn about() -> About {
    About {
        plan_id: "0123456789abcdef".to_owned(),
        created: "2026-11-26T10:00:00Z".to_owned(),
        host: "https://api.thousandeyes.com/v7".to_owned(),
        aid: None,
        actor: Some("owner@example.com".to_owned()),
        reason: Some("TICKET-1".to_owned()),
    }
}

pub fn json_of(value: &impl serde::Serialize) -> Json {
    whole(serde_json::to_value(value).unwrap())
}

/// JSON as JavaScript has it, where a whole number is a whole number.
fn whole(value: Json) -> Json {
    match value {
        Json::Number(number) => json!(number.as_f64().unwrap() as u32),
        Json::Array(items) => items.into_iter().map(whole).collect(),
        Json::Object(members) => Json::Object(members.into_iter().map(|(name, item)| (name, whole(item))).collect()),
        other => other,
    }
}

pub fn read(plan: &Json) -> Result<Plan, Error> {
    Plan::read(&given(plan))
}

pub fn text_of(value: &Value) -> String {
    serde_json::to_string(value).unwrap()
}
