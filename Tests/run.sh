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
# shellcheck source=Tests/set-up.sh
. Tests/set-up.sh

install_what_is_missing() {
    host_require_build_tools && host_require_shellcheck && host_require_curl &&
        host_require_busybox && host_require_sshd && host_require_docker &&
        host_require_compose "$PWD/.build/compose-v2" && host_require_nginx &&
        host_require_promtool "$PWD/.build/prometheus"
}

check_scripts() {
    local scripts
    mapfile -t scripts < <(find .ci Tests compose nginx -name "*.sh" -o -path .ci/run \
        -o -path .ci/package -o -path .ci/packaging/nginx-include -o -path .ci/packaging/leave \
        -o -path '.ci/packaging/deb/p*')
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
        FNR == 1 { n = split(FILENAME, part, "/"); house = part[1] "/" part[2] }
        /^[ \t]*((@[A-Za-z_]+(\([^)]*\))?|package|public|internal|fileprivate|private)[ \t]+)*import[ \t]/ {
            module = $0
            sub(/^.*import[ \t]+/, "", module)
            sub(/^(struct|class|enum|protocol|func|var|let|typealias|actor)[ \t]+/, "", module)
            sub(/[^A-Za-z0-9_].*$/, "", module)
            adapter = "^(DockerCompose|DockerSwarm|Nginx|HealthProbes|Notices|Persistence|Dashboard|HostSystem)$"
            # No adapter, and no port is behind it: what the adapters of Docker share.
            shared = "^DockerEngine$"
            if (house == "Sources/BlueGreen") refuse("it is pure and imports nothing")
            if (house == "Sources/Orchestration" &&
                (module ~ /^Foundation/ || module ~ adapter || module ~ shared))
                refuse("it reaches the world through its ports alone")
            if (module == "FoundationNetworking") refuse("it costs every host megabytes")
            if (module == "Yams" && house != "Sources/Commands") refuse("only Commands reads YAML")
            if (module == "ArgumentParser" &&
                house !~ /^(Sources\/Commands|Tests\/(CommandsTests|LoadGenerator|Benchmark))$/)
                refuse("only Commands, its tests and the tools under Tests have verbs")
            if (module == "Subprocess" && house != "Sources/HostSystem")
                refuse("only HostSystem runs programs")
            if (house == "Sources/Commands" && part[n] !~ /^Wiring/ &&
                module ~ /^(DockerCompose|DockerSwarm|DockerEngine|Nginx|HealthProbes|Persistence)$/)
                refuse("only the wiring names adapters")
            if (house == "Sources/Commands" && part[n] !~ /^Wiring/ && module == "Dashboard")
                refuse("only the wiring names the page")
            if (module ~ /^(Hummingbird|Mustache)$/ &&
                house !~ /^(Sources\/Dashboard|Tests\/DashboardTests)$/)
                refuse("only the page serves HTTP")
            # What teal.yml says of notices are values of the adapter.
            if (house == "Sources/Commands" && part[n] !~ /^Wiring|Notify/ && module == "Notices")
                refuse("only the wiring and what reads `notify` know it")
            ours = "^(BlueGreen|Orchestration|Commands|TestSupport)$"
            if (house ~ /^Tests\/(DemoShop|shop|LoadGenerator|LoadReport)$/ &&
                (module ~ ours || module ~ adapter || module ~ shared))
                refuse("the demo and its visitors know nothing of Teal")
            own = part[1] == "Sources" && part[2] ~ adapter
            if (own && module ~ adapter && module != part[2] && module != "HostSystem")
                refuse("adapters do not know each other")
            if (own && module ~ shared && part[2] !~ /^Docker(Compose|Swarm)$/)
                refuse("only the adapters of Docker share it")
            if (house == "Sources/DockerEngine" && module ~ adapter && module != "HostSystem")
                refuse("it knows none of the adapters that share it")
        }
        END { exit broken }' {} +
}

# The unit files, where systemd's own checker is at hand. It warns of what it does not know and
# succeeds, so that its silence is what counts. The program that they start need not be installed.
check_units() {
    command -v systemd-analyze >/dev/null || return 0
    local folder="$work/units" unit said
    mkdir -p "$folder" || return 1
    for unit in Sources/teal/systemd/*; do
        sed 's#/usr/local/bin/teal#/bin/true#' "$unit" >"$folder/${unit##*/}" || return 1
    done
    if ! said="$(systemd-analyze verify "$folder"/* 2>&1)" || [ -n "$said" ]; then
        printf '%s\n' "$said"
        return 1
    fi
    # The exposure out of 100, as root with Docker's socket. A /tmp of its own that is no PrivateTmp
    # counts for nothing there.
    for unit in "$folder"/*.service; do
        local most=35
        [ "${unit##*/}" != teal-watch.service ] || most=37
        said="$(systemd-analyze security --offline=true --threshold="$most" "$unit" 2>&1)" || {
            printf '%s\n' "$said"
            return 1
        }
    done
}

# The alerts, and what they say of an incident that is replayed.
check_alerts() {
    "$TEAL_PROMTOOL" check rules compose/prometheus/alerts.yml &&
        "$TEAL_PROMTOOL" test rules compose/prometheus/alerts-test.yml
}

build() {
    swift build --build-tests --explicit-target-dependency-import-check error
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
step "Units" check_units
step "Alerts" check_alerts
step "Packaging scripts" bash Tests/packages/scripts.sh
step "Build" build
step "Docker" start_docker
step "Docker with few addresses" start_scarce_docker
step "Images" make_images
printf '\n== Tests\n'
# All at once starve each other, so that time limits of a minute pass while nothing hangs.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH="${SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH:-12}"
swift test --skip-build --disable-xctest "$@"
