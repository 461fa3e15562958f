//! The same with thirty devices, of whom most only read.

use super::{absence, clocks, homecoming, rivals, twins, withheld};

#[test]
#[ignore = "thirty devices take a minute"]
fn among_thirty_a_private_chain_moves_nobody() {
    assert_eq!(withheld::chain_kept_back(30, 40, 29, 178), 0);
}

#[test]
#[ignore = "thirty devices take a minute"]
fn among_thirty_what_a_facilitator_kept_back_moves_nobody() {
    assert_eq!(withheld::chain_kept_back(30, 1, 0, 179), 0);
}

#[test]
#[ignore = "thirty devices take minutes"]
fn among_thirty_four_twins_end_at_one_head() {
    twins::four_twins(30, 13);
}

#[test]
#[ignore = "thirty devices take minutes"]
fn among_thirty_a_removed_facilitator_who_forks_far_back_undoes_nothing() {
    rivals::forks_far_back(30, 62);
}

#[test]
#[ignore = "thirty devices take minutes"]
fn among_thirty_seventy_commits_in_two_hours_cost_no_word() {
    rivals::seventy_commits(30, 32);
}

#[test]
#[ignore = "thirty devices take more than a quarter of an hour for these twenty days"]
fn among_thirty_one_alone_for_twenty_days_comes_back_to_everything() {
    absence::alone_for_twenty_days(30, 72);
}

#[test]
#[ignore = "thirty devices take minutes"]
fn among_thirty_whoever_talks_under_an_old_state_is_read_and_holds_nobody_back() {
    clocks::talks_under_an_old_state(30, 85);
}

#[test]
#[ignore = "thirty devices take minutes"]
fn among_thirty_false_beacons_move_nobody() {
    homecoming::false_beacon(30, 116);
}
