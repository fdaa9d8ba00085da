#!/usr/bin/env bash
# Claims of the packaging scripts that need neither a built program nor root. Takes seconds.
set -uo pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

work="$(mktemp -d)" || exit 1
trap 'rm -rf "$work"' EXIT

# says TEXT STATUS COMMAND...: the command ends so, and what it says has the text.
says() {
    local text=$1 status=$2 found
    shift 2
    "$@" >"$work/said" 2>&1
    found=$?
    [ "$found" -eq "$status" ] && { [ -z "$text" ] || grep -qF -- "$text" "$work/said"; } &&
        return 0
    printf 'packaging: exit %s instead of %s with "%s": %s\n' "$found" "$status" "$text" "$*" >&2
    cat "$work/said" >&2
    exit 1
}

same() {
    [ "$1" = "$2" ] && return 0
    printf 'packaging: %s instead of %s\n' "$2" "$1" >&2
    exit 1
}

try_version() {
    local stated
    stated="$(sed -n 's/^ *static let number = "\(.*\)"$/\1/p' Sources/Commands/Output/Version.swift)"
    says "Next: .ci/package $stated" 1 .ci/package
    says "says $stated, not 9.9.9. Next:" 1 .ci/package 9.9.9
}

# An nginx that cannot be asked, and a folder with what its configuration is.
include() {
    TEAL_NGINX="$work/nginx" PATH="$work/bin:$PATH" .ci/packaging/nginx-include "$@"
}

try_include() {
    local file=$work/nginx/conf.d/00-teal.conf
    mkdir -p "$work/bin" "$work/nginx"
    printf '#!/bin/sh\nexit 1\n' >"$work/bin/nginx"
    chmod +x "$work/bin/nginx"
    says "put this line into its http { }" 0 include
    mkdir -p "$work/nginx/conf.d"
    says "would write $file" 0 include --dry-run
    [ ! -e "$file" ] || exit 1
    says "wrote $file" 0 include
    same 'include /etc/nginx/teal/*/http.conf;' "$(grep -v '^#' "$file")"
    cp "$file" "$work/first"
    says "" 0 include
    same "" "$(cat "$work/said")"
    cmp "$file" "$work/first" || exit 1
    for line in 'include /etc/nginx/teal/*/http.conf;' 'include "teal/*/http.conf";' \
        '    include	/etc/nginx/teal/shop/http.conf;'; do
        rm -f "$file"
        printf 'http {\n%s\n}\n' "$line" >"$work/nginx/nginx.conf"
        says "" 0 include
        [ ! -e "$file" ] || { printf 'packaging: doubled %s\n' "$line" >&2 && exit 1; }
    done
    printf 'http {\n# include /etc/nginx/teal/*/http.conf;\n}\n' >"$work/nginx/nginx.conf"
    says "wrote $file" 0 include
    printf '# of another kind\n' >"$file"
    says "$file is there" 0 include
}

try_installer() {
    local folder=$work/release processor file
    processor="$(uname -m)"
    file=teal-1.2.3-linux-$processor.tar.gz
    mkdir -p "$folder" "$work/tree/teal-1.2.3-linux-$processor"/{bin,share/teal}
    cp .ci/packaging/nginx-include "$work/tree/teal-1.2.3-linux-$processor/share/teal/"
    printf '#!/bin/sh\necho 1.2.3\n' >"$work/tree/teal-1.2.3-linux-$processor/bin/teal"
    tar -czf "$folder/$file" -C "$work/tree" "teal-1.2.3-linux-$processor"
    (cd "$folder" && sha256sum "$file" >SHA256SUMS)
    set -- sh .ci/install.sh --dry-run --tarball --from
    says "would write /usr/local/bin/teal" 0 "$@" "$folder"
    says "the signature is NOT checked" 0 "$@" "$folder"
    says "is not signed" 1 env TEAL_RELEASE_KEY='ssh-ed25519 AAAA' "$@" "$folder"
    says "has no SHA256SUMS" 1 "$@" "$work"
    says "TEAL_DOWNLOADS" 1 env TEAL_DOWNLOADS= sh .ci/install.sh --dry-run
    says "there is no option --wrong. Next:" 1 sh .ci/install.sh --wrong
    printf x >>"$folder/$file"
    says "nothing was installed" 1 "$@" "$folder"
    # A script that arrives in part does nothing, wherever it ends.
    local bytes
    for bytes in 900 3000 9000 "$(($(wc -c <.ci/install.sh) - 12))"; do
        head -c "$bytes" .ci/install.sh | sh -s -- --dry-run --tarball --from "$folder" \
            >"$work/said" 2>/dev/null
        same "" "$(cat "$work/said")"
    done
}

