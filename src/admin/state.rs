//! What a request can set of a user, and the arithmetic of roles.

use super::object::{AsValue, Object, put_in, serialize_as_value};
use crate::error::Error;
use crate::input::{self, Parts, Value};
use crate::models::{FromValue, Setting, UserAccountGroupRole, UserDetail, UserRequest};
use crate::path::Path;

/// Where a role holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// In all account groups, future ones too.
    Everywhere,
    /// In the account group of this id.
    AccountGroup(String),
}

/// A role that a user has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// Where.
    pub scope: Scope,
    /// Which.
    pub role_id: String,
}

impl AsValue for Grant {
    fn as_value(&self) -> Value {
        let role = Object::default().text("roleId", &self.role_id);
        match &self.scope {
            Scope::Everywhere => role.put("allAccountGroups", Value::Flag(true)),
            Scope::AccountGroup(aid) => role.text("accountGroupId", aid),
        }
        .done()
    }
}

impl Grant {
    /// Reads `{ roleId, accountGroupId }` or `{ roleId, allAccountGroups: true }`.
    pub fn read(path: &Path<'_>, value: &Value) -> Result<Self, Error> {
        let mut parts = Parts::of(path, input::object(path, value, &["roleId", "accountGroupId", "allAccountGroups"])?);
        let role_id = parts.required("roleId", input::id);
        let account_group = parts.part("accountGroupId", input::id);
        let everywhere = parts.part("allAccountGroups", input::flag).unwrap_or_default();
        parts.done()?;
        let scope = match (account_group, everywhere) {
            (Some(aid), false) => Scope::AccountGroup(aid),
            (None, true) => Scope::Everywhere,
            _ => return Err(Error::wrong_value(path, "must have either accountGroupId, or allAccountGroups: true.")),
        };
        Ok(Self { scope, role_id })
    }
}

/// What a request can set of a user. Whoever has the same is equal, however the API sorts or repeats it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserState {
    /// Display name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// The account group that the user lands in.
    pub login_account_group_id: Option<String>,
    /// The roles, sorted, each once.
    pub grants: Vec<Grant>,
}

impl UserState {
    /// That of a user as it was read, with roles. A user of a list is refused, and one whose roles are known only in part: what is
    /// missing might be taken away.
    pub fn of(path: &Path<'_>, user: &UserDetail) -> Result<Self, Error> {
        let (Some(per_account_group), Some(everywhere)) = (&user.account_group_roles, &user.all_account_group_roles) else {
            let missing = if user.account_group_roles.is_none() { "accountGroupRoles" } else { "allAccountGroupRoles" };
            let problem = format!("has no {missing}, like every user of a list: read it with getUser, or roles could be lost.");
            return Err(Error::wrong_type(path, &problem));
        };
        let unknown = |place: &str| Error::wrong_type(path, &format!("has {place} without an id: the user's roles are not known."));
        let login_account_group_id = user.login_account_group.as_ref().and_then(|group| group.aid.clone());
        let mut state = Self { name: user.name.clone(), email: user.email.clone(), login_account_group_id, grants: Vec::new() };
        for role in everywhere {
            let role_id = role.role_id.clone().ok_or_else(|| unknown("a role"))?;
            state.add(Grant { scope: Scope::Everywhere, role_id });
        }
        for entry in per_account_group {
            let group = entry.account_group.as_ref().and_then(|group| group.aid.clone()).ok_or_else(|| unknown("an account group"))?;
            for role in entry.roles.as_ref().ok_or_else(|| unknown("an account group's roles"))? {
                let role_id = role.role_id.clone().ok_or_else(|| unknown("a role"))?;
                state.add(Grant { scope: Scope::AccountGroup(group.clone()), role_id });
            }
        }
        Ok(state)
    }

    /// That of a user that a caller hands in.
    pub fn read(path: &Path<'_>, value: &Value) -> Result<Self, Error> {
        Self::of(path, &UserDetail::from_value(path, value)?)
    }

    /// Adds a role in its place, unless it is there. (The sorting of the standard library would be more code than all the rest.)
    fn add(&mut self, grant: Grant) {
        if let Err(place) = self.grants.binary_search(&grant) {
            put_in(&mut self.grants, place, grant);
        }
    }

    fn add_all(&mut self, scope: &Scope, role_ids: &[String]) {
        for role_id in role_ids {
            self.add(Grant { scope: scope.clone(), role_id: role_id.clone() });
        }
    }

    /// Whether the user has a role there; not whether it has the role by way of all account groups.
    pub fn has(&self, grant: &Grant) -> bool {
        self.grants.binary_search(grant).is_ok()
    }

    /// With one more role.
    pub fn with(mut self, grant: Grant) -> Self {
        self.add(grant);
        self
    }

    /// Without a role.
    pub fn without(mut self, grant: &Grant) -> Self {
        self.grants.retain(|own| own != grant);
        self
    }

    /// What a request makes of it. What the request omits stays; `null` in place of a list is taken for an empty one (assumed).
    pub fn changed_by(mut self, request: &UserRequest) -> Self {
        change(&mut self.name, &request.name);
        change(&mut self.email, &request.email);
        change(&mut self.login_account_group_id, &request.login_account_group_id);
        match &request.account_group_roles {
            Setting::Omitted => {}
            Setting::Null => self.grants.retain(|grant| grant.scope == Scope::Everywhere),
            Setting::Value(entries) => {
                self.grants.retain(|grant| grant.scope == Scope::Everywhere);
                for entry in entries {
                    let scope = Scope::AccountGroup(entry.account_group_id.clone());
                    self.add_all(&scope, &entry.role_ids);
                }
            }
        }
        if !matches!(request.all_account_group_role_ids, Setting::Omitted) {
            self.grants.retain(|grant| grant.scope != Scope::Everywhere);
        }
        if let Setting::Value(role_ids) = &request.all_account_group_role_ids {
            self.add_all(&Scope::Everywhere, role_ids);
        }
        self
    }

