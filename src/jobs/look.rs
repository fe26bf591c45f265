//! What jobs read to know what is there: who owns the token, which roles there are, who administers the organisation.

use std::cell::Cell;

use super::Start;
use super::world::{Call, Failure, Given, Pending, Question, World};
use crate::admin::{Knowledge, KnownRole, Subject, UserState, known_roles};
use crate::endpoints::{account_groups, roles, users};
use crate::error::{Error, ErrorKind, Outcome};
use crate::models::{AccountGroupDetail, AccountGroupInfo, AccountGroups, UserDetail};
use crate::path::Path;

pub const GET_USERS: Call = Call::of("users", &users::GET_USERS);
pub const GET_USER: Call = Call::of("users", &users::GET_USER);
const GET_CURRENT_USER: Call = Call::of("users", &users::GET_CURRENT_USER);
pub const CREATE_USER: Call = Call::of("users", &users::CREATE_USER);
pub const UPDATE_USER: Call = Call::of("users", &users::UPDATE_USER);
pub const DELETE_USER: Call = Call::of("users", &users::DELETE_USER);
pub const GET_ROLES: Call = Call::of("roles", &roles::GET_ROLES);
pub const GET_ACCOUNT_GROUPS: Call = Call::of("accountGroups", &account_groups::GET_ACCOUNT_GROUPS);
const GET_ACCOUNT_GROUP: Call = Call::of("accountGroups", &account_groups::GET_ACCOUNT_GROUP);

/// A user with roles, as it was read.
#[derive(Clone)]
pub struct Seen {
    pub given: Given,
    pub uid: Option<String>,
    pub state: UserState,
}

impl Seen {
    pub fn of(given: Given) -> Result<Self, Failure> {
        let user = given.typed::<UserDetail>()?;
        Ok(Self { state: UserState::of(&Path::Argument("user"), &user)?, uid: user.uid, given })
    }

    pub fn read<'a>(world: &'a dyn World, id: &'a str) -> Pending<'a, Result<Self, Failure>> {
        Box::pin(async move { Self::of(world.call(GET_USER, Some(id), None).await?) })
    }
}

/// What there is; none where there is no such thing.
pub fn unless_gone<V>(result: Result<V, Failure>) -> Result<Option<V>, Failure> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(failure) if failure.status() == Some(404) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// What there is; none where the token's owner may not see it.
pub fn unless_hidden<V>(result: Result<V, Failure>) -> Result<Option<V>, Failure> {
    match result {
        Err(failure) if failure.status() == Some(403) => Ok(None),
        result => unless_gone(result),
    }
}

/// What guards know of an organisation: whatever the token's owner may not see is not known.
pub async fn knowledge(world: &dyn World, roles: Option<Vec<KnownRole>>, actor: Option<&str>) -> Result<Knowledge, Failure> {
    let owner = owner(world).await?;
    let roles = match roles {
        Some(roles) => roles,
        None => match unless_hidden(world.call(GET_ROLES, None, None).await)? {
            Some(roles) => known_roles(roles.typed()?),
            None => Vec::new(),
        },
    };
    Ok(Knowledge::of(&owner, &roles, actor))
}

/// Who owns the token, as far as that may be seen.
async fn owner(world: &dyn World) -> Result<UserDetail, Failure> {
    unless_hidden(world.call(GET_CURRENT_USER, None, None).await)?.map_or_else(|| Ok(UserDetail::default()), |owner| owner.typed())
}

/// Who else administers the organisation now, if anybody: forgets whom it knew.
pub async fn read_admins(world: &dyn World, knowledge: &mut Knowledge, aid: Option<&str>, subject: &Subject<'_>) -> Result<(), Failure> {
    knowledge.forget_admins(&owner(world).await?);
    add_members(world, knowledge, aid, &|known| known.needs_members(subject)).await
}

/// Reads the members of account groups, one after another, as long as they are needed: of those of the organisation that calls in
/// an account group concern.
pub async fn add_members(
    world: &dyn World,
    knowledge: &mut Knowledge,
    aid: Option<&str>,
    is_needed: &dyn Fn(&Knowledge) -> bool,
) -> Result<(), Failure> {
    if !is_needed(knowledge) {
        return Ok(());
    }
    let Some(groups) = unless_hidden(world.call(GET_ACCOUNT_GROUPS, None, None).await)? else { return Ok(()) };
    let groups = groups.typed::<AccountGroups>()?.account_groups;
    let is_own =
        |group: &&AccountGroupInfo| aid.map_or(group.is_current_account_group == Some(true), |aid| group.aid.as_deref() == Some(aid));
    let organisation = groups.iter().find(is_own).and_then(|group| group.org_id.clone());
    let mut are_all = true;
    for group in &groups {
        let is_own = organisation.is_none() || group.org_id == organisation;
        if !is_own && group.org_id.is_some() {
            continue;
        }
        let group = match &group.aid {
            Some(aid) if is_own => unless_hidden(members(world, aid).await)?,
            _ => None,
        };
        are_all &= group.is_some_and(|group| knowledge.add_members(&group));
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
pub async fn members(world: &dyn World, aid: &str) -> Result<AccountGroupDetail, Failure> {
    world.expanded(GET_ACCOUNT_GROUP, Some(aid), None, Some("user")).await?.typed()
}

/// Refuses a change of one user that guards speak against. Tells whether it took time to know that.
pub async fn guard(world: &dyn World, subject: &Subject<'_>, start: &Start) -> Result<bool, Failure> {
    let options = &start.options;
    let needs_knowledge = subject.needs_knowledge();
    let mut known = Knowledge::default();
    if needs_knowledge {
        known = knowledge(world, None, options.actor.as_deref()).await?;
        add_members(world, &mut known, start.aid.as_deref(), &|known| known.needs_members(subject)).await?;
    }
    let blocked = known.judge(subject, &options.limits, 1);
    if blocked.is_empty() {
        return Ok(needs_knowledge);
    }
    let mut message = "Guards speak against this change, and nothing was written.".to_owned();
    for guarded in &blocked {
        message += &format!(" {}: {}", guarded.guard, guarded.message);
    }
    Err(Error::new(ErrorKind::Guarded(blocked), message, Outcome::NotSent).into())
}

/// The calls of a job that takes long: whoever watches is told how far it is.
pub struct Watched<'a> {
    pub world: &'a dyn World,
    pub done: Cell<u32>,
    pub total: Cell<u32>,
    told: Cell<Option<(u32, u32)>>,
}

impl<'a> Watched<'a> {
    pub fn new(world: &'a dyn World) -> Self {
        Self { world, done: Cell::default(), total: Cell::default(), told: Cell::default() }
    }

    /// Tells how far it is, if that has changed.
    pub fn tell(&self) -> Pending<'_, Result<(), Failure>> {
        Box::pin(async {
            let now = (self.done.get(), self.total.get());
            if self.told.replace(Some(now)) != Some(now) {
                self.world.ask(Question::Progress(now.0, now.1)).await?;
            }
            Ok(())
        })
    }

    /// One piece of the work is done.
    pub async fn advance(&self) -> Result<(), Failure> {
        self.done.set(self.done.get() + 1);
        self.tell().await
    }

    /// Makes a call that is one piece of the work.
    pub fn call<'b>(&'b self, call: Call, id: Option<&'b str>) -> Pending<'b, Result<Given, Failure>> {
        Box::pin(async move {
            self.tell().await?;
            let given = self.world.call(call, id, None).await;
            self.done.set(self.done.get() + 1);
            given
        })
    }
}
