"""The rules as data: ``config/templates/rules.yaml``, typed, with their operands spelled out."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field

from parsers.configuration import ConfigModel
from parsers.record import CheckOutcome, Severity

Scope = Literal["within", "prose", "format", "timeliness", "cross_year", "cross_agency", "cross_level", "cross_form"]
Polarity = Literal["must_hold", "finding", "note"]
Operator = Literal["<=", "<", ">=", ">", "=="]

OwnScope = Literal["within", "prose", "format", "timeliness"]  # of one report by itself

CELLS, PATTERNS, NAMES = "cells", "patterns", "names"
Cells = Annotated[tuple[str, ...], CELLS]
"""Operands: codes of cells, with sets, variables, signs and ``@prev``. A cell that no form has is refused."""
CellGroups = Annotated[tuple[tuple[str, ...], ...], CELLS]
Patterns = Annotated[tuple[str, ...], PATTERNS]
"""Patterns of codes (``*_wan``). One that fits no cell of any form is refused."""
Names = Annotated[tuple[str, ...], NAMES]
"""Words that name no cells: kinds of agencies, forms, families of numbers in the text."""

_SET = re.compile(r"<(\w+)>")
_TURNED: dict[CheckOutcome, CheckOutcome] = {
    "pass": "fail",
    "fail": "pass",
    "pass_blank_as_zero": "fail_if_blank_as_zero",
    "fail_if_blank_as_zero": "pass_blank_as_zero",
    "not_assessable": "not_assessable",
}
# What these kinds look for is suspicious by itself, or is always a condition, or never judged.
POLARITIES: dict[str, tuple[Polarity, ...]] = {
    "jump": ("finding", "note"),
    "copy": ("finding", "note"),
    "domain": ("must_hold", "note"),
    "coverage": ("note",),
}


class RuleBase(ConfigModel):
    """What every rule has. ``each`` gives one variable and the set (or list) of its values: the targets.

    A new kind is a class below, in one of the unions at the end. Each tuple of words says what its words are (`Cells`,
    `Patterns`, `Names`), so that a misspelt cell is refused; type checking fails where the kind is not applied yet.
    """

    id: str
    scope: Scope
    severity: Severity
    polarity: Polarity
    en: str
    exceptions: str
    templates: Names = ()
    from_year: int | None = None
    each: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)
    target: str | None = None


class SumRule(RuleBase):
    """Two sums are equal. ``left_either``: one of these groups of operands, the one that is printed."""

    kind: Literal["sum", "roll_forward"]
    scope: OwnScope | Literal["cross_year"]
    left: Cells
    right: Cells
    left_either: CellGroups = ()
    severities: dict[str, Severity] = Field(default_factory=dict)


class SubtotalRule(RuleBase):
    """A printed subtotal equals the sum of its rows, in each column."""

    kind: Literal["subtotal"]
    scope: OwnScope
    groups: dict[str, str]
    columns: str


class CompareRule(RuleBase):
    """A sum stands in relation to another; ``right_previous`` joins the right side where it is known.

    ``previous_from``: the first report year for which a year before is asked.
    """

    kind: Literal["compare"]
    scope: OwnScope
    left: Cells
    op: Operator
    right: Cells
    right_previous: Cells = ()
    previous_from: int | None = None


class EqualRule(RuleBase):
    """A sum equals one of several others, provided that some operands are not zero or positive."""

    kind: Literal["equal"]
    scope: OwnScope
    left: Cells
    right_any: CellGroups
    not_zero: Cells = ()
    positive: Cells = ()


class Allowed(ConfigModel):
    """A publisher for whom a rule makes an exception: all that is given must fit."""

    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    not_named: str | None = None


class ZeroRule(RuleBase):
    """The operands are zero for all publishers but those allowed."""

    kind: Literal["zero_unless"]
    scope: OwnScope
    left: Cells
    allowed: tuple[Allowed, ...]


class Limit(ConfigModel):
    """Bounds for publishers of some levels."""

    levels: tuple[str, ...]
    maximum: Decimal | None = None
    not_multiple_of: Decimal | None = None


class LimitRule(RuleBase):
    """A sum keeps within the bounds of the publisher's level."""

    kind: Literal["limit"]
    scope: OwnScope
    left: Cells
    limits: tuple[Limit, ...]


class BothRule(RuleBase):
    """Two sums are positive together or not at all."""

    kind: Literal["both_or_none"]
    scope: OwnScope
    left: Cells
    right: Cells


class RatioRule(RuleBase):
    """The ratio of two sums lies between bounds."""

    kind: Literal["ratio"]
    scope: OwnScope
    left: Cells
    right: Cells
    minimum: Decimal
    maximum: Decimal


class DomainRule(RuleBase):
    """Cells are whole numbers from zero; ``decimals`` and ``negatives`` are patterns of codes that need not be."""

    kind: Literal["domain"]
    scope: OwnScope
    codes: Patterns
    decimals: Patterns = ()
    negatives: Patterns = ()


class ProseEqualRule(RuleBase):
    """A number in the text equals one of several sums of cells."""

    kind: Literal["prose_equal"]
    scope: OwnScope
    facts: Annotated[dict[str, tuple[tuple[str, ...], ...]], CELLS]


class ProseSumRule(RuleBase):
    """Parts in the text add up to their whole. ``tolerance``: how far sums with approximate numbers may be off."""

    kind: Literal["prose_sum"]
    scope: OwnScope
    families: Names
    tolerance: Decimal


