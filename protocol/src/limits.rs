//! Every bound of the protocol, with its unit and clause. A length or a count that can come from
//! a peer is compared with one of these before anything is allocated.

use std::time::Duration;

/// Hours in a period: seven days (C-22).
pub const PERIOD_HOURS: u32 = 168;
/// Sizes of an envelope on the wire, in bytes, signature included (W-5).
pub const ENVELOPE_SIZES: [usize; 3] = [2 * 1024, 16 * 1024, 60 * 1024];
/// The largest record that travels in chunks, in bytes (W-12).
pub const MAX_RECORD: usize = 512 * 1024;
/// The largest Welcome with what belongs to it, in bytes (W-12).
pub const MAX_WELCOME: usize = 4 * 1024 * 1024;
/// How far ahead of one's own clock an envelope's hour may be (W-6).
pub const MAX_HOURS_AHEAD: u32 = 26;

/// Characters (Unicode scalar values) of a member's name (I-10).
pub const MAX_NAME_CHARS: usize = 40;
/// Characters of a circle's title (V-5).
pub const MAX_TITLE_CHARS: usize = 80;
/// Bytes of the text of a share or reply (I-10).
pub const MAX_TEXT: usize = 256 * 1024;
/// Bytes of what an item's author signs: the text and what stands around it (I-2).
pub const MAX_ITEM: usize = 260 * 1024;
/// Characters of a content note (I-10).
pub const MAX_CONTENT_NOTE_CHARS: usize = 120;
/// Days for which a circle may choose to keep what is said, at most (C-62).
pub const MAX_KEEP_DAYS: u16 = 3650;
/// How long a device knows of a shorter time to keep words before it follows it (C-62).
pub const KEEP_NOTICE: Duration = Duration::from_secs(7 * 24 * 3600);
/// Characters of the reason for which a facilitator does something to hold the circle (I-30).
pub const MAX_STEWARD_REASON_CHARS: usize = 300;
/// Longest time a member is muted at once (I-33).
pub const MAX_MUTE: Duration = Duration::from_secs(30 * 24 * 3600);
/// Most minutes between two shares of one member (I-35).
pub const MAX_SLOW_MINUTES: u16 = 24 * 60;
/// Commits that removed somebody, and as many that changed the circle itself, that a circle
/// remembers for its steward log (I-36).
pub const MAX_LOGGED_REMOVALS: usize = 1024;
/// Members that the owner of a device blocks in one circle at once (I-38).
pub const MAX_BLOCKED: usize = 1000;
/// Bytes of a file that goes along with something said (I-71).
pub const MAX_FILE: usize = 1024 * 1024;
/// Bytes of one piece of a file: with what stands around it, it fits one envelope (I-71).
pub const FILE_PIECE: usize = 56 * 1024;
/// Characters of a file's name (I-71).
pub const MAX_FILE_NAME_CHARS: usize = 120;
/// Bytes of files of one member that a device keeps in one circle (I-75).
pub const MAX_FILES_OF_MEMBER: u64 = 16 * 1024 * 1024;
/// Bytes of files that a device keeps in one circle (I-75).
pub const MAX_FILES_OF_CIRCLE: u64 = 64 * 1024 * 1024;
/// Pieces of each device that are kept in any case before it is known of which file they are (I-75).
pub const MAX_STRAY_PIECES: usize = 24;
/// Pieces that a device keeps in one circle before it knows of which files they are, beyond those
/// that it keeps in any case (I-75).
pub const MAX_STRAYS_OF_CIRCLE: usize = 1024;
/// Pieces of files that go with one answer to a question: half a MiB (O-73).
pub const MAX_PIECES_HANDED: usize = 9;
/// Characters of what is searched for (I-50).
pub const MAX_SEARCH_CHARS: usize = 200;
/// Things found in one answer (I-50).
pub const MAX_FOUND: usize = 100;
/// Things that were said that one answer looks through one by one (I-50).
pub const MAX_LOOKED_THROUGH: usize = 50_000;
/// Drafts that a device keeps (I-55).
pub const MAX_DRAFTS: usize = 64;
/// Bytes of the texts of all of them (I-55).
pub const MAX_DRAFTS_LEN: usize = 4 * 1024 * 1024;
/// Check-ins that a device keeps (I-56).
pub const MAX_CHECK_INS: usize = 4096;
/// Characters of the words of a check-in (I-56).
pub const MAX_CHECK_IN_CHARS: usize = 500;
/// Parts of the plan that a device keeps (I-57).
pub const MAX_PLAN_PARTS: usize = 32;
/// Characters of the title of a part (I-57).
pub const MAX_PLAN_TITLE_CHARS: usize = 80;
/// Bytes of the words of a part (I-57).
pub const MAX_PLAN_TEXT: usize = 16 * 1024;
/// Characters of the words of a notice (I-80).
pub const MAX_NOTICE_CHARS: usize = 80;
/// Arguments of the program that shows notices (I-81).
pub const MAX_NOTICE_ARGS: usize = 16;
/// Bytes of the path of that program and of its arguments together (I-81).
pub const MAX_NOTICE_COMMAND: usize = 2048;
/// How long that program may take (I-81).
pub const NOTICE_PATIENCE: Duration = Duration::from_secs(10);
/// Most minutes from one notice to the next (I-80).
pub const MAX_NOTICE_MINUTES: u16 = 1440;
/// Things of each kind in one circle that are remembered until a notice tells of them (I-80).
pub const MAX_UNTOLD: usize = 256;
/// Devices that one anonymous message is for at most (I-41).
pub const ANONYMOUS_READERS: usize = 6;
/// Bytes of what an anonymous message says, padding included (I-41).
pub const ANONYMOUS_LEN: usize = 7680;
/// Anonymous messages under one state and in one day beyond two of each device (I-42).
pub const ANONYMOUS_SPARE: usize = 16;
/// Characters of the reason of a report, of an appeal and of an outcome (I-43).
pub const MAX_REPORT_CHARS: usize = 500;
/// Bytes of the longest signed item that goes along with a report (I-43).
pub const MAX_QUOTE: usize = 3 * 1024;
/// Bytes of an answer to a report (I-46).
pub const MAX_REPORT_ANSWER: usize = 4096;
/// Reports for a device that it keeps (I-45).
pub const MAX_REPORTS: usize = 256;
/// New reports that a device keeps in one day of its own (I-45).
pub const MAX_REPORTS_A_DAY: usize = 32;
/// Reports about one item beyond which the newest goes when there is no room (I-45).
pub const REPORTS_OF_ONE_ITEM: usize = 8;
/// Reports of this device's member that wait or are kept (I-44).
pub const MAX_OWN_REPORTS: usize = 32;
/// How often a report is sent that nobody acknowledged (I-44).
pub const MAX_REPORT_SENDS: u8 = 5;
/// Appeals of one report (I-47).
pub const MAX_APPEALS: usize = 3;
/// Bytes of what was reported and was too long to go along, of all reports for a device that it keeps
/// (I-45).
pub const MAX_REPORTED_WORDS: usize = 4 * 1024 * 1024;
/// How long reports are kept (I-45).
pub const REPORT_KEEP: Duration = Duration::from_secs(180 * 24 * 3600);
/// Members that a report is for where no facilitator is left to read it (I-44).
pub const REPORT_ELDERS: usize = 4;
/// Bytes of an agreement's text (V-5).
pub const MAX_AGREEMENT: usize = 16 * 1024;
/// Characters of the other texts of a card: welcome text, declaration (V-5).
pub const MAX_CARD_TEXT_CHARS: usize = 2000;
/// Characters of the note in a knock or the reason of a decline (V-8).
pub const MAX_NOTE_CHARS: usize = 500;
/// Tips an item names besides its own predecessor (I-5).
pub const MAX_SEEN: usize = 8;

