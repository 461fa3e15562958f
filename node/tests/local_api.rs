//! The local API of a real node: over its socket, on a real profile, with good requests and bad.
// Helpers of tests fail as tests do.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use windbreak_node::api::message::{
    Ask, Delivery, Event, InviteState, InviteTerms, ItemKind, JoinStage, Knock, Language,
    LinkChange, Mode, NetworkMode, NetworkTrouble, NewAgreement, NewCircle, NewConsent,
    NewDeclaration, NewEdit, NewItem, NewPlanPart, NewProposal, NewReport, NewRole, NewStewardAct,
    Outcome, Page, ProposalKind, Reason, Retention, Role, Scope, SuggestedPart, Suite, WarmWord,
};
use windbreak_node::api::{Client, ClientError};
use windbreak_node::profile::{KdfCost, Profile, socket_path};
use windbreak_node::{Handle, Node, NodeConfig, agreement};
use windbreak_protocol::id::{CircleId, InviteId, ItemId, KnockId, MemberId, ReportId};
use windbreak_protocol::secret::SecretBytes;

#[path = "local_api/pictures.rs"]
mod pictures;

/// What the founder declares.
const DECLARED: &str = "I have nothing to report.";

struct Place {
    folder: tempfile::TempDir,
    handle: Handle,
    client: Client,
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile");
        let profile = Profile::create(&path, &passphrase(), KdfCost::TEST).unwrap();
        let (handle, client) = start(profile).await;
        Self { folder, handle, client }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("profile")
    }

    async fn stop(&self) {
        self.handle.stop();
        self.handle.stopped().await;
    }

    async fn restart(&mut self) {
        self.stop().await;
        let profile = Profile::open(&self.path(), &passphrase()).unwrap();
        (self.handle, self.client) = start(profile).await;
    }
}

fn passphrase() -> SecretBytes {
    SecretBytes::new(b"a row of trees".to_vec())
}

async fn start(profile: Profile) -> (Handle, Client) {
    let config = NodeConfig::from_profile(profile.config());
    let socket = profile.socket_path().unwrap();
    (Node::start(profile, config).await.unwrap(), Client::new(socket))
}

fn new_circle() -> NewCircle {
    NewCircle {
        title: "Evening circle".into(),
        name: "Alder".into(),
        suite: Suite::X25519,
        relays: None,
        mode: None,
        same_relay: false,
        grant: None,
        welcome: "Come in.".into(),
        agreement: "We listen.".into(),
        declaration: Some(DECLARED.into()),
        adult: true,
        send_anyway: false,
    }
}

fn share(text: &str) -> NewItem {
    NewItem::Share {
        file: None,
        ask: Ask::IdeasWelcome,
        content_note: Some("sleep".into()),
        title: None,
        text: text.into(),
        scope: Scope::AlsoLater,
        send_anyway: false,
        declaration_heard: Some(DECLARED.to_owned()),
        even_if_later: false,
    }
}

fn code<T: std::fmt::Debug>(outcome: Result<T, ClientError>) -> String {
    match outcome {
        Err(ClientError::Refused(why)) => why.code,
        other => panic!("not refused: {other:?}"),
    }
}

/// One request as bytes; the status and the body of the answer.
async fn raw(socket: &Path, request: &[u8]) -> (u16, String) {
    let mut stream = UnixStream::connect(socket).await.unwrap();
    // The answer may come before all is sent: a body that is too long is not read to its end.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let body = answer.split_once("\r\n\r\n").map_or(String::new(), |(_, body)| body.to_owned());
    (status, body)
}

