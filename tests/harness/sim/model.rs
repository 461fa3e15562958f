//! The reference model: who must and who may read what, and who must be a member, worked out from
//! what people did and were told. It knows nothing of states, votes and branches.

use std::collections::{BTreeMap, BTreeSet};

use windbreak_protocol::content::Ask;
use windbreak_protocol::id::{DeviceId, ItemId, MemberId, StateId};
use windbreak_protocol::limits::HEAD_AGE;

use crate::sim::agreed::Agreed;
use crate::sim::check::View;
use crate::sim::device::Device;
use crate::sim::files::Sent;
use crate::sim::kept::KeepLog;
use crate::sim::newcomers::Newcomers;
use crate::sim::reports::Reports;
use crate::sim::unspoken::Silence;

/// An hour in milliseconds.
const HOUR: u64 = 3_600_000;

/// Who is in the circle for a device.
#[derive(Clone, Debug)]
pub(crate) struct HeadShown {
    pub(crate) members: BTreeSet<MemberId>,
    pub(crate) devices: BTreeSet<DeviceId>,
}

/// Something that was said.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    /// Whose device said it.
    pub(crate) by: usize,
    /// Also for those who come later.
    pub(crate) later: bool,
    /// Who was a member for its author, then.
    pub(crate) here: BTreeSet<MemberId>,
    /// Which devices these had for its author, then.
    pub(crate) devices: BTreeSet<DeviceId>,
    /// Who had been one for its author, and was no more.
    pub(crate) gone: BTreeSet<MemberId>,
    /// Its text, which nothing else has.
    pub(crate) text: String,
    /// When.
    pub(crate) at: u64,
    /// When it first left its author's device.
    pub(crate) left: Option<u64>,
    /// Whether its author's device was put back to what it kept before, and nobody else had it.
    pub(crate) forgotten: bool,
    /// Whether something else may have been said with the same number by a copy.
    pub(crate) clashes: bool,
    /// The key that said it.
    pub(crate) key: Option<DeviceId>,
    /// Whether its author's device was put back to before it had that key: it cannot tell any more that
    /// these words are its own.
    pub(crate) key_lost: bool,
    /// Whether somebody has it who cannot tell who had been taken out when it was said.
    pub(crate) for_all_later: bool,
}

impl Said {
    /// Whether its author shows it: the device that said it, as the member it was then. Who came in
    /// again by an invite is somebody else.
    pub(crate) fn is_by(&self, view: &View) -> bool {
        view.device == self.by && self.here.contains(&view.overview.me)
    }

    /// Whether a device must show it, if anybody has it: its member was one then, and had it.
    pub(crate) fn is_for(&self, member: &MemberId, device: &Device) -> bool {
        self.here.contains(member) && !self.devices.is_disjoint(&device.ids)
    }

    /// Whether it left its author so late that others may have let go of the keys it was sealed under
    /// (O-101), and somebody is there for whom it was not meant: then it may not be sealed anew
    /// (O-103).
    pub(crate) fn came_too_late(&self, members: &BTreeSet<MemberId>) -> bool {
        let limit = u64::try_from(HEAD_AGE.as_millis()).unwrap_or(u64::MAX);
        // Lateness is told by hours.
        let late = self.left.is_none_or(|left| left + HOUR >= self.at + limit);
        let for_all = if self.later {
            members.is_disjoint(&self.gone)
        } else {
            members.is_subset(&self.here)
        };
        late && !for_all
    }
}

/// Somebody's end in the circle, as they or others want it.
#[derive(Clone, Debug)]
pub(crate) struct Gone {
    /// Whose device did it.
    pub(crate) by: usize,
    /// Who goes.
    pub(crate) member: MemberId,
    /// When.
    pub(crate) at: u64,
    /// Whether it must come true: not if the device was put back since, or may be a copy.
    pub(crate) sure: bool,
}

/// A device that another one of its member wants out.
#[derive(Clone, Debug)]
pub(crate) struct TakenOut {
    /// Which device did it.
    pub(crate) by: usize,
    /// Which one goes.
    pub(crate) device: DeviceId,
    /// When.
    pub(crate) at: u64,
    /// Whether it must come true, as above.
    pub(crate) sure: bool,
}

