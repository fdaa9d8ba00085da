# shellcheck shell=bash
# Claims of the scripts that run inside a host of Tests/packages.sh; sourced there.

out=/tmp/out

# claim SENTENCE COMMAND...: prints both outcomes; the output of one that fails is shown.
claim() {
    local sentence=$1
    shift
    if "$@" >"$out" 2>&1; then
        printf 'ok    %s\n' "$sentence"
        return 0
    fi
    printf 'FALSE %s: %s\n' "$sentence" "$*"
    tail -n 40 "$out"
    exit 1
}

not() {
    ! "$@"
}

# says TEXT COMMAND...: the command succeeds and its output has the text.
says() {
    local text=$1
    shift
    "$@" >/tmp/says 2>&1 || {
        cat /tmp/says
        return 1
    }
    cat /tmp/says
    grep -qF -- "$text" /tmp/says
}

# refuses TEXT COMMAND...: the command fails, says the text, and there is still no program.
refuses() {
    local text=$1
    shift
    ! "$@" >/tmp/says 2>&1 && cat /tmp/says && grep -qF -- "$text" /tmp/says &&
        [ ! -e /usr/bin/teal ] && [ ! -e /usr/local/bin/teal ]
}

files() {
    find /etc /usr /var/lib/dpkg /opt /srv -printf '%p %s %T@ %i\n' 2>/dev/null | sort
}

changes_nothing() {
    files >/tmp/before
    "$@" || return 1
    files >/tmp/after
    diff /tmp/before /tmp/after
}
