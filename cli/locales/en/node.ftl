# What the node says, as it sends it. Where one of these texts arrives, it is said in the
# language of whoever reads it.

## node/src/search.rs

node-says-there-nothing-look = there is nothing to look for
node-says-looked-more-than-characters = what is looked for has more than { $max_search_chars } characters

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
node-says-another-store-folder-cannot = another store in this folder cannot be read or written
node-says-profiles-own-not-affected = this profile's own is not affected: if nobody else uses the folder, make the others anew: windbreak store compact --only-profile

## node/src/profile/config.rs

node-says-config-toml-line = config.toml, line { $line }: { $reason }
node-says-config-toml-missing = config.toml is missing, and with it how your circles are reached
node-says-say-again-network-default = say it again: windbreak network default MODE
node-says-config-toml-not-utf-8 = config.toml is not UTF-8 text
node-says-config-toml-must = config.toml: `{ $field }` must be { $bounds }
node-says-config-toml = config.toml: { $value }
node-says-most-addresses-like = at most { $most } addresses like { $example }
node-says-address-machine-network-like = an address of this machine or of the network it is in, like { $example }
node-says-tor-relay-only-direct-lan-one-circle = tor, relay-only or direct: lan is chosen for one circle at a time
node-says-most-bytes = at most { $most } bytes

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
node-says-number-from-to = a number from { $least } to { $most }
node-says-number-mib-from-to = a number of MiB from { $least } to { $most }
node-says-number-mib = a number of MiB
node-says-from-to-mib = from { $least } to { $most } MiB
node-says-from-to-addresses-like = from { $least } to { $most } addresses like { $example }
node-says-most-addresses = at most { $most } addresses
node-says-address-machine-like = an address of this machine, like { $example }
node-says-one-or-more = 1 or more

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
node-says-clock-machine-relay-off-eight-days = by the clock of this machine the relay was off for more than eight days, and if that is wrong, grants would end for good
node-says-set-clock-start-once-clock-right = set the clock, or if it is right, start once with: windbreak relay run --clock-is-right

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

## node/src/picture.rs

node-says-neither-jpeg-nor-png = this is neither a JPEG nor a PNG
node-says-picture-more-than-40-million = the picture has more than 40 million pixels, or more than 16384 along one side
node-says-picture-damaged-rare-kind = the picture is damaged, or of a rare kind

## node/src/api/reason.rs

node-says-make-jpeg-png-first = make a JPEG or PNG of it first; other files are sent with --attach FILE
node-says-make-smaller-first = make it smaller first
node-says-open-another-program-save = open it with another program and save it as a JPEG or PNG
node-says-make-shorter = make it shorter
node-says-answer-those-who-here-now = answer those who are here now: leave --scope out
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
node-says-wait-until-another-member-can = wait until another member can be reached: it happens by itself; if nothing comes of it for ten hours, you may leave, and ask for a new invite
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
node-says-look-disk-profiles-folder-node = look at the disk of the profile's folder; the node tries again by itself. Then see whether this was kept, before you do it again

## node/src/api/refusal.rs

