//! Who can see what, from the live settings. Every sentence here is a promise or the lack of one:
//! it changes when the program does.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use windbreak_protocol::id::CircleId;
use windbreak_protocol::ledger::{FilesAllowed, Role};
use windbreak_protocol::{CircleOverview, InviteState, Standing, Venue};

use super::super::describe;
use super::super::extract::Nothing;
use super::super::message::{
    Answer, CircleFacts, Explanation, Failure, NetworkMode, NoticeWay, SharedRelay, Sight,
};
use super::super::refusal::Refusal;
use super::relay;
use crate::desk::Desk;
use crate::handle::Handle;
use crate::profile::NetworkMode as Mode;
use crate::swarm;

/// What stays with who answers a report.
const REPORTED_WORDS: &str = "the words of what was reported, for up to 180 days, also when their \
                              author takes them back or they grow too old";

/// Who can see what, now: for people to read, and for programs to compare.
#[utoipa::path(
    get, path = "/v1/explain", tag = "node",
    responses(
        (status = 200, body = Answer<Explanation>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn explain(
    State(handle): State<Handle>,
    _: Nothing,
) -> Result<Json<Answer<Explanation>>, Refusal> {
    let explanation = handle.read(|desk| Ok(explanation(desk))).await?;
    Ok(Json(Answer::new(explanation)))
}

fn explanation(desk: &Desk<'_>) -> Explanation {
    let circles = desk.circles();
    let is_clear = |circle: &&CircleOverview| {
        desk.links.mode(&Venue::Circle(circle.id), &desk.about.reach) != Mode::Tor
    };
    Explanation {
        shared_relays: shared_relays(desk, circles.iter().filter(is_clear)),
        circles: circles.into_iter().map(|circle| facts(desk, circle)).collect(),
        device: device(desk),
        limits: [
            "this program has not been audited",
            "nobody watches a circle: it is no emergency service, and nobody here can find you or \
             send help",
            "whoever reads can keep a copy, and can prove that your name in the circle wrote it",
            "whoever watches much of the internet at once can see who is active when",
            "a program that spies on this device sees what you see",
        ]
        .map(str::to_owned)
        .into(),
    }
}

fn facts(desk: &Desk<'_>, circle: CircleOverview) -> CircleFacts {
    let (venue, config) = (Venue::Circle(circle.id), &desk.about.reach);
    let mode = desk.links.mode(&venue, config);
    let links = desk.links.used(&venue, config);
    let relays = relay::reached(desk, &circle.id);
    let is_linked = !links.is_empty() || links.finds;
    let network = match (mode, !is_linked, !relays.is_empty()) {
        (Mode::Lan, ..) => NetworkMode::Lan,
        (_, true, false) => NetworkMode::Offline,
        (Mode::Tor, ..) => NetworkMode::Tor,
        (_, false, _) => NetworkMode::Direct,
        (_, true, true) => NetworkMode::RelayOnly,
    };
    let is_hosting = mode == Mode::Tor && !links.is_empty();
    let facilitators =
        circle.members.iter().filter(|member| member.role == Role::Facilitator).count();
    let is_active = matches!(circle.standing, Standing::Active | Standing::Leaving);
    CircleFacts {
        circle: circle.id,
        standing: describe::standing(circle.standing),
        suite: describe::suite(circle.suite),
        network,
        members: circle.members.len(),
        facilitators,
        sights: if is_active {
            sights(&circle, &relays, facilitators, network, is_hosting, links.finds)
        } else {
            former()
        },
        retention: retention(&circle, &relays, network),
        title: circle.title,
        declaration: circle.declaration,
        relays,
    }
}

fn sights(
    circle: &CircleOverview,
    relays: &[String],
    facilitators: usize,
    network: NetworkMode,
    is_hosting: bool,
    finds: bool,
) -> Vec<Sight> {
    let is_direct = network == NetworkMode::Direct;
    let is_near = network == NetworkMode::Lan;
    let mut sights = vec![sight(
        format!("the {} of this circle", counted(circle.members.len(), "member", "members")),
        &[
            "every share and reply since they joined that is shown, and earlier ones whose \
             authors allowed it",
            "of advice that is held back, and of what was hidden, said by somebody muted or \
             shared too soon in slow mode: that it is there and who wrote it, and its words only \
             if it is let through, shown again or its turn comes; their devices have the words, \
             so a changed program shows them",
            "your name in this circle, and when you wrote, to the minute",
            "the warm words you give, with your name",
            "what you propose, and what you agree to, with your name",
            "who is a member, who holds the circle, and how many devices each uses",
            "who only listens, who is muted and until when, and how slow the circle is: that you \
             are, too",
            "the steward log: who hid, muted, slowed down, removed or changed what, to whom, \
             when and why",
        ],
        &[
            if finds || is_near {
                ""
            } else {
                "your names in other circles, or that you are in any"
            },
            "what you have read",
            "your drafts, your check-ins, your plan, whom you blocked, and which agreement you \
             accepted on this device beyond what you agreed to or joined with",
            match network {
                NetworkMode::Direct => "",
                NetworkMode::Lan => "your internet address",
                _ => "your address",
            },
        ],
    )];
    sights.push(sight(
        format!("its {}", counted(facilitators, "facilitator", "facilitators")),
        &[
            "what members see",
            "the words of what was hidden, and those of somebody muted",
            "the name and note of whoever knocks at an invite with review",
            "what is reported, but not what is reported of themselves",
            REPORTED_WORDS,
        ],
        &["who made a report, unless how it is written tells, or a relay helps them"],
    ));
    if facilitators == 1 && circle.members.len() > 2 {
        sights.push(sight(
            "the members who have been here longest, four at most",
            &["what is reported of the only facilitator", REPORTED_WORDS],
            &["who reported it, unless how it is written tells, or a relay helps them"],
        ));
    }
    if has_open_invite(circle) {
        sights.push(sight(
            "whoever holds an open invite",
            &[
                "the card: title, welcome, agreement, the facilitators' names and their duty to \
                 report",
                "the addresses of the relays",
            ],
            &["who else is a member", "anything said in the circle"],
        ));
    }
    if !relays.is_empty() {
        let is_tor = network == NetworkMode::Tor;
        sights.push(sight(
            format!("whoever runs {}", counted(relays.len(), "the relay", "relays")),
            &[
                "random topics that change every seven days and with every removal",
                "when sealed envelopes come and go, and which of three sizes they have",
                "which connection brings an envelope first",
                "which connections use the same topics: about how many devices the circle has, and \
                 when each is there",
                "when somebody is let in, and roughly how large a circle is that has more than some \
                 twenty members",
                match network {
                    NetworkMode::Tor => {
                        "when this circle comes and goes: of two that always do so together it can \
                         guess that they are of one device"
                    }
                    NetworkMode::Lan => "your address in the local network",
                    _ => "your address",
                },
            ],
            &[
                if is_tor {
                    "your address: each of your circles has circuits of its own"
                } else {
                    ""
                },
                "any word, name or title",
                "under which name an envelope was written, and what the members call themselves",
                "which circle its topics are of",
            ],
        ));
        if !circle.grants.is_empty() {
            sights.push(seen_by_grant(circle, is_tor));
        }
        sights.extend(if is_near {
            None
        } else if is_tor {
            Some(sight(
                "your internet provider, or whoever watches your line",
                &["that you use tor, when, and how much passes"],
                &["the relays, or any word, name, title or topic"],
            ))
        } else {
            Some(sight(
                "your internet provider, or whoever watches your line",
                &["that you reach the relays' addresses, when, and how much passes"],
                &["any word, name, title or topic"],
            ))
        });
    }
    if is_near {
        sights.extend(sights_nearby(circle));
    }
    if is_hosting {
        sights.push(sight(
            "members with a direct link to this device",
            &["when you are online"],
            &["your address: the link goes through tor"],
        ));
    }
    if finds {
        sights.push(sight(
            "every member of this circle who meets others directly, too",
            &[
                "your address, which tells roughly where you are and by which provider",
                "when you are online",
                "the same address in every circle where you chose this: whoever is in two of them can \
                 tell that both are you",
            ],
            &[],
        ));
        sights.push(sight(
            "a relay that brings members together, beside what it sees anyway",
            &[
                "which of its connections meet each other directly, from which addresses: that these \
                 people belong together",
            ],
            &["whom you expect: that is sealed", "anything that goes between you without it"],
        ));
        sights.push(sight(
            "your internet provider, or whoever watches your line",
            &["the addresses of the members you are linked with, when, and how much passes"],
            &[],
        ));
    } else if is_direct {
        sights.push(sight(
            "members with a direct link to this device, and whoever watches the line",
            &["your address, and when you are online"],
            &[],
        ));
    }
    sights.push(sight(
        "whoever was removed or has left",
        &["what they had read before"],
        &["anything written after it"],
    ));
    if circle.suite == windbreak_protocol::Suite::X25519 {
        sights.push(sight(
            "whoever records the envelopes now and has a large quantum computer one day",
            &["everything: this circle is sealed with x25519 alone"],
            &[],
        ));
    }
    sights
}

/// What a relay sees that takes by grant, of those who draw by a grant of its host.
fn seen_by_grant(circle: &CircleOverview, is_tor: bool) -> Sight {
    sight(
        "a relay that takes by grant, beside what it sees anyway",
        &[
            "a number of the circle's grant by which this device draws tokens, and how often",
            "how many of the grant's numbers draw: about how many devices write here",
            "if its host made other keys for each grant: which grant pays on which topic",
            if has_open_invite(circle) {
                "when somebody comes by an open invite: that its topic is of this grant"
            } else {
                ""
            },
            if is_tor { "" } else { "that the same address draws and writes" },
        ],
        &[
            "whose number that is",
            if is_tor { "which of the grant's numbers pays for an envelope" } else { "" },
        ],
    )
}

fn has_open_invite(circle: &CircleOverview) -> bool {
    circle.invites.iter().any(|invite| invite.state == InviteState::Open)
}

/// Who sees what of a circle that stays on local networks.
fn sights_nearby(circle: &CircleOverview) -> Vec<Sight> {
    let mut sights = vec![
        sight(
            "everybody on the same local network, and whoever runs it",
            &[
                "that this device runs windbreak, while it does",
                "with which other devices there it exchanges how much, and when: that these people \
                 belong together",
            ],
            &[
                "of which circle: names are new at each start and mean nothing",
                "any word, name, title or topic",
            ],
        ),
        sight(
            "every member of this circle on the same local network",
            &[
                "which device there is yours, and when it is on",
                "the same device in every circle where you chose this: whoever is in two of them can \
                 tell that both are you",
            ],
            &[],
        ),
        sight(
            "your internet provider",
            &[],
            &["anything of this circle: nothing of it leaves the local network"],
        ),
    ];
    if has_open_invite(circle) {
        sights.push(sight(
            "whoever holds an open invite and is on the same local network",
            &["which device there answers it"],
            &["who else is a member"],
        ));
    }
    sights
}

fn former() -> Vec<Sight> {
    vec![sight(
        "the members of this circle",
        &["what you wrote while you were one"],
        &["anything of you since"],
    )]
}

/// What is kept where, and whom it can no longer reach.
fn retention(circle: &CircleOverview, relays: &[String], network: NetworkMode) -> Vec<String> {
    let mut retention = vec![
        match circle.keep {
            None => "what you read stays on this device until you delete the profile".to_owned(),
            Some(keep) if circle.keeps_shorter_from.is_some() => format!(
                "the circle says that what was said is erased after {}: this device begins with it \
                 when it has known of that for a week. copies that somebody made stay with them",
                counted(usize::from(keep.get()), "a day", "days")
            ),
            Some(keep) => format!(
                "what was said is erased on every member's device after {}, as soon as that device \
                 runs: the circle says so. copies that somebody made stay with them",
                counted(usize::from(keep.get()), "a day", "days")
            ),
        },
        "sealed envelopes stay on this device for 30 days, to catch up others".to_owned(),
        match circle.files {
            FilesAllowed::None => "nobody sends files or pictures here".to_owned(),
            FilesAllowed::Pictures => {
                "pictures alone are sent here. one says nothing of where and when it was taken, but \
                 what it shows. whoever receives it can keep it, and a relay sees about how large it \
                 is"
                .to_owned()
            }
            FilesAllowed::Any => {
                "any files are sent here. a picture says nothing of where and when it was taken, but \
                 what it shows; other files go as they are, with whatever their program wrote into \
                 them. whoever receives one can keep it, and a relay sees about how large it is"
                    .to_owned()
            }
        },
        "the keys to what was recorded are deleted when everybody has gone on: normally after one \
         or two days, at most after 14, or 60 in a circle most of whose members are away. while \
         this device is off it deletes nothing"
            .to_owned(),
    ];
    if circle.past_keys > 0 {
        retention.push(format!(
            "keys of {} are still on this device, because somebody may need them",
            counted(circle.past_keys, "one past state", "past states")
        ));
    }
    if network == NetworkMode::Lan {
        retention.push(
            "what you write waits on this device until a member's device is on the same local network"
                .to_owned(),
        );
    }
    // What one person added or avoids is nothing that the others know of.
    let names_relay = match network {
        NetworkMode::Lan => circle.relays.iter().any(|relay| swarm::is_near_address(relay)),
        _ => !circle.relays.is_empty(),
    };
    if matches!(network, NetworkMode::Direct | NetworkMode::Tor | NetworkMode::Lan) && !names_relay
    {
        retention.push(
            "this circle has no relay: who is away when someone is removed cannot reach it again, but \
             where others are at the same time. add a relay, at least for a while, after a removal"
                .to_owned(),
        );
    }
    if names_relay || !relays.is_empty() {
        retention.push(
            "sealed envelopes stay on each relay for at most 30 days; its host may keep fewer"
                .to_owned(),
        );
    }
    for former in &circle.relays_former {
        retention.push(match former.waits_for {
            0 => "a relay that the circle names no longer is still used, since an open invite names it"
                .to_owned(),
            count => format!(
                "a relay that the circle names no longer is still used, since {} may know no other",
                counted(count, "one device", "devices")
            ),
        });
    }
    if circle.outbox > 0 {
        retention.push(format!(
            "{} still on this device alone",
            counted(circle.outbox, "envelope of yours is", "envelopes of yours are")
        ));
    }
    retention
}

fn device(desk: &Desk<'_>) -> Vec<Sight> {
    let mut sights = vec![
        sight(
            "whoever has this device and the passphrase, or finds the node running",
            &[
                "everything you can see",
                "your drafts, check-ins and plan, whom you blocked and which agreements you \
                 accepted beyond what you agreed to or joined with: they are on this device alone, \
                 and in the backups you make of it",
            ],
            &[],
        ),
        sight(
            "whoever has this device without the passphrase",
            &[
                "that the program is here, how much it keeps and when it last wrote",
                "the relays and settings in config.toml",
            ],
            &["any word, name, title or circle"],
        ),
        sight(
            "programs that run under your user on this device",
            &["everything, over the node's socket, while the node runs"],
            &[],
        ),
    ];
    sights.extend(desk.notices.way().into_iter().flat_map(seen_notices));
    sights
}

fn seen_notices(way: &NoticeWay) -> [Sight; 2] {
    let screen = sight(
        "whoever sees the screen of this device when a notice is shown",
        &[
            "the words of notices, which are the same for everything",
            "about when something arrives",
            match way {
                NoticeWay::Desktop => "",
                NoticeWay::Command { .. } => {
                    "whatever the program does that you named, and its arguments"
                }
            },
        ],
        &["what it is, who says it, or of which circle or profile"],
    );
    let machine = sight(
        "every other user of this machine",
        &["that a notice is shown, and its words, while the program for it runs"],
        &[],
    );
    [screen, machine]
}

/// Relays by which more than one circle is reached, by their peer id where they have one: one relay can
/// have several addresses. Circles that go through Tor are not among them: there each is somebody else.
fn shared_relays<'a>(
    desk: &Desk<'_>,
    circles: impl Iterator<Item = &'a CircleOverview>,
) -> Vec<SharedRelay> {
    let mut relays: BTreeMap<String, (String, Vec<CircleId>)> = BTreeMap::new();
    for circle in circles.filter(|circle| circle.standing == Standing::Active) {
        for address in relay::reached(desk, &circle.id) {
            let who = address.rsplit_once("/p2p/").map_or(address.as_str(), |(_, peer)| peer);
            let (_, served) =
                relays.entry(who.to_owned()).or_insert_with(|| (address.clone(), Vec::new()));
            if served.last() != Some(&circle.id) {
                served.push(circle.id);
            }
        }
    }
    let shared = relays.into_values().filter(|(_, circles)| circles.len() > 1);
    shared.map(|(address, circles)| SharedRelay { address, circles }).collect()
}

fn sight(who: impl Into<String>, sees: &[&str], does_not_see: &[&str]) -> Sight {
    let said = |texts: &[&str]| {
        texts.iter().filter(|text| !text.is_empty()).map(|text| (*text).to_owned()).collect()
    };
    Sight { who: who.into(), sees: said(sees), does_not_see: said(does_not_see) }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => one.to_owned(),
        _ => format!("{count} {many}"),
    }
}
