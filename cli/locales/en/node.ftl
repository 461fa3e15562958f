# What the node and the engine say, as they send it. Where one of these texts arrives, it is said in the
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

## node/src/search.rs

node-says-there-nothing-look = there is nothing to look for
node-says-looked-more-than-characters = what is looked for has more than { $max_search_chars } characters

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

## node/src/api/client.rs

node-says-no-node-running-profile = no node is running for this profile
node-says-nodes-socket-cannot-used = the node's socket cannot be used
node-says-node-does-not-answer = the node does not answer
node-says-connection-node-broke-off = the connection to the node broke off
node-says-nodes-answer-longer-than-allowed = the node's answer is longer than allowed
node-says-nodes-answer-malformed = the node's answer is malformed
node-says-node-runs-another-version-program = the node runs another version of this program

## node/src/backup.rs

node-says-file-no-backup-first-line = this file is no backup, or its first line is damaged
node-says-choose-file-backup-create-made = choose the file that `backup create` made
node-says-backup-cut-off-bytes-end = the backup is cut off: { $missing } bytes of its end are missing
node-says-use-another-copy = use another copy of it
node-says-backup-damaged-bytes-not-those = the backup is damaged: its bytes are not those that were written
node-says-backup-version-which-program-does = the backup is of version { $value }, which this program does not know
node-says-update-program = update the program
node-says-not-passphrase-backup = this is not the passphrase of the backup
node-says-try-again = try again
node-says-passphrase-backup-costs-more-than = the passphrase of the backup costs more than this computer can pay
node-says-take-back-faster-one = take it back on a faster one
node-says-backup-made-another-recipient = the backup was made for another recipient
node-says-use-identity-belongs = use the identity that belongs to it
node-says-backup-made-recipient = the backup was made for a recipient
node-says-name-identity-identity-file-file = name its identity with --identity-file FILE
node-says-backup-made-passphrase = the backup was made with a passphrase
node-says-leave-out-identity-file = leave out --identity-file
node-says-no-age-recipient-identity = this is no age recipient or identity
node-says-recipient-begins-age1-identity-age = a recipient begins with age1, an identity with AGE-SECRET-KEY-1
node-says-passphrase-backup-must-text-utf = the passphrase of a backup must be text in UTF-8
node-says-choose-another-one = choose another one
node-says-file-backup = the file of the backup: { $value }

## node/src/error.rs

node-says-profile-keeps-cannot-read = what the profile keeps cannot be read
node-says-keep-copy-folder-then-take = keep a copy of its folder; then take back your last backup: windbreak restore FILE --profile NEW-FOLDER
node-says-socket-local-api-cannot-made = the socket of the local api cannot be made: { $value }
node-says-operating-system-gave-no-random = the operating system gave no random bytes
node-says-signals-cannot-heard = signals cannot be heard
node-says-part-program-failed = a part of the program failed
node-says-fault-program-please-report = this is a fault of the program, please report it

## node/src/private.rs

node-says-disk-full = the disk is full
node-says-free-some-space-try-again = free some space and try again
node-says-no-permission-read-write-here = no permission to read or write here
node-says-check-owns-folder-whether-disk = check who owns the folder, and whether its disk is read-only
node-says-there-no-such-file-folder = there is no such file or folder
node-says-something-name-exists-already = something with this name exists already
node-says-folder-file-belongs-another-user = the folder or file belongs to another user
node-says-choose-place-own = choose a place of your own
node-says-plain-file-folder-needed-here = a plain file or folder is needed here, and something else stands in its place
node-says-file-too-long-belongs-here = the file is too long to be what belongs here
node-says-already-open-another-node = already open by another node
node-says-stop-one-first = stop that one first
node-says-reading-writing-failed = reading or writing failed: { $value }

## node/src/profile.rs

