# Circles, agreements, members, invites, moderation, reports.

## circle

circle-circle-made-hold = El círculo «{ $title }» está creado, y lo sostienes como { $my_name }.
circle-no-relay-others-reach = No tiene relé: los demás solo llegan a él por un enlace directo, mientras estén las dos partes. Un relé guarda los sobres de quienes no están.
circle-next-windbreak-invite-new = Ahora: windbreak invite new { $title }
circle-no-circle-yet = Todavía no estás en ningún círculo.
circle-make-one-windbreak-circle = Crea uno: windbreak circle new TITLE --name NAME, o entra en uno: windbreak join CODE
circle-member = { $members ->
    [one] { $members } integrante
   *[other] { $members } integrantes
}
circle-lobby = { $people }, { $knocks } en el vestíbulo
circle-agreement-accept = { $people }, un acuerdo por aceptar
circle-leaving = te estás yendo
circle-left = te has ido
circle-removed = te han retirado
circle-device-taken-out = este dispositivo fue retirado
circle-copy-took-devices-place = una copia ocupa el lugar de este dispositivo
circle-id = Id.
circle-you = Tú
circle-standing = Situación
circle-leaving-another-members-device = te estás yendo; el dispositivo de otra persona aún tiene que retirar el tuyo
circle-left-kept-device = te has ido; lo que tienes se conserva en este dispositivo
circle-removed-kept-device = te han retirado; lo que tienes se conserva en este dispositivo
circle-other-device-took-one = tu otro dispositivo retiró este; lo que tiene se conserva aquí
circle-copy-device-came-into = una copia de este dispositivo entró en el círculo en su lugar, porque dos no pueden usar una misma clave; lo que este tiene se conserva aquí. Para usar los dos: windbreak device add, en la copia
circle-sealed = Sellado con
circle-x25519-ml-kem-768 = X25519 y ML-KEM-768 juntos: lo que se grabe hoy queda cerrado
circle-relay = Relé
circle-none-direct-links-only = ninguno: solo enlaces directos
circle-kept = Guardado
circle-long-authors-leave = mientras lo dejen quienes lo escribieron
circle-shorter = Menos tiempo
circle-erased-from = es menos que antes; en este dispositivo no se borra nada por ello antes de { $from }: windbreak steward log dice por qué
circle-said-erased-after-days = { $days ->
    [1] lo que se dice se borra después de un día
   *[other] lo que se dice se borra después de { $days } días
}
circle-files = Archivos
circle-before = Antes de ti
circle-invites = Invitaciones
circle-open = { $open_invites } abiertas
circle-lobby-2 = Vestíbulo
circle-waiting = { $knocks } esperando
circle-sent = Por enviar
circle-device = Este equipo
circle-coming-into-circle-anew = está entrando de nuevo en el círculo: lo que guarda es antiguo, o fue copiado. Ocurre por sí solo cuando se pueda llegar a otra persona del círculo
circle-asks-in-vain = Lo pide desde hace horas, y nadie ha podido dejarlo entrar. Si otras personas estuvieron ahí en ese tiempo, deja el círculo y pide a alguien una invitación nueva: windbreak circle leave { $title }
circle-unsaid = volvió a lo que guardaba antes. { $unsaid ->
    [one] Espera una cosa que escribiste hasta entonces
   *[other] Esperan { $unsaid } cosas que escribiste hasta entonces
}: después pudo retirarse. Quien estaba lo dirá por sí solo, cuando se pueda llegar a alguien
circle-history = Historia
circle-members = Integrantes
circle-agreement-version = Acuerdo, versión { $agreement_version }
circle-not-accepted-device-yet = Aún no aceptado en este dispositivo: hasta entonces aquí no se lee ni se dice nada.
circle-read-decide-windbreak-agreement = Léelo y decide: windbreak agreement accept { $title }
circle-none = Ninguno.
circle-node-asks-others-opened = tu nodo pide a los demás lo que se abrió para quienes llegan después
circle-opened-those-join-later = lo que se abrió para quienes llegan después está aquí; lo demás queda con quienes estaban
circle-said-here-far-whoever = lo que se dijo está aquí, hasta donde sabe quien te lo contó
circle-nobody-answered-long-opened = nadie respondió en mucho tiempo; lo que se abrió para quienes llegan después no está aquí
circle-times = { $times ->
    [1] Una vez
    [2] Dos veces
   *[other] { $times } veces
}
circle-came-together-again-itself = se volvió a unir por sí solo. No se perdió nada, y no hay nada que hacer.
circle-coming-together-itself-changed = se está uniendo por sí solo: lo que se cambió en un lado se está haciendo de nuevo. No hay nada que hacer.
circle-week-circle-changed-two = { $often } esta semana el círculo se cambió en dos sitios a la vez; { $outcome }
circle-said-erased-after-days-2 = Lo que se dice se borra después de { $days } días, en cada dispositivo en cuanto funcione.
circle-said-kept-long-authors = Lo que se dice se conserva mientras lo dejen quienes lo escribieron.
circle-week-before-erased = Se entera todo el círculo, con el motivo, y tiene una semana: ningún dispositivo borra nada por ello antes de saberlo durante 7 días.
circle-left-others-wrote-stays = Has dejado «{ $title }». Lo que otras personas escribieron queda en sus dispositivos.
circle-nobody-left-could-invite = No queda nadie que pueda invitar o retirar a alguien.
circle-left-circle-already = ya has dejado este círculo
circle-removed-from-circle = te retiraron de este círculo
circle-device-taken-out-circle = tu otro dispositivo retiró este del círculo
circle-copy-device-took-place = una copia de este dispositivo ocupa su lugar
circle-read-before-stays-readable = lo que leíste antes se puede seguir leyendo: windbreak read CIRCLE
circle-leave-good = ¿Dejar «{ $title }» para siempre?
circle-nobody-else-holds-circle = Nadie más sostiene este círculo: sin ti, nadie podría invitar o retirar a alguien. { $question }
circle-leave-untold = Nadie ha dejado entrar de nuevo a este dispositivo, así que puede que las demás personas no se enteren: te ven en el círculo hasta que alguien te retire. { $question }
circle-would-report-others-law = ¿Qué tendrías que comunicar a otros, por ley o por tu trabajo (o: nada)?
circle-undeclared = nadie sostiene un círculo sin decir qué tendría que comunicar a otros
circle-undeclared-next = dilo con --declaration TEXT, también si no es nada
circle-erase-older-than-days = ¿Borrar lo que tenga más de { $days } días en «{ $title }», en los dispositivos de todas las personas?
circle-another-circle-title-commands = Estás en otro círculo con este título: las órdenes necesitarán un identificador.
circle-grant = Concesión
circle-grant-given-device = dada a este dispositivo; lo que queda: windbreak relay list

