"""A page of documentation per portal, written from its profile; a test fails when one is stale."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from crawler.cms import adapter
from crawler.portals.load import Portal, load_portals
from crawler.portals.profile import Column, Expectations, Profile, Site

_SURE = {
    "confirmed": "seen in a page or in public code",
    "unconfirmed": "one weak source",
    "inferred": "by analogy, never seen",
}


def write_pages(directory: Path) -> list[Path]:
    """Write all pages and their index; returns what was written."""
    directory.mkdir(parents=True, exist_ok=True)
    portals = load_portals()
    written = []
    for name, text in pages(portals):
        path = directory / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def pages(portals: tuple[Portal, ...]) -> Iterator[tuple[str, str]]:
    """File name and text of every page, the index first."""
    yield "index.md", _index(portals)
    for portal in portals:
        yield f"{portal.key}.md", page(portal)


def page(portal: Portal) -> str:
    """The page of one portal."""
    profile = portal.profile
    lines = [
        f"# {profile.name} (`{portal.key}`)",
        "",
        f"Written from `config/portals/{portal.key}.yaml` by `gongkai portals docs`: change the profile, not this.",
        "",
        f"Division code: {profile.code or 'none'}. Crawl it: `gongkai crawl {portal.key}`.",
        f"See whether it still fits: `gongkai portals check {portal.key}`.",
    ]
    if profile.notes:
        lines += ["", *(f"- {note}" for note in profile.notes)]
    for site in profile.sites:
        lines += ["", *_site(profile.name, site)]
    return "\n".join(lines) + "\n"


def _site(name: str, site: Site) -> Iterator[str]:
    yield f"## {site.place or name}: `{site.host}`"
    yield ""
    family = "recognised when it is visited" if site.cms == "auto" else adapter(site.cms).product
    facts = [f"CMS: {family}", f"pace: {site.pace:g} s", f"at most {site.budget} requests a run"]
    if site.division:
        facts.insert(0, f"division {site.division}")
    if site.also_hosts:
        facts.append("also " + ", ".join(f"`{host}`" for host in site.also_hosts))
    if site.tls == "legacy":
        facts.append("speaks old TLS only")
    if site.exceptions:
        facts.append("reviewed exceptions: " + ", ".join(f"`{host}`" for host in site.exceptions))
    yield "; ".join(facts) + "."
    if site.reaches:
        yield ""
        yield "Its hubs are followed one level to: " + ", ".join(f"`{host}`" for host in site.reaches) + "."
    yield ""
    if not site.columns:
        yield "No column is known; it is looked for from the home page."
    for column in site.columns:
        yield from _column(column)
    for text in site.notes:
        yield f"- Note: {text}"


def _column(column: Column) -> Iterator[str]:
    kind = "The report itself" if column.is_report else "Column"
    words = [f"lists: {column.lists}", f"{column.confidence} ({_SURE[column.confidence]})"]
    if column.render != "auto":
        words.append(f"render: {column.render}")
    if column.year_hub:
        words.append("renamed or divided by year: looked for again from its parents")
    yield f"- {kind} <{column.url}>: " + "; ".join(words) + "."
    for note in column.notes:
        yield f"  {note}"


def _index(portals: tuple[Portal, ...]) -> str:
    lines = [
        "# Portals",
        "",
        "One page per profile, written by `gongkai portals docs`. How profiles work: [portals.md](../portals.md).",
        "",
        "| portal | name | sites | columns | family |",
        "|---|---|---|---|---|",
    ]
    for portal in portals:
        sites = portal.profile.sites
        columns = sum(len(site.columns) for site in sites)
        lines.append(
            f"| [{portal.key}]({portal.key}.md) | {portal.profile.name} | {len(sites)} | {columns} | {sites[0].cms} |"
        )
    return "\n".join(lines) + "\n"


def profile_fields() -> list[tuple[str, str, str]]:
    """(part of a profile, field, what it means or takes) of every field, as the models have them."""
    rows = []
    for part, model in (("portal", Profile), ("site", Site), ("column", Column), ("expectations", Expectations)):
        meant = _meanings(inspect.getdoc(model) or "")
        for name, about in model.model_fields.items():
            kind = "must be given" if about.is_required() else f"default: {about.get_default() or 'none'}"
            rows.append((part, name, meant.get(name, kind)))
    return rows


def _meanings(docstring: str) -> dict[str, str]:
    """Field -> meaning, from the section ``Attributes``: names, a colon, text; a name may stand beside another."""
    lines = docstring.partition("Attributes:")[2].splitlines()
    # a name begins its line, or stands behind the meaning of the one before
    text = "\n".join(f" {line.strip()}" if line.startswith("        ") else line.strip() for line in lines)
    parts = re.split(r"(?:^|(?<=[.;] ))(\w+(?:, \w+)*): ", text.replace("\n ", " "), flags=re.MULTILINE)
    meant = zip(parts[1::2], parts[2::2], strict=True)
    return {name: " ".join(text.split()) for names, text in meant for name in names.split(", ")}
