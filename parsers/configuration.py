"""Where the facts are (``config/``), how they are read, and the digests that name a state of them and of the code.

Order: ``GONGKAI_CONFIG``, then the checkout's ``config/`` (the folder beside this package), then the copy packaged in
the wheel. Everything is YAML; errors name file, line and field.
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from parsers._errors import ConfigurationError

_PACKAGE = Path(__file__).resolve().parent
_LIBRARIES = ("selectolax", "pdfplumber", "pdfminer.six", "pypdfium2", "python-docx", "python-calamine")
_READING = ("templates", "divisions", "agencies", "titles", "identity")


def configuration_directory() -> Path:
    """The directory of facts in use.

    Raises:
        ConfigurationError: ``GONGKAI_CONFIG`` names no directory, or the package was built without its facts.
    """
    named = os.environ.get("GONGKAI_CONFIG")
    if named:
        path = Path(named)
        if not path.is_dir():
            raise ConfigurationError(
                "there is no such directory", subject=f"GONGKAI_CONFIG={named}", advice="Name a directory or unset it"
            )
        return path.resolve()
    for path in (_PACKAGE.parent / "config", _PACKAGE / "_config"):
        if (path / "templates").is_dir() or (path / "portals").is_dir():
            return path
    raise ConfigurationError(
        "the directory of facts is missing", subject="config", advice="Install gongkai anew or set GONGKAI_CONFIG"
    )


def load_yaml(path: Path) -> Any:
    """Parse one YAML file of facts.

    Raises:
        ConfigurationError: the file is missing or is not YAML; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot be read ({error})", subject=str(path)) from error
    return parse_yaml(text, str(path))


def parse_yaml(text: str, subject: str) -> Any:
    """Parse YAML text; ``subject`` names it in messages.

    Raises:
        ConfigurationError: not YAML; the message names the line.
    """
    try:
        return yaml.load(text, Loader=_loader())  # noqa: S506 - a safe loader, the C one where it is built
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or str(error)
        raise ConfigurationError(f"not valid YAML: {problem}", subject=f"{subject}{where}") from error


def line_of(text: str, path: Iterable[str | int]) -> int | None:
    """The line (from 1) on which the value at ``path`` stands in YAML ``text``; the nearest parent's when missing."""
    node = yaml.compose(text, Loader=_loader())
    line: int | None = None
    for step in path:
        if node is None:
            break
        line = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is None:
                continue  # not a key of the file: the name of a kind of thing, or what is missing
            line = found[0].start_mark.line + 1
            node = found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def configuration_digest() -> str:
    """``sha256:`` digest over all facts that readings depend on (templates, divisions, agencies, titles, identity)."""
    return _digest(configuration_directory())


@functools.lru_cache(maxsize=1)
def code_digest() -> str:
    """Twelve hexadecimal digits that name the parsers' code: this package's modules and the libraries that read."""
    digest = hashlib.sha256()
    modules = sorted(_PACKAGE.rglob("*.py"), key=lambda path: path.relative_to(_PACKAGE).as_posix())
    for path in modules:
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\0".encode())
    return digest.hexdigest()[:12]


@functools.lru_cache(maxsize=8)
def _digest(root: Path) -> str:
    digest = hashlib.sha256()
    files = sorted(
        (path for name in _READING for path in (*root.glob(f"{name}/**/*"), *root.glob(f"{name}.*")) if path.is_file()),
        key=lambda path: path.relative_to(root).as_posix(),
    )
    for path in files:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"sha256:{digest.hexdigest()}"


def _loader() -> type[yaml.SafeLoader]:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
