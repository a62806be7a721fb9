"""What to do with a link that does not bear the title of a report: rules in their order, each by label and address."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from archive.metadata import Decision
from crawler.cms import Link, is_article, is_directory, is_file
from crawler.cms.address_shapes import ANNUAL_TOKENS
from crawler.discovery.decision import Context, LinkDecision
from crawler.discovery.places import is_below, is_numbered_page, is_own_folder, is_root, is_same_host, is_same_path
from crawler.wording import link_words
from parsers.identity.titles import TitleReading, fold, read_title

CUT_OFF = re.compile(r"(?:\.{2,}|…+)\s*$")
"""How lists end a title that they break off."""
_CHINESE_YEAR = re.compile(r"二[〇○零][〇○零一二三四五六七八九]{2}(?=年|$|[)）】〕至到—~-])")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_LONG_ENOUGH = 8  # letters of a title that was broken off; fewer say nothing (更多...)
_LONGEST_GROUP = 16  # letters; a longer label is a title that speaks of a group


@dataclass(frozen=True, slots=True)
class _Label:
    """A link that does not bear the title of a report, with what its rules ask of it.

    Attributes:
        folded: the title without white space; plain: without a year beside it (2023年市直部门 is a group).
        year, span: what it says of one year, or of several; Chinese digits are read as Arabic ones.
        article: its address looks like a document's.
        below: it leads below the column; annual_path: into a folder of annual reports.
        inside: on a body's own site that a hub has led to, only its folder of annual reports counts.
    """

    link: Link
    url: str
    title: str
    reading: TitleReading
    context: Context
    folded: str
    plain: str
    year: re.Match[str] | None
    span: re.Match[str] | None
    article: bool
    below: bool
    annual_path: bool
    inside: bool

    @classmethod
    def of(cls, link: Link, title: str, context: Context) -> _Label:
        """What can be said of a link by its words and its address."""
        url, folded, words = link.url or "", fold(title), link_words()
        arabic = _CHINESE_YEAR.sub(lambda match: match.group().translate(_DIGITS), folded)
        return cls(
            link=link,
            url=url,
            title=title,
            reading=read_title(title),
            context=context,
            folded=folded,
            plain=words.year_beside.sub("", folded),
            year=words.year.match(arabic),
            span=words.span.match(arabic),
            article=is_article(url),
            below=is_below(url, context.column),
            annual_path=bool(ANNUAL_TOKENS.search(urlsplit(url).path)),
            inside=not context.outside or is_own_folder(url, context),
        )

    def decide(self, decision: Decision, reason: str) -> LinkDecision:
        """A decision under the link's own title."""
        return LinkDecision(decision, reason, self.title, self.reading)


_NAVIGATION = LinkDecision("skip", "navigation")
"""What a rule says of a link that is none of a list's: it is left out, and no further rule is asked."""


def judge_label(link: Link, title: str, context: Context) -> LinkDecision | None:
    """What to do with such a link; None for navigation.

    Args:
        link: the link.
        title: the fullest wording of what it names.
        context: where it was found.
    """
    label = _Label.of(link, title, context)
    if not context.annual:
        return _elsewhere(label)
    for rule in _RULES:
        decision = rule(label)
        if decision is not None:
            return None if decision is _NAVIGATION else decision
    return None


def _elsewhere(label: _Label) -> LinkDecision | None:
    """A link of a page that lists no annual reports: only what says itself where they are."""
    words, context = link_words(), label.context
    about = words.menu.search(label.folded) or label.annual_path or context.disclosure
    if words.column.match(label.folded) and about:
        return label.decide("list", "annual_column")
    if context.group and not label.link.menu and is_directory(label.url) and context.reach(label.url) == "site":
        return label.decide("hub", "body_page") if words.body.match(label.folded) else None
    return None


def _file(label: _Label) -> LinkDecision | None:
    """A file is a report where its label is a year, a body, or speaks of an annual report."""
    if not is_file(label.url):
        return None
    if label.link.menu:
        return _NAVIGATION
    words = link_words()
    if label.year or words.annual.search(label.folded) or words.body.match(label.plain):
        reading = replace(label.reading, year=int(label.year.group(1))) if label.year else label.reading
        return LinkDecision("follow", "report_file", None if label.year else label.title, reading, file=True)
    return LinkDecision("skip", "other_file", label.title, label.reading, file=True)


