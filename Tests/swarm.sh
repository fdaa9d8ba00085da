#!/usr/bin/env bash
# Tries `engine: swarm` on three real Docker daemons with an nginx each, all on this machine: plans,
# deploys and goes back under load, with a count of lost requests; goes on on another manager, also
# with what a killed run has left; then an edge that refuses, a registry by which images come to the
# other hosts, a second manager, a host that is lost, forgotten and passed over, a majority that is
# lost, and the end of the app. Needs root and Docker with Swarm's overlay networks (VXLAN). Arguments name
# stories:
#
#   Tests/swarm.sh
#   Tests/swarm.sh load lost
set -uo pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
# shellcheck source=Tests/set-up.sh
. Tests/set-up.sh
# shellcheck source=Tests/swarm-hosts.sh
. Tests/swarm-hosts.sh

all_stories=(plan load watched managers maintenance refusing registry second stale lost majority down)

install_what_is_missing() {
    host_require_build_tools && host_require_curl && host_require_docker &&
        host_require_compose "$PWD/.build/compose-v2" && host_require_nginx && host_require_registry
}

build() {
    local product
    for product in teal load shop; do swift build --product "$product" || return 1; done
}

# The stories run in namespaces that end, with all that was started in them, when their first process
# does.
inside() {
    group="teal-swarm-$$"
    trap 'end_inside; clean_up' EXIT
    unshare --net --mount --pid --fork --kill-child --mount-proc \
        bash Tests/swarm.sh --inside "$work" "$group" "$@" &
    keeper=$!
    wait "$keeper"
}

end_inside() {
    # SIGTERM is nothing to a program that waits for its namespace.
    kill -KILL "$keeper" 2>/dev/null
    wait "$keeper" 2>/dev/null
    for _ in {1..20}; do
        find /sys/fs/cgroup -depth -type d -path "*/$group*" -exec rmdir {} + 2>/dev/null
        [ -n "$(find /sys/fs/cgroup -type d -name "$group" -print -quit 2>/dev/null)" ] || return 0
        sleep 0.5
    done
}

# --- what stories are made of

make_images() {
    local host
    # shellcheck disable=SC2031 # It is for the scripts that make images, and for no one else.
    export DOCKER_HOST="unix://$swarm_folder/1/docker.sock"
    SHOP_BINARY="$programs/shop" sh compose/image.sh v1 v2 v3 &&
        TEAL_BINARY="$programs/teal" sh compose/swarm/edge-image.sh teal-edge:1 &&
        docker save --output "$swarm_folder/images.tar" teal-edge:1 teal/demo-shop:v{1,2,3} || return 1
    unset DOCKER_HOST
    for host in 2 3; do swarm_docker "$host" load --quiet --input "$swarm_folder/images.tar" || return 1; done
}

