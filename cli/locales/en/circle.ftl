# Circles, agreements, members, invites, moderation, reports.

## circle

circle-circle-made-hold = The circle "{ $title }" is made, and you hold it as { $my_name }.
circle-no-relay-others-reach = It has no relay: others reach it only over a direct link, while both are there. A relay keeps envelopes for those who are away.
circle-next-windbreak-invite-new = Next: windbreak invite new { $title }
circle-no-circle-yet = You are in no circle yet.
circle-make-one-windbreak-circle = Make one: windbreak circle new TITLE --name NAME, or join one: windbreak join CODE
circle-member = { $members ->
    [one] { $members } member
   *[other] { $members } members
}
circle-lobby = { $people }, { $knocks } in the lobby
circle-agreement-accept = { $people }, an agreement to accept
circle-leaving = you are leaving
circle-left = you have left
circle-removed = you were removed
circle-device-taken-out = this device was taken out
circle-copy-took-devices-place = a copy took this device's place
circle-id = Id
circle-you = You
circle-standing = Standing
circle-leaving-another-members-device = you are leaving; another member's device has yet to take yours out
circle-left-kept-device = you have left; what you have is kept on this device
circle-removed-kept-device = you were removed; what you have is kept on this device
circle-other-device-took-one = your other device took this one out; what it has is kept here
circle-copy-device-came-into = a copy of this device came into the circle in its place, because one key cannot be used by two; what this one has is kept here. To use both: windbreak device add, on the copy
circle-sealed = Sealed with
circle-x25519-ml-kem-768 = X25519 and ML-KEM-768 together: what is recorded today stays closed
circle-relay = Relay
circle-none-direct-links-only = none: direct links only
circle-kept = Kept
circle-long-authors-leave = as long as its authors leave it
circle-shorter = Shorter now
circle-erased-from = this is shorter than before; on this device nothing is erased because of it before { $from }: windbreak steward log says why
circle-said-erased-after-days = { $days ->
    [1] what is said is erased after a day
   *[other] what is said is erased after { $days } days
}
circle-files = Files
circle-before = Before you
circle-invites = Invites
circle-open = { $open_invites } open
circle-lobby-2 = Lobby
circle-waiting = { $knocks } waiting
circle-sent = To be sent
circle-device = This device
circle-coming-into-circle-anew = is coming into the circle anew: what it keeps is old, or was copied. That happens by itself once another member can be reached
circle-asks-in-vain = It has asked for hours, and nobody could let it in. If others were there in that time, leave, and ask one of them for a new invite: windbreak circle leave { $title }
circle-unsaid = was put back to what it kept before. { $unsaid ->
    [one] One thing you wrote until then waits
   *[other] { $unsaid } things you wrote until then wait
}: they may have been taken back after it. A member who was there will tell by itself, once one can be reached
circle-history = History
circle-members = Members
circle-agreement-version = Agreement, version { $agreement_version }
circle-not-accepted-device-yet = Not accepted on this device yet: until then nothing is read or said here.
circle-read-decide-windbreak-agreement = Read and decide: windbreak agreement accept { $title }
circle-none = None.
circle-node-asks-others-opened = your node asks the others for what was opened to those who join later
circle-opened-those-join-later = what was opened to those who join later is here; the rest stays with those who were there
circle-said-here-far-whoever = what was said is here, as far as whoever told you knows
circle-nobody-answered-long-opened = nobody answered for long; what was opened to those who join later is not here
circle-times = { $times ->
    [1] Once
    [2] Twice
   *[other] { $times } times
}
circle-came-together-again-itself = it came together again by itself. Nothing was lost, and there is nothing to do.
circle-coming-together-itself-changed = it is coming together by itself: what was changed on one side is being made again. There is nothing to do.
circle-week-circle-changed-two = { $often } this week the circle was changed in two places at once; { $outcome }
circle-said-erased-after-days-2 = What is said is erased after { $days } days, on each device as soon as it runs.
circle-said-kept-long-authors = What is said is kept as long as its authors leave it.
circle-week-before-erased = Everybody learns of it, with the reason, and has a week: nothing is erased because of it on a device before it has known of it for 7 days.
circle-left-others-wrote-stays = You have left "{ $title }". What others wrote stays on their devices.
circle-nobody-left-could-invite = Nobody is left in it who could invite or remove anybody.
circle-left-circle-already = you have left this circle already
circle-removed-from-circle = you were removed from this circle
circle-device-taken-out-circle = this device was taken out of the circle by your other device
circle-copy-device-took-place = a copy of this device took its place
circle-read-before-stays-readable = what you read before stays readable: windbreak read CIRCLE
circle-leave-good = Leave "{ $title }" for good?
circle-nobody-else-holds-circle = Nobody else holds this circle: without you, nobody could invite or remove anybody. { $question }
circle-leave-untold = Nobody has let this device in again, so the others may not hear of it: they see you as a member until one of them removes you. { $question }
circle-would-report-others-law = What would you have to report to others, by law or by your work (or: nothing)?
circle-undeclared = nobody holds a circle without saying what they would have to report to others
circle-undeclared-next = say it with --declaration TEXT, also if it is nothing
circle-erase-older-than-days = Erase what is older than { $days } days in "{ $title }", on every member's device?
circle-another-circle-title-commands = You are in another circle with this title: commands will need an id.
circle-grant = Grant
circle-grant-given-device = given to this device; what is left: windbreak relay list

