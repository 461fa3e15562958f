# What every command may say: failures, prompts, times.

## error

error-check-path = revisa la ruta
error-check-may-read-folder = revisa quién puede leer el archivo y su carpeta
error-make-room-disk-try = haz sitio en el disco y vuelve a intentarlo
error-check-file-try-again = revisa el archivo y vuelve a intentarlo
error-system-next = vuelve a intentarlo; si sigue así, reinicia el equipo
error-stdin-twice = la entrada estándar no puede ser a la vez la frase de paso y un texto
error-stdin-twice-next = da la frase de paso con --passphrase-file FILE o con otro descriptor
error-there-no-such-file = no existe ese archivo
error-may-not-open = no tienes permiso para abrirlo
error-folder = es una carpeta
error-not-utf-8-text = no es texto en UTF-8
error-interrupted = interrumpido

## output

output-not-yet = Aún no:
output-next = Ahora:
output-cannot-ask-terminal = no se puede preguntar en la terminal
output-cannot-read-answer = no se puede leer la respuesta
output-try-again = { $words }. Vuelve a intentarlo.
output-error = Error:
# What stands behind a question: the two answers, the one that counts if nothing is typed in capitals.
output-yes-or-no = [s/N]
# The answers that mean yes, in small letters, with blanks between.
output-yes = s si sí y yes
output-bug = la respuesta no se pudo escribir como JSON
output-bug-next = por favor, comunícalo
output-answer-not-written = la respuesta no se pudo escribir: no hay sitio en su destino
output-answer-not-written-next = haz sitio allí; lo que pediste puede estar hecho: míralo antes de repetirlo
output-cannot-write-answer = no se puede escribir la respuesta

## passphrase

passphrase-no-passphrase = hace falta la frase de paso, y no hay terminal donde preguntar
passphrase-no-passphrase-next = dala con --passphrase-file FILE o --passphrase-fd N, o inicia el nodo en una terminal: windbreak node start
passphrase-no-passphrase-2 = hace falta esto: { $what }; no hay terminal donde preguntar
passphrase-no-passphrase-next-2 = indica un archivo que la contenga y que solo tú puedas leer; mira la ayuda de esta orden
passphrase-passphrase-nothing-shown = Frase de paso (no se muestra nada):{" "}
passphrase-now-passphrase = Ahora una frase de paso { $purpose }.
passphrase-new-passphrase-ten-characters = Una nueva frase de paso (diez caracteres o más; no se muestra nada):{" "}
passphrase-same-again = La misma otra vez:{" "}
passphrase-passphrases-differ = las dos frases de paso no son iguales
passphrase-passphrases-differ-next = vuelve a escribir la orden
passphrase-short = la frase de paso tiene { $chars } caracteres, y hacen falta { $min_chars }
passphrase-short-next = toma cuatro o cinco palabras que no tengan nada que ver entre sí
passphrase-name-plain-file-only = indica un archivo normal que solo tú puedas leer
passphrase-secret-file-long = { $path } tiene más de { $max_text } bytes
passphrase-secret-file-long-next = indica el archivo que contiene solo esto
passphrase-passphrase-file = archivo de la frase de paso
passphrase-name-file-one-line = indica un archivo con una línea, o usa --passphrase-fd N
passphrase-cannot-read = no se puede leer: { $what }
passphrase-file = { $path } no es un archivo normal
passphrase-file-open = otras personas de este equipo pueden leer esto: { $what } { $path }
passphrase-file-open-next = guárdalo antes para ti: chmod 600 { $path }
passphrase-file-descriptor-not-open = el descriptor de archivo { $number } no está abierto
passphrase-cannot-read-passphrase-from = no se puede leer la frase de paso del descriptor { $number }: { $kind }
passphrase-fd-next = comprueba que la shell lo abrió: windbreak … --passphrase-fd 3 3< FILE
passphrase-put-passphrase-alone-first = pon la frase de paso sola en la primera línea
passphrase-passphrase-empty = la frase de paso está vacía
passphrase-passphrase-longer-than-bytes = la frase de paso tiene más de { $max_passphrase } bytes
passphrase-no-passphrase-3 = no se escribió ninguna frase de paso
passphrase-cannot-ask-passphrase = no se puede preguntar por la frase de paso
passphrase-type-press-enter = escríbela y pulsa Intro

## pick

