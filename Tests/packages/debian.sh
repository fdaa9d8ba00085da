# shellcheck shell=bash
# Runs inside a Debian host of Tests/packages.sh, which mounts below /given: packages, older
# packages, the shop, Compose. Every claim that does not hold ends it.
#
#   debian.sh PACKAGE OLDER-VERSION
set -uo pipefail

package=$1
older=$2
version=${package#teal_}
version=${version%_*}
# shellcheck source=Tests/packages/claims.sh
. /given/sources/Tests/packages/claims.sh
# shellcheck source=Tests/packages/host.sh
. /given/sources/Tests/packages/host.sh
include=/etc/nginx/conf.d/00-teal.conf

install_teal() {
    sh /given/packages/install.sh "$@"
}

# Runs a block of the documentation in the folder.
typed() {
    cd "$1" && types Sources/Commands/Teal.docc/Installing.md "$2" \
        "s/teal_.*\\.deb/$package/; /^sudo rpm/d"
}

try_refusals() {
    cp -r /given/packages /tmp/broken
    printf x >>"/tmp/broken/$package"
    claim "A package with another checksum is not installed" \
        refuses "another checksum" sh /tmp/broken/install.sh --from /tmp/broken
    sed -i "s/^[0-9a-f]\{64\}  $package/$(sha256sum <"/tmp/broken/$package" | cut -c 1-64)  $package/" \
        /tmp/broken/SHA256SUMS
    claim "A package whose checksum was forged too is not installed" \
        refuses "signature of SHA256SUMS is wrong" sh /tmp/broken/install.sh --from /tmp/broken
    rm /tmp/broken/SHA256SUMS.sig
    claim "A release without a signature is not installed" \
        refuses "is not signed" sh /tmp/broken/install.sh --from /tmp/broken
    rm -rf /tmp/broken
    claim "Half of the script does nothing" \
        changes_nothing sh -c 'head -c 9000 /given/packages/install.sh | sh || true'
    claim "Without a place to download from the script says so" \
        refuses "TEAL_DOWNLOADS" install_teal
    sed -n "s/^release_key='\(.*\)'$/teal \1/p" /given/packages/install.sh >/tmp/signers
    cp -r /given/packages /tmp/verified && cp /tmp/signers /tmp/verified/
    claim "A person can verify by hand" says "$package: OK" typed /tmp/verified "ssh-keygen -Y verify"
    rm -rf /tmp/verified
    claim "The packaged script knows the key" grep -q "^release_key='ssh-" /given/packages/install.sh
}

try_install() {
    claim "A dry run changes nothing and says what it would do" \
        changes_nothing says "would run: dpkg --install" install_teal --from /given/packages --dry-run
    if docker compose version >/dev/null 2>&1; then
        claim "install.sh installs" says "the signature is right" \
            sh /given/older/install.sh --from /given/older
    else
        claim "Where Docker has no Compose plugin the script says the next move" \
            says "--with-compose" install_teal --from /given/packages --dry-run
        # Without a terminal nobody can be asked.
        claim "So it does after an installation, which succeeds" says "--with-compose" \
            setsid --wait sh /given/older/install.sh --from /given/older
        claim "It goes again" dpkg --purge teal
        claim "install.sh installs, and the Compose plugin with it" says "the signature is right" \
            env TEAL_COMPOSE_URL=file:///given/work/compose/docker-compose \
            sh /given/older/install.sh --from /given/older --with-compose
        claim "Docker has Compose now" docker compose version
    fi
    claim "The older version is there" says "$older (commit " teal --version
    claim "The program needs nothing but glibc" only_glibc /usr/bin/teal
    claim "nginx has the include line" grep -qF 'include /etc/nginx/teal/*/http.conf;' "$include"
    claim "nginx takes it" nginx -t
    claim "A second run changes nothing" changes_nothing \
        says "installed already" sh /given/older/install.sh --from /given/older
    claim "No unit is enabled" \
        find /etc/systemd/system -name 'teal*' -exec false {} +
    claim "The units start this program" \
        grep -q '^ExecStart=/usr/bin/teal ' /usr/lib/systemd/system/teal-watch.service
    local file
    for file in man/man1/teal.1.gz man/man1/teal-deploy.1.gz bash-completion/completions/teal \
        fish/vendor_completions.d/teal.fish zsh/vendor-completions/_teal doc/teal/teal.yml \
        doc/teal/copyright doc/teal/sbom.cyclonedx.json doc/teal/prometheus/alerts.yml \
        doc/teal/grafana/teal.json doc/teal/licenses/swift-nio/{NOTICE.txt,CNIOLLHTTP/LICENSE} \
        doc/teal/licenses/{hummingbird,swift-mustache}/LICENSE.txt doc/teal/licenses/swift/icu.txt; do
        claim "There is $file" test -s "/usr/share/$file"
    done
    # shellcheck disable=SC2016 # The inner shell expands it.
    claim "bash takes the completions" bash -c '. /usr/share/bash-completion/completions/teal &&
        complete -p teal'
}

try_deploy() {
    claim "nginx starts" nginx
    claim "teal check finds the host fit" env -C /srv/shop TAG=v1 teal check
    claim "The first deploy succeeds" deploy v1
    claim "The site takes Teal's files" write_site
    claim "The first release serves" says v1 serves
}

try_upgrade() {
    containers >/tmp/containers
    begin_visits
    claim "install.sh upgrades" says "$version (commit " install_teal --from /given/packages
    claim "The new version is there" says "$version (commit " teal --version
    claim "The containers are the same" same_containers
    claim "The new version reads the state of the older one" teal status --app shop
    claim "The new version deploys" deploy v2
    claim "No visitor noticed" all_served
    claim "The second release serves" says v2 serves
}

try_remove() {
    containers >/tmp/containers
    begin_visits
    claim "remove says which app stays" says "apps of this host: shop" dpkg --remove teal
    claim "The program is gone" not test -e /usr/bin/teal
    claim "purge says what it leaves" says "/var/lib/teal" dpkg --purge teal
    claim "The containers are the same" same_containers
    claim "No visitor noticed" all_served
    claim "The include line stays, since nginx serves by it" test -s "$include"
    claim "nginx starts anew with it" restart_nginx
    claim "The second release serves still" says v2 serves
}

try_again() {
    claim "install.sh installs anew" typed /given "sudo sh packages/install.sh --from packages"
    claim "The state is as it was" says v2 teal history --app shop
    claim "teal rollback works" teal rollback --app shop
    claim "The first release serves" says v1 serves
    rm /etc/nginx/conf.d/shop.conf
    claim "nginx forgets the site" nginx -s reload
    claim "teal down removes the app" teal down --app shop --yes
    claim "purge without apps succeeds" dpkg --purge teal
    claim "The include line went with the last app" not test -e "$include"
    claim "nginx takes what is left" nginx -t
}

try_include_line() {
    sed -i 's#^http {#&\n    include /etc/nginx/teal/*/http.conf;#' /etc/nginx/nginx.conf
    claim "The package installs where the line is in nginx.conf" typed /given/packages "sudo dpkg -i"
    claim "The line is not doubled" not test -e "$include"
    claim "What is installed is removed by install.sh" typed /given/packages "install.sh --remove"
    claim "purge succeeds" dpkg --purge teal
    sed -i '/teal/d' /etc/nginx/nginx.conf
}

try_tarball() {
    claim "A dry run of the tarball changes nothing" \
        changes_nothing says "would write /usr/local/bin/teal" \
        install_teal --tarball --dry-run --from /given/packages
    claim "The tarball is installed" install_teal --tarball --from /given/packages
    claim "Its program runs" says "$version (commit " /usr/local/bin/teal --version
    claim "It added the include line" grep -qF /etc/nginx/teal/ "$include"
    claim "Its units start its program" grep -q '^ExecStart=/usr/local/bin/teal ' \
        /usr/local/lib/systemd/system/teal-watch.service
    claim "An older tarball goes over it" sh /given/older/install.sh --tarball --from /given/older
    claim "It is the older one" says "$older (commit " /usr/local/bin/teal --version
    claim "--remove removes it" install_teal --tarball --remove
    claim "Nothing of it is left" find /usr/local -name '*teal*' ! -type d -exec false {} +
    rm -f "$include"
}

# nginx that is installed after Teal.
try_late_nginx() {
    local archives packages
    # Some suites have modules as packages of their own.
    mapfile -t archives < <(find /var/cache/apt/archives -name '*nginx*.deb')
    mapfile -t packages < <(dpkg-query --show --showformat '${Package}\n' | grep -E '^(lib)?nginx')
    nginx -s stop
    claim "nginx goes" dpkg --purge "${packages[@]}"
    rm -rf /etc/nginx
    claim "install.sh installs without nginx" says "no /etc/nginx/conf.d" install_teal --from /given/packages
    claim "nginx comes" dpkg --install "${archives[@]}"
    claim "It has the include line" grep -qF /etc/nginx/teal/ "$include"
    claim "It takes it" nginx -t
}

start_docker || exit 1
make_images >/dev/null || exit 1
write_project
try_refusals
try_install
try_deploy
try_upgrade
try_remove
try_again
try_include_line
try_tarball
try_late_nginx
printf 'nginx %s, Docker %s, Compose %s\n' "$(nginx -v 2>&1 | sed 's/.*nginx.//')" \
    "$(docker version --format '{{.Server.Version}}')" "$(docker compose version --short)"
