"""What running text says and no fact or table holds: told, so that nothing is missed in silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from parsers.characters import plain, strip_blanks
from parsers.document import Document, Text
from parsers.prose.words import load_words
from parsers.record import Figure, Issue

_MOST_TOLD = 40
_REPLACED = {"requests": ("prose_req_received",), "remedies": ("prose_review_total", "prose_suit_total")}
"""Table -> the facts that say in a sentence that there is nothing to print in it."""


def tell_replaced(missing: Collection[str], facts: Sequence[Figure]) -> Iterator[Issue]:
    """An issue for each missing table in whose place a sentence says that nothing was received.

    Args:
        missing: names of the form's tables that the document does not have.
        facts: of the running text.
    """
    for table, codes in _REPLACED.items():
        said = [fact for fact in facts if fact.code in codes]
        nothing = len({fact.code for fact in said}) == len(codes) and all(fact.value == 0 for fact in said)
        if nothing and table in missing:
            words = ", ".join(dict.fromkeys(fact.raw for fact in said))
            message = (
                f"in place of the table {table} a sentence says that there was nothing: {words}; no cell is 0 for that"
            )
            yield Issue("table_replaced", message, said[0].locator)


def tell_unread_numbers(document: Document, facts: Sequence[Figure]) -> Iterator[Issue]:
    """An issue with the counts that the text of a report without figures prints, and that are no facts.

    Args:
        document: without what was read as rows of tables.
        facts: of its running text.
    """
    units = "|".join(unit.removeprefix("(?:").removesuffix(")") for unit in load_words().units.values())
    # No unit begins with a digit or a comma, so a run of these is never gone back into (*+): it would take its square.
    count = re.compile(rf"(?<![0-9.第])[0-9][0-9,.]*+(?:{units})(?![月日])")
    read = Counter(strip_blanks(plain(fact.raw)) for fact in {fact.locator: fact for fact in facts}.values())
    left: list[str] = []
    first = None
    for block in document.blocks:
        if not isinstance(block, Text):
            continue
        for match in count.finditer(strip_blanks(plain(block.text))):
            if read[match[0]] > 0:
                read[match[0]] -= 1
                continue
            left.append(match[0])
            first = first or block.locator
    if left:
        more = f" and {len(left) - _MOST_TOLD} more" if len(left) > _MOST_TOLD else ""
        message = f"numbers of the text that are no facts: {', '.join(left[:_MOST_TOLD])}{more}"
        yield Issue("numbers_in_text", message, first)
