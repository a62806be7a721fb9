"""Whether a list was read whole: what it states of itself beside what it brought.

A list is read in one or several ways: by its own pages, and by back-ends. Each `Reading` keeps what that way stated
and which entries it brought, page by page; `Tally` compares both when the list has ended. Entries are counted as a
site counts them: look-alikes and notices too, twins in one row once, an entry that stands in two places of the list
twice, rows that head every page once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.cms import Link, ListPage, is_article, is_file
from crawler.cms.address_shapes import is_entry
from crawler.discovery.decision import LinkDecision


@dataclass(frozen=True, slots=True)
class Shortage:
    """What a list states beyond what was read.

    Attributes:
        url: the list's address. stated, read: entries, or pages where only they are stated.
        missing: entries that were not read; where pages are stated, at least so many.
    """

    url: str
    stated: int
    read: int
    missing: int
    pages: bool = False

    def __str__(self) -> str:
        if self.pages:
            return f"{self.url} states {self.stated} pages, {self.read} {'was' if self.read == 1 else 'were'} read"
        return f"{self.url} states {self.stated} entries, {self.read} {'was' if self.read == 1 else 'were'} read"


@dataclass(slots=True)
class Reading:
    """One way in which a list is read.

    Attributes:
        stated: entries in all; pages: pages in all; as the latest answer says that says it.
        answers: the entries of each answer that brought any, in order; again: how often one stands twice in an answer.
        first: number of the first page that was asked for in this way.
    """

    stated: int | None = None
    pages: int | None = None
    answers: list[tuple[str, ...]] = field(default_factory=list)
    again: int = 0
    first: int = 1
    led: bool = False

    def known(self) -> set[str]:
        """All entries it brought."""
        return {key for answer in self.answers for key in answer}

    def turned(self) -> int:
        """How many of its answers brought something that none before them had."""
        seen: set[str] = set()
        fresh = 0
        for answer in self.answers:
            fresh += not seen.issuperset(answer)
            seen.update(answer)
        return fresh

    def repeats(self) -> int:
        """Entries that stand in the list twice: on two of its pages, but not in the same place of both."""
        places: dict[str, set[int]] = {}
        counted: Counter[str] = Counter()
        for answer in self.answers:
            for index, key in enumerate(answer):
                if index not in places.setdefault(key, set()):
                    places[key].add(index)
                    counted[key] += 1
        return sum(times - 1 for times in counted.values())


@dataclass(slots=True)
class Tally:
    """Everything that was read of one list."""

    readings: dict[str, Reading] = field(default_factory=dict)

    def add(
        self, listing: ListPage, judged: Sequence[tuple[Link, LinkDecision]], name: str, number: int, *, own: bool
    ) -> bool:
        """Note an answer; whether it brought an entry that the list had not.

        Args:
            listing: the answer as read.
            judged: its links with their verdicts.
            name: of the reading that it belongs to.
            number: which page of the list it was asked for as.
            own: it is one of the list's own pages, not a back-end's.
        """
        known = {key for reading in self.readings.values() for key in reading.known()}
        reading = self.readings.setdefault(name, Reading(first=number))
        if listing.stated_total is not None:
            reading.stated = listing.stated_total
        if listing.pages is not None and (own or listing.stated_total is None):
            reading.pages = listing.pages
        keys, again = entries_of(listing.links, judged)
        reading.led |= any(verdict.decision == "follow" for _, verdict in judged)
        reading.again += again
        if keys:
            reading.answers.append(keys)
        return not known.issuperset(keys)

    @property
    def backed(self) -> bool:
        """Whether a back-end brought an entry."""
        return any(reading.answers for reading in self._back_ends())

    def _back_ends(self) -> list[Reading]:
        """The readings of back-ends, and of script files that named reports; what others name is a menu's."""
        named = self.readings.items()
        return [reading for name, reading in named if is_back_end(name) or (name.startswith(BACK_END) and reading.led)]

    @property
    def asked_back_end(self) -> bool:
        """Whether a back-end was asked, whatever it brought."""
        return any(is_back_end(name) for name in self.readings)

    def shortage(self, url: str) -> Shortage | None:
        """What is missing most in the list at ``url``; None where all was read or nothing is stated."""
        found = [short for name in self.readings if (short := self._of(name, url)) is not None]
        return max(found, key=lambda short: short.missing, default=None)

    def _of(self, name: str, url: str) -> Shortage | None:
        reading = self.readings[name]
        back_ends = self._back_ends()
        if name.startswith(BACK_END):
            # A call for something else beside a list of its own brought no report: its numbers are not the list's.
            if not reading.led and any(other.led for other in self.readings.values()):
                return None
            beside = [self.readings[""]] if reading.first > 1 and "" in self.readings else []
        else:
            beside = back_ends if name == "" else []
        read = reading.known().union(*(other.known() for other in beside))
        twice = max((other.repeats() for other in (reading, *beside)), default=0)
        again = max((other.again for other in (reading, *beside)), default=0)
        if reading.stated is not None:
            missing = reading.stated - len(read)
            if missing <= 0 or missing <= twice + (again if again < len(read) / 2 else 0):
                return None
            return Shortage(url, reading.stated, len(read), missing)
        turned = reading.turned()
        if name.startswith(BACK_END) or any(other.answers for other in back_ends):
            return None
        if reading.pages is None or reading.pages <= turned or not read:
            return None
        size = -(-len(read) // max(1, turned))
        return Shortage(url, reading.pages, turned, (reading.pages - turned) * size, pages=True)


BACK_END = "back-end "
SCRIPT_FILE = f"{BACK_END}script "
"""How the reading of a script file begins: it may hold rows, but is no back-end that owes any."""


def is_back_end(reading: str) -> bool:
    """Whether a reading is that of a back-end, which owes entries."""
    return reading.startswith(BACK_END) and not reading.startswith(SCRIPT_FILE)


_LIKE_A_REPORT = "report_or_column"


def entries_of(rows: Iterable[Link], judged: Sequence[tuple[Link, LinkDecision]]) -> tuple[tuple[str, ...], int]:
    """The entries of the list among a page's links, by address, and how many of them stand there twice.

    Lists are told from what is beside them by where they stand: the places count in which a report stands, or, where
    none does, the one with most entries.
    """
    led = {id(link) for link, verdict in judged if verdict.decision == "follow" or verdict.reason == _LIKE_A_REPORT}
    # An address of no known form (``infoView.do?xh=7``, ``/c/2024/p7``) leads to an entry where its title says so.
    titled = led | {id(link) for link, verdict in judged if verdict.reading and verdict.reading.kind != "other"}
    by_place: dict[str, list[Link]] = {}
    for link in rows:
        if (is_entry(link) or id(link) in titled) and not link.menu:
            by_place.setdefault(link.place, []).append(link)
    leading = {place for place, inside in by_place.items() if any(id(link) in led for link in inside)}
    if not leading and by_place:
        leading = {max(by_place, key=lambda place: len(by_place[place]))}
    chosen = [link for place, inside in by_place.items() if place in leading for link in inside]
    return _without_twins(chosen), sum(link.again for link in chosen)


def _without_twins(rows: Sequence[Link]) -> tuple[str, ...]:
    """One key per entry: in one row of the page a document and its files are one entry."""
    grouped: dict[str, list[Link]] = {}
    for link in rows:
        grouped.setdefault(link.row or link.url or link.text, []).append(link)
    keys: dict[str, None] = {}
    for inside in grouped.values():
        pages = [link for link in inside if link.url is None or not is_file(link.url)]
        for link in pages or inside[:1]:
            keys[_key(link)] = None
    return tuple(keys)


def _key(link: Link) -> str:
    if link.url is None:
        return f"{link.href} {link.text}"
    parts = urlsplit(link.url)
    # http and https, with and without www: one entry, linked in two ways.
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path}?{parts.query}#{parts.fragment}" if is_article(link.url) or parts.fragment else link.url