make_app() {
    mkdir -p "$swarm_folder/app" || return 1
    cat >"$swarm_folder/app/compose.yml" <<'END'
services:
  web:
    image: teal/demo-shop:${SHOP_VERSION:-v1}
    depends_on:
      catalog: {condition: service_started}
      migrate: {condition: service_completed_successfully}
    stop_grace_period: 15s
    environment:
      SHOP_ROLE: web
      SHOP_FAIL_EVERY: ${FAIL_EVERY:-}
      SHOP_CATALOG: http://fruit:8080/
      SHOP_START_DELAY_MS: ${DELAY:-}
      SHOP_SHOW: /note /run/secrets/token
    configs: [note]
    secrets: [token]
    networks: [default, back]
    deploy: {replicas: "${REPLICAS:-3}"}
  worker:
    image: teal/demo-shop:${SHOP_VERSION:-v1}
    environment: {SHOP_ROLE: catalog}
    healthcheck: {test: [CMD, /shop, health], interval: 1s, timeout: 3s, start_period: 30s}
  catalog:
    image: teal/demo-shop:${SHOP_VERSION:-v1}
    environment: {SHOP_ROLE: catalog}
    healthcheck: {test: [CMD, /shop, health], interval: 1s, timeout: 3s, start_period: 30s}
    networks: {back: {aliases: [fruit]}}
  migrate:
    image: teal/demo-shop:${SHOP_VERSION:-v1}
    environment: {SHOP_ROLE: init, SHOP_EXIT_CODE: "${MIGRATION:-}"}
configs:
  note: {content: "note of ${SHOP_VERSION:-v1}${NOTE:-}, "}
secrets:
  token: {file: ./token}
networks:
  back: {internal: true}
END
    cat >"$swarm_folder/app/theirs.yml" <<'END'
services:
  web: {configs: [theirs], networks: [theirs]}
configs:
  theirs: {external: true, name: theirs}
networks:
  theirs: {external: true, name: theirs}
END
    # More than any node has.
    echo 'services: {web: {deploy: {resources: {reservations: {memory: 90000G}}}}}' \
        >"$swarm_folder/app/large.yml"
    printf 'token of v1' >"$swarm_folder/app/token"
    cat >"$swarm_folder/app/teal.yml" <<'END'
app: shop
engine: swarm
edges: {image: "teal-edge:1"}
swarm: {ports: {web: [18081, 18082]}, switch_timeout: 120s}
services:
  web: {port: 8080, health: {http: /healthz, deadline: 240s}}
  worker: {role: singleton}
start: {pause: 0s}
bake: {for: 0s}
drain: 10s
END
    {
        grep -v '^bake' "$swarm_folder/app/teal.yml"
        echo 'canary: {steps: [30%], every: 12s, sticky: {header: X-Visitor}}'
        echo 'bake: {for: 12s, requests: 20}'
    } >"$swarm_folder/app/watched.yml"
    {
        sed 's/^swarm: {/&absent: proceed, /' "$swarm_folder/app/teal.yml"
        echo 'keep: {previous: stopped, releases: 5}'
    } >"$swarm_folder/app/proceed.yml"
    {
        cat "$swarm_folder/app/teal.yml"
        echo 'compose: [compose.yml, theirs.yml]'
    } >"$swarm_folder/app/theirs-too.yml"
    {
        cat "$swarm_folder/app/teal.yml"
        echo 'compose: [compose.yml, large.yml]'
    } >"$swarm_folder/app/too-large.yml"
    { cat "$swarm_folder/app/too-large.yml" && echo 'room: warn'; } >"$swarm_folder/app/tried.yml"
    { cat "$swarm_folder/app/teal.yml" && echo 'promote: manual'; } >"$swarm_folder/app/manual.yml"
}

# teal HOST VERB...: on a manager, with the variables of the shell; what it says goes to the log.
teal() {
    local host=$1 said="$swarm_folder/${SAID:-said}"
    shift
    swarm_on "$host" env DOCKER_HOST="unix://$swarm_folder/$host/docker.sock" \
        TEAL_STATE_DIR="$swarm_folder/$host/state" "$programs/teal" "$@" \
        --config "$swarm_folder/app/${CONFIG:-teal.yml}" >"$said" 2>&1
    local status=$?
    { echo "--- node$host: teal $* ended with $status"; cat "$said"; } >>"$swarm_folder/log"
    return "$status"
}

fail() {
    echo "FAILED: $1"
    sed 's/^/  | /' "$swarm_folder/said"
    failures=$((failures + 1))
}

# expect STATUS HOST VERB...
expect() {
    local wanted=$1 status
    shift
    teal "$@"
    status=$?
    [ "$status" -eq "$wanted" ] || fail "teal ${*:2} on node$1 ended with $status, not with $wanted"
}

said() {
    grep -q -- "$1" "$swarm_folder/said" || fail "Teal did not say \"$1\""
}

version() {
    curl --silent --max-time 5 "http://10.99.0.$1/version" --output /dev/null --dump-header - |
        tr -d '\r' | sed -n 's/^x-shop-version: //Ip'
}

# serves VERSION HOST...
serves() {
    local wanted=$1 host found
    shift
    for host in "$@"; do
        found="$(version "$host")"
        [ "$found" = "$wanted" ] || fail "node$host serves \"$found\", not $wanted"
    done
}

# shows TEXT HOST...: web has this content in its config and its secret.
shows() {
    local wanted=$1 host found
    shift
    for host in "$@"; do
        found="$(curl --silent --max-time 5 "http://10.99.0.$host/shown")"
        [ "$found" = "$wanted" ] || fail "node$host shows \"$found\", not \"$wanted\""
    done
}

# object_name KIND KEY CONTENT: as the app's object of this content is called.
object_name() {
    printf 'shop-%s-%s-%.12s' "$1" "$2" "$(printf 'shop %s %s\n%s' "$1" "$2" "$3" | sha256sum)"
}

