from __future__ import annotations

from pathlib import Path

import pytest

from parsers import ConfigurationError
from parsers.forms import templates

FORM = """\
template: fmt2030
zh: 新格式
en: An invented form
years: {from: 2030}
basis: test
decisive: [本年订立件数]
tables:
  proactive:
    kind: blocks
    zh: 主动公开
    en: proactive
    markers: [信息内容]
    rows:
      - code: treaties
        zh: 协议
        en: agreements
        match: [协议]
        cells:
          - {code: treaties_made, column: 本年订立件数, match: [本年订立件数], unit: 件, type: count, en: made}
"""


def test_the_forms_have_the_cells_of_the_official_ones() -> None:
    forms = templates.load().forms
    assert {name: len(form.codes()) for name, form in forms.items()} == {
        "fmt2019": 198,
        "fmt2021": 200,
        "stat2014": 58,
        "pre2014": 35,
    }


def test_the_codes_are_those_of_the_reference(shared: Path) -> None:
    import csv

    with (shared / "cells.csv").open(encoding="utf-8-sig", newline="") as file:
        wanted = {(row["template"].removesuffix("_local"), row["code"]) for row in csv.DictReader(file)}
    ours = {(name, code) for name, form in templates.load().forms.items() for code in form.codes()}
    assert ours == wanted


def test_a_code_means_the_same_in_every_form() -> None:
    known = templates.load()
    assert known.codes()["req_new__total"] == ("fmt2019", "fmt2021")
    assert known.codes()["req_other__total"] == ("fmt2019",)
    assert known.codes()["adminfee_amount_wan"] == ("fmt2021",)


def build(text: str) -> templates.Templates:
    reading = (Path(__file__).parents[3] / "config/templates/reading.yaml").read_text(encoding="utf-8")
    return templates.build([(Path("reading.yaml"), reading), (Path("fmt2030.yaml"), text)])


def test_a_form_is_a_file() -> None:
    assert build(FORM).forms["fmt2030"].codes() == ("treaties_made",)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("type: count", "type: counter"), "fmt2030.yaml line 19: tables.proactive"),
        (("    kind: blocks\n", "    kind: block\n"), "tables.proactive"),
        (("code: treaties_made", "cod: treaties_made"), "fmt2030.yaml line 19: tables.proactive"),
        (("years: {from: 2030}", "years: [2030]"), "years"),
        (("decisive: [", "decisive: ["), None),
    ],
)
def test_a_wrong_form_is_told_by_file_line_and_field(change: tuple[str, str], told: str | None) -> None:
    text = FORM.replace(*change)
    if told is None:
        build(text)
        return
    with pytest.raises(ConfigurationError) as error:
        build(text)
    assert told in str(error.value)


def test_a_code_that_is_there_twice_is_refused() -> None:
    line = "          - {code: treaties_made, column: 本年废止件数, match: [], unit: 件, type: count, en: made}\n"
    with pytest.raises(ConfigurationError, match="treaties_made"):
        build(FORM + line)


def test_the_same_form_twice_is_refused() -> None:
    reading = (Path(__file__).parents[3] / "config/templates/reading.yaml").read_text(encoding="utf-8")
    files = [(Path("reading.yaml"), reading), (Path("a.yaml"), FORM), (Path("b.yaml"), FORM)]
    with pytest.raises(ConfigurationError, match="twice"):
        templates.build(files)


def test_reading_facts_are_needed() -> None:
    with pytest.raises(ConfigurationError, match=r"reading\.yaml"):
        templates.build([(Path("fmt2030.yaml"), FORM)])
