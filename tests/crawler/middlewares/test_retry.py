"""Asking again at once: failures and waits have counts of their own."""

from __future__ import annotations

from typing import Any

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from crawler.capture.request import META_BEFORE
from crawler.middlewares.retry import Retry


def middleware(**settings: int) -> Retry:
    made: Any = Crawler(scrapy.Spider, Settings({"RETRY_TIMES": 2, "AGAIN_WAITS": 2, **settings}))
    made.stats = MemoryStatsCollector(made)
    made.spider = scrapy.Spider("x")
    made.spider.crawler = made
    return Retry.from_crawler(made)


def statuses(retry: Retry, *said: int, **meta: Any) -> list[int]:
    """How many tries were made before, at each request, until an answer went through."""
    request = Request("http://a.gov.cn/", meta=meta)
    tries = []
    for status in said:
        tries.append(int(request.meta.get("retry_times", 0)) + int(request.meta.get(META_BEFORE, 0)))
        given = retry.process_response(request, Response(request.url, status=status))
        if isinstance(given, Response):
            break
        request = given
    return tries


def test_waits_that_a_server_asks_for_do_not_use_up_the_retries_of_failures():
    assert statuses(middleware(), 503, 429, 500, 502, 200) == [0, 1, 2, 3, 4]
    assert statuses(middleware(), 500, 503, 500, 500) == [0, 1, 2, 3]


def test_both_have_an_end():
    assert statuses(middleware(), *[503] * 9) == [0, 1, 2]
    assert statuses(middleware(), *[500] * 9) == [0, 1, 2]
    assert statuses(middleware(AGAIN_WAITS=0), *[429] * 9) == [0]
    assert statuses(middleware(), 503, 503, max_retry_times=0) == [0]
    assert statuses(middleware(), 404, 404) == [0]
