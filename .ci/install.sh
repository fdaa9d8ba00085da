#!/bin/sh
# Installs Teal on this host, or a newer version of it:
#
#   curl -fsSL URL/install.sh | sudo sh
#   sh install.sh --help
#
# All of it is a function that the last line calls: of a script that arrived in part nothing runs.
set -eu

# .ci/package fills these two in: the public SSH key that signs releases, and the place of packages.
release_key=''
downloads=''

main() {
    umask 022
    dry='' from='' kind='' compose='' signature=required prefix=/usr/local act=install
    while [ $# -gt 0 ]; do
        case "$1" in
        --dry-run) dry=yes ;;
        --from)
            [ $# -gt 1 ] || fail "--from takes a folder. Next: --from DIR"
            from=$2
            shift
            ;;
        --tarball) kind=tarball ;;
        --with-compose) compose=yes ;;
        --without-signature) signature=unwanted ;;
        --remove) act=remove ;;
        --help)
            usage
            return 0
            ;;
        *) fail "there is no option $1. Next: sh install.sh --help" ;;
        esac
        shift
    done
    [ -n "$dry" ] || [ "$(id -u)" -eq 0 ] || fail "this needs root. Next: run it with sudo, or" \
        "with --dry-run to see every act."
    find_host
    if [ "$act" = remove ]; then
        remove
        return 0
    fi
    temporary=${TMPDIR:-/tmp}
    new='' staged=''
    work=$(mktemp -d "$temporary/teal-install.XXXXXX") ||
        fail "no folder can be made in $temporary. Next: free some space there, or set TMPDIR."
    trap 'rm -rf "$work" ${new:+"$new"} ${staged:+"$staged"}' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 141' PIPE
    trap 'exit 143' TERM
    [ -n "$dry" ] || lock
    fetch
    verify
    install_package
    offer_compose
    finish
}

usage() {
    cat <<'END'
Installs Teal: the .deb or .rpm of this host's distribution, or else files below /usr/local.

  --dry-run             shows every act and does none; needs no root
  --from DIR            takes the packages from a folder instead of the network
  --tarball             installs files below /usr/local, whatever the distribution
  --with-compose        installs Docker's Compose plugin too, where Docker lacks it
  --without-signature   goes on where the signature cannot be checked
  --remove              removes Teal; what serves goes on serving

  TEAL_DOWNLOADS=URL      the folder with SHA256SUMS and the packages of a release
  TEAL_RELEASE_KEY=KEY    the public SSH key that must have signed it, `ssh-ed25519 AAAA...`
  TEAL_COMPOSE_URL=URL    the Compose plugin for hosts whose distribution has none
END
}

say() {
    printf 'install: %s\n' "$*"
}

fail() {
    printf 'install: %s\n' "$*" >&2
    exit 1
}

# Runs a command, or shows it.
act() {
    if [ -n "$dry" ]; then
        say "would run: $*"
    else
        # Without the lock, which what it leaves behind would hold.
        "$@" 9>&-
    fi
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# One installation at a time: two would write the same files.
lock() {
    has flock || return 0
    exec 9>/run/teal-install.lock
    flock --nonblock 9 || fail "another installation is running. Next: wait for its end and run" \
        "this again."
}

# Sets processor, suffix, distribution and kind.
find_host() {
    [ "$(uname -s)" = Linux ] || fail "this is $(uname -s), and Teal runs on Linux alone."
    case "$(uname -m)" in
    x86_64 | amd64) processor=x86_64 debian=amd64 ;;
    aarch64 | arm64) processor=aarch64 debian=arm64 ;;
    *) fail "there are packages for x86_64 and aarch64, not for $(uname -m). Next: build Teal" \
        "from its sources." ;;
    esac
    libc=$(getconf GNU_LIBC_VERSION 2>/dev/null) || libc=
    case "$libc" in
    'glibc 2.'[0-9]*)
        minor=${libc#glibc 2.}
        [ "${minor%%[!0-9]*}" -ge 34 ] || fail "this host has $libc, and Teal needs 2.34" \
            "or newer. Next: a newer release of this distribution."
        ;;
    *) fail "this host has no glibc, which Teal needs (2.34 or newer)." ;;
    esac
    distribution=unknown like=''
    if [ -r /etc/os-release ]; then
        # Read by another shell, since it sets variables of any name.
        distribution=$(. /etc/os-release && printf '%s' "${ID:-unknown}")
        like=$(. /etc/os-release && printf '%s' "${ID_LIKE:-}")
    fi
    [ -z "$kind" ] || return 0
    case " $distribution $like " in
    *' debian '* | *' ubuntu '*) kind=deb ;;
    *' amzn '* | *' fedora '* | *' rhel '* | *' centos '* | *' suse '*) kind=rpm ;;
    *) kind=tarball ;;
    esac
    [ "$kind" != deb ] || has dpkg || kind=tarball
    [ "$kind" != rpm ] || has rpm || kind=tarball
    [ "$kind" = deb ] || return 0
    # The kernel may have wider words than the distribution on it.
    own=$(dpkg --print-architecture)
    [ "$own" = "$debian" ] || fail "this is a distribution for $own on a kernel for $(uname -m), and" \
        "there are packages for amd64 and arm64. Next: build Teal from its sources."
}

