#!/usr/bin/env bash
# Shows Teal at work: a shop under load gets a new release, is spared a broken one, and goes back,
# on real Docker and nginx, without losing a request.
#
#   compose/demo.sh            from nothing to the table at the end; may be run again at once
#   compose/demo.sh --clean    removes all that it made
#   compose/demo.sh --help
#
# Needs git and Swift 6.2 or newer. What else is missing is installed by apt-get, which takes root
# or sudo (see compose/host.sh). A Docker daemon and an nginx that run here are left as they are:
# the demo has an nginx of its own, containers of its own and, where no Docker answers, a daemon of
# its own. All its files lie in /var/lib/teal-demo or, run by another user than root, in
# ~/.local/state/teal-demo; TEAL_DEMO_DIR names another folder.
set -uo pipefail
exec </dev/null
package="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)" || exit 1
# shellcheck source=compose/host.sh
. "$package/compose/host.sh"

app=teal-demo
connections=16
requests_per_second=300

main() {
    case "${1:-}" in
    '') story=tell_story ;;
    --clean) story=clean ;;
    --help | -h)
        sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
        return 0
        ;;
    *)
        printf 'demo.sh: %s is not known. Try --help.\n' "$1" >&2
        return 64
        ;;
    esac
    choose_folder
    # The lock is this shell's alone: a daemon that inherited it would keep it.
    if ! exec 9>"$folder/lock" || ! flock --nonblock 9; then
        fail "another demo.sh is at work in $folder. Wait for its end and run this again."
    fi
    trap end EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    "$story" 9>&-
}

tell_story() {
    prepare
    bring_up_v1
    start_load
    deploy_v2
    deploy_broken_v3
    roll_back
    stop_load
    show_table
}

# --- The story ------------------------------------------------------------------------------------

bring_up_v1() {
    chapter "Version 1, the first release on this host"
    teal 0 deploy --release v1 --env-file releases/v1.env
    say "The site is opened: two lines of its nginx configuration, written once."
    cat >"$folder/nginx/site/shop.conf" <<END
include $folder/nginx/teal/$app/server.conf;
location / { include $folder/nginx/teal/$app/web.conf; }
END
    quote "$folder/nginx/site/shop.conf"
    reload_nginx
    expect_answers_from v1
}

start_load() {
    chapter "Visitors: $requests_per_second requests a second, until the end"
    rm -f "$folder"/load-*
    visit browsers --url "http://127.0.0.1:$port/" \
        --connections "$connections" --rate "$requests_per_second"
    visit orders --url "http://127.0.0.1:$port/count" --method POST \
        --connections 4 --rate 20
    say "$connections connections read pages, which web asks the catalog for by name;"
    say "4 more place orders, which the shared store counts on its volume."
}

deploy_v2() {
    chapter "Version 2, beside version 1 and under load"
    teal 0 deploy --release v2 --env-file releases/v2.env
    expect_answers_from v2
}

deploy_broken_v3() {
    chapter "Version 3 is broken: it starts, listens and is never healthy"
    teal 3 deploy --release v3 --env-file releases/v3-broken.env
    say "Turned away, and that is what exit code 3 says."
    expect_answers_from v2
}

roll_back() {
    chapter "Back to version 1"
    teal 0 rollback --to v1
    expect_answers_from v1
    chapter "And to version 2 again, which still runs, so only traffic moves"
    teal 0 rollback --to v2
    expect_answers_from v2
}

show_table() {
    local sent lost orders counted
    chapter "What happened"
    teal 0 history --verbose
    sent=$(($(figure sent browsers) + $(figure sent orders)))
    lost=$(($(figure lost browsers) + $(figure lost orders)))
    orders="$(figure answered orders)"
    counted="$(fetch /count | tail -n 1 | tr -dc 0-9)"
    printf '\n'
    row "requests sent" "$sent"
    row "requests lost" "$lost"
    row "orders placed" "$orders"
    row "orders counted" "$counted"
    row "slowest page" "$(sed -n 's/.*max \(.* ms\).*/\1/p' "$folder/load-browsers.txt")"
    row "answered by" "$(sed -n 's/^ *\(v[0-9]*\) answered \([0-9]*\),.*/\1 \2/p' \
        "$folder/load-browsers.txt" | paste -sd, | sed 's/,/, /g')"
    row "answers now" "$(who_answers)"
    printf '\n'
    if [ "$sent" -eq 0 ] || [ "$lost" -ne 0 ]; then
        cat "$folder"/load-*.txt
        fail "requests were lost: the reports of the visitors are above."
    fi
    [ "$orders" = "$counted" ] || fail "the store counted $counted orders of $orders."
    say "The shop still answers at http://127.0.0.1:$port/. To go on by hand:"
    say "  . $folder/environment && cd $folder/app && teal status"
    say "compose/demo.sh tells the story again, compose/demo.sh --clean removes all of it."
}

# --- The stage ------------------------------------------------------------------------------------

