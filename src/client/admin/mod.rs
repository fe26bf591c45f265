//! Safe administration: jobs, each of which makes several calls. What is decided on the way is decided in [`crate::admin`].

mod apply;
mod look;
mod plan;
mod report;
mod user;

use std::pin::Pin;

use super::calls::Calls;
use crate::admin::Limits;
use crate::error::Error;
use crate::input::{self, Value, part};
use crate::path::Path;
use crate::transport::Transport;

/// What is to come.
pub type Pending<'a, V> = Pin<Box<dyn Future<Output = Result<V, Error>> + 'a>>;

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

    /// What it may be told beside the options of its calls.
    const fn options(self) -> &'static [&'static str] {
        match self {
            Job::ModifyUser => &["expect", "allow", "actor"],
            Job::FindUser => &[],
            Job::InviteUser => &["allow", "actor"],
            Job::Plan | Job::PlanUndo => &["reason", "actor", "onProgress"],
            Job::Apply => &["allow", "maxRemovals", "journal", "stopOnFailure", "onProgress"],
            Job::AccessReport => &["onProgress"],
        }
    }

    /// What its argument is called.
    pub const fn argument(self) -> Path<'static> {
        match self {
            Job::ModifyUser => Path::Argument("id"),
            Job::FindUser => Path::Argument("email"),
            Job::InviteUser => Path::Body("userRequest"),
            Job::Plan => Path::Argument("changes"),
            Job::Apply => Path::Argument("plan"),
            Job::PlanUndo => Path::Argument("journal"),
            Job::AccessReport => Path::Argument("options"),
        }
    }
}

/// What a job is told beside the options of its calls.
#[derive(Debug, Clone, Default)]
pub struct JobOptions {
    /// What a page showed.
    expect: Option<Value>,
    /// What guards allow.
    limits: Limits,
    /// The person in front of a portal: an e-mail address or a uid.
    actor: Option<String>,
    /// Why something is done.
    reason: Option<String>,
    /// Whether there is a journal.
    has_journal: bool,
    /// Whether the first step that is not carried out is the last one.
    stops_on_failure: bool,
}

impl JobOptions {
    /// Takes them out of the options of a call; the rest is for its calls.
    pub fn take(job: Job, options: &mut Value) -> Result<Self, Error> {
        let path = Path::Argument("options");
        let mut own = input::Properties::default();
        if let Value::Object(properties) = options {
            for name in job.options() {
                own.0.extend(properties.take(name).map(|value| ((*name).to_owned(), value)));
            }
        }
        part(&own, &path, "journal", input::function)?;
        part(&own, &path, "onProgress", input::function)?;
        Ok(Self {
            limits: Limits::read(&path, &own)?,
            actor: part(&own, &path, "actor", input::id)?,
            reason: part(&own, &path, "reason", input::text)?,
            has_journal: own.get("journal").is_some(),
            stops_on_failure: part(&own, &path, "stopOnFailure", input::flag)?.unwrap_or_default(),
            expect: own.take("expect"),
        })
    }
}

/// What a job asks of the application.
pub enum Question<'a> {
    /// What is to become of a user, as a request.
    Change(View<'a>),
    /// The journal.
    Read,
    /// That a line is added to the journal, for good.
    Append(&'a str),
    /// Nothing: it is told how far the job is.
    Progress(&'a Value),
    /// Whether to stop; it is told what became of a step, if one has ended.
    Stop(Option<&'a Value>),
}

/// A user, as an application is to see it.
pub enum View<'a> {
    /// As it was read.
    Json(&'a str),
    /// As it was handed in.
    Value(&'a Value),
}

/// What the application answered.
pub struct Reply {
    /// The answer.
    pub value: Value,
    /// Whether it took time, in which anything may have changed.
    pub took_time: bool,
}

/// Who is asked.
pub trait Application {
    /// Asks; the answer is read by the path of what is asked for.
    fn ask<'a>(&'a self, question: Question<'a>) -> Pending<'a, Reply>;
}

/// Does a job: gives what it makes as JSON, if there is something.
pub async fn run<T: Transport>(
    job: Job,
    calls: &Calls<'_, T>,
    application: &dyn Application,
    argument: &Value,
    options: &JobOptions,
) -> Result<Option<String>, Error> {
    let pending: Pending<'_, Option<String>> = match job {
        Job::FindUser => Box::pin(user::find_user(calls, argument)),
        _ => {
            let made: Pending<'_, String> = match job {
                Job::ModifyUser => Box::pin(user::modify(calls, application, argument, options)),
                Job::InviteUser => Box::pin(user::invite(calls, argument, options)),
                Job::Plan => Box::pin(plan::plan(calls, application, argument, options)),
                Job::Apply => Box::pin(apply::apply(calls, application, argument, options)),
                Job::PlanUndo => Box::pin(plan::undo(calls, application, options)),
                Job::AccessReport | Job::FindUser => Box::pin(report::access(calls, application)),
            };
            return made.await.map(Some);
        }
    };
    pending.await
}
