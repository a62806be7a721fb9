"""The harmonised series over the forms (``config/templates/crosswalk.yaml``), typed; reading checks the formulas.

A formula is one code, a sum of codes (``a + b``), or the sum over all codes of the form that fit a pattern
(``sum(req_denied_*__total)``). It stands under the name of its form; a new form is one more name, and no code.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence

from pydantic import ConfigDict

from parsers.configuration import ConfigModel, line_of, read_facts
from parsers.errors import ConfigurationError


class Harmonised(ConfigModel):
    """One series over the forms: the formula that stands for it in each, and how comparable they are.

    Attributes:
        remarks: by form, what the formula leaves out, or why the form has none.
    """

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, str | None]

    code: str
    label_zh: str
    label_en: str
    comparability: str
    remarks: Mapping[str, str] = {}

    @property
    def formulas(self) -> Mapping[str, str | None]:
        """Form -> formula; None where the form has no such series."""
        return self.__pydantic_extra__


class Crosswalk(ConfigModel):
    """``crosswalk.yaml``."""

    crosswalk: tuple[Harmonised, ...]


def read_crosswalk(text: str, subject: str, forms: Mapping[str, Sequence[str]]) -> tuple[Harmonised, ...]:
    """The series of a crosswalk.

    Args:
        text: the YAML.
        subject: names it in messages.
        forms: name -> all codes, of every form there is.

    Raises:
        ConfigurationError: a field is wrong, a form unknown, a formula names what its form does not have, or two series
            have one code; file, line and field are named.
    """
    series = read_facts(text, subject, Crosswalk).crosswalk
    seen: set[str] = set()
    for index, entry in enumerate(series):
        problem = _problem(entry, forms)
        if entry.code in seen:
            problem = ("code", f"the series {entry.code} is there twice")
        seen.add(entry.code)
        if problem is not None:
            field, message = problem
            place: tuple[str | int, ...] = ("crosswalk", index, *field.split("."))
            line = line_of(text, place)
            named = ".".join(map(str, place))
            raise ConfigurationError(f"{named}: {message}", subject=f"{subject} line {line}" if line else subject)
    return series


def _problem(entry: Harmonised, forms: Mapping[str, Sequence[str]]) -> tuple[str, str] | None:
    """The first field of a series that is wrong, and why."""
    known = ", ".join(sorted(forms))
    for form, formula in entry.formulas.items():
        if form not in forms:
            return form, f"is neither a field nor a form; the forms are {known}"
        try:
            operands(formula, forms[form]) if formula is not None else ()
        except ConfigurationError as error:
            return form, f"{error.args[0]} {form}"
    unknown = next((form for form in entry.remarks if form not in forms), None)
    return (f"remarks.{unknown}", f"there is no such form; the forms are {known}") if unknown is not None else None


def operands(formula: str, codes: Sequence[str]) -> tuple[str, ...]:
    """The codes that a formula adds up.

    Args:
        formula: of the crosswalk.
        codes: all codes of the form; patterns are looked up among them.

    Raises:
        ConfigurationError: the formula names a code that the form does not have.
    """
    found: list[str] = []
    for term in formula.split("+"):
        name = term.strip()
        if name.startswith("sum(") and name.endswith(")"):
            fitting = fnmatch.filter(codes, name[4:-1].strip())
        else:
            fitting = [name] if name in codes else []
        if not fitting:
            raise ConfigurationError(f"{name!r} fits no code of the form", subject=f"crosswalk formula {formula!r}")
        found.extend(fitting)
    return tuple(found)
