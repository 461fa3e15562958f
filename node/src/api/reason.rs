//! Why the engine and the store refuse, in codes and words, with what to do next. The words of the
//! engine's errors are passed on; the codes are this API's and do not change with them.

use windbreak_protocol::invite::{self, InviteTextError};
use windbreak_protocol::view::FileProblem;
use windbreak_protocol::{
    ActError, AdmitError, AgreementError, BlockError, CreateError, DeviceError, FileError,
    InviteError, JoinError, MotionError, RelaysError, RemoveError, ReportError, ShareError,
    StewardError, VoiceError,
};

use super::refusal::Refusal;
use crate::backup::BackupError;
use crate::picture::PictureProblem;
use crate::private::PrivateError;
use crate::recovery::PhraseError;
use crate::store::StoreError;

const MAKE_SHORTER: &str = "make it shorter";
const ASK_A_FACILITATOR: &str = "ask a facilitator of the circle to do it";
const DECLARE: &str = "say what you would have to report to others, or that there is nothing";
const ASK_FOR_ANOTHER: &str = "ask whoever sent it for a new one";

impl From<CreateError> for Refusal {
    fn from(error: CreateError) -> Self {
        let says = error.to_string();
        match error {
            CreateError::Nameless => {
                Self::not_allowed_value("nameless", says, "give a title and your name in it")
            }
            CreateError::Undeclared => Self::not_allowed_value("undeclared", says, DECLARE),
            CreateError::TooLong { .. } => {
                Self::not_allowed_value("too_long_text", says, MAKE_SHORTER)
            }
            CreateError::Relay => Self::bad_request(
                "bad_relay",
                says,
                "write it as its host gives it: /ip4/192.0.2.1/tcp/4710/p2p/ and its peer id",
            ),
            CreateError::TooManyRelays => {
                Self::not_allowed_value("too_many_relays", says, "name fewer relays")
            }
            CreateError::TooManyCircles => {
                Self::conflict("too_many_circles", says, "use another profile for the next circle")
            }
            CreateError::Suite => Self::conflict("suite_unusable", says, "choose the other suite"),
        }
    }
}

impl From<InviteError> for Refusal {
    fn from(error: InviteError) -> Self {
        let says = error.to_string();
        match error {
            InviteError::UnknownCircle => Self::no_circle(),
            InviteError::Closed => Self::closed(says),
            InviteError::NotFacilitator => {
                Self::forbidden("not_facilitator", says, ASK_A_FACILITATOR)
            }
            InviteError::Uses => {
                Self::not_allowed_value("bad_uses", says, "choose a number between the two")
            }
            InviteError::Lifetime => {
                Self::not_allowed_value("bad_lifetime", says, "choose a time between the two")
            }
            InviteError::TooMany => {
                Self::conflict("too_many_invites", says, "revoke one that is not needed")
            }
            InviteError::UnknownInvite => Self::no_invite(),
            InviteError::OtherDevice => {
                Self::conflict("other_device", says, "look at it there, or open another invite")
            }
            InviteError::Over => {
                Self::conflict("invite_over", says, "open another invite if one is needed")
            }
        }
    }
}

impl From<RelaysError> for Refusal {
    fn from(error: RelaysError) -> Self {
        let says = error.to_string();
        match error {
            RelaysError::UnknownCircle => Self::no_circle(),
            RelaysError::Closed => Self::closed(says),
            RelaysError::NotFacilitator => Self::forbidden(
                "not_facilitator",
                says,
                "ask one; for this device alone: windbreak relay use, or relay avoid",
            ),
            RelaysError::TooMany => Self::not_allowed_value(
                "too_many_relays",
                says,
                "put one in the place of another with: windbreak relay replace",
            ),
        }
    }
}

