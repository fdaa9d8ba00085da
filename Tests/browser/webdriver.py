"""A browser, driven by chromedriver over the WebDriver protocol: https://www.w3.org/TR/webdriver2/"""

import base64
import json
import subprocess
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
DOWN, UP = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}


class Failed(Exception):
    pass


class Browser:
    """One window of headless Chromium."""

    def __init__(self, driver_port, scripts=True):
        arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        preferences = {} if scripts else {"profile.managed_default_content_settings.javascript": 2}
        options = {"args": arguments, "prefs": preferences}
        self.root = f"http://127.0.0.1:{driver_port}"
        self.session = ""
        answer = self.call(
            "POST", "/session", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})
        self.session = "/session/" + answer["sessionId"]
        self.size(1280, 900)

    def call(self, method, path, body=None):
        data = None if method != "POST" else json.dumps(body or {}).encode()
        request = urllib.request.Request(
            self.root + (self.session + path if self.session else path), data, method=method,
            headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise Failed(json.load(error)["value"]["message"].split("\n")[0]) from None

    def close(self):
        self.call("DELETE", "")

    def devtools(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def size(self, width, height):
        self.devtools(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
            mobile=width < 600)

    def theme(self, name):
        self.devtools(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": name}])

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    @property
    def url(self):
        return self.call("GET", "/url")

    def find(self, selector):
        found = self.call("POST", "/element", {"using": "css selector", "value": selector})
        return found[ELEMENT]

    def link(self, text):
        found = self.call("POST", "/element", {"using": "partial link text", "value": text})
        return found[ELEMENT]

    def click(self, element):
        self.call("POST", f"/element/{element}/click")

    def click_live(self, find, held=0):
        """A click of so many milliseconds. A live page puts new parts in the place of old ones."""
        for _ in range(5):
            try:
                self.actions(find(), [DOWN, {"type": "pause", "duration": held}, UP])
                return
            except Failed as failure:
                if "stale element" not in str(failure):
                    raise
        raise Failed("no part of the page stays long enough for a click")

    def click_twice(self, element):
        """As fast as a hand can."""
        self.actions(element, [DOWN, UP, DOWN, UP])

    def actions(self, element, presses):
        move = {"type": "pointerMove", "duration": 0, "origin": {ELEMENT: element}, "x": 0, "y": 0}
        self.call("POST", "/actions", {"actions": [{
            "type": "pointer", "id": "mouse", "actions": [move] + presses}]})

    def type(self, element, text):
        self.call("POST", f"/element/{element}/value", {"text": text})

    def press(self, key):
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": [
            {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}]})

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_later(self, script, *arguments):
        """For a script that calls its last argument when it is done."""
        return self.call("POST", "/execute/async", {"script": script, "args": list(arguments)})

    @property
    def text(self):
        try:
            return self.call("GET", f"/element/{self.find('body')}/text")
        except Failed:
            # Between two pages there is none.
            return ""

    def until(self, what, condition, seconds=90):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.1)
        raise Failed(f"not within {seconds} s: {what}; the page shows:\n{self.text}")

    def until_shown(self, text, seconds=90):
        self.until(f"\"{text}\" is shown", lambda: text in self.text, seconds)

    def screenshot(self, path):
        """Of the whole page, not only of what the window shows."""
        picture = self.devtools("Page.captureScreenshot", captureBeyondViewport=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))


def start_driver(port, log):
    # In a session of its own: it ends its browsers with itself.
    return subprocess.Popen(
        ["chromedriver", f"--port={port}"], stdout=log, stderr=log, start_new_session=True)
