//! Reports: who has access to what, who does not use it, and both as a file for a spreadsheet.

use std::cell::Cell;
use std::rc::Rc;

use super::object::{AsValue, Object, put_in, serialize_as_value, swap};
use super::state::{Grant, Scope, UserState};
use crate::date::seconds;
use crate::error::Error;
use crate::input::{self, Value};
use crate::models::{self, AccountGroupDetail, AccountGroupInfo, ExtendedUser, FromValue, Roles, UserAccountGroup, UserDetail, Users};
use crate::path::Path;
use crate::value::json;

/// Who has which role in which account group, made of what is read: first the users and the roles, then one account group after
/// another, each of which can be forgotten once it is added.
///
/// There is a row for each role of each user in each account group. A user without any has a row all the same, and so has a member
/// of an account group without a role in it. The rows are sorted by user; those
/// of a user by role and account group, as they came.
///
/// An account group lists its members with the roles that they have in it *and* those that they have in all account groups
/// (assumed), and does not tell these apart. So the scope of a role is unknown unless something proves it:
///
/// - A role that a user has in one account group, and has not in another one of the same organisation that was read whole, is
///   that of the account group: otherwise it would be in both. (As far as nothing changes while they are read.)
/// - A user that was read alone tells the scopes.
///
/// That a role is in all account groups that were read proves nothing: it may have been given in each of them.
#[derive(Debug)]
pub struct AccessReport {
    /// Sorted by id. Who has no id comes first, and may be there more than once.
    people: Vec<Person>,
    /// Sorted by id. One without an id may be any, and each is another.
    roles: Vec<Rc<Role>>,
    groups: Vec<Rc<Group>>,
    /// The organisations of the account groups, and how many account groups of each were read whole.
    organizations: Vec<(String, usize)>,
}

#[derive(Debug, Default)]
struct Person {
    uid: Option<String>,
    name: Option<String>,
    email: Option<String>,
    last_login: Option<String>,
    /// The roles, sorted, each once in an account group.
    held: Vec<Held>,
    /// What the user tells that was read alone.
    state: Option<UserState>,
}

/// That a user is a member of an account group, and a role there; none where the member has no role.
#[derive(Debug)]
struct Held {
    role: Option<Rc<Role>>,
    group: Rc<Group>,
}

#[derive(Debug)]
struct Role {
    /// Missing where the API did not tell it: this may be any role.
    id: Option<String>,
    name: Option<String>,
    has_management_permissions: Cell<Option<bool>>,
    /// Its place among those that came.
    place: usize,
}

#[derive(Debug)]
struct Group {
    aid: Option<String>,
    name: Option<String>,
    /// Its place among those that were added.
    place: usize,
    organization: Option<usize>,
    /// Why it was not read, or not whole.
    reason: Option<String>,
}

/// What ids are sorted by. They are numbers mostly: the shorter one is less.
type Order<'a> = (Option<usize>, Option<&'a str>);

fn order(id: Option<&str>) -> Order<'_> {
    (id.map(str::len), id)
}

impl Person {
    fn add(&mut self, held: Held) {
        if let Err(place) = self.held.binary_search_by(|other| other.order().cmp(&held.order())) {
            put_in(&mut self.held, place, held);
        }
    }

    /// Adds what a member of an account group has there.
    fn join(&mut self, group: &Rc<Group>, roles: Option<&[models::Role]>, known: &mut Vec<Rc<Role>>) {
        match roles {
            Some([]) => self.add(Held { role: None, group: group.clone() }),
            Some(roles) => roles.iter().for_each(|role| self.add(Held { role: Some(find(known, role)), group: group.clone() })),
            // It may have any.
            None => self.add(Held { role: Some(find(known, &models::Role::default())), group: group.clone() }),
        }
    }
}

impl Held {
    /// What is the same role in the same organisation stands together.
    fn order(&self) -> (Option<usize>, Option<usize>, usize) {
        (self.role.as_ref().map(|role| role.place), self.group.organization, self.group.place)
    }

    fn is_like(&self, other: &Self) -> bool {
        let (role, organization, _) = self.order();
        other.order().0 == role && other.order().1 == organization
    }
}