node-says-there-profile-folder-already = there is a profile in this folder already
node-says-open-choose-another-folder = open it, or choose another folder
node-says-folder-not-empty = the folder is not empty
node-says-choose-new-one-profile = choose a new one for the profile
node-says-there-no-profile-folder = there is no profile in this folder
node-says-make-one-windbreak-init = make one with `windbreak init`
node-says-profile-already-open-another-node = the profile is already open by another node
node-says-use-one-stop-first = use that one, or stop it first
node-says-passphrase-1-bytes = a passphrase has 1 to { $max_passphrase } bytes
node-says-passphrase-opens-profile-already = this passphrase opens a profile already
node-says-folder-room-four-profiles = a folder has room for four profiles
node-says-use-another-folder = use another folder
node-says-folder-profile = the folder of the profile: { $value }

## node/src/profile/config.rs

node-says-config-toml-line = config.toml, line { $line }: { $reason }
node-says-config-toml-not-utf-8 = config.toml is not UTF-8 text
node-says-config-toml-must = config.toml: `{ $field }` must be { $bounds }
node-says-config-toml = config.toml: { $value }

## node/src/profile/header.rs

node-says-passphrase-wrong = the passphrase is wrong
node-says-header-profile-damaged = the header of the profile is damaged
node-says-if-older-copy-folder-put = if you have an older copy of this folder, put its header back: without one the profile cannot be opened any more
node-says-profile-schema-program-knows = the profile has schema { $found } and this program knows { $known }
node-says-cost-passphrase-out-bounds-1 = the cost of the passphrase is out of bounds: 1 to 1024 MiB, 1 to 64 passes, 1 to 16 lanes
node-says-there-not-enough-memory-check = there is not enough memory to check the passphrase
node-says-close-other-programs = close other programs
node-says-header-profile = the header of the profile: { $value }

## node/src/recovery.rs

node-says-recovery-phrase-words-these = a recovery phrase has { $phrase_words } words, and these are { $value }
node-says-type-all-them = type all of them
node-says-word-not-list = word { $value } is not in the list
node-says-compare-wrote-down = compare it with what you wrote down
node-says-words-do-not-belong-together = the words do not belong together: one of them is another word, or two changed places
node-says-compare-them-wrote-down = compare them with what you wrote down

## node/src/relay/file.rs

node-says-line = line { $line }: { $reason }
node-says-not-utf-8-text = it is not UTF-8 text
node-says-must = `{ $field }` must be { $bounds }

## node/src/relay/mod.rs

node-says-address-listen-malformed = an address to listen on is malformed
node-says-write-ip4-0-0-0 = write it as /ip4/0.0.0.0/tcp/4710
node-says-external-address-malformed = an external address is malformed
node-says-write-ip4-192-0-2 = write it as /ip4/192.0.2.1/tcp/4710, or as NAME.onion:4710
node-says-there-no-address-listen = there is no address to listen on
node-says-cannot-listen-there = cannot listen there
node-says-another-program-may-use-port = another program may use the port
node-says-counts-cannot-served-there = counts cannot be served there
node-says-use-free-port-machine-like = use a free port of this machine, like 127.0.0.1:9471
node-says-relays-identity-file-damaged = the relay's identity file is damaged
node-says-restore-remove-get-new-address = restore it, or remove it to get a new address
node-says-relays-folder-cannot-used = the relay's folder cannot be used: { $value }
node-says-thread-could-not-started = a thread could not be started: { $value }

## node/src/store/mod.rs

node-says-free-some-space-start-again = free some space and start again
node-says-store-cannot-read-written = the store cannot be read or written
node-says-check-owns-folder-whether-disk-2 = check who owns its folder and whether its disk is read-only
node-says-store-already-open-another-node = the store is already open by another node
node-says-store-sealed-another-key = the store was sealed with another key
node-says-key-file-profile-header-belongs = its key file or profile header belongs to another store
node-says-store-damaged = the store is damaged
node-says-store-schema-program-knows = the store has schema { $found } and this program knows { $known }
node-says-record-too-large-kept = a record is too large to be kept
node-says-store-stopped-after-failed-write = the store stopped after a failed write
node-says-start-node-again = start the node again
node-says-reading-writing-store-failed = reading or writing the store failed: { $value }

