# What the node says, as it sends it. Where one of these texts arrives, it is said in the
# language of whoever reads it.

## node/src/search.rs

node-says-there-nothing-look = no hay nada que buscar
node-says-looked-more-than-characters = lo que se busca tiene más de { $max_search_chars } caracteres

## node/src/api/client.rs

node-says-no-node-running-profile = no hay ningún nodo en marcha para este perfil
node-says-nodes-socket-cannot-used = no se puede usar el socket del nodo
node-says-node-does-not-answer = el nodo no responde
node-says-connection-node-broke-off = se cortó la conexión con el nodo
node-says-nodes-answer-longer-than-allowed = la respuesta del nodo es más larga de lo permitido
node-says-nodes-answer-malformed = la respuesta del nodo está mal formada
node-says-node-runs-another-version-program = el nodo es de otra versión de este programa

## node/src/backup.rs

node-says-file-no-backup-first-line = este archivo no es una copia de seguridad, o su primera línea está dañada
node-says-choose-file-backup-create-made = elige el archivo que hizo `backup create`
node-says-backup-cut-off-bytes-end = la copia de seguridad está cortada: faltan { $missing } bytes del final
node-says-use-another-copy = usa otra copia de ella
node-says-backup-damaged-bytes-not-those = la copia de seguridad está dañada: sus bytes no son los que se escribieron
node-says-backup-version-which-program-does = la copia de seguridad es de la versión { $value }, que este programa no conoce
node-says-update-program = actualiza el programa
node-says-not-passphrase-backup = esta no es la frase de paso de la copia de seguridad
node-says-try-again = vuelve a intentarlo
node-says-passphrase-backup-costs-more-than = la frase de paso de la copia de seguridad cuesta más de lo que este equipo puede pagar
node-says-take-back-faster-one = recupérala en uno más rápido
node-says-backup-made-another-recipient = la copia de seguridad se hizo para otro destinatario
node-says-use-identity-belongs = usa la identidad que le corresponde
node-says-backup-made-recipient = la copia de seguridad se hizo para un destinatario
node-says-name-identity-identity-file-file = indica su identidad con --identity-file FILE
node-says-backup-made-passphrase = la copia de seguridad se hizo con una frase de paso
node-says-leave-out-identity-file = quita --identity-file
node-says-no-age-recipient-identity = esto no es un destinatario ni una identidad de age
node-says-recipient-begins-age1-identity-age = un destinatario empieza por age1, una identidad por AGE-SECRET-KEY-1
node-says-passphrase-backup-must-text-utf = la frase de paso de una copia de seguridad tiene que ser texto en UTF-8
node-says-choose-another-one = elige otra
node-says-file-backup = el archivo de la copia de seguridad: { $value }

## node/src/error.rs

node-says-profile-keeps-cannot-read = lo que guarda el perfil no se puede leer
node-says-keep-copy-folder-then-take = guarda una copia de su carpeta; luego recupera tu última copia de seguridad: windbreak restore FILE --profile NEW-FOLDER
node-says-socket-local-api-cannot-made = no se puede crear el socket de la interfaz local: { $value }
node-says-operating-system-gave-no-random = el sistema operativo no dio bytes al azar
node-says-signals-cannot-heard = no se pueden oír las señales
node-says-part-program-failed = falló una parte del programa
node-says-fault-program-please-report = es un fallo del programa, por favor comunícalo

## node/src/private.rs

node-says-disk-full = el disco está lleno
node-says-free-some-space-try-again = haz sitio y vuelve a intentarlo
node-says-no-permission-read-write-here = no hay permiso para leer o escribir aquí
node-says-check-owns-folder-whether-disk = revisa de quién es la carpeta, y si su disco es de solo lectura
node-says-there-no-such-file-folder = no existe ese archivo o carpeta
node-says-something-name-exists-already = ya existe algo con este nombre
node-says-folder-file-belongs-another-user = la carpeta o el archivo es de otra persona
node-says-choose-place-own = elige un sitio tuyo
node-says-plain-file-folder-needed-here = aquí hace falta un archivo o carpeta normal, y hay otra cosa en su lugar
node-says-file-too-long-belongs-here = el archivo es demasiado largo para ser lo que va aquí
node-says-already-open-another-node = ya lo tiene abierto otro nodo
node-says-stop-one-first = detén antes ese
node-says-reading-writing-failed = falló la lectura o la escritura: { $value }

## node/src/profile.rs

node-says-there-profile-folder-already = ya hay un perfil en esta carpeta
node-says-open-choose-another-folder = ábrelo, o elige otra carpeta
node-says-folder-not-empty = la carpeta no está vacía
node-says-choose-new-one-profile = elige una nueva para el perfil
node-says-there-no-profile-folder = no hay ningún perfil en esta carpeta
node-says-make-one-windbreak-init = crea uno con `windbreak init`
node-says-profile-already-open-another-node = el perfil ya lo tiene abierto otro nodo
node-says-use-one-stop-first = usa ese, o detenlo antes
node-says-passphrase-1-bytes = una frase de paso tiene entre 1 y { $max_passphrase } bytes
node-says-passphrase-opens-profile-already = esta frase de paso ya abre un perfil
node-says-folder-room-four-profiles = en una carpeta caben cuatro perfiles
node-says-use-another-folder = usa otra carpeta
node-says-folder-profile = la carpeta del perfil: { $value }
node-says-another-store-folder-cannot = otro almacén de esta carpeta no se puede leer ni escribir
node-says-profiles-own-not-affected = al propio de este perfil no le afecta: si nadie más usa la carpeta, crea los otros de nuevo: windbreak store compact --only-profile

## node/src/profile/config.rs

node-says-config-toml-line = config.toml, línea { $line }: { $reason }
node-says-config-toml-missing = falta config.toml, y con él cómo se llega a tus círculos
node-says-say-again-network-default = dilo otra vez: windbreak network default MODE
node-says-config-toml-not-utf-8 = config.toml no es texto en UTF-8
node-says-config-toml-must = config.toml: `{ $field }` tiene que ser: { $bounds }
node-says-config-toml = config.toml: { $value }
node-says-most-addresses-like = como mucho { $most } direcciones como { $example }
node-says-address-machine-network-like = una dirección de este equipo o de la red en la que está, como { $example }
node-says-tor-relay-only-direct-lan-one-circle = tor, relay-only o direct: lan se elige círculo por círculo
node-says-most-bytes = como mucho { $most } bytes

## node/src/profile/header.rs

node-says-passphrase-wrong = la frase de paso no es la correcta
node-says-header-profile-damaged = la cabecera del perfil está dañada
node-says-if-older-copy-folder-put = si tienes una copia anterior de esta carpeta, repón su cabecera: sin ella el perfil ya no se puede abrir
node-says-profile-schema-program-knows = el perfil tiene el esquema { $found } y este programa conoce { $known }
node-says-cost-passphrase-out-bounds-1 = el coste de la frase de paso está fuera de los límites: de 1 a 1024 MiB, de 1 a 64 pasadas, de 1 a 16 carriles
node-says-there-not-enough-memory-check = no hay memoria suficiente para comprobar la frase de paso
node-says-close-other-programs = cierra otros programas
node-says-header-profile = la cabecera del perfil: { $value }