class PatternRule(RuleBase):
    """A section (or the whole text) holds words, does not hold words, or is long enough."""

    kind: Literal["pattern"]
    scope: OwnScope
    section: int | None = None
    require: str | None = None
    forbid: str | None = None
    longer_than: int | None = None


class SectionsRule(RuleBase):
    """The sections are these, in order, once each."""

    kind: Literal["sections"]
    scope: OwnScope
    numbers: tuple[int, ...]


class TemplateYearsRule(RuleBase):
    """A form is used in its years."""

    kind: Literal["template_years"]
    scope: OwnScope
    years: dict[str, dict[Literal["from", "to"], int]]


class IssuesRule(RuleBase):
    """The reading raised none of these issues; ``unsure`` are those after which it cannot be said."""

    kind: Literal["issues"]
    scope: OwnScope
    issues: Names
    unsure: Names = ()


class DeadlineRule(RuleBase):
    """Published by the day of the year after that ``config/calendar.yaml`` names for the kind of publisher."""

    kind: Literal["deadline"]
    scope: OwnScope


class PeriodRule(RuleBase):
    """The stated period is the report year."""

    kind: Literal["period"]
    scope: OwnScope


class JumpRule(RuleBase):
    """A figure changes by more than a factor and by at least a difference."""

    kind: Literal["jump"]
    scope: Literal["cross_year"]
    left: Cells
    right: Cells
    factor: Decimal
    least: Decimal


class CopyRule(RuleBase):
    """Two reports hold the same figures or nearly the same text."""

    kind: Literal["copy"]
    scope: Literal["cross_agency"]
    least_distinct: int
    similarity: Decimal


class PartRule(RuleBase):
    """No figure of a part is above that of its whole; a whole's share its parts make up (``coverage``).

    ``codes`` are patterns; ``wholes`` and ``parts`` are kinds of agencies; ``scopes`` are those of the whole's report
    in which the part is contained; ``same_division``: the part belongs to the very division of the whole and not below
    it.
    """

    kind: Literal["part", "coverage"]
    scope: Literal["cross_level"]
    codes: Patterns
    wholes: Names
    parts: Names = ()
    scopes: Names = ("jurisdiction",)
    except_kinds: Names = ()
    same_division: bool = False


class TwinRule(RuleBase):
    """Two forms of one report hold the same figures."""

    kind: Literal["twin"]
    scope: Literal["cross_form"]


CellRule = SumRule | CompareRule | EqualRule | ZeroRule | LimitRule | BothRule | RatioRule
"""Sums of cells, target by target."""
TextRule = PatternRule | SectionsRule | TemplateYearsRule | IssuesRule | DeadlineRule | PeriodRule
"""The text, the form and the dates of a report."""
AcrossRule = JumpRule | CopyRule | PartRule | TwinRule
"""Several reports: `archive.checks`."""
Rule = Annotated[
    CellRule | SubtotalRule | DomainRule | ProseEqualRule | ProseSumRule | TextRule | AcrossRule,
    Field(discriminator="kind"),
]


class RuleFacts(ConfigModel):
    """The file as it stands: sets of codes under a name, and the rules."""

    sets: dict[str, tuple[str, ...]]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Rules:
    """All rules, in order, with the sets their operands name."""

    rules: tuple[Rule, ...]
    sets: Mapping[str, tuple[str, ...]]

    def of_scope(self, *scopes: Scope) -> Iterator[Rule]:
        """The rules of these scopes, in order."""
        return (rule for rule in self.rules if rule.scope in scopes)

    def targets(self, rule: RuleBase) -> Iterator[tuple[str, dict[str, str]]]:
        """(target, values of the variable) for every target of a rule."""
        if not rule.each:
            yield rule.target or rule.id, {}
            return
        ((variable, values),) = rule.each.items()
        names = self.members(values) if isinstance(values, str) else values
        for name in names:
            yield name, {variable: name}

    def members(self, name: str) -> tuple[str, ...]:
        """The members of a set, sets within it spelled out."""
        known = self._members.get(name)
        if known is None:
            known = tuple(code for member in self.sets[name] for code in self._spelled(member))
            self._members[name] = known
        return known

    @functools.cached_property
    def _members(self) -> dict[str, tuple[str, ...]]:
        """Sets once they were spelled out."""
        return {}

    def operands(self, texts: tuple[str, ...], values: Mapping[str, str]) -> tuple[str, ...]:
        """Operands with variables filled in and sets spelled out, signs and ``@prev`` kept."""
        key = (texts, tuple(values.items()))
        known = self._operands.get(key)
        if known is None:
            known = tuple(code for text in texts for code in self._spelled(text.format(**values)))
            self._operands[key] = known
        return known

    @functools.cached_property
    def _operands(self) -> dict[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], tuple[str, ...]]:
        """Operands once they were spelled out: the same for every report, as many as there are rules and targets."""
        return {}

    def _spelled(self, text: str) -> Iterator[str]:
        found = _SET.search(text)
        if found is None:
            yield text
            return
        for member in self.members(found.group(1)):
            yield from self._spelled(text[: found.start()] + member + text[found.end() :])


@functools.lru_cache(maxsize=8192)  # the same few codes and patterns are asked for with every report
def fits_patterns(word: str, patterns: tuple[str, ...]) -> bool:
    """Whether a code, or the name of a family, is meant by one of a rule's `Patterns` (``*_wan``)."""
    return any(fnmatchcase(word, pattern) for pattern in patterns)


def judged(rule: RuleBase, holds: CheckOutcome) -> CheckOutcome:
    """The outcome of a rule from that of its formula: where the formula is what is suspicious, it is turned round."""
    return _TURNED[holds] if rule.polarity == "finding" else holds
