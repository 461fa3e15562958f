//! How long the engine waits for things. All timers come from here, so that tests can run the same
//! code faster.

use std::time::Duration;

/// Every wait of the engine. The defaults are those of specs/04-order O-20.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Timings {
    /// Longest random wait of an inviter before it admits by itself.
    pub inviter_jitter: Duration,
    /// How long other members leave an admission to the inviter.
    pub inviter_first: Duration,
    /// One position in the order of those who may commit.
    pub position_step: Duration,
    /// Longest random wait added to a position.
    pub position_jitter: Duration,
    /// How long after a start nothing is committed, so that what others did is heard first.
    pub after_start: Duration,
    /// Longest random wait of a newcomer before it renews its leaf.
    pub newcomer_renewal: Duration,
    /// Longest random wait of a device before it says where it stands, if nothing it sealed does.
    pub vote_wait: Duration,
    /// How often it says so at most.
    pub vote_interval: Duration,
    /// The same while rivals stand beside the head.
    pub vote_interval_in_a_fork: Duration,
    /// How long after a commit was published without an acknowledgement it is published again.
    pub republish: Duration,
    /// How long nothing may have come in before a device commits what is nobody's hurry.
    pub quiet: Duration,
    /// How long it waits for that at most.
    pub longest_quiet: Duration,
    /// Longest random wait before a device seals again what it wrote on a branch that lost.
    pub carry_own: Duration,
    /// How long others leave that to an author who is in the circle.
    pub carry_silent: Duration,
    /// How long something waits that nothing opens, before a device asks for what it missed.
    pub stuck: Duration,
    /// How long a device waits for an answer before it asks again; each time twice as long.
    pub ask_again: Duration,
    /// The longest such wait.
    pub ask_again_most: Duration,
    /// How much longer whoever knows no way waits before it says so.
    pub no_way: Duration,
    /// How often the card of an invite is put again.
    pub card_interval: Duration,
    /// In each such span a device says one thing without its name, real or not.
    pub anonymous_span: Duration,
    /// Longest random wait after it was due, for a device that was not there.
    pub anonymous_late: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            inviter_jitter: Duration::from_millis(500),
            inviter_first: Duration::from_secs(60),
            position_step: Duration::from_secs(3),
            position_jitter: Duration::from_secs(2),
            after_start: Duration::from_secs(3),
            newcomer_renewal: Duration::from_secs(20),
            vote_wait: Duration::from_secs(60),
            vote_interval: Duration::from_secs(3600),
            vote_interval_in_a_fork: Duration::from_secs(300),
            republish: Duration::from_secs(30),
            quiet: Duration::from_millis(1500),
            longest_quiet: Duration::from_secs(5),
            carry_own: Duration::from_secs(10),
            carry_silent: Duration::from_secs(600),
            stuck: Duration::from_secs(600),
            ask_again: Duration::from_secs(600),
            ask_again_most: Duration::from_secs(24 * 3600),
            no_way: Duration::from_secs(60),
            card_interval: Duration::from_secs(15 * 24 * 3600),
            anonymous_span: Duration::from_secs(24 * 3600),
            anonymous_late: Duration::from_secs(3600),
        }
    }
}

impl Timings {
    /// The same waits, `factor` times shorter; a factor of zero changes nothing.
    #[must_use]
    pub fn faster(&self, factor: u32) -> Self {
        let shorter = |wait: Duration| wait.checked_div(factor).unwrap_or(wait);
        Self {
            inviter_jitter: shorter(self.inviter_jitter),
            inviter_first: shorter(self.inviter_first),
            position_step: shorter(self.position_step),
            position_jitter: shorter(self.position_jitter),
            after_start: shorter(self.after_start),
            newcomer_renewal: shorter(self.newcomer_renewal),
            vote_wait: shorter(self.vote_wait),
            vote_interval: shorter(self.vote_interval),
            vote_interval_in_a_fork: shorter(self.vote_interval_in_a_fork),
            republish: shorter(self.republish),
            quiet: shorter(self.quiet),
            longest_quiet: shorter(self.longest_quiet),
            carry_own: shorter(self.carry_own),
            carry_silent: shorter(self.carry_silent),
            stuck: shorter(self.stuck),
            ask_again: shorter(self.ask_again),
            ask_again_most: shorter(self.ask_again_most),
            no_way: shorter(self.no_way),
            card_interval: self.card_interval,
            // A day is so much longer than all other waits that it takes more to come within reach.
            anonymous_span: shorter(shorter(shorter(self.anonymous_span))),
            anonymous_late: shorter(shorter(shorter(self.anonymous_late))),
        }
    }
}
