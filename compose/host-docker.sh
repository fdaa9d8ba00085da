# shellcheck shell=bash
# The Docker part of host.sh, which sources this file and documents its functions.

# Further words for the dockerd that host_start_docker starts.
host_docker_options=()
# What such a dockerd gives its networks of two parts of a /16: the first address, and what each gets.
host_docker_networks="0.0/16,size=24"

host_require_docker() {
    local missing=() units="docker.service docker.socket"
    _host_has docker && _host_docker_answers && return 0
    if ! _host_has dockerd; then
        missing+=(docker.io iptables)
        _host_has containerd || units="$units containerd.service"
    fi
    if ! _host_has docker && apt-cache show docker-cli >/dev/null 2>&1; then
        missing+=(docker-cli)
    fi
    _host_has ip || missing+=(iproute2)
    [ "${#missing[@]}" -eq 0 ] && return 0
    _host_install_asleep "containers need Docker's engine" "$units" "${missing[@]}" || return 1
    _host_has docker || _host_install "the docker command is a package of its own here" docker-cli
}

_host_docker_answers() {
    timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1 </dev/null
}

# host_start_docker FOLDER
# A daemon that answers already is used as it is. Otherwise an own, empty one is started that shares
# nothing with another: neither containerd nor bridge nor address pool and, beside another daemon,
# not even iptables, whose chains a second daemon would empty: TEAL_DOCKER_FILTERS is "no" then. What
# was in FOLDER is gone.
host_start_docker() {
    local folder=$1 pool bridge iptables=true
    _host_docker_answers && return 0
    if [ -S "$folder/docker.sock" ] && _host_docker_answers_at "$folder"; then
        export DOCKER_HOST="unix://$folder/docker.sock"
        return 0
    fi
    if [ "${#folder}" -gt 70 ] || [ "${folder#/}" = "$folder" ]; then
        _host_say "cannot start dockerd in $folder: it must be an absolute path of at most 70" \
            "characters, since sockets lie in it. Choose another folder."
        return 1
    fi
    _host_require_root "start dockerd" || return 1
    host_stop_docker "$folder" || return 1
    mkdir -p "$folder" || return 1
    pool="$(_host_docker_free_pool)" || return 1
    bridge="teal$((RANDOM % 10000))"
    printf '%s\n' "$bridge" >"$folder/bridge"
    if _host_docker_other_daemon; then
        iptables=false
        export TEAL_DOCKER_FILTERS=no
        printf '%s\n' "$pool.0.0/16" >"$folder/pool"
    fi
    _host_say "starting an own Docker daemon in $folder: none answers"
    _host_docker_note_network "$folder" &&
        _host_root ip link add "$bridge" type bridge &&
        _host_root ip address add "$pool.0.1/24" dev "$bridge" &&
        _host_docker_allow_pool "$folder" insert &&
        _host_docker_launch "$folder" "$bridge" "$pool" "$iptables" && {
        export DOCKER_HOST="unix://$folder/docker.sock"
        return 0
    }
    tail -n 15 "$folder/dockerd.log" "$folder/containerd.log" >&2 2>/dev/null
    _host_say "dockerd did not answer in $folder: its last lines are above. Mend that, or start" \
        "Docker by hand, and run this again."
    host_stop_docker "$folder"
    return 1
}

_host_docker_answers_at() {
    DOCKER_HOST="unix://$1/docker.sock" _host_docker_answers
}

_host_docker_launch() {
    local folder=$1 bridge=$2 pool=$3 iptables=$4 address=$1/exec/containerd.sock try
    mkdir -p "$folder/exec" "$folder/data" || return 1
    printf '{}\n' >"$folder/daemon.json"
    cat >"$folder/containerd.toml" <<END
version = 2
root = "$folder/data/containerd"
state = "$folder/exec/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "$address"
END
    _host_docker_spawn "$folder" containerd containerd --config "$folder/containerd.toml"
    for try in {1..100}; do
        [ -S "$address" ] && break
        sleep 0.1
    done
    _host_docker_spawn "$folder" dockerd dockerd \
        --config-file "$folder/daemon.json" --containerd "$address" \
        --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/docker.pid" \
        --host "unix://$folder/docker.sock" --group "$(id -g)" --bridge "$bridge" \
        --default-address-pool "base=$pool.$host_docker_networks" --iptables="$iptables" --ip6tables=false \
        "${host_docker_options[@]}"
    for try in {1..150}; do
        _host_docker_answers_at "$folder" && return 0
        [ -d "/proc/$(cat "$folder/dockerd.pid" 2>/dev/null)" ] || [ "$try" -lt 20 ] || return 1
        sleep 0.2
    done
    return 1
}

