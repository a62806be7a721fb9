"""What of a PDF page is painted so that a reader sees it: letters and rules without ink are taken out of its layout.

Left out are letters painted in no mode that shows (text rendering modes 3 and 7), in content that is switched off, of
the colour of their ground, and those over which a white box was laid; and rules of the colour of their ground, which
would cut rows that are one to the eye. The invisible text over the pictures of a recognised scan stays: it is what the
pictures show. `UNREAD` stands for digits of which nobody can say whether they show: cut by a box, or the rest of a
number whose other digits show; under a dark box, a small picture, or a high box that lies over a few letters.

Source: ISO 32000-1, 8.4-8.7 (painting), 8.11 (optional content), 9.3.6 (rendering modes).
"""

# The libraries offer no other way in: operators are methods named after them, and layouts give nothing back.
# ruff: noqa: N802, SLF001

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTCurve, LTFigure, LTImage, LTLine, LTPage, LTRect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFStackT
from pdfminer.pdftypes import PDFObjRef, resolve1
from pdfminer.psparser import PSLiteral

from parsers.characters import UNREAD
from parsers.formats import contrast

Corners = tuple[float, float, float, float]

_UNSEEN_MODES = frozenset({3, 7})
_THIN = 2.5  # points: what is thinner is a rule, what is thicker a ground
_COVER = 3  # times the height of a letter: higher boxes may be clipped grounds
_SPOT = 20  # times the height of a letter: wider pictures are strips of a scan
_FEW = 12  # letters: boxes over more are grounds, whatever was painted first
_CUT = 0.3  # of the width of a letter: of what is covered of it more, is no letter
_TOUCH = 0.15  # of the height: digits of one number are no farther apart
_DARK = 0.2  # of white: on darker grounds black letters do not show
# Colour spaces whose numbers say how light a colour is; in others (inks, palettes) nothing follows from a number.
_PLAIN = frozenset({"DeviceGray", "DeviceRGB", "DeviceCMYK", "CalGray", "CalRGB", "ICCBased", "G", "RGB", "CMYK"})


def lay_out(page: Any, off: frozenset[int]) -> None:
    """Give a pdfplumber page its layout, without what nobody sees.

    Args:
        page: the page; its objects must not have been asked for yet.
        off: optional content that is switched off (`switched_off`).
    """
    device = _Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    device.off = off
    _Interpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    layout = device.get_result()
    unseen, doubtful = _unseen(device.painted)
    for letter in doubtful:
        letter._text = UNREAD
    if unseen:
        _take_out(layout, unseen)
    page._layout = layout


def switched_off(catalog: Any) -> frozenset[int]:
    """Object numbers of the optional content that a file shows nobody by default."""
    properties = resolve1(catalog.get("OCProperties"))
    chosen = resolve1(properties.get("D")) if isinstance(properties, dict) else None
    if not isinstance(chosen, dict):
        return frozenset()

    def numbers(holder: dict[str, Any], name: str) -> set[int]:
        return {item.objid for item in resolve1(holder.get(name)) or () if isinstance(item, PDFObjRef)}

    base = resolve1(chosen.get("BaseState"))
    off: set[int] = set()
    if isinstance(base, PSLiteral) and base.name == "OFF":
        off = numbers(properties, "OCGs") - numbers(chosen, "ON")
    return frozenset(off | numbers(chosen, "OFF"))


@dataclass(slots=True)
class _Painted:
    """One thing painted, in the order of painting.

    Attributes:
        ink: its colour; None where that cannot be told.
        shown: false where its mode or its content shows nobody anything.
        switched: false where it is the content that is switched off.
    """

    item: Any
    ink: contrast.Colour | None
    shown: bool = True
    switched: bool = True
    box: Corners = field(init=False)

    def __post_init__(self) -> None:
        self.box = (self.item.x0, self.item.y0, self.item.x1, self.item.y1)


