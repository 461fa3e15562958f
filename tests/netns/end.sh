# For the scripts of this folder to read in: the end of what they started.

# end_tasks PID…: asks each of them to end, and waits. Who has not ended after 20 seconds is named, with what
# its threads wait for, and killed. Fails if that was the program itself: a relay or a node that is asked to
# end has to.
end_tasks() {
    local task words deadline=$((SECONDS + 20)) held=0
    [ "$#" -gt 0 ] && kill "$@" 2>/dev/null
    for task in "$@"; do
        while kill -0 "$task" 2>/dev/null && [ "$SECONDS" -lt "$deadline" ]; do sleep 0.1; done
        kill -0 "$task" 2>/dev/null || continue
        words="$(tr '\0' ' ' <"/proc/$task/cmdline" 2>/dev/null)"
        printf '\ndid not end when asked to: %s\n' "$words" >&2
        grep -H . "/proc/$task/task/"*/{comm,wchan} >&2 2>/dev/null
        [ "${words#*windbreak }" = "$words" ] || held=1
        kill -9 "$task" 2>/dev/null
    done
    wait 2>/dev/null
    return "$held"
}
