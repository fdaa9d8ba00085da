import Mustache

/// The page's templates. Every text is escaped by the library; none is inserted unescaped.
enum Templates {
    static let library: MustacheLibrary = {
        var library = MustacheLibrary()
        for (name, text) in all {
            do {
                try library.register(text, named: name)
            } catch {
                // They are constants, which each test of the page renders.
                preconditionFailure("The template \(name) is wrong: \(error)")
            }
        }
        return library
    }()

    static func render(_ name: String, _ model: Any) -> String {
        library.render(model, withTemplate: name) ?? ""
    }

    private static let all = [
        "page": """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{title}}</title>
        <link rel="icon" href="{{root}}icon.svg">
        <link rel="stylesheet" href="{{root}}style.css">
        <script src="{{root}}script.js" defer></script>
        </head>
        <body>
        <header><a href="{{root}}">teal</a>{{#app}} <span>{{app}}</span>{{/app}}
        {{#session}}<form method="post" action="{{root}}logout"><input type="hidden" name="secret" value="{{secret}}"><button>Log out</button></form>{{/session}}
        {{#guest}}<a href="{{root}}login">Log in</a>{{/guest}}</header>
        <p id="stale" class="alarm" role="alert" hidden></p><p id="said" class="unseen" role="status"></p>
        {{#look}}<main id="live" data-events="{{root}}events?page={{topic}}">{{> look}}</main>{{/look}}
        {{#list}}<main id="live" data-events="{{root}}events?page=">{{> list}}</main>{{/list}}
        {{#login}}<main>{{> login}}</main>{{/login}}
        {{#confirm}}<main>{{> confirm}}</main>{{/confirm}}
        {{#message}}<main><h1>{{heading}}</h1><p>{{text}}</p><p><a href="{{back}}">Back</a></p></main>{{/message}}
        </body>
        </html>
        """,
        "list": """
        <h1>Apps of this host</h1>
        <ul class="apps">
        {{#apps}}<li class="{{condition}}"><a href="{{root}}apps/{{app}}">{{app}}</a> <span class="sign">{{sign}}</span> {{sentence}}{{#next}} {{next}}{{/next}}</li>
        {{/apps}}</ul>
        {{^apps}}<p>Nothing was deployed on this host yet.</p>{{/apps}}
        """,
        "look": """
        <h1 class="{{condition}}"><span class="sign">{{sign}}</span> {{sentence}}</h1>
        {{#next}}<p>{{next}}</p>{{/next}}
        {{#acts}}<p class="act">{{.}}</p>{{/acts}}
        {{#problems}}<p class="alarm">{{.}}</p>{{/problems}}
        {{#offers}}<p class="acts">{{#offers}}<a class="button" href="{{root}}apps/{{app}}/acts/{{kind}}">{{label}}</a> {{/offers}}</p>{{/offers}}
        <section class="sides" aria-label="Colours">
        {{#sides}}<div class="side {{colour}}{{#hasTraffic}} active{{/hasTraffic}}"><h2>{{#hasTraffic}}&#9654; {{/hasTraffic}}{{colour}} <small>{{role}}</small></h2><p>{{release}}</p>{{#lines}}<p>{{.}}</p>{{/lines}}</div>
        {{/sides}}</section>
        {{#running}}<section id="running"><h2>{{title}}</h2>{{#waitsFor}}<p>{{waitsFor}}</p>{{/waitsFor}}
        <ol class="ladder">{{#rungs}}<li class="{{state}}"{{#isNow}} aria-current="step"{{/isNow}}><b>{{name}}</b> {{times}}</li>{{/rungs}}</ol>
        {{#gauges}}<p>{{name}}: {{text}}<svg class="gauge" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="{{name}}: {{text}}"><rect class="back" width="100" height="4"/><rect class="{{kind}}" width="{{width}}" height="4"/></svg></p>{{/gauges}}</section>{{/running}}
        <section><h2>Replicas, last 24 hours</h2>
        <p class="axis"><span>24 h ago</span><span>12 h ago</span><span>now</span></p>
        {{#replicas}}<div class="replica{{#isBad}} bad{{/isBad}}"><p><b>{{name}}</b> {{state}}{{#restart}} <a href="{{restart}}" aria-label="restart {{name}}">restart</a>{{/restart}}</p>
        <svg class="strip" viewBox="0 0 96 10" preserveAspectRatio="none" role="img" aria-label="{{alternative}}"><rect class="back" width="96" height="10"/>{{#spans}}<rect class="{{kind}}" x="{{x}}" y="{{y}}" width="{{width}}" height="{{height}}"/>{{/spans}}{{#marks}}<rect class="mark" x="{{x}}" width="0.5" height="10"><title>{{text}}</title></rect>{{/marks}}</svg></div>
        {{/replicas}}
        {{#hasMarks}}<details id="marks"><summary>On the strips</summary><ul>{{#marks}}<li>{{text}}</li>{{/marks}}</ul></details>{{/hasMarks}}</section>
        <section><h2>Room and disk</h2>{{#room}}<p>{{.}}</p>{{/room}}</section>
        <section><h2>Edge</h2>{{#edge}}<p>{{.}}</p>{{/edge}}</section>
        <section><h2>Self-healing</h2>{{#healing}}<p>{{.}}</p>{{/healing}}</section>
        <section><h2>History</h2>
        {{#history}}<details id="{{id}}"><summary>{{title}} <b{{#isBad}} class="bad"{{/isBad}}>{{outcome}}</b> {{took}}</summary>
        <svg class="phases" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{{alternative}}">{{#phases}}<rect class="phase{{tone}}" x="{{x}}" width="{{width}}" height="6"><title>{{text}}</title></rect>{{/phases}}</svg><p>{{alternative}}</p>
        {{#failure}}<p class="bad">{{failure}}</p>{{/failure}}{{#hasLog}}<pre>{{#log}}{{.}}
        {{/log}}</pre>{{/hasLog}}</details>
        {{/history}}
        {{#hasEvents}}<details id="events"><summary>What the watch did</summary><ul>{{#events}}<li>{{.}}</li>{{/events}}</ul></details>{{/hasEvents}}</section>
        """,
        "login": """
        <h1>Log in</h1>
        {{#wrong}}<p class="alarm" role="alert">{{wrong}}</p>{{/wrong}}
        <form method="post" action="{{root}}login"><p><label for="token">Token</label><br><input id="token" name="token" type="password" autocomplete="current-password" required></p><p><button>Log in</button></p></form>
        <p>On the host, <code>teal watch token create</code> makes a token.</p>
        """,
        "confirm": """
        <h1>{{label}}?</h1>
        <p>{{consequence}}</p>
        <form method="post" action="{{action}}"><input type="hidden" name="secret" value="{{secret}}"><input type="hidden" name="number" value="{{number}}"><input type="hidden" name="subject" value="{{subject}}">{{#service}}<input type="hidden" name="service" value="{{service}}">{{/service}}{{#replica}}<input type="hidden" name="replica" value="{{replica}}">{{/replica}}
        <p><button>{{label}}</button> <a class="button" href="{{back}}">Cancel</a></p></form>
        """,
    ]