## node/src/swarm/venue.rs

node-says-relays-address-malformed = a relay's address is malformed
node-says-ends-p2p-relays-peer-id = it ends with /p2p/ and the relay's peer id
node-says-address-direct-links-malformed = an address for direct links is malformed
node-says-write-ip4-192-0-2-2 = write it as /ip4/192.0.2.1/tcp/9701
node-says-too-many-envelopes-waiting-sent = too many envelopes are waiting to be sent
node-says-connect-relay-member-first = connect a relay or a member first

## node/src/telemetry.rs

node-says-log-filter-neither-level-nor = `log.filter` is neither a level nor a list of filter directives: { $value }
node-says-log-file = the log file: { $value }
node-says-logging-started-already = logging was started already

## cli/src/picture.rs

node-says-neither-jpeg-nor-png = this is neither a JPEG nor a PNG
node-says-picture-more-than-40-million = the picture has more than 40 million pixels, or more than 16384 along one side
node-says-picture-damaged-rare-kind = the picture is damaged, or of a rare kind

## node/src/api/reason.rs

node-says-make-shorter = make it shorter
node-says-ask-facilitator-circle-do = ask a facilitator of the circle to do it
node-says-say-would-report-others-there = say what you would have to report to others, or that there is nothing
node-says-ask-whoever-sent-new-one = ask whoever sent it for a new one
node-says-give-title-name = give a title and your name in it
node-says-write-host-gives-ip4-192 = write it as its host gives it: /ip4/192.0.2.1/tcp/4710/p2p/ and its peer id
node-says-name-fewer-relays = name fewer relays
node-says-use-another-profile-next-circle = use another profile for the next circle
node-says-choose-other-suite = choose the other suite
node-says-choose-number-between-two = choose a number between the two
node-says-choose-time-between-two = choose a time between the two
node-says-revoke-one-not-needed = revoke one that is not needed
node-says-look-there-open-another-invite = look at it there, or open another invite
node-says-open-another-invite-if-one = open another invite if one is needed
node-says-ask-one-device-alone-windbreak = ask one; for this device alone: windbreak relay use, or relay avoid
node-says-put-one-place-another-windbreak = put one in the place of another with: windbreak relay replace
node-says-list-circles-find = list the circles to find it
node-says-wait-relay-device-member-must = wait for it: a relay or the device of a member must be reachable
node-says-ask-whoever-sent-invite-declare = ask whoever sent the invite to declare it: windbreak member declare
node-says-use-windbreak-device-join-code = use it with: windbreak device join CODE
node-says-use-windbreak-join-code = use it with: windbreak join CODE
node-says-wait-answer-give-up-first = wait for the answer, or give it up first
node-says-choose-name = choose a name
node-says-look-lobby-again-may-been = look at the lobby again: it may have been answered, or have given up
node-says-decline-send-newcomer-another-invite = decline it, and send the newcomer another invite
node-says-answer-device-made-invite = answer it on the device that made the invite
node-says-decline-so-newcomer-knocks-again = decline it, so that the newcomer knocks again with the new one
node-says-write-something = write something
node-says-say-several-shares = say it in several shares
node-says-read-decide-together-others-may = you read, decide together with the others, and may leave; a facilitator can let you speak: windbreak member role
node-says-read-decide-windbreak-agreement-show = read it and decide: windbreak agreement show CIRCLE, then windbreak agreement accept CIRCLE
node-says-wait-until-another-member-can = wait until another member can be reached: it happens by itself
node-says-see-until-when-why-windbreak = see until when and why: windbreak steward log; you can still read, leave and report
node-says-connect-relay-member-first-so = connect to a relay or to a member first, so that it can be sent
node-says-keep-copy-profiles-folder-ask = keep a copy of the profile's folder, and ask to be invited again
node-says-name-share-reply-list-shows = name a share or a reply, as the list shows them
node-says-new-words-would-reach-them = the new words would reach them, too: take it back with withdraw, and share anew what all may read
node-says-ask-wrote-answer = ask who wrote it, or answer it
node-says-let-rest = let it rest
node-says-say-anew-if-matters-still = say it anew if it matters still
node-says-leave-them-ask-them = leave it to them, or ask them
node-says-choose-one-those-help = choose one of those in the help
node-says-say-why-sentence-all-members = say why in a sentence: all members read it in the steward log
node-says-hide-they-said-propose-they = hide what they said, or propose that they give the role up or go
node-says-name-time-between-30m-2h = name a time between: 30m, 2h, 3d
node-says-name-shorter-time-5m-1h = name a shorter time: 5m, 1h
node-says-see-holds-windbreak-steward-log = see what holds: windbreak steward log
node-says-speak-facilitator-if-want = speak with a facilitator, if you want to
node-says-take-back-if-want = take it back, if you want to
node-says-leave-circle-if-not-safe = leave the circle, if you are not safe in it
node-says-say-sentence = say it in a sentence
node-says-wait-answer-windbreak-report-list = wait for an answer: windbreak report list shows it
node-says-wait-reports-go-after-half = wait: reports go after half a year
node-says-list-reports-find-id-may = list the reports to find its id; it may not have arrived yet
node-says-made-report-appeals-those-answer = who made a report appeals, and those it is for answer
node-says-wait-until-facilitator-closes = wait until a facilitator closes it
node-says-members-can-decide-together-windbreak = members can decide together: windbreak member demote, or member succeed
node-says-name-somebody-else = name somebody else
node-says-list-members-see-whom-blocked = list the members to see whom you blocked
node-says-unblock-somebody-leave-circle = unblock somebody, or leave the circle
node-says-leave-instead-windbreak-circle-leave = leave instead: windbreak circle leave CIRCLE
node-says-first-they-give-up-role = first they give up that role: windbreak member demote
node-says-there-nothing-do = there is nothing to do
node-says-list-members-find-id-they = list the members to find the id; they may have left already
node-says-ask-facilitator-if-none-answers = ask a facilitator; if none answers, propose that somebody succeeds
node-says-list-members-see-roles = list the members to see the roles
node-says-first-let-them-speak-windbreak = first let them speak: windbreak member role CIRCLE MEMBER member
node-says-make-somebody-else-facilitator-first = make somebody else a facilitator first
node-says-list-proposals-find-id = list the proposals to find the id
node-says-list-proposals-see-came = list the proposals to see what came of it
node-says-wait-until-enough-others-agree = wait until enough others agree
node-says-list-proposals-see-asked = list the proposals to see who is asked
node-says-say-words-ask-facilitator-windbreak = say it in words, or ask a facilitator: windbreak circle files CIRCLE images-only
node-says-say-words-ask-facilitator-windbreak-2 = say it in words, or ask a facilitator: windbreak circle files CIRCLE on
node-says-choose-another-file = choose another file
node-says-send-smaller-one-part = send a smaller one, or a part of it
node-says-send-image-which-makes-anew = send it with --image, which makes it anew without all of that; of other kinds of picture make a JPEG or PNG first
node-says-look-which-there-windbreak-files = look at which there are: windbreak files list CIRCLE
node-says-rest-comes-itself-soon-somebody = the rest comes by itself as soon as somebody who has it can be reached
node-says-ask-author-send-again = ask its author to send it again
node-says-leave-alone-facilitator-can-hide = leave it alone; a facilitator can hide it: windbreak steward hide
node-says-check-store-windbreak-store-check = check the store: windbreak store check
node-says-read-again-windbreak-agreement-show = read it again: windbreak agreement show CIRCLE
node-says-change-text-leave = change the text, or leave it as it is
node-says-look-proposed-windbreak-agreement-show = look at what is proposed: windbreak agreement show CIRCLE
node-says-see-came-windbreak-agreement-show = see what came of it: windbreak agreement show CIRCLE
node-says-type-all-them-spaces-between = type all of them, with spaces between
node-says-name-another-file-backup-takes = name another file: a backup takes no other file's place
node-says-check-path-folder-disk = check the path, its folder and its disk
node-says-recipient-one-line-begins-age1 = a recipient is one line that begins with age1
node-says-list-devices-windbreak-device-list = list your devices: windbreak device list CIRCLE
node-says-make-device-code-there = make the device code there
node-says-take-one-out-first-windbreak = take one out first: windbreak device remove CIRCLE DEVICE
node-says-compare-digits-again-if-they = compare the digits again; if they differ, make another device code
node-says-type-recovery-phrase-shown-when = type the recovery phrase that was shown when the profile was made
node-says-compare-words-wrote-down-when = compare the words with what you wrote down when the profile was made
node-says-do-another-device-yours-leave = do it on another device of yours, or leave: windbreak circle leave CIRCLE
node-says-paste-whole-line-starts-windbreak = paste the whole line that starts with windbreak:
node-says-update-windbreak-then-try-again = update windbreak, then try again
node-says-invite-been-used-often-allows = the invite has been used as often as it allows
node-says-invites-time-over = the invite's time is over
node-says-invite-taken-back = the invite was taken back
node-says-circle-many-members-can = the circle has as many members as it can have
node-says-ask-whoever-sent-invite-whether = ask whoever sent the invite whether there is another circle
node-says-circle-new-agreement-since-card = the circle has a new agreement since the card was shown
node-says-read-new-card-then-knock = read the new card, then knock again
node-says-disk-full-so-nothing-new = the disk is full, so nothing new can be kept
node-says-free-some-space-node-tries = free some space: the node tries again by itself every few seconds
node-says-store-cannot-written-folder-disk = the store cannot be written: its folder or its disk does not allow it
node-says-check-owns-profiles-folder-whether = check who owns the profile's folder and whether its disk is read-only; the node tries again by itself
node-says-needs-record-larger-than-store = this needs a record larger than the store keeps
node-says-fault-program-please-report-did = this is a fault of the program: please report what you did
node-says-operating-system-gave-no-random-2 = the operating system gave no random bytes to seal with
node-says-restart-device-then-start-node = restart the device, then start the node again
node-says-store-cannot-read-any-more = the store cannot be read any more
node-says-stop-node-keep-copy-profiles = stop the node and keep a copy of the profile's folder; then take back your last backup: windbreak restore FILE --profile NEW-FOLDER
node-says-writing-store-failed = writing to the store failed
node-says-look-disk-profiles-folder-node = look at the disk of the profile's folder; the node tries again by itself