# Things of the swarm that are not the app's.
make_theirs() {
    swarm_docker 1 config inspect theirs >/dev/null 2>&1 ||
        echo x | swarm_docker 1 config create theirs - >/dev/null
    swarm_docker 1 network inspect theirs >/dev/null 2>&1 ||
        swarm_docker 1 network create --driver overlay theirs >/dev/null
}

objects() { swarm_docker 1 "$1" ls --quiet --filter label=teal.digest; }

# load HOST...: requests by way of each of these edges, until there is a file.
load_on() {
    local host
    rm -f "$swarm_folder/enough"
    visitors=()
    for host in "$@"; do
        "$programs/load" --url "http://10.99.0.$host/version" --connections 6 --rate 100 \
            --until-file "$swarm_folder/enough" >"$swarm_folder/visitors.$host" &
        visitors+=("$host:$!")
    done
}

# Says what each edge answered; a request that was lost is a failure.
load_off() {
    local visitor host
    touch "$swarm_folder/enough"
    for visitor in "${visitors[@]}"; do
        wait "${visitor#*:}"
        host=${visitor%%:*}
        sed "s/^/  node$host: /" "$swarm_folder/visitors.$host"
        grep -q ' lost  *0 ' "$swarm_folder/visitors.$host" || fail "requests to node$host were lost"
    done
}

# until_true SECONDS COMMAND...
until_true() {
    local left=$(($1 * 2))
    shift
    until "$@"; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.5
    done
}

node_is() { [ "$(swarm_docker 1 node inspect --format '{{.Status.State}}' "node$1")" = "$2" ]; }

# --- the stories

first() {
    expect 0 1 check
    said 'ready: node1, node2, node3'
    expect 0 1 deploy
    local host
    for host in "${swarm_hosts[@]}"; do swarm_on "$host" nginx -s reload; done
    until_true 10 is_all v1 || fail "not every edge serves v1"
    expect 0 1 nodes
    tell_memory
    curl --silent --fail --max-time 5 --output /dev/null http://10.99.0.2/ ||
        fail "web does not reach its catalog"
}

# The memory of each node is that of this machine, and what is free of it is near what this machine
# says now.
tell_memory() {
    local free total
    free=$(memory_of MemAvailable) total=$(memory_of MemTotal)
    awk -v free="$free" -v total="$total" '
        match($0, /[0-9]+ of [0-9]+ MB free/) {
            split(substr($0, RSTART), figure, " ")
            if (figure[3] == total && figure[1] > free * 0.8 && figure[1] < free * 1.25) good++
        }
        END { exit good != 3 }' "$swarm_folder/said" ||
        fail "not every node says that some $free of $total MB are free"
}

# memory_of KEY: of /proc/meminfo, in MB.
memory_of() { awk -v key="$1:" '$1 == key { printf "%.0f", $2 / 1024 }' /proc/meminfo; }

is_all() {
    local host
    for host in "${swarm_hosts[@]}"; do [ "$(version "$host")" = "$1" ] || return 1; done
}

# Each node is asked what it lacks, and nothing is changed.
story_plan() {
    local taker
    expect 0 1 check
    SHOP_VERSION=v2 expect 0 1 plan
    said 'node3  none'
    said 'configs'
    swarm_docker 3 rmi --force teal/demo-shop:v3 >/dev/null
    # shellcheck disable=SC2016 # It is for the inner shell.
    swarm_on 2 env SHOP_ROLE=web SHOP_PORT=18082 \
        sh -c 'echo "$$" >"$0" && exec "$1"' "$swarm_folder/taker" "$programs/shop" >/dev/null 2>&1 &
    taker=$!
    sleep 1
    SHOP_VERSION=v3 expect 1 1 plan
    said 'node3 has not the image teal/demo-shop:v3'
    said 'The port 18082 of node2 is taken'
    kill "$(cat "$swarm_folder/taker")" && wait "$taker" 2>/dev/null
    swarm_docker 3 load --quiet --input "$swarm_folder/images.tar" >/dev/null
    [ -z "$(swarm_docker 1 service ls --quiet --filter label=teal.look)" ] ||
        fail "a look at the nodes was left"
}

