"""archive.verify.verdict: the judgement on a file, as it is printed."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from archive.verify import verdict
from tests.archive.judging import verdict_on

VERDICTS = Path(__file__).resolve().parent.parent / "verdicts"


def test_what_is_printed_is_the_contract(sealed: Path) -> None:
    printed = json.loads(json.dumps(verdict_on(sealed).as_dict()))
    assert printed == {"file": str(sealed), "verdict": "ok", "records": 61, "problems": []}
    problem = verdict_on(VERDICTS / "damaged" / "block-digest.warc").as_dict()["problems"][0]
    assert list(problem) == ["offset", "record_id", "code", "level", "message"]
    assert (problem["offset"], problem["level"]) == (0, "damaged")


def test_bytes_that_are_no_utf_8_are_printed_as_json_can_carry_them(tmp_path: Path) -> None:
    path = tmp_path / "gbk.arc"
    path.write_bytes(b"http://a.cn/\xc4\xea 1.2.3.4 2008 text/html 1\ny\n")
    printed = json.dumps(verdict_on(path).as_dict(), ensure_ascii=False).encode()
    assert "http://a.cn/\\xc4\\xea" in {found["record_id"] for found in json.loads(printed)["problems"]}


def test_many_problems_of_one_kind_are_counted(tmp_path: Path) -> None:
    page = (VERDICTS / "nonconformant" / "bad-uri.warc").read_bytes()
    many = tmp_path / "many.warc"
    many.write_bytes(b"".join(page.replace(b"000000000001", b"%012d" % number) for number in range(150)))
    problems = [problem for problem in verdict_on(many).problems if problem.code == "bad-uri"]
    assert len(problems) == verdict.MAX_PER_CODE + 1
    assert problems[-1].message == "50 more of this kind"


def test_half_a_character_in_json_is_printed_by_its_numbers(tmp_path: Path) -> None:
    with zipfile.ZipFile(VERDICTS / "ok" / "package.wacz") as old, zipfile.ZipFile(tmp_path / "x.wacz", "w") as new:
        for name in old.namelist():
            held = old.read(name)
            new.writestr(name, held.replace(b'"pages/', b'"\\ud800pages/') if name == "datapackage.json" else held)
    said = json.dumps(verdict_on(tmp_path / "x.wacz").as_dict(), ensure_ascii=False)
    assert "\\xed\\xa0\\x80pages" in json.loads(said)["problems"][0]["message"]
    assert said.encode()
