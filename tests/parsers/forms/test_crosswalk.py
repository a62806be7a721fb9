"""The crosswalk: what a formula may be, and what is said of a wrong one when it is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parsers import ConfigurationError
from parsers.forms import templates
from parsers.forms.crosswalk import operands, read_crosswalk
from tests.conftest import ROOT

SERIES = """\
crosswalk:
  - code: h_new
    label_zh: 申请
    label_en: requests
    fmt2019: req_new + req_old
    fmt2030: sum(treaties_*)
    remarks: {fmt2019: both}
    comparability: same
"""
FORMS = {"fmt2019": ("req_new", "req_old"), "fmt2030": ("treaties_made", "treaties_kept")}


def test_a_series_names_its_forms_and_a_new_form_is_one_more_name() -> None:
    (series,) = read_crosswalk(SERIES, "crosswalk.yaml", FORMS)
    assert series.formulas == {"fmt2019": "req_new + req_old", "fmt2030": "sum(treaties_*)"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            ("req_old\n", "req_odl\n"),
            "crosswalk.yaml line 5: crosswalk.0.fmt2019: 'req_odl' fits no code of the form fmt",
        ),
        (("sum(treaties_*)", "sum(treaty_*)"), "line 6: crosswalk.0.fmt2030: 'sum(treaty_*)' fits no code"),
        (("sum(treaties_*)", "''"), "line 6: crosswalk.0.fmt2030: '' fits no code"),
        (
            ("fmt2030:", "fmt2031:"),
            "line 6: crosswalk.0.fmt2031: is neither a field nor a form; the forms are fmt2019, ",
        ),
        (("    comparability", "    comparabilty"), "crosswalk.0.comparability: Field required"),
        (("fmt2030: sum(treaties_*)", "fmt2030: 7"), "line 6: crosswalk.0.fmt2030: Input should be a valid string"),
        (("{fmt2019: both}", "{fmt2018: both}"), "line 7: crosswalk.0.remarks.fmt2018: there is no such form"),
    ],
)
def test_a_wrong_series_is_told_by_file_line_and_field(change: tuple[str, str], told: str) -> None:
    text = SERIES.replace(*change)
    assert text != SERIES
    with pytest.raises(ConfigurationError, match=re.escape(told)):
        read_crosswalk(text, "crosswalk.yaml", FORMS)


def test_a_series_that_is_there_twice_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"line 9: crosswalk\.1\.code: the series h_new is there twice"):
        read_crosswalk(SERIES + SERIES.partition("\n")[2], "crosswalk.yaml", FORMS)


def test_loading_the_forms_checks_the_formulas() -> None:
    directory = ROOT / "config" / "templates"
    files = [(path, path.read_text(encoding="utf-8")) for path in sorted(directory.glob("*.yaml"))]
    known = [(path, text) for path, text in files if "\ntemplate:" in text or path.name == "reading.yaml"]
    text = (directory / "crosswalk.yaml").read_text(encoding="utf-8")
    assert templates.build([*known, (Path("crosswalk.yaml"), text)]).crosswalk
    wrong = text.replace("fmt2021: req_new__total", "fmt2021: req_neu__total", 1)
    with pytest.raises(ConfigurationError, match=r"line \d+: crosswalk\.0\.fmt2021: 'req_neu__total' fits no code"):
        templates.build([(Path("crosswalk.yaml"), wrong), *known])


def test_the_crosswalk_says_of_every_series_how_comparable_it_is() -> None:
    known = templates.load()
    assert len(known.crosswalk) > 20
    assert all(line.comparability and line.code.startswith("h_") for line in known.crosswalk)
    assert all(line.formulas["fmt2021"] or line.remarks for line in known.crosswalk)


def test_a_formula_with_an_unknown_code_is_named() -> None:
    assert operands("req_new + sum(a_*)", ["req_new", "a_1", "a_2"]) == ("req_new", "a_1", "a_2")
    with pytest.raises(ConfigurationError, match="req_nwe"):
        operands("req_new + req_nwe", ["req_new"])
