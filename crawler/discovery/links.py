"""What to do with a link of a list, and why.

Each link of a list page becomes a `LinkDecision`: ``follow`` (fetch as a report), ``list`` or ``hub`` (fetch as a
further list), ``skip``. The reason is a stable word; it is archived with the link and counted. Titles decide
(`parsers.identity.titles`), addresses help, hosts and paths never say whose report it is or for which year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.cms import Link, Page, is_article, is_directory, is_file
from crawler.cms.address_shapes import ANNUAL_TOKENS, WEBSITE_TOKENS, is_asset
from crawler.cms.links import names_no_document
from crawler.discovery.decision import Context, LinkDecision
from crawler.discovery.labels import CUT_OFF, judge_label
from crawler.discovery.places import is_own_folder, is_same, is_same_host
from crawler.discovery.related import Followed, find_twin, part_of_report
from crawler.wording import link_words
from parsers.identity.titles import TitleReading, fold, read_title

_SHORT_NAME = re.compile(r"^[\u3400-\u9fff]{2,8}$")
_BODIES = 3  # so many names of bodies make a list of bodies


def judge_links(rows: Sequence[Link], context: Context) -> list[tuple[Link, LinkDecision]]:
    """Verdicts on the links of one list page; links that are mere navigation are left out."""
    judged = [(link, verdict) for link in rows if (verdict := judge_link(link, context)) is not None]
    judged = _among_bodies(_one_per_address(judged), context)
    judged = [(link, part_of_report(link, verdict, judged)) for link, verdict in judged]
    known = Followed.of(judged)
    return [(link, find_twin(link, verdict, known)) for link, verdict in judged]


def _among_bodies(judged: list[tuple[Link, LinkDecision]], context: Context) -> list[tuple[Link, LinkDecision]]:
    """Short names between names of bodies (教育 beside 民政局 and 图书馆) name bodies too; the page decides."""
    folders = [(link.url or "").rpartition("/")[0] for link, v in judged if v.reason == "body_label"]
    if not context.annual or len(folders) < _BODIES:
        return judged
    hosts = {urlsplit(folder).hostname for folder in folders}

    def named(link: Link, verdict: LinkDecision) -> LinkDecision:
        short = verdict.reason == "other_title" and _SHORT_NAME.match(fold(link.text)) is not None
        if not short or not is_article(link.url or "") or urlsplit(link.url or "").hostname not in hosts:
            return verdict
        return replace(verdict, decision="follow", reason="body_label", title=None)

    return [(link, named(link, verdict)) for link, verdict in judged]


def judge_link(link: Link, context: Context) -> LinkDecision | None:
    """Verdict on one link, None for navigation."""
    title = best_title(link)
    reading = read_title(title)
    if link.url is None:
        if not names_no_document(link.href):
            return LinkDecision("skip", "bad_address", title, reading)
        if reading.kind == "annual_report" and reading.year and not link.menu:
            return LinkDecision("skip", "no_address", title, reading)
        return None
    if is_asset(link.url) or is_same(link.url, context.page) or is_same(link.url, context.column):
        return None
    reach = context.reach(link.url)
    if reading.kind == "lookalike":
        return _lookalike(link, reading, title, context)
    if WEBSITE_TOKENS.search(urlsplit(link.url).path) and reading.kind != "annual_report":
        return LinkDecision("skip", "website_report", title, reading)
    verdict = (
        _report(link, reading, title, context) if reading.kind == "annual_report" else judge_label(link, title, context)
    )
    if verdict is None and context.annual and link_words().yearly.search(fold(title)):
        return LinkDecision("skip", "years_label", title, reading)
    if verdict is None or verdict.decision == "skip":
        return verdict
    if reach in {"outside", "clone"}:
        if reading.kind != "annual_report" and not link_words().body.match(title):
            return None
        reason = "clone_host" if reach == "clone" else "outside_profile"
        return LinkDecision("skip", reason, title, reading)
    if (
        reach == "reached"
        and context.outside
        and verdict.decision in {"list", "hub"}
        and not is_own_folder(link.url, context)
        and not (verdict.reason in {"year_folder", "years_folder"} and is_same_host(link.url, context.page))
    ):
        return LinkDecision("skip", "second_level", title, reading)
    known = verdict.reading.year if verdict.reading else None
    if context.year and known and known != context.year and verdict.decision == "follow":
        return replace(verdict, decision="skip", reason="other_year")
    return verdict


def best_title(link: Link) -> str:
    """The fullest wording of what a link names: text, ``title`` attribute, or the row where the text says nothing."""
    text, title, words = link.text, link.title or "", link_words()
    if words.says_nothing.match(fold(text)) and (not title or words.says_nothing.match(fold(title))):
        rest = link.row.replace(text, " ") if link.row else ""
        return _cleaned(rest) or text
    if title and title != text:
        # Some put a whole card into the attribute: title, then date and source on further lines.
        title = words.card.split(re.sub(r"^标题\s*[:：]\s*", "", title))[0].strip()
        shortened = CUT_OFF.sub("", text).strip()
        own = read_title(text)
        if CUT_OFF.search(text) and fold(title).startswith(fold(shortened)[: max(4, len(fold(shortened)) - 2)]):
            return title
        if own.kind == "other" and read_title(title).kind != "other":
            return title
        if (
            own.kind == "annual_report"
            and own.year is None
            and (other := read_title(title)).kind != "other"
            and other.year
        ):
            return title
    return text or title


def _cleaned(text: str) -> str:
    """A row's text without dates, sizes and the words of its buttons."""
    text = re.sub(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:\s+\d{1,2}:\d\d(?::\d\d)?)?", " ", text)
    says_nothing = link_words().says_nothing
    words = [
        word
        for word in text.split()
        if not says_nothing.match(word) and not re.fullmatch(r"[\d.]+(?:KB|MB)?", word, re.IGNORECASE)
    ]
    return " ".join(words)


