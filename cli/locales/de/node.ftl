# What the node says, as it sends it. Where one of these texts arrives, it is said in the
# language of whoever reads it.

## node/src/search.rs

node-says-there-nothing-look = es gibt nichts zu suchen
node-says-looked-more-than-characters = das Gesuchte hat mehr als { $max_search_chars } Zeichen

## node/src/api/client.rs

node-says-no-node-running-profile = für dieses Profil läuft kein Knoten
node-says-nodes-socket-cannot-used = der Socket des Knotens ist nicht zu benutzen
node-says-node-does-not-answer = der Knoten antwortet nicht
node-says-connection-node-broke-off = die Verbindung zum Knoten brach ab
node-says-nodes-answer-longer-than-allowed = die Antwort des Knotens ist länger als erlaubt
node-says-nodes-answer-malformed = die Antwort des Knotens ist fehlgeformt
node-says-node-runs-another-version-program = der Knoten ist von einer anderen Fassung dieses Programms

## node/src/backup.rs

node-says-file-no-backup-first-line = diese Datei ist keine Sicherung, oder ihre erste Zeile ist beschädigt
node-says-choose-file-backup-create-made = wähle die Datei, die `backup create` gemacht hat
node-says-backup-cut-off-bytes-end = die Sicherung ist abgeschnitten: { $missing } Bytes an ihrem Ende fehlen
node-says-use-another-copy = nimm eine andere Kopie davon
node-says-backup-damaged-bytes-not-those = die Sicherung ist beschädigt: ihre Bytes sind nicht die, die geschrieben wurden
node-says-backup-version-which-program-does = die Sicherung ist von Fassung { $value }, die dieses Programm nicht kennt
node-says-update-program = aktualisiere das Programm
node-says-not-passphrase-backup = das ist nicht die Passphrase der Sicherung
node-says-try-again = versuch es noch einmal
node-says-passphrase-backup-costs-more-than = die Passphrase der Sicherung kostet mehr, als dieser Rechner zahlen kann
node-says-take-back-faster-one = nimm sie auf einem schnelleren zurück
node-says-backup-made-another-recipient = die Sicherung wurde für einen anderen Empfänger gemacht
node-says-use-identity-belongs = nimm die Identität, die zu ihr gehört
node-says-backup-made-recipient = die Sicherung wurde für einen Empfänger gemacht
node-says-name-identity-identity-file-file = nenne seine Identität mit --identity-file FILE
node-says-backup-made-passphrase = die Sicherung wurde mit einer Passphrase gemacht
node-says-leave-out-identity-file = lass --identity-file weg
node-says-no-age-recipient-identity = das ist kein Empfänger und keine Identität von age
node-says-recipient-begins-age1-identity-age = ein Empfänger beginnt mit age1, eine Identität mit AGE-SECRET-KEY-1
node-says-passphrase-backup-must-text-utf = die Passphrase einer Sicherung muss Text in UTF-8 sein
node-says-choose-another-one = wähle eine andere
node-says-file-backup = die Datei der Sicherung: { $value }

## node/src/error.rs

node-says-profile-keeps-cannot-read = was das Profil bewahrt, ist nicht zu lesen
node-says-keep-copy-folder-then-take = bewahre eine Kopie seines Ordners auf; dann nimm deine letzte Sicherung zurück: windbreak restore FILE --profile NEW-FOLDER
node-says-socket-local-api-cannot-made = der Socket der lokalen Schnittstelle lässt sich nicht anlegen: { $value }
node-says-operating-system-gave-no-random = das Betriebssystem gab keine zufälligen Bytes
node-says-signals-cannot-heard = Signale sind nicht zu hören
node-says-part-program-failed = ein Teil des Programms ist ausgefallen
node-says-fault-program-please-report = das ist ein Fehler des Programms, bitte melde ihn

## node/src/private.rs

node-says-disk-full = der Datenträger ist voll
node-says-free-some-space-try-again = schaffe Platz und versuch es noch einmal
node-says-no-permission-read-write-here = hier darf nicht gelesen oder geschrieben werden
node-says-check-owns-folder-whether-disk = prüfe, wem der Ordner gehört und ob sein Datenträger schreibgeschützt ist
node-says-there-no-such-file-folder = diese Datei oder diesen Ordner gibt es nicht
node-says-something-name-exists-already = etwas mit diesem Namen gibt es schon
node-says-folder-file-belongs-another-user = der Ordner oder die Datei gehört jemand anderem
node-says-choose-place-own = wähle einen eigenen Ort
node-says-plain-file-folder-needed-here = hier wird eine gewöhnliche Datei oder ein Ordner gebraucht, und etwas anderes steht an der Stelle
node-says-file-too-long-belongs-here = die Datei ist zu lang für das, was hierher gehört
node-says-already-open-another-node = schon von einem anderen Knoten geöffnet
node-says-stop-one-first = halte erst den anderen an
node-says-reading-writing-failed = Lesen oder Schreiben schlug fehl: { $value }

## node/src/profile.rs

node-says-there-profile-folder-already = in diesem Ordner ist schon ein Profil
node-says-open-choose-another-folder = öffne es, oder wähle einen anderen Ordner
node-says-folder-not-empty = der Ordner ist nicht leer
node-says-choose-new-one-profile = wähle einen neuen für das Profil
node-says-there-no-profile-folder = in diesem Ordner ist kein Profil
node-says-make-one-windbreak-init = mach eines mit `windbreak init`
node-says-profile-already-open-another-node = das Profil ist schon von einem anderen Knoten geöffnet
node-says-use-one-stop-first = nimm den, oder halte ihn erst an
node-says-passphrase-1-bytes = eine Passphrase hat 1 bis { $max_passphrase } Bytes
node-says-passphrase-opens-profile-already = diese Passphrase öffnet schon ein Profil
node-says-folder-room-four-profiles = ein Ordner hat Platz für vier Profile
node-says-use-another-folder = nimm einen anderen Ordner
node-says-folder-profile = der Ordner des Profils: { $value }
node-says-another-store-folder-cannot = ein anderer Speicher in diesem Ordner ist nicht zu lesen oder zu schreiben
node-says-profiles-own-not-affected = der eigene dieses Profils ist nicht betroffen: benutzt sonst niemand den Ordner, so leg die anderen neu an: windbreak store compact --only-profile

## node/src/profile/config.rs

node-says-config-toml-line = config.toml, Zeile { $line }: { $reason }
node-says-config-toml-missing = config.toml fehlt, und damit, wie deine Kreise erreicht werden
node-says-say-again-network-default = sag es noch einmal: windbreak network default MODE
node-says-config-toml-not-utf-8 = config.toml ist kein Text in UTF-8
node-says-config-toml-must = config.toml: `{ $field }` muss sein: { $bounds }
node-says-config-toml = config.toml: { $value }
node-says-most-addresses-like = höchstens { $most } Adressen wie { $example }
node-says-address-machine-network-like = eine Adresse dieses Rechners oder des Netzes, in dem er ist, wie { $example }
node-says-tor-relay-only-direct-lan-one-circle = tor, relay-only oder direct: lan wird je Kreis gewählt
node-says-most-bytes = höchstens { $most } Bytes

## node/src/profile/header.rs

node-says-passphrase-wrong = die Passphrase ist falsch
node-says-header-profile-damaged = der Kopf des Profils ist beschädigt
node-says-if-older-copy-folder-put = wenn du eine ältere Kopie dieses Ordners hast, setz ihren Kopf wieder ein: ohne ihn lässt sich das Profil nicht mehr öffnen
node-says-profile-schema-program-knows = das Profil hat das Schema { $found }, und dieses Programm kennt { $known }
node-says-cost-passphrase-out-bounds-1 = die Kosten der Passphrase sind außerhalb der Grenzen: 1 bis 1024 MiB, 1 bis 64 Durchgänge, 1 bis 16 Bahnen
node-says-there-not-enough-memory-check = es ist nicht genug Arbeitsspeicher da, um die Passphrase zu prüfen
node-says-close-other-programs = schließe andere Programme
node-says-header-profile = der Kopf des Profils: { $value }

