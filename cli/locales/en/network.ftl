# Relays, links, network modes, and who can see what.

## network

network-through-tor-onion-services = through Tor to onion services alone: nobody learns this device's address
network-over-relays-alone-whoever = over relays alone: whoever runs a relay learns this device's address, members never do
network-over-relays-direct-links = over relays and direct links: whoever runs a relay and members learn this device's address
network-tors-proxy-does-not = Tor's proxy does not answer, so nothing is sent. Start Tor; nothing else is tried meanwhile
network-none-relays-onion-address = none of its relays has an onion address, so nothing is sent. Ask for a relay with one, or choose another mode: windbreak network set
network-relay-no-more-room = a relay has no more room for what is written here, for now. It waits on this device and is offered again; another relay would help
network-relay-full-cannot-write = a relay is full, or cannot write. What was written waits on this device and is offered again; tell who hosts it
network-relay-places-taken = all places of a relay are taken. What was written waits on this device, and it is tried again and again. If it stays so, tell who hosts it, or name another relay with: windbreak relay use CIRCLE ADDRESS
network-none-relays-answers-written = none of its relays answers. What is written waits on this device, and they are tried again and again. If it stays so, the circle may have another relay by now: ask a member for its address and say it with: windbreak relay use CIRCLE ADDRESS
network-relay-facilitator-named-serves = a relay that a facilitator named serves another of your circles, so it is not dialled until you say so: windbreak relay list CIRCLE, then relay use or relay avoid
network-relays-onion-addresses-alone = its relays have onion addresses alone, so nothing is sent. Choose the mode: windbreak network set CIRCLE tor
network-circle-reached = This circle is reached { $mode }.
network-tor = Tor
network-proxy = its proxy at { $proxy }
network-not-dialled = Not dialled
network-connected = Connected
network-relays = { $relays_connected } of the relays
network-directly = Directly
network-links-typed-alone-meet = with the links you typed in alone; to meet members: windbreak network set CIRCLE direct
network-link-unused = Link unused
network-linked = linked with { $linked }
network-over-relays = Over relays
network-networks-between-let-nobody = { $apart } that the networks between you let nobody through to; it is tried again now and then
network-no-relay-brings-members = No relay brings members together now, so nobody new is met directly; everything goes over relays. Its host can allow it: circuits in relay.toml.
network-devices = { $count ->
    [0] no device
    [one] { $count } device
   *[other] { $count } devices
}
network-circles-make-join-from = Circles that you make or join from now on are reached { $mode }.
network-circles-keep-their-mode = Circles you have keep their mode: windbreak network set CIRCLE MODE
network-node-hears-when-starts = Your node hears of it when it starts again: windbreak node stop
network-before-direct = This device would then meet the members who chose this too, past the relays. Each of them learns its internet address, which tells roughly where you are, and the relay learns who of you meet. Whoever is in two circles where you chose this can tell that both are you. That cannot be taken back for what was seen. Go on?
network-relay-circle-serves-another = A relay of this circle serves another of your circles. Without Tor whoever runs it could tell by address and time that both are yours. Use it all the same?
network-would-then-go-cannot = It would then go { $mode }. That cannot be taken back for what was seen. Go on?
network-tor-absent = no proxy of Tor answers at { $proxy }
network-tor-absent-next = start Tor, or say where its SOCKS port is with --tor-proxy ADDRESS
network-within-local-network = within the local network alone: whoever is there sees that this device runs Windbreak, and members which one it is
network-relay-grant-no-part = a relay takes only from circles that its host gave a grant, and this device has no part of one. What was written waits on this device and is offered again. A facilitator asks the host for a grant and gives it to the circle: windbreak relay add CIRCLE ADDRESS --grant -
network-tokens-about-drawn = tokens for a relay that takes by grant are about to be drawn. What was written waits on this device until then; there is nothing to do
network-tokens-rest = the tokens for a relay that takes by grant rest for an hour or two, so that it cannot tell who drew them. What was written waits on this device until then; see windbreak relay list
network-device-used-week = this device has used what it may put on a relay in this week. What was written waits on this device for the next, which begins on Thursday at midnight UTC; another relay would help
network-grant-over-revoked = a relay says that the circle's grant is over or was revoked. What was written waits on this device. A facilitator asks its host for a new one and gives it to the circle: windbreak relay add CIRCLE ADDRESS --grant -
network-relays-clock-another-week = by a relay's clock it is another week than by this device's, so it gives no tokens. See whether the clock of this device is right, and tell who hosts the relay
network-relay-showed-other-keys = a relay showed other keys than its grant names, by which it could tell members apart. Nothing of what it gave is used. Ask who hosts it, or name another relay: windbreak relay replace CIRCLE RELAY ADDRESS
network-no-local-network = this device is in no local network now. What is written waits here; join the network the others are in, or choose another mode: windbreak network set
network-local-network-deaf = another program on this device keeps UDP port 5353 for itself, by which others on a local network are found. What is written reaches only those who are linked already; end that program, or choose another mode: windbreak network set
network-here = Here

