//! The pure part of Windbreak: circles of people who talk without anybody in the middle.
//!
//! Nothing here touches a network, a disk, a clock or a source of randomness. An [`Engine`] holds
//! all circles of one device; whoever drives it says what happened and when, and obeys what it
//! asks for, in order.
//!
//! The way of a share: [`Engine::share`] signs it ([`content`]), encrypts it under the head
//! (`state`, `mls`), seals it into an envelope ([`wire`]) and asks for two things: that a
//! [`record::Batch`] be written, and that the envelope be published. On the other side
//! [`Engine::handle`] finds the state whose key recognises the envelope, undoes all that, and tells
//! of an item; [`view`] puts items into the order in which they are read.
//!
//! The way of a change: it is wanted first (an intent), committed when its turn has come, and is a
//! new state beside its parent ([`ledger`] says what it changed). Which of several rivals is the
//! head is a pure function of what is known ([`order`]).
//!
//! Reading order: [`id`], [`wire`], [`content`], [`ledger`], [`order`], then `state`, `circle`,
//! [`Engine`].
//!
//! # Driving an engine
//! ```
//! use windbreak_protocol::content::{Ask, Scope};
//! use windbreak_protocol::record::{Batch, Key, Value};
//! use windbreak_protocol::secret::Secret;
//! use windbreak_protocol::time::Timestamp;
//! use windbreak_protocol::{Engine, NewCircle, NewShare, Output, Suite, Timings};
//!
//! // A real driver draws the seed from the operating system and reads a clock.
//! let now = Timestamp::from_seconds(1_800_000_000);
//! let mut engine = Engine::load(now, &Secret::from_bytes([7; 32]), Timings::default(), [])?;
//!
//! let circle = engine.create_circle(now, NewCircle {
//!     title: "Evening circle".into(),
//!     name: "Alder".into(),
//!     suite: Suite::X25519,
//!     relays: vec![],
//!     welcome: String::new(),
//!     agreement: "We listen.".into(),
//!     declaration: Some("We report nothing.".into()),
//! })?;
//! let share = NewShare {
//!     ask: Ask::JustListening,
//!     content_note: None,
//!     title: None,
//!     text: "A quiet day.".into(),
//!     scope: Scope::HereNow,
//! };
//! engine.share(now, &circle, share)?;
//!
//! let mut written = 0;
//! while let Some(output) = engine.poll_output() {
//!     match output {
//!         Output::Persist(batch) => written += batch.len(), // made durable before going on
//!         Output::Publish { envelope, .. } => assert_eq!(envelope.as_bytes().len(), 2048),
//!         Output::TakeBack { .. } | Output::Reach(_) | Output::Close(_) | Output::Event(_) => {}
//!     }
//! }
//! assert!(written > 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![warn(missing_docs)]

pub mod admission;
pub mod announcement;
mod anonymous;
mod circle;
pub mod content;
mod engine;
pub mod id;
pub mod identity;
mod input;
pub mod invite;
mod joining;
pub mod label;
pub mod ledger;
pub mod limits;
pub(crate) mod mls;
pub mod order;
mod output;
mod porch;
mod prepared_mac;
pub mod random;
pub mod record;
pub mod recovery;
pub mod secret;
mod shelf;
mod state;
#[cfg(feature = "testing")]
pub mod testing;
pub mod time;
mod timings;
mod verdict;
pub mod view;
pub mod whereabouts;
pub mod wire;

pub use circle::{
    ActError, AdmitError, AgreementError, AgreementOverview, AgreementProposalOverview, BlockError,
    CircleOverview, CodeOverview, Deed, DeedKind, DeviceError, DeviceOverview, FileError,
    FormerRelay, GivenOverview, GrantError, GrantOverview, HistoryOverview, HistoryStage,
    InviteError, InviteOverview, InviteState, KnockOverview, KnockStage, MemberOverview,
    MotionError, MotionOverview, MotionStage, NewEdit, NewFile, NewShare, RelaysError, Removal,
    RemoveError, ReportAnswerOverview, ReportError, ReportOverview, ReportStage, ShareError,
    Standing, StewardAct, StewardError, Voice, VoiceError,
};
pub use engine::{CreateError, Engine, LoadError, Loading, NewCircle};
pub use input::{Input, Venue};
pub use joining::{JoinError, JoinOverview, JoinStage, NewKnock};
pub use mls::{HpkeError, HpkePublic, HpkeSecret, Suite};
pub use output::{Door, EndedParts, Event, FollowedTopic, LinkKey, Output, Reach};
pub use shelf::{Shelf, content_in, content_on, item_at};
pub use timings::Timings;
pub use verdict::{Missing, Redundant, Verdict, Violation};