## node/src/recovery.rs

node-says-recovery-phrase-words-these = eine Wiederherstellungsphrase hat { $phrase_words } Wörter, und das sind { $value }
node-says-type-all-them = gib alle ein
node-says-word-not-list = Wort { $value } steht nicht in der Liste
node-says-compare-wrote-down = vergleiche es mit dem, was du aufgeschrieben hast
node-says-words-do-not-belong-together = die Wörter gehören nicht zusammen: eines ist ein anderes, oder zwei haben den Platz getauscht
node-says-compare-them-wrote-down = vergleiche sie mit dem, was du aufgeschrieben hast

## node/src/relay/file.rs

node-says-line = Zeile { $line }: { $reason }
node-says-not-utf-8-text = es ist kein Text in UTF-8
node-says-must = `{ $field }` muss sein: { $bounds }
node-says-number-from-to = eine Zahl von { $least } bis { $most }
node-says-number-mib-from-to = eine Zahl von MiB, von { $least } bis { $most }
node-says-number-mib = eine Zahl von MiB
node-says-from-to-mib = von { $least } bis { $most } MiB
node-says-from-to-addresses-like = { $least } bis { $most } Adressen wie { $example }
node-says-most-addresses = höchstens { $most } Adressen
node-says-address-machine-like = eine Adresse dieses Rechners, wie { $example }
node-says-one-or-more = 1 oder mehr

## node/src/relay/mod.rs

node-says-address-listen-malformed = eine Adresse zum Lauschen ist fehlgeformt
node-says-write-ip4-0-0-0 = schreib sie als /ip4/0.0.0.0/tcp/4710
node-says-external-address-malformed = eine äußere Adresse ist fehlgeformt
node-says-write-ip4-192-0-2 = schreib sie als /ip4/192.0.2.1/tcp/4710, oder als NAME.onion:4710
node-says-there-no-address-listen = es gibt keine Adresse zum Lauschen
node-says-cannot-listen-there = dort lässt sich nicht lauschen
node-says-another-program-may-use-port = vielleicht benutzt ein anderes Programm den Port
node-says-counts-cannot-served-there = Zahlen lassen sich dort nicht anbieten
node-says-use-free-port-machine-like = nimm einen freien Port dieses Rechners, etwa 127.0.0.1:9471
node-says-relays-identity-file-damaged = die Datei mit der Identität des Relais ist beschädigt
node-says-restore-remove-get-new-address = stelle sie wieder her, oder entferne sie für eine neue Adresse
node-says-relays-folder-cannot-used = der Ordner des Relais ist nicht zu benutzen: { $value }
node-says-thread-could-not-started = ein Thread ließ sich nicht starten: { $value }
node-says-clock-machine-relay-off-eight-days = nach der Uhr dieses Rechners war das Relais mehr als acht Tage aus, und wenn das nicht stimmt, würden Bewilligungen für immer enden
node-says-set-clock-start-once-clock-right = stell die Uhr, oder wenn sie stimmt, starte einmal mit: windbreak relay run --clock-is-right

## node/src/store/mod.rs

node-says-free-some-space-start-again = schaffe Platz und starte noch einmal
node-says-store-cannot-read-written = der Speicher ist nicht zu lesen oder zu schreiben
node-says-check-owns-folder-whether-disk-2 = prüfe, wem sein Ordner gehört und ob sein Datenträger schreibgeschützt ist
node-says-store-already-open-another-node = der Speicher ist schon von einem anderen Knoten geöffnet
node-says-store-sealed-another-key = der Speicher wurde mit einem anderen Schlüssel versiegelt
node-says-key-file-profile-header-belongs = seine Schlüsseldatei oder sein Profilkopf gehört zu einem anderen Speicher
node-says-store-damaged = der Speicher ist beschädigt
node-says-store-schema-program-knows = der Speicher hat das Schema { $found }, und dieses Programm kennt { $known }
node-says-record-too-large-kept = ein Satz ist zu groß, um bewahrt zu werden
node-says-store-stopped-after-failed-write = der Speicher hörte nach einem fehlgeschlagenen Schreiben auf
node-says-start-node-again = starte den Knoten noch einmal
node-says-reading-writing-store-failed = Lesen oder Schreiben des Speichers schlug fehl: { $value }

## node/src/swarm/venue.rs

node-says-relays-address-malformed = die Adresse eines Relais ist fehlgeformt
node-says-ends-p2p-relays-peer-id = sie endet mit /p2p/ und der Peer-Kennung des Relais
node-says-address-direct-links-malformed = eine Adresse für direkte Verbindungen ist fehlgeformt
node-says-write-ip4-192-0-2-2 = schreib sie als /ip4/192.0.2.1/tcp/9701
node-says-too-many-envelopes-waiting-sent = zu viele Umschläge warten darauf, gesendet zu werden
node-says-connect-relay-member-first = verbinde erst ein Relais oder ein Mitglied

## node/src/telemetry.rs

node-says-log-filter-neither-level-nor = `log.filter` ist weder eine Stufe noch eine Liste von Filtern: { $value }
node-says-log-file = die Protokolldatei: { $value }
node-says-logging-started-already = das Protokoll wurde schon begonnen

## node/src/picture.rs

node-says-neither-jpeg-nor-png = das ist weder ein JPEG noch ein PNG
node-says-picture-more-than-40-million = das Bild hat mehr als 40 Millionen Bildpunkte, oder mehr als 16384 an einer Seite
node-says-picture-damaged-rare-kind = das Bild ist beschädigt oder von seltener Art

## node/src/api/reason.rs