## agreement

agreement-lines-new-lines-gone = Las líneas con + son nuevas, las líneas con - ya no están.
agreement-agrees = Lo que acuerda «{ $title }»
agreement-changed-since-accepted = Ha cambiado desde que lo aceptaste:
agreement-nothing-writing = Nada por escrito.
agreement-version = Versión
agreement-accepted = Aceptado
agreement-yes-device = sí, en este dispositivo
agreement-not-yet-device-until = aún no en este dispositivo: hasta entonces aquí no se lee ni se dice nada
agreement-if-agree-windbreak-agreement = Si estás de acuerdo: windbreak agreement accept { $title }
agreement-proposed = Propuesto: { $id }
agreement-by = Por { $name }, { $since }; { $stage }.
agreement-if-agree-windbreak-agreement-2 = Si estás de acuerdo: windbreak agreement consent { $title } { $id }
agreement-lapsed-after-14-days = caducó a los 14 días; vuelve a proponerlo si importa
agreement-done-no-longer-possible = hecho, o ya no es posible
agreement-more-members-agree = { $missing ->
    [one] falta el acuerdo de { $missing } persona más
   *[other] falta el acuerdo de { $missing } personas más
}
agreement-enough-agree-being-done = hay acuerdo suficiente; se está haciendo
agreement-accept-agrees-nobody-told = Aceptas lo que acuerda «{ $title }». Nadie se entera.
agreement-next-windbreak-read = Ahora: windbreak read { $title }
agreement-holds-enough-agree-already = Vale: ya hay acuerdo suficiente.
agreement-proposed-agree = Está propuesto, y estás de acuerdo.
agreement-holds-soon-more-than = Vale en cuanto esté de acuerdo más de la mitad de las personas del círculo.
agreement-see-how-far-come = Mira cómo va: windbreak agreement show CIRCLE
agreement-agree-accepted-if-comes = Estás de acuerdo, y lo has aceptado si llega a valer.
agreement-agree-agrees-from-now = ¿De acuerdo en que «{ $title }» acuerde esto desde ahora?
agreement-do-accept = ¿Aceptas esto?
agreement-cannot-read-agreement = no se puede leer el acuerdo
agreement-empty = el acuerdo no tiene texto
agreement-empty-next = escribe lo que acuerda el círculo
agreement-no-text = el acuerdo no es texto en UTF-8
agreement-no-text-next = guárdalo como texto simple
agreement-long = el acuerdo tiene más de { $max_agreement } bytes, y no caben más
agreement-long-next = acórtalo

