#!/usr/bin/env bash
# Builds Teal, checks its house rules and runs every test, the stories on real Docker and nginx
# included. Installs what is missing by apt-get (see compose/host.sh) and starts a Docker daemon
# of its own where none answers; both need root or sudo. Arguments go to `swift test`:
#
#   Tests/run.sh
#   Tests/run.sh --filter NginxTests
set -uo pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
# shellcheck source=compose/host.sh
. compose/host.sh

step() {
    printf '\n== %s\n' "$1"
    shift
    "$@" && return 0
    printf 'Tests/run.sh: failed: %s\n' "$*" >&2
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
    host_stop_docker "$work/docker"
    rm -rf "$work" 2>/dev/null || _host_root rm -rf "$work"
}

require_swift() {
    command -v swift >/dev/null && return 0
    echo "There is no swift in PATH. Install Swift 6.2 or newer and run this again." >&2
    return 1
}

install_what_is_missing() {
    host_require_build_tools && host_require_shellcheck && host_require_docker &&
        host_require_compose "$PWD/.build/compose-v2" && host_require_nginx
}

check_scripts() {
    local scripts
    mapfile -t scripts < <(find .ci Tests compose nginx -name "*.sh" -o -path .ci/run)
    shellcheck --external-sources "${scripts[@]}"
}

# The compiler checks that an imported module is a declared dependency of its target; which target
# may declare what is a rule of the house, and a dependency's own dependencies can be imported
# unasked.
check_imports() {
    find Sources Tests -name '*.swift' -exec awk '
        function refuse(why) {
            printf "%s:%d: %s must not import %s: %s\n", FILENAME, FNR, house, module, why
            broken = 1
        }
        FNR == 1 { split(FILENAME, part, "/"); house = part[1] "/" part[2] }
        /^[ \t]*((@[A-Za-z_]+(\([^)]*\))?|package|public|internal|fileprivate|private)[ \t]+)*import[ \t]/ {
            module = $0
            sub(/^.*import[ \t]+/, "", module)
            sub(/^(struct|class|enum|protocol|func|var|let|typealias|actor)[ \t]+/, "", module)
            sub(/[^A-Za-z0-9_].*$/, "", module)
            adapter = "^(DockerCompose|Nginx|HealthProbes|Persistence|HostSystem)$"
            if (house == "Sources/BlueGreen") refuse("it is pure and imports nothing")
            if (house == "Sources/Orchestration" && (module ~ /^Foundation/ || module ~ adapter))
                refuse("it reaches the world through its ports alone")
            if (module == "FoundationNetworking") refuse("it costs every host megabytes")
            if (module == "Yams" && house != "Sources/Commands") refuse("only Commands reads YAML")
            if (module == "ArgumentParser" &&
                house !~ /^(Sources\/Commands|Tests\/LoadGenerator|Tests\/Benchmark)$/)
                refuse("only Commands and the tools under Tests have verbs")
            if (module == "Subprocess" && house != "Sources/HostSystem")
                refuse("only HostSystem runs programs")
            own = part[1] == "Sources" && part[2] ~ adapter
            if (own && module ~ adapter && module != part[2] && module != "HostSystem")
                refuse("adapters do not know each other")
        }
        END { exit broken }' {} +
}

build() {
    swift build --build-tests --explicit-target-dependency-import-check error
}

start_docker() {
    host_start_docker "$work/docker"
}

# The stories deploy the shop as just built, which is static in every configuration.
make_images() {
    SHOP_BINARY="$(swift build --show-bin-path)/shop" sh compose/image.sh v1 v2 v3
}

prepare
step "Swift" require_swift
step "What this machine lacks" install_what_is_missing
step "Imports" check_imports
step "Format" swift format lint --strict --recursive Package.swift Sources Tests
step "Shell scripts" check_scripts
step "Build" build
step "Docker" start_docker
step "Images" make_images
printf '\n== Tests\n'
swift test --skip-build --disable-xctest "$@"
