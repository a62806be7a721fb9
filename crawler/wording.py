"""What links and pages of reports are called: the facts of ``config/links.yaml``, typed.

`crawler.discovery.links` reads links with them, `crawler.discovery.pages` reads pages.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

from parsers.configuration import ConfigModel, configuration_directories, facts_file, load_facts

Pattern = re.Pattern[str]

REPORT_YEAR = re.compile(r"(?<!\d)20[0-3]\d(?!\d)")
"""A year of which there may be a report, in words or in an address; no part of a longer number."""


class LinkWords(ConfigModel):
    """Wordings of links; each field is described in the file."""

    column: Pattern
    menu: Pattern
    disclosure: Pattern
    annual: Pattern
    begun: Pattern
    year: Pattern
    span: Pattern
    yearly: Pattern
    nothing_yet: Pattern
    loading: Pattern
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
    next_page: Pattern
    last_page: Pattern
    load_more: Pattern
    page_group: Pattern
    card: Pattern
    mobile: Pattern
    annual_query: Pattern


class PageWords(ConfigModel):
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


class Limits(ConfigModel):
    """How much of one list is read; each field is described in the file."""

    links_per_page: int
    pages_per_list: int
    pages_ahead: int
    barren_lists: int
    steps_below: int
    frames_per_page: int


class _Words(ConfigModel):
    links: LinkWords
    pages: PageWords
    page_names: tuple[str, ...]
    limits: Limits


def link_words() -> LinkWords:
    """Wordings of links in the configuration in use.

    Raises:
        ConfigurationError: the file is missing or a field is wrong; file, line and field are named.
    """
    return _load(configuration_directories()).links


def page_words() -> PageWords:
    """What pages hold in the configuration in use.

    Raises:
        ConfigurationError: as `link_words`.
    """
    return _load(configuration_directories()).pages


def page_names() -> tuple[str, ...]:
    """Rules by which further pages of a list are named, in the order in which they are tried.

    Raises:
        ConfigurationError: as `link_words`.
    """
    return _load(configuration_directories()).page_names


def limits() -> Limits:
    """How much of one list is read.

    Raises:
        ConfigurationError: as `link_words`.
    """
    return _load(configuration_directories()).limits


@functools.lru_cache(maxsize=4)
def _load(_in_use: tuple[Path, ...]) -> _Words:
    # Asked several times for each link: which directory has the file is looked up once for the directories in use.
    return load_facts(facts_file("links.yaml"), _Words)
