//! What travels: the API's models and requests, named as the API names them, each declared once.

mod account_group;
mod declare;
mod link;
mod request;
mod role;
mod table;
mod user;
mod user_event;

pub use account_group::{
    AccountGroup, AccountGroupDetail, AccountGroupInfo, AccountGroupRequest, AccountGroupRole, AccountGroups, CreatedAccountGroup,
    EnterpriseAgent,
};
pub use link::{Link, PaginationLinks, SelfLinks};
pub use request::{Absent, Field, Form, Kind, Request, Sent, Setting, as_json, as_value};
pub use role::{Permission, Permissions, Role, RoleDetail, RoleRequestBody, Roles};
pub use table::{Body, FromValue, Model, NEXT_LINK, Property, SELF_LINK, Shape};
pub use user::{CreatedUser, ExtendedUser, UserAccountGroup, UserAccountGroupRole, UserDetail, UserRequest, Users};
pub use user_event::{AuditUserEvents, Resource, UserEvent};

pub(crate) use declare::docs;
use request::{refuse_answer, send, setting};

/// The models of answers. JavaScript knows each by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is documented where it is declared")]
pub enum Name {
    AccountGroup,
    AccountGroupDetail,
    AccountGroupInfo,
    AccountGroupRole,
    AccountGroups,
    AuditUserEvents,
    CreatedAccountGroup,
    CreatedUser,
    EnterpriseAgent,
    ExtendedUser,
    Link,
    PaginationLinks,
    Permission,
    Permissions,
    Resource,
    Role,
    RoleDetail,
    Roles,
    SelfLinks,
    UserAccountGroup,
    UserDetail,
    UserEvent,
    Users,
}
