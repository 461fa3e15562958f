//! Circles and their members.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::{CircleId, MemberId};

use super::answer::UnixSeconds;
use super::file::FilesAllowed;
use super::network::Mode;
use super::relay::GrantText;
use super::status::CatchingUp;

/// The circles of this profile.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Circles {
    /// The circles, by title.
    pub circles: Vec<Circle>,
}

/// A circle as this device sees it now.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Circle {
    /// Its id.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: CircleId,
    /// Its title. Written by a person: whoever shows it makes it harmless first.
    pub title: String,
    /// What it is sealed with.
    pub suite: Suite,
    /// How this device stands to it.
    pub standing: Standing,
    /// This device's member.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub me: MemberId,
    /// The name this device's member goes by here.
    pub my_name: String,
    /// How many members it has.
    pub members: usize,
    /// How many invites are open.
    pub open_invites: usize,
    /// How many knocks wait in the lobby.
    pub knocks: usize,
    /// How many items this device holds.
    pub items: usize,
    /// How many changes lie behind the head.
    pub epoch: u64,
    /// How many rival states are kept besides the head.
    pub forks: usize,
    /// How often in the last seven days it turned out that the circle had been changed in two places
    /// at once. It comes together again by itself.
    pub splits: usize,
    /// Whether this device has to come in anew, because it is a copy, or lost the way; or doubts
    /// whether it is one. It does so by itself once another member can be reached.
    pub coming_back: bool,
    /// Whether it has asked for ten hours to come in anew, and nobody let it. Whoever cannot be let in any more
    /// may leave then; the others may not hear of it.
    #[serde(default)]
    pub asks_in_vain: bool,
    /// How much of what you wrote before this device was put back to what it was waits to be said anew: it
    /// may have been taken back since, which a member who was there will tell.
    #[serde(default)]
    pub unsaid: usize,
    /// The relays it names.
    pub relays: Vec<String>,
    /// Those of them of whose grant this device has a part.
    #[serde(default)]
    pub relays_by_grant: Vec<String>,
    /// The agreement its members accept.
    pub agreement: String,
    /// Which of the circle's agreements that is; the one it was made with is 1.
    pub agreement_version: u32,
    /// Whether it was accepted on this device: before, nothing of the circle is read or said here.
    pub agreement_accepted: bool,
    /// For how many days the circle keeps what is said; as long as its authors leave it if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<u16>,
    /// When this device begins to erase what is older than that: left out if it does so already.
    /// Where the time became shorter, everybody has a week to know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_from: Option<UnixSeconds>,
    /// Which files its members may send.
    #[serde(default)]
    pub files: FilesAllowed,
    /// Whether and to whom its facilitators must report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<String>,
    /// What was said before you came; left out if you were there from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_you: Option<BeforeYou>,
    /// Sealed envelopes that nobody else holds yet.
    pub outbox: usize,
    /// Envelopes that wait for a key or for missing parts.
    pub waiting: usize,
    /// How far it has come with what was missed; left out if nothing is known to be lacking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catching_up: Option<CatchingUp>,
    /// Whether this device has asked the others' devices for what none of its relays has, and waits to
    /// be told.
    #[serde(default)]
    pub asking: bool,
    /// Changes this device wants and that are not in the head yet.
    pub pending_changes: usize,
}

/// What a circle is sealed with.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Suite {
    /// X25519 with ML-KEM-768: what is recorded today stays closed even to a later quantum
    /// computer.
    #[default]
    Xwing,
    /// X25519 alone: smaller and faster.
    X25519,
}

/// What was said before you came. You read what its authors opened to those who join later.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct BeforeYou {
    /// Whether that was handed over.
    pub stage: BeforeYouStage,
    /// Whether there was talk that stays with those who were there.
    pub withheld: bool,
}

/// How far what was said before you came has been handed over.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BeforeYouStage {
    /// This device asks the others for it.
    Asking,
    /// All that was open is here, as far as whoever answered has it.
    Here,
    /// Nobody answered for so long that it does not ask any more.
    Unanswered,
}

