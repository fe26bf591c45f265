//! Who has access to what, in few requests: members of account groups come with their roles.

use super::look::{GET_ACCOUNT_GROUPS, GET_ROLES, GET_USERS, Watched, members};
use super::world::{Failure, World};
use crate::admin::AccessReport;
use crate::models::AccountGroups;

/// Makes the report. An account group that the token's owner may not see is missing in it; any other failure is one of the job.
pub async fn access(world: &dyn World) -> Result<String, Failure> {
    let work = Watched::new(world);
    work.total.set(3);
    let users = work.call(GET_USERS, None).await?.typed()?;
    let mut report = AccessReport::new(users, &work.call(GET_ROLES, None).await?.typed()?);
    let groups: AccountGroups = work.call(GET_ACCOUNT_GROUPS, None).await?.typed()?;
    work.total.set(3 + groups.account_groups.len() as u32);
    for group in groups.account_groups {
        work.tell().await?;
        let read = match &group.aid {
            Some(aid) => match members(world, aid).await {
                Err(failure) if !matches!(failure.status(), Some(403 | 404)) => return Err(failure),
                read => read.map_err(|failure| failure.message().to_owned()),
            },
            None => Err("The list of account groups does not tell its id.".to_owned()),
        };
        report.account_group(&group, read);
        work.done.set(work.done.get() + 1);
    }
    work.tell().await?;
    Ok(report.json())
}
