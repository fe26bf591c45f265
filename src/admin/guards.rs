//! What must not be done by mistake: each guard has a name, by which whoever knows better lifts it for one call.

use super::directory::KnownRole;
use super::object;
use super::state::{Difference, Grant, Scope, UserState};
use crate::error::{Error, Guarded};
use crate::input::{self, Parts, Properties, Value};
use crate::models::{AccountGroupDetail, UserDetail};
use crate::path::Path;
use crate::text::join;

/// The token's owner, or who acts through it, would be deleted.
pub const SELF_REMOVAL: &str = "self-removal";
/// They would lose what lets them in, or lets them manage.
pub const SELF_LOCKOUT: &str = "self-lockout";
/// Nobody would be left who may manage the organisation.
pub const LAST_ADMIN: &str = "last-organization-admin";
/// A role with management permissions would hold in all account groups.
pub const MANAGEMENT_EVERYWHERE: &str = "management-everywhere";
/// Roles in all account groups would stand beside roles in single ones.
pub const BESIDE: &str = "everywhere-beside-account-groups";
/// A role that is taken away in an account group holds there all the same.
pub const STILL_EFFECTIVE: &str = "still-effective";
/// More users than allowed would be deleted, or lose a role.
pub const MAX_REMOVALS: &str = "max-removals";
/// Whether another guard holds is not known.
pub const UNKNOWN: &str = "guard-unknown";

/// All guards.
pub const GUARDS: [&str; 8] =
    [SELF_REMOVAL, SELF_LOCKOUT, LAST_ADMIN, MANAGEMENT_EVERYWHERE, BESIDE, STILL_EFFECTIVE, MAX_REMOVALS, UNKNOWN];

/// The name of a guard.
pub(super) fn guard(path: &Path<'_>, value: &Value) -> Result<&'static str, Error> {
    let text = input::text(path, value)?;
    let known = || format!("is not the name of a guard. Known are: {}.", join(GUARDS.iter().copied(), ", "));
    GUARDS.into_iter().find(|guard| *guard == text).ok_or_else(|| Error::wrong_value(path, &known()))
}

/// What a call says about guards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The guards that it lifts.
    pub allow: Vec<&'static str>,
    /// How many users may be deleted or lose a role.
    pub max_removals: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { allow: Vec::new(), max_removals: 10 }
    }
}

impl Limits {
    /// Reads `allow` and `maxRemovals` of the options of a call; what else is in them is for others.
    pub fn read(path: &Path<'_>, object: &Properties) -> Result<Self, Error> {
        let mut parts = Parts::of(path, object);
        let allow = parts.part("allow", |path, value| object::list(path, value, GUARDS.len(), guard)).unwrap_or_default();
        let max_removals = parts.part("maxRemovals", |path, value| input::count(path, value, 0, u32::MAX));
        parts.done()?;
        Ok(Self { allow, max_removals: max_removals.unwrap_or(Self::default().max_removals) })
    }
}

/// A change of one user, as guards see it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Who it is; a user that is yet to be created has none.
    pub uid: Option<&'a str>,
    /// The e-mail address.
    pub email: Option<&'a str>,
    /// What is there; none where the user is created.
    pub before: Option<&'a UserState>,
    /// What would be there then; none where the user is deleted.
    pub after: Option<&'a UserState>,
}

impl Subject<'_> {
    fn difference(&self) -> Difference {
        let nothing = UserState::default();
        self.before.unwrap_or(&nothing).difference(self.after.unwrap_or(&nothing))
    }

    /// Whether guards must know the organisation to judge it. Who only gets more in single account groups does no harm to anybody,
    /// and who is created is nobody yet.
    pub fn needs_knowledge(&self) -> bool {
        let Difference { fields, added, .. } = self.difference();
        let is_renamed = self.before.is_some() && fields.iter().any(|field| field.name == "email");
        is_renamed || self.is_removal() || added.iter().any(|grant| grant.scope == Scope::Everywhere)
    }

    /// Whether a user is deleted or loses a role.
    pub fn is_removal(&self) -> bool {
        self.after.is_none() || !self.difference().removed.is_empty()
    }
}

