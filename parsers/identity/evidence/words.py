"""The words by which a document tells of itself: ``config/identity.yaml``, with its patterns compiled once."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from parsers.configuration import ConfigModel, facts_file, load_facts
from parsers.identity.divisions import Level


@dataclass(frozen=True, slots=True)
class LabelPatterns:
    """All labels of a page's header as patterns; their letters may be spaced out (发 布 日 期).

    Attributes:
        before_colon: a label and its colon, anywhere in a line.
        at_beginning: a line that begins with a label and a blank.
        between_blanks: a label that stands alone between blanks.
    """

    before_colon: re.Pattern[str]
    at_beginning: re.Pattern[str]
    between_blanks: re.Pattern[str]


class HeaderWords(ConfigModel):
    """Labels of the table or bar above a text, and what marks a bar."""

    title: tuple[str, ...]
    publisher: tuple[str, ...]
    published: tuple[str, ...]
    written: tuple[str, ...]
    bar_label: str
    bar_marks: str
    not_published: str
    others: tuple[str, ...]

    @functools.cached_property
    def fields(self) -> Mapping[str, str]:
        """Label -> the field it names; "" for labels whose values nobody asks for (they end the value before them)."""
        fields = dict.fromkeys(self.others, "")
        fields |= dict.fromkeys(self.title, "title")
        fields |= dict.fromkeys(self.publisher, "publisher")
        fields |= dict.fromkeys(self.published, "published")
        fields |= dict.fromkeys(self.written, "written")
        return fields

    @functools.cached_property
    def labels(self) -> LabelPatterns:
        """All labels, the longest first: 填报单位(盖章) before 填报单位."""
        spaced: list[str] = []
        for label in sorted(self.fields, key=len, reverse=True):
            letters = map(re.escape, label)
            spaced.append(r"[\s\u3000]*".join(letters))
        any_label = "|".join(spaced)
        return LabelPatterns(
            before_colon=re.compile(rf"(?P<label>{any_label})[\s\u3000]*[:：]"),
            at_beginning=re.compile(rf"[\s\u3000]*(?:{any_label})[\s\u3000]"),
            between_blanks=re.compile(rf"(?:(?<=^)|(?<=[\s\u3000]))(?P<label>{any_label})(?=[\s\u3000]|$)"),
        )


class MetaNames(ConfigModel):
    """Names of a page's meta tags, by what they give."""

    title: tuple[str, ...]
    published: tuple[str, ...]
    publisher: tuple[str, ...]
    site_code: tuple[str, ...]


class Reach(ConfigModel):
    """How far into a text its beginning and end reach (paragraphs, lines), and how long a line may be (characters)."""

    opening_paragraphs: int
    paragraph_length: int
    title_lines: int
    title_length: int
    line_length: int
    signature_lines: int


class _OwnName(ConfigModel):
    before: str
    after: str


class ScopeWords(ConfigModel):
    """Words by which a report says whose activity it counts."""

    own_agency: str
    jurisdiction: str
    jurisdiction_kinds: tuple[str, ...]


class IdentityWords(ConfigModel):
    """``config/identity.yaml``."""

    header: HeaderWords
    meta: MetaNames
    period: str
    not_titles: str
    byline: str
    announced: str
    called: str
    contact: str
    contact_rooms: str
    townships: str
    reach: Reach
    self: _OwnName
    others: str
    levels: dict[str, Level]
    scope: ScopeWords

    @functools.cached_property
    def before_own_name(self) -> re.Pattern[str]:
        """How a clause ends in front of the publisher's own name: 由, 2020年."""
        return re.compile(rf"{self.self.before}$")

    @functools.cached_property
    def after_own_name(self) -> re.Pattern[str]:
        """How a clause goes on behind the publisher's own name: 编制, 深入贯彻."""
        return re.compile(self.self.after)

    @functools.cached_property
    def before_other_name(self) -> re.Pattern[str]:
        """How a clause ends in front of somebody else's name: 按照."""
        return re.compile(self.others)

    @functools.cached_property
    def own_township(self) -> re.Pattern[str]:
        """A township without its county, where a sentence may speak of its own publisher; group ``name``."""
        return re.compile(rf"{self.self.before}由?(?P<name>{self.townships})")

    @functools.cached_property
    def own_level(self) -> re.Pattern[str]:
        """The word for a level in front of a body (省教育厅), up to the end of the clause; groups ``level, rest``."""
        levels = "|".join(self.levels)
        return re.compile(rf"{self.self.before}(?P<level>{levels})(?P<rest>[^,，。;；:：《》()]+)")


def load_words() -> IdentityWords:
    """The words of the configuration in use, read once.

    Raises:
        ConfigurationError: ``config/identity.yaml`` cannot be used.
    """
    return _load(facts_file("identity.yaml"))


@functools.lru_cache(maxsize=4)
def _load(path: Path) -> IdentityWords:
    return load_facts(path, IdentityWords)