# The daemons outlive a lost terminal and hold none of the caller's files open; nor does a shell
# wait for them that would.
_host_docker_spawn() {
    local folder=$1 name=$2
    shift 2
    # shellcheck disable=SC2016 # The inner shell expands them.
    _host_root setsid --fork bash -c '
        echo $$ >"$1"
        shift
        for file in /proc/self/fd/*; do
            [ "${file##*/}" -le 2 ] || eval "exec ${file##*/}>&-"
        done
        exec "$@"' bash "$folder/$name.pid" "$@" >"$folder/$name.log" 2>&1 </dev/null
}

# A daemon of another network namespace shares no chains with this one's. One whose namespace cannot
# be told counts as one of ours.
_host_docker_other_daemon() {
    local own file namespace
    own="$(readlink /proc/self/ns/net)"
    for file in /proc/[0-9]*/comm; do
        grep -qsx dockerd "$file" || continue
        namespace="$(_host_root readlink "${file%comm}ns/net")"
        [ -n "$namespace" ] && [ "$namespace" != "$own" ] || return 0
    done
    return 1
}

# Two parts of a /16 that no route of this host overlaps.
_host_docker_free_pool() {
    local second
    for second in {213..252}; do
        if ! ip -4 route show table all | grep -E "(^|[a-z] )10\.$second\." >/dev/null; then
            printf '10.%s\n' "$second"
            return 0
        fi
    done
    _host_say "found no free network between 10.213.0.0 and 10.252.0.0. Remove one and run this" \
        "again."
    return 1
}

# What dockerd changes in the host's network and does not put back by itself.
_host_docker_note_network() {
    local folder=$1
    cat /proc/sys/net/ipv4/ip_forward >"$folder/ip_forward" || return 1
    _host_root iptables -S >"$folder/iptables" 2>/dev/null || : >"$folder/iptables"
}

# Beside another daemon, whose policy for forwarding may be to drop, containers of one network still
# have to reach each other; the rule is for this daemon's addresses only.
_host_docker_allow_pool() {
    local folder=$1 pool action=--insert
    [ "$2" = insert ] || action=--delete
    [ -s "$folder/pool" ] || return 0
    pool="$(cat "$folder/pool")"
    _host_root iptables --wait "$action" FORWARD --source "$pool" --destination "$pool" \
        --match physdev --physdev-is-bridged --jump ACCEPT
}

# host_stop_docker FOLDER
host_stop_docker() {
    local folder=$1 name
    [ -e "$folder/bridge" ] || return 0
    _host_require_root "stop the Docker daemon of $folder" || return 1
    if _host_docker_answers_at "$folder"; then
        # shellcheck disable=SC2016 # The inner shell expands it.
        timeout 60 bash -c 'docker --host "$0" ps --all --quiet |
            xargs --no-run-if-empty docker --host "$0" rm --force --volumes &&
            docker --host "$0" network prune --force' "unix://$folder/docker.sock" \
            >/dev/null 2>&1 </dev/null || _host_say "some containers of $folder had to be killed"
    fi
    for name in dockerd containerd; do
        _host_docker_end "$folder/$name.pid" "$name"
    done
    _host_docker_reap "$folder"
    _host_docker_restore_network "$folder"
    _host_docker_remove_files "$folder"
    if [ "${DOCKER_HOST:-}" = "unix://$folder/docker.sock" ]; then
        unset DOCKER_HOST
    fi
}

