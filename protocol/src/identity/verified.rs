//! What has been checked and what has not. A function that needs a checked thing asks for
//! [`Verified`].

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

/// A value of the right shape that nobody has checked: what it says is a claim.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unverified<T>(T);

impl<T> Unverified<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(value)
    }

    /// What it claims. Enough to find the key to check it with, and for nothing else.
    pub fn claimed(&self) -> &T {
        &self.0
    }

    pub(crate) fn into_claimed(self) -> T {
        self.0
    }
}
