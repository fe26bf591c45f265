//! What is there: users, roles and account groups, read once, and found by what people call them.

use super::changes::{Key, RoleKey, UserKey};
use super::object::{Index, put_in};
use super::plan::{Names, Who};
use super::state::{Grant, Scope, UserState};
use crate::error::Error;
use crate::models::{AccountGroups, Roles, Users};
use crate::path::Path;
use crate::text::join;

/// A role, as far as plans and guards need it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownRole {
    /// Identifier.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Whether the vendor made it, if that is known.
    pub is_builtin: Option<bool>,
    /// Whether it has management permissions, if that is known.
    pub manages: Option<bool>,
}

/// What was read once.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// The users of the organisation.
    pub users: Vec<Who>,
    /// The roles.
    pub roles: Vec<KnownRole>,
    /// The names of roles and account groups by their ids, in the order of the lists.
    role_names: Vec<Named>,
    group_names: Vec<Named>,
    /// The organisation of each account group, and whether calls that name no account group fall to it.
    organisations: Vec<(String, bool)>,
    by_email: Index,
    by_uid: Index,
}

/// An id and a name.
type Named = (String, String);

/// The most candidates that a complaint lists.
const CANDIDATES: usize = 20;

/// The roles of a list. One without an id is not known.
pub fn known_roles(roles: Roles) -> Vec<KnownRole> {
    let mut known = Vec::new();
    for role in roles.roles {
        if let Some(id) = role.role_id {
            let name = role.name.unwrap_or_default();
            known.push(KnownRole { id, name, is_builtin: role.is_builtin, manages: role.has_management_permissions });
        }
    }
    known
}

impl Directory {
    /// Of what the API answered.
    pub fn of(users: Users, roles: Roles, account_groups: AccountGroups) -> Self {
        let mut directory = Self { roles: known_roles(roles), ..Self::default() };
        for user in users.users {
            directory.users.push(Who { uid: user.uid, email: user.email, name: user.name });
        }
        for role in &directory.roles {
            directory.role_names.push((role.id.clone(), role.name.clone()));
        }
        for group in account_groups.account_groups {
            directory.group_names.push((group.aid.unwrap_or_default(), group.account_group_name.unwrap_or_default()));
            let is_current = group.is_current_account_group == Some(true);
            directory.organisations.push((group.org_id.unwrap_or_default(), is_current));
        }
        let users = &directory.users;
        directory.by_email = Index::of(users.len(), &|place| Some(users.get(place)?.email.as_ref()?.to_ascii_lowercase()));
        directory.by_uid = Index::of(users.len(), &|place| users.get(place)?.uid.clone());
        directory
    }

    /// The organisations that calls in an account group concern: that of the account group, or of the one that calls without
    /// one fall to; where that is not told, all that were seen.
    pub fn organisations(&self, aid: Option<&str>) -> Vec<String> {
        let mut all = Vec::new();
        for ((id, is_current), (own, _)) in self.organisations.iter().zip(&self.group_names) {
            if aid.map_or(*is_current, |aid| own == aid) && !id.is_empty() {
                return vec![id.clone()];
            }
            if let (Err(place), false) = (all.binary_search(id), id.is_empty()) {
                put_in(&mut all, place, id.clone());
            }
        }
        all
    }

    /// The place of the one user with an e-mail address. Two are an error that lists both.
    pub fn by_email(&self, path: &Path<'_>, email: &str) -> Result<Option<usize>, Error> {
        match self.by_email.find(&email.to_ascii_lowercase()) {
            [] => Ok(None),
            [(_, place)] => Ok(Some(*place)),
            several => {
                let mut named = Vec::new();
                for user in several.iter().filter_map(|(_, place)| self.users.get(*place)) {
                    named.push((user.uid.clone().unwrap_or_default(), user.name.clone().unwrap_or_default()));
                }
                let list = candidates(&named, None);
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
        find(path, key, &self.role_names, "role", must_be_there)
    }

    /// The id of an account group.
    pub(super) fn account_group(&self, path: &Path<'_>, key: &Key, must_be_there: bool) -> Result<String, Error> {
        find(path, key, &self.group_names, "account group", must_be_there)
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
        if let Some((id, name)) = self.role_names.iter().find(|(id, _)| *id == grant.role_id) {
            names.add_role(id, name);
        }
        if let Scope::AccountGroup(aid) = &grant.scope {
            self.name_group(names, aid);
        }
    }

    fn name_group(&self, names: &mut Names, aid: &str) {
        if let Some((id, name)) = self.group_names.iter().find(|(id, _)| id == aid) {
            names.add_account_group(id, name);
        }
    }
}

fn find(path: &Path<'_>, key: &Key, all: &[Named], what: &str, must_be_there: bool) -> Result<String, Error> {
    let (path, problem, name) = match key {
        Key::Id(id) => {
            if !must_be_there || all.iter().any(|(present, _)| present == id) {
                return Ok(id.clone());
            }
            (path.property("id"), "is the id of no ", None)
        }
        Key::Name(name) => {
            let mut named = all.iter().filter(|(_, present)| present == name);
            match (named.next(), named.next()) {
                (Some((id, _)), None) => return Ok(id.clone()),
                (None, _) => (path.property("name"), "is the name of no ", None),
                _ => (path.property("name"), "is the name of more than one ", Some(name.as_str())),
            }
        }
    };
    let hint = if name.is_some() { "say which one by its id" } else { "or the token's owner cannot see it" };
    let problem = join([problem, what, ", ", hint, ". There are: ", &candidates(all, name), "."].iter().copied(), "");
    Err(Error::wrong_value(&path, &problem))
}

/// Names with their ids, for a complaint: all, or those of one name.
fn candidates(all: &[Named], only: Option<&str>) -> String {
    let (mut list, mut count) = (String::new(), 0);
    for (id, name) in all {
        if only.is_some_and(|only| name != only) {
            continue;
        }
        if count == CANDIDATES {
            return list + ", and more";
        }
        let separator = if count > 0 { ", " } else { "" };
        list += &join([separator, name, " [", id, "]"].iter().copied(), "");
        count += 1;
    }
    if list.is_empty() { "none".to_owned() } else { list }
}