fn request(method: &str, path: &str, kind: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: {kind}\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_shared_is_read_and_outlives_a_restart() {
    let mut place = Place::new().await;
    let circle = place.client.create_circle(&new_circle()).await.unwrap();
    assert_eq!((circle.members, circle.my_name.as_str()), (1, "Alder"));
    let text = "Grüße, 你好, שלום 🌳 ".repeat(400);
    let written = place.client.write(&circle.id, &share(&text)).await.unwrap();
    assert_eq!(written.delivery, Delivery::Queued);
    let reply = NewItem::Reply {
        file: None,
        to: written.id,
        text: "and more".into(),
        advice: false,
        send_anyway: false,
        even_if_held_back: false,
        scope: Scope::HereNow,
        declaration_heard: Some(DECLARED.to_owned()),
    };
    let reply = place.client.write(&circle.id, &reply).await.unwrap();

    place.restart().await;
    let page = place.client.items(&circle.id, None, Some(1)).await.unwrap();
    assert!(page.more && page.gaps.is_empty());
    assert_eq!((&page.items[0].text, page.items[0].kind), (&text, ItemKind::Share));
    assert_eq!(page.items[0].ask, Some(Ask::IdeasWelcome));
    assert_eq!(page.items[0].scope, Some(Scope::AlsoLater));
    assert_eq!(page.before, 0);
    let newest = place.client.newest(&circle.id, 1).await.unwrap();
    assert_eq!((newest.items.len(), newest.before, newest.more), (1, 1, false));
    let all = place.client.newest(&circle.id, 100).await.unwrap();
    assert_eq!((all.items.len(), all.before), (2, 0));
    assert_eq!(all.items[1], newest.items[0]);
    let rest = place.client.items(&circle.id, Some(&written.id), None).await.unwrap();
    assert_eq!((rest.items.len(), rest.more), (1, false));
    let answer = place.client.item(&circle.id, &reply.id).await.unwrap();
    assert_eq!(answer, rest.items[0]);
    assert_eq!((answer.to, answer.thread, answer.depth), (Some(written.id), written.id, 1));
    let status = place.client.status().await.unwrap();
    assert_eq!((status.circles, status.version.as_str()), (1, env!("CARGO_PKG_VERSION")));
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_is_begun_with_what_is_suggested_in_the_language_of_its_owner() {
    let place = Place::new().await;
    for language in [Language::En, Language::De, Language::Es] {
        let told = place.client.suggested_parts(language).await.unwrap();
        assert_eq!((told.language, told.suggestions.len()), (language, 7));
        // It is only suggested, until its owner takes it as it is told.
        assert!(place.client.plan().await.unwrap().parts.is_empty());
        for SuggestedPart { title, .. } in &told.suggestions {
            let new = NewPlanPart { title: title.clone(), text: String::new() };
            place.client.add_plan_part(&new).await.unwrap();
        }
        let parts = place.client.plan().await.unwrap().parts;
        let titles = told.suggestions.iter().map(|part| part.title.as_str());
        assert!(parts.iter().map(|part| part.title.as_str()).eq(titles));
        place.client.delete_plan().await.unwrap();
    }
    let socket = place.client.socket();
    let ask = request("GET", "/v1/plan/suggestions", "text/plain", "");
    let (status, said) = raw(socket, &ask).await;
    assert!(status == 200 && said.contains("\"language\":\"en\""), "{said}");
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_circle_is_made_with_the_usual_agreement_in_the_language_of_its_maker() {
    let place = Place::new().await;
    let mut texts = BTreeSet::new();
    for language in [Language::En, Language::De, Language::Es] {
        let usual = place.client.usual_agreement(language).await.unwrap();
        assert_eq!((usual.language, usual.text.as_str()), (language, agreement::usual(language)));
        let new = NewCircle { agreement: usual.text.clone(), ..new_circle() };
        let circle = place.client.create_circle(&new).await.unwrap().id;
        assert_eq!(place.client.agreement(&circle).await.unwrap().text, usual.text);
        texts.insert(usual.text);
    }
    assert_eq!(texts.len(), 3);
    let socket = place.client.socket();
    let (status, said) = raw(socket, &request("GET", "/v1/agreement", "text/plain", "")).await;
    assert!(status == 200 && said.contains("\"language\":\"en\""), "{said}");
    let asked = request("GET", "/v1/agreement?language=fr", "text/plain", "");
    let (status, said) = raw(socket, &asked).await;
    assert!(status == 400 && said.contains("bad_query"), "{said}");
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_is_edited_answered_pinned_and_taken_back_and_a_restart_changes_nothing() {
    let mut place = Place::new().await;
    let circle = place.client.create_circle(&new_circle()).await.unwrap().id;
    let first = place.client.write(&circle, &share("A hard week.")).await.unwrap().id;
    let second = place.client.write(&circle, &share("Another one.")).await.unwrap().id;
    let edit = NewEdit {
        content_note: Some("sleep".into()),
        title: Some("Nights".into()),
        text: "A better week.".into(),
        send_anyway: false,
        declaration_heard: None,
    };
    place.client.edit(&circle, &first, &edit).await.unwrap();
    place.client.react(&circle, &first, Some(WarmWord::Glad)).await.unwrap();
    place.client.pin(&circle, &first, true).await.unwrap();
    place.client.withdraw(&circle, &second).await.unwrap();
    for _ in 0..2 {
        let page = place.client.items(&circle, None, None).await.unwrap();
        let [one, other] = page.items.as_slice() else { panic!("{page:?}") };
        assert_eq!((one.text.as_str(), one.title.as_deref()), ("A better week.", Some("Nights")));
        assert!(one.edited.is_some() && one.pinned && !one.withdrawn);
        assert_eq!(one.reactions[0].word, WarmWord::Glad);
        assert_eq!(one.reactions[0].name.as_deref(), Some("Alder"));
        assert!(other.withdrawn && other.text.is_empty() && other.content_note.is_none());
        assert_eq!(other.delivery, None);
        let pinned = place.client.pinned(&circle).await.unwrap();
        assert_eq!((pinned.items.len(), pinned.items[0].id), (1, first));
        let versions = place.client.versions(&circle, &first).await.unwrap().versions;
        let texts: Vec<_> = versions.iter().map(|version| version.text.as_str()).collect();
        assert_eq!(texts, ["A hard week.", "A better week."]);
        assert!(place.client.versions(&circle, &second).await.unwrap().versions.is_empty());
        place.restart().await;
    }
    place.client.react(&circle, &first, None).await.unwrap();
    place.client.pin(&circle, &first, false).await.unwrap();
    let one = place.client.item(&circle, &first).await.unwrap();
    assert!(one.reactions.is_empty() && !one.pinned);
    assert_eq!(code(place.client.edit(&circle, &second, &edit).await), "withdrawn");
    let newer = place.client.react(&circle, &first, Some(WarmWord::Newer)).await;
    assert_eq!(code(newer), "unknown_word");
    let act = place.client.pin(&circle, &first, true).await.unwrap().id;
    assert_eq!(place.client.item(&circle, &act).await.unwrap().kind, ItemKind::Pin);
    assert_eq!(code(place.client.withdraw(&circle, &act).await), "not_words");
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_could_tell_who_somebody_is_waits_for_a_yes() {
    let place = Place::new().await;
    let circle = place.client.create_circle(&new_circle()).await.unwrap().id;
    let with = |send_anyway: bool| NewItem::Share {
        file: None,
        ask: Ask::JustListening,
        content_note: None,
        title: Some("Call 0171 2345678".into()),
        text: "I work at Harrow Bakery.".into(),
        scope: Scope::HereNow,
        send_anyway,
        declaration_heard: Some(DECLARED.to_owned()),
        even_if_later: false,
    };
    let refused = match place.client.write(&circle, &with(false)).await {
        Err(ClientError::Refused(why)) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused.code, "could_identify");
    assert!(refused.message.contains("a telephone number and where somebody works"));
    assert!(!refused.message.contains("0171") && !refused.message.contains("Harrow"));
    assert!(place.client.items(&circle, None, None).await.unwrap().items.is_empty());
    place.client.write(&circle, &with(true)).await.unwrap();
    assert_eq!(place.client.items(&circle, None, None).await.unwrap().items.len(), 1);
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_is_read_by_itself() {
    let place = Place::new().await;
    let circle = place.client.create_circle(&new_circle()).await.unwrap().id;
    let first = place.client.write(&circle, &share("One.")).await.unwrap().id;
    place.client.write(&circle, &share("Another.")).await.unwrap();
    let reply = |to| NewItem::Reply {
        file: None,
        to,
        text: "With you.".into(),
        advice: false,
        send_anyway: false,
        even_if_held_back: false,
        scope: Scope::HereNow,
        declaration_heard: Some(DECLARED.to_owned()),
    };
    let answer = place.client.write(&circle, &reply(first)).await.unwrap().id;
    let deeper = place.client.write(&circle, &reply(answer)).await.unwrap().id;
    let ids = |page: Page| page.items.iter().map(|item| item.id).collect::<Vec<_>>();
    let whole = place.client.thread(&circle, &first, None).await.unwrap();
    assert_eq!(ids(whole), [first, answer, deeper]);
    let part = place.client.thread(&circle, &answer, None).await.unwrap();
    assert_eq!(ids(part), [answer, deeper]);
    let nothing = ItemId::from_bytes([9; 32]);
    assert_eq!(code(place.client.thread(&circle, &nothing, None).await), "unknown_item");
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invite_is_opened_shown_and_taken_back() {
    let place = Place::new().await;
    let circle = place.client.create_circle(&new_circle()).await.unwrap().id;
    let opened = place.client.open_invite(&circle, &InviteTerms::default()).await.unwrap();
    let text = opened.code.clone().unwrap();
    assert!(text.starts_with("windbreak:"), "{opened:?}");
    assert_eq!(place.client.invite(&circle, &opened.id).await.unwrap().code, opened.code);
    let listed = place.client.invites(&circle).await.unwrap().invites;
    assert_eq!((listed.len(), &listed[0].code), (1, &None));

    assert_eq!(code(place.client.start_join(&text).await), "already_member");
    let visitor = Place::new().await;
    let join = visitor.client.start_join(&text).await.unwrap();
    assert_eq!(join.id, opened.id.to_text());
    let joins = visitor.client.joins().await.unwrap().joins;
    assert_eq!(joins[0].stage, JoinStage::LookingForCard);
    let knock = Knock {
        adult: true,
        send_anyway: false,
        name: "Birch".into(),
        note: String::new(),
        agreement: "0".repeat(64),
        patience_seconds: 60,
    };
    assert_eq!(code(visitor.client.knock(&opened.id, &knock).await), "no_card");
    visitor.client.cancel_join(&opened.id).await.unwrap();
    assert_eq!(code(visitor.client.join(&opened.id).await), "unknown_join");
    visitor.stop().await;

    place.client.revoke_invite(&circle, &opened.id).await.unwrap();
    let after = place.client.invites(&circle).await.unwrap().invites;
    assert!(after.iter().all(|invite| invite.state != InviteState::Open), "{after:?}");
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_are_told_and_end_with_the_node() {
    let place = Place::new().await;
    let circle = place.client.create_circle(&new_circle()).await.unwrap().id;
    let other = place.client.create_circle(&new_circle()).await.unwrap().id;
    let mut all = place.client.events(None).await.unwrap();
    let mut one = place.client.events(Some(&circle)).await.unwrap();
    let there = place.client.write(&other, &share("there")).await.unwrap().id;
    let here = place.client.write(&circle, &share("here")).await.unwrap().id;

    let mut heard = Vec::new();
    while heard.len() < 2 {
        if let Event::ItemArrived(news) = all.next().await.unwrap().unwrap() {
            assert!(news.own);
            heard.push(news.item);
        }
    }
    assert_eq!(heard, [there, here]);
    loop {
        let event = one.next().await.unwrap().unwrap();
        assert_eq!(event.circle(), Some(&circle), "{event:?}");
        if let Event::ItemArrived(news) = event {
            assert_eq!(news.item, here);
            break;
        }
    }
    assert_eq!(
        code(place.client.events(Some(&CircleId::from_bytes([9; 32]))).await),
        "unknown_circle"
    );

    place.client.shutdown().await.unwrap();
    while let Some(event) = one.next().await {
        if event.unwrap() == Event::Stopping {
            break;
        }
    }
    assert!(one.next().await.is_none());
    place.handle.stopped().await;
    assert!(matches!(place.client.status().await, Err(ClientError::NotRunning)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_socket_is_private_and_gone_after_the_end() {
    let place = Place::new().await;
    let socket = socket_path(&place.path()).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&socket), 0o600);
    assert_eq!(mode(socket.parent().unwrap()), 0o700);
    assert!(Profile::open(&place.path(), &passphrase()).is_err(), "the profile is locked");
    place.stop().await;
    assert!(!socket.exists());

    // One that was left behind is in nobody's way.
    let left = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    drop(left);
    let profile = Profile::open(&place.path(), &passphrase()).unwrap();
    let (handle, client) = start(profile).await;
    client.status().await.unwrap();
    handle.stop();
    handle.stopped().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_are_kept_and_explained() {
    let mut place = Place::new().await;
    let circle = place.client.create_circle(&new_circle()).await.unwrap().id;
    let before = place.client.explain().await.unwrap();
    assert_eq!(before.circles[0].network, NetworkMode::Offline);
    let change = LinkChange { listen: vec!["/ip4/127.0.0.1/tcp/0".into()], dial: vec![] };
    place.client.add_links(&circle, &change).await.unwrap();

    place.restart().await;
    let explained = place.client.explain().await.unwrap();
    assert_eq!(explained.circles[0].network, NetworkMode::Direct);
    let mut links = place.client.links(&circle).await.unwrap();
    assert_eq!(links.listen, change.listen);
    for _ in 0..100 {
        if !links.listening.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        links = place.client.links(&circle).await.unwrap();
    }
    assert!(links.listening[0].starts_with("/ip4/127.0.0.1/tcp/"), "{links:?}");
    let links = place.client.remove_links(&circle, &change).await.unwrap();
    assert!(links.listen.is_empty());
    let after = place.client.explain().await.unwrap();
    assert_eq!(after.circles[0].network, NetworkMode::Offline);
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_words_wait_until_a_new_declaration_was_shown() {
    let place = Place::new().await;
    let client = &place.client;
    let circle = client.create_circle(&new_circle()).await.unwrap().id;
    let id = client.write(&circle, &share("One.")).await.unwrap().id;
    let declaration = "I report danger to children.".to_owned();
    let new = NewDeclaration { declaration: declaration.clone(), send_anyway: false };
    client.declare(&circle, &new).await.unwrap();
    let said = format!("Alder: {declaration}");
    let edit = |declaration_heard: Option<&str>| NewEdit {
        content_note: None,
        title: None,
        text: "Two.".into(),
        send_anyway: false,
        declaration_heard: declaration_heard.map(str::to_owned),
    };
    for unheard in [None, Some(DECLARED)] {
        let refused = client.edit(&circle, &id, &edit(unheard)).await;
        assert_eq!(code(refused), "declaration_unheard");
    }
    assert_eq!(client.circle(&circle).await.unwrap().declaration.as_deref(), Some(said.as_str()));
    client.edit(&circle, &id, &edit(Some(&said))).await.unwrap();
    // Once shown it is not asked for again.
    client.edit(&circle, &id, &edit(None)).await.unwrap();
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_others_read_is_looked_at_for_what_could_tell_who_somebody_is() {
    const TELLS: &str = "Call me: 0171 2345678.";
    let place = Place::new().await;
    let client = &place.client;
    for new in [
        NewCircle { title: TELLS.into(), ..new_circle() },
        NewCircle { welcome: TELLS.into(), ..new_circle() },
        NewCircle { agreement: TELLS.into(), ..new_circle() },
        NewCircle { declaration: Some(TELLS.into()), ..new_circle() },
        NewCircle { name: "@alder_lake".into(), ..new_circle() },
    ] {
        assert_eq!(code(client.create_circle(&new).await), "could_identify", "{new:?}");
    }
    let new = NewCircle { welcome: TELLS.into(), send_anyway: true, ..new_circle() };
    let circle = client.create_circle(&new).await.unwrap();
    let (id, me) = (circle.id, circle.me);
    let item = client.write(&id, &share("One.")).await.unwrap().id;
    let reason = || TELLS.to_owned();
    for send_anyway in [false, true] {
        let tells = |code: String| assert_eq!(code == "could_identify", !send_anyway, "{code}");
        let act = NewStewardAct::Hide { item, reason: reason(), send_anyway };
        tells(told(client.steward_act(&id, &act).await));
        let why = Reason { reason: reason(), send_anyway };
        tells(told(client.remove_member(&id, &me, &why).await));
        let new = NewRole { role: Role::Listener, reason: reason(), send_anyway };
        tells(told(client.set_role(&id, &me, &new).await));
        let keep = Retention { days: Some(30), reason: reason(), send_anyway };
        tells(told(client.set_retention(&id, &keep).await));
        let new = NewAgreement { text: reason(), send_anyway };
        tells(told(client.propose_agreement(&id, &new).await));
        let new = NewDeclaration { declaration: reason(), send_anyway };
        tells(told(client.declare(&id, &new).await));
        let new = NewReport { item, reason: reason(), send_anyway };
        tells(told(client.report(&id, &new).await));
        // What is said to become a facilitator all members read, like the reason of a proposal.
        for kind in [ProposalKind::Succeed, ProposalKind::Remove] {
            let (reason, declaration) = (reason(), None);
            let new = NewProposal { kind, member: me, reason, declaration, send_anyway };
            tells(told(client.propose(&id, &new).await));
        }
        let (kind, declaration) = (ProposalKind::Succeed, Some(reason()));
        let reason = String::new();
        let new = NewProposal { kind, member: me, reason, declaration, send_anyway };
        tells(told(client.propose(&id, &new).await));
        let new = NewConsent { declaration: Some(TELLS.into()), send_anyway };
        tells(told(client.consent(&id, &item, &new).await));
        let why = Reason { reason: TELLS.into(), send_anyway };
        tells(told(client.decline(&id, &KnockId::from_bytes([4; 32]), &why).await));
        tells(told(client.appeal(&id, &ReportId::from_bytes([5; 32]), &why).await));
        let outcome = Outcome { outcome: TELLS.into(), send_anyway };
        tells(told(client.close_report(&id, &ReportId::from_bytes([5; 32]), &outcome).await));
        for (note, title, text) in [(TELLS, "", "One."), ("", TELLS, "One."), ("", "", TELLS)] {
            let some = |words: &str| (!words.is_empty()).then(|| words.to_owned());
            let (content_note, title, text) = (some(note), some(title), text.to_owned());
            let declaration_heard = None;
            let new = NewEdit { content_note, title, text, send_anyway, declaration_heard };
            tells(told(client.edit(&id, &item, &new).await));
        }
        for advice in [false, true] {
            let new = NewItem::Reply {
                file: None,
                to: item,
                text: TELLS.into(),
                advice,
                send_anyway,
                even_if_held_back: true,
                scope: Scope::HereNow,
                declaration_heard: None,
            };
            tells(told(client.write(&id, &new).await));
        }
        for (name, note) in [("Rowan", TELLS), ("@alder_lake", "")] {
            let knock = Knock {
                name: name.into(),
                note: note.into(),
                agreement: "00".repeat(32),
                adult: true,
                patience_seconds: 60,
                send_anyway,
            };
            tells(told(client.knock(&InviteId::from_bytes([3; 32]), &knock).await));
        }
    }
    place.stop().await;
}

/// The code of a refusal; nothing if it was done.
fn told<T: std::fmt::Debug>(answer: Result<T, ClientError>) -> String {
    match answer {
        Err(ClientError::Refused(why)) => why.code,
        Err(error) => panic!("{error}"),
        Ok(_) => String::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_engine_refuses_is_told_with_its_reason() {
    let place = Place::new().await;
    let client = &place.client;
    let circle = client.create_circle(&new_circle()).await.unwrap();
    let id = circle.id;
    let nobody = MemberId::from_bytes([3; 32]);
    let nothing = ItemId::from_bytes([3; 32]);

    assert_eq!(code(client.circle(&CircleId::from_bytes([1; 32])).await), "unknown_circle");
    assert_eq!(code(client.item(&id, &nothing).await), "unknown_item");
    assert_eq!(code(client.items(&id, Some(&nothing), None).await), "unknown_item");
    assert_eq!(code(client.items(&id, None, Some(501)).await), "bad_limit");
    assert_eq!(code(client.write(&id, &share(" ")).await), "empty");
    assert_eq!(code(client.write(&id, &share(&"x".repeat(256 * 1024 + 1))).await), "too_long_text");
    let reply = NewItem::Reply {
        file: None,
        to: nothing,
        text: "x".into(),
        advice: false,
        send_anyway: false,
        even_if_held_back: false,
        scope: Scope::HereNow,
        declaration_heard: Some(DECLARED.to_owned()),
    };
    assert_eq!(code(client.write(&id, &reply).await), "unknown_item");
    let reason = Reason::default();
    assert_eq!(code(client.remove_member(&id, &nobody, &reason).await), "unknown_member");
    assert_eq!(code(client.remove_member(&id, &circle.me, &reason).await), "yourself");
    let terms = InviteTerms { uses: 0, ..InviteTerms::default() };
    assert_eq!(code(client.open_invite(&id, &terms).await), "bad_uses");
    let terms = InviteTerms { expires_in_seconds: u64::MAX, ..InviteTerms::default() };
    assert_eq!(code(client.open_invite(&id, &terms).await), "bad_lifetime");
    let bad = NewCircle { title: "  ".into(), ..new_circle() };
    assert_eq!(code(client.create_circle(&bad).await), "nameless");
    let bad = NewCircle { title: "x".repeat(81), ..new_circle() };
    assert_eq!(code(client.create_circle(&bad).await), "too_long_text");
    let bad = NewCircle { relays: Some(vec!["nowhere".into()]), ..new_circle() };
    assert_eq!(code(client.create_circle(&bad).await), "bad_relay");
    assert_eq!(code(client.start_join("windbreak:aaaa").await), "bad_invite");
    let change = LinkChange { listen: vec![], dial: vec!["example".into()] };
    assert_eq!(code(client.add_links(&id, &change).await), "bad_address");

    assert_eq!(client.circles().await.unwrap().circles.len(), 1);
    assert!(client.items(&id, None, None).await.unwrap().items.is_empty());
    assert!(client.invites(&id).await.unwrap().invites.is_empty());
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_requests_are_refused_with_a_reason_and_change_nothing() {
    let place = Place::new().await;
    let circle = place.client.create_circle(&new_circle()).await.unwrap().id.to_text();
    let socket = place.client.socket();
    let items = format!("/v1/circles/{circle}/items");
    let json = "application/json";
    let long = format!(r#"{{"kind":"share","text":"{}"}}"#, "x".repeat(5 * 1024 * 1024));
    let deep = "[".repeat(10_000);
    let shouting = circle.to_uppercase();
    let cases: &[(&str, &str, &str, &str, u16, &str)] = &[
        ("GET", "/v1/nothing", json, "", 404, "unknown_route"),
        ("GET", "/", json, "", 404, "unknown_route"),
        ("PUT", "/v1/circles", json, "{}", 405, "unknown_method"),
        ("GET", "/v1/circles/zz", json, "", 400, "bad_id"),
        ("GET", &format!("/v1/circles/{}", &circle[..10]), json, "", 400, "bad_id"),
        ("GET", &format!("/v1/circles/{shouting}x"), json, "", 400, "bad_id"),
        ("GET", "/v1/circles/%ff%00", json, "", 400, "bad_id"),
        ("GET", &format!("/v1/circles/{circle}/../../x"), json, "", 404, "unknown_route"),
        ("GET", &format!("{items}?limit=0"), json, "", 400, "bad_limit"),
        ("GET", &format!("{items}?limit=-1"), json, "", 400, "bad_query"),
        ("GET", &format!("{items}?limti=1"), json, "", 400, "bad_query"),
        ("GET", &format!("{items}?after=zz"), json, "", 400, "bad_query"),
        ("GET", "/v1/events?circle=zz", json, "", 400, "bad_query"),
        ("POST", &items, "text/plain", r#"{"kind":"share","text":"x"}"#, 415, "not_json"),
        ("POST", &items, json, "", 400, "bad_body"),
        ("POST", &items, json, "{", 400, "bad_body"),
        ("POST", &items, json, &deep, 400, "bad_body"),
        ("POST", &items, json, "null", 400, "bad_body"),
        ("POST", &items, json, r#"{"kind":"scream","text":"x"}"#, 400, "bad_body"),
        ("POST", &items, json, r#"{"kind":"share"}"#, 400, "bad_body"),
        ("POST", &items, json, r#"{"kind":"share","text":7}"#, 400, "bad_body"),
        ("POST", &items, json, r#"{"kind":"share","text":"x","asc":"x"}"#, 400, "bad_body"),
        ("POST", &items, json, r#"{"kind":"share","text":"x"}trailing"#, 400, "bad_body"),
        ("POST", &items, json, "{\"kind\":\"share\",\"text\":\"\\ud800\"}", 400, "bad_body"),
        ("POST", "/v1/drafts", json, &long, 413, "too_long"),
        ("POST", &format!("/v1/circles/{circle}/leave"), json, r#"{"now":1}"#, 400, "bad_body"),
        ("POST", "/v1/shutdown", json, "no", 400, "bad_body"),
        ("POST", "/v1/joins", json, r#"{"invite":"https://example.org"}"#, 400, "bad_invite"),
    ];
    for (method, path, kind, body, status, code) in cases {
        let (got, answer) = raw(socket, &request(method, path, kind, body)).await;
        assert_eq!(got, *status, "{method} {path}: {answer}");
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        let error = &answer["error"];
        assert_eq!((&answer["v"], &error["code"]), (&1.into(), &(*code).into()), "{method} {path}");
        for text in [&error["message"], &error["next"]] {
            let text = text.as_str().unwrap();
            assert!(!text.is_empty() && !text.starts_with(char::is_uppercase), "{text}");
        }
    }
    // What is not even HTTP.
    for garbage in [&b"\x00\xff\x00"[..], b"GET\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n"] {
        let (status, _) = raw(socket, garbage).await;
        assert!(status == 0 || (400..600).contains(&status), "{status}");
    }
    let circles = place.client.circles().await.unwrap().circles;
    assert_eq!((circles.len(), circles[0].items), (1, 0));
    assert_eq!(circles[0].outbox + circles[0].pending_changes, 0);
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_description_is_served() {
    let place = Place::new().await;
    assert_eq!(place.client.openapi().await.unwrap(), windbreak_node::api::description());
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_circle_keeps_its_network_mode_and_never_leaves_it_by_itself() {
    let mut place = Place::new().await;
    let onion = format!(
        "/onion3/{}:4710/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN",
        "a".repeat(56)
    );
    let clear = "/ip4/127.0.0.1/tcp/9/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";
    let through_tor = |relay: &str| NewCircle {
        mode: Some(Mode::Tor),
        relays: Some(vec![relay.to_owned()]),
        ..new_circle()
    };
    // What could not be reached is refused before anything is made.
    let refused = place.client.create_circle(&through_tor(clear)).await;
    assert_eq!(code(refused), "no_onion_relay");
    let refused = NewCircle { relays: Some(vec![onion.clone()]), ..new_circle() };
    assert_eq!(code(place.client.create_circle(&refused).await), "onion_relays_only");

    let circle = place.client.create_circle(&through_tor(&onion)).await.unwrap().id;
    let other = place.client.create_circle(&new_circle()).await.unwrap().id;
    place.restart().await;
    let client = &place.client;
    assert_eq!(client.network(&circle).await.unwrap().mode, Mode::Tor);
    assert_eq!(client.network(&other).await.unwrap().mode, Mode::RelayOnly);
    let facts = client.explain().await.unwrap().circles;
    let facts = facts.iter().find(|facts| facts.circle == circle).unwrap();
    assert_eq!(facts.network, NetworkMode::Tor);
    assert!(
        facts.sights.iter().all(|sight| !sight.sees.iter().any(|words| words == "your address"))
    );

    // A link that would show the address is refused; one through Tor is not.
    for (listen, dial) in
        [("/ip4/0.0.0.0/tcp/0", None), ("/ip4/127.0.0.1/tcp/0", Some("/ip4/127.0.0.1/tcp/9"))]
    {
        let change = LinkChange {
            listen: vec![listen.to_owned()],
            dial: dial.into_iter().map(str::to_owned).collect(),
        };
        assert_eq!(code(client.add_links(&circle, &change).await), "link_shows_address");
    }
    let change = LinkChange { listen: vec!["/ip4/127.0.0.1/tcp/0".to_owned()], dial: vec![] };
    client.add_links(&circle, &change).await.unwrap();
    assert_eq!(client.network(&circle).await.unwrap().mode, Mode::Tor);

    // In another mode: the relay has no address for it, and the link is not used.
    let network = client.set_mode(&circle, Mode::RelayOnly, false).await.unwrap();
    assert_eq!((network.mode, network.relays[0].usable), (Mode::RelayOnly, false));
    assert_eq!(network.unused_links, change.listen);
    let facts = client.explain().await.unwrap().circles;
    let facts = facts.iter().find(|facts| facts.circle == circle).unwrap();
    assert_eq!(facts.network, NetworkMode::Offline);
    let status = client.status().await.unwrap();
    let status = status.networks.iter().find(|network| network.circle == Some(circle)).unwrap();
    assert_eq!(status.trouble, Some(NetworkTrouble::OnionRelaysOnly));
    // To add a link is to choose the mode for it.
    let dial = LinkChange { listen: vec![], dial: vec!["/ip4/127.0.0.1/tcp/9".to_owned()] };
    client.add_links(&circle, &dial).await.unwrap();
    place.restart().await;
    assert_eq!(place.client.network(&circle).await.unwrap().mode, Mode::Direct);
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_tor_one_relay_serves_two_circles_only_by_a_word() {
    let place = Place::new().await;
    let client = &place.client;
    let end = "/tcp/9/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";
    let over = |relay: String| NewCircle { relays: Some(vec![relay]), ..new_circle() };
    let first = client.create_circle(&over(format!("/ip4/127.0.0.1{end}"))).await.unwrap().id;
    // The same relay at another address of it.
    let second = over(format!("/ip6/::1{end}"));
    assert_eq!(code(client.create_circle(&second).await), "relay_shared");
    assert_eq!(client.circles().await.unwrap().circles.len(), 1);

    let onion = format!("/onion3/{}:4710{}", "a".repeat(56), end.strip_prefix("/tcp/9").unwrap());
    let relays = Some(vec![format!("/ip4/127.0.0.1{end}"), onion]);
    let hidden = NewCircle { relays, mode: Some(Mode::Tor), ..new_circle() };
    let hidden = client.create_circle(&hidden).await.unwrap().id;
    assert!(client.explain().await.unwrap().shared_relays.is_empty());
    assert_eq!(code(client.set_mode(&hidden, Mode::RelayOnly, false).await), "relay_shared");
    assert_eq!(client.network(&hidden).await.unwrap().mode, Mode::Tor);

    client.set_mode(&hidden, Mode::RelayOnly, true).await.unwrap();
    assert_eq!(client.explain().await.unwrap().shared_relays.len(), 1);
    let known = NewCircle { same_relay: true, ..second };
    client.create_circle(&known).await.unwrap();
    assert_eq!(client.network(&first).await.unwrap().mode, Mode::RelayOnly);
    place.stop().await;
}
