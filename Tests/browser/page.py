"""The page of `teal watch` as people use it: in a browser, on real Docker behind real nginx.

    page.py TEAL FOLDER PICTURES AXE SCHEMATHESIS

FOLDER is empty, nginx serves FOLDER/nginx on port 8088, and the images of the demo shop are there.
"""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

from webdriver import Browser, Failed, start_driver

TEAL, FOLDER, PICTURES, AXE = (pathlib.Path(text).resolve() for text in sys.argv[1:5])
# Not resolved: what it stands beside says which Python is meant.
SCHEMATHESIS = sys.argv[5]
PAGE = "http://127.0.0.1:9180"
TAB, ENTER = "\ue004", "\ue007"
# The themes, and a window of a desk and of a telephone.
VIEWS = [(theme, width) for theme in ("light", "dark") for width in (1280, 360)]
CONFIGURATION = f"""
app: shop
nginx:
  directory: {FOLDER}/nginx/teal
  config: {FOLDER}/nginx/nginx.conf
  status: 127.0.0.1:8089
services:
  web: {{port: 8080, replicas: 2, health: {{http: /healthz, deadline: 60s}}}}
  worker: {{role: singleton}}
  db: {{role: shared}}
start: {{pause: 100ms, at_most: 0s}}
drain: 2s
watch: {{every: 5s, on_failure: notify}}
"""
COMPOSE = """
services:
  web:
    image: teal/demo-shop:v1
    environment: {SHOP_ROLE: web, SHOP_PORT: 8080, "SHOP_VERSION": "${VERSION:-v1}", "SHOP_EXIT_CODE": "${EXIT_CODE:-}"}
  worker:
    image: teal/demo-shop:v1
    environment: {SHOP_ROLE: web, SHOP_PORT: 8080}
  db:
    image: teal/demo-shop:v1
    environment: {SHOP_ROLE: web, SHOP_PORT: 8080}
"""


def expect(condition, text):
    if not condition:
        raise Failed(text)


def environment(**more):
    return {**os.environ, "TEAL_STATE_DIR": str(FOLDER / "state"), **more}


def teal(*words, **variables):
    result = subprocess.run(
        [TEAL, *words], env=environment(**variables), capture_output=True, text=True, timeout=300)
    expect(result.returncode == 0, f"teal {words}: {result.stderr}")
    return result.stdout


def configure(lines):
    (FOLDER / "teal.yml").write_text(CONFIGURATION + lines + "\n")


@contextlib.contextmanager
def deploying(version, exit=0, **variables):
    process = subprocess.Popen(
        [TEAL, "deploy", "--config", FOLDER / "teal.yml", "--release", version],
        env=environment(VERSION=version, **variables), stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE)
    yield
    said = process.communicate(timeout=300)[1].decode()
    expect(process.returncode == exit, f"the deploy ended with {process.returncode}: {said}")


