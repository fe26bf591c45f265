//! Carries out a plan: each step looks first, and the journal knows of each write before it is made.

use super::look::{Seen, Watched, add_members, knowledge, status, unless_gone};
use super::user::{LOOKS, find};
use super::{Application, JobOptions, Question};
use crate::admin::{
    AsValue, Created, Decision, Directory, Ended, Journal, Knowledge, Plan, Step, StepResult, Summary, Write, header_line, intent_line,
    json, result_line,
};
use crate::client::calls::Calls;
use crate::date::iso;
use crate::endpoints::account_groups::GET_ACCOUNT_GROUPS;
use crate::endpoints::roles::GET_ROLES;
use crate::endpoints::users::{CREATE_USER, DELETE_USER, UPDATE_USER};
use crate::error::{Error, ErrorKind, Outcome};
use crate::input::{self, Value};
use crate::models::{Roles, Users, as_json};
use crate::path::Path;
use crate::transport::Transport;

/// Carries out a plan. Gives the summary as JSON; what becomes of each step the application is told.
pub async fn apply<T: Transport>(
    calls: &Calls<'_, T>,
    application: &dyn Application,
    plan: &Value,
    options: &JobOptions,
) -> Result<String, Error> {
    let plan = Plan::read(plan)?;
    let digest = plan.digest();
    if plan.header.aid.as_deref() != calls.aid() {
        return Err(wrong_account_group(&plan, calls.aid()));
    }
    let work = Watched::new(calls, application);
    work.total.set(plan.steps.len() as u32);
    let journal = if options.has_journal {
        let text = input::text(&Path::Argument("journal"), &application.ask(Question::Read).await?.value)?;
        Journal::read(&text)?
    } else {
        Journal::default()
    };
    journal.check(&plan, &digest)?;
    let roles: Roles = calls.ask(&GET_ROLES, None, None).await?.typed()?;
    let groups = calls.ask(&GET_ACCOUNT_GROUPS, None, None).await?.typed()?;
    let directory = Directory::of(Users::default(), roles.clone(), groups);
    plan.check_place(calls.host(), &directory.organisations(calls.aid()))?;
    let mut known = knowledge(calls, Some(roles), plan.header.actor.as_deref()).await?;
    add_members(calls, &mut known, &|known| plan.needs_members(known)).await?;
    let mut run = Run { work, plan: &plan, digest, journal, known, options };
    let torn = if run.journal.is_torn { "\n" } else { "" };
    run.append(&(torn.to_owned() + &header_line(&plan, &run.digest, &run.time()))).await?;
    let mut summary = Summary::of(&plan.header.plan_id, plan.steps.len());
    summary.is_stopped = run.stops(None).await?;
    for step in &plan.steps {
        if summary.is_stopped {
            break;
        }
        let result = run.result(step).await?;
        summary.add(&result.ended);
        run.work.done.set(summary.ended());
        let is_carried_out = matches!(result.ended, Ended::Done(_) | Ended::Unchanged);
        let is_over = summary.ended() as usize == plan.steps.len();
        let stops = run.stops(Some(&result)).await? || options.stops_on_failure && !is_carried_out;
        summary.is_stopped = stops && !is_over;
    }
    run.work.tell().await?;
    Ok(json(&summary))
}

fn wrong_account_group(plan: &Plan, aid: Option<&str>) -> Error {
    let name = |aid: Option<&str>| aid.map_or_else(|| "no account group".to_owned(), |aid| format!("account group {aid}"));
    let (planned, own) = (name(plan.header.aid.as_deref()), name(aid));
    let problem = format!("was made for calls in {planned}, and this call is for {own}: nothing was done. Set aid in the options.");
    Error::wrong_value(&Path::Argument("plan").property("aid"), &problem)
}

/// A plan that is carried out.
struct Run<'a, T> {
    work: Watched<'a, T>,
    plan: &'a Plan,
    digest: String,
    journal: Journal,
    known: Knowledge,
    options: &'a JobOptions,
}

