# shellcheck shell=bash
# Installs, upgrades and erases the .rpm in the root of Tests/packages.sh.
#
#   rpm.sh ROOT OLDER-PACKAGES PACKAGES
set -euo pipefail

root=$1
older=("$2"/*.rpm)
newer=("$3"/*.rpm)
# The root knows glibc as a package of Debian, hence --nodeps.
rpm=(rpm --root "$root" --nodeps --noplugins)
include=$root/etc/nginx/conf.d/00-teal.conf

claim() {
    local sentence=$1
    shift
    "$@" >/tmp/rpm-claim.$$ 2>&1 || {
        printf 'FALSE %s: %s\n' "$sentence" "$*"
        cat /tmp/rpm-claim.$$
        exit 1
    }
    printf 'ok    %s\n' "$sentence"
}
# says TEXT COMMAND...: the command succeeds and its output has the text.
says() {
    local text=$1 said
    shift
    said="$("$@" 2>&1)" || return 1
    printf '%s\n' "$said"
    [[ "$said" == *"$text"* ]]
}

trap 'rm -f /tmp/rpm-claim.$$' EXIT

mkdir -p "$root/var/lib/rpm"
rpm --root "$root" --initdb
claim "rpm installs the older version" "${rpm[@]}" --install "${older[@]}"
claim "It runs" chroot "$root" teal --version
claim "nginx has the include line" grep -qF 'include /etc/nginx/teal/*/http.conf;' "$include"
claim "All files are as packaged" rpm --root "$root" --verify --nodeps teal
claim "rpm upgrades it" "${rpm[@]}" --upgrade "${newer[@]}"
version="$(rpm --query --package --queryformat '%{VERSION}' "${newer[@]}")"
claim "It is the newer version" says "$version (commit " chroot "$root" teal --version
mkdir -p "$root/etc/nginx/teal/shop"
touch "$root/etc/nginx/teal/shop/http.conf"
claim "Erasing says which app stays" says "apps of this host: shop" "${rpm[@]}" --erase teal
claim "The program is gone" test ! -e "$root/usr/bin/teal"
claim "The include line stays while an app has files" test -s "$include"
rm -rf "$root/etc/nginx/teal/shop"
claim "rpm installs it again" "${rpm[@]}" --install "${newer[@]}"
claim "Erasing without apps succeeds" "${rpm[@]}" --erase teal
claim "The include line went with it" test ! -e "$include"