# A page on every edge, which a switch keeps; the health path is answered by the app.
story_maintenance() {
    local host
    expect 0 1 maintenance on
    for host in "${swarm_hosts[@]}"; do
        answers "$host" / 503
        answers "$host" /healthz 200
    done
    SHOP_VERSION=v2 expect 0 1 deploy
    for host in "${swarm_hosts[@]}"; do answers "$host" / 503; done
    expect 0 1 status
    said 'Maintenance is on'
    expect 0 2 maintenance off
    for host in "${swarm_hosts[@]}"; do answers "$host" /version 200; done
}

# answers HOST PATH STATUS
answers() {
    local found
    found="$(curl --silent --max-time 5 --output /dev/null --write-out '%{http_code}' \
        "http://10.99.0.$1$2")"
    [ "$found" = "$3" ] || fail "node$1 answers $2 with $found, not with $3"
}

migrated_once() {
    local tasks
    tasks=$(swarm_docker 1 service ps --quiet "shop-$1-migrate" | wc -l)
    [ "$tasks" -eq 1 ] || fail "the migration of $1 had $tasks tasks"
}

# Notes how many containers of the singleton run at a time, on all nodes together.
workers_on() {
    rm -f "$swarm_folder/counted" "$swarm_folder/two"
    while [ ! -e "$swarm_folder/counted" ]; do
        [ "$(count_workers)" -le 1 ] || touch "$swarm_folder/two"
        sleep 0.3
    done &
    counter=$!
}

# A container that ends while the daemons are asked one after the other is asked for again.
count_workers() {
    local host
    for host in "${swarm_hosts[@]}"; do
        swarm_docker "$host" ps --quiet --no-trunc --filter name=shop-.*-worker
    done | while read -r id; do
        for host in "${swarm_hosts[@]}"; do
            swarm_docker "$host" inspect --format '{{if .State.Running}}{{.Id}}{{end}}' "$id" 2>/dev/null
        done
    done | grep -c .
}

workers_off() {
    touch "$swarm_folder/counted"
    wait "$counter"
    [ ! -e "$swarm_folder/two" ] || fail "two containers of the singleton ran at once"
    [ "$(count_workers)" -eq 1 ] || fail "the singleton does not run once"
}

# Switches, and goes back, without losing a request, each time to the config and the secret of the
# release's own day; a migration that fails moves nothing.
story_load() {
    shows 'note of v1, token of v1' 1 2 3
    load_on 1 2 3
    workers_on
    printf 'token of v2' >"$swarm_folder/app/token"
    SHOP_VERSION=v2 expect 0 1 deploy --release two
    serves v2 1 2 3
    shows 'note of v2, token of v2' 1 2 3
    rm "$swarm_folder/app/token"
    expect 0 1 rollback
    serves v1 1 2 3
    shows 'note of v1, token of v1' 1 2 3
    SHOP_VERSION=v3 expect 78 1 deploy
    said 'The secret token cannot be read'
    printf 'token of v1' >"$swarm_folder/app/token"
    MIGRATION=3 SHOP_VERSION=v3 expect 3 1 deploy --release broken
    said 'migrate'
    said 'exiting with 3'
    serves v1 1 2 3
    SHOP_VERSION=v3 expect 0 1 deploy --release three
    serves v3 1 2 3
    expect 0 1 rollback
    serves v1 1 2 3
    expect 0 1 rollback --to two
    serves v2 1 2 3
    shows 'note of v2, token of v2' 1 2 3
    load_off
    workers_off
    ! grep -q 'token of' "$swarm_folder/log" || fail "a secret was told"
    for colour in blue green; do migrated_once "$colour"; done
    expect 0 1 status
    expect 0 1 history
    said three
}