node-says-make-jpeg-png-first = mach erst ein JPEG oder PNG daraus; andere Dateien werden mit --attach FILE gesendet
node-says-make-smaller-first = mach es erst kleiner
node-says-open-another-program-save = öffne es mit einem anderen Programm und speichere es als JPEG oder PNG
node-says-make-shorter = mach es kürzer
node-says-answer-those-who-here-now = antworte denen, die jetzt da sind: lass --scope weg
node-says-ask-facilitator-circle-do = bitte eine Begleitperson des Kreises, es zu tun
node-says-say-would-report-others-there = sag, was du anderen melden müsstest, oder dass es nichts ist
node-says-ask-whoever-sent-new-one = bitte die Person, von der es kam, um eine neue
node-says-give-title-name = nenne einen Titel und deinen Namen darin
node-says-write-host-gives-ip4-192 = schreib sie, wie wer es betreibt sie angibt: /ip4/192.0.2.1/tcp/4710/p2p/ und seine Peer-Kennung
node-says-name-fewer-relays = nenne weniger Relais
node-says-use-another-profile-next-circle = nimm für den nächsten Kreis ein anderes Profil
node-says-choose-other-suite = wähle das andere Verfahren
node-says-choose-number-between-two = wähle eine Zahl zwischen den beiden
node-says-choose-time-between-two = wähle eine Zeit zwischen den beiden
node-says-revoke-one-not-needed = nimm eine zurück, die nicht gebraucht wird
node-says-look-there-open-another-invite = sieh sie dort an, oder öffne eine andere Einladung
node-says-open-another-invite-if-one = öffne eine andere Einladung, wenn eine gebraucht wird
node-says-ask-one-device-alone-windbreak = bitte eine; für dieses Gerät allein: windbreak relay use, oder relay avoid
node-says-put-one-place-another-windbreak = setz eines an die Stelle eines anderen mit: windbreak relay replace
node-says-list-circles-find = liste die Kreise, um ihn zu finden
node-says-wait-relay-device-member-must = warte darauf: ein Relais oder das Gerät eines Mitglieds muss erreichbar sein
node-says-ask-whoever-sent-invite-declare = bitte die Person, die dich eingeladen hat, es zu erklären: windbreak member declare
node-says-use-windbreak-device-join-code = benutze ihn mit: windbreak device join CODE
node-says-use-windbreak-join-code = benutze sie mit: windbreak join CODE
node-says-wait-answer-give-up-first = warte auf die Antwort, oder gib es erst auf
node-says-choose-name = wähle einen Namen
node-says-look-lobby-again-may-been = sieh wieder in den Vorraum: vielleicht wurde geantwortet, oder die Person hat aufgegeben
node-says-decline-send-newcomer-another-invite = weise ab, und schick der Person eine andere Einladung
node-says-answer-device-made-invite = antworte auf dem Gerät, das die Einladung gemacht hat
node-says-decline-so-newcomer-knocks-again = weise ab, damit die Person mit der neuen noch einmal anklopft
node-says-write-something = schreib etwas
node-says-say-several-shares = sag es in mehreren Beiträgen
node-says-read-decide-together-others-may = du liest, entscheidest mit den anderen und darfst gehen; eine Begleitperson kann dich sprechen lassen: windbreak member role
node-says-read-decide-windbreak-agreement-show = lies sie und entscheide: windbreak agreement show CIRCLE, dann windbreak agreement accept CIRCLE
node-says-wait-until-another-member-can = warte, bis ein anderes Mitglied erreichbar ist: es geschieht von selbst; wird in zehn Stunden nichts daraus, kannst du den Kreis verlassen und um eine neue Einladung bitten
node-says-see-until-when-why-windbreak = bis wann und warum, zeigt: windbreak steward log; lesen, gehen und melden kannst du weiterhin
node-says-connect-relay-member-first-so = verbinde dich erst mit einem Relais oder einem Mitglied, damit es gesendet werden kann
node-says-keep-copy-profiles-folder-ask = bewahre eine Kopie des Profilordners auf, und bitte um eine neue Einladung
node-says-name-share-reply-list-shows = nenne einen Beitrag oder eine Antwort, wie die Liste sie zeigt
node-says-new-words-would-reach-them = die neuen Worte würden auch sie erreichen: nimm es zurück mit withdraw, und teile neu, was alle lesen dürfen
node-says-ask-wrote-answer = frag, wer es schrieb, oder antworte darauf
node-says-let-rest = lass es ruhen
node-says-say-anew-if-matters-still = sag es neu, wenn es noch wichtig ist
node-says-leave-them-ask-them = überlass es der Person, oder bitte sie
node-says-choose-one-those-help = wähle eines von denen in der Hilfe
node-says-say-why-sentence-all-members = sag in einem Satz, warum: alle Mitglieder lesen es im Protokoll der Begleitung
node-says-hide-they-said-propose-they = verbirg, was die Person sagte, oder schlag vor, dass sie die Rolle abgibt oder geht
node-says-name-time-between-30m-2h = nenne eine Zeit dazwischen: 30m, 2h, 3d
node-says-name-shorter-time-5m-1h = nenne eine kürzere Zeit: 5m, 1h
node-says-see-holds-windbreak-steward-log = sieh, was gilt: windbreak steward log
node-says-speak-facilitator-if-want = sprich mit einer Begleitperson, wenn du möchtest
node-says-take-back-if-want = nimm es zurück, wenn du möchtest
node-says-leave-circle-if-not-safe = verlass den Kreis, wenn du darin nicht sicher bist
node-says-say-sentence = sag es in einem Satz
node-says-wait-answer-windbreak-report-list = warte auf eine Antwort: windbreak report list zeigt sie
node-says-wait-reports-go-after-half = warte: Meldungen gehen nach einem halben Jahr
node-says-list-reports-find-id-may = liste die Meldungen, um die Kennung zu finden; vielleicht ist sie noch nicht da
node-says-made-report-appeals-those-answer = wer eine Meldung gemacht hat, bittet, noch einmal hinzusehen, und die, für die sie ist, antworten
node-says-wait-until-facilitator-closes = warte, bis eine Begleitperson sie abschließt
node-says-members-can-decide-together-windbreak = Mitglieder können gemeinsam entscheiden: windbreak member demote, oder member succeed
node-says-name-somebody-else = nenne jemand anderen
node-says-list-members-see-whom-blocked = liste die Mitglieder, um zu sehen, wen du ausgeblendet hast
node-says-unblock-somebody-leave-circle = blende jemanden wieder ein, oder verlass den Kreis
node-says-leave-instead-windbreak-circle-leave = geh stattdessen: windbreak circle leave CIRCLE
node-says-first-they-give-up-role = erst gibt die Person diese Rolle ab: windbreak member demote
node-says-there-nothing-do = es ist nichts zu tun
node-says-list-members-find-id-they = liste die Mitglieder, um die Kennung zu finden; vielleicht ist die Person schon gegangen
node-says-ask-facilitator-if-none-answers = bitte eine Begleitperson; wenn keine antwortet, schlag eine Nachfolge vor
node-says-list-members-see-roles = liste die Mitglieder, um die Rollen zu sehen
node-says-first-let-them-speak-windbreak = lass die Person erst sprechen: windbreak member role CIRCLE MEMBER member
node-says-make-somebody-else-facilitator-first = mach erst jemand anderen zur Begleitperson
node-says-list-proposals-find-id = liste die Vorschläge, um die Kennung zu finden
node-says-list-proposals-see-came = liste die Vorschläge, um zu sehen, was daraus wurde
node-says-wait-until-enough-others-agree = warte, bis genug andere zustimmen
node-says-list-proposals-see-asked = liste die Vorschläge, um zu sehen, wer gefragt ist
node-says-say-words-ask-facilitator-windbreak = sag es in Worten, oder bitte eine Begleitperson: windbreak circle files CIRCLE images-only
node-says-say-words-ask-facilitator-windbreak-2 = sag es in Worten, oder bitte eine Begleitperson: windbreak circle files CIRCLE on
node-says-choose-another-file = wähle eine andere Datei
node-says-send-smaller-one-part = sende eine kleinere oder ein Stück davon
node-says-send-image-which-makes-anew = sende es mit --image, das es ohne all das neu macht; aus anderen Arten von Bildern mach erst ein JPEG oder PNG
node-says-look-which-there-windbreak-files = sieh nach, welche es gibt: windbreak files list CIRCLE
node-says-rest-comes-itself-soon-somebody = der Rest kommt von selbst, sobald jemand, der ihn hat, erreichbar ist
node-says-ask-author-send-again = bitte die Person, die sie gesendet hat, sie noch einmal zu senden
node-says-leave-alone-facilitator-can-hide = lass sie in Ruhe; eine Begleitperson kann sie verbergen: windbreak steward hide
node-says-check-store-windbreak-store-check = prüfe den Speicher: windbreak store check
node-says-read-again-windbreak-agreement-show = lies sie noch einmal: windbreak agreement show CIRCLE
node-says-change-text-leave = ändere den Text, oder lass ihn, wie er ist
node-says-look-proposed-windbreak-agreement-show = sieh an, was vorgeschlagen ist: windbreak agreement show CIRCLE
node-says-see-came-windbreak-agreement-show = sieh, was daraus wurde: windbreak agreement show CIRCLE
node-says-type-all-them-spaces-between = gib alle ein, mit Leerzeichen dazwischen
node-says-name-another-file-backup-takes = nenne eine andere Datei: eine Sicherung nimmt keiner anderen Datei den Platz
node-says-check-path-folder-disk = prüfe den Pfad, seinen Ordner und seinen Datenträger
node-says-recipient-one-line-begins-age1 = ein Empfänger ist eine Zeile, die mit age1 beginnt
node-says-list-devices-windbreak-device-list = liste deine Geräte: windbreak device list CIRCLE
node-says-make-device-code-there = mach den Gerätecode dort
node-says-take-one-out-first-windbreak = nimm erst eines heraus: windbreak device remove CIRCLE DEVICE
node-says-compare-digits-again-if-they = vergleiche die Ziffern noch einmal; wenn sie verschieden sind, mach einen anderen Gerätecode
node-says-type-recovery-phrase-shown-when = gib die Wiederherstellungsphrase ein, die beim Anlegen des Profils gezeigt wurde
node-says-compare-words-wrote-down-when = vergleiche die Wörter mit dem, was du beim Anlegen des Profils aufgeschrieben hast
node-says-do-another-device-yours-leave = tu es auf einem anderen Gerät von dir, oder geh: windbreak circle leave CIRCLE
node-says-paste-whole-line-starts-windbreak = füge die ganze Zeile ein, die mit windbreak: beginnt
node-says-update-windbreak-then-try-again = aktualisiere windbreak, dann versuch es noch einmal
node-says-invite-been-used-often-allows = die Einladung wurde so oft benutzt, wie sie es erlaubt
node-says-invites-time-over = die Zeit der Einladung ist um
node-says-invite-taken-back = die Einladung wurde zurückgenommen
node-says-circle-many-members-can = der Kreis hat so viele Mitglieder, wie er haben kann
node-says-ask-whoever-sent-invite-whether = frag die Person, von der die Einladung kam, ob es einen anderen Kreis gibt
node-says-circle-new-agreement-since-card = der Kreis hat eine neue Vereinbarung, seit die Karte gezeigt wurde
node-says-read-new-card-then-knock = lies die neue Karte, dann klopf noch einmal an
node-says-disk-full-so-nothing-new = der Datenträger ist voll, also kann nichts Neues bewahrt werden
node-says-free-some-space-node-tries = schaffe Platz: der Knoten versucht es von selbst alle paar Sekunden wieder
node-says-store-cannot-written-folder-disk = der Speicher ist nicht zu beschreiben: sein Ordner oder sein Datenträger erlaubt es nicht
node-says-check-owns-profiles-folder-whether = prüfe, wem der Ordner des Profils gehört und ob sein Datenträger schreibgeschützt ist; der Knoten versucht es von selbst wieder
node-says-needs-record-larger-than-store = das braucht einen größeren Satz, als der Speicher bewahrt
node-says-fault-program-please-report-did = das ist ein Fehler des Programms: bitte melde, was du getan hast
node-says-operating-system-gave-no-random-2 = das Betriebssystem gab keine zufälligen Bytes zum Versiegeln
node-says-restart-device-then-start-node = starte das Gerät neu, dann den Knoten
node-says-store-cannot-read-any-more = der Speicher ist nicht mehr zu lesen
node-says-stop-node-keep-copy-profiles = halte den Knoten an und bewahre eine Kopie des Profilordners auf; dann nimm deine letzte Sicherung zurück: windbreak restore FILE --profile NEW-FOLDER
node-says-writing-store-failed = das Schreiben in den Speicher schlug fehl
node-says-look-disk-profiles-folder-node = sieh nach dem Datenträger des Profilordners; der Knoten versucht es von selbst wieder. Sieh dann nach, ob dies behalten wurde, bevor du es noch einmal tust

