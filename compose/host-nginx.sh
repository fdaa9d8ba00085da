# shellcheck shell=bash
# The nginx part of host.sh, which sources this file and documents its functions.

host_require_nginx() {
    _host_has nginx && return 0
    _host_install_asleep "Teal switches traffic in nginx" nginx.service nginx
}

# host_require_nginx_from SUITE FOLDER
# Unpacks the nginx of another Debian suite (trixie, sid) with the libraries that it wants into
# FOLDER and prints its path. patchelf, which comes along, points the program to its own C
# library: started through that library's loader instead, nginx would cut the titles of its
# processes short.
host_require_nginx_from() {
    local suite=$1 folder=$2 program=$2/nginx loader libraries
    if [ ! -x "$program" ]; then
        _host_say "unpacking Debian $suite's nginx into $folder, and nowhere else:" \
            "to try Teal with that version"
        mkdir -p "$folder" && folder="$(cd "$folder" && pwd)" || return 1
        _host_fetch "$suite" "$folder" with-dependencies nginx patchelf || return 1
        loader="$(find "$folder/root" -name 'ld-linux*.so.*' -type f | head -n 1)"
        libraries="$(dirname "$(find "$folder/root" -name 'libpcre2-8.so.0' | head -n 1)")"
        libraries="$libraries:$(dirname "$loader")"
        "$loader" --library-path "$libraries" "$folder/root/usr/bin/patchelf" --force-rpath \
            --set-interpreter "$loader" --set-rpath "$libraries" \
            --output "$program.new" "$folder/root/usr/sbin/nginx" || return 1
        chmod 755 "$program.new" && mv "$program.new" "$program" || return 1
    fi
    "$program" -v 2>/dev/null || {
        _host_say "Debian $suite's nginx does not run here: $("$program" -v 2>&1 | tail -n 1)." \
            "Use this host's nginx instead."
        return 1
    }
    printf '%s\n' "$program"
}

# host_start_nginx FOLDER PORT [PROGRAM]
# An own instance: `nginx -p FOLDER -c FOLDER/nginx.conf`, pid in FOLDER/nginx.pid, logs in
# FOLDER/logs. Read by it: FOLDER/teal/*/http.conf and FOLDER/http/*.conf at http level,
# FOLDER/site/*.conf inside the one server, which listens on 127.0.0.1:PORT. It runs as root and
# as an ordinary user.
host_start_nginx() {
    local folder=$1 port=$2 program=${3:-nginx} try output options
    if _host_nginx_runs "$folder"; then
        grep -qs "listen 127.0.0.1:$port;" "$folder/nginx.conf" && return 0
        host_stop_nginx "$folder" || return 1
    fi
    host_stop_nginx "$folder" || return 1
    mkdir -p "$folder"/{logs,temporary,teal,http,site} || return 1
    _host_nginx_configuration "$folder" "$port" >"$folder/nginx.conf" || return 1
    options=(-p "$folder" -c "$folder/nginx.conf")
    # Without this option, which 1.19.5 brought, nginx first complains that it may not write
    # /var/log.
    [[ "$("$program" -h 2>&1)" == *' -e '* ]] && options+=(-e "$folder/logs/error.log")
    if output="$("$program" "${options[@]}" 2>&1 </dev/null)"; then
        for try in {1..50}; do
            _host_nginx_runs "$folder" && (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return 0
            sleep 0.1
        done
    fi
    printf '%s\n' "$output" >&2
    tail -n 10 "$folder/logs/error.log" >&2 2>/dev/null
    _host_say "nginx did not start on 127.0.0.1:$port with $folder/nginx.conf: what it said is" \
        "above. Mend that and run this again."
    host_stop_nginx "$folder"
    return 1
}

_host_nginx_configuration() {
    local folder=$1 port=$2 name
    [ "$(id -u)" -ne 0 ] || printf 'user %s;\n' "$(_host_nginx_user "$folder")"
    cat <<END
worker_processes 2;
pid $folder/nginx.pid;
error_log $folder/logs/error.log notice;
events { worker_connections 1000; }
http {
    access_log off;
END
    for name in client_body proxy fastcgi uwsgi scgi; do
        printf '    %s_temp_path %s/temporary/%s;\n' "$name" "$folder" "$name"
    done
    cat <<END
    include $folder/teal/*/http.conf;
    include $folder/http/*.conf;
    server {
        listen 127.0.0.1:$port;
        include $folder/site/*.conf;
    }
}
END
}

# The workers look at files below the folder on every request, so their user must get there: a
# folder that mktemp made inside another private one would answer "no such file" to anyone but
# root.
_host_nginx_user() {
    local name
    chmod 755 "$1"
    for name in www-data nginx nobody; do
        if getent passwd "$name" >/dev/null &&
            setpriv --reuid "$name" --clear-groups test -x "$1/teal" 2>/dev/null; then
            printf '%s %s\n' "$name" "$(id -gn "$name")"
            return 0
        fi
    done
    _host_say "only root may enter $1, so the workers of this nginx run as root"
    printf 'root\n'
}

_host_nginx_runs() {
    local pid
    pid="$(cat "$1/nginx.pid" 2>/dev/null)" || return 1
    _host_nginx_pids "$1" | grep -x "$pid" >/dev/null
}

# host_stop_nginx FOLDER
# Masters and workers are known by the log that they hold open: after a SIGKILL of the master its
# workers keep the port, and the pid file may name a stranger. The files stay for a look at the
# logs.
host_stop_nginx() {
    local folder=$1 signal try pids
    for signal in TERM KILL; do
        for try in {1..30}; do
            pids="$(_host_nginx_pids "$folder")"
            [ -n "$pids" ] || break 2
            # shellcheck disable=SC2086 # A list of numbers.
            [ "$((try % 15))" -ne 1 ] || kill "-$signal" $pids 2>/dev/null || true
            sleep 0.1
        done
    done
    rm -f "$folder/nginx.pid"
    [ -z "$(_host_nginx_pids "$folder")" ] && return 0
    _host_say "the nginx of $folder does not end: $pids. End these processes by hand."
    return 1
}

_host_nginx_pids() {
    local directory file title
    for directory in /proc/[0-9]*; do
        { IFS= read -r -d '' title <"$directory/cmdline"; } 2>/dev/null || continue
        [[ "$title" == "nginx: "* ]] || continue
        for file in "$directory"/fd/*; do
            if [ "$file" -ef "$1/logs/error.log" ]; then
                printf '%s\n' "${directory#/proc/}"
                break
            fi
        done
    done
}
