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
_LARGEST_STAMP = 60.0  # points: bigger ones are seals, which lie over text
_HIDDEN = 2 | 32  # flags of annotations that are not shown: Hidden, NoView (ISO 32000-1, 12.5.3)


def on_paper(letters: Sequence[Letter], paper: Sequence[float]) -> list[Letter]:
    """The letters that stand on the page as it is shown, and are large enough to be seen.

    Args:
        letters: all.
        paper: corners of what is shown of the page.
    """
    x0, top, x1, bottom = paper
    return [
        letter
        for letter in letters
        if x0 <= (letter["x0"] + letter["x1"]) / 2 <= x1
        and top <= (letter["top"] + letter["bottom"]) / 2 <= bottom
        and letter["size"] >= _TINY
    ]


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
    return [
        (float(item["x0"]), float(item["x1"]), float(item["top"] + item["bottom"]) / 2)
        for item in (*lines, *rectangles)
        if item["bottom"] - item["top"] <= _THICK and item["x1"] - item["x0"] >= 2
    ]


def struck(letters: Sequence[Letter], lines: Sequence[Stroke]) -> tuple[set[int], list[Stroke]]:
    """Which letters (by index) a line strikes through, and these lines: each ends where its letters end."""
    by_height: dict[int, list[int]] = defaultdict(list)
    for index, letter in enumerate(letters if lines else ()):
        if letter["upright"]:
            for band in range(int(letter["top"] // 8), int(letter["bottom"] // 8) + 1):
                by_height[band].append(index)
    gone: set[int] = set()
    used: list[Stroke] = []
    for x0, x1, height in lines:
        under = []
        for index in by_height.get(int(height // 8), ()):
            letter = letters[index]
            tall = letter["bottom"] - letter["top"]
            if (
                letter["top"] + _MIDDLE[0] * tall <= height <= letter["top"] + _MIDDLE[1] * tall
                and x0 <= (letter["x0"] + letter["x1"]) / 2 <= x1
                and letter["text"].strip()
            ):
                under.append(index)
        if not under:
            continue
        reach = _BEYOND * max(letters[index]["size"] for index in under)
        first, last = min(letters[i]["x0"] for i in under), max(letters[i]["x1"] for i in under)
        if abs(x0 - first) <= reach and abs(x1 - last) <= reach:
            gone.update(under)
            used.append((x0, x1, height))
    return gone, used


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
    if kind == "FreeText":
        return _text(data.get("Contents")) or UNREAD
    if kind in {"Stamp", "Ink"}:
        small = note["width"] <= _LARGEST_STAMP and note["height"] <= _LARGEST_STAMP
        return UNREAD if small and data.get("AP") else ""
    if kind != "Widget":
        return ""
    field: dict[str, Any] = {}
    at: Any = data
    while isinstance(at, dict) and len(field) < 16:
        field = {**at, **field}
        at = at.get("Parent") if at.get("Parent") is not at else None
    kind = getattr(field.get("FT"), "name", "")
    if kind == "Btn":
        state = getattr(data.get("AS"), "name", "Off")
        return "" if state == "Off" or int(field.get("Ff") or 0) & 1 << 16 else UNREAD
    if kind not in {"Tx", "Ch"}:
        return ""
    value = field.get("V")
    chosen = value if isinstance(value, list) else [value]
    shown = {}
    for option in field.get("Opt") or ():
        if isinstance(option, list) and len(option) == 2:
            shown[_text(option[0])] = _text(option[1])
    text = "\n".join(shown.get(_text(one), _text(one)) for one in chosen if one is not None)
    if not text.strip():
        drawn: Any = (data.get("AP") or {}).get("N")
        content = drawn.get_data() if hasattr(drawn, "get_data") else b""
        return UNREAD if any(operator in content for operator in (b"Tj", b"TJ", b" Do")) else ""
    return text


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
    return {0: (x, height - y), 90: (y, x), 180: (width - x, y), 270: (width - y, height - x)}.get(
        page.rotation, (x, height - y)
    )


def _is_figure(letter: Letter) -> bool:
    return bool(letter["text"].isdigit())