## node/src/api/refusal.rs

node-says-picture-more-than-32-mib = das Bild hat mehr als 32 MiB
node-says-profile-no-such-circle = diesen Kreis hat dieses Profil nicht
node-says-list-circles-find-id = liste die Kreise, um die Kennung zu finden
node-says-read-before-stays-readable = was du früher gelesen hast, bleibt lesbar
node-says-circle-no-such-invite = diese Einladung hat der Kreis nicht
node-says-list-circles-invites-find-id = liste die Einladungen des Kreises, um die Kennung zu finden
node-says-devices-number-six-digits = die Zahl eines Geräts hat sechs Ziffern
node-says-read-new-device = lies sie auf dem neuen Gerät
node-says-profile-does-not-join-invite = mit dieser Einladung kommt dieses Profil nicht dazu
node-says-start-sending-text-invite = beginne damit, den Text der Einladung zu senden
node-says-device-no-such-item-circle = diesen Eintrag hat dieses Gerät in diesem Kreis nicht
node-says-list-items-find-id-may = liste die Einträge, um die Kennung zu finden; vielleicht ist er noch nicht da
node-says-nothing-sent-facilitator-slowed-circle = nichts wurde gesendet: eine Begleitperson hat den Kreis verlangsamt, und andere sähen dies erst nach { $minutes } Minuten
node-says-wait-send-even-if-later = warte, oder sende es mit `even_if_later`, und es wird dann gezeigt; Antworten warten nicht
node-says-nothing-sent-text-seems-hold = nichts wurde gesendet: der Text scheint etwas zu enthalten, das verraten könnte, wer jemand ist: { $what }
node-says-leave-out-send-send-anyway = lass es weg, oder sende es mit `send_anyway`, wenn du das möchtest
node-says-nothing-sent-share-asks-just = nichts wurde gesendet: der Beitrag bittet nur ums Zuhören, also sieht niemand Rat, außer wer ihn schrieb, erlaubt es
node-says-say-without-advice-send-even = sag es ohne Rat, oder sende es mit `even_if_held_back`: wer den Beitrag schrieb, kann wählen, ihn zu sehen
node-says-store-cannot-read-now-words = der Speicher ist jetzt nicht zu lesen, und die Worte der Einträge stehen darin
node-says-see-status-says-store-then = sieh, was der Status vom Speicher sagt, dann frag noch einmal
node-says-circles-adults-not-said-one = Kreise sind für Erwachsene, und du hast nicht gesagt, dass du erwachsen bist
node-says-say-so-adult-adult-if = sag es mit `adult` (--adult), wenn du es bist; sonst sprich bitte mit einem Hilfetelefon für junge Menschen oder mit jemandem, dem du vertraust
node-says-nothing-sent-facilitators-would-report = nichts wurde gesendet: was die Begleitpersonen anderen melden müssten, wurde noch nicht gezeigt
node-says-show-circles-declaration-then-send = zeig die Erklärung des Kreises, dann sende es noch einmal mit ihr als `declaration_heard`
node-says-circle-keeps-said-1-days = ein Kreis bewahrt, was gesagt wird, 1 bis { $max_keep_days } Tage, oder ohne Ende
node-says-no-file-goes-along-advice = mit einem Rat geht keine Datei mit
node-says-send-file-reply-gives-none = sende die Datei mit einer Antwort, die keinen gibt
node-says-circle-takes-all-room-disk = dieser Kreis nimmt allen Platz auf dem Datenträger, den er haben darf
node-says-give-more-store-circle-quota = gib ihm mehr: store.circle_quota_mib in der config.toml des Profils, dann starte den Knoten neu
node-says-node-stopping = der Knoten hört gerade auf
node-says-start-again-then-ask-again = starte ihn wieder, dann frag noch einmal

## node/src/api/route/explain.rs

