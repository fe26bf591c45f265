//! What applying a step means, by what is there: each step looks first, and writes only what it was made for.

use super::object::{AsValue, Object, serialize_as_value};
use super::plan::{Kind, Step, Who, state_value};
use super::state::{Difference, UserState};
use crate::error::Guarded;
use crate::models::UserRequest;
use crate::value::Value;

/// What a step asks of the API.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// A user is created.
    Create(UserRequest),
    /// A user, by uid, is changed.
    Update(String, UserRequest),
    /// A user, by uid, is deleted.
    Remove(String),
}

/// What to do about a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Nothing: what it wants is there.
    Unchanged,
    /// Nothing: it was carried out before, by a write of which the journal does not tell the end.
    Done(Created),
    /// This is written.
    Write(Write),
    /// Nothing: the user is not what the step was made for.
    Conflict,
}

/// How sure it is that a user was created by this plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Created {
    /// No user was created.
    #[default]
    No,
    /// One was.
    Yes,
    /// One was created, it seems: what became of the request is not known, but the user is there.
    Assumed,
}

/// Whether two states are the same; upper and lower case of the e-mail address are one, as the API may change it.
fn same(one: &UserState, other: &UserState) -> bool {
    let equal = |one: &Option<String>, other: &Option<String>| match (one, other) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        (None, None) => true,
        _ => false,
    };
    let rest = (&one.name, &one.login_account_group_id, &one.grants) == (&other.name, &other.login_account_group_id, &other.grants);
    rest && equal(&one.email, &other.email)
}

/// Whether a user has all that an invitation asks for. What it leaves open, the API may have filled in.
fn satisfies(state: &UserState, asked: &UserState) -> bool {
    let mut whole = asked.clone();
    whole.name = whole.name.or_else(|| state.name.clone());
    whole.login_account_group_id = whole.login_account_group_id.or_else(|| state.login_account_group_id.clone());
    same(state, &whole)
}

impl Step {
    /// Whether a user, as it was read, is what the step wants: none where there is no such user.
    pub fn is_reached(&self, fresh: Option<&UserState>) -> bool {
        match (fresh, &self.after, &self.before) {
            (None, None, _) => true,
            (Some(fresh), Some(after), None) => satisfies(fresh, after),
            // Where only the case of the address is to change, the case counts.
            (Some(fresh), Some(after), Some(before)) => fresh == after || same(fresh, after) && !same(before, after),
            _ => false,
        }
    }

    /// Whether a user, as it was read, is what the step was made for.
    pub fn is_untouched(&self, fresh: Option<&UserState>) -> bool {
        match (fresh, &self.before) {
            (None, None) => true,
            (Some(fresh), Some(before)) => same(fresh, before),
            _ => false,
        }
    }

    /// The same on a user as it was read just now. Where the address stays, it stays as it is written now.
    pub fn on(&self, fresh: Option<&UserState>) -> Self {
        let mut step = Self { before: fresh.cloned(), ..self.clone() };
        if let (Some(before), Some(after), Some(fresh)) = (&self.before, &mut step.after, fresh)
            && before.email == after.email
        {
            after.email.clone_from(&fresh.email);
        }
        if let Some(fresh) = fresh {
            step.user.email.clone_from(&fresh.email);
        }
        step
    }

    /// What to do, by the user as it was read just now: none where there is no such user, by its uid or, of an invitation, by
    /// its e-mail address. `has_begun` says that the journal has an intent of it without a result.
    pub fn decide(&self, fresh: Option<&UserState>, has_begun: bool) -> Decision {
        // Whoever is there now may have been created by the write of which nothing is known: it is never made again.
        if has_begun && self.kind == Kind::Invite && fresh.is_some() {
            return Decision::Done(Created::Assumed);
        }
        if self.is_reached(fresh) {
            return if has_begun { Decision::Done(Created::No) } else { Decision::Unchanged };
        }
        if !self.is_untouched(fresh) {
            return Decision::Conflict;
        }
        let step = self.on(fresh);
        match (fresh, &step.after, &self.user.uid) {
            // Both lists of roles are said: what omitting one of them does is not documented.
            (None, Some(after), _) => Decision::Write(Write::Create(after.whole_request())),
            (Some(fresh), Some(after), Some(uid)) => Decision::Write(Write::Update(uid.clone(), fresh.request_for(after))),
            (Some(_), None, Some(uid)) => Decision::Write(Write::Remove(uid.clone())),
            _ => Decision::Conflict,
        }
    }

    /// What an answer has beside, or lacks of, what was asked for; none where all is right.
    pub fn unexpected(&self, got: &UserState) -> Option<Difference> {
        let asked = self.after.as_ref()?;
        (!self.is_reached(Some(got))).then(|| asked.difference(got))
    }

