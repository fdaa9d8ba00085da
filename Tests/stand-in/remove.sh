#!/usr/bin/env bash
# Takes the names away that images.sh gave to stand-ins for the project in this folder:
#
#   Tests/stand-in/remove.sh FOLDER
set -uo pipefail
[ -e "$1/stand-ins" ] || exit 0
mapfile -t images <"$1/stand-ins"
docker rmi --force "${images[@]}" >/dev/null
