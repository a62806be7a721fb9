"""Invents reports whose figures add up, for portals that need more reports than we carry real figures of.

The same agency and year always give the same report, and the years of one agency agree with each other: what one
carries over the next takes up, and the stock of documents in force follows from what was issued and repealed.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from crawler.samples.reports import Report, request_rows

_BASE_YEAR = 2015
_REVISED = 2021


def invent(agency: str, year: int, *, title: str = "", style: str = "plain", scale: int = 40) -> Report:
    """An annual report of ``agency`` for ``year``.

    Args:
        agency: full name of the agency.
        year: the year reported on; from 2021 on the form of 2021 is used.
        title: its title; the usual one when empty.
        style: markup, see `crawler.samples.reports.table`.
        scale: how many requests a year there are, roughly.
    """
    form = "fmt2021" if year >= _REVISED else "fmt2019"
    dice = _dice(agency, year)
    figures = _requests(agency, year, form, scale)
    figures |= _proactive(agency, year, form, dice)
    figures |= _remedies(dice, int(figures["outcome_total"][6]))
    received = int(figures["new"][6])
    return Report(
        key=f"{agency}-{year}",
        title=title or f"{agency}{year}年政府信息公开工作年度报告",
        agency=agency,
        year=year,
        form=form,
        figures=figures,
        sections=_prose(agency, year, received, int(figures["outcome_total"][6]), dice),
        style=style,
    )


def _dice(agency: str, year: int) -> random.Random:
    return random.Random(f"{agency}|{year}")  # noqa: S311 - figures of sample reports, nothing to protect


def _requests(agency: str, year: int, form: str, scale: int) -> dict[str, tuple[str, ...]]:
    dice = _dice(agency, year)
    new = [
        dice.randrange(scale // 2, scale * 2),
        dice.randrange(scale // 4 + 1),
        *(dice.randrange(3) for _ in range(4)),
    ]
    carried_in = _carried_out(agency, year - 1)
    carried_out = _carried_out(agency, year)
    outcomes = request_rows(form)[2:-2]
    table = {name: [0] * 6 for name in outcomes}
    for column in range(6):
        open_cases = new[column] + carried_in[column] - carried_out[column]
        if open_cases < 0:
            new[column] -= open_cases
            open_cases = 0
        granted = open_cases - open_cases // 3
        table["granted"][column] = granted
        for _ in range(open_cases - granted):
            table[dice.choice(outcomes[1:])][column] += 1
    total = [sum(row[column] for row in table.values()) for column in range(6)]
    rows = {"new": new, "carried_in": carried_in, **table, "outcome_total": total, "carried_out": carried_out}
    return {name: _with_total(row) for name, row in rows.items()}


def _carried_out(agency: str, year: int) -> list[int]:
    dice = random.Random(f"{agency}|carried|{year}")  # noqa: S311 - as above
    return [dice.randrange(4), dice.randrange(2), 0, 0, 0, 0]


def _proactive(agency: str, year: int, form: str, dice: random.Random) -> dict[str, tuple[str, ...]]:
    # A usual level for the agency, and a little more or less of it every year.
    usual = random.Random(f"{agency}|decisions")  # noqa: S311 - as above
    # An office decides less than its government, whose figures hold its own.
    fewest, most = (2, 20) if agency.endswith(("办公厅", "办公室")) else (40, 3000)
    levels = {name: usual.randrange(fewest, most) for name in ("permit", "penalty", "coercion")}
    decisions = {name: level * dice.randrange(80, 125) // 100 for name, level in levels.items()}
    if form == "fmt2021":
        in_force = 30
        issued = repealed = 0
        for past in range(_BASE_YEAR, year + 1):
            stock = random.Random(f"{agency}|stock|{past}")  # noqa: S311 - as above
            issued, repealed = stock.randrange(9), stock.randrange(3)
            in_force += issued - repealed
        return {
            "normdocs": (str(issued), str(repealed), str(in_force)),
            "adminfee": (f"{dice.randrange(100, 99999) / 100:.2f}",),
            **{name: (str(count),) for name, count in decisions.items()},
        }
    made = dice.randrange(1, 12)
    procured = dice.randrange(5, 90)
    return {
        "normdocs": (str(made), str(made), str(made + dice.randrange(5, 60))),
        "otherserv": (str(dice.randrange(10, 90)), str(dice.randrange(-5, 6)), str(dice.randrange(2, 300))),
        **{
            name: (str(dice.randrange(40, 400)), str(dice.randrange(-9, 10)), str(count))
            for name, count in decisions.items()
        },
        "adminfee": (str(dice.randrange(3, 40)), str(dice.randrange(-2, 3))),
        "procurement": (str(procured), f"{procured * dice.randrange(150000, 900000) / 10000:.4f}"),
    }


def _remedies(dice: random.Random, closed: int) -> dict[str, tuple[str, ...]]:
    """Fewer cases than closed requests, and no more suits after review than reviews."""
    review = _parts(dice, min(closed // 4, 12))
    direct = _parts(dice, min(closed // 8, 6))
    after = _parts(dice, sum(review) // 2)
    return {"review": _with_total(review), "suit_direct": _with_total(direct), "suit_after_review": _with_total(after)}


def _parts(dice: random.Random, most: int) -> list[int]:
    """Upheld, corrected, other and pending cases, at most so many together."""
    parts = [0, 0, 0, 0]
    for _ in range(dice.randrange(most + 1)):
        parts[dice.choice((0, 0, 0, 1, 2, 3))] += 1
    return parts


def _with_total(parts: Sequence[int]) -> tuple[str, ...]:
    return (*(str(part) for part in parts), str(sum(parts)))


def _prose(agency: str, year: int, received: int, closed: int, dice: random.Random) -> tuple[tuple[str, ...], ...]:
    published = dice.randrange(800, 9000)
    fees = "本年度未发出收费通知，收取信息处理费0元。" if year >= _REVISED else "没有需要另行报告的事项。"
    opening = (
        f"{year}年，{agency}依照《中华人民共和国政府信息公开条例》（国务院令第711号）开展工作。",
        f"本报告的统计期限为{year}年1月1日至{year}年12月31日，由下列六个部分组成。",
    )
    work = dice.choice(
        (
            f"（一）主动公开。全年在各类平台发布信息{published}条，目录按季度校核一次。",
            f"（一）主动公开。围绕财政、教育和环境等领域发布信息{published}条，并补齐往年缺项。",
            f"（一）主动公开。政府网站发布信息{published}条，发布前逐条复核，发布后按月抽查。",
        )
    )
    answer = f"（二）依申请公开。全年新收申请{received}件，办结{closed}件，答复文书统一编号存档。"
    problem = dice.choice(
        (
            "申请较多的几类事项还没有转为主动公开；下一步按季度梳理，能公开的及时公开。",
            "少数部门更新不够及时；下一步把更新期限写进岗位职责，每月核对一次。",
            "解读材料仍以文字为主；下一步增加问答和图表，并听取使用者的意见。",
        )
    )
    return ((*opening, work, answer), (), (), (), (problem,), (fees,))
