# Relays, links, network modes, and who can see what.

## network

network-through-tor-onion-services = por Tor y solo a servicios onion: nadie conoce la dirección de este dispositivo
network-over-relays-alone-whoever = solo por relés: quien lleva un relé conoce la dirección de este dispositivo, las personas del círculo nunca
network-over-relays-direct-links = por relés y enlaces directos: quien lleva un relé y las personas del círculo conocen la dirección de este dispositivo
network-tors-proxy-does-not = el proxy de Tor no responde, así que no se envía nada. Inicia Tor; mientras tanto no se intenta otra cosa
network-none-relays-onion-address = ninguno de sus relés tiene dirección onion, así que no se envía nada. Pide un relé que la tenga, o elige otro modo: windbreak network set
network-relay-no-more-room = un relé ya no tiene sitio, por ahora, para lo que se escribe aquí. Espera en este dispositivo y se vuelve a ofrecer; otro relé ayudaría
network-relay-full-cannot-write = un relé está lleno, o no puede escribir. Lo escrito espera en este dispositivo y se vuelve a ofrecer; dilo a quien lo lleva
network-relay-places-taken = todas las plazas de un relé están ocupadas. Lo escrito espera en este dispositivo, y se intenta una y otra vez. Si sigue así, dilo a quien lo lleva, o da otro relé con: windbreak relay use CIRCLE ADDRESS
network-none-relays-answers-written = ninguno de sus relés responde. Lo escrito espera en este dispositivo, y se intenta una y otra vez. Si sigue así, puede que el círculo ya tenga otro relé: pide su dirección a alguien del círculo y dala con: windbreak relay use CIRCLE ADDRESS
network-relay-facilitator-named-serves = un relé que nombró una persona facilitadora sirve a otro de tus círculos, así que no se llama hasta que lo digas: windbreak relay list CIRCLE, y luego relay use o relay avoid
network-relays-onion-addresses-alone = sus relés solo tienen direcciones onion, así que no se envía nada. Elige el modo: windbreak network set CIRCLE tor
network-circle-reached = A este círculo se llega así: { $mode }.
network-tor = Tor
network-proxy = su proxy en { $proxy }
network-not-dialled = Sin llamar
network-connected = Conectado
network-relays = { $relays_connected } de los relés
network-directly = Directo
network-links-typed-alone-meet = solo con los enlaces que escribiste; para encontrarte con las personas del círculo: windbreak network set CIRCLE direct
network-link-unused = Sin usar
network-linked = enlazado con { $linked }
network-over-relays = Por relés
network-networks-between-let-nobody = { $apart } a los que las redes de por medio no dejan pasar a nadie; se vuelve a intentar de vez en cuando
network-no-relay-brings-members = Ahora ningún relé reúne a las personas del círculo, así que no se encuentra directamente a nadie nuevo; todo va por relés. Quien lo lleva puede permitirlo: circuits en relay.toml.
network-devices = { $count ->
    [0] ningún dispositivo
    [one] { $count } dispositivo
   *[other] { $count } dispositivos
}
network-circles-make-join-from = A los círculos que crees o en los que entres desde ahora se llega así: { $mode }.
network-circles-keep-their-mode = Los círculos que tienes conservan su modo: windbreak network set CIRCLE MODE
network-node-hears-when-starts = Tu nodo se entera cuando vuelva a iniciarse: windbreak node stop
network-before-direct = Este dispositivo se encontraría entonces con quienes también lo eligieron, sin pasar por los relés. Cada una de esas personas conoce su dirección de internet, que dice más o menos dónde estás, y el relé sabe quiénes de vosotros se encuentran. Quien esté en dos círculos donde lo elegiste puede saber que en los dos eres tú. Eso no se puede deshacer para lo que ya se vio. ¿Seguir?
network-relay-circle-serves-another = Un relé de este círculo sirve a otro de tus círculos. Sin Tor, quien lo lleva podría saber por dirección y hora que los dos son tuyos. ¿Usarlo de todos modos?
network-would-then-go-cannot = Iría entonces { $mode }. Eso no se puede deshacer para lo que ya se vio. ¿Seguir?
network-tor-absent = ningún proxy de Tor responde en { $proxy }
network-tor-absent-next = inicia Tor, o di dónde está su puerto SOCKS con --tor-proxy ADDRESS
network-within-local-network = solo dentro de la red local: quien está en ella ve que en este dispositivo está en marcha Windbreak, y las personas del círculo ven cuál es
network-relay-grant-no-part = un relé solo acepta de círculos a los que quien lo lleva dio una concesión, y este dispositivo no tiene parte de ninguna. Lo escrito espera en este dispositivo y se vuelve a ofrecer. Una persona facilitadora pide una concesión a quien lo lleva y se la da al círculo: windbreak relay add CIRCLE ADDRESS --grant -
network-tokens-about-drawn = se van a sacar fichas para un relé que acepta por concesión. Lo escrito espera hasta entonces en este dispositivo; no hay nada que hacer
network-tokens-rest = las fichas para un relé que acepta por concesión reposan una hora o dos, para que no pueda saber quién las sacó. Lo escrito espera hasta entonces en este dispositivo; mira windbreak relay list
network-device-used-week = este dispositivo ha gastado lo que puede poner en un relé esta semana. Lo escrito espera en este dispositivo a la siguiente, que empieza el jueves a medianoche UTC; otro relé ayudaría
network-grant-over-revoked = un relé dice que la concesión del círculo ha terminado o fue revocada. Lo escrito espera en este dispositivo. Una persona facilitadora pide otra a quien lo lleva y se la da al círculo: windbreak relay add CIRCLE ADDRESS --grant -
network-relays-clock-another-week = según el reloj de un relé es otra semana que según el de este dispositivo, así que no da fichas. Mira si el reloj de este dispositivo va bien, y dilo a quien lleva el relé
network-relay-showed-other-keys = un relé mostró otras claves que las que nombra su concesión, con las que podría distinguir a las personas. No se usa nada de lo que dio. Pregunta a quien lo lleva, o nombra otro relé: windbreak relay replace CIRCLE RELAY ADDRESS
network-no-local-network = este dispositivo no está ahora en ninguna red local. Lo que se escriba espera aquí; entra en la red donde están los demás, o elige otro modo: windbreak network set
network-local-network-deaf = otro programa de este dispositivo se reserva el puerto UDP 5353, por el que se encuentra a los demás en la red local. Lo que se escriba llega solo a quien ya está enlazado; cierra ese programa o elige otro modo: windbreak network set
network-here = Aquí

