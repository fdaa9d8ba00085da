#!/usr/bin/env bash
# Tries the page of `teal watch` in headless Chromium: the token flow, a deploy watched live, acts by
# click, an incident, without JavaScript, by keyboard, at 360 px and dark, each view checked by axe.
# The API answers schemathesis as its own description says.
#
#   Tests/browser.sh                   builds, installs Chromium (130 MB of Debian's packages)
#   TEAL_PICTURES=DIR Tests/browser.sh      keeps the pictures of all views there
#
# Needs root or sudo, and Python. axe and schemathesis come from PyPI, into .build. That is a lot for
# a few minutes of tests, so Tests/run.sh leaves it alone; stories of its own ask the page by curl.
set -euo pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=Tests/set-up.sh
. Tests/set-up.sh

axe_wheel='axe-playwright-python==0.1.8'
axe_sha256=fdd263c998388f1a8e67cad02677e612d946248bd44d163be5e8650ea31f95f8
schemathesis='schemathesis==4.32.5'

install_what_is_missing() {
    local program missing=()
    for program in chromium:chromium chromedriver:chromium-driver python3:python3 unzip:unzip; do
        command -v "${program%:*}" >/dev/null || missing+=("${program#*:}")
    done
    [ "${#missing[@]}" -eq 0 ] || _host_install "the page is tried in a browser" "${missing[@]}"
    host_require_docker && host_require_compose "$PWD/.build/compose-v2" && host_require_nginx &&
        host_require_curl && fetch_axe && install_schemathesis
}

install_schemathesis() {
    local folder=$PWD/.build/schemathesis
    tester=$folder/bin/st
    [ ! -e "$tester" ] || return 0
    # Debian has the part of Python that makes such a folder in a package of its own.
    python3 -m venv "$folder" || {
        _host_install "the API is tried" python3-venv && python3 -m venv "$folder"
    } || return 1
    "$folder/bin/pip" install --quiet "$schemathesis"
}

fetch_axe() {
    local folder=$PWD/.build/axe
    axe=$folder/axe.min.js
    [ ! -e "$axe" ] || return 0
    mkdir -p "$folder"
    printf '%s --hash=sha256:%s\n' "$axe_wheel" "$axe_sha256" >"$folder/requirements.txt"
    python3 -m pip download --quiet --no-deps --require-hashes --dest "$folder" \
        --requirement "$folder/requirements.txt" || return 1
    unzip -p "$folder"/*.whl '*/axe.min.js' >"$axe.new" && mv "$axe.new" "$axe"
}

build() {
    swift build --product teal && swift build --product shop
}

make_images() {
    SHOP_BINARY="$(swift build --show-bin-path)/shop" sh compose/image.sh v1
}

try_page() {
    local folder=$work/page status=0
    mkdir -p "$folder" && chmod 755 "$folder" && host_start_nginx "$folder/nginx" 8088
    python3 -B Tests/browser/page.py "${TEAL_PROGRAM:-$(swift build --show-bin-path)/teal}" "$folder" \
        "${TEAL_PICTURES:-$work/pictures}" "$axe" "$tester" || status=1
    host_stop_nginx "$folder/nginx"
    return "$status"
}

prepare
step "What this machine lacks" install_what_is_missing
step "Build" build
step "Docker" start_docker
step "Images" make_images
step "The page" try_page