# get ADDRESS FILE: by the program that is there; one that hears nothing for a minute gives up.
get() {
    if has curl; then
        curl --fail --silent --show-error --location --connect-timeout 60 --speed-limit 1 \
            --speed-time 60 --output "$2" "$1"
    elif wget --version >/dev/null 2>&1; then
        wget --no-verbose --timeout=60 --tries=2 --output-document="$2" "$1"
    else
        # That of busybox.
        wget -q -O "$2" "$1"
    fi
}

# download NAME: a file of the release into $work.
download() {
    if [ -n "$from" ]; then
        [ -r "$from/$1" ] || return 1
        cp "$from/$1" "$work/$1"
    else
        get "$place/$1" "$work/$1"
    fi
}

fetch() {
    place=${TEAL_DOWNLOADS:-$downloads}
    place=${place%/}
    if [ -n "$from" ]; then
        [ -d "$from" ] || fail "there is no folder $from. Next: --from with the folder of packages."
    elif [ -z "$place" ]; then
        fail "this copy knows no place to download from. Next: set TEAL_DOWNLOADS to the address" \
            "of a release's folder, or give --from with a local one."
    else
        has curl || has wget || fail "there is neither curl nor wget. Next: install curl."
    fi
    download SHA256SUMS || fail "${from:-$place} has no SHA256SUMS, or it could not be fetched." \
        "Next: check the address and the network."
    case "$kind" in
    deb) pattern="teal_[0-9.]*_$debian\\.deb" ;;
    rpm) pattern="teal-[0-9.]*-1\\.$processor\\.rpm" ;;
    tarball) pattern="teal-[0-9.]*-linux-$processor\\.tar\\.gz" ;;
    esac
    file=$(sed -n "s/^[0-9a-f]\\{64\\}  \\($pattern\\)\$/\\1/p" "$work/SHA256SUMS")
    case "$file" in
    '' | *'
'*) fail "SHA256SUMS of ${from:-$place} names no single $kind for $processor. Next: choose" \
        "another kind (--tarball) or another release." ;;
    esac
    version=$(printf '%s' "$file" | sed 's/^teal[-_]\([0-9][0-9.]*[0-9]\).*/\1/')
    say "Teal $version for $distribution on $processor: $file of ${from:-$place}"
    download "$file" || fail "$file could not be fetched into $work. Next: look at the network and at" \
        "the space of $temporary, and run this again."
}

# The signature says that SHA256SUMS is ours, SHA256SUMS that the package is what was built.
verify() {
    key=${TEAL_RELEASE_KEY:-$release_key}
    if [ "$signature" = unwanted ]; then
        say "the signature is NOT checked, as you asked"
    elif [ -z "$key" ]; then
        say "the signature is NOT checked: no release key is known to this script. Set" \
            "TEAL_RELEASE_KEY to the public key if you have it."
    else
        has ssh-keygen || fail "ssh-keygen, which checks the signature, is not there. Next:" \
            "install openssh-client (openssh-clients, openssh), or add --without-signature."
        download SHA256SUMS.sig || fail "this release is not signed, or SHA256SUMS.sig could not be" \
            "fetched. Next: run this again, or add --without-signature if you trust ${from:-$place}."
        printf 'teal %s\n' "$key" >"$work/signers"
        ssh-keygen -Y verify -f "$work/signers" -I teal -n teal-release \
            -s "$work/SHA256SUMS.sig" <"$work/SHA256SUMS" >/dev/null 2>&1 ||
            fail "the signature of SHA256SUMS is wrong: nothing was installed. Next: look at who" \
                "controls ${from:-$place}."
        say "the signature is right"
    fi
    wanted=$(sed -n "s/^\\([0-9a-f]\\{64\\}\\)  $file\$/\\1/p" "$work/SHA256SUMS")
    found=$(sha256sum "$work/$file" | cut -d ' ' -f 1)
    [ "$wanted" = "$found" ] || fail "$file has another checksum than SHA256SUMS says: nothing was" \
        "installed. Next: run this again."
    say "the checksum is right"
}

