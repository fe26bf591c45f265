//! The journal of a plan: what was about to be written, and what came of it, one line of JSON each.
//!
//! Every run begins with a line about the plan. An intent stands before each write, and a result behind it, so that after any
//! end it is known which users must be looked at. No token stands in it.

use super::apply::{Created, Ended, StepResult};
use super::make::About;
use super::object::{self, AsValue, Object, json};
use super::plan::{HEADER, Header, Kind, Names, Plan, Step, Unchanged, Who, date, read_state, state_value};
use super::state::UserState;
use crate::error::Error;
use crate::input::{self, Parts, Properties, Value, required};
use crate::json::object as is_object;
use crate::path::Path;
use crate::value::parse;

/// The most characters of a journal: 100,000 steps have about 100 MB.
const LONGEST: usize = 256 * 1024 * 1024;

/// What every line that a run begins with begins with.
const RUN: &str = "{\"type\":\"plan\",";

/// The line that a run begins with.
pub fn header_line(plan: &Plan, digest: &str, time: &str) -> String {
    let object = plan.header.value().text("digest", digest).text("time", time).put("names", plan.names.as_value());
    line("plan", object)
}

/// The line before a write; `before` is the user as it was read just now.
pub fn intent_line(plan: &Plan, digest: &str, step: &Step, before: Option<&UserState>, time: &str) -> String {
    let step = step.on(before);
    let object = Object::default()
        .text("planId", &plan.header.plan_id)
        .text("digest", digest)
        .text("time", time)
        .maybe("actor", plan.header.actor.as_deref())
        .maybe("reason", plan.header.reason.as_deref())
        .put("step", step.core().done());
    line("intent", object)
}

/// The line behind a write, and about each step that wrote nothing.
pub fn result_line(plan: &Plan, digest: &str, result: &StepResult, time: &str) -> String {
    let message = result.ended.message();
    let created = match result.ended {
        Ended::Done(Created::Yes) => Some("yes"),
        Ended::Done(Created::Assumed) => Some("assumed"),
        _ => None,
    };
    let mut object = Object::default()
        .text("planId", &plan.header.plan_id)
        .text("digest", digest)
        .text("time", time)
        .text("stepId", &result.step_id)
        .text("status", result.ended.status())
        .maybe("uid", result.user.uid.as_deref())
        .maybe("created", created)
        .maybe("message", (!message.is_empty()).then_some(message));
    if let Some(got) = &result.got {
        object = object.put("got", state_value(got));
    }
    line("result", object)
}

fn line(kind: &str, object: Object) -> String {
    let Value::Object(Properties(members)) = object.done() else { return String::new() };
    let mut all = vec![("type".to_owned(), Value::Text(kind.to_owned()))];
    all.extend(members);
    json(&Value::Object(Properties(all))) + "\n"
}

/// What a journal tells of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The step, with what was there just before the write.
    pub step: Step,
    /// How it ended, as far as the journal knows.
    pub state: State,
    /// The user's uid, if the result has one.
    pub uid: Option<String>,
    /// The user as the API answered it.
    pub got: Option<UserState>,
    /// Which run began the write last, counted from 1.
    run: u32,
}

impl Entry {
    /// The user that a write was answered with, where that is not what was asked for.
    pub fn answered(&self) -> Option<&UserState> {
        self.got.as_ref().filter(|_| self.state == State::Begun)
    }
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A write was about to be made; nobody knows whether it was.
    Begun,
    /// It was carried out.
    Done(Created),
    /// Nothing was written.
    NotWritten,
}

/// A journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Journal {
    /// The plan: none where nothing was written yet.
    pub plan: Option<(Header, String)>,
    /// The names of the plan.
    pub names: Names,
    /// The steps that writes were begun for, in this order.
    pub entries: Vec<Entry>,
    /// Whether the text ends within a line: then what is appended must begin with a line break.
    pub is_torn: bool,
    runs: u32,
}