node-says-picture-more-than-32-mib = the picture has more than 32 MiB
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
node-says-every-share-reply-since-they = every share and reply since they joined that is shown, and earlier ones whose authors allowed it
node-says-advice-held-back-words-hidden = of advice that is held back, and of what was hidden, said by somebody muted or shared too soon in slow mode: that it is there and who wrote it, and its words only if it is let through, shown again or its turn comes; their devices have the words, so a changed program shows them
node-says-warm-words-give-with-name = the warm words you give, with your name
node-says-what-propose-agree-with-name = what you propose, and what you agree to, with your name
node-says-only-listens-muted-until-how-slow = who only listens, who is muted and until when, and how slow the circle is: that you are, too
node-says-steward-log-hid-muted-removed = the steward log: who hid, muted, slowed down, removed or changed what, to whom, when and why
node-says-name-circle-when-wrote-minute = your name in this circle, and when you wrote, to the minute
node-says-member-holds-circle-how-many = who is a member, who holds the circle, and how many devices each uses
node-says-names-other-circles-any = your names in other circles, or that you are in any
node-says-read = what you have read
node-says-drafts-check-ins-plan-blocked = your drafts, your check-ins, your plan, whom you blocked, and which agreement you accepted on this device beyond what you agreed to or joined with
node-says-address = your address
node-says-its-facilitator = its facilitator
node-says-its-facilitators = its { $count } facilitators
node-says-members-see = what members see
node-says-words-hidden-muted = the words of what was hidden, and those of somebody muted
node-says-name-note-whoever-knocks-invite = the name and note of whoever knocks at an invite with review
node-says-reported-but-not-reported-themselves = what is reported, but not what is reported of themselves
node-says-words-reported-180-days = the words of what was reported, for up to 180 days, also when their author takes them back or they grow too old
node-says-made-report-unless-how-written = who made a report, unless how it is written tells, or a relay helps them
node-says-longest-members = the members who have been here longest, four at most
node-says-reported-only-facilitator = what is reported of the only facilitator
node-says-who-reported = who reported it, unless how it is written tells, or a relay helps them
node-says-whoever-holds-open-invite = whoever holds an open invite
node-says-card-title-welcome-agreement-facilitators = the card: title, welcome, agreement, the facilitators' names and their duty to report
node-says-addresses-relays = the addresses of the relays
node-says-else-member = who else is a member
node-says-anything-said-circle = anything said in the circle
node-says-whoever-runs-relay = whoever runs the relay
node-says-whoever-runs-relays = whoever runs { $count } relays
node-says-random-topics-change-every-seven = random topics that change every seven days and with every removal
node-says-when-sealed-envelopes-come-go = when sealed envelopes come and go, and which of three sizes they have
node-says-connection-brings-envelope-first = which connection brings an envelope first
node-says-connections-same-topics-devices = which connections use the same topics: about how many devices the circle has, and when each is there
node-says-somebody-let-in-how-large = when somebody is let in, and roughly how large a circle is that has more than some twenty members
node-says-circle-comes-goes-together = when this circle comes and goes: of two that always do so together it can guess that they are of one device
node-says-address-circles-circuits-own = your address: each of your circles has circuits of its own
node-says-any-word-name-title = any word, name or title
node-says-name-envelope-written-members-call = under which name an envelope was written, and what the members call themselves
node-says-which-circle-topics = which circle its topics are of
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
node-says-circle-erases-after-day-week = the circle says that what was said is erased after a day: this device begins with it when it has known of that for a week. copies that somebody made stay with them
node-says-circle-erases-after-days-week = the circle says that what was said is erased after { $days } days: this device begins with it when it has known of that for a week. copies that somebody made stay with them
node-says-sealed-envelopes-stay-device-30 = sealed envelopes stay on this device for 30 days, to catch up others
node-says-nobody-sends-files-pictures-here = nobody sends files or pictures here
node-says-pictures-alone-sent-here = pictures alone are sent here. one says nothing of where and when it was taken, but what it shows. whoever receives it can keep it, and a relay sees about how large it is
node-says-any-files-sent-here = any files are sent here. a picture says nothing of where and when it was taken, but what it shows; other files go as they are, with whatever their program wrote into them. whoever receives one can keep it, and a relay sees about how large it is
node-says-keys-recorded-deleted-when-everybody = the keys to what was recorded are deleted when everybody has gone on: normally after one or two days, at most after 14, or 60 in a circle most of whose members are away. while this device is off it deletes nothing
node-says-keys-one-state = keys of one past state are still on this device, because somebody may need them
node-says-keys-states = keys of { $count } past states are still on this device, because somebody may need them
node-says-circle-no-relay = this circle has no relay: who is away when someone is removed cannot reach it again, but where others are at the same time. add a relay, at least for a while, after a removal
node-says-sealed-envelopes-stay-each-relay = sealed envelopes stay on each relay for at most 30 days; its host may keep fewer
node-says-relay-circle-names-no-longer = a relay that the circle names no longer is still used, since an open invite names it
node-says-relay-used-one-device = a relay that the circle names no longer is still used, since one device may know no other
node-says-relay-used-devices = a relay that the circle names no longer is still used, since { $count } devices may know no other
node-says-envelope-device-alone = envelope of yours is still on this device alone
node-says-envelopes-device-alone = { $count } envelopes of yours are still on this device alone
node-says-whoever-device-passphrase-finds-node = whoever has this device and the passphrase, or finds the node running
node-says-everything-can-see = everything you can see
node-says-drafts-check-ins-plan-too = your drafts, check-ins and plan, whom you blocked and which agreements you accepted beyond what you agreed to or joined with: they are on this device alone, and in the backups you make of it
node-says-whoever-device-without-passphrase = whoever has this device without the passphrase
node-says-program-here-how-much-keeps = that the program is here, how much it keeps and when it last wrote
node-says-relays-settings-config-toml = the relays and settings in config.toml
node-says-any-word-name-title-circle = any word, name, title or circle
node-says-programs-run-under-user-device = programs that run under your user on this device
node-says-everything-over-nodes-socket-while = everything, over the node's socket, while the node runs
node-says-relay-takes-grant-beside = a relay that takes by grant, beside what it sees anyway
node-says-number-grant-draws-tokens-how-often = a number of the circle's grant by which this device draws tokens, and how often
node-says-numbers-draw-devices-write = how many of the grant's numbers draw: about how many devices write here
node-says-comes-invite-topic-grant = when somebody comes by an open invite: that its topic is of this grant
node-says-host-other-keys-grant-pays-topic = if its host made other keys for each grant: which grant pays on which topic
node-says-same-address-draws-writes = that the same address draws and writes
node-says-whose-number = whose number that is
node-says-which-grants-numbers-pays = which of the grant's numbers pays for an envelope
node-says-internet-address = your internet address
node-says-address-local-network = your address in the local network
node-says-everybody-same-local-network = everybody on the same local network, and whoever runs it
node-says-device-runs-windbreak-while = that this device runs windbreak, while it does
node-says-other-devices-exchanges-belong-together = with which other devices there it exchanges how much, and when: that these people belong together
node-says-which-circle-names-new-each-start = of which circle: names are new at each start and mean nothing
node-says-every-member-same-local-network = every member of this circle on the same local network
node-says-which-device-yours-when-on = which device there is yours, and when it is on
node-says-same-device-every-circle-where = the same device in every circle where you chose this: whoever is in two of them can tell that both are you
node-says-internet-provider = your internet provider
node-says-anything-circle-leaves-local-network = anything of this circle: nothing of it leaves the local network
node-says-holds-open-invite-same-local-network = whoever holds an open invite and is on the same local network
node-says-which-device-answers-it = which device there answers it
node-says-write-waits-device-same-local-network = what you write waits on this device until a member's device is on the same local network
node-says-whoever-sees-screen-notice = whoever sees the screen of this device when a notice is shown
node-says-words-notices-same-everything = the words of notices, which are the same for everything
node-says-about-when-something-arrives = about when something arrives
node-says-whatever-program-named-arguments = whatever the program does that you named, and its arguments
node-says-what-it-is-who-says-which-circle = what it is, who says it, or of which circle or profile
node-says-every-other-user-machine = every other user of this machine
node-says-notice-shown-words-while-program-runs = that a notice is shown, and its words, while the program for it runs