/// The role that is known by this id, or else a new one. One without an id may be any.
fn find(known: &mut Vec<Rc<Role>>, role: &models::Role) -> Rc<Role> {
    let place = known.binary_search_by(|other| order(other.id.as_deref()).cmp(&order(role.role_id.as_deref())));
    let found = place.ok().filter(|_| role.role_id.is_some()).and_then(|place| known.get(place));
    if let Some(found) = found {
        // Where one says yes and one says no: better one row too many among those of administrators.
        found.has_management_permissions.set(found.has_management_permissions.get().max(role.has_management_permissions));
        return found.clone();
    }
    let has_management_permissions = Cell::new(role.has_management_permissions);
    let new = Rc::new(Role { id: role.role_id.clone(), name: role.name.clone(), has_management_permissions, place: known.len() });
    let (Ok(place) | Err(place)) = place;
    put_in(known, place, new.clone());
    new
}

/// Sorts by id, with a heap: the sorting of the standard library would be 1.3 KB more of what a page loads.
fn sort(people: &mut [Person]) {
    (0..people.len() / 2).rev().for_each(|top| sink(people, top));
    for last in (1..people.len()).rev() {
        swap(people, 0, last);
        if let Some(heap) = people.get_mut(..last) {
            sink(heap, 0);
        }
    }
}

/// Lets one down in the heap to where none below it has a greater id.
fn sink(heap: &mut [Person], mut top: usize) {
    // Nobody at all is less than anybody.
    let is_greater = |heap: &[Person], place: usize, than: usize| {
        let of = |place: usize| heap.get(place).map(|person| order(person.uid.as_deref()));
        of(place) > of(than)
    };
    loop {
        let child = 2 * top + 1;
        let greater = if is_greater(heap, child + 1, child) { child + 1 } else { child };
        if !is_greater(heap, greater, top) {
            return;
        }
        swap(heap, top, greater);
        top = greater;
    }
}

/// The one with this uid, if anybody is known by it.
fn person<'a>(people: &'a mut [Person], uid: Option<&str>) -> Option<&'a mut Person> {
    let place = people.binary_search_by(|person| order(person.uid.as_deref()).cmp(&order(uid)));
    people.get_mut(place.ok()?).filter(|_| uid.is_some())
}

impl AccessReport {
    /// Of all users of the organisation, and its roles.
    pub fn new(users: Users, roles: &Roles) -> Self {
        let mut report = Self { people: Vec::new(), roles: Vec::new(), groups: Vec::new(), organizations: Vec::new() };
        roles.roles.iter().for_each(|role| drop(find(&mut report.roles, role)));
        let mut people = Vec::new();
        for user in users.users {
            let ExtendedUser { uid, name, email, last_login, .. } = user;
            people.push(Person { uid, name, email, last_login, ..Person::default() });
        }
        report.add_people(people);
        report
    }

    /// Adds people, of whom nobody is there yet who has an id.
    fn add_people(&mut self, mut people: Vec<Person>) {
        if people.is_empty() {
            return;
        }
        self.people.append(&mut people);
        sort(&mut self.people);
        self.people.dedup_by(|one, other| one.uid.is_some() && one.uid == other.uid);
    }

    /// Adds an account group of the list, with its members as they were read by `expand=user`, or the reason why they were not.
    pub fn account_group(&mut self, info: &AccountGroupInfo, read: Result<AccountGroupDetail, String>) {
        if info.aid.is_some() && self.groups.iter().any(|known| known.aid == info.aid) {
            return;
        }
        let members = read.and_then(|detail| detail.users.ok_or_else(|| "The answer does not list the members.".to_owned()));
        let reason = match &members {
            Ok(members) if members.iter().all(is_whole) => None,
            Ok(_) => Some("The answer does not tell the ids of all members and all their roles.".to_owned()),
            Err(reason) => Some(reason.clone()),
        };
        let organization = info.org_id.as_ref().map(|id| {
            let place = self.organizations.iter().position(|(known, _)| known == id);
            place.unwrap_or_else(|| {
                self.organizations.push((id.clone(), 0));
                self.organizations.len() - 1
            })
        });
        if let (None, Some((_, whole))) = (&reason, organization.and_then(|place| self.organizations.get_mut(place))) {
            *whole += 1;
        }
        let (aid, name) = (info.aid.clone(), info.account_group_name.clone());
        let group = Rc::new(Group { aid, name, place: self.groups.len(), organization, reason });
        self.groups.push(group.clone());
        // Who is no user of this organisation, or came meanwhile.
        let (mut strangers, mut theirs) = (Vec::new(), Vec::new());
        for member in members.unwrap_or_default() {
            if let Some(person) = person(&mut self.people, member.uid.as_deref()) {
                person.join(&group, member.roles.as_deref(), &mut self.roles);
                continue;
            }
            let UserAccountGroup { uid, name, email, last_login, roles, .. } = member;
            let mut stranger = Person { uid: uid.clone(), name, email, last_login, ..Person::default() };
            match uid {
                Some(_) => theirs.push((uid, roles)),
                None => stranger.join(&group, roles.as_deref(), &mut self.roles),
            }
            strangers.push(stranger);
        }
        self.add_people(strangers);
        // Only now, because the same one may come twice.
        for (uid, roles) in theirs {
            if let Some(person) = person(&mut self.people, uid.as_deref()) {
                person.join(&group, roles.as_deref(), &mut self.roles);
            }
        }
    }

