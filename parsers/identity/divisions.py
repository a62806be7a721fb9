"""Administrative divisions with the years in which they existed (GB/T 2260), townships (GB/T 10114) on demand.

Everything is decided by the report's year: 蓬莱区 exists from 2020, before that the place was 蓬莱市. Names are shared
(four 鼓楼区, 88 城关镇), so whatever looks a name up gets all that bear it; who calls decides or says that it cannot.
The lists and their sources: ``config/divisions/README.md``.
"""

from __future__ import annotations

import csv
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from parsers.configuration import ConfigModel, facts_file, load_facts
from parsers.errors import ConfigurationError
from parsers.record import Division

Level = Literal["central", "province", "prefecture", "county", "township"]

_LONGEST_NAME = 20
_ADVICE = "Build it anew with scripts/make_divisions.py"
CENTRAL = Division("000000", "中国", "central")


class _Names(ConfigModel):
    peoples: tuple[str, ...]
    autonomous: dict[str, tuple[str, ...]]
    nicknames: dict[str, str]
    township_endings: dict[str, str]
    endings: tuple[str, ...]
    not_after_short: tuple[str, ...]
    townships: tuple[str, ...]


class _Row(NamedTuple):
    """One division under one name; ``last`` is None while it exists."""

    code: str
    name: str
    first: int
    last: int | None

    def exists(self, year: int) -> bool:
        return self.first <= year and (self.last is None or year <= self.last)

    def distance(self, year: int) -> int:
        """Years between ``year`` and the division's time."""
        if year < self.first:
            return self.first - year
        return year - self.last if self.last is not None and year > self.last else 0


@dataclass(frozen=True, slots=True)
class Place:
    """A place read at the start of a text.

    Attributes:
        candidates: the divisions it may be; more than one when namesakes remain.
        length: how many characters of the text name it.
        path: the divisions named on the way, outermost first, ending with the place itself; of the first candidate.
        short: the place itself was named by a short form (``河北``, ``黔西南``).
    """

    candidates: tuple[Division, ...]
    length: int
    path: tuple[Division, ...]
    short: bool = False


class _Step(NamedTuple):
    row: _Row
    end: int
    short: bool


def level_of(code: str) -> Level:
    """The level a code stands for: 6 digits to county level, 9 for townships."""
    if len(code) == 9:
        return "township"
    if code == CENTRAL.code:
        return "central"
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