## member

member-removed-reads-nothing-said = { $name } ya no está en el círculo y no lee nada de lo que se diga desde ahora.
member-they-read-stays-them = Lo que leyó queda con esa persona, y las invitaciones abiertas sin vestíbulo se cierran.
member-declared-everybody-sees-before = Declarado. Todo el mundo lo ve antes de volver a compartir y antes de entrar.
member-would-report-others = Lo que { $name } tendría que comunicar a otros:
member-not-said-whether-they = { $name } no ha dicho si tiene un deber de comunicar.
member-facilitator = facilita
member-co-facilitator = cofacilita
member-listener = solo escucha
member-you = tú
member-blocked = plegado por ti
member-only-listens-here-from = { $name } solo escucha aquí desde ahora: lee, decide con los demás y puede irse.
member-speaks-here-again = { $name } vuelve a hablar aquí.
member-they-say-folded-away = { $name }: lo que dice esta persona queda plegado en este dispositivo.
member-they-say-shown-again = { $name }: lo que dice esta persona se vuelve a mostrar.
member-nobody-told-they-still = Nadie se entera. Esa persona sigue leyendo lo que dices al círculo.
member-former-member = alguien que ya no está
member-remove-from = ¿Retirar a { $member } de «{ $title }»?
member-give-up-role-facilitator = ¿Dejar tu papel de persona facilitadora de «{ $title }»?
member-agree = ¿De acuerdo, en «{ $title }», con esto: { $sentence }?
member-unknown-proposal = esta no es una propuesta de sucesión
member-unknown-proposal-next = mira las que hay con: windbreak succession status CIRCLE
member-they = Esta persona

## proposal

