# shellcheck shell=bash
# Sets up a machine for Teal's demo and tests. To be sourced by bash:
#
#   . compose/host.sh
#   host_require_build_tools            what a Swift build of this package needs
#   host_require_shellcheck             the checker of shell scripts
#   host_require_curl                   the program curl
#   host_require_valgrind               the tracer of functions that run
#   host_require_busybox                a static busybox, from which images can be made
#   host_require_sshd                   an ssh server, neither started nor enabled, and its client
#   host_require_registry               a registry, neither started nor enabled
#   host_require_promtool FOLDER        Prometheus' checker of metrics and alerts
#   host_require_docker                 dockerd and the docker command
#   host_require_compose FOLDER         Compose v2; FOLDER holds it if the host has none
#   host_require_nginx                  an nginx binary, its service neither started nor enabled
#   host_start_docker FOLDER            a daemon that answers; exports DOCKER_HOST for an own one
#   host_stop_docker FOLDER             ends an own daemon and leaves nothing of it
#   host_start_nginx FOLDER PORT        an own nginx on 127.0.0.1:PORT
#   host_stop_nginx FOLDER
#   host_require_nginx_from SUITE FOLDER   prints the path of another Debian suite's nginx
#   host_free_port [PORT]...            prints a loopback port that nobody listens on, none of these
#
# Every function may be called again, says on stderr what it installs and why, and returns
# non-zero with a sentence that names the next move when it cannot do its work.

case ":$PATH:" in
*:/usr/sbin:*) ;;
*) export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" ;;
esac

_host_home="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=compose/host-docker.sh
. "$_host_home/host-docker.sh"
# shellcheck source=compose/host-compose.sh
. "$_host_home/host-compose.sh"
# shellcheck source=compose/host-nginx.sh
. "$_host_home/host-nginx.sh"

_host_say() {
    printf 'host: %s\n' "$*" >&2
}

_host_has() {
    command -v "$1" >/dev/null 2>&1
}

# Runs a command as root. Without a terminal sudo must not ask for a password: nobody would answer.
_host_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif { : </dev/tty; } 2>/dev/null; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

_host_require_root() {
    [ "$(id -u)" -eq 0 ] && return 0
    if ! _host_has sudo; then
        _host_say "cannot $1: this needs root and there is no sudo. Run it as root."
        return 1
    fi
    if ! _host_root true; then
        _host_say "cannot $1: this needs root and sudo refused. Run it as root."
        return 1
    fi
}

host_require_build_tools() {
    local missing=()
    [ -e /usr/include/stdlib.h ] || missing+=(libc6-dev)
    compgen -G '/usr/include/c++/*/vector' >/dev/null || missing+=(g++)
    [ -e /usr/include/sqlite3.h ] || missing+=(libsqlite3-dev)
    [ -e /usr/include/zlib.h ] || missing+=(zlib1g-dev)
    _host_has git || missing+=(git ca-certificates)
    [ "${#missing[@]}" -eq 0 ] && return 0
    _host_install "the Swift build compiles and links against them" "${missing[@]}"
}

host_require_shellcheck() {
    _host_has shellcheck || _host_install "the shell scripts are checked with it" shellcheck
}

host_require_curl() {
    _host_has curl || _host_install "the stories ask their sites with it" curl
}

host_require_valgrind() {
    _host_has valgrind || _host_install "the functions of a program are traced with it" valgrind
}

host_require_busybox() {
    _host_has busybox && _host_runs_alone "$(command -v busybox)" && return 0
    _host_install "stand-ins for the images of other projects are made of it" busybox-static
}

host_require_sshd() {
    _host_has sshd && _host_has ssh && _host_has ssh-keygen && return 0
    _host_install_asleep "a story deploys over ssh" "ssh" openssh-server openssh-client
}