impl From<JoinError> for Refusal {
    fn from(error: JoinError) -> Self {
        let says = error.to_string();
        match error {
            JoinError::UnknownInvite => Self::no_join(),
            JoinError::AlreadyMember => {
                Self::conflict("already_member", says, "list the circles to find it")
            }
            JoinError::TooManyCircles => {
                Self::conflict("too_many_circles", says, "use another profile for the next circle")
            }
            JoinError::NoCard => Self::conflict(
                "no_card",
                says,
                "wait for it: a relay or the device of a member must be reachable",
            ),
            JoinError::Used => invite::Refusal::Used.into(),
            JoinError::Expired => invite::Refusal::Expired.into(),
            JoinError::Revoked => invite::Refusal::Revoked.into(),
            JoinError::Undeclared => Self::conflict(
                "undeclared",
                says,
                "ask whoever sent the invite to declare it: windbreak member declare",
            ),
            JoinError::Agreement => invite::Refusal::AgreementChanged.into(),
            JoinError::ForDevice => {
                Self::conflict("for_device", says, "use it with: windbreak device join CODE")
            }
            JoinError::ForPerson => {
                Self::conflict("for_person", says, "use it with: windbreak join CODE")
            }
            JoinError::AlreadyKnocked => {
                Self::conflict("already_knocked", says, "wait for the answer, or give it up first")
            }
            JoinError::NoName => Self::not_allowed_value("nameless", says, "choose a name"),
            JoinError::TooLong { .. } => {
                Self::not_allowed_value("too_long_text", says, MAKE_SHORTER)
            }
            JoinError::BadCard => Self::conflict("bad_card", says, ASK_FOR_ANOTHER),
        }
    }
}

impl From<AdmitError> for Refusal {
    fn from(error: AdmitError) -> Self {
        let says = error.to_string();
        match error {
            AdmitError::UnknownCircle => Self::no_circle(),
            AdmitError::Closed => Self::closed(says),
            AdmitError::NotFacilitator => {
                Self::forbidden("not_facilitator", says, ASK_A_FACILITATOR)
            }
            AdmitError::UnknownKnock => Self::not_found(
                "unknown_knock",
                says,
                "look at the lobby again: it may have been answered, or have given up",
            ),
            AdmitError::InviteOver => Self::conflict(
                "invite_over",
                says,
                "decline it, and send the newcomer another invite",
            ),
            AdmitError::OtherDevice => {
                Self::conflict("other_device", says, "answer it on the device that made the invite")
            }
            AdmitError::AgreementChanged => Self::conflict(
                "agreement_changed",
                says,
                "decline it, so that the newcomer knocks again with the new one",
            ),
            AdmitError::ReasonTooLong { .. } => {
                Self::not_allowed_value("too_long_text", says, MAKE_SHORTER)
            }
        }
    }
}

impl From<ShareError> for Refusal {
    fn from(error: ShareError) -> Self {
        let says = error.to_string();
        match error {
            ShareError::UnknownCircle => Self::no_circle(),
            ShareError::Closed => Self::closed(says),
            ShareError::Empty => Self::not_allowed_value("empty", says, "write something"),
            ShareError::TooLong { .. } => {
                Self::not_allowed_value("too_long_text", says, "say it in several shares")
            }
            ShareError::NoteTooLong { .. } => {
                Self::not_allowed_value("too_long_text", says, MAKE_SHORTER)
            }
            ShareError::UnknownItem => Self::no_item(),
            ShareError::NotOpen => {
                Self::conflict("not_open", says, "answer those who are here now: leave --scope out")
            }
            ShareError::Listener => Self::forbidden(
                "listener",
                says,
                "you read, decide together with the others, and may leave; a facilitator can let you \
                 speak: windbreak member role",
            ),
            ShareError::Unaccepted => Self::conflict(
                "agreement_unaccepted",
                says,
                "read it and decide: windbreak agreement show CIRCLE, then windbreak agreement accept CIRCLE",
            ),
            ShareError::ComingBack => Self::conflict(
                "coming_back",
                says,
                "wait until another member can be reached: it happens by itself; if nothing comes of it for ten hours, you may leave, and ask for a new invite",
            ),
            ShareError::Muted { .. } => Self::conflict(
                "muted",
                says,
                "see until when and why: windbreak steward log; you can still read, leave and report",
            ),
            ShareError::OutboxFull => Self::conflict(
                "outbox_full",
                says,
                "connect to a relay or to a member first, so that it can be sent",
            ),
            ShareError::Damaged => Self::conflict(
                "circle_damaged",
                says,
                "keep a copy of the profile's folder, and ask to be invited again",
            ),
        }
    }
}

