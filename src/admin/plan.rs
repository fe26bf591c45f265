//! A plan: what shall become of users, as a file that people read before anything is done.
//!
//! Nothing in it is a request: requests follow from what is there when it is applied. A file may come from anywhere, so it is
//! read as anything that a stranger hands in.

use super::guards::{self, Knowledge, Limits, Subject};
use super::object::{self, AsValue, Index, Object, put_in, serialize_as_value};
use super::state::{Grant, Scope, UserState};
use crate::date::is_date;
use crate::error::{Error, Guarded};
use crate::input::{self, Parts, Properties, Value};
use crate::models::{Request, UserRequest, as_value};
use crate::path::Path;

/// The release of the format.
const VERSION: u32 = 1;
/// The most steps of a plan.
const MOST_STEPS: usize = 100_000;
/// The most roles of a user, and the most names of a plan.
const MOST_ROLES: usize = 10_000;

/// What shall become of users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What it is about.
    pub header: Header,
    /// Names, for people.
    pub names: Names,
    /// What is done, in this order: each user at most once.
    pub steps: Vec<Step>,
    /// Users for whom nothing is done, and why.
    pub unchanged: Vec<Unchanged>,
}

/// What a plan is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// What tells it from all others: hexadecimal digits by chance.
    pub plan_id: String,
    /// When it was made, ISO 8601 in UTC.
    pub created: String,
    /// Where the API is.
    pub host: String,
    /// The organisation; several where it is not known which one.
    pub org_ids: Vec<String>,
    /// The account group in which the calls are made.
    pub aid: Option<String>,
    /// Who wants it: an e-mail address or a uid.
    pub actor: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// What making it took.
    pub planning: Cost,
    /// What applying it will take, about.
    pub applying: Cost,
}

/// What something takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Requests.
    pub requests: u32,
    /// Seconds.
    pub seconds: u32,
}

/// Names by their identifiers, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Those of roles.
    pub roles: Vec<(String, String)>,
    /// Those of account groups.
    pub account_groups: Vec<(String, String)>,
}

/// What is done with a user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// It is created.
    #[default]
    Invite,
    /// It is changed.
    Update,
    /// It is deleted.
    Remove,
}

impl Kind {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Invite => "invite",
            Kind::Update => "update",
            Kind::Remove => "remove",
        }
    }
}

/// Whom a step is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Who {
    /// Identifier; none where the user is created.
    pub uid: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Display name.
    pub name: Option<String>,
}

/// All that is done with one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What tells it from the others of the plan.
    pub id: String,
    /// What is done.
    pub kind: Kind,
    /// With whom.
    pub user: Who,
    /// What is there; none where the user is created.
    pub before: Option<UserState>,
    /// What shall be there; none where the user is deleted.
    pub after: Option<UserState>,
    /// What people should know first.
    pub warnings: Vec<String>,
    /// What speaks against it. It is judged again when it is applied; here it is for people.
    pub blocked: Vec<Guarded>,
}

/// A user for whom nothing is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unchanged {
    /// Who it is.
    pub user: Who,
    /// Why.
    pub warnings: Vec<String>,
}

impl Names {
    /// Remembers the name of a role.
    pub fn add_role(&mut self, id: &str, name: &str) {
        add(&mut self.roles, id, name);
    }

    /// Remembers the name of an account group.
    pub fn add_account_group(&mut self, id: &str, name: &str) {
        add(&mut self.account_groups, id, name);
    }

    /// A role as people call it, with its id.
    pub fn role(&self, id: &str) -> String {
        call(&self.roles, id)
    }

    /// An account group as people call it, with its id.
    pub fn account_group(&self, id: &str) -> String {
        call(&self.account_groups, id)
    }

    /// A role and its place as people call them.
    pub fn grant(&self, grant: &Grant) -> String {
        let role = self.role(&grant.role_id);
        match &grant.scope {
            Scope::Everywhere => format!("{role} in all account groups"),
            Scope::AccountGroup(aid) => format!("{role} in {}", self.account_group(aid)),
        }
    }
}

fn add(names: &mut Vec<(String, String)>, id: &str, name: &str) {
    if let Err(place) = names.binary_search_by(|(present, _)| present.as_str().cmp(id)) {
        put_in(names, place, (id.to_owned(), name.to_owned()));
    }
}

fn call(names: &[(String, String)], id: &str) -> String {
    let name = names.binary_search_by(|(present, _)| present.as_str().cmp(id)).ok().and_then(|place| names.get(place));
    name.map_or_else(|| format!("[{id}]"), |(_, name)| format!("{name} [{id}]"))
}