def _one_year(label: _Label) -> LinkDecision | None:
    """A label that is nothing but a year: a report of that year, or the folder of its reports."""
    if label.year is None:
        return None
    url, context = label.url, label.context
    beside = is_directory(url) and is_same_host(url, context.page)
    tab = is_same_path(url, context.page) or is_same_path(url, context.column)
    if not (label.below or label.annual_path or beside or tab or not label.link.menu):
        return None
    if label.article and not is_numbered_page(url):
        reading = replace(label.reading, year=int(label.year.group(1)))
        return LinkDecision("follow", "year_label", None, reading)
    if label.below or label.annual_path or tab or is_directory(url):
        return LinkDecision("hub", "year_folder", label.title, None)
    return _NAVIGATION


def _several_years(label: _Label) -> LinkDecision | None:
    """A label that stands for several years leads to their list."""
    if label.span and (not label.article or is_numbered_page(label.url) or not label.link.menu):
        return LinkDecision("hub", "years_folder", label.title, None)
    return None


def _column(label: _Label) -> LinkDecision | None:
    """A column of annual reports; one that says no more than 报告 only where its address does."""
    words = link_words()
    if not words.column.match(label.folded):
        return None
    if label.below or label.annual_path or words.menu.search(label.folded):
        return label.decide("list", "annual_column")
    return _NAVIGATION


def _named_list(label: _Label) -> LinkDecision | None:
    """A list of the reports of some group, or of former years."""
    words = link_words()
    named = words.named_list.match(label.plain) and not label.article
    if named and (not label.link.menu or words.earlier.match(label.folded)):
        return label.decide("list", "annual_column")
    return None


def _cut_title(label: _Label) -> LinkDecision | None:
    """A title that the list broke off: the page says whether it is a report's."""
    reach = label.context.reach(label.url)
    ours = reach == "site" or (label.inside and reach == "reached")
    cut = (CUT_OFF.search(label.title) and len(label.folded) >= _LONG_ENOUGH) or link_words().begun.search(label.folded)
    if cut and label.article and not label.link.menu and ours:
        return LinkDecision("follow", "title_cut_off", None, label.reading)
    return None


def _short_title(label: _Label) -> LinkDecision | None:
    """A short title that speaks of an annual report all the same."""
    if label.article and link_words().annual.search(label.folded) and not label.link.menu:
        return label.decide("follow", "short_title")
    return None


def _group(label: _Label) -> LinkDecision | None:
    """A folder of bodies, below the column or, where its name says nothing else, beside it."""
    if not label.inside or is_root(label.url):
        return None
    words = link_words()
    group_only = words.group_only.match(label.plain)
    named = not label.article or group_only  # 乡镇 is no body, whatever its address looks like
    near = label.below or label.annual_path
    grouped = words.group.search(label.folded)
    if grouped and len(label.folded) <= _LONGEST_GROUP and near and named:
        return label.decide("hub", "group_folder")
    beside = not label.link.menu and is_directory(label.url) and label.context.reach(label.url) == "site"
    if grouped and group_only and beside:
        return label.decide("hub", "group_page")
    return None


def _body(label: _Label) -> LinkDecision | None:
    """The name of a body alone: its report, its folder in the column, or its own page."""
    if not label.inside or is_root(label.url) or not link_words().body.match(label.plain):
        return None
    near = label.below or label.annual_path
    if not near and (label.link.menu or label.context.reach(label.url) not in {"site", "reached"}):
        return None
    if label.article:
        return LinkDecision("follow", "body_label", None, label.reading)
    return label.decide("hub", "body_folder" if near else "body_page")


def _folder_below(label: _Label) -> LinkDecision | None:
    """Any other folder below the column, but for the entries of its pager."""
    if not label.inside or is_root(label.url) or not label.below or label.article or not is_directory(label.url):
        return None
    return None if link_words().pager.match(label.folded) else label.decide("hub", "below_column")


def _other_title(label: _Label) -> LinkDecision | None:
    """An entry of the list that names something else; it is archived with that reason."""
    entry = (label.link.date or label.article) and not label.link.menu
    if entry and label.context.reach(label.url) in {"site", "reached"}:
        return label.decide("skip", "other_title")
    return None


_RULES = (
    _file,  # before all others: a file labelled 2023年 is a report, and never a folder of that year
    _one_year,  # before columns: 2023年度报告 is a year, and no column of annual reports
    _several_years,
    _column,  # before lists by name, which 市直部门年报 would be too, for a column may stand in a menu
    _named_list,
    _cut_title,  # before short titles: what is broken off must not count as the title
    _short_title,  # before groups and bodies: 教育局年报 is a report, whatever group it names
    _group,  # before bodies: 乡镇街道 would be a body by its last letters
    _body,
    _folder_below,
    _other_title,
)
"""The order decides: each rule takes what none before it took."""
