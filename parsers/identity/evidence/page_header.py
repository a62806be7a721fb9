"""The table or bar above a text: labels (索引号, 发布机构, 发布日期) with what stands behind them.

Values are given as they stand, not folded. A bar often has a date without a label of its own; it is taken for the day
of publication only where the line is a bar (来源, 浏览, 字号 stand in it) and the date is the only one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.document import Document, Table, Text
from parsers.identity.dates import dates_in, without_clock
from parsers.identity.evidence.words import HeaderWords, load_words
from parsers.identity.titles import fold

_BULLETS = "•·●◆■▪-*"
_CLAUSE_END = re.compile(r"[,，。;；!！?？]")  # no colon: it stands behind every label
_LONGEST_BAR = 300  # characters; what is longer is a paragraph
_LONGEST_DATE_LINE = 32  # characters of a line that is nothing but 时间: and a date
_LABEL_REACH = 8  # characters of a cell within which the colon of its label stands


@dataclass(frozen=True, slots=True)
class PageHeader:
    """What the header says, in the order of the document; more than one value where it says it twice."""

    title: tuple[str, ...]
    publisher: tuple[str, ...]
    published: tuple[str, ...]
    written: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelledValue:
    """A label and what stands behind it.

    Attributes:
        field: ``title``, ``publisher``, ``published``, ``written``; "" for a label that is known and not asked for.
        value: as it stands, blanks around it removed.
    """

    field: str
    value: str


def read_page_header(document: Document) -> PageHeader:
    """Everything that stands behind a label, anywhere in a document."""
    fields = load_words().header.fields
    found: list[LabelledValue] = []
    waiting = ""  # a label on a line of its own: its value is the next line
    for block in document.blocks:
        if isinstance(block, Table):
            found.extend(_read_table(block))
        if not isinstance(block, Text):
            continue
        folded = fold(block.text).lstrip(_BULLETS)
        if folded:
            label = folded.rstrip(":")
            if fields.get(waiting) and label not in fields:
                found.append(LabelledValue(fields[waiting], block.text.strip()))
            waiting = label if label in fields else ""
        found.extend(read_bar(block.text))
    return PageHeader(
        title=_values_of("title", found),
        publisher=_values_of("publisher", found),
        published=_values_of("published", found),
        written=_values_of("written", found),
    )


def read_bar(text: str) -> Iterator[LabelledValue]:
    """The labelled values of one line that are asked for: 发布时间：2024-01-17 来源：...; the line is not folded."""
    if len(text) > _LONGEST_BAR:
        return
    words = load_words().header
    labelled = _split_at_labels(text, words)
    for entry in labelled:
        if entry.field and entry.value:
            yield entry
    if any(entry.field == "published" for entry in labelled):
        return
    day = _day_of_bar(text, words)
    if day is not None:
        yield LabelledValue("published", day.isoformat())


def is_labelled(line: str) -> bool:
    """Whether a folded line is a value behind its label (信息分类:信息公开年报); a labelled title is a title."""
    label, colon, _ = line.lstrip(_BULLETS).partition(":")
    field = load_words().header.fields.get(label, "title")
    return bool(colon) and field != "title"


def _values_of(field: str, found: list[LabelledValue]) -> tuple[str, ...]:
    return tuple(entry.value for entry in found if entry.field == field and fold(entry.value))


def _read_table(table: Table) -> Iterator[LabelledValue]:
    """Labels in cells: the value is the next cell, or stands in the label's own cell behind a colon."""
    words = load_words().header
    for row in table.rows():
        for index, cell in enumerate(row):
            folded = fold(cell.text)
            field = words.fields.get(folded.rstrip(":"))
            following = row[index + 1].text if index + 1 < len(row) else ""
            # A label beside a label has no value: the cell between them was left out.
            if field and fold(following).rstrip(":") not in words.fields:
                yield LabelledValue(field, following)
            elif ":" in folded[:_LABEL_REACH]:
                yield from read_bar(cell.text)


def _split_at_labels(text: str, words: HeaderWords) -> list[LabelledValue]:
    """Every label of a line with the text up to the next one, those without a value and those not asked for too."""
    labels = list(words.labels.before_colon.finditer(text))
    if not labels and words.labels.at_beginning.match(text):
        # The cells of a table in one line, labels without a colon: 成文日期 2023-01-18 发布日期 2023-01-18.
        text = text.strip()
        labels = list(words.labels.between_blanks.finditer(text))
    ends = [label.start() for label in labels[1:]] + [len(text)]
    found: list[LabelledValue] = []
    for label, end in zip(labels, ends, strict=False):
        field = words.fields.get(fold(label.group("label")), "")
        found.append(LabelledValue(field, text[label.end() : end].strip()))
    return found


def _day_of_bar(text: str, words: HeaderWords) -> dt.date | None:
    """The one date of a bar that no label names: 时间：2024-01-17 来源：..., 2024-01-17 来源：... 浏览：12."""
    folded = fold(text)
    if re.search(words.not_published, folded):
        return None
    days = dates_in(without_clock(text).replace(" ", ""))
    if len(days) != 1:
        return None
    if _has_bare_label(text, folded, words) or re.search(words.bar_marks, folded):
        return days[0].day
    return None


def _has_bare_label(text: str, folded: str, words: HeaderWords) -> bool:
    """Whether 时间 or 日期 stands before the date: alone in a short line, or as one label among others."""
    alone = re.match(rf"^[\[(]?(?:{words.bar_label})?[:：]?", folded)
    if alone is not None and alone.group().endswith(":") and len(folded) < _LONGEST_DATE_LINE:
        return True
    # 供稿:某局 时间:2023-01-18: in a sentence the word may speak of anything.
    among = re.search(rf"(?:^|[\s\u3000|｜]){words.bar_label}[\s\u3000]*[:：]", text)
    return among is not None and _CLAUSE_END.search(text) is None
