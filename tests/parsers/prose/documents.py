"""Small reports of paragraphs, and the facts that are read from them."""

from __future__ import annotations

from parsers import Document, Locator, Section
from parsers.document import Text
from parsers.prose import facts

TITLE = "某县人民政府2023年政府信息公开工作年度报告"


def document(*lines: str) -> Document:
    texts = (TITLE, *lines)
    return Document(
        "text/plain",
        tuple(Text(text, Locator.of("text", line=i + 1, start=0, end=len(text))) for i, text in enumerate(texts)),
    )


def section(number: int, text: str) -> Section:
    return Section(number, "", text, Locator.of("text", line=1, start=0, end=1))


def facts_of(*lines: str, number: int | None = None) -> dict[str, str | None]:
    official = [section(number, line) for line in lines] if number else []
    found: dict[str, str | None] = {}
    for figure in facts.read_facts(document(*lines), official):
        assert figure.method == "prose"
        assert figure.code not in found
        found[figure.code] = None if figure.value is None else str(figure.value)
    return found