## node/src/api/refusal.rs

node-says-profile-no-such-circle = this profile has no such circle
node-says-list-circles-find-id = list the circles to find its id
node-says-read-before-stays-readable = what you read before stays readable
node-says-circle-no-such-invite = the circle has no such invite
node-says-list-circles-invites-find-id = list the circle's invites to find its id
node-says-devices-number-six-digits = a device's number has six digits
node-says-read-new-device = read it on the new device
node-says-profile-does-not-join-invite = this profile does not join by this invite
node-says-start-sending-text-invite = start by sending the text of the invite
node-says-device-no-such-item-circle = this device has no such item in this circle
node-says-list-items-find-id-may = list the items to find its id; it may not have arrived yet
node-says-nothing-sent-facilitator-slowed-circle = nothing was sent: a facilitator slowed the circle down, and others would see this in { $minutes } minutes
node-says-wait-send-even-if-later = wait, or send it with `even_if_later` and it is shown then; replies do not wait
node-says-nothing-sent-text-seems-hold = nothing was sent: the text seems to hold { $what }, which could tell who somebody is
node-says-leave-out-send-send-anyway = leave it out, or send it with `send_anyway` if that is what you want
node-says-nothing-sent-share-asks-just = nothing was sent: the share asks for just listening, so nobody sees advice unless its author allows it
node-says-say-without-advice-send-even = say it without advice, or send it with `even_if_held_back`: its author may choose to see it
node-says-store-cannot-read-now-words = the store cannot be read now, and the words of the items stand in it
node-says-see-status-says-store-then = see what the status says of the store, then ask again
node-says-circles-adults-not-said-one = circles are for adults, and you have not said that you are one
node-says-say-so-adult-adult-if = say so with `adult` (--adult) if you are; otherwise please talk to a helpline for young people or to somebody you trust
node-says-nothing-sent-facilitators-would-report = nothing was sent: what the facilitators would have to report to others was not shown yet
node-says-show-circles-declaration-then-send = show the circle's declaration, then send it again with that as `declaration_heard`
node-says-circle-keeps-said-1-days = a circle keeps what is said for 1 to { $max_keep_days } days, or without an end
node-says-no-file-goes-along-advice = no file goes along with advice
node-says-send-file-reply-gives-none = send the file with a reply that gives none
node-says-circle-takes-all-room-disk = this circle takes all the room on the disk that it may have
node-says-give-more-store-circle-quota = give it more: store.circle_quota_mib in the profile's config.toml, then start the node again
node-says-node-stopping = the node is stopping
node-says-start-again-then-ask-again = start it again, then ask again

