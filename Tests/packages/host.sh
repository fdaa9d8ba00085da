# shellcheck shell=bash
# Docker, images and the documentation in a Debian host of Tests/packages.sh; sourced inside it.

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
    bash -euc "$script"
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
