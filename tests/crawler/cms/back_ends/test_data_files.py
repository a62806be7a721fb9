"""Lists drawn from a JSON file that a script names."""

from __future__ import annotations

from crawler.cms import read_list
from tests.crawler.cms.played import page


def test_a_list_drawn_from_a_json_file_needs_no_browser():
    text = "<script>$.getJSON('./NIANBAO.json', draw)</script>"
    assert [r.url for r in read_list(page("https://www.gov.cn/zhengce/xxgk/", text)).requests] == [
        "https://www.gov.cn/zhengce/xxgk/NIANBAO.json"
    ]
