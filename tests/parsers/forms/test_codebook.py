from __future__ import annotations

from pathlib import Path

from parsers.forms import codebook, templates

PAGE = Path(__file__).parents[3] / "docs/codebook.md"


def test_every_cell_is_in_the_codebook_once() -> None:
    entries = list(codebook.entries())
    known = templates.load()
    assert len(entries) == sum(len(form.codes()) for form in known.forms.values())
    assert {(entry.template, entry.code) for entry in entries} == {
        (name, code) for name, form in known.forms.items() for code in form.codes()
    }
    assert all(entry.zh and entry.en for entry in entries)


def test_the_page_is_what_the_forms_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == codebook.markdown(), (
        "run: python -m parsers.forms.codebook > docs/codebook.md"
    )


def test_the_page_is_in_both_languages() -> None:
    page = codebook.markdown()
    assert "现行有效件数" in page
    assert "normative documents in force" in page
    assert "`h_req_received`" in page