## link

link-there-no-direct-links = There are no direct links; this circle goes over its relay.
link-direct-link-up = { $connected ->
    [one] { $connected } direct link is up.
   *[other] { $connected } direct links are up.
}
link-give-one-these-lines = Give one of these lines to the member who shall link with you:
link-told-listen-not-listening = Told to listen, and not listening yet, on:
link-linking = Linking with:
link-listen-direct-links = Listen for direct links?
link-warning = Members who link directly see each other's internet addresses, which tell roughly where somebody is.
link-link-directly = Link directly?

## relay

relay-relay-running-keeps-sealed = The relay is running. It keeps sealed envelopes and can read none. Press Ctrl-C to stop it.
relay-address-windbreak-circle-new = Its address, for `windbreak circle new --relay`:
relay-people-outside-machine-need = People outside this machine need an address of it that they can reach, with the same end from /tcp on.
relay-relay-running = The relay is running.
relay-relay-running-takes-nothing = The relay is running, and takes nothing new: there is no room, or the disk cannot be written.
relay-topics = Topics
relay-envelopes = Envelopes
relay-bytes = { $envelopes }, { $bytes } bytes
relay-connections = Connections
relay-streams = { $connections }, with { $streams } streams
relay-turned-away = Turned away
relay-connections-2 = { $turned_away } connections
relay-since-start = Since start
relay-taken-given-expired = { $taken } taken, { $given } given, { $expired } expired
relay-tokens = Tokens
relay-drawn-spent = { $tokens_drawn } drawn, { $tokens_spent } spent
relay-over-quota = over the quota
relay-no-room = no room
relay-too-old = too old
relay-another-topic = of another topic
relay-from-future = from the future
relay-while-stopping = while stopping
relay-without-token = without a token
relay-token-not-valid = with a token that is not valid
relay-beyond-sub-grant = beyond a sub-grant
relay-grant-does-not-hold = by a grant that does not hold
relay-refused = Refused
relay-folder-is-profile = there is a profile in { $folder }; a relay needs a folder of its own
relay-folder-is-profile-next = name another folder with --profile DIR
relay-cannot-hear-signals = cannot hear signals
relay-port-taken = another program listens at this address already
relay-port-taken-next = choose another port with --listen, or stop that program
relay-answering-asked-putting-everything = Answering what was asked, and putting everything away
relay-config-next = correct the file; windbreak relay init-config writes one that explains itself
relay-settings = The settings are in { $file }.
relay-change-like-relay-reads = Change what you like; the relay reads it when it starts: windbreak relay run
relay-config-exists = there is { $path } already
relay-config-exists-next = change it, or move it away first
relay-folder = cannot write { $path }: { $error }
relay-folder-is-profile-2 = there is a profile in { $folder }, and no relay
relay-folder-is-profile-next-2 = name the relay's folder with --profile DIR; for your node: windbreak node status
relay-not-running = no relay is running for { $folder }
relay-not-running-next = start it with: windbreak relay run (or name its folder with --profile DIR)
relay-folder-in-use = another relay runs in this folder
relay-folder-in-use-next = look at it with: windbreak relay status, or name another folder with --profile DIR
relay-takes-by-grant = It takes by grant: only circles that you give one put anything here.
relay-open-everybody = It is open: everybody who knows its address can put envelopes here, within its limits.
relay-admission = Admission
relay-another-week = for another week than this relay's

## relays

relays-circle-no-relay-members = This circle has no relay: members meet over direct links alone.
relays-change-waits-device-until = The change waits on this device until a relay or a member's device holds it.
relays-relay-asks-serves-another = A relay that asks serves another of your circles. Without Tor whoever runs it could tell by address and time that both are yours. The others are used meanwhile.
relays-say-yes-windbreak-relay = Say yes: windbreak relay use CIRCLE RELAY; or no: windbreak relay avoid CIRCLE RELAY
relays-named-circle = named by the circle
relays-named = to be named
relays-named-until = named until { $since }
relays-named-before = named before
relays-named-another-branch-circle = named by another branch of the circle
relays-added-device = added on this device
relays-connected = connected
relays-does-not-answer-now = does not answer now
relays-cannot-dialled-mode = cannot be dialled in this mode
relays-asks = asks
relays-avoided = avoided
relays-kept-devices-may-know = { $count ->
    [one] kept for { $count } device that may know no other
   *[other] kept for { $count } devices that may know no other
}
relays-no-relay-left-device = No relay is left that this device dials: nothing comes or goes over relays.
relays-last-relay-members-would = That is the last relay: members would meet over direct links alone. Go on?
relays-none-relays-members-know = None of the relays that members know answers now. Until one does, they hear of the new one only from you: give them its address for windbreak relay use CIRCLE ADDRESS. Invites that you passed on name the old ones: make new ones.
relays-ambiguous-relay = more than one relay of this circle fits
relays-ambiguous-relay-next = write more of its address, as `windbreak relay list` shows it
relays-unknown-relay = no relay of this circle fits
relays-unknown-relay-next = see its relays with: windbreak relay list CIRCLE

