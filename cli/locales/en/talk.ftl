# Shares, replies, drafts, search, files, check-ins.

## act

act-author-took-back-nothing = Its author took it back; nothing of it is kept.
act-there-no-words-read = There are no words of it for you to read.
act-said-first = said first
act-said-other-words = said in other words
act-content-note = Content note: { $note }
act-words-erased-everybody-do = Its words are erased for everybody and do not come back. Take it back?
act-taken-back-words-gone = Taken back ({ $id }). Its words are gone from this device, and go from the others as they hear of it.
act-said-other-words-2 = Said in other words ({ $id }).
act-answered = Answered { $id }: { $word }.
act-word-taken-back = Your word for { $id } is taken back.
act-pinned-no-longer = { $id } is pinned no longer.
act-pinned = { $id } is pinned.
act-advice-may-shown = Advice may be shown ({ $id }).
act-advice-held-back-again = Advice is held back again ({ $id }).
act-with-you = with you
act-heard = heard
act-me-too = me too
act-thank = thank you
act-strength = strength
act-glad = glad with you
act-word-newer-version = a word of a newer version

## read

read-older-left-out-limit = { $older } older left out; --limit shows more.
read-members-blocked-folded-away = { $folded } of members you blocked folded away; --blocked shows them.
read-there-talk-here-before = There was talk here before you came. What its authors opened to those who join later you can read; the rest stays with those who were there.
read-kept-shorter = The circle keeps what is said for a shorter time now. On this device nothing is erased because of it before { $from }; windbreak steward log says who did it and why.
read-member = a member
read-things-wrote-missing-here = { $count ->
    [1] Something { $whose } wrote is missing here; your node keeps asking for it.
   *[other] { $count } things { $whose } wrote are missing here; your node keeps asking for them.
}
read-you = { $name } (you)
read-answered = answered { $id }
read-gives-advice = gives advice to { $id }
read-gives-advice-2 = gives advice
read-takes-back = takes back { $id }
read-says-other-words = says { $id } in other words
read-takes-warm-word-back = takes a warm word back
read-to = to { $id }: { $word }
read-takes-pin-off = takes the pin off { $id }
read-pins = pins { $id }
read-holds-back = holds back advice to { $id }
read-lets-shown = lets be shown advice to { $id }
read-hides-something-shows-again = hides something, or shows it again
read-mutes-somebody-no-longer = mutes somebody, or no longer
read-sends-file = sends a file
read-answers-report = answers a report
read-sets-pace-circle = sets the pace of the circle
read-answers = answers { $id }
read-answers-2 = answers
read-left-circle = has left the circle
read-proposes-something-decide-together = proposes something to decide together
read-agrees-proposal = agrees to a proposal
read-proposes-another-agreement-see = proposes another agreement; see: windbreak agreement show
read-agrees-another-agreement = agrees to another agreement
read-something-version-cannot-show = something this version cannot show; update windbreak
read-from-before-came = from before you came
read-also-those-join-later = also for those who join later
read-pinned = pinned
read-other-words-since = in other words since { $edited }
read-queued-device = queued on this device
read-held-relay-another-device = held by a relay or another device
read-reached = reached { $reached }
read-taken-back-wrote = Taken back by who wrote it.
read-erased-circle-keeps-nothing = Erased: the circle keeps nothing for so long.
read-held-back-nobody-else = Held back: nobody else sees this unless the author of the share wants to.
read-advice-held-back-share = Advice, held back: the share asks for just listening. Its author can let it be shown: windbreak allow
read-wrote-word-handed-over = Who wrote this is the word of { $by }, who handed it over.
read-advice-welcome-here-now = Advice is welcome here now.
read-just-listening = just listening
read-ideas-welcome = ideas welcome
read-looking-resources = looking for resources
read-removed = you were removed from the circle; what you have is kept on this device
read-come-in-again = what was said before stays readable here; to use this device in the circle again: windbreak device add, on the other one
read-node-stopped = the node has stopped
read-nothing-said-here-yet = Nothing was said here yet.
read-nothing-pinned-here = Nothing is pinned here.
read-least-devices = { $count ->
    [one] at least { $count } device
   *[other] at least { $count } devices
}

## write

write-shared = Shared
write-replied = Replied
write-sent = Sent
write-relay-another-device-holds = { $word } ({ $id }); a relay or another device holds it.
write-time-wait-up-nobody = { $word } ({ $id }); the time to wait is up and nobody else holds it yet. It is kept on this device and goes out as soon as a relay or a member's device is reached.
write-kept-device-goes-out = { $word } ({ $id }); it is kept on this device and goes out as soon as a relay or a member's device is reached.
write-those-join-later-read = Those who join later read it, too.
write-waiting-until-relay-members = Waiting until a relay or a member's device holds it
write-draft-stays = the draft stays as it is
write-keep-words-device-until = to keep the words on this device until then: windbreak draft save
write-before-share-facilitators-would = Before you share in "{ $title }": what its facilitators would have to report to others.
write-send = Send it?
write-asks-just-listening = This share asks for just listening. If your answer tells its author what they could do, say so with --advice: it waits until they want to see it.
write-declaration-unheard = nothing was sent: first read what the facilitators would have to report to others
write-declaration-unheard-next = windbreak member list CIRCLE shows it; then type the command again with --declaration-heard
write-node-stopped = the node stopped meanwhile; what you wrote is kept
write-cannot-read = cannot read
write-write-then-press-ctrl = Write, then press Ctrl-D on an empty line. Ctrl-C sends nothing.
write-cannot-read-text = cannot read the text
write-empty-text = there is no text to share
write-empty-text-next = type it after the circle, or use --file FILE
write-text-too-long = the text is longer than { $limit } KiB, the most that fits one share
write-text-too-long-next = share it in parts