## node/src/api/route/explain.rs

node-says-program-not-been-audited = this program has not been audited
node-says-nobody-watches-circle-no-emergency = nobody watches a circle: it is no emergency service, and nobody here can find you or send help
node-says-whoever-reads-can-keep-copy = whoever reads can keep a copy, and can prove that your name in the circle wrote it
node-says-whoever-watches-much-internet-once = whoever watches much of the internet at once can see who is active when
node-says-program-spies-device-sees-see = a program that spies on this device sees what you see
node-says-member-circle = the member of this circle
node-says-count-members-circle = the { $count } members of this circle
node-says-every-share-reply-since-they = every share and reply since they joined, and earlier ones whose authors allowed it
node-says-name-circle-when-wrote-minute = your name in this circle, and when you wrote, to the minute
node-says-member-holds-circle-how-many = who is a member, who holds the circle, and how many devices each uses
node-says-names-other-circles-any = your names in other circles, or that you are in any
node-says-read = what you have read
node-says-address = your address
node-says-its-facilitator = its facilitator
node-says-its-facilitators = its { $count } facilitators
node-says-members-see = what members see
node-says-name-note-whoever-knocks-invite = the name and note of whoever knocks at an invite with review
node-says-reported-but-not-reported-themselves = what is reported, but not what is reported of themselves
node-says-made-report-unless-how-written = who made a report, unless how it is written tells, or a relay helps them
node-says-otherwise-more-about-than-other = otherwise more about you than other members do
node-says-whoever-holds-open-invite = whoever holds an open invite
node-says-card-title-welcome-agreement-facilitators = the card: title, welcome, agreement, the facilitators' names and their duty to report
node-says-addresses-relays = the addresses of the relays
node-says-else-member = who else is a member
node-says-anything-said-circle = anything said in the circle
node-says-whoever-runs-relay = whoever runs the relay
node-says-whoever-runs-relays = whoever runs { $count } relays
node-says-random-topics-change-every-seven = random topics that change every seven days and with every removal
node-says-when-sealed-envelopes-come-go = when sealed envelopes come and go, and which of three sizes they have
node-says-address-two-circles-one-device = your address, or that two of your circles are of one device: each has circuits of its own
node-says-any-word-name-title = any word, name or title
node-says-wrote-envelope-member-how-many = who wrote an envelope, who is a member, how many there are
node-says-topic-belongs-circle = that a topic belongs to this circle
node-says-internet-provider-whoever-watches-line = your internet provider, or whoever watches your line
node-says-use-tor-when-how-much = that you use tor, when, and how much passes
node-says-relays-any-word-name-title = the relays, or any word, name, title or topic
node-says-reach-relays-addresses-when-how = that you reach the relays' addresses, when, and how much passes
node-says-any-word-name-title-topic = any word, name, title or topic
node-says-members-direct-link-device = members with a direct link to this device
node-says-when-online = when you are online
node-says-address-link-goes-through-tor = your address: the link goes through tor
node-says-every-member-circle-meets-others = every member of this circle who meets others directly, too
node-says-address-which-tells-roughly-where = your address, which tells roughly where you are and by which provider
node-says-same-address-every-circle-where = the same address in every circle where you chose this: whoever is in two of them can tell that both are you
node-says-relay-brings-members-together-beside = a relay that brings members together, beside what it sees anyway
node-says-which-connections-meet-each-other = which of its connections meet each other directly, from which addresses: that these people belong together
node-says-whom-expect-sealed = whom you expect: that is sealed
node-says-anything-goes-between-without = anything that goes between you without it
node-says-addresses-members-linked-when-how = the addresses of the members you are linked with, when, and how much passes
node-says-members-direct-link-device-whoever = members with a direct link to this device, and whoever watches the line
node-says-address-when-online = your address, and when you are online
node-says-whoever-removed-left = whoever was removed or has left
node-says-they-had-read-before = what they had read before
node-says-anything-written-after = anything written after it
node-says-whoever-records-envelopes-now-large = whoever records the envelopes now and has a large quantum computer one day
node-says-everything-circle-sealed-x25519-alone = everything: this circle is sealed with x25519 alone
node-says-members-circle = the members of this circle
node-says-wrote-while-one = what you wrote while you were one
node-says-anything-since = anything of you since
node-says-read-stays-device-until-delete = what you read stays on this device until you delete the profile
node-says-said-erased-after-day = what was said is erased on every member's device after a day, as soon as that device runs: the circle says so. copies that somebody made stay with them
node-says-said-erased-after-days = what was said is erased on every member's device after { $days } days, as soon as that device runs: the circle says so. copies that somebody made stay with them
node-says-sealed-envelopes-stay-device-30 = sealed envelopes stay on this device for 30 days, to catch up others
node-says-nobody-sends-files-pictures-here = nobody sends files or pictures here
node-says-picture-send-says-nothing-where = a picture you send says nothing of where and when it was taken, but what it shows. whoever receives it can keep it, and a relay sees about how large it is. other files, if they are allowed, go as they are
node-says-keys-recorded-deleted-when-everybody = the keys to what was recorded are deleted when everybody has gone on: normally after one or two days, at most after 14, or 60 in a circle most of whose members are away. while this device is off it deletes nothing
node-says-keys-one-state = keys of one past state are still on this device, because somebody may need them
node-says-keys-states = keys of { $count } past states are still on this device, because somebody may need them
node-says-circle-direct-links-no-relay = this circle has direct links and no relay: who is away when someone is removed cannot reach it again. add a relay, at least for a while, after a removal
node-says-sealed-envelopes-stay-each-relay = sealed envelopes stay on each relay for 30 days
node-says-relay-circle-names-no-longer = a relay that the circle names no longer is still used, since an open invite names it
node-says-relay-used-one-device = a relay that the circle names no longer is still used, since one device may know no other
node-says-relay-used-devices = a relay that the circle names no longer is still used, since { $count } devices may know no other
node-says-envelope-device-alone = envelope of yours is still on this device alone
node-says-envelopes-device-alone = { $count } envelopes of yours are still on this device alone
node-says-whoever-device-passphrase-finds-node = whoever has this device and the passphrase, or finds the node running
node-says-everything-can-see = everything you can see
node-says-whoever-device-without-passphrase = whoever has this device without the passphrase
node-says-program-here-how-much-keeps = that the program is here, how much it keeps and when it last wrote
node-says-relays-settings-config-toml = the relays and settings in config.toml
node-says-any-word-name-title-circle = any word, name, title or circle
node-says-programs-run-under-user-device = programs that run under your user on this device
node-says-everything-over-nodes-socket-while = everything, over the node's socket, while the node runs