    /// Adds what a user tells that was read alone: the scopes of its roles. It must be known already, from the list or as a member. One
    /// whose roles are not all known tells nothing.
    pub fn user(&mut self, user: &UserDetail) {
        if let Some(person) = person(&mut self.people, user.uid.as_deref()) {
            person.state = UserState::of(&Path::Argument("user"), user).ok();
        }
    }

    /// Whether all account groups that were added were read whole. The API lists only those that the token's owner can see.
    pub fn is_complete(&self) -> bool {
        self.groups.iter().all(|group| group.reason.is_none())
    }

    /// The rows, as far as all has been added.
    pub fn rows(&self) -> Vec<AccessRow<'_>> {
        let mut rows = Vec::new();
        for person in &self.people {
            if person.held.is_empty() {
                rows.push(AccessRow { person, held: None, scope: None });
            }
            for same in person.held.chunk_by(Held::is_like) {
                let whole = same.iter().filter(|held| held.group.reason.is_none()).count();
                for held in same {
                    rows.push(AccessRow { person, held: Some(held), scope: self.scope(person, held, whole) });
                }
            }
        }
        rows
    }

    /// The scope of a role, which a user has in this many account groups of the organisation that were read whole.
    fn scope(&self, person: &Person, held: &Held, whole: usize) -> Option<&'static str> {
        let role = held.role.as_ref()?;
        if let (Some(state), Some(role_id), Some(aid)) = (&person.state, &role.id, &held.group.aid) {
            let has = |scope| state.has(&Grant { scope, role_id: role_id.clone() });
            match (has(Scope::Everywhere), has(Scope::AccountGroup(aid.clone()))) {
                // The user was read in one organisation: of another one it tells nothing.
                (true, _) if self.is_one_organization() => return Some("everywhere"),
                (false, true) => return Some("accountGroup"),
                _ => {}
            }
        }
        let read = held.group.organization.and_then(|place| self.organizations.get(place));
        let is_proven = role.id.is_some() && read.is_some_and(|(_, read)| whole < *read);
        Some(if is_proven { "accountGroup" } else { "unknown" })
    }

    fn is_one_organization(&self) -> bool {
        self.groups.iter().all(|group| group.organization == Some(0))
    }
}

/// Whether all roles of a member are known.
fn is_whole(member: &UserAccountGroup) -> bool {
    member.uid.is_some() && member.roles.as_ref().is_some_and(|roles| roles.iter().all(|role| role.role_id.is_some()))
}

impl AccessReport {
    /// The report as JSON, written row by row: there may be very many.
    pub fn json(&self) -> String {
        let mut text = "{\"rows\":[".to_owned();
        for (index, row) in self.rows().iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text += &json(&row.as_value());
        }
        let mut missing = Vec::new();
        for group in self.groups.iter().filter(|group| group.reason.is_some()) {
            missing.push(group.missing());
        }
        text += "],\"complete\":";
        text += if self.is_complete() { "true" } else { "false" };
        text += ",\"missingAccountGroups\":";
        text += &json(&Value::List(missing));
        text + "}"
    }
}

impl Group {
    /// One that was not read, or not whole.
    fn missing(&self) -> Value {
        Object::default()
            .or_null("aid", self.aid.as_deref())
            .or_null("accountGroupName", self.name.as_deref())
            .or_null("reason", self.reason.as_deref())
            .done()
    }
}

