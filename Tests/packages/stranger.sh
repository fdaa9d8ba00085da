# shellcheck shell=bash
# Runs inside a host of Tests/packages.sh: install.sh in hands that know nothing of it. It is
# interrupted in each of its steps, has no network, no space, no rights or another processor.
#
#   stranger.sh PACKAGE OLDER-VERSION
set -uo pipefail

package=$1
older=$2
version=${package#teal_}
version=${version%_*}
# shellcheck source=Tests/packages/claims.sh
. /given/sources/Tests/packages/claims.sh
script=/given/packages/install.sh
# Programs that stand in for those of the host.
stand_ins=/tmp/stand-ins

# stand_in NAME: reads the shell script that stands in; the program itself is $own there.
stand_in() {
    mkdir -p "$stand_ins"
    {
        printf '#!/bin/sh\nown=%s\n' "$(command -v "$1")"
        cat
    } >"$stand_ins/$1"
    chmod 755 "$stand_ins/$1"
}

standing_in() {
    PATH="$stand_ins:$PATH" "$@"
    set -- $?
    rm -rf "$stand_ins"
    return "$1"
}

# interrupted SIGNAL PROGRAM NUMBER COMMAND...: the command's group gets the signal when the program
# is called for that time. Succeeds if it was.
interrupted() {
    local signal=$1 program=$2 number=$3
    shift 3
    rm -f /tmp/calls /tmp/hit
    stand_in "$program" <<END2
echo >>/tmp/calls
if [ "\$(wc -l </tmp/calls)" -eq $number ]; then
    : >/tmp/hit
    kill -$signal 0
fi
exec "\$own" "\$@"
END2
    standing_in setsid --wait "$@" </dev/null
    printf 'exit %s\n' $?
    [ -e /tmp/hit ]
}

# The old program, the new one or none, and none in part.
whole() {
    local program=$1
    [ ! -e "$program" ] || "$program" --version
}

no_temporary_file() {
    ! find /usr/local /tmp \( -name '*teal-new' -o -name 'teal-install.*' \) | grep .
}

nothing_left() {
    ! find /usr/local -name '*teal*' ! -type d | grep . && no_temporary_file
}

# interrupt_tarball SIGNAL PROGRAM NUMBER
interrupt_tarball() {
    interrupted "$@" sh "$script" --tarball --from /given/packages >"$out" 2>&1 || return 0
    claim "SIG$1 at call $3 of $2 leaves no part of a program" whole /usr/local/bin/teal
    [ "$1" = KILL ] || claim "and no temporary file" no_temporary_file
    if [ "$3" -gt 1 ]; then
        claim "and the next run installs" says "$version (commit " \
            sh "$script" --tarball --from /given/packages
    fi
    claim "and --remove removes all" sh "$script" --tarball --remove
    rm -rf /tmp/teal-install.*
    claim "and nothing is left" nothing_left
}

try_interrupted_tarball() {
    local program
    # Each is called in another step; the second number is in the middle of the files.
    for program in mktemp cp sha256sum tar cmp grep chown mv; do
        interrupt_tarball INT "$program" 1
    done
    interrupt_tarball INT chown 40
    for program in tar cp mv; do
        interrupt_tarball KILL "$program" 1
    done
    interrupt_tarball KILL mv 40
}

try_interrupted_package() {
    local signal program number
    for signal in INT KILL; do
        for program in dpkg dpkg-split dpkg-deb tar rm nginx; do
            for number in 1 2; do
                interrupted "$signal" "$program" "$number" sh "$script" --from /given/packages \
                    >"$out" 2>&1 || break
                claim "SIG$signal at call $number of $program: no part of a program" whole /usr/bin/teal
                claim "and the next run installs" says "$version (commit " \
                    sh "$script" --from /given/packages
                claim "dpkg has nothing to mend" test -z "$(dpkg --audit)"
                claim "and it goes" dpkg --purge teal
                rm -rf /tmp/teal-install.*
            done
        done
    done
}

# The lines of a dry run, as the files that it would write or remove.
announced() {
    sh "$script" --tarball --dry-run "$@" |
        sed -n 's/^[a-z]*: would write \([^,:]*\).*/\1/p; s/^install: would run: rm -f //p' | sort
}

changed() {
    diff <(cut -d ' ' -f 1,4 "$1") <(cut -d ' ' -f 1,4 "$2") | awk '/^[<>]/ { print $2 }' | sort -u
}

does_as_announced() {
    announced "$@" >/tmp/announced
    [ -s /tmp/announced ] || return 1
    find /etc /usr /opt /srv /run ! -type d -printf '%p %s %T@ %i\n' 2>/dev/null | sort >/tmp/before
    sh "$script" --tarball "$@" || return 1
    find /etc /usr /opt /srv /run ! -type d -printf '%p %s %T@ %i\n' 2>/dev/null | sort >/tmp/after
    diff /tmp/announced <(changed /tmp/before /tmp/after | grep -v '^/run/teal-install.lock$')
}

try_dry_run() {
    claim "A dry run of the tarball names each file that is written" \
        does_as_announced --from /given/packages
    claim "A second run writes nothing" changes_nothing sh "$script" --tarball --from /given/packages
    claim "Nor does its dry run name one" test -z "$(announced --from /given/packages)"
    claim "It names those of a downgrade" does_as_announced --from /given/older
    claim "and those of the removal" does_as_announced --remove
    claim "nothing is left" nothing_left
    stand_in dpkg <<'END2'
case "$1" in
--install) printf 'install: would run: dpkg %s\n' "$*" | sed 's#/tmp/[^/]*/#/tmp/#' >>/tmp/acts ;;
esac
exec "$own" "$@"
END2
    rm -f /tmp/acts
    sh "$script" --dry-run --from /given/packages | grep 'would run' | sed 's#/tmp/[^/]*/#/tmp/#' \
        >/tmp/announced
    standing_in sh "$script" --from /given/packages >"$out" 2>&1
    claim "The dry run of the package names what is run" diff /tmp/announced /tmp/acts
    claim "The package goes" dpkg --purge teal
}

