# Profile, node, devices, backup, store, locks.

## init

init-profile-made = Your profile is made, in { $profile }.
init-keep-passphrase-well-nobody = Keep the passphrase well: nobody can open the profile without it, and only who knows it can set another.
init-circles-go-tor-answers = Your circles go { $network }. (Tor answers at { $proxy }.)
init-circles-go = Your circles go { $network }.
init-tor-not-found-machine = Tor was not found on this machine. With it nobody would learn your address: install it, then windbreak network default tor
init-next-windbreak-circle-new = Next: windbreak circle new TITLE --name NAME --relay ADDRESS, or windbreak join CODE
init-profile-exists = there is a profile in { $folder } already
init-profile-exists-next = use it, or name another folder with --profile DIR
init-making-profile = Making your profile

## node

node-node-not-running = Your node is not running.
node-start-windbreak-node-start = Start it with: windbreak node start
node-node-running = Your node is running.
node-node-running-cannot-write = Your node is running, and cannot write: it takes no new work.
node-trouble = Trouble: { $message }
node-next = Next: { $next }
node-profile = Profile
node-started = Started
node-circles = Circles
node-store = Store
node-most-mib-memory = at most { $cache } MiB of memory; { $disk } MiB of disk for all stores in the folder
node-without-limit = without a limit
node-mib = of { $quota } MiB
node-takes-mib = "{ $title }" takes { $bytes } MiB, { $room }
node-room = Room
node-joining = Joining
node-not-over-windbreak-join = { $joins } not over: windbreak join
node-nothing = nothing
node-kept-until-relay-members = { $count }, kept until a relay or a member's device takes them
node-circle = circle { $id }
node-joining-2 = joining
node-relay-connected = its relay is connected
node-relay-not-connected = its relay is not connected
node-relays-connected = { $relays_connected } of { $relays } relays connected
node-no-relay-no-direct = no relay, and no direct link is up
node-direct-links = { $links ->
    [one] { $links } direct link
   *[other] { $links } direct links
}
node-through-tor = through Tor
node-over-relays = over relays
node-over-relays-links = over relays and links
node-network = Network
node-trouble-2 = Trouble
node-node-stopped-waits-sent = Your node has stopped. What waits to be sent is kept.
node-node-not-running-2 = Your node was not running.
node-waiting-until-node-put = Waiting until your node has put everything away
node-does-not-stop = the node was asked to stop and has not
node-does-not-stop-next = wait a little and look again: windbreak node status
node-notices = Notices
node-notice-not-shown = not shown: { $message }
node-no-other-device-here = no other device is here now
node-on-local-network = on the local network
node-catching-up = Catching up
node-catching-up-of = { $here } of about { $about }
node-asking-others = asking the other members' devices what was missed

## node-run

node-run-node-running-press-ctrl = Your node is running. Press Ctrl-C to stop it.
node-run-other-commands-go-another = Other commands go in another terminal: windbreak circle list
node-run-node-runs-already = a node is running for this profile already
node-run-node-runs-already-next = use that one, or stop it first: windbreak node stop
node-run-opening-profile = Opening your profile
node-run-correct-log-profiles-config = correct [log] in the profile's config.toml

## device

device-device = this device
device-written-nothing-known-here = has written nothing that is known here
device-last-wrote = last wrote { $time }
device-new-device-asks-come = A new device asks to come in. It shows { $number }.
device-yours-then-windbreak-device = Is it yours? Then: windbreak device confirm CIRCLE NUMBER
device-one-more-device-yours = For one more device of yours, { $expires }. There, type: windbreak device join -
device-keep-yourself-whoever-came = Keep it to yourself: whoever came in by it would read and write as you.
device-new-device-said-from = Your new device is in. It has what is said from now on.
device-new-device-let-soon = Your new device is let in as soon as it is heard; it goes on in the background.
device-device-taken-out-reads = The device is taken out and reads nothing that is said from now on.
device-read-stays-open-invites = What it has read stays on it, and open invites without a lobby are closed.
device-device-said-from-now = This device is in. It has what is said from now on.
device-device-shows = This device shows: { $number }
device-confirm-other-one-goes = Confirm it on the other one; it goes on in the background.
device-circle-waits-yes-add = The circle waits for your yes: add --yes.
device-nothing-heard-from-circle = Nothing was heard from the circle yet.
device-other-device-said-yes = Your other device has said yes; this one is being let in.
device-take-device-yours-out = Take this device of yours out of "{ $title }"?
device-ambiguous = more than one of your devices begins like that
device-ambiguous-next = type more of its id: windbreak device list CIRCLE
device-unknown-device = you have no such device in this circle
device-unknown-device-next = list your devices: windbreak device list CIRCLE
device-waiting-other-device = Waiting for the other device
device-look-again-windbreak-device = Look again with: windbreak device list CIRCLE
device-does-other-device-show = Does your other device show { $number }?
device-invite-person = this is an invite for a person
device-use-windbreak-join-code = use it with: windbreak join CODE
device-device-code-made-newer = the device code was made by a newer version of windbreak
device-update-windbreak-use = update windbreak to use it
device-no-device-code-one = this is no device code: one starts with "windbreak-device:"
device-make-one-other-device = make one on your other device: windbreak device add CIRCLE
device-device-code-damaged-part = the device code is damaged: a part is missing or was changed
device-copy-whole-line-again = copy the whole line again
device-come-into-here-too = Come into "{ $title }" here too, as { $name }?
device-device-shows-confirm-other = This device shows { $number }. Confirm it on the other one.

