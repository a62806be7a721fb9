"""One spider per profile, made from `PortalSpider`: ``scrapy list`` shows the portals, ``scrapy crawl henan`` works.

A province that needs code of its own gets a module here with a subclass that bears its name; the rest are made.
"""

from __future__ import annotations

from crawler.portals import portal_names
from crawler.spiders.portal import PortalSpider

for _key in portal_names():
    _class = f"{_key.title().replace('-', '')}Spider"
    globals()[_class] = type(
        _class, (PortalSpider,), {"name": _key, "__module__": __name__, "__doc__": f"The portal {_key}."}
    )

__all__ = ["PortalSpider"]
