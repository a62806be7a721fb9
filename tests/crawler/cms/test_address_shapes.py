"""What addresses say, against every known report and column address (shared/report_urls.csv)."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from crawler.cms import classify, is_article, is_directory, is_file


@pytest.mark.parametrize(
    ("url", "family", "kind"),
    [
        ("http://a.gov.cn/nb/202301/t20230101_1.html?ddtab=true", "trs", "article"),
        ("http://a.gov.cn/nb/202301/t20230101_1_wap.html", "trs", "article"),
        ("http://a.gov.cn/col/col90135/index.html", "hanweb", "column"),
        ("http://a.gov.cn/x/P020260108355277424520.xls", None, "file"),
        ("http://a.gov.cn/zwgk/zfwj", None, "column"),
        ("http://a.gov.cn/x/newxxgk_list.shtml", None, "column"),
        ("http://a.gov.cn/download.jsp?pathfile=/x/a.pdf", None, "file"),
    ],
)
def test_addresses(url: str, family: str | None, kind: str):
    found = classify(url)
    assert (found.family, found.kind) == (family, kind)
    assert found.reason


def test_a_directory_is_no_article():
    assert is_directory("http://a.gov.cn/x/")
    assert not is_article("http://a.gov.cn/x/index_2.html")
    assert not is_file("http://a.gov.cn/x.pdf.html")


def test_every_known_report_address_has_its_shape(shared: Path, capsys: pytest.CaptureFixture[str]):
    with (shared / "report_urls.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    shapes = [(row, classify(row["url"])) for row in rows]
    named = [row for row, found in shapes if row["url_shape"] != "other" and found.shape == row["url_shape"]]
    unnamed = [(row, found) for row, found in shapes if row["url_shape"] == "other"]
    wrong = [
        (row["url"], row["url_shape"], found.shape)
        for row, found in shapes
        if row["url_shape"] not in {"other", found.shape}
    ]
    assert wrong == []
    assert len(named) == 90
    # 18 addresses match no shape of the survey; most have one here, and each says why.
    assert all(found.reason for _, found in unnamed)
    assert sum(1 for _, found in unnamed if found.kind == "article") == 14
    assert {found.kind for row, found in unnamed if row["kind"] == "column"} == {"column"}
    with capsys.disabled():
        print("\nfamilies:", dict(Counter(found.family or "none" for _, found in shapes)))
        print("kinds:", dict(Counter(found.kind for _, found in shapes)))
