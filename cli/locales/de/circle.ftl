# Circles, agreements, members, invites, moderation, reports.

## circle

circle-circle-made-hold = Der Kreis „{ $title }“ ist da, und du hältst ihn als { $my_name }.
circle-no-relay-others-reach = Er hat kein Relais: andere erreichen ihn nur über eine direkte Verbindung, solange beide da sind. Ein Relais bewahrt Umschläge für die auf, die gerade nicht da sind.
circle-next-windbreak-invite-new = Weiter: windbreak invite new { $title }
circle-no-circle-yet = Du bist noch in keinem Kreis.
circle-make-one-windbreak-circle = Mach einen: windbreak circle new TITLE --name NAME, oder komm in einen: windbreak join CODE
circle-member = { $members ->
    [one] { $members } Mitglied
   *[other] { $members } Mitglieder
}
circle-lobby = { $people }, { $knocks } im Vorraum
circle-agreement-accept = { $people }, eine Vereinbarung anzunehmen
circle-leaving = du gehst gerade
circle-left = du bist gegangen
circle-removed = du wurdest entfernt
circle-device-taken-out = dieses Gerät wurde herausgenommen
circle-copy-took-devices-place = eine Kopie hat den Platz dieses Geräts
circle-id = Kennung
circle-you = Du
circle-standing = Stand
circle-leaving-another-members-device = du gehst gerade; das Gerät eines anderen Mitglieds muss deines noch herausnehmen
circle-left-kept-device = du bist gegangen; was du hast, bleibt auf diesem Gerät
circle-removed-kept-device = du wurdest entfernt; was du hast, bleibt auf diesem Gerät
circle-other-device-took-one = dein anderes Gerät hat dieses herausgenommen; was es hat, bleibt hier
circle-copy-device-came-into = eine Kopie dieses Geräts kam an seiner Stelle in den Kreis, denn einen Schlüssel können nicht zwei benutzen; was dieses hat, bleibt hier. Um beide zu benutzen: windbreak device add, auf der Kopie
circle-sealed = Versiegelt
circle-x25519-ml-kem-768 = X25519 und ML-KEM-768 zusammen: was heute aufgezeichnet wird, bleibt verschlossen
circle-relay = Relais
circle-none-direct-links-only = keines: nur direkte Verbindungen
circle-kept = Bewahrt
circle-long-authors-leave = solange die es lassen, die es schrieben
circle-shorter = Jetzt kürzer
circle-erased-from = das ist kürzer als vorher; auf diesem Gerät wird deswegen nichts vor { $from } gelöscht: windbreak steward log sagt, warum
circle-said-erased-after-days = { $days ->
    [1] was gesagt wird, wird nach einem Tag gelöscht
   *[other] was gesagt wird, wird nach { $days } Tagen gelöscht
}
circle-files = Dateien
circle-before = Vor dir
circle-invites = Einladungen
circle-open = { $open_invites } offen
circle-lobby-2 = Vorraum
circle-waiting = { $knocks } warten
circle-sent = Zu senden
circle-device = Dies Gerät
circle-coming-into-circle-anew = kommt neu in den Kreis: was es hat, ist alt oder wurde kopiert. Das geschieht von selbst, sobald ein anderes Mitglied erreichbar ist
circle-asks-in-vain = Es bittet seit Stunden darum, und niemand konnte es hereinlassen. Waren andere in dieser Zeit da, dann verlass den Kreis und bitte jemanden um eine neue Einladung: windbreak circle leave { $title }
circle-unsaid = wurde auf einen früheren Stand gebracht. { $unsaid ->
    [one] Etwas, das du bis dahin geschrieben hast, wartet
   *[other] { $unsaid } Dinge, die du bis dahin geschrieben hast, warten
} noch: danach kann es zurückgenommen worden sein. Wer dabei war, sagt es von selbst, sobald jemand davon erreichbar ist
circle-history = Verlauf
circle-members = Mitglieder
circle-agreement-version = Vereinbarung, Fassung { $agreement_version }
circle-not-accepted-device-yet = Auf diesem Gerät noch nicht angenommen: bis dahin wird hier nichts gelesen und nichts gesagt.
circle-read-decide-windbreak-agreement = Lies sie und entscheide: windbreak agreement accept { $title }
circle-none = Keine.
circle-node-asks-others-opened = dein Knoten fragt die anderen nach dem, was für später Gekommene geöffnet wurde
circle-opened-those-join-later = was für später Gekommene geöffnet wurde, ist hier; das Übrige bleibt bei denen, die da waren
circle-said-here-far-whoever = was gesagt wurde, ist hier, soweit es weiß, wer es dir gab
circle-nobody-answered-long-opened = lange hat niemand geantwortet; was für später Gekommene geöffnet wurde, ist nicht hier
circle-times = { $times ->
    [1] Einmal
    [2] Zweimal
   *[other] { $times }-mal
}
circle-came-together-again-itself = er ist von selbst wieder zusammengekommen. Nichts ging verloren, und es ist nichts zu tun.
circle-coming-together-itself-changed = er kommt von selbst zusammen: was auf einer Seite geändert wurde, wird noch einmal gemacht. Es ist nichts zu tun.
circle-week-circle-changed-two = { $often } in dieser Woche wurde der Kreis an zwei Stellen zugleich geändert; { $outcome }
circle-said-erased-after-days-2 = Was gesagt wird, wird nach { $days } Tagen gelöscht, auf jedem Gerät, sobald es läuft.
circle-said-kept-long-authors = Was gesagt wird, bleibt, solange die es lassen, die es schrieben.
circle-week-before-erased = Alle erfahren davon, mit dem Grund, und haben eine Woche: kein Gerät löscht deswegen etwas, bevor es 7 Tage lang davon weiß.
circle-left-others-wrote-stays = Du hast „{ $title }“ verlassen. Was andere schrieben, bleibt auf ihren Geräten.
circle-nobody-left-could-invite = Niemand ist mehr darin, der einladen oder jemanden entfernen könnte.
circle-left-circle-already = du hast diesen Kreis schon verlassen
circle-removed-from-circle = du wurdest aus diesem Kreis entfernt
circle-device-taken-out-circle = dein anderes Gerät hat dieses aus dem Kreis genommen
circle-copy-device-took-place = eine Kopie dieses Geräts hat seinen Platz
circle-read-before-stays-readable = was du früher gelesen hast, bleibt lesbar: windbreak read CIRCLE
circle-leave-good = „{ $title }“ für immer verlassen?
circle-nobody-else-holds-circle = Niemand sonst hält diesen Kreis: ohne dich könnte niemand einladen oder jemanden entfernen. { $question }
circle-leave-untold = Niemand hat dieses Gerät wieder hereingelassen, also erfahren es die anderen vielleicht nicht: sie sehen dich als Mitglied, bis jemand dich entfernt. { $question }
circle-would-report-others-law = Was müsstest du anderen melden, nach dem Gesetz oder für deine Arbeit (oder: nichts)?
circle-undeclared = niemand hält einen Kreis, ohne zu sagen, was er oder sie anderen melden müsste
circle-undeclared-next = sag es mit --declaration TEXT, auch wenn es nichts ist
circle-erase-older-than-days = In „{ $title }“ löschen, was älter als { $days } Tage ist, auf den Geräten aller Mitglieder?
circle-another-circle-title-commands = Du bist in einem anderen Kreis mit diesem Titel: Befehle brauchen dann eine Kennung.
circle-grant = Bewilligung
circle-grant-given-device = diesem Gerät gegeben; was davon übrig ist, zeigt: windbreak relay list

