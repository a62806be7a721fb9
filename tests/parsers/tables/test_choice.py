"""Tables of different forms in one document are told."""

from __future__ import annotations

import pytest

from parsers import Hints, parse
from parsers.forms import templates
from tests.parsers import layouts


def _page(*tables: tuple[str, int]) -> bytes:
    forms = templates.load().forms
    sheets = []
    for name, number in tables:
        form = forms[name]
        sheets.append(layouts.sheets(form, dict.fromkeys(form.codes(), "1"))[number])
    body = "".join(f"<p>{sheet.heading}</p>{layouts.html_table(sheet)}" for sheet in sheets)
    return f"<h1>温县水利局2021年政府信息公开工作年度报告</h1>{body}".encode()


def _mixed(data: bytes) -> list[str]:
    found = parse(data, Hints(url="report.html"))
    return [issue.message for issue in found.issues if issue.code == "forms_mixed"]


def test_small_tables_of_one_form_with_requests_of_another() -> None:
    for first, second in (("fmt2019", "fmt2021"), ("fmt2021", "fmt2019")):
        (message,) = _mixed(_page((first, 0), (second, 1)))
        assert f"proactive of {first}" in message
        assert f"requests of {second}" in message


@pytest.mark.parametrize("form", ["fmt2019", "fmt2021"])
def test_tables_of_one_form_are_not_mixed(form: str) -> None:
    assert _mixed(_page((form, 0), (form, 1), (form, 2))) == []