## agreement

agreement-lines-new-lines-gone = Lines with + are new, lines with - are gone.
agreement-agrees = What "{ $title }" agrees on
agreement-changed-since-accepted = It has changed since you accepted it:
agreement-nothing-writing = Nothing in writing.
agreement-version = Version
agreement-accepted = Accepted
agreement-yes-device = yes, on this device
agreement-not-yet-device-until = not yet on this device: until then nothing is read or said here
agreement-if-agree-windbreak-agreement = If you agree: windbreak agreement accept { $title }
agreement-proposed = Proposed: { $id }
agreement-by = By { $name }, { $since }; { $stage }.
agreement-if-agree-windbreak-agreement-2 = If you agree: windbreak agreement consent { $title } { $id }
agreement-lapsed-after-14-days = lapsed after 14 days; propose it again if it matters
agreement-done-no-longer-possible = done, or no longer possible
agreement-more-members-agree = { $missing ->
    [one] { $missing } more member has to agree
   *[other] { $missing } more members have to agree
}
agreement-enough-agree-being-done = enough agree; it is being done
agreement-accept-agrees-nobody-told = You accept what "{ $title }" agrees on. Nobody is told.
agreement-next-windbreak-read = Next: windbreak read { $title }
agreement-holds-enough-agree-already = It holds: enough agree already.
agreement-proposed-agree = It is proposed, and you agree to it.
agreement-holds-soon-more-than = It holds as soon as more than half of all members agree.
agreement-see-how-far-come = See how far it has come: windbreak agreement show CIRCLE
agreement-agree-accepted-if-comes = You agree to it, and have accepted it if it comes to hold.
agreement-agree-agrees-from-now = Agree that "{ $title }" agrees on this from now on?
agreement-do-accept = Do you accept this?
agreement-cannot-read-agreement = cannot read the agreement
agreement-empty = the agreement has no text
agreement-empty-next = write down what the circle agrees on
agreement-no-text = the agreement is no text in UTF-8
agreement-no-text-next = save it as plain text
agreement-long = the agreement is longer than { $max_agreement } bytes, and no more fit
agreement-long-next = shorten it

## member

