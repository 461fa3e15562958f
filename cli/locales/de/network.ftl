# Relays, links, network modes, and who can see what.

## network

network-through-tor-onion-services = durch Tor, nur zu Onion-Diensten: niemand erfährt die Adresse dieses Geräts
network-over-relays-alone-whoever = nur über Relais: wer ein Relais betreibt, erfährt die Adresse dieses Geräts, Mitglieder nie
network-over-relays-direct-links = über Relais und direkte Verbindungen: wer ein Relais betreibt und Mitglieder erfahren die Adresse dieses Geräts
network-tors-proxy-does-not = der Proxy von Tor antwortet nicht, also wird nichts gesendet. Starte Tor; etwas anderes wird solange nicht versucht
network-none-relays-onion-address = keines seiner Relais hat eine Onion-Adresse, also wird nichts gesendet. Bitte um ein Relais mit einer, oder wähle eine andere Art: windbreak network set
network-relay-no-more-room = ein Relais hat für das, was hier geschrieben wird, vorerst keinen Platz mehr. Es wartet auf diesem Gerät und wird wieder angeboten; ein weiteres Relais würde helfen
network-relay-full-cannot-write = ein Relais ist voll oder kann nicht schreiben. Was geschrieben wurde, wartet auf diesem Gerät und wird wieder angeboten; sag es der Person, die es betreibt
network-relay-places-taken = alle Plätze eines Relais sind belegt. Was geschrieben wurde, wartet auf diesem Gerät, und es wird immer wieder versucht. Wenn es so bleibt, sag es der Person, die es betreibt, oder nenne ein anderes Relais mit: windbreak relay use CIRCLE ADDRESS
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
network-within-local-network = nur im lokalen Netz: wer dort ist, sieht, dass auf diesem Gerät Windbreak läuft, und Mitglieder sehen, welches es ist
network-relay-grant-no-part = ein Relais nimmt nur von Kreisen an, denen eine Bewilligung gab, wer es betreibt, und dieses Gerät hat keinen Teil von einer. Was geschrieben wurde, wartet auf diesem Gerät und wird wieder angeboten. Eine Begleitperson bittet dort um eine Bewilligung und gibt sie dem Kreis: windbreak relay add CIRCLE ADDRESS --grant -
network-tokens-about-drawn = Marken für ein Relais, das mit Bewilligung annimmt, werden gleich gezogen. Was geschrieben wurde, wartet solange auf diesem Gerät; es ist nichts zu tun
network-tokens-rest = die Marken für ein Relais, das mit Bewilligung annimmt, ruhen eine Stunde oder zwei, damit es nicht erkennen kann, wer sie gezogen hat. Was geschrieben wurde, wartet solange auf diesem Gerät; siehe windbreak relay list
network-device-used-week = dieses Gerät hat verbraucht, was es in dieser Woche auf ein Relais legen darf. Was geschrieben wurde, wartet auf diesem Gerät auf die nächste, die am Donnerstag um Mitternacht UTC beginnt; ein weiteres Relais würde helfen
network-grant-over-revoked = ein Relais sagt, dass die Bewilligung des Kreises abgelaufen ist oder widerrufen wurde. Was geschrieben wurde, wartet auf diesem Gerät. Eine Begleitperson bittet, wer es betreibt, um eine neue und gibt sie dem Kreis: windbreak relay add CIRCLE ADDRESS --grant -
network-relays-clock-another-week = nach der Uhr eines Relais ist eine andere Woche als nach der dieses Geräts, also gibt es keine Marken. Sieh nach, ob die Uhr dieses Geräts stimmt, und sag es der Person, die das Relais betreibt
network-relay-showed-other-keys = ein Relais zeigte andere Schlüssel, als seine Bewilligung nennt, an denen es Mitglieder auseinanderhalten könnte. Nichts von dem, was es gab, wird benutzt. Frag, wer es betreibt, oder nenne ein anderes Relais: windbreak relay replace CIRCLE RELAY ADDRESS
network-no-local-network = dieses Gerät ist gerade in keinem lokalen Netz. Was geschrieben wird, wartet hier; geh in das Netz, in dem die anderen sind, oder wähle eine andere Art: windbreak network set
network-local-network-deaf = ein anderes Programm auf diesem Gerät behält den UDP-Port 5353 für sich, über den andere im lokalen Netz gefunden werden. Was geschrieben wird, erreicht nur, wer schon verbunden ist; beende dieses Programm oder wähle eine andere Art: windbreak network set
network-here = Hier

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
relay-takes-by-grant = Es nimmt mit Bewilligung an: nur Kreise, denen du eine gibst, legen hier etwas ab.
relay-open-everybody = Es ist offen: alle, die seine Adresse kennen, können hier Umschläge ablegen, in seinen Grenzen.
relay-admission = Zulassung
relay-another-week = für eine andere Woche als die dieses Relais

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
grant-whoever-gives-circle = Wer sie bekommt, gibt sie dem Kreis: windbreak relay add CIRCLE ADDRESS --grant -

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
explain-within-local-network = nur im lokalen Netz: wer dort ist, sieht, dass auf diesem Gerät Windbreak läuft

