"""Sample portals: a small server that plays two provinces under their real host names.

A newcomer has no access to hosts on the mainland, and nobody should learn on a live government server. Everything they
serve is made up or carries figures of real reports with prose of ours; it is fetched through ``--connect-to``, so every
capture says that it was not obtained from the named host.

    portals       the two provinces, as ``data`` describes them
    reports       their reports; invent: further ones whose figures add up
    server        any number of hosts on loopback; certificate: its own
"""

from crawler.samples.invent import invent
from crawler.samples.portals import PROVINCES, Sample, sample_portals, samples
from crawler.samples.reports import Report
from crawler.samples.server import Answer, Pages, Portal, Request, SampleServer

__all__ = [
    "PROVINCES",
    "Answer",
    "Pages",
    "Portal",
    "Report",
    "Request",
    "Sample",
    "SampleServer",
    "invent",
    "sample_portals",
    "samples",
]
