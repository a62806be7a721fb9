"""What links and pages of reports are called: the facts of ``config/links.yaml``, typed.

`crawler.judgement` reads links with them, `crawler.pages` reads pages.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

from parsers.configuration import configuration_directory
from parsers.facts import Facts, load_facts

Pattern = re.Pattern[str]


class LinkWords(Facts):
    """Wordings of links; each field is described in the file."""

    column: Pattern
    menu: Pattern
    annual: Pattern
    begun: Pattern
    year: Pattern
    year_beside: Pattern
    group: Pattern
    group_only: Pattern
    named_list: Pattern
    earlier: Pattern
    body: Pattern
    crumb: Pattern
    home: Pattern
    says_nothing: Pattern
    pager: Pattern
    card: Pattern
    mobile: Pattern
    annual_query: Pattern


class PageWords(Facts):
    """What a page of a report holds; each field is described in the file."""

    enough_headings: int
    headings: tuple[Pattern, ...]
    containers: tuple[str, ...]
    headlines: tuple[str, ...]
    button: Pattern
    tables: Pattern
    annex: Pattern
    form: Pattern
    table_label: Pattern
    most_files: int
    decoration: Pattern


class _Words(Facts):
    links: LinkWords
    pages: PageWords


def link_words() -> LinkWords:
    """Wordings of links in the configuration in use.

    Raises:
        ConfigurationError: the file is missing or a field is wrong; file, line and field are named.
    """
    return _load(configuration_directory()).links


def page_words() -> PageWords:
    """What pages hold in the configuration in use.

    Raises:
        ConfigurationError: as `link_words`.
    """
    return _load(configuration_directory()).pages


@functools.lru_cache(maxsize=4)
def _load(root: Path) -> _Words:
    return load_facts(root / "links.yaml", _Words)
