//! Kept schedules: what insiders, long absence and bad luck may do to a circle, each played through
//! once with its stated bound (specs/04-order, "What an insider can still do").

mod equivocation;
mod forgery;
mod stage;
