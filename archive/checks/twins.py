"""Rules between two forms of one report: a page and the PDF file beside it hold the same figures."""

from __future__ import annotations

from collections.abc import Iterator

from archive.checks.report_figures import CrossCheck, Judged, ReportFigures
from parsers.checks.load import load_rules
from parsers.checks.rules import Rules, TwinRule, judged
from parsers.record import CheckOutcome


def twins(body: ReportFigures, twin: ReportFigures, using: Rules | None = None) -> Iterator[CrossCheck]:
    """Whether two forms of one report (page and PDF) hold the same figures; nothing when one holds none.

    Args:
        body: the form that counts; its ``report_id`` is that of the report.
        twin: the other; its ``report_id`` names the publication.
        using: other rules than those in use.
    """
    for rule in (using or load_rules()).of_scope("cross_form"):
        check = _twin(rule, body, twin) if isinstance(rule, TwinRule) else None
        if check is not None:
            yield check


def _twin(rule: TwinRule, body: ReportFigures, twin: ReportFigures) -> CrossCheck | None:
    unread = body.unreadable | body.missing | twin.unreadable | twin.missing
    codes = sorted({*body.figures, *twin.figures} - unread)
    pairs = {code: (body.figures.get(code), twin.figures.get(code)) for code in codes}
    differing = [code for code, (one, other) in pairs.items() if None not in (one, other) and one != other]
    lost = [code for code, (one, other) in pairs.items() if (one is None) != (other is None) and (one or other)]
    zeros = [code for code, (one, other) in pairs.items() if (one is None) != (other is None) and not (one or other)]
    shared = [code for code, (one, other) in pairs.items() if None not in (one, other)]
    if not shared:
        return None
    outcome: CheckOutcome = (
        "fail" if differing else "fail_if_blank_as_zero" if lost else "pass_blank_as_zero" if zeros else "pass"
    )
    shown = differing or lost
    left, right = pairs[shown[0]] if shown else (None, None)
    values = [(f"{code}", left_value, right_value) for code, (left_value, right_value) in pairs.items()]
    return Judged(rule, body, (twin,), "figures").outcome(judged(rule, outcome), (left, right), shown, values)