    /// What a conflict is between: what the step was made for, what is there, what it would have made.
    pub fn conflict(&self, fresh: Option<&UserState>) -> Ended {
        let value = |state: Option<&UserState>| state.map_or(Value::Null, state_value);
        Ended::Conflict { base: value(self.before.as_ref()), theirs: value(fresh), mine: value(self.after.as_ref()) }
    }
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Ended {
    /// It was carried out, by this run or one before.
    Done(Created),
    /// What it wants was there.
    Unchanged,
    /// Somebody else changed the user: nothing was written. The states are as requests would say them.
    Conflict {
        /// What the step was made for.
        base: Value,
        /// What is there.
        theirs: Value,
        /// What the step would have made.
        mine: Value,
    },
    /// Guards speak against it: nothing was written.
    Blocked(Vec<Guarded>),
    /// It was refused: nothing was written.
    Failed(String),
    /// It may or may not have been carried out.
    Unknown(String),
}

impl Ended {
    /// Its name.
    pub const fn status(&self) -> &'static str {
        match self {
            Ended::Done(_) => "done",
            Ended::Unchanged => "unchanged",
            Ended::Conflict { .. } => "conflict",
            Ended::Blocked(_) => "blocked",
            Ended::Failed(_) => "failed",
            Ended::Unknown(_) => "unknown",
        }
    }

    /// Its place in a summary.
    const fn place(&self) -> usize {
        match self {
            Ended::Done(_) => 0,
            Ended::Unchanged => 1,
            Ended::Conflict { .. } => 2,
            Ended::Blocked(_) => 3,
            Ended::Failed(_) => 4,
            Ended::Unknown(_) => 5,
        }
    }

    /// A sentence about it.
    pub fn message(&self) -> &str {
        match self {
            Ended::Done(Created::Assumed) => {
                "Nobody knows whether this plan created the user: a request got no answer, but the user is there. Compare its roles."
            }
            Ended::Done(_) | Ended::Unchanged => "",
            Ended::Conflict { .. } => {
                "Somebody changed the user since the plan was made, and nothing was written. Look at theirs, and make a new plan."
            }
            Ended::Blocked(_) => "Guards speak against this, and nothing was written. If it is meant all the same, allow them by name.",
            Ended::Failed(message) | Ended::Unknown(message) => message,
        }
    }
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct StepResult {
    /// The id of the step.
    pub step_id: String,
    /// What it is.
    pub kind: Kind,
    /// The user, with its uid if it has one now.
    pub user: Who,
    /// How it ended.
    pub ended: Ended,
    /// The user as the API answered it then, if it did.
    pub got: Option<UserState>,
}

impl StepResult {
    /// That of a step.
    pub fn of(step: &Step, ended: Ended) -> Self {
        Self { step_id: step.id.clone(), kind: step.kind, user: step.user.clone(), ended, got: None }
    }

    /// With the user as the API answered it.
    pub fn with_user(mut self, uid: Option<&str>, got: UserState) -> Self {
        self.user.uid = uid.map(str::to_owned).or(self.user.uid);
        self.got = Some(got);
        self
    }
}

impl AsValue for StepResult {
    fn as_value(&self) -> Value {
        let object = Object::default()
            .text("stepId", &self.step_id)
            .text("kind", self.kind.name())
            .put("user", self.user.as_value())
            .text("status", self.ended.status());
        let message = self.ended.message();
        let object = object.maybe("message", (!message.is_empty()).then_some(message));
        match &self.ended {
            Ended::Done(Created::Yes) => object.put("created", Value::Flag(true)),
            Ended::Done(Created::Assumed) => object.text("created", "assumed"),
            Ended::Conflict { base, theirs, mine } => {
                object.put("base", base.clone()).put("theirs", theirs.clone()).put("mine", mine.clone())
            }
            Ended::Blocked(guards) => object.put("blocked", guards.as_value()),
            _ => object,
        }
        .done()
    }
}

/// What became of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// The plan.
    pub plan_id: String,
    /// How many steps it has.
    pub steps: u32,
    counts: [u32; 6],
    /// Whether somebody stopped it.
    pub is_stopped: bool,
}

impl Summary {
    /// That of a plan of which nothing is applied yet.
    pub fn of(plan_id: &str, steps: usize) -> Self {
        Self { plan_id: plan_id.to_owned(), steps: steps as u32, ..Self::default() }
    }

    /// Counts how a step ended.
    pub fn add(&mut self, ended: &Ended) {
        if let Some(count) = self.counts.get_mut(ended.place()) {
            *count += 1;
        }
    }

    /// How many steps have ended.
    pub fn ended(&self) -> u32 {
        self.counts.iter().sum()
    }
}

impl AsValue for Summary {
    fn as_value(&self) -> Value {
        let [done, unchanged, conflicts, blocked, failed, unknown] = self.counts;
        let is_complete = done + unchanged == self.steps;
        Object::default()
            .text("planId", &self.plan_id)
            .number("steps", self.steps)
            .number("done", done)
            .number("unchanged", unchanged)
            .number("conflicts", conflicts)
            .number("blocked", blocked)
            .number("failed", failed)
            .number("unknown", unknown)
            .number("notReached", self.steps.saturating_sub(self.ended()))
            .put("complete", Value::Flag(is_complete))
            .put("stopped", Value::Flag(self.is_stopped))
            .done()
    }
}

serialize_as_value!(StepResult, Summary);