/// What people did.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) said: BTreeMap<ItemId, Said>,
    /// What a copy said anew under its new key, by the new id.
    pub(crate) said_anew: BTreeMap<ItemId, ItemId>,
    /// What people took back, or said in other words: by the act, what it is about.
    pub(crate) taken_back: BTreeMap<ItemId, ItemId>,
    pub(crate) edited: BTreeMap<ItemId, ItemId>,
    /// What facilitators did to hold the circle.
    pub(crate) held: BTreeSet<ItemId>,
    /// What an attacker made without the right to it: it is kept, and counts for nothing.
    pub(crate) wrongs: BTreeSet<ItemId>,
    /// What an attacker said without a voice.
    pub(crate) silence: Silence,
    /// The states that an attacker made and nobody may stand on.
    pub(crate) wrong_states: BTreeSet<StateId>,
    /// Whether the attacker ever was a facilitator for anybody honest.
    pub(crate) attacker_holds: bool,
    pub(crate) taken_out: Vec<TakenOut>,
    pub(crate) removed: Vec<Gone>,
    pub(crate) left: Vec<Gone>,
    /// When each member last came in again.
    pub(crate) came_back: BTreeMap<MemberId, u64>,
    /// Who was proposed to be removed: it depends on what the others say.
    pub(crate) may_be_gone: BTreeSet<MemberId>,
    /// Whether something was wanted that waits for days.
    pub(crate) waits_long: bool,
    /// By device, the members they have come in as.
    pub(crate) joined: BTreeMap<usize, BTreeSet<MemberId>>,
    /// What people proposed, agreed to and accepted.
    pub(crate) agreed: Agreed,
    /// The files that go along with what was said.
    pub(crate) files: BTreeMap<ItemId, Sent>,
    /// What each share asks for, and who asks.
    pub(crate) asked: BTreeMap<ItemId, (Ask, MemberId)>,
    /// Advice in words of its own, and the share it is for.
    pub(crate) advice: BTreeMap<ItemId, ItemId>,
    /// Who ever let advice through: to what, and who said so.
    pub(crate) let_through: BTreeSet<(ItemId, MemberId)>,
    /// By device, how long its head ever said that words are kept.
    pub(crate) keeps: BTreeMap<usize, KeepLog>,
    /// The fewest days for which anybody honest ever had words kept.
    pub(crate) shortest: Option<u16>,
    /// By device, whom its owner blocks.
    pub(crate) blocked: BTreeMap<usize, BTreeSet<MemberId>>,
    /// By device, the declarations its owner read last.
    pub(crate) heard: BTreeMap<usize, Option<String>>,
    /// What each member ever declared.
    pub(crate) declared: BTreeMap<MemberId, BTreeSet<String>>,
    /// By whom it is about, who agreed to a succession, and when first.
    pub(crate) successions: BTreeMap<MemberId, BTreeMap<MemberId, u64>>,
    /// The fewest members of any head that was seen.
    pub(crate) fewest: Option<usize>,
    /// Whether any head had nobody who holds the circle.
    pub(crate) held_by_nobody: bool,
    /// What was said before somebody came, and is theirs to read.
    pub(crate) newcomers: Newcomers,
    /// What people reported and answered.
    pub(crate) reports: Reports,
}

impl Model {
    pub(crate) fn joined(&mut self, device: usize, member: MemberId) {
        self.joined.entry(device).or_default().insert(member);
    }

    /// Whether a member was in the circle before, with any device.
    pub(crate) fn was_in(&self, member: &MemberId) -> bool {
        self.joined.values().any(|joined| joined.contains(member))
    }

    /// Whether somebody may read what was said. Whom only a branch that lost had let in, and who came in
    /// again since, is somebody who came later.
    pub(crate) fn may_read(&self, member: &MemberId, said: &Said) -> bool {
        let came_back = self.came_back.get(member).is_some_and(|at| *at >= said.at);
        let is_open = came_back || said.for_all_later || !said.gone.contains(member);
        said.here.contains(member) || said.later && is_open
    }

    /// Somebody has an item who cannot tell who had been taken out when it was said.
    pub(crate) fn handed_to_all(&mut self, item: &ItemId) {
        let id = *self.said_anew.get(item).unwrap_or(item);
        if let Some(said) = self.said.get_mut(&id) {
            said.for_all_later = true;
        }
    }

    /// Something a person said, also if a copy said it anew.
    pub(crate) fn said(&self, item: &ItemId) -> Option<&Said> {
        self.said.get(self.said_anew.get(item).unwrap_or(item))
    }