def _report(link: Link, reading: TitleReading, title: str, context: Context) -> LinkDecision | None:
    url = link.url or ""
    if is_file(url):
        if link.menu and reading.year is None:
            return None
        return LinkDecision("follow", "report_file", title, reading, file=True)
    if reading.reason == "cut_off":
        return LinkDecision("follow", "title_cut_off", None, reading)
    if reading.year is None and reading.agency is None:
        if not is_article(url):
            return LinkDecision("list", "annual_column", title, reading)
        return (
            LinkDecision("follow", "report_words", title, reading)
            if context.annual and not link.menu
            else LinkDecision("list", "annual_column", title, reading)
        )
    # An address of no known form that is no column's (``down.jsp?i_ID=7``) leads to what the title says.
    if is_article(url) or not is_directory(url):
        return LinkDecision("follow", "report_title", title, reading)
    return LinkDecision("list", "report_or_column", title, reading)


def _lookalike(link: Link, reading: TitleReading, title: str, context: Context) -> LinkDecision | None:
    if link.menu and not link.date:
        return None
    if context.reach(link.url or "") == "outside":
        return None
    if not context.annual and not link.date:
        return None
    return LinkDecision("skip", reading.reason, title, reading)


def _one_per_address(judged: Iterable[tuple[Link, LinkDecision]]) -> list[tuple[Link, LinkDecision]]:
    """One verdict per address: the one that knows most of it wins (a picture link and a text link to one page)."""
    order = {"follow": 3, "list": 2, "hub": 1, "skip": 0}
    kept: dict[str, tuple[Link, LinkDecision]] = {}
    for link, verdict in judged:
        key = link.url or f"{link.href} {link.text}"
        old = kept.get(key)
        if old is None or (order[verdict.decision], len(verdict.title or "")) > (
            order[old[1].decision],
            len(old[1].title or ""),
        ):
            kept[key] = (link, verdict)
    return list(kept.values())


def is_annual_page(page: Page) -> bool:
    """Whether a page says of itself that it lists annual reports: official column type, column name, title, or path."""
    if link_words().annual_query.search(page.url):
        return True
    types = re.split(r"[，,;；、\s]+", page.meta.get("columntype", ""))
    if "信息公开年报" in types:
        return True
    name = fold(page.meta.get("columnname", ""))
    if name and link_words().column.match(name) and read_title(name).kind != "lookalike":
        return True
    title = re.split(r"[-_|—>]", fold(page.title))[0]
    if title and (link_words().column.match(title) or read_title(title).kind == "annual_report"):
        return True
    return bool(ANNUAL_TOKENS.search(urlsplit(page.url).path)) and not WEBSITE_TOKENS.search(urlsplit(page.url).path)
