//! What members say: shares, replies, and the gaps where something is known to be missing.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::{ItemId, MemberId};

use super::answer::UnixSeconds;
use super::circle::Mark;
use super::file::{FileInfo, NewFile};

/// A part of a circle's timeline, in causal order.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Page {
    /// The items.
    pub items: Vec<Item>,
    /// How many items stand before the first of these.
    pub before: usize,
    /// What is known to be missing in the whole circle, not only in this part.
    pub gaps: Vec<Gap>,
    /// Whether more items follow: ask again with `after` set to the last id.
    pub more: bool,
}

/// One thing a member said.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Item {
    /// Its id.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: ItemId,
    /// Who wrote it.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub author: MemberId,
    /// The name they go by, if it is known. Made harmless before it is shown, as all text here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their mark, also when they are no member any more.
    #[serde(default)]
    pub mark: Mark,
    /// Whether its author is a member now.
    pub here: bool,
    /// Whether this device's member wrote it.
    pub own: bool,
    /// When, by the author's clock, to the minute.
    pub written: UnixSeconds,
    /// What it is.
    pub kind: ItemKind,
    /// What a share asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<Ask>,
    /// What the author says it is about, before one reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_note: Option<String>,
    /// The title of a share, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The text.
    pub text: String,
    /// The file that goes along with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileInfo>,
    /// Whom the author lets read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// What a reply answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub to: Option<ItemId>,
    /// The share at the root of its thread; its own id if it is one.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub thread: ItemId,
    /// How deep in the thread: 0 for the share.
    pub depth: u32,
    /// Whether what it answers is not here.
    pub parent_missing: bool,
    /// Whether it is from before you came, and was handed over to you. That its author wrote it shows
    /// by their signature.
    #[serde(default)]
    pub before_you: bool,
    /// Who handed it over, if they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub handed_by: Option<MemberId>,
    /// Whether nothing but the word of who handed it over says that its author was ever a member, and
    /// what they were called.
    #[serde(default)]
    pub vouched: bool,
    /// Whether its author took it back: there is no text any more.
    #[serde(default)]
    pub withdrawn: bool,
    /// Whether its words were erased here because the circle keeps none for so long; nothing of it
    /// is told.
    #[serde(default)]
    pub expired: bool,
    /// When its author last said it in other words, by the author's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<UnixSeconds>,
    /// Whether it is advice that the author of the share did not ask for: there is no text, except
    /// for who wrote it, until the author of the share allows it.
    #[serde(default)]
    pub held_back: bool,
    /// Whether a facilitator hid it: there is no text, except for who wrote it and for facilitators.
    #[serde(default)]
    pub hidden: bool,
    /// Whether it was said by somebody who was muted; likewise.
    #[serde(default)]
    pub muted: bool,
    /// Why it was hidden or its author muted, in the words of the facilitator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it is shown, if it was shared too soon in slow mode: until then there is no text, except
    /// for who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_from: Option<UnixSeconds>,
    /// Whether you blocked its author; nobody else knows.
    #[serde(default)]
    pub blocked: bool,
    /// Whether its author lets advice be shown though they asked for just listening.
    #[serde(default)]
    pub advice_allowed: bool,
    /// Whether a facilitator pinned it.
    #[serde(default)]
    pub pinned: bool,
    /// Warm words for it, at most one of each member.
    #[serde(default)]
    pub reactions: Vec<Reaction>,
    /// The word, if it is a reaction itself and not taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<WarmWord>,
    /// Whether a pin or leave for advice is put on (or taken off).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<bool>,
    /// Where an own item is; nothing for those of others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// How many other devices are known to have an own item: at least so many do. Nobody's program
    /// says so for its own sake, so it tells nothing about who has read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached: Option<usize>,
}

/// What an item is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// Something told to the circle.
    Share,
    /// An answer.
    Reply,
    /// Its author leaves; there is no text.
    Leave,
    /// Something to be decided together, see the proposals; there is no text.
    Proposal,
    /// Its author agrees to the proposal in `to`; there is no text.
    Consent,
    /// An answer that gives advice.
    Advice,
    /// Its author takes back what is in `to`; there is no text.
    Withdraw,
    /// Its author says what is in `to` in other words.
    Edit,
    /// A warm word for what is in `to`; there is no text.
    Reaction,
    /// What is in `to` is pinned, or the pin taken off; there is no text.
    Pin,
    /// Advice in the thread of what is in `to`, or that itself, may be shown or no longer; there is
    /// no text.
    Allow,
    /// A new agreement, see the circle's agreement; there is no text.
    AgreementProposal,
    /// Its author agrees to the new agreement in `to`; there is no text.
    AgreementConsent,
    /// A facilitator hides what is in `to`, or shows it again; see the steward log.
    Hide,
    /// A facilitator mutes somebody, or no longer; see the steward log.
    Mute,
    /// A facilitator slows the circle down, or no longer; see the steward log.
    SlowMode,
    /// An answer to a report, for who made it and those it is for; there is no text.
    ReportAnswer,
    /// A file that goes along with what is in `to`, told with that; there is no text.
    File,
    /// A piece of the file in `to`; there is no text.
    Piece,
    /// Some of the file in `to` was taken back before it left; there is no text.
    Spared,
    /// Its author's device says that there is more of them, up to `to`, than reached everybody; there is
    /// no text.
    Mention,
    /// Something a newer version of the program says; there is no text.
    Unknown,
}