/// What is known of the organisation.
#[derive(Debug, Clone, Default)]
pub struct Knowledge {
    owner_uid: Option<String>,
    owner_email: Option<String>,
    /// Persons in front of a portal: e-mail addresses or uids.
    actors: Vec<String>,
    roles: Vec<KnownRole>,
    /// The users of whom it is known that they are administrators of the organisation.
    admins: Vec<String>,
    /// Whether these are all of them.
    admins_are_all: bool,
    /// Users who may be administrators no more, whatever lists say.
    doubted: Vec<String>,
    /// Users who were made administrators a moment ago.
    appointed: Vec<String>,
}

/// The built-in role that may do everything.
const ORGANIZATION_ADMIN: &str = "Organization Admin";

impl Knowledge {
    /// What the token's owner and the list of roles tell.
    pub fn of(owner: &UserDetail, roles: &[KnownRole], actor: Option<&str>) -> Self {
        let mut known = Self {
            owner_uid: owner.uid.clone(),
            owner_email: owner.email.clone(),
            actors: actor.into_iter().map(str::to_owned).collect(),
            roles: roles.to_vec(),
            ..Self::default()
        };
        known.forget_admins(owner);
        known
    }

    /// Forgets who the administrators are, but for the token's owner.
    pub fn forget_admins(&mut self, owner: &UserDetail) {
        self.admins.clear();
        self.admins_are_all = false;
        if let (Some(uid), Ok(state)) = (&owner.uid, UserState::of(&Path::Argument("owner"), owner)) {
            self.note(uid, Some(&state));
        }
    }

    /// Takes in what was made of a user. Where lists tell all administrators, they say whether that still holds.
    pub fn appoint(&mut self, uid: &str, state: &UserState) {
        self.appointed.retain(|appointed| appointed != uid);
        if self.is_admin(state) {
            self.appointed.push(uid.to_owned());
        }
    }

    /// From now on this user is no administrator for sure.
    pub fn doubt(&mut self, uid: &str) {
        self.doubted.push(uid.to_owned());
        self.appointed.retain(|appointed| appointed != uid);
        self.set_admin(uid, false);
    }

    /// Takes in one more person in front of a portal.
    pub fn add_actor(&mut self, actor: &str) {
        self.actors.push(actor.to_owned());
    }

    /// Takes in the members of an account group; tells whether the answer has them.
    pub fn add_members(&mut self, account_group: &AccountGroupDetail) -> bool {
        let mut are_all = account_group.users.is_some();
        for user in account_group.users.as_deref().unwrap_or_default() {
            let roles = user.roles.as_deref().unwrap_or_default();
            let is_admin = roles.iter().any(|role| role.role_id.as_deref().is_some_and(|id| self.is_admin_role(id)));
            are_all &= user.uid.is_some() && user.roles.is_some();
            if let (true, Some(uid)) = (is_admin, &user.uid) {
                self.set_admin(uid, true);
            }
        }
        are_all
    }

    /// Says that the members of all account groups were taken in.
    pub const fn admins_are_all(&mut self) {
        self.admins_are_all = true;
    }

    /// Takes in what became of a user: none where it was deleted.
    pub fn note(&mut self, uid: &str, state: Option<&UserState>) {
        self.set_admin(uid, state.is_some_and(|state| self.is_admin(state)));
    }

    fn set_admin(&mut self, uid: &str, is_admin: bool) {
        self.admins.retain(|admin| admin != uid);
        if is_admin && !self.doubted.iter().any(|doubted| doubted == uid) {
            self.admins.push(uid.to_owned());
        }
    }

    fn role(&self, id: &str) -> Option<&KnownRole> {
        self.roles.iter().find(|role| role.id == id)
    }

