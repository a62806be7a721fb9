"""A portal whose answers may change from one request to the next, crawled as often as a test wants."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from archive import Home
from archive.access.captures import Captures
from archive.database import open_database
from archive.index.indexer import index
from archive.storage.open import open_storage
from crawler.plan import Options, plan_for
from crawler.portals.load import Portal, parse_profile
from crawler.run import Outcome, run_crawls
from crawler.samples import Answer, SampleServer
from crawler.samples.server import Request

HOST = "www.a.gov.cn"
HEADINGS = (
    "一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况",
)  # fmt: skip
MENU = "".join(f'<a href="/lm{number}/">栏目{number}</a>' for number in range(8))
Pages = dict[str, Answer | list[Answer]]


def html(body: str, title: str = "", status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    head = f'<title>{title}</title><meta name="ArticleTitle" content="{title}">' if title else ""
    text = f"<html><head>{head}</head><body><div class='nav'>{MENU}</div>{body}</body></html>"
    return Answer(text.encode(), status=status, headers=headers)


def titled(year: int, agency: str = "甲县人民政府") -> str:
    return f"{agency}{year}年政府信息公开工作年度报告"


def report(year: int, after: str = "") -> Answer:
    body = "".join(f"<p>{heading}</p><p>本年度按照条例要求开展工作。</p>" for heading in HEADINGS)
    return html(f'<div id="zoom">{body}</div>{after}', titled(year))


def rows(entries: dict[str, int]) -> str:
    """Rows of a list, by address and report year, in this order."""
    lines = (
        f'<li><a href="{url}">{titled(year)}</a><span>{year + 1}-03-28</span></li>' for url, year in entries.items()
    )
    return f"<ul>{''.join(lines)}</ul>"


class Played:
    """A home, a profile and pages; a list of answers is given one after another, its last for ever.

    Attributes:
        asked: paths in the order in which they were asked for by the last crawl.
    """

    def __init__(self, root: Path) -> None:
        self.home = Home.at(root, create=True)
        self.asked: list[str] = []

    def crawl(self, pages: Pages, columns: str, *, site: str = "", indexed: bool = False, **options: object) -> Outcome:
        """One crawl; ``indexed`` looks at what earlier ones had, and indexes afterwards."""
        text = f"name: 甲县\ncode: null\nsites:\n  - host: {HOST}\n{site}    columns:\n{columns}"
        portal = Portal("test", parse_profile(text, "test"), text)
        times: Counter[str] = Counter()

        class Turns:
            def answer(self, request: Request) -> Answer | None:
                found = pages.get(request.target)
                times[request.target] += 1
                return found[min(times[request.target], len(found)) - 1] if isinstance(found, list) else found

        with SampleServer({HOST: Turns()}) as server:
            given = Options(home=self.home, connect_to=tuple(server.connect_to), pace=0, **options)  # type: ignore[arg-type]
            if indexed:
                with open_database(self.home) as database:
                    prior = Captures(database, open_storage(self.home))
                    (outcome,) = run_crawls([plan_for(portal, given, prior=prior)])
                index(self.home, processes=1)
            else:
                (outcome,) = run_crawls([plan_for(portal, given)])
            self.asked = [served.target for served in server.journal if served.target != "/robots.txt"]
        assert outcome.error is None
        return outcome


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Played:
    """A fresh home; what is asked again later is asked again soon."""
    monkeypatch.setattr("crawler.settings.AGAIN_LEAST", 0.05)
    monkeypatch.setattr("crawler.politeness.gate.FIRST_WAIT", 0.01)
    return Played(tmp_path / "home")
