# Profile, node, devices, backup, store, locks.

## init

init-profile-made = Dein Profil ist da, in { $profile }.
init-keep-passphrase-well-nobody = Bewahre die Passphrase gut: ohne sie kann niemand das Profil öffnen, und nur wer sie kennt, kann eine andere setzen.
init-circles-go-tor-answers = Deine Kreise gehen { $network }. (Tor antwortet unter { $proxy }.)
init-circles-go = Deine Kreise gehen { $network }.
init-tor-not-found-machine = Tor wurde auf diesem Rechner nicht gefunden. Damit erführe niemand deine Adresse: installiere es, dann windbreak network default tor
init-next-windbreak-circle-new = Weiter: windbreak circle new TITLE --name NAME --relay ADDRESS, oder windbreak join CODE
init-profile-exists = in { $folder } ist schon ein Profil
init-profile-exists-next = nimm es, oder nenne einen anderen Ordner mit --profile DIR
init-making-profile = Dein Profil entsteht

## node

node-node-not-running = Dein Knoten läuft nicht.
node-start-windbreak-node-start = Starte ihn mit: windbreak node start
node-node-running = Dein Knoten läuft.
node-node-running-cannot-write = Dein Knoten läuft und kann nicht schreiben: er nimmt nichts Neues an.
node-trouble = Störung: { $message }
node-next = Weiter: { $next }
node-profile = Profil
node-started = Gestartet
node-circles = Kreise
node-store = Speicher
node-most-mib-memory = höchstens { $cache } MiB Arbeitsspeicher; { $disk } MiB auf der Platte für alle Speicher im Ordner
node-without-limit = ohne Grenze
node-mib = von { $quota } MiB
node-takes-mib = „{ $title }“ nimmt { $bytes } MiB, { $room }
node-room = Platz
node-joining = Dazukommen
node-not-over-windbreak-join = { $joins } nicht abgeschlossen: windbreak join
node-nothing = nichts
node-kept-until-relay-members = { $count }, bewahrt, bis ein Relais oder das Gerät eines Mitglieds sie nimmt
node-circle = Kreis { $id }
node-joining-2 = Dazukommen
node-relay-connected = sein Relais ist verbunden
node-relay-not-connected = sein Relais ist nicht verbunden
node-relays-connected = { $relays_connected } von { $relays } Relais verbunden
node-no-relay-no-direct = kein Relais, und keine direkte Verbindung steht
node-direct-links = { $links ->
    [one] { $links } direkte Verbindung
   *[other] { $links } direkte Verbindungen
}
node-through-tor = durch Tor
node-over-relays = über Relais
node-over-relays-links = über Relais und direkt
node-network = Netz
node-trouble-2 = Störung
node-node-stopped-waits-sent = Dein Knoten hat aufgehört. Was noch zu senden ist, bleibt bewahrt.
node-node-not-running-2 = Dein Knoten lief nicht.
node-waiting-until-node-put = Warten, bis dein Knoten alles weggeräumt hat
node-does-not-stop = der Knoten wurde gebeten aufzuhören und hat es nicht getan
node-does-not-stop-next = warte ein wenig und sieh wieder nach: windbreak node status
node-notices = Mitteilungen
node-notice-not-shown = nicht gezeigt: { $message }
node-no-other-device-here = gerade ist kein anderes Gerät hier
node-on-local-network = im lokalen Netz
node-catching-up = Nachholen
node-catching-up-of = { $here } von ungefähr { $about }
node-asking-others = die Geräte der anderen werden gefragt, was hier fehlt

## node-run

node-run-node-running-press-ctrl = Dein Knoten läuft. Strg-C hält ihn an.
node-run-other-commands-go-another = Andere Befehle gehen in einem anderen Terminal: windbreak circle list
node-run-node-runs-already = für dieses Profil läuft schon ein Knoten
node-run-node-runs-already-next = nimm den, oder halte ihn erst an: windbreak node stop
node-run-opening-profile = Dein Profil wird geöffnet
node-run-correct-log-profiles-config = berichtige [log] in der config.toml des Profils

## device

