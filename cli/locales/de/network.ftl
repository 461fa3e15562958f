# Relays, links, network modes, and who can see what.

## network

network-through-tor-onion-services = durch Tor, nur zu Onion-Diensten: niemand erfährt die Adresse dieses Geräts
network-over-relays-alone-whoever = nur über Relais: wer ein Relais betreibt, erfährt die Adresse dieses Geräts, Mitglieder nie
network-over-relays-direct-links = über Relais und direkte Verbindungen: wer ein Relais betreibt und Mitglieder erfahren die Adresse dieses Geräts
network-tors-proxy-does-not = der Proxy von Tor antwortet nicht, also wird nichts gesendet. Starte Tor; etwas anderes wird solange nicht versucht
network-none-relays-onion-address = keines seiner Relais hat eine Onion-Adresse, also wird nichts gesendet. Bitte um ein Relais mit einer, oder wähle eine andere Art: windbreak network set
network-relay-no-more-room = ein Relais hat für das, was hier geschrieben wird, vorerst keinen Platz mehr. Es wartet auf diesem Gerät und wird wieder angeboten; ein weiteres Relais würde helfen
network-relay-full-cannot-write = ein Relais ist voll oder kann nicht schreiben. Was geschrieben wurde, wartet auf diesem Gerät und wird wieder angeboten; sag es der Person, die es betreibt
network-none-relays-answers-written = keines seiner Relais antwortet. Was geschrieben wird, wartet auf diesem Gerät, und sie werden immer wieder versucht. Wenn es so bleibt, hat der Kreis vielleicht inzwischen ein anderes Relais: frag ein Mitglied nach der Adresse und nenne sie mit: windbreak relay use CIRCLE ADDRESS
network-relay-facilitator-named-serves = ein Relais, das eine Begleitperson genannt hat, dient einem anderen deiner Kreise, also wird es nicht angewählt, bis du es sagst: windbreak relay list CIRCLE, dann relay use oder relay avoid
network-relays-onion-addresses-alone = seine Relais haben nur Onion-Adressen, also wird nichts gesendet. Wähle die Art: windbreak network set CIRCLE tor
network-circle-reached = Dieser Kreis wird so erreicht: { $mode }.
network-tor = Tor
network-proxy = sein Proxy unter { $proxy }
network-not-dialled = Nicht gewählt
network-connected = Verbunden
network-relays = { $relays_connected } der Relais
network-directly = Direkt
network-links-typed-alone-meet = nur mit den Verbindungen, die du eingegeben hast; um Mitglieder zu treffen: windbreak network set CIRCLE direct
network-link-unused = Unbenutzt
network-linked = verbunden mit { $linked }
network-over-relays = Über Relais
network-networks-between-let-nobody = { $apart }, zu denen die Netze dazwischen niemanden durchlassen; es wird ab und zu wieder versucht
network-no-relay-brings-members = Kein Relais bringt gerade Mitglieder zusammen, also wird niemand Neues direkt getroffen; alles geht über Relais. Wer es betreibt, kann es erlauben: circuits in relay.toml.
network-devices = { $count ->
    [0] kein Gerät
    [one] { $count } Gerät
   *[other] { $count } Geräte
}
network-circles-make-join-from = Kreise, die du von jetzt an machst oder in die du kommst, werden so erreicht: { $mode }.
network-circles-keep-their-mode = Kreise, die du hast, behalten ihre Art: windbreak network set CIRCLE MODE
network-node-hears-when-starts = Dein Knoten hört davon, wenn er wieder startet: windbreak node stop
network-before-direct = Dieses Gerät träfe dann die Mitglieder, die das auch gewählt haben, an den Relais vorbei. Jedes davon erfährt seine Internetadresse, die ungefähr sagt, wo du bist, und das Relais erfährt, wer von euch sich trifft. Wer in zwei Kreisen ist, in denen du das gewählt hast, kann erkennen, dass beide Male du es bist. Das lässt sich für das, was gesehen wurde, nicht zurücknehmen. Weiter?
network-relay-circle-serves-another = Ein Relais dieses Kreises dient einem anderen deiner Kreise. Ohne Tor könnte, wer es betreibt, an Adresse und Zeit erkennen, dass beide deine sind. Trotzdem benutzen?
network-would-then-go-cannot = Es ginge dann { $mode }. Das lässt sich für das, was gesehen wurde, nicht zurücknehmen. Weiter?
network-tor-absent = unter { $proxy } antwortet kein Proxy von Tor
network-tor-absent-next = starte Tor, oder sag mit --tor-proxy ADDRESS, wo sein SOCKS-Port ist

## link