## draft

draft-there-no-drafts = There are no drafts.
draft-share = a share
draft-reply = a reply
draft-gives-advice = Gives advice to { $id }
draft-answers = Answers { $id }
draft-also-those-join-later = Also for those who join later
draft-kept = Kept:{" "}
draft-stays-device-send-windbreak = It stays on this device. Send it with: windbreak draft send { $id }
draft-deleted = Deleted.
draft-circle-gone = a circle that is gone
draft-delete-draft-good = Delete this draft for good?

## files

files-picture = a picture
files-file = a file
files-not-kept-here-newer = not kept here: newer ones took its room, or what came was not it
files-pieces-wait-sent = { $queued } of { $pieces } pieces wait to be sent
files-pieces-here = { $here } of { $pieces } pieces here
files-bytes = { $bytes } bytes
files-kb = { $size } KB
files-32-mib = 32 MiB
files-1-mib = 1 MiB
files-name-without-file = there is no file to be called so
files-name-without-file-next = add --image FILE or --attach FILE, or leave out --name
files-no-file = { $path } is no file
files-no-file-next = name a file
files-too-large-file = the file is longer than { $words }
files-too-large-file-next = send a smaller one, or a part of it
files-no-file-picture-sent = No file or picture was sent here yet.
files-save-one-windbreak-files = Save one with: windbreak files save ID --to PATH. Nothing opens by itself.
files-saved-bytes-alone-read = Saved, { $bytes } bytes, for you alone to read.
files-now-file-like-any = It is now a file like any other on this device, outside of what is sealed.
files-malformed = malformed
files-malformed-2 = the node's answer is malformed
files-malformed-next = restart the node, then try again
files-exists = there is something at { $to } already, and it stays as it is
files-exists-next = choose another path
files-cannot-make = cannot make
files-file-2 = cannot make { $to }
files-cannot-write = cannot write
files-sent-before-stays-withdraw = What was sent before stays; withdraw or hide what should not.
files-nobody-sends-files-pictures = nobody sends files or pictures here
files-members-may-send-pictures = members may send pictures
files-members-may-send-files = members may send files and pictures

## search

search-nothing-found = Nothing was found.
search-left-out-whose-agreement = { $left_out ->
    [one] { $left_out } circle left out whose agreement you have not accepted yet; see: windbreak circle list
   *[other] { $left_out } circles left out whose agreement you have not accepted yet; see: windbreak circle list
}
search-there-may-more-add = There may be more: add --after { $next }
search-in = in { $id }
search-looking-through-said = Looking through what was said

## checkin

checkin-noted-stays-device = Noted. It stays on this device.
checkin-from-before-days-shows = { $older } from before; --days shows more.
checkin-10 = { $head } · { $value } of 10
checkin-all-deleted = All deleted.
checkin-delete-check-good = Delete this check-in for good?
checkin-delete-all-check-ins = Delete all your check-ins for good?
checkin-too-long-text = the words of a check-in have at most { $max_check_in_chars } characters
checkin-too-long-text-next = make it shorter, or share it without a check-in
checkin-without-share-noted-device = without --share it is noted on this device alone; nothing was noted yet
checkin-shared-all-same = it was shared all the same
checkin-noted-device-too = Noted on this device, too.

## checkin-picture

checkin-picture-nothing-noted = Nothing was noted { $period }.
checkin-picture-times = { $times ->
    [1] once
   *[other] { $times } times
}
checkin-picture-10 = { $low } of 10
checkin-picture-between-10 = between { $low } and { $high } of 10
checkin-picture-noted-how-latest = You noted how you were { $times } { $period }: { $range }. The latest, { $when }: { $value }.
checkin-picture-today = today
checkin-picture-last-days = { $days ->
    [1] today
   *[other] in the last { $days } days
}

## plan

plan-head = { $number }. { $title }
plan-nothing-written-yet = (no words yet)
plan-empty = Nothing stands in your plan yet. It is for hard times, written in quiet ones, in your own words. Parts to begin with, if you like:
plan-kept = Kept as part { $number }, "{ $title }". It stays on this device.
plan-new-part = A new part of your plan: { $number }, "{ $title }". It stays on this device.
plan-takes-place = What you write now takes the place of this. To add to it instead, press Ctrl-C and use --add:
plan-called-now = Part { $number } is called "{ $title }" now.
plan-moved = "{ $title }" is part { $number } now.
plan-remove-part-good = Remove "{ $title }" from your plan for good?
plan-remove-all-good = Remove your whole plan for good?
plan-removed = Removed for good.
plan-all-removed = Your plan is removed for good.
plan-type-number = type its number: windbreak plan shows it
plan-empty-text = there are no words to keep
plan-empty-text-next = type them after the part, or use --file FILE
plan-too-long-text = that is more than the { $limit } KiB that a part has room for
plan-too-long-text-next = make it shorter, or two parts of it

## plan-suggestions

plan-suggest-intro = Parts that a plan for hard times can begin with. Take what fits you, leave the rest, find your own.
plan-suggest-next = To put them into your plan, without words yet: windbreak plan suggest --take. A part of your own: windbreak plan write "TITLE"
plan-suggest-taken = New in your plan, without words yet:
plan-suggest-all-there = All of them are in your plan already.
plan-suggest-write = Write the first: windbreak plan write { $number }