## agreement

agreement-lines-new-lines-gone = Zeilen mit + sind neu, Zeilen mit - sind weg.
agreement-agrees = Was „{ $title }“ vereinbart
agreement-changed-since-accepted = Es hat sich geändert, seit du es angenommen hast:
agreement-nothing-writing = Nichts Geschriebenes.
agreement-version = Fassung
agreement-accepted = Angenommen
agreement-yes-device = ja, auf diesem Gerät
agreement-not-yet-device-until = auf diesem Gerät noch nicht: bis dahin wird hier nichts gelesen und nichts gesagt
agreement-if-agree-windbreak-agreement = Wenn du zustimmst: windbreak agreement accept { $title }
agreement-proposed = Vorgeschlagen: { $id }
agreement-by = Von { $name }, { $since }; { $stage }.
agreement-if-agree-windbreak-agreement-2 = Wenn du zustimmst: windbreak agreement consent { $title } { $id }
agreement-lapsed-after-14-days = nach 14 Tagen verfallen; schlag es neu vor, wenn es wichtig ist
agreement-done-no-longer-possible = erledigt, oder nicht mehr möglich
agreement-more-members-agree = { $missing ->
    [one] { $missing } Mitglied muss noch zustimmen
   *[other] { $missing } Mitglieder müssen noch zustimmen
}
agreement-enough-agree-being-done = genug stimmen zu; es geschieht gerade
agreement-accept-agrees-nobody-told = Du nimmst an, was „{ $title }“ vereinbart. Niemand erfährt davon.
agreement-next-windbreak-read = Weiter: windbreak read { $title }
agreement-holds-enough-agree-already = Es gilt: genug stimmen schon zu.
agreement-proposed-agree = Es ist vorgeschlagen, und du stimmst zu.
agreement-holds-soon-more-than = Es gilt, sobald mehr als die Hälfte aller Mitglieder zustimmt.
agreement-see-how-far-come = Sieh nach, wie weit es ist: windbreak agreement show CIRCLE
agreement-agree-accepted-if-comes = Du stimmst zu und hast es angenommen, falls es einmal gilt.
agreement-agree-agrees-from-now = Zustimmen, dass „{ $title }“ von jetzt an dies vereinbart?
agreement-do-accept = Nimmst du dies an?
agreement-cannot-read-agreement = die Vereinbarung kann nicht gelesen werden
agreement-empty = die Vereinbarung hat keinen Text
agreement-empty-next = schreib auf, was der Kreis vereinbart
agreement-no-text = die Vereinbarung ist kein Text in UTF-8
agreement-no-text-next = speichere sie als einfachen Text
agreement-long = die Vereinbarung ist länger als { $max_agreement } Bytes, und mehr passen nicht
agreement-long-next = kürze sie

