"""archive.ingest.importer: files of others, whole and with their origin."""

from __future__ import annotations

import getpass
import gzip
import re
import runpy
import zipfile
from pathlib import Path

import pytest

from archive import Refused, WarcError
from archive.home import Home
from archive.index.indexer import index
from archive.ingest.importer import Imported, import_file
from archive.metadata import ActMetadata, read_metadata
from archive.storage.audit import verify_home
from archive.warc import WarcWriter, read_at, scan
from archive.warc.seal import Seal, read_seals, seal_path
from tests.archive.exchanges import make_exchange
from tests.archive.judging import verdict_on

VERDICTS = Path(__file__).resolve().parent.parent / "verdicts"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "archive", create=True)


def acts(home: Home) -> list[ActMetadata]:
    payloads = [
        read_metadata(record.block)
        for path in sorted(home.warc.glob("acts-*.warc.gz"))
        for record in scan(path, types={"metadata"})
    ]
    return [payload for payload in payloads if isinstance(payload, ActMetadata)]


def check(home: Home, done: Imported) -> None:
    """Every record of the new files can be read by its place, and the home is in order."""
    for name in done.files:
        for record in scan(home.warc / name):
            assert read_at(home.warc, name, record.offset, record.length).block == record.block
    assert {found.verdict for found in verify_home(home)} <= {"ok", "note", "nonconformant"}


@pytest.mark.parametrize("sample", ["plain.warc", "by-record.warc.gz"])
def test_a_warc_file_is_copied_as_it_is(home: Home, sample: str) -> None:
    path = VERDICTS / "ok" / sample
    done = import_file(home, path, who="an archivist")
    (name,) = done.files
    assert (home.warc / name).read_bytes() == path.read_bytes()
    assert name.startswith("import-")
    assert name.endswith(sample)
    check(home, done)

    (act,) = acts(home)
    assert (act.kind, act.who, act.target, act.decision) == ("import", "an archivist", name, "accepted")
    assert act.facts["origin"] == sample
    assert act.facts["verdict"] == "ok"
    seal = Seal.read(seal_path(home.warc / name))
    assert act.evidence == f"sha256:{seal.imported}"
    assert seal.records == done.records == 2


def test_what_cannot_be_read_by_offset_is_written_anew_record_by_record(home: Home) -> None:
    path = VERDICTS / "note" / "many-records-in-one-member.warc.gz"
    done = import_file(home, path)
    check(home, done)
    whole = gzip.decompress(path.read_bytes())
    assert gzip.decompress((home.warc / done.files[0]).read_bytes()) == whole


@pytest.mark.parametrize("sample", ["ok/zstd.warc.zst", "nonconformant/record-spans-members.warc.gz"])
def test_other_packings(home: Home, sample: str) -> None:
    done = import_file(home, VERDICTS / sample)
    assert done.records == 2
    check(home, done)


@pytest.mark.parametrize("sample", ["version-1.arc", "by-record.arc.gz"])
def test_arc_records_become_warc_records_that_say_where_they_stood(home: Home, sample: str) -> None:
    done = import_file(home, VERDICTS / "ok" / sample)
    check(home, done)
    info, about, page = scan(home.warc / done.files[0])
    assert sample.encode() in info.block
    assert (about.type, page.type) == ("metadata", "response")
    assert (page.uri, page.date) == ("http://www.example.gov.cn/", "2008-04-30T20:48:26Z")
    assert page.header("WARC-IP-Address") == "192.0.2.1"
    assert page.http().body == b"<p>page</p>\n"
    assert (page.header("Gongkai-Origin") or "").startswith(f"{sample} offset ")
    assert verdict_on(home.warc / done.files[0]).verdict == "ok"


def test_the_archives_of_a_package(home: Home) -> None:
    done = import_file(home, VERDICTS / "ok" / "package.wacz")
    assert done.records == 2
    assert done.files[0].endswith("-data.warc.gz")
    check(home, done)


def test_the_same_file_twice_is_taken_in_once(home: Home) -> None:
    path = VERDICTS / "ok" / "plain.warc"
    first = import_file(home, path)
    second = import_file(home, path)
    assert second.known
    assert second.files == first.files
    assert len(acts(home)) == 1


