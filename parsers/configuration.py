"""Where the facts are (``config/``), how they are read, and the digests that name a state of them and of the code.

The facts are the checkout's ``config/`` (the folder beside this package), else the copy packaged in the wheel.
``GONGKAI_CONFIG`` names overlays: folders that hold only what differs, parted by the path separator; the first that has
a file has the word, file by file. Everything is YAML; errors name file, line and field.
"""

from __future__ import annotations

import difflib
import functools
import hashlib
import os
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from parsers.errors import ConfigurationError

_PACKAGE = Path(__file__).resolve().parent
_LIBRARIES = (
    "selectolax",
    "cssselect",
    "lxml",
    "pillow",
    "pdfplumber",
    "pdfminer.six",
    "pypdfium2",
    "python-docx",
    "python-calamine",
)
ModelT = TypeVar("ModelT", bound="ConfigModel")
_READING = ("templates", "calendar", "divisions", "agencies", "titles", "identity")


def configuration_directories() -> tuple[Path, ...]:
    """The directories of facts in use: the overlays in the order in which they are asked, then the facts themselves.

    Raises:
        ConfigurationError: ``GONGKAI_CONFIG`` names no directory, or one with a file that would never be read; or the
            package was built without its facts.
    """
    named = _named_overlays()
    return _directories(named, Path.cwd() if named else None)


def _named_overlays() -> str:
    return os.environ.get("GONGKAI_CONFIG", "")


def facts_file(name: str) -> Path:
    """The file of facts in use under this name (``templates/rules.yaml``): the first directory that has it.

    Raises:
        ConfigurationError: as `configuration_directories`.
    """
    if not _named_overlays():
        return _own_file(name)
    directories = configuration_directories()
    found = next((path for each in directories if (path := each / name).is_file()), None)
    return found or directories[-1] / name


@functools.lru_cache(maxsize=256)  # asked for several hundred times while one document is read
def _own_file(name: str) -> Path:
    return _directories("", None)[0] / name


def facts_files(pattern: str) -> tuple[Path, ...]:
    """All files of facts in use whose names match (``portals/*.yaml``), by name; of each the first directory's.

    Raises:
        ConfigurationError: as `configuration_directories`.
    """
    directories = configuration_directories()
    return _matching_files(directories, pattern, _stamps(directories))


@functools.lru_cache(maxsize=64)
def _matching_files(directories: tuple[Path, ...], pattern: str, _: tuple[int, ...]) -> tuple[Path, ...]:
    found: dict[str, Path] = {}
    for directory in directories:
        for path in directory.glob(pattern):
            if path.is_file():
                found.setdefault(path.relative_to(directory).as_posix(), path)
    return tuple(found[name] for name in sorted(found))


# The folders of facts, those within them too, and when each was last changed (nanoseconds).
_folders: dict[tuple[Path, ...], dict[Path, int]] = {}
_GONE = -1


def _stamps(directories: tuple[Path, ...]) -> tuple[int, ...]:
    """When each folder of facts was last changed: as long as none was, the same files stand in them."""
    known = _folders.get(directories, {})
    if not known or any(_changed_at(folder) != stamp for folder, stamp in known.items()):
        inside = [Path(folder) for directory in directories for folder, _, _ in os.walk(directory)]
        known = {folder: _changed_at(folder) for folder in inside}
        _folders[directories] = known
    return tuple(known.values())


