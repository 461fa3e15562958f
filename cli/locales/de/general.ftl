# What every command may say: failures, prompts, times.

## error

error-check-path = prüfe den Pfad
error-check-may-read-folder = prüfe, wer die Datei und ihren Ordner lesen darf
error-make-room-disk-try = schaffe Platz auf dem Datenträger und versuch es noch einmal
error-check-file-try-again = prüfe die Datei und versuch es noch einmal
error-system-next = versuch es noch einmal; wenn es so bleibt, starte den Rechner neu
error-stdin-twice = die Standardeingabe kann nicht zugleich die Passphrase und ein Text sein
error-stdin-twice-next = gib die Passphrase mit --passphrase-file FILE oder über einen anderen Deskriptor
error-there-no-such-file = diese Datei gibt es nicht
error-may-not-open = du darfst sie nicht öffnen
error-folder = es ist ein Ordner
error-not-utf-8-text = es ist kein Text in UTF-8
error-interrupted = abgebrochen

## output

output-not-yet = Noch nicht:
output-next = Weiter:
output-cannot-ask-terminal = auf dem Terminal kann nicht gefragt werden
output-cannot-read-answer = die Antwort kann nicht gelesen werden
output-try-again = { $words }. Versuch es noch einmal.
output-error = Fehler:
# What stands behind a question: the two answers, the one that counts if nothing is typed in capitals.
output-yes-or-no = [j/N]
# The answers that mean yes, in small letters, with blanks between.
output-yes = j ja y yes
output-bug = die Antwort ließ sich nicht als JSON schreiben
output-bug-next = bitte melde das
output-answer-not-written = die Antwort ließ sich nicht schreiben: dort, wohin sie geht, ist kein Platz
output-answer-not-written-next = schaffe dort Platz; worum du gebeten hast, ist vielleicht schon getan: sieh nach, bevor du es wiederholst
output-cannot-write-answer = die Antwort kann nicht geschrieben werden

## passphrase

passphrase-no-passphrase = die Passphrase wird gebraucht, und es gibt kein Terminal, auf dem gefragt werden kann
passphrase-no-passphrase-next = gib sie mit --passphrase-file FILE oder --passphrase-fd N, oder starte den Knoten in einem Terminal: windbreak node start
passphrase-no-passphrase-2 = gebraucht wird: { $what }; es gibt kein Terminal, auf dem gefragt werden kann
passphrase-no-passphrase-next-2 = nenne eine Datei damit, die nur du lesen kannst; siehe die Hilfe dieses Befehls
passphrase-passphrase-nothing-shown = Passphrase (nichts wird angezeigt):{" "}
passphrase-now-passphrase = Jetzt eine Passphrase { $purpose }.
passphrase-new-passphrase-ten-characters = Eine neue Passphrase (zehn Zeichen oder mehr; nichts wird angezeigt):{" "}
passphrase-same-again = Noch einmal dieselbe:{" "}
passphrase-passphrases-differ = die beiden Passphrasen sind nicht gleich
passphrase-passphrases-differ-next = gib den Befehl noch einmal ein
passphrase-short = die Passphrase hat { $chars } Zeichen, gebraucht werden { $min_chars }
passphrase-short-next = nimm vier oder fünf Wörter, die nichts miteinander zu tun haben
passphrase-name-plain-file-only = nenne eine gewöhnliche Datei, die nur du lesen kannst
passphrase-secret-file-long = { $path } ist länger als { $max_text } Bytes
passphrase-secret-file-long-next = nenne die Datei, in der nur dies steht
passphrase-passphrase-file = Datei mit der Passphrase
passphrase-name-file-one-line = nenne eine Datei mit einer Zeile, oder nimm --passphrase-fd N
passphrase-cannot-read = nicht zu lesen: { $what }
passphrase-file = { $path } ist keine gewöhnliche Datei
passphrase-file-open = andere auf diesem Rechner können dies lesen: { $what } { $path }
passphrase-file-open-next = behalte es erst für dich: chmod 600 { $path }
passphrase-file-descriptor-not-open = der Dateideskriptor { $number } ist nicht offen
passphrase-cannot-read-passphrase-from = die Passphrase kann nicht aus dem Dateideskriptor { $number } gelesen werden: { $kind }
passphrase-fd-next = prüfe, ob die Shell ihn geöffnet hat: windbreak … --passphrase-fd 3 3< FILE
passphrase-put-passphrase-alone-first = schreib die Passphrase allein in die erste Zeile
passphrase-passphrase-empty = die Passphrase ist leer
passphrase-passphrase-longer-than-bytes = die Passphrase ist länger als { $max_passphrase } Bytes
passphrase-no-passphrase-3 = es wurde keine Passphrase eingegeben
passphrase-cannot-ask-passphrase = nach der Passphrase kann nicht gefragt werden
passphrase-type-press-enter = gib sie ein und drück die Eingabetaste

## pick

