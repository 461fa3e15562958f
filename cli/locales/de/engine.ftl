# What the engine says, as the node sends it. Where one of these texts arrives, it is said in the
# language of whoever reads it.

## protocol/src/circle/acts.rs

node-says-neither-share-nor-reply = das ist weder ein Beitrag noch eine Antwort
node-says-said-those-here-then-somebody = es wurde für die gesagt, die damals da waren, und seither ist jemand dazugekommen
node-says-only-wrote-may-do = das darf nur, wer es schrieb
node-says-author-took-back = wer es schrieb, hat es zurückgenommen
node-says-circle-keeps-nothing-so-long = so lange bewahrt der Kreis nichts
node-says-only-facilitator-may-do = das darf nur eine Begleitperson
node-says-only-wrote-share-may-do = das darf nur, wer den Beitrag schrieb
node-says-there-no-such-word = dieses Wort gibt es nicht

## protocol/src/circle/agreement.rs

node-says-no-such-circle = diesen Kreis gibt es nicht
node-says-no-longer-circle = du bist nicht mehr in diesem Kreis
node-says-only-facilitator-does = das tut nur eine Begleitperson
node-says-agreement-changed-since-shown = die Vereinbarung hat sich geändert, seit sie gezeigt wurde
node-says-there-no-text = es gibt keinen Text
node-says-agreement-already = das ist die Vereinbarung schon
node-says-text-longer-than-bytes-characters = der Text ist länger als { $limit } Bytes oder Zeichen
node-says-no-such-proposal = diesen Vorschlag gibt es nicht
node-says-proposal-over = dieser Vorschlag ist vorbei
node-says-agreed-already = du hast dem schon zugestimmt

## protocol/src/circle/block.rs

node-says-no-such-member = dieses Mitglied gibt es nicht
node-says-that-is-you = das bist du
node-says-they-not-blocked = dieses Mitglied ist nicht ausgeblendet
node-says-most-members-blocked-once = höchstens { $limit } Mitglieder sind zugleich ausgeblendet

## protocol/src/circle/change.rs

node-says-only-facilitator-invites = nur eine Begleitperson lädt ein
node-says-invite-1-uses = eine Einladung gilt für 1 bis { $max_invite_uses } Personen
node-says-invite-lasts-from-minute-days = eine Einladung hält von einer Minute bis zu { $value } Tagen
node-says-invites-open-already = { $max_open_invites } Einladungen sind schon offen
node-says-no-such-invite = diese Einladung gibt es nicht
node-says-text-invite-device-made = der Text dieser Einladung ist auf dem Gerät, das sie gemacht hat
node-says-invite-admits-nobody-any-more = diese Einladung lässt niemanden mehr herein
node-says-only-facilitator-removes-members = nur eine Begleitperson entfernt Mitglieder
node-says-go-yourself-leave-circle = um selbst zu gehen, verlass den Kreis
node-says-reason-longer-than-characters = der Grund ist länger als { $limit } Zeichen

## protocol/src/circle/consent.rs

node-says-they-only-listen-here = diese Person hört hier nur zu
node-says-they-facilitator-already = diese Person ist schon Begleitperson
node-says-they-no-facilitator = diese Person ist keine Begleitperson
node-says-nobody-else-holds-circle = niemand sonst hält den Kreis
node-says-facilitator-declares-duty-report-there = eine Begleitperson erklärt eine Meldepflicht, oder dass keine besteht
node-says-text-longer-than-characters = der Text ist länger als { $limit } Zeichen
node-says-others-agree = dem zuzustimmen ist Sache anderer

## protocol/src/circle/device.rs

node-says-no-such-device-circle = ein solches Gerät hast du in diesem Kreis nicht
node-says-only-device-which-came-into = nur das Gerät, mit dem du in den Kreis gekommen bist, nimmt andere dazu
node-says-devices-circle-more-not-allowed = du hast { $max_devices_per_member } Geräte in diesem Kreis, und mehr sind nicht erlaubt
node-says-no-new-device-asks-shows = kein neues Gerät, das hereinmöchte, zeigt diese Zahl
node-says-needs-recovery-phrase = dafür wird deine Wiederherstellungsphrase gebraucht
node-says-not-recovery-phrase = das ist nicht deine Wiederherstellungsphrase
node-says-device-cannot-take-itself-out = ein Gerät kann sich nicht selbst herausnehmen