member-removed-reads-nothing-said = { $name } is removed and reads nothing that is said from now on.
member-they-read-stays-them = What they have read stays with them, and open invites without a lobby are closed.
member-declared-everybody-sees-before = Declared. Everybody sees it before they share again, and before they join.
member-would-report-others = What { $name } would have to report to others:
member-not-said-whether-they = { $name } has not said whether they have a duty to report.
member-facilitator = facilitator
member-co-facilitator = co-facilitator
member-listener = listener
member-you = you
member-blocked = blocked by you
member-only-listens-here-from = { $name } only listens here from now on. They read, decide with the others, and may leave.
member-speaks-here-again = { $name } speaks here again.
member-they-say-folded-away = { $name }: what they say is folded away on this device.
member-they-say-shown-again = { $name }: what they say is shown again.
member-nobody-told-they-still = Nobody is told. They still read what you say to the circle.
member-former-member = a former member
member-remove-from = Remove { $member } from "{ $title }"?
member-give-up-role-facilitator = Give up your role as a facilitator of "{ $title }"?
member-agree = Agree in "{ $title }" that { $sentence }?
member-unknown-proposal = this is no proposal of a succession
member-unknown-proposal-next = see those there are with: windbreak succession status CIRCLE
member-they = They

## proposal

proposal-nothing-proposed-here = Nothing was proposed here.
proposal-proposed = proposed by { $name }, { $since }
proposal-agree-if-do-windbreak = Agree, if you do: windbreak member consent CIRCLE ID
proposal-becomes-facilitator = { $name } becomes a facilitator
proposal-facilitator-no-longer = { $name } is a facilitator no longer
proposal-removed-from-circle = { $name } is removed from the circle
proposal-becomes-facilitator-since-none = { $name } becomes a facilitator, since none answers
proposal-word-asked = ; your word is asked for
proposal-facilitators = { $count ->
    [one] { $count } facilitator
   *[other] { $count } facilitators
}
proposal-members = { $count ->
    [one] { $count } member
   *[other] { $count } members
}
proposal-and = {" "}and{" "}
proposal-still-agree = still to agree: { $missing }{ $asks }
proposal-enough-agree-done-if = enough agree; done if no facilitator answers for 72 hours{ $asks }
proposal-proposed-2 = It is proposed: { $sentence }.
proposal-they-asked-whether-they = They are asked whether they want to. Their answer: windbreak member consent.
proposal-more-than-half-all = More than half of all members must agree, and they themselves. Then the circle waits 72 hours for a word of a facilitator. Who was a facilitator before stays one: if they do not answer, the new one proposes with `windbreak member demote` that they are none any more.
proposal-others-must-agree-all = Others must agree; all members see it, also whom it is about.
proposal-see-how-far-come = See how far it has come: windbreak member proposals CIRCLE
proposal-agree = You agree: { $sentence }.
proposal-done-soon-enough-agree = It is done as soon as enough agree. Nothing more is needed from you.
proposal-facilitator-no-longer-stay = You are a facilitator no longer. You stay a member of the circle.

## invite

invite-people = { $uses ->
    [1] one person
   *[other] { $uses } people
}
invite-comes-waits-lobby-until = Who comes waits in the lobby until admitted.
invite-comes-let-once = Who comes is let in at once.
invite-for = For { $people }, { $expires }. { $door }
invite-whoever-can-knock-give = Whoever has this can knock: give it over a way you trust, to the one it is for.
invite-there-no-invites = There are no invites.
invite-open = open, { $expires }
invite-not-out-yet-no = not out yet: no relay or member's device has it
invite-used = used
invite-expired = expired
invite-revoked = revoked
invite-closed-removal = closed by a removal
invite-lobby = lobby
invite-yours = yours
invite-used-2 = { $used } of { $uses } used
invite-invite-taken-back-knocks = The invite is taken back. Who knocks with it from now on is refused.
invite-not-yours = another device made this invite, and only that one can show it
invite-not-yours-next = make your own: windbreak invite new CIRCLE
invite-terminal-too-narrow-picture = This terminal is too narrow for the picture; use the line.
invite-invite-too-long-picture = This invite is too long for a picture; use its line.
invite-comes-only-listens = Who comes only listens until a facilitator says otherwise: windbreak member role
invite-lobby-listeners = lobby, listeners
invite-listeners = listeners

