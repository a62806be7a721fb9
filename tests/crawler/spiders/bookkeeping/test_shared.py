"""One answer that several columns ask for is asked once and read for each of them."""

from __future__ import annotations

import json

import pytest

from crawler.samples import Answer
from crawler.spiders.bookkeeping.shared import SharedAnswers
from tests.crawler.spiders.played import HOST, Pages, Played, html, played, report, titled

__all__ = ["played"]

DRAW = "success: function (d) { d.rows.forEach(function (x) { show(x.title, x.url); }); }"


def answer(urls: dict[str, int], **stated: int) -> Answer:
    entries = [{"title": titled(year), "url": url, "date": f"{year + 1}-01-20"} for url, year in urls.items()]
    return Answer(json.dumps({"rows": entries, **stated}).encode(), media_type="application/json")


def columns(*paths: str) -> str:
    return "".join(f'      - url: "http://{HOST}{path}"\n        render: never\n' for path in paths)


def test_settings_in_one_script_file_lead_each_column_to_its_own_list(played: Played):
    call = f'$.ajax({{url: "/api/list.do", data: {{catid: catid, page: 1}}, {DRAW}}});'
    script = f'var catid = getQueryString("catid"); {call}'
    shell = html('<ul id="list"></ul><script src="/js/list.js"></script>')
    pages: Pages = {"/js/list.js": Answer(script.encode(), media_type="application/javascript")}
    for number, year in ((3, 2024), (4, 2023), (5, 2022)):
        url = f"/art/2025/1/1/art_{number}_{year}.html"
        pages |= {f"/nb/list.html?catid={number}": shell, url: report(year)}
        pages[f"/api/list.do?catid={number}&page=1"] = answer({url: year}, total=1)
    outcome = played.crawl(pages, columns(*(f"/nb/list.html?catid={number}" for number in (3, 4, 5))))
    assert (outcome.failures, [column.found for column in outcome.columns]) == ([], [1, 1, 1])
    assert played.asked.count("/js/list.js") == 1


@pytest.mark.parametrize(("stated", "failures"), [(2, 0), (7, 2)])
def test_an_answer_that_two_columns_ask_for_is_weighed_for_both(played: Played, stated: int, failures: int):
    shell = html(f'<ul id="l"></ul><script>$.ajax({{url: "/api/a.do", data: {{id: 7, page: 1}}, {DRAW}}});</script>')
    urls = {f"/art/2025/1/1/art_7_{year}.html": year for year in (2024, 2023)}
    pages: Pages = {"/nb/": shell, "/xz/": shell} | {url: report(year) for url, year in urls.items()}
    pages |= {f"/api/a.do?id=7&page={page}": answer(urls if page == 1 else {}, total=stated) for page in (1, 2)}
    outcome = played.crawl(pages, columns("/nb/", "/xz/"))
    assert [f"states {stated} entries" in text for text in outcome.failures] == [True] * failures
    assert played.asked.count("/api/a.do?id=7&page=1") == 1


def test_one_script_file_leads_each_list_of_a_column_to_its_own_entries(played: Played):
    """Sub-columns with settings of their own, and a script file that all of them share."""
    call = f'$.ajax({{url: "/api/list.do", data: {{catid: catid, page: 1}}, {DRAW}}});'
    pages: Pages = {"/js/list.js": Answer(call.encode(), media_type="application/javascript")}
    links = "".join(f'<li><a href="/nb/{year}/">{year}年</a></li>' for year in (2024, 2023, 2022))
    pages["/nb/"] = html(f"<ul>{links}</ul>")
    for number, year in ((3, 2024), (4, 2023), (5, 2022)):
        url = f"/art/2025/1/1/art_{number}_{year}.html"
        shell = f'<ul id="list"></ul><script>var catid = {number};</script><script src="/js/list.js"></script>'
        pages |= {f"/nb/{year}/": html(shell), url: report(year)}
        pages[f"/api/list.do?catid={number}&page=1"] = answer({url: year}, total=1)
    outcome = played.crawl(pages, columns("/nb/"))
    assert (outcome.failures, outcome.columns[0].found) == ([], 3)
    assert played.asked.count("/js/list.js") == 1


@pytest.mark.parametrize("second", ["/nb/?nav=3", "/xzf/nb/", "/nb/?type=3&action=list"])
def test_a_list_under_two_addresses_is_whole_under_both(played: Played, second: str):
    """What one of them read of the back-end the other need not ask for, and is not short by it."""
    urls = [f"/art/2025/1/1/art_7_{year}.html" for year in range(2024, 2011, -1)]
    years = dict(zip(urls, range(2024, 2011, -1), strict=True))
    call = f'<script>function l(p) {{ $.ajax({{url: "/api/a.do", data: {{id: 7, page: p}}, {DRAW}}}); }} l(1);</script>'
    menu = f'<ul class="sub"><li><a href="{second}">县政府信息公开年报</a></li></ul>'
    listed = html(f'{menu}<p>共13条 每页6条</p><ul id="l"></ul>{call}')
    pages: Pages = {"/nb/": listed, second: listed} | {url: report(year) for url, year in years.items()}
    for page in range(4):
        part = {url: years[url] for url in urls[page * 6 : page * 6 + 6]}
        pages[f"/api/a.do?id=7&page={page + 1}"] = answer(part, total=13)
    outcome = played.crawl(pages, columns("/nb/"))
    assert (outcome.failures, outcome.columns[0].found) == ([], 13)
    asked = [path for path in played.asked if path.startswith("/api/")]
    assert len(asked) == len(set(asked)) == 3
    assert second in played.asked


def test_only_what_is_over_is_forgotten():
    shared = SharedAnswers()
    marks = [("list", "GET", f"http://{HOST}/{number}", b"") for number in range(300)]
    for mark in marks:
        shared.begin(mark, None)  # type: ignore[arg-type]
    assert shared.join(marks[0], "another") is not None  # type: ignore[arg-type]
    for mark in marks:
        assert shared.end(mark, None) == []
    shared.begin(("list", "GET", "", b""), None)  # type: ignore[arg-type]
    assert shared.join(marks[0], "third") is None  # type: ignore[arg-type]
    assert shared.join(marks[-1], "third") is not None  # type: ignore[arg-type]