install_package() {
    case "$kind" in
    deb)
        if [ "$(dpkg-query --show --showformat '${Version} ${db:Status-Abbrev}' teal 2>/dev/null)" = \
            "$version ii " ]; then
            say "Teal $version is installed already"
            include=/usr/share/teal/nginx-include
        else
            act dpkg --install "$work/$file" || fail "dpkg did not install $file, see above. Next:" \
                "mend that, or wait for another dpkg, and run this again."
            include=
        fi
        ;;
    rpm)
        # An upgrade that was interrupted leaves both versions.
        if [ "$(rpm --query --queryformat '%{VERSION} ' teal 2>/dev/null)" = "$version " ]; then
            say "Teal $version is installed already"
            include=/usr/share/teal/nginx-include
        else
            act rpm --upgrade --oldpackage --replacepkgs "$work/$file" || fail "rpm did not install" \
                "$file, see above. Next: mend that, or wait for another rpm, and run this again."
            include=
        fi
        ;;
    tarball)
        install_files
        include=$tree/share/teal/nginx-include
        ;;
    esac
    if [ -n "$include" ]; then
        sh "$include" ${dry:+--dry-run} 9>&-
    elif [ -n "$dry" ]; then
        say "the package adds nginx's include line where it is missing"
    fi
}

# The files of the tarball: each is copied beside its place and renamed, the program last. So a host
# has the old program or the new one, and never a part of one.
install_files() {
    tree=$work/${file%.tar.gz}
    tar -xzf "$work/$file" -C "$work" || fail "$file could not be unpacked, see above: nothing was" \
        "installed. Next: look at the space of $temporary and run this again."
    list=$prefix/share/teal/files
    (cd "$tree" && find . -type f ! -path ./bin/teal | sort && echo ./bin/teal) |
        sed 's#^\./##' >"$work/files"
    cat "$list" >"$work/before" 2>/dev/null || :
    # The program takes the most space, so it is there before any other file is touched.
    if [ -z "$dry" ] && ! same bin/teal; then
        copy bin/teal
        staged=$new
        "$staged" --version >/dev/null || fail "the program does not start here, see above: nothing" \
            "was installed. Next: look at the processor of this host."
    fi
    # After an interruption --remove has to find the files of both versions.
    cp "$work/files" "$work/both"
    grep -vxF -f "$work/files" "$work/before" >>"$work/both" || true
    [ -n "$dry" ] || write_list "$work/both"
    while IFS= read -r name; do
        grep -qxF "$name" "$work/files" || act rm -f "$prefix/$name"
    done <"$work/before"
    while IFS= read -r name; do
        if same "$name"; then
            continue
        fi
        if [ -n "$dry" ]; then
            say "would write $prefix/$name"
            continue
        fi
        [ "$name" = bin/teal ] || copy "$name"
        rename "$name"
    done <"$work/files"
    if [ -z "$dry" ]; then
        write_list "$work/files"
    elif ! cmp -s "$work/files" "$list"; then
        say "would write $list, the list of these files"
    fi
    if [ -d /run/systemd/system ]; then
        act systemctl daemon-reload || true
        act systemctl try-restart teal-watch.service || true
    fi
}

same() {
    cmp -s "$tree/$1" "$prefix/$1"
}

copy() {
    new=$prefix/$1.teal-new
    { mkdir -p "${new%/*}" && cp -p "$tree/$1" "$new" && chown 0:0 "$new"; } || unwritten "$1"
}

rename() {
    mv "$prefix/$1.teal-new" "$prefix/$1" || unwritten "$1"
}

unwritten() {
    fail "$prefix/$1 could not be written, see above. The program is as it was. Next: look at the" \
        "space and the rights of $prefix and run this again."
}

write_list() {
    ! cmp -s "$1" "$list" || return 0
    new=$list.teal-new
    { mkdir -p "${list%/*}" && cp "$1" "$new" && mv "$new" "$list"; } || unwritten share/teal/files
}

