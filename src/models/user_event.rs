//! The activity log: what users did.

use super::declare::models;

models! {
    /// A page of the activity log.
    AuditUserEvents {
        /// The events. The API documents no order.
        audit_events: "auditEvents" Many<UserEvent> required,
        /// Where the time that was asked for begins, ISO 8601 in UTC.
        start_date: "startDate" Date,
        /// Where it ends, ISO 8601 in UTC.
        end_date: "endDate" Date,
        /// The next page and others.
        links: "_links" One<PaginationLinks>,
    }

    /// Something that a user did. It has no identifier: two equal events are two events.
    UserEvent {
        /// The account group that it happened in.
        aid: "aid" Id,
        /// Display name of that account group.
        account_group_name: "accountGroupName" Text,
        /// When it happened, ISO 8601 in UTC.
        date: "date" Date,
        /// What happened, in words.
        event: "event" Text,
        /// The address that the user came from.
        ip_address: "ipAddress" Text,
        /// Identifier of the user.
        uid: "uid" Id,
        /// Name and e-mail address of the user, such as `Ada Example (ada@example.com)`.
        user: "user" Text,
        /// What it happened to.
        resources: "resources" Many<Resource>,
    }

    /// What an event happened to.
    Resource {
        /// What the name is of, such as `userDisplayName`.
        r#type: "type" Text,
        /// Its name.
        name: "name" Text,
    }
}
