//! Plans: what there is is read, each thing once, and nothing is written.

use super::Start;
use super::look::{GET_ACCOUNT_GROUPS, GET_ROLES, GET_USER, GET_USERS, Watched, add_members, knowledge, unless_gone};
use super::world::{Failure, Question, World};
use crate::admin::{About, Directory, Journal, Knowledge, Limits, Plan, changes, json, make, needed, plan_undo};
use crate::date::iso;

/// Makes a plan of changes.
pub async fn plan(world: &dyn World, start: &Start) -> Result<String, Failure> {
    let began = world.now();
    let wanted = changes(&start.argument)?;
    let work = Watched::new(world);
    work.total.set(4);
    let users = work.call(GET_USERS, None).await?.typed()?;
    let roles = work.call(GET_ROLES, None).await?.typed()?;
    let directory = Directory::of(users, roles, work.call(GET_ACCOUNT_GROUPS, None).await?.typed()?);
    let uids = needed(&wanted, &directory)?;
    work.total.set(4 + uids.len() as u32);
    let mut details = Vec::new();
    for uid in &uids {
        if let Some(given) = unless_gone(work.call(GET_USER, Some(uid)).await)? {
            details.push(given.typed()?);
        }
    }
    let mut plan = make(&wanted, &directory, &details, about(world, start))?;
    let known = knowledge(world, Some(directory.roles), start.options.actor.as_deref()).await?;
    judge(world, &mut plan, start, known).await?;
    work.advance().await?;
    finish(world, plan, began)
}

/// Makes a plan that takes back what the journal of another one tells.
pub async fn undo(world: &dyn World, start: &Start) -> Result<String, Failure> {
    let began = world.now();
    let text = world.ask(Question::Read).await?;
    let mut plan = plan_undo(&Journal::read(&text)?, about(world, start))?;
    let known = knowledge(world, None, start.options.actor.as_deref()).await?;
    judge(world, &mut plan, start, known).await?;
    finish(world, plan, began)
}

/// What a new plan is about.
fn about(world: &dyn World, start: &Start) -> About {
    let Start { options, host, aid, plan_id, .. } = start.clone();
    About { plan_id, created: iso(world.now()), host, aid, actor: options.actor, reason: options.reason }
}

/// Writes to each step what would block it, by what is known.
async fn judge(world: &dyn World, plan: &mut Plan, start: &Start, mut knowledge: Knowledge) -> Result<(), Failure> {
    add_members(world, &mut knowledge, start.aid.as_deref(), &|knowledge| plan.needs_members(knowledge)).await?;
    plan.judge(&knowledge, &Limits::default());
    Ok(())
}

/// The plan as JSON, with what it took and will take.
fn finish(world: &dyn World, mut plan: Plan, began: u64) -> Result<String, Failure> {
    let seconds = world.now().saturating_sub(began).div_ceil(1000) as u32;
    plan.count(world.calls(), seconds, world.rate_limit());
    Ok(json(&plan))
}