offer_compose() {
    if ! has docker; then
        say "there is no Docker yet. Next: install it, with its Compose plugin (2.20 or newer)."
        return 0
    fi
    if docker compose version >/dev/null 2>&1; then
        return 0
    fi
    package=
    if [ "$kind" != rpm ] && has apt-cache; then
        for name in docker-compose-v2 docker-compose-plugin docker-compose; do
            found=$(apt-cache show "$name" 2>/dev/null | sed -n 's/^Version: \([0-9]*:\)\{0,1\}//p' |
                head -n 1)
            case "$found" in
            '' | 0.* | 1.*) ;;
            *)
                package=$name
                break
                ;;
            esac
        done
        [ -z "$package" ] || set -- apt-get install --yes "$package"
    elif has dnf && dnf --quiet info docker-compose-plugin >/dev/null 2>&1; then
        package=docker-compose-plugin
        set -- dnf install --assumeyes "$package"
    fi
    if [ -n "$compose" ] || asked "Docker has no Compose plugin. Install it?"; then
        if [ -n "$package" ]; then
            act "$@" || fail "$package was not installed, see above; Teal is. Next: run: $*"
        else
            add_compose
        fi
    elif [ -n "$package" ]; then
        say "Docker has no Compose plugin, which Teal needs. Next: $*"
    else
        say "Docker has no Compose plugin, and this distribution has no package of it. Next: run" \
            "this again with --with-compose."
    fi
}

# Asks on the terminal, since stdin is the script itself; no terminal means no.
asked() {
    [ -z "$dry" ] || return 1
    # In a shell of its own, since a redirection that fails ends dash.
    (: >/dev/tty) 2>/dev/null || return 1
    printf 'install: %s [y/N] ' "$1" >/dev/tty
    read -r answer </dev/tty || return 1
    case "$answer" in
    [yY]*) return 0 ;;
    esac
    return 1
}

# The program that Docker publishes, whose checksum is beside it.
add_compose() {
    name=docker-compose-linux-$processor
    address=${TEAL_COMPOSE_URL:-https://github.com/docker/compose/releases/latest/download/$name}
    folder=/usr/local/lib/docker/cli-plugins
    if [ -n "$dry" ]; then
        say "would install $address as $folder/docker-compose"
        return 0
    fi
    has curl || has wget || fail "there is neither curl nor wget. Next: install curl and run this again."
    for name in '' .sha256; do
        get "$address$name" "$work/compose$name" || fail "Compose could not be fetched; Teal is" \
            "installed. Next: look at the network and run this again."
    done
    wanted=$(cut -d ' ' -f 1 "$work/compose.sha256")
    [ "$(sha256sum "$work/compose" | cut -d ' ' -f 1)" = "$wanted" ] ||
        fail "Compose has another checksum than $address.sha256 says: it was not installed. Next:" \
            "run this again."
    new=$folder/.docker-compose.new
    { mkdir -p "$folder" && cp "$work/compose" "$new" && chmod 755 "$new" &&
        mv "$new" "$folder/docker-compose"; } || fail "$folder/docker-compose could not be written," \
        "see above; Teal is installed. Next: look at the space there and run this again."
    docker compose version || fail "Docker does not take $folder/docker-compose, see above."
}

finish() {
    if [ -n "$dry" ]; then
        say "nothing was changed"
        return 0
    fi
    program=/usr/bin/teal
    [ "$kind" != tarball ] || program=$prefix/bin/teal
    told=$("$program" --version) || fail "$program is there, but does not start. Next: see above."
    say "$program is there: $told"
    first=$(command -v teal) || first=
    [ -z "$first" ] || [ "$first" = "$program" ] ||
        say "$first comes before it in PATH. Next: remove that one (--remove --tarball)."
    say "Next: in the folder of your compose file, teal init"
}

remove() {
    list=$prefix/share/teal/files
    # The first that an interrupted installation leaves, before there is a list.
    [ -n "$dry" ] || rm -f "$prefix/bin/teal.teal-new" "$list.teal-new"
    if [ "$kind" = deb ] && dpkg-query --show teal >/dev/null 2>&1; then
        act dpkg --remove teal
    elif [ "$kind" = rpm ] && rpm --query teal >/dev/null 2>&1; then
        act rpm --erase teal
    elif [ -r "$list" ]; then
        if [ -d /run/systemd/system ]; then
            act systemctl --no-reload disable --now teal-watch.service teal-probe.timer || true
        fi
        while IFS= read -r name; do
            act rm -f "$prefix/$name"
            # An interrupted installation may have left a part.
            [ -n "$dry" ] || rm -f "$prefix/$name.teal-new"
        done <"$list"
        act rm -f "$list"
        [ ! -d /run/systemd/system ] || act systemctl daemon-reload || true
        say "left as they are: containers and images, /var/lib/teal, /etc/nginx/teal and" \
            "/etc/nginx/conf.d/00-teal.conf: what serves goes on serving"
    else
        say "Teal is not installed here"
    fi
}

main "$@"
