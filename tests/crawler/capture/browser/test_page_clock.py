"""The clock of a page: no slower for a page that waits, slower while the machine keeps the browser waiting.

Pages in a crowd are trials: what else the machine does decides how long they take.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler import BrowserError
from crawler.capture.browser import page_clock
from crawler.capture.browser.browser import Browser
from crawler.capture.browser.page_clock import PageClock, run_delays
from crawler.capture.request import CaptureRequest, Render
from crawler.crawl_plan import PageLimits
from tests.crawler.capture.browser.test_browser import Network, html

needs_run_delays = pytest.mark.skipif(
    not run_delays(os.getpid()), reason="this system does not count how long a process waits for a processor"
)
BUSY = (sys.executable, "-c", "while True: pass")
IDLE = (sys.executable, "-c", "import time; time.sleep(600)")


@pytest.mark.parametrize(
    ("steps", "passed"),
    [
        ([(10.0, {1: 0.0})], 10.0),  # nobody waited
        ([(10.0, {1: 4.0})], 6.0),
        ([(10.0, {1: 2.0, 2: 3.0})], 5.0),  # they wait in turn
        ([(10.0, {1: 9.9})], 1.0),  # a tenth of the wall's time passes always
        ([(10.0, {1: 40.0, 2: 40.0})], 1.0),
        ([(10.0, {1: 4.0}), (10.0, {1: 4.0})], 16.0),
        ([(10.0, {1: 4.0}), (10.0, {2: 3.0})], 13.0),  # one ended, one is new
        ([(10.0, {}), (5.0, {1: 1.0})], 14.0),
    ],
)
def test_what_processes_waited_does_not_count(steps: list[tuple[float, dict[int, float]]], passed: float) -> None:
    wall, delays = [100.0], {1: 0.0}
    clock = PageClock(lambda: delays, lambda: wall[0])
    begun = clock.time()
    for seconds, seen in steps:
        wall[0] += seconds
        delays = seen
        clock.time()
    assert clock.time() - begun == pytest.approx(passed)


@needs_run_delays
def test_what_this_process_does_meanwhile_does_not_count() -> None:
    clock = PageClock(lambda: run_delays(None))
    begun, at = clock.time(), time.monotonic()
    while time.monotonic() - at < 1.0:
        sum(range(1000))
    assert clock.time() - begun < 0.5 * (time.monotonic() - at)


@needs_run_delays
def test_while_no_browser_runs_it_is_slower_for_whatever_was_started() -> None:
    with on_one_processor(3), subprocess.Popen(BUSY, start_new_session=True) as process:
        assert process.pid in run_delays(None)
        assert os.getpid() in run_delays(None)
        process.kill()


def test_where_nothing_is_counted_it_is_the_clock_on_the_wall() -> None:
    clock = PageClock(dict)
    begun, at = clock.time(), time.monotonic()
    time.sleep(0.2)
    assert clock.time() - begun == pytest.approx(time.monotonic() - at, abs=0.05)


@contextmanager
def on_one_processor(others: int) -> Iterator[None]:
    """Whatever begins here shares one processor with so many others that never let go of it."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    crowd = []
    try:
        # Each in a session of its own: Linux shares a processor among sessions first (autogroups), then within them.
        crowd = [subprocess.Popen(BUSY, start_new_session=True) for _ in range(others)]
        yield
    finally:
        os.sched_setaffinity(0, allowed)
        for one in crowd:
            one.kill()
        for one in crowd:
            one.wait()


@needs_run_delays
@pytest.mark.parametrize(("command", "slower"), [(BUSY, True), (IDLE, False)])
def test_it_goes_slower_for_who_would_run_and_not_for_who_waits(command: tuple[str, ...], *, slower: bool) -> None:
    with on_one_processor(3):
        process = subprocess.Popen(command, start_new_session=True)
        try:
            time.sleep(1.0)  # until it is at its work
            clock = PageClock(lambda: run_delays(process.pid))
            begun, at = clock.time(), time.monotonic()
            time.sleep(3.0)
            share = (clock.time() - begun) / (time.monotonic() - at)
        finally:
            process.kill()
            process.wait()
    # One of four has a quarter of the processor, or less where others are at it too.
    assert share < 0.5 if slower else share > 0.9