device-device = dieses Gerät
device-written-nothing-known-here = hat nichts geschrieben, das hier bekannt ist
device-last-wrote = schrieb zuletzt { $time }
device-new-device-asks-come = Ein neues Gerät möchte herein. Es zeigt { $number }.
device-yours-then-windbreak-device = Ist es deines? Dann: windbreak device confirm CIRCLE NUMBER
device-one-more-device-yours = Für ein weiteres Gerät von dir, { $expires }. Gib dort ein: windbreak device join -
device-keep-yourself-whoever-came = Behalte dies für dich: wer damit hereinkäme, läse und schriebe als du.
device-new-device-said-from = Dein neues Gerät ist drin. Es hat, was von jetzt an gesagt wird.
device-new-device-let-soon = Dein neues Gerät wird hereingelassen, sobald es zu hören ist; es geht im Hintergrund weiter.
device-device-taken-out-reads = Das Gerät ist herausgenommen und liest nichts, was von jetzt an gesagt wird.
device-read-stays-open-invites = Was es gelesen hat, bleibt auf ihm, und offene Einladungen ohne Vorraum sind geschlossen.
device-device-said-from-now = Dieses Gerät ist drin. Es hat, was von jetzt an gesagt wird.
device-device-shows = Dieses Gerät zeigt: { $number }
device-confirm-other-one-goes = Bestätige es auf dem anderen; es geht im Hintergrund weiter.
device-circle-waits-yes-add = Der Kreis wartet auf dein Ja: setz --yes dazu.
device-nothing-heard-from-circle = Vom Kreis war noch nichts zu hören.
device-other-device-said-yes = Dein anderes Gerät hat ja gesagt; dieses wird gerade hereingelassen.
device-take-device-yours-out = Dieses Gerät von dir aus „{ $title }“ herausnehmen?
device-ambiguous = mehr als eines deiner Geräte beginnt so
device-ambiguous-next = gib mehr von seiner Kennung ein: windbreak device list CIRCLE
device-unknown-device = ein solches Gerät hast du in diesem Kreis nicht
device-unknown-device-next = liste deine Geräte: windbreak device list CIRCLE
device-waiting-other-device = Warten auf das andere Gerät
device-look-again-windbreak-device = Sieh wieder nach mit: windbreak device list CIRCLE
device-does-other-device-show = Zeigt dein anderes Gerät { $number }?
device-invite-person = das ist eine Einladung für eine Person
device-use-windbreak-join-code = benutze sie mit: windbreak join CODE
device-device-code-made-newer = der Gerätecode wurde von einer neueren Fassung von windbreak gemacht
device-update-windbreak-use = aktualisiere windbreak, um ihn zu benutzen
device-no-device-code-one = das ist kein Gerätecode: einer beginnt mit „windbreak-device:“
device-make-one-other-device = mach einen auf deinem anderen Gerät: windbreak device add CIRCLE
device-device-code-damaged-part = der Gerätecode ist beschädigt: ein Teil fehlt oder wurde verändert
device-copy-whole-line-again = kopiere die ganze Zeile noch einmal
device-come-into-here-too = Auch hier in „{ $title }“ kommen, als { $name }?
device-device-shows-confirm-other = Dieses Gerät zeigt { $number }. Bestätige es auf dem anderen.

## backup

backup-backup-made = Deine Sicherung ist da, in { $path }.
backup-check-where-keep-windbreak = Prüfe sie dort, wo du sie aufbewahrst: windbreak backup check FILE
backup-said-from-now-not = Was von jetzt an gesagt wird, ist nicht darin, und ein Profil daraus kommt als neues Gerät in seine Kreise zurück.
backup-profile-made-from-backup = Dein Profil ist aus der Sicherung gemacht, in { $profile }.
backup-comes-back-into-circles = Es kommt von selbst als neues Gerät in seine Kreise zurück, sobald ein anderes Mitglied erreichbar ist.
backup-do-not-use-beside = Benutze es nicht neben dem Profil, von dem die Sicherung gemacht wurde.
backup-new-circles-go = Neue Kreise gehen { $network }.
backup-no-settings = In der Sicherung sind keine Einstellungen, die dieses Programm kennt: das Profil hat die eines neuen. Ob es sich selbst sperrt, vor windbreak panic fragt, Relais nennt und Kreisen mehr Platz gibt, steht in config.toml in seinem Ordner.
backup-backup-sound = Die Sicherung ist heil.
backup-made = Gemacht
backup-records = Sätze
backup-reading-backup = Die Sicherung wird gelesen
backup-backup-passphrase = Passphrase der Sicherung
backup-backup = für die Sicherung
backup-writing-backup = Die Sicherung wird geschrieben
backup-identity-file = Datei mit der Identität
backup-passphrase-backup-nothing-shown = Passphrase der Sicherung (nichts wird angezeigt):{" "}
backup-not-text = Pfad und Passphrase einer Sicherung müssen Text in UTF-8 sein
backup-not-text-next = wähle andere
backup-cannot-make-backup = die Sicherung kann nicht gemacht werden
backup-check-path-folder-then = prüfe den Pfad und seinen Ordner, dann versuch es noch einmal