impl Step {
    /// The change as guards see it.
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            uid: self.user.uid.as_deref(),
            email: self.user.email.as_deref(),
            before: self.before.as_ref(),
            after: self.after.as_ref(),
        }
    }

    /// Takes it for carried out. Who is created has no uid yet.
    fn note(&self, knowledge: &mut Knowledge) {
        let key = self.user.uid.as_ref().or(self.user.email.as_ref());
        key.into_iter().for_each(|key| knowledge.note(key, self.after.as_ref()));
    }

    /// It for a journal: without what is for people alone.
    pub(super) fn core(&self) -> Object {
        let state = |state: &Option<UserState>| state.as_ref().map_or(Value::Null, state_value);
        Object::default()
            .text("id", &self.id)
            .text("kind", self.kind.name())
            .put("user", self.user.as_value())
            .put("before", state(&self.before))
            .put("after", state(&self.after))
    }

    pub(super) fn read(path: &Path<'_>, value: &Value) -> Result<Self, Error> {
        let known = ["id", "kind", "user", "before", "after", "warnings", "blocked"];
        let mut parts = Parts::of(path, input::object(path, value, &known)?);
        let step = Self {
            id: parts.required("id", object::text),
            kind: parts.required("kind", kind),
            user: parts.required("user", Who::read),
            before: parts.required("before", optional_state),
            after: parts.required("after", optional_state),
            warnings: parts.part("warnings", object::texts).unwrap_or_default(),
            blocked: parts.part("blocked", |path, value| object::list(path, value, 10_000, read_guarded)).unwrap_or_default(),
        };
        parts.done()?;
        step.check(path)?;
        Ok(step)
    }

    /// Whether its parts fit together.
    fn check(&self, path: &Path<'_>) -> Result<(), Error> {
        let wrong = |name: &str, problem: &str| Err(Error::wrong_value(&path.property(name), problem));
        let email = |state: &UserState| state.email == self.user.email;
        match (self.kind, &self.user.uid, &self.before, &self.after) {
            (Kind::Invite, None, None, Some(after)) if self.user.email.is_some() && email(after) => {
                check_new(&path.property("after"), &UserState::default(), after)
            }
            (Kind::Update, Some(_), Some(before), Some(after)) if email(before) => {
                if before == after {
                    return wrong("after", "is what the user is already.");
                }
                check_new(&path.property("after"), before, after)
            }
            (Kind::Remove, Some(_), Some(before), None) if email(before) => Ok(()),
            (Kind::Invite, ..) => wrong(
                "kind",
                "is invite: then user must have an e-mail address and no uid, before must be null, and after must have the same e-mail address.",
            ),
            (Kind::Update, ..) => wrong(
                "kind",
                "is update: then user must have a uid, before and after must be there, and before must have the same e-mail address as user.",
            ),
            (Kind::Remove, ..) => wrong(
                "kind",
                "is remove: then user must have a uid, after must be null, and before must have the same e-mail address as user.",
            ),
        }
    }
}

/// What a request would send must be what a caller may hand in.
fn check_new(path: &Path<'_>, before: &UserState, after: &UserState) -> Result<(), Error> {
    for (name, before, after) in before.fields(after) {
        if before.is_some() && after.is_none() {
            return Err(Error::wrong_value(&path.property(name), "is missing, and no request can take it away."));
        }
    }
    UserRequest::read(path, &as_value(&before.request_for(after))).map(|_| ())
}

fn kind(path: &Path<'_>, value: &Value) -> Result<Kind, Error> {
    let text = input::text(path, value)?;
    let kind = [Kind::Invite, Kind::Update, Kind::Remove].into_iter().find(|kind| kind.name() == text);
    kind.ok_or_else(|| Error::wrong_value(path, "must be invite, update or remove."))
}

impl AsValue for Guarded {
    fn as_value(&self) -> Value {
        Object::default().text("guard", self.guard).text("message", &self.message).done()
    }
}

fn read_guarded(path: &Path<'_>, value: &Value) -> Result<Guarded, Error> {
    let mut parts = Parts::of(path, input::object(path, value, &["guard", "message"])?);
    let guarded = Guarded { guard: parts.required("guard", guards::guard), message: parts.required("message", object::text) };
    parts.done()?;
    Ok(guarded)
}

