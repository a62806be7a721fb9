from parsers import Locator
from parsers.document import Cell, Document, Table, Text

HERE = Locator.of("text", line=1, start=0, end=1)


def test_locators_print_and_read_back() -> None:
    locator = Locator.of("pdf", page=4, box=(1.5, 2, 3, 4), table=None)
    assert locator.as_json() == {"kind": "pdf", "page": 4, "box": [1.5, 2, 3, 4]}
    assert Locator.from_json(locator.as_json()).as_json() == locator.as_json()
    assert locator.get("page") == 4
    assert locator.get("table") is None


def test_locators_are_keys_whatever_they_hold() -> None:
    one = Locator("prose", (("in", HERE.as_json()), ("number", [1, 2])))
    same = Locator.from_json(one.as_json())
    assert one == same
    assert hash(one) == hash(same)
    assert hash(Locator.of("pdf", box=[1, 2])) == hash(Locator.of("pdf", box=[1.0, 2.0]))


def test_rows_are_by_grid_row_and_sorted_and_may_be_empty() -> None:
    cells = (Cell("c", 0, 2, HERE), Cell("a", 0, 0, HERE), Cell("d", 2, 0, HERE))
    rows = [[cell.text for cell in row] for row in Table(cells, HERE).rows()]
    assert rows == [["a", "c"], [], ["d"]]
    assert not list(Table((), HERE).rows())


def test_blocks_by_kind_keep_their_order() -> None:
    one, table, two = Text("一", HERE), Table((), HERE), Text("二", HERE)
    document = Document("text/plain", (one, table, two))
    assert document.texts() == (one, two)
    assert document.tables() == (table,)
