"""What a reader sees of cells by how they are set."""

import pytest

from parsers.formats import contrast
from parsers.formats.sheet.cell_styles import Font, Style, put

GREY = (0.5, 0.5, 0.5)


@pytest.mark.parametrize(
    ("font", "ground", "seen"),
    [
        (Font(), contrast.WHITE, "12"),
        (Font(struck=True), contrast.WHITE, ""),
        (Font(struck=True), None, ""),
        (Font(ink=contrast.WHITE), contrast.WHITE, ""),
        (Font(ink=contrast.WHITE), GREY, "12"),
        (Font(ink=contrast.WHITE), None, "12"),  # on a ground that is not known
        (Font(lifted=True), contrast.WHITE, "¹²"),
    ],
)
def test_a_stretch_of_text_is_read_as_it_is_set(font: Font, ground: contrast.Colour | None, seen: str) -> None:
    assert font.put("12", ground) == seen


@pytest.mark.parametrize(
    ("style", "seen"),
    [(Style(), None), (Style(code="0"), "13"), (Style(code="0.0"), None), (Style(Font(struck=True), code="0"), "")],
)
def test_a_number_is_told_where_its_cell_shows_another_or_none(style: Style, seen: str | None) -> None:
    assert put("12.5", style) == seen