## node/src/recovery.rs

node-says-recovery-phrase-words-these = una frase de recuperación tiene { $phrase_words } palabras, y estas son { $value }
node-says-type-all-them = escríbelas todas
node-says-word-not-list = la palabra { $value } no está en la lista
node-says-compare-wrote-down = compárala con lo que apuntaste
node-says-words-do-not-belong-together = las palabras no van juntas: una es otra palabra, o dos cambiaron de sitio
node-says-compare-them-wrote-down = compáralas con lo que apuntaste

## node/src/relay/file.rs

node-says-line = línea { $line }: { $reason }
node-says-not-utf-8-text = no es texto en UTF-8
node-says-must = `{ $field }` tiene que ser: { $bounds }
node-says-number-from-to = un número de { $least } a { $most }
node-says-number-mib-from-to = un número de MiB, de { $least } a { $most }
node-says-number-mib = un número de MiB
node-says-from-to-mib = de { $least } a { $most } MiB
node-says-from-to-addresses-like = de { $least } a { $most } direcciones como { $example }
node-says-most-addresses = como mucho { $most } direcciones
node-says-address-machine-like = una dirección de este equipo, como { $example }
node-says-one-or-more = 1 o más

## node/src/relay/mod.rs

node-says-address-listen-malformed = una dirección donde escuchar está mal formada
node-says-write-ip4-0-0-0 = escríbela como /ip4/0.0.0.0/tcp/4710
node-says-external-address-malformed = una dirección externa está mal formada
node-says-write-ip4-192-0-2 = escríbela como /ip4/192.0.2.1/tcp/4710, o como NAME.onion:4710
node-says-there-no-address-listen = no hay ninguna dirección donde escuchar
node-says-cannot-listen-there = no se puede escuchar ahí
node-says-another-program-may-use-port = puede que otro programa use el puerto
node-says-counts-cannot-served-there = ahí no se pueden ofrecer cifras
node-says-use-free-port-machine-like = usa un puerto libre de este equipo, como 127.0.0.1:9471
node-says-relays-identity-file-damaged = el archivo de identidad del relé está dañado
node-says-restore-remove-get-new-address = repónlo, o quítalo para tener una dirección nueva
node-says-relays-folder-cannot-used = no se puede usar la carpeta del relé: { $value }
node-says-thread-could-not-started = no se pudo iniciar un hilo: { $value }
node-says-clock-machine-relay-off-eight-days = según el reloj de este equipo, el relé estuvo apagado más de ocho días, y si eso no es cierto, las concesiones terminarían para siempre
node-says-set-clock-start-once-clock-right = pon en hora el reloj o, si va bien, inícialo una vez con: windbreak relay run --clock-is-right

## node/src/store/mod.rs

node-says-free-some-space-start-again = haz sitio y vuelve a iniciarlo
node-says-store-cannot-read-written = el almacén no se puede leer ni escribir
node-says-check-owns-folder-whether-disk-2 = revisa de quién es su carpeta y si su disco es de solo lectura
node-says-store-already-open-another-node = el almacén ya lo tiene abierto otro nodo
node-says-store-sealed-another-key = el almacén se selló con otra clave
node-says-key-file-profile-header-belongs = su archivo de clave o su cabecera de perfil es de otro almacén
node-says-store-damaged = el almacén está dañado
node-says-store-schema-program-knows = el almacén tiene el esquema { $found } y este programa conoce { $known }
node-says-record-too-large-kept = un registro es demasiado grande para guardarlo
node-says-store-stopped-after-failed-write = el almacén se detuvo tras una escritura fallida
node-says-start-node-again = vuelve a iniciar el nodo
node-says-reading-writing-store-failed = falló la lectura o la escritura del almacén: { $value }

## node/src/swarm/venue.rs

node-says-relays-address-malformed = la dirección de un relé está mal formada
node-says-ends-p2p-relays-peer-id = termina con /p2p/ y el identificador del relé
node-says-address-direct-links-malformed = una dirección para enlaces directos está mal formada
node-says-write-ip4-192-0-2-2 = escríbela como /ip4/192.0.2.1/tcp/9701
node-says-too-many-envelopes-waiting-sent = demasiados sobres esperan para enviarse
node-says-connect-relay-member-first = conecta antes un relé o a alguien del círculo

## node/src/telemetry.rs

node-says-log-filter-neither-level-nor = `log.filter` no es un nivel ni una lista de filtros: { $value }
node-says-log-file = el archivo de registro: { $value }
node-says-logging-started-already = el registro ya había empezado

## node/src/picture.rs

node-says-neither-jpeg-nor-png = esto no es un JPEG ni un PNG
node-says-picture-more-than-40-million = la imagen tiene más de 40 millones de píxeles, o más de 16384 en un lado
node-says-picture-damaged-rare-kind = la imagen está dañada, o es de un tipo poco común

## node/src/api/reason.rs

