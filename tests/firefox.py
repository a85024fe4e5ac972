"""A real Firefox for the tests of the map, as Debian ships it: spoken to in WebDriver BiDi, which needs no
driver of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.chromium import installed

NAMES = ("firefox-esr", "firefox")
TIME_LIMIT_S = 60

#: Whatever Firefox would ask the network goes to a proxy that is not there, and it does not try what nobody
#: asked for.
PREFERENCES: dict[str, bool | int | str] = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.socks": "127.0.0.1",
    "network.proxy.socks_port": 9,
    "network.proxy.allow_hijacking_localhost": True,
    "network.dns.disabled": True,
    "app.update.auto": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "ui.prefersReducedMotion": 1,  # a popup that still glides into view would be clicked where it was
}


def firefox() -> str:
    """Path of Firefox."""
    return installed("Firefox", NAMES, package="firefox-esr")


@contextmanager
def running_firefox(
    executable: str, profile: Path, *, width: int = 1600, height: int = 950
) -> Iterator[Firefox]:
    """A Firefox with one empty page of width × height pixels; profile: an empty folder for it. Ends with the
    block.
    """
    written = "".join(
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()
    )
    (profile / "user.js").write_text(written, encoding="utf-8")
    log = profile / "firefox.log"
    command = [
        executable,
        "--headless",
        "--no-remote",
        "--remote-debugging-port=0",
        "--profile",
        str(profile),
    ]
    environment = os.environ | {"HOME": str(profile), "MOZ_CRASHREPORTER_DISABLE": "1"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment
        )
    try:
        with connect(f"{_address(process, log)}/session", proxy=None, max_size=None) as socket:
            yield Firefox(socket, width, height)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Where it listens: it writes that to its log once it is up."""
    mark = "WebDriver BiDi listening on "
    end = time.monotonic() + TIME_LIMIT_S
    while time.monotonic() < end and process.poll() is None:
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True):
            if mark in line and line.endswith("\n"):
                return line.split(mark)[1].strip()
        time.sleep(0.05)
    raise RuntimeError(f"Firefox did not start: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


class Firefox:
    """A running Firefox, and its page."""

    def __init__(self, socket: ClientConnection, width: int, height: int) -> None:
        self.socket = socket
        self.ids = count(1)
        self.events: list[dict[str, Any]] = []
        self.tell("session.new", capabilities={})
        self.tell("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self.page = self.tell("browsingContext.getTree")["contexts"][0]["context"]
        self.tell(
            "browsingContext.setViewport", context=self.page, viewport={"width": width, "height": height}
        )

    def tell(self, method: str, **parameters: Any) -> Any:
        """One command and its result; events that come meanwhile are kept."""
        asked = next(self.ids)
        self.socket.send(json.dumps({"id": asked, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=TIME_LIMIT_S))
            if message.get("id") != asked:
                self.events.append(message)
            elif message["type"] == "error":
                raise RuntimeError(f"{method}: {message['message']}")
            else:
                return message["result"]

    def open(self, url: str) -> None:
        """Open a page of the map and wait until it is complete and drawn."""
        self.events.clear()
        self.tell("browsingContext.navigate", context=self.page, url=url, wait="complete")
        self.wait("document.documentElement.dataset.complete === 'true' && !PM.store.surface.isDrawing()")

    def evaluate(self, expression: str) -> Any:
        """What a JavaScript expression, or the promise it gives, comes to."""
        wrapped = f"Promise.resolve({expression}).then((value) => JSON.stringify(value ?? null))"
        result = self.tell(
            "script.evaluate", expression=wrapped, target={"context": self.page}, awaitPromise=True
        )
        if result["type"] == "exception":
            raise RuntimeError(f"{expression}: {result['exceptionDetails']['text']}")
        return json.loads(result["result"]["value"])

    def wait(self, condition: str) -> None:
        """Wait until a JavaScript expression is true."""
        end = time.monotonic() + TIME_LIMIT_S
        while not self.evaluate(condition):
            if time.monotonic() > end:
                raise TimeoutError(condition)
            time.sleep(0.03)

    def text(self, selector: str) -> str:
        """The visible text of the first element."""
        return str(self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))

    def click(self, selector: str) -> None:
        """Click the middle of the first element."""
        x, y, width, height = self.box(selector)
        self.click_at(x + width / 2, y + height / 2)

    def click_map(self, place: str) -> None:
        """Bring a Leaflet position, which a JavaScript expression gives, into the middle of the map, close
        up, and click it.
        """
        self.evaluate(f"void map_1.setView({place}, 17, {{animate: false}})")
        at = self.evaluate(f"map_1.latLngToContainerPoint({place})")
        left, top, *_ = self.box("#map_1")
        self.click_at(left + at["x"], top + at["y"])

    def box(self, selector: str) -> list[float]:
        """Left, top, width and height of the first element, in pixels of the window."""
        box = self.evaluate(
            f"document.querySelector({json.dumps(selector)}).getBoundingClientRect().toJSON()"
        )
        return [box["x"], box["y"], box["width"], box["height"]]

    def click_at(self, x: float, y: float) -> None:
        """Click a place of the window, in pixels."""
        actions = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self.tell(
            "input.performActions",
            context=self.page,
            actions=[{"type": "pointer", "id": "mouse", "actions": actions}],
        )

    def press(self, keys: str) -> None:
        """Type these characters; \ue007 is Enter, \ue004 Tab, \ue00c Escape (WebDriver)."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.tell(
            "input.performActions",
            context=self.page,
            actions=[{"type": "key", "id": "keys", "actions": actions}],
        )

    def screenshot(self) -> str:
        """What the window shows, as the data URL of a PNG."""
        return f"data:image/png;base64,{self.tell('browsingContext.captureScreenshot', context=self.page)['data']}"

    def requests(self) -> list[str]:
        """What the page has asked for since it was opened, itself and what it holds left out."""
        self.tell("session.status")  # what has happened has been told by then
        asked = [event["params"] for event in self.events if event["method"] == "network.beforeRequestSent"]
        urls = [each["request"]["url"] for each in asked if each["context"] == self.page]
        return [url for url in urls if not url.startswith(("file:", "data:", "blob:"))]

    def complaints(self) -> list[str]:
        """What the page has written to the console, and its errors, since it was opened."""
        self.tell("session.status")
        return [str(event["params"]["text"]) for event in self.events if event["method"] == "log.entryAdded"]