class Divisions:
    """All divisions.

    Args:
        names, divisions, townships: the files ``names.yaml``, ``divisions.csv`` and ``townships.csv`` of the facts.

    Raises:
        ConfigurationError: a file is missing or a row cannot be read.
    """

    def __init__(self, names: Path, divisions: Path, townships: Path) -> None:
        self._townships = townships
        self._names = load_facts(names, _Names)
        self._by_code: dict[str, list[_Row]] = defaultdict(list)
        for row in _read(divisions):
            self._by_code[row.code].append(row)

    def get(self, code: str, year: int | None = None) -> Division | None:
        """The division with this code, under the name it had at the end of ``year`` (None: the latest).

        A township code that is not listed gives None, as does a code that did not exist in that year.
        """
        if code == CENTRAL.code:
            return CENTRAL
        rows = self._townships_by_code.get(code, []) if len(code) == 9 else self._by_code.get(code, [])
        if year is None:
            return _division(max(rows, key=lambda row: row.first)) if rows else None
        return next((_division(row) for row in rows if row.exists(year)), None)

    def at(self, code: str, year: int) -> Division | None:
        """The division that a code of any time means in ``year``.

        Where the code did not exist yet (a portal describes itself with today's), the place of the same name in the
        same prefecture: 370614 蓬莱区 in 2015 is 370684 蓬莱市. None when there is no single such place.
        """
        found = self.get(code, year)
        if found is not None:
            return found
        known = self.get(code)
        if known is None or len(code) == 9:
            return known
        stem, level = self._stem(known.name), level_of(code)
        prefix = {"province": "", "prefecture": code[:2], "county": code[:4]}.get(level, code)
        for scope in dict.fromkeys((prefix, code[:2])):
            named = {
                row.code: _division(row)
                for row in self._rows()
                if row.exists(year) and row.code.startswith(scope) and level_of(row.code) == level
                if self._stem(row.name) == stem
            }
            if len(named) == 1:
                return next(iter(named.values()))
        return None

    def parent(self, code: str, year: int | None = None) -> Division | None:
        """The next division above that exists: a county without a prefecture lies directly in its province."""
        above = {9: (code[:6], code[:4] + "00", code[:2] + "0000"), 6: (code[:4] + "00", code[:2] + "0000")}
        for candidate in above.get(len(code), ()):
            if candidate != code:
                found = self.get(candidate, year)
                if found is not None:
                    return found
        return CENTRAL if code != CENTRAL.code else None

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
            return tuple(_division(row) for row in self._townships_below(code))
        prefix = "" if code == CENTRAL.code else code.rstrip("0").ljust(4 if level_of(code) == "prefecture" else 2, "0")
        found: dict[str, Division] = {}
        for row in self._rows():
            if row.code.startswith(prefix) and row.code != code and (year is None or row.exists(year)):
                above = self.parent(row.code, year)
                if above is not None and above.code == code:
                    found[row.code] = _division(row)
        return tuple(found[key] for key in sorted(found))

    def names(self, level: Level, year: int | None = None) -> frozenset[str]:
        """The names of all divisions of a level down to county."""
        rows = (row for row in self._rows() if level_of(row.code) == level)
        return frozenset(row.name for row in rows if year is None or row.exists(year))

    def find(self, name: str, year: int | None = None, within: str | None = None) -> tuple[Division, ...]:
        """All divisions of this name, by code.

        Args:
            name: the whole name (``温县``) or a short form (``河北``, ``黔西南州``); townships by the whole name only.
            year: only those that existed at its end; where none did, at the end of the next year (a report for 2018
                published in 2019 by the district founded between) and then of the year before.
            within: code of a division; only it and what lies in it.
        """
        rows = [*self._index.get(name, ()), *self._short_index.get(name, ())]
        if name.endswith(self._names.townships):
            rows += self._townships_named(name, within)
        inside = [row for row in rows if within is None or lies_in(row.code, within)]
        found = {row.code: _division(row) for row in _of_year(inside, year)}
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
        chains = list(self._chains(text, 0, None, year))
        if within is not None:
            inside = [c for c in chains if lies_in(c[-1].row.code, within) or lies_in(within, c[-1].row.code)]
            inside += list(self._chains(text, 0, within[:6], year))  # of a township: the names in its county
            inside = [chain for chain in inside if len(within) < 9 or chain[-1].row.code in {within, within[:6]}]
            chains = inside or chains
        if not chains:
            return None
        # The longest reading wins; among equals the one with fewer short forms, then the one that names more levels.
        length = max(chain[-1].end for chain in chains)
        best = [chain for chain in chains if chain[-1].end == length]
        fewest = min(sum(step.short for step in chain) for chain in best)
        best = [chain for chain in best if sum(step.short for step in chain) == fewest]
        if within is not None:
            best = [chain for chain in best if lies_in(chain[-1].row.code, within)] or best
        deepest = max(len(chain) for chain in best)
        best = [chain for chain in best if len(chain) == deepest]
        rows = _of_year([chain[-1].row for chain in best], year)
        candidates = {row.code: _division(row) for row in rows}
        first = next(chain for chain in best if chain[-1].row in rows)
        return Place(
            tuple(candidates[code] for code in sorted(candidates)),
            length,
            tuple(_division(step.row) for step in first),
            first[-1].short,
        )

    def shortened(self, text: str, above: str, year: int | None = None) -> tuple[tuple[Division, int], ...]:
        """Places in the division ``above`` that a text may begin with without their endings: 牟平 for 牟平区.

        Such a form is also the beginning of other words: who asks has to know of the place otherwise.

        Returns:
            Each place, with how many characters of the text name it.
        """
        found: list[tuple[Division, int]] = []
        for end in range(2, min(len(text), _LONGEST_NAME)):
            name = text[:end]
            rows = [row for row in self._short_index.get(name, ()) if level_of(row.code) == "county"]
            if level_of(above) == "county":
                rows = [row for ending in self._names.townships for row in self._townships_named(name + ending, above)]
            inside = {row.code: row for row in rows if row.code != above and lies_in(row.code, above)}
            found += [(_division(row), end) for row in _of_year(list(inside.values()), year)]
        return tuple(found)

    def _chains(self, text: str, start: int, above: str | None, year: int | None) -> Iterator[tuple[_Step, ...]]:
        """All ways to read place names at ``start``, each below the one before."""
        for step in self._steps(text, start, above, year):
            yield (step,)
            if len(step.row.code) == 6:
                for rest in self._chains(text, step.end, step.row.code, year):
                    yield (step, *rest)

    def _steps(self, text: str, start: int, above: str | None, year: int | None) -> Iterator[_Step]:
        known = text[start : start + 2] in self._beginnings
        if not known and (above is None or len(above) != 6):
            return
        for end in range(min(len(text), start + _LONGEST_NAME), start + 1, -1):
            name = text[start:end]
            for row in self._index.get(name, ()) if known else ():
                if _near(row, year) and (above is None or (row.code != above and lies_in(row.code, above))):
                    yield _Step(row, end, short=False)
            for row in self._short_index.get(name, ()) if known else ():
                if (
                    _near(row, year)
                    and (above is None or (row.code != above and lies_in(row.code, above)))
                    and not text.startswith(self._names.not_after_short, end)
                    and (level_of(row.code) in {"province", "prefecture"} or name.endswith(("县", "旗")))
                ):
                    yield _Step(row, end, short=True)
            if above is not None and len(above) == 6:
                for row in self._township_steps(name, above):
                    yield _Step(row, end, short=False)

    def _township_steps(self, name: str, above: str) -> Iterable[_Row]:
        if name.endswith(self._names.townships):
            return self._townships_named(name, above)
        for ending, whole in self._names.township_endings.items():
            if name.endswith(ending):
                return self._townships_named(name.removesuffix(ending) + whole, above)
        return ()

    def _townships_named(self, name: str, within: str | None) -> list[_Row]:
        bare = name.removesuffix("办事处") if name.endswith(("街道办事处", "地区办事处")) else name
        return [row for row in self._townships_by_name.get(bare, ()) if within is None or lies_in(row.code, within)]

    def _townships_below(self, code: str) -> list[_Row]:
        return [rows[0] for key, rows in sorted(self._townships_by_code.items()) if key.startswith(code)]

    def _rows(self) -> Iterator[_Row]:
        for rows in self._by_code.values():
            yield from rows

    def _stem(self, name: str) -> str:
        """A name without its ending and without peoples: 黔西南 for 黔西南布依族苗族自治州."""
        for ending in self._names.endings:
            if name.endswith(ending) and len(name) > len(ending):
                bare = name.removesuffix(ending)
                return self._without_peoples(bare) if ending in self._names.autonomous else bare
        return name

    def _without_peoples(self, name: str) -> str:
        changed = True
        while changed:
            changed = False
            for people in self._names.peoples:
                if name.endswith(people) and len(name) > len(people) + 1:  # 内蒙古 keeps its second half
                    name, changed = name.removesuffix(people), True
        return name

    @functools.cached_property
    def _index(self) -> dict[str, list[_Row]]:
        index: dict[str, list[_Row]] = defaultdict(list)
        for row in self._rows():
            index[row.name].append(row)
        return dict(index)

    @functools.cached_property
    def _short_index(self) -> dict[str, list[_Row]]:
        """Short forms: 黔西南州 and 黔西南, 维西县, 河北, 兴安. Never one character alone."""
        index: dict[str, list[_Row]] = defaultdict(list)
        for row in self._rows():
            stem = self._stem(row.name)
            forms = {stem}
            for ending, shorts in self._names.autonomous.items():
                if row.name.endswith(ending):
                    forms |= {stem + short for short in shorts}
            forms |= {nickname for nickname, name in self._names.nicknames.items() if name == row.name}
            for form in forms:
                if len(form) > 1 and form != row.name:
                    index[form].append(row)
        return dict(index)

    @functools.cached_property
    def _beginnings(self) -> frozenset[str]:
        """The first two characters of all names and short forms."""
        return frozenset(name[:2] for name in (*self._index, *self._short_index))

    @functools.cached_property
    def _townships_by_code(self) -> dict[str, list[_Row]]:
        return {row.code: [row] for row in _read(self._townships)}

    @functools.cached_property
    def _townships_by_name(self) -> dict[str, list[_Row]]:
        index: dict[str, list[_Row]] = defaultdict(list)
        for rows in self._townships_by_code.values():
            index[rows[0].name].append(rows[0])
        return dict(index)


