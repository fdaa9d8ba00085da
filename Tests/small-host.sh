# shellcheck shell=bash
# A small host within this one: a Docker daemon, its containers and whatever joins them have 1 CPU
# and 1 GB without swap between them, by a control group (version 1, 2 or a hybrid of both).
# To be sourced after compose/host.sh:
#
#   small_host_make NAME       the group; exports what the benchmark joins and reads
#   small_host_start_docker FOLDER   a daemon in the group; exports DOCKER_HOST
#   small_host_stop_docker FOLDER
#   small_host_remove          ends what is left in the group and removes it
#
# In a group NAME processes of the host belong to NAME/host and containers to NAME/containers; the
# limits are NAME's.

small_host_bytes=$((1024 * 1024 * 1024))
small_host_period=100000
_small_host_root=/sys/fs/cgroup

small_host_make() {
    if [ "$(id -u)" -ne 0 ]; then
        _host_say "cannot confine a Docker daemon: only root makes control groups. Run this as root."
        return 1
    fi
    _small_host_name=$1
    if [ -e "$_small_host_root/cgroup.controllers" ]; then
        _small_host_make_version_2 "$1"
    else
        _small_host_make_version_1 "$1"
    fi && return 0
    _host_say "cannot confine a Docker daemon: this system's control groups ($_small_host_root) do" \
        "not let this user limit CPU and memory. Run this on a host, or in a container that may."
    small_host_remove
    return 1
}

_small_host_make_version_2() {
    local group=$_small_host_root/$1
    printf '+cpu +memory\n' >"$_small_host_root/cgroup.subtree_control" &&
        mkdir "$group" &&
        printf '+cpu +memory\n' >"$group/cgroup.subtree_control" &&
        mkdir "$group/host" &&
        printf '%s\n' "$small_host_bytes" >"$group/memory.max" &&
        printf '%s %s\n' "$small_host_period" "$small_host_period" >"$group/cpu.max" || return 1
    # A kernel without swap has no such file.
    [ ! -e "$group/memory.swap.max" ] || printf '0\n' >"$group/memory.swap.max" || return 1
    export TEAL_SMALL_HOST="$group" TEAL_SMALL_HOST_MEMBERS="$group/host/cgroup.procs"
}

_small_host_make_version_1() {
    local memory=$_small_host_root/memory/$1 cpu=$_small_host_root/cpu/$1
    mkdir "$memory" "$cpu" && mkdir "$memory/host" "$cpu/host" &&
        printf '%s\n' "$small_host_bytes" >"$memory/memory.limit_in_bytes" &&
        printf '0\n' >"$memory/memory.swappiness" &&
        printf '%s\n' "$small_host_period" >"$cpu/cpu.cfs_period_us" &&
        printf '%s\n' "$small_host_period" >"$cpu/cpu.cfs_quota_us" || return 1
    # A kernel that does not account for swap has no such file.
    [ ! -e "$memory/memory.memsw.limit_in_bytes" ] ||
        printf '%s\n' "$small_host_bytes" >"$memory/memory.memsw.limit_in_bytes" || return 1
    export TEAL_SMALL_HOST="$memory"
    export TEAL_SMALL_HOST_MEMBERS="$memory/host/cgroup.procs:$cpu/host/cgroup.procs"
    # A hybrid's second version limits nothing, but it alone tells the pressure of a group.
    if [ -e "$_small_host_root/unified/cgroup.procs" ]; then
        mkdir "$_small_host_root/unified/$1" "$_small_host_root/unified/$1/host" || return 1
        TEAL_SMALL_HOST_MEMBERS+=":$_small_host_root/unified/$1/host/cgroup.procs"
    fi
}

_small_host_join() {
    local file files
    IFS=: read -ra files <<<"$TEAL_SMALL_HOST_MEMBERS"
    for file in "${files[@]}"; do
        printf '%s\n' "$BASHPID" >"$file" || return 1
    done
}

# An own daemon in any case: one that answers already is not confined.
small_host_start_docker() {
    export DOCKER_HOST="unix://$1/docker.sock"
    (
        # shellcheck disable=SC2034 # host_start_docker reads it.
        host_docker_options=(--exec-opt native.cgroupdriver=cgroupfs
            --cgroup-parent "/$_small_host_name/containers")
        _small_host_join && host_start_docker "$1"
    )
}

small_host_stop_docker() {
    host_stop_docker "$1"
}

# What is left in the group are its own processes: nothing else was ever put there.
small_host_remove() {
    local name=${_small_host_name:-} folder folders=() try
    [ -n "$name" ] || return 0
    for folder in "$_small_host_root/$name" "$_small_host_root"/*/"$name"; do
        # Some hierarchies have two names, one a link.
        [ ! -d "$folder" ] || [ -L "${folder%/*}" ] || folders+=("$folder")
    done
    for try in {1..50}; do
        [ "${#folders[@]}" -gt 0 ] || return 0
        find "${folders[@]}" -depth -type d -exec rmdir {} + 2>/dev/null
        find "${folders[@]}" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -u |
            while IFS= read -r pid; do
                [ "$try" -lt 5 ] || kill -KILL "$pid" 2>/dev/null || true
            done
        for folder in "${!folders[@]}"; do
            [ -d "${folders[$folder]}" ] || unset "folders[$folder]"
        done
        [ "${#folders[@]}" -eq 0 ] || sleep 0.1
    done
    _host_say "cannot remove the control groups ${folders[*]}: something in them goes on. End it" \
        "and remove them with rmdir."
    return 1
}
