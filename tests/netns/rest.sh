# For the scripts of this folder to read in: what silence costs (Y-32).

# at_rest SECONDS NAMESPACE DEVICE: bytes a minute that pass a device, in both directions and with all headers,
# while nothing is said. Before that it is left alone for half as long: who has just come in has things to do.
at_rest() {
    local before after passed="cat /sys/class/net/$3/statistics/rx_bytes /sys/class/net/$3/statistics/tx_bytes"
    sleep $(($1 / 2))
    before="$(ip netns exec "$2" sh -c "$passed" | awk '{ sum += $1 } END { print sum }')"
    sleep "$1"
    after="$(ip netns exec "$2" sh -c "$passed" | awk '{ sum += $1 } END { print sum }')"
    echo $(((after - before) * 60 / $1))
}

# rests SECONDS WHAT NAMESPACE DEVICE: fails if that is more than a member of one circle may cost.
rests() {
    local bytes
    bytes="$(at_rest "$1" "$3" "$4")"
    [ "$bytes" -le 5000 ] || fail "$2, $bytes bytes a minute pass while nothing is said"
    say "$2, $bytes bytes a minute pass while nothing is said"
}