## node/src/api/route/circle.rs

node-says-nobody-becomes-facilitator-without-agreeing = nobody becomes a facilitator without agreeing and declaring
node-says-propose-windbreak-member-promote = propose it: windbreak member promote

## node/src/api/route/draft.rs

node-says-device-not-circle-any-more = this device is not in the circle any more

## node/src/api/route/file.rs

node-says-bytes-file-not-base64 = the bytes of the file are not in base64
node-says-write-them-alphabet-rfc-4648 = write them in the alphabet of RFC 4648, section 4, with padding

## node/src/api/route/item.rs

node-says-limit-not-between-1 = the limit is not between 1 and { $max_page }
node-says-ask-fewer-items-once-again = ask for fewer items at once, and again for those after them
node-says-newest-items-do-not-stand = the newest items do not stand after another one
node-says-leave-out-newest-after = leave out `newest` or `after`

## node/src/api/route/join.rs

node-says-agreement-not-named-64-lower = the agreement is not named by the 64 lower-case hexadecimal digits of its hash
node-says-take-hash-came-text-shown = take the hash that came with the text that was shown

## node/src/api/route/link.rs

node-says-address-not-one-node-can = an address is not one this node can use for a direct link
node-says-write-ip4-192-168-1 = write it as /ip4/192.168.1.7/tcp/4710
node-says-circle-most-addresses-each-sort = a circle has at most { $max_addresses } addresses of each sort
node-says-take-some-away-first = take some away first
node-says-circle-goes-through-tor-listening = this circle goes through tor, and listening there would show this device's address
node-says-listen-ip4-127-0-0 = listen at /ip4/127.0.0.1/tcp/… for an onion service of your tor
node-says-circle-goes-through-tor-link = this circle goes through tor, and this link would show this device's address
node-says-use-members-onion3-address-change = use the member's /onion3/ address, or change the mode with: windbreak network set
node-says-onion-address-reached-through-tor = an onion address is reached through tor alone, and this circle does not use it
node-says-change-mode-windbreak-network-set = change the mode with: windbreak network set CIRCLE tor

