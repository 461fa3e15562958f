//! The first state a device has of a circle: founded, or entered by a Welcome.

use std::collections::BTreeMap;
use std::sync::Arc;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{CircleId, MemberId, StateId};
use crate::identity::{Credential, DeviceKey};
use crate::label::Label;
use crate::ledger::{Ledger, Settings};
use crate::limits::{MAX_PORCHES, MAX_SEEN};
use crate::mls::{DeviceSigner, Group, GroupError, JoinError, Leaf, Namespace, Provider, Suite};
use crate::order::Class;
use crate::secret::Secret;
use crate::state::apply::export_keys;
use crate::state::{EraStart, Held, Hold, Remains, Short, State, author_of, state_id};
use crate::time::Period;

/// Headers a Welcome brings along: the newest states of the path and their rivals.
pub(crate) const MAX_HEADERS: usize = 256;

/// A state without its keys: what the choice of the head needs to know of it.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Header {
    /// The state.
    pub(crate) id: StateId,
    /// What it was made from.
    pub(crate) parent: Option<StateId>,
    /// Its epoch.
    pub(crate) epoch: u64,
    /// The leaf that made it.
    pub(crate) leaf: u32,
    /// Whose leaf that was, if it is known.
    pub(crate) member: Option<MemberId>,
    /// What kind of commit made it.
    pub(crate) class: Class,
    /// The child of it that was chosen for good, if its keys went.
    pub(crate) chosen: Option<StateId>,
    /// Tips named by the commit that made it, if that took somebody out.
    pub(crate) departures: Option<Vec<Short>>,
}

/// The secret of one era, for somebody who joins.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct EraShare {
    /// The state that began the era.
    pub(crate) era: StateId,
    /// The period the secret holds from.
    pub(crate) period: Period,
    /// The secret.
    pub(crate) secret: Secret<32>,
    /// What admits to direct links.
    pub(crate) link: Secret<32>,
    /// What the porches come from: of this era first, then of those before it.
    pub(crate) porches: Vec<PorchShare>,
}

/// The secret of the porch of one era.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct PorchShare {
    /// The state that began the era.
    pub(crate) era: StateId,
    /// The secret.
    pub(crate) secret: Secret<32>,
}

impl EraShare {
    /// The era as it starts here, and the porches of those before it.
    fn start(self) -> Option<(EraStart, Vec<PorchShare>)> {
        let mut porches = self.porches;
        if porches.len() > MAX_PORCHES || porches.first()?.era != self.era {
            return None;
        }
        let porch = porches.remove(0).secret;
        let start = EraStart { period: self.period, secret: self.secret, link: self.link, porch };
        Some((start, porches))
    }
}

/// What travels beside a Welcome.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Entrance {
    /// The ledger of the state entered; its hash stands in the GroupContext.
    pub(crate) ledger: Ledger,
    /// The era of that state.
    pub(crate) era: EraShare,
    /// The leaf of whoever made that state.
    pub(crate) header: Header,
    /// States below and beside it.
    pub(crate) headers: Vec<Header>,
}

/// A state this device has just come into.
pub(crate) struct Entered {
    /// Its id.
    pub(crate) id: StateId,
    /// The state.
    pub(crate) state: State,
    /// Its era.
    pub(crate) era: EraStart,
    /// The porches of the eras before it.
    pub(crate) porches: Vec<PorchShare>,
    /// States it knows of without their keys.
    pub(crate) headers: BTreeMap<StateId, State>,
}

impl Entered {
    /// What was chosen for good by whoever let this device in: state and child.
    pub(crate) fn choices(&self) -> BTreeMap<StateId, StateId> {
        let chosen = |state: &State| match &state.hold {
            Hold::Header(remains) => remains.chosen,
            _ => None,
        };
        self.headers.iter().filter_map(|(id, state)| Some((*id, chosen(state)?))).collect()
    }
}

