"""Administrative divisions with the years in which they existed (GB/T 2260), townships (GB/T 10114) on demand.

Everything is decided by the report's year: 蓬莱区 exists from 2020, before that the place was 蓬莱市. Names are shared
(four 鼓楼区, 88 城关镇), so whatever looks a name up gets all that bear it; who calls decides or says that it cannot.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from parsers.configuration import facts_file, load_facts
from parsers.identity.division_list import CENTRAL, Level, Row, level_of, lies_in, prefix, read_rows, rows_of_year
from parsers.identity.division_names import DivisionNames, NameWords
from parsers.identity.place_names import Place, read_place
from parsers.record import Division

__all__ = ["CENTRAL", "FILES", "Divisions", "Level", "Place", "level_of", "lies_in", "load", "prefix"]

FILES = ("names.yaml", "divisions.csv", "townships.csv")
"""What `Divisions` is made of, below ``divisions/`` of the facts."""


class Divisions:
    """All divisions.

    Args:
        names, divisions, townships: the files ``names.yaml``, ``divisions.csv`` and ``townships.csv`` of the facts.

    Raises:
        ConfigurationError: a file is missing or a row cannot be read.
    """

    def __init__(self, names: Path, divisions: Path, townships: Path) -> None:
        words = load_facts(names, NameWords)
        self._by_code: dict[str, list[Row]] = defaultdict(list)
        for row in read_rows(divisions):
            self._by_code[row.code].append(row)
        self._names = DivisionNames(words, list(self.rows()), townships)

    def rows(self) -> Iterator[Row]:
        """All rows to county level: a division that was renamed has several."""
        for rows in self._by_code.values():
            yield from rows

    def get(self, code: str, year: int | None = None) -> Division | None:
        """The division with this code, under the name it had at the end of ``year`` (None: the latest).

        A township code that is not listed gives None, as does a code that did not exist in that year.
        """
        if code == CENTRAL.code:
            return CENTRAL
        if level_of(code) == "township":
            township = self._names.townships_by_code.get(code)
            rows = [township] if township is not None else []
        else:
            rows = self._by_code.get(code, [])
        if year is None:
            return max(rows, key=lambda row: row.first).as_division() if rows else None
        return next((row.as_division() for row in rows if row.exists(year)), None)

    def at(self, code: str, year: int) -> Division | None:
        """The division that a code of any time means in ``year``.

        Where the code did not exist yet (a portal describes itself with today's), the place of the same name in the
        same prefecture: 370614 蓬莱区 in 2015 is 370684 蓬莱市. None when there is no single such place.
        """
        found = self.get(code, year)
        if found is not None:
            return found
        known = self.get(code)
        if known is None or known.level == "township":
            return known
        beside = {"province": "", "prefecture": code[:2], "county": code[:4]}.get(known.level, code)
        # In its prefecture, else in its province: prefectures were drawn anew, too.
        for scope in dict.fromkeys((beside, code[:2])):
            named = self._find_same_stem(known, scope, year)
            if len(named) == 1:
                return named[0]
        return None

    def parent(self, code: str, year: int | None = None) -> Division | None:
        """The next division above that exists: a county without a prefecture lies directly in its province."""
        if code == CENTRAL.code:
            return None
        above = {6: (4, 2), 9: (6, 4, 2)}.get(len(code), ())  # digits of the codes above it, from below
        for digits in above:
            candidate = code[:digits].ljust(6, "0")
            found = self.get(candidate, year) if candidate != code else None
            if found is not None:
                return found
        return CENTRAL

    def ancestors(self, code: str, year: int | None = None) -> tuple[Division, ...]:
        """All divisions above to the province, outermost first."""
        found: list[Division] = []
        above = self.parent(code, year)
        while above is not None and above.level != "central":
            found.insert(0, above)
            above = self.parent(above.code, year)
        return tuple(found)

    def children(self, code: str, year: int | None = None) -> tuple[Division, ...]:
        """The divisions directly below, by code; below a county its townships."""
        if level_of(code) == "county":
            townships = self._names.townships_by_code
            return tuple(townships[key].as_division() for key in sorted(townships) if key.startswith(code))
        beginning = prefix(code)
        found: dict[str, Division] = {}
        for row in self.rows():
            if not row.code.startswith(beginning) or row.code == code:
                continue
            if year is not None and not row.exists(year):
                continue
            above = self.parent(row.code, year)
            if above is not None and above.code == code:
                found[row.code] = row.as_division()
        return tuple(found[key] for key in sorted(found))

    def names(self, level: Level, year: int | None = None) -> frozenset[str]:
        """The names of all divisions of a level down to county."""
        rows = (row for row in self.rows() if level_of(row.code) == level)
        return frozenset(row.name for row in rows if year is None or row.exists(year))

    def find(self, name: str, year: int | None = None, within: str | None = None) -> tuple[Division, ...]:
        """All divisions of this name, by code.

        Args:
            name: the whole name (``温县``) or a short form (``河北``, ``黔西南州``); townships by the whole name only.
            year: only those that existed at its end; where none did, at the end of the next year (a report for 2018
                published in 2019 by the district founded between) and then of the year before.
            within: code of a division; only it and what lies in it.
        """
        rows = [*self._names.by_name(name), *self._names.by_short_form(name)]
        if name.endswith(self._names.words.townships):
            rows += self._names.townships_named(name, within)
        inside = [row for row in rows if within is None or lies_in(row.code, within)]
        found = {row.code: row.as_division() for row in rows_of_year(inside, year)}
        # A name that one division bears whole is no short form of another.
        whole = {code: division for code, division in found.items() if division.name == name}
        chosen = whole or found
        return tuple(chosen[code] for code in sorted(chosen))

    def read(self, text: str, year: int | None = None, within: str | None = None) -> Place | None:
        """The place named at the start of ``text``: 河南省焦作市温县..., 温县..., 博爱县孝敬镇..., 兴安盟....

        Args:
            text: folded (no blanks).
            year: as in `find`.
            within: a division known to be right; namesakes outside it are left out where one inside fits. The names
                of divisions above it may come first in the text.
        """
        return read_place(self._names, text, year, within)

    def shortened(self, text: str, above: str, year: int | None = None) -> tuple[tuple[Division, int], ...]:
        """Places in the division ``above`` that a text may begin with without their endings: 牟平 for 牟平区.

        Such a form is also the beginning of other words: who asks has to know of the place otherwise.

        Returns:
            Each place, with how many characters of the text name it.
        """
        found: list[tuple[Division, int]] = []
        for end in range(2, min(len(text), self._names.longest)):
            inside: dict[str, Row] = {}
            for row in self._shortened_to(text[:end], above):
                if row.code != above and lies_in(row.code, above):
                    inside[row.code] = row
            found += [(row.as_division(), end) for row in rows_of_year(list(inside.values()), year)]
        return tuple(found)

    def _shortened_to(self, name: str, above: str) -> Iterator[Row]:
        """Divisions whose names are so without their endings: counties, or the townships of a county."""
        if level_of(above) == "county":
            for ending in self._names.words.townships:
                yield from self._names.townships_named(name + ending, above)
            return
        for row in self._names.by_short_form(name):
            if level_of(row.code) == "county":
                yield row

    def _find_same_stem(self, known: Division, scope: str, year: int) -> list[Division]:
        """Divisions of the same level and stem whose codes begin with ``scope``."""
        stem = self._names.stem(known.name)
        found: dict[str, Division] = {}
        for row in self.rows():
            if not row.exists(year) or not row.code.startswith(scope) or level_of(row.code) != known.level:
                continue
            if self._names.stem(row.name) == stem:
                found[row.code] = row.as_division()
        return list(found.values())


def load() -> Divisions:
    """The divisions of the configuration in use, read once."""
    return _load(*(facts_file(f"divisions/{name}") for name in FILES))


@functools.lru_cache(maxsize=4)
def _load(names: Path, divisions: Path, townships: Path) -> Divisions:
    return Divisions(names, divisions, townships)