# A place of one megabyte, or one in which the program has no room.
try_full_disk() {
    local size tarball
    mkdir -p /tmp/small && mount -t tmpfs -o size=1m tmpfs /tmp/small
    claim "Without space for temporary files nothing is installed" \
        refuses "could not be fetched" env TMPDIR=/tmp/small sh "$script" --from /given/packages
    claim "and nothing stays there" test -z "$(ls -A /tmp/small)"
    umount /tmp/small
    tarball="$(echo /given/packages/teal-"$version"-linux-*[0-9].tar.gz)"
    size=$(($(stat -c %s "$tarball") / 1024 + 8192))
    mount -t tmpfs -o "size=${size}k" tmpfs /tmp/small
    claim "Without space to unpack nothing is installed" refuses "could not be unpacked" \
        env TMPDIR=/tmp/small sh "$script" --tarball --from /given/packages
    umount /tmp/small
    mkdir -p /usr/local/bin
    mount -t tmpfs -o size=1m tmpfs /usr/local/bin
    claim "Without space below /usr/local nothing is installed" \
        refuses "could not be written" sh "$script" --tarball --from /given/packages
    claim "and nothing is left there" nothing_left
    umount /usr/local/bin
    claim "An older tarball is installed" sh "$script" --tarball --from /given/older
    mount -t tmpfs -o size=16k tmpfs /usr/local/share
    # The list of the older one is hidden below it.
    claim "Without space for the manual it fails" \
        says_and_fails "could not be written" sh "$script" --tarball --from /given/packages
    umount /usr/local/share
    claim "and the older program still runs" says "$older (commit " /usr/local/bin/teal --version
    claim "and a run with space installs" says "$version (commit " \
        sh "$script" --tarball --from /given/packages
    claim "All of it goes" sh "$script" --tarball --remove
    claim "and nothing is left" nothing_left
    mkdir -p /usr/share/doc/teal
    mount -t tmpfs -o size=16k tmpfs /usr/share/doc/teal
    claim "Without space for the package it fails" \
        refuses "dpkg did not install" sh "$script" --from /given/packages
    umount /usr/share/doc/teal
    claim "and a run with space installs it" says "$version (commit " \
        sh "$script" --from /given/packages
    claim "It goes" dpkg --purge teal
}