impl From<ActError> for Refusal {
    fn from(error: ActError) -> Self {
        let says = error.to_string();
        match error {
            ActError::Share(error) => error.into(),
            ActError::NotWords => {
                Self::conflict("not_words", says, "name a share or a reply, as the list shows them")
            }
            ActError::SomebodyCame => Self::conflict(
                "somebody_came",
                says,
                "the new words would reach them, too: take it back with withdraw, and share anew what \
                 all may read",
            ),
            ActError::NotAuthor => {
                Self::forbidden("not_author", says, "ask who wrote it, or answer it")
            }
            ActError::Withdrawn => Self::conflict("withdrawn", says, "let it rest"),
            ActError::Expired => Self::conflict("expired", says, "say it anew if it matters still"),
            ActError::NotFacilitator => Self::forbidden("not_facilitator", says, ASK_A_FACILITATOR),
            ActError::NotAsker => {
                Self::forbidden("not_author", says, "leave it to them, or ask them")
            }
            ActError::UnknownWord => {
                Self::not_allowed_value("unknown_word", says, "choose one of those in the help")
            }
        }
    }
}

impl From<StewardError> for Refusal {
    fn from(error: StewardError) -> Self {
        let says = error.to_string();
        match error {
            StewardError::Act(error) => error.into(),
            StewardError::NoReason => Self::no_reason(says),
            StewardError::ReasonTooLong { .. } => {
                Self::not_allowed_value("too_long_text", says, MAKE_SHORTER)
            }
            StewardError::UnknownMember => Self::unknown_member(says),
            StewardError::Facilitator => Self::conflict(
                "is_facilitator",
                says,
                "hide what they said, or propose that they give the role up or go",
            ),
            StewardError::MuteTime { .. } => {
                Self::not_allowed_value("bad_time", says, "name a time between: 30m, 2h, 3d")
            }
            StewardError::TooSlow { .. } => {
                Self::not_allowed_value("bad_time", says, "name a shorter time: 5m, 1h")
            }
            StewardError::Nothing => {
                Self::conflict("nothing_to_undo", says, "see what holds: windbreak steward log")
            }
        }
    }
}

impl From<ReportError> for Refusal {
    fn from(error: ReportError) -> Self {
        let says = error.to_string();
        match error {
            ReportError::Share(error) => error.into(),
            ReportError::NotWords => {
                Self::conflict("not_words", says, "name a share or a reply, as the list shows them")
            }
            ReportError::Withdrawn => {
                Self::conflict("withdrawn", says, "speak with a facilitator, if you want to")
            }
            ReportError::Yourself => {
                Self::conflict("yourself", says, "take it back, if you want to")
            }
            ReportError::NoReader => {
                Self::conflict("no_reader", says, "leave the circle, if you are not safe in it")
            }
            ReportError::Empty => Self::not_allowed_value("empty", says, "say it in a sentence"),
            ReportError::TooLong { .. } => {
                Self::not_allowed_value("too_long_text", says, MAKE_SHORTER)
            }
            ReportError::Again => Self::conflict(
                "reported_already",
                says,
                "wait for an answer: windbreak report list shows it",
            ),
            ReportError::TooMany { .. } => {
                Self::conflict("too_many_reports", says, "wait: reports go after half a year")
            }
            ReportError::UnknownReport => Self::not_found(
                "unknown_report",
                says,
                "list the reports to find its id; it may not have arrived yet",
            ),
            ReportError::NotYours => Self::forbidden(
                "not_yours",
                says,
                "who made a report appeals, and those it is for answer",
            ),
            ReportError::NotClosed => {
                Self::conflict("not_closed", says, "wait until a facilitator closes it")
            }
            ReportError::TooManyAppeals { .. } => Self::conflict(
                "too_many_appeals",
                says,
                "members can decide together: windbreak member demote, or member succeed",
            ),
        }
    }
}

impl From<BlockError> for Refusal {
    fn from(error: BlockError) -> Self {
        let says = error.to_string();
        match error {
            BlockError::UnknownCircle => Self::no_circle(),
            BlockError::UnknownMember => Self::unknown_member(says),
            BlockError::Yourself => Self::conflict("yourself", says, "name somebody else"),
            BlockError::NotBlocked => {
                Self::conflict("not_blocked", says, "list the members to see whom you blocked")
            }
            BlockError::TooMany { .. } => {
                Self::conflict("too_many_blocked", says, "unblock somebody, or leave the circle")
            }
        }
    }
}

