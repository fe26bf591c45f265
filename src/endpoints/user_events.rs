//! The User Events API.

use super::declare::endpoints;

macro_rules! user_events_api {
    ($then:ident) => {
        $then! {
            user_events
            /// Reads the activity log: what users did.
            UserEventsApi {
                /// Reads one page of the activity log; `userEvents` gives the events of all pages.
                getUserEvents: Get "/audit-user-events", UserEventsOptions -> AuditUserEvents;
            }
        }
    };
}
user_events_api!(endpoints);
#[cfg(all(target_arch = "wasm32", not(feature = "jobs")))]
pub(crate) use user_events_api;