# A share of the visitors of every edge gets the new release, and all of them while it is baked. The
# answers of all edges are counted together: too many failures, and the release is gone again.
story_watched() {
    local next=v1 first host share
    [ "$(version 1)" != v1 ] || next=v2
    load_on 1 2 3
    SHOP_VERSION=$next CONFIG=watched.yml teal 1 deploy --release watched & first=$!
    until_true 120 has_canary || fail "no edge shares its traffic"
    for host in "${swarm_hosts[@]}"; do
        share="$(share_of "$next" "$host")"
        echo "  node$host: $share of 200 visitors get $next"
        { [ "$share" -ge 30 ] && [ "$share" -le 90 ]; } ||
            fail "$share of 200 visitors of node$host get $next, not some 60"
    done
    wait "$first" || fail "the watched deploy did not end well"
    said 'canary 30%.* [1-9][0-9]* requests, 0 with a 5xx'
    said 'bake until.* [1-9][0-9]* requests, 0 with a 5xx'
    serves "$next" 1 2 3
    load_off
    SHOP_VERSION=v3 FAIL_EVERY=3 CONFIG=watched.yml teal 1 deploy --release broken & first=$!
    until_true 120 has_canary || fail "no edge shares its traffic"
    for host in "${swarm_hosts[@]}"; do share_of v3 "$host" >/dev/null; done
    wait "$first"
    [ $? -eq 4 ] || fail "a release that fails in its canary did not end with 4"
    said 'with a 5xx'
    said 'lost its share of the traffic'
    for host in "${swarm_hosts[@]}"; do
        [ "$(share_of "$next" "$host")" -eq 200 ] || fail "node$host does not serve $next alone"
    done
}

has_canary() {
    swarm_docker 1 service inspect shop-edge --format '{{json .Spec.TaskTemplate.ContainerSpec.Env}}' |
        grep -q '\\"share\\"' && sleep 3
}

# share_of VERSION HOST: how many of 200 visitors, each with a name of its own, get it.
share_of() {
    local visitor arguments=()
    for visitor in {1..200}; do
        [ "$visitor" -eq 1 ] || arguments+=(--next)
        arguments+=(--silent --max-time 5 --header "X-Visitor: $visitor" --dump-header - --output /dev/null
            "http://10.99.0.$2/version")
    done
    curl "${arguments[@]}" | tr -d '\r' | grep -ic "^x-shop-version: $1$"
}

# What one manager has recorded, another one goes on with: it goes back, promotes, takes up what a
# killed run has left on a host that is gone, and starts a release that it has never seen.
story_managers() {
    local first
    load_on 1 2 3
    SHOP_VERSION=v2 expect 0 1 deploy --release two
    expect 0 2 status
    expect 0 2 history
    said two
    expect 0 2 rollback
    serves v1 1 2 3
    expect 0 1 status
    expect 0 1 history
    said rollback

    SHOP_VERSION=v3 CONFIG=manual.yml SAID=waiting teal 1 deploy --release three & first=$!
    until_true 90 waits_on 2 || fail "node2 sees no release that waits"
    expect 0 2 promote
    wait "$first" || fail "the deploy that waited did not end with its promotion on node2"
    serves v3 1 2 3

    # Its containers take longer than all that follows.
    SHOP_VERSION=v2 DELAY=60000 SAID=killed teal 1 deploy --release killed & first=$!
    until_true 60 starts killed || fail "the deploy that is killed starts nothing"
    teal 2 status
    said 'on 10.99.0.1'
    pkill -KILL -P "$first"
    swarm_kill_daemon 1
    wait "$first"
    until_true 60 is_missed 1 || fail "the swarm does not miss node1"
    expect 6 2 nodes
    said 'node1 is down'
    expect 0 2 edge forget node1
    expect 3 2 resume --wait-lock 2m
    said 'ended before the switch'
    serves v3 1 2 3
    swarm_start_daemon 1
    until_true 60 node_is 1 ready || fail "node1 does not come back"
    until_true 60 teal 1 nodes || fail "node1 does not follow"
    expect 0 2 rollback --to two
    serves v2 1 2 3
    load_off
    expect 0 1 history
    said killed
    expect 0 1 status
    said two
}

# starts SAID: the run that says it there has begun with the containers of web.
starts() { grep -q 'starting web' "$swarm_folder/$1"; }

waits_on() { teal "$1" status; grep -q 'waits for promotion' "$swarm_folder/said"; }

is_missed() { [ "$(swarm_docker 2 node inspect --format '{{.Status.State}}' "node$1")" = down ]; }

