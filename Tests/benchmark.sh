#!/usr/bin/env bash
# Measures Teal on this host, in release mode, on real Docker and nginx: requests lost over 60
# switches, the latency of a switch, the cost in nginx's workers, Teal's own time in a deploy, the
# time from healthy to known, and the cost of `teal status`. Installs what is missing as
# Tests/run.sh does. Arguments go to the benchmark:
#
#   Tests/benchmark.sh
#   Tests/benchmark.sh lost latency --switches 20
set -uo pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
# shellcheck source=Tests/set-up.sh
. Tests/set-up.sh

install_what_is_missing() {
    host_require_build_tools && host_require_curl && host_require_sqlite && host_require_docker &&
        host_require_compose "$PWD/.build/compose-v2" && host_require_nginx
}

build() {
    local product
    for product in teal load benchmark shop; do
        swift build -c release --product "$product" || return 1
    done
    programs="$(swift build -c release --show-bin-path)"
}

make_image() {
    SHOP_BINARY="$programs/shop" sh compose/image.sh v1
}

prepare
step "Swift" require_swift
step "What this machine lacks" install_what_is_missing
step "Build" build
step "Docker" start_docker
step "Image" make_image
"$programs/benchmark" "$@"
