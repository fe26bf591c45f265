//! Makes a plan: all changes to one user become one step, and changes that contradict each other are refused.

use super::changes::{Change, Key, RoleKey, UserKey};
use super::directory::Directory;
use super::object::{Index, put_in};
use super::plan::{Cost, Header, Kind, Names, Plan, Step, Unchanged, Who};
use super::state::{Difference, Grant, Scope, UserState};
use crate::error::Error;
use crate::models::UserDetail;
use crate::path::Path;

/// What a plan is about, as far as its makers must say it.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Hexadecimal digits by chance.
    pub plan_id: String,
    /// The time, ISO 8601 in UTC.
    pub created: String,
    /// Where the API is.
    pub host: String,
    /// The account group in which the calls are made.
    pub aid: Option<String>,
    /// Who wants it.
    pub actor: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

impl About {
    pub(super) fn header(self, org_ids: Vec<String>) -> Header {
        let Self { plan_id, created, host, aid, actor, reason } = self;
        Header { plan_id, created, host, org_ids, aid, actor, reason, planning: Cost::default(), applying: Cost::default() }
    }
}

/// The users whose roles must be read before a plan can be made, each once: their uids.
pub fn needed(changes: &[Change], directory: &Directory) -> Result<Vec<String>, Error> {
    let drafts = Drafts::of(changes, directory)?;
    let mut uids = Vec::new();
    for draft in &drafts.drafts {
        if let Some(Who { uid: Some(uid), .. }) = directory.users.get(draft.slot) {
            uids.push(uid.clone());
        }
    }
    Ok(uids)
}

/// Makes a plan of changes, from what is there: `details` are the users that [`needed`] names.
pub fn make(changes: &[Change], directory: &Directory, details: &[UserDetail], about: About) -> Result<Plan, Error> {
    let drafts = Drafts::of(changes, directory)?;
    let org_ids = directory.organisations(about.aid.as_deref());
    let mut plan = Plan { header: about.header(org_ids), names: Names::default(), steps: Vec::new(), unchanged: Vec::new() };
    let by_uid = Index::of(details.len(), &|place| details.get(place)?.uid.clone());
    for draft in &drafts.drafts {
        let detail = match directory.users.get(draft.slot) {
            Some(user) => {
                let found = user.uid.as_ref().and_then(|uid| by_uid.find(uid).first());
                let gone = || {
                    let path = Path::Argument("changes");
                    Error::wrong_value(&path.index(draft.first), "is about a user who was deleted while the plan was made: make it anew.")
                };
                Some(found.and_then(|(_, place)| details.get(*place)).ok_or_else(gone)?)
            }
            None => None,
        };
        draft.finish(&mut plan, directory, detail)?;
    }
    check_emails(&drafts, directory)?;
    Ok(plan)
}

/// Something that a change wants, and the place of the change.
type Wish = Option<(String, usize)>;

/// All changes to one user.
struct Draft {
    /// The place of the user in the directory; behind it who is invited.
    slot: usize,
    /// The place of the first change.
    first: usize,
    /// Whether a change is no invitation of a user who is there already.
    is_wanted: bool,
    name: Wish,
    email: Wish,
    login_account_group: Wish,
    /// Roles, whether they are given or taken, and by which change.
    roles: Vec<(Grant, bool, usize)>,
    removed: Option<usize>,
    /// What an invitation asked of a user who is there already.
    asked: Option<UserState>,
}

struct Drafts<'a> {
    directory: &'a Directory,
    /// Who is invited and not there, in lower case, sorted.
    invited: Vec<String>,
    drafts: Vec<Draft>,
    /// The place of the draft of each slot, counted from 1.
    places: Vec<usize>,
}