# An object that is missing, or a stranger's, keeps all as it is; so does a release that no node has
# the memory for, and one nginx that would not follow.
story_refusing() {
    local before name
    refuses_large
    name="$(object_name config note 'note of v3 by a stranger, ')"
    echo x | swarm_docker 1 config create "$name" - >/dev/null
    export NOTE=' by a stranger'
    SHOP_VERSION=v3 CONFIG=theirs-too.yml expect 1 1 check
    said "A config $name exists that is not Teal's"
    said 'the swarm has no config theirs'
    said 'the swarm has no network theirs'
    SHOP_VERSION=v3 CONFIG=theirs-too.yml expect 3 1 deploy
    unset NOTE
    swarm_docker 1 config rm "$name" >/dev/null
    make_theirs
    CONFIG=theirs-too.yml expect 0 1 check
    before="$(version 1)"
    load_on 1 2
    echo 'broken' >"$swarm_folder/3/nginx/nginx.conf"
    until_true 60 tells_of node3 || fail "node3 does not tell that its nginx would refuse"
    expect 0 1 rollback
    expect 0 1 rollback
    SHOP_VERSION=v2 expect 3 1 deploy
    said node3
    serves "$before" 1 2 3
    swarm_configure_nginx 3
    until_true 60 teal 1 nodes || fail "node3 does not follow again"
    SHOP_VERSION=v2 expect 0 1 deploy
    serves v2 1 2 3
    load_off
}

tells_of() {
    teal 1 nodes
    grep -q "^$1: " "$swarm_folder/said"
}

# It is refused with the figures of each node. If it is tried all the same, the swarm finds no node,
# which is told at once.
refuses_large() {
    local began verb
    before="$(version 1)"
    for verb in check plan; do
        SHOP_VERSION=v2 CONFIG=too-large.yml expect 1 1 "$verb"
        said 'no node that may run it has more than [0-9]* MB left that is not reserved'
        said "node3  .*$(memory_of MemTotal)"
    done
    SHOP_VERSION=v2 CONFIG=too-large.yml expect 3 1 deploy
    said "node3  .*$(memory_of MemTotal)"
    said 'Next: free memory on the nodes'
    began=$SECONDS
    SHOP_VERSION=v2 CONFIG=tried.yml expect 3 1 deploy
    said 'has found no node that may run it: no suitable node (insufficient resources'
    [ $((SECONDS - began)) -lt 90 ] || fail "that took $((SECONDS - began)) s"
    serves "$before" 1 2 3
}

# An image that one node alone has is built or pushed there, and pulled by the others with the user's
# password. Whatever the registry says, traffic stays.
story_registry() {
    local before daemon="unix://$swarm_folder/1/docker.sock"
    before="$(version 1)"
    DOCKER_HOST="$daemon" SHOP_BINARY="$programs/shop" sh compose/image.sh here1 >/dev/null ||
        fail "there is no image"
    make_registry || fail "there is no registry"
    start_registry || fail "the registry does not answer"
    load_on 1 2 3
    SHOP_VERSION=here1 expect 3 1 deploy
    said 'node2 has not the image teal/demo-shop:here1'
    said 'node3 has not the image teal/demo-shop:here1'
    with_registry no-tls.yml 3 1 deploy
    said '"insecure-registries": \["10.99.0.253:5000"\]'
    with_registry registry.yml 1 1 check
    said 'docker login 10.99.0.254:5000'
    log_in wr0ng
    with_registry registry.yml 3 1 deploy
    said '401 Unauthorized'
    said 'docker login 10.99.0.254:5000'
    serves "$before" 1 2 3
    log_in s3cret
    with_registry registry.yml 0 1 plan
    said 'would be built'
    said 'would be pushed'
    with_registry registry.yml 0 1 deploy --release built1
    said 'web built and pushed'
    serves built1 1 2 3
    builds built2
    with_registry registry.yml 0 1 deploy --release built2
    serves built2 1 2 3
    kill "$registry"
    with_registry registry.yml 3 1 deploy
    said 'connection refused'
    with_registry registry.yml 0 1 rollback
    serves built1 1 2 3
    start_registry || fail "the registry does not come back"
    builds built3
    with_registry registry.yml 0 1 deploy --release built3
    serves built3 1 2 3
    swarm_docker 3 image prune --all --force >/dev/null
    with_registry registry.yml 0 2 rollback --to built2
    serves built2 1 2 3
    load_off
    swarm_docker 3 load --quiet --input "$swarm_folder/images.tar" >/dev/null
    kill "$registry"
    ! swarm_docker 1 images --format '{{.Tag}}' '10.99.0.254:5000/shop/*' | grep -qv none ||
        fail "names for the registry are left"
    ! grep -qE 's3cret|wr0ng|c2hvcDp' "$swarm_folder/log" || fail "a password was told"
    ! grep -rqE 's3cret|c2hvcDp' "$swarm_folder"/[123]/state || fail "a password was recorded"
}

