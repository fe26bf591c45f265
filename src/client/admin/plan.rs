//! Plans: what there is is read, each thing once, and nothing is written.

use super::look::{Watched, add_members, knowledge, unless_gone};
use super::{Application, JobOptions, Question};
use crate::admin::{About, Directory, Journal, Knowledge, Limits, Plan, changes, json, make, needed, plan_undo};
use crate::client::calls::Calls;
use crate::date::iso;
use crate::endpoints::account_groups::GET_ACCOUNT_GROUPS;
use crate::endpoints::roles::GET_ROLES;
use crate::endpoints::users::{GET_USER, GET_USERS};
use crate::error::Error;
use crate::input::{self, Value};
use crate::models::Roles;
use crate::path::Path;
use crate::transport::Transport;

/// Makes a plan of changes.
pub async fn plan<T: Transport>(
    calls: &Calls<'_, T>,
    application: &dyn Application,
    argument: &Value,
    options: &JobOptions,
) -> Result<String, Error> {
    let began = calls.transport().now();
    let wanted = changes(argument)?;
    let work = Watched::new(calls, application);
    work.total.set(4);
    let users = work.ask(&GET_USERS, None).await?.typed()?;
    let roles: Roles = work.ask(&GET_ROLES, None).await?.typed()?;
    let directory = Directory::of(users, roles.clone(), work.ask(&GET_ACCOUNT_GROUPS, None).await?.typed()?);
    let uids = needed(&wanted, &directory)?;
    work.total.set(4 + uids.len() as u32);
    let mut details = Vec::new();
    for uid in &uids {
        if let Some(given) = unless_gone(work.ask(&GET_USER, Some(uid)).await)? {
            details.push(given.typed()?);
        }
    }
    let mut plan = make(&wanted, &directory, &details, about(calls, options))?;
    let known = knowledge(calls, Some(roles), options.actor.as_deref()).await?;
    work.done.set(work.done.get() + 1);
    judge(calls, &mut plan, known).await?;
    finish(calls, plan, began)
}

/// Makes a plan that takes back what the journal of another one tells.
pub async fn undo<T: Transport>(calls: &Calls<'_, T>, application: &dyn Application, options: &JobOptions) -> Result<String, Error> {
    let began = calls.transport().now();
    let text = input::text(&Path::Argument("journal"), &application.ask(Question::Read).await?.value)?;
    let mut plan = plan_undo(&Journal::read(&text)?, about(calls, options))?;
    judge(calls, &mut plan, knowledge(calls, None, options.actor.as_deref()).await?).await?;
    finish(calls, plan, began)
}

/// What a new plan is about.
fn about<T: Transport>(calls: &Calls<'_, T>, options: &JobOptions) -> About {
    let mut plan_id = String::new();
    for _ in 0..4 {
        plan_id += &format!("{:08x}", (calls.transport().random() * f64::from(u32::MAX)) as u32);
    }
    About {
        plan_id,
        created: iso(calls.transport().now()),
        host: calls.host().to_owned(),
        aid: calls.aid().map(str::to_owned),
        actor: options.actor.clone(),
        reason: options.reason.clone(),
        ..About::default()
    }
}

/// Writes to each step what would block it, by what is known.
async fn judge<T: Transport>(calls: &Calls<'_, T>, plan: &mut Plan, mut knowledge: Knowledge) -> Result<(), Error> {
    add_members(calls, &mut knowledge, &|knowledge| plan.needs_members(knowledge)).await?;
    plan.judge(&knowledge, &Limits::default());
    Ok(())
}

/// The plan as JSON, with what it took and will take.
fn finish<T: Transport>(calls: &Calls<'_, T>, mut plan: Plan, began: u64) -> Result<String, Error> {
    let seconds = calls.transport().now().saturating_sub(began).div_ceil(1000) as u32;
    plan.count(calls.count(), seconds, calls.per_minute());
    Ok(json(&plan))
}
