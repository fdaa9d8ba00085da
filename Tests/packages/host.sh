# shellcheck shell=bash
# Docker, images, an app with visitors and the documentation in a host of Tests/packages.sh; sourced
# inside it.

# block PAGE TEXT: the page's block that has this text, without the indentation of a list.
block() {
    awk -v text="$2" '
        /^ *```/ { if (inside && index(block, text)) { printf "%s", block; exit }
            inside = !inside; block = ""; match($0, /^ */); indentation = RLENGTH; next }
        inside { block = block substr($0, indentation + 1) "\n" }' "/given/sources/$1"
}

# types PAGE TEXT [SED]: runs the page's block that has this text, all lines in one shell, with what
# SED changes of it.
types() {
    local script
    script="$(block "$1" "$2" | sed -e "${3:-}")"
    [ -n "$script" ] || {
        echo "$1 has no block with $2"
        return 1
    }
    printf '%s\n' "$script"
    bash -euo pipefail -c "$script"
}

start_docker() {
    local try
    mkdir -p /etc/docker
    # The host of this root may have no part in its networks.
    dockerd --iptables=false --ip-masq=false --cgroup-parent "$CGROUP" >/tmp/dockerd.log 2>&1 &
    for try in {1..150}; do
        docker version >/dev/null 2>&1 && return 0
        sleep 0.2
    done
    echo "$try tries"
    tail -n 20 /tmp/dockerd.log
    return 1
}

make_images() {
    local tag
    for tag in v1 v2 v3; do
        tar --create --directory /given/work shop |
            docker import --change "ENV SHOP_VERSION=$tag" --change 'ENTRYPOINT ["/shop"]' - \
                "demo-shop:$tag" || return 1
    done
}

write_project() {
    mkdir -p /srv/shop
    cat >/srv/shop/compose.yml <<'END'
services:
  web:
    image: demo-shop:${TAG}
END
    cat >/srv/shop/teal.yml <<'END'
app: shop
services:
  web: {port: 8080, health: {http: /healthz}}
bake: {for: 1s}
END
}

write_site() {
    cat >/etc/nginx/conf.d/shop.conf <<'END'
server {
    listen 127.0.0.1:8000;
    include /etc/nginx/teal/shop/server.conf;
    location / { include /etc/nginx/teal/shop/web.conf; }
}
END
    nginx -t && nginx -s reload
}

deploy() {
    cd /srv/shop && TAG=$1 teal deploy --release "$1"
}

# Visitors from here to the end of `all_served`.
begin_visits() {
    while [ ! -e /tmp/enough ]; do
        curl --silent --max-time 5 --output /dev/null --write-out '%{http_code}\n' \
            http://127.0.0.1:8000/ || echo lost
        sleep 0.02
    done >/tmp/visits &
    visitors=$!
}

all_served() {
    # Some of them after all is done.
    for _ in {1..100}; do
        [ "$(wc -l </tmp/visits)" -lt 20 ] || break
        sleep 0.1
    done
    touch /tmp/enough
    wait "$visitors"
    rm -f /tmp/enough
    sort /tmp/visits | uniq -c
    [ "$(sort -u /tmp/visits)" = 200 ] && [ "$(wc -l </tmp/visits)" -ge 20 ]
}

serves() {
    # After a reload nginx needs a moment for a new port.
    curl --silent --show-error --fail --max-time 5 --retry 5 --retry-connrefused \
        http://127.0.0.1:8000/
}

containers() {
    docker ps --no-trunc --format '{{.ID}} {{.Names}}' | sort
}

same_containers() {
    containers | diff /tmp/containers -
}

only_glibc() {
    # shellcheck disable=SC2046 # A list of names.
    ! ldd "$1" | awk '{ print $1 }' | grep -vE '^(linux-vdso|libc|libm|libdl|libpthread|/lib)'
}

restart_nginx() {
    nginx -s stop
    for _ in {1..50}; do
        pgrep -x nginx >/dev/null || break
        sleep 0.1
    done
    nginx
}