/// How this device stands to a circle.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// A member.
    Active,
    /// Has said that they leave; another member's device has yet to take this one out.
    Leaving,
    /// Has left; what was read stays readable.
    Left,
    /// Was removed; what was read stays readable.
    Removed,
    /// Another device of yours took this one out; what was read stays readable.
    DeviceTakenOut,
    /// A copy of this device, or what a backup of it held, came in anew in its place; what was read
    /// stays readable.
    Replaced,
}

/// Makes a circle.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCircle {
    /// Its title, at most 80 characters.
    pub title: String,
    /// The name you go by in it, at most 40 characters.
    pub name: String,
    /// What it is sealed with; X-Wing if left out.
    #[serde(default)]
    pub suite: Suite,
    /// At most 3 relays as libp2p addresses; the profile's own if left out, none if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relays: Option<Vec<String>>,
    /// How it is reached from this device; as the profile says if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Whether a relay may serve it that serves another of your circles without Tor: it could link
    /// the two.
    #[serde(default)]
    pub same_relay: bool,
    /// The grant of its relay, if that takes by grant; then there is one relay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<GrantText>,
    /// What its card says to those who hold an invite, at most 2000 characters.
    #[serde(default)]
    pub welcome: String,
    /// The agreement its members accept, at most 16 KiB; what is usual is told by `/v1/agreement`.
    #[serde(default)]
    pub agreement: String,
    /// Whether and to whom you, its facilitator, must report, at most 2000 characters. Nobody holds a
    /// circle without saying so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<String>,
    /// Whether you are an adult, as you say; circles are for adults.
    #[serde(default)]
    pub adult: bool,
    /// Send it even if it seems to say who somebody is.
    #[serde(default)]
    pub send_anyway: bool,
}

/// Names what was made.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Made {
    /// Its id.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub id: String,
}

/// The members of a circle.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Members {
    /// The members, facilitators first, then by name.
    pub members: Vec<Member>,
}

/// A member of a circle.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Member {
    /// The member.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: MemberId,
    /// The name they go by here. Written by a person: made harmless before it is shown.
    pub name: String,
    /// A colour and two words that follow from the id, the same for everybody in the circle.
    #[serde(default)]
    pub mark: Mark,
    /// What they may do.
    pub role: Role,
    /// What they declare about a duty to report, if they hold the circle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<String>,
    /// How many devices they use here.
    pub devices: usize,
    /// Whether it is this device's member.
    pub me: bool,
    /// Whether you blocked them; nobody else knows.
    #[serde(default)]
    pub blocked: bool,
}

/// By what a member is recognised. It proves nothing: whoever makes many keys finds one with it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Mark {
    /// The word for the colour.
    pub colour: String,
    /// The two words.
    pub words: String,
}

impl Mark {
    /// The mark of a member.
    #[must_use]
    pub fn of(member: &MemberId) -> Self {
        let mark = windbreak_protocol::view::Mark::of(member);
        Self { colour: mark.colour.word().to_owned(), words: mark.words.join(" ") }
    }
}

/// What a member may do.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Holds the circle: invites, admits, removes.
    Facilitator,
    /// Reads and writes.
    Member,
    /// Reads, decides together with the others, and may leave; says nothing that is part of the talk.
    Listener,
}

/// What role somebody shall have.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    /// `listener`, or `member` to let them speak again; who holds a circle is decided by proposals.
    pub role: Role,
    /// Why they only listen, at most 300 characters: all members read it. To let them speak again
    /// needs none.
    #[serde(default)]
    pub reason: String,
    /// Send it even if it seems to say who somebody is.
    #[serde(default)]
    pub send_anyway: bool,
}

/// Why somebody is removed or declined; a removal is refused without.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// In your words, at most 500 characters.
    #[serde(default)]
    pub reason: String,
    /// Send it even if it seems to say who somebody is.
    #[serde(default)]
    pub send_anyway: bool,
}