node-says-make-jpeg-png-first = haz antes un JPEG o PNG; otros archivos se envían con --attach FILE
node-says-make-smaller-first = hazla antes más pequeña
node-says-open-another-program-save = ábrela con otro programa y guárdala como JPEG o PNG
node-says-make-shorter = acórtalo
node-says-answer-those-who-here-now = responde a quienes están ahora: deja --scope fuera
node-says-ask-facilitator-circle-do = pide que lo haga una persona facilitadora del círculo
node-says-say-would-report-others-there = di qué tendrías que comunicar a otros, o que no es nada
node-says-ask-whoever-sent-new-one = pide una nueva a quien te la envió
node-says-give-title-name = da un título y tu nombre en él
node-says-write-host-gives-ip4-192 = escríbela como la da quien lo lleva: /ip4/192.0.2.1/tcp/4710/p2p/ y su identificador
node-says-name-fewer-relays = nombra menos relés
node-says-use-another-profile-next-circle = usa otro perfil para el próximo círculo
node-says-choose-other-suite = elige el otro cifrado
node-says-choose-number-between-two = elige un número entre los dos
node-says-choose-time-between-two = elige un tiempo entre los dos
node-says-revoke-one-not-needed = retira una que no haga falta
node-says-look-there-open-another-invite = mírala allí, o abre otra invitación
node-says-open-another-invite-if-one = abre otra invitación si hace falta
node-says-ask-one-device-alone-windbreak = pídelo a una; solo para este dispositivo: windbreak relay use, o relay avoid
node-says-put-one-place-another-windbreak = pon uno en lugar de otro con: windbreak relay replace
node-says-list-circles-find = mira los círculos para encontrarlo
node-says-wait-relay-device-member-must = espérala: tiene que poderse llegar a un relé o al dispositivo de alguien del círculo
node-says-ask-whoever-sent-invite-declare = pide a quien te invitó que lo declare: windbreak member declare
node-says-use-windbreak-device-join-code = úsalo con: windbreak device join CODE
node-says-use-windbreak-join-code = úsala con: windbreak join CODE
node-says-wait-answer-give-up-first = espera la respuesta, o déjalo antes
node-says-choose-name = elige un nombre
node-says-look-lobby-again-may-been = mira otra vez el vestíbulo: puede que ya se respondiera, o que lo haya dejado
node-says-decline-send-newcomer-another-invite = no la dejes entrar, y envía otra invitación a esa persona
node-says-answer-device-made-invite = responde en el dispositivo que hizo la invitación
node-says-decline-so-newcomer-knocks-again = no la dejes entrar, para que vuelva a llamar con el nuevo
node-says-write-something = escribe algo
node-says-say-several-shares = dilo en varios aportes
node-says-read-decide-together-others-may = lees, decides con los demás y puedes irte; una persona facilitadora puede dejarte hablar: windbreak member role
node-says-read-decide-windbreak-agreement-show = léelo y decide: windbreak agreement show CIRCLE, y luego windbreak agreement accept CIRCLE
node-says-wait-until-another-member-can = espera a que se pueda llegar a otra persona del círculo: ocurre por sí solo; si en diez horas no pasa nada, puedes dejar el círculo y pedir una invitación nueva
node-says-see-until-when-why-windbreak = mira hasta cuándo y por qué: windbreak steward log; aún puedes leer, irte y avisar
node-says-connect-relay-member-first-so = conéctate antes a un relé o a alguien del círculo, para que se pueda enviar
node-says-keep-copy-profiles-folder-ask = guarda una copia de la carpeta del perfil, y pide que te vuelvan a invitar
node-says-name-share-reply-list-shows = nombra un aporte o una respuesta, como los muestra la lista
node-says-new-words-would-reach-them = las palabras nuevas también les llegarían: retíralo con withdraw, y comparte de nuevo lo que todos pueden leer
node-says-ask-wrote-answer = pregunta a quien lo escribió, o respóndele
node-says-let-rest = déjalo estar
node-says-say-anew-if-matters-still = dilo de nuevo si aún importa
node-says-leave-them-ask-them = déjaselo a esa persona, o pídeselo
node-says-choose-one-those-help = elige una de las de la ayuda
node-says-say-why-sentence-all-members = di por qué en una frase: todo el círculo lo lee en el registro de cuidados
node-says-hide-they-said-propose-they = oculta lo que dijo, o propón que deje el papel o se vaya
node-says-name-time-between-30m-2h = indica un tiempo entre los dos: 30m, 2h, 3d
node-says-name-shorter-time-5m-1h = indica un tiempo más corto: 5m, 1h
node-says-see-holds-windbreak-steward-log = mira qué vale: windbreak steward log
node-says-speak-facilitator-if-want = habla con una persona facilitadora, si quieres
node-says-take-back-if-want = retíralo, si quieres
node-says-leave-circle-if-not-safe = deja el círculo, si no estás a salvo en él
node-says-say-sentence = dilo en una frase
node-says-wait-answer-windbreak-report-list = espera una respuesta: la muestra windbreak report list
node-says-wait-reports-go-after-half = espera: los avisos se van a los seis meses
node-says-list-reports-find-id-may = mira los avisos para encontrar su identificador; puede que aún no haya llegado
node-says-made-report-appeals-those-answer = pide volver a mirar quien hizo el aviso, y responden aquellos para quienes es
node-says-wait-until-facilitator-closes = espera a que lo cierre una persona facilitadora
node-says-members-can-decide-together-windbreak = el círculo puede decidirlo en común: windbreak member demote, o member succeed
node-says-name-somebody-else = nombra a otra persona
node-says-list-members-see-whom-blocked = mira las personas del círculo para ver a quién has plegado
node-says-unblock-somebody-leave-circle = despliega a alguien, o deja el círculo
node-says-leave-instead-windbreak-circle-leave = vete en su lugar: windbreak circle leave CIRCLE
node-says-first-they-give-up-role = antes tiene que dejar ese papel: windbreak member demote
node-says-there-nothing-do = no hay nada que hacer
node-says-list-members-find-id-they = mira las personas del círculo para encontrar el identificador; puede que ya se haya ido
node-says-ask-facilitator-if-none-answers = pídelo a una persona facilitadora; si ninguna responde, propón una sucesión
node-says-list-members-see-roles = mira las personas del círculo para ver los papeles
node-says-first-let-them-speak-windbreak = deja antes que hable: windbreak member role CIRCLE MEMBER member
node-says-make-somebody-else-facilitator-first = haz antes que facilite otra persona
node-says-list-proposals-find-id = mira las propuestas para encontrar el identificador
node-says-list-proposals-see-came = mira las propuestas para ver qué fue de ella
node-says-wait-until-enough-others-agree = espera a que haya acuerdo suficiente
node-says-list-proposals-see-asked = mira las propuestas para ver a quién se pregunta
node-says-say-words-ask-facilitator-windbreak = dilo con palabras, o pídelo a una persona facilitadora: windbreak circle files CIRCLE images-only
node-says-say-words-ask-facilitator-windbreak-2 = dilo con palabras, o pídelo a una persona facilitadora: windbreak circle files CIRCLE on
node-says-choose-another-file = elige otro archivo
node-says-send-smaller-one-part = envía uno más pequeño, o una parte
node-says-send-image-which-makes-anew = envíala con --image, que la hace de nuevo sin todo eso; de otros tipos de imagen haz antes un JPEG o PNG
node-says-look-which-there-windbreak-files = mira cuáles hay: windbreak files list CIRCLE
node-says-rest-comes-itself-soon-somebody = lo demás llega por sí solo en cuanto se pueda llegar a alguien que lo tenga
node-says-ask-author-send-again = pide a quien lo envió que lo envíe otra vez
node-says-leave-alone-facilitator-can-hide = déjalo; una persona facilitadora puede ocultarlo: windbreak steward hide
node-says-check-store-windbreak-store-check = comprueba el almacén: windbreak store check
node-says-read-again-windbreak-agreement-show = léelo otra vez: windbreak agreement show CIRCLE
node-says-change-text-leave = cambia el texto, o déjalo como está
node-says-look-proposed-windbreak-agreement-show = mira lo que se propone: windbreak agreement show CIRCLE
node-says-see-came-windbreak-agreement-show = mira qué fue de ello: windbreak agreement show CIRCLE
node-says-type-all-them-spaces-between = escríbelas todas, con espacios en medio
node-says-name-another-file-backup-takes = indica otro archivo: una copia de seguridad no ocupa el lugar de ningún otro
node-says-check-path-folder-disk = revisa la ruta, su carpeta y su disco
node-says-recipient-one-line-begins-age1 = un destinatario es una línea que empieza por age1
node-says-list-devices-windbreak-device-list = mira tus dispositivos: windbreak device list CIRCLE
node-says-make-device-code-there = crea allí el código de dispositivo
node-says-take-one-out-first-windbreak = retira antes uno: windbreak device remove CIRCLE DEVICE
node-says-compare-digits-again-if-they = compara otra vez las cifras; si son distintas, crea otro código de dispositivo
node-says-type-recovery-phrase-shown-when = escribe la frase de recuperación que se mostró al crear el perfil
node-says-compare-words-wrote-down-when = compara las palabras con lo que apuntaste al crear el perfil
node-says-do-another-device-yours-leave = hazlo en otro dispositivo tuyo, o vete: windbreak circle leave CIRCLE
node-says-paste-whole-line-starts-windbreak = pega la línea entera que empieza por windbreak:
node-says-update-windbreak-then-try-again = actualiza windbreak y vuelve a intentarlo
node-says-invite-been-used-often-allows = la invitación se ha usado tantas veces como permite
node-says-invites-time-over = se acabó el tiempo de la invitación
node-says-invite-taken-back = la invitación fue retirada
node-says-circle-many-members-can = el círculo tiene tantas personas como puede tener
node-says-ask-whoever-sent-invite-whether = pregunta a quien te envió la invitación si hay otro círculo
node-says-circle-new-agreement-since-card = el círculo tiene un acuerdo nuevo desde que se mostró la tarjeta
node-says-read-new-card-then-knock = lee la tarjeta nueva y vuelve a llamar
node-says-disk-full-so-nothing-new = el disco está lleno, así que no se puede guardar nada nuevo
node-says-free-some-space-node-tries = haz sitio: el nodo lo intenta de nuevo por sí solo cada pocos segundos
node-says-store-cannot-written-folder-disk = no se puede escribir en el almacén: su carpeta o su disco no lo permite
node-says-check-owns-profiles-folder-whether = revisa de quién es la carpeta del perfil y si su disco es de solo lectura; el nodo lo intenta de nuevo por sí solo
node-says-needs-record-larger-than-store = esto necesita un registro mayor de lo que guarda el almacén
node-says-fault-program-please-report-did = es un fallo del programa: por favor, comunica lo que hiciste
node-says-operating-system-gave-no-random-2 = el sistema operativo no dio bytes al azar con que sellar
node-says-restart-device-then-start-node = reinicia el dispositivo y luego el nodo
node-says-store-cannot-read-any-more = el almacén ya no se puede leer
node-says-stop-node-keep-copy-profiles = detén el nodo y guarda una copia de la carpeta del perfil; luego recupera tu última copia de seguridad: windbreak restore FILE --profile NEW-FOLDER
node-says-writing-store-failed = falló la escritura en el almacén
node-says-look-disk-profiles-folder-node = mira el disco de la carpeta del perfil; el nodo lo intenta de nuevo por sí solo. Mira entonces si esto se guardó, antes de hacerlo otra vez

