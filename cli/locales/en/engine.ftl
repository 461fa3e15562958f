# What the engine says, as the node sends it. Where one of these texts arrives, it is said in the
# language of whoever reads it.

## protocol/src/circle/acts.rs

node-says-neither-share-nor-reply = this is neither a share nor a reply
node-says-said-those-here-then-somebody = it was said for those who were here then, and somebody has come since
node-says-only-wrote-may-do = only who wrote it may do that
node-says-author-took-back = its author took it back
node-says-circle-keeps-nothing-so-long = the circle keeps nothing for so long
node-says-only-facilitator-may-do = only a facilitator may do that
node-says-only-wrote-share-may-do = only who wrote the share may do that
node-says-there-no-such-word = there is no such word

## protocol/src/circle/agreement.rs

node-says-no-such-circle = no such circle
node-says-no-longer-circle = you are no longer in this circle
node-says-only-facilitator-does = only a facilitator does this
node-says-agreement-changed-since-shown = the agreement has changed since it was shown
node-says-there-no-text = there is no text
node-says-agreement-already = this is the agreement already
node-says-text-longer-than-bytes-characters = the text is longer than { $limit } bytes or characters
node-says-no-such-proposal = no such proposal
node-says-proposal-over = this proposal is over
node-says-agreed-already = you have agreed to this already

## protocol/src/circle/block.rs

node-says-no-such-member = no such member
node-says-that-is-you = that is you
node-says-they-not-blocked = they are not blocked
node-says-most-members-blocked-once = at most { $limit } members are blocked at once

## protocol/src/circle/change.rs

node-says-only-facilitator-invites = only a facilitator invites
node-says-invite-1-uses = an invite has 1 to { $max_invite_uses } uses
node-says-invite-lasts-from-minute-days = an invite lasts from a minute to { $value } days
node-says-invites-open-already = { $max_open_invites } invites are open already
node-says-no-such-invite = no such invite
node-says-text-invite-device-made = the text of this invite is on the device that made it
node-says-invite-admits-nobody-any-more = this invite admits nobody any more
node-says-only-facilitator-removes-members = only a facilitator removes members
node-says-go-yourself-leave-circle = to go yourself, leave the circle
node-says-reason-longer-than-characters = the reason is longer than { $limit } characters

## protocol/src/circle/consent.rs

node-says-they-only-listen-here = they only listen here
node-says-they-facilitator-already = they are a facilitator already
node-says-they-no-facilitator = they are no facilitator
node-says-nobody-else-holds-circle = nobody else holds the circle
node-says-facilitator-declares-duty-report-there = a facilitator declares a duty to report, or that there is none
node-says-text-longer-than-characters = the text is longer than { $limit } characters
node-says-others-agree = it is for others to agree to this

## protocol/src/circle/device.rs

node-says-no-such-device-circle = you have no such device in this circle
node-says-only-device-which-came-into = only the device with which you came into the circle adds others
node-says-devices-circle-more-not-allowed = you have { $max_devices_per_member } devices in this circle, and more are not allowed
node-says-no-new-device-asks-shows = no new device that asks shows this number
node-says-needs-recovery-phrase = this needs your recovery phrase
node-says-not-recovery-phrase = this is not your recovery phrase
node-says-device-cannot-take-itself-out = a device cannot take itself out

## protocol/src/circle/files.rs

node-says-nobody-sends-files-circle = nobody sends files in this circle
node-says-only-pictures-sent-circle = only pictures are sent in this circle
node-says-file-empty = the file is empty
node-says-file-longer-than-bytes = the file is longer than { $limit } bytes
node-says-name-file-longer-than-characters = the name of the file is longer than { $limit } characters
node-says-picture-says-more-than-shows = the picture says more than it shows, as where it was taken

## protocol/src/circle/listener.rs

node-says-only-facilitator-says-listens = only a facilitator says who listens
node-says-facilitator-does-not-only-listen = a facilitator does not only listen
node-says-they-role-already = they have this role already

## protocol/src/circle/lobby.rs

node-says-only-facilitator-admits-declines = only a facilitator admits or declines
node-says-no-such-knock = no such knock
node-says-invite-no-longer-admits = the invite no longer admits
node-says-knock-answered-device-made-invite = this knock is answered by the device that made its invite
node-says-newcomer-accepted-older-agreement = the newcomer accepted an older agreement

## protocol/src/circle/relays.rs

node-says-only-facilitator-names-circles-relays = only a facilitator names a circle's relays
node-says-circle-names-most-relays = a circle names at most { $max_relays } relays

## protocol/src/circle/reports.rs