# with_registry CONFIG STATUS HOST VERB...
with_registry() {
    local config=$1
    shift
    SHOP_VERSION=here1 CONFIG=$config DOCKER_CONFIG=$swarm_folder/logins expect "$@"
}

# It knows one user, and has no TLS. The daemons take that of one of its two addresses.
make_registry() {
    local folder=$swarm_folder/app
    mkdir -p "$folder/source" "$swarm_folder/logins" &&
        ip address add 10.99.0.253/24 dev swarm || return 1
    [ ! -e "${DOCKER_CONFIG:-}/cli-plugins" ] ||
        ln -s "$DOCKER_CONFIG/cli-plugins" "$swarm_folder/logins/cli-plugins" || return 1
    # shellcheck disable=SC2016 # The password is s3cret, by bcrypt.
    echo 'shop:$2y$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK' >"$swarm_folder/passwords"
    cat >"$swarm_folder/registry.yml" <<END
version: 0.1
log: {level: warn}
storage: {filesystem: {rootdirectory: $swarm_folder/registry}}
http: {addr: ":5000"}
auth: {htpasswd: {realm: shop, path: $swarm_folder/passwords}}
END
    builds built1
    echo 'services: {web: {image: shop-web, build: ./source}}' >"$folder/built.yml"
    { cat "$folder/teal.yml" && echo 'compose: [compose.yml, built.yml]'; } >"$folder/built-teal.yml"
    { cat "$folder/built-teal.yml" && echo 'registry: 10.99.0.254:5000/shop'; } >"$folder/registry.yml"
    { cat "$folder/built-teal.yml" && echo 'registry: 10.99.0.253:5000/shop'; } >"$folder/no-tls.yml"
}

# builds VERSION: from now on.
builds() {
    printf 'FROM teal/demo-shop:here1\nENV SHOP_VERSION=%s\n' "$1" >"$swarm_folder/app/source/Dockerfile"
}

start_registry() {
    docker-registry serve "$swarm_folder/registry.yml" >>"$swarm_folder/registry.log" 2>&1 &
    registry=$!
    until_true 10 curl --silent --output /dev/null http://10.99.0.254:5000/v2/
}

# log_in PASSWORD
log_in() {
    printf '{"auths": {"10.99.0.254:5000": {"auth": "%s"}}}\n' \
        "$(printf 'shop:%s' "$1" | base64)" >"$swarm_folder/logins/config.json"
}

# Two managers at once: the second is refused, and told whom it waits for.
story_second() {
    local first
    SHOP_VERSION=v3 DELAY=8000 teal 1 deploy & first=$!
    until_true 20 has_lease || fail "no run has the lease"
    SHOP_VERSION=v2 expect 75 2 deploy
    said 'locked by'
    wait "$first" || fail "the first deploy did not end well"
    serves v3 1 2 3
    has_lease && fail "the lease was not given back"
}

has_lease() { swarm_docker 1 config inspect shop-lease >/dev/null 2>&1; }

# A run that was overtaken meanwhile moves no traffic.
story_stale() {
    local first status before
    before="$(version 1)"
    SHOP_VERSION=v2 DELAY=8000 SAID=stale teal 1 deploy & first=$!
    until_true 60 starts stale || fail "the deploy that is overtaken starts nothing"
    swarm_docker 2 service update --detach --label-add teal.run=another shop-edge >/dev/null
    wait "$first"
    status=$?
    [ "$status" -eq 75 ] || fail "the run that was overtaken ended with $status, not with 75"
    serves "$before" 1 2 3
}