def _changed_at(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return _GONE


@functools.lru_cache(maxsize=8)
def _directories(named: str, within: Path | None) -> tuple[Path, ...]:
    facts = _own_facts()
    overlays = []
    for part in filter(None, named.split(os.pathsep)):
        path = ((within or Path()) / part).resolve()
        if not path.is_dir():
            raise ConfigurationError(
                "there is no such directory", subject=f"GONGKAI_CONFIG={part}", advice="Name a directory or unset it"
            )
        _require_use(path, facts)
        overlays.append(path)
    return (*overlays, facts)


def _own_facts() -> Path:
    for path in (_PACKAGE.parent / "config", _PACKAGE / "_config"):
        if (path / "templates").is_dir() or (path / "portals").is_dir():
            return path
    raise ConfigurationError("the directory of facts is missing", subject="config", advice="Install gongkai anew")


def _require_use(overlay: Path, facts: Path) -> None:
    """Refuse an overlay with a file that nobody would ever read, such as one whose name is mistyped.

    Raises:
        ConfigurationError: the file is named, and what it may have been meant for.
    """
    kinds = {".yaml", ".yml", ".csv"}
    names = {path.relative_to(facts).as_posix() for path in facts.rglob("*") if path.suffix in kinds}
    found = [path for path in sorted(overlay.rglob("*")) if path.suffix in kinds and path.is_file()]
    for path in found:
        name = path.relative_to(overlay).as_posix()
        if any(part.startswith(".") for part in Path(name).parts):
            continue  # of an editor, of version control
        if name not in names and not _is_new(path, overlay):
            likely = difflib.get_close_matches(name, names, 1)
            raise ConfigurationError(
                "no fact is kept in a file of this name",
                subject=str(path),
                advice=f"Did you mean {likely[0]}" if likely else f"Names are as in {facts}",
            )
    if not found:
        raise ConfigurationError(
            "holds no facts", subject=f"GONGKAI_CONFIG={overlay}", advice=f"Its files are named as in {facts}"
        )


def _is_new(path: Path, overlay: Path) -> bool:
    """Whether a file adds something: a portal, or a form."""
    if path.suffix != ".yaml":
        return False
    form = path.parent == overlay / "templates"
    return path.parent == overlay / "portals" or (
        form and any(line.startswith(b"template:") for line in path.read_bytes().splitlines())
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


class ConfigModel(BaseModel):
    """Base of the models of ``config/*.yaml``: nothing unknown passes, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def load_facts(path: Path, model: type[ModelT]) -> ModelT:
    """Read ``path`` as ``model``.

    Raises:
        ConfigurationError: the file is missing, is not YAML, or a field in it is wrong; the message names file, line
            and field.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot be read ({error})", subject=str(path)) from error
    return read_facts(text, str(path), model)


def read_facts(text: str, subject: str, model: type[ModelT]) -> ModelT:
    """Read YAML ``text`` as ``model``; ``subject`` names it in messages.

    Raises:
        ConfigurationError: as `load_facts`.
    """
    data = parse_yaml(text, subject)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        line = line_of(text, first["loc"]) if isinstance(data, dict) else None
        where = f" line {line}" if line else ""
        field = ".".join(str(step) for step in first["loc"]) or "the file"
        raise ConfigurationError(f"{field}: {first['msg']}", subject=f"{subject}{where}") from error


def configuration_digest() -> str:
    """``sha256:`` digest over all facts that readings depend on (templates, divisions, agencies, titles, identity).

    The same facts have the same digest, however their YAML is laid out and whatever its comments say.
    """
    directories = configuration_directories()
    return _digest(_files_in_use(directories, _stamps(directories)))


@functools.lru_cache(maxsize=8)
def _files_in_use(directories: tuple[Path, ...], _: tuple[int, ...]) -> tuple[tuple[Path, str], ...]:
    """The files of facts that readings depend on, with their names."""
    files = {
        path: name
        for directory in reversed(directories)
        for path in _reading_files(directory)
        if facts_file(name := path.relative_to(directory).as_posix()) == path
    }
    return tuple(sorted(files.items(), key=lambda item: item[1]))


def _reading_files(directory: Path) -> list[Path]:
    patterns = [f"{name}{end}" for name in _READING for end in ("/**/*", ".*")]
    return [path for pattern in patterns for path in directory.glob(pattern) if path.is_file()]


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
def _digest(files: tuple[tuple[Path, str], ...]) -> str:
    """Over names and contents: the same facts are the same wherever they lie."""
    digest = hashlib.sha256()
    for path, name in files:
        digest.update(name.encode() + b"\0")
        digest.update(hashlib.sha256(_facts(path)).digest())
    return f"sha256:{digest.hexdigest()}"


def _facts(path: Path) -> bytes:
    """What a file says: of YAML its values, in their order (the first rule that fits counts); comments say nothing."""
    return repr(load_yaml(path)).encode() if path.suffix in {".yaml", ".yml"} else path.read_bytes()


def _loader() -> type[yaml.SafeLoader]:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
