"""Progress on stderr: one line that is rewritten on a terminal and fits it, lines now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Mapping

from crawler.terminal.streams import columns, note, rewrite, say


class _Line:
    """A line about what is going on: one on a terminal, else a new one at most every so many seconds."""

    def __init__(self, every: float) -> None:
        self._terminal = sys.stderr.isatty()
        self._every = every
        self._begun = self._last = time.monotonic()
        self._shown = False

    def _show(self, text: str) -> None:
        if self._terminal:
            rewrite(text)
            self._shown = True
        else:
            note(text)

    def done(self) -> None:
        """End the line."""
        if self._shown:
            say("\n", stream=sys.stderr)


class ProgressLine(_Line):
    """How far crawls are."""

    def __init__(self, *, every: float = 15.0, quiet: bool = False) -> None:
        super().__init__(every)
        self._quiet = quiet

    def __call__(self, counts: Mapping[str, Counter[str]]) -> None:
        """Show the state of all crawls."""
        now = time.monotonic()
        if self._quiet or (not self._terminal and now - self._last < self._every):
            return
        self._last = now
        self._show(_said(counts, int(now - self._begun), columns(sys.stderr)))


def _said(counts: Mapping[str, Counter[str]], seconds: int, width: int | None) -> str:
    """The state of all crawls in one line: in words while that fits, else figures, else the first of them."""
    begun = f"[{seconds} s] "
    figures = {
        name: (each["requests"], each["lists/answers"], each["reports/found"] + each["reports/files"])
        for name, each in counts.items()
    }
    words = ("{}: {} requests, {} lists, {} reports".format(name, *each) for name, each in figures.items())
    spelled = begun + "; ".join(words)
    if width is None or _fits(spelled, width):
        return spelled
    sums = "{} requests, {} lists, {} reports".format(*map(sum, zip(*figures.values(), strict=True)))
    if len(figures) == 1:
        return f"{begun}{sums}"[: width - 1]
    short = [f"{name} {'/'.join(map(str, each))}" for name, each in figures.items()]
    for head in (f"{begun}{sums}: ", f"{begun}requests/lists/reports: ", begun):
        if _fits(text := head + ", ".join(short), width):
            return text
    for kept in range(len(short) - 1, 0, -1):
        if _fits(text := f"{begun}{', '.join(short[:kept])} and {len(short) - kept} more", width):
            return text
    return f"{begun}{sums}"[: width - 1]


def _fits(text: str, width: int) -> bool:
    from rich.cells import cell_len

    return cell_len(text) < width  # a full line would scroll some terminals


class StageLine(_Line):
    """How far a stage of the index is."""

    def __init__(self, *, every: float = 10.0) -> None:
        super().__init__(every)
        self._told = ""  # the stage that was begun to be told, off a terminal

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage is."""
        now = time.monotonic()
        text = f"{stage} {done}/{total}"
        if self._terminal:
            self._show(text[: (columns(sys.stderr) or len(text) + 1) - 1])
        elif now - self._last >= self._every or (done == total and self._told == stage):
            self._show(text)
            self._last, self._told = now, "" if done == total else stage
