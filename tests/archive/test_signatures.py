"""What an answer is: signatures of challenges and of "not found" said with status 200."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.signatures import Judgement, _load, load_signatures
from parsers import ConfigurationError

ARTICLE = "<html><head><title>某县人民政府2023年政府信息公开工作年度报告</title></head><body>" + "公开工作情况。" * 200

# (name, status, headers, body, verdict, signature)
MUSEUM = [
    ("an article", 200, [], ARTICLE, "ok", None),
    ("an article on a site behind ruishu", 200, [], ARTICLE + "<script>$_ts=window['$_ts'];</script>", "ok", None),
    ("an article with the cookie of jiasule", 200, [(b"Set-Cookie", b"__jsluid_h=1")], ARTICLE, "ok", None),
    (
        "a page that is drawn by script",
        200,
        [],
        "<html><body><div id='app'></div><script src=a.js></script>",
        "ok",
        None,
    ),
    ("a redirect", 302, [(b"Location", b"/x")], "", "ok", None),
    ("a 404", 404, [], "<html><title>404</title>", "ok", None),
    ("an error", 500, [], "oops", "ok", None),
    (
        "ruishu",
        412,
        [],
        "<html><script>$_ts=window['$_ts']; if(!$_ts)$_ts={};$_ts.nsd=1</script></html>",
        "blocked",
        "ruishu",
    ),
    ("ruishu, 202", 202, [], "<html><meta id=x content=y><script r='m'>x</script></html>", "blocked", "ruishu"),
    ("jiasule", 521, [], "<script>document.cookie='__jsl_clearance=1'</script>", "blocked", "jiasule"),
    ("jiasule, nothing known in it", 521, [], "<script>x</script>", "blocked", "jiasule_521"),
    ("edgeone", 200, [], "<script>var WTKkN=1;document.cookie='__tst_status='+x</script>", "blocked", "edgeone"),
    ("wzws", 200, [], "<html>reason:GeoBL wzws_cid</html>", "blocked", "wzws_geo"),
    ("c3vk", 200, [], "<script>document.cookie='C3VK=ab12; max-age=300';location.reload()</script>", "blocked", "c3vk"),
    ("ct6t", 200, [(b"set-cookie", b"CT6T=1; path=/")], "", "blocked", "ct6t"),
    ("slider", 200, [], "<title>请稍候…</title><div class='puzzle-vcode'></div>", "blocked", "ctct_slider"),
    ("slider in GB18030", 200, [], "<p>请拖动滑块</p>".encode("gb18030"), "blocked", "slider"),
    ("wangsu", 403, [], "<div class='online-desc-con'>", "blocked", "wangsu"),
    ("refused, no reason", 403, [], "Forbidden", "blocked", "http_403"),
    ("too many requests", 429, [], "", "blocked", "http_429"),
    (
        "cookie and reload",
        200,
        [],
        "<script>document.cookie='a=1';location.reload()</script>",
        "blocked",
        "cookie_reload",
    ),
    ("log in", 200, [], "<title>用户登录</title><form><input type=password>", "blocked", "login"),
    (
        "log in, GBK",
        200,
        [],
        '<title>统一身份认证平台</title><input type="password">'.encode("gbk"),
        "blocked",
        "login",
    ),
    ("log in beside an article", 200, [], f"<title>登录</title><input type='password'>{'年报' * 200}", "ok", None),
    ("no log in", 200, [], "<title>登录说明</title><p>请在网站首页登录</p>", "ok", None),
    ("soft 404 by title", 200, [], "<title>404 Not Found</title><p>返回首页</p>", "soft404", "soft404_title"),
    ("soft 404 by text", 200, [], "<p>您访问的页面不存在或已被删除</p>".encode("gbk"), "soft404", "soft404_text"),
    ("a login", 200, [], "<title>用户登录</title>请登录<input type='password'>", "blocked", "login"),
    ("a login by a name of its own", 200, [], "<title>统一身份认证</title><input type=password>", "blocked", "login"),
    ("an article beside a login", 200, [], "<title>年报</title>正文<input type='password'>", "ok", None),
    (
        "news of a login",
        200,
        [],
        "<title>登录方式变更</title>" + "正文" * 800 + "<input type=password>",
        "ok",
        None,
    ),
    ("a PDF that says not found", 200, [], b"%PDF-1.7 404 Not Found \xe9\xa1\xb5", "ok", None),
]


@pytest.mark.parametrize("case", MUSEUM, ids=[case[0] for case in MUSEUM])
def test_every_kind_is_called_what_it_is(case: tuple) -> None:
    _, status, headers, body, verdict, signature = case
    content = body if isinstance(body, bytes) else body.encode()
    assert load_signatures().judge(status, headers, content) == Judgement(verdict, signature)


def test_an_answer_without_status_line_is_not_judged() -> None:
    assert load_signatures().judge(None, [], b"anything").ok


def test_a_mistake_in_the_file_is_named_with_line_and_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "signatures.yaml").write_text(
        "signatures:\n  - id: a\n    product: p\n    verdict: blocked\n    max_text: many\n", encoding="utf-8"
    )
    monkeypatch.setenv("GONGKAI_CONFIG", str(tmp_path))
    with pytest.raises(ConfigurationError, match=r"signatures\.yaml line 5: signatures\.0\.max_text"):
        load_signatures()


def test_an_overlay_without_signatures_keeps_those_that_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = load_signatures()
    (tmp_path / "titles.yaml").write_text("", encoding="utf-8")
    monkeypatch.setenv("GONGKAI_CONFIG", str(tmp_path))
    assert load_signatures() is known


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"signatures\.yaml"):
        _load(tmp_path / "signatures.yaml")
