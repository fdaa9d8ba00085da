#!/usr/bin/env bash
# Makes a Docker image of an nginx that this host has, for the tests of an nginx in a container.
# No registry is needed. DOCKER_HOST is honoured.
#
#   Tests/nginx-image.sh TAG [PROGRAM]          PROGRAM: an nginx, by default the one in PATH
#
# The image holds nginx, the libraries it loads and the few files it asks for; it has no shell. It
# listens on port 80 until a configuration is mounted over /etc/nginx. Calling this again costs
# nothing while the program is the same.
set -euo pipefail

main() {
    PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
    local tag=${1:?"the tag is missing: Tests/nginx-image.sh TAG [PROGRAM]"} program recipe old
    program="$(command -v "${2:-nginx}")" ||
        fail "there is no ${2:-nginx} in PATH. Install nginx and run this again."
    # Not local: the trap outlives this function.
    root="$(mktemp -d)"
    trap 'rm -rf "$root"' EXIT

    recipe="$(cat "$program" "${BASH_SOURCE[0]}" | sha256sum)"
    recipe="${recipe%% *}"
    old="$(docker image inspect --format '{{.Id}} {{index .Config.Labels "teal.recipe"}}' \
        "$tag" 2>/dev/null </dev/null)" || old=
    if [ "${old#* }" != "$recipe" ]; then
        copy_program "$program"
        write_files
        import "$tag" "$recipe"
        # It stays where a container still runs from it.
        [ -z "$old" ] || docker image rm "${old%% *}" >/dev/null 2>&1 </dev/null || true
    fi
    printf '%s\n' "$tag"
}

fail() {
    printf 'nginx-image.sh: %s\n' "$*" >&2
    exit 1
}

# Asked of the program's own loader, which may be another than this host's.
copy_program() {
    local library
    install -D -m 755 "$1" "$root/usr/sbin/nginx"
    LD_TRACE_LOADED_OBJECTS=1 "$1" | grep -o '/[^ ]*' | while IFS= read -r library; do
        install -D -m 755 "$library" "$root$library"
    done
}

write_files() {
    local folder
    for folder in etc/nginx tmp run var/run var/lock var/log/nginx var/lib/nginx var/cache/nginx; do
        mkdir -p "$root/$folder"
    done
    chmod 1777 "$root/tmp"
    ln -s /dev/stdout "$root/var/log/nginx/access.log"
    ln -s /dev/stderr "$root/var/log/nginx/error.log"
    printf '%s:x:%s:%s::/:/bin/false\n' root 0 0 www-data 33 33 nobody 65534 65534 \
        >"$root/etc/passwd"
    printf '%s:x:%s:\n' root 0 www-data 33 nogroup 65534 nobody 65534 >"$root/etc/group"
    if [ -e /etc/nginx/mime.types ]; then
        cp /etc/nginx/mime.types "$root/etc/nginx"
    else
        printf 'types { text/html html; }\n' >"$root/etc/nginx/mime.types"
    fi
    cat >"$root/etc/nginx/nginx.conf" <<'END'
user www-data;
error_log /dev/stderr notice;
events { }
http {
    include /etc/nginx/mime.types;
    server {
        listen 80;
        location / { return 200 "nginx\n"; }
    }
}
END
}

import() {
    tar -C "$root" --owner=0 --group=0 --numeric-owner -cf - . | docker import \
        --change 'ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin' \
        --change 'ENTRYPOINT ["nginx", "-g", "daemon off;"]' \
        --change "LABEL teal.recipe=$2" \
        - "$1" >/dev/null || fail "Docker did not take the image $1: what it said is above."
}

main "$@"
