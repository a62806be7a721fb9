"""Profiles of portals, found and read: what is wrong in one is said by file, line and field."""

from __future__ import annotations

import difflib
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import (
    ValidationError,
)

from crawler.errors import ProfileError, UsageError
from crawler.portals.profile import Profile, Site
from crawler.scope import host_matches
from parsers import ConfigurationError
from parsers.configuration import facts_file, facts_files, line_of, parse_yaml


def portal_names() -> tuple[str, ...]:
    """Keys of all profiles, sorted."""
    return tuple(path.stem for path in facts_files("portals/*.yaml"))


def load_portal(key: str) -> Portal:
    """One profile.

    Raises:
        UsageError: there is none of that name; near matches are named.
        ProfileError: it cannot be used; file, line and field are named.
    """
    path = facts_file(f"portals/{key}.yaml")
    if not re.fullmatch(r"[\w-]+", key) or not path.is_file():
        raise UsageError(
            f"there is no portal {key!r}",
            advice=_near(key, list(portal_names()), "`gongkai portals list`"),
        )
    return read_portal(path)


def load_portals() -> tuple[Portal, ...]:
    """All profiles, sorted by key."""
    return tuple(load_portal(key) for key in portal_names())


def read_portal(path: Path) -> Portal:
    """The profile in a file.

    Raises:
        ProfileError: as `load_portal`.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"cannot be read ({error})", subject=str(path)) from error
    return Portal(path.stem, parse_profile(text, str(path)), text)


def parse_profile(text: str, subject: str) -> Profile:
    """Profile text as data; ``subject`` names it in messages.

    Raises:
        ProfileError: not YAML, or a field is wrong; line and field are named.
    """
    try:
        data = parse_yaml(text, subject)
    except ConfigurationError as error:
        raise ProfileError(str(error.args[0]), subject=error.subject, advice="Mend the YAML and try again") from error
    if not isinstance(data, dict):
        raise ProfileError("is no profile: name, code and sites are missing", subject=subject, advice=_HELP)
    try:
        return Profile.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = first["loc"]
        line = line_of(text, place)
        where = f" line {line}" if line else ""
        raise ProfileError(f"{_field(place)}: {_said(first)}", subject=f"{subject}{where}", advice=_HELP) from error


_HELP = "`gongkai portals fields` says what each field means"


def _field(place: tuple[int | str, ...]) -> str:
    text = ""
    for step in place:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text or "the profile"


def _said(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "there is no such field"
    if error["type"] == "missing":
        return "is missing"
    return str(error["msg"]).removeprefix("Value error, ")


def _near(word: str, known: list[str], command: str) -> str:
    near = difflib.get_close_matches(word.lower(), known, n=3, cutoff=0.6)
    by_name = [key for key, name in _chinese_names().items() if word and (word in name or name.startswith(word))]
    wanted = list(dict.fromkeys([*by_name, *near]))
    return f"Did you mean {' or '.join(wanted)}? {command} shows all" if wanted else f"{command} shows all"


def _chinese_names() -> dict[str, str]:
    found: dict[str, str] = {}
    for key in portal_names():
        path = facts_file(f"portals/{key}.yaml")
        match = re.search(r"^name:\s*(\S+)", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
        if match:
            found[key] = match.group(1)
    return found


@dataclass(frozen=True, slots=True)
class Portal:
    """A profile with where it came from.

    Attributes:
        key: name of the portal, the file and the spider.
        text: the file as it is, archived with every crawl.
    """

    key: str
    profile: Profile
    text: str

    @property
    def digest(self) -> str:
        """``sha256:`` digest of the text."""
        return f"sha256:{hashlib.sha256(self.text.encode()).hexdigest()}"

    def sites(self, hosts: tuple[str, ...] = ()) -> tuple[Site, ...]:
        """The sites named by ``hosts`` (any of a site's hosts names it); all when none is named.

        Raises:
            UsageError: a host belongs to no site.
        """
        if not hosts:
            return self.profile.sites
        chosen: list[Site] = []
        for host in hosts:
            found = next((site for site in self.profile.sites if host.lower() in site.own_hosts()), None)
            if found is None:
                known = [entry for site in self.profile.sites for entry in site.own_hosts()]
                raise UsageError(
                    f"the portal {self.key} has no site {host}", advice=_near(host, known, "`gongkai portals show`")
                )
            if found not in chosen:
                chosen.append(found)
        return tuple(chosen)

    def site_of(self, host: str) -> Site | None:
        """The site to which ``host`` belongs."""
        return next((site for site in self.profile.sites if host_matches(host, site.own_hosts())), None)