/// Members of a circle (C-2).
pub const MAX_MEMBERS: usize = 1000;
/// Devices of one member (D-5).
pub const MAX_DEVICES_PER_MEMBER: usize = 3;
/// Devices that stood one in the place of the other before a device (D-12).
pub const MAX_VOUCHERS: usize = 7;
/// Other devices of its member that a seal names (C-12).
pub const MAX_SIBLINGS: usize = 2;
/// Different members whose commits end the founding of a circle (C-40).
pub const FOUNDING_COMMITTERS: usize = 3;
/// Members with the right to vote below whom everybody votes (C-40).
pub const MIN_VOTERS: usize = 3;
/// Members of a circle from whom on renewals are counted (C-41).
pub const FLOOD_MEMBERS: usize = 10;
/// The latest commits among which renewals are counted (C-41).
pub const FLOOD_WINDOW: usize = 8;
/// Renewals of one member among them (C-41).
pub const FLOOD_SHARE: usize = 2;
/// Seals of one device that are remembered, the newest (O-31).
pub const MAX_BALLOTS: usize = 16 * 1024;
/// Commits of one leaf on one state that are processed though nobody named them (O-37).
pub const UNNAMED_TWINS: usize = 2;
/// Namings of one device under one state (O-37).
pub const MAX_NAMINGS: usize = 8;
/// Changes of side at one fork beyond which a device does not vote there (O-36).
pub const MAX_FLIPS: usize = 4;
/// How long a proposal, and a consent to it, is carried out (C-45).
pub const MOTION_LIFE: Duration = Duration::from_secs(14 * 24 * 3600);
/// How long no facilitator has answered before a succession is committed (C-44).
pub const SUCCESSION_SILENCE: Duration = Duration::from_secs(72 * 3600);
/// States whose keys a circle keeps (O-30).
pub const MAX_STATES: usize = 1024;
/// Age of a head under which something was said, after which somebody renews a leaf (O-52).
pub const HEAD_AGE: Duration = Duration::from_secs(12 * 3600);
/// How long what others had on a topic counts as fetched (O-53).
pub const FRESH_SYNC: Duration = Duration::from_secs(24 * 3600);
/// How long after a member was last heard of keys are kept for it (O-54).
pub const UNHEARD: Duration = Duration::from_secs(14 * 24 * 3600);
/// How long a member may seal further back than the others before it is not waited for (O-54).
pub const BEHIND: Duration = Duration::from_secs(24 * 3600);
/// How long what may still be said where keys are about to go is waited for: a seal that is missing between
/// others, words of who made a commit, the other sides of a fork (O-54).
pub const GAP_PATIENCE: Duration = Duration::from_secs(24 * 3600);
/// How long a past state is kept at most, if most have gone on (O-55).
pub const KEEP_WITH_MAJORITY: Duration = Duration::from_secs(14 * 24 * 3600);
/// How long a past state is kept at most (O-55).
pub const KEEP_WITHOUT_MAJORITY: Duration = Duration::from_secs(60 * 24 * 3600);
/// Age of a past state before which it does not go for being one too many (O-30).
pub const YOUNG_STATE: Duration = Duration::from_secs(2 * 24 * 3600);
/// How long the header of a state whose keys are gone is kept (O-58).
pub const HEADER_KEEP: Duration = Duration::from_secs(400 * 24 * 3600);
/// Headers a circle keeps (O-58).
pub const MAX_KEPT_HEADERS: usize = 4096;
/// Members whom all these headers together name (O-58).
pub const MAX_HEADER_MEMBERS: usize = 64 * 1024;
/// Commits of the head's path kept for those who come back (O-64).
pub const MAX_KEPT_COMMITS: usize = 4096;
/// Bytes of these commits (O-64).
pub const MAX_RUN_BYTES: usize = 16 * 1024 * 1024;
/// Names remembered of those whom no kept state names (O-62).
pub const MAX_REMEMBERED_NAMES: usize = 4096;
/// Items a device carries over in one step (O-102).
pub const MAX_CARRIED: usize = 64;
/// States a device remembers an item to be sealed under (O-100).
pub const MAX_PLACES: usize = 4;
/// Splits a device counts (O-120).
pub const MAX_SPLITS: usize = 64;
/// How long it counts them (O-120).
pub const SPLIT_MEMORY: Duration = Duration::from_secs(7 * 24 * 3600);
/// How lately a member must have been heard of to have a turn (O-20).
pub const HEARD_LATELY: Duration = Duration::from_secs(600);
/// Changes one commit carries (C-9).
pub const MAX_CHANGES: usize = 64;
/// Invites open at once (V-3).
pub const MAX_OPEN_INVITES: usize = 64;
/// Invites a circle remembers, open or not (V-3).
pub const MAX_INVITES: usize = 1024;
/// Bytes of an invite as text, white space included (V-4).
pub const MAX_INVITE_TEXT: usize = 4096;
/// Bytes of a card without its signature: one envelope always holds it (V-5).
pub const MAX_CARD: usize = 48 * 1024;
/// Facilitators a card names (V-5).
pub const MAX_CARD_FACILITATORS: usize = 64;
/// Bytes of a knock inside its seal: one envelope always holds it (V-8).
pub const MAX_KNOCK: usize = 48 * 1024;
/// Bytes of one KeyPackage in a knock (V-8).
pub const MAX_KEY_PACKAGE: usize = 8 * 1024;
/// Uses of one invite (V-3).
pub const MAX_INVITE_USES: u16 = 1000;
/// KeyPackages in one knock (V-8).
pub const MAX_KEY_PACKAGES: usize = 4;
/// Knocks waiting in a circle's lobby (V-10).
pub const MAX_KNOCKS: usize = 256;
/// Refused knocks of one invite remembered in case another branch lets the newcomer in (O-112).
pub const MAX_REFUSED_KNOCKS: usize = 4;
/// How long a text that lets a further device in can be used (V-17).
pub const DEVICE_CODE_LIFETIME: Duration = Duration::from_secs(3600);
/// Devices that ask by one such text at once (V-18).
pub const MAX_DEVICE_REQUESTS: usize = 4;
/// Bytes of what a new device asks or is granted, inside its seal (V-18).
pub const MAX_DEVICE_POST: usize = 4 * 1024;
/// Relays a circle or an invite names (V-4).
pub const MAX_RELAYS: usize = 3;
/// Relays a circle named before and that a device still uses (Y-28).
pub const MAX_FORMER_RELAYS: usize = 6;
/// Relays a device uses for one circle (Y-27).
pub const MAX_RELAYS_USED: usize = 12;
/// How long a relay that is named no longer is used at most (Y-28).
pub const FORMER_RELAY_KEEP: Duration = Duration::from_secs(60 * 24 * 3600);
/// Bytes of a relay's address (V-4).
pub const MAX_RELAY_ADDRESS: usize = 256;
/// Keys of devices of one circle that are kept ready to check signatures with.
pub const MAX_KNOWN_KEYS: usize = 64;
/// Circles one profile holds.
pub const MAX_CIRCLES: usize = 64;
/// Envelopes of one circle that wait for something not known yet (Y-14).
pub const MAX_WAITING: usize = 4096;
/// Envelopes of one invite's topic among them (Y-14).
pub const MAX_WAITING_OF_INVITE: usize = 64;
/// Envelopes in a circle's outbox; beyond it new work is refused (S-7).
pub const MAX_OUTBOX: usize = 4096;
/// Eras whose topics a device follows (C-24).
pub const MAX_ERAS: usize = 16;
/// Periods of one era a device follows after an absence (C-24).
pub const MAX_PERIODS_BACK: u32 = 6;
/// Porches a device follows (O-70).
pub const MAX_PORCHES: usize = 8;
/// How long the porch of an old era is followed (O-70).
pub const PORCH_KEEP: Duration = Duration::from_secs(400 * 24 * 3600);
/// Envelopes of one porch among those that wait (Y-14).
pub const MAX_WAITING_OF_PORCH: usize = 256;
/// States that a question names besides the asker's head (O-71).
pub const MAX_KNOWN_STATES: usize = 16;
/// Bytes of a question (O-71).
pub const MAX_ASK: usize = 4 * 1024;
/// How long a question is answered (O-71).
pub const ASK_LIFE: Duration = Duration::from_secs(24 * 3600);
/// Questions of others a device keeps in mind (O-71).
pub const MAX_ASKS: usize = 64;
/// Bytes of what a device says on coming back: one envelope always holds it (O-74).
pub const MAX_RETURN: usize = 48 * 1024;
/// Devices that ask to be taken in anew and that a device keeps in mind (O-74).
pub const MAX_RETURNS: usize = 64;
/// Requests to be taken in anew before the newest whose answers a device still takes (O-74).
pub const MAX_OFFERS: usize = 8;
/// How long a request to be taken in anew is carried out (O-74).
pub const RETURN_LIFE: Duration = Duration::from_secs(14 * 24 * 3600);
/// How long after one return of a member the next is carried out at the earliest (O-74).
pub const RETURN_REST: Duration = Duration::from_secs(3600);
/// How long a device that came back looks out for one more Welcome (O-76).
pub const RETURN_LINGERS: Duration = Duration::from_secs(24 * 3600);
/// How often a device asks for items it lacks (O-83).
pub const MAX_LONGINGS: u8 = 12;
/// States that a beacon names without gaps, the head first (O-80).
pub const BEACON_DENSE: usize = 256;
/// States that a beacon names in all (O-80).
pub const MAX_BEACON_STATES: usize = 288;
/// Bytes of a beacon (O-80).
pub const MAX_BEACON: usize = 12 * 1024;
/// How often a device says where it stands to those who share no state with it (O-80).
pub const BEACON_EVERY: Duration = Duration::from_secs(24 * 3600);
/// Beacons a device keeps, the newest of each device (O-80).
pub const MAX_BEACONS: usize = 3072;
/// How long a beacon counts (O-80).
pub const BEACON_LIFE: Duration = Duration::from_secs(14 * 24 * 3600);
/// Silence after which a device asks what it has missed (O-71).
pub const LONG_AWAY: Duration = Duration::from_secs(14 * 24 * 3600);
/// Commits in one run (O-72).
pub const MAX_RUN_STEPS: usize = 1024;
/// Items in one handover (O-73).
pub const MAX_HANDED: usize = 4096;
/// Items in one page of what was said before somebody came (I-62).
pub const MAX_HISTORY_ITEMS: usize = 1024;
/// Bytes of items in such a page from which on no more are added (I-62).
pub const MAX_HISTORY_PAGE: usize = 1024 * 1024;
/// Pages that a device hands to one member in a day, and that it takes in all (I-62).
pub const MAX_HISTORY_PAGES: u32 = 64;
/// Items from before its member came that a device takes in (I-63).
pub const MAX_HISTORY: usize = 16_384;
/// How often in a row a device asks for them in vain (I-61).
pub const MAX_HISTORY_TRIES: u8 = 12;
/// Devices whose members' word for them is kept (I-64).
pub const MAX_AUTHORS: usize = 4096;
/// How long an old era is followed after the removal that ended it (C-24).
pub const OLD_ERA: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long the topic of a closed invite is followed, so that late knocks get an answer (V-12).
pub const CLOSED_INVITE: Duration = Duration::from_secs(7 * 24 * 3600);
/// Longest validity of an invite (V-3).
pub const MAX_INVITE_LIFETIME: Duration = Duration::from_secs(90 * 24 * 3600);
/// Bytes of what a device says of where it can be met directly (Y-42).
pub const MAX_WHEREABOUTS: usize = 512;
/// Bytes of a peer id in it (Y-42).
pub const MAX_PEER_ID: usize = 64;
/// Relays that it names (Y-42).
pub const WHEREABOUTS_RELAYS: usize = 3;
/// How often a device says where it can be met (Y-42).
pub const WHEREABOUTS_EVERY: Duration = Duration::from_secs(3600);
/// How long that holds (Y-42).
pub const WHEREABOUTS_LIFE: Duration = Duration::from_secs(7800);
/// Invites that a device answers on a local network at once (Y-86).
pub const MAX_DOORS: usize = 16;
/// Bytes of the tag of an announcement on a local network: a nonce and a MAC (Y-83).
pub const ANNOUNCEMENT_TAG: usize = 32;
/// Hours of an epoch of tokens: seven days (Y-63).
pub const TOKEN_EPOCH_HOURS: u32 = 168;
/// Hours after its epoch in which a token is still taken (Y-63).
pub const TOKEN_GRACE_HOURS: u32 = 24;
/// Tokens of one draw, always as many, so that their number tells nothing (Y-64).
pub const DRAW_TOKENS: usize = 32;
/// Bytes of envelopes that one token pays for (Y-66).
pub const TOKEN_BYTES: u64 = 131_072;
/// Sub-grants of one grant (Y-61).
pub const MAX_GRANT_MEMBERS: u16 = 512;
/// Epochs for which one grant holds: half a year (Y-61).
pub const MAX_GRANT_EPOCHS: usize = 27;
/// Grants of one relay that hold (Y-61).
pub const MAX_GRANTS: usize = 4096;
/// Draws in one epoch over all grants of a relay that hold, which bounds what it remembers of spent
/// tokens (Y-67).
pub const MAX_DRAWS_PER_EPOCH: u64 = 16_384;
/// How long a relay keeps an envelope after it received it (Y-4).
pub const RELAY_KEEP: Duration = Duration::from_secs(30 * 24 * 3600);