## lan

lan-before = Dieses Gerät fände dann andere Mitglieder in dem lokalen Netz, in dem es ist, ohne Relais und ohne Internet. Alle in diesem Netz können sehen, dass auf diesem Gerät Windbreak läuft, und wann, und mit welchen Geräten dort es etwas austauscht. Mitglieder sehen, welches Gerät dort deines ist, und wer in zwei Kreisen ist, in denen du das gewählt hast, kann erkennen, dass beide Male du es bist. Was du schreibst, wartet hier, bis das Gerät eines Mitglieds im selben Netz ist. Weiter?
lan-made-stays = Er bleibt im lokalen Netz: andere erreichen ihn, solange sie im selben sind, und auch eine Einladung gilt dort.
lan-one-circle-time = die Art lan wird für jeden Kreis einzeln gewählt
lan-one-circle-time-next = windbreak circle new … --network lan, oder windbreak join … --network lan, oder windbreak network set CIRCLE lan
lan-linked = { $count ->
    [0] gerade ist kein Gerät eines anderen Mitglieds hier; es wird die ganze Zeit danach gesucht
    [one] verbunden mit { $count } Gerät
   *[other] verbunden mit { $count } Geräten
}

## grant-text

grant-text-secret-argument = eine Bewilligung ist ein Geheimnis, und andere auf diesem Rechner können Argumente sehen
grant-text-secret-argument-next = schreib sie in eine Datei, oder gib sie über die Standardeingabe: --grant -
grant-text-cannot-read = nicht zu lesen ist die Bewilligung in
grant-text-until = Bewilligung bis { $until } · { $tokens } für ungefähr { $mib } MiB
grant-text-tokens = { $count ->
    [0] keine Marken
    [one] { $count } Marke
   *[other] { $count } Marken
}
grant-text-tokens-rest = { $count ->
    [one] { $count } Marke ruht bis { $from }, damit das Relais nicht erkennen kann, wer sie gezogen hat
   *[other] { $count } Marken ruhen bis { $from }, damit das Relais nicht erkennen kann, wer sie gezogen hat
}
grant-text-part-invite-now = vorerst wird der Teil der Einladung benutzt; dein eigener kommt von dem Gerät der Begleitperson, das die Bewilligung hat, wenn es an ist
grant-text-did-not-answer = keine Marken wurden gezogen: das Relais antwortete nicht; es wird wieder versucht
grant-text-used-up = dieses Gerät hat alles gezogen, was es diese Woche darf
grant-text-over-revoked = das Relais sagt, dass die Bewilligung abgelaufen ist oder widerrufen wurde: eine Begleitperson bittet, wer es betreibt, um eine neue
grant-text-another-week = es gibt keine Marken: nach der Uhr des Relais ist eine andere Woche. Sieh nach, ob die dieses Geräts stimmt, und sag es der Person, die das Relais betreibt
grant-text-other-keys = das Relais zeigte andere Schlüssel, als seine Bewilligung nennt, an denen es Mitglieder auseinanderhalten könnte. Nichts von dem, was es gab, wird benutzt: frag, wer es betreibt, oder wähle ein anderes Relais
grant-text-full-stops = keine Marken wurden gezogen: das Relais ist voll oder hört gerade auf; es wird wieder versucht
grant-text-takes-everybody = das Relais nimmt jetzt von allen an, sodass keine Marken gebraucht werden
grant-text-not-kept = keine Marken wurden gezogen: dieses Gerät konnte sie nicht bewahren
grant-text-gave-circle = dieses Gerät gab sie dem Kreis: { $free } von { $parts } Teilen übrig
grant-text-no-part-left = für { $without } der Geräte ist kein Teil übrig: bitte, wer das Relais betreibt, um eine Bewilligung für mehr Mitglieder
grant-text-to-revoke = { $to_revoke ->
    [one] das Relais hat noch nicht gehört, dass { $to_revoke } Teil von jemandem, der gegangen ist, widerrufen ist
   *[other] das Relais hat noch nicht gehört, dass { $to_revoke } Teile derer, die gegangen sind, widerrufen sind
}
