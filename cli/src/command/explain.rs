//! `explain`: the privacy receipt. Who can see what, from the live settings, and what is not
//! promised.

use windbreak_node::api::message::{CircleFacts, Explanation, NetworkMode, Sight, Standing, Suite};

use super::Context;
use crate::error::Failure;
use crate::output::{Page, Report};
use crate::{session, text};

impl Report for Explanation {
    fn page(&self, page: &mut Page) {
        page.text("Who can see what, as this device is set now.");
        for circle in &self.circles {
            page.gap();
            show_circle(page, circle);
        }
        if self.circles.is_empty() {
            page.gap();
            page.text("You are in no circle yet, so there is nothing to see for anybody else.");
        }
        for relay in &self.shared_relays {
            page.gap();
            page.text(&format!(
                "One relay serves {} of your circles: whoever runs it can tell by address and time that they belong to one device. ({})",
                relay.circles.len(),
                text::line(&relay.address)
            ));
        }
        page.gap();
        page.heading("This device");
        show_sights(page, &self.device);
        page.gap();
        page.heading("What is not promised");
        for limit in &self.limits {
            page.point("-", &text::line(limit), "");
        }
    }
}

fn show_circle(page: &mut Page, circle: &CircleFacts) {
    page.heading(&text::line(&circle.title));
    let people = match (circle.members, circle.facilitators) {
        (0 | 1, _) => "you alone".to_owned(),
        (members, 1) => format!("{members} members read it; one of them holds it"),
        (members, facilitators) => {
            format!("{members} members read it; {facilitators} of them hold it")
        }
    };
    page.field("People", &people);
    match circle.standing {
        Standing::Active => {}
        Standing::Leaving => page.field("You", "are leaving"),
        Standing::Left => page.field("You", "have left"),
        Standing::Removed => page.field("You", "were removed"),
        Standing::DeviceTakenOut => {
            page.field("You", "took this device out from another of yours");
        }
        Standing::Replaced => page.field("You", "are here from a copy of this device now"),
    }
    page.field(
        "Sealed with",
        match circle.suite {
            Suite::Xwing => "X25519 and ML-KEM-768 together: what is recorded today stays closed",
            Suite::X25519 => {
                "X25519: what is recorded today could be opened by a large quantum computer one day"
            }
        },
    );
    page.field(
        "Travels",
        match circle.network {
            NetworkMode::Tor => {
                "through Tor to onion services alone: nobody learns this device's address"
            }
            NetworkMode::RelayOnly => {
                "over relays alone: members never learn each other's addresses"
            }
            NetworkMode::Direct => {
                "over relays and direct links: whoever is linked with this device sees its address"
            }
            NetworkMode::Lan => {
                "within the local network alone: whoever is there sees that this device runs Windbreak"
            }
            NetworkMode::Offline => {
                "nowhere yet: there is no relay and no link that its mode allows"
            }
        },
    );
    for relay in &circle.relays {
        page.field_verbatim("Relay", &text::line(relay));
    }
    match circle.declaration.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        Some(words) => {
            page.text("What its facilitators would have to report to others:");
            page.quoted(&text::body(words), "  ");
        }
        None => page.text("Its facilitators have not said whether they have a duty to report."),
    }
    show_sights(page, &circle.sights);
    for words in &circle.retention {
        page.field("Kept", &text::line(words));
    }
}

fn show_sights(page: &mut Page, sights: &[Sight]) {
    for sight in sights {
        page.point("-", &text::line(&sight.who), "");
        if !sight.sees.is_empty() {
            page.point("sees:", &listed(&sight.sees), "    ");
        }
        if !sight.does_not_see.is_empty() {
            page.point("does not see:", &listed(&sight.does_not_see), "    ");
        }
    }
}

fn listed(words: &[String]) -> String {
    words.iter().map(|word| text::line(word)).collect::<Vec<_>>().join("; ")
}

pub(super) async fn run(context: Context<'_>) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    context.out.tell(&client.explain().await?)
}
