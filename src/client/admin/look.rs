//! What jobs read to know what is there: who owns the token, which roles there are, who administers the organisation.

use std::cell::Cell;

use super::{Application, JobOptions, Question};
use crate::admin::{Knowledge, Subject, UserState, known_roles, progress};
use crate::client::calls::{Calls, Given};
use crate::endpoints::Endpoint;
use crate::endpoints::account_groups::{GET_ACCOUNT_GROUP, GET_ACCOUNT_GROUPS};
use crate::endpoints::roles::GET_ROLES;
use crate::endpoints::users::{GET_CURRENT_USER, GET_USER};
use crate::error::{Error, ErrorKind, Outcome};
use crate::models::{AccountGroupDetail, AccountGroups, Roles, UserDetail};
use crate::path::Path;
use crate::transport::Transport;

/// A user with roles, as it was read.
#[derive(Clone)]
pub struct Seen {
    pub given: Given,
    pub uid: Option<String>,
    pub state: UserState,
}

impl Seen {
    pub fn of(given: Given) -> Result<Self, Error> {
        let user = given.typed::<UserDetail>()?;
        Ok(Self { state: UserState::of(&Path::Argument("user"), &user)?, uid: user.uid, given })
    }

    pub async fn read<T: Transport>(calls: &Calls<'_, T>, id: &str) -> Result<Self, Error> {
        Self::of(calls.ask(&GET_USER, Some(id), None).await?)
    }
}

/// The status of an answer that was no success.
pub fn status(error: &Error) -> Option<u16> {
    match &error.kind {
        ErrorKind::Api(refusal) => Some(refusal.response.status),
        _ => None,
    }
}

/// What there is; none where there is no such thing.
pub fn unless_gone<V>(result: Result<V, Error>) -> Result<Option<V>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if status(&error) == Some(404) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What there is; none where the token's owner may not see it.
fn unless_hidden<V>(result: Result<V, Error>) -> Result<Option<V>, Error> {
    match result {
        Err(error) if status(&error) == Some(403) => Ok(None),
        result => unless_gone(result),
    }
}

/// What guards know of an organisation: whatever the token's owner may not see is not known.
pub async fn knowledge<T: Transport>(calls: &Calls<'_, T>, roles: Option<Roles>, actor: Option<&str>) -> Result<Knowledge, Error> {
    let owner = unless_hidden(calls.ask(&GET_CURRENT_USER, None, None).await)?;
    let owner = owner.map_or_else(|| Ok(UserDetail::default()), |owner| owner.typed())?;
    let roles = match roles {
        Some(roles) => Some(roles),
        None => unless_hidden(calls.ask(&GET_ROLES, None, None).await)?.map(|roles| roles.typed()).transpose()?,
    };
    Ok(Knowledge::of(&owner, &roles.map(known_roles).unwrap_or_default(), actor))
}

/// Reads the members of account groups, one after another, as long as they are needed.
pub async fn add_members<T: Transport>(
    calls: &Calls<'_, T>,
    knowledge: &mut Knowledge,
    is_needed: &dyn Fn(&Knowledge) -> bool,
) -> Result<(), Error> {
    if !is_needed(knowledge) {
        return Ok(());
    }
    let groups: AccountGroups = calls.ask(&GET_ACCOUNT_GROUPS, None, None).await?.typed()?;
    let mut are_all = true;
    for group in groups.account_groups {
        match unless_hidden(members(calls, group.aid.as_deref()).await)? {
            Some(group) => are_all &= knowledge.add_members(&group),
            None => are_all = false,
        }
        if !is_needed(knowledge) {
            return Ok(());
        }
    }
    if are_all {
        knowledge.admins_are_all();
    }
    Ok(())
}

/// An account group with its members.
pub async fn members<T: Transport>(calls: &Calls<'_, T>, aid: Option<&str>) -> Result<AccountGroupDetail, Error> {
    calls.ask_for(&GET_ACCOUNT_GROUP, aid, &[("expand", "user")]).await?.typed()
}

/// Refuses a change of one user that guards speak against. Tells whether it took time to know that.
pub async fn guard<T: Transport>(calls: &Calls<'_, T>, subject: &Subject<'_>, options: &JobOptions) -> Result<bool, Error> {
    let needs_knowledge = subject.needs_knowledge();
    let mut known = Knowledge::default();
    if needs_knowledge {
        known = knowledge(calls, None, options.actor.as_deref()).await?;
        add_members(calls, &mut known, &|known| known.needs_members(subject)).await?;
    }
    let blocked = known.judge(subject, &options.limits, 1);
    if blocked.is_empty() {
        return Ok(needs_knowledge);
    }
    let mut message = "Guards speak against this change, and nothing was written.".to_owned();
    for guarded in &blocked {
        message += &format!(" {}: {}", guarded.guard, guarded.message);
    }
    Err(Error::new(ErrorKind::Guarded(blocked), message, Outcome::NotSent))
}

/// The calls of a job that takes long: whoever watches is told how far it is.
pub struct Watched<'a, T> {
    pub calls: &'a Calls<'a, T>,
    pub application: &'a dyn Application,
    pub done: Cell<u32>,
    pub total: Cell<u32>,
    told: Cell<Option<(u32, u32, Option<u64>)>>,
}

impl<'a, T: Transport> Watched<'a, T> {
    pub fn new(calls: &'a Calls<'a, T>, application: &'a dyn Application) -> Self {
        Self { calls, application, done: Cell::default(), total: Cell::default(), told: Cell::default() }
    }

    /// Tells how far it is, and until when it waits, if that has changed.
    pub async fn tell(&self) -> Result<(), Error> {
        let now = (self.done.get(), self.total.get(), self.calls.waits_until());
        if self.told.replace(Some(now)) != Some(now) {
            let (done, total, until) = now;
            self.application.ask(Question::Progress(&progress(done, total, until))).await?;
        }
        Ok(())
    }

    /// Makes a call that is one piece of the work.
    pub async fn ask(&self, endpoint: &Endpoint, id: Option<&str>) -> Result<Given, Error> {
        self.tell().await?;
        let given = self.calls.ask(endpoint, id, None).await;
        self.done.set(self.done.get() + 1);
        given
    }
}
