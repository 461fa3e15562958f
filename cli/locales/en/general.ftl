# What every command may say: failures, prompts, times.

## error

error-check-path = check the path
error-check-may-read-folder = check who may read it and its folder
error-make-room-disk-try = make room on the disk and try again
error-check-file-try-again = check the file and try again
error-system-next = try again; if it stays, restart the machine
error-stdin-twice = standard input cannot be both the passphrase and a text
error-stdin-twice-next = give the passphrase with --passphrase-file FILE or another descriptor
error-there-no-such-file = there is no such file
error-may-not-open = you may not open it
error-folder = it is a folder
error-not-utf-8-text = it is not UTF-8 text
error-interrupted = interrupted

## output

output-not-yet = Not yet:
output-next = Next:
output-cannot-ask-terminal = cannot ask on the terminal
output-cannot-read-answer = cannot read the answer
output-try-again = { $words }. Try again.
output-error = Error:
# What stands behind a question: the two answers, the one that counts if nothing is typed in capitals.
output-yes-or-no = [y/N]
# The answers that mean yes, in small letters, with blanks between.
output-yes = y yes
output-bug = the answer could not be written as JSON
output-bug-next = please report this
output-answer-not-written = the answer could not be written: there is no room where it goes
output-answer-not-written-next = make room there; what was asked for may have been done: look before you repeat it
output-cannot-write-answer = cannot write the answer

## passphrase

passphrase-no-passphrase = the passphrase is needed, and there is no terminal to ask on
passphrase-no-passphrase-next = give it with --passphrase-file FILE or --passphrase-fd N, or start the node in a terminal: windbreak node start
passphrase-no-passphrase-2 = the { $what } is needed, and there is no terminal to ask on
passphrase-no-passphrase-next-2 = name a file with it that only you can read; see the help of this command
passphrase-passphrase-nothing-shown = Passphrase (nothing is shown):{" "}
passphrase-now-passphrase = Now a passphrase { $purpose }.
passphrase-new-passphrase-ten-characters = A new passphrase (ten characters or more; nothing is shown):{" "}
passphrase-same-again = The same again:{" "}
passphrase-passphrases-differ = the two passphrases are not the same
passphrase-passphrases-differ-next = type the command again
passphrase-short = the passphrase has { $chars } characters, and { $min_chars } are needed
passphrase-short-next = take four or five words that have nothing to do with each other
passphrase-name-plain-file-only = name a plain file that only you can read
passphrase-secret-file-long = { $path } is longer than { $max_text } bytes
passphrase-secret-file-long-next = name the file that holds only this
passphrase-passphrase-file = passphrase file
passphrase-name-file-one-line = name a file with one line, or use --passphrase-fd N
passphrase-cannot-read = cannot read the { $what }
passphrase-file = { $path } is no plain file
passphrase-file-open = others on this machine can read the { $what } { $path }
passphrase-file-open-next = keep it to yourself first: chmod 600 { $path }
passphrase-file-descriptor-not-open = file descriptor { $number } is not open
passphrase-cannot-read-passphrase-from = cannot read the passphrase from file descriptor { $number }: { $kind }
passphrase-fd-next = check that the shell opened it: windbreak … --passphrase-fd 3 3< FILE
passphrase-put-passphrase-alone-first = put the passphrase alone in the first line
passphrase-passphrase-empty = the passphrase is empty
passphrase-passphrase-longer-than-bytes = the passphrase is longer than { $max_passphrase } bytes
passphrase-no-passphrase-3 = no passphrase was typed
passphrase-cannot-ask-passphrase = cannot ask for the passphrase
passphrase-type-press-enter = type it and press Enter

## pick

