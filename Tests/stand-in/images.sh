#!/usr/bin/env bash
# Makes all that a compose project of somebody else's needs to run here, where no registry is:
#
#   Tests/stand-in/images.sh FOLDER VARIABLE VERSION
#
# Every image of the project in FOLDER becomes a stand-in (see the file stand-in) of this version
# where its name depends on the VARIABLE, and of version 1 where it does not; FOLDER/stand-ins has
# their names, for remove.sh. An image that is here is left alone. Folders to build from and the
# files and folders that it mounts are made where they are missing.
set -euo pipefail
own="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$1"
variable=$2
version=$3

make_stand_in() {
    local context
    docker image inspect "teal/stand-in:$1" >/dev/null 2>&1 && return 0
    context="$(mktemp -d)"
    cp "$own"/{Dockerfile,stand-in,answer} "$(command -v busybox)" "$context"
    chmod 755 "$context"/{stand-in,answer,busybox}
    docker build --quiet --build-arg VERSION="$1" --tag "teal/stand-in:$1" "$context" >/dev/null
    rm -rf "$context"
}

resolved() {
    env "$variable=$1" docker compose --profile '*' config "${@:2}"
}

make_stand_in 1
make_stand_in "$version"
for present in 1 "$version"; do
    resolved "$present" --images | while IFS= read -r image; do
        docker image inspect "$image" >/dev/null 2>&1 && continue
        echo "$image" >>stand-ins
        docker tag "teal/stand-in:$present" "$image"
    done
done
resolved "$version" | awk '
    $1 == "context:" { context = $2 }
    $1 == "dockerfile:" { print context "/" $2 }' | sort -u | while IFS= read -r file; do
    mkdir -p "$(dirname "$file")"
    printf 'FROM teal/stand-in:%s\n' "$version" >"$file"
done
resolved "$version" | awk '$1 == "source:" && $2 ~ /^\// { print $2 }' | while IFS= read -r source; do
    case "$source" in
    "$PWD"/*.*) [ -e "$source" ] || { mkdir -p "$(dirname "$source")" && touch "$source"; } ;;
    "$PWD"/*) mkdir -p "$source" ;;
    esac
done