node-says-program-not-been-audited = die Sicherheit dieses Programms wurde nicht von Unabhängigen geprüft
node-says-nobody-watches-circle-no-emergency = niemand überwacht einen Kreis: er ist kein Notdienst, und niemand hier kann dich finden oder Hilfe schicken
node-says-whoever-reads-can-keep-copy = wer liest, kann eine Kopie behalten und beweisen, dass dein Name im Kreis es schrieb
node-says-whoever-watches-much-internet-once = wer viel vom Internet zugleich beobachtet, kann sehen, wer wann aktiv ist
node-says-program-spies-device-sees-see = ein Programm, das dieses Gerät ausspäht, sieht, was du siehst
node-says-member-circle = das Mitglied dieses Kreises
node-says-count-members-circle = die { $count } Mitglieder dieses Kreises
node-says-every-share-reply-since-they = jeden Beitrag und jede Antwort seit ihrem Dazukommen, soweit sie gezeigt werden, und frühere, bei denen wer sie schrieb es erlaubt hat
node-says-advice-held-back-words-hidden = von Rat, der zurückgehalten wird, und von Verborgenem, von stumm Gestellten Gesagtem oder bei verlangsamtem Kreis zu früh Geteiltem: dass es da ist und wer es schrieb, und die Worte erst, wenn es durchgelassen oder wieder gezeigt wird oder an der Reihe ist; ihre Geräte haben die Worte, ein verändertes Programm zeigt sie also
node-says-warm-words-give-with-name = die warmen Worte, die du gibst, mit deinem Namen
node-says-what-propose-agree-with-name = was du vorschlägst, und wem du zustimmst, mit deinem Namen
node-says-only-listens-muted-until-how-slow = wer nur zuhört, wer stumm gestellt ist und bis wann, und wie langsam der Kreis ist: auch, dass du es bist
node-says-steward-log-hid-muted-removed = das Protokoll der Begleitung: wer was verbarg, wen stumm stellte oder entfernte, was verlangsamte oder änderte, wann und warum
node-says-name-circle-when-wrote-minute = deinen Namen in diesem Kreis, und wann du geschrieben hast, auf die Minute
node-says-member-holds-circle-how-many = wer Mitglied ist, wer den Kreis hält, und wie viele Geräte jedes benutzt
node-says-names-other-circles-any = deine Namen in anderen Kreisen, oder dass du in welchen bist
node-says-read = was du gelesen hast
node-says-drafts-check-ins-plan-blocked = deine Entwürfe, was du über dein Befinden notiert hast, deinen Plan, wen du blockiert hast, und welche Vereinbarung du auf diesem Gerät angenommen hast, außer der, der du zugestimmt hast oder mit der du gekommen bist
node-says-address = deine Adresse
node-says-its-facilitator = seine Begleitperson
node-says-its-facilitators = seine { $count } Begleitpersonen
node-says-members-see = was Mitglieder sehen
node-says-words-hidden-muted = die Worte von Verborgenem, und die von Mitgliedern, die stumm gestellt sind
node-says-name-note-whoever-knocks-invite = Name und Notiz aller, die mit einer Einladung mit Vorraum anklopfen
node-says-reported-but-not-reported-themselves = was gemeldet wird, aber nicht, was über sie selbst gemeldet wird
node-says-words-reported-180-days = die Worte dessen, was gemeldet wurde, bis zu 180 Tage lang, auch wenn, wer sie schrieb, sie zurücknimmt oder sie zu alt werden
node-says-made-report-unless-how-written = wer etwas gemeldet hat, außer es verrät sich daran, wie es geschrieben ist, oder ein Relais hilft ihnen
node-says-longest-members = die Mitglieder, die am längsten hier sind, höchstens vier
node-says-reported-only-facilitator = was über die einzige Begleitperson gemeldet wird
node-says-who-reported = wer es gemeldet hat, außer es verrät sich daran, wie es geschrieben ist, oder ein Relais hilft ihnen
node-says-whoever-holds-open-invite = wer eine offene Einladung hat
node-says-card-title-welcome-agreement-facilitators = die Karte: Titel, Willkommen, Vereinbarung, die Namen der Begleitpersonen und ihre Meldepflicht
node-says-addresses-relays = die Adressen der Relais
node-says-else-member = wer sonst Mitglied ist
node-says-anything-said-circle = irgendetwas, das im Kreis gesagt wurde
node-says-whoever-runs-relay = wer das Relais betreibt
node-says-whoever-runs-relays = wer { $count } Relais betreibt
node-says-random-topics-change-every-seven = zufällige Themen, die sich alle sieben Tage und bei jeder Entfernung ändern
node-says-when-sealed-envelopes-come-go = wann versiegelte Umschläge kommen und gehen, und welche von drei Größen sie haben
node-says-connection-brings-envelope-first = welche Verbindung einen Umschlag als erste bringt
node-says-connections-same-topics-devices = welche Verbindungen dieselben Themen benutzen: wie viele Geräte der Kreis ungefähr hat, und wann jedes da ist
node-says-somebody-let-in-how-large = wann jemand hereingelassen wird, und ungefähr wie groß ein Kreis ist, der mehr als etwa zwanzig Mitglieder hat
node-says-circle-comes-goes-together = wann dieser Kreis kommt und geht: von zweien, die das immer zugleich tun, lässt sich vermuten, dass sie von einem Gerät sind
node-says-address-circles-circuits-own = deine Adresse: jeder deiner Kreise hat eigene Wege durch Tor
node-says-any-word-name-title = irgendein Wort, einen Namen oder Titel
node-says-name-envelope-written-members-call = unter welchem Namen ein Umschlag geschrieben wurde, und wie sich die Mitglieder nennen
node-says-which-circle-topics = zu welchem Kreis seine Themen gehören
node-says-internet-provider-whoever-watches-line = dein Internetanbieter, oder wer deine Leitung beobachtet
node-says-use-tor-when-how-much = dass du Tor benutzt, wann, und wie viel hindurchgeht
node-says-relays-any-word-name-title = die Relais, oder irgendein Wort, einen Namen, Titel oder ein Thema
node-says-reach-relays-addresses-when-how = dass du die Adressen der Relais erreichst, wann, und wie viel hindurchgeht
node-says-any-word-name-title-topic = irgendein Wort, einen Namen, Titel oder ein Thema
node-says-members-direct-link-device = Mitglieder mit einer direkten Verbindung zu diesem Gerät
node-says-when-online = wann du online bist
node-says-address-link-goes-through-tor = deine Adresse: die Verbindung geht durch Tor
node-says-every-member-circle-meets-others = jedes Mitglied dieses Kreises, das andere auch direkt trifft
node-says-address-which-tells-roughly-where = deine Adresse, die ungefähr sagt, wo du bist und über welchen Anbieter
node-says-same-address-every-circle-where = dieselbe Adresse in jedem Kreis, in dem du das gewählt hast: wer in zweien davon ist, kann erkennen, dass beide Male du es bist
node-says-relay-brings-members-together-beside = ein Relais, das Mitglieder zusammenbringt, neben dem, was es ohnehin sieht
node-says-which-connections-meet-each-other = welche seiner Verbindungen sich direkt treffen, von welchen Adressen: dass diese Menschen zusammengehören
node-says-whom-expect-sealed = wen du erwartest: das ist versiegelt
node-says-anything-goes-between-without = irgendetwas, das ohne es zwischen euch geht
node-says-addresses-members-linked-when-how = die Adressen der Mitglieder, mit denen du verbunden bist, wann, und wie viel hindurchgeht
node-says-members-direct-link-device-whoever = Mitglieder mit einer direkten Verbindung zu diesem Gerät, und wer die Leitung beobachtet
node-says-address-when-online = deine Adresse, und wann du online bist
node-says-whoever-removed-left = wer entfernt wurde oder gegangen ist
node-says-they-had-read-before = was diese Personen vorher gelesen hatten
node-says-anything-written-after = irgendetwas, das danach geschrieben wurde
node-says-whoever-records-envelopes-now-large = wer die Umschläge jetzt aufzeichnet und eines Tages einen großen Quantenrechner hat
node-says-everything-circle-sealed-x25519-alone = alles: dieser Kreis ist mit X25519 allein versiegelt
node-says-members-circle = die Mitglieder dieses Kreises
node-says-wrote-while-one = was du geschrieben hast, als du eines warst
node-says-anything-since = irgendetwas von dir seither
node-says-read-stays-device-until-delete = was du liest, bleibt auf diesem Gerät, bis du das Profil löschst
node-says-said-erased-after-day = was gesagt wurde, wird auf dem Gerät jedes Mitglieds nach einem Tag gelöscht, sobald das Gerät läuft: so sagt es der Kreis. Kopien, die jemand gemacht hat, bleiben dort
node-says-said-erased-after-days = was gesagt wurde, wird auf dem Gerät jedes Mitglieds nach { $days } Tagen gelöscht, sobald das Gerät läuft: so sagt es der Kreis. Kopien, die jemand gemacht hat, bleiben dort
node-says-circle-erases-after-day-week = der Kreis sagt, dass nach einem Tag gelöscht wird, was gesagt wurde: dieses Gerät beginnt damit, wenn es das eine Woche lang weiß. Kopien, die jemand gemacht hat, bleiben dort
node-says-circle-erases-after-days-week = der Kreis sagt, dass nach { $days } Tagen gelöscht wird, was gesagt wurde: dieses Gerät beginnt damit, wenn es das eine Woche lang weiß. Kopien, die jemand gemacht hat, bleiben dort
node-says-sealed-envelopes-stay-device-30 = versiegelte Umschläge bleiben 30 Tage auf diesem Gerät, damit andere nachholen können
node-says-nobody-sends-files-pictures-here = niemand sendet hier Dateien oder Bilder
node-says-pictures-alone-sent-here = hier werden nur Bilder gesendet. Eines sagt nicht, wo und wann es gemacht wurde, nur was es zeigt. Wer es bekommt, kann es behalten, und ein Relais sieht ungefähr, wie groß es ist
node-says-any-files-sent-here = hier werden Dateien jeder Art gesendet. Ein Bild sagt nicht, wo und wann es gemacht wurde, nur was es zeigt; andere Dateien gehen, wie sie sind, mit allem, was ihr Programm hineinschrieb. Wer eine bekommt, kann sie behalten, und ein Relais sieht ungefähr, wie groß sie ist
node-says-keys-recorded-deleted-when-everybody = die Schlüssel zu dem, was aufgezeichnet wurde, werden gelöscht, wenn alle weitergegangen sind: gewöhnlich nach einem oder zwei Tagen, spätestens nach 14, oder nach 60 in einem Kreis, dessen meiste Mitglieder weg sind. Solange dieses Gerät aus ist, löscht es nichts
node-says-keys-one-state = Schlüssel eines früheren Zustands sind noch auf diesem Gerät, weil jemand sie brauchen könnte
node-says-keys-states = Schlüssel von { $count } früheren Zuständen sind noch auf diesem Gerät, weil jemand sie brauchen könnte
node-says-circle-no-relay = dieser Kreis hat kein Relais: wer weg ist, wenn jemand entfernt wird, kann ihn nicht wieder erreichen, außer dort, wo andere zur selben Zeit sind. Nimm nach einer Entfernung ein Relais dazu, wenigstens für eine Weile
node-says-sealed-envelopes-stay-each-relay = versiegelte Umschläge bleiben auf jedem Relais höchstens 30 Tage; wer es betreibt, kann weniger bewahren
node-says-relay-circle-names-no-longer = ein Relais, das der Kreis nicht mehr nennt, wird noch benutzt, weil eine offene Einladung es nennt
node-says-relay-used-one-device = ein Relais, das der Kreis nicht mehr nennt, wird noch benutzt, weil ein Gerät vielleicht kein anderes kennt
node-says-relay-used-devices = ein Relais, das der Kreis nicht mehr nennt, wird noch benutzt, weil { $count } Geräte vielleicht kein anderes kennen
node-says-envelope-device-alone = ein Umschlag von dir ist noch auf diesem Gerät allein
node-says-envelopes-device-alone = { $count } Umschläge von dir sind noch auf diesem Gerät allein
node-says-whoever-device-passphrase-finds-node = wer dieses Gerät und die Passphrase hat, oder den Knoten laufend findet
node-says-everything-can-see = alles, was du sehen kannst
node-says-drafts-check-ins-plan-too = deine Entwürfe, was du über dein Befinden notiert hast, deinen Plan, wen du blockiert und welche Vereinbarungen du angenommen hast, außer denen, denen du zugestimmt hast oder mit denen du gekommen bist: das ist auf diesem Gerät allein, und in den Sicherungen, die du davon machst
node-says-whoever-device-without-passphrase = wer dieses Gerät ohne die Passphrase hat
node-says-program-here-how-much-keeps = dass das Programm hier ist, wie viel es bewahrt, und wann es zuletzt schrieb
node-says-relays-settings-config-toml = die Relais und Einstellungen in config.toml
node-says-any-word-name-title-circle = irgendein Wort, einen Namen, Titel oder Kreis
node-says-programs-run-under-user-device = Programme, die auf diesem Gerät unter deinem Konto laufen
node-says-everything-over-nodes-socket-while = alles, über den Socket des Knotens, solange der Knoten läuft
node-says-relay-takes-grant-beside = ein Relais, das mit Bewilligung annimmt, neben dem, was es ohnehin sieht
node-says-number-grant-draws-tokens-how-often = eine Nummer der Bewilligung des Kreises, mit der dieses Gerät Marken zieht, und wie oft
node-says-numbers-draw-devices-write = wie viele Nummern der Bewilligung ziehen: etwa, wie viele Geräte hier schreiben
node-says-comes-invite-topic-grant = wenn jemand mit einer offenen Einladung kommt: dass deren Thema zu dieser Bewilligung gehört
node-says-host-other-keys-grant-pays-topic = wenn, wer es betreibt, für jede Bewilligung andere Schlüssel gemacht hat: welche Bewilligung auf welchem Thema bezahlt
node-says-same-address-draws-writes = dass dieselbe Adresse zieht und schreibt
node-says-whose-number = wessen Nummer das ist
node-says-which-grants-numbers-pays = welche der Nummern der Bewilligung für einen Umschlag bezahlt
node-says-internet-address = deine Internetadresse
node-says-address-local-network = deine Adresse im lokalen Netz
node-says-everybody-same-local-network = alle im selben lokalen Netz, und wer es betreibt
node-says-device-runs-windbreak-while = dass auf diesem Gerät Windbreak läuft, solange es läuft
node-says-other-devices-exchanges-belong-together = mit welchen anderen Geräten dort es wie viel austauscht, und wann: dass diese Menschen zusammengehören
node-says-which-circle-names-new-each-start = von welchem Kreis: die Namen sind bei jedem Start neu und bedeuten nichts
node-says-every-member-same-local-network = jedes Mitglied dieses Kreises im selben lokalen Netz
node-says-which-device-yours-when-on = welches Gerät dort deines ist, und wann es an ist
node-says-same-device-every-circle-where = dasselbe Gerät in jedem Kreis, in dem du das gewählt hast: wer in zweien davon ist, kann erkennen, dass beide Male du es bist
node-says-internet-provider = dein Internetanbieter
node-says-anything-circle-leaves-local-network = irgendetwas von diesem Kreis: nichts davon verlässt das lokale Netz
node-says-holds-open-invite-same-local-network = wer eine offene Einladung hat und im selben lokalen Netz ist
node-says-which-device-answers-it = welches Gerät dort auf sie antwortet
node-says-write-waits-device-same-local-network = was du schreibst, wartet auf diesem Gerät, bis das Gerät eines Mitglieds im selben lokalen Netz ist
node-says-whoever-sees-screen-notice = wer den Bildschirm dieses Geräts sieht, wenn eine Mitteilung gezeigt wird
node-says-words-notices-same-everything = die Worte der Mitteilungen, die für alles dieselben sind
node-says-about-when-something-arrives = ungefähr, wann etwas ankommt
node-says-whatever-program-named-arguments = was immer das Programm tut, das du genannt hast, und seine Argumente
node-says-what-it-is-who-says-which-circle = was es ist, wer es sagt, oder von welchem Kreis oder Profil
node-says-every-other-user-machine = alle anderen, die ein Konto auf diesem Rechner haben
node-says-notice-shown-words-while-program-runs = dass eine Mitteilung gezeigt wird, und ihre Worte, solange das Programm dafür läuft

