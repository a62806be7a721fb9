"""Progress: all crawls in one line that a terminal does not fold, in words while they fit."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from rich.cells import cell_len

from crawler.terminal import progress
from crawler.terminal.progress import ProgressLine, StageLine, _said

PORTALS = ("henan", "heilongjiang", "neimenggu", "guangdong", "xinjiang")


def counts(*names: str, size: int = 1) -> dict[str, Counter[str]]:
    return {
        name: Counter({"requests": size * (at + 1), "lists/answers": size, "reports/found": size, "reports/files": 1})
        for at, name in enumerate(names)
    }


@pytest.mark.parametrize("size", [1, 999, 123456])
@pytest.mark.parametrize("width", [20, 40, 80, 120])
@pytest.mark.parametrize("many", [1, 2, 5, 33])
def test_a_line_never_fills_its_terminal_and_hides_no_portal(many: int, width: int, size: int) -> None:
    names = [f"portal{at}" for at in range(many)]
    line = _said(counts(*names, size=size), 3600, width)
    assert cell_len(line) < width
    if many > 1 and width >= 80:
        more = re.search(r"and (\d+) more", line)
        told = [name for name in names if re.search(rf"\b{name}\b", line)]
        assert told
        assert len(told) + (int(more[1]) if more else 0) == many


def test_few_portals_are_told_in_words_and_many_in_figures() -> None:
    assert _said(counts("henan"), 7, 80) == "[7 s] henan: 1 requests, 1 lists, 2 reports"
    assert _said(counts("henan", "hebei"), 7, 80) == "[7 s] 3 requests, 2 lists, 4 reports: henan 1/1/2, hebei 2/1/2"
    five = ("henan", "hebei", "hubei", "hunan", "gansu")
    assert _said(counts(*five, size=8), 7, 80) == (
        "[7 s] henan 8/8/9, hebei 16/8/9, hubei 24/8/9, hunan 32/8/9, gansu 40/8/9"
    )
    assert _said(counts(*PORTALS), 7, 80).endswith("neimenggu 3/1/2 and 2 more")
    assert all(f"{name}: " in _said(counts(*PORTALS), 7, None) for name in PORTALS)


def test_off_a_terminal_everything_is_told_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    line = ProgressLine(every=0)
    line(counts(*PORTALS))
    line._every = 3600
    line(counts(*PORTALS))
    line.done()
    quiet = ProgressLine(every=0, quiet=True)
    quiet(counts(*PORTALS))
    quiet.done()
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_on_a_terminal_one_line_is_written_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr(progress, "columns", lambda _: 80)
    for line in (ProgressLine(), StageLine()):
        for _ in range(3):
            if isinstance(line, ProgressLine):
                line(counts(*PORTALS, size=1000))
            else:
                line("documents" * 20, 1, 2)
        line.done()
    shown = capsys.readouterr().err
    assert shown.count("\n") == 2
    assert shown.count("\r\x1b[K") == 6
    assert all(cell_len(part) < 80 for part in re.split("\r\x1b\\[K|\n", shown))
