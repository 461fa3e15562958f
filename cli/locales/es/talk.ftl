# Shares, replies, drafts, search, files, check-ins.

## act

act-author-took-back-nothing = Quien lo escribió lo retiró; no se conserva nada.
act-there-no-words-read = No hay palabras suyas que puedas leer.
act-said-first = dicho primero
act-said-other-words = dicho con otras palabras
act-content-note = Nota de contenido: { $note }
act-words-erased-everybody-do = Sus palabras se borran para todo el mundo y no vuelven. ¿Retirarlo?
act-taken-back-words-gone = Retirado ({ $id }). Sus palabras ya no están en este dispositivo, y se van de los demás en cuanto se enteran.
act-said-other-words-2 = Dicho con otras palabras ({ $id }).
act-answered = Respuesta a { $id }: { $word }.
act-word-taken-back = Tu palabra para { $id } queda retirada.
act-pinned-no-longer = { $id } ya no está fijado.
act-pinned = { $id } está fijado.
act-advice-may-shown = Los consejos se pueden mostrar ({ $id }).
act-advice-held-back-again = Los consejos se vuelven a retener ({ $id }).
act-with-you = contigo
act-heard = te oigo
act-me-too = yo también
act-thank = gracias
act-strength = fuerza
act-glad = me alegro contigo
act-word-newer-version = una palabra de una versión más nueva

## read

read-older-left-out-limit = { $older } anteriores sin mostrar; --limit muestra más.
read-members-blocked-folded-away = { $folded } plegados de personas que has plegado; --blocked los muestra.
read-there-talk-here-before = Aquí se habló antes de que llegaras. Lo que se abrió para quienes llegan después lo puedes leer; lo demás queda con quienes estaban.
read-kept-shorter = El círculo guarda ahora durante menos tiempo lo que se dice. En este dispositivo no se borra nada por ello antes de { $from }; windbreak steward log dice quién lo hizo y por qué.
read-member = alguien del círculo
read-things-wrote-missing-here = { $count ->
    [1] Aquí falta algo de { $whose }; tu nodo sigue pidiéndolo.
   *[other] Aquí faltan { $count } cosas de { $whose }; tu nodo sigue pidiéndolas.
}
read-you = { $name } (tú)
read-answered = respondió a { $id }
read-gives-advice = da un consejo a { $id }
read-gives-advice-2 = da un consejo
read-takes-back = retira { $id }
read-says-other-words = dice { $id } con otras palabras
read-takes-warm-word-back = retira una palabra cálida
read-to = a { $id }: { $word }
read-takes-pin-off = deja de fijar { $id }
read-pins = fija { $id }
read-holds-back = retiene los consejos a { $id }
read-lets-shown = deja mostrar consejos a { $id }
read-hides-something-shows-again = oculta algo, o lo vuelve a mostrar
read-mutes-somebody-no-longer = silencia a alguien, o deja de hacerlo
read-sends-file = envía un archivo
read-answers-report = responde a un aviso
read-sets-pace-circle = marca el ritmo del círculo
read-answers = responde a { $id }
read-answers-2 = responde
read-left-circle = ha dejado el círculo
read-proposes-something-decide-together = propone decidir algo en común
read-agrees-proposal = está de acuerdo con una propuesta
read-proposes-another-agreement-see = propone otro acuerdo; mira: windbreak agreement show
read-agrees-another-agreement = está de acuerdo con otro acuerdo
read-something-version-cannot-show = algo que esta versión no puede mostrar; actualiza windbreak
read-from-before-came = de antes de que llegaras
read-also-those-join-later = también para quienes lleguen después
read-pinned = fijado
read-other-words-since = con otras palabras desde { $edited }
read-queued-device = en espera en este dispositivo
read-held-relay-another-device = lo tiene un relé u otro dispositivo
read-reached = llegó a { $reached }
read-taken-back-wrote = Retirado por quien lo escribió.
read-erased-circle-keeps-nothing = Borrado: el círculo no conserva nada tanto tiempo.
read-held-back-nobody-else = Retenido: nadie más lo ve salvo que quiera quien escribió el aporte.
read-advice-held-back-share = Consejo, retenido: el aporte pide solo escuchar. Quien lo escribió puede dejar que se muestre: windbreak allow
read-wrote-word-handed-over = Quién escribió esto lo sabemos por { $by }, que lo pasó.
read-advice-welcome-here-now = Los consejos son bienvenidos aquí ahora.
read-just-listening = solo escuchar
read-ideas-welcome = ideas bienvenidas
read-looking-resources = busca recursos
read-removed = te retiraron del círculo; lo que tienes se conserva en este dispositivo
read-come-in-again = lo que se dijo antes se puede seguir leyendo aquí; para volver a usar este dispositivo en el círculo: windbreak device add, en el otro
read-node-stopped = el nodo se ha detenido
read-nothing-said-here-yet = Aquí aún no se ha dicho nada.
read-nothing-pinned-here = Aquí no hay nada fijado.
read-least-devices = { $count ->
    [one] al menos { $count } dispositivo
   *[other] al menos { $count } dispositivos
}