## link

link-there-no-direct-links = No hay enlaces directos; este círculo va por su relé.
link-direct-link-up = { $connected ->
    [one] { $connected } enlace directo activo.
   *[other] { $connected } enlaces directos activos.
}
link-give-one-these-lines = Da una de estas líneas a la persona que ha de enlazarse contigo:
link-told-listen-not-listening = Ha de escuchar, y aún no escucha, en:
link-linking = Enlazando con:
link-listen-direct-links = ¿Escuchar enlaces directos?
link-warning = Quienes se enlazan directamente se ven las direcciones de internet, que dicen más o menos dónde está alguien.
link-link-directly = ¿Enlazar directamente?

## relay

relay-relay-running-keeps-sealed = El relé está en marcha. Guarda sobres sellados y no puede leer ninguno. Pulsa Ctrl-C para detenerlo.
relay-address-windbreak-circle-new = Su dirección, para `windbreak circle new --relay`:
relay-people-outside-machine-need = Quien esté fuera de este equipo necesita una dirección suya a la que pueda llegar, con el mismo final desde /tcp.
relay-relay-running = El relé está en marcha.
relay-relay-running-takes-nothing = El relé está en marcha y no acepta nada nuevo: no hay sitio, o no se puede escribir en el disco.
relay-topics = Temas
relay-envelopes = Sobres
relay-bytes = { $envelopes }, { $bytes } bytes
relay-connections = Conexiones
relay-streams = { $connections }, con { $streams } flujos
relay-turned-away = Rechazadas
relay-connections-2 = { $turned_away } conexiones
relay-since-start = Desde inicio
relay-taken-given-expired = { $taken } aceptados, { $given } entregados, { $expired } caducados
relay-tokens = Fichas
relay-drawn-spent = { $tokens_drawn } sacadas, { $tokens_spent } gastadas
relay-over-quota = sobre la cuota
relay-no-room = sin sitio
relay-too-old = demasiado antiguos
relay-another-topic = de otro tema
relay-from-future = del futuro
relay-while-stopping = al detenerse
relay-without-token = sin ficha
relay-token-not-valid = con una ficha que no vale
relay-beyond-sub-grant = más allá de una subconcesión
relay-grant-does-not-hold = por una concesión que no vale
relay-refused = Rechazados
relay-folder-is-profile = hay un perfil en { $folder }; un relé necesita una carpeta propia
relay-folder-is-profile-next = indica otra carpeta con --profile DIR
relay-cannot-hear-signals = no se pueden oír las señales
relay-port-taken = otro programa ya escucha en esta dirección
relay-port-taken-next = elige otro puerto con --listen, o detén ese programa
relay-answering-asked-putting-everything = Respondiendo a lo que se pidió, y recogiéndolo todo
relay-config-next = corrige el archivo; windbreak relay init-config escribe uno que se explica solo
relay-settings = Los ajustes están en { $file }.
relay-change-like-relay-reads = Cambia lo que quieras; el relé lo lee al iniciarse: windbreak relay run
relay-config-exists = ya existe { $path }
relay-config-exists-next = cámbialo, o apártalo antes
relay-folder = no se puede escribir { $path }: { $error }
relay-folder-is-profile-2 = hay un perfil en { $folder }, y ningún relé
relay-folder-is-profile-next-2 = indica la carpeta del relé con --profile DIR; para tu nodo: windbreak node status
relay-not-running = no hay ningún relé en marcha para { $folder }
relay-not-running-next = inícialo con: windbreak relay run (o indica su carpeta con --profile DIR)
relay-folder-in-use = hay otro relé en marcha en esta carpeta
relay-folder-in-use-next = míralo con: windbreak relay status, o indica otra carpeta con --profile DIR
relay-takes-by-grant = Acepta por concesión: solo ponen algo aquí los círculos a los que das una.
relay-open-everybody = Está abierto: quien conozca su dirección puede poner sobres aquí, dentro de sus límites.
relay-admission = Admisión
relay-another-week = para otra semana que la de este relé

