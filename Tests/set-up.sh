# shellcheck shell=bash
# What Tests/run.sh and Tests/benchmark.sh share; both source it from the top of the repository.
# shellcheck source=compose/host.sh
. compose/host.sh

step() {
    printf '\n== %s\n' "$1"
    shift
    "$@" && return 0
    printf '%s: failed: %s\n' "$0" "$*" >&2
    exit 1
}

# A short path, since Docker's sockets lie in it, that nginx's workers may enter. All that the tests
# put into temporary files goes the same way.
prepare() {
    work="$(mktemp -d /tmp/teal-tests.XXXXXX)" || exit 1
    trap clean_up EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    chmod 755 "$work" && mkdir -m 1777 "$work/tmp" || exit 1
    export TMPDIR="$work/tmp"
    if [ -z "${HOME:-}" ]; then
        HOME="$(getent passwd "$(id -u)" | cut -d: -f6)"
        export HOME
    fi
}

clean_up() {
    host_stop_docker "$work/scarce"
    host_stop_docker "$work/docker"
    rm -rf "$work" 2>/dev/null || _host_root rm -rf "$work"
}

require_swift() {
    command -v swift >/dev/null && return 0
    echo "There is no swift in PATH. Install Swift 6.2 or newer and run this again." >&2
    return 1
}

start_docker() {
    host_start_docker "$work/docker"
}

# A second daemon whose addresses are enough for one network of its own making. It is there for the
# tests of that shortage, which would else take every other test's networks away.
start_scarce_docker() {
    export TEAL_SCARCE_DOCKER="unix://$work/scarce/docker.sock"
    (
        export DOCKER_HOST="$TEAL_SCARCE_DOCKER"
        # shellcheck disable=SC2034 # host_start_docker reads it.
        host_docker_networks="1.0/30,size=30"
        host_start_docker "$work/scarce" &&
            tar --create --files-from /dev/null | docker import - teal/demo-shop:v1 >/dev/null
    )
}