impl From<RemoveError> for Refusal {
    fn from(error: RemoveError) -> Self {
        let says = error.to_string();
        match error {
            RemoveError::UnknownCircle => Self::no_circle(),
            RemoveError::Closed => Self::closed(says),
            RemoveError::NotFacilitator => {
                Self::forbidden("not_facilitator", says, ASK_A_FACILITATOR)
            }
            RemoveError::UnknownMember => Self::unknown_member(says),
            RemoveError::Proposal(error) => error.into(),
            RemoveError::Yourself => {
                Self::conflict("yourself", says, "leave instead: windbreak circle leave CIRCLE")
            }
            RemoveError::NoReason => Self::no_reason(says),
            RemoveError::ReasonTooLong { .. } => {
                Self::not_allowed_value("too_long_text", says, MAKE_SHORTER)
            }
        }
    }
}

impl From<VoiceError> for Refusal {
    fn from(error: VoiceError) -> Self {
        let says = error.to_string();
        match error {
            VoiceError::UnknownCircle => Self::no_circle(),
            VoiceError::Closed => Self::closed(says),
            VoiceError::NotFacilitator => {
                Self::forbidden("not_facilitator", says, ASK_A_FACILITATOR)
            }
            VoiceError::UnknownMember => Self::unknown_member(says),
            VoiceError::Facilitator => Self::conflict(
                "facilitator",
                says,
                "first they give up that role: windbreak member demote",
            ),
            VoiceError::Already => Self::conflict("already", says, "there is nothing to do"),
            VoiceError::NoReason => Self::no_reason(says),
            VoiceError::ReasonTooLong { .. } => {
                Self::not_allowed_value("too_long_text", says, MAKE_SHORTER)
            }
        }
    }
}

impl From<MotionError> for Refusal {
    fn from(error: MotionError) -> Self {
        let says = error.to_string();
        match error {
            MotionError::UnknownCircle => Self::no_circle(),
            MotionError::Closed => Self::closed(says),
            MotionError::UnknownMember => Self::not_found(
                "unknown_member",
                says,
                "list the members to find the id; they may have left already",
            ),
            MotionError::NotFacilitator => Self::forbidden(
                "not_facilitator",
                says,
                "ask a facilitator; if none answers, propose that somebody succeeds",
            ),
            MotionError::Already => {
                Self::conflict("already_facilitator", says, "list the members to see the roles")
            }
            MotionError::Ordinary => {
                Self::conflict("no_facilitator", says, "list the members to see the roles")
            }
            MotionError::Listener => Self::conflict(
                "listener",
                says,
                "first let them speak: windbreak member role CIRCLE MEMBER member",
            ),
            MotionError::Last => {
                Self::conflict("last_facilitator", says, "make somebody else a facilitator first")
            }
            MotionError::NoReason => Self::no_reason(says),
            MotionError::Undeclared => Self::not_allowed_value("undeclared", says, DECLARE),
            MotionError::TooLong { .. } => {
                Self::not_allowed_value("too_long_text", says, MAKE_SHORTER)
            }
            MotionError::UnknownProposal => {
                Self::not_found("unknown_proposal", says, "list the proposals to find the id")
            }
            MotionError::Over => {
                Self::conflict("proposal_over", says, "list the proposals to see what came of it")
            }
            MotionError::Agreed => {
                Self::conflict("agreed_already", says, "wait until enough others agree")
            }
            MotionError::NotAsked => {
                Self::forbidden("not_asked", says, "list the proposals to see who is asked")
            }
            MotionError::Unsaid(error) => error.into(),
        }
    }
}

impl From<FileError> for Refusal {
    fn from(error: FileError) -> Self {
        let says = error.to_string();
        match error {
            FileError::Share(error) => error.into(),
            FileError::NotAllowed => Self::forbidden(
                "files_off",
                says,
                "say it in words, or ask a facilitator: windbreak circle files CIRCLE images-only",
            ),
            FileError::OnlyPictures => Self::forbidden(
                "only_pictures",
                says,
                "say it in words, or ask a facilitator: windbreak circle files CIRCLE on",
            ),
            FileError::Empty => Self::not_allowed_value("empty", says, "choose another file"),
            FileError::TooLarge { .. } => Self::not_allowed_value(
                "too_large_file",
                says,
                "send a smaller one, or a part of it",
            ),
            FileError::NameTooLong { .. } => {
                Self::not_allowed_value("too_long_text", says, MAKE_SHORTER)
            }
            FileError::NotBare => Self::not_allowed_value(
                "picture_not_bare",
                says,
                "send it with --image, which makes it anew without all of that; of other kinds of \
                 picture make a JPEG or PNG first",
            ),
        }
    }
}

