//! Circles of real processes on this machine alone, driven by the commands a person types: one
//! file per promise. Each test has folders and ports of its own, waits for what must become true,
//! and ends every process it started.

// `cfg(test)` is always on here; saying so lets clippy see that helpers, too, are test code.
#[cfg(test)]
mod absence;
#[cfg(test)]
mod acts;
#[cfg(test)]
mod agreement;
#[cfg(test)]
mod apart;
#[cfg(test)]
mod bot;
#[cfg(test)]
mod choosing;
#[cfg(test)]
mod circle;
#[cfg(test)]
mod clocks;
mod companion;
#[cfg(test)]
mod copies;
#[cfg(test)]
mod device;
#[cfg(test)]
mod disk;
#[cfg(test)]
mod door;
#[cfg(test)]
mod duress;
#[cfg(test)]
mod ending;
#[cfg(test)]
mod erasing;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod fault;
#[cfg(test)]
mod files;
#[cfg(test)]
mod finding;
#[cfg(test)]
mod follow;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod grants;
#[cfg(test)]
mod idle;
#[cfg(test)]
mod joining;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod lan;
#[cfg(test)]
mod large;
#[cfg(test)]
mod link;
#[cfg(test)]
mod locking;
#[cfg(test)]
mod missing;
#[cfg(test)]
mod newcomer;
#[cfg(test)]
mod notify;
#[cfg(test)]
mod onion;
#[cfg(test)]
mod personal;
#[cfg(test)]
mod platter;
#[cfg(test)]
mod power;
#[cfg(test)]
mod preload;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod progress;
#[cfg(test)]
mod relays;
#[cfg(test)]
mod removal;
#[cfg(test)]
mod report;
#[cfg(test)]
mod search;
#[cfg(test)]
mod split;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod steward;
#[cfg(test)]
mod store;
#[cfg(test)]
mod succession;
#[cfg(test)]
mod system;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod thirty;
#[cfg(test)]
mod watch;
