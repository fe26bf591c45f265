//! Safe administration: its class, whose methods are jobs, and its functions, which make no calls. types.d.ts declares them.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use super::api_client::ApiClient;
use super::apis::ClientOf;
use super::body::value;
use super::convert::{Input, property};
use super::promise::{begin_job, rejected};
use crate::admin::{self, Difference, Plan, UserState};
use crate::client::{Job, JobOptions};
use crate::decode::Data;
use crate::endpoints::ACCOUNT_GROUP_OPTIONS;
use crate::error::Error;
use crate::input::Value;
use crate::models::as_json;
use crate::path::Path;

#[wasm_bindgen(module = "/pkg-template/platform.js")]
extern "C" {
    /// One function for all that a job asks of the application.
    type Questions;
    #[wasm_bindgen(static_method_of = Questions)]
    fn of(change: &JsValue, journal: Option<&JsValue>, on_progress: Option<&JsValue>, run: Option<&JsValue>) -> Function;

    type ApplyRun;
    #[wasm_bindgen(constructor)]
    fn new(admin: &JsValue, plan: &JsValue, options: &JsValue) -> ApplyRun;
}

/// Changes users so that nothing is lost by mistake.
#[wasm_bindgen(skip_typescript)]
pub struct Admin {
    of: ClientOf,
}

/// What the functions of a job are, beside those in its options.
#[derive(Default)]
struct Functions<'a> {
    change: Option<&'a JsValue>,
    journal: Option<&'a JsValue>,
    run: Option<&'a JsValue>,
}

impl Admin {
    fn begin(&self, job: Job, argument: &JsValue, options: &JsValue, functions: Functions<'_>) -> Promise {
        self.prepare(job, argument, options, functions).unwrap_or_else(|error| rejected(&error))
    }

    fn prepare(&self, job: Job, argument: &JsValue, options: &JsValue, functions: Functions<'_>) -> Result<Promise, Error> {
        let argument = Input::read(&job.argument(), argument)?.value;
        if functions.change.is_some_and(|change| !change.is_function()) {
            return Err(Error::wrong_type(&Path::Argument("change"), "must be a function that gives a user request."));
        }
        let mut input = Input::settings(&Path::Argument("options"), options)?;
        let own = JobOptions::take(job, &mut input.value)?;
        let options = self.of.client.client.configuration().options(&input.value, &ACCOUNT_GROUP_OPTIONS)?;
        let journal = functions.journal.or_else(|| input.apart("journal"));
        let methods = journal.map(|journal| ["read", "append"].map(|name| property(journal, name).ok().flatten()));
        if methods.is_some_and(|methods| !methods.into_iter().all(|method| method.is_some_and(|method| method.is_function()))) {
            return Err(Error::wrong_type(&Path::Argument("journal"), "must have the functions read() and append(line)."));
        }
        let asked = Questions::of(&functions.change.cloned().unwrap_or_default(), journal, input.apart("onProgress"), functions.run);
        Ok(begin_job(&self.of.client, &input, job, argument, (options, own), Some(asked)))
    }
}

#[wasm_bindgen]
impl Admin {
    /// Takes an ApiClient, or the configuration of one.
    #[wasm_bindgen(constructor)]
    pub fn new(client: JsValue) -> Result<Admin, JsValue> {
        ClientOf::new(client).map(|of| Self { of })
    }

    /// Closes the client that was made for it.
    pub fn close(&self) {
        self.of.close();
    }

    /// Changes a user by a function.
    #[wasm_bindgen(js_name = modifyUser)]
    pub fn modify_user(&self, id: &JsValue, change: &JsValue, options: &JsValue) -> Promise {
        self.begin(Job::ModifyUser, id, options, Functions { change: Some(change), ..Functions::default() })
    }

    /// Finds the one user with an e-mail address.
    #[wasm_bindgen(js_name = findUser)]
    pub fn find_user(&self, email: &JsValue, options: &JsValue) -> Promise {
        self.begin(Job::FindUser, email, options, Functions::default())
    }

    /// Creates a user who is not there yet.
    #[wasm_bindgen(js_name = inviteUser)]
    pub fn invite_user(&self, request: &JsValue, options: &JsValue) -> Promise {
        self.begin(Job::InviteUser, request, options, Functions::default())
    }

    /// Makes a plan of changes.
    pub fn plan(&self, changes: &JsValue, options: &JsValue) -> Promise {
        self.begin(Job::Plan, changes, options, Functions::default())
    }

    /// Makes a plan that takes back what the journal of another one tells.
    #[wasm_bindgen(js_name = planUndo)]
    pub fn plan_undo(&self, journal: &JsValue, options: &JsValue) -> Promise {
        self.begin(Job::PlanUndo, &JsValue::UNDEFINED, options, Functions { journal: Some(journal), ..Functions::default() })
    }

    /// Who has access to what.
    #[wasm_bindgen(js_name = accessReport)]
    pub fn access_report(&self, options: &JsValue) -> Promise {
        self.begin(Job::AccessReport, &JsValue::UNDEFINED, options, Functions::default())
    }

    /// Carries out a plan: an ApplyRun, which begins at once.
    pub fn apply(&self, plan: &JsValue, options: &JsValue) -> JsValue {
        ApplyRun::new(&Admin { of: ClientOf::shared(&self.of.client) }.into(), plan, options).into()
    }

    /// The work of an ApplyRun.
    #[wasm_bindgen(js_name = __apply)]
    pub fn begin_apply(&self, plan: &JsValue, options: &JsValue, run: &JsValue) -> Promise {
        self.begin(Job::Apply, plan, options, Functions { run: Some(run), ..Functions::default() })
    }
}

#[wasm_bindgen]
impl ApiClient {
    /// The Admin of this client: always the same object.
    #[wasm_bindgen(getter, skip_typescript)]
    pub fn admin(&self) -> JsValue {
        self.api("Admin", || Admin { of: ClientOf::shared(self) }.into())
    }
}

fn argument(name: &'static str, value: &JsValue) -> Result<Value, Error> {
    Ok(Input::read(&Path::Argument(name), value)?.value)
}

/// The request that gives a user one more role.
#[wasm_bindgen(js_name = withRole, skip_typescript)]
pub fn with_role(user: &JsValue, role: &JsValue) -> Result<JsValue, JsValue> {
    value(Data::Json(as_json(&admin::with_role(&argument("user", user)?, &argument("role", role)?)?)))
}

/// The request that takes a role away.
#[wasm_bindgen(js_name = withoutRole, skip_typescript)]
pub fn without_role(user: &JsValue, role: &JsValue) -> Result<JsValue, JsValue> {
    value(Data::Json(as_json(&admin::without_role(&argument("user", user)?, &argument("role", role)?)?)))
}

/// What differs between two users as they were read.
#[wasm_bindgen(js_name = diffUser, skip_typescript)]
pub fn diff_user(before: &JsValue, after: &JsValue) -> Result<JsValue, JsValue> {
    let state = |name, user| UserState::read(&Path::Argument(name), &argument(name, user)?);
    let difference: Difference = state("before", before)?.difference(&state("after", after)?);
    value(Data::Json(serde_json::to_string(&difference).unwrap_or_default()))
}

/// A plan as people read it.
#[wasm_bindgen(js_name = planToText, skip_typescript)]
pub fn plan_to_text(plan: &JsValue) -> Result<String, JsValue> {
    Ok(admin::plan_to_text(&Plan::read(&argument("plan", plan)?)?))
}

/// Those of a list of users who do not use their access.
#[wasm_bindgen(js_name = inactiveUsers, skip_typescript)]
pub fn inactive_users(users: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let clock = js_sys::Date::now() as u64;
    let inactive = admin::inactive_users(&argument("users", users)?, &argument("options", options)?, clock)?;
    value(Data::Json(serde_json::to_string(&inactive).unwrap_or_default()))
}

/// Rows as a CSV file that is safe to open in a spreadsheet.
#[wasm_bindgen(js_name = toCsv, skip_typescript)]
pub fn to_csv(rows: &JsValue) -> Result<String, JsValue> {
    Ok(admin::to_csv(&argument("rows", rows)?)?)
}
