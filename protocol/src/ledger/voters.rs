//! Who votes, and how many commits somebody may make who only renews a leaf: what the ledger
//! remembers of commits, whatever they change. Clauses: specs/03-circle C-40, C-41.
//!
//! The right to vote is not given by whoever admits: a newcomer votes once more than half of those
//! who voted before, other than who admitted them, have gone on committing above the admission.

use std::collections::BTreeSet;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::MemberId;
use crate::ledger::{Change, Ledger};
use crate::limits::{FLOOD_MEMBERS, FLOOD_SHARE, FLOOD_WINDOW, FOUNDING_COMMITTERS, MIN_VOTERS};
use crate::order::Class;

/// Whether a member votes.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum VoteRight {
    /// From the state of this epoch on.
    #[tls_codec(discriminant = 1)]
    Since(u64),
    /// Not before more than half of those who voted then have committed since.
    #[tls_codec(discriminant = 2)]
    Awaits {
        /// The epoch of the state in which they came, or got a role.
        since: u64,
        /// Who admitted them, or gave them the role: their own commits do not count.
        by: MemberId,
    },
    /// No: they came by an invite that needs no review.
    #[tls_codec(discriminant = 3)]
    Without,
}

/// What kind of commit `committer` makes with these changes: which of several rivals with as many
/// votes is the better one. A pure function of the parent's ledger and the commit.
#[must_use]
pub fn class_of(parent: &Ledger, committer: &MemberId, changes: &[Change]) -> Class {
    if changes.iter().any(Change::is_of_removals_or_roles) {
        return Class::Removal;
    }
    if parent.is_facilitator(committer) { Class::Facilitator } else { Class::Ordinary }
}

impl Ledger {
    /// Who votes at the state of this ledger: those with the right, and everybody if these are
    /// fewer than [`MIN_VOTERS`].
    #[must_use]
    pub fn voters(&self) -> BTreeSet<MemberId> {
        let with_right: BTreeSet<MemberId> = self
            .members
            .iter()
            .filter(|(_, entry)| matches!(entry.vote, VoteRight::Since(_)))
            .map(|(member, _)| *member)
            .collect();
        if with_right.len() < MIN_VOTERS {
            return self.members.keys().copied().collect();
        }
        with_right
    }

    /// The right of somebody who comes now: founders have it at once.
    pub(super) fn right_of_newcomer(&self, epoch: u64, by: &MemberId, reviewed: bool) -> VoteRight {
        if usize::from(self.committers) < FOUNDING_COMMITTERS {
            VoteRight::Since(epoch)
        } else if reviewed {
            VoteRight::Awaits { since: epoch, by: *by }
        } else {
            VoteRight::Without
        }
    }

    /// Whether `member` may make a commit now that only renews its leaf.
    #[must_use]
    pub fn may_renew(&self, member: &MemberId) -> bool {
        let lately = self.recent.iter().filter(|renewer| renewer.as_ref() == Some(member)).count();
        self.is_facilitator(member) || self.members.len() < FLOOD_MEMBERS || lately < FLOOD_SHARE
    }

    /// Remembers one commit: who made it, whether it only renewed, and who votes from now on.
    pub(super) fn remember(&mut self, committer: &MemberId, epoch: u64, only_renews: bool) {
        let Some(entry) = self.members.get_mut(committer) else {
            return;
        };
        if entry.committed == 0 && usize::from(self.committers) < FOUNDING_COMMITTERS {
            self.committers += 1;
        }
        entry.committed = epoch;
        let counted = only_renews && !self.is_facilitator(committer);
        self.recent.push(counted.then_some(*committer));
        if self.recent.len() >= FLOOD_WINDOW {
            self.recent.remove(0);
        }
        self.let_vote(epoch);
    }

    /// Gives the right to vote to those who have waited long enough, the longest first: in one
    /// commit at most half as many as have it already, but one.
    fn let_vote(&mut self, epoch: u64) {
        let older: Vec<(MemberId, u64, u64)> = self
            .members
            .iter()
            .filter_map(|(member, entry)| match entry.vote {
                VoteRight::Since(from) => Some((*member, from, entry.committed)),
                _ => None,
            })
            .collect();
        let mut ready: Vec<(u64, MemberId)> = self
            .members
            .iter()
            .filter_map(|(member, entry)| match entry.vote {
                VoteRight::Awaits { since, by } if is_endorsed(&older, since, &by) => {
                    Some((since, *member))
                }
                _ => None,
            })
            .collect();
        ready.sort_unstable();
        for (_, member) in ready.into_iter().take((older.len() / 2).max(1)) {
            if let Some(entry) = self.members.get_mut(&member) {
                entry.vote = VoteRight::Since(epoch);
            }
        }
    }
}

/// Whether more than half of those who voted before `since`, other than `by`, have committed after
/// it. Whoever left does not count; where nobody is left to ask, nobody is asked.
fn is_endorsed(older: &[(MemberId, u64, u64)], since: u64, by: &MemberId) -> bool {
    let asked = || older.iter().filter(|(member, from, _)| *from < since && member != by);
    let have = asked().filter(|(_, _, committed)| *committed > since).count();
    let asked = asked().count();
    asked == 0 || have * 2 > asked
}