proposal-nothing-proposed-here = Aquí no se ha propuesto nada.
proposal-proposed = propuesto por { $name }, { $since }
proposal-agree-if-do-windbreak = Di que sí, si quieres: windbreak member consent CIRCLE ID
proposal-becomes-facilitator = { $name } pasa a facilitar
proposal-facilitator-no-longer = { $name } deja de facilitar
proposal-removed-from-circle = { $name } sale del círculo
proposal-becomes-facilitator-since-none = { $name } pasa a facilitar, porque nadie que facilite responde
proposal-word-asked = ; se pide tu palabra
proposal-facilitators = { $count ->
    [one] { $count } persona facilitadora
   *[other] { $count } personas facilitadoras
}
proposal-members = { $count ->
    [one] { $count } integrante
   *[other] { $count } integrantes
}
proposal-and = {" "}y{" "}
proposal-still-agree = faltan por decir que sí: { $missing }{ $asks }
proposal-enough-agree-done-if = hay acuerdo suficiente; se hace si ninguna persona facilitadora responde en 72 horas{ $asks }
proposal-proposed-2 = Está propuesto: { $sentence }.
proposal-they-asked-whether-they = Se le pregunta si quiere. Su respuesta: windbreak member consent.
proposal-more-than-half-all = Tiene que estar de acuerdo más de la mitad del círculo, y la persona misma. Después el círculo espera 72 horas una palabra de alguien que facilite. Quien facilitaba antes sigue facilitando: si no responde, la persona nueva propone con `windbreak member demote` que deje de hacerlo.
proposal-others-must-agree-all = Otras personas tienen que estar de acuerdo; todo el círculo lo ve, también la persona de quien se trata.
proposal-see-how-far-come = Mira cómo va: windbreak member proposals CIRCLE
proposal-agree = Estás de acuerdo: { $sentence }.
proposal-done-soon-enough-agree = Se hace en cuanto haya acuerdo suficiente. De ti no hace falta nada más.
proposal-facilitator-no-longer-stay = Ya no facilitas. Sigues en el círculo.

## invite

invite-people = { $uses ->
    [1] una persona
   *[other] { $uses } personas
}
invite-comes-waits-lobby-until = Quien llega espera en el vestíbulo hasta que le abran.
invite-comes-let-once = Quien llega entra enseguida.
invite-for = Para { $people }, { $expires }. { $door }
invite-whoever-can-knock-give = Quien tenga esto puede llamar a la puerta: dalo por un medio de confianza, a la persona para quien es.
invite-there-no-invites = No hay invitaciones.
invite-open = abierta, { $expires }
invite-not-out-yet-no = aún no ha salido: no la tiene ningún relé ni el dispositivo de nadie
invite-used = usada
invite-expired = caducada
invite-revoked = retirada
invite-closed-removal = cerrada al retirar a alguien
invite-lobby = vestíbulo
invite-yours = tuya
invite-used-2 = { $used } de { $uses } usadas
invite-invite-taken-back-knocks = La invitación queda retirada. A quien llame con ella desde ahora no se le abre.
invite-not-yours = otro dispositivo hizo esta invitación, y solo ese puede mostrarla
invite-not-yours-next = haz una tuya: windbreak invite new CIRCLE
invite-terminal-too-narrow-picture = Esta terminal es demasiado estrecha para la imagen; usa la línea.
invite-invite-too-long-picture = Esta invitación es demasiado larga para una imagen; usa su línea.
invite-comes-only-listens = Quien llegue solo escucha hasta que una persona facilitadora diga otra cosa: windbreak member role
invite-lobby-listeners = vestíbulo, solo escuchar
invite-listeners = solo escuchar

## join

