# Profile, node, devices, backup, store, locks.

## init

init-profile-made = Tu perfil está creado, en { $profile }.
init-keep-passphrase-well-nobody = Guarda bien la frase de paso: sin ella nadie puede abrir el perfil, y solo quien la conoce puede poner otra.
init-circles-go-tor-answers = Tus círculos van { $network }. (Tor responde en { $proxy }.)
init-circles-go = Tus círculos van { $network }.
init-tor-not-found-machine = No se encontró Tor en este equipo. Con él nadie sabría tu dirección: instálalo y luego windbreak network default tor
init-next-windbreak-circle-new = Ahora: windbreak circle new TITLE --name NAME --relay ADDRESS, o windbreak join CODE
init-profile-exists = ya hay un perfil en { $folder }
init-profile-exists-next = úsalo, o indica otra carpeta con --profile DIR
init-making-profile = Creando tu perfil

## node

node-node-not-running = Tu nodo no está en marcha.
node-start-windbreak-node-start = Inícialo con: windbreak node start
node-node-running = Tu nodo está en marcha.
node-node-running-cannot-write = Tu nodo está en marcha y no puede escribir: no acepta nada nuevo.
node-trouble = Problema: { $message }
node-next = Ahora: { $next }
node-profile = Perfil
node-started = Iniciado
node-circles = Círculos
node-store = Almacén
node-most-mib-memory = como mucho { $cache } MiB de memoria; { $disk } MiB de disco para todos los almacenes de la carpeta
node-without-limit = sin límite
node-mib = de { $quota } MiB
node-takes-mib = «{ $title }» ocupa { $bytes } MiB, { $room }
node-room = Sitio
node-joining = Entrando
node-not-over-windbreak-join = { $joins } sin terminar: windbreak join
node-nothing = nada
node-kept-until-relay-members = { $count }, guardado hasta que lo tome un relé o el dispositivo de alguien del círculo
node-circle = círculo { $id }
node-joining-2 = entrando
node-relay-connected = su relé está conectado
node-relay-not-connected = su relé no está conectado
node-relays-connected = { $relays_connected } de { $relays } relés conectados
node-no-relay-no-direct = sin relé, y sin ningún enlace directo activo
node-direct-links = { $links ->
    [one] { $links } enlace directo
   *[other] { $links } enlaces directos
}
node-through-tor = por Tor
node-over-relays = por relés
node-over-relays-links = por relés y enlaces
node-network = Red
node-trouble-2 = Problema
node-node-stopped-waits-sent = Tu nodo se ha detenido. Lo que queda por enviar está guardado.
node-node-not-running-2 = Tu nodo no estaba en marcha.
node-waiting-until-node-put = Esperando a que tu nodo lo recoja todo
node-does-not-stop = se pidió al nodo que se detuviera y no lo ha hecho
node-does-not-stop-next = espera un poco y vuelve a mirar: windbreak node status
node-notices = Notificación
node-notice-not-shown = sin mostrar: { $message }
node-no-other-device-here = ahora no hay aquí otro dispositivo
node-on-local-network = en la red local
node-catching-up = Al día
node-catching-up-of = { $here } de unos { $about }
node-asking-others = se pregunta a los dispositivos de los demás qué falta aquí

## node-run

node-run-node-running-press-ctrl = Tu nodo está en marcha. Pulsa Ctrl-C para detenerlo.
node-run-other-commands-go-another = Las demás órdenes van en otra terminal: windbreak circle list
node-run-node-runs-already = ya hay un nodo en marcha para este perfil
node-run-node-runs-already-next = usa ese, o detenlo antes: windbreak node stop
node-run-opening-profile = Abriendo tu perfil
node-run-correct-log-profiles-config = corrige [log] en el config.toml del perfil

## device

