//! An organisation in memory that answers what jobs ask for, as the API does; and the application beside it.

#![allow(dead_code)]

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use thousandeyes_admin::jobs::Running;

/// Minutes are long enough here.
const START: u64 = 1_795_000_000_000;

/// An organisation with its application.
pub struct Office {
    /// The users, as the API answers them when they are read alone. The first one owns the token.
    pub users: Vec<Json>,
    /// The account groups, as the API lists them.
    pub groups: Json,
    pub journal: String,
    /// The requests, such as `PUT /users/9`.
    pub log: Vec<String>,
    /// What was sent with writes.
    pub sent: Vec<Json>,
    /// What the application was told of progress, and of steps.
    pub progress: Vec<(u64, u64)>,
    pub results: Vec<Json>,
    pub now: u64,
    next: u64,
    /// A role that never arrives at a user.
    pub refused: Option<String>,
    /// A role that the API gives whoever is created.
    pub default_role: Option<String>,
    /// Who is there from the so manieth reading of the list behind the first one on.
    pub appears: Option<(u32, String)>,
    /// What the API may do in place of answering.
    pub trouble: Box<dyn FnMut(&str) -> Trouble>,
    /// What `change` gives for a user.
    pub change: Change,
    /// Whether to stop behind a step.
    pub stop: Box<dyn FnMut(&Json) -> bool>,
}

/// Gets the users, which may change meanwhile, and the one that is to change; gives a request, and whether it took time.
type Change = Box<dyn FnMut(&mut Vec<Json>, &Json) -> (Json, bool)>;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Trouble {
    /// It is answered.
    None,
    /// It is refused.
    Refused(u32),
    /// It would have come late, so it is not sent.
    Late,
    /// It is lost on the way there.
    LostBefore,
    /// It is carried out, and the answer is lost.
    LostAfter,
    /// It is carried out, and the answer tells nothing of roles in all account groups.
    Bare,
    /// The process is killed before the request, or behind it.
    KilledBefore,
    KilledAfter,
}

/// This becomes of a write, and whatever is looked up behind it is refused.
pub fn blind_behind(write: &'static str, trouble: Trouble, looks: &'static str, status: u32) -> Box<dyn FnMut(&str) -> Trouble> {
    let mut is_sent = false;
    Box::new(move |line| {
        let refuses = is_sent && line.starts_with(looks);
        is_sent |= line == write;
        match line {
            _ if line == write => trouble,
            _ if refuses => Trouble::Refused(status),
            _ => Trouble::None,
        }
    })
}

/// How a job failed: with an error of its own, or by what it was told.
#[derive(Debug, PartialEq)]
pub enum Failed {
    Own(String, Json),
    Told(Json),
    Killed,
}

/// A job under way, from one question to the next.
pub struct Session {
    running: Running,
    answer: Option<Result<String, String>>,
    failures: Vec<Json>,
}

impl Session {
    /// A job; beside its options, `retries` says how often a write is made again.
    pub fn new(job: &str, argument: Json, mut options: Json) -> Self {
        let retries = options.as_object_mut().unwrap().remove("retries");
        let start = json!({
            "job": job, "argument": argument, "options": options, "host": "https://api.thousandeyes.com/v7", "planId": "0123456789abcdef",
            "retries": retries,
        });
        Self { running: Running::new(start.to_string()), answer: None, failures: Vec::new() }
    }

    /// Goes on by one question, and has it answered; gives how the job ended, if it did.
    pub fn advance(&mut self, office: &mut Office) -> Option<Result<Json, Failed>> {
        let (text, is_failure) = match &self.answer {
            None => (None, false),
            Some(Ok(text)) => (Some(text.as_str()), false),
            Some(Err(text)) => (Some(text.as_str()), true),
        };
        let question: Json = serde_json::from_str(&self.running.resume(text, is_failure, office.now, None)).unwrap();
        match question["ask"].as_str().unwrap() {
            "done" => return Some(Ok(question["value"].clone())),
            "failed" => return Some(Err(Failed::Own(question["class"].as_str().unwrap().to_owned(), question["fields"].clone()))),
            "told" => return Some(Err(Failed::Told(self.failures.swap_remove(question["place"].as_u64().unwrap() as usize)))),
            _ => {}
        }
        self.answer = Some(match office.answer(&question) {
            Err(Failed::Told(failure)) => {
                self.failures.push(failure.clone());
                Err(failure.to_string())
            }
            Err(killed) => return Some(Err(killed)),
            Ok(text) => Ok(text),
        });
        None
    }
}

