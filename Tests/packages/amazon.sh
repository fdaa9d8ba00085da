# shellcheck shell=bash
# Runs inside a host of Tests/packages.sh that install.sh takes for Amazon Linux 2023: it says so of
# itself, has rpm and dnf, a glibc package that offers nothing newer than 2.34, and no package of
# Compose. Its files are Debian's.
#
#   amazon.sh PACKAGE OLDER-VERSION
set -uo pipefail

package=$1
older=$2
version=${package#teal-}
version=${version%%-1.*}
# shellcheck source=Tests/packages/claims.sh
. /given/sources/Tests/packages/claims.sh
# shellcheck source=Tests/packages/host.sh
. /given/sources/Tests/packages/host.sh
include=/etc/nginx/conf.d/00-teal.conf
repository=/tmp/repository

install_teal() {
    sh /given/packages/install.sh "$@"
}

# What a glibc of 2.34 offers, out of what this one does.
offered_by_glibc() {
    local library offered
    for library in ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 lib{c,m}.so.6 lib{dl,rt}.so.2 \
        librt.so.1 libpthread.so.0; do
        library=/lib/$(uname -m)-linux-gnu/$library
        [ -e "$library" ] || continue
        offered="$(/usr/lib/rpm/elfdeps --provides "$library")" || return 1
        printf '%s\n' "$offered"
    done | awk 'match($0, /GLIBC_[0-9]+\.[0-9]+/) {
            split(substr($0, RSTART + 6, RLENGTH - 6), parts, ".")
            if (parts[1] > 2 || parts[2] + 0 > 34) next
        }
        { print "Provides: " $0 }'
}

# stand_in NAME VERSION: a package without files that offers what stdin says.
stand_in() {
    {
        printf '%s\n' "Name: $1" "Version: $2" "Release: 1" "Summary: Stands in" "License: none"
        cat
        printf '%s\n' '%description' 'Stands in for a package of that name.' '%files'
    } >/tmp/stand-in.spec
    rpmbuild -bb --quiet --define "_rpmdir $repository" --define "_topdir /tmp/rpmbuild" \
        /tmp/stand-in.spec
}

make_distribution() {
    printf '%s\n' 'NAME="Amazon Linux"' 'VERSION="2023"' 'ID="amzn"' 'ID_LIKE="fedora"' \
        'VERSION_ID="2023"' >/etc/os-release.new
    rm /etc/os-release && mv /etc/os-release.new /etc/os-release
    # The last one is in the glibc packages of such distributions by hand.
    { offered_by_glibc && echo "Provides: rtld(GNU_HASH)"; } | stand_in glibc 2.34 || return 1
    printf 'Provides: /bin/sh\n' | stand_in bash 5.2 || return 1
    printf 'Provides: webserver\n' | stand_in nginx 1.28 || return 1
    createrepo_c --quiet "$repository" || return 1
    mkdir -p /etc/yum.repos.d
    printf '%s\n' '[stand-in]' 'name=stand-in' "baseurl=file://$repository" 'gpgcheck=0' \
        >/etc/yum.repos.d/stand-in.repo
    dnf --quiet --assumeyes install glibc bash
}

try_dnf() {
    claim "glibc offers nothing newer than 2.34" not says GLIBC_2.35 rpm --query --provides glibc
    claim "glibc offers 2.34" says GLIBC_2.34 rpm --query --provides glibc
    claim "dnf finds all that the package asks for, and installs it" \
        dnf --quiet --assumeyes install "/given/older/teal-$older-1.$(uname -m).rpm"
    claim "It runs" says "$older (commit " teal --version
    claim "nginx has the include line" grep -qF 'include /etc/nginx/teal/*/http.conf;' "$include"
    claim "All files are as packaged" rpm --verify teal
    claim "dnf upgrades it" dnf --quiet --assumeyes install "/given/packages/$package"
    claim "It is the newer version" says "$version (commit " teal --version
    claim "dnf goes back" dnf --quiet --assumeyes downgrade \
        "/given/older/teal-$older-1.$(uname -m).rpm"
    claim "dnf removes it" dnf --quiet --assumeyes remove teal
    claim "The program is gone" test ! -e /usr/bin/teal
    claim "The include line went with it" test ! -e "$include"
}