## relays

relays-circle-no-relay-members = Este círculo no tiene relé: sus integrantes se encuentran solo por enlaces directos.
relays-change-waits-device-until = El cambio espera en este dispositivo hasta que lo tenga un relé o el dispositivo de alguien del círculo.
relays-relay-asks-serves-another = Un relé que pregunta sirve a otro de tus círculos. Sin Tor, quien lo lleva podría saber por dirección y hora que los dos son tuyos. Mientras tanto se usan los demás.
relays-say-yes-windbreak-relay = Di que sí: windbreak relay use CIRCLE RELAY; o que no: windbreak relay avoid CIRCLE RELAY
relays-named-circle = nombrado por el círculo
relays-named = por nombrar
relays-named-until = nombrado hasta { $since }
relays-named-before = nombrado antes
relays-named-another-branch-circle = nombrado por otra rama del círculo
relays-added-device = añadido en este dispositivo
relays-connected = conectado
relays-does-not-answer-now = no responde ahora
relays-cannot-dialled-mode = no se puede llamar en este modo
relays-asks = pregunta
relays-avoided = evitado
relays-kept-devices-may-know = { $count ->
    [one] se conserva para { $count } dispositivo que quizá no conozca otro
   *[other] se conserva para { $count } dispositivos que quizá no conozcan otro
}
relays-no-relay-left-device = No queda ningún relé al que llame este dispositivo: por relés no viene ni va nada.
relays-last-relay-members-would = Es el último relé: solo os encontraríais por enlaces directos. ¿Seguir?
relays-none-relays-members-know = Ninguno de los relés que se conocen en el círculo responde ahora. Hasta que uno responda, solo sabrán del nuevo por ti: dales su dirección para windbreak relay use CIRCLE ADDRESS. Las invitaciones que pasaste nombran los antiguos: haz otras nuevas.
relays-ambiguous-relay = más de un relé de este círculo coincide
relays-ambiguous-relay-next = escribe más de su dirección, como la muestra `windbreak relay list`
relays-unknown-relay = ningún relé de este círculo coincide
relays-unknown-relay-next = mira sus relés con: windbreak relay list CIRCLE

## grant

grant-grant-pass-one-facilitator = La concesión, para pasarla a una persona facilitadora por un medio que nadie más lea:
grant-until = Hasta
grant-not-shown-again-whoever = No se muestra otra vez. Quien la tenga puede poner en tu relé lo que permite.
grant-no-grant-holds-so = No vale ninguna concesión, así que no se puede poner nada en este relé.
grant-issue-one-windbreak-relay = Emite una: windbreak relay grant issue
grant-members-mib-week-each = { $id }  { $members } integrantes, { $member_mib_per_week } MiB por semana cada uno, hasta { $until } · { $mib_drawn } MiB sacados esta semana · { $members_revoked } revocados
grant-circle-grant-can-put = el círculo que tiene esta concesión no podrá poner nada más aquí cuando gaste sus fichas. ¿Revocarla?
grant-whoever-gives-circle = Quien la recibe se la da al círculo: windbreak relay add CIRCLE ADDRESS --grant -

## explain