@pytest.mark.parametrize("sample", sorted(path.name for path in (VERDICTS / "damaged").iterdir()))
def test_damaged_files_are_refused(home: Home, sample: str) -> None:
    with pytest.raises(Refused) as refused:
        import_file(home, VERDICTS / "damaged" / sample)
    assert refused.value.exit_status == 3
    assert list(home.warc.iterdir()) == []


def test_of_a_damaged_file_the_whole_records_are_taken_in_by_force(home: Home) -> None:
    done = import_file(home, VERDICTS / "damaged" / "bad-checksum.warc.gz", force=True)
    check(home, done)
    assert [record.id[-1] for record in scan(home.warc / done.files[0])] == ["0", "2"]
    assert acts(home)[0].decision == "forced"
    assert acts(home)[0].facts["problems"] == ["damaged: bad-checksum"]


def test_where_nothing_is_whole_force_does_not_help(home: Home) -> None:
    with pytest.raises(Refused, match="no whole record"):
        import_file(home, VERDICTS / "damaged" / "cut-header.warc", force=True)
    assert list(home.warc.iterdir()) == []


@pytest.fixture
def made_up_file(tmp_path: Path) -> Path:
    info = {"software": "x", "description": "NOT OBTAINED FROM THE NAMED HOSTS: mapped"}
    writer = WarcWriter(tmp_path / "demo" / "warc", "demo", info, durable=False, made_up=True)
    writer.append(make_exchange())
    (seal,) = writer.close()
    return tmp_path / "demo" / "warc" / seal.file


def test_made_up_captures_are_refused_in_a_real_home(home: Home, made_up_file: Path) -> None:
    with pytest.raises(Refused, match="not obtained from the hosts"):
        import_file(home, made_up_file)
    done = import_file(home, made_up_file, force=True)
    assert done.made_up
    assert read_seals(home.warc)[done.files[0]].made_up
    assert acts(home)[0].decision == "forced"


def test_made_up_captures_are_welcome_among_their_kind(made_up_file: Path, tmp_path: Path) -> None:
    other = made_up_file.with_name("other.warc.gz")
    made_up_file.rename(other)
    (seal_path(other.parent / "acts-1.warc.gz")).write_bytes(seal_path(made_up_file).read_bytes())
    demo = Home.at(tmp_path / "demo")
    assert import_file(demo, other).made_up


def test_who_took_it_in(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_OPERATOR", "Archive of Record")
    import_file(home, VERDICTS / "ok" / "plain.warc")
    monkeypatch.delenv("GONGKAI_OPERATOR")
    import_file(home, VERDICTS / "ok" / "version-1.arc")
    assert [act.who for act in acts(home)] == ["Archive of Record", getpass.getuser()]


def test_what_is_no_archive(home: Home, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no WARC, ARC or WACZ"):
        import_file(home, VERDICTS / "note" / "index-file.cdxj")
    with pytest.raises(WarcError, match="cannot be taken in"):
        import_file(home, tmp_path / "none.warc")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "records"),
    [
        ("webarchive/IAH-20080430204825-00000-blackbook.warc.gz", 822),  # Heritrix
        ("pywb/example-wget-1-14.warc.gz", 6),
        ("webarchive-commons/IAH-20080430204825-00000-blackbook-truncated.arc", 10),
        ("replayweb.page/iframetest.wacz", 5),  # ArchiveWeb.page
        ("py-wacz/valid_signed_example_1.wacz", 4),  # browsertrix
        ("chatnoir-resiliparse/warcfile.warc.gz", 50),  # warcprox
    ],
)
def test_files_that_others_made(shared: Path, home: Home, name: str, records: int) -> None:
    done = import_file(home, shared / "warcs" / name)
    assert done.records == records
    check(home, done)


def package(*archives: tuple[str, bytes]) -> bytes:
    made = runpy.run_path(str(VERDICTS / "make.py"))
    inner = [(name, made["wacz"](data)) for name, data in archives]
    return bytes(made["several"](dict(inner)))


def of(number: int) -> bytes:
    made = runpy.run_path(str(VERDICTS / "make.py"))
    return gzip.compress(made["record"](number=number, WARC_Target_URI=f"http://a.cn/{number}"), mtime=0)