/// A user, an account group and a role. Every row has all properties, so that they are the columns of a table: what is not known,
/// or is not there, is null.
#[derive(Debug)]
pub struct AccessRow<'a> {
    person: &'a Person,
    held: Option<&'a Held>,
    /// Where the role holds; none where there is no role.
    pub scope: Option<&'static str>,
}

impl AsValue for AccessRow<'_> {
    fn as_value(&self) -> Value {
        let (person, group) = (self.person, self.held.map(|held| &held.group));
        let role = self.held.and_then(|held| held.role.as_ref());
        let manages = role.and_then(|role| role.has_management_permissions.get());
        Object::default()
            .or_null("uid", person.uid.as_deref())
            .or_null("name", person.name.as_deref())
            .or_null("email", person.email.as_deref())
            .or_null("lastLogin", person.last_login.as_deref())
            .or_null("aid", group.and_then(|group| group.aid.as_deref()))
            .or_null("accountGroupName", group.and_then(|group| group.name.as_deref()))
            .or_null("roleId", role.and_then(|role| role.id.as_deref()))
            .or_null("roleName", role.and_then(|role| role.name.as_deref()))
            .or_null("scope", self.scope)
            .put("hasManagementPermissions", manages.map_or(Value::Null, Value::Flag))
            .done()
    }
}

/// Why a user counts as inactive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inactivity {
    /// Registered, and never logged in.
    Never,
    /// Not registered: has not yet taken the invitation.
    Pending,
    /// The last login is longer ago than asked.
    Stale,
    /// The dates cannot be read.
    Unknown,
}

impl Inactivity {
    /// What JavaScript calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Inactivity::Never => "never",
            Inactivity::Pending => "pending",
            Inactivity::Stale => "stale",
            Inactivity::Unknown => "unknown",
        }
    }

    /// Why a user counts as inactive whose last login should not be before a moment; none of one who does not. Who logged in is
    /// registered, whatever the other date says.
    fn of(user: &ExtendedUser, earliest: i64) -> Option<Self> {
        match (&user.last_login, &user.date_registered) {
            (Some(login), _) => match seconds(login) {
                Some(login) => (login < earliest).then_some(Inactivity::Stale),
                None => Some(Inactivity::Unknown),
            },
            (None, Some(registered)) if seconds(registered).is_none() => Some(Inactivity::Unknown),
            (None, Some(_)) => Some(Inactivity::Never),
            (None, None) => Some(Inactivity::Pending),
        }
    }
}

/// A user who is inactive, as a row of a table: with the properties of a row of the access report.
#[derive(Debug, Clone, PartialEq)]
pub struct InactiveUser {
    /// Why.
    pub inactivity: Inactivity,
    /// Who.
    pub user: ExtendedUser,
}

impl AsValue for InactiveUser {
    fn as_value(&self) -> Value {
        Object::default()
            .or_null("uid", self.user.uid.as_deref())
            .or_null("name", self.user.name.as_deref())
            .or_null("email", self.user.email.as_deref())
            .or_null("dateRegistered", self.user.date_registered.as_deref())
            .or_null("lastLogin", self.user.last_login.as_deref())
            .text("inactivity", self.inactivity.name())
            .done()
    }
}

serialize_as_value!(InactiveUser);

/// The users of a list who do not use their access, in the order of the list: `options` are `{ days, now }`, where `now` is that of
/// the clock, in milliseconds since the epoch, unless it is given. Seconds are the smallest that counts.
pub fn inactive_users(users: &Value, options: &Value, clock: u64) -> Result<Vec<InactiveUser>, Error> {
    let path = Path::Argument("options");
    let object = input::object(&path, options, &["days", "now"])?;
    let days = input::required(object, &path, "days", |path, value| input::count(path, value, 1, 36_500))?;
    let now = input::part(object, &path, "now", moment)?.unwrap_or((clock / 1000) as i64);
    let users = input::list(&Path::Argument("users"), users, ExtendedUser::from_value)?;
    let earliest = now - i64::from(days) * 24 * 60 * 60;
    let mut all = Vec::new();
    for user in users {
        if let Some(inactivity) = Inactivity::of(&user, earliest) {
            all.push(InactiveUser { inactivity, user });
        }
    }
    Ok(all)
}

fn moment(path: &Path<'_>, value: &Value) -> Result<i64, Error> {
    seconds(&input::date(path, value)?).ok_or_else(|| Error::wrong_value(path, "must be a date and time that exists."))
}