## member

member-removed-reads-nothing-said = { $name } ist entfernt und liest nichts, was von jetzt an gesagt wird.
member-they-read-stays-them = Was gelesen wurde, bleibt bei der Person, und offene Einladungen ohne Vorraum sind geschlossen.
member-declared-everybody-sees-before = Erklärt. Alle sehen es, bevor sie wieder etwas teilen und bevor sie dazukommen.
member-would-report-others = Was { $name } anderen melden müsste:
member-not-said-whether-they = { $name } hat nicht gesagt, ob eine Meldepflicht besteht.
member-facilitator = Begleitperson
member-co-facilitator = Mit-Begleitperson
member-listener = hört nur zu
member-you = du
member-blocked = von dir ausgeblendet
member-only-listens-here-from = { $name } hört hier von jetzt an nur zu: liest, entscheidet mit den anderen und darf gehen.
member-speaks-here-again = { $name } spricht hier wieder.
member-they-say-folded-away = { $name }: was diese Person sagt, ist auf diesem Gerät eingeklappt.
member-they-say-shown-again = { $name }: was diese Person sagt, wird wieder gezeigt.
member-nobody-told-they-still = Niemand erfährt davon. Die Person liest weiterhin, was du dem Kreis sagst.
member-former-member = ein früheres Mitglied
member-remove-from = { $member } aus „{ $title }“ entfernen?
member-give-up-role-facilitator = Deine Rolle als Begleitperson von „{ $title }“ abgeben?
member-agree = In „{ $title }“ zustimmen: { $sentence }?
member-unknown-proposal = das ist kein Vorschlag für eine Nachfolge
member-unknown-proposal-next = sieh nach, welche es gibt: windbreak succession status CIRCLE
member-they = Die Person

## proposal

proposal-nothing-proposed-here = Hier wurde nichts vorgeschlagen.
proposal-proposed = vorgeschlagen von { $name }, { $since }
proposal-agree-if-do-windbreak = Stimm zu, wenn du möchtest: windbreak member consent CIRCLE ID
proposal-becomes-facilitator = { $name } wird Begleitperson
proposal-facilitator-no-longer = { $name } ist nicht mehr Begleitperson
proposal-removed-from-circle = { $name } wird aus dem Kreis entfernt
proposal-becomes-facilitator-since-none = { $name } wird Begleitperson, weil keine antwortet
proposal-word-asked = ; um dein Wort wird gebeten
proposal-facilitators = { $count ->
    [one] { $count } Begleitperson
   *[other] { $count } Begleitpersonen
}
proposal-members = { $count ->
    [one] { $count } Mitglied
   *[other] { $count } Mitglieder
}
proposal-and = {" "}und{" "}
proposal-still-agree = es fehlen noch: { $missing }{ $asks }
proposal-enough-agree-done-if = genug stimmen zu; es geschieht, wenn 72 Stunden lang keine Begleitperson antwortet{ $asks }
proposal-proposed-2 = Es ist vorgeschlagen: { $sentence }.
proposal-they-asked-whether-they = Die Person wird gefragt, ob sie möchte. Ihre Antwort: windbreak member consent.
proposal-more-than-half-all = Mehr als die Hälfte aller Mitglieder muss zustimmen, und die Person selbst. Dann wartet der Kreis 72 Stunden auf ein Wort einer Begleitperson. Wer vorher begleitete, bleibt Begleitperson: antwortet sie nicht, so schlägt die neue mit `windbreak member demote` vor, dass sie es nicht mehr ist.
proposal-others-must-agree-all = Andere müssen zustimmen; alle Mitglieder sehen es, auch wen es betrifft.
proposal-see-how-far-come = Sieh nach, wie weit es ist: windbreak member proposals CIRCLE
proposal-agree = Du stimmst zu: { $sentence }.
proposal-done-soon-enough-agree = Es geschieht, sobald genug zustimmen. Von dir braucht es nichts mehr.
proposal-facilitator-no-longer-stay = Du bist nicht mehr Begleitperson. Du bleibst Mitglied des Kreises.

