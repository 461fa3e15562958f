//! What this device knows of who stands where, and how it says where it stands itself.
//! Clauses: specs/03-circle C-12.

use crate::circle::Circle;
use crate::state::Sibling;

impl Circle {
    /// What this device has taken in of its member's other devices: none, as long as a member has
    /// one device.
    #[allow(clippy::unused_self)]
    pub(super) fn siblings(&self) -> Vec<Sibling> {
        Vec::new()
    }
}