impl Who {
    /// As people call the user.
    pub fn call(&self) -> String {
        let email = self.email.as_deref().unwrap_or("no e-mail address");
        let uid = self.uid.as_ref().map(|uid| format!(" [{uid}]")).unwrap_or_default();
        match &self.name {
            Some(name) => format!("{name} <{email}>{uid}"),
            None => format!("<{email}>{uid}"),
        }
    }

    fn read(path: &Path<'_>, value: &Value) -> Result<Self, Error> {
        let mut parts = Parts::of(path, input::object(path, value, &["uid", "email", "name"])?);
        let who =
            Self { uid: parts.part("uid", input::id), email: parts.part("email", object::text), name: parts.part("name", object::text) };
        parts.done()?;
        Ok(who)
    }
}

impl AsValue for Who {
    fn as_value(&self) -> Value {
        let Self { uid, email, name } = self;
        Object::default().maybe("uid", uid.as_deref()).maybe("email", email.as_deref()).maybe("name", name.as_deref()).done()
    }
}

/// A state as a request would say it.
pub(super) fn state_value(state: &UserState) -> Value {
    as_value(&state.whole_request())
}

pub(super) fn read_state(path: &Path<'_>, value: &Value) -> Result<UserState, Error> {
    let names = ["name", "email", "loginAccountGroupId", "accountGroupRoles", "allAccountGroupRoleIds"];
    let mut parts = Parts::of(path, input::object(path, value, &names)?);
    let mut state = UserState {
        name: parts.part("name", object::text),
        email: parts.part("email", object::text),
        login_account_group_id: parts.part("loginAccountGroupId", object::text),
        grants: Vec::new(),
    };
    let everywhere = parts.required("allAccountGroupRoleIds", role_ids);
    let entries = parts.required("accountGroupRoles", |path, value| object::list(path, value, MOST_ROLES, entry));
    parts.done()?;
    for role_id in everywhere {
        state = state.with(Grant { scope: Scope::Everywhere, role_id });
    }
    for (aid, role_ids) in entries {
        for role_id in role_ids {
            state = state.with(Grant { scope: Scope::AccountGroup(aid.clone()), role_id });
        }
        if state.grants.len() > MOST_ROLES {
            return Err(Error::wrong_value(&path.property("accountGroupRoles"), "has more than 10000 roles."));
        }
    }
    Ok(state)
}

fn entry(path: &Path<'_>, value: &Value) -> Result<(String, Vec<String>), Error> {
    let mut parts = Parts::of(path, input::object(path, value, &["accountGroupId", "roleIds"])?);
    let entry = (parts.required("accountGroupId", object::text), parts.required("roleIds", role_ids));
    parts.done()?;
    Ok(entry)
}

fn role_ids(path: &Path<'_>, value: &Value) -> Result<Vec<String>, Error> {
    object::list(path, value, MOST_ROLES, object::text)
}

fn optional_state(path: &Path<'_>, value: &Value) -> Result<Option<UserState>, Error> {
    if *value == Value::Null { Ok(None) } else { read_state(path, value).map(Some) }
}

impl Cost {
    fn value(self) -> Value {
        Object::default().number("requests", self.requests).number("seconds", self.seconds).done()
    }

    fn read(path: &Path<'_>, value: &Value) -> Result<Self, Error> {
        let mut parts = Parts::of(path, input::object(path, value, &["requests", "seconds"])?);
        let number = |path: &Path<'_>, value: &Value| input::count(path, value, 0, u32::MAX);
        let cost = Self { requests: parts.required("requests", number), seconds: parts.required("seconds", number) };
        parts.done()?;
        Ok(cost)
    }

    /// That of so many requests where so many are answered in a minute.
    pub const fn of(requests: u32, per_minute: u32) -> Self {
        let whole = requests.saturating_mul(60).saturating_add(per_minute.saturating_sub(1));
        let seconds = match whole.checked_div(per_minute) {
            Some(seconds) => seconds,
            None => whole,
        };
        Self { requests, seconds }
    }
}

fn names_value(names: &[(String, String)]) -> Value {
    object::values(names, |(id, name)| Object::default().text("id", id).text("name", name).done())
}

fn read_names(path: &Path<'_>, value: &Value) -> Result<Vec<(String, String)>, Error> {
    let pair = |path: &Path<'_>, value: &Value| {
        let mut parts = Parts::of(path, input::object(path, value, &["id", "name"])?);
        let pair = (parts.required("id", object::text), parts.required("name", object::text));
        parts.done()?;
        Ok(pair)
    };
    let mut names = Vec::new();
    for (id, name) in object::list(path, value, MOST_ROLES, pair)? {
        add(&mut names, &id, &name);
    }
    Ok(names)
}

