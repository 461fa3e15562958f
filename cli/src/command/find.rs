//! Finds what a person named: a circle, an invite, a knock, a member, an item.

use std::collections::BTreeMap;

use windbreak_node::api::Client;
use windbreak_node::api::message::{
    Circle, Invite, Item, LobbyKnock, Member, Page, Proposal, Report, Standing, StewardDeed,
};
use windbreak_protocol::id::{CircleId, ItemId, MemberId};

use crate::error::Failure;
use crate::pick::{Candidate, pick};
use crate::words::say;

/// Items asked for at a time.
pub(crate) const PAGE: usize = 500;

/// The circle that `typed` names; one that was left or lost only if no other has the name.
pub(crate) async fn circle(client: &Client, typed: &str) -> Result<Circle, Failure> {
    let circles = client.circles().await?.circles;
    let among = |active: bool| {
        let candidates: Vec<_> = circles
            .iter()
            .filter(|circle| (circle.standing == Standing::Active) == active)
            .map(|circle| Candidate {
                id: circle.id.to_text(),
                words: Some(&circle.title),
                value: circle,
            })
            .collect();
        pick("circle", "windbreak circle list", typed, &candidates)
    };
    let found = match among(true) {
        Err(failure) if failure.code() == "unknown_circle" => among(false),
        found => found,
    };
    found.cloned()
}

/// The invite that `typed` names.
pub(crate) async fn invite(
    client: &Client,
    circle: &CircleId,
    typed: &str,
) -> Result<Invite, Failure> {
    let invites = client.invites(circle).await?.invites;
    let candidates: Vec<_> = invites
        .iter()
        .map(|invite| Candidate { id: invite.id.to_text(), words: None, value: invite })
        .collect();
    pick("invite", "windbreak invite list CIRCLE", typed, &candidates).cloned()
}

/// Who waits in the lobby under the name or id `typed`.
pub(crate) async fn knock(
    client: &Client,
    circle: &CircleId,
    typed: &str,
) -> Result<LobbyKnock, Failure> {
    let knocks = client.lobby(circle).await?.knocks;
    let candidates: Vec<_> = knocks
        .iter()
        .map(|knock| Candidate { id: knock.id.to_text(), words: Some(&knock.name), value: knock })
        .collect();
    pick("knock", "windbreak lobby list CIRCLE", typed, &candidates).cloned()
}

/// The member that `typed` names.
pub(crate) async fn member(
    client: &Client,
    circle: &CircleId,
    typed: &str,
) -> Result<Member, Failure> {
    let members = client.members(circle).await?.members;
    let candidates: Vec<_> = members
        .iter()
        .map(|member| Candidate {
            id: member.id.to_text(),
            words: Some(&member.name),
            value: member,
        })
        .collect();
    pick("member", "windbreak member list CIRCLE", typed, &candidates).cloned()
}

/// The member that `typed` names, or if nobody here does, who was muted and has left since: the id and
/// the name.
pub(crate) async fn muted(
    client: &Client,
    circle: &CircleId,
    typed: &str,
) -> Result<(MemberId, String), Failure> {
    let unknown = match member(client, circle, typed).await {
        Err(failure) if failure.code() == "unknown_member" => failure,
        found => return found.map(|member| (member.id, member.name)),
    };
    let log = client.steward(circle).await?.log;
    let mutes = log.iter().filter(|entry| entry.counts && entry.what == StewardDeed::Mute);
    let gone: BTreeMap<MemberId, Option<&str>> =
        mutes.filter_map(|entry| Some((entry.member?, entry.member_name.as_deref()))).collect();
    let candidates: Vec<_> = gone
        .iter()
        .map(|(id, words)| Candidate { id: id.to_text(), words: *words, value: (*id, *words) })
        .collect();
    match pick("member", "windbreak steward log CIRCLE", typed, &candidates) {
        Ok((id, name)) => Ok((id, name.unwrap_or(say!("member-former-member")).to_owned())),
        Err(failure) if failure.code() == "unknown_member" => Err(unknown),
        Err(failure) => Err(failure),
    }
}

/// The proposal that `typed` names.
pub(crate) async fn proposal(
    client: &Client,
    circle: &CircleId,
    typed: &str,
) -> Result<Proposal, Failure> {
    let proposals = client.proposals(circle).await?.proposals;
    let candidates: Vec<_> = proposals
        .iter()
        .map(|proposal| Candidate { id: proposal.id.to_text(), words: None, value: proposal })
        .collect();
    pick("proposal", "windbreak member proposals CIRCLE", typed, &candidates).cloned()
}

/// The report that `typed` names.
pub(crate) async fn report(
    client: &Client,
    circle: &CircleId,
    typed: &str,
) -> Result<Report, Failure> {
    let reports = client.reports(circle).await?.reports;
    let candidates: Vec<_> = reports
        .iter()
        .map(|report| Candidate { id: report.id.to_text(), words: None, value: report })
        .collect();
    pick("report", "windbreak report list CIRCLE", typed, &candidates).cloned()
}

/// The item that `typed` names, in one circle or in any.
pub(crate) async fn item(
    client: &Client,
    within: Option<&Circle>,
    typed: &str,
) -> Result<(CircleId, Item), Failure> {
    let circles = match within {
        Some(circle) => vec![circle.clone()],
        None => {
            // A circle whose agreement waits to be accepted is not read; it does not keep others
            // from being.
            let all = client.circles().await?.circles;
            let readable = |circle: &&Circle| circle.agreement_accepted;
            let circles: Vec<_> = all.iter().filter(readable).cloned().collect();
            if circles.is_empty() { all } else { circles }
        }
    };
    let mut items = Vec::new();
    for circle in &circles {
        items.extend(
            timeline(client, &circle.id).await?.items.into_iter().map(|item| (circle.id, item)),
        );
    }
    let candidates: Vec<_> = items
        .iter()
        .map(|found| Candidate { id: found.1.id.to_text(), words: None, value: found })
        .collect();
    pick("item", "windbreak read CIRCLE", typed, &candidates).cloned()
}

/// The whole timeline of a circle, in causal order.
pub(crate) async fn timeline(client: &Client, circle: &CircleId) -> Result<Page, Failure> {
    let mut whole = Page { items: Vec::new(), before: 0, gaps: Vec::new(), more: true };
    while whole.more {
        let after: Option<ItemId> = whole.items.last().map(|item| item.id);
        let page = client.items(circle, after.as_ref(), Some(PAGE)).await?;
        whole.gaps = page.gaps;
        // A page without items would be asked for again for ever.
        whole.more = page.more && !page.items.is_empty();
        whole.items.extend(page.items);
    }
    Ok(whole)
}
