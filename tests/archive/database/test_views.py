"""What people see in SQL: public names and words, on both back-ends."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, text

from archive import Home
from archive.database import open_database
from archive.database.views import NAMES, drop_views, make_views
from archive.index.indexer import index
from tests.archive.factory import crawl, document


@pytest.mark.usefixtures("fake_parser", "database_url")
def test_figures_checks_and_panel(home: Home) -> None:
    with crawl(home, "c1") as made:
        made.page("http://a.gov.cn/1", document("甲县人民政府", 2020, {"req_new__total": "40.50", "b": "/"}))
        made.page("http://a.gov.cn/2", document("甲县人民政府", 2021, {"req_new__total": "41"}))
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:

        def rows(query: str) -> list[tuple[object, ...]]:
            return [tuple(row) for row in session.execute(text(query))]

        panel = rows("SELECT report_year, agency, code, value, status FROM panel ORDER BY report_year, code")
        assert panel == [
            (2020, "甲县人民政府", "b", None, "blank"),
            (2020, "甲县人民政府", "req_new__total", "40.5", "number"),
            (2021, "甲县人民政府", "req_new__total", "41", "number"),
        ]
        assert rows("SELECT COUNT(*) FROM figures f JOIN readings r ON r.id = f.reading_id") == [(3,)]
        failed = rows("SELECT rule, target, lhs, rhs, outcome, severity, report_id FROM checks WHERE rule LIKE 'T3%'")
        (report,) = rows("SELECT id FROM reports WHERE year = 2020")
        assert failed == [("T3_ROW_SUM", "req_new", "40.5", "41", "fail", "error", *report)]
        assert rows("SELECT COUNT(*) FROM prose_facts") == [(0,)]


def test_they_are_made_anew_as_often_as_asked(database_url: str) -> None:
    with open_database(database_url) as database, database.engine.begin() as connection:
        assert set(inspect(connection).get_view_names()) == set(NAMES)
        make_views(connection)
        assert set(inspect(connection).get_view_names()) == set(NAMES)
        drop_views(connection)
        drop_views(connection)
        assert inspect(connection).get_view_names() == []
        make_views(connection)