## node/src/api/route/agreement.rs

node-says-agreement-not-compared = die Vereinbarung ließ sich nicht vergleichen

## node/src/api/route/circle.rs

node-says-nobody-becomes-facilitator-without-agreeing = niemand wird Begleitperson, ohne zuzustimmen und sich zu erklären
node-says-propose-windbreak-member-promote = schlag es vor: windbreak member promote

## node/src/api/route/draft.rs

node-says-device-not-circle-any-more = dieses Gerät ist nicht mehr im Kreis

## node/src/api/route/file.rs

node-says-bytes-file-not-base64 = die Bytes der Datei sind nicht in Base64
node-says-write-them-alphabet-rfc-4648 = schreib sie im Alphabet von RFC 4648, Abschnitt 4, mit Füllzeichen

## node/src/api/route/item.rs

node-says-limit-not-between-1 = die Grenze liegt nicht zwischen 1 und { $max_page }
node-says-ask-fewer-items-once-again = frag nach weniger Einträgen auf einmal, und dann nach denen dahinter
node-says-newest-items-do-not-stand = die neuesten Einträge stehen nicht hinter einem anderen
node-says-leave-out-newest-after = lass `newest` oder `after` weg

## node/src/api/route/join.rs

node-says-agreement-not-named-64-lower = die Vereinbarung ist nicht mit den 64 kleinen Hexadezimalziffern ihres Hashes benannt
node-says-take-hash-came-text-shown = nimm den Hash, der mit dem gezeigten Text kam