## node/src/api/route/network.rs

node-says-goes-through-tor-none-relays = this goes through tor, and none of the relays has an onion address
node-says-ask-relays-host-onion3-address = ask the relay's host for its /onion3/ address, or choose another mode with --network
node-says-relays-onion-addresses-alone-which = the relays have onion addresses alone, which only tor reaches
node-says-choose-network-tor-name-relay = choose it with --network tor, or name a relay with another address
node-says-relay-circle-serves-another-circles = a relay of this circle serves another of your circles: without tor whoever runs it could tell by address and time that both are yours
node-says-use-another-relay-mode-tor = use another relay or the mode tor; or repeat it with `same_relay`, if that is no harm

## node/src/api/route/relay.rs

node-says-device-keeps-most-these-one = a device keeps at most { $limit } of these for one circle
node-says-take-another-one-away-first = take another one away first

## node/src/api/route/search.rs

node-says-limit-not-between-1-2 = the limit is not between 1 and { $max_found }
node-says-search-broke-off = the search broke off
node-says-name-word = name a word
node-says-look-fewer-words = look for fewer words
node-says-search-goes-behind-no-id = what the search goes on behind is no id, and does not begin like one
node-says-give-eight-more-digits-small = give eight or more of its digits, in small letters
node-says-more-than-one-item-id = more than one item has an id that begins so
node-says-give-more-digits = give more of its digits

## node/src/api/route/store.rs

node-says-path-backup-must-absolute = the path of a backup must be absolute
node-says-write-from-root-home = write it from the root: /home/…
node-says-backup-passphrase-recipient = a backup is for a passphrase or for a recipient
node-says-give-one-two = give one of the two

## node/src/hint.rs

node-says-a-mail-address = a mail address
node-says-a-link = a link
node-says-a-name-on-a-network = a name on a network
node-says-a-telephone-number = a telephone number
node-says-a-street-address = a street address
node-says-a-postcode = a postcode
node-says-where-somebody-lives = where somebody lives
node-says-where-somebody-works-or-learns = where somebody works or learns