device-device = este dispositivo
device-written-nothing-known-here = no ha escrito nada que se conozca aquí
device-last-wrote = escribió por última vez { $time }
device-new-device-asks-come = Un dispositivo nuevo pide entrar. Muestra { $number }.
device-yours-then-windbreak-device = ¿Es tuyo? Entonces: windbreak device confirm CIRCLE NUMBER
device-one-more-device-yours = Para otro dispositivo tuyo, { $expires }. Escribe allí: windbreak device join -
device-keep-yourself-whoever-came = Guárdalo para ti: quien entrara con esto leería y escribiría como tú.
device-new-device-said-from = Tu nuevo dispositivo está dentro. Tiene lo que se diga desde ahora.
device-new-device-let-soon = Tu nuevo dispositivo entra en cuanto se le oiga; sigue en segundo plano.
device-device-taken-out-reads = El dispositivo queda retirado y no lee nada de lo que se diga desde ahora.
device-read-stays-open-invites = Lo que ha leído queda en él, y las invitaciones abiertas sin vestíbulo se cierran.
device-device-said-from-now = Este dispositivo está dentro. Tiene lo que se diga desde ahora.
device-device-shows = Este dispositivo muestra: { $number }
device-confirm-other-one-goes = Confírmalo en el otro; sigue en segundo plano.
device-circle-waits-yes-add = El círculo espera tu sí: añade --yes.
device-nothing-heard-from-circle = Aún no se oyó nada del círculo.
device-other-device-said-yes = Tu otro dispositivo ha dicho que sí; este está entrando.
device-take-device-yours-out = ¿Retirar este dispositivo tuyo de «{ $title }»?
device-ambiguous = más de uno de tus dispositivos empieza así
device-ambiguous-next = escribe más de su identificador: windbreak device list CIRCLE
device-unknown-device = no tienes ese dispositivo en este círculo
device-unknown-device-next = mira tus dispositivos: windbreak device list CIRCLE
device-waiting-other-device = Esperando al otro dispositivo
device-look-again-windbreak-device = Vuelve a mirar con: windbreak device list CIRCLE
device-does-other-device-show = ¿Muestra tu otro dispositivo { $number }?
device-invite-person = esta es una invitación para una persona
device-use-windbreak-join-code = úsala con: windbreak join CODE
device-device-code-made-newer = el código de dispositivo es de una versión más nueva de windbreak
device-update-windbreak-use = actualiza windbreak para usarlo
device-no-device-code-one = esto no es un código de dispositivo: empieza por «windbreak-device:»
device-make-one-other-device = crea uno en tu otro dispositivo: windbreak device add CIRCLE
device-device-code-damaged-part = el código de dispositivo está dañado: falta una parte o se cambió
device-copy-whole-line-again = copia otra vez la línea entera
device-come-into-here-too = ¿Entrar también aquí en «{ $title }», como { $name }?
device-device-shows-confirm-other = Este dispositivo muestra { $number }. Confírmalo en el otro.

## backup

backup-backup-made = Tu copia de seguridad está hecha, en { $path }.
backup-check-where-keep-windbreak = Compruébala donde la guardes: windbreak backup check FILE
backup-said-from-now-not = Lo que se diga desde ahora no está en ella, y un perfil hecho con ella vuelve a sus círculos como un dispositivo nuevo.
backup-profile-made-from-backup = Tu perfil está hecho con la copia de seguridad, en { $profile }.
backup-comes-back-into-circles = Vuelve a sus círculos como un dispositivo nuevo, por sí solo, cuando se pueda llegar a otra persona del círculo.
backup-do-not-use-beside = No lo uses junto al perfil del que se hizo la copia de seguridad.
backup-new-circles-go = Los círculos nuevos van { $network }.
backup-no-settings = En la copia no hay ajustes que este programa conozca: el perfil tiene los de uno nuevo. Si se bloquea solo, si pregunta antes de windbreak panic, qué relés nombra y cuánto sitio da a los círculos está en config.toml, en su carpeta.
backup-backup-sound = La copia de seguridad está íntegra.
backup-made = Hecha
backup-records = Registros
backup-reading-backup = Leyendo la copia de seguridad
backup-backup-passphrase = frase de paso de la copia de seguridad
backup-backup = para la copia de seguridad
backup-writing-backup = Escribiendo la copia de seguridad
backup-identity-file = archivo de identidad
backup-passphrase-backup-nothing-shown = Frase de paso de la copia de seguridad (no se muestra nada):{" "}
backup-not-text = la ruta y la frase de paso de una copia de seguridad tienen que ser texto en UTF-8
backup-not-text-next = elige otras
backup-cannot-make-backup = no se puede hacer la copia de seguridad
backup-check-path-folder-then = revisa la ruta y su carpeta, y vuelve a intentarlo

