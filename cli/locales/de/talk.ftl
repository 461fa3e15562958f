# Shares, replies, drafts, search, files, check-ins.

## act

act-author-took-back-nothing = Wer es schrieb, hat es zurückgenommen; nichts davon ist bewahrt.
act-there-no-words-read = Es gibt keine Worte davon, die du lesen könntest.
act-said-first = zuerst gesagt
act-said-other-words = anders gesagt
act-content-note = Inhaltshinweis: { $note }
act-words-erased-everybody-do = Die Worte werden für alle gelöscht und kommen nicht wieder. Zurücknehmen?
act-taken-back-words-gone = Zurückgenommen ({ $id }). Die Worte sind von diesem Gerät weg, und gehen von den anderen, sobald sie davon hören.
act-said-other-words-2 = Anders gesagt ({ $id }).
act-answered = Geantwortet auf { $id }: { $word }.
act-word-taken-back = Dein Wort zu { $id } ist zurückgenommen.
act-pinned-no-longer = { $id } ist nicht mehr angeheftet.
act-pinned = { $id } ist angeheftet.
act-advice-may-shown = Rat darf gezeigt werden ({ $id }).
act-advice-held-back-again = Rat wird wieder zurückgehalten ({ $id }).
act-with-you = bei dir
act-heard = gehört
act-me-too = ich auch
act-thank = danke
act-strength = Kraft
act-glad = freue mich mit dir
act-word-newer-version = ein Wort einer neueren Fassung

## read

read-older-left-out-limit = { $older } ältere ausgelassen; --limit zeigt mehr.
read-members-blocked-folded-away = { $folded } von ausgeblendeten Mitgliedern eingeklappt; --blocked zeigt sie.
read-there-talk-here-before = Hier wurde gesprochen, bevor du kamst. Was für später Gekommene geöffnet wurde, kannst du lesen; das Übrige bleibt bei denen, die da waren.
read-kept-shorter = Der Kreis bewahrt jetzt kürzer, was gesagt wird. Auf diesem Gerät wird deswegen nichts vor { $from } gelöscht; windbreak steward log sagt, wer es war und warum.
read-member = ein Mitglied
read-things-wrote-missing-here = { $count ->
    [1] Hier fehlt etwas von { $whose }; dein Knoten fragt weiter danach.
   *[other] Hier fehlen { $count } Dinge von { $whose }; dein Knoten fragt weiter danach.
}
read-you = { $name } (du)
read-answered = antwortete auf { $id }
read-gives-advice = rät zu { $id }
read-gives-advice-2 = gibt einen Rat
read-takes-back = nimmt { $id } zurück
read-says-other-words = sagt { $id } anders
read-takes-warm-word-back = nimmt ein warmes Wort zurück
read-to = zu { $id }: { $word }
read-takes-pin-off = nimmt die Nadel von { $id }
read-pins = heftet { $id } an
read-holds-back = hält Rat zu { $id } zurück
read-lets-shown = lässt Rat zu { $id } zeigen
read-hides-something-shows-again = verbirgt etwas oder zeigt es wieder
read-mutes-somebody-no-longer = stellt jemanden stumm oder nicht mehr
read-sends-file = sendet eine Datei
read-answers-report = antwortet auf eine Meldung
read-sets-pace-circle = bestimmt das Tempo des Kreises
read-answers = antwortet auf { $id }
read-answers-2 = antwortet
read-left-circle = hat den Kreis verlassen
read-proposes-something-decide-together = schlägt vor, etwas gemeinsam zu entscheiden
read-agrees-proposal = stimmt einem Vorschlag zu
read-proposes-another-agreement-see = schlägt eine andere Vereinbarung vor; siehe: windbreak agreement show
read-agrees-another-agreement = stimmt einer anderen Vereinbarung zu
read-something-version-cannot-show = etwas, das diese Fassung nicht zeigen kann; aktualisiere windbreak
read-from-before-came = von bevor du kamst
read-also-those-join-later = auch für die, die später kommen
read-pinned = angeheftet
read-other-words-since = anders gesagt seit { $edited }
read-queued-device = wartet auf diesem Gerät
read-held-relay-another-device = bei einem Relais oder einem anderen Gerät
read-reached = angekommen bei { $reached }
read-taken-back-wrote = Zurückgenommen von der Person, die es schrieb.
read-erased-circle-keeps-nothing = Gelöscht: so lange bewahrt der Kreis nichts.
read-held-back-nobody-else = Zurückgehalten: niemand sonst sieht dies, außer wer den Beitrag schrieb, möchte es.
read-advice-held-back-share = Rat, zurückgehalten: der Beitrag bittet nur ums Zuhören. Wer ihn schrieb, kann ihn zeigen lassen: windbreak allow
read-wrote-word-handed-over = Wer dies schrieb, wissen wir nur von { $by }; von dort kam es weiter.
read-advice-welcome-here-now = Rat ist hier jetzt willkommen.
read-just-listening = nur zuhören
read-ideas-welcome = Ideen willkommen
read-looking-resources = sucht Hilfsangebote
read-removed = du wurdest aus dem Kreis entfernt; was du hast, bleibt auf diesem Gerät
read-come-in-again = was vorher gesagt wurde, bleibt hier lesbar; um dieses Gerät im Kreis wieder zu benutzen: windbreak device add, auf dem anderen
read-node-stopped = der Knoten hat aufgehört
read-nothing-said-here-yet = Hier wurde noch nichts gesagt.
read-nothing-pinned-here = Hier ist nichts angeheftet.
read-least-devices = { $count ->
    [one] mindestens { $count } Gerät
   *[other] mindestens { $count } Geräten
}

