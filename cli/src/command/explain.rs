//! `explain`: the privacy receipt. Who can see what, from the live settings, and what is not
//! promised.

use windbreak_node::api::message::{CircleFacts, Explanation, NetworkMode, Sight, Standing, Suite};

use super::Context;
use crate::error::Failure;
use crate::output::{Page, Report};
use crate::words::{self, say};
use crate::{session, text};

impl Report for Explanation {
    fn page(&self, page: &mut Page) {
        page.text(say!("explain-can-see-device-set"));
        for circle in &self.circles {
            page.gap();
            show_circle(page, circle);
        }
        if self.circles.is_empty() {
            page.gap();
            page.text(say!("explain-no-circle-yet-so"));
        }
        for relay in &self.shared_relays {
            page.gap();
            page.text(&say!(
                "explain-one-relay-serves-circles",
                circles = relay.circles.len(),
                address = text::line(&relay.address)
            ));
        }
        page.gap();
        page.heading(say!("circle-device"));
        show_sights(page, &self.device);
        page.gap();
        page.heading(say!("explain-not-promised"));
        for limit in &self.limits {
            page.point("-", &text::line(&words::known(limit)), "");
        }
    }
}

fn show_circle(page: &mut Page, circle: &CircleFacts) {
    page.heading(&text::line(&circle.title));
    let people = match (circle.members, circle.facilitators) {
        (0 | 1, _) => say!("explain-alone").to_owned(),
        (members, facilitators) => {
            say!("explain-members-read-them-hold", members, facilitators)
        }
    };
    page.field(say!("explain-people"), &people);
    match circle.standing {
        Standing::Active => {}
        Standing::Leaving => page.field(say!("circle-you"), say!("explain-leaving")),
        Standing::Left => page.field(say!("circle-you"), say!("explain-left")),
        Standing::Removed => page.field(say!("circle-you"), say!("explain-removed")),
        Standing::DeviceTakenOut => {
            page.field(say!("circle-you"), say!("explain-took-device-out-from"));
        }
        Standing::Replaced => page.field(say!("circle-you"), say!("explain-here-from-copy-device")),
    }
    page.field(
        say!("circle-sealed"),
        match circle.suite {
            Suite::Xwing => say!("circle-x25519-ml-kem-768"),
            Suite::X25519 => {
                say!("explain-x25519-recorded-today-could")
            }
        },
    );
    page.field(
        say!("explain-travels"),
        match circle.network {
            NetworkMode::Tor => {
                say!("network-through-tor-onion-services")
            }
            NetworkMode::RelayOnly => {
                say!("explain-over-relays-alone-members")
            }
            NetworkMode::Direct => {
                say!("explain-over-relays-direct-links")
            }
            NetworkMode::Lan => {
                say!("explain-within-local-network")
            }
            NetworkMode::Offline => {
                say!("explain-nowhere-yet-there-no")
            }
        },
    );
    for relay in &circle.relays {
        page.field_verbatim(say!("circle-relay"), &text::line(relay));
    }
    match circle.declaration.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        Some(words) => {
            page.text(say!("explain-facilitators-would-report-others"));
            page.quoted(&text::body(words), "  ");
        }
        None => page.text(say!("explain-facilitators-not-said-whether")),
    }
    show_sights(page, &circle.sights);
    for words in &circle.retention {
        page.field(say!("circle-kept"), &text::line(&words::known(words)));
    }
}

fn show_sights(page: &mut Page, sights: &[Sight]) {
    for sight in sights {
        page.point("-", &text::line(&words::known(&sight.who)), "");
        if !sight.sees.is_empty() {
            page.point(say!("explain-sees"), &listed(&sight.sees), "    ");
        }
        if !sight.does_not_see.is_empty() {
            page.point(say!("explain-does-not-see"), &listed(&sight.does_not_see), "    ");
        }
    }
}

fn listed(words: &[String]) -> String {
    words.iter().map(|word| text::line(&words::known(word))).collect::<Vec<_>>().join("; ")
}

pub(super) async fn run(context: Context<'_>) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    context.out.tell(&client.explain().await?)
}
