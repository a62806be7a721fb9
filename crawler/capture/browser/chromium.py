"""Finding and starting Chromium so that it has no network of its own.

Whatever is not answered through the DevTools protocol (`crawler.capture.browser.browser`) goes to a proxy address on
which nothing listens, loopback included, and fails: the browser cannot reach a host behind our back. QUIC, WebRTC
outside the proxy, background services and component updates are switched off.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.errors import BrowserError

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, CDPSession, Page, Playwright

logger = logging.getLogger(__name__)

VIEWPORT = (1280, 960)
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")

# Port 1 (tcpmux) of the loopback interface: connecting is refused at once, and <-loopback> keeps Chromium from treating
# local addresses as an exception to the proxy.
_ARGUMENTS = (
    "--proxy-server=127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--disable-quic",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--mute-audio",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--lang=zh-CN",
)
# Playwright lets every page open windows; without that Chromium asks for somebody's click, as for everybody.
_NOT_OURS = ["--disable-popup-blocking"]
_ADVICE = "Install Chromium or Chrome, or set GONGKAI_CHROMIUM to its path"
_CLOSING = 15.0  # seconds that closing may take before the process is ended
_ENDING = 3.0  # seconds that it may take once the process was ended
_living: set[int] = set()


def kill_all() -> None:
    """End every Chromium of this process at once; for a process that ends itself without any order."""
    for process in list(_living):
        _kill(process)


def find_chromium(playwright: Playwright | None = None) -> Path:
    """The Chromium to use: ``GONGKAI_CHROMIUM``, else an installed one, else Playwright's download.

    Raises:
        BrowserError: none of them is there.
    """
    named = os.environ.get("GONGKAI_CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise BrowserError("there is no such file", subject=f"GONGKAI_CHROMIUM={named}", advice=_ADVICE)
        return Path(named)
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return Path(path)
    if _MAC.is_file():
        return _MAC
    if playwright is not None and Path(playwright.chromium.executable_path).is_file():
        return Path(playwright.chromium.executable_path)
    raise BrowserError("no Chromium was found", subject="rendering", advice=_ADVICE)


async def launch_chromium(playwright: Playwright) -> Browser:
    """Start Chromium in its sandbox; without it only where it cannot run otherwise, and then the log says so.

    Raises:
        BrowserError: it does not start.
    """
    from playwright.async_api import Error

    executable = find_chromium(playwright)
    try:
        return await _launch(playwright, executable, sandbox=True)
    except Error as error:
        if "sandbox" not in str(error).lower():
            raise BrowserError(_first_line(error), subject=str(executable), advice=_ADVICE) from error
    logger.warning("Chromium cannot use its sandbox here (root, or no user namespaces): started with --no-sandbox")
    try:
        return await _launch(playwright, executable, sandbox=False)
    except Error as error:
        raise BrowserError(_first_line(error), subject=str(executable), advice=_ADVICE) from error


async def _launch(playwright: Playwright, executable: Path, *, sandbox: bool) -> Browser:
    return await playwright.chromium.launch(
        executable_path=executable,
        chromium_sandbox=sandbox,
        args=list(_ARGUMENTS),
        ignore_default_args=_NOT_OURS,
        handle_sigint=False,
        timeout=0,  # who starts it says how long
    )


class Running:
    """A Chromium that is started when it is needed, and ended in order or, when a page keeps it busy, at once.

    Args:
        token: product token appended to Chromium's own name.
        paused: told of every request, which waits for its answer.
        opened: told of every window that opens.

    Attributes:
        windows: names of the frames that are windows of their own.
        contexts: cookie jars, by name.
    """

    def __init__(self, token: str, paused: Callable[[dict[str, Any]], None], opened: Callable[[Page], None]) -> None:
        self.windows: set[str] = set()
        self.contexts: dict[str, BrowserContext] = {}
        self._token = token
        self._on_paused = paused
        self._on_opened = opened
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._protocol: CDPSession | None = None
        self._process: int | None = None

    @property
    def connected(self) -> bool:
        """Whether it runs."""
        return self._browser is not None and self._browser.is_connected()

    @property
    def process(self) -> int | None:
        """Its first process, the head of the group of all of them; None where it does not run."""
        return self._process

    @property
    def version(self) -> str:
        """Its version; empty where it does not run."""
        return self._browser.version if self._browser is not None else ""

    @property
    def user_agent(self) -> str:
        """What it says of itself."""
        engine = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
        return f"{engine} Chrome/{self.version.split('.')[0]}.0.0.0 Safari/537.36 {self._token}".strip()

    async def start(self) -> None:
        """Start it, unless it runs; who awaits this says how long it may take.

        Raises:
            BrowserError: it is not there, or does not start.
        """
        from playwright.async_api import async_playwright

        if self.connected:
            return
        await self.end(at_once=True)
        try:
            self._playwright = await async_playwright().start()
            self._browser = await launch_chromium(self._playwright)
            self._protocol = protocol = await self._browser.new_browser_cdp_session()
            processes = (await protocol.send("SystemInfo.getProcessInfo"))["processInfo"]
            self._process = next((entry["id"] for entry in processes if entry["type"] == "browser"), None)
            self._remember()
            protocol.on("Target.targetCreated", self._window)
            protocol.on("Fetch.requestPaused", self._on_paused)
            await protocol.send("Target.setDiscoverTargets", {"discover": True})
            await protocol.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})
        except BaseException:
            await self.end(at_once=True)
            raise

    def _remember(self) -> None:
        """Have `kill_all` know it, as long as it lives."""
        if self._process is not None and self._browser is not None:
            process = self._process
            _living.add(process)
            self._browser.on("disconnected", lambda _: _living.discard(process))

    async def context(self, jar: str) -> BrowserContext:
        """The cookie jar of this name."""
        assert self._browser is not None
        if jar not in self.contexts:
            context = await self._browser.new_context(
                user_agent=self.user_agent,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                viewport={"width": VIEWPORT[0], "height": VIEWPORT[1]},
                service_workers="block",
                accept_downloads=False,
            )
            context.on("page", self._on_opened)
            self.contexts[jar] = context
        return self.contexts[jar]

    async def send(self, method: str, parameters: dict[str, Any]) -> None:
        """Say something to the browser; a page that went away meanwhile does not matter."""
        from playwright.async_api import Error

        if self._protocol is None:
            return
        try:
            await self._protocol.send(method, parameters)
        except Error as error:
            # The page went away or cancelled the request while we fetched it: the capture is kept all the same.
            logger.debug("%s: %s", method, error)

    def kill(self) -> None:
        """End its processes, whatever they are at; `end` says goodbye to what is left of it."""
        if self._process is not None and self.connected:
            _kill(self._process)

    async def end(self, *, at_once: bool) -> None:
        """Close it in order, or at once: a page that keeps it busy would keep it from closing too."""
        from playwright.async_api import Error

        if at_once:
            self.kill()
        patience = _ENDING if at_once else _CLOSING

        browser, playwright, process = self._browser, self._playwright, self._process
        self._browser = self._playwright = self._protocol = self._process = None
        self.contexts.clear()
        self.windows.clear()
        if browser is not None:
            with contextlib.suppress(TimeoutError, Error):
                async with asyncio.timeout(patience):
                    await browser.close()
            if browser.is_connected() and process is not None:
                _kill(process)
        if process is not None:
            _living.discard(process)
        if playwright is not None:
            with contextlib.suppress(TimeoutError, Error):
                async with asyncio.timeout(patience):
                    await playwright.stop()

    def _window(self, event: dict[str, Any]) -> None:
        if event["targetInfo"]["type"] == "page":
            self.windows.add(event["targetInfo"]["targetId"])


def _kill(process: int) -> None:
    """End a Chromium with all its processes: Playwright starts it as the head of a group of its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.getpgid(process) == process:
            os.killpg(process, signal.SIGKILL)
        else:
            os.kill(process, signal.SIGKILL)


def _first_line(error: Exception) -> str:
    return "does not start: " + str(error).strip().splitlines()[0]