# host_require_promtool FOLDER
# Prometheus' checker, from Debian's own package and into FOLDER where the host has none; exports
# TEAL_PROMTOOL. It needs no library but glibc's.
host_require_promtool() {
    local folder=$1
    TEAL_PROMTOOL="$(command -v promtool || printf '%s\n' "$folder/promtool")"
    export TEAL_PROMTOOL
    if [ ! -x "$TEAL_PROMTOOL" ]; then
        _host_say "unpacking Debian 12's promtool into $folder, and nowhere else:" \
            "metrics and alerts are checked by it"
        mkdir -p "$folder" && _host_fetch bookworm "$folder" alone prometheus || return 1
        mv "$folder/root/usr/bin/promtool" "$TEAL_PROMTOOL" && rm -rf "$folder/root" || return 1
    fi
    "$TEAL_PROMTOOL" --version >/dev/null 2>&1 && return 0
    _host_say "$TEAL_PROMTOOL does not run here. Put Prometheus' promtool into PATH."
    return 1
}

host_require_registry() {
    _host_has docker-registry ||
        _host_install_asleep "images are pulled from one" "docker-registry" docker-registry
}

# Whether the program needs no shared library, which an image from scratch has not.
_host_runs_alone() {
    ! ldd "$1" >/dev/null 2>&1
}

# _host_install WHY PACKAGE...
_host_install() {
    local why=$1 log
    shift
    _host_say "installing $* by apt-get: $why"
    if ! _host_has apt-get; then
        _host_say "cannot install $*: there is no apt-get. Install them by hand and run this again."
        return 1
    fi
    _host_require_root "install $*" || return 1
    log="$(mktemp)" || return 1
    if _host_apt_get install "$@" >"$log" 2>&1 ||
        { _host_apt_get update >"$log" 2>&1 && _host_apt_get install "$@" >>"$log" 2>&1; }; then
        rm -f "$log"
        return 0
    fi
    tail -n 15 "$log" >&2
    rm -f "$log"
    _host_say "apt-get could not install $*: its last lines are above. Mend that and run this" \
        "again."
    return 1
}

# needrestart would restart services of this host that have nothing to do with us.
_host_apt_get() {
    _host_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
        apt-get --quiet --yes --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

# _host_install_asleep WHY "UNIT..." PACKAGE...
# Installs packages whose services must neither start now nor at the next boot. Debian's policy-rc.d
# answers 101 for "not now"; one that is there already belongs to the host and is left as it is.
_host_install_asleep() (
    why=$1
    units=$2
    shift 2
    policy=/usr/sbin/policy-rc.d
    mark="written by Teal's compose/host.sh"
    _host_require_root "install $*" || exit 1
    if [ ! -e "$policy" ] || grep -qs "$mark" "$policy"; then
        trap '_host_root rm -f "$policy"' EXIT
        trap 'exit 130' INT TERM HUP
        printf '#!/bin/sh\n# %s\nexit 101\n' "$mark" | _host_root tee "$policy" >/dev/null
        _host_root chmod 755 "$policy"
    fi
    _host_install "$why" "$@" || exit 1
    if _host_has systemctl; then
        _host_say "$units: not started, and disabled so that a boot does not start it either"
        for unit in $units; do
            _host_root systemctl disable "$unit" >/dev/null 2>&1 || true
        done
    fi
)

# The archives that this host's apt takes its own suite from, one a line. Which of them is Debian's
# own is found out by asking: other archives name suites alike, but Debian's keys did not sign them.
_host_archives() {
    local codename
    codename="$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")"
    {
        { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
            sed -n 's/^[[:space:]]*deb[[:space:]]\{1,\}\(\[[^]]*\][[:space:]]*\)\{0,1\}//p' |
            awk -v suite="$codename" '$2 == suite && / main/ { print $1 }'
        for file in /etc/apt/sources.list.d/*.sources; do
            [ ! -e "$file" ] || _host_archives_deb822 "$codename" <"$file"
        done
    } | awk '!seen[$0]++'
}

_host_archives_deb822() {
    awk -v suite="$1" '
        function flush(    n, i, names, uris) {
            n = split(value["suites"], names)
            if (value["types"] ~ /deb( |$)/ && value["enabled"] !~ /no/ &&
                (" " value["components"] " ") ~ / main /)
                for (i = 1; i <= n; i++)
                    if (names[i] == suite) {
                        n = split(value["uris"], uris)
                        for (i = 1; i <= n; i++) print uris[i]
                        break
                    }
            split("", value)
        }
        /^#/ { next }
        /^[[:space:]]*$/ { flush(); next }
        /^[^[:space:]]/ { key = tolower($0); sub(/:.*/, "", key); sub(/^[^:]*:/, "") }
        { value[key] = value[key] " " $0 }
        END { flush() }'
}

