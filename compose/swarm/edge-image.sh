#!/bin/sh
# Makes the image that every edge of a swarm runs: Teal, with the libraries that the program names,
# and nothing else. DOCKER_HOST is honoured.
#
#   compose/swarm/edge-image.sh registry.example:5000/teal-edge:1
#
# TEAL_BINARY=FILE takes another program than the `teal` in PATH.
set -eu

fail() {
    echo "edge-image.sh: $1" >&2
    exit 1
}

[ $# = 1 ] || fail "give one name for the image."
binary=${TEAL_BINARY:-$(command -v teal || true)}
if [ -z "$binary" ] || [ ! -x "$binary" ] || [ -d "$binary" ]; then
    fail "there is no program to put into it. Next: install Teal, or set TEAL_BINARY."
fi

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
cp "$binary" "$root/teal"
strip "$root/teal" 2>/dev/null || true
# Each library at its own path, with the loader that the program itself names.
for library in $(ldd "$binary" | grep -o '/[^ ]*'); do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
done
tar -C "$root" -c . | docker import --change 'ENTRYPOINT ["/teal"]' - "$1" >/dev/null ||
    fail "Docker does not take the image, see above."
echo "$1"