join-not-joining-any-circle = No estás entrando en ningún círculo.
join-circle = un círculo
join-circle-2 = el círculo
join-read-said-from-now = Ya estás dentro: { $title }. Lees lo que se diga desde ahora.
join-waits-decision = { $title } espera tu decisión.
join-joining = Entrando en { $title }: { $stage }
join-goes-background-look-again = Sigue en segundo plano. Vuelve a mirar con: windbreak join
join-no-longer-joining-invite = Ya no estás entrando con esta invitación.
join-copy-whole-invite-again = copia otra vez la invitación entera, desde «windbreak:»
join-unknown-join = no estás entrando con esta invitación, así que no hay nada que dejar
join-unknown-join-next = mira dónde estás entrando: windbreak join
join-looking-circle-says-about = Buscando lo que el círculo dice de sí mismo
join-knocked-waiting-answer = Has llamado a la puerta; esperando respuesta
join-no-network = no se oyó nada del círculo: { $trouble }
join-no-network-next = tu nodo sigue intentándolo; mira cómo está con: windbreak node status
join-not-let-no-reason = no te dejaron entrar; no se dio ningún motivo
join-not-let = no te dejaron entrar: { $words }
join-declined-next = si conoces a alguien del círculo, habla con esa persona
join-no-card-yet = aún no se oyó nada del círculo; puede que falte el relé, o que este dispositivo no tenga red
join-no-card-yet-next = tu nodo sigue buscando; vuelve a escribir la misma orden, con nombre y sí: se piden en cuanto haya algo que aceptar
join-goes-background-windbreak-join = Sigue en segundo plano; `windbreak join` muestra cómo va.
join-agreement-not-accepted = para entrar hace falta tu sí al acuerdo de arriba
join-agreement-not-accepted-next = vuelve a escribir la orden con --accept-agreement
join-do-accept-agreement = ¿Aceptas este acuerdo?
join-agreement-not-accepted-2 = no se hizo nada: no has llamado a la puerta, y nadie se enteró
join-invite-stays-good = la invitación sigue valiendo: puedes mirarla otra vez, o preguntar por el acuerdo a quien la envió
join-name-will-go-here = El nombre que usarás aquí (no hace falta que sea el tuyo):
join-no-name = para entrar hace falta un nombre
join-no-name-next = da uno con --name NAME
join-held = Lo sostiene: { $names }.
join-circle-agrees = Lo que acuerda el círculo
join-facilitator-would-report-others = Lo que la persona facilitadora tendría que comunicar a otros
join-facilitator-not-said-whether = La persona facilitadora no ha dicho si tiene un deber de comunicar.
join-wait-lobby-until-somebody = Esperas en el vestíbulo hasta que alguien te abra.
join-let-soon-members-device = Entras en cuanto el dispositivo de alguien del círculo oiga tu llamada.
join-invite = La invitación: { $expires }.
join-looking-circle-says-about-2 = buscando lo que el círculo dice de sí mismo
join-waits-decision-type-join = espera tu decisión; vuelve a escribir la orden join
join-device-shows-confirm-other = este dispositivo muestra { $number }; confírmalo en el otro
join-knock-waits-device = tu llamada espera en este dispositivo
join-knocked-waiting-let = has llamado a la puerta; esperando que te abran
join-you-are-in = ya estás dentro
join-not-let-2 = no te dejaron entrar
join-not-let-3 = no te dejaron entrar: { $reason }
join-refused = rechazado: { $message }
join-paste-invite-then-press = Pega la invitación y pulsa Intro:
join-cannot-read-invite = no se puede leer la invitación
join-come-listener = Entras para escuchar: lees y decides con los demás, y no dices nada hasta que una persona facilitadora te deje hablar.

## lobby

lobby-nobody-waits-lobby = Nadie espera en el vestíbulo.
lobby-let-without-when-turn = entra sin ti, cuando le toque
lobby-since = desde { $arrived }, { $expires }
lobby-being-let = entrando
lobby-let-somebody-windbreak-lobby = Deja entrar a alguien: windbreak lobby admit CIRCLE ID
lobby-being-let-they-read = { $name } está entrando y lee lo que se diga desde ahora.
lobby-told-they-not-let = A { $name } se le dice que la puerta queda cerrada.
lobby-as-listener = { $stage }, solo para escuchar

## adult

adult-not-adult = los círculos son para personas adultas, y no has dicho que lo seas
adult-not-adult-next = si lo eres, vuelve a escribir la orden con --adult
adult-adult = ¿Eres una persona adulta?
adult-not-adult-2 = los círculos son para personas adultas; no se hizo nada, y nadie se enteró
adult-not-adult-next-2 = hay líneas de ayuda para jóvenes, y personas cerca de ti en quienes confías

## steward