## store

store-store-sound = Der Speicher ist heil.
store-store-damaged = Der Speicher ist beschädigt.
store-damaged = Beschädigt
store-missing = Fehlend
store-keep-copy-folder-take = Bewahre eine Kopie des Ordners auf und nimm deine letzte Sicherung zurück: windbreak restore FILE --profile NEW-FOLDER
store-disk = Auf Platte
store-stores-take-now-they = Die Speicher nehmen jetzt { $after }; vorher waren es { $before }.
store-mib = { $size } MiB
store-there-no-other-profile = Ist kein anderes Profil in diesem Ordner? Wenn doch, geht es verloren.
store-reading-store = Der Speicher wird gelesen
store-writing-store-anew = Der Speicher wird neu geschrieben

## guard

guard-locked-nothing-profile-memory = Gesperrt. Nichts von deinem Profil ist im Arbeitsspeicher, und nichts kommt an, bis du es entsperrst.
guard-open-again-windbreak-unlock = Öffne es wieder mit: windbreak unlock
guard-done-keys-here-overwritten = Erledigt. Die Schlüssel, die hier waren, sind überschrieben, und die Dateien sind weg.
guard-destroy-everything-profiles-folder = Alles im Ordner dieses Profils vernichten, für immer?
guard-panic-incomplete = nicht alles ließ sich entfernen: { $error }
guard-panic-incomplete-next = die Schlüssel, die erreichbar waren, sind vernichtet; entferne den Ordner von Hand
guard-still-held = ein Prozess hat noch im Speicher, was dein Profil öffnet
guard-still-held-next = beende ihn von Hand: kill -9 { $pid }; bleibt er, schalte dieses Gerät aus
guard-still-held-next-unknown = beende von Hand, was windbreak heißt; bleibt es, schalte dieses Gerät aus
guard-done-from-now-new = Erledigt. Von jetzt an öffnet die neue Passphrase dein Profil, und nur sie.
guard-whoever-copied-folder-before = Wer den Ordner früher kopiert hat, kann diese Kopie mit der alten öffnen.
guard-new-passphrase = neue Passphrase
guard-place = an ihrer Stelle
guard-changing-passphrase = Die Passphrase wird geändert
guard-file-recovery-phrase = Datei mit der Wiederherstellungsphrase
guard-phrase-needed = dafür wird deine Wiederherstellungsphrase gebraucht
guard-phrase-needed-next = gib sie mit --phrase-file FILE
guard-recovery-phrase = Wiederherstellungsphrase
guard-recovery-phrase-nothing-shown = Deine Wiederherstellungsphrase (nichts wird angezeigt):{" "}
guard-recovery-phrase-shown-once = Deine Wiederherstellungsphrase. Sie wird dieses eine Mal gezeigt und nirgends aufbewahrt; schreib sie auf Papier:
guard-need-add-device-yours = Du brauchst sie, um ein Gerät von dir in einen Kreis zu holen. Sie öffnet das Profil nicht; das tut die Passphrase.

## hidden

hidden-other-profile-made-passphrase = Das andere Profil ist da. Seine Passphrase öffnet es, wo immer nach einer gefragt wird.
hidden-use-now-then-made = Benutze es ab und zu: was dafür gemacht wurde, endet heute.
hidden-one-others-circle-profile = Eine der anderen Personen in seinem Kreis hat ein Profil in { $folder }.
hidden-now-then-say-something = Sag dort ab und zu etwas: windbreak share CIRCLE --profile { $folder }
hidden-keep-folder-elsewhere-beside = Bewahre diesen Ordner anderswo auf: neben diesem würde er es verraten.
hidden-companion = Und für das Gegenüber:
hidden-profile-folder-whose-passphrase = Ein Profil in diesem Ordner, dessen Passphrase du nicht genannt hast, kann verloren gehen. Weiter?
hidden-passphrase-new-profile = Passphrase des neuen Profils
hidden-other-profile = für das andere Profil
hidden-companions-passphrase = Passphrase des Gegenübers
hidden-companion-2 = für das Gegenüber
hidden-making-other-profile = Das andere Profil entsteht
hidden-needs-relay = der erfundene Kreis braucht ein Relais, über das man dort gesprochen haben kann, und dieses Profil nennt keines
hidden-needs-relay-next = nenne eines unter relays in der config.toml des Profils, dann versuch es noch einmal
hidden-cannot-use-companions-folder = der Ordner des Gegenübers ist nicht zu benutzen
hidden-companion-inside = der Ordner des Gegenübers läge im Ordner dieses Profils und würde es verraten
hidden-companion-inside-next = nenne einen Ordner anderswo, am besten auf einem anderen Datenträger
hidden-companion-left = das andere Profil wurde nicht gemacht, und sein Gegenüber ließ sich nicht entfernen: { $error }
hidden-companion-left-next = entferne den Ordner des Gegenübers von Hand: er würde verraten, was entstehen sollte

