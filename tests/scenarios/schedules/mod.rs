//! Kept schedules: what insiders, long absence and bad luck may do to a circle, each played through
//! once with its stated bound (specs/04-order, "What an insider can still do").

mod absence;
mod clocks;
mod doors;
mod drawn;
mod equivocation;
mod excluded;
mod floods;
mod forgery;
mod homecoming;
mod paths;
mod removed;
mod rivals;
mod stage;
mod thirty;
mod twins;
mod votes;
mod welcomes;
mod withheld;