/// Why a device could not come into a circle.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum EnterError {
    /// MLS refused the Welcome.
    #[error(transparent)]
    Welcome(#[from] JoinError),
    /// MLS refused something else.
    #[error(transparent)]
    Mls(#[from] GroupError),
    /// The Welcome leads into another circle than the card promised.
    #[error("the welcome leads elsewhere")]
    OtherCircle,
    /// What travelled beside the Welcome is not what the group agreed on.
    #[error("the welcome and what came with it do not agree")]
    Ledger,
}

/// Founds a circle: its first state, with one device in it.
pub(crate) fn found(
    circle: &CircleId,
    key: &DeviceKey,
    credential: &Credential,
    ledger: Ledger,
    period: Period,
    injected: Secret<32>,
) -> Result<Entered, EnterError> {
    let Settings { suite, .. } = *ledger.settings();
    let provider = Provider::new(injected, &Namespace::default());
    let signer = DeviceSigner::of(key);
    let credential = credential.to_bytes();
    let group = Group::create(&provider, &signer, suite, circle, &credential, &ledger.hash())?;
    let id = state_id(circle, &group)?;
    let secret = group.export(&provider, Label::EXPORT_ERA, &[])?;
    let state = State {
        parent: None,
        epoch: group.identifiers()?.epoch,
        leaf: 0,
        member: ledger.member_of(&key.id()).copied(),
        class: Class::Facilitator,
        commit: None,
        hold: held(&group, provider, ledger, id, None)?,
    };
    let era = EraStart::first(period, secret);
    Ok(Entered { id, state, era, porches: Vec::new(), headers: BTreeMap::new() })
}

/// Enters a circle by a Welcome for one of the KeyPackages whose private halves are in `keys`.
pub(crate) fn enter(
    circle: &CircleId,
    suite: Suite,
    me: &DeviceKey,
    welcome: &[u8],
    entrance: Entrance,
    keys: &Namespace,
    injected: Secret<32>,
) -> Result<Entered, EnterError> {
    let provider = Provider::new(injected, keys);
    let group = Group::join(&provider, suite, welcome)?;
    if group.circle()? != *circle {
        return Err(EnterError::OtherCircle);
    }
    let id = state_id(circle, &group)?;
    let Entrance { ledger, era, header, headers } = entrance;
    let epoch = group.identifiers()?.epoch;
    let agrees = group.ledger_hash()? == ledger.hash()
        && header.id == id
        && header.epoch == epoch
        && headers.len() <= MAX_HEADERS
        && [&header].into_iter().chain(&headers).all(Header::is_bounded)
        && epochs_ascend(&header, &headers)
        && leaves_are_members(circle, &ledger, &group.leaves()?)
        && ledger.member_of(&me.id()).is_some();
    if !agrees {
        return Err(EnterError::Ledger);
    }
    let state = State {
        parent: header.parent,
        epoch,
        leaf: header.leaf,
        member: header.member,
        class: header.class,
        commit: None,
        hold: held(&group, provider, ledger, era.era, header.departures)?,
    };
    let headers = headers
        .into_iter()
        .filter(|known| known.id != id)
        .map(|known| {
            let Header { id, parent, epoch, leaf, member, class, chosen, departures } = known;
            let hold = Hold::Header(Remains { chosen, departures, ..Remains::default() });
            (id, State { parent, epoch, leaf, member, class, commit: None, hold })
        })
        .collect();
    let (era, porches) = era.start().ok_or(EnterError::Ledger)?;
    Ok(Entered { id, state, era, porches, headers })
}

impl Header {
    /// Whether it names no more tips than a commit does.
    fn is_bounded(&self) -> bool {
        self.departures.as_ref().is_none_or(|tips| tips.len() <= MAX_SEEN)
    }
}

/// Whether every state stands one epoch above its parent, as far as the parent is among them: so
/// nobody can send somebody who walks along parents in a circle.
fn epochs_ascend(entered: &Header, headers: &[Header]) -> bool {
    let all = || headers.iter().chain([entered]);
    let epochs: BTreeMap<StateId, u64> = all().map(|header| (header.id, header.epoch)).collect();
    all().all(|header| {
        let parent = header.parent.and_then(|parent| epochs.get(&parent));
        epochs.get(&header.id) == Some(&header.epoch)
            && parent.is_none_or(|parent| parent.checked_add(1) == Some(header.epoch))
    })
}

fn held(
    group: &Group,
    provider: Provider,
    ledger: Ledger,
    era: StateId,
    departures: Option<Vec<Short>>,
) -> Result<Hold, GroupError> {
    let keys = export_keys(group, &provider)?;
    Ok(Hold::Keys(Box::new(Held {
        ledger: Arc::new(ledger),
        era,
        departures,
        acknowledged: true,
        left: false,
        sent: 0,
        namespace: provider.into_changes().0,
        group: None,
        keys,
    })))
}

/// Whether the leaves of the tree are exactly the devices of the ledger, each certified.
fn leaves_are_members(circle: &CircleId, ledger: &Ledger, leaves: &[Leaf]) -> bool {
    let devices: usize = ledger.members().values().map(|entry| entry.devices.len()).sum();
    leaves.len() == devices
        && leaves.iter().all(|leaf| {
            let certified = Credential::from_bytes(&leaf.credential)
                .is_ok_and(|credential| credential.verify(circle, leaf.device.as_bytes()).is_ok());
            certified && author_of(ledger, &leaf.credential).is_some()
        })
}
