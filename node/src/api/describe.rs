//! The engine's words in the words of this API, and back.

mod file;
mod item;
mod report;
mod steward;

pub(crate) use file::{file_kind, files_allowed, files_allowed_of};
pub(crate) use item::{HowFar, item, kind, version, warm_word_of, words_in, words_of};
pub(crate) use report::report;
pub(crate) use steward::{act_of, log};

use windbreak_protocol::content;
use windbreak_protocol::{
    self as engine, AgreementOverview, AgreementProposalOverview, CircleOverview, InviteOverview,
    JoinOverview, KnockOverview, MemberOverview, MotionOverview, invite, ledger, view,
};

use super::message::{
    Agreement, AgreementProposal, Ask, BeforeYou, BeforeYouStage, Card, Circle, CircleNews, Event,
    Gap, GapKind, Invite, InviteNews, InviteState, ItemNews, Join, JoinNews, JoinStage, KnockNews,
    KnockStage, LobbyKnock, Mark, Member, MemberNews, Proposal, ProposalKind, ProposalStage,
    ReportNews, Role, Scope, Standing, Suite,
};
use super::refusal::Refusal;
use crate::agreement;

pub(crate) fn circle(circle: CircleOverview) -> Circle {
    let is_open = |invite: &&InviteOverview| {
        matches!(invite.state, engine::InviteState::Open | engine::InviteState::Pending)
    };
    Circle {
        id: circle.id,
        suite: suite(circle.suite),
        standing: standing(circle.standing),
        me: circle.me,
        members: circle.members.len(),
        open_invites: circle.invites.iter().filter(is_open).count(),
        knocks: circle.knocks,
        items: circle.items,
        epoch: circle.epoch,
        forks: circle.forks,
        splits: circle.splits,
        coming_back: circle.coming_back,
        asks_in_vain: circle.asks_in_vain,
        unsaid: circle.unsaid,
        outbox: circle.outbox,
        waiting: circle.waiting,
        catching_up: None,
        asking: circle.catching_up,
        pending_changes: circle.pending_changes,
        title: circle.title,
        my_name: circle.my_name,
        relays_by_grant: circle.grants.into_iter().map(|grant| grant.relay).collect(),
        relays: circle.relays,
        agreement: circle.agreement,
        agreement_version: circle.agreement_version.get(),
        agreement_accepted: circle.agreement_accepted,
        keep_days: circle.keep.map(ledger::KeepDays::get),
        keep_from: circle.keeps_shorter_from.map(Into::into),
        files: files_allowed(circle.files),
        declaration: circle.declaration,
        before_you: circle.history.map(|history| BeforeYou {
            stage: match history.stage {
                engine::HistoryStage::Asking => BeforeYouStage::Asking,
                engine::HistoryStage::Here => BeforeYouStage::Here,
                engine::HistoryStage::Unanswered => BeforeYouStage::Unanswered,
            },
            withheld: history.withheld,
        }),
    }
}

pub(crate) fn member(member: MemberOverview) -> Member {
    Member {
        id: member.id,
        mark: Mark::of(&member.id),
        role: match member.role {
            ledger::Role::Facilitator => Role::Facilitator,
            ledger::Role::Member => Role::Member,
            ledger::Role::Listener => Role::Listener,
        },
        declaration: member.declaration,
        devices: member.devices,
        me: member.me,
        blocked: false,
        name: member.name,
    }
}

pub(crate) fn proposal(motion: MotionOverview) -> Proposal {
    let (kind, reason) = match motion.kind {
        ledger::MotionKind::Promote => (ProposalKind::Promote, None),
        ledger::MotionKind::Demote => (ProposalKind::Demote, None),
        ledger::MotionKind::Remove { reason } => {
            (ProposalKind::Remove, Some(reason.as_str().to_owned()))
        }
        ledger::MotionKind::Succeed => (ProposalKind::Succeed, None),
    };
    Proposal {
        id: motion.id,
        kind,
        member: motion.member,
        reason,
        by: motion.by,
        written: motion.written.into(),
        agreeing: motion.agreeing,
        facilitators_missing: motion.facilitators_missing,
        members_missing: motion.members_missing,
        asks_me: motion.asks_me,
        stage: proposal_stage(motion.stage),
    }
}

fn proposal_stage(stage: engine::MotionStage) -> ProposalStage {
    match stage {
        engine::MotionStage::Open => ProposalStage::Open,
        engine::MotionStage::Enough => ProposalStage::Enough,
        engine::MotionStage::Silence => ProposalStage::Silence,
        engine::MotionStage::Over => ProposalStage::Over,
        engine::MotionStage::Lapsed => ProposalStage::Lapsed,
    }
}