## node/src/api/refusal.rs

node-says-picture-more-than-32-mib = la imagen tiene más de 32 MiB
node-says-profile-no-such-circle = este perfil no tiene ese círculo
node-says-list-circles-find-id = mira los círculos para encontrar su identificador
node-says-read-before-stays-readable = lo que leíste antes se puede seguir leyendo
node-says-circle-no-such-invite = el círculo no tiene esa invitación
node-says-list-circles-invites-find-id = mira las invitaciones del círculo para encontrar su identificador
node-says-devices-number-six-digits = el número de un dispositivo tiene seis cifras
node-says-read-new-device = léelo en el dispositivo nuevo
node-says-profile-does-not-join-invite = este perfil no está entrando con esta invitación
node-says-start-sending-text-invite = empieza enviando el texto de la invitación
node-says-device-no-such-item-circle = este dispositivo no tiene eso en este círculo
node-says-list-items-find-id-may = mira lo que hay para encontrar su identificador; puede que aún no haya llegado
node-says-nothing-sent-facilitator-slowed-circle = no se envió nada: una persona facilitadora ralentizó el círculo, y los demás verían esto dentro de { $minutes } minutos
node-says-wait-send-even-if-later = espera, o envíalo con `even_if_later` y se muestra entonces; las respuestas no esperan
node-says-nothing-sent-text-seems-hold = no se envió nada: el texto parece contener algo que podría decir quién es alguien: { $what }
node-says-leave-out-send-send-anyway = quítalo, o envíalo con `send_anyway` si eso es lo que quieres
node-says-nothing-sent-share-asks-just = no se envió nada: el aporte pide solo escuchar, así que nadie ve consejos salvo que quien lo escribió lo permita
node-says-say-without-advice-send-even = dilo sin consejo, o envíalo con `even_if_held_back`: quien escribió el aporte puede elegir verlo
node-says-store-cannot-read-now-words = el almacén no se puede leer ahora, y en él están las palabras
node-says-see-status-says-store-then = mira qué dice el estado sobre el almacén y vuelve a preguntar
node-says-circles-adults-not-said-one = los círculos son para personas adultas, y no has dicho que lo seas
node-says-say-so-adult-adult-if = dilo con `adult` (--adult) si lo eres; si no, habla por favor con una línea de ayuda para jóvenes o con alguien de tu confianza
node-says-nothing-sent-facilitators-would-report = no se envió nada: aún no se mostró lo que las personas facilitadoras tendrían que comunicar a otros
node-says-show-circles-declaration-then-send = muestra la declaración del círculo y envíalo otra vez con ella como `declaration_heard`
node-says-circle-keeps-said-1-days = un círculo conserva lo que se dice entre 1 y { $max_keep_days } días, o sin fin
node-says-no-file-goes-along-advice = con un consejo no va ningún archivo
node-says-send-file-reply-gives-none = envía el archivo con una respuesta que no dé ninguno
node-says-circle-takes-all-room-disk = este círculo ocupa todo el sitio del disco que puede tener
node-says-give-more-store-circle-quota = dale más: store.circle_quota_mib en el config.toml del perfil, y reinicia el nodo
node-says-node-stopping = el nodo se está deteniendo
node-says-start-again-then-ask-again = vuelve a iniciarlo y pregunta otra vez

## node/src/api/route/explain.rs

