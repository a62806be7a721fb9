"""The test portal farm: that it is honest, and what our profiles find on it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.portals.load import portal_names
from crawler.samples import Answer, Request
from tests.conftest import ROOT
from tests.portals import Farm, build
from tests.portals.measure import Measure, configuration, crawl

# One portal for each way of listing that needs a back-end, a redirect or more than one level.
QUICK = ("anhui", "fujian", "guangdong", "hebei", "jiangsu", "liaoning", "xizang", "zhejiang")


@pytest.fixture(scope="module")
def farm() -> Farm:
    return build("first")


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return configuration(ROOT, tmp_path_factory.mktemp("facts") / "config")


def get(farm: Farm, url: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer | None:
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    names = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return farm.sites[parts.netloc].answer(Request(method, parts.scheme, parts.netloc, target, names, body))


def served(farm: Farm, url: str) -> bytes:
    answer = get(farm, url)
    assert answer is not None
    return answer.body


def text(answer: Answer | None) -> str:
    assert answer is not None
    return answer.body.decode("gb18030" if b'charset="gb2312' in answer.body else "utf-8")


# -- the farm is honest ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["first", "later"])
def test_every_expected_report_is_served(state, farm: Farm) -> None:
    farm = farm if state == "first" else build(state)
    for item in farm.expected:
        for url in item.urls:
            assert get(farm, url) is not None, url
        answer = get(farm, item.urls[0])
        assert answer is not None
        assert answer.media_type == "application/pdf" or item.title in text(answer), item


def test_every_profile_is_played(farm: Farm) -> None:
    played = {item.portal for item in farm.expected}
    assert set(portal_names()) - played == set()
    assert len({item.family for item in farm.expected}) >= 15


def test_later_state_has_the_reports_of_another_year(farm: Farm) -> None:
    later = build("later")
    years = [item.year for item in later.expected]
    assert max(years) == 2025
    assert max(item.year for item in farm.expected) == 2024
    same = {item.urls[0] for item in farm.expected} & {item.urls[0] for item in later.expected}
    changed = [url for url in same if served(farm, url) != served(later, url)]
    assert len(changed) > 30


def test_jpaas_ignores_a_bare_page_number(farm: Farm) -> None:
    page = text(get(farm, "http://www.zj.gov.cn/col/col1229486923/index.html"))
    facts = dict(re.findall(r"'(\w+)':'([^']*)'", page.partition("queryData=")[2]))
    unit = "http://www.zj.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit?" + "&".join(
        f"{name}={value}" for name, value in facts.items()
    )
    assert text(get(farm, f"{unit}&pageNo=2")) == text(get(farm, unit))
    second = get(farm, f'{unit}&paramJson={{"pageNo":2,"pageSize":4}}')
    assert json.loads(text(second))["data"]["html"] != json.loads(text(get(farm, unit)))["data"]["html"]


def test_gkmlpt_has_two_first_pages_and_caps(farm: Farm) -> None:
    api = "http://www.suixi.gov.cn/gkmlpt/api/all/4688?sid=20&page="
    assert text(get(farm, f"{api}0")) == text(get(farm, f"{api}1")) != text(get(farm, f"{api}2"))
    assert get(farm, "http://www.suixi.gov.cn/gkmlpt/api/all/4688?page=1") is None


def test_dataproxy_caps_and_may_ignore_records(farm: Farm) -> None:
    proxy = (
        "https://www.jiangsu.gov.cn/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=45&perpage=15&unitid=300261"
    )
    assert text(get(farm, proxy)).count("<record>") <= 5
    assert "<record>" not in text(get(farm, proxy.replace("300261", "1")))
    lintao = "http://www.lintao.gov.cn/module/web/jpage/dataproxy.jsp?unitid=300924&perpage=3&startrecord=4&endrecord=6"
    assert text(get(farm, lintao)) == text(get(farm, f"{lintao}&page=1")) != text(get(farm, f"{lintao}&page=2"))


def test_truecms_needs_a_referer(farm: Farm) -> None:
    url = "https://www.nantong.gov.cn/TrueCMS/messageController/getMessage.do?columnId=1403&startrecord=1&endrecord=3"
    refused = get(farm, url)
    assert refused is not None
    assert refused.status == 404
    assert "datastore" in text(get(farm, url, Referer="https://www.nantong.gov.cn/"))


def test_back_ends_of_the_page_s_own_script_want_every_field(farm: Farm) -> None:
    url = "https://www.suzhou.gov.cn/szinf/interfacesWebManu/loadDataByChannelId"
    fields = b"page=1&pagesize=3&topic=4877&channelId=31c5b528"
    assert json.loads(text(get(farm, url, "POST", fields)))["value"]["total"] > 3
    assert json.loads(text(get(farm, url, "POST", fields.replace(b"4877", b""))))["value"]["list"] == []
    assert json.loads(text(get(farm, f"{url}?{fields.decode()}")))["value"]["list"] == []
    wrapped = "http://www.yingkou.gov.cn/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
    assert "300" in text(get(farm, wrapped, "POST", b'{"params":"{}"}'))


def test_was5_answers_unrelated_channels_with_nothing(farm: Farm) -> None:
    url = "https://www.fujian.gov.cn/was5/web/search?channelid=229105&page=2&perpage=4"
    assert json.loads(text(get(farm, url)))["docs"] == []
    assert len(json.loads(text(get(farm, f"{url}&classsql=chnlid=22084")))["docs"]) == 4


def test_static_traps(farm: Farm) -> None:
    beijing = text(get(farm, "https://www.beijing.gov.cn/gongkai/zfxxgk/gknb/"))
    assert 'class="seo"' in beijing
    assert get(farm, "https://www.beijing.gov.cn/gongkai/zfxxgk/gknb/index_1.html") is None
    stub = text(get(farm, "https://www.cq.gov.cn/zwgk/zfxxgkzl/zfxxgknb/index_40.html"))
    assert 250 < len(stub) < 400
    assert "refresh" in text(get(farm, "https://www.shaanxi.gov.cn/zfxxgk/xxgknb/index_40.html"))
    assert "refresh" in text(get(farm, "https://www.tj.gov.cn/zwgk/zfxxgkzl/gknb/"))
    assert "document.writeln" in text(get(farm, "http://www.yinchuan.gov.cn/xxgk/bmxxgkml/szfbgt/xxgknb_1840/"))
    assert "<!--" in text(get(farm, "https://www.nx.gov.cn/zwgk/zfxxgk/zfxxgknb/"))
    assert "..." in text(get(farm, "http://www.daixian.gov.cn/dxzw/zwgk/xxgknb/"))
    assert "location.href" in text(get(farm, "http://www.zj.gov.cn/col/col1577424/index.html"))
    assert any("_wap." in url for item in farm.of("shaanxi") for url in item.urls)
    challenge = get(farm, "http://www.gansu.gov.cn/gsszf/c100262/zfxxgk_gknb.shtml")
    assert challenge is not None
    assert challenge.status == 412


# -- what our profiles find on it --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(facts: Path) -> Callable[[str, tuple[str, ...], Path], Measure]:
    def crawled(state, portals, home: Path, earlier: Farm | None = None, *, varied: bool = False) -> Measure:
        with pytest.MonkeyPatch.context() as patch:
            if "farm" in portals:
                patch.setenv("GONGKAI_CONFIG", str(facts))
            return crawl(build(state, varied=varied), portals, home, earlier)

    return crawled


@pytest.mark.timeout(600)
def test_next_year_at_the_same_address(run, farm: Farm, tmp_path: Path) -> None:
    """Columns that are the report hold another one later; both stay on record."""
    first = run("first", ("xinjiang",), tmp_path / "home")
    later = run("later", ("xinjiang",), tmp_path / "home", farm)
    assert judged(first) + judged(later) == []
    assert later.records > first.records


@pytest.mark.timeout(600)
def test_quick_portals(run, tmp_path: Path) -> None:
    measure = run("first", QUICK, tmp_path / "home")
    assert judged(measure) == []
    assert judged(run("first", ("farm",), tmp_path / "other")) == []
    assert not {host for host, _ in measure.asked} & {"www.xizang-zwgk.com", "www.hjbysw.gov.cn"}, (
        "clones are not asked"
    )


@pytest.mark.trial
@pytest.mark.timeout(1800)
def test_all_profiles_in_both_states(run, farm: Farm, tmp_path: Path) -> None:
    portals = tuple(portal_names())
    first = run("first", portals, tmp_path / "home")
    print(first.explain())
    assert judged(first) == []
    assert any(line["portal"] == "gansu" for line in first.blocked), "a challenge is recorded, not read"
    needed = sorted(
        f"{lesson['column']} ({outcome.portal})"
        for outcome in first.outcomes
        for lesson in outcome.learned
        if lesson.get("kind") == "needs_browser"
    )
    print("needed Chromium:", *needed, sep="\n  ")
    later = run("later", portals, tmp_path / "home", farm)
    print(later.explain())
    assert judged(later) == []


@pytest.mark.trial
@pytest.mark.timeout(1800)
def test_all_profiles_in_other_dialects(run, tmp_path: Path) -> None:
    """Nothing rests on the dialect that a site is known for: it is read from the page."""
    measure = run("first", tuple(portal_names()), tmp_path / "home", varied=True)
    print(measure.explain())
    assert judged(measure) == []


def judged(measure: Measure) -> list[str]:
    """What is wrong with a crawl: crawls that failed, reports missed, records of what is no report."""
    problems = [f"{outcome.portal}: {outcome.reason} {outcome.error}" for outcome in measure.outcomes if outcome.error]
    if measure.missed or measure.strangers or measure.misnamed:
        problems.append(measure.explain())
    return problems