## join

join-not-joining-any-circle = You are not joining any circle.
join-circle = a circle
join-circle-2 = the circle
join-read-said-from-now = You are in { $title }. You read what is said from now on.
join-waits-decision = { $title } waits for your decision.
join-joining = Joining { $title }: { $stage }
join-goes-background-look-again = It goes on in the background. Look again with: windbreak join
join-no-longer-joining-invite = You are no longer joining with this invite.
join-copy-whole-invite-again = copy the whole invite again, from "windbreak:" on
join-unknown-join = you are not joining with this invite, so there is nothing to give up
join-unknown-join-next = see what you are joining: windbreak join
join-looking-circle-says-about = Looking for what the circle says about itself
join-knocked-waiting-answer = You have knocked; waiting for an answer
join-no-network = nothing was heard from the circle: { $trouble }
join-no-network-next = your node goes on trying; see how it is with: windbreak node status
join-not-let-no-reason = you were not let in; no reason was given
join-not-let = you were not let in: { $words }
join-declined-next = if you know somebody in the circle, talk with them
join-no-card-yet = nothing was heard from the circle yet; the relay may be away, or this device offline
join-no-card-yet-next = your node goes on looking; type the same command again, with name and yes: they are asked for once there is something to accept
join-goes-background-windbreak-join = It goes on in the background; `windbreak join` shows where it stands.
join-agreement-not-accepted = joining needs your yes to the agreement above
join-agreement-not-accepted-next = type the command again with --accept-agreement
join-do-accept-agreement = Do you accept this agreement?
join-agreement-not-accepted-2 = nothing was done: you have not knocked, and nobody was told
join-invite-stays-good = the invite stays as good as it was: you can look at it again, or ask whoever sent it about the agreement
join-name-will-go-here = The name you will go by here (no need for your own):
join-no-name = joining needs a name to go by
join-no-name-next = give one with --name NAME
join-held = Held by { $names }.
join-circle-agrees = What the circle agrees on
join-facilitator-would-report-others = What the facilitator would have to report to others
join-facilitator-not-said-whether = The facilitator has not said whether they have a duty to report.
join-wait-lobby-until-somebody = You wait in the lobby until somebody lets you in.
join-let-soon-members-device = You are let in as soon as a member's device hears your knock.
join-invite = The invite: { $expires }.
join-looking-circle-says-about-2 = looking for what the circle says about itself
join-waits-decision-type-join = waits for your decision; type the join command again
join-device-shows-confirm-other = this device shows { $number }; confirm it on your other one
join-knock-waits-device = your knock waits on this device
join-knocked-waiting-let = you have knocked; waiting to be let in
join-you-are-in = you are in
join-not-let-2 = you were not let in
join-not-let-3 = you were not let in: { $reason }
join-refused = refused: { $message }
join-paste-invite-then-press = Paste the invite, then press Enter:
join-cannot-read-invite = cannot read the invite
join-come-listener = You come in as a listener: you read, and decide with the others, and say nothing until a facilitator lets you speak.

## lobby

lobby-nobody-waits-lobby = Nobody waits in the lobby.
lobby-let-without-when-turn = is let in without you, when its turn comes
lobby-since = since { $arrived }, { $expires }
lobby-being-let = being let in
lobby-let-somebody-windbreak-lobby = Let somebody in: windbreak lobby admit CIRCLE ID
lobby-being-let-they-read = { $name } is being let in. They read what is said from now on.
lobby-told-they-not-let = { $name } is told that they are not let in.
lobby-as-listener = { $stage }, as a listener

## adult

