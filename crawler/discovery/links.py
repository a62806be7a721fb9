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
_DATE_AND_TIME = re.compile(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:\s+\d{1,2}:\d\d(?::\d\d)?)?")
_SIZE = re.compile(r"[\d.]+(?:KB|MB)?", re.IGNORECASE)


def judge_links(links: Sequence[Link], context: Context) -> list[tuple[Link, LinkDecision]]:
    """Decisions on the links of one list page; links that are mere navigation are left out."""
    judged: list[tuple[Link, LinkDecision]] = []
    for link in links:
        decision = judge_link(link, context)
        if decision is not None:
            judged.append((link, decision))
    # Each step looks at what the steps before it made of the whole list, so they cannot be one walk.
    judged = _name_bodies(_one_per_address(judged), context)
    judged = [(link, part_of_report(link, decision, judged)) for link, decision in judged]
    known = Followed.of(judged)
    return [(link, find_twin(link, decision, known)) for link, decision in judged]


def _name_bodies(judged: list[tuple[Link, LinkDecision]], context: Context) -> list[tuple[Link, LinkDecision]]:
    """Short names between names of bodies (教育 beside 民政局 and 图书馆) name bodies too; the page decides."""
    bodies = [link.url or "" for link, decision in judged if decision.reason == "body_label"]
    if not context.annual or len(bodies) < _BODIES:
        return judged
    hosts = {urlsplit(url).hostname for url in bodies}
    named = []
    for link, decision in judged:
        url = link.url or ""
        short = decision.reason == "other_title" and _SHORT_NAME.match(fold(link.text)) is not None
        if short and is_article(url) and urlsplit(url).hostname in hosts:
            named.append((link, replace(decision, decision="follow", reason="body_label", title=None)))
        else:
            named.append((link, decision))
    return named


def judge_link(link: Link, context: Context) -> LinkDecision | None:
    """The decision on one link, None for navigation.

    What its words and its address say of it comes first; then whether it may be fetched from where it leads, and
    last whether this run wants it.
    """
    title = best_title(link)
    reading = read_title(title)
    if link.url is None:
        return _without_address(link, reading, title)
    if is_asset(link.url) or is_same(link.url, context.page) or is_same(link.url, context.column):
        return None
    if reading.kind == "lookalike":
        return _lookalike(link, reading, title, context)
    # A folder of the website's own yearly report holds the other kind of report; a title of ours wins over it.
    if WEBSITE_TOKENS.search(urlsplit(link.url).path) and reading.kind != "annual_report":
        return LinkDecision("skip", "website_report", title, reading)
    if reading.kind == "annual_report":
        decision = _report(link, reading, title, context)
    else:
        decision = judge_label(link, title, context)
    if decision is None and context.annual and link_words().yearly.search(fold(title)):
        return LinkDecision("skip", "years_label", title, reading)
    if decision is None or decision.decision == "skip":
        return decision
    reach = context.reach(link.url)
    if reach in {"outside", "clone"}:
        if reading.kind != "annual_report" and not link_words().body.match(title):
            return None
        reason = "clone_host" if reach == "clone" else "outside_profile"
        return LinkDecision("skip", reason, title, reading)
    if reach == "reached" and _leads_too_far(link.url, decision, context):
        return LinkDecision("skip", "second_level", title, reading)
    year = decision.reading.year if decision.reading else None
    if context.year and year and year != context.year and decision.decision == "follow":
        return replace(decision, decision="skip", reason="other_year")
    return decision


def _without_address(link: Link, reading: TitleReading, title: str) -> LinkDecision | None:
    """A link that leads nowhere is archived where something seems to be lost with it."""
    if not names_no_document(link.href):
        return LinkDecision("skip", "bad_address", title, reading)
    if reading.kind == "annual_report" and reading.year and not link.menu:
        return LinkDecision("skip", "no_address", title, reading)
    return None


def _leads_too_far(url: str, decision: LinkDecision, context: Context) -> bool:
    """Whether a list is one that a body's own site leads to: from there only its own reports are followed."""
    if not context.outside or decision.decision not in {"list", "hub"}:
        return False
    if is_own_folder(url, context):
        return False
    years = decision.reason in {"year_folder", "years_folder"}
    return not (years and is_same_host(url, context.page))


