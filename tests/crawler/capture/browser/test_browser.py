"""Rendering: every request of the page is answered by us, and nothing else is reached."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from crawler import BrowserError, FetchError, HeldBack, OutOfScope, RobotsDenied, WireError
from crawler.capture.browser import chromium
from crawler.capture.browser.browser import Browser
from crawler.capture.request import CaptureRequest, Render
from crawler.crawl_plan import PageLimits

pytestmark = pytest.mark.browser

_LONG = 200  # seconds: less than the page's own patience
GBK_TITLE = "镕基镇政府信息公开年报"


@dataclass
class Said:
    status: int
    headers: Sequence[tuple[bytes, bytes]]
    content: bytes
    reason: bytes = b"OK"
    cut: str | None = None
    challenge: str | None = None


class Network:
    """Answers from a table and remembers what it was asked."""

    def __init__(self, pages: dict[str, Said | FetchError]) -> None:
        self.pages = pages
        self.asked: list[tuple[str, str, dict[bytes, bytes], bytes, CaptureRequest]] = []

    async def fetch(
        self, ask: CaptureRequest, url: str, *, method: str, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> Said:
        self.asked.append((method, url, {name.lower(): value for name, value in headers}, body, ask))
        said = self.pages.get(url, Said(404, [], b"", b"Not Found"))
        if isinstance(said, FetchError):
            raise said
        return said

    def urls(self) -> list[str]:
        return [url for _, url, *_ in self.asked if not url.endswith("/favicon.ico")]


def html(text: str, *headers: tuple[bytes, bytes], charset: str = "utf-8") -> Said:
    content_type = (b"Content-Type", b"text/html; charset=" + charset.encode())
    return Said(200, [content_type, *headers], text.encode(charset))


async def test_a_list_drawn_by_script_is_read_from_the_dom(browser: Browser) -> None:
    network = Network(
        {
            "http://www.a.gov.cn/list": html(
                "<title>年报</title><ul id=l></ul><script>fetch('/api?p=1',{method:'POST',body:'页=1'})"
                ".then(r=>r.json()).then(d=>{for(const t of d)"
                "l.insertAdjacentHTML('beforeend',`<li>${t}</li>`)})</script>"
            ),
            "http://www.a.gov.cn/api?p=1": Said(200, [(b"Content-Type", b"application/json")], '["报告一"]'.encode()),
        }
    )
    rendered = await browser.render(
        "http://www.a.gov.cn/list", Render(wait_for="li"), CaptureRequest(purpose="list"), network
    )
    assert "<li>报告一</li>" in rendered.html.decode()
    assert rendered.complete
    assert rendered.status == 200
    assert rendered.screenshot is not None
    assert rendered.screenshot.startswith(b"\x89PNG")
    page, api = (entry for entry in network.asked if not entry[1].endswith("favicon.ico"))
    assert page[4].purpose == "list"
    assert (api[0], api[3], api[4].purpose, api[4].page) == ("POST", "页=1".encode(), "subresource", page[1])
    assert b"Gongkai/0 (test)" in page[2][b"user-agent"]


async def test_redirects_cookies_frames_and_workers_all_come_to_us(browser: Browser) -> None:
    network = Network(
        {
            "http://old.a.gov.cn/": Said(302, [(b"Location", b"http://www.a.gov.cn/")], b"moved", b"Found"),
            "http://www.a.gov.cn/": html(
                "<iframe src='http://b.gov.cn/f'></iframe><script>new Worker('/w.js').onmessage="
                "e=>document.body.insertAdjacentHTML('beforeend','<p id=w>'+e.data+document.cookie+'</p>')</script>",
                (b"Set-Cookie", b"first=1; Path=/"),
                (b"Set-Cookie", b"second=2; Path=/"),
            ),
            "http://b.gov.cn/f": html("<img src='/i.png'>"),
            "http://www.a.gov.cn/w.js": Said(
                200,
                [(b"Content-Type", b"text/javascript")],
                b"fetch('/hop').then(r=>r.text()).then(t=>postMessage(t))",
            ),
            "http://www.a.gov.cn/hop": Said(301, [(b"Location", b"/end")], b"", b"Moved"),
            "http://www.a.gov.cn/end": Said(200, [(b"Content-Type", b"text/plain")], b"from the worker "),
        }
    )
    rendered = await browser.render(
        "http://old.a.gov.cn/", Render(wait_for="#w"), CaptureRequest(purpose="page"), network
    )
    assert rendered.url == "http://www.a.gov.cn/"
    assert "from the worker first=1; second=2" in rendered.html.decode()
    assert set(network.urls()) == {*network.pages, "http://b.gov.cn/i.png"}
    documents = [ask.purpose for _, url, _, _, ask in network.asked if url in ("http://old.a.gov.cn/", rendered.url)]
    assert documents == ["page", "page"]
    worker = next(headers for _, url, headers, *_ in network.asked if url.endswith("/end"))
    assert worker[b"cookie"] == b"first=1; second=2"


async def test_gbk_pages_and_odd_header_bytes_survive(browser: Browser) -> None:
    network = Network(
        {
            "http://www.a.gov.cn/": Said(
                200,
                [
                    (b"Content-Type", b"text/html"),
                    (b"X-Name", "通知".encode("gbk")),
                    (b"Content-Length", b"7"),
                    (b"Content-Encoding", b"gzip"),
                    (b"", b"a line without a name"),
                ],
                f"<meta charset=gb18030><title>{GBK_TITLE}</title>".encode("gb18030"),
            )
        }
    )
    rendered = await browser.render("http://www.a.gov.cn/", Render(screenshot=False), CaptureRequest(), network)
    assert GBK_TITLE in rendered.html.decode()
    assert rendered.screenshot is None


async def test_nothing_listens_behind_our_back(browser: Browser) -> None:
    """A real listener on loopback is never reached, whatever the page tries."""
    reached = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        port = server.getsockname()[1]

        def wait() -> None:
            try:
                server.accept()[0].close()
                reached.set()
            except OSError:
                pass

        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        network = Network(
            {
                "http://www.a.gov.cn/": html(
                    # In the body: a refusal can come before the parser has made one.
                    f"<body><script>const done=t=>document.body.insertAdjacentHTML('beforeend','<p class=d>'+t+'</p>');"
                    f"const s=new WebSocket('ws://127.0.0.1:{port}/');s.onerror=()=>done('ws');"
                    f"fetch('http://127.0.0.1:{port}/x').catch(()=>done('fetch'));"
                    f"const p=new RTCPeerConnection({{iceServers:[{{urls:'stun:127.0.0.1:{port}?transport=tcp'}}]}});"
                    f"p.createDataChannel('c');p.createOffer().then(o=>p.setLocalDescription(o));"
                    f"navigator.sendBeacon('http://127.0.0.1:{port}/b','x')</script>"
                )
            }
        )
        network.pages[f"http://127.0.0.1:{port}/x"] = WireError("refused")
        rendered = await browser.render(
            "http://www.a.gov.cn/", Render(wait_for=".d:nth-of-type(2)"), CaptureRequest(), network
        )
        assert rendered.html.decode().count('class="d"') == 2
        assert not reached.is_set()
    thread.join(2)
    assert f"http://127.0.0.1:{port}/x" in network.urls()


async def test_what_never_comes_leaves_an_incomplete_page_and_says_so(browser: Browser) -> None:
    network = Network({"http://www.a.gov.cn/": html("<p>空壳</p>")})
    rendered = await browser.render(
        "http://www.a.gov.cn/", Render(wait_for="#never", timeout=1.5), CaptureRequest(), network
    )
    assert not rendered.complete
    assert "空壳" in rendered.html.decode()
    assert any("#never" in failure for failure in rendered.failures)


async def test_a_page_whose_requests_stand_in_a_queue_is_waited_for(browser: Browser) -> None:
    """Each answer is progress: a polite pace must not look like a page that hangs."""

    class Slow(Network):
        async def fetch(self, ask: CaptureRequest, url: str, **request: object) -> Said:
            await asyncio.sleep(0.5)
            return await super().fetch(ask, url, **request)  # type: ignore[arg-type]

    step = "fetch('/r'+n).then(()=>n<4?step(n+1):document.body.insertAdjacentHTML('beforeend','<p id=end>'))"
    network = Slow({"http://www.a.gov.cn/": html(f"<body><script>const step=n=>{step};step(0)</script>")})
    rendered = await browser.render(
        "http://www.a.gov.cn/", Render(wait_for="#end", timeout=1.5), CaptureRequest(), network
    )
    assert rendered.complete
    assert len([url for url in network.urls() if "/r" in url]) == 5


async def test_what_stands_in_the_queue_behind_a_silent_request_is_waited_for(browser: Browser) -> None:
    """The page has given the first up; the site is asked for one thing at a time."""

    class Queue(Network):
        def __init__(self, pages: dict[str, Said | FetchError]) -> None:
            super().__init__(pages)
            self._turn = asyncio.Lock()

        async def fetch(self, ask: CaptureRequest, url: str, **request: object) -> Said:
            async with self._turn:
                if url.endswith("/slow"):
                    await asyncio.sleep(2.5)
                    raise WireError("silent", kind="timeout")
                return await super().fetch(ask, url, **request)  # type: ignore[arg-type]

    page = """<body><script>const c=new AbortController();fetch('/slow',{signal:c.signal}).catch(()=>fetch('/rows')
    .then(r=>r.text()).then(t=>document.body.insertAdjacentHTML('beforeend',t)));setTimeout(()=>c.abort(),100)</script>"""
    rows = {"http://www.a.gov.cn/": html(page), "http://www.a.gov.cn/rows": html("<p>年报一</p>")}
    steps = Render(timeout=1.5, screenshot=False)
    rendered = await browser.render("http://www.a.gov.cn/", steps, CaptureRequest(), Queue({**rows}))
    assert "<p>年报一</p>" in rendered.html.decode()


async def test_failed_parts_are_listed_and_the_page_goes_on(browser: Browser) -> None:
    network = Network({"http://www.a.gov.cn/": html("<img src=/gone.png><p>在</p>")})
    network.pages["http://www.a.gov.cn/gone.png"] = WireError("connection reset", subject="/gone.png")
    rendered = await browser.render("http://www.a.gov.cn/", Render(wait_for="p"), CaptureRequest(), network)
    assert rendered.complete
    assert [failure for failure in rendered.failures if "connection reset" in failure]


@pytest.mark.parametrize("error", [RobotsDenied("robots.txt forbids it"), WireError("connection refused")])
async def test_a_main_document_without_answer_raises_its_own_error(browser: Browser, error: FetchError) -> None:
    with pytest.raises(type(error), match=str(error.args[0])):
        await browser.render(
            "http://www.a.gov.cn/", Render(), CaptureRequest(), Network({"http://www.a.gov.cn/": error})
        )
    rendered = await browser.render(
        "http://www.a.gov.cn/b", Render(), CaptureRequest(), Network({"http://www.a.gov.cn/b": html("好")})
    )
    assert "好" in rendered.html.decode()


async def test_scrolling_and_clicking_draw_further_rows(browser: Browser) -> None:
    network = Network(
        {
            "http://www.a.gov.cn/": html(
                "<div id=l><p>0</p></div><div style='height:4000px'></div><button id=more>更多</button><script>let n=0;"
                "const add=()=>fetch('/rows?'+(++n)).then(r=>r.text()).then(t=>l.insertAdjacentHTML('beforeend',t));"
                "more.onclick=add;addEventListener('scroll',()=>{if(n<1)add()})</script>"
            ),
            "http://www.a.gov.cn/rows?1": html("<p>一</p>"),
            "http://www.a.gov.cn/rows?2": html("<p>二</p>"),
        }
    )
    rendered = await browser.render(
        "http://www.a.gov.cn/", Render(scroll=1, clicks=("#more",)), CaptureRequest(), network
    )
    assert "<p>一</p><p>二</p>" in rendered.html.decode()


async def test_a_killed_chromium_is_started_again(browser: Browser) -> None:
    network = Network({"http://www.a.gov.cn/": html("好")})
    await browser.render("http://www.a.gov.cn/", Render(screenshot=False), CaptureRequest(), network)
    assert browser._chromium._browser is not None
    await browser._chromium._browser.close()
    rendered = await browser.render("http://www.a.gov.cn/", Render(screenshot=False), CaptureRequest(), network)
    assert "好" in rendered.html.decode()


@pytest.mark.parametrize(
    ("leaves", "error"),
    [
        ("<script>setTimeout(()=>{location.href='/away'},50)</script>", RobotsDenied("robots.txt forbids it")),
        ("<meta http-equiv=refresh content='0;url=/away'>", WireError("connection refused")),
        ("<form action=/away></form><script>document.forms[0].submit()</script>", OutOfScope("is outside")),
        ("<script>location.replace('/hop')</script>", HeldBack("the budget is spent")),
    ],
)
async def test_a_page_that_leaves_for_what_does_not_answer_stays_as_it_was(
    browser: Browser, leaves: str, error: FetchError
) -> None:
    network = Network(
        {
            "http://www.a.gov.cn/": html(f"<body><p>年度报告</p>{leaves}"),
            "http://www.a.gov.cn/hop": Said(302, [(b"Location", b"/away")], b"", b"Found"),
            "http://www.a.gov.cn/away": error,
            "http://www.a.gov.cn/away?": error,
        }
    )
    rendered = await browser.render("http://www.a.gov.cn/", Render(screenshot=False), CaptureRequest(), network)
    assert "年度报告" in rendered.html.decode()
    assert (rendered.url, rendered.status, rendered.complete) == ("http://www.a.gov.cn/", 200, False)
    assert "http://www.a.gov.cn/away" in rendered.problems[0]
    assert str(error.args[0]) in rendered.problems[0]


async def test_status_and_completeness_are_the_wires(browser: Browser) -> None:
    missing = html("<p>不存在</p><script>document.title='好'</script>")
    missing.status = 404
    cut = html("<p>半", charset="utf-8")
    cut.cut = "the connection ended"
    half = Said(200, [(b"Content-Type", b"text/javascript")], b"document.title='half'", cut="the connection ended")
    challenge = html("<script>document.cookie='gate=open';setTimeout(()=>location.reload(),700)</script>")
    challenge.status, challenge.challenge = 521, "jiasule_521"
    network = Network(
        {
            "http://www.a.gov.cn/404": missing,
            "http://www.a.gov.cn/cut": cut,
            "http://www.a.gov.cn/part": html("<p>好</p><script src=/half.js></script>"),
            "http://www.a.gov.cn/half.js": half,
            "http://www.a.gov.cn/gate": challenge,
        }
    )
    plain = Render(screenshot=False)
    assert (await browser.render("http://www.a.gov.cn/404", plain, CaptureRequest(), network)).status == 404
    for name in ("cut", "part"):
        rendered = await browser.render(f"http://www.a.gov.cn/{name}", plain, CaptureRequest(), network)
        assert not rendered.complete
        assert "the connection ended" in rendered.problems[0]

    class Gate(Network):
        async def fetch(self, ask: CaptureRequest, url: str, **request: Any) -> Said:
            said = await super().fetch(ask, url, **request)
            passed = any(name.lower() == b"cookie" and b"gate=open" in value for name, value in request["headers"])
            return html("<p>列表</p>") if passed else said

    gate = Gate(network.pages)
    rendered = await browser.render("http://www.a.gov.cn/gate", plain, CaptureRequest(), gate, jar="a")
    assert (rendered.status, rendered.challenge, rendered.complete) == (200, "jiasule_521", True)
    assert [(cookie["name"], cookie["value"]) for cookie in rendered.cookies] == [("gate", "open")]
    # The challenge that is in hand is shown, not asked for once more.
    gate = Gate(network.pages)
    given = await browser.render("http://www.a.gov.cn/gate", plain, CaptureRequest(), gate, jar="b", given=challenge)
    assert given.status == 200
    assert gate.urls() == ["http://www.a.gov.cn/gate"]


async def test_pages_without_end_end_at_their_limits(browser: Browser) -> None:
    network = Network(
        {
            "http://www.a.gov.cn/busy": html("<p>x</p><script>setTimeout(()=>{for(;;);},200)</script>"),
            "http://www.a.gov.cn/windows": html("<p>x</p><script>for(let i=0;i<30;i++)open('/pop'+i)</script>"),
            "http://www.a.gov.cn/parts": html(
                "<p>行</p><script>let n=0;const f=()=>{const i=new Image();i.onerror=f;i.src='/i'+n++};f()</script>"
            ),
        }
    )
    limits = PageLimits(requests=20, documents=3)
    steps = Render(screenshot=False, timeout=20)
    busy = PageLimits(busy=4)
    with pytest.raises(BrowserError, match="busy"):
        await browser.render("http://www.a.gov.cn/busy", steps, CaptureRequest(), network, limits=busy)
    windows = await browser.render("http://www.a.gov.cn/windows", steps, CaptureRequest(), network, limits=limits)
    assert windows.status == 200
    assert not [url for url in network.urls() if "/pop" in url]
    parts = await browser.render("http://www.a.gov.cn/parts", steps, CaptureRequest(), network, limits=limits)
    assert "行" in parts.html.decode()
    assert "more than 20 things" in parts.problems[0]
    assert len([url for url in network.urls() if "/i" in url]) == 19

    class Endless(Network):
        async def fetch(self, ask: CaptureRequest, url: str, **request: Any) -> Said:
            await super().fetch(ask, url, **request)
            return html("<p>又</p><script>location.replace('?'+Math.random())</script>")

    endless = Endless({})
    turning = await browser.render("http://www.a.gov.cn/turn", steps, CaptureRequest(), endless, limits=limits)
    assert len(endless.urls()) == 3
    assert "又" in turning.html.decode()
    assert "goes on and on" in turning.problems[0]


@pytest.mark.parametrize(
    "played",
    ["<video src=/v.mp4 autoplay muted></video>", "<audio autoplay><source src=/v.mp4></audio>",
     "<script>new Audio('/v.mp4').play()</script>"],
)  # fmt: skip
async def test_what_is_played_is_not_asked_for(browser: Browser, played: str) -> None:
    network = Network({"http://www.a.gov.cn/": html(f"<p>行</p>{played}<img src=/i.png>")})
    rendered = await browser.render("http://www.a.gov.cn/", Render(screenshot=False), CaptureRequest(), network)
    assert rendered.complete
    assert sorted(network.urls()) == ["http://www.a.gov.cn/", "http://www.a.gov.cn/i.png"]


GROWS = """<ul><li><a href=/1.html>年报一</a></li></ul><script>setInterval(()=>{
const d=document.createElement('div');d.innerHTML='<p>x</p>'.repeat(%d);document.body.append(d)},%d)</script>"""


@pytest.mark.parametrize("page", [GROWS % (1000, 50), GROWS.replace("append", "prepend") % (20, 1)])
async def test_a_page_that_grows_without_end_is_read_as_it_stands(browser: Browser, page: str) -> None:
    network = Network({"http://www.a.gov.cn/": html(page)})
    steps, limits = Render(scroll=2, grows=True, timeout=8), PageLimits(busy=60)
    rendered = await browser.render("http://www.a.gov.cn/", steps, CaptureRequest(), network, limits=limits)
    assert '<a href="/1.html">年报一</a>' in rendered.html.decode()
    assert "<p>x</p>" in rendered.html.decode()


class Later:
    """Says that the run is being ended, some seconds after the page asked for what it asks for last."""

    def __init__(self, network: Network, last: str, seconds: float) -> None:
        self.since: float | None = None
        self.processes: set[int] = set()
        self._network, self._last, self._seconds = network, last, seconds

    def __call__(self) -> bool:
        self.processes |= chromium._living
        if self.since is None and self._last in self._network.urls():
            self.since = time.monotonic() + self._seconds
        return self.since is not None and time.monotonic() >= self.since


@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize(
    ("page", "seconds"),
    [
        ("<script>fetch('/on');for(;;);</script>", 0.0),  # while it is parsed
        ("<p>x</p><script>setTimeout(()=>{fetch('/on').then(()=>{for(;;);})},300)</script>", 2.5),  # while it is read
        ("<script>fetch('/on');setInterval(()=>document.body.append('x'),1)</script>", 0.2),  # while it is waited for
        ("<img src=/on><script>onload=()=>{while(true)alert(1)}</script>", 1.0),
    ],
)
async def test_a_run_that_is_being_ended_waits_for_no_page(page: str, seconds: float) -> None:
    network = Network({"http://www.a.gov.cn/": html(page), "http://www.a.gov.cn/on": html("")})
    later = Later(network, "http://www.a.gov.cn/on" if "/on" in page else "http://www.a.gov.cn/", seconds)
    browser = Browser("Gongkai/0 (test)", later)
    steps = Render(timeout=600, scroll=2, grows=True, wait_for="#never")
    with pytest.raises(HeldBack, match="being ended"):
        await asyncio.wait_for(browser.render("http://www.a.gov.cn/", steps, CaptureRequest(), network), _LONG)
    await browser.close()
    assert later.since is not None
    assert time.monotonic() - later.since < 30
    assert chromium._living == set()
    (process,) = later.processes
    await _gone(process)


@pytest.mark.usefixtures("chromium")
async def test_a_browser_that_does_not_start_keeps_no_run_from_ending(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun = asyncio.Event()

    async def never(_playwright: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(chromium, "launch_chromium", never)
    browser = Browser("Gongkai/0 (test)", begun.is_set)
    with pytest.raises(HeldBack, match="being ended"):
        await asyncio.wait_for(browser.render("http://www.a.gov.cn/", Render(), CaptureRequest(), Network({})), 60)
    await browser.close()


async def test_all_browsers_of_the_process_are_ended_at_once(browser: Browser) -> None:
    network = Network({"http://www.a.gov.cn/": html("好")})
    await browser.render("http://www.a.gov.cn/", Render(screenshot=False), CaptureRequest(), network)
    process = browser._chromium._process
    assert process is not None
    assert chromium._living == {process}
    chromium.kill_all()
    await _gone(process)


async def _gone(process: int) -> None:
    """Wait until no process of its group is left."""
    async with asyncio.timeout(20):
        while True:
            try:
                os.killpg(process, 0)
            except ProcessLookupError:
                return
            await asyncio.sleep(0.05)
