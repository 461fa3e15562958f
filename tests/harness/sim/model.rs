//! The reference model: who must and who may read what, and who must be a member, worked out from
//! what people did and were told. It knows nothing of states, votes and branches.

use std::collections::{BTreeMap, BTreeSet};

use windbreak_protocol::id::{ItemId, MemberId};
use windbreak_protocol::limits::HEAD_AGE;

use crate::sim::device::Device;

/// An hour in milliseconds.
const HOUR: u64 = 3_600_000;

/// Something that was said.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    /// Whose device said it.
    pub(crate) by: usize,
    /// Also for those who come later.
    pub(crate) later: bool,
    /// Who was a member for its author, then.
    pub(crate) here: BTreeSet<MemberId>,
    /// Who had been one for its author, and was no more.
    pub(crate) gone: BTreeSet<MemberId>,
    /// Its text, which nothing else has.
    pub(crate) text: String,
    /// When.
    pub(crate) at: u64,
    /// When it first left its author's device.
    pub(crate) left: Option<u64>,
}

impl Said {
    /// Whether it was for those there then alone, left its author so late that others may have let
    /// go of the keys it was sealed under (O-101), and somebody has come since: then it may not be
    /// sealed anew (O-103).
    pub(crate) fn came_too_late(&self, members: &BTreeSet<MemberId>) -> bool {
        let limit = u64::try_from(HEAD_AGE.as_millis()).unwrap_or(u64::MAX);
        // Lateness is told by hours.
        let late = self.left.is_none_or(|left| left + HOUR >= self.at + limit);
        !self.later && late && !members.is_subset(&self.here)
    }
}

/// Somebody's end in the circle, as they or others want it.
#[derive(Clone, Debug)]
pub(crate) struct Gone {
    /// Whose device did it.
    pub(crate) by: usize,
    /// Who goes.
    pub(crate) member: MemberId,
}

/// What people did.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) said: BTreeMap<ItemId, Said>,
    pub(crate) removed: Vec<Gone>,
    pub(crate) left: Vec<Gone>,
    /// Who was proposed to be removed: it depends on what the others say.
    pub(crate) may_be_gone: BTreeSet<MemberId>,
    /// Whether something was wanted that waits for days.
    pub(crate) waits_long: bool,
    /// By device, the members they have come in as.
    pub(crate) joined: BTreeMap<usize, BTreeSet<MemberId>>,
}

impl Model {
    pub(crate) fn joined(&mut self, device: usize, member: MemberId) {
        self.joined.entry(device).or_default().insert(member);
    }

    /// Whether somebody may read what was said.
    pub(crate) fn may_read(&self, member: &MemberId, said: &Said) -> bool {
        said.here.contains(member) || said.later && !said.gone.contains(member)
    }

    /// Whether a device may have an item; items the engines make by themselves are for all.
    pub(crate) fn may_have(&self, device: &Device, item: &ItemId) -> Result<(), String> {
        let (Some(said), Some(member)) = (self.said.get(item), device.member) else {
            return Ok(());
        };
        if said.by == device.number || self.may_read(&member, said) {
            return Ok(());
        }
        Err(format!("device {} reads {:?} of device {}", device.number, said.text, said.by))
    }

    /// Whether somebody wanted a member to be gone.
    pub(crate) fn somebody_wants_gone(&self, member: &MemberId) -> bool {
        self.may_be_gone.contains(member)
            || self.removed.iter().chain(&self.left).any(|gone| gone.member == *member)
    }
}
