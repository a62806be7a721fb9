"""The place at the start of a text: the longest reading, with fewer short forms, over more levels."""

from __future__ import annotations

import pytest

from parsers.identity.divisions import load


@pytest.mark.parametrize(
    ("text", "within", "named"),
    [
        ("河南省焦作市温县教育局", None, ["410000", "410800", "410825"]),
        ("温县教育局", None, ["410825"]),
        ("博爱县孝敬镇人民政府", None, ["410822", "410822106"]),
        ("孝敬镇人民政府", "410822", ["410822106"]),
        ("孝敬镇人民政府", None, None),
        ("黔西南州教育局", None, ["522300"]),
        ("教育局", None, None),
    ],
)
def test_the_divisions_named_on_the_way(text: str, within: str | None, named: list[str] | None) -> None:
    place = load().read(text, 2022, within)
    assert (None if place is None else [division.code for division in place.path]) == named


def test_namesakes_are_all_given_and_told_apart_by_what_is_known() -> None:
    place = load().read("鼓楼区人民政府", 2022)
    assert place is not None
    assert len(place.candidates) > 2
    inside = load().read("鼓楼区人民政府", 2022, "350100")
    assert inside is not None
    assert [division.code for division in inside.candidates] == ["350102"]


def test_a_short_form_is_said_to_be_one_and_needs_what_may_follow_it() -> None:
    place = load().read("河北教育厅", 2022)
    assert place is not None
    assert (place.short, place.length) == (True, 2)
    whole = load().read("河北省教育厅", 2022)
    assert whole is not None
    assert (whole.short, whole.length) == (False, 3)