impl From<PictureProblem> for Refusal {
    fn from(problem: PictureProblem) -> Self {
        let next = match problem {
            PictureProblem::Unknown => {
                "make a JPEG or PNG of it first; other files are sent with --attach FILE"
            }
            PictureProblem::TooLarge => "make it smaller first",
            PictureProblem::Damaged => "open it with another program and save it as a JPEG or PNG",
        };
        Self::not_allowed_value("picture", problem.to_string(), next)
    }
}

impl From<FileProblem> for Refusal {
    fn from(problem: FileProblem) -> Self {
        let says = problem.to_string();
        match problem {
            FileProblem::None => Self::not_found(
                "no_file",
                says,
                "look at which there are: windbreak files list CIRCLE",
            ),
            FileProblem::Coming { .. } => Self::conflict(
                "file_coming",
                says,
                "the rest comes by itself as soon as somebody who has it can be reached",
            ),
            FileProblem::Gone => {
                Self::conflict("file_gone", says, "ask its author to send it again")
            }
            FileProblem::NotWhatItSays => Self::conflict(
                "file_not_a_picture",
                says,
                "leave it alone; a facilitator can hide it: windbreak steward hide",
            ),
            FileProblem::Unreadable => {
                Self::trouble("unreadable", says, "check the store: windbreak store check")
            }
        }
    }
}

impl From<AgreementError> for Refusal {
    fn from(error: AgreementError) -> Self {
        let says = error.to_string();
        match error {
            AgreementError::UnknownCircle => Self::no_circle(),
            AgreementError::Closed => Self::closed(says),
            AgreementError::NotFacilitator => Self::forbidden(
                "not_facilitator",
                says,
                "ask a facilitator; if none answers, propose that somebody succeeds",
            ),
            AgreementError::NotTheOneShown => Self::conflict(
                "agreement_changed",
                says,
                "read it again: windbreak agreement show CIRCLE",
            ),
            AgreementError::Empty => Self::not_allowed_value("empty", says, "write something"),
            AgreementError::Same => {
                Self::conflict("agreement_same", says, "change the text, or leave it as it is")
            }
            AgreementError::TooLong { .. } => {
                Self::not_allowed_value("too_long_text", says, MAKE_SHORTER)
            }
            AgreementError::UnknownProposal => Self::not_found(
                "unknown_proposal",
                says,
                "look at what is proposed: windbreak agreement show CIRCLE",
            ),
            AgreementError::Over => Self::conflict(
                "proposal_over",
                says,
                "see what came of it: windbreak agreement show CIRCLE",
            ),
            AgreementError::Agreed => {
                Self::conflict("agreed_already", says, "wait until enough others agree")
            }
            AgreementError::NoReason => Self::no_reason(says),
            AgreementError::ReasonTooLong { .. } => {
                Self::not_allowed_value("too_long_text", says, MAKE_SHORTER)
            }
            AgreementError::Unsaid(error) => error.into(),
        }
    }
}

impl From<PhraseError> for Refusal {
    fn from(error: PhraseError) -> Self {
        let words = error.to_string();
        let message = words.split_once("; ").map_or(words.as_str(), |(message, _)| message);
        let next = match error {
            PhraseError::Count(_) => "type all of them, with spaces between",
            PhraseError::Word(_) | PhraseError::Sum => "compare them with what you wrote down",
        };
        Self::not_allowed_value("bad_phrase", message, next)
    }
}

impl From<BackupError> for Refusal {
    fn from(error: BackupError) -> Self {
        let words = error.to_string();
        let message = words.split_once("; ").map_or(words.as_str(), |(message, _)| message);
        match error {
            BackupError::Store(error) => error.into(),
            BackupError::File(PrivateError::Exists) => Self::conflict(
                "file_exists",
                message,
                "name another file: a backup takes no other file's place",
            ),
            BackupError::File(_) => {
                Self::conflict("backup_file", message, "check the path, its folder and its disk")
            }
            BackupError::BadKey => Self::not_allowed_value(
                "bad_recipient",
                message,
                "a recipient is one line that begins with age1",
            ),
            BackupError::NotText => {
                Self::not_allowed_value("bad_passphrase", message, "choose another one")
            }
            _ => Self::fault(message),
        }
    }
}