## grant

grant-grant-pass-one-facilitator = The grant, to pass on to one facilitator by a way that nobody else reads:
grant-until = Until
grant-not-shown-again-whoever = It is not shown again. Whoever has it can put on your relay what it allows.
grant-no-grant-holds-so = No grant holds, so nothing can be put on this relay.
grant-issue-one-windbreak-relay = Issue one: windbreak relay grant issue
grant-members-mib-week-each = { $id }  { $members } members, { $member_mib_per_week } MiB a week each, until { $until } · { $mib_drawn } MiB drawn this week · { $members_revoked } members revoked
grant-circle-grant-can-put = the circle that has this grant can put nothing more here once its tokens are used. Revoke it?
grant-whoever-gives-circle = Whoever gets it gives it to the circle: windbreak relay add CIRCLE ADDRESS --grant -

## explain

explain-can-see-device-set = Who can see what, as this device is set now.
explain-no-circle-yet-so = You are in no circle yet, so there is nothing to see for anybody else.
explain-one-relay-serves-circles = One relay serves { $circles } of your circles: whoever runs it can tell by address and time that they belong to one device. ({ $address })
explain-not-promised = What is not promised
explain-alone = you alone
explain-members-read-them-hold = { $facilitators ->
    [1] { $members } members read it; one of them holds it
   *[other] { $members } members read it; { $facilitators } of them hold it
}
explain-people = People
explain-leaving = are leaving
explain-left = have left
explain-removed = were removed
explain-took-device-out-from = took this device out from another of yours
explain-here-from-copy-device = are here from a copy of this device now
explain-x25519-recorded-today-could = X25519: what is recorded today could be opened by a large quantum computer one day
explain-travels = Travels
explain-over-relays-alone-members = over relays alone: members never learn each other's addresses
explain-over-relays-direct-links = over relays and direct links: whoever is linked with this device sees its address
explain-nowhere-yet-there-no = nowhere yet: there is no relay and no link that its mode allows
explain-facilitators-would-report-others = What its facilitators would have to report to others:
explain-facilitators-not-said-whether = Its facilitators have not said whether they have a duty to report.
explain-sees = sees:
explain-does-not-see = does not see:
explain-within-local-network = within the local network alone: whoever is there sees that this device runs Windbreak

## lan

lan-before = This device would then find other members on the local network it is in, with no relay and no internet. Everybody on that network can see that this device runs Windbreak, and when, and with which devices there it exchanges something. Members see which device there is yours, and whoever is in two circles where you chose this can tell that both are you. What you write waits here until a member's device is on the same network. Go on?
lan-made-stays = It stays on the local network: others reach it while they are on the same one, and an invite works there, too.
lan-one-circle-time = the mode lan is chosen for one circle at a time
lan-one-circle-time-next = windbreak circle new … --network lan, or windbreak join … --network lan, or windbreak network set CIRCLE lan
lan-linked = { $count ->
    [0] no other member's device is here now; it is looked for all the time
    [one] linked with { $count } device
   *[other] linked with { $count } devices
}

## grant-text

grant-text-secret-argument = a grant is a secret, and others on this machine can see arguments
grant-text-secret-argument-next = put it into a file, or give it on standard input: --grant -
grant-text-cannot-read = cannot read the grant
grant-text-until = grant until { $until } · { $tokens } for about { $mib } MiB
grant-text-tokens = { $count ->
    [0] no tokens
    [one] { $count } token
   *[other] { $count } tokens
}
grant-text-tokens-rest = { $count ->
    [one] { $count } token rests until { $from }, so that the relay cannot tell who drew it
   *[other] { $count } tokens rest until { $from }, so that the relay cannot tell who drew them
}
grant-text-part-invite-now = for now the part of the invite is used; your own comes from the facilitator's device that holds the grant, when it is on
grant-text-did-not-answer = no tokens were drawn: the relay did not answer; it is tried again
grant-text-used-up = this device has drawn all it may this week
grant-text-over-revoked = the relay says that the grant is over or was revoked: a facilitator asks its host for a new one
grant-text-another-week = no tokens are given: by the relay's clock it is another week. See whether this device's is right, and tell who hosts the relay
grant-text-other-keys = the relay showed other keys than its grant names, by which it could tell members apart. Nothing of what it gave is used: ask who hosts it, or choose another relay
grant-text-full-stops = no tokens were drawn: the relay is full or stops; it is tried again
grant-text-takes-everybody = the relay takes from everybody now, so that no tokens are needed
grant-text-not-kept = no tokens were drawn: this device could not keep them
grant-text-gave-circle = this device gave it to the circle: { $free } of { $parts } parts left
grant-text-no-part-left = no part is left for { $without } of the devices: ask the relay's host for a grant for more members
grant-text-to-revoke = { $to_revoke ->
    [one] the relay has yet to hear that { $to_revoke } part of who left is revoked
   *[other] the relay has yet to hear that { $to_revoke } parts of who left are revoked
}