## invite

invite-people = { $uses ->
    [1] eine Person
   *[other] { $uses } Personen
}
invite-comes-waits-lobby-until = Wer kommt, wartet im Vorraum, bis jemand öffnet.
invite-comes-let-once = Wer kommt, wird sofort hereingelassen.
invite-for = Für { $people }, { $expires }. { $door }
invite-whoever-can-knock-give = Wer dies hat, kann anklopfen: gib es auf einem Weg weiter, dem du traust, an die Person, für die es ist.
invite-there-no-invites = Es gibt keine Einladungen.
invite-open = offen, { $expires }
invite-not-out-yet-no = noch nicht hinaus: kein Relais und kein Gerät eines Mitglieds hat sie
invite-used = verbraucht
invite-expired = abgelaufen
invite-revoked = zurückgenommen
invite-closed-removal = durch eine Entfernung geschlossen
invite-lobby = Vorraum
invite-yours = von dir
invite-used-2 = { $used } von { $uses } verbraucht
invite-invite-taken-back-knocks = Die Einladung ist zurückgenommen. Wer von jetzt an damit anklopft, wird abgewiesen.
invite-not-yours = ein anderes Gerät hat diese Einladung gemacht, und nur das kann sie zeigen
invite-not-yours-next = mach eine eigene: windbreak invite new CIRCLE
invite-terminal-too-narrow-picture = Dieses Terminal ist zu schmal für das Bild; nimm die Zeile.
invite-invite-too-long-picture = Diese Einladung ist zu lang für ein Bild; nimm ihre Zeile.
invite-comes-only-listens = Wer kommt, hört nur zu, bis eine Begleitperson es anders sagt: windbreak member role
invite-lobby-listeners = Vorraum, nur zuhören
invite-listeners = nur zuhören

## join