# A pid file may outlive its process and the number may be another's by now, hence the name.
_host_docker_end() {
    local pid try
    pid="$(cat "$1" 2>/dev/null)" || return 0
    [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$2" ] || return 0
    _host_kill TERM "$pid" || return 0
    for try in {1..200}; do
        [ -d "/proc/$pid" ] || return 0
        [ "$try" -lt 150 ] || _host_kill KILL "$pid" || true
        sleep 0.1
    done
}

# After a SIGKILL containers and their shims live on; shims carry the socket's path as an argument.
_host_docker_reap() {
    local folder=$1 pids try
    pids="$(_host_docker_pids "$folder")"
    [ -n "$pids" ] || return 0
    for try in {1..50}; do
        # shellcheck disable=SC2086 # A list of numbers.
        _host_kill KILL $pids || return 0
        sleep 0.1
    done
}

# The program kill is a package that a small host lacks; bash has one built in.
_host_kill() {
    # shellcheck disable=SC2016 # The inner shell expands it.
    _host_root bash -c 'kill -s "$@"' kill "$@" 2>/dev/null
}

_host_docker_pids() {
    local folder=$1 directory arguments
    for directory in /proc/[0-9]*; do
        case "$(cat "$directory/comm" 2>/dev/null)" in
        dockerd | containerd | containerd-shim* | docker-proxy) ;;
        *) continue ;;
        esac
        arguments="$({ tr '\0' ' ' <"$directory/cmdline"; } 2>/dev/null)" || continue
        if [[ "$arguments " == *"$folder/"* ]]; then
            _host_descendants "${directory#/proc/}"
        fi
    done
}

_host_descendants() {
    local child
    printf '%s\n' "$1"
    { cat "/proc/$1/task/"*/children 2>/dev/null || true; } | tr ' ' '\n' |
        while IFS= read -r child; do
            [ -z "$child" ] || _host_descendants "$child"
        done
}

# Bridges that dockerd made are named in its store, also when it had no time to remove them.
_host_docker_restore_network() {
    local folder=$1 store=$1/data/network/files/local-kv.db bridge bridges table rule pattern
    bridges="$(cat "$folder/bridge"
        _host_root grep -aoh 'br-[0-9a-f]\{12\}' "$store" 2>/dev/null | sort -u)" || true
    for bridge in $bridges; do
        _host_root ip link delete "$bridge" 2>/dev/null || true
    done
    _host_docker_allow_pool "$folder" delete 2>/dev/null || true
    [ -s "$folder/pool" ] && return 0
    # The second kind lets a container reach its own published port; it names no bridge.
    pattern="\\b($(printf '%s' "$bridges" | tr '\n' '|'))"
    grep -q '^-N DOCKER' "$folder/iptables" ||
        pattern="$pattern|-s ([0-9.]+/32) -d \\3 .*MASQUERADE|\\bDOCKER"
    for table in filter nat raw; do
        { _host_root iptables -t "$table" -S 2>/dev/null || true; } |
            { grep -E -- "^-A .*($pattern)" || true; } |
            while IFS= read -r rule; do
                xargs printf '%s\0' <<<"-t $table -D ${rule#-A }" |
                    _host_root xargs -0 iptables --wait
            done
        case "$pattern" in
        *DOCKER) { _host_root iptables -t "$table" -S 2>/dev/null || true; } |
            sed -n 's/^-N \(DOCKER.*\)/\1/p' |
            while IFS= read -r rule; do
                _host_root iptables --wait -t "$table" -X "$rule"
            done ;;
        esac
    done
    grep -q '^-P FORWARD ACCEPT' "$folder/iptables" && _host_root iptables --wait -P FORWARD ACCEPT
    if [ "$(cat "$folder/ip_forward")" = 0 ]; then
        printf '0\n' | _host_root tee /proc/sys/net/ipv4/ip_forward >/dev/null
    fi
}

_host_docker_remove_files() {
    local folder=$1 path name
    awk -v folder="$folder/" 'index($5, folder) == 1 { print $5 }' /proc/self/mountinfo | sort -r |
        while IFS= read -r path; do
            _host_root umount --lazy "$path"
        done
    # A shim names its socket by a digest of containerd's address, Docker's namespace and the id.
    { _host_root ls "$folder/data/containers" 2>/dev/null || true; } | while IFS= read -r path; do
        _host_root find /sys/fs/cgroup -depth -type d -path "*/$path*" \
            -exec rmdir {} + 2>/dev/null || true
        name="$(printf '%s/moby/%s' "$folder/exec/containerd.sock" "$path" | sha256sum)"
        _host_root rm -f "/run/containerd/s/${name%% *}"
    done
    _host_root rm -rf "$folder"/{data,exec,docker.sock,docker.pid,bridge,pool,iptables,ip_forward} \
        "$folder"/{dockerd,containerd}.{pid,log} "$folder"/{containerd.toml,daemon.json}
}
