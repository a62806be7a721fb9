"""What was not answered is asked for again later in the run: when everything else is done, then every few minutes.

A busy server (429, 503), an error of its own (5xx), a time-out, an answer that was cut, a robots.txt that could not be
had: all these pass. They say nothing about what is there, so nothing is called missing because of them. What still was
not answered in the end is a problem under its own name.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

import scrapy
from scrapy.exceptions import (
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response

from crawler.capture.request import META_ASK, META_BEFORE, META_WAITS, CaptureRequest
from crawler.errors import FetchError, RobotsDenied
from crawler.scope import origin_of
from crawler.spiders.bookkeeping.state import CrawlState
from crawler.spiders.bookkeeping.tasks import ListTask, ReportTask

if TYPE_CHECKING:
    from twisted.python.failure import Failure


# What a server says when it cannot answer now; a busy one means nothing by it, an error of its own may be its way to
# say no to what nobody promised.
BUSY = frozenset({408, 425, 429, 502, 503, 504, 520, 521, 522, 523, 524})
_META_LATER = "later"
_PASSING = (
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    TimeoutError,
    OSError,
)


def is_passing(status: int) -> bool:
    """Whether a status says that there is no answer now."""
    return status in BUSY or status >= 500


def is_cut(response: Response) -> bool:
    """Whether an answer came without its end; what a rendered page lacks, the browser says."""
    return "dataloss" in response.flags and "rendered" not in response.flags


class Later:
    """Keeps requests for later in the run."""

    def __init__(self, crawl: CrawlState) -> None:
        self._crawl = crawl
        self._waiting: list[scrapy.Request] = []
        self._waited_since: float | None = None
        self._asked_again_at: float | None = None
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def waits(self) -> bool:
        """Whether anything is to be asked for again."""
        return bool(self._waiting)

    def put_off(self, request: scrapy.Request, why: str, *, dear: bool = False, once: bool = False) -> bool:
        """Keep a request for later; False where it was asked for often enough.

        Args:
            request: what was not answered.
            why: what came instead, for the log.
            dear: each try costs a whole time-out: one more is enough, or a silent host holds the run up for long.
            once: one more is enough, for most of what is answered so stays so.
        """
        plan = self._crawl.session.plan
        if (
            self._crawl.checking
            or plan.as_of is not None
            or self._crawl.session.gate.stopping()
            or self._crawl.session.fatal
        ):
            return False
        settings = self._crawl.crawler.settings
        times = int(request.meta.get(_META_LATER, 0))
        ask = request.meta.get(META_ASK)
        drawn = isinstance(ask, CaptureRequest) and ask.render is not None  # costs a browser each time
        if times >= (1 if drawn or dear or once else settings.getint("AGAIN_TIMES")):
            return False
        if self._waited_since is not None and time.monotonic() - self._waited_since > settings.getfloat("AGAIN_LIMIT"):
            return False
        again: scrapy.Request = request.copy()
        before = int(request.meta.get(META_BEFORE, 0)) + int(request.meta.get("retry_times", 0)) + 1
        again.meta.pop("retry_times", None)
        again.meta.update({META_BEFORE: before, META_WAITS: 0, _META_LATER: times + 1, "max_retry_times": 0})
        again.dont_filter = True
        self._waiting.append(again)
        task = request.cb_kwargs.get("task")
        if isinstance(task, ListTask | ReportTask):
            self._crawl.count(task.state, "later/put_off")
        logging.getLogger(__name__).info("%s %s; asked again later", request.url, why)
        return True

    def put_off_answer(self, response: Response, task: ListTask | ReportTask) -> bool:
        """Whether an answer is none, and the request was put off."""
        request = response.request
        if request is None:
            return False
        if isinstance(task, ListTask) and task.asked is not None and task.asked.tentative:
            passing = response.status in BUSY
        else:
            passing = is_passing(response.status)
        # A good status without a byte: of a page that somebody named, it is a server's way of failing.
        named = isinstance(task, ReportTask) or task.asked is None or not task.asked.tentative
        empty = named and response.status == 200 and not response.body and "rendered" not in response.flags
        if not passing and not is_cut(response) and not empty:
            return False
        if is_cut(response) and response.status < 400:
            task.cut = response  # of what never comes whole this much is read
        if empty:
            return self.put_off(request, "answered with nothing", once=True)
        return self.put_off(request, f"answered {response.status}" if passing else "was cut off")

    def put_off_failure(self, failure: Failure) -> bool:
        """Whether a failure passes, and the request was put off."""
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        if isinstance(error, IgnoreRequest):
            cause = error.__cause__
            passing = isinstance(cause, RobotsDenied) and cause.passing
        else:
            passing = isinstance(error, _PASSING)
        return passing and self.put_off(request, "did not answer", dear=_is_dear(failure))

    @staticmethod
    def is_given_up(failure: Failure) -> bool:
        """Whether a request that failed cost a whole time-out later in the run as well: no link makes it worth more."""
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]
        return bool(request.meta.get(_META_LATER)) and _is_dear(failure)

    def ask_put_off(self) -> list[scrapy.Request]:
        """What waits and may be asked for now; ``[]`` while its time has not come (see `pause`)."""
        if not self._waiting or self.pause() > 0:
            return []
        now = time.monotonic()
        self._waited_since = self._waited_since or now
        self._asked_again_at = now
        waiting, self._waiting = self._waiting, []
        self._crawl.session.ask_robots_again()
        for request in waiting:
            self._crawl.under_way[self._host_of(request)] += 1
        return waiting

    def pause(self) -> float:
        """Seconds until what waits is asked for again; the first time it is as soon as everything else is done."""
        if not self._waiting or self._asked_again_at is None:
            return 0.0
        settings, gate = self._crawl.crawler.settings, self._crawl.session.gate
        paces = []
        for request in self._waiting:
            try:
                paces.append(gate.delay(origin_of(request.url), gate.site(request.url)))
            except FetchError:
                paces.append(0.0)
        wait = max(settings.getfloat("AGAIN_LEAST"), settings.getfloat("AGAIN_PACES") * max(paces))
        return max(0.0, self._asked_again_at + wait - time.monotonic())

    def wake_later(self) -> None:
        """Have what waits asked for when its time comes, though nothing is under way until then."""
        if self._alarm is None:
            self._alarm = asyncio.get_running_loop().call_later(self.pause() + 0.01, self._wake)

    def _wake(self) -> None:
        self._alarm = None
        engine = self._crawl.crawler.engine
        if engine is None or not self._crawl.crawler.crawling or engine.spider is None:
            return
        for request in self.ask_put_off():
            engine.crawl(request)

    def _host_of(self, request: scrapy.Request) -> str:
        task = request.cb_kwargs.get("task")
        return task.state.site.host if isinstance(task, ListTask | ReportTask) else ""


def _is_dear(failure: Failure) -> bool:
    """Whether a failure cost a whole time-out, its own or that of the host's ``robots.txt``."""
    error = failure.value
    if isinstance(error, IgnoreRequest):
        cause = error.__cause__
        return isinstance(cause, RobotsDenied) and cause.dear
    return isinstance(error, DownloadTimeoutError | TimeoutError)