    /// The ids something has: its own, and those under which a copy said it anew.
    pub(crate) fn ids_of(&self, item: &ItemId) -> BTreeSet<ItemId> {
        let anew = self.said_anew.iter().filter(|(_, first)| *first == item).map(|(id, _)| *id);
        anew.chain([*item]).collect()
    }

    /// The acts by which something was taken back, or what it says in other words.
    pub(crate) fn taken_back_by(&self, item: &ItemId) -> Vec<&ItemId> {
        let mut ids = self.ids_of(item);
        ids.extend(self.edited.get(item).into_iter().flat_map(|words| self.ids_of(words)));
        self.taken_back.iter().filter(|(_, of)| ids.contains(of)).map(|(act, _)| act).collect()
    }

    /// It has left its author's device.
    pub(crate) fn has_left(&mut self, item: &ItemId, now: u64) {
        if let Some(said) = self.said.get_mut(self.said_anew.get(item).unwrap_or(item)) {
            said.left.get_or_insert(now);
        }
    }

    /// An item that nobody said by this id shows a text: it was said anew, if ever.
    pub(crate) fn shows(&mut self, item: ItemId, text: &str) {
        let first = self.said.iter().find(|(_, said)| said.text == text).map(|(id, _)| *id);
        if let Some(first) = first {
            self.said_anew.insert(item, first);
        }
    }

    /// A device was put back to what it kept before: what it said or wanted since is lost if nobody
    /// has it. `shown` is what others show, `keys` are those it has had by then, and `ever` those it
    /// has had at all: nobody opens what their own key sealed.
    pub(crate) fn forget_since(
        &mut self,
        device: usize,
        since: u64,
        shown: &[String],
        keys: &BTreeSet<DeviceId>,
        ever: &BTreeSet<DeviceId>,
    ) {
        for said in self.said.values_mut().filter(|said| said.by == device && said.at > since) {
            let for_nobody = said.left.is_none() || said.devices.is_subset(ever);
            said.forgotten |= for_nobody && !shown.contains(&said.text);
            said.key_lost |= said.key.is_some_and(|key| !keys.contains(&key));
        }
        for (item, sent) in &mut self.files {
            let said = self.said.get(item);
            sent.cut |= said.is_some_and(|said| said.by == device && said.at > since);
        }
        let wishes = self.removed.iter_mut().chain(&mut self.left);
        for gone in wishes.filter(|gone| gone.by == device && gone.at > since) {
            gone.sure = false;
        }
        for taken in self.taken_out.iter_mut().filter(|taken| taken.by == device) {
            taken.sure &= taken.at <= since;
        }
    }

    /// What these devices, which share a key, said since then may have one number.
    pub(crate) fn clash(&mut self, family: &[usize], since: u64) {
        let said = self.said.values_mut().filter(|said| family.contains(&said.by));
        for said in said.filter(|said| said.at >= since) {
            said.clashes = true;
        }
    }

    /// Whether a device may have an item; items the engines make by themselves are for all.
    pub(crate) fn may_have(&self, device: &Device, item: &ItemId) -> Result<(), String> {
        let (Some(said), Some(member)) = (self.said(item), device.member) else {
            return Ok(());
        };
        if said.by == device.number || self.may_read(&member, said) {
            return Ok(());
        }
        Err(format!("device {} reads {:?} of device {}", device.number, said.text, said.by))
    }

    /// Whether something is so old that somebody may have let it go, as somebody wanted once.
    pub(crate) fn may_be_too_old(&self, said: &Said, now: u64) -> bool {
        let days = |days: u16| u64::from(days) * 24 * HOUR;
        self.shortest.is_some_and(|keep| said.at + days(keep) < now + 2 * HOUR)
    }

    /// Somebody agrees that a member becomes a facilitator since none answers.
    pub(crate) fn agrees_to_succeed(&mut self, whom: MemberId, by: MemberId, now: u64) {
        self.successions.entry(whom).or_default().entry(by).or_insert(now);
    }

    /// A device shows a circle anew, as somebody who has not been in it.
    pub(crate) fn begins_anew(&mut self, device: usize) {
        self.agreed.begins_anew(device);
        self.keeps.remove(&device);
        self.blocked.remove(&device);
        self.heard.remove(&device);
    }

    /// Whether somebody wanted a member to be gone.
    pub(crate) fn somebody_wants_gone(&self, member: &MemberId) -> bool {
        self.may_be_gone.contains(member)
            || self.removed.iter().chain(&self.left).any(|gone| gone.member == *member)
    }
}