pub fn ada() -> Json {
    json!({
        "uid": "9", "name": "Ada", "email": "ada@example.com", "loginAccountGroup": { "aid": "5" },
        "accountGroupRoles": [{ "accountGroup": { "aid": "5" }, "roles": [{ "roleId": "31", "name": "a role" }] }],
        "allAccountGroupRoles": [],
    })
}

/// A user with roles in account groups; `*` stands for all of them.
pub fn user(uid: &str, name: &str, roles: &[(&str, &str)]) -> Json {
    let mut user = json!({
        "uid": uid, "name": name, "email": format!("{}@example.com", name.to_lowercase()),
        "accountGroupRoles": [], "allAccountGroupRoles": [],
    });
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    roles.iter().for_each(|(role, aid)| groups.entry(aid).or_default().push(role));
    let everywhere = groups.remove("*").unwrap_or_default();
    let entries: Vec<_> = groups.iter().map(|(aid, roles)| json!({ "accountGroupId": aid, "roleIds": roles })).collect();
    write(&mut user, &json!({ "loginAccountGroupId": "5", "accountGroupRoles": entries, "allAccountGroupRoleIds": everywhere }));
    user
}

/// The roles: 31 to 39 are harmless, 41 manages, 32 is the built-in administrator.
pub fn roles() -> Json {
    let role = |id: &str| match id {
        "32" => json!({ "roleId": id, "name": "Organization Admin", "isBuiltin": true, "hasManagementPermissions": true }),
        "41" => json!({ "roleId": id, "name": "Account Admin", "isBuiltin": true, "hasManagementPermissions": true }),
        id => json!({ "roleId": id, "name": format!("Role {id}"), "isBuiltin": false, "hasManagementPermissions": false }),
    };
    json!({ "roles": (["31", "32", "33", "34", "41"].map(role)) })
}

pub fn account_groups() -> Json {
    json!({ "accountGroups": [
        { "aid": "5", "accountGroupName": "Ops", "orgId": "1", "isCurrentAccountGroup": true },
        { "aid": "6", "accountGroupName": "Lab", "orgId": "1" },
    ] })
}

impl Office {
    pub fn of(users: &[Json]) -> Self {
        Self {
            users: users.to_vec(),
            groups: account_groups(),
            journal: String::new(),
            log: Vec::new(),
            sent: Vec::new(),
            progress: Vec::new(),
            results: Vec::new(),
            now: START,
            next: 1000,
            refused: None,
            default_role: None,
            appears: None,
            trouble: Box::new(|_| Trouble::None),
            change: Box::new(|_, _| panic!("nobody is asked for a change")),
            stop: Box::new(|_| false),
        }
    }

    /// An organisation of an owner, another administrator and these users.
    pub fn with(users: &[Json]) -> Self {
        let own = [user("1", "Owner", &[("32", "5"), ("32", "6")]), user("2", "Deputy", &[("32", "5")])];
        Self::of(&[&own[..], users].concat())
    }

    pub fn user(&self, uid: &str) -> Option<&Json> {
        self.users.iter().find(|user| user["uid"] == uid)
    }

    pub fn by_email(&self, email: &str) -> Vec<&Json> {
        self.users.iter().filter(|user| user["email"].as_str().unwrap().eq_ignore_ascii_case(email)).collect()
    }

    /// This role never arrives at a user.
    pub fn refuses(&mut self, role_id: &str) {
        self.refused = Some(role_id.to_owned());
    }

