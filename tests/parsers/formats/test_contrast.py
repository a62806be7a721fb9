import pytest

from parsers.formats.contrast import WHITE, of_hex, of_ink, shows


@pytest.mark.parametrize(
    ("ink", "ground", "seen"),
    [
        ("FFFFFF", "FFFFFF", False),
        ("FEFEFE", "FFFFFF", False),
        ("FF1F4E79", "1F4E79", False),
        ("000000", "0A0A0A", False),
        ("FFFFFF", "1F4E79", True),
        ("#000000", "FFFFFF", True),
        ("A6A6A6", "FFFFFF", True),
        ("FF0000", "FFFFFF", True),
    ],
)
def test_what_has_the_colour_of_its_ground_is_not_seen(ink: str, ground: str, *, seen: bool) -> None:
    one, other = of_hex(ink), of_hex(ground)
    assert one is not None
    assert other is not None
    assert shows(one, other) is seen


def test_colours_of_every_kind() -> None:
    assert of_hex("auto") is None
    assert of_hex(None) is None
    assert of_ink((1,)) == of_ink((1, 1, 1)) == of_ink((0, 0, 0, 0)) == WHITE
    assert of_ink((0, 0, 0, 1)) == (0, 0, 0)
    assert of_ink((1, 2)) is None
