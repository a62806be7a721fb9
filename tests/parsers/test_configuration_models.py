"""Files of facts: typed, closed, and told by file, line and field when something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import ConfigurationError
from parsers.configuration import ConfigModel, load_facts, read_facts


class Fee(ConfigModel):
    name: str
    yuan: int


class Fees(ConfigModel):
    fees: tuple[Fee, ...]


GOOD = "fees:\n  - {name: page, yuan: 10}\n  - {name: item, yuan: 100}\n"


def test_facts_are_typed_and_do_not_change() -> None:
    fees = read_facts(GOOD, "fees.yaml", Fees)
    assert [fee.yuan for fee in fees.fees] == [10, 100]
    with pytest.raises(ValueError, match="frozen"):
        fees.fees[0].yuan = 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("100", "a hundred"), r"fees\.yaml line 3: fees\.1\.yuan: .*integer"),
        (GOOD.replace("name: page", "nam: page"), r"fees\.yaml line 2: fees\.0\.name: Field required"),
        (GOOD + "colour: red\n", r"fees\.yaml line 4: colour: Extra inputs"),
        ("fees: [", r"fees\.yaml line \d+: not valid YAML"),
        ("- a\n", r"fees\.yaml: the file: "),
    ],
)
def test_mistakes_are_told_by_file_line_and_field(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        read_facts(text, "fees.yaml", Fees)


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.yaml: cannot be read"):
        load_facts(tmp_path / "none.yaml", Fees)
