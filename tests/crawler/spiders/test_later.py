"""What was not answered is asked for again later, and is never called missing."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response
from sqlalchemy import select

from archive.database import open_database
from archive.database.models import Publication
from crawler.capture.handler import CaptureHandler
from crawler.samples import Answer
from tests.crawler.spiders.played import HOST, Played, html, played, report, rows

__all__ = ["played"]

LIST = "/zwgk/nianbao/"
COLUMN = f"      - url: http://{HOST}{LIST}\n"
REPORT = f"{LIST}202403/t1.html"
FOUND = {REPORT: report(2023), LIST: html(rows({REPORT: 2023}))}
BUSY = html("busy", status=503, headers=(("Retry-After", "0"),))


def cut(answer: Answer) -> Answer:
    """An answer that ends before it is whole."""
    return Answer(
        answer.body, headers=(*answer.headers, ("Content-Length", str(len(answer.body) + 999))), framing="close"
    )


@pytest.mark.parametrize(
    "bad",
    [
        [BUSY] * 4,
        [html("slow down", status=429)] * 4,
        [html("bad gateway", status=502)] * 5,
        [html("error", status=500)] * 4,
        [BUSY, html("error", status=500), BUSY, html("error", status=500), BUSY],
    ],
)
def test_a_column_that_is_busy_is_asked_again_until_it_answers(played: Played, bad: list[Answer]):
    outcome = played.crawl({**FOUND, LIST: [*bad, FOUND[LIST]]}, COLUMN)
    assert outcome.failures == []
    assert outcome.columns[0].found == 1
    assert played.asked == [LIST] * (len(bad) + 1) + [REPORT]


@pytest.mark.parametrize(
    "beside",
    [
        {},
        {"/": html(f'<p><a href="{LIST}">政府信息公开年报</a></p>')},  # the home page that it is looked for on
        {"/zwgk/": html(f'<ul><li><a href="{LIST}">政府信息公开年报</a></li></ul>')},  # a folder above it
    ],
)
def test_what_takes_a_whole_time_out_each_time_is_asked_later_only_once(
    played: Played, monkeypatch: pytest.MonkeyPatch, beside: dict[str, Answer]
):
    tries: list[str] = []
    really = CaptureHandler.download_request

    async def download(self: CaptureHandler, request: Request) -> Response:
        if not request.url.endswith(LIST):
            return await really(self, request)
        tries.append(request.url)
        raise DownloadTimeoutError("nothing came within 60 s")

    monkeypatch.setattr(CaptureHandler, "download_request", download)
    outcome = played.crawl({**FOUND, **beside}, COLUMN)
    assert len(tries) == 4  # three at once, one more when everything else was done
    assert outcome.columns[0].outcome == "unanswered"
    assert any(f"http://{HOST}{LIST}" in line for line in outcome.failures)


def test_what_never_answers_did_not_answer_and_is_not_missing(played: Played):
    outcome = played.crawl({"/": html(f'<a href="{LIST}">政府信息公开年报</a>'), LIST: BUSY}, COLUMN)
    assert [line for line in outcome.failures if LIST in line] == [f"http://{HOST}{LIST} did not answer (503)"]
    assert outcome.columns[0].outcome == "unanswered"
    assert not any("missing" in line for line in outcome.failures)


def test_a_link_to_what_did_not_answer_is_a_reason_to_ask_once_more(played: Played):
    home = html(f'<p><a href="{LIST}">政府信息公开年报</a></p>')
    outcome = played.crawl({**FOUND, "/": home, LIST: [BUSY] * 7 + [FOUND[LIST]]}, COLUMN)
    assert outcome.columns[0].found == 1
    assert played.asked[-2:] == [LIST, REPORT]


@pytest.mark.parametrize("bad", [BUSY, html("error", status=500), html("timeout", status=504)])
def test_a_report_that_is_busy_is_asked_again_too(played: Played, bad: Answer):
    outcome = played.crawl({**FOUND, REPORT: [bad] * 4 + [FOUND[REPORT]]}, COLUMN)
    assert outcome.failures == []
    assert outcome.columns[0].found == 1
    outcome = played.crawl({**FOUND, REPORT: bad}, COLUMN)
    assert outcome.failures == [f"http://{HOST}{REPORT} did not answer ({bad.status})"]
    assert outcome.columns[0].found == 0


def test_robots_that_could_not_be_had_are_asked_for_again(played: Played):
    outcome = played.crawl({**FOUND, "/robots.txt": [BUSY, BUSY, html("none", status=404)]}, COLUMN)
    assert outcome.failures == []
    assert outcome.columns[0].found == 1


@pytest.mark.parametrize("whole", [REPORT, LIST])
def test_a_cut_answer_is_asked_again_and_the_whole_one_counts(played: Played, whole: str):
    answer = FOUND[whole]
    outcome = played.crawl({**FOUND, whole: [cut(answer)] * 4 + [answer]}, COLUMN)
    assert outcome.failures == []
    assert outcome.columns[0].found == 1


def test_a_list_that_is_always_cut_is_read_and_said_to_be_cut(played: Played):
    outcome = played.crawl({**FOUND, LIST: cut(FOUND[LIST])}, COLUMN)
    assert outcome.columns[0].found == 1
    (said,) = outcome.failures
    assert "was cut off each time" in said
    assert outcome.columns[0].outcome == "short"


def test_a_report_that_is_always_cut_does_not_count(played: Played):
    outcome = played.crawl({**FOUND, REPORT: cut(FOUND[REPORT])}, COLUMN)
    assert outcome.columns[0].found == 0
    (said,) = outcome.failures
    assert said.startswith(f"http://{HOST}{REPORT} was cut off each time")


@pytest.mark.parametrize("status", [201, 202, 204, 205, 206])
def test_a_status_that_promises_no_whole_document_is_no_report(played: Played, status: int):
    page = FOUND[REPORT]
    outcome = played.crawl(
        {**FOUND, REPORT: Answer(page.body if status not in {204, 205} else b"", status=status)}, COLUMN
    )
    assert outcome.columns[0].found == 0
    assert outcome.failures == [f"http://{HOST}{REPORT} answered {status}, which is no whole document"]


@pytest.mark.parametrize("status", [203, 301, 302, 303, 307, 308])
@pytest.mark.parametrize("path", [REPORT, LIST])
@pytest.mark.parametrize("headers", [(), (("Location", ""),)])
def test_a_redirect_that_says_nowhere_where_to_is_the_page_that_came(
    played: Played, status: int, path: str, headers: tuple[tuple[str, str], ...]
):
    page = Answer(FOUND[path].body, status=status, headers=headers)
    outcome = played.crawl({**FOUND, path: page}, COLUMN, indexed=True)
    assert (outcome.failures, outcome.columns[0].found) == ([], 1)
    with open_database(played.home) as database, database.session() as session:
        assert [row.url for row in session.scalars(select(Publication))] == [f"http://{HOST}{REPORT}"]


@pytest.mark.parametrize(("empty", "failures"), [(1, 0), (2, 1)])
def test_a_report_that_answered_with_nothing_is_asked_once_more(played: Played, empty: int, failures: int):
    outcome = played.crawl({**FOUND, REPORT: [Answer(b"")] * empty + [FOUND[REPORT]]}, COLUMN)
    assert (len(outcome.failures), outcome.columns[0].found) == (failures, 1 - failures)
    assert played.asked == [LIST, REPORT, REPORT]


def test_a_list_that_answered_with_nothing_is_asked_once_more(played: Played):
    outcome = played.crawl({**FOUND, LIST: [Answer(b""), FOUND[LIST]]}, COLUMN)
    assert (outcome.failures, outcome.columns[0].found) == ([], 1)
    assert played.asked == [LIST, LIST, REPORT]
