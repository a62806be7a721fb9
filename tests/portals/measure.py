"""Crawls the farm with our profiles and measures what was found against what is there."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive import Home
from archive.access.captures import Captures
from archive.database import open_database
from archive.index.indexer import index
from archive.records.reports import ReportLine, blocked_lines, report_lines
from crawler.plan import Options, make_plan
from crawler.run import Outcome, run_crawls
from crawler.samples import SampleServer
from tests.portals.farm import Expected, Farm

PROFILE = """
name: 测试农场
code: null
notes: Families that no province's portal uses.
sites:
"""


@dataclass
class Measure:
    """What a crawl found of what is there.

    Attributes:
        missed: reports that are there and were not found.
        strangers: records that are no report of the portal: portal, address, agency, year.
        misnamed: found, but under another agency or year.
        asked: every host and target that was asked for.
    """

    expected: int = 0
    found: int = 0
    records: int = 0
    missed: list[Expected] = field(default_factory=list)
    strangers: list[tuple[str, str, str, int]] = field(default_factory=list)
    misnamed: list[tuple[Expected, str, int]] = field(default_factory=list)
    blocked: list[dict[str, object]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    asked: set[tuple[str, str]] = field(default_factory=set)

    @property
    def recall(self) -> float:
        """Share of the reports that are there which were found."""
        return self.found / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        """Share of the records that are reports of the portal under the right agency and year."""
        return 1 - (len(self.strangers) + len(self.misnamed)) / self.records if self.records else 1.0

    def explain(self) -> str:
        """Every miss with its reason as far as it can be told from outside."""
        share = f"recall {self.recall:.4f}, precision {self.precision:.4f}"
        lines = [f"{self.found} of {self.expected} found, {self.records} records: {share}"]
        for item in self.missed:
            host, _, target = item.urls[0].partition("://")[2].partition("/")
            was = "fetched, not recorded" if (host, f"/{target}") in self.asked else "never asked for"
            lines.append(f"  missed ({was}, {item.family}): {item.title} {item.urls[0]}")
        lines += [f"  stranger: {portal} {agency} {year} {url}" for portal, url, agency, year in self.strangers]
        lines += [
            f"  misnamed: {item.agency} {item.year} recorded as {agency} {year}" for item, agency, year in self.misnamed
        ]
        return "\n".join(lines)


def configuration(root: Path, target: Path) -> Path:
    """The facts of the checkout and a portal `farm` for the families that no profile uses."""
    shutil.copytree(root / "config", target)
    hosts = (
        ("www.xz.gov.cn", "/govxxgk/nb.html"),
        ("www.nantong.gov.cn", "/ntsrmzf/zfxxgknb/index.html"),
        ("www.pzh.gov.cn", "/zwgk/zfxxgknb/"),
        ("www.zhenjiang.gov.cn", "/zhenjiang/zfxxgknb/"),
    )
    sites = "".join(f"  - host: {host}\n    columns:\n      - url: https://{host}{path}\n" for host, path in hosts)
    (target / "portals" / "farm.yaml").write_text(PROFILE + sites, encoding="utf-8")
    return target


def crawl(farm: Farm, portals: Sequence[str], place: Path, earlier: Farm | None = None) -> Measure:
    """Crawl ``portals`` on the farm into the home at ``place`` and compare the records with the truth.

    Args:
        earlier: the farm as it was when the home's earlier crawl was made.
    """
    home = Home.at(place, create=True)
    measure = Measure()
    with SampleServer(farm.sites) as server, open_database(home) as database:
        prior = Captures(database, home.warc)
        options = Options(home=home, connect_to=tuple(server.connect_to), pace=0.0)
        measure.outcomes = run_crawls([make_plan(key, options, prior=prior) for key in portals])
        measure.asked = {(served.host, served.target) for served in server.journal}
    result = index(home)
    assert result.ok, result
    with open_database(home) as database, database.session() as session:
        lines = list(report_lines(session))
        measure.blocked = list(blocked_lines(session))
    for key in portals:
        _compare(
            measure,
            farm.of(key),
            earlier.of(key) if earlier else [],
            [line for line in lines if line.report.portal == key],
            key,
        )
    return measure


def _compare(
    measure: Measure,
    expected: Sequence[Expected],
    earlier: Sequence[Expected],
    lines: Sequence[ReportLine],
    portal: str,
) -> None:
    """Records against the truth; what an address held in an earlier state may still be on record."""
    found: set[int] = set()
    for line in lines:
        said = {plain(url) for url in (line.url, *line.twins)}
        meant = [number for number, item in enumerate(expected) if said & {plain(url) for url in item.urls}]
        exact = [number for number in meant if _is(expected[number], line)]
        if exact:
            found.update(exact)
        elif any(said & {plain(url) for url in item.urls} and _is(item, line) for item in earlier):
            continue
        elif meant:
            found.update(meant)
            measure.misnamed.append((expected[meant[0]], line.agency.name, line.report.year))
        else:
            measure.strangers.append((portal, line.url, line.agency.name, line.report.year))
    measure.records += len(lines)
    measure.expected += len(expected)
    measure.found += len(found)
    measure.missed += [item for number, item in enumerate(expected) if number not in found]


def _is(item: Expected, line: ReportLine) -> bool:
    return (item.agency, item.year) == (line.agency.name, line.report.year)


def plain(url: str) -> str:
    """An address without scheme and ``www.``: one host under two names is one place."""
    return url.partition("://")[2].removeprefix("www.")