# _host_fetch SUITE FOLDER alone|with-dependencies PACKAGE...
# Unpacks Debian packages of another suite into FOLDER/root, with lists, cache and status of its
# own, so that the host's apt never hears of that suite. Signatures are checked against Debian's
# archive keys; only apt's sandbox user is turned off, since it cannot write into a private
# folder.
_host_fetch() {
    local suite=$1 folder=$2 mode=$3 scratch=$2/apt keys uri file options
    shift 3
    for keys in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp} ''; do
        [ -e "$keys" ] && break
    done
    if [ -z "$keys" ] || ! _host_has apt-get; then
        _host_say "cannot fetch $* of Debian $suite: this host has no apt-get with Debian's" \
            "archive keys. Install $* by hand and run this again."
        return 1
    fi
    rm -rf "$scratch" "$folder/root"
    mkdir -p "$scratch"/{sources,lists/partial,cache/archives/partial} "$folder/root" || return 1
    : >"$scratch/status"
    options=(-o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$scratch/sources"
        -o "Dir::State::Lists=$scratch/lists" -o "Dir::State::status=$scratch/status"
        -o "Dir::Cache=$scratch/cache" -o APT::Sandbox::User=root -o Debug::NoLocking=1
        -o APT::Update::Error-Mode=any --quiet --yes --no-install-recommends)
    while IFS= read -r uri; do
        printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' \
            "$uri" "$suite" "$keys" >"$scratch/sources/$suite.sources"
        apt-get "${options[@]}" update >"$scratch/log" 2>&1 </dev/null || continue
        if [ "$mode" = with-dependencies ]; then
            apt-get "${options[@]}" --download-only install "$@" >>"$scratch/log" 2>&1 </dev/null
        else
            (cd "$scratch/cache/archives" &&
                apt-get "${options[@]}" download "$@" >>"$scratch/log" 2>&1 </dev/null)
        fi || continue
        for file in "$scratch"/cache/archives/*.deb; do
            dpkg -x "$file" "$folder/root" || return 1
        done
        rm -rf "$scratch"
        return 0
    done < <(_host_archives)
    [ -e "$scratch/log" ] && tail -n 15 "$scratch/log" >&2
    _host_say "cannot fetch $* of Debian $suite: none of this host's archives offers it, signed" \
        "by Debian's keys. Install $* by hand and run this again."
    rm -rf "$scratch"
    return 1
}

# Below the range from which the kernel takes the ports of outgoing connections.
host_free_port() {
    local port try hexadecimal
    for try in {1..200}; do
        port=$((20000 + (RANDOM * 32768 + RANDOM + try) % 12000))
        [[ " $* " != *" $port "* ]] || continue
        hexadecimal="$(printf '%04X' "$port")"
        { cat /proc/net/tcp /proc/net/tcp6 2>/dev/null || true; } | awk -v port="$hexadecimal" '
            { split($2, address, ":"); if ($4 == "0A" && address[2] == port) used = 1 }
            END { exit used }' || continue
        printf '%s\n' "$port"
        return 0
    done
    _host_say "found no free port between 20000 and 32000. End some listeners and run this again."
    return 1
}
