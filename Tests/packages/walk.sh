# shellcheck shell=bash
# The first page of the README, typed in a Debian host of Tests/packages.sh as a new user types it:
# all that the host has are Docker, nginx and the files of a project. Prints how long each step took.
#
#   walk.sh
#
# Images come from this host, since it has no network: names of images are all that differs.
set -uo pipefail
# shellcheck source=Tests/packages/host.sh
. /given/sources/Tests/packages/host.sh
# The images that this host has.
here='s#registry.example/shop:#demo-shop:#; s#postgres:17#demo-shop:v1#
    s/1\.4\.0/v1/g; s/1\.4\.1/v2/g'
begun=$(date +%s%N)
total=0

# step SENTENCE COMMAND...: one that fails ends the walk.
step() {
    local sentence=$1 milliseconds
    shift
    begun=$(date +%s%N)
    "$@" >/tmp/walk 2>&1 || {
        printf 'FALSE %s\n' "$sentence"
        cat /tmp/walk
        exit 1
    }
    milliseconds=$((($(date +%s%N) - begun) / 1000000))
    total=$((total + milliseconds))
    printf 'ok    %6d ms  %s\n' "$milliseconds" "$sentence"
}

typed() {
    cd /srv/shop && types README.md "$1" "$here"
}

answers() {
    local try
    # For a moment after a reload nginx's old workers answer.
    for try in {1..20}; do
        curl --silent --fail --header 'Host: shop.example' http://127.0.0.1/ >/tmp/answer &&
            grep -qF "$1" /tmp/answer && return 0
        sleep 0.1
    done
    echo "$try tries: $(cat /tmp/answer)"
    return 1
}

start_services() {
    start_docker && make_images && nginx
}

serve_packages() {
    printf 'server { listen 127.0.0.1:8001; root /given/packages; }\n' >/etc/nginx/conf.d/given.conf
    nginx -s reload
}

export TEAL_DOWNLOADS=http://127.0.0.1:8001
start_services >/tmp/walk 2>&1 || { cat /tmp/walk && exit 1; }
serve_packages
mkdir -p /srv/shop
curl --silent --retry 5 --retry-connrefused --output /dev/null "$TEAL_DOWNLOADS/SHA256SUMS"
step "1. Install" typed install.sh
[ "$(block README.md install.sh)" = "$(block Sources/Commands/Teal.docc/Installing.md curl)" ] || {
    echo "FALSE Installing.md has the README's line"
    exit 1
}
block README.md "# /srv/shop/compose.yml" | sed "$here" >/srv/shop/compose.yml
step "3. teal init, check, deploy" typed "teal init"
block README.md "# your site" >/etc/nginx/conf.d/shop.conf
step "4. The site" typed "nginx -s reload"
step "   It answers" answers v1
step "5. The next release, and back" typed "teal rollback"
step "   The first release answers" answers v1
printf 'ok    %6d ms  in all\n' "$total"
sudo teal status --app shop