node-says-program-not-been-audited = la seguridad de este programa no ha sido auditada
node-says-nobody-watches-circle-no-emergency = nadie vigila un círculo: no es un servicio de emergencias, y nadie aquí puede encontrarte ni enviar ayuda
node-says-whoever-reads-can-keep-copy = quien lee puede quedarse una copia, y puede demostrar que lo escribió tu nombre en el círculo
node-says-whoever-watches-much-internet-once = quien observe mucha parte de internet a la vez puede ver quién está activo y cuándo
node-says-program-spies-device-sees-see = un programa que espíe este dispositivo ve lo que tú ves
node-says-member-circle = la persona de este círculo
node-says-count-members-circle = las { $count } personas de este círculo
node-says-every-share-reply-since-they = cada aporte y respuesta que se muestre desde que entraron, y los anteriores cuyos autores lo permitieron
node-says-advice-held-back-words-hidden = de los consejos retenidos, y de lo que se ocultó, lo que dijo quien está en silencio o lo que se compartió demasiado pronto con el círculo ralentizado: que está ahí y quién lo escribió, y las palabras solo si se deja pasar, se vuelve a mostrar o le llega el turno; sus dispositivos tienen las palabras, así que un programa modificado las muestra
node-says-warm-words-give-with-name = las palabras cálidas que das, con tu nombre
node-says-what-propose-agree-with-name = lo que propones, y aquello a lo que das tu acuerdo, con tu nombre
node-says-only-listens-muted-until-how-slow = quién solo escucha, quién está en silencio y hasta cuándo, y cómo de lento va el círculo: también que lo estás tú
node-says-steward-log-hid-muted-removed = el registro de quienes facilitan: quién ocultó, silenció, ralentizó, retiró o cambió qué, a quién, cuándo y por qué
node-says-name-circle-when-wrote-minute = tu nombre en este círculo, y cuándo escribiste, al minuto
node-says-member-holds-circle-how-many = quién está en el círculo, quién lo sostiene, y cuántos dispositivos usa cada cual
node-says-names-other-circles-any = tus nombres en otros círculos, o que estés en alguno
node-says-read = qué has leído
node-says-drafts-check-ins-plan-blocked = tus borradores, lo que has anotado de cómo estás, tu plan, a quién has bloqueado, y qué acuerdo has aceptado en este dispositivo, aparte de aquel con el que estuviste de acuerdo o con el que entraste
node-says-address = tu dirección
node-says-its-facilitator = su persona facilitadora
node-says-its-facilitators = sus { $count } personas facilitadoras
node-says-members-see = lo que ve quien está en el círculo
node-says-words-hidden-muted = las palabras de lo que se ocultó, y las de quien está en silencio
node-says-name-note-whoever-knocks-invite = el nombre y la nota de quien llame con una invitación con vestíbulo
node-says-reported-but-not-reported-themselves = aquello de lo que se avisa, pero no los avisos sobre ellas mismas
node-says-words-reported-180-days = las palabras de aquello de lo que se avisó, hasta 180 días, también si quien las escribió las retira o si se hacen demasiado viejas
node-says-made-report-unless-how-written = quién hizo un aviso, salvo que lo delate la manera de escribirlo, o les ayude un relé
node-says-longest-members = quienes llevan más tiempo aquí, cuatro como mucho
node-says-reported-only-facilitator = aquello de lo que se avisa sobre la única persona que facilita
node-says-who-reported = quién avisó, salvo que lo delate la manera de escribirlo, o les ayude un relé
node-says-whoever-holds-open-invite = quien tenga una invitación abierta
node-says-card-title-welcome-agreement-facilitators = la tarjeta: título, bienvenida, acuerdo, los nombres de las personas facilitadoras y su deber de comunicar
node-says-addresses-relays = las direcciones de los relés
node-says-else-member = quién más está en el círculo
node-says-anything-said-circle = lo que se dice en el círculo
node-says-whoever-runs-relay = quien lleva el relé
node-says-whoever-runs-relays = quienes llevan { $count } relés
node-says-random-topics-change-every-seven = temas al azar que cambian cada siete días y cada vez que se retira a alguien
node-says-when-sealed-envelopes-come-go = cuándo van y vienen sobres sellados, y cuál de tres tamaños tienen
node-says-connection-brings-envelope-first = qué conexión trae un sobre primero
node-says-connections-same-topics-devices = qué conexiones usan los mismos temas: cuántos dispositivos tiene el círculo, más o menos, y cuándo está cada uno
node-says-somebody-let-in-how-large = cuándo se deja entrar a alguien, y más o menos lo grande que es un círculo de más de unas veinte personas
node-says-circle-comes-goes-together = cuándo viene y va este círculo: de dos que siempre lo hacen a la vez se puede suponer que son de un mismo dispositivo
node-says-address-circles-circuits-own = tu dirección: cada uno de tus círculos tiene caminos propios por Tor
node-says-any-word-name-title = las palabras, los nombres y los títulos
node-says-name-envelope-written-members-call = con qué nombre se escribió un sobre, y cómo se llaman quienes están en el círculo
node-says-which-circle-topics = de qué círculo son sus temas
node-says-internet-provider-whoever-watches-line = tu proveedor de internet, o quien observe tu línea
node-says-use-tor-when-how-much = que usas Tor, cuándo, y cuánto pasa
node-says-relays-any-word-name-title = los relés, ni las palabras, los nombres, los títulos o los temas
node-says-reach-relays-addresses-when-how = que llegas a las direcciones de los relés, cuándo, y cuánto pasa
node-says-any-word-name-title-topic = las palabras, los nombres, los títulos y los temas
node-says-members-direct-link-device = quienes tienen un enlace directo con este dispositivo
node-says-when-online = cuándo estás en línea
node-says-address-link-goes-through-tor = tu dirección: el enlace va por Tor
node-says-every-member-circle-meets-others = cada persona de este círculo que también se encuentra directamente con otras
node-says-address-which-tells-roughly-where = tu dirección, que dice más o menos dónde estás y con qué proveedor
node-says-same-address-every-circle-where = la misma dirección en cada círculo donde lo elegiste: quien esté en dos de ellos puede saber que en los dos eres tú
node-says-relay-brings-members-together-beside = un relé que reúne a las personas del círculo, además de lo que ve de todos modos
node-says-which-connections-meet-each-other = cuáles de sus conexiones se encuentran directamente, y desde qué direcciones: que estas personas van juntas
node-says-whom-expect-sealed = a quién esperas: eso está sellado
node-says-anything-goes-between-without = lo que pasa entre vosotros sin él
node-says-addresses-members-linked-when-how = las direcciones de las personas con las que estás enlazado, cuándo, y cuánto pasa
node-says-members-direct-link-device-whoever = quienes tienen un enlace directo con este dispositivo, y quien observe la línea
node-says-address-when-online = tu dirección, y cuándo estás en línea
node-says-whoever-removed-left = quien fue retirado o se ha ido
node-says-they-had-read-before = lo que había leído antes
node-says-anything-written-after = lo que se escriba después
node-says-whoever-records-envelopes-now-large = quien grabe los sobres ahora y tenga algún día un gran ordenador cuántico
node-says-everything-circle-sealed-x25519-alone = todo: este círculo está sellado solo con X25519
node-says-members-circle = las personas de este círculo
node-says-wrote-while-one = lo que escribiste mientras estabas en él
node-says-anything-since = lo tuyo desde entonces
node-says-read-stays-device-until-delete = lo que lees queda en este dispositivo hasta que borres el perfil
node-says-said-erased-after-day = lo que se dijo se borra en el dispositivo de cada persona después de un día, en cuanto ese dispositivo funcione: así lo dice el círculo. Las copias que alguien hizo quedan con quien las hizo
node-says-said-erased-after-days = lo que se dijo se borra en el dispositivo de cada persona después de { $days } días, en cuanto ese dispositivo funcione: así lo dice el círculo. Las copias que alguien hizo quedan con quien las hizo
node-says-circle-erases-after-day-week = el círculo dice que lo que se dijo se borra después de un día: este dispositivo empieza cuando lo sabe desde hace una semana. Las copias que alguien hizo quedan con quien las hizo
node-says-circle-erases-after-days-week = el círculo dice que lo que se dijo se borra después de { $days } días: este dispositivo empieza cuando lo sabe desde hace una semana. Las copias que alguien hizo quedan con quien las hizo
node-says-sealed-envelopes-stay-device-30 = los sobres sellados quedan 30 días en este dispositivo, para que otros se pongan al día
node-says-nobody-sends-files-pictures-here = nadie envía archivos ni imágenes aquí
node-says-pictures-alone-sent-here = aquí solo se envían imágenes. Una no dice dónde ni cuándo se hizo, solo lo que muestra. Quien la recibe puede quedársela, y un relé ve más o menos lo grande que es
node-says-any-files-sent-here = aquí se envían archivos de todo tipo. Una imagen no dice dónde ni cuándo se hizo, solo lo que muestra; otros archivos van como son, con lo que su programa haya escrito en ellos. Quien recibe uno puede quedárselo, y un relé ve más o menos lo grande que es
node-says-keys-recorded-deleted-when-everybody = las claves de lo que se grabó se borran cuando todo el mundo ha seguido adelante: normalmente después de uno o dos días, como mucho después de 14, o de 60 en un círculo cuya mayoría no está. Mientras este dispositivo está apagado no borra nada
node-says-keys-one-state = las claves de un estado anterior siguen en este dispositivo, porque alguien puede necesitarlas
node-says-keys-states = las claves de { $count } estados anteriores siguen en este dispositivo, porque alguien puede necesitarlas
node-says-circle-no-relay = este círculo no tiene ningún relé: quien no esté cuando se retira a alguien no puede volver a llegar a él, salvo donde haya otras personas a la vez. Añade un relé, al menos por un tiempo, después de retirar a alguien
node-says-sealed-envelopes-stay-each-relay = los sobres sellados quedan en cada relé como mucho 30 días; quien lo aloja puede guardar menos
node-says-relay-circle-names-no-longer = un relé que el círculo ya no nombra se sigue usando, porque lo nombra una invitación abierta
node-says-relay-used-one-device = un relé que el círculo ya no nombra se sigue usando, porque un dispositivo quizá no conozca otro
node-says-relay-used-devices = un relé que el círculo ya no nombra se sigue usando, porque { $count } dispositivos quizá no conozcan otro
node-says-envelope-device-alone = un sobre tuyo sigue solo en este dispositivo
node-says-envelopes-device-alone = { $count } sobres tuyos siguen solo en este dispositivo
node-says-whoever-device-passphrase-finds-node = quien tenga este dispositivo y la frase de paso, o encuentre el nodo en marcha
node-says-everything-can-see = todo lo que tú puedes ver
node-says-drafts-check-ins-plan-too = tus borradores, lo que has anotado de cómo estás, tu plan, a quién has bloqueado y qué acuerdos has aceptado, aparte de aquellos con los que estuviste de acuerdo o con los que entraste: está solo en este dispositivo, y en las copias de seguridad que hagas de él
node-says-whoever-device-without-passphrase = quien tenga este dispositivo sin la frase de paso
node-says-program-here-how-much-keeps = que el programa está aquí, cuánto guarda y cuándo escribió por última vez
node-says-relays-settings-config-toml = los relés y ajustes de config.toml
node-says-any-word-name-title-circle = las palabras, los nombres, los títulos y los círculos
node-says-programs-run-under-user-device = los programas que funcionan con tu cuenta en este dispositivo
node-says-everything-over-nodes-socket-while = todo, por el socket del nodo, mientras el nodo está en marcha
node-says-relay-takes-grant-beside = un relé que acepta por concesión, además de lo que ve de todos modos
node-says-number-grant-draws-tokens-how-often = un número de la concesión del círculo con el que este dispositivo saca fichas, y con qué frecuencia
node-says-numbers-draw-devices-write = cuántos números de la concesión sacan fichas: más o menos, cuántos dispositivos escriben aquí
node-says-comes-invite-topic-grant = cuando alguien llega con una invitación abierta: que el tema de esa invitación es de esta concesión
node-says-host-other-keys-grant-pays-topic = si quien lo lleva hizo otras claves para cada concesión: qué concesión paga en qué tema
node-says-same-address-draws-writes = que la misma dirección saca y escribe
node-says-whose-number = de quién es ese número
node-says-which-grants-numbers-pays = cuál de los números de la concesión paga un sobre
node-says-internet-address = tu dirección de internet
node-says-address-local-network = tu dirección en la red local
node-says-everybody-same-local-network = todo el mundo en la misma red local, y quien la lleva
node-says-device-runs-windbreak-while = que en este dispositivo está en marcha Windbreak, mientras lo está
node-says-other-devices-exchanges-belong-together = con qué otros dispositivos de allí intercambia cuánto, y cuándo: que estas personas van juntas
node-says-which-circle-names-new-each-start = de qué círculo: los nombres son nuevos en cada inicio y no significan nada
node-says-every-member-same-local-network = cada persona de este círculo en la misma red local
node-says-which-device-yours-when-on = qué dispositivo de allí es el tuyo, y cuándo está encendido
node-says-same-device-every-circle-where = el mismo dispositivo en cada círculo donde lo elegiste: quien esté en dos de ellos puede saber que en los dos eres tú
node-says-internet-provider = tu proveedor de internet
node-says-anything-circle-leaves-local-network = nada de este círculo: de él no sale nada de la red local
node-says-holds-open-invite-same-local-network = quien tenga una invitación abierta y esté en la misma red local
node-says-which-device-answers-it = qué dispositivo de allí responde a ella
node-says-write-waits-device-same-local-network = lo que escribes espera en este dispositivo hasta que el dispositivo de alguien del círculo esté en la misma red local
node-says-whoever-sees-screen-notice = quien vea la pantalla de este dispositivo cuando se muestra una notificación
node-says-words-notices-same-everything = las palabras de las notificaciones, que son las mismas para todo
node-says-about-when-something-arrives = más o menos cuándo llega algo
node-says-whatever-program-named-arguments = lo que haga el programa que indicaste, y sus argumentos
node-says-what-it-is-who-says-which-circle = qué es, quién lo dice, o de qué círculo o perfil
node-says-every-other-user-machine = todas las demás personas con una cuenta en este equipo
node-says-notice-shown-words-while-program-runs = que se muestra una notificación, y sus palabras, mientras funciona el programa que la muestra