## protocol/src/circle/files.rs

node-says-nobody-sends-files-circle = in diesem Kreis sendet niemand Dateien
node-says-only-pictures-sent-circle = in diesem Kreis werden nur Bilder gesendet
node-says-file-empty = die Datei ist leer
node-says-file-longer-than-bytes = die Datei ist länger als { $limit } Bytes
node-says-name-file-longer-than-characters = der Name der Datei ist länger als { $limit } Zeichen
node-says-picture-says-more-than-shows = das Bild sagt mehr, als es zeigt, etwa wo es gemacht wurde

## protocol/src/circle/listener.rs

node-says-only-facilitator-says-listens = nur eine Begleitperson sagt, wer nur zuhört
node-says-facilitator-does-not-only-listen = eine Begleitperson hört nicht nur zu
node-says-they-role-already = diese Person hat diese Rolle schon

## protocol/src/circle/lobby.rs

node-says-only-facilitator-admits-declines = nur eine Begleitperson lässt herein oder weist ab
node-says-no-such-knock = dieses Anklopfen gibt es nicht
node-says-invite-no-longer-admits = die Einladung lässt nicht mehr herein
node-says-knock-answered-device-made-invite = dieses Anklopfen beantwortet das Gerät, das seine Einladung gemacht hat
node-says-newcomer-accepted-older-agreement = die neue Person hat eine ältere Vereinbarung angenommen

## protocol/src/circle/relays.rs

node-says-only-facilitator-names-circles-relays = nur eine Begleitperson nennt die Relais eines Kreises
node-says-circle-names-most-relays = ein Kreis nennt höchstens { $max_relays } Relais

## protocol/src/circle/reports.rs

node-says-author-took-back-nothing-here = wer es schrieb, hat es zurückgenommen, und nichts davon ist hier, das sich jemandem zeigen ließe
node-says-wrote-yourself = das hast du selbst geschrieben
node-says-nobody-circle-read-report = niemand ist im Kreis, der eine Meldung lesen könnte
node-says-reported-already = das hast du schon gemeldet
node-says-most-reports-one-member-kept = höchstens { $limit } Meldungen eines Mitglieds werden zugleich bewahrt
node-says-no-such-report = diese Meldung gibt es nicht
node-says-not-yours-do = das zu tun ist nicht deine Sache
node-says-report-not-closed = die Meldung ist nicht abgeschlossen
node-says-most-appeals-made-one-report = höchstens { $limit } Bitten, noch einmal hinzusehen, gibt es zu einer Meldung

## protocol/src/circle/send.rs

node-says-text-longer-than-bytes = der Text ist länger als { $limit } Bytes
node-says-title-content-note-longer-than = der Titel oder der Inhaltshinweis ist länger als { $limit } Zeichen
node-says-no-such-share-reply = diesen Beitrag oder diese Antwort gibt es nicht
node-says-answers-not-open-those = worauf dies antwortet, ist nicht offen für die, die später kommen
node-says-circles-agreement-not-accepted-device = die Vereinbarung des Kreises ist auf diesem Gerät nicht angenommen
node-says-only-listen-circle = du hörst in diesem Kreis nur zu
node-says-device-come-into-circle-anew = dieses Gerät muss erst neu in den Kreis kommen
node-says-facilitator-muted-while = eine Begleitperson hat dich für eine Weile stumm gestellt
node-says-too-much-waits-sent-already = es ist schon zu viel zu senden
node-says-circle-damaged-device = dieser Kreis ist auf diesem Gerät beschädigt

## protocol/src/circle/steward.rs

node-says-there-no-reason = es fehlt ein Grund
node-says-facilitator-not-muted = eine Begleitperson wird nicht stumm gestellt
node-says-mute-lasts-between-minute-days = das Stummstellen dauert zwischen einer Minute und { $days } Tagen
node-says-most-minutes-stand-between-two = höchstens { $limit } Minuten liegen zwischen zwei Beiträgen
node-says-does-not-hold-now = das gilt jetzt nicht

## protocol/src/engine/command.rs

