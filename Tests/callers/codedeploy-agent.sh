#!/usr/bin/env bash
# A stand-in for CodeDeploy's agent: the order of its events, what it deletes, how it runs a script
# and how it ends one, the rollback that is a new deployment.
# https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
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
last="$(cat "$root/last-successful" 2>/dev/null)"

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

# A script that takes too long gets SIGTERM once, with its group, and nobody waits for it. What runs
# as another user gets SIGKILL after 2 s.
run_script() {
    local event=$1 script=$2 limit=$3 user=$4 pid end
    (
        cd / && exec setsid env -i "${variables[@]}" LIFECYCLE_EVENT="$event" \
            DEPLOYMENT_ID="$deployment" APPLICATION_NAME=app DEPLOYMENT_GROUP_NAME=group \
            "$script"
    ) <&- >>"$console" 2>&1 &
    pid=$!
    end=$((SECONDS + limit))
    while kill -0 "$pid" 2>/dev/null; do
        if [ "$SECONDS" -ge "$end" ]; then
            kill -TERM -- "-$pid"
            if [ "$user" != - ]; then
                sleep 2
                kill -KILL -- "-$pid" 2>/dev/null
            fi
            echo "Script at specified location: $script failed to complete in $limit seconds"
            return 1
        fi
        sleep 0.1
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

install() {
    local destination
    destination="$(awk '$1 == "destination:" { print $2 }' "$archive/appspec.yml")"
    rm -rf "$destination" && mkdir -p "$destination" && cp -R "$archive/." "$destination/"
}

deploy() {
    # That of the previous revision.
    if [ -n "$last" ]; then
        run_event ApplicationStop "$root/$last/deployment-archive" || return 1
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
