/// The annotated `teal.yml`, which the program carries so that `teal init --explain` can print it:
/// compose/teal.yml of the sources, byte for byte, as a test sees to.
enum AnnotatedExample {
    // Indented, its lines would pass the margin.
    // swift-format-ignore
    static let text = #"""
# Teal's configuration for the demo shop, with every key there is. Only `app` and one service
# with a `port` are required; each line says what holds without it. Durations: 500ms 2s 5m 1h 90d.
# Sizes: 512K 64M 1G (powers of 1,024). Shares: 10% 2.5%. Factors: 3x 1.5x. ${NAME} is taken from
# the environment; ${NAME:-value} has a default, $$ is a dollar.

# Names the compose projects (shop-blue, shop-green, shop-shared), networks, volumes and nginx
# files. Lower-case letters, digits and dashes, at most 40; none of these endings. Required.
app: shop

# The compose file, or a list where later ones override earlier ones, relative to this file.
# Default: the first there is of compose.yaml, compose.yml, docker-compose.yaml and
# docker-compose.yml.
compose: compose.yml

# When a service with a `build:` section is built. `--build` and `--no-build` overrule it.
# always    for each release, so that it has the code of its day; a `pull_policy:` of the service
#           goes before it; the default
# missing   where this host has no image of its name, as `docker compose up` does
# never     it is pulled like any other, for images that are built elsewhere
build: always

# Where the containers run.
# compose   on this host, by Docker Compose; the default
# swarm     on the nodes of a Docker Swarm. Teal's page "Several hosts" says what works with it;
#           any key that does not is refused
engine: compose

# With `engine: swarm` only.
# edges:
#   # The nodes whose nginx takes visitors: all (the default), managers, or a list of names,
#   # [node1, node2].
#   nodes: all
#   # The image with Teal that each of them runs. Required.
#   image: registry.example:5000/teal-edge:1
# swarm:
#   # The ports at which every node publishes an exposed service: of blue, and of green. Required.
#   ports: {web: [18081, 18082]}
#   # The node that a service stays on, by its host name. Required for one with a volume.
#   pin: {store: node2}
#   # How long all edges may take to confirm one change. Default: 30s.
#   switch_timeout: 30s
#   # A deploy while an edge is down, paused or drained: refuse, or proceed without it; the colour
#   # that its nginx may still send requests to is then kept running. Default: refuse.
#   absent: refuse
# # Where images go that are built here, or that this host alone has: the nodes pull them from there,
# # by digest. A host, and a path in it. Without it each node needs such an image beforehand, and
# # a `build:` section is refused.
# registry: registry.example:5000/shop

# Files with variables for the compose file, as `docker compose --env-file`. Those of
# `teal deploy --env-file` come after these. Default: none.
env_files: [releases/v1.env]

# Services of the compose file that need a word; those not named here are `internal`.
services:
  web:
    # exposed    one set per colour, nginx sends traffic to it; what a service with a `port` is
    # internal   one set per colour, reached by name inside its colour only; the default
    # shared     one for both colours, started if missing, otherwise left alone;
    #            `teal deploy --update-shared NAME` replaces it
    # singleton  in one colour at a time, as a queue's consumer: after the switch the old copy is
    #            stopped, then the new one started; on the way back the other way round
    role: exposed
    # The port inside the container: of nginx's requests and of the probes.
    port: 8080
    # Containers per colour, each with an address of its own. Default: 1.
    replicas: 1
    # How a container proves that it is ready. One method of http, tcp, command, docker; the
    # default is tcp on `port`, or the compose file's own healthcheck for one without a port.
    health:
      # GET this path.
      http: /healthz
      # The port of the probe. Default: the service's `port`.
      port: 8080
      # The Host header of the probe. Default: the container's address.
      host: shop.example
      # The statuses that count as healthy: one, a range, or a list of them. Default: 200-399,
      # with a warning where it is none of 200-299.
      expect: 200-399
      # Between two probes of a healthy container (a starting one is asked more often).
      interval: 1s
      # A probe that hangs fails after this.
      timeout: 2s
      # Passes in a row that make it healthy, failures in a row that make it unhealthy.
      rise: 2
      fall: 3
      # From the start of the container to healthy; after that the deployment is undone.
      deadline: 120s
    # The memory of one container, for the room check. Default: the compose file's memory limit,
    # else the most that a release of it was seen to hold, else 128M.
    memory: 64M
    # From SIGTERM to SIGKILL. Default: the compose file's stop_grace_period, else 10s.
    stop_grace: 15s
    # Ports of the compose file's `ports:` that this app does not publish, each by its number on the
    # host or in the container, or as a range (8000-8010). The service's own `port` is never
    # published. Any other one is refused without a word here, since two colours cannot hold it.
    # unpublished: [443, 9229]
    # `none` publishes no port at all. Default: compose, those of the compose file.
    # publish: none

