//! Every route of the local API, named once: the router, the list and the OpenAPI description are
//! made from the same lines, so that none of them can have what another lacks.

mod act;
mod agreement;
mod check_in;
mod circle;
mod device;
mod draft;
mod explain;
mod file;
mod grant;
mod invite;
mod item;
mod join;
mod link;
mod lobby;
mod network;
mod news;
mod node;
mod notice;
mod plan;
mod proposal;
mod relay;
mod report;
mod search;
mod steward;
mod store;

use axum::Router;
use axum::routing;
use utoipa::OpenApi;

use crate::api::message::{Answer, Event, Failure};
use crate::handle::Handle;

macro_rules! routes {
    ($($method:ident $path:literal => $module:ident::$handler:ident;)*) => {
        /// The router without its fallbacks.
        pub(super) fn routes() -> Router<Handle> {
            Router::new()$(.route($path, routing::$method($module::$handler)))*
        }

        /// Method and path of every route, in lower case.
        #[cfg(test)]
        const ROUTES: &[(&str, &str)] = &[$((stringify!($method), $path)),*];

        /// The description of this API.
        #[derive(OpenApi)]
        #[openapi(
            info(
                title = "Windbreak, the local API of a node",
                version = "1",
                description = "HTTP/1.1 over the private Unix socket of a profile (mode 0600 in a \
                               folder of mode 0700). Every answer is {\"v\":1,\"data\":…} or \
                               {\"v\":1,\"error\":{\"code\",\"message\",\"next\"}}. Ids are 64 \
                               lower-case hexadecimal digits, times are seconds since the Unix \
                               epoch. Texts that people wrote come as they were written: make \
                               them harmless before showing them. A change is answered when it \
                               is durable. A program that looks at something by itself, with \
                               nobody there, says so with the header windbreak-by-itself: it \
                               does not keep the node from locking.",
                license(name = "MIT OR Apache-2.0")
            ),
            paths($($module::$handler),*),
            components(schemas(Failure, Answer<Event>))
        )]
        struct Description;
    };
}