# What can be named: `$what` stands for one of these.
pick-unknown = { $what ->
    [circle] there is no circle called "{ $typed }" here
    [invite] there is no invite called "{ $typed }" here
    [knock] there is no knock called "{ $typed }" here
    [member] there is no member called "{ $typed }" here
    [proposal] there is no proposal called "{ $typed }" here
    [report] there is no report called "{ $typed }" here
    [draft] there is no draft called "{ $typed }" here
    [check-in] there is no check-in called "{ $typed }" here
    [part] there is no part called "{ $typed }" in your plan
   *[item] there is no item called "{ $typed }" here
}
pick-see-which-there = see which there are: { $list }
pick-ambiguous = { $what ->
    [circle] "{ $typed }" could be more than one circle: { $listed }
    [invite] "{ $typed }" could be more than one invite: { $listed }
    [knock] "{ $typed }" could be more than one knock: { $listed }
    [member] "{ $typed }" could be more than one member: { $listed }
    [proposal] "{ $typed }" could be more than one proposal: { $listed }
    [report] "{ $typed }" could be more than one report: { $listed }
    [draft] "{ $typed }" could be more than one draft: { $listed }
    [check-in] "{ $typed }" could be more than one check-in: { $listed }
    [part] "{ $typed }" could be more than one part: { $listed }
   *[item] "{ $typed }" could be more than one item: { $listed }
}
pick-type-id = type the id

## profile

profile-no-home = this user has no home folder to keep a profile in
profile-no-home-next = name a folder with --profile DIR

## session

session-waiting-node-starting = Waiting for the node that is starting
session-no-profile = there is no profile in { $folder }
session-no-profile-next = make one with: windbreak init (or name its folder with --profile DIR)
session-cannot-open-profile = cannot open the profile
session-lock-first-windbreak-lock = lock it first: windbreak lock
session-profile-in-use = the profile is open
session-starting-node = Starting your node
session-cannot-find-program = cannot find this program
session-cannot-start-node = cannot start the node
session-node-did-not-start = the node stopped before it was ready
session-see-run-terminal-windbreak = see { $folder }, or run it in this terminal: windbreak node run
session-start-windbreak-node-start = start it with: windbreak node start
session-check-owns-profiles-folder = check who owns the profile's folder
session-try-again-if-stays = try again; if it stays silent: windbreak node stop
session-see-windbreak-node-status = see windbreak node status, then try again
session-stop-node-then-type = stop the node, then type the command again: windbreak node stop
session-correct-line-profiles-config = correct that line in the profile's config.toml
session-try-again = try again

## lib

lib-cannot-start = cannot start
lib-usage-next = see windbreak help

## text

text-no-name = ‹no name›
text-mixed-letters = ‹mixed letters›
text-looks-like-another = ‹{ $id }, looks like another›
text-quoted = "{ $words }"

## when

when-over = over
when-left = { $span } left
when-unknown-time = at an unknown time

## command

command-if-sure-type-command = if you are sure, type the command again with --yes
command-not-confirmed = not done without a yes: { $question }
command-not-confirmed-2 = nothing was done

## send

send-could-tell-somebody-send = { $words } could tell who somebody is. Send it anyway?
send-leave-out-type-command = leave it out, or type the command again with --send-anyway
send-share-asks-just-listening = The share asks for just listening: nobody sees this advice unless its author wants to. Send it anyway?
send-say-without-advice-if = say it without --advice if it is none, or type the command again with --even-if-held-back
send-facilitator-slowed-circle-down = A facilitator slowed the circle down: others see this later. Share it all the same?
send-wait-type-command-again = wait, or type the command again with --even-if-later; replies do not wait
send-nothing-sent = nothing was sent
send-title-content-note = The title or the content note
send-more = { $parts } and more
when-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
when-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
when-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
when-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
when-day = { $day } { $month }
when-day-clock = { $day } { $clock }
when-day-year-clock = { $day } { $year } { $clock }
# Months, as short as they are written beside a day.
when-january = Jan
when-february = Feb
when-march = Mar
when-april = Apr
when-may = May
when-june = Jun
when-july = Jul
when-august = Aug
when-september = Sep
when-october = Oct
when-november = Nov
when-december = Dec