# The command on a host whose kernel says this of its processor.
on() {
    mkdir -p "$work/processor"
    # shellcheck disable=SC2016 # The stand-in expands it.
    printf '#!/bin/sh\n[ "$1" = -m ] && echo %s || echo Linux\n' "$1" >"$work/processor/uname"
    chmod +x "$work/processor/uname"
    shift
    PATH="$work/processor:$PATH" "$@"
}

try_processors() {
    local folder=$work/both name
    mkdir -p "$folder"
    for name in x86_64 aarch64; do
        mkdir -p "$work/tree/teal-1.2.3-linux-$name/share/teal"
        cp .ci/packaging/nginx-include "$work/tree/teal-1.2.3-linux-$name/share/teal/"
        tar -czf "$folder/teal-1.2.3-linux-$name.tar.gz" -C "$work/tree" "teal-1.2.3-linux-$name"
    done
    (cd "$folder" && sha256sum -- * >SHA256SUMS)
    set -- sh .ci/install.sh --dry-run --tarball --from "$folder"
    says "teal-1.2.3-linux-x86_64.tar.gz of" 0 on x86_64 "$@"
    says "teal-1.2.3-linux-aarch64.tar.gz of" 0 on aarch64 "$@"
    says "teal-1.2.3-linux-aarch64.tar.gz of" 0 on arm64 "$@"
    says "not for riscv64" 1 on riscv64 "$@"
    # shellcheck disable=SC2016 # The inner shell expands them.
    set -- bash -c '. .ci/package && name_processor && echo "$processor $debian_processor $loader"'
    says "aarch64 arm64 ld-linux-aarch64.so.1" 0 on aarch64 "$@"
    says "x86_64 amd64 ld-linux-x86-64.so.2" 0 on x86_64 "$@"
    says "no packages for riscv64" 1 on riscv64 "$@"
}

# others COMMIT FILE...: takes such packages to those of version 1.2.3, commit abc.
others() {
    local commit=$1 file
    shift
    rm -rf "$work/others" "$work/output" && mkdir -p "$work/others" "$work/output"
    touch "$work/output/teal-1.2.3-linux-x86_64.tar.gz"
    for file; do
        printf '{"metadata": {"component": {"version": "1.2.3", "properties": [{"value": "%s"}]}}}\n' \
            "$commit" >"$work/others/$file"
    done
    (cd "$work/others" && sha256sum -- * >SHA256SUMS)
    version=1.2.3 commit=abc output=$work/output TEAL_OTHERS=$work/others \
        bash -c '. .ci/package && add_others'
}

try_others() {
    local name=teal-1.2.3-linux-aarch64
    says "" 0 others abc "$name.tar.gz" "$name.cyclonedx.json"
    cmp "$work/others/$name.tar.gz" "$work/output/$name.tar.gz" || exit 1
    says "make both from one commit" 1 others def "$name.tar.gz" "$name.cyclonedx.json"
    says "is of this processor" 1 others abc teal-1.2.3-linux-x86_64.tar.gz
}

try_version
try_include
try_installer
try_processors
try_others