/// A warm word of one member.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Reaction {
    /// Whose.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub member: MemberId,
    /// The name they go by, if they are here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The word.
    pub word: WarmWord,
}

/// A warm word.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WarmWord {
    /// I am with you.
    WithYou,
    /// I have read every word.
    Heard,
    /// I know this from my own life.
    MeToo,
    /// Thank you.
    ThankYou,
    /// I wish you strength.
    Strength,
    /// I am glad with you.
    Glad,
    /// One that a newer version of the program has; nobody can send it by this one.
    Newer,
}

/// Gives something a warm word.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReaction {
    /// The word, in place of the one before.
    pub word: WarmWord,
}

/// Says something of yours in other words. All of it is said anew.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEdit {
    /// What it is about from now on, at most 120 characters; only a share shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_note: Option<String>,
    /// The title from now on, at most 80 characters; only a share shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The text from now on, at most 256 KiB.
    pub text: String,
    /// Send it even if it seems to say who somebody is.
    #[serde(default)]
    pub send_anyway: bool,
    /// Say that the facilitators' declaration was shown; see the same of a share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration_heard: Option<String>,
}

/// All that an item ever said.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Versions {
    /// The first words first. None if its words are not for you.
    pub versions: Vec<Version>,
}

/// What an item said from some time on.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Version {
    /// From when, by its author's clock.
    pub written: UnixSeconds,
    /// The content note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_note: Option<String>,
    /// The title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The text.
    pub text: String,
}

/// What the author of a share wants from those who answer.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Just listening.
    #[default]
    JustListening,
    /// Ideas are welcome.
    IdeasWelcome,
    /// Looks for resources.
    Resources,
}

/// Whom the author of something lets read it.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Those who are members when it is written.
    #[default]
    HereNow,
    /// Also those who join later.
    AlsoLater,
}

/// Where an own item is: about devices, never about who has read it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// On this device only.
    Queued,
    /// A relay or another member's device holds it.
    Held,
    /// Other devices are known to have it.
    Reached,
}

/// Items that are named and not here.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Gap {
    /// What it means.
    pub kind: GapKind,
    /// Whose items, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub author: Option<MemberId>,
    /// The name they go by, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many are missing, as far as is known; at least one. Of what one cannot have who joined
    /// later it is not told.
    pub missing: u64,
    /// The item that names what is missing; none if a removal names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub before: Option<ItemId>,
}

/// What a gap means.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// Before the first item held of a device: what one cannot have who joined later.
    Earlier,
    /// Among what is held, or seen by somebody since: it is missing here.
    Lost,
}

/// Says something to a circle.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum NewItem {
    /// Tells something.
    Share {
        /// What you want from those who answer; just listening if left out.
        #[serde(default)]
        ask: Ask,
        /// What it is about, at most 120 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content_note: Option<String>,
        /// A title, at most 80 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// The text, at most 256 KiB.
        text: String,
        /// A file to go along with it, if the circle lets you send one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<NewFile>,
        /// Whom you let read it; those here now if left out.
        #[serde(default)]
        scope: Scope,
        /// Send it even if it seems to say who somebody is: without this, such a text is refused as
        /// `could_identify`.
        #[serde(default)]
        send_anyway: bool,
        /// The facilitators' declaration as it was shown: without it, the first share in a circle, and
        /// the first after it changed, is refused as `declaration_unheard`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        declaration_heard: Option<String>,
        /// Share it in slow mode even if others see it later: without this, a share that comes too
        /// soon is refused as `too_soon`.
        #[serde(default)]
        even_if_later: bool,
    },
    /// Answers a share or another reply.
    Reply {
        /// What is answered.
        #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
        to: ItemId,
        /// The text, at most 256 KiB.
        text: String,
        /// A file to go along with it, if the circle lets you send one; not with advice.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<NewFile>,
        /// Whether it gives advice. Where the author of the share asked for just listening it is held
        /// back until they allow it.
        #[serde(default)]
        advice: bool,
        /// Whom you let read it; those here now if left out. Those who join later only where what is
        /// answered is for them: else it is refused as `not_open`.
        #[serde(default)]
        scope: Scope,
        /// Send it even if it seems to say who somebody is: without this, such a text is refused as
        /// `could_identify`.
        #[serde(default)]
        send_anyway: bool,
        /// Send advice even if it will be held back: without this, that is refused as
        /// `advice_held_back`.
        #[serde(default)]
        even_if_held_back: bool,
        /// Say that the facilitators' declaration was shown; see the same of a share.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        declaration_heard: Option<String>,
    },
}

/// What was written.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Written {
    /// Its id.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: ItemId,
    /// Where it is now.
    pub delivery: Delivery,
}
