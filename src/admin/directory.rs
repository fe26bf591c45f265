//! What is there: users, roles and account groups, read once, and found by what people call them.

use super::changes::{Key, RoleKey, UserKey};
use super::object::Index;
use super::plan::{Names, Who};
use super::state::{Grant, Scope, UserState};
use crate::error::Error;
use crate::models::{AccountGroupInfo, AccountGroups, ExtendedUser, Role, Roles, Users};
use crate::path::Path;

/// A role, as far as plans and guards need it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownRole {
    /// Identifier.
    pub id: Option<String>,
    /// Display name.
    pub name: Option<String>,
    /// Whether the vendor made it, if that is known.
    pub is_builtin: Option<bool>,
    /// Whether it has management permissions, if that is known.
    pub manages: Option<bool>,
}

/// An account group, as far as plans need it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct KnownGroup {
    id: Option<String>,
    name: Option<String>,
    org_id: Option<String>,
    is_current: bool,
}

/// What was read once.
#[derive(Debug, Clone)]
pub struct Directory {
    /// The users of the organisation.
    pub users: Vec<Who>,
    /// The roles.
    pub roles: Vec<KnownRole>,
    account_groups: Vec<KnownGroup>,
    by_email: Index,
    by_uid: Index,
}

/// The most candidates that a complaint lists.
const CANDIDATES: usize = 20;

/// The roles of a list.
pub fn known_roles(roles: Roles) -> Vec<KnownRole> {
    let known =
        |role: Role| KnownRole { id: role.role_id, name: role.name, is_builtin: role.is_builtin, manages: role.has_management_permissions };
    roles.roles.into_iter().map(known).collect()
}

impl Directory {
    /// Of what the API answered.
    pub fn of(users: Users, roles: Roles, account_groups: AccountGroups) -> Self {
        let who = |user: ExtendedUser| Who { uid: user.uid, email: user.email, name: user.name };
        let users: Vec<_> = users.users.into_iter().map(who).collect();
        let group = |group: AccountGroupInfo| KnownGroup {
            id: group.aid,
            name: group.account_group_name,
            org_id: group.org_id,
            is_current: group.is_current_account_group == Some(true),
        };
        let by_email = Index::new(users.iter().map(|user| user.email.as_ref().map(|email| email.to_ascii_lowercase())));
        let by_uid = Index::new(users.iter().map(|user| user.uid.clone()));
        let account_groups = account_groups.account_groups.into_iter().map(group).collect();
        Self { users, roles: known_roles(roles), account_groups, by_email, by_uid }
    }

    /// The organisations that calls in an account group concern: that of the account group, or of the one that calls without
    /// one fall to; where that is not told, all that were seen.
    pub fn organisations(&self, aid: Option<&str>) -> Vec<String> {
        let is_asked = |group: &&KnownGroup| aid.map_or(group.is_current, |aid| group.id.as_deref() == Some(aid));
        let mut found: Vec<String> = self.account_groups.iter().filter(is_asked).filter_map(|group| group.org_id.clone()).collect();
        if found.is_empty() {
            for id in self.account_groups.iter().filter_map(|group| group.org_id.as_ref()) {
                if let Err(place) = found.binary_search(id) {
                    found.insert(place, id.clone());
                }
            }
        }
        found
    }

    /// The place of the one user with an e-mail address. Two are an error that lists both.
    pub fn by_email(&self, path: &Path<'_>, email: &str) -> Result<Option<usize>, Error> {
        match self.by_email.find(&email.to_ascii_lowercase()) {
            [] => Ok(None),
            [(_, place)] => Ok(Some(*place)),
            several => {
                let places = several.iter().filter_map(|(_, place)| self.users.get(*place));
                let list = candidates(places.map(|user| (user.uid.as_deref(), user.name.as_deref())));
                Err(Error::wrong_value(path, &format!("belongs to more than one user: say which one by its uid. They are: {list}.")))
            }
        }
    }

    /// The place of a user, who must be there.
    pub(super) fn user(&self, path: &Path<'_>, key: &UserKey) -> Result<Option<usize>, Error> {
        match key {
            UserKey::Email(email) => self.by_email(&path.property("email"), email),
            UserKey::Uid(uid) => match self.by_uid.find(uid) {
                [(_, place), ..] => Ok(Some(*place)),
                [] => Err(Error::wrong_value(&path.property("uid"), "is the uid of no user of the organisation.")),
            },
        }
    }