/// Rows as CSV (RFC 4180): a line with the names of the properties, then one for each row, each ended by CR LF. The columns are all
/// properties that any row has, in the order in which they first come.
///
/// `null` and what is missing are empty cells. A text that a spreadsheet would run as a formula gets an apostrophe ([`csv_cell`]), and
/// so does a text such as `-5`; a number is no text and stays as it is, and so do ids and dates of the API, which begin with a digit.
/// The apostrophe stands in the file: whoever reads that back sees it.
pub fn to_csv(rows: &Value) -> Result<String, Error> {
    let path = Path::Argument("rows");
    let Value::List(rows) = rows else { return Err(Error::wrong_type(&path, "must be a list of rows.")) };
    let (mut columns, mut names): (Vec<&str>, _) = (Vec::new(), Vec::new());
    for (index, row) in rows.iter().enumerate() {
        for (name, _) in &input::any_object(&path.index(index), row)?.0 {
            if !columns.contains(&name.as_str()) {
                columns.push(name);
                names.push(csv_cell(name));
            }
        }
    }
    let mut csv = String::new();
    if !names.is_empty() {
        line(&mut csv, &names);
    }
    for (index, row) in rows.iter().enumerate() {
        let path = path.index(index);
        let row = input::any_object(&path, row)?;
        let mut cells = Vec::new();
        for name in &columns {
            cells.push(match row.get(name) {
                None | Some(Value::Null) => String::new(),
                Some(Value::Text(text) | Value::Date(text)) => csv_cell(text),
                Some(Value::Flag(flag)) => (if *flag { "true" } else { "false" }).to_owned(),
                Some(number @ Value::Number(_)) => input::number(&path.property(name), number)?,
                Some(_) => return Err(Error::wrong_type(&path.property(name), "must be a string, a number, a boolean or null.")),
            });
        }
        line(&mut csv, &cells);
    }
    Ok(csv)
}

fn line(csv: &mut String, cells: &[String]) {
    let start = csv.len();
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            csv.push(',');
        }
        *csv += cell;
    }
    if csv.len() == start {
        // Many programs pass over an empty line.
        *csv += "\"\"";
    }
    *csv += "\r\n";
}

/// A text as a cell of a CSV file: safe, and in quotes where it needs them.
///
/// A text that begins with `=`, `+`, `-` or `@`, also full-width or small ones, also behind spaces, quotes and characters that nobody
/// sees, gets an apostrophe in front, and so does one that begins with a tab or a line break. Where semicolons or tabs are taken
/// for separators, as in many countries, the text would be torn there, and at line breaks: so what would be a formula behind one
/// of them gets an apostrophe, too.
pub fn csv_cell(text: &str) -> String {
    let first = text.chars().find(|character| !is_passed_over(*character));
    let mut cell = String::with_capacity(text.len());
    if matches!(text.as_bytes(), [b'\t' | b'\r' | b'\n', ..]) || first.is_some_and(is_operator) {
        cell.push('\'');
    }
    let mut is_quoted = matches!(text.as_bytes(), [b' ', ..] | [.., b' ']);
    let mut is_torn = false;
    for character in text.chars() {
        if is_torn && is_operator(character) {
            cell.push('\'');
        }
        is_torn = is_separator(character) || is_torn && is_passed_over(character);
        is_quoted |= is_separator(character) || matches!(character, ',' | '"');
        if character == '"' {
            cell.push('"');
        }
        cell.push(character);
    }
    if is_quoted {
        cell.insert(0, '"');
        cell.push('"');
    }
    cell
}

/// What a spreadsheet may tear a text at.
const fn is_separator(character: char) -> bool {
    matches!(character, ';' | '\t' | '\r' | '\n')
}

/// What a formula begins with; the others than ASCII are what some spreadsheets turn into these.
const fn is_operator(character: char) -> bool {
    matches!(
        character,
        '=' | '+'
            | '-'
            | '@'
            | '\u{2212}'
            | '\u{fe62}'
            | '\u{fe63}'
            | '\u{fe66}'
            | '\u{fe6b}'
            | '\u{ff0b}'
            | '\u{ff0d}'
            | '\u{ff1d}'
            | '\u{ff20}'
    )
}

/// What a spreadsheet may leave aside before a formula.
fn is_passed_over(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '"' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