says_and_fails() {
    local text=$1
    shift
    ! "$@" >/tmp/says 2>&1
    cat /tmp/says
    grep -qF -- "$text" /tmp/says
}

without_curl() {
    local folder=/tmp/without-curl
    mkdir -p "$folder"
    cp -rs /usr/bin/. /usr/sbin/. "$folder/" 2>/dev/null
    rm -f "$folder/curl"
    PATH=$folder "$@"
    set -- $?
    rm -rf "$folder"
    return "$1"
}

try_network() {
    claim "Without a network nothing is installed, and the network is named" refuses "the network" \
        env TEAL_DOWNLOADS=http://192.0.2.1/teal sh "$script"
    claim "Without a name server too" refuses "the network" \
        env TEAL_DOWNLOADS=http://releases.invalid/teal sh "$script"
    printf 'server { listen 127.0.0.1:8001; root /given/packages; location /part/ {
        alias /given/packages/; location ~ deb$ { return 503; } } }\n' >/etc/nginx/conf.d/given.conf
    nginx
    claim "What is cut off is not installed" refuses "could not be fetched" \
        env TEAL_DOWNLOADS=http://127.0.0.1:8001/part sh "$script"
    claim "Without curl it takes wget" says "$version (commit " \
        without_curl env TEAL_DOWNLOADS=http://127.0.0.1:8001 sh "$script"
    claim "It goes" dpkg --purge teal
    claim "wget says why it has nothing" refuses "503" \
        without_curl env TEAL_DOWNLOADS=http://127.0.0.1:8001/part sh "$script"
    nginx -s stop
    rm /etc/nginx/conf.d/given.conf
}

try_rights_and_processors() {
    local nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    claim "Without root it says so" refuses "this needs root" \
        "${nobody[@]}" sh "$script" --from /given/packages
    claim "A dry run needs no root" changes_nothing says "nothing was changed" \
        "${nobody[@]}" sh "$script" --dry-run --from /given/packages
    # shellcheck disable=SC2016 # The stand-in expands it.
    echo '[ "$1" = -m ] && echo armv7l || exec "$own" "$@"' | stand_in uname
    claim "Another processor is refused" refuses "not for armv7l" \
        standing_in sh "$script" --from /given/packages
    # shellcheck disable=SC2016
    echo '[ "$1" = --print-architecture ] && echo i386 || exec "$own" "$@"' | stand_in dpkg
    claim "A narrower distribution on this kernel is refused" refuses "a distribution for i386" \
        standing_in sh "$script" --from /given/packages
    cp -r /given/packages /tmp/foreign
    (cd /tmp/foreign && mkdir tree && tar -xzf teal-*-linux-*[0-9].tar.gz -C tree &&
        rm teal-*-linux-*[0-9].tar.gz && printf 'no program' >tree/teal-*/bin/teal &&
        tar -czf "$(basename tree/teal-*).tar.gz" -C tree . && sha256sum -- teal* >SHA256SUMS)
    claim "A program that does not start here is not installed" refuses "does not start here" \
        sh "$script" --tarball --without-signature --from /tmp/foreign
    claim "and nothing is left" nothing_left
    rm -rf /tmp/foreign
    exec 8>/run/teal-install.lock
    flock 8
    claim "Of two at a time one is refused" refuses "another installation is running" \
        sh "$script" --from /given/packages
    exec 8>&-
}

try_rights_and_processors
try_network
try_full_disk
try_dry_run
try_interrupted_package
try_interrupted_tarball