## node/src/api/route/agreement.rs

node-says-agreement-not-compared = the agreement could not be compared

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
node-says-circle-stays-local-network-links = this circle stays on the local network, where members find each other without links
node-says-choose-mode-links-first = choose a mode with links first: windbreak network set CIRCLE direct

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

## node/src/relay/grants.rs

node-says-grants-hold-allow-much-relay-account = the grants that hold allow as much as this relay can keep account of
node-says-grant-less-revoke-one = grant less, or revoke one: windbreak relay grant list
node-says-there-no-such-grant = there is no such grant
node-says-see-grants-there = see those there are with: windbreak relay grant list
node-says-relay-failed-grant = the relay failed at a grant
node-says-relay-open-everybody-no-grants = this relay is open to everybody, so it has no grants
node-says-set-admission-grant-relay-toml = set admission = "grant" in relay.toml and restart it
node-says-grant-members-mib-weeks = a grant is for 1 to 512 members, 4 MiB a week or a multiple of it each, and 1 to 27 weeks
node-says-choose-numbers-within-bounds = choose numbers within these bounds
node-says-relay-cannot-write-room-disk = the relay cannot write: there is no room, or the disk fails
node-says-make-room-then-try-again = make room, then try again

## node/src/api/extract.rs

node-says-id-path-not-64-digits = an id in the path is not 64 lower-case hexadecimal digits
node-says-take-whole-id-list = take the whole id from a list
node-says-path-lacks-ids = the path lacks its ids
node-says-compare-openapi = compare it with /v1/openapi.json
node-says-body-must-json = the body must be json and say so
node-says-send-header-content-type = send the header content-type: application/json
node-says-request-longer-than-bytes = the request is longer than { $max_body } bytes
node-says-send-less-once = send less at once
node-says-request-broke-off = the request broke off
node-says-send-it-again = send it again
node-says-many-pictures-being-sent = as many pictures are being sent as there is room for
node-says-send-again-moment = send it again in a moment

