#!/usr/bin/env bash
# A stand-in for sudo in what it does to the environment: all is gone but what the words name. The
# stories' own variables stay, which a host has in its files.
keep=(PATH DOCKER_HOST DOCKER_CONFIG TEAL_STATE_DIR)
given=()
while :; do
    case ${1:-} in
    --preserve-env=*)
        IFS=, read -r -a names <<<"${1#*=}"
        keep+=("${names[@]}")
        ;;
    -*)
        echo "sudo: this stand-in does not know $1" >&2
        exit 1
        ;;
    *=*) given+=("$1") ;;
    *) break ;;
    esac
    shift
done
for name in "${keep[@]}"; do
    if [ -n "${!name+set}" ]; then given+=("$name=${!name}"); fi
done
exec env -i "${given[@]}" "$@"
