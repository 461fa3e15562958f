# For the scripts of this folder to read in: the programs of others that they need.

# provide PACKAGES COMMAND…: installs the packages if one of the commands is missing, where that can be done, and
# fails if one still is. Scripts do it one after the other: the package manager turns away whoever comes while it
# works for somebody else.
provide() {
    local packages="$1" needed
    shift
    has_all "$@" && return
    if command -v apt-get >/dev/null; then
        # shellcheck disable=SC2086 # several packages
        flock --timeout 300 tests/netns sh -c '
            timeout 120 apt-get update
            timeout 120 apt-get install -y --no-install-recommends "$@"' packages $packages >/dev/null 2>&1 || true
    fi
    has_all "$@"
}

has_all() {
    local needed
    for needed in "$@"; do command -v "$needed" >/dev/null || return 1; done
}