## node/src/api/server.rs

node-says-nothing-path = there is nothing at this path
node-says-see-openapi-there = see /v1/openapi.json for what there is
node-says-path-does-not-take-method = this path does not take this method
node-says-see-openapi-takes = see /v1/openapi.json for what it takes

## node/src/api/route/grant.rs

node-says-grant-one-relay-none-several = a grant is of one relay, and this circle would have none or several
node-says-name-one-alone-add-others = name that one alone, and add the others afterwards: windbreak relay add CIRCLE ADDRESS

## node/src/desk.rs

node-says-device-cannot-use-recovery-phrase = this device cannot use a recovery phrase

## node/src/notice

node-says-quiet-hours-two-times = quiet hours are two times of a day, from 00:00 to 23:59
node-says-write-them-like-hours = write them like this: 22:00-07:30
node-says-quiet-hours-begin-end-one-time = these quiet hours begin and end at one time
node-says-choose-two-times-notices-off = choose two times, or turn notices off
node-says-machine-knows-no-time-zone = this machine knows no such time zone
node-says-name-zone-leave-out = name one like Europe/Berlin, or leave it out: then it is that of this machine
node-says-notices-nothing-none = notices for nothing are none
node-says-name-notices-for-turn-off = name what they are for, or turn them off
node-says-one-notice-next-minutes = from one notice to the next it is 1 to { $max_notice_minutes } minutes
node-says-words-notice-one-line = the words of a notice are one line of at most { $max_notice_chars } characters
node-says-make-shorter-say-nothing-others = make it shorter, and say nothing in it that others must not see
node-says-program-most-arguments-bytes = the program has at most { $max_notice_args } arguments, and with them { $max_notice_command } bytes
node-says-put-longer-into-script = put what is longer into a script, and name that
node-says-there-no-such-program = there is no such program on this machine
node-says-name-whole-path-file-run = name it by its whole path, as a file that may be run
node-says-desktop-no-program-notices = this desktop has no program that shows notices: neither notify-send nor osascript is on the search path
node-says-install-one-name-program = install one (on Debian: libnotify-bin), or name a program of your own: windbreak notify command -- PROGRAM
node-says-program-notices-not-started = the program that shows notices could not be started
node-says-program-notices-ended-code = the program that shows notices ended with code { $code }
node-says-program-notices-ended-signal = the program that shows notices was ended by a signal
node-says-program-notices-too-long = the program that shows notices took too long and was ended
node-says-try-program-hand-name-another = try the program by hand, or name another one: windbreak notify command -- PROGRAM
node-says-another-notice-shown = another notice is being shown
node-says-wait-seconds-try-again = wait some seconds, then try again