## backup

backup-backup-made = Your backup is made, in { $path }.
backup-check-where-keep-windbreak = Check it where you keep it: windbreak backup check FILE
backup-said-from-now-not = What is said from now on is not in it, and a profile made from it comes back into its circles as a new device.
backup-profile-made-from-backup = Your profile is made from the backup, in { $profile }.
backup-comes-back-into-circles = It comes back into its circles as a new device, by itself, once another member can be reached.
backup-do-not-use-beside = Do not use it beside the profile that the backup was made of.
backup-new-circles-go = New circles go { $network }.
backup-no-settings = No settings that this program knows are in the backup: the profile has those of a new one. Whether it locks itself, asks before windbreak panic, names relays and gives circles more room stands in config.toml in its folder.
backup-backup-sound = The backup is sound.
backup-made = Made
backup-records = Records
backup-reading-backup = Reading the backup
backup-backup-passphrase = backup passphrase
backup-backup = for the backup
backup-writing-backup = Writing the backup
backup-identity-file = identity file
backup-passphrase-backup-nothing-shown = Passphrase of the backup (nothing is shown):{" "}
backup-not-text = the path and the passphrase of a backup must be text in UTF-8
backup-not-text-next = choose others
backup-cannot-make-backup = cannot make the backup
backup-check-path-folder-then = check the path and its folder, then try again

## store

store-store-sound = The store is sound.
store-store-damaged = The store is damaged.
store-damaged = Damaged
store-missing = Missing
store-keep-copy-folder-take = Keep a copy of the folder, and take back your last backup: windbreak restore FILE --profile NEW-FOLDER
store-disk = On disk
store-stores-take-now-they = The stores take { $after } now; they took { $before }.
store-mib = { $size } MiB
store-there-no-other-profile = Is there no other profile in this folder? If there is, it is lost.
store-reading-store = Reading the store
store-writing-store-anew = Writing the store anew

## guard

guard-locked-nothing-profile-memory = Locked. Nothing of your profile is in memory, and nothing arrives until you unlock it.
guard-open-again-windbreak-unlock = Open it again with: windbreak unlock
guard-done-keys-here-overwritten = Done. The keys that were here are overwritten, and the files are gone.
guard-destroy-everything-profiles-folder = Destroy everything in this profile's folder, for good?
guard-panic-incomplete = not everything could be removed: { $error }
guard-panic-incomplete-next = the keys that could be reached are destroyed; remove the folder by hand
guard-still-held = a process still has in memory what opens your profile
guard-still-held-next = end it by hand: kill -9 { $pid }; if it stays, switch this machine off
guard-still-held-next-unknown = end whatever is called windbreak by hand; if it stays, switch this machine off
guard-done-from-now-new = Done. From now on the new passphrase opens your profile, and only that.
guard-whoever-copied-folder-before = Whoever copied the folder before can open that copy with the old one.
guard-new-passphrase = new passphrase
guard-place = in its place
guard-changing-passphrase = Changing the passphrase
guard-file-recovery-phrase = file of the recovery phrase
guard-phrase-needed = this needs your recovery phrase
guard-phrase-needed-next = give it with --phrase-file FILE
guard-recovery-phrase = recovery phrase
guard-recovery-phrase-nothing-shown = Your recovery phrase (nothing is shown):{" "}
guard-recovery-phrase-shown-once = Your recovery phrase. It is shown this once and kept nowhere; write it on paper:
guard-need-add-device-yours = You need it to add a device of yours to a circle. It does not open the profile; the passphrase does.