join-not-joining-any-circle = Du kommst gerade in keinen Kreis.
join-circle = ein Kreis
join-circle-2 = der Kreis
join-read-said-from-now = Du bist drin: { $title }. Du liest, was von jetzt an gesagt wird.
join-waits-decision = { $title } wartet auf deine Entscheidung.
join-joining = Auf dem Weg in { $title }: { $stage }
join-goes-background-look-again = Es geht im Hintergrund weiter. Sieh wieder nach mit: windbreak join
join-no-longer-joining-invite = Du kommst nicht mehr mit dieser Einladung.
join-copy-whole-invite-again = kopiere die ganze Einladung noch einmal, ab „windbreak:“
join-unknown-join = du kommst nicht mit dieser Einladung, also gibt es nichts aufzugeben
join-unknown-join-next = sieh nach, wohin du gerade kommst: windbreak join
join-looking-circle-says-about = Gesucht wird, was der Kreis über sich sagt
join-knocked-waiting-answer = Du hast angeklopft; warten auf eine Antwort
join-no-network = vom Kreis war nichts zu hören: { $trouble }
join-no-network-next = dein Knoten versucht es weiter; wie es um ihn steht, zeigt: windbreak node status
join-not-let-no-reason = du wurdest nicht hereingelassen; ein Grund wurde nicht genannt
join-not-let = du wurdest nicht hereingelassen: { $words }
join-declined-next = wenn du jemanden im Kreis kennst, sprich mit der Person
join-no-card-yet = vom Kreis war noch nichts zu hören; vielleicht ist das Relais weg oder dieses Gerät ohne Netz
join-no-card-yet-next = dein Knoten sucht weiter; gib denselben Befehl noch einmal ein, mit Name und Ja: danach wird gefragt, sobald es etwas anzunehmen gibt
join-goes-background-windbreak-join = Es geht im Hintergrund weiter; `windbreak join` zeigt, wie es steht.
join-agreement-not-accepted = um dazuzukommen, braucht es dein Ja zur Vereinbarung oben
join-agreement-not-accepted-next = gib den Befehl noch einmal mit --accept-agreement ein
join-do-accept-agreement = Nimmst du diese Vereinbarung an?
join-agreement-not-accepted-2 = nichts wurde getan: du hast nicht angeklopft, und niemand erfuhr davon
join-invite-stays-good = die Einladung gilt weiter: du kannst sie noch einmal ansehen, oder wer sie schickte nach der Vereinbarung fragen
join-name-will-go-here = Der Name, unter dem du hier gehst (es muss nicht deiner sein):
join-no-name = um dazuzukommen, braucht es einen Namen
join-no-name-next = nenne einen mit --name NAME
join-held = Gehalten von { $names }.
join-circle-agrees = Was der Kreis vereinbart
join-facilitator-would-report-others = Was die Begleitperson anderen melden müsste
join-facilitator-not-said-whether = Die Begleitperson hat nicht gesagt, ob sie eine Meldepflicht hat.
join-wait-lobby-until-somebody = Du wartest im Vorraum, bis dich jemand hereinlässt.
join-let-soon-members-device = Du wirst hereingelassen, sobald das Gerät eines Mitglieds dein Anklopfen hört.
join-invite = Die Einladung: { $expires }.
join-looking-circle-says-about-2 = gesucht wird, was der Kreis über sich sagt
join-waits-decision-type-join = wartet auf deine Entscheidung; gib den Befehl join noch einmal ein
join-device-shows-confirm-other = dieses Gerät zeigt { $number }; bestätige es auf deinem anderen
join-knock-waits-device = dein Anklopfen wartet auf diesem Gerät
join-knocked-waiting-let = du hast angeklopft und wartest, dass dich jemand hereinlässt
join-you-are-in = du bist drin
join-not-let-2 = du wurdest nicht hereingelassen
join-not-let-3 = du wurdest nicht hereingelassen: { $reason }
join-refused = abgelehnt: { $message }
join-paste-invite-then-press = Füge die Einladung ein und drück die Eingabetaste:
join-cannot-read-invite = die Einladung kann nicht gelesen werden
join-come-listener = Du kommst zum Zuhören herein: du liest und entscheidest mit den anderen, und sagst nichts, bis eine Begleitperson dich sprechen lässt.

## lobby

lobby-nobody-waits-lobby = Niemand wartet im Vorraum.
lobby-let-without-when-turn = wird ohne dich hereingelassen, sobald die Reihe da ist
lobby-since = seit { $arrived }, { $expires }
lobby-being-let = wird hereingelassen
lobby-let-somebody-windbreak-lobby = Lass jemanden herein: windbreak lobby admit CIRCLE ID
lobby-being-let-they-read = { $name } wird hereingelassen und liest, was von jetzt an gesagt wird.
lobby-told-they-not-let = { $name } erfährt, dass die Tür zubleibt.
lobby-as-listener = { $stage }, nur zum Zuhören

## adult

adult-not-adult = Kreise sind für Erwachsene, und du hast nicht gesagt, dass du erwachsen bist
adult-not-adult-next = wenn du es bist, gib den Befehl noch einmal mit --adult ein
adult-adult = Bist du erwachsen?
adult-not-adult-2 = Kreise sind für Erwachsene; nichts wurde getan, und niemand erfuhr davon
adult-not-adult-next-2 = es gibt Hilfetelefone für junge Menschen, und Menschen in deiner Nähe, denen du vertraust

## steward