## node/src/api/route/agreement.rs

node-says-agreement-not-compared = no se pudo comparar el acuerdo

## node/src/api/route/circle.rs

node-says-nobody-becomes-facilitator-without-agreeing = nadie pasa a facilitar sin estar de acuerdo y declararse
node-says-propose-windbreak-member-promote = proponlo: windbreak member promote

## node/src/api/route/draft.rs

node-says-device-not-circle-any-more = este dispositivo ya no está en el círculo

## node/src/api/route/file.rs

node-says-bytes-file-not-base64 = los bytes del archivo no están en base64
node-says-write-them-alphabet-rfc-4648 = escríbelos en el alfabeto del RFC 4648, sección 4, con relleno

## node/src/api/route/item.rs

node-says-limit-not-between-1 = el límite no está entre 1 y { $max_page }
node-says-ask-fewer-items-once-again = pide menos cosas de una vez, y luego las que siguen
node-says-newest-items-do-not-stand = lo más nuevo no va detrás de otra cosa
node-says-leave-out-newest-after = quita `newest` o `after`

## node/src/api/route/join.rs

node-says-agreement-not-named-64-lower = el acuerdo no se nombra con las 64 cifras hexadecimales minúsculas de su hash
node-says-take-hash-came-text-shown = toma el hash que vino con el texto mostrado

