//! Grants of relays, as facilitators give them to circles. Clauses: specs/06-sync Y-70, Y-73.

use crate::admission::{Grant, GrantId};
use crate::circle::GrantError;
use crate::engine::Engine;
use crate::id::CircleId;
use crate::invite::RelayAddress;
use crate::time::Timestamp;

impl Engine {
    /// Gives a circle the grant of one of its relays: each device gets a part of it, sealed.
    ///
    /// # Errors
    /// [`GrantError`]; nothing has changed.
    pub fn give_grant(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        relay: &RelayAddress,
        grant: Grant,
    ) -> Result<(), GrantError> {
        self.act(now, circle, GrantError::UnknownCircle, |circle, step| {
            circle.give_grant(step, relay, grant)
        })
    }

    /// Whether a circle could be given a grant of a relay that it names.
    ///
    /// # Errors
    /// [`GrantError`]: why it could not.
    pub fn check_grant(
        &self,
        now: Timestamp,
        circle: &CircleId,
        grant: &Grant,
    ) -> Result<(), GrantError> {
        self.circles.get(circle).ok_or(GrantError::UnknownCircle)?.check_grant(now, grant)
    }

    /// A relay has revoked parts of a grant whose holders are gone.
    pub fn parts_revoked(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        grant: GrantId,
        members: &[u16],
    ) {
        // A circle that is gone has nothing to revoke any more.
        let _ = self.act(now, circle, (), |circle, step| {
            circle.parts_revoked(step, grant, members);
            Ok(())
        });
    }
}
