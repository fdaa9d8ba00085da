# shellcheck shell=bash
# The Compose part of host.sh, which sources this file and documents its functions.

# host_require_compose FOLDER
# Where the host has no Compose v2 and its own apt neither, Debian 13's is unpacked into FOLDER,
# which becomes DOCKER_CONFIG: Docker looks for plugins there, whatever its version, and what the
# host has stays as it is.
host_require_compose() {
    local folder=$1 package plugin found
    plugin=$folder/cli-plugins/docker-compose
    _host_has_compose && return 0
    for package in docker-compose-v2 docker-compose-plugin; do
        if apt-cache show "$package" >/dev/null 2>&1; then
            _host_install "Teal resolves compose files with Compose v2" "$package" || return 1
            _host_has_compose && return 0
        fi
    done
    if [ ! -x "$plugin" ]; then
        _host_say "unpacking Debian 13's docker-compose into $folder, and nowhere else:" \
            "Teal resolves compose files with Compose v2"
        mkdir -p "$folder/cli-plugins" || return 1
        _host_fetch trixie "$folder" alone docker-compose || return 1
        found="$(find "$folder/root" -path '*/cli-plugins/docker-compose' -type f)"
        mv "$found" "$plugin" && rm -rf "$folder/root" || return 1
    fi
    _host_keep_docker_context
    export DOCKER_CONFIG="$folder"
    _host_has_compose && return 0
    _host_say "$plugin does not run here. Install Docker Compose 2.20 or newer and run this again."
    return 1
}

_host_has_compose() {
    local version
    for version in "$(docker compose version --short 2>/dev/null </dev/null)" \
        "$(docker-compose version --short 2>/dev/null </dev/null)"; do
        [[ "$version" =~ ^v?([2-9]|[1-9][0-9]+)\. ]] && return 0
    done
    return 1
}

# A context is a setting of the DOCKER_CONFIG that is left, so its address goes into DOCKER_HOST.
_host_keep_docker_context() {
    local address template='{{.Endpoints.docker.Host}}'
    [ -n "${DOCKER_HOST:-}" ] && return 0
    address="$(docker context inspect --format "$template" 2>/dev/null </dev/null)" || return 0
    case "$address" in
    '' | unix:///var/run/docker.sock) ;;
    *) export DOCKER_HOST="$address" ;;
    esac
}