## store

store-store-sound = El almacén está íntegro.
store-store-damaged = El almacén está dañado.
store-damaged = Dañados
store-missing = Faltan
store-keep-copy-folder-take = Guarda una copia de la carpeta y recupera tu última copia de seguridad: windbreak restore FILE --profile NEW-FOLDER
store-disk = En disco
store-stores-take-now-they = Los almacenes ocupan ahora { $after }; ocupaban { $before }.
store-mib = { $size } MiB
store-there-no-other-profile = ¿No hay ningún otro perfil en esta carpeta? Si lo hay, se pierde.
store-reading-store = Leyendo el almacén
store-writing-store-anew = Escribiendo el almacén de nuevo

## guard

guard-locked-nothing-profile-memory = Bloqueado. Nada de tu perfil está en memoria, y no llega nada hasta que lo desbloquees.
guard-open-again-windbreak-unlock = Ábrelo otra vez con: windbreak unlock
guard-done-keys-here-overwritten = Hecho. Las claves que había aquí están sobrescritas, y los archivos ya no están.
guard-destroy-everything-profiles-folder = ¿Destruir todo lo de la carpeta de este perfil, para siempre?
guard-panic-incomplete = no se pudo quitar todo: { $error }
guard-panic-incomplete-next = las claves a las que se pudo llegar están destruidas; quita la carpeta a mano
guard-still-held = un proceso tiene todavía en memoria lo que abre tu perfil
guard-still-held-next = termínalo a mano: kill -9 { $pid }; si sigue, apaga este equipo
guard-still-held-next-unknown = termina a mano lo que se llame windbreak; si sigue, apaga este equipo
guard-done-from-now-new = Hecho. Desde ahora la nueva frase de paso abre tu perfil, y solo ella.
guard-whoever-copied-folder-before = Quien copió antes la carpeta puede abrir esa copia con la antigua.
guard-new-passphrase = nueva frase de paso
guard-place = en su lugar
guard-changing-passphrase = Cambiando la frase de paso
guard-file-recovery-phrase = archivo de la frase de recuperación
guard-phrase-needed = esto necesita tu frase de recuperación
guard-phrase-needed-next = dala con --phrase-file FILE
guard-recovery-phrase = frase de recuperación
guard-recovery-phrase-nothing-shown = Tu frase de recuperación (no se muestra nada):{" "}
guard-recovery-phrase-shown-once = Tu frase de recuperación. Se muestra solo esta vez y no se guarda en ninguna parte; escríbela en papel:
guard-need-add-device-yours = La necesitas para añadir un dispositivo tuyo a un círculo. No abre el perfil; eso lo hace la frase de paso.

## hidden

hidden-other-profile-made-passphrase = El otro perfil está creado. Su frase de paso lo abre, dondequiera que se te pida una.
hidden-use-now-then-made = Úsalo de vez en cuando: lo que se hizo para él termina hoy.
hidden-one-others-circle-profile = Una de las otras personas de su círculo tiene un perfil en { $folder }.
hidden-now-then-say-something = De vez en cuando, di algo allí: windbreak share CIRCLE --profile { $folder }
hidden-keep-folder-elsewhere-beside = Guarda esa carpeta en otro sitio: junto a esta, la delataría.
hidden-companion = Y para la contraparte:
hidden-profile-folder-whose-passphrase = Un perfil de esta carpeta cuya frase de paso no has dado puede perderse. ¿Seguir?
hidden-passphrase-new-profile = frase de paso del nuevo perfil
hidden-other-profile = para el otro perfil
hidden-companions-passphrase = frase de paso de la contraparte
hidden-companion-2 = para la contraparte
hidden-making-other-profile = Creando el otro perfil
hidden-needs-relay = el círculo inventado necesita un relé por el que se pudo haber hablado, y este perfil no nombra ninguno
hidden-needs-relay-next = nombra uno en relays en el config.toml del perfil, y vuelve a intentarlo
hidden-cannot-use-companions-folder = no se puede usar la carpeta de la contraparte
hidden-companion-inside = la carpeta de la contraparte estaría dentro de la de este perfil, y lo delataría
hidden-companion-inside-next = indica una carpeta en otro sitio, mejor en otro disco
hidden-companion-left = no se creó el otro perfil, y no se pudo quitar su contraparte: { $error }
hidden-companion-left-next = quita a mano la carpeta de la contraparte: delataría lo que se iba a crear