impl From<DeviceError> for Refusal {
    fn from(error: DeviceError) -> Self {
        let says = error.to_string();
        match error {
            DeviceError::UnknownCircle => Self::no_circle(),
            DeviceError::Closed => Self::closed(says),
            DeviceError::UnknownDevice => Self::not_found(
                "unknown_device",
                says,
                "list your devices: windbreak device list CIRCLE",
            ),
            DeviceError::NotFirst => {
                Self::forbidden("not_first_device", says, "make the device code there")
            }
            DeviceError::TooMany => Self::conflict(
                "too_many_devices",
                says,
                "take one out first: windbreak device remove CIRCLE DEVICE",
            ),
            DeviceError::UnknownNumber => Self::not_found(
                "unknown_number",
                says,
                "compare the digits again; if they differ, make another device code",
            ),
            DeviceError::PhraseNeeded => Self::forbidden(
                "phrase_needed",
                says,
                "type the recovery phrase that was shown when the profile was made",
            ),
            DeviceError::WrongPhrase => Self::forbidden(
                "wrong_phrase",
                says,
                "compare the words with what you wrote down when the profile was made",
            ),
            DeviceError::ThisDevice => Self::conflict(
                "this_device",
                says,
                "do it on another device of yours, or leave: windbreak circle leave CIRCLE",
            ),
        }
    }
}

impl From<InviteTextError> for Refusal {
    fn from(error: InviteTextError) -> Self {
        let next = match error {
            InviteTextError::NotAnInvite => "paste the whole line that starts with windbreak:",
            InviteTextError::ForDevice => "use it with: windbreak device join CODE",
            InviteTextError::ForPerson => "use it with: windbreak join CODE",
            InviteTextError::TooLong => "paste the invite alone",
            InviteTextError::Damaged => "copy the whole invite again",
            InviteTextError::Newer => "update windbreak, then try again",
            InviteTextError::Malformed => "ask whoever sent it for a new one",
        };
        Self::bad_request("bad_invite", error.to_string(), next)
    }
}

impl From<invite::Refusal> for Refusal {
    fn from(refusal: invite::Refusal) -> Self {
        match refusal {
            invite::Refusal::Used => Self::conflict(
                "invite_used",
                "the invite has been used as often as it allows",
                ASK_FOR_ANOTHER,
            ),
            invite::Refusal::Expired => {
                Self::conflict("invite_expired", "the invite's time is over", ASK_FOR_ANOTHER)
            }
            invite::Refusal::Revoked => {
                Self::conflict("invite_revoked", "the invite was taken back", ASK_FOR_ANOTHER)
            }
            invite::Refusal::Full => Self::conflict(
                "circle_full",
                "the circle has as many members as it can have",
                "ask whoever sent the invite whether there is another circle",
            ),
            invite::Refusal::AgreementChanged => Self::conflict(
                "agreement_changed",
                "the circle has a new agreement since the card was shown",
                "read the new card, then knock again",
            ),
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let (code, message, next) = match error {
            StoreError::DiskFull => (
                "store_full",
                "the disk is full, so nothing new can be kept",
                "free some space: the node tries again by itself every few seconds",
            ),
            StoreError::Denied => (
                "store_denied",
                "the store cannot be written: its folder or its disk does not allow it",
                "check who owns the profile's folder and whether its disk is read-only; the node \
                 tries again by itself",
            ),
            StoreError::TooLarge => (
                "store_too_large",
                "this needs a record larger than the store keeps",
                "this is a fault of the program: please report what you did",
            ),
            StoreError::NoRandomness => (
                "store_no_randomness",
                "the operating system gave no random bytes to seal with",
                "restart the device, then start the node again",
            ),
            StoreError::Damaged
            | StoreError::WrongKey
            | StoreError::NewerSchema { .. }
            | StoreError::AlreadyOpen => (
                "store_unreadable",
                "the store cannot be read any more",
                "stop the node and keep a copy of the profile's folder; then take back your last backup: windbreak restore FILE --profile NEW-FOLDER",
            ),
            StoreError::Stopped | StoreError::Io(_) => (
                "store_failed",
                "writing to the store failed",
                "look at the disk of the profile's folder; the node tries again by itself. Then see whether \
                 this was kept, before you do it again",
            ),
        };
        Self::trouble(code, message, next)
    }
}