FILES = ("names.yaml", "divisions.csv", "townships.csv")
"""What `Divisions` is made of, below ``divisions/`` of the facts."""


def load() -> Divisions:
    """The divisions of the configuration in use, read once."""
    return _load(*(facts_file(f"divisions/{name}") for name in FILES))


@functools.lru_cache(maxsize=4)
def _load(names: Path, divisions: Path, townships: Path) -> Divisions:
    return Divisions(names, divisions, townships)


def _read(path: Path) -> Iterator[_Row]:
    """Rows of one list; townships carry no years: they are taken for valid at any time."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            width = len(next(reader, []))
            for fields in reader:
                row = _row(fields) if len(fields) == width else None
                if row is None:
                    raise ConfigurationError(
                        f"not a division: {','.join(fields)}", subject=f"{path} line {reader.line_num}", advice=_ADVICE
                    )
                yield row
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot be read ({error})", subject=str(path), advice=_ADVICE) from error


def _row(fields: list[str]) -> _Row | None:
    code, name, *years = fields
    if not (code.isdecimal() and name and all(year.isdecimal() for year in years if year)):
        return None
    if not years:
        return _Row(code, name, 0, None)
    return _Row(code, name, int(years[0] or 0), int(years[1]) if years[1] else None)


def _division(row: _Row) -> Division:
    return Division(row.code, row.name, level_of(row.code))


def prefix(code: str) -> str:
    """What the codes of a division and of all that lies in it begin with: 4108 for 410800."""
    return code[: {"central": 0, "province": 2, "prefecture": 4, "county": 6, "township": 9}[level_of(code)]]


def lies_in(code: str, within: str) -> bool:
    """Whether the division ``code`` is ``within`` or lies in it, by the codes alone."""
    return code.startswith(prefix(within))


def _near(row: _Row, year: int | None) -> bool:
    return year is None or row.distance(year) <= 1


def _of_year(rows: list[_Row], year: int | None) -> list[_Row]:
    """Those that existed at the end of the year, else of the next, else of the year before."""
    if year is None:
        latest: dict[str, _Row] = {}
        for row in rows:
            if row.code not in latest or row.first > latest[row.code].first:
                latest[row.code] = row
        current = [row for row in latest.values() if row.last is None]
        return current or list(latest.values())
    for when in (year, year + 1, year - 1):
        found = [row for row in rows if row.exists(when)]
        if found:
            return found
    return []
