"""Divisions by the names that people write: whole names, short forms (河北, 黔西南州), townships with their office.

Townships are forty times as many as all else; their list is read when the first of them is asked for.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from parsers.configuration import ConfigModel
from parsers.identity.division_list import Row, lies_in, read_rows

_LONGEST_NAME = 20  # characters


class NameWords(ConfigModel):
    """``config/divisions/names.yaml``: what names of divisions end in, and how they are shortened."""

    peoples: tuple[str, ...]
    autonomous: dict[str, tuple[str, ...]]
    nicknames: dict[str, str]
    township_endings: dict[str, str]
    endings: tuple[str, ...]
    not_after_short: tuple[str, ...]
    townships: tuple[str, ...]


class DivisionNames:
    """Rows of divisions by name.

    Args:
        words: how names are made and shortened.
        rows: all rows to county level.
        townships: the list of townships.
    """

    longest = _LONGEST_NAME

    def __init__(self, words: NameWords, rows: Sequence[Row], townships: Path) -> None:
        self.words = words
        self._rows = rows
        self._townships = townships

    def by_name(self, name: str) -> Sequence[Row]:
        """The rows that bear this name."""
        return self._by_name.get(name, ())

    def by_short_form(self, name: str) -> Sequence[Row]:
        """The rows whose name may be shortened to this."""
        return self._by_short_form.get(name, ())

    def townships_named(self, name: str, within: str | None) -> list[Row]:
        """Townships of this name in a division, or anywhere; the 办事处 of a subdistrict is no part of its name."""
        bare = name.removesuffix("办事处") if name.endswith(("街道办事处", "地区办事处")) else name
        found = self._townships_by_name.get(bare, ())
        return [row for row in found if within is None or lies_in(row.code, within)]

    def townships_written(self, name: str, within: str) -> Iterable[Row]:
        """Townships that a text names so, their ending shortened or not (街道办 for 街道办事处)."""
        if name.endswith(self.words.townships):
            return self.townships_named(name, within)
        for ending, whole in self.words.township_endings.items():
            if name.endswith(ending):
                return self.townships_named(name.removesuffix(ending) + whole, within)
        return ()

    def is_beginning(self, letters: str) -> bool:
        """Whether a name or short form begins with these two letters."""
        return letters in self._beginnings

    def stem(self, name: str) -> str:
        """A name without its ending and without peoples: 黔西南 for 黔西南布依族苗族自治州."""
        for ending in self.words.endings:
            if name.endswith(ending) and len(name) > len(ending):
                bare = name.removesuffix(ending)
                return self._without_peoples(bare) if ending in self.words.autonomous else bare
        return name

    @functools.cached_property
    def townships_by_code(self) -> dict[str, Row]:
        """All townships."""
        return {row.code: row for row in read_rows(self._townships)}

    def _without_peoples(self, name: str) -> str:
        changed = True
        while changed:
            changed = False
            for people in self.words.peoples:
                if name.endswith(people) and len(name) > len(people) + 1:  # 内蒙古 keeps its second half
                    name = name.removesuffix(people)
                    changed = True
        return name

    def _short_forms(self, name: str) -> set[str]:
        """黔西南 and 黔西南州 for 黔西南布依族苗族自治州, 内蒙 for 内蒙古自治区. Never one character alone."""
        stem = self.stem(name)
        forms = {stem}
        for ending, shorts in self.words.autonomous.items():
            if name.endswith(ending):
                forms |= {stem + short for short in shorts}
        forms |= {nickname for nickname, whole in self.words.nicknames.items() if whole == name}
        return {form for form in forms if len(form) > 1 and form != name}

    @functools.cached_property
    def _by_name(self) -> dict[str, list[Row]]:
        index: dict[str, list[Row]] = defaultdict(list)
        for row in self._rows:
            index[row.name].append(row)
        return dict(index)

    @functools.cached_property
    def _by_short_form(self) -> dict[str, list[Row]]:
        index: dict[str, list[Row]] = defaultdict(list)
        for row in self._rows:
            for form in self._short_forms(row.name):
                index[form].append(row)
        return dict(index)

    @functools.cached_property
    def _beginnings(self) -> frozenset[str]:
        """The first two characters of all names and short forms: most places in a text are passed over by them."""
        return frozenset(name[:2] for name in (*self._by_name, *self._by_short_form))

    @functools.cached_property
    def _townships_by_name(self) -> dict[str, list[Row]]:
        index: dict[str, list[Row]] = defaultdict(list)
        for row in self.townships_by_code.values():
            index[row.name].append(row)
        return dict(index)
