#!/bin/sh
# Builds the demo shop and makes the image teal/demo-shop:TAG for each tag given (default: v1).
#
#   compose/image.sh v1 v2 v3
#
# The images differ in nothing but SHOP_VERSION, which is the tag. No registry is needed: the
# image is FROM scratch. DOCKER_HOST is honoured. SHOP_BINARY=FILE takes a program built before;
# SHOP_CONFIGURATION=debug builds faster and runs slower.
set -eu

compose=$(cd "$(dirname "$0")" && pwd)
package=$(dirname "$compose")
configuration=${SHOP_CONFIGURATION:-release}
binary=${SHOP_BINARY:-$package/.build/$configuration/shop}

fail() {
    echo "image.sh: $1" >&2
    exit 1
}

# Asked of the files rather than of SwiftPM: planning the whole package takes longer than this.
is_stale() {
    [ ! -x "$binary" ] ||
        [ -n "$(find "$package/Tests/DemoShop" "$package/Tests/shop" "$package/Package.swift" \
            -newer "$binary")" ]
}

docker version >/dev/null 2>&1 || fail "no Docker daemon answers${DOCKER_HOST:+ at $DOCKER_HOST}. \
Next: start one, or set DOCKER_HOST."

if [ -z "${SHOP_BINARY:-}" ] && is_stale; then
    swift build --package-path "$package" --configuration "$configuration" --product shop \
        ${SWIFT_BUILD_JOBS:+-j "$SWIFT_BUILD_JOBS"} >&2 || fail "the shop does not build, see above."
    # SwiftPM leaves the file alone when only a comment has changed.
    touch "$binary"
fi
[ -x "$binary" ] || fail "there is no program at $binary. Next: check SHOP_BINARY."

context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
strip -o "$context/shop" "$binary"
touch -r "$binary" "$context/shop"
cp "$compose/Dockerfile" "$context"

[ $# -gt 0 ] || set -- v1
for tag; do
    docker build --quiet --build-arg VERSION="$tag" --tag "teal/demo-shop:$tag" "$context" \
        >"$context.log" 2>&1 || { cat "$context.log" >&2; rm -f "$context.log"; fail "no image $tag."; }
    rm -f "$context.log"
    echo "teal/demo-shop:$tag"
done
