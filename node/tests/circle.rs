//! A circle of real nodes around a real relay, driven over their local APIs.
// Helpers of tests fail as tests do.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use windbreak_node::api::message::{
    Ask, InviteTerms, Item, JoinStage, Knock, LinkChange, NewCircle, NewItem, Reason, Scope,
    Standing, Suite,
};
use windbreak_node::api::{Client, ClientError};
use windbreak_node::profile::{KdfCost, Profile, ProfileConfig};
use windbreak_node::relay::{RelayConfig, RelayHandle, run_relay};
use windbreak_node::{Handle, Node, NodeConfig, system_clock};
use windbreak_protocol::id::{CircleId, InviteId};
use windbreak_protocol::secret::SecretBytes;

/// What the founder declares.
const DECLARED: &str = "I have nothing to report.";

/// Longest wait for anything here.
const PATIENCE: Duration = Duration::from_secs(60);

struct Person {
    folder: PathBuf,
    node: Option<(Handle, Client)>,
}

impl Person {
    async fn new(root: &tempfile::TempDir, name: &str) -> Self {
        let folder = root.path().join(name);
        let mut profile = Profile::create(&folder, &passphrase(), KdfCost::TEST).unwrap();
        profile
            .write_config(ProfileConfig { timing_factor: 0.05, ..ProfileConfig::default() })
            .unwrap();
        let mut person = Self { folder, node: None };
        person.run(profile).await;
        person
    }

    async fn run(&mut self, profile: Profile) {
        let socket = profile.socket_path().unwrap();
        let config = NodeConfig::from_profile(profile.config());
        self.node = Some((Node::start(profile, config).await.unwrap(), Client::new(socket)));
    }

    async fn come_back(&mut self) {
        let profile = Profile::open(&self.folder, &passphrase()).unwrap();
        self.run(profile).await;
    }

    async fn go(&mut self) {
        let (handle, _) = self.node.take().unwrap();
        handle.stop();
        handle.stopped().await;
    }

    fn client(&self) -> &Client {
        &self.node.as_ref().unwrap().1
    }

    async fn share(&self, circle: &CircleId, text: &str) {
        let share = NewItem::Share {
            file: None,
            ask: Ask::JustListening,
            content_note: None,
            title: None,
            text: text.into(),
            scope: Scope::HereNow,
            send_anyway: false,
            declaration_heard: Some(DECLARED.to_owned()),
            even_if_later: false,
        };
        self.client().write(circle, &share).await.unwrap();
    }

    async fn items(&self, circle: &CircleId) -> Vec<Item> {
        let mut items = Vec::new();
        loop {
            let after = items.last().map(|item: &Item| item.id);
            let page = self.client().items(circle, after.as_ref(), Some(500)).await.unwrap();
            items.extend(page.items);
            if !page.more {
                return items;
            }
        }
    }

    async fn reads(&self, circle: &CircleId, text: &str) {
        let what = format!("reading {text:?}");
        wait_for(&what, async || self.items(circle).await.iter().any(|item| item.text == text))
            .await;
    }

    async fn members(&self, circle: &CircleId, count: usize) {
        wait_for("members", async || {
            self.client().circle(circle).await.is_ok_and(|circle| circle.members == count)
        })
        .await;
    }

    /// Looks for the card and knocks.
    async fn knock(&self, code: &str, name: &str) -> InviteId {
        let started = self.client().start_join(code).await.unwrap();
        let invite = InviteId::from_text(&started.id).unwrap();
        wait_for("the card", async || {
            self.client().join(&invite).await.unwrap().stage != JoinStage::LookingForCard
        })
        .await;
        let card = self.client().join(&invite).await.unwrap().card.unwrap();
        assert_eq!(card.agreement, "We listen.");
        let knock = Knock {
            adult: true,
            send_anyway: false,
            name: name.into(),
            note: "hello".into(),
            agreement: card.agreement_hash,
            patience_seconds: 3600,
        };
        self.client().knock(&invite, &knock).await.unwrap();
        invite
    }

    async fn is_in(&self, invite: &InviteId) -> CircleId {
        let mut circle = None;
        wait_for("being let in", async || {
            if let JoinStage::Joined { circle: id } =
                self.client().join(invite).await.unwrap().stage
            {
                circle = Some(id);
            }
            circle.is_some()
        })
        .await;
        circle.unwrap()
    }
}

fn passphrase() -> SecretBytes {
    SecretBytes::new(b"a row of trees".to_vec())
}