    /// The request that turns this into another state: only what changes; but if any role changes, both lists of roles, whole,
    /// because what omitting one of them does is not documented.
    pub fn request_for(&self, after: &Self) -> UserRequest {
        let changed = |before: &Option<String>, after: &Option<String>| if before == after { None } else { after.clone() };
        let mut request = UserRequest {
            name: changed(&self.name, &after.name).into(),
            email: changed(&self.email, &after.email).into(),
            login_account_group_id: changed(&self.login_account_group_id, &after.login_account_group_id).into(),
            ..UserRequest::default()
        };
        if self.grants != after.grants {
            after.ask_for_roles(&mut request);
        }
        request
    }

    /// Both lists of roles, whole.
    fn ask_for_roles(&self, request: &mut UserRequest) {
        let (mut entries, mut everywhere) = (Vec::<UserAccountGroupRole>::new(), Vec::new());
        for Grant { scope, role_id } in &self.grants {
            match (scope, entries.last_mut()) {
                (Scope::Everywhere, _) => everywhere.push(role_id.clone()),
                (Scope::AccountGroup(aid), Some(last)) if last.account_group_id == *aid => last.role_ids.push(role_id.clone()),
                (Scope::AccountGroup(aid), _) => {
                    entries.push(UserAccountGroupRole { account_group_id: aid.clone(), role_ids: vec![role_id.clone()] });
                }
            }
        }
        request.account_group_roles = Setting::Value(entries);
        request.all_account_group_role_ids = Setting::Value(everywhere);
    }

    /// The request that says all of it.
    pub fn whole_request(&self) -> UserRequest {
        let Self { name, email, login_account_group_id, .. } = self.clone();
        let mut request = UserRequest {
            name: name.into(),
            email: email.into(),
            login_account_group_id: login_account_group_id.into(),
            ..UserRequest::default()
        };
        self.ask_for_roles(&mut request);
        request
    }

    /// What differs from here to there.
    pub fn difference(&self, after: &Self) -> Difference {
        let mut fields = Vec::new();
        for (name, before, after) in self.fields(after) {
            if before != after {
                fields.push(Field { name, before: before.clone(), after: after.clone() });
            }
        }
        let (added, removed, kept) = (after.grants(self, false), self.grants(after, false), self.grants(after, true));
        Difference { fields, added, removed, kept }
    }

    /// The plain properties by their names in a request, beside those of another state.
    pub(super) const fn fields<'a>(&'a self, other: &'a Self) -> [(&'static str, &'a Option<String>, &'a Option<String>); 3] {
        [
            ("name", &self.name, &other.name),
            ("email", &self.email, &other.email),
            ("loginAccountGroupId", &self.login_account_group_id, &other.login_account_group_id),
        ]
    }

    /// The roles that another state has too, or has not.
    fn grants(&self, other: &Self, are_shared: bool) -> Vec<Grant> {
        let mut grants = Vec::new();
        for grant in &self.grants {
            if other.has(grant) == are_shared {
                grants.push(grant.clone());
            }
        }
        grants
    }
}

fn change(own: &mut Option<String>, setting: &Setting<String>) {
    match setting {
        Setting::Omitted => {}
        Setting::Null => *own = None,
        Setting::Value(value) => *own = Some(value.clone()),
    }
}

/// What differs between two states of a user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// The plain properties that differ.
    pub fields: Vec<Field>,
    /// Roles that only the second one has.
    pub added: Vec<Grant>,
    /// Roles that only the first one has.
    pub removed: Vec<Grant>,
    /// Roles that both have.
    pub kept: Vec<Grant>,
}

impl Difference {
    /// Says that an answer is not what was asked for: this is what differs between the two.
    pub fn unexpected(&self) -> String {
        let (more, fewer) = (self.added.len(), self.removed.len());
        let others = self.fields.len();
        format!(
            "The user was written, but the answer does not have what was asked for. Roles: {more} more and {fewer} fewer; other properties: {others}. Read the user, and see what holds."
        )
    }
}

/// A plain property that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in a request.
    pub name: &'static str,
    /// What it was; none where it was missing.
    pub before: Option<String>,
    /// What it is then.
    pub after: Option<String>,
}

impl AsValue for Field {
    fn as_value(&self) -> Value {
        let (before, after) = (self.before.as_deref(), self.after.as_deref());
        Object::default().text("field", self.name).or_null("before", before).or_null("after", after).done()
    }
}

impl AsValue for Difference {
    fn as_value(&self) -> Value {
        Object::default()
            .put("fields", self.fields.as_value())
            .put("added", self.added.as_value())
            .put("removed", self.removed.as_value())
            .put("kept", self.kept.as_value())
            .done()
    }
}

serialize_as_value!(Grant, Field, Difference);

/// The request that gives a user one more role, and changes nothing else.
pub fn with_role(user: &Value, grant: &Value) -> Result<UserRequest, Error> {
    let before = UserState::read(&Path::Argument("user"), user)?;
    let after = before.clone().with(Grant::read(&Path::Argument("role"), grant)?);
    Ok(before.request_for(&after))
}

/// The request that takes a role away, and changes nothing else.
pub fn without_role(user: &Value, grant: &Value) -> Result<UserRequest, Error> {
    let before = UserState::read(&Path::Argument("user"), user)?;
    let after = before.clone().without(&Grant::read(&Path::Argument("role"), grant)?);
    Ok(before.request_for(&after))
}
