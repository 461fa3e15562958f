//! Circles and their members.

use axum::Json;
use axum::extract::State;
use windbreak_protocol::{CircleOverview, Venue, Voice};

use super::super::describe;
use super::super::extract::{At, InCircle, MemberOf, Nothing, Sent};
use super::super::message::{
    Answer, Circle, Circles, Done, Failure, Members, Mode, NewCircle, NewRole, Proposed, Reason,
    Role,
};
use super::super::refusal::Refusal;
use super::item::check_hints;
use super::{grant, network, relay};
use crate::desk::Desk;
use crate::handle::Handle;
use crate::swarm;

/// The circles of this profile.
#[utoipa::path(
    get, path = "/v1/circles", tag = "circle",
    responses(
        (status = 200, body = Answer<Circles>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn list(
    State(handle): State<Handle>,
    _: Nothing,
) -> Result<Json<Answer<Circles>>, Refusal> {
    let all = |desk: &Desk<'_>| {
        Ok::<_, Refusal>(desk.circles().into_iter().map(|circle| shown(desk, circle)).collect())
    };
    let mut circles: Vec<Circle> = handle.read(all).await?;
    circles.sort_by(|one, other| (&one.title, one.id).cmp(&(&other.title, other.id)));
    Ok(Json(Answer::new(Circles { circles })))
}

/// Makes a circle, with you as its facilitator.
#[utoipa::path(
    post, path = "/v1/circles", tag = "circle", request_body = NewCircle,
    responses(
        (status = 200, body = Answer<Circle>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn create(
    State(handle): State<Handle>,
    Sent(new): Sent<NewCircle>,
) -> Result<Json<Answer<Circle>>, Refusal> {
    if !new.adult {
        return Err(Refusal::not_adult());
    }
    let named = new.relays.iter().flatten();
    if named.into_iter().any(|relay| !swarm::is_relay_address(relay)) {
        return Err(Refusal::bad_request(
            "bad_relay",
            "a relay's address is malformed",
            "write it as its host gives it: /ip4/192.0.2.1/tcp/4710/p2p/ and its peer id",
        ));
    }
    let told =
        [&new.title, &new.name, &new.welcome, &new.agreement].map(|text| Some(text.as_str()));
    let declared = new.declaration.as_deref();
    check_hints(&[&told[..], &[declared]].concat(), new.send_anyway)?;
    let grant = new.grant.as_ref().map(grant::read).transpose()?;
    let circle = handle
        .change(move |desk| {
            let relays = new.relays.unwrap_or_else(|| desk.about.relays.clone());
            let mode = new.mode.unwrap_or(desk.about.reach.mode.into());
            network::check(mode, &relays)?;
            network::check_apart(desk, None, mode, &relays, new.same_relay)?;
            let named = relays.clone();
            if let Some(grant) = &grant {
                grant::check_new(desk.now, &named, grant)?;
            }
            let new = windbreak_protocol::NewCircle {
                title: new.title,
                name: new.name,
                suite: describe::suite_of(new.suite),
                relays,
                welcome: new.welcome,
                agreement: new.agreement,
                declaration: new.declaration,
            };
            let id = desk.engine.create_circle(desk.now, new)?;
            if let (Some(grant), [relay]) = (grant, named.as_slice()) {
                desk.engine.give_grant(desk.now, &id, &relay::address_of(relay)?, grant)?;
            }
            desk.links.set_mode(&id, mode.into());
            if mode != Mode::Tor {
                desk.links.agree(&id, &named);
            }
            let circle = desk.circle(&id)?;
            Ok(describe::circle(circle))
        })
        .await?;
    Ok(Json(Answer::new(circle)))
}

/// One circle.
#[utoipa::path(
    get, path = "/v1/circles/{circle}", tag = "circle", params(InCircle),
    responses(
        (status = 200, body = Answer<Circle>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn show(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    _: Nothing,
) -> Result<Json<Answer<Circle>>, Refusal> {
    let circle = handle
        .read(move |desk| {
            let circle = desk.circle(&at.circle)?;
            Ok(shown(desk, circle))
        })
        .await?;
    Ok(Json(Answer::new(circle)))
}

/// A circle, and how far it has come with what was missed.
fn shown(desk: &Desk<'_>, circle: CircleOverview) -> Circle {
    let status = desk.venues.status(&Venue::Circle(circle.id));
    let catching_up = status.and_then(|status| status.catching_up).map(Into::into);
    Circle { catching_up, ..describe::circle(circle) }
}

/// Leaves a circle. What was read stays readable on this device; drafts for it are deleted.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/leave", tag = "circle", params(InCircle),
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn leave(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    _: Nothing,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle
        .change(move |desk| {
            let drafts = desk.personal.drafts_for(&at.circle)?;
            desk.engine.leave(desk.now, &at.circle)?;
            desk.personal.delete_all(drafts);
            Ok(())
        })
        .await?;
    Ok(Json(Answer::new(Done {})))
}

/// The members of a circle.
#[utoipa::path(
    get, path = "/v1/circles/{circle}/members", tag = "member", params(InCircle),
    responses(
        (status = 200, body = Answer<Members>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn members(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    _: Nothing,
) -> Result<Json<Answer<Members>>, Refusal> {
    let told = move |desk: &Desk<'_>| {
        Ok::<_, Refusal>((desk.circle(&at.circle)?, desk.engine.blocked(&at.circle)))
    };
    let (circle, blocked) = handle.read(told).await?;
    let mut members: Vec<_> = circle.members.into_iter().map(describe::member).collect();
    for member in &mut members {
        member.blocked = blocked.contains(&member.id);
    }
    members.sort_by(|one, other| {
        let key = |role| !matches!(role, Role::Facilitator);
        (key(one.role), &one.name, one.id).cmp(&(key(other.role), &other.name, other.id))
    });
    Ok(Json(Answer::new(Members { members })))
}

/// Says, as a facilitator, that a member only listens from now on, and why, or speaks again.
#[utoipa::path(
    put, path = "/v1/circles/{circle}/members/{member}/role", tag = "member", params(MemberOf),
    request_body = NewRole,
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn set_role(
    State(handle): State<Handle>,
    At(at): At<MemberOf>,
    Sent(sent): Sent<NewRole>,
) -> Result<Json<Answer<Done>>, Refusal> {
    check_hints(&[Some(sent.reason.as_str())], sent.send_anyway)?;
    let voice = match sent.role {
        Role::Listener => Voice::Listens { reason: sent.reason },
        Role::Member => Voice::Speaks,
        Role::Facilitator => {
            return Err(Refusal::not_allowed_value(
                "facilitator",
                "nobody becomes a facilitator without agreeing and declaring",
                "propose it: windbreak member promote",
            ));
        }
    };
    handle
        .change(move |desk| Ok(desk.engine.set_voice(desk.now, &at.circle, &at.member, voice)?))
        .await?;
    Ok(Json(Answer::new(Done {})))
}

/// Removes a member: they read nothing that is written from then on. A facilitator is removed only
/// with the word of others: that is proposed.
#[utoipa::path(
    delete, path = "/v1/circles/{circle}/members/{member}", tag = "member", params(MemberOf),
    request_body = Reason,
    responses(
        (status = 200, body = Answer<Proposed>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn remove_member(
    State(handle): State<Handle>,
    At(at): At<MemberOf>,
    Sent(sent): Sent<Reason>,
) -> Result<Json<Answer<Proposed>>, Refusal> {
    let proposal = handle
        .change(move |desk| {
            check_hints(&[Some(sent.reason.as_str())], sent.send_anyway)?;
            Ok(desk.engine.remove_member(desk.now, &at.circle, &at.member, sent.reason)?)
        })
        .await?;
    Ok(Json(Answer::new(Proposed { proposal })))
}
