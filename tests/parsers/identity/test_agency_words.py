"""The words of ``config/agencies.yaml``: ways to write a body, organs of the State Council, zones."""

from __future__ import annotations

from parsers.identity.agency_words import load_words


def test_a_canonical_writing_is_left_as_it_is() -> None:
    words = load_words()
    for name in ("人民政府", "人民政府办公室", "教育局", "卫生健康委员会"):
        assert words.write_body(name) == name


def test_government_is_written_out() -> None:
    assert load_words().write_body("政府办公室") == "人民政府办公室"


def test_every_way_to_write_an_organ_leads_to_one_that_leads_to_itself() -> None:
    organs = load_words().state_council
    assert all(organs[name] == name for name in organs.values())
    assert organs["教育部"] == "教育部"


def test_zones_are_known_by_their_kind_or_by_their_words() -> None:
    words = load_words()
    assert words.is_zone("经济开发区管理委员会")
    assert not words.is_zone("教育局")