## node/src/api/route/link.rs

node-says-address-not-one-node-can = una dirección no es de las que este nodo puede usar para un enlace directo
node-says-write-ip4-192-168-1 = escríbela como /ip4/192.168.1.7/tcp/4710
node-says-circle-most-addresses-each-sort = un círculo tiene como mucho { $max_addresses } direcciones de cada clase
node-says-take-some-away-first = quita antes algunas
node-says-circle-goes-through-tor-listening = este círculo va por Tor, y escuchar ahí mostraría la dirección de este dispositivo
node-says-listen-ip4-127-0-0 = escucha en /ip4/127.0.0.1/tcp/… para un servicio onion de tu Tor
node-says-circle-goes-through-tor-link = este círculo va por Tor, y este enlace mostraría la dirección de este dispositivo
node-says-use-members-onion3-address-change = usa la dirección /onion3/ de esa persona, o cambia el modo con: windbreak network set
node-says-onion-address-reached-through-tor = a una dirección onion solo se llega por Tor, y este círculo no lo usa
node-says-change-mode-windbreak-network-set = cambia el modo con: windbreak network set CIRCLE tor
node-says-circle-stays-local-network-links = este círculo se queda en la red local, donde sus integrantes se encuentran sin dar enlaces
node-says-choose-mode-links-first = elige antes un modo con enlaces: windbreak network set CIRCLE direct

## node/src/api/route/network.rs

node-says-goes-through-tor-none-relays = esto va por Tor, y ninguno de los relés tiene dirección onion
node-says-ask-relays-host-onion3-address = pide a quien lleva el relé su dirección /onion3/, o elige otro modo con --network
node-says-relays-onion-addresses-alone-which = los relés solo tienen direcciones onion, a las que solo llega Tor
node-says-choose-network-tor-name-relay = elígelo con --network tor, o nombra un relé con otra dirección
node-says-relay-circle-serves-another-circles = un relé de este círculo sirve a otro de tus círculos: sin Tor, quien lo lleva podría saber por dirección y hora que los dos son tuyos
node-says-use-another-relay-mode-tor = usa otro relé o el modo tor; o repítelo con `same_relay`, si eso no es un problema

## node/src/api/route/relay.rs

node-says-device-keeps-most-these-one = un dispositivo guarda como mucho { $limit } de estas para un círculo
node-says-take-another-one-away-first = quita antes otra

## node/src/api/route/search.rs

node-says-limit-not-between-1-2 = el límite no está entre 1 y { $max_found }
node-says-search-broke-off = la búsqueda se cortó
node-says-name-word = indica una palabra
node-says-look-fewer-words = busca menos palabras
node-says-search-goes-behind-no-id = aquello detrás de lo que sigue la búsqueda no es un identificador ni empieza como uno
node-says-give-eight-more-digits-small = da ocho o más de sus cifras, en minúsculas
node-says-more-than-one-item-id = más de una cosa tiene un identificador que empieza así
node-says-give-more-digits = da más cifras

## node/src/api/route/store.rs

node-says-path-backup-must-absolute = la ruta de una copia de seguridad tiene que ser completa
node-says-write-from-root-home = escríbela desde la raíz: /home/…
node-says-backup-passphrase-recipient = una copia de seguridad es para una frase de paso o para un destinatario
node-says-give-one-two = da una de las dos cosas

## node/src/hint.rs

node-says-a-mail-address = una dirección de correo
node-says-a-link = un enlace
node-says-a-name-on-a-network = un nombre en una red
node-says-a-telephone-number = un número de teléfono
node-says-a-street-address = una dirección postal
node-says-a-postcode = un código postal
node-says-where-somebody-lives = dónde vive alguien
node-says-where-somebody-works-or-learns = dónde trabaja o estudia alguien

## node/src/relay/grants.rs

node-says-grants-hold-allow-much-relay-account = las concesiones que valen ya permiten tanto como este relé puede llevar en cuenta
node-says-grant-less-revoke-one = concede menos, o revoca una: windbreak relay grant list
node-says-there-no-such-grant = esa concesión no existe
node-says-see-grants-there = mira las que hay con: windbreak relay grant list
node-says-relay-failed-grant = el relé falló con una concesión
node-says-relay-open-everybody-no-grants = este relé está abierto a todo el mundo, así que no tiene concesiones
node-says-set-admission-grant-relay-toml = pon admission = "grant" en relay.toml y reinícialo
node-says-grant-members-mib-weeks = una concesión es para entre 1 y 512 integrantes, 4 MiB por semana o un múltiplo para cada uno, y entre 1 y 27 semanas
node-says-choose-numbers-within-bounds = elige números dentro de estos límites
node-says-relay-cannot-write-room-disk = el relé no puede escribir: no hay sitio, o falla el disco
node-says-make-room-then-try-again = haz sitio, y vuelve a intentarlo

## node/src/api/extract.rs

node-says-id-path-not-64-digits = un identificador de la ruta no tiene 64 cifras hexadecimales minúsculas
node-says-take-whole-id-list = toma el identificador entero de una lista
node-says-path-lacks-ids = a la ruta le faltan sus identificadores
node-says-compare-openapi = compárala con /v1/openapi.json
node-says-body-must-json = el contenido tiene que ser JSON y decirlo
node-says-send-header-content-type = envía la cabecera content-type: application/json
node-says-request-longer-than-bytes = la petición tiene más de { $max_body } bytes
node-says-send-less-once = envía menos de una vez
node-says-request-broke-off = la petición se cortó
node-says-send-it-again = envíala otra vez
node-says-many-pictures-being-sent = se están enviando tantas imágenes como caben
node-says-send-again-moment = envíala de nuevo dentro de un momento

## node/src/api/server.rs

node-says-nothing-path = en esta ruta no hay nada
node-says-see-openapi-there = lo que hay está en /v1/openapi.json
node-says-path-does-not-take-method = esta ruta no acepta este método
node-says-see-openapi-takes = lo que acepta está en /v1/openapi.json

## node/src/api/route/grant.rs

