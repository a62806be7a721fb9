"""The farm: every site of ``sites.yaml`` in one state, and the list of what is truly there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.portals.base import Expected, Site
from tests.portals.dynamic import Epoint, Gkmlpt, Lonsun, Nfcms, Truecms, Vsb
from tests.portals.hanweb import AnnualJsp, Jpaas, Jpage
from tests.portals.kaipu import Kaipu
from tests.portals.plain import Easysite, Henan, OnePage, PcList, Plain
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


def build(state: State = "first", portals: Iterable[str] | None = None) -> Farm:
    """The farm in ``state``; only these portals when named."""
    facts = yaml.safe_load((Path(__file__).parent / "sites.yaml").read_text(encoding="utf-8"))
    wanted = set(portals) if portals is not None else set(facts)
    sites: dict[str, Site] = {}
    for portal, specs in facts.items():
        if portal in wanted:
            for spec in specs:
                sites[spec["host"]] = FAMILIES[spec["family"]]({**spec, "portal": portal}, state)
    return Farm(sites, [item for site in sites.values() for item in site.expected])