## hidden

hidden-other-profile-made-passphrase = The other profile is made. Its passphrase opens it, wherever you are asked for one.
hidden-use-now-then-made = Use it now and then: what was made for it ends today.
hidden-one-others-circle-profile = One of the others in its circle has a profile in { $folder }.
hidden-now-then-say-something = Now and then, say something there: windbreak share CIRCLE --profile { $folder }
hidden-keep-folder-elsewhere-beside = Keep that folder elsewhere: beside this one, it would tell.
hidden-companion = And for the companion:
hidden-profile-folder-whose-passphrase = A profile in this folder whose passphrase you did not name may be lost. Go on?
hidden-passphrase-new-profile = passphrase of the new profile
hidden-other-profile = for the other profile
hidden-companions-passphrase = companion's passphrase
hidden-companion-2 = for the companion
hidden-making-other-profile = Making the other profile
hidden-needs-relay = the made-up circle needs a relay over which people could have talked, and this profile names none
hidden-needs-relay-next = name one under relays in the profile's config.toml, then try again
hidden-cannot-use-companions-folder = cannot use the companion's folder
hidden-companion-inside = the companion's folder would lie in the folder of this profile, and tell of it
hidden-companion-inside-next = name a folder somewhere else, best on another disk
hidden-companion-left = the other profile was not made, and its companion could not be removed: { $error }
hidden-companion-left-next = remove the companion's folder by hand: it would tell what was to be made

## bench

bench-machine-slow-will-do = This machine is slow for it, and it will do: what you say may take a moment to be kept.
bench-machine-well-able-carry = This machine is well able to carry your circles.
bench-opening = Opening
bench-open-profile = { $open_seconds } to open your profile
bench-sharing = Sharing
bench-shares-second = about { $shares_per_second } shares a second, one after the other
bench-catching-up = Catching up
bench-after-month-away-from = { $month_away_seconds } after a month away from a lively circle
bench-relay = As a relay
bench-envelopes-second-most-would = about { $relay_per_second } envelopes a second; that and its memory would do for { $relay_people } people in three circles each, if its network does too
bench-relay-limit = A relay takes { $connections } connections, one for each circle of each member, unless relay.toml allows more.
bench-disk = Disk
bench-ms-one-hundred-waits = { $slowest_sync_ms } ms for one of a hundred waits for it
bench-these-processor-disk-can = These are estimates from what the processor, the disk and the memory can do. How far away a relay is, and how busy this machine is otherwise, comes on top; run it again when it is quiet.
bench-million = { $count } million
bench-moment = a moment
bench-trying-machine-can-do = Trying what this machine can do, for less than a minute
bench-file-next = name a folder that you may write beside, with --profile DIR
bench-bench = a share could not be sealed
bench-next = report it

## notify

notify-told-nothing = You are told nothing.
notify-turn-on = Turn it on with: windbreak notify on
notify-told-something-new = You are told that something is new, and nothing of what it is.
notify-says = Says
notify-shown = Shown
notify-by-desktop = by the desktop
notify-by-command = by { $command }
notify-for = For
notify-something-new-read = something new to read
notify-somebody-asks-let-in = somebody who asks to be let in
notify-new-device-asks = a new device of yours that asks
notify-report-waits = a report that waits for you
notify-at-most = At most
notify-one-in-minutes = { $count ->
    [one] one in { $count } minute
   *[other] one in { $count } minutes
}
notify-quiet = Quiet
notify-never = never
notify-hours = { $from } to { $to }
notify-hours-in-zone = { $from } to { $to } in { $zone }
notify-quiet-now = { $hours }, which is now
notify-not-for = Not for
notify-last-not-shown = The last one was not shown: { $message }
notify-showing = Showing a notice
notify-was-shown = A notice was shown. If you saw nothing, look at your desktop's own settings.
notify-told-circle = You are told of this circle, as long as notices are on.
notify-told-nothing-circle = You are told nothing of this circle.
notify-bad-time = quiet hours are two times of a day, from 00:00 to 23:59
notify-bad-time-next = write them like this: windbreak notify quiet 22:00-07:30
notify-no-program = there is no such program on this machine
notify-no-program-next = name it by its whole path, as a file that may be run