routes! {
    get "/v1/status" => node::status;
    post "/v1/shutdown" => node::shutdown;
    get "/v1/openapi.json" => node::openapi;
    post "/v1/backup" => store::backup;
    post "/v1/recovery" => store::phrase;
    post "/v1/panic" => store::panic;
    get "/v1/explain" => explain::explain;
    get "/v1/events" => news::events;
    post "/v1/search" => search::search;
    get "/v1/check-ins" => check_in::list;
    post "/v1/check-ins" => check_in::make;
    delete "/v1/check-ins" => check_in::delete_all;
    delete "/v1/check-ins/{check_in}" => check_in::delete;
    get "/v1/plan" => plan::show;
    post "/v1/plan" => plan::add;
    delete "/v1/plan" => plan::delete_all;
    get "/v1/plan/suggestions" => plan::suggestions;
    put "/v1/plan/{part}" => plan::change;
    delete "/v1/plan/{part}" => plan::delete;
    get "/v1/notices" => notice::show;
    put "/v1/notices" => notice::change;
    post "/v1/notices/test" => notice::test;
    put "/v1/circles/{circle}/notices" => notice::circle;
    get "/v1/drafts" => draft::list;
    post "/v1/drafts" => draft::save;
    get "/v1/drafts/{draft}" => draft::show;
    put "/v1/drafts/{draft}" => draft::edit;
    delete "/v1/drafts/{draft}" => draft::delete;
    post "/v1/drafts/{draft}/send" => draft::send;
    get "/v1/agreement" => agreement::usual;
    get "/v1/circles" => circle::list;
    post "/v1/circles" => circle::create;
    get "/v1/circles/{circle}" => circle::show;
    post "/v1/circles/{circle}/leave" => circle::leave;
    get "/v1/circles/{circle}/members" => circle::members;
    delete "/v1/circles/{circle}/members/{member}" => circle::remove_member;
    put "/v1/circles/{circle}/members/{member}/role" => circle::set_role;
    put "/v1/circles/{circle}/members/{member}/block" => steward::block;
    delete "/v1/circles/{circle}/members/{member}/block" => steward::unblock;
    get "/v1/circles/{circle}/steward" => steward::show;
    post "/v1/circles/{circle}/steward" => steward::act;
    get "/v1/circles/{circle}/reports" => report::list;
    post "/v1/circles/{circle}/reports" => report::make;
    post "/v1/circles/{circle}/reports/{report}/acknowledge" => report::acknowledge;
    post "/v1/circles/{circle}/reports/{report}/close" => report::close;
    post "/v1/circles/{circle}/reports/{report}/appeal" => report::appeal;
    get "/v1/circles/{circle}/proposals" => proposal::list;
    post "/v1/circles/{circle}/proposals" => proposal::propose;
    post "/v1/circles/{circle}/proposals/{item}/consent" => proposal::consent;
    post "/v1/circles/{circle}/step-down" => proposal::step_down;
    get "/v1/circles/{circle}/agreement" => agreement::show;
    post "/v1/circles/{circle}/agreement/accept" => agreement::accept;
    post "/v1/circles/{circle}/agreement/proposals" => agreement::propose;
    post "/v1/circles/{circle}/agreement/proposals/{item}/consent" => agreement::consent;
    put "/v1/circles/{circle}/declaration" => agreement::declare;
    put "/v1/circles/{circle}/retention" => agreement::keep;
    put "/v1/circles/{circle}/files" => file::allow;
    get "/v1/circles/{circle}/devices" => device::list;
    post "/v1/circles/{circle}/devices" => device::open_code;
    post "/v1/circles/{circle}/devices/confirm" => device::confirm;
    delete "/v1/circles/{circle}/devices/{device}" => device::remove;
    get "/v1/circles/{circle}/invites" => invite::list;
    post "/v1/circles/{circle}/invites" => invite::open;
    get "/v1/circles/{circle}/invites/{invite}" => invite::show;
    delete "/v1/circles/{circle}/invites/{invite}" => invite::revoke;
    get "/v1/circles/{circle}/lobby" => lobby::list;
    post "/v1/circles/{circle}/lobby/{knock}/admit" => lobby::admit;
    post "/v1/circles/{circle}/lobby/{knock}/decline" => lobby::decline;
    get "/v1/circles/{circle}/items" => item::list;
    post "/v1/circles/{circle}/items" => item::write;
    get "/v1/circles/{circle}/items/{item}" => item::show;
    delete "/v1/circles/{circle}/items/{item}" => act::withdraw;
    get "/v1/circles/{circle}/items/{item}/versions" => item::versions;
    get "/v1/circles/{circle}/items/{item}/file" => file::show;
    post "/v1/circles/{circle}/items/{item}/edit" => act::edit;
    put "/v1/circles/{circle}/items/{item}/reaction" => act::react;
    delete "/v1/circles/{circle}/items/{item}/reaction" => act::take_reaction_back;
    put "/v1/circles/{circle}/items/{item}/pin" => act::pin;
    delete "/v1/circles/{circle}/items/{item}/pin" => act::unpin;
    put "/v1/circles/{circle}/items/{item}/advice" => act::allow_advice;
    delete "/v1/circles/{circle}/items/{item}/advice" => act::hold_advice_back;
    get "/v1/circles/{circle}/links" => link::list;
    post "/v1/circles/{circle}/links" => link::add;
    delete "/v1/circles/{circle}/links" => link::remove;
    get "/v1/circles/{circle}/network" => network::show;
    put "/v1/circles/{circle}/network" => network::change;
    get "/v1/circles/{circle}/relays" => relay::list;
    put "/v1/circles/{circle}/relays" => relay::change;
    post "/v1/circles/{circle}/relays/choice" => relay::choose;
    get "/v1/joins" => join::list;
    post "/v1/joins" => join::start;
    get "/v1/joins/{invite}" => join::show;
    post "/v1/joins/{invite}/knock" => join::knock;
    post "/v1/joins/{invite}/device" => join::ask_as_device;
    delete "/v1/joins/{invite}" => join::cancel;
}

/// The description of this API, in OpenAPI; the same in specs/openapi.json.
#[must_use]
pub fn description() -> serde_json::Value {
    // Maps and strings always encode; a test compares the outcome with the file.
    serde_json::to_value(Description::openapi()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