node-says-author-took-back-nothing-here = its author took it back, and nothing of it is here to be shown to anybody
node-says-wrote-yourself = you wrote that yourself
node-says-nobody-circle-read-report = nobody is in the circle to read a report
node-says-reported-already = you have reported that already
node-says-most-reports-one-member-kept = at most { $limit } reports of one member are kept at a time
node-says-no-such-report = no such report
node-says-not-yours-do = that is not yours to do
node-says-report-not-closed = the report is not closed
node-says-most-appeals-made-one-report = at most { $limit } appeals are made to one report

## protocol/src/circle/send.rs

node-says-text-longer-than-bytes = the text is longer than { $limit } bytes
node-says-title-content-note-longer-than = the title or the content note is longer than { $limit } characters
node-says-no-such-share-reply = no such share or reply
node-says-answers-not-open-those = what this answers is not open to those who join later
node-says-circles-agreement-not-accepted-device = the circle's agreement is not accepted on this device
node-says-only-listen-circle = you only listen in this circle
node-says-device-come-into-circle-anew = this device has to come into the circle anew first
node-says-facilitator-muted-while = a facilitator has muted you for a while
node-says-too-much-waits-sent-already = too much waits to be sent already
node-says-circle-damaged-device = this circle is damaged on this device

## protocol/src/circle/steward.rs

node-says-there-no-reason = there is no reason
node-says-facilitator-not-muted = a facilitator is not muted
node-says-mute-lasts-between-minute-days = a mute lasts between a minute and { $days } days
node-says-most-minutes-stand-between-two = at most { $limit } minutes stand between two shares
node-says-does-not-hold-now = that does not hold now

## protocol/src/engine/command.rs

node-says-title-name-needed = a title and a name are needed
node-says-longer-than-characters-bytes = the { $field } is longer than { $limit } characters or bytes
node-says-relays-address-not-one = a relay's address is not one
node-says-circle-most-relays = a circle has at most { $max_relays } relays
node-says-too-many-circles-device = too many circles on this device
node-says-suite-cannot-used-device = the suite cannot be used on this device

## protocol/src/joining/mod.rs

node-says-no-attempt-join-invite = no attempt to join by this invite
node-says-already-circle = already in this circle
node-says-card-circle-not-arrived-yet = the card of the circle has not arrived yet
node-says-invite-used-up = this invite was used up
node-says-invite-expired = this invite has expired
node-says-invite-revoked = this invite was revoked
node-says-circles-card-does-not-say = the circle's card does not say what its facilitators would have to report
node-says-agreement-accepted-not-circles = the agreement accepted is not the circle's
node-says-another-device-same-person = this is for another device of the same person
node-says-invite-person = this is an invite for a person
node-says-knock-way-already = a knock is on its way already
node-says-name-needed = a name is needed
node-says-name-note-longer-than-characters = the name or the note is longer than { $limit } characters
node-says-card-circle-cannot-used = the card of the circle cannot be used

## protocol/src/view/file.rs

node-says-no-file-goes-along = no file goes along with this
node-says-pieces-file-here = { $here } of { $of } pieces of the file are here
node-says-file-not-kept-device-newer = the file is not kept on this device: newer ones took its room, or what came was not it
node-says-file-not-picture-says = the file is not the picture that it says it is
node-says-piece-file-cannot-read-from = a piece of the file cannot be read from the store

## protocol/src/admission/grant.rs

node-says-not-text-grant = this is not the text of a grant
node-says-character-grant-wrong-missing = a character of the grant is wrong or missing
node-says-grant-made-newer-version = the grant was made by a newer version

## protocol/src/invite/relay.rs

node-says-relays-address-1-visible-ascii = a relay's address is 1 to { $max_relay_address } visible ASCII characters

## protocol/src/invite/text.rs

node-says-not-invite-invite-starts-windbreak = this is not an invite: an invite starts with "windbreak:"
node-says-use-windbreak-device-join = use it with windbreak device join
node-says-use-windbreak-join = use it with windbreak join
node-says-longer-than-any-invite = this is longer than any invite
node-says-paste-invite-alone = paste the invite alone
node-says-invite-damaged-part-missing-changed = the invite is damaged: a part is missing or was changed
node-says-copy-whole-invite-again = copy the whole invite again
node-says-invite-made-newer-version-windbreak = the invite was made by a newer version of windbreak
node-says-update-windbreak-use = update windbreak to use it
node-says-invite-not-made-windbreak-broken = the invite was not made by windbreak, or by a broken version
node-says-ask-new-one = ask for a new one

## protocol/src/circle/grants.rs

node-says-only-facilitator-gives-grant-relay = only a facilitator gives a circle the grant of a relay
node-says-circle-does-not-name-relay = the circle does not name that relay
node-says-grant-over = the grant is over
node-says-grant-not-begun-clock-device = the grant has not begun, by the clock of this device
node-says-grant-circle-needs = the grant is for { $has }, and this circle needs { $needs }