    /// Somebody else changes a user.
    pub fn edit(&mut self, uid: &str, edit: impl FnOnce(&mut Json)) {
        edit(self.users.iter_mut().find(|user| user["uid"] == uid).unwrap());
    }

    /// Does a job to its end.
    pub fn run(&mut self, job: &str, argument: Json, options: Json) -> Result<Json, Failed> {
        let mut session = Session::new(job, argument, options);
        loop {
            if let Some(ended) = session.advance(self) {
                return ended;
            }
        }
    }

    /// The answer to what a job asks for.
    fn answer(&mut self, question: &Json) -> Result<String, Failed> {
        match question["ask"].as_str().unwrap() {
            "call" => self.call(question).map(|given| given.to_string()),
            "pause" => {
                self.now += question["milliseconds"].as_u64().unwrap();
                Ok(String::new())
            }
            "change" => {
                let (request, took_time) = (self.change)(&mut self.users, &question["user"]);
                Ok(json!([request, took_time]).to_string())
            }
            "read" => Ok(self.journal.clone()),
            "append" => {
                let (line, trouble) = (question["line"].as_str().unwrap(), (self.trouble)("append"));
                match trouble {
                    Trouble::KilledBefore => return Err(Failed::Killed),
                    // A part of the line is all that is there.
                    Trouble::KilledAfter => {
                        let half = (0..=line.len() / 2).rev().find(|at| line.is_char_boundary(*at)).unwrap();
                        self.journal += &line[..half];
                        return Err(Failed::Killed);
                    }
                    _ => self.journal += line,
                }
                Ok(String::new())
            }
            "progress" => {
                self.progress.push((question["done"].as_u64().unwrap(), question["total"].as_u64().unwrap()));
                Ok(String::new())
            }
            "step" => {
                let result = question["result"].clone();
                let stops = !result.is_null() && (self.stop)(&result);
                if !result.is_null() {
                    self.results.push(result);
                }
                Ok(stops.to_string())
            }
            other => panic!("asks for {other}"),
        }
    }

    /// A call of the API, with whatever may become of it.
    fn call(&mut self, question: &Json) -> Result<Json, Failed> {
        self.now += 100;
        let arguments = question["arguments"].as_array().unwrap();
        let first = arguments.first().and_then(Json::as_str).unwrap_or_default();
        let line = match question["operation"].as_str().unwrap() {
            "getUsers" => "GET /users".to_owned(),
            "getUser" => format!("GET /users/{first}"),
            "getCurrentUser" => "GET /users/current".to_owned(),
            "createUser" => "POST /users".to_owned(),
            "updateUser" => format!("PUT /users/{first}"),
            "deleteUser" => format!("DELETE /users/{first}"),
            "getRoles" => "GET /roles".to_owned(),
            "getAccountGroups" => "GET /account-groups".to_owned(),
            "getAccountGroup" => format!("GET /account-groups/{first}?expand={}", question["expand"][0].as_str().unwrap()),
            other => panic!("calls {other}"),
        };
        self.log.push(line.clone());
        let again = (!line.starts_with("POST")).then_some(500);
        let failure = |status: Option<u32>, outcome: &str| {
            let again = if matches!(status, Some(401 | 429)) { Some(1000) } else { again.filter(|_| outcome == "unknown") };
            Err(Failed::Told(json!({ "status": status, "outcome": outcome, "message": format!("{line} failed."), "again": again })))
        };
        match (self.trouble)(&line) {
            Trouble::Refused(status) => return failure(Some(status), "rejected"),
            Trouble::Late => {
                let message = format!("{line} would have come late.");
                return Err(Failed::Told(json!({ "outcome": "not-sent", "message": message, "again": 500, "isLate": true })));
            }
            Trouble::LostBefore => return failure(None, "unknown"),
            Trouble::KilledBefore => return Err(Failed::Killed),
            Trouble::LostAfter => {
                let _ = self.carry_out(&line, arguments);
                return failure(None, "unknown");
            }
            Trouble::KilledAfter => {
                let _ = self.carry_out(&line, arguments);
                return Err(Failed::Killed);
            }
            Trouble::Bare => {
                let mut given = self.carry_out(&line, arguments).unwrap();
                given.as_object_mut().unwrap().remove("allAccountGroupRoles");
                return Ok(given);
            }
            Trouble::None => {}
        }
        match self.carry_out(&line, arguments) {
            Some(given) => Ok(given),
            None => failure(Some(404), "rejected"),
        }
    }

