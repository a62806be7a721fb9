"""The sample portals: honest HTTP, real figures, and pages that hold what their description says."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import pytest

from crawler.samples import PROVINCES, Answer, Pages, Request, SampleServer, invent, sample_portals, samples
from crawler.samples.reports import DATA, body, load
from crawler.samples.server import respond

SEEDS = {
    "wenxian-office-2020": "000_30a26f9f30ba6222.txt",
    "zhenping-office-2023": "001_0e05ed9c8bb03ce6.txt",
    "luyi-2019": "002_669e7d6ccc88cd65.txt",
    "daixian-2020": "003_769035992f0aa54b.txt",
    "xiaojing-2020": "004_72224a9d5305aabc.txt",
}
PORTAL = Pages(
    {
        "/page": Answer(b"<p>page</p>", modified=parsedate_to_datetime("Tue, 02 Feb 2021 04:00:00 GMT")),
        "/list?page=2": Answer(b"second"),
        "/list": Answer(b"first"),
        "/chunked": Answer(b"x" * 10_000, framing="chunked"),
        "/gzip": Answer(b"y" * 10_000, compress=True),
        "/forced": Answer(b"z" * 100, compress="always"),
        "/close": Answer(b"until the end", framing="close"),
    }
)


@pytest.fixture(scope="module")
def server() -> Iterator[SampleServer]:
    with SampleServer({"www.example.gov.cn": PORTAL, "www.example.gov.cn:9311": Pages({"/": Answer(b"other")})}) as it:
        yield it


def get(server: SampleServer, target: str, host: str = "www.example.gov.cn", method: str = "GET", **headers: str):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    try:
        connection.request(method, target, headers={"Host": host, **headers})
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def test_host_decides_and_unknown_hosts_are_not_found(server: SampleServer) -> None:
    assert get(server, "/page")[1] == b"<p>page</p>"
    assert get(server, "/", host="www.example.gov.cn:9311")[1] == b"other"
    assert get(server, "/page", host="www.other.gov.cn")[0].status == 404
    assert get(server, "/nothing")[0].status == 404
    assert f"*:9311:127.0.0.1:{server.port}" in server.connect_to


def test_a_page_may_depend_on_its_query(server: SampleServer) -> None:
    assert get(server, "/list?page=2")[1] == b"second"
    assert get(server, "/list?page=1")[1] == b"first"


def test_conditional_requests(server: SampleServer) -> None:
    first, _ = get(server, "/page")
    tag, day = first.headers["ETag"], first.headers["Last-Modified"]
    again, content = get(server, "/page", **{"If-None-Match": f'W/{tag}, "x"'})
    assert (again.status, content, again.headers["ETag"]) == (304, b"", tag)
    assert get(server, "/page", **{"If-Modified-Since": day})[0].status == 304
    assert get(server, "/page", **{"If-Modified-Since": "Mon, 01 Feb 2021 04:00:00 GMT"})[0].status == 200
    assert get(server, "/page", **{"If-Modified-Since": "yesterday"})[0].status == 200
    other_tag, _ = get(server, "/page", **{"If-None-Match": '"x"', "If-Modified-Since": day})
    assert other_tag.status == 200, "If-None-Match wins"


def test_framing_and_compression(server: SampleServer) -> None:
    answer, content = get(server, "/chunked")
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert content == b"x" * 10_000
    assert get(server, "/gzip")[1] == b"y" * 10_000
    packed, content = get(server, "/gzip", **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(content) < 1000
    assert get(server, "/forced")[0].headers["Content-Encoding"] == "gzip"
    closed, content = get(server, "/close")
    assert (closed.headers["Connection"], closed.headers["Content-Length"], content) == (
        "close",
        None,
        b"until the end",
    )
    head, content = get(server, "/page", method="HEAD")
    assert (head.headers["Content-Length"], content) == ("11", b"")


def test_form_and_query_fields() -> None:
    request = Request("POST", "http", "h", "/search?a=1&b=", (("Content-Type", "x"),), "标题=年报".encode())
    assert request.query == {"a": "1", "b": ""}
    assert request.form == {"标题": "年报"}
    assert request.header("content-type") == "x"
    assert respond(request, Answer(b"", status=521))[0].startswith(b"HTTP/1.1 521 Unknown\r\n")


def test_what_is_not_http_does_no_harm(server: SampleServer) -> None:
    for rubbish in (b"rubbish\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"", b"\x16\x03\x01\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", server.port)) as raw:
            raw.sendall(rubbish)
            raw.shutdown(socket.SHUT_WR)
            assert raw.recv(100) == b""
    assert get(server, "/page")[0].status == 200


def test_tls_names_the_hosts_and_is_trusted_by_nobody(server: SampleServer) -> None:
    context = ssl.create_default_context()
    with (
        socket.create_connection(("127.0.0.1", server.tls_port)) as raw,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(raw, server_hostname="www.example.gov.cn")
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("127.0.0.1", server.tls_port, context=context)
    connection.request("GET", "/page", headers={"Host": "www.example.gov.cn"})
    assert connection.getresponse().read() == b"<p>page</p>"
    connection.close()


def test_a_port_that_is_taken_is_an_error(server: SampleServer) -> None:
    with pytest.raises(OSError, match="address"), SampleServer({}, tls=False, port=server.port):
        pass


@pytest.mark.parametrize(("key", "document"), SEEDS.items())
def test_seeds_carry_the_real_figures(key: str, document: str, shared) -> None:
    truth = json.loads((shared / "reports" / "truth" / f"{document}.json").read_text(encoding="utf-8"))
    cells = load(key).cells()
    assert cells.keys() == truth["cells"].keys()
    for code, value in truth["cells"].items():
        printed = cells[code].strip().removesuffix("万元") or None
        assert printed in {value, *truth["alternatives"].get(code, ())}, code


@pytest.mark.parametrize("key", SEEDS)
def test_prose_is_ours(key: str, shared) -> None:
    """No sentence of the real report's prose is in ours; table labels and official headings are the form's."""
    theirs = (shared / "reports" / "documents" / SEEDS[key]).read_text(encoding="utf-8")
    sentences = {part for part in re.split(r"[\s。；;!！]", theirs) if len(part) >= 16}
    report = load(key)
    ours = [text for section in (report.preface, *report.sections) for text in section]
    listed_in_the_form = "政府信息公开工作总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况"
    shared_text = [part for part in sentences for text in ours if part in text and listed_in_the_form not in part]
    assert shared_text == []


@pytest.mark.parametrize("year", [2019, 2020, 2021, 2024])
def test_invented_reports_add_up(year: int) -> None:
    cells = invent("某县人民政府", year).cells()
    rows = {code.partition("__")[0] for code in cells if code.startswith("req_")}
    columns = ("natural", "company", "research", "welfare", "legal", "other_org")
    value = {code: int(text) for code, text in cells.items() if "__" in code}
    for row in rows:
        assert sum(value[f"{row}__{column}"] for column in columns) == value[f"{row}__total"]
    outcomes = rows - {"req_new", "req_carried_in", "req_outcome_total", "req_carried_out"}
    assert len(outcomes) == (21 if year >= 2021 else 19)
    for column in (*columns, "total"):
        closed = sum(value[f"{row}__{column}"] for row in outcomes)
        assert closed == value[f"req_outcome_total__{column}"]
        came = value[f"req_new__{column}"] + value[f"req_carried_in__{column}"]
        assert came == closed + value[f"req_carried_out__{column}"]
    earlier = invent("某县人民政府", year - 1).cells()
    assert earlier["req_carried_out__natural"] == cells["req_carried_in__natural"]
    if year > 2021:
        stock = int(earlier["normdocs_in_force"]) + int(cells["normdocs_issued"]) - int(cells["normdocs_repealed"])
        assert stock == int(cells["normdocs_in_force"])
    assert invent("某县人民政府", year) == invent("某县人民政府", year)


def test_tables_have_the_official_shape() -> None:
    """Table 3 is ten columns wide in every row once spans are spread, table 4 fifteen; surplus cells stay."""
    for key, surplus in (("zhenping-office-2023", 0), ("xiaojing-2020", 3)):
        tables = re.findall(r"<table.*?</table>", body(load(key)), re.DOTALL)
        assert [max(widths(table)) for table in tables] == [4, 11 if surplus else 10, 15]
        assert sum(width == 11 for width in widths(tables[1])) == surplus
    split = re.findall(r"<table.*?</table>", body(load("luyi-2019")), re.DOTALL)
    assert len(split) == 4
    assert [set(widths(table)) for table in split[1:3]] == [{10}, {10}]


def widths(table: str) -> list[int]:
    """The number of columns of each row, cells from rows above counted."""
    spans: dict[int, int] = {}
    found = []
    for number, row in enumerate(re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)):
        for attributes in re.findall(r"<td([^>]*)>", row):
            columns = int((re.search(r'colspan="(\d+)"', attributes) or [0, 1])[1])
            for below in range(int((re.search(r'rowspan="(\d+)"', attributes) or [0, 1])[1])):
                spans[number + below] = spans.get(number + below, 0) + columns
        found.append(spans[number])
    return found


@pytest.mark.parametrize("state", ["first", "later"])
def test_every_row_is_served_as_described(state) -> None:
    portals = sample_portals(state)
    for sample in samples(state):
        answer = portals[sample.host].answer(Request("GET", "http", sample.host, sample.url))
        assert answer is not None, sample
        if sample.why_not in {"challenge", "soft404"}:
            assert (answer.status, sample.title.encode() in answer.body) == (
                412 if sample.why_not == "challenge" else 200,
                False,
            )
            continue
        charset = "gb18030" if b"charset=gb2312" in answer.body else "utf-8"
        assert sample.title in answer.body.decode(charset)


def test_later_state_changes_one_report_loses_one_and_gains_one() -> None:
    before = {(sample.host, sample.url): sample for sample in samples("first")}
    after = {(sample.host, sample.url): sample for sample in samples("later")}
    assert [before[key].title for key in before.keys() - after.keys()] == ["温县人民政府2022年政府信息公开工作年度报告"]
    assert [after[key].title for key in after.keys() - before.keys()] == ["代县人民政府2024年政府信息公开工作年度报告"]
    changed = [key for key in before.keys() & after.keys() if before[key].report != after[key].report]
    assert [before[key].title for key in changed] == ["镇平县政府办公室 2023 年政府信息公开工作年度报告"]
    host, url = changed[0]
    request = Request("GET", "http", host, url)
    old, new = sample_portals("first")[host].answer(request), sample_portals("later")[host].answer(request)
    assert old is not None
    assert new is not None
    assert (b">303<" in old.body, b">303<" in new.body, b">301<" in new.body) == (True, False, True)


def test_traps_are_there() -> None:
    portals = sample_portals()

    def page(host: str, target: str) -> Answer:
        answer = portals[host].answer(Request("GET", "http", host, target))
        assert answer is not None
        return answer

    gb = page("zwgk.sxxz.gov.cn", "/xzsrmzf/xxgknb/2019nxxgkndbg/202003/t20200326_232106.shtml")
    assert b"charset=gb2312" in gb.body
    with pytest.raises(UnicodeDecodeError):
        gb.body.decode("gb2312")
    assert "镕" in gb.body.decode("gb18030")
    column = page("www.daixian.gov.cn", "/dxzw/zwgk/xxgknb/").body.decode()
    assert "代县2020年政府信息公开工作年度..." not in column, "it is on the second page"
    assert (
        "代县2020年政府信息公开工作年度..."
        in page("www.daixian.gov.cn", "/dxzw/zwgk/xxgknb/index_1.html").body.decode()
    )
    assert 'createPageHTML(2, 0, "index", "html")' in column
    assert (
        'open("GET", "/portal/api/articles?channel=zfxxgknb&page=1")'
        in page("www.luyi.gov.cn", "/portal/zwgk/zfxxgknb/").body.decode()
    ), "text of a script is not escaped"
    assert "<li>" not in page("www.luyi.gov.cn", "/portal/zwgk/zfxxgknb/").body.decode().partition("articles")[2]
    assert (
        json.loads(page("www.luyi.gov.cn", "/portal/api/articles?channel=zfxxgknb&page=1").body)["data"]["total"] == 3
    )
    assert page("www.henan.gov.cn", "/zwgk/zfxxgk/zfxxgknb").status == 301
    obstacles = {sample.why_not for sample in samples() if sample.why_not}
    assert obstacles == {"challenge", "soft404", "robots"}


def test_hosts_and_columns_are_those_of_the_profiles() -> None:
    import yaml

    from parsers.configuration import configuration_directories

    for province in PROVINCES:
        profile = yaml.safe_load(
            (configuration_directories()[-1] / "portals" / f"{province}.yaml").read_text(encoding="utf-8")
        )
        columns = {column["url"].partition("://")[2] for site in profile["sites"] for column in site.get("columns", ())}
        played = yaml.safe_load((DATA / f"{province}.yaml").read_text(encoding="utf-8"))
        for site in played:
            assert f"{site['host']}{site['columns'][0]['path']}" in columns


def test_pdf_attachment_is_the_report_it_says() -> None:
    import pdfplumber

    sample = next(one for one in samples() if one.url.endswith("t20230323_4710035.html"))
    assert sample.report is not None
    with pdfplumber.open(DATA / "files" / "P020230323381124517206.pdf") as document:
        pages = [page.extract_text() for page in document.pages]
        rows = [row for page in document.pages for table in page.extract_tables() for row in table]
    assert len(pages) > 3, "tables run over page breaks"
    assert "代县人民政府2022年政府信息公开工作年度报告" in pages[0]
    figures = [cell for row in rows for cell in row if cell and re.fullmatch(r"[\d.]+", cell)]
    assert sorted(figures) == sorted(sample.report.cells().values())