adult-not-adult = circles are for adults, and you have not said that you are one
adult-not-adult-next = if you are, type the command again with --adult
adult-adult = Are you an adult?
adult-not-adult-2 = circles are for adults; nothing was done, and nobody was told
adult-not-adult-next-2 = there are helplines for young people, and people near you whom you trust

## steward

steward-all-members-read-name = All members read it, with your name and the reason: windbreak steward log
steward-hid = hid { $item }
steward-showed-again = showed { $item } again
steward-muted-until = muted { $member } until { $until }
steward-took-mute-back = took the mute of { $member } back
steward-slowed-circle-down = slowed the circle down: { $pace }
steward-let-circle-go-own = let the circle go at its own pace again
steward-removed = removed { $member }
steward-set-files = said which files may be sent: { $files }
steward-keeps-always = said how long words are kept: as long as their authors leave them
steward-keeps-days = said how long words are kept: { $days ->
    [one] one day
   *[other] { $days } days
}
steward-carried-out-succession = carried out what most members agreed to: { $member } is a facilitator now
steward-stepped-down = stepped down as a facilitator
steward-carried-out-adoption = carried out what most members agreed to: agreement { $version } holds now
steward-declared-anew = said anew what they would have to report:
steward-took-role = carried out what the others agreed to: { $member } is no facilitator any more
steward-made-facilitator = made { $member } a facilitator, who agreed
steward-lets-speak-again = lets { $member } speak again
steward-lets-only-listen = lets { $member } only listen
steward-counts-nothing-they-held = It counts for nothing: they held no such role when they did it.
steward-counts-nothing-no-reason = It counts for nothing: it gives no reason.
steward-circle-slowed-down = The circle is slowed down: { $pace }.
steward-share-now-shown-from = What you share now is shown from { $next } on.
steward-muted-until-2 = You are muted until { $until }.
steward-muted-until-3 = { $name } is muted until { $until }.
steward-nobody-hidden-muted-slowed = Nobody was hidden, muted, slowed down or removed here.
steward-older-left-out = { $older } older left out.
steward-one-share-each-member = one share of each member in { $span }
steward-muted = { $member } is muted for { $span }.
steward-muted-no-longer = { $member } is muted no longer.
steward-circle-goes-own-pace = The circle goes at its own pace again.
steward-hidden = { $id } is hidden.
steward-shown-again = { $id } is shown again.
steward-only-facilitators-read = only you and facilitators read it
steward-see-windbreak-steward-log = see windbreak steward log
steward-shared-slow-mode-shown = Shared in slow mode: shown to others from { $at } on.
steward-hidden-facilitator = Hidden by a facilitator{ $reason }; { $who }.
steward-said-while-author-muted = Said while its author was muted{ $reason }; { $who }.

## report

report-kept-device-goes-facilitators = Kept on this device ({ $id }); it goes to the facilitators at a moment of chance within a day, without your name.
report-leave-node-running-until = Leave the node running until then. See what became of it: windbreak report list
report-if-somebody-danger-now = If somebody is in danger now, this is too slow: nobody here can send help.
report-there-no-reports-here = There are no reports for you here, and none of yours.
report-about = about { $name }
report-report = your report
report-report-2 = report
report-said = What { $author } said ({ $item }):
report-too-long-go-along = It was too long to go along, and is not on this device.
report-why-reported = Why it was reported:
report-read = { $by } has read it · { $at }
report-closed = { $by } closed it · { $at }
report-made-asks-look-again = Who made it asks to look again:
report-words-signed-wrote-them = The words were signed by who wrote them. Nobody is told who reported them.
report-waits-device-moment = waits on this device for its moment
report-nobody-answered-yet = nobody has answered yet
report-read-2 = read
report-closed-2 = closed
report-looked-again = to be looked at again
report-made-will-see-read = Who made it will see that you have read it.
report-closed-made-reads-how = Closed. Who made it reads how it ended, and may ask to look again.
report-kept-device-goes-report = Kept on this device; it goes as your report did, within a day.
