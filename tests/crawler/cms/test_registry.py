"""Which family reads a page, and that nothing of a family is forgotten."""

from __future__ import annotations

import pkgutil
import re

import pytest

from crawler.cms import ADAPTERS, Page, adapter, families, names, read_list
from crawler.cms.address_shapes import family_shapes
from crawler.errors import UsageError
from tests.conftest import ROOT


def test_a_family_is_a_module_has_its_place_and_its_addresses_and_a_row_in_the_documentation():
    modules = {module.name for module in pkgutil.iter_modules(families.__path__)}
    assert {type(entry).__module__.rpartition(".")[2] for entry in ADAPTERS} == modules
    assert tuple(family_shapes()) == names()
    table = (ROOT / "docs" / "portals.md").read_text(encoding="utf-8").partition("| family |")[2].partition("\n\n")[0]
    documented = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert sorted(documented) == sorted(names())


def test_an_unknown_family_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="trs"):
        adapter("wordpress")


def test_what_a_family_puts_together_may_be_wrong_then_the_pages_own_call_is_asked():
    script = '$.post("/own/list.do",{page:n,size:10,cat:7})'
    markup = f"<meta name='channelid' content='{'a' * 32}'><script>{script}</script>"
    page = Page("http://www.a.gov.cn/a/c108463/zfxxgk_list.shtml", f"<html><head>{markup}</head></html>".encode())
    asked = [request for request in read_list(page).requests if request.adapter == "kaipu"]
    assert asked
    assert {call.url for request in asked for call in request.otherwise} == {"http://www.a.gov.cn/own/list.do"}
