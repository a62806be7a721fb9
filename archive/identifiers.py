"""Ids of records: derived from what they name, never counted.

So the same archive gives the same ids on every machine and after every rebuild. Each is short enough to be typed; the
parts behind the division code are the first hexadecimal digits of a SHA-256 over what is named.

    agency       410825-1f0c22ab4e                division, digest of (division, kind, canonical name)
    report       410825-1f0c22ab4e-2020-main      agency, year, series
    publication  p-5d0e...                        report (or none), method, URL with fragment, body digest
    version      v-91ab...                        publication, first capture
    reading      r-77c3...                        version, parser version, configuration digest
    figure       v-91ab...:req_new__total         version, code
"""

from __future__ import annotations

import hashlib

MAIN_SERIES = "main"
_NOWHERE = "000000"


def agency_id(division: str | None, kind: str | None, name: str) -> str:
    """Id of a body."""
    return f"{division or _NOWHERE}-{_digest(10, division, kind, name)}"


def report_id(agency: str, year: int, series: str = MAIN_SERIES) -> str:
    """Id of a report."""
    return f"{agency}-{year}-{series}"


def publication_id(report: str | None, method: str, url: str, body_digest: str | None) -> str:
    """Id of a locator at which a report appears."""
    return f"p-{_digest(20, report, method, url, body_digest)}"


def version_id(publication: str, first_capture: str) -> str:
    """Id of a run of captures with equal content."""
    return f"v-{_digest(20, publication, first_capture)}"


def reading_id(version: str, parser: str, configuration: str) -> str:
    """Id of what one parser read from one version."""
    return f"r-{_digest(20, version, parser, configuration)}"


def figure_id(version: str, code: str) -> str:
    """Id of one coded cell."""
    return f"{version}:{code}"


def finding_id(report: str | None, rule: str, target: str, others: tuple[str, ...] = ()) -> str:
    """Id of what a rule says about a target, whatever reading it comes from: people's verdicts hang on it."""
    return f"f-{_digest(16, report, rule, target, *others)}"


def evidence_digest(*parts: str | None) -> str:
    """Fingerprint of what a finding rests on."""
    return f"e-{_digest(20, *parts)}"


def _digest(length: int, *parts: str | None) -> str:
    # Lengths keep parts apart whatever they hold; None differs from nothing.
    text = "".join(["-;" if part is None else f"{len(part)}:{part};" for part in parts])
    return hashlib.sha256(text.encode()).hexdigest()[:length]