/// Without what is different, which is told by [`compared`].
pub(crate) fn agreement(agreement: AgreementOverview) -> Result<Agreement, Refusal> {
    let words = |text: &invite::AgreementText| text.as_str().to_owned();
    let proposal = |proposal: AgreementProposalOverview| {
        Ok(AgreementProposal {
            id: proposal.id,
            version: proposal.version.get(),
            text: words(proposal.text.as_ref().ok_or_else(Refusal::no_words)?),
            differences: Vec::new(),
            by: proposal.by,
            written: proposal.written.into(),
            agreeing: proposal.agreeing,
            missing: proposal.missing,
            asks_me: proposal.asks_me,
            stage: proposal_stage(proposal.stage),
        })
    };
    Ok(Agreement {
        version: agreement.version.get(),
        text: words(&agreement.text),
        hash: data_encoding::HEXLOWER.encode(agreement.hash.as_bytes()),
        accepted: agreement.accepted,
        accepted_before: agreement.accepted_before.as_ref().map(words),
        differences: None,
        proposals: agreement.proposals.into_iter().map(proposal).collect::<Result<_, Refusal>>()?,
    })
}

/// The same with what is different: from what was accepted before, and in what is proposed. Two texts can
/// take long to compare, so this is no work for the loop.
pub(crate) fn compared(agreement: Agreement) -> Agreement {
    let before = agreement.accepted_before.as_deref();
    let differences = before.map(|before| agreement::differences(before, &agreement.text));
    let with = |proposal: AgreementProposal| AgreementProposal {
        differences: agreement::differences(&agreement.text, &proposal.text),
        ..proposal
    };
    let proposals = agreement.proposals.iter().cloned().map(with).collect();
    Agreement { differences, proposals, ..agreement }
}

pub(crate) fn invite(invite: InviteOverview) -> Invite {
    Invite {
        id: invite.id,
        expires: invite.expires.into(),
        uses: invite.uses,
        used: invite.used,
        review: invite.review,
        listener: invite.listens,
        state: match invite.state {
            engine::InviteState::Pending => InviteState::Pending,
            engine::InviteState::Open => InviteState::Open,
            engine::InviteState::Used => InviteState::Used,
            engine::InviteState::Expired => InviteState::Expired,
            engine::InviteState::Revoked => InviteState::Revoked,
            engine::InviteState::Closed => InviteState::Closed,
        },
        knocks: invite.knocks,
        mine: invite.mine,
        code: None,
        link: None,
        qr: None,
    }
}

pub(crate) fn knock(knock: KnockOverview) -> LobbyKnock {
    LobbyKnock {
        id: knock.id,
        invite: knock.invite,
        arrived: knock.arrived.into(),
        expires: knock.expires.into(),
        review: knock.review,
        listener: knock.listens,
        stage: match knock.stage {
            engine::KnockStage::Waiting => KnockStage::Waiting,
            engine::KnockStage::Admitting => KnockStage::Admitting,
        },
        name: knock.name,
        note: knock.note,
    }
}

pub(crate) fn join(join: JoinOverview) -> Join {
    let agreement = join.agreement;
    Join {
        invite: join.invite,
        for_device: join.for_device,
        stage: match join.stage {
            engine::JoinStage::LookingForCard => JoinStage::LookingForCard,
            engine::JoinStage::Ready => JoinStage::Ready,
            engine::JoinStage::Requested(number) => {
                JoinStage::Requested { number: number.to_string() }
            }
            engine::JoinStage::Knocking => JoinStage::Knocking,
            engine::JoinStage::Knocked => JoinStage::Knocked,
            engine::JoinStage::Joined(circle) => JoinStage::Joined { circle },
            engine::JoinStage::Declined(reason) => JoinStage::Declined { reason },
            engine::JoinStage::Refused(refusal) => {
                JoinStage::Refused { refusal: Refusal::from(refusal).why() }
            }
        },
        expires: join.expires.map(Into::into),
        card: join.card.map(|card| {
            let hash = agreement.unwrap_or_else(|| card.agreement_hash());
            describe_card(&card, hash)
        }),
    }
}

fn describe_card(card: &invite::Card, agreement: invite::AgreementHash) -> Card {
    Card {
        title: card.title.as_str().to_owned(),
        welcome: card.welcome.as_str().to_owned(),
        agreement: card.agreement.as_str().to_owned(),
        agreement_hash: data_encoding::HEXLOWER.encode(agreement.as_bytes()),
        declaration: card.declaration.as_ref().map(|text| text.as_str().to_owned()),
        facilitators: card.facilitators.iter().map(|name| name.as_str().to_owned()).collect(),
        uses: card.uses,
        review: card.door.review,
        listener: card.door.listens,
        expires: card.expires.into(),
        closed: card.closed.map(|closed| match closed {
            invite::Closed::Used => InviteState::Used,
            invite::Closed::Expired => InviteState::Expired,
            invite::Closed::Revoked => InviteState::Revoked,
        }),
    }
}

