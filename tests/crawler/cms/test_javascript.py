"""Literals and settings in scripts: what is no JSON is read, what is no literal costs nothing but itself."""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

import pytest

from crawler.cms.javascript import holding, read, setting, values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{a: 1, 'b': \"x\\u4e2d\", c: [true, null,], }", {"a": 1, "b": "x中", "c": [True, None]}),
        ("['a' + 'b', 2.5, -3]", ["ab", 2.5, -3]),
        ("{f: function(x){ return {y: 1}; }.bind(this), g: 2}", {"f": None, "g": 2}),
        ("{a: SiteInfo.id, /* c */ b: 1 // d\n}", {"a": None, "b": 1}),
        ("[{title:'甲,\"乙\"'}]", [{"title": '甲,"乙"'}]),
    ],
)
def test_literals(text: str, value: object):
    assert read(text)[0] == value


@pytest.mark.parametrize("text", ["function x() {", "{a: 'open", "[1, 2", "{a 1}", ""])
def test_no_literal_is_an_error_and_not_a_hang(text: str):
    with pytest.raises(ValueError, match=r"^$"):
        read(text)


def test_values_finds_every_outermost_literal():
    assert list(values("var a = [1]; if (x) { y(); } b({c: 2}); d = {};")) == [[1], {"c": 2}]


@pytest.mark.parametrize("before", ["var c = f(); ", "if (x) { ", "function f() { g() }\n", "", "x = 1;\n\n  "])
def test_an_array_that_a_statement_begins_with_is_one(before: str):
    assert list(values(f'{before}[["a", 1], ["b", 2]].forEach(draw)')) == [[["a", 1], ["b", 2]]]


def test_the_object_that_holds_some_names():
    text = "$.ajax({url: '/x', data: JSON.stringify({code: '', page: page, 'size': 10}), success: function (r) { f({}); }})"
    assert holding(text, "code", "size") == {"code": "", "page": None, "size": 10}
    assert holding(text, "code", "missing") is None


def test_settings_in_all_spellings():
    text = "var SiteInfo = { searchId: 200210, // doc\n }; listArgs: { channelid: SiteInfo.searchId, x: 'y' } &unitid=88&z=1"
    assert setting(text, "channelid") == "200210"
    assert setting(text, "x") == "y"
    assert setting(text, "unitid") == "88"
    assert setting(text, "none", "searchid") == "200210"
    assert setting(text, "missing") is None
