"""Every code of a form has labels in both languages."""

from __future__ import annotations

import pytest

from archive.export.labels import labels
from parsers.forms import templates


@pytest.mark.parametrize("name", ["fmt2019", "fmt2021", "stat2014"])
def test_every_code_has_labels_in_both_languages(name: str) -> None:
    form = templates.load().forms[name]
    found = list(labels(form))
    assert [line[0] for line in found] == list(form.codes())
    assert all(zh and en for _, zh, en, _ in found)