impl Journal {
    /// Reads a journal. A line that was torn off, at the end or before the next run, is ignored: it was never acted upon. Any
    /// other broken line is an error.
    pub fn read(text: &str) -> Result<Self, Error> {
        let path = Path::Argument("journal");
        if text.len() > LONGEST {
            return Err(Error::wrong_value(&path, "is longer than 256 MB."));
        }
        let mut journal = Self { is_torn: !matches!(text.as_bytes(), [] | [.., b'\n']), ..Self::default() };
        let mut torn: Option<usize> = None;
        let (mut rest, mut index) = (text, 0);
        while !rest.is_empty() {
            let (text, behind) = rest.split_once('\n').unwrap_or((rest, ""));
            let place = path.index(index);
            (rest, index) = (behind, index + 1);
            if text.bytes().all(|byte| byte.is_ascii_whitespace()) {
                continue;
            }
            let value = is_object(text).map(|_| parse(text));
            let kind = value.as_ref().map(|value| kind_of(&place, value)).transpose()?;
            // The first line of a run may be torn, too.
            let begins_run = kind.as_deref() == Some("plan") || value.is_none() && (text.starts_with(RUN) || RUN.starts_with(text));
            if let Some(index) = torn
                && !begins_run
            {
                let problem = "is broken, and more follows: the journal was changed by something else, so that it proves nothing. Look at each user of the plan.";
                return Err(Error::wrong_value(&path.index(index), problem));
            }
            torn = if value.is_some() { None } else { Some(index - 1) };
            if let (Some(value), Some(kind)) = (value, kind) {
                journal.add(&place, &kind, &value)?;
            }
        }
        Ok(journal)
    }

    fn add(&mut self, path: &Path<'_>, kind: &str, value: &Value) -> Result<(), Error> {
        let [version, plan_id, created, host, org_ids, aid, actor, reason] = HEADER;
        let known: &[&str] = match kind {
            "plan" => &["type", version, plan_id, created, host, org_ids, aid, actor, reason, "digest", "time", "names"],
            "intent" => &["type", plan_id, "digest", "time", actor, reason, "step"],
            "result" => &["type", plan_id, "digest", "time", "stepId", "status", "uid", "created", "message", "got"],
            _ => return Err(Error::wrong_value(&path.property("type"), "must be plan, intent or result.")),
        };
        let object = input::object(path, value, known)?;
        let mut parts = Parts::of(path, object);
        let digest = parts.required("digest", object::text);
        let id = parts.required("planId", object::text);
        parts.required("time", date);
        parts.done()?;
        if kind == "plan" && self.plan.is_none() {
            self.plan = Some((Header::read(path, object)?, digest.clone()));
            self.names = required(object, path, "names", Names::read)?;
        }
        match &self.plan {
            None => return Err(Error::wrong_value(path, "must say which plan the journal belongs to: its beginning is missing.")),
            Some((header, own)) if header.plan_id != id || *own != digest => {
                return Err(Error::wrong_value(path, "belongs to another plan than the lines before it."));
            }
            Some(_) => {}
        }
        match kind {
            "intent" => {
                let step = required(object, path, "step", Step::read)?;
                self.entries.retain(|entry| entry.step.id != step.id);
                self.entries.push(Entry { step, state: State::Begun, uid: None, got: None, run: self.runs });
            }
            "result" => self.end(path, object)?,
            _ => self.runs += 1,
        }
        Ok(())
    }

    /// Takes in how a step ended.
    fn end(&mut self, path: &Path<'_>, object: &Properties) -> Result<(), Error> {
        let mut parts = Parts::of(path, object);
        let step_id = parts.required("stepId", object::text);
        let created = parts.part("created", object::text);
        let status = parts.required("status", object::text);
        let uid = parts.part("uid", input::id);
        let got = parts.part("got", read_state);
        parts.done()?;
        let created = match created.as_deref() {
            None => Created::No,
            Some("yes") => Created::Yes,
            Some("assumed") => Created::Assumed,
            Some(_) => return Err(Error::wrong_value(&path.property("created"), "must be yes or assumed.")),
        };
        let state = match status.as_str() {
            "done" => State::Done(created),
            "unknown" => State::Begun,
            "unchanged" | "conflict" | "blocked" | "failed" => State::NotWritten,
            _ => return Err(Error::wrong_value(&path.property("status"), "is not known.")),
        };
        match (self.entries.iter_mut().rev().find(|entry| entry.step.id == step_id), state) {
            // That this run wrote nothing does not tell what became of an earlier one's write.
            (Some(entry), State::NotWritten) if entry.state == State::Begun && entry.run < self.runs => {}
            // Nor does that nobody knows more than before.
            (Some(entry), State::Begun) if got.is_none() => entry.state = state,
            (Some(entry), _) => (entry.state, entry.uid, entry.got) = (state, uid, got),
            (None, State::NotWritten) => {}
            (None, _) => return Err(Error::wrong_value(&path.property("stepId"), "is of a step that was never begun.")),
        }
        Ok(())
    }