# What can be named: `$what` stands for one of these.
pick-unknown = { $what ->
    [circle] hier gibt es keinen Kreis namens „{ $typed }“
    [invite] hier gibt es keine Einladung namens „{ $typed }“
    [knock] hier gibt es kein Anklopfen namens „{ $typed }“
    [member] hier gibt es kein Mitglied namens „{ $typed }“
    [proposal] hier gibt es keinen Vorschlag namens „{ $typed }“
    [report] hier gibt es keine Meldung namens „{ $typed }“
    [draft] hier gibt es keinen Entwurf namens „{ $typed }“
    [check-in] hier gibt es kein Check-in namens „{ $typed }“
    [part] in deinem Plan gibt es keinen Teil namens „{ $typed }“
   *[item] hier gibt es keinen Eintrag namens „{ $typed }“
}
pick-see-which-there = sieh nach, welche es gibt: { $list }
pick-ambiguous = { $what ->
    [circle] „{ $typed }“ könnte mehr als ein Kreis sein: { $listed }
    [invite] „{ $typed }“ könnte mehr als eine Einladung sein: { $listed }
    [knock] „{ $typed }“ könnte mehr als ein Anklopfen sein: { $listed }
    [member] „{ $typed }“ könnte mehr als ein Mitglied sein: { $listed }
    [proposal] „{ $typed }“ könnte mehr als ein Vorschlag sein: { $listed }
    [report] „{ $typed }“ könnte mehr als eine Meldung sein: { $listed }
    [draft] „{ $typed }“ könnte mehr als ein Entwurf sein: { $listed }
    [check-in] „{ $typed }“ könnte mehr als ein Check-in sein: { $listed }
    [part] „{ $typed }“ könnte mehr als ein Teil sein: { $listed }
   *[item] „{ $typed }“ könnte mehr als ein Eintrag sein: { $listed }
}
pick-type-id = gib die Kennung ein

## profile

profile-no-home = diese Person hat kein Heimverzeichnis, in dem ein Profil liegen könnte
profile-no-home-next = nenne einen Ordner mit --profile DIR

## session

session-waiting-node-starting = Warten auf den Knoten, der gerade startet
session-no-profile = in { $folder } ist kein Profil
session-no-profile-next = mach eines mit: windbreak init (oder nenne seinen Ordner mit --profile DIR)
session-cannot-open-profile = das Profil kann nicht geöffnet werden
session-lock-first-windbreak-lock = sperr es erst: windbreak lock
session-profile-in-use = das Profil ist offen
session-starting-node = Dein Knoten startet
session-cannot-find-program = dieses Programm ist nicht zu finden
session-cannot-start-node = der Knoten kann nicht gestartet werden
session-node-did-not-start = der Knoten hat aufgehört, bevor er bereit war
session-see-run-terminal-windbreak = sieh in { $folder } nach, oder lass ihn in diesem Terminal laufen: windbreak node run
session-start-windbreak-node-start = starte ihn mit: windbreak node start
session-check-owns-profiles-folder = prüfe, wem der Ordner des Profils gehört
session-try-again-if-stays = versuch es noch einmal; wenn er stumm bleibt: windbreak node stop
session-see-windbreak-node-status = sieh nach mit windbreak node status, dann versuch es noch einmal
session-stop-node-then-type = halte den Knoten an und gib den Befehl noch einmal ein: windbreak node stop
session-correct-line-profiles-config = berichtige diese Zeile in der config.toml des Profils
session-try-again = versuch es noch einmal

## lib

lib-cannot-start = kann nicht starten
lib-usage-next = siehe windbreak help

## text

text-no-name = ‹kein Name›
text-mixed-letters = ‹gemischte Schriften›
text-looks-like-another = ‹{ $id }, sieht aus wie jemand anderes›
text-quoted = „{ $words }“

## when

when-over = vorbei
when-left = noch { $span }
when-unknown-time = zu unbekannter Zeit

## command

command-if-sure-type-command = wenn du sicher bist, gib den Befehl noch einmal mit --yes ein
command-not-confirmed = nicht getan ohne ein Ja: { $question }
command-not-confirmed-2 = nichts wurde getan

## send

send-could-tell-somebody-send = { $words } könnte verraten, wer jemand ist. Trotzdem senden?
send-leave-out-type-command = lass es weg, oder gib den Befehl noch einmal mit --send-anyway ein
send-share-asks-just-listening = Der Beitrag bittet nur ums Zuhören: niemand sieht diesen Rat, außer wer den Beitrag schrieb, möchte es. Trotzdem senden?
send-say-without-advice-if = sag es ohne --advice, wenn es kein Rat ist, oder gib den Befehl noch einmal mit --even-if-held-back ein
send-facilitator-slowed-circle-down = Eine Begleitperson hat den Kreis verlangsamt: andere sehen dies später. Trotzdem teilen?
send-wait-type-command-again = warte, oder gib den Befehl noch einmal mit --even-if-later ein; Antworten warten nicht
send-nothing-sent = nichts wurde gesendet
send-title-content-note = Der Titel oder der Inhaltshinweis
send-more = { $parts } und mehr
when-seconds = { $count ->
    [one] { $count } Sekunde
   *[other] { $count } Sekunden
}
when-minutes = { $count ->
    [one] { $count } Minute
   *[other] { $count } Minuten
}
when-hours = { $count ->
    [one] { $count } Stunde
   *[other] { $count } Stunden
}
when-days = { $count ->
    [one] { $count } Tag
   *[other] { $count } Tage
}
when-day = { $day }. { $month }
when-day-clock = { $day } { $clock }
when-day-year-clock = { $day } { $year } { $clock }
# Months, as short as they are written beside a day.
when-january = Jan.
when-february = Feb.
when-march = März
when-april = Apr.
when-may = Mai
when-june = Juni
when-july = Juli
when-august = Aug.
when-september = Sep.
when-october = Okt.
when-november = Nov.
when-december = Dez.
