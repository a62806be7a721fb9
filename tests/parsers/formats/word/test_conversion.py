import os
import shutil
import socket
import stat
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from parsers import Hints, UnreadableDocument
from parsers.document import Text
from parsers.formats import read_document
from parsers.formats.word import conversion
from tests.parsers.formats.word.test_reader import TABLE, docx, lead_back, p

DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le")


def office(folder: Path, script: str) -> None:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_an_old_file_without_libreoffice_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableDocument, match="Install libreoffice-writer"):
        read_document(DOC + b"1", Hints(url="http://a/b.wps"))


def test_an_old_file_goes_through_libreoffice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "converted.docx").write_bytes(docx(p("一、总体情况") + TABLE))
    # Stands in for LibreOffice: writes what it would into the folder after --outdir, and keeps its arguments.
    office(
        tmp_path,
        f'echo "$@" > {tmp_path}/arguments\nwhile [ "$1" != --outdir ]; do shift; done\n'
        f'cp {tmp_path}/converted.docx "$2/document.docx"',
    )
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    data = DOC + b"2"
    document = read_document(data)
    assert [notice.code for notice in document.notices] == ["converted"]
    assert len(document.tables()) == 1
    assert lead_back(data) == 8
    arguments = (tmp_path / "arguments").read_text()
    assert "-env:UserInstallation=file:///" in arguments
    assert "--headless" in arguments


def test_libreoffice_is_left_no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    office(tmp_path, f'cp "$(echo "$1" | sed s,.*file://,,)"/user/registrymodifications.xcu {tmp_path}/settings')
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(UnreadableDocument, match="could not convert"):
        read_document(DOC + b"3")
    said = {
        prop.get("{http://openoffice.org/2001/registry}name"): prop[0].text
        for prop in ET.parse(tmp_path / "settings").getroot().iter("prop")
    }
    assert said["BlockUntrustedRefererLinks"] == "true"
    assert (said["ooInetProxyType"], said["ooInetHTTPProxyPort"], said["ooInetHTTPSProxyPort"]) == ("2", "1", "1")


@pytest.mark.trial
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_what_a_document_links_to_is_not_fetched() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        picture = f"http://127.0.0.1:{server.getsockname()[1]}/picture.png"
        names = " ".join(
            f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"'
            for name, kind in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("svg", "svg-compatible"))
        )
        document = read_document(
            f'<?xml version="1.0"?><office:document {names} xmlns:xlink="http://www.w3.org/1999/xlink" '
            'office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>'
            '<text:p>一、总体情况<draw:frame svg:width="2cm" svg:height="2cm" text:anchor-type="as-char">'
            f'<draw:image xlink:href="{picture}"/></draw:frame></text:p>'
            "</office:text></office:body></office:document>".encode()
        )
        assert "一、总体情况" in [block.text for block in document.blocks if isinstance(block, Text)]
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_conversion_that_takes_too_long_ends_with_all_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    office(tmp_path, f"sleep 60 &\necho $! > {tmp_path}/started\nwait")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(conversion, "CONVERSION_SECONDS", 0.5)
    with pytest.raises(UnreadableDocument, match="in time"):
        read_document(DOC + b"4")
    started = int((tmp_path / "started").read_text())
    state = Path(f"/proc/{started}/stat")
    for _ in range(100):
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("what it started goes on")


@pytest.mark.parametrize(("script", "sentence"), [("exit 1", "could not convert"), ("sleep 5", "in time")])
def test_conversions_that_fail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, sentence: str) -> None:
    office(tmp_path, script)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(conversion, "CONVERSION_SECONDS", 0.5)
    with pytest.raises(UnreadableDocument, match=sentence):
        read_document(DOC + script.encode())