impl AsValue for Names {
    fn as_value(&self) -> Value {
        Object::default().put("roles", names_value(&self.roles)).put("accountGroups", names_value(&self.account_groups)).done()
    }
}

impl Names {
    pub(super) fn read(path: &Path<'_>, value: &Value) -> Result<Self, Error> {
        let mut parts = Parts::of(path, input::object(path, value, &["roles", "accountGroups"])?);
        let names = Self { roles: parts.required("roles", read_names), account_groups: parts.required("accountGroups", read_names) };
        parts.done()?;
        Ok(names)
    }
}

impl AsValue for Unchanged {
    fn as_value(&self) -> Value {
        Object::default().put("user", self.user.as_value()).texts("warnings", &self.warnings).done()
    }
}

impl Unchanged {
    fn read(path: &Path<'_>, value: &Value) -> Result<Self, Error> {
        let mut parts = Parts::of(path, input::object(path, value, &["user", "warnings"])?);
        let unchanged = Self { user: parts.required("user", Who::read), warnings: parts.required("warnings", object::texts) };
        parts.done()?;
        Ok(unchanged)
    }
}

impl Header {
    /// What a plan and its journal both begin with.
    pub(super) fn value(&self) -> Object {
        Object::default()
            .number("version", VERSION)
            .text("planId", &self.plan_id)
            .text("created", &self.created)
            .text("host", &self.host)
            .texts("orgIds", &self.org_ids)
            .maybe("aid", self.aid.as_deref())
            .maybe("actor", self.actor.as_deref())
            .maybe("reason", self.reason.as_deref())
    }

    pub(super) fn read(path: &Path<'_>, object: &Properties) -> Result<Self, Error> {
        let mut parts = Parts::of(path, object);
        parts.required("version", version);
        let header = Self {
            plan_id: parts.required("planId", plan_id),
            created: parts.required("created", date),
            host: parts.required("host", object::text),
            org_ids: parts.required("orgIds", object::texts),
            aid: parts.part("aid", input::id),
            actor: parts.part("actor", object::text),
            reason: parts.part("reason", object::text),
            planning: Cost::default(),
            applying: Cost::default(),
        };
        parts.done()?;
        Ok(header)
    }
}

fn version(path: &Path<'_>, value: &Value) -> Result<(), Error> {
    match value {
        Value::Number(number) if *number == f64::from(VERSION) => Ok(()),
        _ => Err(Error::wrong_value(path, "must be 1: another version was written by another release of this package.")),
    }
}

/// The identifier of a plan.
fn plan_id(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    let text = object::text(path, value)?;
    let is_hex = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_hex && (8..=64).contains(&text.len()) { Ok(text) } else { Err(Error::wrong_value(path, "must be 8 to 64 hexadecimal digits.")) }
}

/// A time as it stands in a file.
pub(super) fn date(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    let text = object::text(path, value)?;
    if is_date(text.as_bytes()) { Ok(text) } else { input::date(path, value) }
}

/// The properties of the header.
pub(super) const HEADER: [&str; 8] = ["version", "planId", "created", "host", "orgIds", "aid", "actor", "reason"];

impl AsValue for Step {
    fn as_value(&self) -> Value {
        let blocked = object::values(&self.blocked, Guarded::as_value);
        self.core().texts("warnings", &self.warnings).put("blocked", blocked).done()
    }
}

impl AsValue for Plan {
    fn as_value(&self) -> Value {
        let requests = Object::default().put("planning", self.header.planning.value()).put("applying", self.header.applying.value());
        self.header
            .value()
            .put("cost", requests.done())
            .put("names", self.names.as_value())
            .put("steps", object::values(&self.steps, Step::as_value))
            .put("unchanged", object::values(&self.unchanged, Unchanged::as_value))
            .done()
    }
}

serialize_as_value!(Plan);

