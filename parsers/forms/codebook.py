"""The codebook: every cell of every form with its code, Chinese and English label, unit and type.

``python -m parsers.forms.codebook`` prints ``docs/codebook.md``; a test holds the file to what the forms say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from parsers.forms import templates
from parsers.forms.crosswalk import Harmonised
from parsers.forms.templates import BlocksTable, Form, ListTable, MatrixTable, RecordTable, Templates


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell of one form.

    Attributes:
        template, table, code: which cell.
        labels_zh: the printed labels under which it stands, the outermost first.
        labels_en: what it means; of a cell with a row and a column, of each.
        unit, type: of its values.
    """

    template: str
    table: str
    code: str
    labels_zh: tuple[str, ...]
    labels_en: tuple[str, ...]
    unit: str | None
    type: str

    @property
    def zh(self) -> str:
        """The printed labels in one line."""
        return " ".join(self.labels_zh)

    @property
    def en(self) -> str:
        """What it means, in one line."""
        return "; ".join(self.labels_en)


def entries(known: Templates | None = None) -> Iterator[Entry]:
    """All cells of all forms, form by form in printed order."""
    forms = (known or templates.load()).forms
    for form in sorted(forms.values(), key=lambda form: -form.years.get("from", 0)):
        yield from form_entries(form)


def form_entries(form: Form) -> Iterator[Entry]:
    """All cells of one form in printed order."""
    for name in form.tables:
        yield from _cells(form, name)


def _cells(form: Form, name: str) -> Iterator[Entry]:
    table = form.tables[name]
    if isinstance(table, BlocksTable):
        for row in table.rows:
            for cell in row.cells:
                zh = tuple(filter(None, (row.item, row.zh, cell.column)))
                yield Entry(form.template, name, cell.code, zh, (cell.en,), cell.unit, cell.type)
    elif isinstance(table, MatrixTable):
        for line in table.rows:
            for column in table.columns:
                code = table.code.format(row=line.code, column=column.code)
                zh = (line.zh, column.zh)
                en = (line.en, column.en)
                yield Entry(form.template, name, code, zh, en, line.unit, line.type)
    elif isinstance(table, RecordTable):
        for block in table.blocks:
            for column in table.columns:
                code = table.code.format(row=block.code, column=column.code)
                zh = (block.zh, column.zh)
                en = (block.en, column.en)
                yield Entry(form.template, name, code, zh, en, table.unit, table.type)
    elif isinstance(table, ListTable):
        for entry in table.rows:
            if entry.type != "heading":
                yield Entry(form.template, name, entry.code, (entry.zh,), (entry.en,), entry.unit, entry.type)


def markdown(known: Templates | None = None) -> str:
    """The codebook as a page."""
    loaded = known or templates.load()
    lines = [_INTRODUCTION]
    for form in sorted(loaded.forms.values(), key=lambda form: -form.years.get("from", 0)):
        last = f"-{form.years['to']}" if "to" in form.years else "-"
        lines += [f"## {form.template}: {form.en}", "", f"{form.zh} ({form.years['from']}{last}), {form.basis}.", ""]
        for name, table in form.tables.items():
            lines += [f"### {form.template} {name}: {table.en}", "", table.zh, "", *_table(table), ""]
    lines += ["## Harmonised series", "", _CROSSWALK, ""]
    forms = [name for name in sorted(loaded.forms) if any(name in line.formulas for line in loaded.crosswalk)]
    lines += [f"| code | series | {' | '.join(forms)} | comparability |", "|---" * (len(forms) + 3) + "|"]
    for line in loaded.crosswalk:
        formulas = (_code(line.formulas.get(name)) for name in forms)
        lines.append(f"| {' | '.join((f'`{line.code}`', line.label_en, *formulas, _remarked(line)))} |")
    return "\n".join(lines) + "\n"


def _remarked(line: Harmonised) -> str:
    """How comparable a series is, and what its formulas leave out."""
    return "; ".join([line.comparability, *(f"{form}: {remark}" for form, remark in line.remarks.items())])


def _table(table: BlocksTable | MatrixTable | RecordTable | ListTable) -> list[str]:
    """A table of cells; of a matrix its rows and its columns, whose pairs are the cells."""
    if isinstance(table, BlocksTable):
        head = ["| code | 项目 | 栏目 | English | unit | type |", "|---|---|---|---|---|---|"]
        return head + [
            f"| `{cell.code}` | {row.zh} | {cell.column} | {cell.en} | {cell.unit or ''} | {cell.type} |"
            for row in table.rows
            for cell in row.cells
        ]
    if isinstance(table, ListTable):
        head = ["| code | 指标 | English | unit | type |", "|---|---|---|---|---|"]
        rows = [row for row in table.rows if row.type != "heading"]
        return head + [f"| `{row.code}` | {row.zh} | {row.en} | {row.unit or ''} | {row.type} |" for row in rows]
    rows_zh, lines = ("行", table.rows) if isinstance(table, MatrixTable) else ("组", table.blocks)
    shape = table.code.replace("{row}", "ROW").replace("{column}", "COLUMN")
    out = [f"Codes are `{shape}`.", "", f"| ROW | {rows_zh} | English |", "|---|---|---|"]
    out += [f"| `{line.code}` | {line.zh} | {line.en} |" for line in lines]
    out += ["", "| COLUMN | 列 | English |", "|---|---|---|"]
    return out + [f"| `{column.code}` | {column.zh} | {column.en} |" for column in table.columns]


def _code(text: str | None) -> str:
    return f"`{text}`" if text else ""


_INTRODUCTION = """\
# Codebook

Every cell of every official form, generated from `config/templates/` (`python -m parsers.forms.codebook`). The same
code means the same thing in every form; things of different meaning have different codes even where they stand in the
same place. A code without a number was blank, not readable, or not printed: it is never a zero (`status` says which).

每个代码对应官方表格的一个单元格；同一代码在各版表格中含义相同，含义不同者代码不同。空白不等于零。

Types: `count` (whole, from zero), `signed` (a change; may be negative), `decimal` (an amount, kept in 万元).
类型：count 为计数，signed 为可正可负的增减数，decimal 为金额（统一为万元）。
"""

_CROSSWALK = "Which cells of different forms may stand in one series, and how far they can be compared."

if __name__ == "__main__":
    import sys

    sys.stdout.buffer.write(markdown().encode())