# A host whose daemon is gone serves on. Nobody deploys past it, unless it is passed over, and then
# the colour that it serves is kept, or unless it is forgotten. It follows when it is back.
story_lost() {
    SHOP_VERSION=v1 REPLICAS=2 CONFIG=proceed.yml expect 0 1 deploy
    load_on 1 2 3
    swarm_kill_daemon 3
    until_true 60 node_is 3 down || fail "the swarm does not miss node3"
    serves v1 1 2 3
    expect 6 1 nodes
    said 'node3 is down'
    SHOP_VERSION=v2 REPLICAS=2 expect 3 1 deploy
    said 'node3 is down'
    SHOP_VERSION=v2 REPLICAS=2 CONFIG=proceed.yml expect 0 1 deploy
    said 'may still send requests to it: node3 is down'
    serves v2 1 2
    serves v1 3
    SHOP_VERSION=v3 REPLICAS=2 CONFIG=proceed.yml expect 3 1 deploy
    load_off
    load_on 1 2
    expect 1 1 edge forget node2
    expect 0 2 edge forget node3
    expect 0 1 nodes
    said 'node3 is down, and forgotten'
    SHOP_VERSION=v3 REPLICAS=2 expect 0 1 deploy
    serves v3 1 2
    swarm_start_daemon 3
    until_true 60 node_is 3 ready || fail "node3 does not come back"
    until_true 60 teal 1 nodes || fail "node3 does not follow"
    grep -q forgotten "$swarm_folder/said" && fail "node3 is forgotten although it is back"
    load_off
    serves v3 1 2 3
}

# Without a majority nothing can be changed, and every edge serves on.
story_majority() {
    local before
    before="$(version 1)"
    load_on 1 2 3
    swarm_kill_daemon 2
    swarm_kill_daemon 3
    SHOP_VERSION=v2 expect 6 1 deploy
    said 'no leader'
    expect 6 1 status
    serves "$before" 1 2 3
    load_off
    swarm_start_daemon 2
    swarm_start_daemon 3
    until_true 90 teal 1 nodes || fail "the edges do not follow again"
    SHOP_VERSION=v2 expect 0 1 deploy
    serves v2 1 2 3
}

# An nginx that still includes the app is named, with its part left alone; then all of it goes.
story_down() {
    local host kind
    # The edges of a swarm that had no leader begin anew when it has one again.
    until_true 60 teal 1 nodes || fail "an edge has not confirmed"
    make_theirs
    for kind in config secret; do
        [ -n "$(objects "$kind")" ] || fail "the app has no $kind"
    done
    expect 64 1 down --yes --volumes
    expect 1 1 down --yes
    said 'nginx still reads'
    for host in "${swarm_hosts[@]}"; do
        answers "$host" / 503
        sed -i 's/include [^ ]*.con\[f\];//' "$swarm_folder/$host/nginx/nginx.conf"
        swarm_on "$host" nginx -s reload 2>/dev/null
    done
    expect 0 2 down --yes
    expect 0 1 history
    said 'Nothing was deployed yet'
    [ -z "$(swarm_docker 1 service ls --quiet)$(swarm_docker 1 secret ls --quiet)" ] ||
        fail "services or secrets are left"
    [ "$(swarm_docker 1 config ls --format '{{.Name}}')" = theirs ] ||
        fail "configs of the app are left, or a stranger's is gone"
    [ -z "$(swarm_docker 1 network ls --quiet --filter label=teal.app=shop)" ] ||
        fail "networks are left"
    swarm_docker 1 network inspect theirs >/dev/null || fail "a stranger's network is gone"
    for host in "${swarm_hosts[@]}"; do
        [ ! -e "$swarm_folder/$host/nginx/teal/shop" ] || fail "node$host has files of the app"
    done
}

tell() {
    local story=$1 began=$SECONDS
    printf '\n== %s\n' "$story"
    "$story"
    echo "$story: $((SECONDS - began)) s"
}

if [ "${1:-}" = --inside ]; then
    work=$2 failures=0 programs="$(swift build --show-bin-path)"
    # shellcheck disable=SC2034 # The functions of swarm-hosts.sh read it.
    step "Three hosts" swarm_make "$work/s" "/$3"
    shift 3
    [ $# -gt 0 ] || set -- "${all_stories[@]}"
    step "Images" make_images
    step "App" make_app
    for host in "${swarm_hosts[@]}"; do step "nginx of node$host" swarm_start_nginx "$host"; done
    tell first
    for story; do tell "story_$story"; done
    printf '\n%s stories failed an expectation\n' "$failures"
    [ "$failures" -eq 0 ]
    exit
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "Three hosts need namespaces, which only root makes. Run this as root." >&2
    exit 1
fi
prepare
step "Swift" require_swift
step "What this machine lacks" install_what_is_missing
step "Build" build
printf '\n== Three hosts\n'
inside "$@"