    /// The id of a role.
    pub(super) fn role(&self, path: &Path<'_>, key: &Key, must_be_there: bool) -> Result<String, Error> {
        let all: Vec<_> = self.roles.iter().map(|role| (role.id.as_deref(), role.name.as_deref())).collect();
        find(path, key, &all, "role", must_be_there)
    }

    /// The id of an account group.
    pub(super) fn account_group(&self, path: &Path<'_>, key: &Key, must_be_there: bool) -> Result<String, Error> {
        let all: Vec<_> = self.account_groups.iter().map(|group| (group.id.as_deref(), group.name.as_deref())).collect();
        find(path, key, &all, "account group", must_be_there)
    }

    /// A role with its place. What is to be taken away need not be in the lists, if its id is told: the user may still have it.
    pub(super) fn grant(&self, path: &Path<'_>, key: &RoleKey, must_be_there: bool) -> Result<Grant, Error> {
        let role_id = self.role(&path.property("role"), &key.role, must_be_there)?;
        let scope = match &key.account_group {
            Some(group) => Scope::AccountGroup(self.account_group(&path.property("accountGroup"), group, must_be_there)?),
            None => Scope::Everywhere,
        };
        Ok(Grant { scope, role_id })
    }
}

impl Directory {
    /// Takes down the names of all that a user has.
    pub(super) fn name(&self, names: &mut Names, state: &UserState) {
        state.login_account_group_id.iter().for_each(|aid| self.name_group(names, aid));
        for grant in &state.grants {
            self.name_grant(names, grant);
        }
    }

    /// Takes down the names of a role and its place.
    pub(super) fn name_grant(&self, names: &mut Names, grant: &Grant) {
        let role = self.roles.iter().find(|role| role.id.as_ref() == Some(&grant.role_id));
        if let Some(name) = role.and_then(|role| role.name.as_ref()) {
            names.add_role(&grant.role_id, name);
        }
        if let Scope::AccountGroup(aid) = &grant.scope {
            self.name_group(names, aid);
        }
    }

    fn name_group(&self, names: &mut Names, aid: &str) {
        let group = self.account_groups.iter().find(|group| group.id.as_deref() == Some(aid));
        if let Some(name) = group.and_then(|group| group.name.as_ref()) {
            names.add_account_group(aid, name);
        }
    }
}

/// An identifier and a name.
type Known<'a> = (Option<&'a str>, Option<&'a str>);

fn find(path: &Path<'_>, key: &Key, all: &[Known<'_>], what: &str, must_be_there: bool) -> Result<String, Error> {
    let all = all.iter().copied();
    let (path, problem, list) = match key {
        Key::Id(id) => {
            if !must_be_there || all.clone().any(|(present, _)| present == Some(id)) {
                return Ok(id.clone());
            }
            (path.property("id"), format!("is the id of no {what} that the token's owner can see"), candidates(all))
        }
        Key::Name(name) => {
            let mut named = all.clone().filter(|(_, present)| *present == Some(name));
            match (named.next(), named.next()) {
                (Some((Some(id), _)), None) => return Ok(id.to_owned()),
                (None, _) => (path.property("name"), format!("is the name of no {what} that the token's owner can see"), candidates(all)),
                _ => {
                    let named = all.filter(|(_, present)| *present == Some(name));
                    (path.property("name"), format!("is the name of more than one {what}: say which one by its id"), candidates(named))
                }
            }
        }
    };
    Err(Error::wrong_value(&path, &format!("{problem}. There are: {list}.")))
}

/// Names with their ids, for a complaint.
fn candidates<'a>(all: impl Iterator<Item = Known<'a>>) -> String {
    let mut list = String::new();
    for (index, (id, name)) in all.enumerate() {
        if index > 0 {
            list += ", ";
        }
        if index == CANDIDATES {
            list += "and more";
            break;
        }
        list += name.unwrap_or("(no name)");
        list += " [";
        list += id.unwrap_or("no id");
        list.push(']');
    }
    if list.is_empty() { "none".to_owned() } else { list }
}
