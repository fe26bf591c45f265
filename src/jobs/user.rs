//! One change of a user, and an invitation.

use super::Start;
use super::look::{CREATE_USER, GET_USERS, Seen, UPDATE_USER, guard};
use super::running::changed as answered;
use super::world::{Failure, Given, Question, Tries, World};
use crate::admin::{Difference, Subject, UserState, json as json_of};
use crate::error::{Error, ErrorKind, Outcome, Three};
use crate::input;
use crate::json;
use crate::models::{Request, Setting, UserDetail, UserRequest, as_json};
use crate::path::Path;
use crate::value::Value;

/// Changes a user by a function: reads, asks it once, writes what differs, and checks the answer. With `expect`, what a page
/// showed, the user must still be that. Gives `{ user, before, changed }` as JSON.
///
/// The API has no way to write only if nothing changed meanwhile: between the last read and the write a small race stays.
pub async fn modify(world: &dyn World, start: &Start) -> Result<String, Failure> {
    let (id, options) = (&input::id(&start.job.argument(), &start.argument)?, &start.options);
    let read_expected = |expect: &Given| UserState::read(&Path::Argument("options").property("expect"), &expect.value);
    let expected = options.expect.as_ref().map(read_expected).transpose()?;
    let first = Seen::read(world, id).await?;
    if let (Some(expect), Some(state)) = (&options.expect, expected)
        && state != first.state
    {
        let (request, _) = answered(&world.ask(Question::Change(&expect.json)).await?);
        let mine = state.changed_by(&request_of(&request)?);
        return Err(conflict(expect, first, &mine).into());
    }
    let (request, took_time) = answered(&world.ask(Question::Change(&first.given.json)).await?);
    let target = first.state.clone().changed_by(&request_of(&request)?);
    if target == first.state {
        return Ok(modified(&first.given.json, &first.given.json, false));
    }
    let subject = Subject {
        uid: first.uid.as_deref().or(Some(id)),
        email: first.state.email.as_deref(),
        before: Some(&first.state),
        after: Some(&target),
    };
    let took_time = guard(world, &subject, start).await? || took_time;
    let mut before = if took_time { Seen::read(world, id).await? } else { first.clone() };
    // A write of which nobody knows what became of it.
    let mut open: Option<Failure> = None;
    let mut tries = Tries::of(start.retries);
    loop {
        if open.is_some() && before.state == target {
            return Ok(modified(&before.given.json, &first.given.json, true));
        }
        if before.state != first.state {
            return Err(open.unwrap_or_else(|| conflict(&first.given, before, &target).into()));
        }
        let asked = before.state.request_for(&target);
        let failure = match world.call(UPDATE_USER, Some(id), Some(&as_json(&asked))).await {
            Ok(got) => {
                verify(Some(&before.given), &target, &got)?;
                return Ok(modified(&got.json, &before.given.json, true));
            }
            Err(failure) => failure,
        };
        if failure.outcome() == Outcome::Unknown {
            open = Some(failure.clone());
        }
        let Some(pause) = tries.pause(&failure) else { return Err(open.unwrap_or(failure)) };
        world.ask(Question::Pause(pause)).await?;
        // A look that fails says nothing of what became of the write.
        before = Seen::read(world, id).await.map_err(|failure| open.clone().unwrap_or(failure))?;
    }
}

fn modified(user: &str, before: &str, changed: bool) -> String {
    format!("{{\"user\":{user},\"before\":{before},\"changed\":{changed}}}")
}

fn request_of(value: &Value) -> Result<UserRequest, Error> {
    let path = Path::Body("change");
    let request = UserRequest::read(&path, value)?;
    for (name, setting) in [("name", &request.name), ("email", &request.email), ("loginAccountGroupId", &request.login_account_group_id)] {
        if *setting == Setting::Null {
            return Err(Error::wrong_value(&path.property(name), "cannot be emptied: give a text, or leave it out if it is to stay."));
        }
    }
    Ok(request)
}

/// Somebody else changed the user.
fn conflict(base: &Given, theirs: Seen, mine: &UserState) -> Error {
    let Seen { given, state, .. } = theirs;
    let who = state.email.unwrap_or_default();
    let message = format!(
        "{who} is not what this change was made for: somebody changed the user meanwhile, and nothing was written. Look at theirs, and decide anew."
    );
    let three = Three(base.json.clone(), given.json, as_json(&mine.whole_request()));
    Error::new(ErrorKind::Conflict(Box::new(three)), message, Outcome::NotSent)
}

/// Checks that an answer has the roles that were asked for.
fn verify(before: Option<&Given>, asked: &UserState, got: &Given) -> Result<(), Failure> {
    let message = match UserState::of(&Path::Argument("user"), &got.typed::<UserDetail>()?) {
        Ok(state) if state.grants == asked.grants => return Ok(()),
        Ok(state) => asked.difference(&state).unexpected(),
        Err(_) => "The answer does not say which roles the user has now: read the user before you go on.".to_owned(),
    };
    let before = before.map_or_else(|| "null".to_owned(), |before| before.json.clone());
    let three = Three(before, as_json(&asked.whole_request()), got.json.clone());
    Err(Error::new(ErrorKind::Unexpected(Box::new(three)), message, Outcome::Unknown).into())
}