prepare() {
    chapter "What this machine lacks"
    command -v swift >/dev/null ||
        fail "there is no swift in PATH. Install Swift 6.2 or newer and run this again."
    if ! host_require_build_tools || ! host_require_docker || ! host_require_nginx ||
        ! host_require_compose "$folder/compose-v2"; then
        fail "something is missing: what to do is said above."
    fi
    say "All that the demo needs is there."

    chapter "Building teal, the shop and the visitors (the first time takes minutes)"
    build

    chapter "Docker, images and nginx"
    (recall_docker && sweep) || exit 1
    start_docker
    sweep
    SHOP_BINARY="$products/shop" sh "$package/compose/image.sh" v1 v2 v3 ||
        fail "there are no images: what Docker said is above."
    write_app
    host_start_nginx "$folder/nginx" "$port" || fail "there is no nginx: see above."
    say "nginx listens on http://127.0.0.1:$port/ and has nothing to serve yet."
}

build() {
    local product options=(--package-path "$package")
    [ -t 2 ] || options+=(--quiet)
    [ -z "${SWIFT_BUILD_JOBS:-}" ] || options+=(--jobs "$SWIFT_BUILD_JOBS")
    for product in teal shop load; do
        swift build "${options[@]}" --product "$product" >&2 ||
            fail "$product does not build: what the compiler said is above."
    done
    products="$(swift build "${options[@]}" --show-bin-path)" || exit 1
}

# While workers of before are there, any of them may answer, and as before.
reload_nginx() {
    local master before try pid living
    master="$(cat "$folder/nginx/nginx.pid")"
    before="$(cat "/proc/$master/task/$master/children")"
    nginx -c "$folder/nginx/nginx.conf" -s reload 2>"$folder/log" ||
        fail "nginx does not take the site: $(cat "$folder/log")"
    for try in {1..100}; do
        living=
        for pid in $before; do
            [ ! -d "/proc/$pid" ] || living=$pid
        done
        [ -n "$living" ] || return 0
        sleep 0.1
    done
    fail "nginx did not take the site within $((try / 10)) s: see $folder/nginx/logs/error.log."
}

# A daemon whose bridges are not on this host (Docker Desktop, rootless, another machine) cannot be
# reached by this nginx, so then the demo has its own, as where none answers.
start_docker() {
    local gateway format='{{(index .IPAM.Config 0).Gateway}}'
    gateway="$(timeout 10 docker network inspect bridge --format "$format" 2>/dev/null)"
    if [ -z "$gateway" ] || ! grep -qE -- "-- ${gateway//./\\.}\$" /proc/net/fib_trie; then
        export DOCKER_HOST="unix://$folder/docker/docker.sock"
    fi
    host_start_docker "$folder/docker" || fail "there is no Docker: see above."
    printf '%s\n' "${DOCKER_HOST:-}" >"$folder/docker-host"
    say "Docker $(docker version --format '{{.Server.Version}}') at ${DOCKER_HOST:-its usual place}"
}

write_app() {
    local status_port
    mkdir -p "$folder/app" || exit 1
    cp -r "$package"/compose/{compose.yml,releases} "$folder/app" || exit 1
    port="$(host_free_port)" || exit 1
    status_port="$(host_free_port "$port")" || exit 1
    # Every key that there is stands explained in compose/teal.yml.
    cat >"$folder/app/teal.yml" <<END
app: $app
services:
  web:
    port: 8080
    health: {http: /healthz, deadline: 8s}
  catalog: {health: {tcp: 8080}}
  store: {role: shared, health: {command: [/shop, health]}}
start: {pause: 0s}
bake: {for: 5s}
drain: 5s
nginx:
  directory: "$folder/nginx/teal"
  config: "$folder/nginx/nginx.conf"
  status: 127.0.0.1:$status_port
END
    export TEAL_STATE_DIR="$folder/state"
    {
        export -p | grep -E '^declare -x (TEAL_STATE_DIR|DOCKER_HOST|DOCKER_CONFIG)='
        printf 'export PATH=%q:"%s"\n' "$products" "\$PATH"
    } >"$folder/environment"
    quote "$folder/app/teal.yml"
}

# Docker's sockets lie in the folder, hence the length; nginx's configuration has its path unquoted.
choose_folder() {
    [ -n "${HOME:-}" ] || HOME="$(getent passwd "$(id -u)" | cut -d: -f6)"
    export HOME
    folder="${XDG_STATE_HOME:-$HOME/.local/state}/teal-demo"
    # Below root's own folder nginx's workers could not look at Teal's files.
    [ "$(id -u)" -ne 0 ] || folder=/var/lib/teal-demo
    folder="${TEAL_DEMO_DIR:-$folder}"
    [[ "$folder" =~ ^/[A-Za-z0-9._/-]{1,60}$ ]] ||
        fail "cannot work in $folder: name an absolute path of at most 60 letters, digits and" \
            "._/- by TEAL_DEMO_DIR."
    # For nginx's workers too; what is secret among Teal's files it protects itself.
    umask 022
    mkdir -p "$folder" || fail "cannot make $folder. Name another folder by TEAL_DEMO_DIR."
}

# --- Visitors and what they see -------------------------------------------------------------------