def test_files_of_one_name_in_a_fileare_all_taken_in(home: Home, tmp_path: Path) -> None:
    """Packages in packages hold an archive/data.warc.gz each; one must not overwrite the other."""
    path = tmp_path / "two.wacz"
    path.write_bytes(package(("a.wacz", of(1)), ("b.wacz", of(2))))
    done = import_file(home, path)
    assert (len(set(done.files)), done.records) == (2, 2)
    check(home, done)
    uris = {record.uri for name in done.files for record in scan(home.warc / name)}
    assert uris == {"http://a.cn/1", "http://a.cn/2"}


@pytest.mark.parametrize("with_seal", [True, False], ids=["before the rename", "before the seal"])
def test_an_import_that_was_broken_off_is_finished(home: Home, tmp_path: Path, with_seal: bool) -> None:
    path = tmp_path / "two.wacz"
    path.write_bytes(package(("a.wacz", of(1)), ("b.wacz", of(2))))
    done = import_file(home, path)
    lost = home.warc / done.files[1]
    before = seal_path(lost).read_bytes()
    lost.unlink()
    if not with_seal:
        seal_path(lost).unlink()
    again = import_file(home, path)
    assert (again.known, set(again.files)) == (False, set(done.files))
    assert not with_seal or seal_path(lost).read_bytes() == before
    assert verdict_on(lost).records == 1
    assert import_file(home, path).known


def test_an_import_whose_act_was_archived_before_a_kill_is_told_once(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "one.warc.gz"
    path.write_bytes(of(1))
    done = import_file(home, path)
    (home.warc / done.files[0]).unlink()
    seal_path(home.warc / done.files[0]).unlink()
    index(home, processes=1)
    assert import_file(home, path).files == done.files
    assert len(list(home.warc.glob("acts-*.warc.gz"))) == 1


def test_arc_lines_in_other_encodings(home: Home, tmp_path: Path) -> None:
    """Addresses of the time before UTF-8 hold GBK bytes; what is odd in a line must not cost the record."""
    made = runpy.run_path(str(VERDICTS / "make.py"))
    name = "年报".encode("gb18030")
    lines = made["arc"](("http://a.cn/x 1.2.3.4 20080430204826 t/h", b"HTTP/1.1 200 OK\r\n\r\nx"))
    odd = b"http://a.cn/" + name + b" 999.2.3.4 2008\xb8 " + name + b"/html 1\ny\n"
    path = tmp_path / "odd.arc"
    path.write_bytes(lines + odd)
    done = import_file(home, path)
    check(home, done)
    *_, last = scan(home.warc / done.files[0])
    assert last.uri == "http://a.cn/%C4%EA%B1%A8"
    assert (last.block, last.content_type) == (b"y", "application/octet-stream")
    assert last.header("WARC-IP-Address") is None
    assert last.header("Gongkai-Unreadable-Date") == "2008\\udcb8"
    assert verdict_on(home.warc / done.files[0]).verdict in {"ok", "note"}


def one_archive(path: Path, name: str) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(name, gzip.decompress(of(1)))
        file.writestr("datapackage.json", '{"profile": "data-package", "resources": []}')


@pytest.mark.parametrize(
    "name",
    ["archive/../../evil.warc", "/etc/evil.warc", "archive/..\\evil.warc", "archive/\x1b[31m.warc", "archive/.warc"],
)
def test_no_name_in_a_fileleads_out_of_the_archive(home: Home, tmp_path: Path, name: str) -> None:
    path = tmp_path / "odd.wacz"
    one_archive(path, name)
    (taken,) = import_file(home, path).files
    assert re.fullmatch(r"import-[0-9a-f]{12}-[A-Za-z0-9][A-Za-z0-9._-]*\.warc", taken)
    assert sorted(tmp_path.rglob("*.warc")) == [home.warc / taken]


def test_a_long_name_is_shortened_from_its_beginning(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "long.wacz"
    one_archive(path, f"archive/{'x' * 240}-end.warc")
    (taken,) = import_file(home, path).files
    assert taken.endswith("x-end.warc")
    assert len(taken) < 200
