"""Finding and starting Chromium so that it has no network of its own.

Whatever is not answered through the DevTools protocol (`crawler.capture.browser`) goes to a proxy address on which
nothing listens, loopback included, and fails: the browser cannot reach a host behind our back. QUIC, WebRTC outside the
proxy, background services and component updates are switched off.
"""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from crawler._errors import BrowserError

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

logger = logging.getLogger(__name__)

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
_ADVICE = "Install Chromium or Chrome, or set GONGKAI_CHROMIUM to its path"


def find(playwright: Playwright | None = None) -> Path:
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


async def launch(playwright: Playwright) -> Browser:
    """Start Chromium in its sandbox; without it only where it cannot run otherwise, and then the log says so.

    Raises:
        BrowserError: it does not start.
    """
    from playwright.async_api import Error

    executable = find(playwright)
    try:
        return await playwright.chromium.launch(
            executable_path=executable, chromium_sandbox=True, args=list(_ARGUMENTS), handle_sigint=False
        )
    except Error as error:
        if "sandbox" not in str(error).lower():
            raise BrowserError(_first_line(error), subject=str(executable), advice=_ADVICE) from error
    logger.warning("Chromium cannot use its sandbox here (root, or no user namespaces): started with --no-sandbox")
    try:
        return await playwright.chromium.launch(
            executable_path=executable, chromium_sandbox=False, args=list(_ARGUMENTS), handle_sigint=False
        )
    except Error as error:
        raise BrowserError(_first_line(error), subject=str(executable), advice=_ADVICE) from error


def _first_line(error: Exception) -> str:
    return "does not start: " + str(error).strip().splitlines()[0]