impl<'a> Drafts<'a> {
    fn of(changes: &[Change], directory: &'a Directory) -> Result<Self, Error> {
        let mut drafts = Self { directory, invited: Vec::new(), drafts: Vec::new(), places: Vec::new() };
        let path = Path::Argument("changes");
        for (index, change) in changes.iter().enumerate() {
            if let Change::Invite { email, .. } = change
                && directory.by_email(&path.index(index).property("email"), email)?.is_none()
                && let Err(place) = drafts.invited.binary_search(&email.to_ascii_lowercase())
            {
                put_in(&mut drafts.invited, place, email.to_ascii_lowercase());
            }
        }
        drafts.places.resize(directory.users.len() + drafts.invited.len(), 0);
        for (index, change) in changes.iter().enumerate() {
            drafts.add(&path.index(index), index, change)?;
        }
        Ok(drafts)
    }

    /// The draft of a user.
    fn draft(&mut self, path: &Path<'_>, index: usize, key: &UserKey) -> Result<&mut Draft, Error> {
        let slot = match (self.directory.user(path, key)?, key) {
            (Some(slot), _) => slot,
            (None, UserKey::Email(email)) => match self.invited.binary_search(&email.to_ascii_lowercase()) {
                Ok(place) => self.directory.users.len() + place,
                Err(_) => {
                    let problem = "belongs to no user of the organisation. Correct it, or invite the user in the same plan.";
                    return Err(Error::wrong_value(&path.property("email"), problem));
                }
            },
            (None, UserKey::Uid(_)) => self.places.len(),
        };
        let place = self.places.get_mut(slot).ok_or_else(|| Error::wrong_value(path, "is not known."))?;
        if *place == 0 {
            let (name, email, login_account_group) = (None, None, None);
            let roles = Vec::new();
            let new = Draft { slot, first: index, is_wanted: false, name, email, login_account_group, roles, removed: None, asked: None };
            self.drafts.push(new);
            *place = self.drafts.len();
        }
        let place = *place;
        self.drafts.get_mut(place - 1).ok_or_else(|| Error::wrong_value(path, "is not known."))
    }

    fn add(&mut self, path: &Path<'_>, index: usize, change: &Change) -> Result<(), Error> {
        let directory = self.directory;
        let login = |key: &Option<Key>| {
            let path = path.property("loginAccountGroup");
            key.as_ref().map(|key| directory.account_group(&path, key, true)).transpose()
        };
        let user = path.property("user");
        match change {
            Change::Invite { email, name, login_account_group, roles } => {
                let login_account_group = login(login_account_group)?;
                let mut grants = Vec::new();
                for (place, role) in roles.iter().enumerate() {
                    grants.push(directory.grant(&path.property("roles").index(place), role, true)?);
                }
                let there = directory.users.len();
                let draft = self.draft(path, index, &UserKey::Email(email.clone()))?;
                if draft.slot < there {
                    let mut asked = draft.asked.take().unwrap_or_default();
                    asked.name = name.clone().or(asked.name);
                    asked.login_account_group_id = login_account_group.or(asked.login_account_group_id);
                    for grant in grants {
                        asked = asked.with(grant);
                    }
                    draft.asked = Some(asked);
                    return draft.check_removed(path);
                }
                draft.is_wanted = true;
                if !matches!(&draft.email, Some((present, _)) if present.eq_ignore_ascii_case(email)) {
                    wish(&path.property("email"), &mut draft.email, Some(email), index)?;
                }
                wish(&path.property("name"), &mut draft.name, name.as_ref(), index)?;
                wish(&path.property("loginAccountGroup"), &mut draft.login_account_group, login_account_group.as_ref(), index)?;
                for grant in grants {
                    draft.role(path, grant, true, index)?;
                }
                draft.check_removed(path)
            }
            Change::Grant(key, role) => self.role(path, index, key, role, true),
            Change::Revoke(key, role) => self.role(path, index, key, role, false),
            Change::Update { user: key, name, email, login_account_group } => {
                let login_account_group = login(login_account_group)?;
                let draft = self.draft(&user, index, key)?;
                draft.is_wanted = true;
                wish(&path.property("name"), &mut draft.name, name.as_ref(), index)?;
                wish(&path.property("email"), &mut draft.email, email.as_ref(), index)?;
                wish(&path.property("loginAccountGroup"), &mut draft.login_account_group, login_account_group.as_ref(), index)?;
                draft.check_removed(path)
            }
            Change::Remove(key) => {
                let draft = self.draft(&user, index, key)?;
                if (draft.is_wanted || draft.asked.is_some()) && draft.removed.is_none() {
                    return Err(contradiction(path, draft.first, "a user who is deleted cannot be changed or invited as well"));
                }
                draft.is_wanted = true;
                draft.removed = draft.removed.or(Some(index));
                Ok(())
            }
        }
    }

