//! What has been checked. A function that needs a checked thing asks for [`Verified`].

use std::ops::Deref;

/// A value whose signature was checked. Only this crate can make one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// Says that the check was done, or that this program made the value itself.
    pub(crate) fn assert(value: T) -> Self {
        Self(value)
    }

    /// The value, no longer marked.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