node-says-title-name-needed = es braucht einen Titel und einen Namen
node-says-longer-than-characters-bytes = zu lang ({ $field }): mehr als { $limit } Zeichen oder Bytes
node-says-relays-address-not-one = die Adresse eines Relais ist keine
node-says-circle-most-relays = ein Kreis hat höchstens { $max_relays } Relais
node-says-too-many-circles-device = zu viele Kreise auf diesem Gerät
node-says-suite-cannot-used-device = dieses Verfahren ist auf diesem Gerät nicht zu benutzen

## protocol/src/joining/mod.rs

node-says-no-attempt-join-invite = mit dieser Einladung kommst du gerade nicht dazu
node-says-already-circle = schon in diesem Kreis
node-says-card-circle-not-arrived-yet = die Karte des Kreises ist noch nicht da
node-says-invite-used-up = diese Einladung ist verbraucht
node-says-invite-expired = diese Einladung ist abgelaufen
node-says-invite-revoked = diese Einladung wurde zurückgenommen
node-says-circles-card-does-not-say = die Karte des Kreises sagt nicht, was seine Begleitpersonen melden müssten
node-says-agreement-accepted-not-circles = die angenommene Vereinbarung ist nicht die des Kreises
node-says-another-device-same-person = das ist für ein anderes Gerät derselben Person
node-says-invite-person = das ist eine Einladung für eine Person
node-says-knock-way-already = ein Anklopfen ist schon unterwegs
node-says-name-needed = es braucht einen Namen
node-says-name-note-longer-than-characters = der Name oder die Notiz ist länger als { $limit } Zeichen
node-says-card-circle-cannot-used = die Karte des Kreises ist nicht zu benutzen

## protocol/src/view/file.rs

node-says-no-file-goes-along = hiermit geht keine Datei mit
node-says-pieces-file-here = { $here } von { $of } Stücken der Datei sind hier
node-says-file-not-kept-device-newer = die Datei ist nicht auf diesem Gerät bewahrt: neuere nahmen den Platz, oder was kam, war sie nicht
node-says-file-not-picture-says = die Datei ist nicht das Bild, das sie zu sein behauptet
node-says-piece-file-cannot-read-from = ein Stück der Datei ist nicht aus dem Speicher zu lesen

## protocol/src/admission/grant.rs

node-says-not-text-grant = das ist nicht der Text einer Bewilligung
node-says-character-grant-wrong-missing = ein Zeichen der Bewilligung ist falsch oder fehlt
node-says-grant-made-newer-version = die Bewilligung wurde von einer neueren Fassung gemacht

## protocol/src/invite/relay.rs

node-says-relays-address-1-visible-ascii = die Adresse eines Relais hat 1 bis { $max_relay_address } sichtbare ASCII-Zeichen

## protocol/src/invite/text.rs

node-says-not-invite-invite-starts-windbreak = das ist keine Einladung: eine Einladung beginnt mit „windbreak:“
node-says-use-windbreak-device-join = benutze es mit windbreak device join
node-says-use-windbreak-join = benutze sie mit windbreak join
node-says-longer-than-any-invite = das ist länger als jede Einladung
node-says-paste-invite-alone = füge nur die Einladung ein
node-says-invite-damaged-part-missing-changed = die Einladung ist beschädigt: ein Teil fehlt oder wurde verändert
node-says-copy-whole-invite-again = kopiere die ganze Einladung noch einmal
node-says-invite-made-newer-version-windbreak = die Einladung wurde von einer neueren Fassung von windbreak gemacht
node-says-update-windbreak-use = aktualisiere windbreak, um sie zu benutzen
node-says-invite-not-made-windbreak-broken = die Einladung stammt nicht von windbreak, oder von einer fehlerhaften Fassung
node-says-ask-new-one = bitte um eine neue

## protocol/src/circle/grants.rs

node-says-only-facilitator-gives-grant-relay = nur eine Begleitperson gibt einem Kreis die Bewilligung eines Relais
node-says-circle-does-not-name-relay = der Kreis nennt dieses Relais nicht
node-says-grant-over = die Bewilligung ist abgelaufen
node-says-grant-not-begun-clock-device = die Bewilligung hat nach der Uhr dieses Geräts noch nicht begonnen
node-says-grant-circle-needs = die Bewilligung ist für { $has }, und dieser Kreis braucht { $needs }