## write

write-shared = Geteilt
write-replied = Geantwortet
write-sent = Gesendet
write-relay-another-device-holds = { $word } ({ $id }); ein Relais oder ein anderes Gerät hat es.
write-time-wait-up-nobody = { $word } ({ $id }); die Wartezeit ist um, und noch hat es niemand sonst. Es ist auf diesem Gerät bewahrt und geht hinaus, sobald ein Relais oder das Gerät eines Mitglieds erreicht wird.
write-kept-device-goes-out = { $word } ({ $id }); es ist auf diesem Gerät bewahrt und geht hinaus, sobald ein Relais oder das Gerät eines Mitglieds erreicht wird.
write-those-join-later-read = Auch wer später kommt, liest es.
write-waiting-until-relay-members = Warten, bis ein Relais oder das Gerät eines Mitglieds es hat
write-draft-stays = der Entwurf bleibt, wie er ist
write-keep-words-device-until = um die Worte bis dahin auf diesem Gerät zu bewahren: windbreak draft save
write-before-share-facilitators-would = Bevor du in „{ $title }“ etwas teilst: was seine Begleitpersonen anderen melden müssten.
write-send = Senden?
write-asks-just-listening = Dieser Beitrag bittet nur ums Zuhören. Wenn deine Antwort sagt, was zu tun wäre, gib --advice dazu: sie wartet, bis wer ihn schrieb sie sehen möchte.
write-declaration-unheard = nichts wurde gesendet: lies zuerst, was die Begleitpersonen anderen melden müssten
write-declaration-unheard-next = windbreak member list CIRCLE zeigt es; dann gib den Befehl noch einmal ein, mit --declaration-heard
write-node-stopped = der Knoten hat inzwischen aufgehört; was du geschrieben hast, ist bewahrt
write-cannot-read = nicht zu lesen:
write-write-then-press-ctrl = Schreib, dann drück Strg-D in einer leeren Zeile. Strg-C sendet nichts.
write-cannot-read-text = der Text kann nicht gelesen werden
write-empty-text = es gibt keinen Text zu teilen
write-empty-text-next = schreib ihn hinter den Kreis, oder nimm --file FILE
write-text-too-long = der Text ist länger als { $limit } KiB; mehr passt nicht in einen Beitrag
write-text-too-long-next = teile ihn in Stücken

## draft

draft-there-no-drafts = Es gibt keine Entwürfe.
draft-share = ein Beitrag
draft-reply = eine Antwort
draft-gives-advice = Gibt Rat zu { $id }
draft-answers = Antwortet auf { $id }
draft-also-those-join-later = Auch für die, die später kommen
draft-kept = Bewahrt:{" "}
draft-stays-device-send-windbreak = Er bleibt auf diesem Gerät. Sende ihn mit: windbreak draft send { $id }
draft-deleted = Gelöscht.
draft-circle-gone = ein Kreis, den es nicht mehr gibt
draft-delete-draft-good = Diesen Entwurf für immer löschen?

## files

files-picture = ein Bild
files-file = eine Datei
files-not-kept-here-newer = nicht hier bewahrt: neuere nahmen den Platz, oder was kam, war sie nicht
files-pieces-wait-sent = { $queued } von { $pieces } Stücken noch zu senden
files-pieces-here = { $here } von { $pieces } Stücken hier
files-bytes = { $bytes } Bytes
files-kb = { $size } KB
files-32-mib = 32 MiB
files-1-mib = 1 MiB
files-name-without-file = es gibt keine Datei, die so heißen könnte
files-name-without-file-next = setz --image FILE oder --attach FILE dazu, oder lass --name weg
files-no-file = { $path } ist keine Datei
files-no-file-next = nenne eine Datei
files-too-large-file = die Datei ist länger als { $words }
files-too-large-file-next = sende eine kleinere oder ein Stück davon
files-no-file-picture-sent = Hier wurde noch keine Datei und kein Bild gesendet.
files-save-one-windbreak-files = Speichere eine mit: windbreak files save ID --to PATH. Nichts öffnet sich von selbst.
files-saved-bytes-alone-read = Gespeichert, { $bytes } Bytes, nur für dich zu lesen.
files-now-file-like-any = Sie ist jetzt eine Datei wie jede andere auf diesem Gerät, außerhalb dessen, was versiegelt ist.
files-malformed = fehlgeformt
files-malformed-2 = die Antwort des Knotens ist fehlgeformt
files-malformed-next = starte den Knoten neu, dann versuch es noch einmal
files-exists = unter { $to } ist schon etwas, und es bleibt, wie es ist
files-exists-next = wähle einen anderen Pfad
files-cannot-make = nicht anzulegen:
files-file-2 = { $to } ist nicht anzulegen
files-cannot-write = nicht zu schreiben:
files-sent-before-stays-withdraw = Was früher gesendet wurde, bleibt; nimm zurück oder verbirg, was nicht bleiben soll.
files-nobody-sends-files-pictures = niemand sendet hier Dateien oder Bilder
files-members-may-send-pictures = Mitglieder dürfen Bilder senden
files-members-may-send-files = Mitglieder dürfen Dateien und Bilder senden