## node/src/personal

node-says-check-in-number-0-10 = a check-in is a number from 0 to 10
node-says-choose-fits-best = choose the one that fits best
node-says-words-check-in-characters = the words of a check-in have at most { $max_check_in_chars } characters
node-says-device-keeps-check-ins = this device keeps at most { $max_check_ins } check-ins
node-says-delete-some-not-needed = delete some that you do not need any more
node-says-check-in-not-written-down = a check-in could not be written down
node-says-there-no-such-check-in = there is no such check-in
node-says-list-check-ins-find-id = list the check-ins to find its id
node-says-there-no-such-draft = there is no such draft
node-says-list-drafts-find-id = list the drafts to find its id
node-says-device-keeps-drafts = this device keeps at most { $max_drafts } drafts
node-says-send-delete-one-draft = send or delete one: windbreak draft list
node-says-device-keeps-mib-drafts = this device keeps at most { $mib } MiB of drafts
node-says-draft-not-written-down = a draft could not be written down
node-says-there-no-text-keep = there is no text to keep
node-says-write-some = write some
node-says-text-most-kib-title-content-note = a text has at most { $kib } KiB, a title { $max_title_chars } and a content note { $max_content_note_chars } characters
node-says-make-shorter-two = make it shorter, or two of it
node-says-plan-most-parts = a plan has at most { $max_plan_parts } parts
node-says-plan-make-one-two = make one of two, or remove one: windbreak plan
node-says-plan-part-not-written-down = a part of the plan could not be written down
node-says-plan-place-number = a place in your plan is a number from 1 to { $count }
node-says-plan-see-parts-numbers = see the parts with their numbers: windbreak plan
node-says-plan-no-such-part = there is no such part of your plan
node-says-plan-part-needs-title = a part of your plan needs a title
node-says-plan-name-few-words = name it in a few words of your own
node-says-plan-title-characters = the title of a part has at most { $max_plan_title_chars } characters
node-says-plan-title-shorter = make it shorter; its words have more room
node-says-plan-words-kib = the words of a part have at most { $kib } KiB
node-says-plan-words-shorter = make them shorter, or two parts of it

## what the system says

node-says-entity-not-found = entity not found
node-says-permission-denied = permission denied
node-says-connection-refused = connection refused
node-says-connection-reset = connection reset
node-says-connection-aborted = connection aborted
node-says-not-connected = not connected
node-says-connection-failed-stream = the connection failed
node-says-peer-not-agree-protocol-time = the peer did not agree on the protocol in time
node-says-peer-not-speak-protocol = the peer does not speak the protocol
node-says-peer-not-connected-not-any = the peer is not connected, or is not any more
node-says-streams-protocol-taken-already = the streams of this protocol are taken already
node-says-host-unreachable = host unreachable
node-says-network-unreachable = network unreachable
node-says-network-down = network down
node-says-address-in-use = address in use
node-says-address-not-available = address not available
node-says-broken-pipe = broken pipe
node-says-entity-already-exists = entity already exists
node-says-not-a-directory = not a directory
node-says-is-a-directory = is a directory
node-says-directory-not-empty = directory not empty
node-says-read-only-filesystem = read-only filesystem or storage medium
node-says-invalid-input-parameter = invalid input parameter
node-says-invalid-data = invalid data
node-says-timed-out = timed out
node-says-write-zero = write zero
node-says-no-storage-space = no storage space
node-says-quota-exceeded = quota exceeded
node-says-file-too-large = file too large
node-says-resource-busy = resource busy
node-says-operation-interrupted = operation interrupted
node-says-unsupported = unsupported
node-says-unexpected-end-of-file = unexpected end of file
node-says-out-of-memory = out of memory
node-says-other-error = other error
node-says-uncategorized-error = uncategorized error