async fn wait_for(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !is_so().await {
        assert!(start.elapsed() < PATIENCE, "{what} took too long");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn relay(root: &tempfile::TempDir) -> RelayHandle {
    let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned()];
    let mut config = RelayConfig::new(root.path().join("relay"), listen, system_clock());
    config.timings = windbreak_node::swarm::Timings::fast();
    config.limits.free_bytes = 0;
    run_relay(config).await.unwrap()
}

fn new_circle(relays: Vec<String>) -> NewCircle {
    NewCircle {
        title: "Evening circle".into(),
        name: "Alder".into(),
        suite: Suite::X25519,
        relays: Some(relays),
        mode: None,
        same_relay: false,
        grant: None,
        welcome: String::new(),
        agreement: "We listen.".into(),
        declaration: Some(DECLARED.into()),
        adult: true,
        send_anyway: false,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_join_share_come_back_and_are_removed() {
    let root = tempfile::tempdir().unwrap();
    let relay = relay(&root).await;
    let mut alder = Person::new(&root, "alder").await;
    let mut birch = Person::new(&root, "birch").await;
    let cedar = Person::new(&root, "cedar").await;
    let made = alder.client().create_circle(&new_circle(relay.addresses())).await.unwrap();
    let circle = made.id;

    // One by an invite of one use, while the inviter is there.
    let invite = alder.client().open_invite(&circle, &InviteTerms::default()).await.unwrap();
    let code = invite.code.unwrap();
    let by = birch.knock(&code, "Birch").await;
    assert_eq!(birch.is_in(&by).await, circle);
    alder.members(&circle, 2).await;

    // One through the lobby.
    let terms = InviteTerms { review: true, ..InviteTerms::default() };
    let invite = alder.client().open_invite(&circle, &terms).await.unwrap();
    let by = cedar.knock(&invite.code.unwrap(), "Cedar").await;
    wait_for("the knock", async || !alder.client().lobby(&circle).await.unwrap().knocks.is_empty())
        .await;
    let knock = alder.client().lobby(&circle).await.unwrap().knocks.remove(0);
    assert_eq!((knock.name.as_str(), knock.note.as_str(), knock.review), ("Cedar", "hello", true));
    assert!(cedar.client().circles().await.unwrap().circles.is_empty());
    alder.client().admit(&circle, &knock.id).await.unwrap();
    assert_eq!(cedar.is_in(&by).await, circle);
    for person in [&alder, &birch, &cedar] {
        person.members(&circle, 3).await;
    }

    alder.share(&circle, "what all three read").await;
    birch.reads(&circle, "what all three read").await;
    cedar.reads(&circle, "what all three read").await;

    // One is away; what was shared meanwhile comes from the relay, its author gone.
    birch.go().await;
    for number in 0..20 {
        alder.share(&circle, &format!("while you were away {number}")).await;
    }
    wait_for("the relay", async || alder.client().circle(&circle).await.unwrap().outbox == 0).await;
    alder.go().await;
    birch.come_back().await;
    birch.reads(&circle, "while you were away 19").await;
    let away: Vec<_> = birch.items(&circle).await;
    let texts: Vec<_> = away.iter().filter(|item| item.text.starts_with("while")).collect();
    assert_eq!(texts.len(), 20);
    assert!(texts.is_sorted_by_key(|item| item.text[20..].parse::<u32>().unwrap()));

    // One is removed, and reads nothing of what follows.
    alder.come_back().await;
    let members = alder.client().members(&circle).await.unwrap().members;
    let cedars = members.iter().find(|member| member.name == "Cedar").unwrap().id;
    alder
        .client()
        .remove_member(
            &circle,
            &cedars,
            &Reason { reason: "As agreed.".into(), ..Reason::default() },
        )
        .await
        .unwrap();
    birch.members(&circle, 2).await;
    wait_for("the removal", async || {
        cedar.client().circle(&circle).await.unwrap().standing == Standing::Removed
    })
    .await;
    alder.share(&circle, "without cedar").await;
    birch.reads(&circle, "without cedar").await;
    assert!(cedar.items(&circle).await.iter().all(|item| item.text != "without cedar"));
    let share = NewItem::Reply {
        file: None,
        to: away[0].id,
        text: "x".into(),
        advice: false,
        send_anyway: false,
        even_if_held_back: false,
        scope: Scope::HereNow,
        declaration_heard: Some(DECLARED.to_owned()),
    };
    match cedar.client().write(&circle, &share).await {
        Err(ClientError::Refused(why)) => assert_eq!(why.code, "circle_closed"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_with_a_direct_link_need_no_relay_any_more() {
    let root = tempfile::tempdir().unwrap();
    let relay = relay(&root).await;
    let alder = Person::new(&root, "alder").await;
    let birch = Person::new(&root, "birch").await;
    let made = alder.client().create_circle(&new_circle(relay.addresses())).await.unwrap();
    let circle = made.id;
    let invite = alder.client().open_invite(&circle, &InviteTerms::default()).await.unwrap();
    let by = birch.knock(&invite.code.unwrap(), "Birch").await;
    birch.is_in(&by).await;
    alder.members(&circle, 2).await;

    let listen = LinkChange { listen: vec!["/ip4/127.0.0.1/tcp/0".into()], dial: vec![] };
    alder.client().add_links(&circle, &listen).await.unwrap();
    wait_for("listening", async || {
        !alder.client().links(&circle).await.unwrap().listening.is_empty()
    })
    .await;
    let dial = alder.client().links(&circle).await.unwrap().listening;
    birch.client().add_links(&circle, &LinkChange { listen: vec![], dial }).await.unwrap();
    wait_for("the link", async || birch.client().links(&circle).await.unwrap().connected == 1)
        .await;

    relay.shutdown().await;
    alder.share(&circle, "from me to you").await;
    birch.reads(&circle, "from me to you").await;
    birch.share(&circle, "and back").await;
    alder.reads(&circle, "and back").await;
    wait_for("being held", async || {
        alder
            .items(&circle)
            .await
            .iter()
            .all(|item| item.delivery != Some(windbreak_node::api::message::Delivery::Queued))
    })
    .await;
}
