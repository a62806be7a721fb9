"""Ids are derived: the same things have the same ids everywhere, different things different ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive import identifiers


def test_ids_do_not_change_between_versions_of_this_program() -> None:
    """They stand in other people's tables: whoever changes how they are made breaks those."""
    agency = identifiers.agency_id("410825", "government_office", "温县人民政府办公室")
    publication = identifiers.publication_id("r", "GET", "http://a/", None)
    version = identifiers.version_id(publication, "urn:uuid:1")
    assert agency == "410825-d82c67dbab"
    assert identifiers.report_id(agency, 2020) == "410825-d82c67dbab-2020-main"
    assert identifiers.figure_id(version, "req_new__total") == f"{version}:req_new__total"
    assert publication == "p-33a6b37dc15cf776a0c9"
    assert version == "v-0c7a43c973803a50ee36"
    assert identifiers.reading_id(version, "p", "c") == "r-57f3a9bb5f5bb7b54eee"
    assert identifiers.finding_id("r", "T3_ROW_SUM", "req_new", ("o",)) == "f-45b61b58e3d8f407"
    assert identifiers.evidence_digest("pass", "1", None) == "e-19ed53083c2419f17a2a"
    assert identifiers.agency_id(None, None, "国家档案局").startswith("000000-")


PART = st.one_of(st.none(), st.text(max_size=8))


@given(st.lists(PART, min_size=1, max_size=4), st.lists(PART, min_size=1, max_size=4))
def test_different_parts_give_different_ids(one: list[str | None], other: list[str | None]) -> None:
    same = identifiers.evidence_digest(*one) == identifiers.evidence_digest(*other)
    assert same == (one == other)