link-there-no-direct-links = Es gibt keine direkten Verbindungen; dieser Kreis geht über sein Relais.
link-direct-link-up = { $connected ->
    [one] { $connected } direkte Verbindung steht.
   *[other] { $connected } direkte Verbindungen stehen.
}
link-give-one-these-lines = Gib eine dieser Zeilen dem Mitglied, das sich mit dir verbinden soll:
link-told-listen-not-listening = Soll lauschen und lauscht noch nicht, auf:
link-linking = Verbindet sich mit:
link-listen-direct-links = Auf direkte Verbindungen lauschen?
link-warning = Mitglieder, die sich direkt verbinden, sehen gegenseitig ihre Internetadressen, und die sagen ungefähr, wo jemand ist.
link-link-directly = Direkt verbinden?

## relay

relay-relay-running-keeps-sealed = Das Relais läuft. Es bewahrt versiegelte Umschläge und kann keinen lesen. Strg-C hält es an.
relay-address-windbreak-circle-new = Seine Adresse, für `windbreak circle new --relay`:
relay-people-outside-machine-need = Menschen außerhalb dieses Rechners brauchen eine Adresse von ihm, die sie erreichen können, mit demselben Ende ab /tcp.
relay-relay-running = Das Relais läuft.
relay-relay-running-takes-nothing = Das Relais läuft und nimmt nichts Neues: es ist kein Platz, oder der Datenträger ist nicht zu beschreiben.
relay-topics = Themen
relay-envelopes = Umschläge
relay-bytes = { $envelopes }, { $bytes } Bytes
relay-connections = Leitungen
relay-streams = { $connections }, mit { $streams } Strömen
relay-turned-away = Abgewiesen
relay-connections-2 = { $turned_away } Verbindungen
relay-since-start = Seit Start
relay-taken-given-expired = { $taken } genommen, { $given } gegeben, { $expired } abgelaufen
relay-tokens = Marken
relay-drawn-spent = { $tokens_drawn } gezogen, { $tokens_spent } ausgegeben
relay-over-quota = über dem Kontingent
relay-no-room = kein Platz
relay-too-old = zu alt
relay-another-topic = von einem anderen Thema
relay-from-future = aus der Zukunft
relay-while-stopping = beim Aufhören
relay-without-token = ohne Marke
relay-token-not-valid = mit einer ungültigen Marke
relay-beyond-sub-grant = über eine Teilbewilligung hinaus
relay-grant-does-not-hold = durch eine Bewilligung, die nicht gilt
relay-refused = Abgelehnt
relay-folder-is-profile = in { $folder } ist ein Profil; ein Relais braucht einen eigenen Ordner
relay-folder-is-profile-next = nenne einen anderen Ordner mit --profile DIR
relay-cannot-hear-signals = Signale sind nicht zu hören
relay-port-taken = unter dieser Adresse lauscht schon ein anderes Programm
relay-port-taken-next = wähle einen anderen Port mit --listen, oder halte das Programm an
relay-answering-asked-putting-everything = Was gefragt wurde, wird beantwortet, und alles weggeräumt
relay-config-next = berichtige die Datei; windbreak relay init-config schreibt eine, die sich selbst erklärt
relay-settings = Die Einstellungen sind in { $file }.
relay-change-like-relay-reads = Ändere, was du möchtest; das Relais liest es, wenn es startet: windbreak relay run
relay-config-exists = { $path } gibt es schon
relay-config-exists-next = ändere die Datei, oder schaff sie erst beiseite
relay-folder = { $path } ist nicht zu schreiben: { $error }
relay-folder-is-profile-2 = in { $folder } ist ein Profil und kein Relais
relay-folder-is-profile-next-2 = nenne den Ordner des Relais mit --profile DIR; für deinen Knoten: windbreak node status
relay-not-running = für { $folder } läuft kein Relais
relay-not-running-next = starte es mit: windbreak relay run (oder nenne seinen Ordner mit --profile DIR)
relay-folder-in-use = in diesem Ordner läuft ein anderes Relais
relay-folder-in-use-next = sieh es an mit: windbreak relay status, oder nenne einen anderen Ordner mit --profile DIR

## relays