steward-all-members-read-name = Todo el círculo lo lee, con tu nombre y el motivo: windbreak steward log
steward-hid = ocultó { $item }
steward-showed-again = volvió a mostrar { $item }
steward-muted-until = silenció a { $member } hasta { $until }
steward-took-mute-back = quitó el silencio a { $member }
steward-slowed-circle-down = ralentizó el círculo: { $pace }
steward-let-circle-go-own = devolvió al círculo su propio ritmo
steward-removed = retiró a { $member }
steward-set-files = dijo qué archivos se envían: { $files }
steward-keeps-always = dijo cuánto se guardan las palabras: mientras las dejen quienes las escribieron
steward-keeps-days = dijo cuánto se guardan las palabras: { $days ->
    [one] un día
   *[other] { $days } días
}
steward-carried-out-succession = llevó a cabo lo acordado por la mayoría: { $member } facilita ahora
steward-stepped-down = dejó de facilitar
steward-carried-out-adoption = llevó a cabo lo acordado por la mayoría: rige ahora el acuerdo { $version }
steward-declared-anew = dijo de nuevo de qué tendría que dar parte:
steward-took-role = llevó a cabo lo acordado por los demás: { $member } ya no facilita
steward-made-facilitator = nombró a { $member }, con su acuerdo, persona facilitadora
steward-lets-speak-again = deja que { $member } vuelva a hablar
steward-lets-only-listen = deja a { $member } solo escuchando
steward-counts-nothing-they-held = No cuenta: esa persona no tenía ese papel cuando lo hizo.
steward-counts-nothing-no-reason = No cuenta: no da ningún motivo.
steward-circle-slowed-down = El círculo va más lento: { $pace }.
steward-share-now-shown-from = Lo que compartas ahora se muestra desde { $next }.
steward-muted-until-2 = Estás en silencio hasta { $until }.
steward-muted-until-3 = { $name } está en silencio hasta { $until }.
steward-nobody-hidden-muted-slowed = Aquí no se ha ocultado, silenciado, ralentizado ni retirado a nadie.
steward-older-left-out = { $older } anteriores sin mostrar.
steward-one-share-each-member = un aporte por persona cada { $span }
steward-muted = { $member } está en silencio durante { $span }.
steward-muted-no-longer = { $member } ya no está en silencio.
steward-circle-goes-own-pace = El círculo vuelve a su propio ritmo.
steward-hidden = { $id } está oculto.
steward-shown-again = { $id } se vuelve a mostrar.
steward-only-facilitators-read = solo lo leen tú y las personas facilitadoras
steward-see-windbreak-steward-log = mira windbreak steward log
steward-shared-slow-mode-shown = Compartido en modo lento: los demás lo ven desde { $at }.
steward-hidden-facilitator = Oculto por una persona facilitadora{ $reason }; { $who }.
steward-said-while-author-muted = Dicho mientras quien lo escribió estaba en silencio{ $reason }; { $who }.

## report

report-kept-device-goes-facilitators = Guardado en este dispositivo ({ $id }); llega a las personas facilitadoras en un momento al azar dentro de un día, sin tu nombre.
report-leave-node-running-until = Deja el nodo en marcha hasta entonces. Mira qué pasó con ello: windbreak report list
report-if-somebody-danger-now = Si alguien está en peligro ahora, esto es demasiado lento: nadie aquí puede enviar ayuda.
report-there-no-reports-here = Aquí no hay avisos para ti, ni tuyos.
report-about = sobre { $name }
report-report = tu aviso
report-report-2 = aviso
report-said = Lo que dijo { $author } ({ $item }):
report-too-long-go-along = Era demasiado largo para acompañarlo, y no está en este dispositivo.
report-why-reported = Por qué se avisó:
report-read = { $by } lo ha leído · { $at }
report-closed = { $by } lo cerró · { $at }
report-made-asks-look-again = Quien avisó pide que se vuelva a mirar:
report-words-signed-wrote-them = Las palabras están firmadas por quien las escribió. A nadie se le dice quién avisó de ellas.
report-waits-device-moment = espera su momento en este dispositivo
report-nobody-answered-yet = aún no ha respondido nadie
report-read-2 = leído
report-closed-2 = cerrado
report-looked-again = por volver a mirar
report-made-will-see-read = Quien avisó verá que lo has leído.
report-closed-made-reads-how = Cerrado. Quien avisó lee cómo terminó, y puede pedir que se vuelva a mirar.
report-kept-device-goes-report = Guardado en este dispositivo; va como tu aviso, dentro de un día.
