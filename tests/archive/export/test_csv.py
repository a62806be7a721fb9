"""Tables for analysts: the same bytes from the same archive, blanks never zero, forms never mixed."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Home
from archive.database import open_database
from archive.export import export_csv
from archive.export.csv import _lines
from archive.export.tables import Head, Tables
from archive.index.indexer import index
from archive.records.reports import Filter


def tables(home: Home, out: Path, **wanted: Any) -> dict[str, list[dict[str, str]]]:
    """Export and read back."""
    with open_database(home) as database:
        export_csv(database, out, Filter(**wanted))
    found = {}
    for path in sorted(out.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def test_the_tables_say_what_the_records_are(filled: Home, tmp_path: Path) -> None:
    found = tables(filled, tmp_path / "out")
    reports = found["reports"]
    assert [(r["agency_name"], r["role"], r["is_current"]) for r in reports] == [
        ("温县人民政府", "body", "true"),
        ("温县人民政府", "twin", "false"),
        ("镇平县人民政府", "body", "false"),
        ("镇平县人民政府", "body", "true"),
    ]
    assert reports[3]["supersedes"] == reports[2]["version_id"]
    assert [r["origin"] for r in reports] == ["not obtained from the named host"] * 3 + [""]
    assert (reports[0]["province_name"], reports[0]["city_name"]) == ("河南省", "焦作市")
    cells = {(r["report_id"], r["code"]): (r["value"], r["status"], r["value_raw"]) for r in found["cells_long"]}
    first, second = reports[0]["report_id"], reports[3]["report_id"]
    assert cells == {
        (first, "req_new__total"): ("41", "number", "41"),
        (first, "req_carried_in__total"): ("", "blank", "/"),
        (second, "req_new__total"): ("7", "number", "7"),
    }
    assert [r["req_new__total"] for r in found["wide_fmt2021"]] == ["41", "7"]
    assert [r["req_carried_in__total"] for r in found["wide_fmt2021_status"]] == ["blank", ""]
    assert found["wide_fmt2019"] == []
    assert [(r["h_req_received"], r["h_denied"]) for r in found["panel_harmonised"]] == [("41", ""), ("7", "")]
    assert {r["division_code"] for r in found["divisions"]} == {"410000", "410800", "410825", "411300", "411324"}
    assert [(r["name"], r["n_reports"]) for r in found["agencies"]] == [("温县人民政府", "1"), ("镇平县人民政府", "1")]
    assert [(r["rule_id"], r["outcome"], r["verdict"]) for r in found["checks"]] == [
        ("T3_ROW_SUM", "pass", ""),
        ("X_TWIN", "pass", ""),
        ("T3_ROW_SUM", "fail", ""),
    ]
    assert {r["table"] for r in found["columns"]} >= {"wide_fmt2019", "wide_fmt2021", "panel_harmonised"}
    assert all(r["label_zh"] and r["label_en"] for r in found["columns"])
    printed = {r["column"]: r["label_zh"] for r in found["columns"] if r["table"] == "cells_long"}
    assert printed["req_denied__total"] == "（三）不予公开小计 / 总计"
    assert "req_other__total" not in printed  # a row of the form of 2019
    assert "h_adminfee" not in found["panel_harmonised"][0]  # three different things: no form has such a series


def test_the_same_archive_gives_the_same_bytes(filled: Home, tmp_path: Path) -> None:
    tables(filled, tmp_path / "a")
    index(filled, rebuild=True, processes=1)
    tables(filled, tmp_path / "b")
    one, other = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("a", "b"))
    assert one == other
    assert all(content.startswith(b"\xef\xbb\xbf") for content in one.values())


def test_a_filter_narrows_every_table(filled: Home, tmp_path: Path) -> None:
    found = tables(filled, tmp_path / "out", year=2022)
    assert {row["report_year"] for row in found["reports"]} == {"2022"}
    assert len(found["cells_long"]) == len(found["agencies"]) == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "true"), (0.5, "0.5"), (7, "7"), ("-", "-"), ("", ""), ("+1036", "+1036"), ("——", "——"),
     ("=1+1", "'=1+1"), ("-2+cmd|x", "'-2+cmd|x"), ("+1\n+cmd|'/C x'!A0", "\"'+1\n+cmd|'/C x'!A0\""),
     ("\n=1", "\"'\n=1\""), ("＝1+1", "'＝1+1"), ("－－", "－－"), ('{"a":2,"b":1}', '"{""a"":2,""b"":1}"')],
)  # fmt: skip
def test_values_as_they_stand_in_a_cell(value: Any, text: str) -> None:
    assert list(_lines([("r", value)], [1])) == [f"r,{text}\n"]


CELLS = (
    st.none() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(exclude_characters="=@＝＠+-＋－"))
)


@settings(derandomize=True)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5))
def test_lines_are_those_of_the_csv_module(rows: list[tuple[Any, ...]]) -> None:
    """But for a carriage return that stands alone: without quotes it would end the line for many readers."""
    told = [
        [value.lstrip("\t\r\n").replace("\r", "") if isinstance(value, str) else value for value in row] for row in rows
    ]
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(told)
    assert "".join(_lines(told, range(3))) == file.getvalue()


def test_a_carriage_return_stands_in_quotes() -> None:
    """Without them it would end the line for many readers."""
    assert list(_lines([("a\rb",)], [0])) == ['"a\rb"\n']


def test_only_columns_of_our_own_words_are_written_as_they_are(filled: Home) -> None:
    """A column that is new is looked at, until somebody says that nothing strange can stand in it."""
    with open_database(filled) as database, database.session() as session:
        heads = dict(Tables(session, Filter()).heads())
    named = {name: {head.columns[at] for at in head.strange} for name, head in heads.items()}
    assert named["cells_long"] == {"value_raw", "unit_raw", "alternatives", "locator"}
    assert "name" in named["agencies"] & named["divisions"]
    assert named["wide_fmt2021"] == named["wide_fmt2021_status"] == set()
    assert Head.of(("report_id", "new"), ("req_new__total",)).strange == (1,)