try_installer() {
    claim "A dry run changes nothing and says what it would do" changes_nothing \
        says "would run: rpm --upgrade" install_teal --from /given/packages --dry-run
    claim "install.sh installs, and says how Compose comes" says "--with-compose" \
        setsid --wait sh /given/older/install.sh --from /given/older
    claim "install.sh brings Compose" \
        env TEAL_COMPOSE_URL=file:///given/work/compose/docker-compose \
        sh /given/older/install.sh --from /given/older --with-compose
    claim "Docker has Compose now" docker compose version
    claim "A second run changes nothing" changes_nothing \
        says "installed already" sh /given/older/install.sh --from /given/older
}

try_serving() {
    claim "nginx starts" nginx
    claim "teal check finds the host fit" env -C /srv/shop TAG=v1 teal check
    claim "The first deploy succeeds" deploy v1
    claim "The site takes Teal's files" write_site
    claim "The first release serves" says v1 serves
    containers >/tmp/containers
    begin_visits
    claim "install.sh upgrades" says "$version (commit " install_teal --from /given/packages
    claim "The containers are the same" same_containers
    claim "The new version deploys" deploy v2
    containers >/tmp/containers
    claim "rpm --erase says which app stays" says "apps of this host: shop" rpm --erase teal
    claim "The program is gone" test ! -e /usr/bin/teal
    claim "The containers are the same" same_containers
    claim "No visitor noticed" all_served
    claim "The include line stays, since nginx serves by it" test -s "$include"
    claim "nginx starts anew with it" restart_nginx
    claim "The second release serves still" says v2 serves
    claim "install.sh installs anew" install_teal --from /given/packages
    claim "teal rollback works" teal rollback --app shop
    claim "The first release serves" says v1 serves
    rm /etc/nginx/conf.d/shop.conf
    claim "nginx forgets the site" nginx -s reload
    claim "teal down removes the app" teal down --app shop --yes
}

# An upgrade that was killed leaves both versions in rpm's list.
try_interruption() {
    rpm --upgrade --oldpackage --replacepkgs "/given/older/teal-$older-1.$(uname -m).rpm"
    rpm --install --justdb --force "/given/packages/$package"
    claim "rpm knows two versions" test "$(rpm --query teal | wc -l)" -eq 2
    claim "install.sh mends that" says "$version (commit " install_teal --from /given/packages
    claim "rpm knows one" test "$(rpm --query teal | wc -l)" -eq 1
    claim "All files are as packaged" rpm --verify teal
    claim "install.sh removes it" install_teal --remove
    claim "The program is gone" test ! -e /usr/bin/teal
}

# nginx that is installed after Teal.
try_late_nginx() {
    rm -f "$include"
    mv /etc/nginx/conf.d /etc/nginx/away
    claim "install.sh installs without nginx" says "no /etc/nginx/conf.d" \
        install_teal --from /given/packages
    mv /etc/nginx/away /etc/nginx/conf.d
    claim "nginx comes" dnf --quiet --assumeyes install nginx
    claim "It has the include line" grep -qF /etc/nginx/teal/ "$include"
    claim "It takes it" nginx -t
    claim "install.sh removes what it installed" install_teal --remove
}

start_docker || exit 1
make_images >/dev/null || exit 1
write_project
claim "A host takes itself for Amazon Linux 2023" make_distribution
try_dnf
try_installer
try_serving
try_interruption
try_late_nginx
printf 'rpm %s, dnf %s, Docker %s, Compose %s\n' "$(rpm --version)" "$(dnf --version | head -n 1)" \
    "$(docker version --format '{{.Server.Version}}')" "$(docker compose version --short)"