node-says-grant-one-relay-none-several = una concesión es de un solo relé, y este círculo no tendría ninguno o tendría varios
node-says-name-one-alone-add-others = nombra solo ese, y añade los demás después: windbreak relay add CIRCLE ADDRESS

## node/src/desk.rs

node-says-device-cannot-use-recovery-phrase = este dispositivo no puede usar una frase de recuperación

## node/src/notice

node-says-quiet-hours-two-times = las horas de calma son dos horas del día, de 00:00 a 23:59
node-says-write-them-like-hours = escríbelas así: 22:00-07:30
node-says-quiet-hours-begin-end-one-time = estas horas de calma empiezan y acaban a la misma hora
node-says-choose-two-times-notices-off = elige dos horas, o quita las notificaciones
node-says-machine-knows-no-time-zone = este equipo no conoce esa zona horaria
node-says-name-zone-leave-out = indica una como Europe/Berlin, o no la indiques: entonces vale la de este equipo
node-says-notices-nothing-none = notificar de nada es no notificar
node-says-name-notices-for-turn-off = di para qué son, o quítalas
node-says-one-notice-next-minutes = de una notificación a la siguiente hay de 1 a { $max_notice_minutes } minutos
node-says-words-notice-one-line = las palabras de una notificación son una línea de como mucho { $max_notice_chars } caracteres
node-says-make-shorter-say-nothing-others = acórtala, y no digas en ella nada que otros no deban ver
node-says-program-most-arguments-bytes = el programa tiene como mucho { $max_notice_args } argumentos, y con ellos { $max_notice_command } bytes
node-says-put-longer-into-script = pon en un script lo que sea más largo, e indica ese
node-says-there-no-such-program = ese programa no está en este equipo
node-says-name-whole-path-file-run = indícalo con su ruta completa, como un archivo que se pueda ejecutar
node-says-desktop-no-program-notices = este escritorio no tiene ningún programa que muestre notificaciones: ni notify-send ni osascript están en la ruta de búsqueda
node-says-install-one-name-program = instala uno (en Debian: libnotify-bin), o indica un programa tuyo: windbreak notify command -- PROGRAM
node-says-program-notices-not-started = no se pudo iniciar el programa que muestra las notificaciones
node-says-program-notices-ended-code = el programa que muestra las notificaciones terminó con el código { $code }
node-says-program-notices-ended-signal = una señal terminó el programa que muestra las notificaciones
node-says-program-notices-too-long = el programa que muestra las notificaciones tardó demasiado y fue terminado
node-says-try-program-hand-name-another = prueba el programa a mano, o indica otro: windbreak notify command -- PROGRAM
node-says-another-notice-shown = se está mostrando otra notificación
node-says-wait-seconds-try-again = espera unos segundos, y vuelve a intentarlo

## node/src/personal

node-says-check-in-number-0-10 = una anotación es un número de 0 a 10
node-says-choose-fits-best = elige el que mejor encaje
node-says-words-check-in-characters = las palabras de una anotación tienen como mucho { $max_check_in_chars } caracteres
node-says-device-keeps-check-ins = este dispositivo guarda como mucho { $max_check_ins } anotaciones
node-says-delete-some-not-needed = borra algunas que ya no necesites
node-says-check-in-not-written-down = no se pudo guardar una anotación
node-says-there-no-such-check-in = esa anotación no existe
node-says-list-check-ins-find-id = mira las anotaciones para encontrar su identificador
node-says-there-no-such-draft = ese borrador no existe
node-says-list-drafts-find-id = mira los borradores para encontrar su identificador
node-says-device-keeps-drafts = este dispositivo guarda como mucho { $max_drafts } borradores
node-says-send-delete-one-draft = envía o borra uno: windbreak draft list
node-says-device-keeps-mib-drafts = este dispositivo guarda como mucho { $mib } MiB de borradores
node-says-draft-not-written-down = no se pudo guardar un borrador
node-says-there-no-text-keep = no hay texto que guardar
node-says-write-some = escribe algo
node-says-text-most-kib-title-content-note = un texto tiene como mucho { $kib } KiB, un título { $max_title_chars } y una nota de contenido { $max_content_note_chars } caracteres
node-says-make-shorter-two = acórtalo, o haz dos de él
node-says-plan-most-parts = un plan tiene como mucho { $max_plan_parts } partes
node-says-plan-make-one-two = haz de dos una, o quita una: windbreak plan
node-says-plan-part-not-written-down = no se pudo guardar una parte del plan
node-says-plan-place-number = un lugar en tu plan es un número de 1 a { $count }
node-says-plan-see-parts-numbers = mira las partes con sus números: windbreak plan
node-says-plan-no-such-part = tu plan no tiene esa parte
node-says-plan-part-needs-title = una parte de tu plan necesita un título
node-says-plan-name-few-words = nómbrala con pocas palabras tuyas
node-says-plan-title-characters = el título de una parte tiene como mucho { $max_plan_title_chars } caracteres
node-says-plan-title-shorter = acórtalo; en las palabras de la parte cabe más
node-says-plan-words-kib = las palabras de una parte tienen como mucho { $kib } KiB
node-says-plan-words-shorter = acórtalas, o haz de ellas dos partes

## what the system says

node-says-entity-not-found = no se encontró
node-says-permission-denied = sin permiso
node-says-connection-refused = conexión rechazada
node-says-connection-reset = conexión cortada
node-says-connection-aborted = conexión interrumpida
node-says-not-connected = sin conexión
node-says-connection-failed-stream = falló la conexión
node-says-peer-not-agree-protocol-time = la otra parte no acordó el protocolo a tiempo
node-says-peer-not-speak-protocol = la otra parte no habla el protocolo
node-says-peer-not-connected-not-any = la otra parte no está conectada, o ya no lo está
node-says-streams-protocol-taken-already = los flujos de este protocolo ya están ocupados
node-says-host-unreachable = equipo inaccesible
node-says-network-unreachable = red inaccesible
node-says-network-down = sin red
node-says-address-in-use = dirección ya en uso
node-says-address-not-available = dirección no disponible
node-says-broken-pipe = el otro lado se cerró
node-says-entity-already-exists = ya existe
node-says-not-a-directory = no es una carpeta
node-says-is-a-directory = es una carpeta
node-says-directory-not-empty = la carpeta no está vacía
node-says-read-only-filesystem = el disco es de solo lectura
node-says-invalid-input-parameter = dato no válido
node-says-invalid-data = datos no válidos
node-says-timed-out = tardó demasiado
node-says-write-zero = no se escribió nada
node-says-no-storage-space = no hay sitio en el disco
node-says-quota-exceeded = se alcanzó la cuota
node-says-file-too-large = el archivo es demasiado grande
node-says-resource-busy = en uso ahora
node-says-operation-interrupted = interrumpido
node-says-unsupported = no es posible en este sistema
node-says-unexpected-end-of-file = fin inesperado del archivo
node-says-out-of-memory = no queda memoria
node-says-other-error = otro error
node-says-uncategorized-error = otro error
