"""In which order a run asks: lists, then reports that were never had, newest first, then what is known.

A run that ends early (budget, interruption) has the newest then, and the next one goes on behind it.
"""

from __future__ import annotations

from archive.metadata import Hint

LIST_PRIORITY = 10
SEARCH_PRIORITY = 5
KNOWN_PRIORITY = -2000
_REPORT_PRIORITY = -1000
_UNDATED = 99


def report_priority(hint: Hint, *, belongs: bool) -> int:
    """Priority of a report that was never had (Scrapy asks the highest first, equals in turn).

    Args:
        hint: its year, else the year before its date; without either it may be the newest.
        belongs: it is an attachment or part: it comes with its page, so that what there is of a year is whole.
    """
    year = hint.year
    if year is None and hint.list_date and hint.list_date[:4].isdecimal():
        year = int(hint.list_date[:4]) - 1
    rank = _UNDATED if year is None else min(max(year - 1990, 0), _UNDATED)
    return _REPORT_PRIORITY + 2 * rank + belongs
