"""Portal profiles: ``config/portals/<name>.yaml``, typed and checked.

A profile says where a province's annual reports are and how its sites want to be treated; adding a site is a few lines
there and nothing else. Every fact that may be wrong carries how sure we are of it. Errors name file, line and field and
say what to do.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    field_validator,
    model_validator,
)

from crawler import cms
from crawler.crawl_plan import PageLimits, SitePolicy
from crawler.errors import OutOfScope
from crawler.scope import ascii_host, host_matches
from parsers.configuration import ConfigModel

Confidence = Literal["confirmed", "unconfirmed", "inferred"]
Lists = Literal["own", "departments", "townships", "jurisdiction", "mixed"]
RenderMode = Literal["never", "auto", "always"]

FIRST_YEAR = 2008
EARLIEST_YEAR, LATEST_YEAR = 1990, 2200
"""What a report year may be; the first reports under the Regulation are of 2008, a few cities' own rules are older."""
_FROM_ENVIRONMENT = re.compile(r"\$\{\w+\}(?::\$\{\w+\})?")
GOVERNMENT = "gov.cn"


def _notes(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _bare(host: str) -> str:
    if "/" in host or ":" in host or not host:
        raise ValueError(f"write {host or 'it'} as the host alone, without scheme, port or path")
    try:
        return ascii_host(host)
    except OutOfScope as error:
        raise ValueError(f"{host} is not a host name") from error


def _patterns(hosts: tuple[str, ...]) -> tuple[str, ...]:
    for host in hosts:
        _bare(host.removeprefix("*."))
    return hosts


def _proxy(url: str | None) -> str | None:
    login = (url or "").partition("://")[2].rpartition("@")[0]
    if login and not _FROM_ENVIRONMENT.fullmatch(login):
        raise ValueError("write user name and password as ${NAME}: profiles are archived with every crawl")
    return url


Notes = Annotated[tuple[str, ...], BeforeValidator(_notes)]
Hosts = Annotated[tuple[str, ...], AfterValidator(_patterns)]
ProxyAddress = Annotated[str | None, AfterValidator(_proxy)]


class Expectations(ConfigModel):
    """What a complete crawl must find at least; missing it is reported, never hidden.

    Attributes:
        reports: so many reports.
        unlisted: entries that the site's lists state and do not hold, confirmed by hand; more are a problem again.
    """

    reports: int = Field(0, ge=0)
    unlisted: int = Field(0, ge=0)
    years: tuple[int, ...] = ()


class Column(ConfigModel):
    """A portal's list of reports, or a page that is the report.

    Attributes:
        url: address; ``{year}`` in it stands for every year of ``years``, and a year that is not there is no failure.
        lists: whose reports stand there: of the ``publisher`` only (own), of departments, townships, all bodies of the
            jurisdiction, or a mixture.
        publisher: whose they are when ``lists`` is own; for a reader otherwise.
        division: GB/T 2260 code when it differs from the site's.
        is_report: the page itself is the report and is archived every time.
        render: fetch with Chromium: never, always, or when the plain page shows no list.
        wait_for: CSS selector that must match before a rendered page is read.
        year_hub: leads to one sub-column per year, or is one of several that are renamed every year.
        years: for ``{year}``: first and last report year; an open end is the last finished year.
        parents: pages from which the column can be found again; besides its own parent directories.
        confidence: how sure we are that the column is there.
        notes: for readers.
    """

    url: str
    lists: Lists = "mixed"
    publisher: str | None = None
    division: str | None = None
    is_report: bool = False
    render: RenderMode = "auto"
    wait_for: str | None = None
    year_hub: bool = False
    years: tuple[int, int | None] | None = None
    parents: tuple[str, ...] = ()
    confidence: Confidence = "confirmed"
    notes: Notes = ()

    @field_validator("url")
    @classmethod
    def _url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("write a full address that begins with http:// or https://")
        return value

    @field_validator("division")
    @classmethod
    def _division(cls, value: str | None) -> str | None:
        return _code(value)

    @field_validator("years")
    @classmethod
    def _years(cls, value: tuple[int, int | None] | None) -> tuple[int, int | None] | None:
        for year in value or ():
            if year is not None and not EARLIEST_YEAR <= year <= LATEST_YEAR:
                raise ValueError(f"write report years from {EARLIEST_YEAR} to {LATEST_YEAR}, not {year}")
        if value is not None and value[1] is not None and value[1] < value[0]:
            raise ValueError(f"the first year comes before the last: write [{value[1]}, {value[0]}]")
        return value

    @model_validator(mode="after")
    def _years_of_addresses(self) -> Column:
        if self.years is not None and "{year}" not in self.url:
            raise ValueError("years are for an address with {year} in it: write {year} there, or leave years out")
        return self

    def addresses(self, last_year: int) -> tuple[str, ...]:
        """The column's addresses: one, or one per report year up to ``last_year``."""
        if "{year}" not in self.url:
            return (self.url,)
        first, last = self.years or (FIRST_YEAR, None)
        end = min(last or last_year, last_year)
        return tuple(self.url.replace("{year}", str(year)) for year in range(first, end + 1))


class Site(ConfigModel):
    """One politeness group: a host, and others with the same back-end and so the same pace.

    Attributes:
        host: host as addresses name it; a port belongs to the addresses, not here.
        also_hosts: further hosts of the group, ``*.name`` for all below a name.
        reaches: hosts (or ``*.name``) of bodies whose reports this site's hubs list; followed one level, never further.
        exceptions: hosts outside gov.cn that were reviewed and are the government's own.
        home: the home page, from which a site without known columns is searched; both schemes are tried otherwise.
        place, division: whose site it is, and its GB/T 2260 code.
        cms: family, or ``auto``.
        pace: seconds between two requests. budget: most requests per run; parts_budget: those for parts of rendered
            pages (scripts, pictures), counted apart; page_requests: of these for one page.
        requisites: other hosts a rendered page may load from.
        proxy: vantage for this site; ``${NAME}`` is read from the environment, and a login must be.
        tls: ``legacy`` where only old TLS is spoken. encoding: what pages are in when they lie about it.
    """

    host: str
    also_hosts: Hosts = ()
    reaches: Hosts = ()
    exceptions: Hosts = ()
    home: str | None = None
    place: str | None = None
    division: str | None = None
    cms: str = "auto"
    pace: float = Field(3.0, ge=0.5, le=120)
    concurrency: int = Field(1, ge=1, le=4)
    budget: int = Field(3000, ge=1)
    parts_budget: int = Field(3000, ge=1)
    page_requests: int = Field(300, ge=1)
    requisites: Hosts = ()
    proxy: ProxyAddress = None
    tls: Literal["default", "legacy"] = "default"
    verify: Literal["record", "require"] = "record"
    encoding: str | None = None
    columns: tuple[Column, ...] = ()
    expectations: Expectations = Expectations()
    notes: Notes = ()

    @field_validator("host")
    @classmethod
    def _host(cls, value: str) -> str:
        return _bare(value)

    @field_validator("division")
    @classmethod
    def _division(cls, value: str | None) -> str | None:
        return _code(value)

    @field_validator("cms")
    @classmethod
    def _cms(cls, value: str) -> str:
        if value != "auto" and value not in cms.names():
            raise ValueError(f"no such CMS family; write auto or one of {', '.join(cms.names())}")
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Site:
        for index, column in enumerate(self.columns):
            host = _bare(urlsplit(column.url).hostname or "")
            if not host_matches(host, self.own_hosts()):
                raise ValueError(
                    f"column {index + 1} ({column.url}) is on {host}: name that host in also_hosts or as a site"
                )
        for host in self.own_hosts():
            if not _is_government(host) and host not in self.exceptions:
                raise ValueError(f"{host} is not below gov.cn; if it was reviewed, name it in exceptions as well")
        return self

    def own_hosts(self) -> tuple[str, ...]:
        """The host and those beside it."""
        return (self.host, *self.also_hosts)

    def ports(self) -> tuple[int, ...]:
        """Ports that the site's addresses name: beside 80 and 443 nothing else of its hosts is asked."""
        addresses = [self.home, *(url for column in self.columns for url in (column.url, *column.parents))]
        named = {urlsplit(address).port for address in addresses if address}
        return tuple(sorted(port for port in named if port))

    def policy(self) -> SitePolicy:
        """What capture and politeness need to know."""
        return SitePolicy(
            host=self.host,
            hosts=tuple(dict.fromkeys((*self.own_hosts(), *self.reaches))),
            ports=self.ports(),
            requisites=self.requisites,
            pace=self.pace,
            concurrency=self.concurrency,
            budget=self.budget,
            parts_budget=self.parts_budget,
            page=PageLimits(requests=self.page_requests),
            proxy=self.proxy,
            tls=self.tls,
            verify=self.verify,
        )


class Profile(ConfigModel):
    """One portal: everything under one province's profile."""

    name: str
    code: str | None
    sites: tuple[Site, ...] = Field(min_length=1)
    proxy: ProxyAddress = None
    notes: Notes = ()

    @field_validator("code")
    @classmethod
    def _division(cls, value: str | None) -> str | None:
        return _code(value)

    @model_validator(mode="after")
    def _hosts_once(self) -> Profile:
        seen: dict[str, str] = {}
        for site in self.sites:
            for host in site.own_hosts():
                if host in seen:
                    raise ValueError(
                        f"{host} stands in two sites ({seen[host]} and {site.host}); one pace needs one site"
                    )
                seen[host] = site.host
        return self


def _code(value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"\d{6}", value):
        raise ValueError('a GB/T 2260 code has six digits and stands in quotes ("410825")')
    return value


def _is_government(host: str) -> bool:
    name = host.removeprefix("*.")
    return name == GOVERNMENT or name.endswith(f".{GOVERNMENT}")
