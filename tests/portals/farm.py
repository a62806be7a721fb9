"""The farm: every site of ``sites.yaml`` in one state, and the list of what is truly there."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.portals.base import Expected, Site
from tests.portals.dynamic import Epoint, Gkmlpt, Lonsun, Nfcms, Truecms, Vsb
from tests.portals.hanweb import AnnualJsp, Jpaas, Jpage
from tests.portals.kaipu import Kaipu
from tests.portals.plain import Easysite, Henan, OnePage, PcList, Plain
from tests.portals.scripted import Called, Menu, TownshipPages
from tests.portals.stock import State
from tests.portals.trs import Trs


class Clone(Plain):
    """A hijacked host that copies a portal, its head tags included: whatever it holds is no report."""

    def build(self) -> None:
        super().build()
        self.expected.clear()


FAMILIES: dict[str, type[Site]] = {
    "trs": Trs,
    "jpage": Jpage,
    "jpaas": Jpaas,
    "annual_jsp": AnnualJsp,
    "nfcms": Nfcms,
    "gkmlpt": Gkmlpt,
    "kaipu": Kaipu,
    "lonsun": Lonsun,
    "epoint": Epoint,
    "truecms": Truecms,
    "vsb": Vsb,
    "easysite": Easysite,
    "pclist": PcList,
    "henan": Henan,
    "plain": Plain,
    "one_page": OnePage,
    "called": Called,
    "menu": Menu,
    "township_pages": TownshipPages,
    "clone": Clone,
}


@dataclass(frozen=True)
class Farm:
    """Hosts to serve, and the reports that a crawl of each portal must find."""

    sites: dict[str, Site]
    expected: list[Expected]

    def of(self, portal: str) -> list[Expected]:
        """What is expected of one portal."""
        return [item for item in self.expected if item.portal == portal]


# Ways in which installations of one product differ; `build` deals them out in turn when asked for variety.
_DIALECTS = (
    ("five", 1),
    ("container", 2),
    ("parseInt", 2),
    ("countPage", 1),
    ("createPage", 1),
    ("links", 2),
    ("createPageHTML", 1),
)
_PROXIES = ("page", "windows", "empty")
_ROWS = ("table", "dl", "list", "undated")
_META = ("none", "twelve", "upper", "lower", "chinese", "own_type", "site_in_title")


def build(state: State = "first", portals: Iterable[str] | None = None, *, varied: bool = False) -> Farm:
    """The farm in ``state``; only these portals when named.

    Args:
        state: which of the two.
        portals: which portals; all when not given.
        varied: the same holdings in other dialects than the sites are known for: two rows a page, other paging, other
            list markup, other head tags, lists from back-ends instead of files.
    """
    return _build(state, None if portals is None else frozenset(portals), varied=varied)


@functools.cache
def _build(state: State, portals: frozenset[str] | None, *, varied: bool) -> Farm:
    """Once in a process: a thousand pages and files take a second, and nothing that is asked of a site changes it."""
    facts = yaml.safe_load((Path(__file__).parent / "sites.yaml").read_text(encoding="utf-8"))
    wanted = set(portals) if portals is not None else set(facts)
    sites: dict[str, Site] = {}
    for portal, specs in facts.items():
        if portal in wanted:
            for spec in specs:
                number = len(sites)
                chosen = _varied(spec, number) if varied else spec
                sites[spec["host"]] = FAMILIES[spec["family"]]({**chosen, "portal": portal}, state)
    return Farm(sites, [item for site in sites.values() for item in site.expected])


def _varied(spec: dict[str, Any], number: int) -> dict[str, Any]:
    changed = {**spec, "page_size": 2, "meta": _META[number % len(_META)], "rows": _ROWS[number % len(_ROWS)]}
    if spec["family"] == "trs" and not {"was5", "embedded", "flat_ids"} & set(spec.get("traps", ())):
        changed["dialect"], changed["first"] = _DIALECTS[number % len(_DIALECTS)]
    if spec["family"] == "kaipu" and spec.get("mode", "static") == "static":
        changed["mode"] = "api"
    if spec["family"] == "jpage":
        changed["proxy"] = _PROXIES[number % len(_PROXIES)]
    return changed
