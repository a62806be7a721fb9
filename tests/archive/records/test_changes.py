"""What is new of late, and between which captures it happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from archive import Home
from archive.database import open_database
from archive.index.indexer import index
from archive.records.changes import changes
from tests.archive.factory import START, crawl, document

pytestmark = pytest.mark.usefixtures("fake_parser")
URL = "http://www.wenxian.gov.cn/1"
DAY = timedelta(days=1)
A = document("温县人民政府", 2021, {"new": "41"})
B = document("温县人民政府", 2021, {"new": "47"})
NEXT = document("温县人民政府", 2022, {"new": "5"})
SOFT404 = "<html><title>404</title><body>您访问的页面不存在</body></html>"


def story(home: Home, pages: list[tuple[str, int]]) -> list[tuple[str, int, int | None, int]]:
    """One page a day: kind, report year, day of the capture before, day of the capture."""
    for day, (body, status) in enumerate(pages, 1):
        with crawl(home, f"c{day}", at=START + day * DAY) as made:
            made.page(URL, body, status=status)
    index(home, processes=1)
    return [(line["kind"], line["year"], number(line["between"]), number(line["and"])) for line in told(home)]


def told(home: Home, since: datetime = START, until: datetime | None = None) -> list[dict[str, Any]]:
    with open_database(home) as database, database.session() as session:
        return [change.as_json() for change in changes(session, since, until)]


def number(text: str | None) -> int | None:
    return None if text is None else (datetime.fromisoformat(text) - START).days


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([(A, 200), (A, 200)], [("appeared", 2021, None, 1)]),
        (
            [(A, 200), (B, 200), (A, 200)],
            [("appeared", 2021, None, 1), ("changed", 2021, 1, 2), ("changed", 2021, 2, 3)],
        ),
        # what was withdrawn may return, as it was or changed
        (
            [(A, 200), ("", 404), ("", 404), (A, 200)],
            [("appeared", 2021, None, 1), ("withdrawn", 2021, 1, 2), ("returned", 2021, 3, 4)],
        ),
        (
            [(A, 200), (SOFT404, 200), (B, 200)],
            [("appeared", 2021, None, 1), ("withdrawn", 2021, 1, 2), ("returned", 2021, 2, 3), ("changed", 2021, 2, 3)],
        ),
        # a challenge, an error: nothing is known of that day, so the change may lie before it
        (
            [(A, 200), ("<script>$_ts=1</script>", 412), ("", 503), (B, 200)],
            [("appeared", 2021, None, 1), ("changed", 2021, 1, 4)],
        ),
        ([(A, 200), ("", 503), ("", 410)], [("appeared", 2021, None, 1), ("withdrawn", 2021, 1, 3)]),
        # next year's report at the same address, and the old one once more
        (
            [(A, 200), (NEXT, 200), (A, 200)],
            [
                ("appeared", 2021, None, 1),
                ("appeared", 2022, 1, 2),
                ("replaced", 2021, 1, 2),
                ("returned", 2021, 2, 3),
                ("replaced", 2022, 2, 3),
            ],
        ),
        ([("", 404), (A, 200)], [("appeared", 2021, 1, 2)]),
        ([(A, 200), ("<p>a list of links</p>", 200)], [("appeared", 2021, None, 1), ("withdrawn", 2021, 1, 2)]),
    ],
)
def test_the_story_of_an_address(
    home: Home, pages: list[tuple[str, int]], expected: list[tuple[str, int, int | None, int]]
) -> None:
    assert story(home, pages) == expected


def test_only_what_lies_between_two_times(home: Home) -> None:
    story(home, [(A, 200), ("", 404), (A, 200), (B, 200)])
    kinds = [[line["kind"] for line in told(home, START + since * DAY, START + until * DAY)] for since, until in
             ((0, 9), (2, 9), (3, 4), (4, 9), (5, 9))]  # fmt: skip
    assert kinds == [
        ["appeared", "withdrawn", "returned", "changed"],
        ["withdrawn", "returned", "changed"],
        ["returned"],
        ["changed"],
        [],
    ]
