/// The text of `shop --help`.
enum Usage {
    static let text = """
        shop: every service of Teal's demo, chosen by environment variables.

          shop               serve (or do the one-shot work of SHOP_ROLE=init)
          shop health [URL]  exit 0 when URL answers 200-399 within 2 s, else 1;
                             default http://127.0.0.1:SHOP_PORT/healthz

        Environment             default      meaning
          SHOP_ROLE             web          web, catalog, store, broker, consumer, init, or any
                                             other name
          SHOP_VERSION          unversioned  said by /version and by the header X-Shop-Version
          SHOP_COLOUR           TEAL_COLOUR  said by /version
          SHOP_RELEASE          TEAL_RELEASE said by /version
          SHOP_PORT             8080
          SHOP_CATALOG                       what / of web reads: http://catalog:8080/
          SHOP_STORE                         where /count is passed on to: http://store:8080/
          SHOP_BROKER                        what a consumer takes from: http://broker:8080/
          SHOP_CONSUME_MS       50           between two messages that a consumer takes
          SHOP_DATA             /data (store, broker) folder of the counter behind /count and of
                                             the broker's events.log
          SHOP_SHOW                          paths, with spaces between, of files that /shown shows
          SHOP_FAIL_HEALTH=1                 /healthz always answers 500
          SHOP_HEALTH_FAILS=N                the first N answers of /healthz are 500
          SHOP_HANG_HEALTH=1                 /healthz never answers
          SHOP_HEALTH_HOST=NAME              /healthz answers 400 to any other Host header
          SHOP_HEALTH_AFTER_MS=N             /healthz answers 503 for that long
          SHOP_START_DELAY_MS=N              listens only after that time
          SHOP_START_CPU_MS=N                burns so much processor time before it listens
          SHOP_MEMORY_MB=N                   takes so much memory meanwhile, and keeps it
          SHOP_EXIT_CODE=N                   logs a few lines, then exits N without listening
          SHOP_CRASH_AFTER_MS=N              exits 1 that long after it listens
          SHOP_FAIL_EVERY=N                  every N-th request is answered 500; requests for
                                             /healthz are neither counted nor touched, here and
                                             in the next five
          SHOP_DELAY_MS=N                    each answer comes that much later
          SHOP_LEAK_MB=N                     each request takes so much more memory and keeps it
          SHOP_LEAK_AFTER_MS=N               and does so from then on after the first request
          SHOP_UNHEALTHY_AFTER=N             /healthz answers 503 after N requests
          SHOP_CRASH_AFTER=N                 exits 1 at the request after the first N
          SHOP_IGNORE_TERM=1                 SIGTERM is noted and ignored
          SHOP_GRACE_MS         10000        how long requests in flight may take after SIGTERM

        Requests
          GET  /                 web: what the catalog says; store: the counter; else a greeting
          GET  /version          version, host name, colour and release
          GET  /healthz          200, or what the environment asks for
          POST /healthz?status=N /healthz answers N from now on (200 heals)
          GET  /slow?ms=500      answers after that time
          GET  /stream?seconds=10  chunked, one chunk each 100 ms
          POST /echo             the body comes back
          GET /headers           the header fields of the request
          GET  /ws               websocket that echoes
          GET  /fail?status=500  answers that status
          GET  /memory?mb=50     takes that much more memory and keeps it
          GET  /count            the counter on the volume; POST adds one
          GET  /shown            the files of SHOP_SHOW, one after the other
          GET  /consumers        broker: who takes messages now and took before, as JSON; "most"
                                 is the greatest number of them that were active at one time
          POST /lease?who=NAME   broker: begins a lease, answers its number; DELETE
                                 /lease?lease=N&who=NAME ends it
          POST /take?lease=N&who=NAME
                                 broker: one message, answers its number; 404 without a lease
          GET  /hang             never answers
          GET  /crash            the process exits 1 at once

        On SIGTERM or SIGINT it stops accepting, answers what is in flight and what still comes on
        open connections with `Connection: close`, closes websockets with 1001, and exits 0. A
        consumer takes no further message and ends its lease.
        """
}