visit() {
    local name=$1
    shift
    "$products/load" "$@" --until-file "$folder/load-stop" --duration 30m \
        >"$folder/load-$name.txt" 2>&1 &
    visitors+=("$!")
}

stop_load() {
    local pid failed=0
    : >"$folder/load-stop"
    for pid in "${visitors[@]}"; do
        wait "$pid" || failed=1
    done
    visitors=()
    [ "$failed" -eq 0 ] || fail "the visitors did not come to an end: $(cat "$folder"/load-*.txt)"
}

# figure NAME VISITORS
figure() {
    awk -v name="$1" '$1 == name { print $2; found = 1 } END { if (!found) print 0 }' \
        "$folder/load-$2.txt"
}

# Head and body, by bash alone: curl is not everywhere.
fetch() {
    { exec 8<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null || return 1
    printf 'GET %s HTTP/1.0\r\nHost: shop\r\n\r\n' "$1" >&8
    timeout 10 cat <&8
    exec 8>&-
}

who_answers() {
    fetch /version | tr -d '\r' | sed -n 's/^X-Shop-Version: //Ip'
}

expect_answers_from() {
    local found
    found="$(who_answers)"
    say "Who answers at http://127.0.0.1:$port/ now: ${found:-nobody}"
    [ "$found" = "$1" ] || fail "$1 should answer, and ${found:-nobody} does."
}

# teal EXIT-CODE ARGUMENTS...
teal() {
    local expected=$1 code
    shift
    printf '%s$ teal %s%s\n' "$bold" "$*" "$plain"
    (cd "$folder/app" && exec "$products/teal" "$@")
    code=$?
    [ "$code" -eq "$expected" ] || fail "teal $1 ended with $code instead of $expected: see above."
}

# --- The end --------------------------------------------------------------------------------------

# Whatever it was that ended the story, nobody goes on visiting.
end() {
    local code=$?
    [ "${#visitors[@]}" -eq 0 ] || kill "${visitors[@]}" 2>/dev/null
    if [ "$code" -ne 0 ] && [ "$story" = tell_story ]; then
        printf 'demo.sh: ended before its time. Run it again, or compose/demo.sh --clean.\n' >&2
    fi
}

clean() {
    chapter "Removing all that the demo made"
    recall_docker
    sweep
    host_stop_docker "$folder/docker" || fail "the demo's Docker daemon goes on: see above."
    rm -rf "$folder" 2>/dev/null || _host_root rm -rf "$folder"
    [ ! -e "$folder" ] || fail "cannot remove $folder. Remove it by hand."
    say "Done. Swift's products stay in .build, installed packages stay installed."
}

# The daemon of the last run, which need not be the one that answers now.
recall_docker() {
    local host
    host="$(cat "$folder/docker-host" 2>/dev/null)" || return 0
    if [ -n "$host" ]; then export DOCKER_HOST="$host"; else unset DOCKER_HOST; fi
}

# What earlier runs left, whatever ended them; the daemon can be used again. A teal that outlived
# its demo.sh ends first.
sweep() {
    local lock="$folder/state/$app/lock"
    : >"$folder/load-stop"
    if [ -e "$lock" ] && ! flock --timeout 120 "$lock" true; then
        fail "another teal works on $app: $(cat "$lock"). Wait for its end and run this" \
            "again."
    fi
    host_stop_nginx "$folder/nginx" || fail "the demo's nginx goes on: see above."
    remove_all container rm --force --volumes
    remove_all network rm
    remove_all volume rm
    remove_images
    rm -rf "$folder"/{app,state,nginx,environment} || fail "cannot empty $folder."
}

# remove_all KIND COMMAND...: all containers, networks or volumes of the demo's app.
remove_all() {
    local kind=$1 found all=()
    shift
    [ "$kind" != container ] || all=(--all)
    found="$(timeout 30 docker "$kind" ls "${all[@]}" --quiet --filter "label=teal.app=$app" \
        2>/dev/null)" || return 0
    # shellcheck disable=SC2086 # A list of identifiers.
    [ -z "$found" ] || timeout 120 docker "$kind" "$@" $found >/dev/null ||
        fail "cannot remove the $kind that the demo made: what Docker said is above."
}

remove_images() {
    local found
    found="$(timeout 30 docker image ls --format '{{.Repository}}:{{.Tag}}' 2>/dev/null |
        grep -E "^teal/($app/|demo-shop:v[123]$)")" || return 0
    # shellcheck disable=SC2086 # A list of names.
    docker image rm $found >/dev/null || say "Some images are in use by others and stay."
}

# --- Words ----------------------------------------------------------------------------------------

chapter() {
    printf '\n%s== %s%s\n' "$bold" "$*" "$plain"
}

say() {
    printf '%s\n' "$*"
}

row() {
    printf '  %-16s %s\n' "$1" "$2"
}

quote() {
    sed 's/^/    /' "$1"
}

fail() {
    printf 'demo.sh: %s\n' "$*" >&2
    exit 1
}

bold='' plain='' visitors=()
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    bold=$'\e[1m' plain=$'\e[0m'
fi
main "$@"