@contextlib.contextmanager
def watching():
    with open(FOLDER / "watch.log", "a") as log:
        process = subprocess.Popen(
            [TEAL, "watch"], env=environment(TEAL_PAGE="127.0.0.1:9180"), stdout=log, stderr=log)
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def until(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        expect(time.monotonic() < end, f"not within {seconds} s: {what}")
        time.sleep(0.1)


def served():
    return "The page is served" in (FOLDER / "watch.log").read_text()


def look(browser, name, views=VIEWS):
    """Checks each view of the page by axe and its width, and makes a picture of it."""
    for theme, width in views:
        browser.theme(theme)
        browser.size(width, 900)
        # The policy of the page admits no script of others; a debugger's is none of the page's.
        browser.devtools("Runtime.evaluate", expression=AXE.read_text())
        found = browser.run_later(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
            " 'best-practice']}).then(done, (error) => done({violations: [String(error)]}));")
        browser.screenshot(PICTURES / f"{name}-{theme}-{width}.png")
        broken = [
            (item["id"], [node["html"] for node in item["nodes"]])
            if isinstance(item, dict) else item for item in found["violations"]]
        expect(not broken, f"{name} in {theme} at {width}: {broken}")
        wide = browser.run("return document.documentElement.scrollWidth")
        expect(wide <= width, f"{name} is {wide} wide at {width}")
    browser.theme("light")
    browser.size(1280, 900)


def log_in(browser, token):
    browser.open(PAGE + "/login")
    browser.type(browser.find("#token"), token)
    browser.click(browser.find("main button"))


def act(browser, label, held=0):
    """Clicks an act and its confirmation."""
    browser.click_live(lambda: browser.link(label), held)
    browser.until_shown(label + "?")
    browser.click(browser.find("main button"))


def tokens(browser, token):
    browser.open(PAGE + "/apps/shop")
    browser.until("the form is asked for", lambda: browser.url.endswith("/login"))
    look(browser, "login")
    log_in(browser, "teal_wrong")
    browser.until_shown("The token is wrong")
    look(browser, "login-wrong", [("light", 360), ("dark", 1280)])
    log_in(browser, token)
    browser.until_shown("shop is well")
    look(browser, "list")
    browser.click_live(lambda: browser.link("shop"))
    browser.until_shown("Replicas, last 24 hours")


def keyboard(browser):
    """Each thing that can be used is reached in the order of the page, and is seen to be."""
    browser.open(PAGE + "/apps/shop")
    wanted = browser.run(
        "return [...document.querySelectorAll('a, button, summary, input:not([type=hidden])')]"
        ".filter((part) => part.checkVisibility()).map((part) => part.outerHTML)")
    reached = []
    for _ in wanted:
        browser.press(TAB)
        html, outline = browser.run(
            "const part = document.activeElement;"
            "return [part.outerHTML, parseFloat(getComputedStyle(part).outlineWidth)]")
        expect(outline >= 2, f"the focus is not seen on {html}")
        reached.append(html)
    expect(reached == wanted, f"by keyboard {reached}, on the page {wanted}")


def deploy_live(browser):
    configure("bake: {for: 20s}")
    browser.open(PAGE + "/apps/shop")
    browser.run("window.isSamePage = true")
    with deploying("v2"):
        browser.until("it bakes", lambda: browser.run(
            "return document.querySelector('[aria-current] b')?.textContent") == "baking")
        look(browser, "bake")
        expect("at most" in browser.text or "left" in browser.text, browser.text)
    browser.until_shown("shop is well: green, v2, for")
    expect(browser.run("return window.isSamePage"), "the page was loaded again")
    said = browser.run("return document.getElementById('said').textContent")
    expect("shop is well" in said, f"a screen reader was told: {said}")


def rollback_by_click(browser):
    browser.open(PAGE + "/apps/shop")
    browser.click_live(lambda: browser.link("Roll back to v1"))
    browser.until_shown("in a millisecond")
    look(browser, "confirm")
    browser.click_twice(browser.find("main button"))
    browser.until_shown("shop is well: blue, v1", 120)
    history = json.loads(teal("history", "--app", "shop", "--json"))
    asked = [event for event in history["events"] if event["kind"] == "asked"]
    expect(len(asked) == 1, f"two clicks asked for {asked}")


def abort_by_click(browser):
    configure("promote: manual\npromote_within: 1h\nbake: {for: 0s}")
    browser.open(PAGE + "/apps/shop")
    with deploying("v3", exit=3):
        browser.until_shown("v3 waits for your word")
        look(browser, "waiting", [("light", 360), ("dark", 1280)])
        # The page is made anew while the button of the mouse is down.
        act(browser, "Abort v3", held=2500)
        browser.until("the page is back", lambda: browser.url.endswith("/apps/shop"))
    browser.until_shown("An abort, which token ops asked for here, was done")
    expect("shop is well: blue, v1" in browser.text, browser.text)


def failed_deploy(browser):
    configure("bake: {for: 0s}")
    with deploying("v4", exit=3, EXIT_CODE="7"):
        pass
    browser.open(PAGE + "/apps/shop")
    browser.click_live(lambda: browser.find("#past0 summary"))
    browser.until_shown("ended with exit code 7")
    look(browser, "failed")


def incident(browser):
    browser.open(PAGE + "/apps/shop")
    subprocess.run(["docker", "kill", "shop-blue-web-1"], check=True, capture_output=True)
    browser.until_shown("Act now: shop is unhealthy")
    look(browser, "incident")
    subprocess.run(["docker", "start", "shop-blue-web-1"], check=True, capture_output=True)
    browser.until_shown("shop is well")


def without_scripts(driver, token):
    browser = Browser(driver, scripts=False)
    log_in(browser, token)
    # The answer to the form would come after the next page.
    browser.until_shown("Apps of this host")
    browser.open(PAGE + "/apps/shop")
    browser.until_shown("shop is well")
    browser.screenshot(PICTURES / "no-scripts.png")
    act(browser, "Begin maintenance")
    browser.until_shown("is in maintenance")
    act(browser, "End maintenance")
    browser.until_shown("shop is well")
    browser.close()


def api():
    """Some hundred right and wrong requests get what the description says; none may act."""
    token = teal("watch", "token", "create", "--name", "tester", "--read-only").strip()
    # An answer of /events has no end.
    words = ["run", PAGE + "/api/v1/openapi.json", "--exclude-path", "/events",
             "--max-examples", "40", "--header", f"Authorization: Bearer {token}", "--no-color"]
    result = subprocess.run(
        [SCHEMATHESIS, *words], cwd=FOLDER, capture_output=True, text=True, timeout=600)
    expect(result.returncode == 0, f"schemathesis: {result.stdout}{result.stderr}")


def stale(browser):
    browser.open(PAGE + "/apps/shop")
    yield
    browser.until_shown("the watch does not answer. It is tried again.")
    look(browser, "stale", [("light", 1280)])
    yield
    # Its sessions have ended with it.
    browser.until_shown("load the page again.")


def main():
    PICTURES.mkdir(parents=True, exist_ok=True)
    (FOLDER / "state").mkdir(mode=0o700)
    (FOLDER / "compose.yml").write_text(COMPOSE)
    configure("bake: {for: 0s}")
    with deploying("v1"):
        pass
    site = FOLDER / "nginx/teal/shop"
    (FOLDER / "nginx/site/shop.conf").write_text(
        f"include {site}/server.conf; location / {{ include {site}/web.conf; }}\n")
    subprocess.run(
        ["nginx", "-c", FOLDER / "nginx/nginx.conf", "-s", "reload"], check=True,
        capture_output=True)
    token = teal("watch", "token", "create", "--name", "ops").strip()
    port = 9515
    with open(FOLDER / "chromedriver.log", "w") as log:
        driver = start_driver(port, log)
    try:
        until("chromedriver", lambda: "on port" in (FOLDER / "chromedriver.log").read_text())
        with watching():
            until("the page", served)
            browser = Browser(port)
            for story in (tokens, keyboard, deploy_live, rollback_by_click, abort_by_click,
                          failed_deploy, incident):
                story(*([browser, token] if story is tokens else [browser]))
                print("passed:", story.__name__, flush=True)
            without_scripts(port, token)
            print("passed: without_scripts", flush=True)
            api()
            print("passed: api", flush=True)
            telling = stale(browser)
            next(telling)
        next(telling)
        with watching():
            expect(next(telling, None) is None, "")
            print("passed: stale", flush=True)
        browser.close()
    finally:
        os.killpg(driver.pid, signal.SIGTERM)
        driver.wait()
        subprocess.run(
            [TEAL, "down", "--app", "shop", "--yes"], env=environment(), capture_output=True)


try:
    main()
except Failed as failure:
    sys.exit(f"page.py: {failure}")