## node/src/api/route/link.rs

node-says-address-not-one-node-can = eine Adresse ist keine, die dieser Knoten für eine direkte Verbindung benutzen kann
node-says-write-ip4-192-168-1 = schreib sie als /ip4/192.168.1.7/tcp/4710
node-says-circle-most-addresses-each-sort = ein Kreis hat höchstens { $max_addresses } Adressen jeder Art
node-says-take-some-away-first = nimm erst welche weg
node-says-circle-goes-through-tor-listening = dieser Kreis geht durch Tor, und dort zu lauschen würde die Adresse dieses Geräts zeigen
node-says-listen-ip4-127-0-0 = lausche auf /ip4/127.0.0.1/tcp/… für einen Onion-Dienst deines Tor
node-says-circle-goes-through-tor-link = dieser Kreis geht durch Tor, und diese Verbindung würde die Adresse dieses Geräts zeigen
node-says-use-members-onion3-address-change = nimm die /onion3/-Adresse des Mitglieds, oder ändere die Art mit: windbreak network set
node-says-onion-address-reached-through-tor = eine Onion-Adresse wird nur durch Tor erreicht, und dieser Kreis benutzt es nicht
node-says-change-mode-windbreak-network-set = ändere die Art mit: windbreak network set CIRCLE tor
node-says-circle-stays-local-network-links = dieser Kreis bleibt im lokalen Netz, wo Mitglieder einander ohne angegebene Verbindungen finden
node-says-choose-mode-links-first = wähle erst eine Art mit Verbindungen: windbreak network set CIRCLE direct

## node/src/api/route/network.rs

node-says-goes-through-tor-none-relays = dies geht durch Tor, und keines der Relais hat eine Onion-Adresse
node-says-ask-relays-host-onion3-address = bitte, wer das Relais betreibt, um seine /onion3/-Adresse, oder wähle eine andere Art mit --network
node-says-relays-onion-addresses-alone-which = die Relais haben nur Onion-Adressen, die nur Tor erreicht
node-says-choose-network-tor-name-relay = wähle es mit --network tor, oder nenne ein Relais mit einer anderen Adresse
node-says-relay-circle-serves-another-circles = ein Relais dieses Kreises dient einem anderen deiner Kreise: ohne Tor könnte, wer es betreibt, an Adresse und Zeit erkennen, dass beide deine sind
node-says-use-another-relay-mode-tor = nimm ein anderes Relais oder die Art tor; oder wiederhole es mit `same_relay`, wenn das nicht schadet

## node/src/api/route/relay.rs

node-says-device-keeps-most-these-one = ein Gerät bewahrt höchstens { $limit } davon für einen Kreis
node-says-take-another-one-away-first = nimm erst ein anderes weg

## node/src/api/route/search.rs

node-says-limit-not-between-1-2 = die Grenze liegt nicht zwischen 1 und { $max_found }
node-says-search-broke-off = die Suche brach ab
node-says-name-word = nenne ein Wort
node-says-look-fewer-words = such nach weniger Wörtern
node-says-search-goes-behind-no-id = wohinter die Suche weitergeht, ist keine Kennung und beginnt nicht wie eine
node-says-give-eight-more-digits-small = gib acht oder mehr ihrer Ziffern, in kleinen Buchstaben
node-says-more-than-one-item-id = mehr als ein Eintrag hat eine Kennung, die so beginnt
node-says-give-more-digits = gib mehr Ziffern

## node/src/api/route/store.rs

node-says-path-backup-must-absolute = der Pfad einer Sicherung muss vollständig sein
node-says-write-from-root-home = schreib ihn von der Wurzel an: /home/…
node-says-backup-passphrase-recipient = eine Sicherung ist für eine Passphrase oder für einen Empfänger
node-says-give-one-two = gib eines der beiden

## node/src/hint.rs

node-says-a-mail-address = eine Mailadresse
node-says-a-link = ein Link
node-says-a-name-on-a-network = ein Name in einem Netzwerk
node-says-a-telephone-number = eine Telefonnummer
node-says-a-street-address = eine Straßenadresse
node-says-a-postcode = eine Postleitzahl
node-says-where-somebody-lives = wo jemand wohnt
node-says-where-somebody-works-or-learns = wo jemand arbeitet oder lernt

## node/src/relay/grants.rs

node-says-grants-hold-allow-much-relay-account = die geltenden Bewilligungen erlauben schon so viel, wie dieses Relais verbuchen kann
node-says-grant-less-revoke-one = bewillige weniger, oder widerrufe eine: windbreak relay grant list
node-says-there-no-such-grant = diese Bewilligung gibt es nicht
node-says-see-grants-there = sieh nach, welche es gibt: windbreak relay grant list
node-says-relay-failed-grant = das Relais scheiterte an einer Bewilligung
node-says-relay-open-everybody-no-grants = dieses Relais ist für alle offen, also hat es keine Bewilligungen
node-says-set-admission-grant-relay-toml = setze admission = "grant" in relay.toml und starte es neu
node-says-grant-members-mib-weeks = eine Bewilligung ist für 1 bis 512 Mitglieder, je 4 MiB in der Woche oder ein Vielfaches davon, und 1 bis 27 Wochen
node-says-choose-numbers-within-bounds = wähle Zahlen in diesen Grenzen
node-says-relay-cannot-write-room-disk = das Relais kann nicht schreiben: es ist kein Platz, oder der Datenträger versagt
node-says-make-room-then-try-again = schaffe Platz, dann versuch es noch einmal

## node/src/api/extract.rs

node-says-id-path-not-64-digits = eine Kennung im Pfad hat nicht 64 kleine Hexadezimalziffern
node-says-take-whole-id-list = nimm die ganze Kennung aus einer Liste
node-says-path-lacks-ids = dem Pfad fehlen seine Kennungen
node-says-compare-openapi = vergleiche ihn mit /v1/openapi.json
node-says-body-must-json = der Inhalt muss JSON sein und es sagen
node-says-send-header-content-type = sende die Kopfzeile content-type: application/json
node-says-request-longer-than-bytes = die Anfrage ist länger als { $max_body } Bytes
node-says-send-less-once = sende weniger auf einmal
node-says-request-broke-off = die Anfrage brach ab
node-says-send-it-again = sende sie noch einmal
node-says-many-pictures-being-sent = es werden so viele Bilder gesendet, wie Platz ist
node-says-send-again-moment = sende es gleich noch einmal

## node/src/api/server.rs

node-says-nothing-path = unter diesem Pfad gibt es nichts
node-says-see-openapi-there = was es gibt, sagt /v1/openapi.json
node-says-path-does-not-take-method = dieser Pfad nimmt diese Methode nicht an
node-says-see-openapi-takes = was er annimmt, sagt /v1/openapi.json

## node/src/api/route/grant.rs

node-says-grant-one-relay-none-several = eine Bewilligung gilt für ein Relais, und dieser Kreis hätte keines oder mehrere
node-says-name-one-alone-add-others = nenne dieses allein, und nimm die anderen danach dazu: windbreak relay add CIRCLE ADDRESS

