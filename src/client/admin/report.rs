//! Who has access to what, in few requests: members of account groups come with their roles.

use super::Application;
use super::look::{Watched, members, status};
use crate::admin::AccessReport;
use crate::client::calls::Calls;
use crate::endpoints::account_groups::GET_ACCOUNT_GROUPS;
use crate::endpoints::roles::GET_ROLES;
use crate::endpoints::users::GET_USERS;
use crate::error::Error;
use crate::models::AccountGroups;
use crate::transport::Transport;

/// Makes the report. An account group that the token's owner may not see is missing in it; any other failure is one of the job.
pub async fn access<T: Transport>(calls: &Calls<'_, T>, application: &dyn Application) -> Result<String, Error> {
    let work = Watched::new(calls, application);
    work.total.set(3);
    let users = work.ask(&GET_USERS, None).await?.typed()?;
    let mut report = AccessReport::new(users, &work.ask(&GET_ROLES, None).await?.typed()?);
    let groups: AccountGroups = work.ask(&GET_ACCOUNT_GROUPS, None).await?.typed()?;
    work.total.set(3 + groups.account_groups.len() as u32);
    for group in groups.account_groups {
        work.tell().await?;
        let read = match members(calls, group.aid.as_deref()).await {
            Err(error) if !matches!(status(&error), Some(403 | 404)) => return Err(error),
            read => read.map_err(|error| error.message.clone()),
        };
        report.account_group(&group, read);
        work.done.set(work.done.get() + 1);
    }
    work.tell().await?;
    // It fails for maps alone whose keys are no strings.
    Ok(serde_json::to_string(&report).unwrap_or_default())
}
