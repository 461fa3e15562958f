# What the engine says, as the node sends it. Where one of these texts arrives, it is said in the
# language of whoever reads it.

## protocol/src/circle/acts.rs

node-says-neither-share-nor-reply = esto no es un aporte ni una respuesta
node-says-said-those-here-then-somebody = se dijo para quienes estaban entonces, y desde entonces ha llegado alguien
node-says-only-wrote-may-do = eso solo puede hacerlo quien lo escribió
node-says-author-took-back = quien lo escribió lo retiró
node-says-circle-keeps-nothing-so-long = el círculo no conserva nada tanto tiempo
node-says-only-facilitator-may-do = eso solo puede hacerlo una persona facilitadora
node-says-only-wrote-share-may-do = eso solo puede hacerlo quien escribió el aporte
node-says-there-no-such-word = no existe esa palabra

## protocol/src/circle/agreement.rs

node-says-no-such-circle = no existe ese círculo
node-says-no-longer-circle = ya no estás en este círculo
node-says-only-facilitator-does = eso lo hace solo una persona facilitadora
node-says-agreement-changed-since-shown = el acuerdo ha cambiado desde que se mostró
node-says-there-no-text = no hay texto
node-says-agreement-already = ese ya es el acuerdo
node-says-text-longer-than-bytes-characters = el texto tiene más de { $limit } bytes o caracteres
node-says-no-such-proposal = no existe esa propuesta
node-says-proposal-over = esta propuesta ya terminó
node-says-agreed-already = ya has dicho que sí a esto

## protocol/src/circle/block.rs

node-says-no-such-member = no hay nadie así en el círculo
node-says-that-is-you = eres tú
node-says-they-not-blocked = esa persona no está plegada
node-says-most-members-blocked-once = como mucho { $limit } personas están plegadas a la vez

## protocol/src/circle/change.rs

node-says-only-facilitator-invites = solo invita una persona facilitadora
node-says-invite-1-uses = una invitación vale para entre 1 y { $max_invite_uses } personas
node-says-invite-lasts-from-minute-days = una invitación dura entre un minuto y { $value } días
node-says-invites-open-already = ya hay { $max_open_invites } invitaciones abiertas
node-says-no-such-invite = no existe esa invitación
node-says-text-invite-device-made = el texto de esta invitación está en el dispositivo que la hizo
node-says-invite-admits-nobody-any-more = esta invitación ya no deja entrar a nadie
node-says-only-facilitator-removes-members = solo una persona facilitadora retira a integrantes
node-says-go-yourself-leave-circle = para irte tú, deja el círculo
node-says-reason-longer-than-characters = el motivo tiene más de { $limit } caracteres

## protocol/src/circle/consent.rs

node-says-they-only-listen-here = esa persona solo escucha aquí
node-says-they-facilitator-already = esa persona ya facilita
node-says-they-no-facilitator = esa persona no facilita
node-says-nobody-else-holds-circle = nadie más sostiene el círculo
node-says-facilitator-declares-duty-report-there = una persona facilitadora declara un deber de comunicar, o que no lo tiene
node-says-text-longer-than-characters = el texto tiene más de { $limit } caracteres
node-says-others-agree = decir que sí a esto es cosa de otras personas

## protocol/src/circle/device.rs

node-says-no-such-device-circle = no tienes ese dispositivo en este círculo
node-says-only-device-which-came-into = solo el dispositivo con el que entraste en el círculo añade otros
node-says-devices-circle-more-not-allowed = tienes { $max_devices_per_member } dispositivos en este círculo, y no se permiten más
node-says-no-new-device-asks-shows = ningún dispositivo nuevo que pida entrar muestra este número
node-says-needs-recovery-phrase = esto necesita tu frase de recuperación
node-says-not-recovery-phrase = esa no es tu frase de recuperación
node-says-device-cannot-take-itself-out = un dispositivo no puede retirarse a sí mismo

## protocol/src/circle/files.rs

node-says-nobody-sends-files-circle = nadie envía archivos en este círculo
node-says-only-pictures-sent-circle = en este círculo solo se envían imágenes
node-says-file-empty = el archivo está vacío
node-says-file-longer-than-bytes = el archivo tiene más de { $limit } bytes
node-says-name-file-longer-than-characters = el nombre del archivo tiene más de { $limit } caracteres
node-says-picture-says-more-than-shows = la imagen dice más de lo que muestra, como dónde se hizo

## protocol/src/circle/listener.rs

node-says-only-facilitator-says-listens = solo una persona facilitadora dice quién escucha
node-says-facilitator-does-not-only-listen = una persona facilitadora no escucha solamente
node-says-they-role-already = esa persona ya tiene ese papel

## protocol/src/circle/lobby.rs

node-says-only-facilitator-admits-declines = solo una persona facilitadora deja entrar o no
node-says-no-such-knock = no existe esa llamada
node-says-invite-no-longer-admits = la invitación ya no deja entrar
node-says-knock-answered-device-made-invite = a esta llamada responde el dispositivo que hizo su invitación
node-says-newcomer-accepted-older-agreement = la persona nueva aceptó un acuerdo anterior

## protocol/src/circle/relays.rs

node-says-only-facilitator-names-circles-relays = solo una persona facilitadora nombra los relés de un círculo
node-says-circle-names-most-relays = un círculo nombra como mucho { $max_relays } relés

## protocol/src/circle/reports.rs