## write

write-shared = Compartido
write-replied = Respondido
write-sent = Enviado
write-relay-another-device-holds = { $word } ({ $id }); lo tiene un relé u otro dispositivo.
write-time-wait-up-nobody = { $word } ({ $id }); se acabó el tiempo de espera y aún no lo tiene nadie más. Se guarda en este dispositivo y sale en cuanto se llegue a un relé o al dispositivo de alguien del círculo.
write-kept-device-goes-out = { $word } ({ $id }); se guarda en este dispositivo y sale en cuanto se llegue a un relé o al dispositivo de alguien del círculo.
write-those-join-later-read = También lo lee quien llegue después.
write-waiting-until-relay-members = Esperando a que lo tenga un relé o el dispositivo de alguien del círculo
write-draft-stays = el borrador queda como está
write-keep-words-device-until = para guardar las palabras en este dispositivo hasta entonces: windbreak draft save
write-before-share-facilitators-would = Antes de compartir en «{ $title }»: lo que sus personas facilitadoras tendrían que comunicar a otros.
write-send = ¿Enviarlo?
write-asks-just-listening = Este aporte pide solo escuchar. Si tu respuesta dice qué se podría hacer, añade --advice: espera hasta que quien lo escribió quiera verla.
write-declaration-unheard = no se envió nada: lee antes lo que las personas facilitadoras tendrían que comunicar a otros
write-declaration-unheard-next = windbreak member list CIRCLE lo muestra; después escribe la orden otra vez con --declaration-heard
write-node-stopped = el nodo se detuvo mientras tanto; lo que escribiste está guardado
write-cannot-read = no se puede leer
write-write-then-press-ctrl = Escribe y pulsa Ctrl-D en una línea vacía. Ctrl-C no envía nada.
write-cannot-read-text = no se puede leer el texto
write-empty-text = no hay texto que compartir
write-empty-text-next = escríbelo después del círculo, o usa --file FILE
write-text-too-long = el texto tiene más de { $limit } KiB, lo máximo que cabe en un aporte
write-text-too-long-next = compártelo en partes

## draft

draft-there-no-drafts = No hay borradores.
draft-share = un aporte
draft-reply = una respuesta
draft-gives-advice = Da un consejo a { $id }
draft-answers = Responde a { $id }
draft-also-those-join-later = También para quienes lleguen después
draft-kept = Guardado:{" "}
draft-stays-device-send-windbreak = Queda en este dispositivo. Envíalo con: windbreak draft send { $id }
draft-deleted = Borrado.
draft-circle-gone = un círculo que ya no está
draft-delete-draft-good = ¿Borrar este borrador para siempre?

## files

files-picture = una imagen
files-file = un archivo
files-not-kept-here-newer = no se guarda aquí: otros más nuevos ocuparon su sitio, o lo que llegó no era eso
files-pieces-wait-sent = { $queued } de { $pieces } piezas por enviar
files-pieces-here = { $here } de { $pieces } piezas aquí
files-bytes = { $bytes } bytes
files-kb = { $size } KB
files-32-mib = 32 MiB
files-1-mib = 1 MiB
files-name-without-file = no hay ningún archivo que pueda llamarse así
files-name-without-file-next = añade --image FILE o --attach FILE, o quita --name
files-no-file = { $path } no es un archivo
files-no-file-next = indica un archivo
files-too-large-file = el archivo tiene más de { $words }
files-too-large-file-next = envía uno más pequeño, o una parte
files-no-file-picture-sent = Aquí aún no se ha enviado ningún archivo ni imagen.
files-save-one-windbreak-files = Guarda uno con: windbreak files save ID --to PATH. Nada se abre por sí solo.
files-saved-bytes-alone-read = Guardado, { $bytes } bytes, solo para que lo leas tú.
files-now-file-like-any = Ahora es un archivo como cualquier otro de este dispositivo, fuera de lo que está sellado.
files-malformed = mal formado
files-malformed-2 = la respuesta del nodo está mal formada
files-malformed-next = reinicia el nodo y vuelve a intentarlo
files-exists = ya hay algo en { $to }, y queda como está
files-exists-next = elige otra ruta
files-cannot-make = no se puede crear
files-file-2 = no se puede crear { $to }
files-cannot-write = no se puede escribir
files-sent-before-stays-withdraw = Lo que se envió antes queda; retira u oculta lo que no deba quedar.
files-nobody-sends-files-pictures = nadie envía archivos ni imágenes aquí
files-members-may-send-pictures = se pueden enviar imágenes
files-members-may-send-files = se pueden enviar archivos e imágenes