# What can be named: `$what` stands for one of these.
pick-unknown = { $what ->
    [circle] aquí no hay ningún círculo llamado «{ $typed }»
    [invite] aquí no hay ninguna invitación llamada «{ $typed }»
    [knock] aquí no hay ninguna llamada a la puerta de «{ $typed }»
    [member] aquí no hay nadie que se llame «{ $typed }»
    [proposal] aquí no hay ninguna propuesta llamada «{ $typed }»
    [report] aquí no hay ningún aviso llamado «{ $typed }»
    [draft] aquí no hay ningún borrador llamado «{ $typed }»
    [check-in] aquí no hay ninguna anotación llamada «{ $typed }»
    [part] en tu plan no hay ninguna parte llamada «{ $typed }»
   *[item] aquí no hay nada llamado «{ $typed }»
}
pick-see-which-there = mira cuáles hay: { $list }
pick-ambiguous = { $what ->
    [circle] «{ $typed }» podría ser más de un círculo: { $listed }
    [invite] «{ $typed }» podría ser más de una invitación: { $listed }
    [knock] «{ $typed }» podría ser más de una llamada a la puerta: { $listed }
    [member] «{ $typed }» podría ser más de una persona: { $listed }
    [proposal] «{ $typed }» podría ser más de una propuesta: { $listed }
    [report] «{ $typed }» podría ser más de un aviso: { $listed }
    [draft] «{ $typed }» podría ser más de un borrador: { $listed }
    [check-in] «{ $typed }» podría ser más de una anotación: { $listed }
    [part] «{ $typed }» podría ser más de una parte: { $listed }
   *[item] «{ $typed }» podría ser más de una cosa: { $listed }
}
pick-type-id = escribe el identificador

## profile

profile-no-home = esta cuenta no tiene carpeta personal donde guardar un perfil
profile-no-home-next = indica una carpeta con --profile DIR

## session

session-waiting-node-starting = Esperando al nodo que se está iniciando
session-no-profile = no hay ningún perfil en { $folder }
session-no-profile-next = crea uno con: windbreak init (o indica su carpeta con --profile DIR)
session-cannot-open-profile = no se puede abrir el perfil
session-lock-first-windbreak-lock = bloquéalo antes: windbreak lock
session-profile-in-use = el perfil está abierto
session-starting-node = Iniciando tu nodo
session-cannot-find-program = no se encuentra este programa
session-cannot-start-node = no se puede iniciar el nodo
session-node-did-not-start = el nodo se detuvo antes de estar listo
session-see-run-terminal-windbreak = mira en { $folder }, o ejecútalo en esta terminal: windbreak node run
session-start-windbreak-node-start = inícialo con: windbreak node start
session-check-owns-profiles-folder = revisa de quién es la carpeta del perfil
session-try-again-if-stays = vuelve a intentarlo; si sigue callado: windbreak node stop
session-see-windbreak-node-status = mira windbreak node status y vuelve a intentarlo
session-stop-node-then-type = detén el nodo y vuelve a escribir la orden: windbreak node stop
session-correct-line-profiles-config = corrige esa línea en el config.toml del perfil
session-try-again = vuelve a intentarlo

## lib

lib-cannot-start = no se puede iniciar
lib-usage-next = mira windbreak help

## text

text-no-name = ‹sin nombre›
text-mixed-letters = ‹letras mezcladas›
text-looks-like-another = ‹{ $id }, se parece a otra persona›
text-quoted = «{ $words }»

## when

when-over = terminado
when-left = quedan { $span }
when-unknown-time = en un momento desconocido

## command

command-if-sure-type-command = si de verdad quieres, vuelve a escribir la orden con --yes
command-not-confirmed = no se hace sin un sí: { $question }
command-not-confirmed-2 = no se hizo nada

## send

send-could-tell-somebody-send = { $words } podría decir quién es alguien. ¿Enviarlo de todos modos?
send-leave-out-type-command = quítalo, o vuelve a escribir la orden con --send-anyway
send-share-asks-just-listening = El aporte pide solo escuchar: nadie ve este consejo salvo que quiera quien escribió el aporte. ¿Enviarlo de todos modos?
send-say-without-advice-if = dilo sin --advice si no es un consejo, o vuelve a escribir la orden con --even-if-held-back
send-facilitator-slowed-circle-down = Una persona facilitadora ha ralentizado el círculo: los demás verán esto más tarde. ¿Compartirlo de todos modos?
send-wait-type-command-again = espera, o vuelve a escribir la orden con --even-if-later; las respuestas no esperan
send-nothing-sent = no se envió nada
send-title-content-note = El título o la nota de contenido
send-more = { $parts } y más
when-seconds = { $count ->
    [one] { $count } segundo
   *[other] { $count } segundos
}
when-minutes = { $count ->
    [one] { $count } minuto
   *[other] { $count } minutos
}
when-hours = { $count ->
    [one] { $count } hora
   *[other] { $count } horas
}
when-days = { $count ->
    [one] { $count } día
   *[other] { $count } días
}
when-day = { $day } { $month }
when-day-clock = { $day } { $clock }
when-day-year-clock = { $day } { $year } { $clock }
# Months, as short as they are written beside a day.
when-january = ene
when-february = feb
when-march = mar
when-april = abr
when-may = may
when-june = jun
when-july = jul
when-august = ago
when-september = sep
when-october = oct
when-november = nov
when-december = dic