relays-circle-no-relay-members = Dieser Kreis hat kein Relais: Mitglieder treffen sich nur über direkte Verbindungen.
relays-change-waits-device-until = Die Änderung wartet auf diesem Gerät, bis ein Relais oder das Gerät eines Mitglieds sie hat.
relays-relay-asks-serves-another = Ein Relais, das nachfragt, dient einem anderen deiner Kreise. Ohne Tor könnte, wer es betreibt, an Adresse und Zeit erkennen, dass beide deine sind. Solange werden die anderen benutzt.
relays-say-yes-windbreak-relay = Sag ja: windbreak relay use CIRCLE RELAY; oder nein: windbreak relay avoid CIRCLE RELAY
relays-named-circle = vom Kreis genannt
relays-named = soll genannt werden
relays-named-until = genannt bis { $since }
relays-named-before = früher genannt
relays-named-another-branch-circle = von einem anderen Zweig des Kreises genannt
relays-added-device = auf diesem Gerät dazugenommen
relays-connected = verbunden
relays-does-not-answer-now = antwortet gerade nicht
relays-cannot-dialled-mode = in dieser Art nicht anzuwählen
relays-asks = fragt nach
relays-avoided = gemieden
relays-kept-devices-may-know = { $count ->
    [one] behalten für { $count } Gerät, das vielleicht kein anderes kennt
   *[other] behalten für { $count } Geräte, die vielleicht kein anderes kennen
}
relays-no-relay-left-device = Kein Relais ist übrig, das dieses Gerät anwählt: über Relais kommt und geht nichts.
relays-last-relay-members-would = Das ist das letzte Relais: Mitglieder träfen sich nur noch über direkte Verbindungen. Weiter?
relays-none-relays-members-know = Keines der Relais, die Mitglieder kennen, antwortet gerade. Bis eines antwortet, hören sie von dem neuen nur durch dich: gib ihnen seine Adresse für windbreak relay use CIRCLE ADDRESS. Einladungen, die du weitergegeben hast, nennen die alten: mach neue.
relays-ambiguous-relay = mehr als ein Relais dieses Kreises passt
relays-ambiguous-relay-next = schreib mehr von seiner Adresse, wie `windbreak relay list` sie zeigt
relays-unknown-relay = kein Relais dieses Kreises passt
relays-unknown-relay-next = seine Relais zeigt: windbreak relay list CIRCLE

## grant

grant-grant-pass-one-facilitator = Die Bewilligung, an eine Begleitperson weiterzugeben auf einem Weg, den sonst niemand liest:
grant-until = Bis
grant-not-shown-again-whoever = Sie wird nicht noch einmal gezeigt. Wer sie hat, kann auf dein Relais legen, was sie erlaubt.
grant-no-grant-holds-so = Keine Bewilligung gilt, also kann nichts auf dieses Relais gelegt werden.
grant-issue-one-windbreak-relay = Stell eine aus: windbreak relay grant issue
grant-members-mib-week-each = { $id }  { $members } Mitglieder, je { $member_mib_per_week } MiB in der Woche, bis { $until } · { $mib_drawn } MiB diese Woche gezogen · { $members_revoked } Mitglieder widerrufen
grant-circle-grant-can-put = der Kreis mit dieser Bewilligung kann hier nichts mehr ablegen, sobald seine Marken verbraucht sind. Widerrufen?

## explain

explain-can-see-device-set = Wer was sehen kann, so wie dieses Gerät jetzt eingestellt ist.
explain-no-circle-yet-so = Du bist noch in keinem Kreis, also gibt es für niemanden sonst etwas zu sehen.
explain-one-relay-serves-circles = Ein Relais dient { $circles } deiner Kreise: wer es betreibt, kann an Adresse und Zeit erkennen, dass sie zu einem Gerät gehören. ({ $address })
explain-not-promised = Was nicht versprochen wird
explain-alone = du allein
explain-members-read-them-hold = { $facilitators ->
    [1] { $members } Mitglieder lesen ihn; eines davon hält ihn
   *[other] { $members } Mitglieder lesen ihn; { $facilitators } davon halten ihn
}
explain-people = Menschen
explain-leaving = gehst gerade
explain-left = bist gegangen
explain-removed = wurdest entfernt
explain-took-device-out-from = hast dieses Gerät von einem anderen aus herausgenommen
explain-here-from-copy-device = bist jetzt von einer Kopie dieses Geräts aus hier
explain-x25519-recorded-today-could = X25519: was heute aufgezeichnet wird, könnte ein großer Quantenrechner eines Tages öffnen
explain-travels = Reist
explain-over-relays-alone-members = nur über Relais: Mitglieder erfahren nie die Adressen der anderen
explain-over-relays-direct-links = über Relais und direkte Verbindungen: wer mit diesem Gerät verbunden ist, sieht seine Adresse
explain-nowhere-yet-there-no = noch nirgendwohin: es gibt kein Relais und keine Verbindung, die seine Art erlaubt
explain-facilitators-would-report-others = Was seine Begleitpersonen anderen melden müssten:
explain-facilitators-not-said-whether = Seine Begleitpersonen haben nicht gesagt, ob sie eine Meldepflicht haben.
explain-sees = sieht:
explain-does-not-see = sieht nicht:
