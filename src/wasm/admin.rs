//! Safe administration, as far as it makes no calls; the jobs are in a WebAssembly of their own. types.d.ts declares all of it.

use wasm_bindgen::prelude::*;

use super::api_client::ApiClient;
use super::body::value;
use super::convert::Input;
use super::promise::stringify;
use crate::admin::{self, Object, Plan, UserState};
use crate::decode::Data;
use crate::endpoints::ACCOUNT_GROUP_OPTIONS;
use crate::error::Error;
use crate::input::Value;
use crate::jobs::Job;
use crate::models::as_json;
use crate::path::Path;

#[wasm_bindgen]
impl ApiClient {
    /// Reads what a job is begun with: its argument, and its own options beside those of its calls. Gives the JSON for the job.
    #[wasm_bindgen(js_name = __prepare, skip_typescript)]
    pub fn prepare(&self, job: &str, plan_id: &str, argument: &JsValue, options: &JsValue) -> Result<Option<String>, JsValue> {
        let Some(kind) = Job::named(job) else { return Ok(None) };
        let argument = Input::read(&kind.argument(), argument)?.value;
        let mut options = Input::settings(&Path::Argument("options"), options)?.value;
        let own = kind.own_options(&mut options)?;
        let configuration = self.client.configuration();
        let of_calls = configuration.options(&options, &ACCOUNT_GROUP_OPTIONS)?;
        let start = Object::default()
            .text("job", job)
            .put("argument", argument)
            .put("options", own)
            .text("host", &configuration.host)
            .maybe("aid", of_calls.query.first().map(|(_, aid)| aid.as_str()))
            .text("planId", plan_id)
            .number("retries", of_calls.settings.max_retries)
            .number("queueTimeout", of_calls.settings.queue_timeout)
            .number("totalTimeout", of_calls.settings.total_timeout);
        Ok(stringify(&start.done()))
    }

    /// Reads what a function of the application made of a user, and gives its JSON.
    #[wasm_bindgen(js_name = __change, skip_typescript)]
    pub fn change(&self, request: &JsValue) -> Result<Option<String>, JsValue> {
        Ok(stringify(&Input::read(&Path::Body("change"), request)?.value))
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
    let difference = state("before", before)?.difference(&state("after", after)?);
    value(Data::Json(admin::json(&difference)))
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
    value(Data::Json(admin::json(&inactive)))
}

/// Rows as a CSV file that is safe to open in a spreadsheet.
#[wasm_bindgen(js_name = toCsv, skip_typescript)]
pub fn to_csv(rows: &JsValue) -> Result<String, JsValue> {
    Ok(admin::to_csv(&argument("rows", rows)?)?)
}