pub(crate) fn gap(gap: &view::Gap, circle: &CircleOverview) -> Gap {
    let name = gap.author.and_then(|author| {
        let member = circle.members.iter().find(|member| member.id == author)?;
        Some(member.name.clone())
    });
    Gap {
        kind: match gap.kind {
            view::GapKind::Earlier => GapKind::Earlier,
            view::GapKind::Lost => GapKind::Lost,
        },
        author: gap.author,
        name,
        // How much others said before somebody came is not theirs to know.
        missing: if gap.kind == view::GapKind::Earlier { 1 } else { gap.missing },
        before: gap.before,
    }
}

pub(crate) fn event(event: engine::Event) -> Event {
    use engine::Event as Told;
    match event {
        Told::CircleOpened { circle } => Event::CircleOpened(CircleNews { circle }),
        Told::HeadMoved { circle } => Event::HeadMoved(CircleNews { circle }),
        Told::ItemArrived { circle, item, written, own } => {
            Event::ItemArrived(ItemNews { circle, item, written: Some(written.into()), own })
        }
        Told::ItemHeld { circle, item } => {
            Event::ItemHeld(ItemNews { circle, item, written: None, own: true })
        }
        Told::ReportArrived { circle, report } => {
            Event::ReportArrived(ReportNews { circle, report })
        }
        Told::MemberAdded { circle, member } => Event::MemberAdded(MemberNews { circle, member }),
        Told::MemberKept { circle, member } => Event::MemberKept(MemberNews { circle, member }),
        Told::MemberRemoved { circle, member, left: true } => {
            Event::MemberLeft(MemberNews { circle, member })
        }
        Told::MemberRemoved { circle, member, left: false } => {
            Event::MemberRemoved(MemberNews { circle, member })
        }
        Told::KeepShortened { circle } => Event::KeepShortened(CircleNews { circle }),
        Told::CircleClosed { circle, left: true } => Event::CircleLeft(CircleNews { circle }),
        Told::CircleClosed { circle, left: false } => Event::CircleLost(CircleNews { circle }),
        Told::DeviceClosed { circle } => Event::DeviceTakenOut(CircleNews { circle }),
        Told::CameBack { circle } => Event::CameBack(CircleNews { circle }),
        Told::KnockArrived { circle, knock } => Event::KnockArrived(KnockNews { circle, knock }),
        Told::CardArrived { invite } => Event::CardArrived(InviteNews { invite }),
        Told::KnockHeld { invite } => Event::KnockHeld(InviteNews { invite }),
        Told::DeviceAsked { circle } => Event::DeviceAsked(CircleNews { circle }),
        Told::DeviceGranted { invite } => Event::DeviceGranted(InviteNews { invite }),
        Told::Joined { invite, circle } => Event::Joined(JoinNews { invite, circle }),
        Told::Declined { invite } => Event::Declined(InviteNews { invite }),
        Told::Refused { invite, refusal: _ } => Event::Refused(InviteNews { invite }),
    }
}

pub(crate) fn standing(standing: engine::Standing) -> Standing {
    match standing {
        engine::Standing::Active => Standing::Active,
        engine::Standing::Leaving => Standing::Leaving,
        engine::Standing::Left => Standing::Left,
        engine::Standing::Removed => Standing::Removed,
        engine::Standing::DeviceRemoved => Standing::DeviceTakenOut,
        engine::Standing::Replaced => Standing::Replaced,
    }
}

pub(crate) fn suite(suite: engine::Suite) -> Suite {
    match suite {
        engine::Suite::XWing => Suite::Xwing,
        engine::Suite::X25519 => Suite::X25519,
    }
}

pub(crate) fn suite_of(suite: Suite) -> engine::Suite {
    match suite {
        Suite::Xwing => engine::Suite::XWing,
        Suite::X25519 => engine::Suite::X25519,
    }
}

pub(crate) fn ask_of(ask: Ask) -> content::Ask {
    match ask {
        Ask::JustListening => content::Ask::JustListening,
        Ask::IdeasWelcome => content::Ask::IdeasWelcome,
        Ask::Resources => content::Ask::Resources,
    }
}

pub(crate) fn scope_of(scope: Scope) -> content::Scope {
    match scope {
        Scope::HereNow => content::Scope::HereNow,
        Scope::AlsoLater => content::Scope::LaterToo,
    }
}