    /// Refuses the journal of another plan.
    pub fn check(&self, plan: &Plan, digest: &str) -> Result<(), Error> {
        match &self.plan {
            Some((header, own)) if header.plan_id != plan.header.plan_id || own != digest => {
                let problem = "belongs to another plan, or to this one before somebody changed it: nothing was done. Take the right journal, or an empty one for a new plan.";
                Err(Error::wrong_value(&Path::Argument("journal"), problem))
            }
            _ => Ok(()),
        }
    }

    /// What it tells of a step.
    pub fn entry(&self, step_id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.step.id == step_id)
    }

    /// Whether a write was begun of which nobody knows the end.
    pub fn has_begun(&self, step_id: &str) -> bool {
        self.entry(step_id).is_some_and(|entry| entry.state == State::Begun)
    }

    /// The result of a step that was carried out by an earlier run: it is not looked at again.
    pub fn done(&self, step: &Step) -> Option<StepResult> {
        let entry = self.entry(&step.id)?;
        let State::Done(created) = entry.state else { return None };
        let mut result = StepResult::of(step, Ended::Done(created));
        result.user.uid = entry.uid.clone().or(result.user.uid);
        result.got.clone_from(&entry.got);
        Some(result)
    }
}

fn kind_of(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    required(input::any_object(path, value)?, path, "type", object::text)
}

/// Makes the plan that takes back what was applied, the last first: each step only if its user is still what was made of it.
/// Deleted users, uids and confirmations of e-mail addresses do not come back.
pub fn plan_undo(journal: &Journal, about: About) -> Result<Plan, Error> {
    let Some((header, _)) = &journal.plan else {
        return Err(Error::wrong_value(&Path::Argument("journal"), "is empty: there is nothing to take back."));
    };
    let header = Header { host: header.host.clone(), aid: header.aid.clone(), ..about.header(header.org_ids.clone()) };
    let mut plan = Plan { header, names: journal.names.clone(), steps: Vec::new(), unchanged: Vec::new() };
    for entry in journal.entries.iter().rev() {
        let made = entry.got.as_ref().or(entry.step.after.as_ref());
        let user = Who {
            uid: entry.uid.clone().or_else(|| entry.step.user.uid.clone()),
            email: made.map_or_else(|| entry.step.user.email.clone(), |state| state.email.clone()),
            name: made.map_or_else(|| entry.step.user.name.clone(), |state| state.name.clone()),
        };
        let mut warnings = Vec::new();
        let mut warn = |warning: &str| warnings.push(warning.to_owned());
        // It was carried out, though not as it was asked for.
        let state = if entry.answered().is_some() { State::Done(Created::Yes) } else { entry.state };
        let (step, user) = match (state, entry.step.kind, made, &entry.step.before) {
            (State::NotWritten, ..) => continue,
            (State::Begun, ..) => {
                warn("Nobody knows whether this step was carried out. Apply the plan again with its journal, then undo it.");
                (None, user)
            }
            (_, Kind::Remove, ..) => {
                warn("The user was deleted, and cannot be restored. Invited again, the user gets another uid.");
                (None, user)
            }
            (State::Done(Created::Assumed), ..) => {
                warn("Nobody knows whether the plan created this user, so it is not deleted.");
                (None, user)
            }
            (_, Kind::Update, Some(made), Some(before)) if made != before => {
                if made.email != before.email {
                    warn("The user must confirm the e-mail address again before logging in or using the API.");
                }
                if before.name.is_none() && made.name.is_some()
                    || before.login_account_group_id.is_none() && made.login_account_group_id.is_some()
                {
                    warn("Name or login account group were empty before, and no request can empty them: they stay.");
                }
                let mut after = before.clone();
                after.name = after.name.or_else(|| made.name.clone());
                after.email = after.email.or_else(|| made.email.clone());
                after.login_account_group_id = after.login_account_group_id.or_else(|| made.login_account_group_id.clone());
                (Some((Kind::Update, made.clone(), Some(after))), user)
            }
            (State::Done(Created::Yes), Kind::Invite, Some(made), _) if user.uid.is_some() => {
                warn("The plan invited this user, who is deleted again.");
                (Some((Kind::Remove, made.clone(), None)), user)
            }
            _ => continue,
        };
        match step {
            Some((kind, before, after)) if after.as_ref() != Some(&before) => {
                let id = (plan.steps.len() + 1).to_string();
                plan.steps.push(Step { id, kind, user, before: Some(before), after, warnings, blocked: Vec::new() });
            }
            _ => plan.unchanged.push(Unchanged { user, warnings }),
        }
    }
    Ok(plan)
}