    fn role(&mut self, path: &Path<'_>, index: usize, key: &UserKey, role: &RoleKey, is_given: bool) -> Result<(), Error> {
        let grant = self.directory.grant(path, role, is_given)?;
        let draft = self.draft(&path.property("user"), index, key)?;
        draft.is_wanted = true;
        draft.role(path, grant, is_given, index)?;
        draft.check_removed(path)
    }
}

fn contradiction(path: &Path<'_>, other: usize, why: &str) -> Error {
    Error::wrong_value(path, &format!("contradicts changes[{other}]: {why}. Leave one of the two out."))
}

/// Remembers what a change wants, unless another one wants something else.
fn wish(path: &Path<'_>, wish: &mut Wish, value: Option<&String>, index: usize) -> Result<(), Error> {
    match (&wish, value) {
        (Some((present, other)), Some(value)) if present != value => {
            Err(contradiction(path, *other, "the same property of the same user cannot have two values"))
        }
        (None, Some(value)) => {
            *wish = Some((value.clone(), index));
            Ok(())
        }
        _ => Ok(()),
    }
}

impl Draft {
    fn check_removed(&self, path: &Path<'_>) -> Result<(), Error> {
        match self.removed {
            Some(other) => Err(contradiction(path, other, "a user who is deleted cannot be changed or invited as well")),
            None => Ok(()),
        }
    }

    fn role(&mut self, path: &Path<'_>, grant: Grant, is_given: bool, index: usize) -> Result<(), Error> {
        match self.roles.iter().find(|(present, ..)| *present == grant) {
            Some((_, given, other)) if *given != is_given => {
                Err(contradiction(path, *other, "the same role cannot be given and taken away"))
            }
            Some(_) => Ok(()),
            None => {
                self.roles.push((grant, is_given, index));
                Ok(())
            }
        }
    }