    /// What people call a role.
    fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.role(id).map_or(id, |role| &role.name)
    }

    /// Whether a role has management permissions, if that is known.
    fn manages(&self, id: &str) -> Option<bool> {
        self.role(id).and_then(|role| role.manages)
    }

    fn is_organization_admin(role: &KnownRole) -> bool {
        role.is_builtin != Some(false) && role.name == ORGANIZATION_ADMIN
    }

    fn is_admin_role(&self, id: &str) -> bool {
        self.role(id).is_some_and(Self::is_organization_admin)
    }

    fn is_admin(&self, state: &UserState) -> bool {
        state.grants.iter().any(|grant| self.is_admin_role(&grant.role_id))
    }

    /// Whether a user is the token's owner or who acts through it; none where that is not known.
    fn is_oneself(&self, subject: &Subject<'_>) -> Option<bool> {
        let before = subject.before.and_then(|state| state.email.as_deref());
        let is = |key: &str| {
            let emails = [subject.email, before];
            subject.uid == Some(key) || emails.into_iter().flatten().any(|email| email.eq_ignore_ascii_case(key))
        };
        let mut keys = self.owner_uid.iter().chain(&self.owner_email).chain(&self.actors);
        match keys.any(|key| is(key)) {
            false if self.owner_uid.is_none() && self.owner_email.is_none() => None,
            is_oneself => Some(is_oneself),
        }
    }

    /// Whether somebody stops being an administrator of the organisation, and no other one is known yet: then the members of
    /// account groups must be read, one after another, as long as this holds.
    pub fn needs_members(&self, subject: &Subject<'_>) -> bool {
        self.takes_admin(subject) && !self.admins_are_all && !self.has_other_admin(subject)
    }

    /// Whether somebody stops being an administrator of the organisation.
    pub fn takes_admin(&self, subject: &Subject<'_>) -> bool {
        let is_admin = |state: Option<&UserState>| state.is_some_and(|state| self.is_admin(state));
        is_admin(subject.before) && !is_admin(subject.after)
    }

    fn has_other_admin(&self, subject: &Subject<'_>) -> bool {
        has_other(&self.admins, subject)
    }

    /// Why a change is not to be made. `removals` is how many users are deleted or lose a role by all that this change is a part
    /// of, itself included.
    pub fn judge(&self, subject: &Subject<'_>, limits: &Limits, removals: u32) -> Vec<Guarded> {
        let difference = subject.difference();
        let mut judgement = Judgement { limits, blocked: Vec::new() };
        self.guard_oneself(subject, &difference, &mut judgement);
        self.guard_last_admin(subject, &difference, &mut judgement);
        self.guard_everywhere(subject, &difference, &mut judgement);
        if (subject.after.is_none() || !difference.removed.is_empty()) && removals > limits.max_removals {
            let most = limits.max_removals;
            judgement.block(
                MAX_REMOVALS,
                &[
                    &removals.to_string(),
                    " users would be deleted or lose a role, and at most ",
                    &most.to_string(),
                    " may. If all of them are meant, set maxRemovals.",
                ],
            );
        }
        judgement.blocked
    }

    fn guard_oneself(&self, subject: &Subject<'_>, difference: &Difference, judgement: &mut Judgement<'_>) {
        // Who is created is nobody yet, and who only gets more loses nothing.
        let Some(before) = subject.before.filter(|_| subject.needs_knowledge()) else { return };
        let Some(is_oneself) = self.is_oneself(subject) else {
            return judgement.block(
                UNKNOWN,
                &["The API does not tell who owns the token, so this user may be that one. Check that, or use another token."],
            );
        };
        if !is_oneself {
            return;
        }
        let Some(after) = subject.after else {
            return judgement
                .block(SELF_REMOVAL, &["This is the user who makes the change, and would be deleted. Let another administrator do it."]);
        };
        if before.email != after.email {
            judgement.block(
                SELF_LOCKOUT,
                &["This is the user who makes the change. Until the new e-mail address is confirmed, neither login nor API would work."],
            );
        }
        if after.grants.is_empty() && !before.grants.is_empty() {
            judgement.block(SELF_LOCKOUT, &["This is the user who makes the change, and would be left without any role."]);
        }
        for grant in &difference.removed {
            if holds_everywhere(after, grant) {
                continue;
            }
            match self.manages(&grant.role_id) {
                Some(false) => {}
                Some(true) => judgement.block(
                    SELF_LOCKOUT,
                    &[
                        "This is the user who makes the change, and would lose the role ",
                        self.name(&grant.role_id),
                        ", which has management permissions. Let another administrator do it.",
                    ],
                ),
                None => judgement.block(
                    UNKNOWN,
                    &[
                        "This is the user who makes the change, and would lose the role ",
                        self.name(&grant.role_id),
                        ", of which nobody knows whether it has management permissions. Look at the role first.",
                    ],
                ),
            }
        }
    }

    fn guard_last_admin(&self, subject: &Subject<'_>, difference: &Difference, judgement: &mut Judgement<'_>) {
        if !self.roles.iter().any(Self::is_organization_admin) {
            if difference.removed.iter().any(|grant| self.manages(&grant.role_id) != Some(false)) {
                judgement.block(
                    UNKNOWN,
                    &["A role with management permissions is taken away, and the list of roles has no built-in Organization Admin: nobody knows whether an administrator is left. Check that first."],
                );
            }
            return;
        }
        if !self.takes_admin(subject) || self.has_other_admin(subject) {
            return;
        }
        if !self.admins_are_all && has_other(&self.appointed, subject) {
            return;
        }
        if self.admins_are_all {
            judgement.block(
                LAST_ADMIN,
                &["This is the last Organization Admin: nobody would be left who may manage the organisation. Make somebody else one first."],
            );
        } else {
            judgement.block(
                UNKNOWN,
                &["This is an Organization Admin, and not all account groups could be read: nobody knows whether there is another one. Check that first."],
            );
        }
    }

    fn guard_everywhere(&self, subject: &Subject<'_>, difference: &Difference, judgement: &mut Judgement<'_>) {
        let Some(after) = subject.after else { return };
        for grant in &difference.added {
            if grant.scope != Scope::Everywhere {
                continue;
            }
            let name = self.name(&grant.role_id);
            match self.manages(&grant.role_id) {
                Some(false) => {}
                Some(true) => judgement.block(
                    MANAGEMENT_EVERYWHERE,
                    &["The role ", name, " has management permissions, and would hold in all account groups, future ones too. Name the account groups that are meant."],
                ),
                None => judgement.block(
                    UNKNOWN,
                    &["The role ", name, " would hold in all account groups, and nobody knows whether it has management permissions. Look at the role first."],
                ),
            }
        }
        let is_mixed = |state: &UserState| {
            let everywhere = state.grants.iter().filter(|grant| grant.scope == Scope::Everywhere).count();
            everywhere > 0 && everywhere < state.grants.len()
        };
        if is_mixed(after) && !subject.before.is_some_and(is_mixed) && !difference.added.is_empty() {
            judgement.block(
                BESIDE,
                &["The user would have roles in all account groups beside roles in single ones, which is often a mistake: the former hold in every account group already. Decide for one of the two."],
            );
        }
        for grant in &difference.removed {
            let (Scope::AccountGroup(aid), true) = (&grant.scope, holds_everywhere(after, grant)) else { continue };
            judgement.block(
                STILL_EFFECTIVE,
                &[
                    "The role ",
                    self.name(&grant.role_id),
                    " is taken away in account group ",
                    aid,
                    ", and holds there all the same, because the user has it in all account groups. Take it away there, too.",
                ],
            );
        }
    }
}

/// Whether somebody else is among these.
fn has_other(uids: &[String], subject: &Subject<'_>) -> bool {
    uids.iter().any(|uid| Some(uid.as_str()) != subject.uid)
}

/// Whether a user has the role of a grant in all account groups.
fn holds_everywhere(state: &UserState, grant: &Grant) -> bool {
    state.has(&Grant { scope: Scope::Everywhere, role_id: grant.role_id.clone() })
}

/// What speaks against a change.
struct Judgement<'a> {
    limits: &'a Limits,
    blocked: Vec<Guarded>,
}

impl Judgement<'_> {
    fn block(&mut self, guard: &'static str, message: &[&str]) {
        let blocked = Guarded { guard, message: join(message.iter().copied(), "") };
        // A role that is lost in two places says it once.
        if !self.limits.allow.contains(&guard) && !self.blocked.contains(&blocked) {
            self.blocked.push(blocked);
        }
    }
}