explain-can-see-device-set = Quién puede ver qué, con los ajustes actuales de este dispositivo.
explain-no-circle-yet-so = Todavía no estás en ningún círculo, así que nadie más tiene nada que ver.
explain-one-relay-serves-circles = Un mismo relé sirve a { $circles } de tus círculos: quien lo lleva puede saber por dirección y hora que son de un solo dispositivo. ({ $address })
explain-not-promised = Lo que no se promete
explain-alone = solo tú
explain-members-read-them-hold = { $facilitators ->
    [1] lo leen { $members } integrantes; una de estas personas lo sostiene
   *[other] lo leen { $members } integrantes; { $facilitators } de estas personas lo sostienen
}
explain-people = Personas
explain-leaving = te estás yendo
explain-left = te has ido
explain-removed = te retiraron
explain-took-device-out-from = retiraste este dispositivo desde otro tuyo
explain-here-from-copy-device = estás aquí ahora desde una copia de este dispositivo
explain-x25519-recorded-today-could = X25519: lo que se grabe hoy podría abrirlo algún día un gran ordenador cuántico
explain-travels = Viaja
explain-over-relays-alone-members = solo por relés: las personas del círculo nunca conocen las direcciones de las demás
explain-over-relays-direct-links = por relés y enlaces directos: quien esté enlazado con este dispositivo ve su dirección
explain-nowhere-yet-there-no = aún a ninguna parte: no hay ningún relé ni enlace que permita su modo
explain-facilitators-would-report-others = Lo que sus personas facilitadoras tendrían que comunicar a otros:
explain-facilitators-not-said-whether = Sus personas facilitadoras no han dicho si tienen un deber de comunicar.
explain-sees = ve:
explain-does-not-see = no ve:
explain-within-local-network = solo dentro de la red local: quien está en ella ve que en este dispositivo está en marcha Windbreak

## lan

lan-before = Este dispositivo encontraría entonces a otras personas del círculo en la red local en la que está, sin relé y sin internet. Todo el mundo en esa red puede ver que en este dispositivo está en marcha Windbreak, y cuándo, y con qué dispositivos de allí intercambia algo. Las personas del círculo ven qué dispositivo de allí es el tuyo, y quien esté en dos círculos donde lo elegiste puede saber que en los dos eres tú. Lo que escribes espera aquí hasta que el dispositivo de alguien del círculo esté en la misma red. ¿Seguir?
lan-made-stays = Se queda en la red local: los demás llegan a él mientras estén en la misma, y también una invitación funciona allí.
lan-one-circle-time = el modo lan se elige para un círculo cada vez
lan-one-circle-time-next = windbreak circle new … --network lan, o windbreak join … --network lan, o windbreak network set CIRCLE lan
lan-linked = { $count ->
    [0] ahora no hay aquí ningún dispositivo de otra persona del círculo; se busca todo el tiempo
    [one] enlazado con { $count } dispositivo
   *[other] enlazado con { $count } dispositivos
}

## grant-text

grant-text-secret-argument = una concesión es un secreto, y otros en este equipo pueden ver los argumentos
grant-text-secret-argument-next = ponla en un archivo, o dala por la entrada estándar: --grant -
grant-text-cannot-read = no se puede leer la concesión de
grant-text-until = concesión hasta { $until } · { $tokens } para unos { $mib } MiB
grant-text-tokens = { $count ->
    [0] ninguna ficha
    [one] { $count } ficha
   *[other] { $count } fichas
}
grant-text-tokens-rest = { $count ->
    [one] { $count } ficha reposa hasta { $from }, para que el relé no pueda saber quién la sacó
   *[other] { $count } fichas reposan hasta { $from }, para que el relé no pueda saber quién las sacó
}
grant-text-part-invite-now = por ahora se usa la parte de la invitación; la tuya llega del dispositivo de la persona facilitadora que tiene la concesión, cuando esté encendido
grant-text-did-not-answer = no se sacaron fichas: el relé no respondió; se vuelve a intentar
grant-text-used-up = este dispositivo ha sacado todo lo que puede esta semana
grant-text-over-revoked = el relé dice que la concesión ha terminado o fue revocada: una persona facilitadora pide otra a quien lo lleva
grant-text-another-week = no se dan fichas: según el reloj del relé es otra semana. Mira si el de este dispositivo va bien, y dilo a quien lleva el relé
grant-text-other-keys = el relé mostró otras claves que las que nombra su concesión, con las que podría distinguir a las personas. No se usa nada de lo que dio: pregunta a quien lo lleva, o elige otro relé
grant-text-full-stops = no se sacaron fichas: el relé está lleno o se detiene; se vuelve a intentar
grant-text-takes-everybody = el relé acepta ahora de todo el mundo, así que no hacen falta fichas
grant-text-not-kept = no se sacaron fichas: este dispositivo no pudo guardarlas
grant-text-gave-circle = este dispositivo se la dio al círculo: quedan { $free } de { $parts } partes
grant-text-no-part-left = no queda parte para { $without } de los dispositivos: pide a quien lleva el relé una concesión para más integrantes
grant-text-to-revoke = { $to_revoke ->
    [one] el relé aún no sabe que está revocada { $to_revoke } parte de quien se fue
   *[other] el relé aún no sabe que están revocadas { $to_revoke } partes de quienes se fueron
}
