//! Scenarios over protocol and node, one file per promise.

// `cfg(test)` is always on here; saying so lets clippy see that helpers, too, are test code.
#[cfg(test)]
mod absence;
#[cfg(test)]
mod acts;
#[cfg(test)]
mod agreed;
#[cfg(test)]
mod agreement;
#[cfg(test)]
mod at_hand;
#[cfg(test)]
mod carry;
#[cfg(test)]
mod circle;
#[cfg(test)]
mod closing;
#[cfg(test)]
mod converge;
#[cfg(test)]
mod deeds;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod devices;
#[cfg(test)]
mod dying;
#[cfg(test)]
mod files;
#[cfg(test)]
mod gates;
#[cfg(test)]
mod grants;
#[cfg(test)]
mod handed;
#[cfg(test)]
mod history;
#[cfg(test)]
mod holding;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod listener;
#[cfg(test)]
mod meddling;
#[cfg(test)]
mod parted;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod readmit;
#[cfg(test)]
mod relays;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod resent;
#[cfg(test)]
mod retention;
#[cfg(test)]
mod returns;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod room;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod steward;
#[cfg(test)]
mod table;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod votes;
#[cfg(test)]
mod window;
#[cfg(test)]
mod wire;
