"""The letters of a PDF page as a reader takes them: each once, marks as marks, and what is struck left out.

A letter is a dictionary as pdfplumber gives it: ``text``, its corners ``x0``, ``top``, ``x1``, ``bottom`` in points
from the upper left corner, ``size``, ``upright``. What stands in form fields and notes is put among them as if it were
printed; ``remark`` is true for what somebody wrote on the page afterwards.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from pdfminer.utils import decode_text

from parsers.characters import UNREAD, raised

Letter = dict[str, Any]
Stroke = tuple[float, float, float]  # x0, x1, height on the page

_TWICE = 0.2  # of the size: letters stand at least twice as far apart
_TINY = 1.5  # points: smaller letters are seen by nobody
_SMALL = 0.85  # of the size of the letter before: smaller ones may be marks
_LIFTED = 0.1  # of that size: how far above (below) its lower (upper) side they end
_LIFTED_WHOLE = 0.25  # the same, where they are no smaller
_MIDDLE = (0.3, 0.75)  # of a letter's height: where a line strikes it through
_BEYOND = 0.8  # of the size: how far such a line may reach beyond its letters
_THICK = 2.0  # points: how thick it may be
_SHORTEST = 2  # points: how long it must be
_BAND = 8  # points: height of the bands by which letters are looked up
_LARGEST_STAMP = 60.0  # points: bigger ones are seals, which lie over text
_HIDDEN = 2 | 32  # flags of annotations that are not shown: Hidden, NoView (ISO 32000-1, 12.5.3)
_PUSH_BUTTON = 1 << 16  # flag of a field (ISO 32000-1, 12.7.4.2)
_MOST_ENTRIES = 16  # of a field and those above it: enough for what is asked of them, an end where they go in circles
_SHOWING = (b"Tj", b"TJ", b" Do")  # operators that show text, and what is drawn elsewhere


def on_paper(letters: Sequence[Letter], paper: Sequence[float]) -> list[Letter]:
    """The letters that stand on the page as it is shown, and are large enough to be seen.

    Args:
        letters: all.
        paper: corners of what is shown of the page.
    """
    x0, top, x1, bottom = paper
    found = []
    for letter in letters:
        across, down = (letter["x0"] + letter["x1"]) / 2, (letter["top"] + letter["bottom"]) / 2
        if x0 <= across <= x1 and top <= down <= bottom and letter["size"] >= _TINY:
            found.append(letter)
    return found


def once(letters: Sequence[Letter]) -> list[Letter]:
    """The letters, those printed twice in the same place (bold, shadows) once."""
    found: list[Letter] = []
    near: dict[tuple[str, int], list[Letter]] = defaultdict(list)
    for letter in letters:
        text = letter["text"]
        reach = _TWICE * letter["size"]
        column = int(letter["x0"] // 4)
        twins = (twin for at in (column - 1, column, column + 1) for twin in near.get((text, at), ()))
        if not text.isspace() and any(
            abs(twin["x0"] - letter["x0"]) < reach
            and abs(twin["top"] - letter["top"]) < reach
            and abs(twin["size"] - letter["size"]) <= 0.1 * letter["size"]
            for twin in twins
        ):
            continue
        near[text, column].append(letter)
        found.append(letter)
    return found


def overprinted(letters: Sequence[Letter]) -> bool:
    """Whether different letters are printed in the same place, so that nobody can read them."""
    placed = sorted((letter for letter in letters if not letter["text"].isspace()), key=lambda letter: letter["x0"])
    for at, letter in enumerate(placed):
        reach = _TWICE * letter["size"]
        for other in placed[at + 1 :]:
            if other["x0"] - letter["x0"] >= reach:
                break
            if abs(other["top"] - letter["top"]) < reach and _is_figure(letter) and _is_figure(other):
                return True
    return False


def with_marks(letters: Sequence[Letter]) -> list[Letter]:
    """The letters, digits above or below their line written as superscripts: they are no part of a number."""
    found: list[Letter] = []
    base: Letter | None = None
    bases = [letter for letter in letters if not letter.get("faint")]  # a watermark has no marks
    sizes = Counter(letter["size"] for letter in letters)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    for letter in letters:
        if letter["text"].isdigit():
            beside = base if base is not None and _follows(base, letter) else None
            if beside is None and letter["size"] < _SMALL * usual:  # marks may be printed when all else is
                beside = next((one for one in bases if _is_small(letter, one) and _follows(one, letter)), None)
            if beside is not None and _is_mark(letter, beside):
                line = {side: beside[side] for side in ("top", "bottom", "doctop")}  # it is read behind its number
                found.append({**letter, **line, "text": raised(letter["text"])})
                continue
        found.append(letter)
        base = letter if letter["text"].strip() and not letter.get("faint") else base
    return found


def _is_small(letter: Letter, base: Letter) -> bool:
    return bool(letter["size"] < _SMALL * base["size"])


def _follows(base: Letter, letter: Letter) -> bool:
    """Whether a letter stands right behind another, at about its height."""
    return bool(
        base["x1"] - 1 <= letter["x0"] <= base["x1"] + 2 * base["size"]
        and letter["top"] < base["bottom"]
        and letter["bottom"] > base["top"]
        and base["text"].strip()
    )


def _is_mark(letter: Letter, base: Letter) -> bool:
    lift = (base["bottom"] - letter["bottom"]) / base["size"]
    drop = (letter["top"] - base["top"]) / base["size"]
    half = base["bottom"] - base["size"] / 2
    if _is_small(letter, base):
        above = lift > _LIFTED and letter["top"] < half
        below = letter["bottom"] > base["bottom"] + _LIFTED * base["size"] and letter["top"] > base["top"]
        return bool(above or below)
    near = letter["x0"] <= base["x1"] + 0.5 * base["size"] and letter["size"] <= 1.1 * base["size"]
    return bool(near and base["text"].isdigit() and _LIFTED_WHOLE < max(lift, drop) < 0.7 and lift * drop < 0)


def strokes(lines: Sequence[dict[str, Any]], rectangles: Sequence[dict[str, Any]]) -> list[Stroke]:
    """The level lines of a page, drawn as lines or as flat boxes."""
    found = []
    for item in (*lines, *rectangles):
        flat = item["bottom"] - item["top"] <= _THICK
        if flat and item["x1"] - item["x0"] >= _SHORTEST:
            found.append((float(item["x0"]), float(item["x1"]), float(item["top"] + item["bottom"]) / 2))
    return found


def struck(letters: Sequence[Letter], lines: Sequence[Stroke]) -> tuple[set[int], list[Stroke]]:
    """Which letters (by index) a line strikes through, and these lines: each ends where its letters end."""
    by_height: dict[int, list[int]] = defaultdict(list)
    for index, letter in enumerate(letters if lines else ()):
        if letter["upright"]:
            for band in range(int(letter["top"] // _BAND), int(letter["bottom"] // _BAND) + 1):
                by_height[band].append(index)
    gone: set[int] = set()
    used: list[Stroke] = []
    for x0, x1, height in lines:
        near = by_height.get(int(height // _BAND), ())
        under = [index for index in near if _runs_through((x0, x1, height), letters[index])]
        if not under:
            continue
        reach = _BEYOND * max(letters[index]["size"] for index in under)
        first = min(letters[index]["x0"] for index in under)
        last = max(letters[index]["x1"] for index in under)
        if abs(x0 - first) <= reach and abs(x1 - last) <= reach:
            gone.update(under)
            used.append((x0, x1, height))
    return gone, used


def _runs_through(line: Stroke, letter: Letter) -> bool:
    """Whether a line crosses a letter in the middle of its height."""
    x0, x1, height = line
    tall = letter["bottom"] - letter["top"]
    crosses = letter["top"] + _MIDDLE[0] * tall <= height <= letter["top"] + _MIDDLE[1] * tall
    within = x0 <= (letter["x0"] + letter["x1"]) / 2 <= x1
    return bool(crosses and within and letter["text"].strip())


def known(letter: Letter) -> bool:
    """Whether its font says which letter it is."""
    return not letter["text"].startswith("(cid:") and letter["text"] != "�"


def named(letters: Sequence[Letter]) -> list[Letter]:
    """The letters, those of fonts that do not say which they are as `UNREAD`."""
    return [letter if known(letter) else {**letter, "text": UNREAD} for letter in letters]


def of_annotations(page: Any) -> tuple[list[Letter], list[Stroke]]:
    """What form fields and notes of a page print, as letters, and the lines that strike text through.

    Args:
        page: a pdfplumber page.
    """
    if not page.page_obj.annots:
        return [], []
    found: list[Letter] = []
    lines: list[Stroke] = []
    try:
        annotations = page.annots
    except Exception:  # noqa: BLE001  # whatever a damaged annotation provokes: it is one, and the page is worth more
        return [], []
    for note in annotations:
        data = note["data"]
        kind = getattr(data.get("Subtype"), "name", "")
        if int(data.get("F") or 0) & _HIDDEN:
            continue
        if kind == "StrikeOut":
            lines += _crossed(page, note)
        text = _printed(kind, data, note)
        if text.strip():
            found += ({**letter, "remark": kind == "FreeText"} for letter in _letters(text, note, page))
    return found, lines


def _printed(kind: str, data: dict[str, Any], note: dict[str, Any]) -> str:
    """What a note or form field shows: its text, `UNREAD` where that is no text, nothing where nobody sees it."""
    if kind == "FreeText":
        return _text(data.get("Contents")) or UNREAD
    if kind in {"Stamp", "Ink"}:
        small = note["width"] <= _LARGEST_STAMP and note["height"] <= _LARGEST_STAMP
        return UNREAD if small and data.get("AP") else ""
    if kind != "Widget":
        return ""
    field = _inherited(data)
    kind = getattr(field.get("FT"), "name", "")
    if kind == "Btn":
        is_off = getattr(data.get("AS"), "name", "Off") == "Off"
        is_push_button = int(field.get("Ff") or 0) & _PUSH_BUTTON
        return "" if is_off or is_push_button else UNREAD
    if kind not in {"Tx", "Ch"}:
        return ""
    text = _value_of(field)
    if text.strip():
        return text
    drawn: Any = (data.get("AP") or {}).get("N")
    content = drawn.get_data() if hasattr(drawn, "get_data") else b""
    shows_something = any(operator in content for operator in _SHOWING)
    return UNREAD if shows_something else ""


def _inherited(data: dict[str, Any]) -> dict[str, Any]:
    """A form field with what it takes from the fields that it is a part of."""
    field: dict[str, Any] = {}
    at: Any = data
    while isinstance(at, dict) and len(field) < _MOST_ENTRIES:
        field = {**at, **field}
        at = at.get("Parent") if at.get("Parent") is not at else None
    return field


def _value_of(field: dict[str, Any]) -> str:
    """The text of a field, or what its chosen options are shown as."""
    shown = {}
    for option in field.get("Opt") or ():
        if isinstance(option, list) and len(option) == 2:
            shown[_text(option[0])] = _text(option[1])
    value = field.get("V")
    chosen = value if isinstance(value, list) else [value]
    texts = [_text(one) for one in chosen if one is not None]
    return "\n".join(shown.get(text, text) for text in texts)


def _text(value: Any) -> str:
    if hasattr(value, "get_data"):
        value = value.get_data()
    if isinstance(value, bytes):
        return decode_text(value).replace("\r\n", "\n").replace("\r", "\n")
    return value if isinstance(value, str) else ""


def _letters(text: str, note: dict[str, Any], page: Any) -> Iterator[Letter]:
    """A text as letters that fill the box of its note."""
    lines = text.split("\n")
    height = (note["bottom"] - note["top"]) / len(lines)
    for number, line in enumerate(lines):
        size = max(1.0, min(height * 0.8, 12.0))
        width = min(0.5 * size, (note["x1"] - note["x0"]) / max(1, len(line)))
        top = note["top"] + number * height + (height - size) / 2
        left = (note["x0"] + note["x1"] - width * len(line)) / 2
        for at, letter in enumerate(line):
            x0 = left + at * width
            yield {
                "object_type": "char",
                "page_number": page.page_number,
                "text": letter,
                "x0": x0,
                "x1": x0 + width,
                "top": top,
                "bottom": top + size,
                "doctop": page.initial_doctop + top,
                "y0": float(page.height) - top - size,
                "y1": float(page.height) - top,
                "width": width,
                "height": size,
                "size": size,
                "adv": width,
                "upright": True,
                "fontname": "",
                "matrix": (1, 0, 0, 1, x0, float(page.height) - top - size),
                "non_stroking_color": (0,),
                "stroking_color": (0,),
            }


def _crossed(page: Any, note: dict[str, Any]) -> Iterator[Stroke]:
    """The lines of a note that strikes text through: one for each of its quadrilaterals."""
    points = [float(number) for number in note["data"].get("QuadPoints") or ()]
    corners = [points[at : at + 8] for at in range(0, len(points) - 7, 8)]
    if not corners:
        yield note["x0"], note["x1"], (note["top"] + note["bottom"]) / 2
    for quad in corners:
        placed = [_placed(page, x, y) for x, y in zip(quad[::2], quad[1::2], strict=True)]
        across, down = [x for x, _ in placed], [top for _, top in placed]
        yield min(across), max(across), (min(down) + max(down)) / 2


def _placed(page: Any, x: float, y: float) -> tuple[float, float]:
    """Where a point of a file stands on the page as it is shown, from the upper left corner."""
    width, height = float(page.width), float(page.height)
    match page.rotation:
        case 90:
            return y, x
        case 180:
            return width - x, y
        case 270:
            return width - y, height - x
        case _:
            return x, height - y


def _is_figure(letter: Letter) -> bool:
    return bool(letter["text"].isdigit())
