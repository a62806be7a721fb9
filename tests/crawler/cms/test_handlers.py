"""Handlers of elements: the address that a script builds, the form that it fills in."""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.cms.handlers import Handlers

FORMS = (
    "<form name='fy' action='list.do' method='post'><input type='hidden' name='lm' value='03'>"
    "<input type='hidden' name='dqy' id='dq' value='1'></form>"
)


def handlers(script: str = "", body: str = FORMS) -> Handlers:
    return Handlers(LexborHTMLParser(f"<html><body>{body}<script>{script}</script></body></html>"))


@pytest.mark.parametrize(
    ("source", "script", "address"),
    [
        ("location='?p='+this.value", "", "?p=7"),
        ("window.location.href = '/nb/' + this.options[this.selectedIndex].value + '.html';", "", "/nb/7.html"),
        ("if(this.value) window.open(this.value, '_blank')", "", "7"),
        ("location.replace('l_' + $(this).val() + '.jsp')", "", "l_7.jsp"),
        ("jump(this)", "function jump(s){ self.location = 'y.asp?y=' + s.value; }", "y.asp?y=7"),
        ("jump(this.value);", "var jump = function (y) { top.location.assign('/n/' + y + '/') }", "/n/7/"),
        ("javascript:goPage(3)", "function goPage(n){var u='index_'+(n-1)+'.html';location.href=u}", "index_2.html"),
        ("turn('12')", "var root='/zw/nb';function turn(p){location.href=root+'/list'+p+'.html'}", "/zw/nb/list12.html"),
        ("return show(88);", "function show(id){window.open('view.jsp?id='+encodeURIComponent(id),'_blank')}", "view.jsp?id=88"),
        # What is always the same is no entry's own; what depends on a condition or on anything else is not known.
        ("login(1)", "function login(n){ if(!n) return; location.href='/login.jsp' }", None),
        ("go(2)", "function go(n){ if(n<2){location='a'+n}else{location='b'+n} }", None),
        ("go(2)", "function go(n){ location='l.jsp?p='+n+'&k='+document.f.k.value }", None),
        ("go(2)", "function go(n){ load(n) }", None),
        ("nobody(2)", "", None),
        ("void(0)", "", None),
    ],
)  # fmt: skip
def test_the_address_that_a_handler_builds(source: str, script: str, address: str | None):
    assert handlers(script).address(source, "7") == address


@pytest.mark.parametrize(
    ("source", "script", "fields"),
    [
        ("javascript:goPage(2)", "function goPage(n){document.fy.dqy.value=n;document.fy.submit()}", {"dqy": "2"}),
        ("to('4')", "function to(p){document.getElementById('dq').value = p; $('form').submit();}", {"dqy": "4"}),
        ("to(4)", "function to(p){$('#dq').val(p); document.forms[0].submit();}", {"dqy": "4"}),
        ("this.form.dqy.value=this.value;this.form.submit()", "", {"dqy": "9"}),
        ("goPage(2)", "function goPage(n){document.fy.dqy.value=n}", None),
        ("goPage(2)", "function goPage(n){document.fy.other.value=n;document.fy.submit()}", None),
    ],
)
def test_the_form_that_a_handler_sends(source: str, script: str, fields: dict[str, str] | None):
    filled = handlers(script).filled(source, "9")
    assert (None if filled is None else filled.fields) == fields


@pytest.mark.parametrize(
    "script", ["function go(n){" + "{" * 50_000, "function go(n){location='" + "a" * 50_000, "=" * 50_000]
)
def test_a_script_that_nothing_closes_ends_soon(script: str):
    assert handlers(script).address("go(2)") is None


def test_a_function_is_looked_for_once_however_many_entries_call_it():
    script = "var a = 1;\n" * 20_000 + "function go(n){location='l.jsp?p='+n}"
    made = handlers(script)
    began = time.process_time()
    assert [made.address(f"go({number})") for number in range(2_000)] == [
        f"l.jsp?p={number}" for number in range(2_000)
    ]
    assert time.process_time() - began < 5