    fn carry_out(&mut self, line: &str, arguments: &[Json]) -> Option<Json> {
        let body = arguments.last().filter(|last| last.is_object());
        let (method, path) = line.split_once(" /").unwrap();
        if let Some(body) = body {
            self.sent.push(body.clone());
        }
        match (method, path.split('/').collect::<Vec<_>>().as_slice()) {
            ("GET", ["users"]) => {
                if let Some((after, email)) = &mut self.appears {
                    if *after == 0 {
                        let mut made = user("777", "Late", &[]);
                        made["email"] = json!(email);
                        self.users.push(made);
                        self.appears = None;
                    } else {
                        *after -= 1;
                    }
                }
                Some(json!({ "users": self.users.iter().map(without_roles).collect::<Vec<_>>() }))
            }
            ("GET", ["users", "current"]) => self.users.first().cloned(),
            ("GET", ["users", id]) => self.user(id).cloned(),
            ("GET", ["roles"]) => Some(roles()),
            ("GET", ["account-groups"]) => Some(self.groups.clone()),
            ("GET", ["account-groups", id]) => {
                let aid = id.split('?').next().unwrap();
                Some(json!({ "aid": aid, "users": self.users.iter().filter_map(|user| member(user, aid)).collect::<Vec<_>>() }))
            }
            ("POST", ["users"]) => {
                self.next += 1;
                let mut user = json!({ "uid": self.next.to_string(), "accountGroupRoles": [], "allAccountGroupRoles": [] });
                write(&mut user, body.unwrap());
                if let Some(role) = &self.default_role {
                    user["allAccountGroupRoles"] = json!([{ "roleId": role }]);
                }
                self.users.push(user.clone());
                Some(user)
            }
            ("PUT", ["users", id]) => {
                self.user(id)?;
                let mut body = body.unwrap().clone();
                if let (Some(refused), Some(entries)) = (&self.refused, body.get_mut("accountGroupRoles").and_then(Json::as_array_mut)) {
                    entries.iter_mut().for_each(|entry| entry["roleIds"].as_array_mut().unwrap().retain(|id| id != refused));
                }
                self.edit(id, |user| write(user, &body));
                self.user(id).cloned()
            }
            ("DELETE", ["users", id]) => {
                self.user(id)?;
                self.users.retain(|user| user["uid"] != *id);
                Some(Json::Null)
            }
            other => panic!("{other:?}"),
        }
    }
}

/// A user as a list has it.
fn without_roles(user: &Json) -> Json {
    let mut user = user.clone();
    let members = user.as_object_mut().unwrap();
    members.remove("accountGroupRoles");
    members.remove("allAccountGroupRoles");
    user
}

/// A user as an account group lists it, if it is a member.
fn member(user: &Json, aid: &str) -> Option<Json> {
    let everywhere = user["allAccountGroupRoles"].as_array().unwrap().iter();
    let here = user["accountGroupRoles"].as_array().unwrap().iter().filter(|entry| entry["accountGroup"]["aid"] == aid);
    let roles: Vec<_> = here.flat_map(|entry| entry["roles"].as_array().unwrap()).chain(everywhere).cloned().collect();
    let mut member = without_roles(user);
    member["roles"] = json!(roles);
    (!roles.is_empty()).then_some(member)
}

/// Lists replace what was there.
fn write(user: &mut Json, body: &Json) {
    let role = |id: &Json| json!({ "roleId": id, "name": "a role" });
    for (name, value) in body.as_object().unwrap() {
        match name.as_str() {
            "loginAccountGroupId" => user["loginAccountGroup"] = json!({ "aid": value }),
            "accountGroupRoles" => {
                let entry = |entry: &Json| {
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
