#!/usr/bin/env bash
# A stand-in for CodeDeploy's agent: the order of its events, what it deletes and copies, how it runs
# a script and how it ends one, the rollback that is a new deployment.
# https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
# https://github.com/aws/aws-codedeploy-agent: hook_executor.rb, installer.rb, install_instruction.rb
#
#   codedeploy-agent.sh ROOT DEPLOYMENT REVISION [NAME=VALUE]...
#
# ROOT is the agent's own folder, REVISION one with an appspec.yml. The variables are all that the
# scripts find in their environment beside the agent's. AUTOMATIC_ROLLBACK=yes deploys the last good
# revision again when a deployment fails. The exit code is 1 where the deployment has failed.
set -u
root=$1 deployment=$2 revision=$3
shift 3
variables=("$@")
archive="$root/$deployment/deployment-archive"
console="$root/$deployment/console"
# That of the last deployment that came to its end, and that of the last one that was installed.
last="$(cat "$root/last-successful" 2>/dev/null)"
installed="$(cat "$root/last-installed" 2>/dev/null)"

# Prints `LOCATION TIMEOUT USER` of each script of an event; `-` for no user.
scripts() {
    awk -v event="$2:" '
        function tell() { if (place != "") print place, limit, user; place = "" }
        /^[a-z_]+:/ { tell(); section = $1; current = "" }
        section == "hooks:" && /^  [A-Za-z]+:/ { tell(); current = $1 }
        current == event && /^ *- location: / { tell(); place = $3; limit = 3600; user = "-" }
        current == event && /^ *timeout: / { limit = $2 }
        current == event && /^ *runas: / { user = $2 }
        END { tell() }' "$1/appspec.yml"
}

# ended SECONDS PROCESS: whether it ends before that time of this shell.
ended() {
    while kill -0 "$2" 2>/dev/null; do
        [ "$SECONDS" -lt "$1" ] || return 1
        sleep 0.1
    done
}

read_lines() {
    while IFS= read -r line; do
        printf '[%s]%s\n' "$1" "$line" >>"$console"
    done <"$root/$deployment/$1"
}

# A script is a group of its own, and its output are pipes. When it takes too long the group gets
# SIGTERM once, and nobody reads the pipes any more; its first process is waited for. That is `su` for
# another user's script, which ends it by SIGKILL after 2 s.
run_script() {
    local event=$1 script=$2 limit=$3 user=$4 pid end name readers=() command=("$2")
    [ "$user" = - ] || command=(su "$user" -c "$script")
    for name in stdout stderr; do
        rm -f "$root/$deployment/$name"
        mkfifo "$root/$deployment/$name"
        read_lines "$name" &
        readers+=($!)
    done
    (
        cd / && exec setsid env -i "${variables[@]}" LIFECYCLE_EVENT="$event" \
            DEPLOYMENT_ID="$deployment" APPLICATION_NAME=app DEPLOYMENT_GROUP_NAME=group \
            DEPLOYMENT_GROUP_ID=1 "${command[@]}"
    ) </dev/null >"$root/$deployment/stdout" 2>"$root/$deployment/stderr" &
    pid=$!
    end=$((SECONDS + limit))
    if ! ended "$end" "$pid"; then
        kill -TERM -- "-$pid"
        kill -KILL "${readers[@]}"
        wait "$pid" "${readers[@]}" 2>/dev/null
        echo "Script at specified location: $script failed to complete in $limit seconds"
        return 1
    fi
    for name in "${readers[@]}"; do
        ended "$end" "$name" && continue
        kill -KILL "${readers[@]}"
        echo "Script at specified location: $script failed to close its output"
        return 1
    done
    wait "$pid" && return 0
    echo "Script at specified location: $script failed with exit code $?"
    return 1
}

run_event() {
    local event=$1 folder=$2 script limit user
    scripts "$folder" "$event" >"$root/$deployment/scripts"
    while read -r -u 3 script limit user; do
        run_script "$event" "$folder/$script" "$limit" "$user" && continue
        echo "LifecycleEvent - $event failed"
        # So much of it the console shows.
        tail -c 2048 "$console"
        return 1
    done 3<"$root/$deployment/scripts"
}

# What the last installation has brought goes, and nothing else of the destination.
remove_installed() {
    local path
    [ -e "$root/cleanup" ] || return 0
    tac "$root/cleanup" >"$root/removals"
    while IFS= read -r path; do
        if [ -d "$path" ]; then
            rmdir "$path" 2>/dev/null
        else
            rm -f "$path"
        fi
    done <"$root/removals"
    rm "$root/cleanup"
}

install() {
    local destination behaviour path target
    destination="$(awk '$1 == "destination:" { print $2 }' "$archive/appspec.yml")"
    behaviour="$(awk '$1 == "file_exists_behavior:" { print $2 }' "$archive/appspec.yml")"
    remove_installed
    while IFS= read -r path; do
        target=$destination${path#"$archive"}
        if [ -d "$path" ]; then
            [ -d "$target" ] || { mkdir "$target" && echo "$target" >>"$root/cleanup"; } || return 1
        elif [ -e "$target" ] && [ "$behaviour" != OVERWRITE ]; then
            echo "a specified file already exists at this location: $target"
            return 1
        else
            echo "$target" >>"$root/cleanup"
            cp -p "$path" "$target" || return 1
        fi
    done < <(find "$archive" | sort)
    echo "$deployment" >"$root/last-installed"
}

deploy() {
    # That of the previous revision.
    if [ -n "$installed" ]; then
        run_event ApplicationStop "$root/$installed/deployment-archive" || return 1
    fi
    cp -R "$revision/." "$archive/" || return 1
    run_event BeforeInstall "$archive" && install && run_event AfterInstall "$archive" &&
        run_event ApplicationStart "$archive" && run_event ValidateService "$archive"
}

mkdir -p "$archive" || exit 1
if deploy; then
    echo "$deployment" >"$root/last-successful"
    exit 0
fi
if [ "${AUTOMATIC_ROLLBACK:-}" = yes ] && [ -n "$last" ]; then
    echo "Rolling back to $last:"
    AUTOMATIC_ROLLBACK='' "$BASH" "$0" "$root" "$deployment-rollback" \
        "$root/$last/deployment-archive" "${variables[@]}" && echo "Rolled back."
fi
exit 1