## search

search-nothing-found = No se encontró nada.
search-left-out-whose-agreement = { $left_out ->
    [one] { $left_out } círculo sin mirar, porque aún no has aceptado su acuerdo; mira: windbreak circle list
   *[other] { $left_out } círculos sin mirar, porque aún no has aceptado su acuerdo; mira: windbreak circle list
}
search-there-may-more-add = Puede haber más: añade --after { $next }
search-in = en { $id }
search-looking-through-said = Buscando en lo que se dijo

## checkin

checkin-noted-stays-device = Anotado. Queda en este dispositivo.
checkin-from-before-days-shows = { $older } de antes; --days muestra más.
checkin-10 = { $head } · { $value } de 10
checkin-all-deleted = Todo borrado.
checkin-delete-check-good = ¿Borrar esta anotación para siempre?
checkin-delete-all-check-ins = ¿Borrar todas tus anotaciones para siempre?
checkin-too-long-text = las palabras de una anotación tienen como mucho { $max_check_in_chars } caracteres
checkin-too-long-text-next = acórtalas, o compártelas sin anotación
checkin-without-share-noted-device = sin --share se anota solo en este dispositivo; aún no se anotó nada
checkin-shared-all-same = se compartió de todos modos
checkin-noted-device-too = Anotado también en este dispositivo.

## checkin-picture

checkin-picture-nothing-noted = No se anotó nada { $period }.
checkin-picture-times = { $times ->
    [1] una vez
   *[other] { $times } veces
}
checkin-picture-10 = { $low } de 10
checkin-picture-between-10 = entre { $low } y { $high } de 10
checkin-picture-noted-how-latest = Anotaste cómo estabas { $times } { $period }: { $range }. Lo último, { $when }: { $value }.
checkin-picture-today = hoy
checkin-picture-last-days = { $days ->
    [1] hoy
   *[other] en los últimos { $days } días
}

## plan

plan-head = { $number }. { $title }
plan-nothing-written-yet = (aún sin palabras)
plan-empty = En tu plan aún no hay nada. Es para tiempos difíciles, escrito en tiempos tranquilos, con tus propias palabras. Partes con las que empezar, si quieres:
plan-kept = Guardado como parte { $number }, «{ $title }». Queda en este dispositivo.
plan-new-part = Una parte nueva de tu plan: { $number }, «{ $title }». Queda en este dispositivo.
plan-takes-place = Lo que escribas ahora ocupa el lugar de esto. Para añadirle algo en vez de eso, pulsa Ctrl-C y usa --add:
plan-called-now = La parte { $number } se llama ahora «{ $title }».
plan-moved = «{ $title }» es ahora la parte { $number }.
plan-remove-part-good = ¿Quitar «{ $title }» de tu plan para siempre?
plan-remove-all-good = ¿Quitar todo tu plan para siempre?
plan-removed = Quitada para siempre.
plan-all-removed = Tu plan se ha quitado para siempre.
plan-type-number = escribe su número: windbreak plan lo muestra
plan-empty-text = no hay palabras que guardar
plan-empty-text-next = escríbelas después de la parte, o usa --file FILE
plan-too-long-text = son más que los { $limit } KiB que caben en una parte
plan-too-long-text-next = acórtalo, o haz de ello dos partes

## plan-suggestions

plan-suggest-intro = Partes con las que puede empezar un plan para tiempos difíciles. Toma lo que te sirva, deja lo demás, busca las tuyas.
plan-suggest-next = Para ponerlas en tu plan, aún sin palabras: windbreak plan suggest --take. Una parte tuya: windbreak plan write "TITLE"
plan-suggest-taken = Nuevas en tu plan, aún sin palabras:
plan-suggest-all-there = Ya están todas en tu plan.
plan-suggest-write = Escribe la primera: windbreak plan write { $number }