## bench

bench-machine-slow-will-do = Dieser Rechner ist langsam dafür, und es wird gehen: bis bewahrt ist, was du sagst, kann es einen Augenblick dauern.
bench-machine-well-able-carry = Dieser Rechner kann deine Kreise gut tragen.
bench-opening = Öffnen
bench-open-profile = { $open_seconds }, bis dein Profil offen ist
bench-sharing = Teilen
bench-shares-second = etwa { $shares_per_second } Beiträge in der Sekunde, einen nach dem anderen
bench-catching-up = Nachholen
bench-after-month-away-from = { $month_away_seconds } nach einem Monat fern von einem lebhaften Kreis
bench-relay = Als Relais
bench-envelopes-second-most-would = etwa { $relay_per_second } Umschläge in der Sekunde; das und sein Speicher würden für { $relay_people } Menschen in je drei Kreisen reichen, wenn es auch sein Netz tut
bench-relay-limit = Ein Relais nimmt { $connections } Verbindungen an, eine für jeden Kreis jedes Mitglieds, wenn relay.toml nicht mehr erlaubt.
bench-disk = Datenträger
bench-ms-one-hundred-waits = { $slowest_sync_ms } ms bei einem von hundert Malen, die auf ihn warten
bench-these-processor-disk-can = Das ist geschätzt nach dem, was Prozessor, Datenträger und Speicher können. Wie weit ein Relais weg ist und wie beschäftigt dieser Rechner sonst ist, kommt dazu; lass es noch einmal laufen, wenn er ruhig ist.
bench-million = { $count } Millionen
bench-moment = ein Augenblick
bench-trying-machine-can-do = Es wird versucht, was dieser Rechner kann, weniger als eine Minute lang
bench-file-next = nenne einen Ordner, neben dem du schreiben darfst, mit --profile DIR
bench-bench = ein Beitrag ließ sich nicht versiegeln
bench-next = melde es

## notify

notify-told-nothing = Dir wird nichts mitgeteilt.
notify-turn-on = Schalte es ein mit: windbreak notify on
notify-told-something-new = Dir wird mitgeteilt, dass es etwas Neues gibt, und nichts davon, was es ist.
notify-says = Sagt
notify-shown = Gezeigt
notify-by-desktop = vom Desktop
notify-by-command = von { $command }
notify-for = Für
notify-something-new-read = etwas Neues zu lesen
notify-somebody-asks-let-in = jemanden, der hereingelassen werden möchte
notify-new-device-asks = ein neues Gerät von dir, das fragt
notify-report-waits = eine Meldung, die auf dich wartet
notify-at-most = Höchstens
notify-one-in-minutes = { $count ->
    [one] eine je Minute
   *[other] eine in { $count } Minuten
}
notify-quiet = Ruhe
notify-never = nie
notify-hours = { $from } bis { $to }
notify-hours-in-zone = { $from } bis { $to } in { $zone }
notify-quiet-now = { $hours }, also jetzt
notify-not-for = Nicht für
notify-last-not-shown = Die letzte wurde nicht gezeigt: { $message }
notify-showing = Eine Mitteilung wird gezeigt
notify-was-shown = Eine Mitteilung wurde gezeigt. Wenn du nichts gesehen hast, sieh in den Einstellungen deines Desktops nach.
notify-told-circle = Von diesem Kreis wird dir etwas mitgeteilt, solange Mitteilungen an sind.
notify-told-nothing-circle = Von diesem Kreis wird dir nichts mitgeteilt.
notify-bad-time = Ruhezeiten sind zwei Uhrzeiten, von 00:00 bis 23:59
notify-bad-time-next = schreib sie so: windbreak notify quiet 22:00-07:30
notify-no-program = dieses Programm gibt es auf diesem Rechner nicht
notify-no-program-next = nenne es mit seinem ganzen Pfad, als Datei, die ausgeführt werden darf
