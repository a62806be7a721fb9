"""What a reader sees of an element's text: whether it is shown at all, and whether it is a mark set above the line.

A `Look` is what an element hands down to those in it. Text is not seen when it is struck through, of no size, of its
ground's colour, transparent, cut off, moved off the page or kept from being shown; the words for it are CSS's (and the
elements' and attributes' that HTML says the same with: HTML Standard, section 15 "Rendering").
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from PIL import ImageColor

from parsers.formats import contrast

_Colour = tuple[int, int, int]
Reason = Literal["", "struck", "sizeless", "colourless", "hidden"]

_WHITE: _Colour = (255, 255, 255)
_BLACK: _Colour = (0, 0, 0)
_LINK: _Colour = (0, 0, 238)
_SIZE = 16.0  # CSS pixels: a browser's own font size
_SMALLEST = 2.0  # CSS pixels: a smaller letter is a dot
_FAR = -300.0  # CSS pixels: text moved so far to the left or up, or ten times as far elsewhere, stands on no page
_FAINT = 0.06  # opacity: one part in sixteen leaves no trace
_SHIFT = 2.0  # CSS pixels: a smaller one sets a line straight and makes no mark
_FAINTEST = 1.2  # contrast by WCAG 2.2 ("contrast ratio", 1 to 21); less is not seen, the palest greys in use have 1.3
_CELLS = frozenset({"td", "th", "tr", "tbody", "thead", "tfoot", "table", "col", "colgroup", "caption"})
_LENGTH = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(px|pt|pc|in|cm|mm|em|rem|ex|ch|vw|vh|%)?(?![\w.])")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "rem": _SIZE, "vw": 12.8, "vh": 7.2}
_SIZES = {"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0}
_CLIPPED = re.compile(
    r"inset\(\s*(?:[5-9]\d|100)(?:\.\d+)?%|circle\(\s*0|polygon\(\s*0[^,]*(?:,\s*0[a-z%]*\s+0[a-z%]*\s*)+\)"
)
_MOVED = re.compile(r"translate(?:3d|x|y)?\(([^)]*)\)")
_SCALED = re.compile(r"scale[xy3d]*\(\s*0(?:\.0*)?\s*[,)]")
_UNTOLD = re.compile(r"url\(|gradient\(|var\(|color|(?:lab|lch|hwb)\(")  # what is behind the letters is not said here
_OPACITY = re.compile(r"opacity\(\s*([\d.]+)")
_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^)]*\)|[a-z]+")
_NO_COLOURS = frozenset({"none", "repeat", "scroll", "center", "left", "right", "top", "bottom", "inherit", "initial"})


@dataclass(frozen=True, slots=True)
class Look:
    """What holds for the text in an element.

    Attributes:
        shown: its ``visibility``.
        size: of its letters, in CSS pixels.
        struck: a line goes through it.
        gone: nothing in it can be seen, whatever it says itself.
        colour: of its letters; None: transparent.
        ground: the colour behind them; None: a picture, or a colour that another file may set.
        pale: its letters are white on a ground that is not known.
    """

    shown: bool = True
    size: float = _SIZE
    struck: bool = False
    gone: bool = False
    colour: _Colour | None = _BLACK
    ground: _Colour | None = _WHITE
    pale: bool = False

    @property
    def unseen(self) -> Reason:
        """Why text is not seen; empty when it is."""
        if self.struck:
            return "struck"
        if self.size <= _SMALLEST:
            return "sizeless"
        if self.colour is None or (self.ground is not None and _contrast(self.colour, self.ground) < _FAINTEST):
            return "colourless"
        return "hidden" if self.gone or not self.shown else ""


PLAIN = Look()


def inner(look: Look, tag: str, declared: Mapping[str, str], attributes: Mapping[str, str], *, others: bool) -> Look:
    """The look of what is in an element.

    Args:
        look: of the element's parent.
        tag: its name.
        declared: what the page's styles say of it (`stylesheet.Styles.of`).
        attributes: its own.
        others: the page has style sheets of other files, which may set the ground of what has a class.
    """
    visibility = declared.get("visibility")
    decoration = f"{declared.get('text-decoration', '')} {declared.get('text-decoration-line', '')}"
    struck = "line-through" in decoration or (tag in {"s", "strike", "del"} and not decoration.strip())
    ground = _ground(look, declared, attributes, others=others)
    colour = _colour(look, tag, declared, attributes)
    return dataclasses.replace(
        look,
        shown=look.shown if visibility in {None, "inherit"} else visibility in {"visible", "initial"},
        size=_font_size(look.size, declared),
        struck=look.struck or struck,
        gone=look.gone or _is_gone(tag, declared, look.size),
        colour=colour,
        ground=ground,
        pale=ground is None and colour is not None and _contrast(colour, _WHITE) < _FAINTEST,
    )


def is_hidden(tag: str, declared: Mapping[str, str], attributes: Mapping[str, str]) -> bool:
    """Whether an element takes no room at all."""
    display = declared.get("display")
    if declared.get("mso-hide") == "all" or display == "none":
        return True
    if display is not None:
        return False
    return (
        "hidden" in attributes
        or tag == "rp"
        or (tag == "dialog" and "open" not in attributes)
        or (tag == "input" and attributes.get("type", "").lower() == "hidden")
        or (tag == "tr" and declared.get("visibility") == "collapse")
    )


def is_raised(tag: str, declared: Mapping[str, str], size: float) -> bool:
    """Whether an inline element stands above or below the line, as marks of footnotes do."""
    if tag in {"sup", "sub", "rt"}:
        return True
    if tag in _CELLS:
        return False  # there the words say where in its cell a text stands
    align = declared.get("vertical-align", "")
    if align in {"super", "sub"}:
        return True
    shifts = [align]
    if declared.get("position") == "relative":
        shifts += [declared.get("top", ""), declared.get("bottom", "")]
    if moved := _MOVED.search(declared.get("transform", "")):
        shifts.append(moved.group(1).rpartition(",")[2] if "translatey" in moved.group() else "")
    return any(abs(_length(shift, size) or 0.0) >= _SHIFT for shift in shifts)


def _is_gone(tag: str, declared: Mapping[str, str], size: float) -> bool:
    opacity = _OPACITY.search(declared.get("filter", ""))
    for value in (declared.get("opacity"), opacity.group(1) if opacity else None):
        if value is not None and _number(value, 1.0) < _FAINT:
            return True
    position = declared.get("position", "static")
    if position in {"absolute", "fixed"} and _is_clipped(declared.get("clip", "")):
        return True
    if _CLIPPED.search(declared.get("clip-path", "")):
        return True
    places = [declared.get("text-indent", ""), declared.get("margin-left", ""), *_margin(declared.get("margin", ""))]
    if position in {"absolute", "fixed", "relative"}:
        sides = ("left", "right", "top", "bottom")
        places += [declared.get(side, "") for side in sides] + declared.get("inset", "").split()
    moved = _MOVED.search(declared.get("transform", ""))
    places += moved.group(1).split(",") if moved else []
    if any(not _FAR < (_length(place.strip(), size) or 0.0) < -10 * _FAR for place in places):
        return True
    return _SCALED.search(declared.get("transform", "")) is not None or _is_folded(tag, declared, position, size)


def _is_folded(tag: str, declared: Mapping[str, str], position: str, size: float) -> bool:
    """A box without room that cuts off what does not fit into it."""
    overflow = " ".join(declared.get(name, "") for name in ("overflow", "overflow-x", "overflow-y"))
    if not ("hidden" in overflow or "clip" in overflow) or tag in _CELLS:
        return False
    inline = tag in {"span", "font", "a", "b", "i", "em", "strong", "u", "small", "big", "label"}
    box = declared.get("display", "inline" if inline else "block") != "inline"
    if not (box or position in {"absolute", "fixed"} or declared.get("float", "none") != "none"):
        return False
    sides = (declared.get(side, "") for side in ("width", "height", "max-width", "max-height"))
    return any(length is not None and length <= 1.0 for length in (_length(side, size) for side in sides))


def _is_clipped(clip: str) -> bool:
    numbers = [float(number) for number, _ in _LENGTH.findall(clip.partition("(")[2])]
    if len(numbers) != 4:
        return False
    top, right, bottom, left = numbers
    return right - left <= 1 or bottom - top <= 1


def _margin(value: str) -> list[str]:
    sides = value.split()
    return [sides[(0, 0, 1, 1, 3)[min(len(sides), 4)]]] if sides else []


def _font_size(parent: float, declared: Mapping[str, str]) -> float:
    # Whichever of the two stands later holds; `stylesheet` hands them over in their order.
    size = parent
    for name, value in declared.items():
        if name == "font-size":
            size = _SIZES.get(value, _length(value, parent, of=parent) if _LENGTH.match(value) else None) or (
                0.0 if _LENGTH.fullmatch(value) else parent
            )
        elif name == "font":
            shorthand = re.search(r"(?:^|\s)([\d.]+(?:px|pt|em|rem|%)|0)(?:\s*/\s*\S+)?\s+\S", value)
            if shorthand:
                size = _length(shorthand.group(1), parent, of=parent) or 0.0
    return size


def _length(value: str, size: float, of: float | None = None) -> float | None:
    """A length in CSS pixels; None where it is none. ``of``: what per cents are parts of (else of a line's height)."""
    match = _LENGTH.fullmatch(value)
    if match is None:
        return None
    number, unit = float(match.group(1)), match.group(2)
    if unit is None:
        return number
    if unit == "%":
        return number / 100 * (of if of is not None else size * 1.2)
    if unit in {"em", "ex", "ch"}:
        return number * size * (1.0 if unit == "em" else 0.5)
    return number * _PIXELS[unit]


def _number(value: str, otherwise: float) -> float:
    match = re.fullmatch(r"(\d+\.?\d*|\.\d+)(%?)", value)
    return otherwise if match is None else float(match.group(1)) / (100 if match.group(2) else 1)


def _colour(look: Look, tag: str, declared: Mapping[str, str], attributes: Mapping[str, str]) -> _Colour | None:
    named = declared.get("color") or {"font": attributes.get("color"), "body": attributes.get("text")}.get(tag)
    if named in {"inherit", "currentcolor"}:
        return look.colour
    if not named:
        return _LINK if tag == "a" and "href" in attributes and look.colour is not None else look.colour
    read = _read_colour(named.strip().lower(), look.ground or _WHITE)
    return look.colour if read == "unknown" else read


def _ground(look: Look, declared: Mapping[str, str], attributes: Mapping[str, str], *, others: bool) -> _Colour | None:
    ground: _Colour | None = look.ground
    if others and (attributes.get("class") or attributes.get("id")):
        ground = None
    if attributes.get("background"):
        ground = None
    if bgcolor := attributes.get("bgcolor", "").strip().lower():
        ground = _opaque(bgcolor if bgcolor.isalpha() or "#" in bgcolor else f"#{bgcolor}", ground)
    for name, value in declared.items():
        if name not in {"background", "background-color", "background-image"}:
            continue
        for word in _COLOUR.findall(re.sub(r"url\([^)]*\)", "", value)) if name != "background-image" else ():
            ground = _opaque(word, ground)
        if _UNTOLD.search(value):
            ground = None
    return ground


def _opaque(word: str, ground: _Colour | None) -> _Colour | None:
    """The ground under a background's word; a word for no colour changes nothing."""
    read = "unknown" if word in _NO_COLOURS else _read_colour(word, ground or _WHITE)
    return ground if read is None or read == "unknown" else read


@functools.lru_cache(maxsize=1024)
def _read_colour(text: str, ground: _Colour) -> _Colour | Literal["unknown"] | None:
    """A colour as it is seen on its ground; None: transparent."""
    if text == "transparent":
        return None
    functional = re.fullmatch(r"(rgb|hsl)a?\((.*)\)", text)
    alpha = 1.0
    if functional:
        parts = re.split(r"[\s,/]+", functional.group(2).strip())
        alpha = _number(parts[3], 1.0) if len(parts) > 3 else 1.0
        text = f"{functional.group(1)}({','.join(part.removesuffix('deg') for part in parts[:3])})"
    elif re.fullmatch(r"#(?:[0-9a-f]{4}|[0-9a-f]{8})", text):
        alpha = int(text[-2:], 16) / 255 if len(text) > 5 else int(text[-1], 16) / 15
    try:
        seen = ImageColor.getrgb(text)[:3]
    except ValueError:
        return "unknown"
    if alpha < _FAINT:
        return None
    mixed = [round(alpha * channel + (1 - alpha) * below) for channel, below in zip(seen, ground, strict=True)]
    return (mixed[0], mixed[1], mixed[2])


@functools.lru_cache(maxsize=1024)
def _contrast(first: _Colour, second: _Colour) -> float:
    one, other = ((red / 255, green / 255, blue / 255) for red, green, blue in (first, second))
    return contrast.ratio(one, other)