WORK = """<p>x</p><div id=x></div><script>
const work=()=>{for(let k=0;k<5;k++){let h='';for(let i=0;i<20000;i++)h+='<i>'+k+i+'</i>';x.innerHTML=h;x.offsetHeight}
x.innerHTML='<a href=/1.html>年报</a>'};
%s</script>"""
# What a page may be at when the browser asks something of it.
AT_WORK = {
    "parsing": "work()",
    "timer": "setTimeout(work,300)",
    "frame": "onload=()=>requestAnimationFrame(()=>requestAnimationFrame(work))",
    # This is little work for the browser, and more for who reads what it says.
    "reading": "x.innerHTML='<i>1</i>'.repeat(12000)+'<a href=/1.html>年报</a>'",
}
URL = "http://www.a.gov.cn/"
LIMIT = 1.5  # seconds


def pin(group: int) -> None:
    """Let the processes of a group run where this one may."""
    for process in run_delays(group).keys() - {os.getpid()}:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            for thread in Path(f"/proc/{process}/task").iterdir():
                os.sched_setaffinity(int(thread.name), os.sched_getaffinity(0))


async def render_in_a_crowd(browser: Browser, script: str) -> tuple[str, float]:
    """What stands in a page that has work to do where three others have, and the seconds that it took."""
    steps = Render(screenshot=False, timeout=LIMIT)
    await browser.render(URL, steps, CaptureRequest(), Network({URL: html("")}))  # it runs from now on
    group = browser._chromium.process
    assert group is not None
    with on_one_processor(3):
        pin(group)
        begun = time.monotonic()
        network = Network({URL: html(WORK % script)})
        rendered = await browser.render(URL, steps, CaptureRequest(), network, limits=PageLimits(busy=LIMIT))
    return rendered.html.decode(), time.monotonic() - begun


@needs_run_delays
@pytest.mark.trial
@pytest.mark.browser
@pytest.mark.parametrize("script", AT_WORK.values(), ids=AT_WORK)
async def test_a_page_that_others_keep_from_its_work_is_waited_for(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(page_clock, "SLOWEST", 0.01)  # others than these three may be at it too
    page, seconds = await render_in_a_crowd(browser, script)
    assert '<a href="/1.html">年报</a>' in page
    assert seconds > LIMIT


@needs_run_delays
@pytest.mark.trial
@pytest.mark.usefixtures("chromium")
@pytest.mark.browser
@pytest.mark.parametrize("by_the_wall", [False, True])
async def test_a_browser_that_others_keep_from_starting_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, *, by_the_wall: bool
) -> None:
    monkeypatch.setattr(page_clock, "SLOWEST", 0.01)
    monkeypatch.setattr("crawler.capture.browser.browser._STARTING", LIMIT)
    browser = Browser("Gongkai/0 (test)")
    if by_the_wall:
        browser._clock = PageClock(dict)
    try:
        with on_one_processor(3):
            rendering = browser.render(
                URL, Render(screenshot=False), CaptureRequest(), Network({URL: html("<p>x</p>")})
            )
            if by_the_wall:
                with pytest.raises(BrowserError, match="does not start"):
                    await rendering
            else:
                assert (await rendering).complete
    finally:
        await browser.close()


@needs_run_delays
@pytest.mark.trial
@pytest.mark.browser
async def test_by_the_clock_on_the_wall_it_was_given_up(browser: Browser) -> None:
    browser._clock = PageClock(dict)
    with pytest.raises(BrowserError, match="could not be rendered"):
        await render_in_a_crowd(browser, AT_WORK["timer"])