## bench

bench-machine-slow-will-do = Este equipo es lento para esto, y servirá: lo que digas puede tardar un momento en guardarse.
bench-machine-well-able-carry = Este equipo puede llevar bien tus círculos.
bench-opening = Abrir
bench-open-profile = { $open_seconds } para abrir tu perfil
bench-sharing = Compartir
bench-shares-second = unos { $shares_per_second } aportes por segundo, uno tras otro
bench-catching-up = Al día
bench-after-month-away-from = { $month_away_seconds } tras un mes lejos de un círculo animado
bench-relay = Como relé
bench-envelopes-second-most-would = unos { $relay_per_second } sobres por segundo; eso y su memoria bastarían para { $relay_people } personas en tres círculos cada una, si su red también da
bench-relay-limit = Un relé acepta { $connections } conexiones, una por cada círculo de cada miembro, si relay.toml no permite más.
bench-disk = Disco
bench-ms-one-hundred-waits = { $slowest_sync_ms } ms en una de cada cien esperas al disco
bench-these-processor-disk-can = Esto se estima por lo que pueden el procesador, el disco y la memoria. A eso se suma lo lejos que esté un relé y lo ocupado que esté este equipo; vuelve a ejecutarlo cuando esté tranquilo.
bench-million = { $count } millones
bench-moment = un momento
bench-trying-machine-can-do = Probando lo que puede este equipo, menos de un minuto
bench-file-next = indica una carpeta junto a la que puedas escribir, con --profile DIR
bench-bench = no se pudo sellar un aporte
bench-next = comunícalo

## notify

notify-told-nothing = No se te notifica nada.
notify-turn-on = Actívalo con: windbreak notify on
notify-told-something-new = Se te notifica que hay algo nuevo, y nada de lo que es.
notify-says = Dice
notify-shown = Mostrada
notify-by-desktop = por el escritorio
notify-by-command = por { $command }
notify-for = Para
notify-something-new-read = algo nuevo que leer
notify-somebody-asks-let-in = alguien que pide entrar
notify-new-device-asks = un dispositivo nuevo tuyo que pide entrar
notify-report-waits = un aviso que te espera
notify-at-most = Como mucho
notify-one-in-minutes = { $count ->
    [one] una por minuto
   *[other] una cada { $count } minutos
}
notify-quiet = Calma
notify-never = nunca
notify-hours = de { $from } a { $to }
notify-hours-in-zone = de { $from } a { $to } en { $zone }
notify-quiet-now = { $hours }, o sea, ahora
notify-not-for = No para
notify-last-not-shown = La última no se mostró: { $message }
notify-showing = Mostrando una notificación
notify-was-shown = Se mostró una notificación. Si no viste nada, mira los ajustes de tu escritorio.
notify-told-circle = Se te notifica de este círculo, mientras las notificaciones estén activadas.
notify-told-nothing-circle = No se te notifica nada de este círculo.
notify-bad-time = las horas de calma son dos horas del día, de 00:00 a 23:59
notify-bad-time-next = escríbelas así: windbreak notify quiet 22:00-07:30
notify-no-program = ese programa no está en este equipo
notify-no-program-next = indícalo con su ruta completa, como un archivo que se pueda ejecutar