node-says-author-took-back-nothing-here = quien lo escribió lo retiró, y aquí no queda nada que mostrar a nadie
node-says-wrote-yourself = eso lo escribiste tú
node-says-nobody-circle-read-report = en el círculo no hay nadie que lea un aviso
node-says-reported-already = ya has avisado de eso
node-says-most-reports-one-member-kept = como mucho se conservan a la vez { $limit } avisos de una persona
node-says-no-such-report = no existe ese aviso
node-says-not-yours-do = eso no te toca a ti
node-says-report-not-closed = el aviso no está cerrado
node-says-most-appeals-made-one-report = como mucho se pide { $limit } veces volver a mirar un aviso

## protocol/src/circle/send.rs

node-says-text-longer-than-bytes = el texto tiene más de { $limit } bytes
node-says-title-content-note-longer-than = el título o la nota de contenido tiene más de { $limit } caracteres
node-says-no-such-share-reply = no existe ese aporte ni esa respuesta
node-says-answers-not-open-those = aquello a lo que esto responde no está abierto a quienes lleguen después
node-says-circles-agreement-not-accepted-device = el acuerdo del círculo no está aceptado en este dispositivo
node-says-only-listen-circle = en este círculo solo escuchas
node-says-device-come-into-circle-anew = este dispositivo tiene que entrar antes de nuevo en el círculo
node-says-facilitator-muted-while = una persona facilitadora te ha silenciado por un tiempo
node-says-too-much-waits-sent-already = ya hay demasiado por enviar
node-says-circle-damaged-device = este círculo está dañado en este dispositivo

## protocol/src/circle/steward.rs

node-says-there-no-reason = no hay ningún motivo
node-says-facilitator-not-muted = a una persona facilitadora no se la silencia
node-says-mute-lasts-between-minute-days = un silencio dura entre un minuto y { $days } días
node-says-most-minutes-stand-between-two = entre dos aportes hay como mucho { $limit } minutos
node-says-does-not-hold-now = eso no vale ahora

## protocol/src/engine/command.rs

node-says-title-name-needed = hacen falta un título y un nombre
node-says-longer-than-characters-bytes = demasiado largo ({ $field }): más de { $limit } caracteres o bytes
node-says-relays-address-not-one = la dirección de un relé no lo es
node-says-circle-most-relays = un círculo tiene como mucho { $max_relays } relés
node-says-too-many-circles-device = demasiados círculos en este dispositivo
node-says-suite-cannot-used-device = ese cifrado no se puede usar en este dispositivo

## protocol/src/joining/mod.rs

node-says-no-attempt-join-invite = no estás entrando con esta invitación
node-says-already-circle = ya está en este círculo
node-says-card-circle-not-arrived-yet = la tarjeta del círculo aún no ha llegado
node-says-invite-used-up = esta invitación se ha gastado
node-says-invite-expired = esta invitación ha caducado
node-says-invite-revoked = esta invitación fue retirada
node-says-circles-card-does-not-say = la tarjeta del círculo no dice qué tendrían que comunicar sus personas facilitadoras
node-says-agreement-accepted-not-circles = el acuerdo aceptado no es el del círculo
node-says-another-device-same-person = esto es para otro dispositivo de la misma persona
node-says-invite-person = esta es una invitación para una persona
node-says-knock-way-already = ya hay una llamada en camino
node-says-name-needed = hace falta un nombre
node-says-name-note-longer-than-characters = el nombre o la nota tiene más de { $limit } caracteres
node-says-card-circle-cannot-used = la tarjeta del círculo no se puede usar

## protocol/src/view/file.rs

node-says-no-file-goes-along = a esto no lo acompaña ningún archivo
node-says-pieces-file-here = { $here } de { $of } piezas del archivo están aquí
node-says-file-not-kept-device-newer = el archivo no se guarda en este dispositivo: otros más nuevos ocuparon su sitio, o lo que llegó no era eso
node-says-file-not-picture-says = el archivo no es la imagen que dice ser
node-says-piece-file-cannot-read-from = una pieza del archivo no se puede leer del almacén

## protocol/src/admission/grant.rs

node-says-not-text-grant = este no es el texto de una concesión
node-says-character-grant-wrong-missing = un carácter de la concesión está mal o falta
node-says-grant-made-newer-version = la concesión es de una versión más nueva

## protocol/src/invite/relay.rs

node-says-relays-address-1-visible-ascii = la dirección de un relé tiene entre 1 y { $max_relay_address } caracteres ASCII visibles

## protocol/src/invite/text.rs

node-says-not-invite-invite-starts-windbreak = esto no es una invitación: una invitación empieza por «windbreak:»
node-says-use-windbreak-device-join = úsalo con windbreak device join
node-says-use-windbreak-join = úsala con windbreak join
node-says-longer-than-any-invite = esto es más largo que cualquier invitación
node-says-paste-invite-alone = pega solo la invitación
node-says-invite-damaged-part-missing-changed = la invitación está dañada: falta una parte o se cambió
node-says-copy-whole-invite-again = copia otra vez la invitación entera
node-says-invite-made-newer-version-windbreak = la invitación es de una versión más nueva de windbreak
node-says-update-windbreak-use = actualiza windbreak para usarla
node-says-invite-not-made-windbreak-broken = la invitación no la hizo windbreak, o la hizo una versión defectuosa
node-says-ask-new-one = pide una nueva

## protocol/src/circle/grants.rs

node-says-only-facilitator-gives-grant-relay = solo una persona facilitadora da a un círculo la concesión de un relé
node-says-circle-does-not-name-relay = el círculo no nombra ese relé
node-says-grant-over = la concesión ha terminado
node-says-grant-not-begun-clock-device = según el reloj de este dispositivo, la concesión aún no ha empezado
node-says-grant-circle-needs = la concesión es para { $has }, y este círculo necesita { $needs }