steward-all-members-read-name = Alle Mitglieder lesen es, mit deinem Namen und dem Grund: windbreak steward log
steward-hid = verbarg { $item }
steward-showed-again = zeigte { $item } wieder
steward-muted-until = stellte { $member } stumm bis { $until }
steward-took-mute-back = hob das Stummstellen von { $member } auf
steward-slowed-circle-down = verlangsamte den Kreis: { $pace }
steward-let-circle-go-own = ließ dem Kreis wieder sein eigenes Tempo
steward-removed = entfernte { $member }
steward-set-files = sagte, welche Dateien gesendet werden: { $files }
steward-keeps-always = sagte, wie lange Worte bewahrt werden: solange die es lassen, die sie schrieben
steward-keeps-days = sagte, wie lange Worte bewahrt werden: { $days ->
    [one] einen Tag
   *[other] { $days } Tage
}
steward-carried-out-succession = führte aus, worauf die meisten sich einigten: { $member } begleitet jetzt
steward-stepped-down = gab die Begleitung ab
steward-carried-out-adoption = führte aus, worauf die meisten sich einigten: Vereinbarung { $version } gilt jetzt
steward-declared-anew = sagte neu, was zu melden wäre:
steward-took-role = führte aus, worauf die anderen sich einigten: { $member } begleitet nicht mehr
steward-made-facilitator = machte { $member } mit deren Zustimmung zur Begleitperson
steward-lets-speak-again = lässt { $member } wieder sprechen
steward-lets-only-listen = lässt { $member } nur noch zuhören
steward-counts-nothing-they-held = Es zählt nicht: diese Rolle hatte die Person nicht, als sie es tat.
steward-counts-nothing-no-reason = Es zählt nicht: es nennt keinen Grund.
steward-circle-slowed-down = Der Kreis ist verlangsamt: { $pace }.
steward-share-now-shown-from = Was du jetzt teilst, wird ab { $next } gezeigt.
steward-muted-until-2 = Du bist stumm gestellt bis { $until }.
steward-muted-until-3 = { $name } ist stumm gestellt bis { $until }.
steward-nobody-hidden-muted-slowed = Niemand wurde hier verborgen, stumm gestellt, verlangsamt oder entfernt.
steward-older-left-out = { $older } ältere ausgelassen.
steward-one-share-each-member = je Mitglied ein Beitrag, Abstand { $span }
steward-muted = { $member } ist stumm gestellt, Dauer { $span }.
steward-muted-no-longer = { $member } ist nicht mehr stumm gestellt.
steward-circle-goes-own-pace = Der Kreis hat wieder sein eigenes Tempo.
steward-hidden = { $id } ist verborgen.
steward-shown-again = { $id } wird wieder gezeigt.
steward-only-facilitators-read = nur du und die Begleitpersonen lesen es
steward-see-windbreak-steward-log = siehe windbreak steward log
steward-shared-slow-mode-shown = Im langsamen Gang geteilt: für andere sichtbar ab { $at }.
steward-hidden-facilitator = Von einer Begleitperson verborgen{ $reason }; { $who }.
steward-said-while-author-muted = Gesagt, während die Person stumm gestellt war{ $reason }; { $who }.

## report

report-kept-device-goes-facilitators = Auf diesem Gerät bewahrt ({ $id }); es geht in einem zufälligen Augenblick innerhalb eines Tages an die Begleitpersonen, ohne deinen Namen.
report-leave-node-running-until = Lass den Knoten bis dahin laufen. Was daraus wurde, zeigt: windbreak report list
report-if-somebody-danger-now = Wenn jetzt jemand in Gefahr ist, ist das zu langsam: niemand hier kann Hilfe schicken.
report-there-no-reports-here = Hier gibt es keine Meldungen für dich, und keine von dir.
report-about = über { $name }
report-report = deine Meldung
report-report-2 = Meldung
report-said = Was { $author } sagte ({ $item }):
report-too-long-go-along = Es war zu lang, um mitzugehen, und ist nicht auf diesem Gerät.
report-why-reported = Warum es gemeldet wurde:
report-read = { $by } hat es gelesen · { $at }
report-closed = { $by } hat es abgeschlossen · { $at }
report-made-asks-look-again = Wer es gemeldet hat, bittet, noch einmal hinzusehen:
report-words-signed-wrote-them = Die Worte sind von der Person unterschrieben, die sie schrieb. Niemand erfährt, wer sie gemeldet hat.
report-waits-device-moment = wartet auf diesem Gerät auf ihren Augenblick
report-nobody-answered-yet = noch hat niemand geantwortet
report-read-2 = gelesen
report-closed-2 = abgeschlossen
report-looked-again = noch einmal anzusehen
report-made-will-see-read = Wer es gemeldet hat, wird sehen, dass du es gelesen hast.
report-closed-made-reads-how = Abgeschlossen. Wer es gemeldet hat, liest, wie es ausging, und kann bitten, noch einmal hinzusehen.
report-kept-device-goes-report = Auf diesem Gerät bewahrt; es geht wie deine Meldung, innerhalb eines Tages.
