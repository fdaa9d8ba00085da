#!/usr/bin/env bash
# Deploys as AWS.md says it, with the files that stand there: against moto, which answers as AWS
# does, and a registry that wants ECR's token. Builds nothing; Tests/run.sh does. Takes a minute,
# and is none of the tests of each day: it installs docker-registry by apt-get, and moto and the
# AWS CLI by pip into FOLDER (default: one of its own that is removed).
#
#   Tests/aws.sh [FOLDER]
set -uo pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
# shellcheck source=Tests/set-up.sh
. Tests/set-up.sh
page="$PWD/Sources/Commands/Teal.docc/AWS.md"
teal="$PWD/.build/debug/teal"
# A value that a shell or Compose could misread.
parameter="v42 \"\$x\""

install_what_is_missing() {
    host_require_curl && host_require_docker && host_require_compose "$PWD/.build/compose-v2" &&
        host_require_nginx && host_require_registry
}

install_tools() {
    [ -x "$tools/bin/moto_server" ] && [ -x "$tools/bin/aws" ] && return 0
    python3 -m venv "$tools" && "$tools/bin/pip" install --quiet 'moto[server]' awscli bcrypt
}

make_images() {
    SHOP_BINARY="$PWD/.build/debug/shop" sh compose/image.sh v1
}

