"""What is remembered is bounded, and changes nothing that is read."""

import json
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from parsers.characters import narrow, plain, strip_blanks
from parsers.forms.labels import fold, is_words, ordinal
from parsers.remembered import LONGEST, LONGEST_OF_ALL, MOST, MOST_LONG, remembered

ROOT = Path(__file__).resolve().parent.parent.parent
# Documents in all layouts with figures of their own, read one after the other.
READ = """
import json, sys
from random import Random
from crawler.samples.invent import invent
from parsers import Hints, parse
from parsers.forms import templates
from tests.parsers import layouts, printings

found = {}
for turn, (name, printer) in enumerate({**printings.PAGES, **printings.TEXTS}.items()):
    for year in (2020, 2023):
        values = dict(invent(f"温县第{turn}局", year).cells())
        sheets = layouts.sheets(templates.load().forms["fmt2019" if year == 2020 else "fmt2021"], values)
        found[f"{name} {year}"] = printer(sheets, Random(turn))
names = sorted(found, reverse=sys.argv[1] == "backwards")
read = {name: parse(found[name], Hints(url=f"{name}.html")).as_json() for name in names}
print(json.dumps(dict(sorted(read.items()))))
"""


def test_a_text_that_comes_again_is_computed_once() -> None:
    asked: list[str] = []

    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    function = remembered(length)
    long = "长" * (LONGEST + 1)
    assert [function(text) for text in ("一", "一", long, long)] == [1, 1, LONGEST + 1, LONGEST + 1]
    assert asked == ["一", long]


def test_a_text_too_long_to_be_kept_is_computed_each_time() -> None:
    asked: list[str] = []
    function = remembered(asked.append)
    for _ in range(2):
        function("长" * (LONGEST_OF_ALL + 1))
    assert len(asked) == 2


def test_what_is_kept_is_bounded_and_right_when_it_was_let_go() -> None:
    kept: list[int] = []
    function = remembered(len)
    results = function.__self__  # type: ignore[attr-defined]
    for number in range(MOST + 2 * MOST_LONG):
        for text in (str(number), "长" * LONGEST + str(number)):
            assert function(text) == len(text)
        kept.append(len(results) + len(results._long))
    assert max(kept) <= MOST + MOST_LONG


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_a_text_says_the_same_whether_it_was_asked_before_or_not(text: str) -> None:
    for function in (plain, narrow, strip_blanks, fold, is_words, ordinal):
        computed = function.__self__._function(text)  # type: ignore[attr-defined]
        assert function(text) == computed
        assert function(text) == computed


def read_all(order: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", READ, order], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    read: dict[str, object] = json.loads(done.stdout)
    return read


def test_a_document_says_the_same_whatever_was_read_before_it() -> None:
    forwards = read_all("forwards")
    assert len(forwards) >= 40
    assert forwards == read_all("backwards")
