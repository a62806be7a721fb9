"""What the address of a report alone says of it: product, level of the body, report year; and why not, where it cannot.

Addresses are weak evidence: hosts publish other bodies' reports, folders lie about years, pages are moved under later
dates. What is said here sorts known addresses and helps to describe new ones; it never decides what a report is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from crawler.cms import classify
from crawler.portals.load import Portal
from crawler.portals.profile import Site
from crawler.scope import host_matches
from parsers.identity.divisions import level_of

# Words for towns and streets in folder names, alone or with a number behind them.
_TOWNSHIP = re.compile(
    r"(?:^|[/_-])(?:xz|xzjd|xzjdb|xzzf|jd|jdb|zjd|zhen|jiedao|xiangzhen|xzbm)\w{0,2}(?=/)", re.IGNORECASE
)
_DEPARTMENT = re.compile(r"(?:^|/)(?:bm\w*|szbm\w*|zfbm\w*|\w*gzbm|\w{2,4}jyj)(?=/)", re.IGNORECASE)
_YEAR_FOLDER = re.compile(
    r"(?<=/)(?:n|zfxxgknb|xxgknb|nb|ndbg)?_?(20[0-3]\d)(?:n|nb|ndbg|nxxgkndbg|xxgknb|_\d+)?(?=/)", re.IGNORECASE
)
_DATE = re.compile(r"(?<!\d)(20[0-3]\d)[-/]?(0?[1-9]|1[0-2])(?:[-/]?(?:0?[1-9]|[12]\d|3[01]))?(?!\d)")
_FOLDER_REASON = "a folder names {}; known folders hold other years' reports, so the title decides"
_DATE_REASON = "published in {}, so of the year before by law; pages moved later break that, so the title decides"


@dataclass(frozen=True, slots=True)
class Address:
    """What an address says.

    Attributes:
        family, shape: product and shape of the address; None where no shape fits.
        kind: article, column, file or unknown.
        level: ``central``, ``province``, ``prefecture``, ``county`` or ``township``; None where the host is unknown.
        department: a body below the government of that level.
        year: report year that the address hints at; ``year_sure`` only where the year is part of the identity.
        reasons: why each of these, or why not.
    """

    family: str | None
    shape: str | None
    kind: str
    level: str | None
    department: bool
    year: int | None
    year_sure: bool
    reasons: tuple[str, ...]


def describe(url: str, portals: tuple[Portal, ...]) -> Address:
    """Everything that can be said of ``url``; ``portals`` tell whose hosts are whose."""
    found = classify(url)
    level, department, why_level = _level(url, portals)
    year, sure, why_year = _year(url)
    return Address(
        found.family, found.shape, found.kind, level, department, year, sure, (found.reason, why_level, why_year)
    )


def _level(url: str, portals: tuple[Portal, ...]) -> tuple[str | None, bool, str]:
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    owner = _owner(host, portals)
    if owner is None:
        for portal in portals:
            for site in portal.profile.sites:
                if site.division and host_matches(host, [name for name in site.reaches if name.startswith("*.")]):
                    return level_of(site.division), True, f"a host below that of {site.place or portal.profile.name}"
        return None, False, "no profile names the host: whose it is, the page has to say"
    portal, site = owner
    code = site.division or (None if site.place else portal.profile.code)
    if code is None:
        return ("central" if portal.key == "gov-cn" else None), site.place is not None, "a host without a division code"
    level = level_of(code)
    if level == "county" and _TOWNSHIP.search(parts.path):
        return "township", False, "a county's host and a folder of townships"
    name = site.place or portal.profile.name
    if re.search(r"(?:厅|局|委员会|办公室|参事室|部|园)$", name):
        return level, True, f"the host belongs to {name}"
    if _DEPARTMENT.search(parts.path):
        return level, True, f"a folder of departments on the host of {name}"
    if level == "county":
        return level, False, f"the host of {name}; townships and departments publish there too, so the title decides"
    return level, False, f"the host of {name}"


def _owner(host: str, portals: tuple[Portal, ...]) -> tuple[Portal, Site] | None:
    for name in (host, f"www.{host}"):
        for portal in portals:
            site = portal.site_of(name)
            if site is not None:
                return portal, site
    return None


def _year(url: str) -> tuple[int | None, bool, str]:
    parts = urlsplit(url)
    given = parse_qs(parts.query).get("fbtime")
    if given and given[0].isdecimal():
        return int(given[0]), True, "the year is part of the address"
    folders = _YEAR_FOLDER.findall(parts.path)
    dates = _DATE.findall(parts.path)
    if folders:
        year = int(folders[0])
        published = [int(text) for text, _ in dates if int(text) > year]
        # A folder named after the year of publication holds the reports of the year before.
        if not published and any(int(text) == year for text, _ in dates if text):
            year -= 1
        return year, False, _FOLDER_REASON.format(folders[0])
    if dates:
        return int(dates[-1][0]) - 1, False, _DATE_REASON.format(dates[-1][0])
    return None, False, "no year in the address: the title decides"