    static let icon = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="8" height="16" fill="#1d5fbf"/><rect x="8" width="8" height="16" fill="#1a7f37"/></svg>

        """

    static let style = """
        :root{color-scheme:light dark;--text:#1b1f23;--back:#fff;--soft:#eef1f4;--line:#8a949e;--faint:#57616b;--good:#1a7f37;--bad:#b3261e;--warn:#8a5a00;--blue:#1d5fbf;--green:#1a7f37;--link:#0b57a4}
        @media(prefers-color-scheme:dark){:root{--text:#e6e9ec;--back:#14181c;--soft:#232a31;--line:#7d8893;--faint:#9fabb6;--good:#4cc26a;--bad:#ff8a80;--warn:#e3b341;--blue:#79b0ff;--green:#4cc26a;--link:#8cc0ff}}
        *{box-sizing:border-box}body{margin:0 auto;max-width:60rem;padding:0 1rem 2rem;font:1rem/1.5 system-ui,sans-serif;color:var(--text);background:var(--back)}
        header{display:flex;gap:.75rem;align-items:center;padding:.75rem 0;border-bottom:1px solid var(--line)}header form{margin-left:auto}header a[href$=login]{margin-left:auto}
        a{color:var(--link)}a:focus-visible,button:focus-visible,summary:focus-visible,input:focus-visible{outline:3px solid var(--link);outline-offset:2px}
        h1{font-size:1.3rem}h2{font-size:1.05rem;margin:1.2rem 0 .3rem}p{margin:.3rem 0;overflow-wrap:anywhere}small{font-weight:normal}
        .well .sign,h1.well .sign{color:var(--good)}.attention .sign{color:var(--warn)}.alarm,.alarm .sign,.bad{color:var(--bad)}
        button,.button{display:inline-block;font:inherit;padding:.4rem .8rem;min-height:2.5rem;margin:.15rem 0;border:1px solid var(--line);border-radius:.3rem;background:var(--soft);color:var(--text);text-decoration:none;cursor:pointer}
        input{font:inherit;padding:.4rem;width:100%;max-width:30rem;border:1px solid var(--line);border-radius:.3rem;background:var(--back);color:var(--text)}
        .apps{list-style:none;padding:0}.apps li{padding:.6rem 0;border-bottom:1px solid var(--soft)}
        .sides{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}.side{padding:calc(.4rem + 2px) calc(.75rem + 2px);border:1px dashed var(--line);border-radius:.4rem;min-width:0}.side.active{padding:.4rem .75rem;border:3px solid}.side h2{margin:.2rem 0}.side.blue.active{border-color:var(--blue)}.side.green.active{border-color:var(--green)}
        @media(max-width:28rem){.sides{grid-template-columns:1fr}}
        svg{display:block;width:100%}.strip{height:1.6rem}.gauge{height:.6rem}.phases{height:1.2rem}.back{fill:var(--soft)}rect.well{fill:var(--good)}rect.mixed{fill:var(--warn)}rect.failed{fill:var(--bad)}.mark{fill:var(--text)}
        .phase0{fill:#4f7cac}.phase1{fill:#c08a2e}.phase2{fill:#5b8c5a}.phase3{fill:#9a6aa8}.phase4{fill:#b05c5c}
        .ladder{list-style:none;padding:0;margin:.5rem 0}.ladder li{padding-left:1.4rem;position:relative}.ladder li::before{position:absolute;left:0;content:"\\b7"}.ladder .done,.ladder .ahead{color:var(--faint)}.ladder .ahead b{font-weight:normal}.ladder .done::before{content:"\\2713";color:var(--good)}.ladder .failed{color:var(--bad)}.ladder .failed::before{content:"\\2717"}.ladder .now{font-size:1.1rem}.ladder .now::before{content:"\\25b6"}.ladder .now b::after{content:"\\a0 now";font-weight:normal}
        .axis{display:flex;justify-content:space-between;color:var(--faint);font-size:.85rem}
        .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:.5rem;font-size:.85rem}code{background:var(--soft);padding:.1rem .3rem}details{margin:.3rem 0}summary{cursor:pointer;padding:.2rem 0}
        """

    /// Replaces the live part; what is open stays open, and the focus where it is. A screen reader is
    /// told of changes alone, and everybody of a page that has stopped to be live. While a button of the
    /// mouse or a finger is down nothing is replaced: a click on what is gone when it ends is none.
    static let script = """
        "use strict";
        (() => {
          const live = document.getElementById("live");
          if (!live || !live.dataset.events || !window.EventSource) return;
          const stale = document.getElementById("stale");
          const text = (selector) => (live.querySelector(selector) || { textContent: "" }).textContent;
          const news = () => {
            const condition = [...live.querySelectorAll("h1, .apps > li")].map((part) => part.className);
            return [...condition, text("[aria-current] b"), text(".act")].join();
          };
          let known = news();
          const events = new EventSource(live.dataset.events);
          events.addEventListener("open", () => { stale.hidden = true; });
          events.addEventListener("error", () => {
            const isOver = events.readyState === EventSource.CLOSED;
            const since = stale.hidden ? new Date().toLocaleTimeString() : stale.dataset.since;
            stale.dataset.since = since;
            stale.textContent = `Not live since ${since}: ` +
              (isOver ? "load the page again." : "the watch does not answer. It is tried again.");
            stale.hidden = false;
          });
          const show = (html) => {
            const open = [...live.querySelectorAll("details[open]")].map((part) => part.id);
            const focus = live.contains(document.activeElement) ? document.activeElement : null;
            const href = focus && focus.getAttribute("href");
            const id = focus && focus.parentElement.id;
            live.innerHTML = html;
            if (news() !== known) {
              known = news();
              const parts = [text("h1"), text("[aria-current] b"), text(".act")];
              document.getElementById("said").textContent = parts.filter(Boolean).join(". ");
            }
            for (const id of open) {
              const part = document.getElementById(id);
              if (part) part.open = true;
            }
            if (href) {
              for (const link of live.querySelectorAll("a")) {
                if (link.getAttribute("href") === href) { link.focus(); break; }
              }
            } else if (id && document.getElementById(id)) {
              document.getElementById(id).querySelector("summary").focus();
            }
          };
          let isPressed = false;
          let waiting = null;
          events.addEventListener("page", (event) => {
            if (isPressed) waiting = event.data; else show(event.data);
          });
          live.addEventListener("pointerdown", () => { isPressed = true; });
          for (const end of ["pointerup", "pointercancel"]) {
            window.addEventListener(end, () => setTimeout(() => {
              isPressed = false;
              if (waiting !== null) show(waiting);
              waiting = null;
            }));
          }
        })();
        """
}
