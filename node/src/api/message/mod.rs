//! What the local API says and hears: one file per thing, plain data, no behaviour.
//!
//! Every answer is `{"v":1,"data":…}` or `{"v":1,"error":{"code","message","next"}}`. A request
//! with a field nobody knows is refused: a misspelt option must not be ignored silently.

mod agreement;
pub mod answer;
mod check_in;
pub mod circle;
pub mod device;
mod draft;
pub mod event;
pub mod explain;
mod file;
pub mod invite;
pub mod item;
pub mod join;
pub mod link;
pub mod lobby;
pub mod network;
mod notice;
mod plan;
mod proposal;
pub mod relay;
mod report;
mod search;
pub mod status;
mod steward;
pub mod store;

pub use agreement::{
    AcceptAgreement, Agreement, AgreementLine, AgreementProposal, Language, LineChange,
    NewAgreement, NewDeclaration, ProposedAgreement, Retention, UsualAgreement,
};
pub use answer::{Answer, Done, Failure, UnixSeconds, Why};
pub use check_in::{CheckIn, CheckIns, NewCheckIn};
pub use circle::{
    BeforeYou, BeforeYouStage, Circle, Circles, Made, Mark, Member, Members, NewCircle, NewRole,
    Reason, Role, Standing, Suite,
};
pub use device::{Device, DeviceCode, DeviceNumber, Devices};
pub use draft::{Draft, DraftWords, Drafts, NewDraft, SendDraft};
pub use event::{CircleNews, Event, InviteNews, ItemNews, JoinNews, KnockNews, MemberNews, Missed};
pub use explain::{CircleFacts, Explanation, NetworkMode, SharedRelay, Sight};
pub use file::{FileContent, FileInfo, FileKind, FileRule, FilesAllowed, NewFile};
pub use invite::{Invite, InviteState, InviteTerms, Invites};
pub use item::{
    Ask, Delivery, Gap, GapKind, Item, ItemKind, NewEdit, NewItem, NewReaction, Page, Reaction,
    Scope, Version, Versions, WarmWord, Written,
};
pub use join::{Card, Join, JoinStage, Joins, Knock, StartJoin};
pub use link::{LinkChange, Links};
pub use lobby::{KnockStage, Lobby, LobbyKnock};
pub use network::{
    CircleNetwork, DirectReach, LanReach, Mode, ModeChange, NetworkTrouble, RelayReach,
};
pub use notice::{
    ChangeNotices, CircleNotices, NoticeKind, NoticeStatus, NoticeWay, Notices, QuietHours,
};
pub use plan::{ChangePlanPart, NewPlanPart, Plan, PlanPart, SuggestedPart, SuggestedParts};
pub use proposal::{
    NewConsent, NewProposal, Proposal, ProposalKind, ProposalStage, Proposals, Proposed,
};
pub use relay::{
    CircleRelay, CircleRelays, GivenGrant, GrantFor, GrantText, GrantTrouble, RelayChange,
    RelayChoice, RelayGrant, RelayStanding, RelayUsage,
};
pub use report::{
    NewReport, Outcome, Report, ReportAnswer, ReportNews, ReportStage, Reported, Reports,
};
pub use search::{ExcerptPiece, Found, FoundItem, SearchFor};
pub use status::{CatchingUp, CircleUsage, Condition, NetworkStatus, Status, StoreStatus};
pub use steward::{LogEntry, MutedMember, NewStewardAct, Steward, StewardDeed};
pub use store::{MadeBackup, NewBackup, NewPhrase, TheNewPhrase};
