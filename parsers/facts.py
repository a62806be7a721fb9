"""Typed reading of one YAML file of facts: what is wrong is named by file, line and field."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from parsers._errors import ConfigurationError
from parsers.configuration import line_of, parse_yaml


class Facts(BaseModel):
    """Base of the models of ``config/*.yaml``: nothing unknown passes, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


FactsT = TypeVar("FactsT", bound=Facts)


def load_facts(path: Path, model: type[FactsT]) -> FactsT:
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


def read_facts(text: str, subject: str, model: type[FactsT]) -> FactsT:
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
