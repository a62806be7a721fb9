"""What a column's end says: problems, and doubts that count only where the list was not read otherwise."""

from __future__ import annotations

import pytest

from crawler.portals import Site
from crawler.spiders.tasks import ColumnState


@pytest.mark.parametrize(
    ("followed", "seen", "stated", "failures"),
    [
        (2, 2, 2, ["a"]),  # all there: how it was come by does not matter
        (2, 2, None, ["a"]),
        (2, 2, 5, ["a", "POST refused"]),  # three entries are missing
        (0, 0, None, ["a", "POST refused"]),
    ],
)
def test_doubts_count_when_the_list_was_not_read(followed: int, seen: int, stated: int | None, failures: list[str]):
    state = ColumnState(Site(host="www.a.gov.cn"), None, "http://www.a.gov.cn/nb/", stated_total=stated)
    state.counts["links/follow/report_title"] = followed
    state.rows |= {str(number) for number in range(seen)}
    state.problems.append("a")
    state.doubts.append("POST refused")
    assert state.failures == failures