def best_title(link: Link) -> str:
    """The fullest wording of what a link names: text, ``title`` attribute, or the row where the text says nothing."""
    text = link.text
    title = link.title or ""
    words = link_words()
    if words.says_nothing.match(fold(text)) and (not title or words.says_nothing.match(fold(title))):
        rest = link.row.replace(text, " ") if link.row else ""
        return _cleaned(rest) or text
    if title and title != text:
        # Some put a whole card into the attribute: title, then date and source on further lines.
        title = words.card.split(re.sub(r"^标题\s*[:：]\s*", "", title))[0].strip()
        if _says_more(title, text):
            return title
    return text or title


def _says_more(title: str, text: str) -> bool:
    """Whether the attribute of a link says more than its text: all of a title that was cut, what it is, its year."""
    if CUT_OFF.search(text):
        shown = fold(CUT_OFF.sub("", text).strip())
        # The last letters before the dots may be half a character or another mark: they need not agree.
        if fold(title).startswith(shown[: max(4, len(shown) - 2)]):
            return True
    own = read_title(text)
    other = read_title(title)
    if other.kind == "other":
        return False
    if own.kind == "other":
        return True
    return own.kind == "annual_report" and own.year is None and other.year is not None


def _cleaned(text: str) -> str:
    """A row's text without dates, sizes and the words of its buttons."""
    text = _DATE_AND_TIME.sub(" ", text)
    says_nothing = link_words().says_nothing
    words = [word for word in text.split() if not says_nothing.match(word) and not _SIZE.fullmatch(word)]
    return " ".join(words)


def _report(link: Link, reading: TitleReading, title: str, context: Context) -> LinkDecision | None:
    """A link with the title of an annual report: to the report itself, or to a list that is called like one."""
    url = link.url or ""
    if is_file(url):
        if link.menu and reading.year is None:
            return None
        return LinkDecision("follow", "report_file", title, reading, file=True)
    if reading.reason == "cut_off":
        return LinkDecision("follow", "title_cut_off", None, reading)
    if reading.year is None and reading.agency is None:
        # 政府信息公开年度报告 and no more: an entry of a list of reports, anywhere else the list itself.
        if is_article(url) and context.annual and not link.menu:
            return LinkDecision("follow", "report_words", title, reading)
        return LinkDecision("list", "annual_column", title, reading)
    # An address of no known form that is no column's (``down.jsp?i_ID=7``) leads to what the title says.
    if is_article(url) or not is_directory(url):
        return LinkDecision("follow", "report_title", title, reading)
    return LinkDecision("list", "report_or_column", title, reading)


def _lookalike(link: Link, reading: TitleReading, title: str, context: Context) -> LinkDecision | None:
    """Another kind of document with a like name: archived as an entry that was seen, unless it is navigation."""
    if link.menu and not link.date:
        return None
    if context.reach(link.url or "") == "outside":
        return None
    if not context.annual and not link.date:
        return None
    return LinkDecision("skip", reading.reason, title, reading)


def _one_per_address(judged: Iterable[tuple[Link, LinkDecision]]) -> list[tuple[Link, LinkDecision]]:
    """One decision per address: the one that knows most of it wins (a picture link and a text link to one page)."""
    order = {"follow": 3, "list": 2, "hub": 1, "skip": 0}

    def knowledge(decision: LinkDecision) -> tuple[int, int]:
        return order[decision.decision], len(decision.title or "")

    kept: dict[str, tuple[Link, LinkDecision]] = {}
    for link, decision in judged:
        key = link.url or f"{link.href} {link.text}"
        if key not in kept or knowledge(decision) > knowledge(kept[key][1]):
            kept[key] = (link, decision)
    return list(kept.values())


def is_annual_page(page: Page) -> bool:
    """Whether a page says of itself that it lists annual reports: official column type, column name, title, or path."""
    words = link_words()
    if words.annual_query.search(page.url):
        return True
    types = re.split(r"[，,;；、\s]+", page.meta.get("columntype", ""))
    if "信息公开年报" in types:
        return True
    name = fold(page.meta.get("columnname", ""))
    if name and words.column.match(name) and read_title(name).kind != "lookalike":
        return True
    title = re.split(r"[-_|—>]", fold(page.title))[0]
    if title and (words.column.match(title) or read_title(title).kind == "annual_report"):
        return True
    path = urlsplit(page.url).path
    return bool(ANNUAL_TOKENS.search(path)) and not WEBSITE_TOKENS.search(path)
