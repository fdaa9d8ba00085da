#!/usr/bin/env bash
# Runs a command beside an sshd of its own on loopback, which ends with it.
#
#   sshd.sh FOLDER PORT NAME=VALUE... -- COMMAND...
#
# FOLDER gets the keys: `key` lets root in, `known_hosts` has the server's. The variables are in the
# environment of what is run over ssh.
set -euo pipefail
folder=$1 port=$2
shift 2
variables=()
while [ "$1" != -- ]; do
    variables+=("$1")
    shift
done
shift
sshd="$(PATH="$PATH:/usr/sbin" command -v sshd)"
mkdir -p "$folder" /run/sshd
chmod 700 "$folder"
for key in key host; do ssh-keygen -q -t ed25519 -N '' -f "$folder/$key"; done
printf '[127.0.0.1]:%s %s\n' "$port" "$(cut -d ' ' -f 1,2 "$folder/host.pub")" \
    >"$folder/known_hosts"
cat >"$folder/config" <<CONFIG
ListenAddress 127.0.0.1:$port
HostKey $folder/host
AuthorizedKeysFile $folder/key.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
SetEnv ${variables[*]}
CONFIG
"$sshd" -D -f "$folder/config" -E "$folder/log" </dev/null >/dev/null 2>&1 &
server=$!
trap 'kill "$server"; wait "$server" || true' EXIT
for _ in $(seq 100); do
    if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
    sleep 0.1
done
"$@"
