//! What the engine asks for, in the order in which it must be obeyed.

use std::sync::Arc;

use crate::admission::{Grant, RelayPart};
use crate::id::{CircleId, EnvelopeId, InviteId, ItemId, KnockId, MemberId, ReportId, Topic};
use crate::identity::Verified;
use crate::input::Venue;
use crate::invite::Refusal;
use crate::record::Batch;
use crate::time::{Period, Timestamp};
use crate::wire::{Envelope, TopicKey};

/// One thing to do. Outputs are obeyed in order, and [`Output::Persist`] must be durable before
/// anything after it is obeyed.
#[derive(Debug)]
#[must_use]
pub enum Output {
    /// Write the batch, all of it or nothing.
    Persist(Batch),
    /// Hand an envelope to relays and linked members, again and again until it is acknowledged.
    /// Nothing but a sealed envelope can be published: the type says so.
    Publish {
        /// Where.
        venue: Venue,
        /// The envelope.
        envelope: Verified<Envelope>,
    },
    /// An envelope that was published and nobody is known to have is not to leave any more. If somebody
    /// turns out to have it after all, [`crate::Input::Acknowledged`] still says so.
    TakeBack {
        /// Where.
        venue: Venue,
        /// The envelope.
        envelope: EnvelopeId,
    },
    /// The topics, relays or the link key of a venue changed, or the venue is new: ask
    /// [`crate::Engine::reach`] again.
    Reach(Venue),
    /// The venue is over: close its connections.
    Close(Venue),
    /// Tell whoever listens.
    Event(Event),
}

/// How a venue is reached.
#[derive(Clone, Debug)]
pub struct Reach {
    /// Relay addresses, as text; the node parses them.
    pub relays: Vec<String>,
    /// The topics to follow, newest era first.
    pub topics: Vec<FollowedTopic>,
    /// Admits to direct links between members of the current era; for an attempt to join, to the
    /// doors where its invite is answered.
    pub link_key: Option<LinkKey>,
    /// Where this device answers invites on a local network, those that admit somebody first.
    pub doors: Vec<Door>,
    /// What tokens are drawn with where a relay takes by grant.
    pub parts: Vec<Arc<RelayPart>>,
    /// Parts of grants that relays are to revoke, because their holders are gone.
    pub ended_parts: Vec<Arc<EndedParts>>,
}

/// Parts of a grant whose holders are gone.
#[derive(Debug, Eq, PartialEq)]
pub struct EndedParts {
    /// The address of the relay whose grant it is.
    pub relay: String,
    /// The grant, which whoever revokes has to show.
    pub grant: Grant,
    /// Their numbers.
    pub members: Vec<u16>,
}

/// Where an invite is answered on a local network, by a member and to whoever holds the invite.
#[derive(Clone, Debug)]
pub struct Door {
    /// The invite's topic.
    pub topic: Topic,
    /// Admits to the door.
    pub key: LinkKey,
}

/// The pre-shared key of direct links, changed with every era; or that of an invite's door.
#[derive(Clone, Eq, PartialEq)]
pub struct LinkKey(pub [u8; 32]);

impl std::fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkKey(…)")
    }
}

/// One topic to follow.
#[derive(Clone, Debug)]
pub struct FollowedTopic {
    /// The topic.
    pub topic: Topic,
    /// Its private half, which opens streams to relays.
    pub key: TopicKey,
    /// The period its envelopes belong to; none for the topic of an invite.
    pub period: Option<Period>,
}

/// Something a person or a program may want to know. Holds names of things, never content.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    /// A circle was made or joined on this device.
    CircleOpened {
        /// The circle.
        circle: CircleId,
    },
    /// The head of a circle moved.
    HeadMoved {
        /// The circle.
        circle: CircleId,
    },
    /// An item arrived or was written.
    ItemArrived {
        /// The circle.
        circle: CircleId,
        /// The item.
        item: ItemId,
        /// When its author wrote it, by the author's clock.
        written: Timestamp,
        /// Whether this device's member wrote it, here or on another device.
        own: bool,
    },
    /// A report for this device arrived, or an appeal to one.
    ReportArrived {
        /// The circle.
        circle: CircleId,
        /// The report.
        report: ReportId,
    },
    /// A relay or a peer holds what this device wrote.
    ItemHeld {
        /// The circle.
        circle: CircleId,
        /// The item.
        item: ItemId,
    },
    /// Somebody is a member now.
    MemberAdded {
        /// The circle.
        circle: CircleId,
        /// The member.
        member: MemberId,
    },
    /// Somebody came in whom their invite alone would not have let in: two sides of a split had
    /// used it, or one had taken it back. Told to facilitators, beside [`Event::MemberAdded`].
    MemberKept {
        /// The circle.
        circle: CircleId,
        /// The member.
        member: MemberId,
    },
    /// Somebody is no longer a member.
    MemberRemoved {
        /// The circle.
        circle: CircleId,
        /// The member.
        member: MemberId,
        /// Whether they left by themselves.
        left: bool,
    },
    /// This device's member was removed, or has left: the circle is closed and stays readable.
    CircleClosed {
        /// The circle.
        circle: CircleId,
        /// Whether they left by themselves.
        left: bool,
    },
    /// Another device of this device's member took this one out: the circle is closed on it and
    /// stays readable.
    DeviceClosed {
        /// The circle.
        circle: CircleId,
    },
    /// This device could not follow the others, or was a copy, and is in the circle again.
    CameBack {
        /// The circle.
        circle: CircleId,
    },
    /// A circle is to keep words for a shorter time than before: what is older is erased on this
    /// device when it has known of that for a while.
    KeepShortened {
        /// The circle.
        circle: CircleId,
    },
    /// Somebody knocks and waits for a review.
    KnockArrived {
        /// The circle.
        circle: CircleId,
        /// The knock.
        knock: KnockId,
    },
    /// The card of an invite arrived or changed.
    CardArrived {
        /// The invite.
        invite: InviteId,
    },
    /// A relay holds our knock.
    KnockHeld {
        /// The invite.
        invite: InviteId,
    },
    /// A new device of this device's member asks for its word: both show a number.
    DeviceAsked {
        /// The circle.
        circle: CircleId,
    },
    /// The word of the member's first device is here; this device knocks.
    DeviceGranted {
        /// Names the code.
        invite: InviteId,
    },
    /// This device is in.
    Joined {
        /// The invite.
        invite: InviteId,
        /// The circle.
        circle: CircleId,
    },
    /// The knock was declined by a person.
    Declined {
        /// The invite.
        invite: InviteId,
    },
    /// The knock was refused by the rules.
    Refused {
        /// The invite.
        invite: InviteId,
        /// Why.
        refusal: Refusal,
    },
}
