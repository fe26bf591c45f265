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
    match start.job {
        Job::FindUser => user::find_user(world, start).await,
        Job::ModifyUser => user::modify(world, start).await.map(Some),
        Job::InviteUser => user::invite(world, start).await.map(Some),
        Job::Plan => plan::plan(world, start).await.map(Some),
        Job::Apply => apply::apply(world, start).await.map(Some),
        Job::PlanUndo => plan::undo(world, start).await.map(Some),
        Job::AccessReport => report::access(world).await.map(Some),
    }
}