## search

search-nothing-found = Nichts wurde gefunden.
search-left-out-whose-agreement = { $left_out ->
    [one] { $left_out } Kreis ausgelassen, dessen Vereinbarung du noch nicht angenommen hast; siehe: windbreak circle list
   *[other] { $left_out } Kreise ausgelassen, deren Vereinbarung du noch nicht angenommen hast; siehe: windbreak circle list
}
search-there-may-more-add = Vielleicht gibt es mehr: setz --after { $next } dazu
search-in = in { $id }
search-looking-through-said = Gesucht wird in dem, was gesagt wurde

## checkin

checkin-noted-stays-device = Notiert. Es bleibt auf diesem Gerät.
checkin-from-before-days-shows = { $older } von früher; --days zeigt mehr.
checkin-10 = { $head } · { $value } von 10
checkin-all-deleted = Alles gelöscht.
checkin-delete-check-good = Dieses Check-in für immer löschen?
checkin-delete-all-check-ins = Alle deine Check-ins für immer löschen?
checkin-too-long-text = die Worte eines Check-ins haben höchstens { $max_check_in_chars } Zeichen
checkin-too-long-text-next = mach sie kürzer, oder teile sie ohne Check-in
checkin-without-share-noted-device = ohne --share wird es nur auf diesem Gerät notiert; noch wurde nichts notiert
checkin-shared-all-same = geteilt wurde es trotzdem
checkin-noted-device-too = Auch auf diesem Gerät notiert.

## checkin-picture

checkin-picture-nothing-noted = Notiert wurde nichts: { $period }.
checkin-picture-times = { $times ->
    [1] einmal
   *[other] { $times }-mal
}
checkin-picture-10 = { $low } von 10
checkin-picture-between-10 = zwischen { $low } und { $high } von 10
checkin-picture-noted-how-latest = Du hast { $times } notiert, wie es dir ging, { $period }: { $range }. Zuletzt, { $when }: { $value }.
checkin-picture-today = heute
checkin-picture-last-days = { $days ->
    [1] heute
   *[other] in den letzten { $days } Tagen
}

## plan

plan-head = { $number }. { $title }
plan-nothing-written-yet = (noch keine Worte)
plan-empty = In deinem Plan steht noch nichts. Er ist für schwere Zeiten, geschrieben in ruhigen, mit deinen eigenen Worten. Teile für den Anfang, wenn du magst:
plan-kept = Bewahrt als Teil { $number }, „{ $title }“. Er bleibt auf diesem Gerät.
plan-new-part = Ein neuer Teil deines Plans: { $number }, „{ $title }“. Er bleibt auf diesem Gerät.
plan-takes-place = Was du jetzt schreibst, tritt an die Stelle von diesem. Um stattdessen etwas hinzuzufügen, drück Strg-C und nimm --add:
plan-called-now = Teil { $number } heißt jetzt „{ $title }“.
plan-moved = „{ $title }“ ist jetzt Teil { $number }.
plan-remove-part-good = „{ $title }“ für immer aus deinem Plan entfernen?
plan-remove-all-good = Deinen ganzen Plan für immer entfernen?
plan-removed = Für immer entfernt.
plan-all-removed = Dein Plan ist für immer entfernt.
plan-type-number = schreib seine Nummer: windbreak plan zeigt sie
plan-empty-text = es gibt keine Worte, die aufzuheben wären
plan-empty-text-next = schreib sie hinter den Teil, oder nimm --file FILE
plan-too-long-text = das ist mehr als die { $limit } KiB, für die ein Teil Platz hat
plan-too-long-text-next = mach es kürzer, oder zwei Teile daraus

## plan-suggestions

plan-suggest-intro = Teile, mit denen ein Plan für schwere Zeiten beginnen kann. Nimm, was zu dir passt, lass den Rest, finde eigene.
plan-suggest-next = Um sie in deinen Plan zu setzen, noch ohne Worte: windbreak plan suggest --take. Ein eigener Teil: windbreak plan write "TITLE"
plan-suggest-taken = Neu in deinem Plan, noch ohne Worte:
plan-suggest-all-there = Sie stehen schon alle in deinem Plan.
plan-suggest-write = Schreib den ersten: windbreak plan write { $number }
