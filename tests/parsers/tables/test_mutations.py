"""Whatever is blanked, cut, doubled, moved or put between: no number is wrong without a flag.

Reports of every form in two dozen layouts, damaged in one to four places (`mutations`), are read as whole documents.
The truth is what the damaged document still prints. A number that is not printed for its cell must be told: by an issue
at its row or with its code, or by a check that failed over it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

import pytest

import parsers
from parsers.document import Locator
from parsers.forms import templates
from parsers.record import AnnualReport, Figure
from tests.parsers import layouts, printings
from tests.parsers.mutations import MUTATIONS, Paper, mutate
from tests.parsers.tables.test_layouts import FORMS, values

YEARS = {"fmt2019": 2020, "fmt2021": 2022, "stat2014": 2016, "pre2014": 2012}
LEAST_READ = 0.85  # of all numbers that damaged documents print; 0.89 and 0.93 were measured
# What is told of every one of these documents: they name no body, and are tables alone.
USUAL = frozenset({"agency_missing", "division_missing", "section_missing"})
# What says that cells are not there, and nothing of those that are.
ABSENT = USUAL | {"cells_missing", "table_missing", "no_figures"}


@dataclass(frozen=True)
class Mutant:
    """A damaged report: what was done, and what it still prints."""

    layout: str
    done: tuple[str, ...]
    data: bytes
    truth: dict[str, set[str]]


def mutant(kind: str, seed: int, *, damaged: bool = True) -> Mutant:
    random = Random(f"{kind}{seed}")
    layout = random.choice(list(printings.TEXTS if kind == "text" else printings.PAGES))
    blank = layout not in printings.LOSE_BLANKS
    name = random.choice(FORMS[:2] * 3 + FORMS[2:])
    form = templates.load().forms[random.choice(FORMS[:2]) if layout in printings.WIDE_ONLY else name]
    printed = values(form, random, blanks=blank and random.random() < 0.4, thin=False, right=0.9)
    paper = Paper.of(layouts.sheets(form, printed))
    if damaged:
        mutate(paper, random)
    title = f"某县{YEARS[form.template]}年政府信息公开工作年度报告"
    data = printings.printed(layout, paper.sheets(), random, title)
    truth = paper.truth(blanks=blank, wraps=layout in printings.WRAP, fills=layout in printings.FILL)
    return Mutant(layout, tuple(paper.done), data, truth)


@dataclass
class Count:
    """What came of documents: cells, by code."""

    printed: int = 0
    read: int = 0
    wrong: int = 0
    silent: int = 0
    told: int = 0

    def add(self, one: Mutant) -> list[str]:
        """Count a document; what is wrong in it without a flag."""
        report = parsers.parse(one.data)
        found = {figure.code: figure for figure in report.cells}
        bad = []
        for code, figure in found.items():
            known = one.truth.get(code, set())
            right = figure.value in {Decimal(text) for text in known if text}
            lost = figure.status == "blank" and code in one.truth and "" not in known
            if (figure.status == "number" and not right) or lost:
                if is_flagged(report, figure):
                    self.told += 1
                else:
                    bad.append(f"{code}: {figure.status} {figure.value}, printed {sorted(known)}")
        numbers = [code for code, texts in one.truth.items() if any(texts)]
        read = [code for code in numbers if code in found and found[code].status == "number"]
        self.printed += len(numbers)
        self.read += len(read)
        self.wrong += len(bad)
        # A line that was moved or doubled may be read as blank, too, where that is what one of its places prints.
        blank = [code for code in numbers if code in found and found[code].status == "blank" and "" in one.truth[code]]
        if not {issue.code for issue in report.issues} - USUAL:
            self.silent += len(numbers) - len(read) - len(blank)
        return bad


def is_flagged(report: AnnualReport, figure: Figure) -> bool:
    """Whether an issue names a figure's cell or its row, or a check over it failed."""
    named = any(
        figure.code in issue.message or (issue.locator is not None and row(issue.locator) == row(figure.locator))
        for issue in report.issues
        if issue.code not in ABSENT
    )
    return named or any(check.outcome == "fail" and figure.code in check.codes for check in report.checks)


def row(locator: Locator) -> tuple[object, ...]:
    """The printed row in which something stands."""
    names = ("line",) if locator.kind == "text" else ("table", "row")
    place = tuple(locator.get(name) for name in names)
    return (locator.kind, *place) if None not in place else (locator,)


def check(kind: str, seeds: range) -> Count:
    count = Count()
    bad = {}
    for seed in seeds:
        one = mutant(kind, seed)
        if wrong := count.add(one):
            bad[seed] = (one.layout, one.done, wrong[:4])
    assert not bad, bad
    assert count.silent == 0
    assert count.read >= LEAST_READ * count.printed, count
    return count


@pytest.mark.parametrize("kind", ["text", "html"])
def test_nothing_is_wrong_without_a_flag_where_a_report_is_damaged(kind: str) -> None:
    check(kind, range(40))


@pytest.mark.parametrize("kind", ["text", "html"])
def test_the_same_reports_undamaged_are_read_rightly(kind: str) -> None:
    count = Count()
    for seed in range(12):
        assert count.add(mutant(kind, seed, damaged=False)) == []
    assert count.told == 0


@pytest.mark.parametrize("kind", ["text", "html"])
def test_every_layout_and_mutation_comes_up(kind: str) -> None:
    drawn = [mutant(kind, seed) for seed in range(150)]
    assert {one.layout for one in drawn} == set(printings.TEXTS if kind == "text" else printings.PAGES)
    assert {name for one in drawn for name in one.done} == set(MUTATIONS)


@pytest.mark.trial
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["text", "html"])
def test_of_many_damaged_reports_nothing_is_wrong_without_a_flag(kind: str) -> None:
    check(kind, range(1000))
