//! Which jobs there are, and what they are begun with.

use super::world::Given;
use crate::admin::{Limits, bearable_text};
use crate::error::Error;
use crate::input::{self, Parts, Properties, Value};
use crate::json;
use crate::path::Path;
use crate::value::parse_input;

/// A job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// One user is changed by a function.
    ModifyUser,
    /// The one user with an e-mail address is found.
    FindUser,
    /// A user is created who is not there yet.
    InviteUser,
    /// A plan is made.
    Plan,
    /// A plan is carried out.
    Apply,
    /// A plan is made that takes back what was carried out.
    PlanUndo,
    /// Who has access to what.
    AccessReport,
}

impl Job {
    /// All of them.
    pub const ALL: [Job; 7] = [Job::ModifyUser, Job::FindUser, Job::InviteUser, Job::Plan, Job::Apply, Job::PlanUndo, Job::AccessReport];

    /// The name of its method.
    pub const fn name(self) -> &'static str {
        match self {
            Job::ModifyUser => "modifyUser",
            Job::FindUser => "findUser",
            Job::InviteUser => "inviteUser",
            Job::Plan => "plan",
            Job::Apply => "apply",
            Job::PlanUndo => "planUndo",
            Job::AccessReport => "accessReport",
        }
    }

    /// The job of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|job| job.name() == name)
    }

    /// What its argument is called.
    pub const fn argument(self) -> Path<'static> {
        match self {
            Job::ModifyUser => Path::Argument("id"),
            Job::FindUser => Path::Argument("email"),
            Job::InviteUser => Path::Body("userRequest"),
            Job::Plan => Path::Argument("changes"),
            Job::Apply => Path::Argument("plan"),
            Job::PlanUndo | Job::AccessReport => Path::Argument("argument"),
        }
    }

    /// What it may be told beside the options of its calls.
    const fn options(self) -> &'static [&'static str] {
        match self {
            Job::ModifyUser => &["expect", "allow", "actor"],
            Job::FindUser => &[],
            Job::InviteUser => &["allow", "actor"],
            Job::Plan | Job::PlanUndo => &["reason", "actor", "onProgress"],
            Job::Apply => &["allow", "actor", "maxRemovals", "journal", "stopOnFailure", "onProgress"],
            Job::AccessReport => &["onProgress"],
        }
    }

    /// Takes what is its own out of options; the rest is for its calls. A function counts as `true`: the application keeps it.
    pub fn own_options(self, options: &mut Value) -> Result<Value, Error> {
        let path = Path::Argument("options");
        let mut own = Properties::default();
        if let Value::Object(properties) = options {
            for name in self.options() {
                if let Some(mut value) = properties.remove(name) {
                    if matches!(*name, "journal" | "onProgress") && value != Value::Null {
                        if value != Value::Function {
                            let what =
                                if *name == "journal" { "must be an object with read() and append(line)." } else { "must be a function." };
                            return Err(Error::wrong_type(&path.property(name), what));
                        }
                        value = Value::Flag(true);
                    }
                    own.0.push(((*name).to_owned(), value));
                }
            }
        }
        Ok(Value::Object(own))
    }
}

/// What a job is told beside the options of its calls.
#[derive(Debug, Clone, Default)]
pub struct JobOptions {
    /// What a page showed.
    pub expect: Option<Given>,
    /// What guards allow.
    pub limits: Limits,
    /// The person in front of a portal: an e-mail address or a uid.
    pub actor: Option<String>,
    /// Why something is done.
    pub reason: Option<String>,
    /// Whether there is a journal.
    pub has_journal: bool,
    /// Whether the first step that is not carried out is the last one.
    pub stops_on_failure: bool,
}

impl JobOptions {
    /// Reads the options; `json` is the same as it came.
    fn read(object: &Properties, json: &str) -> Result<Self, Error> {
        let path = Path::Argument("options");
        let expect = object.get("expect").filter(|expect| **expect != Value::Null);
        let limits = Limits::read(&path, object)?;
        let mut parts = Parts::of(&path, object);
        let options = Self {
            expect: expect.map(|value| Given { json: member(json, "expect").to_owned(), value: value.clone() }),
            limits,
            actor: parts.part("actor", input::id),
            reason: parts.part("reason", bearable_text),
            has_journal: parts.part("journal", input::flag).unwrap_or_default(),
            stops_on_failure: parts.part("stopOnFailure", input::flag).unwrap_or_default(),
        };
        parts.done()?;
        Ok(options)
    }
}

/// What a job is begun with.
#[derive(Debug, Clone)]
pub struct Start {
    /// Which job.
    pub job: Job,
    /// Its argument.
    pub argument: Value,
    /// What it is told.
    pub options: JobOptions,
    /// Where the API is.
    pub host: String,
    /// The account group of its calls.
    pub aid: Option<String>,
    /// The identifier of the plan that it may make: hexadecimal digits by chance.
    pub plan_id: String,
    /// How often a write is made again that was not carried out, or may not have been: each time behind a fresh look.
    pub retries: u32,
}

impl Start {
    /// Reads `{ job, argument, options, host, aid, planId, retries }` from JSON.
    pub fn read(json: &str) -> Result<Self, Error> {
        let path = Path::Argument("start");
        let value = parse_input(json);
        let object = input::any_object(&path, &value)?;
        let options = input::any_object(&path.property("options"), object.get("options").unwrap_or(&Value::Null))?;
        let options = JobOptions::read(options, member(json, "options"))?;
        let job = |path: &Path<'_>, value: &Value| {
            Job::named(&input::text(path, value)?).ok_or_else(|| Error::wrong_value(path, "is the name of no job."))
        };
        let job = input::required(object, &path, "job", job)?;
        let mut parts = Parts::of(&path, object);
        let start = Self {
            job,
            argument: object.get("argument").cloned().unwrap_or(Value::Null),
            options,
            host: parts.required("host", input::text),
            aid: parts.part("aid", input::text),
            plan_id: parts.required("planId", input::text),
            retries: parts.part("retries", |path, value| input::count(path, value, 0, 100)).unwrap_or_default(),
        };
        parts.done()?;
        Ok(start)
    }
}

/// The JSON of a property as it came; empty where there is none.
fn member<'a>(json: &'a str, name: &str) -> &'a str {
    json::member(&json::object(json).unwrap_or_default(), name).map_or("", |(_, raw)| raw)
}