/// Finds the one user with an e-mail address. Gives the user of the list, without roles, as JSON; nothing where there is none.
pub async fn find_user(world: &dyn World, start: &Start) -> Result<Option<String>, Failure> {
    let path = start.job.argument();
    let email = input::email(&path, &start.argument)?;
    Ok(find(world, &path, &email).await?.map(|found| found.json))
}

/// A user of a list.
pub struct Found {
    json: String,
    pub uid: String,
}

/// The one user with an e-mail address; upper and lower case are one, as far as ASCII goes. Two are an error that lists both.
pub async fn find(world: &dyn World, path: &Path<'_>, email: &str) -> Result<Option<Found>, Failure> {
    let users = world.call(GET_USERS, None, None).await?;
    let mut found: Option<Found> = None;
    let members = json::object(&users.json).unwrap_or_default();
    for (_, json) in json::member(&members, "users").and_then(|(_, raw)| json::list(raw)).unwrap_or_default() {
        let members = json::object(json).unwrap_or_default();
        let text = |name: &str| json::member(&members, name).map(|(_, raw)| json::unescape(raw)).unwrap_or_default();
        if !text("email").eq_ignore_ascii_case(email) {
            continue;
        }
        let uid = text("uid");
        if let Some(first) = &found {
            let problem = format!("belongs to two users, {} and {uid}: say which one by its uid.", first.uid);
            return Err(Error::wrong_value(path, &problem).into());
        }
        found = Some(Found { json: json.to_owned(), uid });
    }
    Ok(found)
}

/// How a user came to be there.
#[derive(Clone, Copy)]
enum Created {
    /// By this call.
    Yes,
    /// Not by this call: nothing was changed.
    No,
    /// By this call, as it seems: what became of the request is not known, but the user is there.
    Assumed,
}

impl Created {
    const fn json(self) -> &'static str {
        match self {
            Created::Yes => "true",
            Created::No => "false",
            Created::Assumed => "\"assumed\"",
        }
    }
}

/// When to look for a user of whom it is not known whether it was created: milliseconds after the time before.
pub const LOOKS: [u32; 3] = [0, 2000, 5000];

/// Creates a user, unless there is one with that e-mail address: such a user is never changed. Gives
/// `{ user, created, differences, warnings }` as JSON.
///
/// Where it is not known whether the user was created, it looks. Not to be in the list is no proof: then the error stays.
pub async fn invite(world: &dyn World, start: &Start) -> Result<String, Failure> {
    let path = start.job.argument();
    let request = UserRequest::read(&path, &start.argument)?;
    let place = path.property("email");
    let Setting::Value(email) = &request.email else { return Err(Error::wrong_type(&place, "is missing.").into()) };
    if let Some(found) = find(world, &place, email).await? {
        return invited(&Seen::read(world, &found.uid).await?, &request, Created::No);
    }
    let asked = UserState::default().changed_by(&request);
    guard(world, &Subject { uid: None, email: Some(email), before: None, after: Some(&asked) }, start).await?;
    let mut made = world.call(CREATE_USER, None, Some(&as_json(&request))).await;
    let mut tries = Tries::of(start.retries);
    // Somebody else may invite the user while it waits.
    while let Some(pause) = made.as_ref().err().and_then(|failure| tries.pause(failure)) {
        world.ask(Question::Pause(pause)).await?;
        if let Some(found) = find(world, &place, email).await? {
            return invited(&Seen::read(world, &found.uid).await?, &request, Created::No);
        }
        made = world.call(CREATE_USER, None, Some(&as_json(&request))).await;
    }
    match made {
        Ok(got) => {
            // Whoever says no role leaves them to the API.
            let says_roles = request.account_group_roles != Setting::Omitted || request.all_account_group_role_ids != Setting::Omitted;
            if says_roles {
                verify(None, &asked, &got)?;
            }
            invited(&Seen::of(got)?, &request, Created::Yes)
        }
        Err(failure) if failure.outcome() == Outcome::Unknown => {
            for pause in LOOKS {
                world.ask(Question::Pause(pause)).await?;
                // A look that fails says nothing of what became of the request.
                match find(world, &place, email).await {
                    Ok(Some(found)) => {
                        if let Ok(user) = Seen::read(world, &found.uid).await {
                            return invited(&user, &request, Created::Assumed);
                        }
                    }
                    Err(look) if look.is_final() => break,
                    _ => {}
                }
            }
            Err(failure)
        }
        Err(failure) => Err(failure),
    }
}

fn invited(user: &Seen, request: &UserRequest, created: Created) -> Result<String, Failure> {
    let difference = user.state.difference(&user.state.clone().changed_by(request));
    let text = |text: &str| Value::Text(text.to_owned());
    let mut warnings = Vec::new();
    if matches!(created, Created::No) && difference != (Difference { kept: difference.kept.clone(), ..Difference::default() }) {
        warnings.push(text("The user was there already, and was not changed: see differences for what is not as it was asked for."));
    }
    if matches!(created, Created::Assumed) {
        warnings.push(text("Nobody knows whether this call created the user: the request got no answer, but the user is there."));
    }
    let (differences, warnings) = (json_of(&difference), json_of(&warnings));
    let (user, created) = (&user.given.json, created.json());
    Ok(format!("{{\"user\":{user},\"created\":{created},\"differences\":{differences},\"warnings\":{warnings}}}"))
}
