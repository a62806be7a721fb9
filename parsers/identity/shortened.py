"""Places that a name shortens: 烟台市牟平人民政府 is 牟平区's, 重庆永川工业园区 lies in 永川区.

The name alone says the place above. It is the smaller one's where nothing but a place can stand there (in front of
人民政府), or where the document states the smaller one by its whole name. Anything else is left as it is: 南京鼓楼医院
is not 鼓楼区's, and 防城港市港口管理局 not 港口区's unless its text speaks of it.
"""

from __future__ import annotations

import dataclasses

from parsers.identity import agencies, divisions
from parsers.identity.agencies import Agency

_GOVERNMENT = ("人民政府", "政府")
_KINDS = frozenset({"people_government", "government_office", "township_government", "department", "zone_committee"})


def spell_out(agency: Agency, text: str, year: int | None) -> Agency | None:
    """The same body in the smaller place that its name shortens; None where there is none, or more than one.

    Args:
        agency: with one place.
        text: the document's beginning and end, folded.
        year: the report's year.
    """
    above = agency.division
    if above is None or agency.kind not in _KINDS or above.level in {"central", "township"}:
        return None
    body = agency.body
    found = {}
    for place, length in divisions.load().shortened(body, above.code, year):
        rest = body[length:]
        government = rest.startswith(_GOVERNMENT)
        if (government or place.name in text) and agencies.kind_of(rest) is not None:
            found[place.code] = (place, rest)
    if len(found) != 1:
        return None
    ((place, rest),) = found.values()
    if agency.kind == "zone_committee":
        return dataclasses.replace(agency, divisions=(place,))  # the short form is part of the zone's name
    name = (above.name if place.level == "township" else "") + place.name + rest
    whole = agencies.read_agency(name, year, place.code)
    return dataclasses.replace(whole, raw=agency.raw) if whole is not None and whole.division == place else None