## node/src/desk.rs

node-says-device-cannot-use-recovery-phrase = dieses Gerät kann keine Wiederherstellungsphrase benutzen

## node/src/notice

node-says-quiet-hours-two-times = Ruhezeiten sind zwei Uhrzeiten, von 00:00 bis 23:59
node-says-write-them-like-hours = schreib sie so: 22:00-07:30
node-says-quiet-hours-begin-end-one-time = diese Ruhezeiten beginnen und enden zur selben Uhrzeit
node-says-choose-two-times-notices-off = wähle zwei Uhrzeiten, oder schalte die Mitteilungen aus
node-says-machine-knows-no-time-zone = diese Zeitzone kennt dieser Rechner nicht
node-says-name-zone-leave-out = nenne eine wie Europe/Berlin, oder lass sie weg: dann gilt die dieses Rechners
node-says-notices-nothing-none = Mitteilungen für nichts sind keine
node-says-name-notices-for-turn-off = nenne, wofür sie sind, oder schalte sie aus
node-says-one-notice-next-minutes = von einer Mitteilung zur nächsten sind es 1 bis { $max_notice_minutes } Minuten
node-says-words-notice-one-line = die Worte einer Mitteilung sind eine Zeile von höchstens { $max_notice_chars } Zeichen
node-says-make-shorter-say-nothing-others = mach sie kürzer, und sag darin nichts, was andere nicht sehen dürfen
node-says-program-most-arguments-bytes = das Programm hat höchstens { $max_notice_args } Argumente, und mit ihnen { $max_notice_command } Bytes
node-says-put-longer-into-script = schreib in ein Skript, was länger ist, und nenne das
node-says-there-no-such-program = dieses Programm gibt es auf diesem Rechner nicht
node-says-name-whole-path-file-run = nenne es mit seinem ganzen Pfad, als Datei, die ausgeführt werden darf
node-says-desktop-no-program-notices = dieser Desktop hat kein Programm, das Mitteilungen zeigt: weder notify-send noch osascript ist im Suchpfad
node-says-install-one-name-program = installiere eines (auf Debian: libnotify-bin), oder nenne ein eigenes Programm: windbreak notify command -- PROGRAM
node-says-program-notices-not-started = das Programm, das Mitteilungen zeigt, konnte nicht gestartet werden
node-says-program-notices-ended-code = das Programm, das Mitteilungen zeigt, endete mit dem Code { $code }
node-says-program-notices-ended-signal = das Programm, das Mitteilungen zeigt, wurde von einem Signal beendet
node-says-program-notices-too-long = das Programm, das Mitteilungen zeigt, brauchte zu lange und wurde beendet
node-says-try-program-hand-name-another = probiere das Programm von Hand, oder nenne ein anderes: windbreak notify command -- PROGRAM
node-says-another-notice-shown = gerade wird eine andere Mitteilung gezeigt
node-says-wait-seconds-try-again = warte ein paar Sekunden, dann versuch es noch einmal

## node/src/personal

node-says-check-in-number-0-10 = ein Check-in ist eine Zahl von 0 bis 10
node-says-choose-fits-best = wähle die, die am besten passt
node-says-words-check-in-characters = die Worte eines Check-ins haben höchstens { $max_check_in_chars } Zeichen
node-says-device-keeps-check-ins = dieses Gerät bewahrt höchstens { $max_check_ins } Check-ins
node-says-delete-some-not-needed = lösche welche, die du nicht mehr brauchst
node-says-check-in-not-written-down = ein Check-in konnte nicht aufgeschrieben werden
node-says-there-no-such-check-in = dieses Check-in gibt es nicht
node-says-list-check-ins-find-id = liste die Check-ins, um seine Kennung zu finden
node-says-there-no-such-draft = diesen Entwurf gibt es nicht
node-says-list-drafts-find-id = liste die Entwürfe, um seine Kennung zu finden
node-says-device-keeps-drafts = dieses Gerät bewahrt höchstens { $max_drafts } Entwürfe
node-says-send-delete-one-draft = sende oder lösche einen: windbreak draft list
node-says-device-keeps-mib-drafts = dieses Gerät bewahrt höchstens { $mib } MiB an Entwürfen
node-says-draft-not-written-down = ein Entwurf konnte nicht aufgeschrieben werden
node-says-there-no-text-keep = es gibt keinen Text, der aufzuheben wäre
node-says-write-some = schreib einen
node-says-text-most-kib-title-content-note = ein Text hat höchstens { $kib } KiB, ein Titel { $max_title_chars } und ein Inhaltshinweis { $max_content_note_chars } Zeichen
node-says-make-shorter-two = mach ihn kürzer, oder mach zwei daraus
node-says-plan-most-parts = ein Plan hat höchstens { $max_plan_parts } Teile
node-says-plan-make-one-two = mach aus zweien einen, oder entferne einen: windbreak plan
node-says-plan-part-not-written-down = ein Teil des Plans konnte nicht aufgeschrieben werden
node-says-plan-place-number = ein Platz in deinem Plan ist eine Zahl von 1 bis { $count }
node-says-plan-see-parts-numbers = sieh die Teile mit ihren Nummern: windbreak plan
node-says-plan-no-such-part = diesen Teil hat dein Plan nicht
node-says-plan-part-needs-title = ein Teil deines Plans braucht einen Titel
node-says-plan-name-few-words = nenne ihn in wenigen eigenen Worten
node-says-plan-title-characters = der Titel eines Teils hat höchstens { $max_plan_title_chars } Zeichen
node-says-plan-title-shorter = mach ihn kürzer; die Worte des Teils haben mehr Platz
node-says-plan-words-kib = die Worte eines Teils haben höchstens { $kib } KiB
node-says-plan-words-shorter = mach sie kürzer, oder zwei Teile daraus

## what the system says

node-says-entity-not-found = nicht gefunden
node-says-permission-denied = nicht erlaubt
node-says-connection-refused = Verbindung abgelehnt
node-says-connection-reset = Verbindung abgebrochen
node-says-connection-aborted = Verbindung abgebrochen
node-says-not-connected = nicht verbunden
node-says-connection-failed-stream = die Verbindung schlug fehl
node-says-peer-not-agree-protocol-time = die andere Seite einigte sich nicht rechtzeitig auf das Protokoll
node-says-peer-not-speak-protocol = die andere Seite spricht das Protokoll nicht
node-says-peer-not-connected-not-any = die andere Seite ist nicht verbunden oder nicht mehr
node-says-streams-protocol-taken-already = die Ströme dieses Protokolls sind schon vergeben
node-says-host-unreachable = Rechner nicht erreichbar
node-says-network-unreachable = Netz nicht erreichbar
node-says-network-down = kein Netz
node-says-address-in-use = Adresse schon vergeben
node-says-address-not-available = Adresse nicht verfügbar
node-says-broken-pipe = die Gegenseite hat geschlossen
node-says-entity-already-exists = schon vorhanden
node-says-not-a-directory = kein Ordner
node-says-is-a-directory = ein Ordner
node-says-directory-not-empty = der Ordner ist nicht leer
node-says-read-only-filesystem = der Datenträger lässt sich nur lesen
node-says-invalid-input-parameter = ungültige Angabe
node-says-invalid-data = ungültige Daten
node-says-timed-out = zu lange gedauert
node-says-write-zero = nichts wurde geschrieben
node-says-no-storage-space = kein Platz auf dem Datenträger
node-says-quota-exceeded = das erlaubte Maß ist erreicht
node-says-file-too-large = die Datei ist zu groß
node-says-resource-busy = gerade in Benutzung
node-says-operation-interrupted = unterbrochen
node-says-unsupported = nicht möglich auf diesem System
node-says-unexpected-end-of-file = unerwartetes Ende der Datei
node-says-out-of-memory = kein Arbeitsspeicher mehr
node-says-other-error = ein anderer Fehler
node-says-uncategorized-error = ein anderer Fehler