# Prints the block of the page whose lines begin with `# NAME`, the line of the shell aside.
documented() {
    awk -v name="# $1" '
        /^```/ { if (inside && found) { printf "%s", text; exit } inside = !inside; found = 0; text = ""; next }
        inside { text = text $0 "\n"; if (index($0, name) == 1) found = 1 }' "$page"
}

wait_for_port() {
    for _ in $(seq 100); do
        if (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return 0; fi
        sleep 0.1
    done
    return 1
}

start_aws() {
    export AWS_ACCESS_KEY_ID=key AWS_SECRET_ACCESS_KEY=secret AWS_DEFAULT_REGION=eu-central-1
    AWS_ENDPOINT_URL="http://127.0.0.1:$(host_free_port)" || return 1
    export AWS_ENDPOINT_URL
    "$tools/bin/moto_server" -H 127.0.0.1 -p "${AWS_ENDPOINT_URL##*:}" >"$work/moto.log" 2>&1 &
    servers+=($!)
    wait_for_port "${AWS_ENDPOINT_URL##*:}" || return 1
    aws ssm put-parameter --name /shop/web/SHOP_VERSION --type SecureString --value "$parameter" &&
        TOPIC_ARN="$(aws sns create-topic --name releases --query TopicArn --output text)" &&
        queue="$(aws --endpoint-url "$AWS_ENDPOINT_URL" sqs create-queue --queue-name mail --query QueueUrl --output text)" &&
        aws sns subscribe --topic-arn "$TOPIC_ARN" --protocol sqs \
            --notification-endpoint arn:aws:sqs:eu-central-1:123456789012:mail &&
        export TOPIC_ARN
}

# It knows the token of ECR as the password of AWS, and nobody else.
start_registry() {
    local port token hash
    port="$(host_free_port)" && token="$(aws ecr get-login-password)" || return 1
    hash="$(TOKEN="$token" "$tools/bin/python" -c '
import bcrypt, os
print(bcrypt.hashpw(os.environ["TOKEN"].encode(), bcrypt.gensalt(5)).decode())')" || return 1
    echo "AWS:$hash" >"$work/passwords"
    cat >"$work/registry.yml" <<END
version: 0.1
storage: {filesystem: {rootdirectory: $work/registry}}
http: {addr: "127.0.0.1:$port"}
auth: {htpasswd: {realm: ecr, path: $work/passwords}}
END
    docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
    servers+=($!)
    wait_for_port "$port" || return 1
    export ECR_REGISTRY="127.0.0.1:$port"
    # The build: it leaves imageDetail.json, and no image and no log-in on this host.
    mkdir -p "$work/srv" && docker tag teal/demo-shop:v1 "$ECR_REGISTRY/shop:v1" &&
        docker login --username AWS --password "$token" "$ECR_REGISTRY" 2>/dev/null &&
        docker push "$ECR_REGISTRY/shop:v1" >"$work/push.log" || return 1
    docker inspect --format '{"ImageURI": "{{index .RepoDigests 0}}"}' "$ECR_REGISTRY/shop:v1" \
        >"$work/srv/imageDetail.json" && docker logout "$ECR_REGISTRY" &&
        docker rmi --force "$(docker inspect --format '{{.Id}}' teal/demo-shop:v1)" &&
        ! docker pull "$ECR_REGISTRY/shop:v1"
}

write_project() {
    local script status
    status="$(host_free_port)" && port="$(host_free_port "$status")" &&
        host_start_nginx "$work/nginx" "$port" || return 1
    cd "$work/srv" && mkdir -p hooks bin && ln -s "$teal" bin/teal || return 1
    for script in hooks/ecr-login.sh hooks/parameters.sh hooks/figures.sh; do
        documented "$script" >"$work/script" && mv "$work/script" "$script" &&
            chmod 755 "$script" && [ -s "$script" ] || return 1
    done
    cat >compose.yml <<'END'
services:
  web:
    image: not-there-without-the-artifact
    environment: {SHOP_ROLE: web, SHOP_PORT: "8080", SHOP_VERSION: "${SHOP_VERSION:?}"}
END
    documented teal.yml >"$work/documented" && [ -s "$work/documented" ] || return 1
    cat - "$work/documented" >teal.yml <<END
app: shop
nginx:
  {directory: $work/nginx/teal, config: $work/nginx/nginx.conf, status: "127.0.0.1:$status"}
services: {web: {port: 8080, health: {http: /healthz}}}
bake: {for: 0s}
END
}

deploy() {
    teal deploy --artifact imageDetail.json --release one --detach
}

# The e-mail has the line to run.
approve() {
    local line
    aws --endpoint-url "$AWS_ENDPOINT_URL" sqs receive-message --queue-url "$queue" --query 'Messages[0].Body' --output text |
        "$tools/bin/python" -c 'import json, sys; print(json.load(sys.stdin)["Message"])' |
        tee "$work/mail" || return 1
    line="$(grep -o 'teal promote[a-z -]*' "$work/mail")" && [ -n "$line" ] || return 1
    # shellcheck disable=SC2086 # These are its words.
    $line
}

look() {
    local version
    printf 'include %s/server.conf;\nlocation / { include %s/web.conf; }\n' \
        "$work/nginx/teal/shop" "$work/nginx/teal/shop" >"$work/nginx/site/shop.conf" &&
        nginx -c "$work/nginx/nginx.conf" -s reload || return 1
    for _ in $(seq 50); do
        version="$(curl --silent --head "http://127.0.0.1:$port/version" |
            sed -n 's/^x-shop-version: //Ip' | tr -d '\r')"
        if [ "$version" = "$parameter" ]; then return 0; fi
        sleep 0.2
    done
    echo "the version is $version" >&2
    return 1
}

figures() {
    local container
    hooks/figures.sh || return 1
    container="$(docker ps --quiet --filter label=teal.app=shop)" && docker stop "$container" || return 1
    for _ in 1 2 3; do hooks/figures.sh || return 1; done
    aws cloudwatch get-metric-statistics --namespace Teal --metric-name Healthy \
        --dimensions Name=App,Value=shop --period 3600 --statistics Minimum Maximum \
        --start-time "$(date -u -d '-1 hour' +%FT%TZ)" --end-time "$(date -u -d '1 hour' +%FT%TZ)" \
        --query '[min(Datapoints[].Minimum), max(Datapoints[].Maximum)]' --output text |
        tee "$work/figures" && grep -qx '0.0.1.0' "$work/figures"
}

end() {
    local server
    for server in "${servers[@]}"; do kill "$server"; done
    "$teal" down --app shop --yes >/dev/null
    host_stop_nginx "$work/nginx"
    clean_up
}

servers=()
prepare
trap end EXIT
tools="${1:-$work/tools}"
step "What this machine lacks" install_what_is_missing
step "moto and the AWS CLI" install_tools
export PATH="$work/srv/bin:$tools/bin:$PATH" TEAL_STATE_DIR="$work/state"
step "Docker" start_docker
# The log-ins of this host's user are not touched.
mkdir -p "$work/docker-config"
if [ -d "${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins" ]; then
    ln -s "$(realpath "${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins")" "$work/docker-config/"
fi
export DOCKER_CONFIG="$work/docker-config"
step "Images" make_images
step "AWS" start_aws
step "A registry that wants the token" start_registry
step "The project" write_project
cd "$work/srv" || exit 1
step "Deploy" deploy
step "Approve by the line in the e-mail" approve
step "The shop has the parameter" look
step "Figures" figures