  catalog:
    # `docker`: what the HEALTHCHECK of the image or of the compose file says. There must be one.
    # The other methods: `tcp: 5432` opens a connection to that port (`tcp: true` to the
    # service's own), and `command: [/shop, health]` runs a program in the container, where exit
    # code 0 is a pass.
    health: {docker: true}

  store:
    role: shared
    health: {command: [/shop, health], interval: 5s}
    # What the watch (see `watch` below) may do about the service: off (it is not looked at), notify,
    # or restart. Default: notify for a shared service, since others hang on it; else restart.
    watch: notify
    # Only for a service that is not shared. Without a word (`exclusive`) one that can write to a
    # volume or folder is refused, and so is one whose image keeps data (VOLUME) where nothing is
    # mounted.
    # shared  two colours may write to its volumes at the same time
    # fresh   each container may begin with empty volumes that have no name, and lose them
    # [shared, fresh]  both
    # volumes: shared

# Services start one by one in depends_on order, and each must be up before the next one starts.
start:
  # Between two starts at least this. Default: 3s.
  pause: 0s
  # Then Teal waits until the host has settled, at most this long, and goes on with a warning; 0s
  # is no such wait. Default: 60s.
  at_most: 60s
  # A host has settled when these are within their bounds, over a second. If a cgroup confines
  # Docker, Teal looks at that. Figures that the kernel does not tell are not looked at. The
  # defaults:
  settle:
    # At least so much memory can be had without swapping. The room check keeps it free as well.
    # A start ends when only half of it is left, 32M at most, swap and file cache included.
    memory_free: 64M
    # At most this share of the time some task waits for a processor, or for memory.
    cpu_pressure: 60%
    memory_pressure: 10%
    # At most this share of the processors' time is taken by the hypervisor for others.
    steal: 50%
    # At most this share of the time passes idle with disk requests open.
    disk_wait: 60%
    # At most so much is read back from swap per second.
    swap_in: 4M

# If the new set does not fit beside the active one (need of the services against available memory
# and free swap):
# refuse      nothing is started, and a table says why. The default. What is only assumed does not
#             refuse a first deploy: the start ends before the host runs out of memory
# warn        it is said, and tried all the same
# stop-first  the set that has traffic is stopped first: nginx answers 503 until the new one is up,
#             and the old one is started again if the new one fails. Not with `engine: swarm`
room: refuse

# live    nginx looks at a link on every request: no reload, no lost request. The default
# reload  the classic `nginx -s reload`, for a configuration that names an upstream by itself
switch: live

# The candidate's first minutes with traffic. nginx writes down how each request went, and only
# meanwhile; what it saw is compared with the previous colour's requests just before. A candidate
# that breaks a bound, whose container ends or does not answer its probes, loses the traffic at
# once: it is stopped, kept to look at, and the deploy ends with exit code 4. A rollback and an
# app's first deploy do not bake. The defaults:
bake:
  # How long, at most 1h; 0s is no bake.
  for: 60s
  # The greatest share of its answers that may have a status from 500 on. A candidate that fails
  # no more often than the previous colour keeps the traffic.
  errors: 5%
  # How many times the previous colour's p95 its own may be; at least 1x. Less than 20 ms more is
  # never too much.
  latency: 3x
  # Figures count from so many requests on: five answers make no share.
  requests: 20

# Gives the candidate a part of the traffic first, in steps, with the same bounds as the bake, which
# follows. Needs `switch: live`. Default: none, all of the traffic at once.
canary:
  # Ascending, above 0% and below 100%, at most two decimals and ten steps.
  steps: [10%, 50%]
  # How long each lasts: 1s to 1h. Default: 60s.
  every: 60s
  # How a client keeps its colour from step to step. Teal knows it by address and agent, or by this
  # cookie (letters, digits and _) or header (letters, digits and -) if the request has it. Default:
  # address and agent.
  sticky: {cookie: session}
  # sticky: {header: X-Client-Id}

# auto    a healthy candidate gets traffic. The default
# manual  it waits for `teal promote` (or `teal abort`); nothing needs to run meanwhile, and a
#         reboot changes nothing
promote: auto
# Only beside `promote: manual`: after this a deployment that waits is aborted; 1s to 24h.
# Default: 1h.
# promote_within: 1h

# Where nginx shows the colour without the traffic: a candidate before it has any. Default: nowhere.
preview:
  # An IPv4 address of this host or of a private network, with a port of its own.
  listen: 127.0.0.1:${TEAL_PREVIEW_PORT:-8089}
  # An exposed service; may be left out where there is only one.
  service: web

# The page for visitors after `teal maintenance on` (503, Retry-After): a file of at most 64 KB,
# relative to this file. Default: a small page of Teal's own.
# maintenance: {page: maintenance.html}

# How long requests in flight to the previous colour may take to end. Default: 30s.
drain: 30s

keep:
  # The previous colour is afterwards: running (going back takes milliseconds), stopped, or removed.
  # Default: running.
  previous: running
  # Releases that can be rolled back to, this one included; at least 2. Default: 5.
  releases: 5

# Before images are pulled or built so much must be free where Docker keeps them. Default: 1G.
disk: {reserve: 1G}

# Commands on the way of a deploy, in their order. Each is a list of words, the program first. No
# shell reads it (for one write [sh, -c, "..."]). Or a mapping with `run`. The run's log has the
# output of a hook and its words: secrets belong in its environment or in files. A hook may run
# twice, after a crash for one. On the host it runs in this file's folder. Everywhere it finds
# TEAL_APP, TEAL_COLOUR, TEAL_RELEASE, TEAL_PREVIOUS_RELEASE, TEAL_LABEL and, from before_switch on,
# TEAL_PREVIEW_URL. Default: none.
hooks:
  # On the host first of all, before the compose file is read and images are pulled: log in to a
  # registry, write an env file. In a service: in a container of its own, when images and shared
  # services are there and nothing else of the release runs: migrate. One that fails ends the
  # deploy.
  before_start:
    - ["true"]
    # The service of the candidate to run in (exposed or internal) instead of the host; its program
    # is the image's, and the image's entrypoint is not run.
    - {run: [/shop, --help], in: web, timeout: 1m}
  # The candidate is healthy and has no traffic yet. One that fails ends the deploy. After `timeout`
  # a hook is ended and has failed. Default: 5m.
  before_switch:
    - {run: [/shop, health], in: web}
  # The candidate has traffic. One that fails takes it back; on a rollback it is a warning.
  after_switch: []
  # All is done. One that fails is a warning.
  after_retire: []

# Who gets notices about the end of deployments, and about what the watch finds. One that does not
# get through is a warning, never a failed deployment. A webhook whose variable is empty is left out. Default: nobody.
notify:
  # A URL, https except on this host and in private networks; it may be the secret itself, so
  # give it by a variable.
  - webhook: "${TEAL_WEBHOOK:-}"
    # slack, discord, or generic: a JSON document. Default: slack or discord by the URL's host, else
    # generic.
    kind: generic
    # Signs a generic webhook's requests: HMAC-SHA256, see Notices.md. Default: no signature.
    secret: "${TEAL_WEBHOOK_SECRET:-}"
    # promoted     a release got traffic, by a deploy or by a rollback that was asked for
    # aborted      one failed before the switch
    # rolled_back  one failed after it, also long after, and traffic went back
    # unknown      Teal could not show where traffic is: act now
    # waiting      one waits for `teal promote`, and the notice has that line
    # unhealthy    the watch found that a replica fails its check
    # recovered    one that did passes it again
    # restarted    the watch restarted one
    # circuit_open restarts did not help, and none is made any more: act now
    # Default: all of them.
    on: [promoted, aborted, rolled_back, unknown, waiting, unhealthy, recovered, restarted,
      circuit_open]
  # Or a program, run without a shell. {text} and {subject} are put in; the text is its standard
  # input as well, and TEAL_EVENT, TEAL_APP and others are set.
  # - command: [aws, sns, publish, --topic-arn, "${TOPIC_ARN}", --message, "{text}"]
  #   on: [aborted, rolled_back, unknown]

# How `teal watch` and `teal probe` look at the colour that has traffic, all day, with the health
# checks of its services, and what they do about one that is unhealthy. `teal probe` is one round.
watch:
  # Between two rounds; 5s to 1h. Default: 15s.
  every: 15s
  # Failures in a row that make a replica unhealthy, passes in a row that make it healthy again.
  # Default: `fall` and `rise` of its health check.
  fall: 3
  rise: 2
  # Failures so soon after the start of a container do not count. Default: `deadline` of its health
  # check.
  grace: 120s
  # notify    people are told (see `notify`), and nothing else is done
  # restart   the container is restarted, one at a time, never the last healthy one of its service
  # rollback  as `restart`; if that does not help, traffic goes back to the previous colour, once for
  #           a release. The previous colour must run (`keep: {previous: running}`)
  # Default: restart for `teal watch`, notify for `teal probe`.
  on_failure: restart
  # The budget of each service. The defaults:
  restart:
    # So many restarts within this time. Then none is made any more, and people are told.
    at_most: 3
    within: 10m
    # Before the second restart. It doubles with each further one, up to `longest`.
    pause: 10s
    longest: 5m
    # After so long a time of health all is forgotten.
    reset_after: 10m
  # Only a release that got its traffic less than this ago is rolled back; 0s is never, at most 30d.
  # Default: 1h.
  rollback_within: 1h
  # After a rollback, or when the budget is spent, nothing is done for so long. Nobody is told the
  # same thing twice within it. Default: 10m.
  cool_down: 10m
  # While all is well this address gets a GET, for a service that raises an alarm when none comes:
  # Uptime Kuma (push), healthchecks, Gatus. The rules of a webhook's URL hold: it may be the secret
  # itself, and an empty variable leaves it out. Default: none.
  heartbeat:
    url: "${TEAL_HEARTBEAT_URL:-}"
    # At least 10s. Default: 60s.
    every: 60s
  # How long results of probes are kept: each one, at most 7d, and those of a minute together, at
  # most 366d. The defaults:
  keep: {raw: 24h, minutes: 90d}

nginx:
  # Where Teal writes its files, in a folder per app. Default: /etc/nginx/teal.
  directory: ${TEAL_NGINX_DIRECTORY:-/etc/nginx/teal}
  # The address of the status server that Teal asks what the workers run.
  status: 127.0.0.1:${TEAL_NGINX_STATUS_PORT:-8179}
  # The nginx program and its main configuration, where they are not the usual ones.
  # binary: /usr/sbin/nginx
  # config: /etc/nginx/nginx.conf
  # nginx in a container instead of on the host; `directory` must be mounted there.
  # container: edge-nginx
  # The proxies in front of nginx, such as a load balancer that ends TLS: their word counts for who
  # asked, and by which protocol, host and port. Default: nobody's.
  # trusted_proxies: [10.0.0.0/8]

"""#
}