impl Plan {
    /// Reads a plan that anybody may have written.
    pub fn read(value: &Value) -> Result<Self, Error> {
        let path = Path::Argument("plan");
        let [version, plan_id, created, host, org_ids, aid, actor, reason] = HEADER;
        let known = [version, plan_id, created, host, org_ids, aid, actor, reason, "cost", "names", "steps", "unchanged"];
        let object = input::object(&path, value, &known)?;
        let mut header = Header::read(&path, object)?;
        let mut parts = Parts::of(&path, object);
        (header.planning, header.applying) = parts.required("cost", |path, value| {
            let mut parts = Parts::of(path, input::object(path, value, &["planning", "applying"])?);
            let cost = (parts.required("planning", Cost::read), parts.required("applying", Cost::read));
            parts.done()?;
            Ok(cost)
        });
        let plan = Self {
            header,
            names: parts.required("names", Names::read),
            steps: parts.required("steps", |path, value| object::list(path, value, MOST_STEPS, Step::read)),
            unchanged: parts.required("unchanged", |path, value| object::list(path, value, MOST_STEPS, Unchanged::read)),
        };
        parts.done()?;
        plan.check(&path)?;
        Ok(plan)
    }

    /// Whether no two steps are about the same.
    fn check(&self, path: &Path<'_>) -> Result<(), Error> {
        let steps = path.property("steps");
        let step = |place: usize| self.steps.get(place);
        let indexes = [
            ("id", Index::of(self.steps.len(), &|place| Some(step(place)?.id.clone()))),
            ("uid", Index::of(self.steps.len(), &|place| step(place)?.user.uid.clone())),
        ];
        let twice = |first: usize, path: &Path<'_>| {
            Err(Error::wrong_value(path, &format!("is that of steps[{first}], too: each user has one step.")))
        };
        for (name, index) in indexes {
            if let Some((first, second)) = index.twice() {
                let place = steps.index(second);
                let place = if name == "id" { place } else { Path::Property(&place, "user") };
                return twice(first, &place.property(name));
            }
        }
        // Users who were there may share an address; who is created may not.
        let emails = Index::of(self.steps.len(), &|place| Some(step(place)?.user.email.as_ref()?.to_ascii_lowercase()));
        for step in self.steps.iter().filter(|step| step.kind == Kind::Invite) {
            let email = step.user.email.as_deref().unwrap_or_default().to_ascii_lowercase();
            if let [(_, first), (_, second), ..] = emails.find(&email) {
                return twice(*first, &steps.index(*second).property("user").property("email"));
            }
        }
        Ok(())
    }

    /// Refuses another host than the plan was made for.
    pub fn check_host(&self, host: &str) -> Result<(), Error> {
        if self.header.host == host {
            return Ok(());
        }
        let problem = format!("was made for {}, and this client calls {host}: nothing was done.", self.header.host);
        Err(Error::wrong_value(&Path::Argument("plan").property("host"), &problem))
    }

    /// Refuses another organisation than the plan was made for.
    pub fn check_organisations(&self, org_ids: &[String]) -> Result<(), Error> {
        if self.header.org_ids == org_ids {
            return Ok(());
        }
        let problem =
            "was made for another organisation than the token's: nothing was done. Use a token of that organisation, or make a new plan.";
        Err(Error::wrong_value(&Path::Argument("plan").property("orgIds"), problem))
    }

    /// The step of an id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// How many users it deletes or takes a role from.
    pub fn removals(&self) -> u32 {
        self.steps.iter().filter(|step| step.subject().is_removal()).count() as u32
    }

    /// Writes to each step what speaks against it, as if they were carried out one after another.
    pub fn judge(&mut self, knowledge: &Knowledge, limits: &Limits) {
        let (mut knowledge, removals) = (knowledge.clone(), self.removals());
        for step in &mut self.steps {
            step.blocked = knowledge.judge(&step.subject(), limits, removals);
            step.note(&mut knowledge);
        }
    }

    /// Whether the members of account groups must be read before it can be judged: see [`Knowledge::needs_members`].
    pub fn needs_members(&self, knowledge: &Knowledge) -> bool {
        let mut knowledge = knowledge.clone();
        for step in &self.steps {
            if knowledge.needs_members(&step.subject()) {
                return true;
            }
            step.note(&mut knowledge);
        }
        false
    }

    /// What tells whether two plans are the same: the SHA-256 of its JSON.
    pub fn digest(&self) -> String {
        super::digest::sha256(&object::json(&self.as_value()))
    }

    /// Notes what making it took, and counts what applying it takes: a look at what is there and at each user, and the writes.
    pub fn count(&mut self, requests: u32, seconds: u32, per_minute: u32) {
        self.header.planning = Cost { requests, seconds };
        let requests = 3 + 2 * self.steps.len() as u32;
        self.header.applying = Cost::of(if self.steps.is_empty() { 0 } else { requests }, per_minute);
    }
}