    /// Makes a step of it.
    fn finish(&self, plan: &mut Plan, directory: &Directory, detail: Option<&UserDetail>) -> Result<(), Error> {
        let path = Path::Argument("user");
        let before = detail.map(|detail| UserState::of(&path, detail)).transpose()?;
        let mut user = match detail {
            Some(detail) => Who { uid: detail.uid.clone(), email: detail.email.clone(), name: detail.name.clone() },
            None => Who::default(),
        };
        let mut warnings = Vec::new();
        if let Some(state) = &before {
            directory.name(&mut plan.names, state);
        }
        if let Some(state) = &self.asked {
            directory.name(&mut plan.names, state);
        }
        self.roles.iter().for_each(|(grant, ..)| directory.name_grant(&mut plan.names, grant));
        if let (Some(before), Some(asked)) = (&before, &self.asked) {
            self.tell_differences(plan, before, asked, &mut warnings);
        }
        let mut after = before.clone().unwrap_or_default();
        for (own, wish) in
            [(&mut after.name, &self.name), (&mut after.email, &self.email), (&mut after.login_account_group_id, &self.login_account_group)]
        {
            if let Some((value, _)) = wish {
                *own = Some(value.clone());
            }
        }
        for (grant, is_given, _) in &self.roles {
            if after.has(grant) == *is_given {
                let role = plan.names.grant(grant);
                warnings.push(if *is_given {
                    format!("The user has the role {role} already.")
                } else {
                    let everywhere = Grant { scope: Scope::Everywhere, role_id: grant.role_id.clone() };
                    let wish = self.roles.iter().find(|(own, ..)| *own == everywhere);
                    if wish.map_or_else(|| after.has(&everywhere), |(_, is_given, _)| *is_given) {
                        format!("The role {role} is not taken away: the user has it in all account groups. Take it away there.")
                    } else {
                        format!("The user does not have the role {role}, so it cannot be taken away.")
                    }
                });
            }
            after = if *is_given { after.with(grant.clone()) } else { after.without(grant) };
        }
        directory.name(&mut plan.names, &after);
        let kind = match (&before, self.removed) {
            (None, _) => Kind::Invite,
            (Some(_), Some(_)) => Kind::Remove,
            (Some(before), None) if *before == after => {
                if self.is_wanted && warnings.is_empty() {
                    warnings.push("The user is already as it is wanted.".to_owned());
                }
                plan.unchanged.push(Unchanged { user, warnings });
                return Ok(());
            }
            (Some(_), None) => Kind::Update,
        };
        match kind {
            Kind::Invite => {
                (user.email, user.name) = (after.email.clone(), after.name.clone());
                if after.grants.is_empty() {
                    warnings.push("The user is invited without any role.".to_owned());
                }
            }
            Kind::Update if user.email != after.email => {
                warnings.push("The user must confirm the new e-mail address before logging in or using the API.".to_owned());
            }
            Kind::Update => {}
            Kind::Remove => warnings.push("A deleted user cannot be restored: invited again, the user gets another uid.".to_owned()),
        }
        let is_new = |grant: &&Grant| grant.scope == Scope::Everywhere && !before.as_ref().is_some_and(|before| before.has(grant));
        if kind != Kind::Remove {
            for grant in after.grants.iter().filter(is_new) {
                let role = plan.names.role(&grant.role_id);
                warnings.push(format!("The role {role} will hold in all account groups, also in those that are created later."));
            }
        }
        let id = (plan.steps.len() + 1).to_string();
        let after = (kind != Kind::Remove).then_some(after);
        plan.steps.push(Step { id, kind, user, before, after, warnings, blocked: Vec::new() });
        Ok(())
    }

    /// Says what an invitation asked that a user who is there does not have.
    fn tell_differences(&self, plan: &Plan, before: &UserState, asked: &UserState, warnings: &mut Vec<String>) {
        warnings.push("The user is there already, and the invitation changes nothing.".to_owned());
        let Difference { fields, added, removed, .. } = before.difference(asked);
        for field in fields {
            if let Some(after) = field.after {
                let before = field.before.unwrap_or_default();
                warnings.push(format!("The invitation asks for {} \"{after}\", but the user has \"{before}\".", field.name));
            }
        }
        for (grants, what) in [(added, "lacks the role"), (removed, "has beside what the invitation asks for the role")] {
            for grant in grants {
                warnings.push(format!("The user {what} {}.", plan.names.grant(&grant)));
            }
        }
    }
}

/// No user may get an e-mail address that another one has.
fn check_emails(drafts: &Drafts<'_>, directory: &Directory) -> Result<(), Error> {
    let wanted = Index::of(drafts.drafts.len(), &|place| Some(drafts.drafts.get(place)?.email.as_ref()?.0.to_ascii_lowercase()));
    let path = Path::Argument("changes");
    for draft in &drafts.drafts {
        let Some((email, index)) = &draft.email else { continue };
        let change = path.index(*index);
        let path = change.property("email");
        if draft.asked.is_some() {
            let problem = "is changed, and another change invites somebody by the address that the user has now: make two plans of it.";
            return Err(Error::wrong_value(&path, problem));
        }
        if directory.by_email(&path, email)?.is_some_and(|slot| slot != draft.slot) {
            return Err(Error::wrong_value(&path, "belongs to another user already."));
        }
        for (_, place) in wanted.find(&email.to_ascii_lowercase()) {
            if let Some(rival) = drafts.drafts.get(*place)
                && rival.slot != draft.slot
            {
                return Err(contradiction(&path, rival.first, "two users cannot have the same e-mail address"));
            }
        }
    }
    Ok(())
}
