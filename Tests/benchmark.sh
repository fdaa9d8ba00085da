#!/usr/bin/env bash
# Measures Teal on this host, in release mode, on real Docker and nginx: requests lost over 60
# switches, the latency of a switch, the cost in nginx's workers, that of observation, Teal's own
# time in a deploy, the time from healthy to known, the cost of `teal status`, and how a set of nine
# services starts on a small host. Then requests that last over a switch. Where they are named, `kills`
# kills every verb under load, `watch` measures `teal watch` and `teal probe`, and `order` writes
# .ci/packaging/functions.txt anew, by which release programs have their functions in the order of
# their use. Installs what is missing as Tests/run.sh does. Arguments go to the benchmark:
#
#   Tests/benchmark.sh
#   Tests/benchmark.sh lost latency --switches 20
#   Tests/benchmark.sh long
#   Tests/benchmark.sh kills --runs 30 --seed 7
#   Tests/benchmark.sh watch --apps=50 --deaths=20 --rows=10000000
#   Tests/benchmark.sh page --apps=50 --rows=10000000
#   Tests/benchmark.sh order
#   Tests/benchmark.sh small
#   Tests/benchmark.sh small --beside-only '--start=start: {settle: {cpu_pressure: 30%}}'
#
# `small` needs root: it starts a Docker daemon of its own which, with all containers, nginx and
# teal, has 1 CPU and 1 GB without swap by a control group (see Tests/small-host.sh). It takes
# about ten minutes.
#
# TEAL_BENCHMARK_PROGRAM=FILE measures that program, one that .ci/package has made for example, which
# needs less memory than the one built here.
# TEAL_BENCHMARK_BUILD=debug takes a debug build, for trying the benchmark itself.
set -uo pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
# shellcheck source=Tests/set-up.sh
. Tests/set-up.sh
# shellcheck source=Tests/small-host.sh
. Tests/small-host.sh

configuration="${TEAL_BENCHMARK_BUILD:-release}"

install_what_is_missing() {
    host_require_build_tools && host_require_curl && host_require_docker &&
        host_require_compose "$PWD/.build/compose-v2" && host_require_nginx || return 1
    case " ${ordinary[*]} " in *" order "*) host_require_valgrind ;; esac
}

build() {
    local product
    for product in teal load benchmark shop; do
        swift build -c "$configuration" --product "$product" || return 1
    done
    programs="$(swift build -c "$configuration" --show-bin-path)"
    [ -n "${TEAL_BENCHMARK_PROGRAM:-}" ] || return 0
    mkdir "$work/programs" && cp "$programs"/{load,benchmark,shop} "$work/programs/" &&
        install -m 755 "$TEAL_BENCHMARK_PROGRAM" "$work/programs/teal" && programs=$work/programs
}

make_image() {
    SHOP_BINARY="$programs/shop" sh compose/image.sh "$@"
}

measure() {
    "$programs/benchmark" "$@" || exit 1
}

measure_on_small_host() {
    trap 'trap "" HUP INT TERM; small_host_stop_docker "$work/small"; small_host_remove; clean_up' EXIT
    step "A small host" small_host_make "teal-small-$$"
    step "Docker on the small host" small_host_start_docker "$work/small"
    step "Images on the small host" make_image v1 v2
    measure "$@"
}

# Parts are words; what else there is are options and their figures.
parts=()
options=()
for argument; do
    case "$argument" in
    [a-z]*) parts+=("$argument") ;;
    *) options+=("$argument") ;;
    esac
done
[ "${#parts[@]}" -gt 0 ] || parts=(lost latency worker own known status long small)
ordinary=()
small=()
for part in "${parts[@]}"; do
    if [ "$part" = small ]; then small=(small); else ordinary+=("$part"); fi
done

prepare
step "Swift" require_swift
step "What this machine lacks" install_what_is_missing
step "Build" build
if [ "${#ordinary[@]}" -gt 0 ]; then
    step "Docker" start_docker
    step "Image" make_image v1
    measure "${ordinary[@]}" "${options[@]}"
fi
if [ "${#small[@]}" -gt 0 ]; then
    measure_on_small_host "${small[@]}" "${options[@]}"
fi
