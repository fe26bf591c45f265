//! Account groups, the roles that a user has in them, and the agents that belong to them.

use super::Setting;
use super::declare::{models, request};
use crate::error::Error;
use crate::input::{self, Parts, Value};
use crate::path::Path;

models! {
    /// The account groups that the token's owner can see.
    AccountGroups {
        /// The account groups.
        account_groups: "accountGroups" Many<AccountGroupInfo> required,
        /// Where the list can be read again.
        links: "_links" One<SelfLinks>,
    }

    /// The roles that a user has in one account group.
    AccountGroupRole {
        /// The account group.
        account_group: "accountGroup" One<AccountGroup>,
        /// The user's roles in it.
        roles: "roles" Many<Role>,
    }

    shared {
        /// Identifier; the `aid` of other calls.
        aid: "aid" Id,
        /// Display name.
        account_group_name: "accountGroupName" Text,
    }

    /// An account group: a part of the organisation.
    AccountGroup {}

    shared {
        /// Whether it is the account group of this call.
        is_current_account_group: "isCurrentAccountGroup" Flag,
        /// Whether the token's owner lands in it after logging in.
        is_default_account_group: "isDefaultAccountGroup" Flag,
        /// Name of the organisation that it belongs to.
        organization_name: "organizationName" Text,
        /// Identifier of that organisation.
        org_id: "orgId" Id,
    }

    /// An account group in a list.
    AccountGroupInfo {}

    shared {
        /// Its members; missing unless `expand` holds `user`.
        users: "users" Many<UserAccountGroup>,
        /// Where the account group can be read again.
        links: "_links" One<SelfLinks>,
    }

    /// An account group as created.
    CreatedAccountGroup {}

    /// One account group.
    AccountGroupDetail {
        /// The Enterprise Agents that belong to it; missing unless `expand` holds `agent`.
        agents: "agents" Many<EnterpriseAgent>,
        /// What an Enterprise Agent is bound to the account group with; no password.
        account_token: "accountToken" Text,
    }
}

models! {
    /// An Enterprise Agent. What else the API tells of it comes through as it is.
    EnterpriseAgent {
        /// Identifier.
        agent_id: "agentId" Id,
        /// Display name.
        agent_name: "agentName" Text,
        /// Type of the agent, such as `enterprise` or `enterprise-cluster`.
        agent_type: "agentType" Text,
        /// Where it stands, in words.
        location: "location" Text,
        /// Its country, two letters (ISO 3166).
        country_id: "countryId" Text,
        /// Whether it is enabled.
        enabled: "enabled" Flag,
        /// The network of its public address.
        network: "network" Text,
        /// The prefix of its public address.
        prefix: "prefix" Text,
        /// Whether it refuses servers whose certificates are wrong.
        verify_ssl_certificates: "verifySslCertificates" Flag,
        /// State, such as `online`, `offline` or `disabled`.
        agent_state: "agentState" Text,
        /// Name of the host that it runs on.
        hostname: "hostname" Text,
        /// When it was last seen, ISO 8601 in UTC.
        last_seen: "lastSeen" Date,
        /// When it was created, ISO 8601 in UTC.
        created_date: "createdDate" Date,
    }
}

request! {
    /// What is sent to create or change an account group. A property that is omitted (or undefined) is not sent.
    AccountGroupRequest from AccountGroupDetail by "toAccountGroupRequest(accountGroup)" {
        /// Display name.
        account_group_name: "accountGroupName" Text required,
        /// The Enterprise Agents that shall belong to it. This list **replaces** all that it has.
        agents: "agents" List<Id>,
    }
}

impl AccountGroupRequest {
    /// The request that would leave an account group, as it was read, as it is.
    pub fn of(account_group: &Value) -> Result<Self, Error> {
        let path = Path::Argument("accountGroup");
        let object = input::any_object(&path, account_group)?;
        let problem = "is missing: read the account group with expand: [\"agent\"], or the request would take its agents away.";
        let missing = || Error::wrong_type(&path.property("agents"), problem);
        let mut parts = Parts::of(&path, object);
        let account_group_name = parts.required("accountGroupName", input::text);
        let agents = parts.part("agents", |path, value| input::list(path, value, agent_id));
        parts.done()?;
        Ok(Self { account_group_name, agents: Setting::Value(agents.ok_or_else(missing)?) })
    }
}

fn agent_id(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    input::id_in(path, value, "agentId")
}
