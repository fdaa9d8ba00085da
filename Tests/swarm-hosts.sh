# shellcheck shell=bash
# Three hosts within this one, each with a network, a name, mounts, an /etc/nginx and a Docker
# daemon of its own, which are one swarm of three managers. To be sourced by a script that is the
# first process of namespaces for networks, mounts and processes (unshare --net --mount --pid --fork
# --kill-child --mount-proc): all that is started here ends with it.
#
#   swarm_make FOLDER GROUP      FOLDER is short, since sockets lie in it; GROUP is a control group
#   swarm_on N COMMAND...        on host N, whose address is 10.99.0.N
#   swarm_docker N ARGUMENTS...  the docker command on host N
#   swarm_start_daemon N         also after a kill
#   swarm_kill_daemon N          by SIGKILL; its containers run on
#   swarm_start_nginx N          on port 80
#   swarm_configure_nginx N      writes its file as it was at the start
#   swarm_cut N, swarm_join N    the host's link to the others

swarm_hosts=(1 2 3)

swarm_make() {
    local number
    swarm_folder=$1 swarm_group=$2
    ip link set lo up && ip link add swarm type bridge && ip address add 10.99.0.254/24 dev swarm &&
        ip link set swarm up || return 1
    for number in "${swarm_hosts[@]}"; do _swarm_make_host "$number" || return 1; done
    for number in "${swarm_hosts[@]}"; do swarm_start_daemon "$number" || return 1; done
    swarm_docker 1 swarm init --advertise-addr 10.99.0.1 --data-path-addr 10.99.0.1 >/dev/null || return 1
    for number in 2 3; do
        swarm_docker "$number" swarm join --advertise-addr "10.99.0.$number" \
            --data-path-addr "10.99.0.$number" 10.99.0.1:2377 \
            --token "$(swarm_docker 1 swarm join-token --quiet manager)" >/dev/null || return 1
    done
}

# A process that does nothing keeps the namespaces of a host, which outlives its daemon.
_swarm_make_host() {
    local number=$1 folder=$swarm_folder/$1 try
    mkdir -p "$folder"/{data,exec,nginx/teal,state,groups} || return 1
    # The registry of the stories has no TLS.
    printf '{"insecure-registries": ["10.99.0.254:5000"]}\n' >"$folder/daemon.json"
    # shellcheck disable=SC2016 # The inner shell expands them.
    unshare --net --mount --uts bash -c '
        hostname "node$1" && mount -t tmpfs -o mode=755 tmpfs /run &&
            mount --rbind /sys/fs/cgroup "$2/groups" && mount -t sysfs sysfs /sys &&
            mount --rbind "$2/groups" /sys/fs/cgroup && umount -l "$2/groups" &&
            mount --bind "$2/nginx" /etc/nginx && echo $$ >"$2/keeper" && exec sleep infinity
    ' bash "$number" "$folder" >"$folder/keeper.log" 2>&1 &
    for try in {1..50}; do
        [ ! -s "$folder/keeper" ] || break
        sleep 0.1
    done
    [ "$try" -lt 50 ] || { cat "$folder/keeper.log" >&2; return 1; }
    ip link add "host$number" type veth peer name eth0 netns "$(cat "$folder/keeper")" &&
        ip link set "host$number" master swarm up && swarm_on "$number" ip link set lo up &&
        swarm_on "$number" ip address add "10.99.0.$number/24" dev eth0 &&
        swarm_on "$number" ip link set eth0 up
}

swarm_on() {
    local number=$1
    shift
    nsenter --target "$(cat "$swarm_folder/$number/keeper")" --net --mount --uts -- "$@"
}

swarm_docker() {
    local number=$1
    shift
    docker --host "unix://$swarm_folder/$number/docker.sock" "$@"
}

swarm_start_daemon() {
    local number=$1 folder=$swarm_folder/$1 try
    rm -f "$folder/docker.pid"
    # The node's own socket is at the usual place as well, where an edge's task looks for it.
    swarm_on "$number" setsid dockerd --config-file "$folder/daemon.json" \
        --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/docker.pid" \
        --host "unix://$folder/docker.sock" --host unix:///run/docker.sock --group 0 \
        --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "$swarm_group/$number" \
        --default-address-pool "base=10.9$number.0.0/16,size=24" >>"$folder/dockerd.log" 2>&1 &
    for try in {1..150}; do
        swarm_docker "$number" version >/dev/null 2>&1 && return 0
        sleep 0.2
    done
    tail -n 15 "$folder/dockerd.log" >&2
    echo "The Docker daemon of host $number did not answer after $try tries; see above." >&2
    return 1
}

swarm_kill_daemon() {
    kill -KILL "$(cat "$swarm_folder/$1/docker.pid")"
}

swarm_start_nginx() {
    swarm_configure_nginx "$1" && swarm_on "$1" nginx
}

swarm_configure_nginx() {
    local number=$1 name
    {
        echo "worker_processes 1; pid /run/nginx.pid; error_log $swarm_folder/$number/nginx.log;"
        echo 'events { worker_connections 500; } http { access_log off;'
        for name in client_body proxy fastcgi uwsgi scgi; do echo "${name}_temp_path /run/$name;"; done
        echo 'include /etc/nginx/teal/*/http.conf;'
        # The first deploy writes what the brackets make optional.
        echo 'server { listen 80; include /etc/nginx/teal/shop/server.con[f];'
        echo 'location / { include /etc/nginx/teal/shop/web.con[f]; } } }'
    } >"$swarm_folder/$number/nginx/nginx.conf"
}

swarm_cut() { ip link set "host$1" down; }

swarm_join() { ip link set "host$1" up; }
