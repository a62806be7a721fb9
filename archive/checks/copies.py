"""Reports that hold the figures, or nearly the text, of another.

Alike texts are found by the smallest digests of their shingles (`_SKETCH`), which they share, and compared in whole
only then: comparing all with all does not scale to thousands of reports.
"""

from __future__ import annotations

import heapq
import itertools
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_DOWN, Decimal

from archive.checks.report_figures import CrossCheck, Judged, ReportFigures
from parsers.checks.load import load_rules
from parsers.checks.rules import CopyRule, Rules

_SHINGLE = 5  # characters
_SHORTEST_TEXT = 300  # characters: below this, likeness of text means nothing
_SKETCH = 64  # smallest shingles that stand for a text
_KEYS = 5  # of which any three in common make two texts worth comparing ...
_LIKELY = 0.7  # ... if they have this share of the sketch in common (texts 0.95 alike have about 0.9)


def copies(reports: Iterable[ReportFigures], using: Rules | None = None) -> Iterator[CrossCheck]:
    """Reports that hold the figures, or nearly the text, of another: each against the one before it that is alike.

    Only matches are given; every other pair is unlike.
    """
    known = using or load_rules()
    ordered = sorted(reports, key=lambda report: (report.year, report.report_id))
    for rule in known.of_scope("cross_agency"):
        if isinstance(rule, CopyRule):
            yield from _same_figures(rule, ordered)
            yield from _same_text(rule, ordered)


def _same_figures(rule: CopyRule, ordered: Sequence[ReportFigures]) -> Iterator[CrossCheck]:
    before: dict[tuple[tuple[str, Decimal | None], ...], ReportFigures] = {}
    for report in ordered:
        if report.unreadable:
            continue  # what was not read for certain may differ
        values = {value for value in report.figures.values() if value}
        if len(values) < rule.least_distinct:
            continue  # reports of little but zeros are alike by nature
        key = tuple(sorted(report.figures.items()))
        if key in before:
            evidence = [(code, value, None) for code, value in key]
            yield Judged(rule, report, (before[key],), "figures").outcome("fail", (None, None), [], evidence)
        before[key] = report


def _same_text(rule: CopyRule, ordered: Sequence[ReportFigures]) -> Iterator[CrossCheck]:
    """Alike texts share most of their shingles, so they share most of the smallest: those alone are compared first."""
    buckets: dict[tuple[int, ...], list[ReportFigures]] = defaultdict(list)
    sketches: dict[str, set[int]] = {}
    for report in ordered:
        mine = _shingles(report.text)
        if not mine:
            continue
        smallest = heapq.nsmallest(_SKETCH, set(mine))
        sketch = sketches[report.report_id] = set(smallest)
        keys = list(itertools.combinations(smallest[:_KEYS], 3))
        candidates = {
            other.report_id: other
            for key in keys
            for other in buckets[key]
            if len(sketch & sketches[other.report_id]) >= _LIKELY * len(sketch)
        }
        alike = [
            (likeness, other)
            for other in candidates.values()
            if (likeness := _likeness(Counter(mine), Counter(_shingles(other.text)))) > rule.similarity
        ]
        if alike:
            likeness, other = max(alike, key=lambda pair: (pair[0], pair[1].year, pair[1].report_id))
            sides, evidence = (likeness, rule.similarity), [("text", likeness, None)]
            yield Judged(rule, report, (other,), "text").outcome("fail", sides, [], evidence)
        for key in keys:
            buckets[key].append(report)


def _shingles(text: str) -> list[int]:
    """Digests of all runs of a few characters, blanks left out; none for a text too short to be compared."""
    bare = "".join(text.split())
    if len(bare) < _SHORTEST_TEXT:
        return []
    data = bare.encode("utf-16-le", "surrogatepass")
    width = 2 * _SHINGLE
    return [zlib.crc32(data[at : at + width]) for at in range(0, len(data) - width + 2, 2)]


def _likeness(one: Counter[int], other: Counter[int]) -> Decimal:
    """Share of shingles in common, 0 to 1, four places."""
    common = sum((one & other).values())
    whole = one.total() + other.total()
    return (Decimal(2 * common) / Decimal(whole)).quantize(Decimal("0.0001"), rounding=ROUND_DOWN)