/// Generations of a sender's ratchet that may arrive late (C-12).
pub const RATCHET_LATE: u32 = 1024;
/// Generations of a sender's ratchet that may be skipped (C-12).
pub const RATCHET_AHEAD: u32 = 5000;
/// Own items under one state after which a device renews its leaf (C-13).
pub const ITEMS_PER_STATE: u64 = 64;
/// Seals of a device under one state after which what it says waits for another one (C-50).
pub const SEALS_PER_STATE: u64 = 512;
/// Seals of a device under one state after which not even that is sealed there which may be sealed nowhere
/// else (C-50). Fewer than may arrive late.
pub const MOST_SEALS_PER_STATE: u64 = 1000;
/// How long a change that the head shows is remembered, to be made again if a rival wins (O-6).
pub const INTENT_MEMORY: Duration = Duration::from_secs(7 * 24 * 3600);
/// Age of a leaf after which a device renews it (C-13).
pub const LEAF_AGE: Duration = Duration::from_secs(7 * 24 * 3600);
/// Bytes a record of the store takes beyond the largest thing in it (S-3).
pub const RECORD_OVERHEAD: usize = 64 * 1024;
/// After how long a device that gave parts of a grant gives all of them again (Y-70).
pub const GRANT_AGAIN: Duration = Duration::from_secs(2 * 24 * 3600);
/// Devices that are given their parts of a grant in one message (Y-70).
pub const GRANT_PARTS: usize = 32;
/// Bytes of the parts of one device, sealed to its leaf (Y-70).
pub const MAX_SEALED_PART: usize = 1_400;
/// Bytes of such a message without its signature (Y-70).
pub const MAX_GIVEN_GRANT: usize = 48_000;
