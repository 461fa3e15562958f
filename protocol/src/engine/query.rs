//! What can be asked of the engine without changing anything.

use std::collections::{BTreeMap, BTreeSet};

use crate::circle::{
    CircleOverview, CodeOverview, Deed, DeviceOverview, KnockOverview, Removal, ReportOverview,
};
use crate::engine::Engine;
use crate::id::{CircleId, InviteId, ItemId, MemberId};
use crate::invite::DeviceCode;
use crate::joining::{JoinOverview, Joining};
use crate::time::Timestamp;
use crate::view::Timeline;

impl Engine {
    /// The invite by which this device came into a circle, as it is in it now.
    #[must_use]
    pub fn came_by(&self, circle: &CircleId) -> Option<InviteId> {
        self.circles.get(circle)?.joined_by()
    }

    /// The devices of this device's member in a circle, in the order in which they came.
    #[must_use]
    pub fn devices(&self, circle: &CircleId) -> Option<Vec<DeviceOverview>> {
        Some(self.circles.get(circle)?.devices())
    }

    /// The device code this device has made last in a circle.
    #[must_use]
    pub fn device_code(&self, circle: &CircleId) -> Option<CodeOverview> {
        self.circles.get(circle)?.code_overview()
    }

    /// The text of that code, while devices can ask by it.
    #[must_use]
    pub fn device_code_text(&self, now: Timestamp, circle: &CircleId) -> Option<DeviceCode> {
        self.circles.get(circle)?.code_text(now)
    }

    /// The circles of this device.
    #[must_use]
    pub fn circles(&self, now: Timestamp) -> Vec<CircleOverview> {
        self.circles.values().filter_map(|circle| circle.overview(now)).collect()
    }

    /// One circle.
    #[must_use]
    pub fn circle(&self, now: Timestamp, circle: &CircleId) -> Option<CircleOverview> {
        self.circles.get(circle)?.overview(now)
    }

    /// Shows the timeline of a circle to `reader`, at the time of the last input.
    pub fn with_timeline<R>(
        &self,
        circle: &CircleId,
        reader: impl FnOnce(&Timeline<'_>) -> R,
    ) -> Option<R> {
        Some(self.circles.get(circle)?.with_timeline_at(self.now, reader))
    }

    /// Shows the timeline of a circle to `reader` as it is at `now`: what a mute or slow mode holds
    /// back depends on it.
    pub fn with_timeline_at<R>(
        &self,
        now: Timestamp,
        circle: &CircleId,
        reader: impl FnOnce(&Timeline<'_>) -> R,
    ) -> Option<R> {
        Some(self.circles.get(circle)?.with_timeline_at(now, reader))
    }

    /// Who was removed from a circle, by whom and why.
    #[must_use]
    pub fn removals(&self, circle: &CircleId) -> Vec<Removal> {
        self.circles.get(circle).map(|circle| circle.removals()).unwrap_or_default()
    }

    /// What commits changed of a circle itself, for the steward log.
    #[must_use]
    pub fn deeds(&self, circle: &CircleId) -> Vec<Deed> {
        self.circles.get(circle).map(|circle| circle.deeds()).unwrap_or_default()
    }

    /// When the next share of this device's member is shown; `None` if at once.
    #[must_use]
    pub fn next_share(&self, now: Timestamp, circle: &CircleId) -> Option<Timestamp> {
        self.circles.get(circle)?.next_share(now)
    }

    /// The reports for this device, and those it made.
    #[must_use]
    pub fn reports(&self, circle: &CircleId) -> Option<Vec<ReportOverview>> {
        Some(self.circles.get(circle)?.report_overviews())
    }

    /// Whose words the owner of this device does not want to see.
    #[must_use]
    pub fn blocked(&self, circle: &CircleId) -> BTreeSet<MemberId> {
        self.circles.get(circle).map(|circle| circle.blocked_members().clone()).unwrap_or_default()
    }

    /// Whether nothing of an item of this device waits to be sent.
    #[must_use]
    pub fn is_held(&self, circle: &CircleId, item: &ItemId) -> bool {
        self.circles.get(circle).is_some_and(|circle| circle.is_held(item))
    }

    /// How many devices beside their authors' are known to have these items; those that none is
    /// known to have are left out.
    #[must_use]
    pub fn reached(&self, circle: &CircleId, items: &BTreeSet<ItemId>) -> BTreeMap<ItemId, usize> {
        self.circles.get(circle).map(|circle| circle.reached(items)).unwrap_or_default()
    }

    /// Those who knock at a circle.
    #[must_use]
    pub fn lobby(&self, circle: &CircleId) -> Option<Vec<KnockOverview>> {
        Some(self.circles.get(circle)?.lobby())
    }

    /// The attempts of this device to join.
    #[must_use]
    pub fn joins(&self) -> Vec<JoinOverview> {
        self.joinings.values().map(Joining::overview).collect()
    }

    /// One attempt to join.
    #[must_use]
    pub fn join(&self, invite: &InviteId) -> Option<JoinOverview> {
        self.joinings.get(invite).map(Joining::overview)
    }
}