impl<T: Transport> Run<'_, T> {
    fn time(&self) -> String {
        iso(self.work.calls.transport().now())
    }

    /// Adds to the journal, if there is one.
    async fn append(&self, line: &str) -> Result<(), Error> {
        if self.options.has_journal {
            self.work.application.ask(Question::Append(line)).await?;
        }
        Ok(())
    }

    /// Tells what became of a step, and whether nothing more is wanted.
    async fn stops(&self, result: Option<&StepResult>) -> Result<bool, Error> {
        let told = result.map(AsValue::as_value);
        Ok(self.work.application.ask(Question::Stop(told.as_ref())).await?.value == Value::Flag(true))
    }

    /// What becomes of a step: carries it out, unless an earlier run has done it.
    async fn result(&mut self, step: &Step) -> Result<StepResult, Error> {
        self.work.tell().await?;
        let result = match self.journal.done(step) {
            Some(result) => result,
            None => {
                let result = self.step(step).await?;
                self.append(&result_line(self.plan, &self.digest, &result, &self.time())).await?;
                result
            }
        };
        let after = result.got.as_ref().or(step.after.as_ref());
        match (&result.ended, &result.user.uid) {
            (Ended::Done(_) | Ended::Unchanged, Some(uid)) => self.known.note(uid, after),
            _ => {}
        }
        Ok(result)
    }

    async fn step(&self, step: &Step) -> Result<StepResult, Error> {
        let failed = |error: Error| match error.kind {
            // Nothing more will go.
            ErrorKind::Closed => Err(error),
            _ => Ok(StepResult::of(step, Ended::Failed(error.message.clone()))),
        };
        let seen = match self.look(step).await {
            Ok(seen) => seen,
            Err(error) => return failed(error),
        };
        let fresh = seen.as_ref().map(|seen| &seen.state);
        let write = match step.decide(fresh, self.journal.has_begun(&step.id)) {
            Decision::Unchanged => return Ok(with(StepResult::of(step, Ended::Unchanged), seen)),
            Decision::Done(created) => return Ok(with(StepResult::of(step, Ended::Done(created)), seen)),
            Decision::Conflict => return Ok(StepResult::of(step, step.conflict(fresh))),
            Decision::Write(write) => write,
        };
        let now = step.on(fresh);
        let blocked = self.known.judge(&now.subject(), &self.options.limits, self.plan.removals());
        if !blocked.is_empty() {
            return Ok(StepResult::of(step, Ended::Blocked(blocked)));
        }
        self.append(&intent_line(self.plan, &self.digest, step, fresh, &self.time())).await?;
        match self.write(&now, write).await {
            Ok(result) => Ok(result),
            Err(error) if error.outcome == Outcome::Unknown => self.resolve(step, &error).await,
            Err(error) => failed(error),
        }
    }

    /// The user of a step, as it is now.
    async fn look(&self, step: &Step) -> Result<Option<Seen>, Error> {
        let calls = self.work.calls;
        let uid = match &step.user.uid {
            Some(uid) => Some(uid.clone()),
            None => {
                let email = step.user.email.as_deref().unwrap_or_default();
                find(calls, &Path::Argument("plan"), email).await?.map(|found| found.uid)
            }
        };
        match uid {
            Some(uid) => unless_gone(Seen::read(calls, &uid).await),
            None => Ok(None),
        }
    }

    /// Writes, and checks the answer.
    async fn write(&self, step: &Step, write: Write) -> Result<StepResult, Error> {
        let calls = self.work.calls;
        let (given, created) = match write {
            Write::Create(request) => (calls.ask(&CREATE_USER, None, Some(as_json(&request))).await?, Created::Yes),
            Write::Update(uid, request) => (calls.ask(&UPDATE_USER, Some(&uid), Some(as_json(&request))).await?, Created::No),
            Write::Remove(uid) => {
                return match calls.ask(&DELETE_USER, Some(&uid), None).await {
                    Err(error) if status(&error) != Some(404) => Err(error),
                    _ => Ok(StepResult::of(step, Ended::Done(Created::No))),
                };
            }
        };
        let seen = Seen::of(given)?;
        let ended = match step.unexpected(&seen.state) {
            None => Ended::Done(created),
            Some(difference) => Ended::Unknown(difference.unexpected()),
        };
        Ok(with(StepResult::of(step, ended), Some(seen)))
    }

    /// Looks what became of a write that got no answer that can be used.
    async fn resolve(&self, step: &Step, error: &Error) -> Result<StepResult, Error> {
        let unknown = || Ok(StepResult::of(step, Ended::Unknown(error.message.clone())));
        for pause in if step.before.is_none() { &LOOKS[..] } else { &[0] } {
            self.work.calls.pause(*pause).await;
            let Ok(seen) = self.look(step).await else { return unknown() };
            if let Decision::Done(created) = step.decide(seen.as_ref().map(|seen| &seen.state), true) {
                return Ok(with(StepResult::of(step, Ended::Done(created)), seen));
            }
        }
        unknown()
    }
}

/// A result with the user as it was read last.
fn with(result: StepResult, seen: Option<Seen>) -> StepResult {
    match seen {
        Some(Seen { uid, state, .. }) => result.with_user(uid.as_deref(), state),
        None => result,
    }
}
