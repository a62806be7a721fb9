"""What a crawl came to."""

from __future__ import annotations

from crawler.run import Outcome
from crawler.summary import ColumnResult, Summary


def test_an_outcome_names_everything_that_failed():
    result = ColumnResult("www.a.gov.cn", "u", {"reports/found": 1}, "trs", "why", None, ["x is missing"])
    outcome = Outcome("test", summary=Summary([result], ["too few"], ["2 answers could not be followed"]))
    assert outcome.columns == [result]
    assert outcome.failures == ["x is missing", "too few", "2 answers could not be followed"]