class _Device(PDFPageAggregator):
    """Keeps the order in which things are painted, and whether they show."""

    off: frozenset[int] = frozenset()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.painted: list[_Painted] = []
        self._content: list[bool] = []
        self._mode = 0

    def enter(self, *, off: bool) -> None:
        self._content.append(off)

    def leave(self) -> None:
        if self._content:
            self._content.pop()

    def render_string(self, textstate: Any, *args: Any) -> None:
        self._mode = textstate.render
        super().render_string(textstate, *args)

    def render_char(self, *args: Any, **more: Any) -> float:
        advance = float(super().render_char(*args, **more))
        item: Any = self.cur_item._objs[-1]
        state = item.graphicstate
        stroked = self._mode in {1, 2, 5, 6}
        ink = _ink(state.scolor, state.scs) if self._mode in {1, 5} else _ink(state.ncolor, state.ncs)
        if stroked and ink is not None and not contrast.shows(ink):
            ink = _ink(state.scolor, state.scs)
        on = not any(self._content)
        self.painted.append(_Painted(item, ink, on and self._mode not in _UNSEEN_MODES, on))
        return advance

    def render_image(self, *args: Any, **more: Any) -> None:
        super().render_image(*args, **more)
        on = not any(self._content)
        self.painted.append(_Painted(self.cur_item._objs[-1], None, on, on))

    def paint_path(self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:
        before = len(self.cur_item._objs)
        super().paint_path(gstate, stroke, fill, evenodd, path)
        on = not any(self._content)
        if len(self.cur_item._objs) == before + 1 and sum(step[0] == "m" for step in path) == 1:
            # A path of several parts is painted part by part, and each comes here by itself.
            filled = _ink(gstate.ncolor, gstate.ncs) if fill else contrast.WHITE
            drawn = _ink(gstate.scolor, gstate.scs) if stroke else contrast.WHITE
            ink = drawn if filled is not None and not contrast.shows(filled) else filled
            self.painted.append(_Painted(self.cur_item._objs[-1], ink, on, on))


class _Interpreter(PDFPageInterpreter):
    """Tells the device which marked content is switched off."""

    device: _Device

    def do_BMC(self, tag: PDFStackT) -> None:
        self.device.enter(off=False)
        super().do_BMC(tag)

    def do_BDC(self, tag: PDFStackT, props: PDFStackT) -> None:
        named: Any = props
        if isinstance(props, PSLiteral):
            known = resolve1(self.resources.get("Properties"))
            named = known.get(props.name) if isinstance(known, dict) else None
        optional = isinstance(tag, PSLiteral) and tag.name == "OC"
        self.device.enter(off=optional and self._is_off(named))
        super().do_BDC(tag, props)

    def do_EMC(self) -> None:
        super().do_EMC()
        self.device.leave()

    def do_Do(self, xobjid_arg: PDFStackT) -> None:
        name = xobjid_arg.name if isinstance(xobjid_arg, PSLiteral) else None
        stream: Any = resolve1(self.xobjmap.get(name)) if name is not None else None
        content = stream.attrs.get("OC") if hasattr(stream, "attrs") else None
        if content is not None and self._is_off(content):
            return
        super().do_Do(xobjid_arg)

    def _is_off(self, content: Any) -> bool:
        """Whether a group, or every group of a set of them, is switched off."""
        if not self.device.off:
            return False
        if isinstance(content, PDFObjRef) and content.objid in self.device.off:
            return True
        held = resolve1(content)
        groups = held.get("OCGs") if isinstance(held, dict) else None
        # One group, a list of them, or a reference to such a list; a group is known by its reference alone.
        listed = resolve1(groups)
        if not isinstance(listed, list):
            listed = [groups]
        numbers = [group.objid for group in listed if isinstance(group, PDFObjRef)]
        return bool(numbers) and all(number in self.device.off for number in numbers)


def _ink(colour: Any, space: Any) -> contrast.Colour | None:
    if getattr(space, "name", "DeviceGray") not in _PLAIN:
        return None
    parts = colour if isinstance(colour, tuple | list) else (colour,)
    if not all(isinstance(part, int | float) for part in parts):
        return None
    return contrast.of_ink([min(1.0, max(0.0, float(part))) for part in parts])


def _unseen(painted: Sequence[_Painted]) -> tuple[set[int], list[LTChar]]:
    """Which items no reader sees, by their identity, and the digits of which nobody can say whether they show."""
    grounds = [(at, one) for at, one in enumerate(painted) if one.shown and _is_ground(one)]
    pictures = [one.box for _, one in grounds if isinstance(one.item, LTImage)]
    dark = [(at, one) for at, one in grounds if _is_dark(one.ink)]
    covers = _Covers(painted, grounds)
    gone: set[int] = set()
    doubtful: list[LTChar] = []
    for at, one in enumerate(painted):
        if not isinstance(one.item, LTChar):
            seen = one.shown and not _is_lost_rule(at, one, grounds)
        elif not one.shown:
            # A recognised scan: the letters are invisible, and the picture below shows them.
            seen = one.switched and any(_holds(picture, one.box) for picture in pictures)
        else:
            # Light letters are lost on any light ground, black ones on a dark one alone.
            on = grounds if _is_light(one.ink) else dark
            seen = one.ink is None or _shows(at, one, on)
            hidden = covers.hide(at) if seen else False
            if hidden is None:
                doubtful.append(one.item)
            elif hidden:
                seen = False
        if not seen:
            gone.add(id(one.item))
    return gone, doubtful


def _is_lost_rule(at: int, one: _Painted, grounds: Sequence[tuple[int, _Painted]]) -> bool:
    """Whether something is a rule of the colour of its ground."""
    is_rule = isinstance(one.item, LTCurve) and not _is_ground(one)
    return is_rule and _is_light(one.ink) and not _shows(at, one, grounds)


class _Covers:
    """Boxes and small pictures that may have been laid over letters."""

    def __init__(self, painted: Sequence[_Painted], grounds: Sequence[tuple[int, _Painted]]) -> None:
        self._painted = painted
        self._grounds = grounds
        self._laid = [(at, one) for at, one in grounds if isinstance(one.item, LTRect | LTImage)]
        self._starts = [at for at, _ in self._laid]
        self._held: dict[int, int] = {}

    def hide(self, at: int) -> bool | None:
        """Whether a letter is hidden; None for digits of which it cannot be told."""
        letter = self._painted[at].box
        x0, x1, middle = letter[0], letter[2], (letter[1] + letter[3]) / 2
        in_doubt = False
        for later, one in self._laid[bisect.bisect(self._starts, at) :]:
            if not (one.box[0] < x1 and one.box[2] > x0 and one.box[1] < middle < one.box[3]):
                continue
            hides = self._hides(at, later, one)
            if hides:
                return True
            in_doubt = in_doubt or hides is None
        if in_doubt and not self._is_printed_again(at):
            return None
        return False

    def _hides(self, at: int, later: int, cover: _Painted) -> bool | None:
        box, letter = cover.box, self._painted[at].box
        height = letter[3] - letter[1]
        low = box[3] - box[1] <= _COVER * height
        digit = _is_digit(self._painted[at])
        blank = isinstance(cover.item, LTRect) and (_is_light(cover.ink) or self._is_as_ground(at, cover))
        if blank and low and _covers(box, letter):
            return None if digit and self._is_torn(at, later) else True
        covered = min(box[2], letter[2]) - max(box[0], letter[0])
        if not digit or covered <= _CUT * (letter[2] - letter[0]):
            return False
        if isinstance(cover.item, LTImage):
            in_doubt = low and box[2] - box[0] <= _SPOT * height
        else:
            in_doubt = (blank or _is_dark(cover.ink)) and (low or self._holds_few(later, cover))
        return None if in_doubt else False

    def _is_printed_again(self, at: int) -> bool:
        """Whether the same digit is printed in its place once more, as programs do that paint a cell anew."""
        first = self._painted[at]
        reach = 2 * _TOUCH * (first.box[3] - first.box[1])
        for one in self._painted[at + 1 :]:
            if not _is_digit(one) or not one.shown or one.item.get_text() != first.item.get_text():
                continue
            if abs(one.box[0] - first.box[0]) < reach and abs(one.box[1] - first.box[1]) < reach:
                return True
        return False

    def _is_as_ground(self, at: int, cover: _Painted) -> bool:
        """Whether a box has the colour of what lies below a letter, so that nobody sees it there."""
        letter = self._painted[at].box
        below = [one.ink for earlier, one in self._grounds if earlier < at and _holds(one.box, letter)]
        if not below or below[-1] is None or cover.ink is None:
            return False
        return all(abs(one - other) < 1 / 64 for one, other in zip(below[-1], cover.ink, strict=True))

    def _is_torn(self, at: int, later: int) -> bool:
        """Whether a covered digit is one of a number whose next digit shows."""
        letter = self._painted[at].box
        reach = _TOUCH * (letter[3] - letter[1])
        cover = self._painted[later].box
        for one in self._painted[:later]:
            if not _is_digit(one) or not one.shown or abs(one.box[1] - letter[1]) > reach:
                continue
            apart = min(abs(one.box[0] - letter[2]), abs(one.box[2] - letter[0]))
            if apart <= reach and not _covers(cover, one.box):
                return True
        return False

    def _holds_few(self, later: int, cover: _Painted) -> bool:
        if later not in self._held:
            letters = [one for one in self._painted[:later] if isinstance(one.item, LTChar)]
            self._held[later] = sum(bool(one.item.get_text().strip()) and _holds(cover.box, one.box) for one in letters)
        return self._held[later] <= _FEW


def _is_digit(one: _Painted) -> bool:
    return isinstance(one.item, LTChar) and one.item.get_text().isdigit()


def _is_dark(ink: contrast.Colour | None) -> bool:
    return ink is not None and sum(ink) < 3 * _DARK


def _is_light(ink: contrast.Colour | None) -> bool:
    return ink is not None and not contrast.shows(ink)


def _is_ground(one: _Painted) -> bool:
    if isinstance(one.item, LTImage):
        return True
    thick = one.box[2] - one.box[0] >= _THIN and one.box[3] - one.box[1] >= _THIN
    return thick and isinstance(one.item, LTCurve) and not isinstance(one.item, LTLine) and bool(one.item.fill)


def _shows(at: int, one: _Painted, grounds: Sequence[tuple[int, _Painted]]) -> bool:
    """Whether something shows on what was painted below it last."""
    below = [ground for earlier, ground in grounds if earlier < at and _holds(ground.box, one.box)]
    ground = below[-1].ink if below else contrast.WHITE
    return one.ink is None or ground is None or contrast.shows(one.ink, ground)


def _holds(outer: Corners, inner: Corners) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] - 1 <= x <= outer[2] + 1 and outer[1] - 1 <= y <= outer[3] + 1


def _covers(box: Corners, letter: Corners) -> bool:
    return box[0] <= letter[0] + 1 and box[2] >= letter[2] - 1 and box[1] < (letter[1] + letter[3]) / 2 < box[3]


def _take_out(container: LTPage | LTFigure, gone: set[int]) -> None:
    container._objs = [item for item in container._objs if id(item) not in gone]
    for item in container._objs:
        if isinstance(item, LTFigure):
            _take_out(item, gone)
