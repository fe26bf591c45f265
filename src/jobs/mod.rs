//! Safe administration: jobs, each of which makes several calls. They are asynchronous functions that ask a [`World`] for all that
//! they need; what is decided on the way is decided in [`crate::admin`].

mod apply;
mod look;
mod options;
mod plan;
mod report;
mod running;
mod user;
mod world;

pub use options::{Job, JobOptions, Start};
pub use running::Running;
pub use world::{Call, Failure, Pending, Question, World};

/// Does a job: gives what it makes as JSON, if there is something.
pub async fn run(world: &dyn World, start: &Start) -> Result<Option<String>, Failure> {
    let job: Pending<'_, Result<String, Failure>> = match start.job {
        Job::FindUser => return user::find_user(world, start).await,
        Job::ModifyUser => Box::pin(user::modify(world, start)),
        Job::InviteUser => Box::pin(user::invite(world, start)),
        Job::Plan => Box::pin(plan::plan(world, start)),
        Job::Apply => Box::pin(apply::apply(world, start)),
        Job::PlanUndo => Box::pin(plan::undo(world, start)),
        Job::AccessReport => Box::pin(report::access(world)),
    };
    job.await.map(Some)
}
