"""A header that is recognised by its shape is one in which the rules find nothing, read the same way."""

from __future__ import annotations

import io
import random
import re
import runpy
from pathlib import Path

import pytest

from archive.verify.header_rules import _CHECKS, check_header
from archive.verify.known_headers import _DATED, _DIGESTS, _SPELT_OUT, _VARIABLE, Shapes
from archive.warc import build
from archive.warc.build import Draft
from archive.warc.framing import Framer
from archive.warc.header import Header
from archive.warc.problem import Problem

VERDICTS = Path(__file__).resolve().parent.parent / "verdicts"
DATE = "2026-11-20T08:00:00.125Z"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"
ODD = ["", " ", "\t", "<", ">", "%", "%zz", "\r\n", "\n", "\r\n ", ":", "\x00", "\x7f", "é", "=", "0", "61", "Z", "-"]


def drafts() -> list[Draft]:
    response = build.response("http://a.cn/%E6?x", ANSWER, date=DATE, ip="192.0.2.1", extra=[("WARC-Protocol", "h")])
    other = build.revisit(
        "http://a.cn/",
        b"",
        date=DATE,
        profile="identical-payload-digest",
        refers_to=response.record_id,
        refers_to_uri="http://a.cn/b",
        refers_to_date=DATE,
        payload_digest=response.payload_digest,
    )
    sent = build.request("http://a.cn/", b"GET / HTTP/1.1\r\n\r\n", date=DATE, concurrent_to=[response.record_id])
    said = build.metadata(b"{}", "application/json", date=DATE, concurrent_to=[response.record_id, sent.record_id])
    looked_up = build.resource("dns:a.cn", b"x", "text/dns", date=DATE)
    return [
        response,
        other,
        sent,
        said,
        looked_up,
        build.resource("urn:dom:http://a.cn/", b"x", "text/html", date=DATE),
    ]


def judged(head: bytes) -> tuple[list[Problem], Header]:
    findings: list[Problem] = []
    length = re.search(rb"(?i)content-length: *(\d{1,6})\r", head)
    block = b"x" * int(length[1]) if length else b""
    (frame,) = Framer(io.BytesIO(head + block + b"\r\n\r\n"), findings.append)
    return findings, check_header(frame)


def taught(heads: list[bytes]) -> Shapes:
    shapes = Shapes()
    for head in heads:
        (frame,) = Framer(io.BytesIO(head + b"\r\n\r\n"), lambda _: None)
        shapes.learn(frame.head, frame.version, frame.fields, check_header(frame))
    return shapes


def test_every_rule_has_a_form() -> None:
    covered = {*_VARIABLE, *_DATED, *_DIGESTS, *_SPELT_OUT}
    left = {key for key in _CHECKS if key not in covered and not key.startswith("warc-segment")}
    assert left == {"warc-filename"}  # headers that hold it or segments are never learnt


def test_records_of_a_known_shape_are_recognised() -> None:
    shapes = taught([draft.head("urn:uuid:1") for draft in drafts()])
    for draft in drafts():
        head = draft.head("urn:uuid:2")
        found = shapes.recognise(head)
        assert found is not None
        version, header = found
        _, slow = judged(head)
        assert version == "1.1"
        assert (header.type, header.uri, header.block_digest) == (slow.type, slow.uri, slow.block_digest)
        assert (header.payload_digest, header.concurrent_to) == (slow.payload_digest, slow.concurrent_to)
        for name in ("warc-record-id", "warc-warcinfo-id", "warc-refers-to", "content-type", "warc-profile"):
            assert header.reference(name) == slow.reference(name)


def test_what_is_recognised_has_nothing_wrong() -> None:
    """Heads damaged at random, and with values of other fields and records in them."""
    rng = random.Random(3)
    heads = [draft.head("urn:uuid:1").decode() for draft in drafts()]
    shapes = taught([head.encode() for head in heads])
    values = [line.partition(": ")[2] for head in heads for line in head.split("\r\n")]
    recognised = 0
    for _ in range(20_000):
        head = rng.choice(heads)
        if rng.random() < 0.5:
            at = rng.randrange(len(head) - 4)
            head = head[:at] + rng.choice([*ODD, chr(rng.randrange(32, 127))]) + head[at + rng.randrange(2) :]
        else:
            lines = head.split("\r\n")
            line = rng.randrange(1, len(lines) - 2)
            lines[line] = lines[line].partition(": ")[0] + ": " + rng.choice(values)
            head = "\r\n".join(lines)
        found = shapes.recognise(head.encode())
        if found is not None:
            recognised += 1
            findings, slow = judged(head.encode())
            assert [one for one in findings if one.code not in {"wrong-length", "cut-record"}] == [], head
            assert (found[1].block_digest, found[1].uri) == (slow.block_digest, slow.uri)
    assert recognised > 2_000


@pytest.mark.parametrize("path", sorted(VERDICTS.glob("no*/*.warc")), ids=lambda path: path.stem)
def test_no_record_of_the_samples_is_passed_over_behind_good_ones(path: Path) -> None:
    """A rule on a value that `known_headers` lets vary is found in the first record of a file alone."""
    record = runpy.run_path(str(VERDICTS / "make.py"))["record"]
    kinds = ("response", "request", "metadata", "resource", "revisit", "conversion")
    good = [record(kind, version=version) for version in ("WARC/1.0", "WARC/1.1") for kind in kinds]
    shapes = taught([data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" for data in good])
    findings: list[Problem] = []
    passed_over = []
    for frame in Framer(io.BytesIO(path.read_bytes()), findings.append):
        before = len(findings)
        check_header(frame)
        if findings[before:] and shapes.recognise(frame.head):
            passed_over += [problem.code for problem in findings[before:]]
    assert passed_over == []


def test_a_block_without_media_type_is_never_of_a_known_shape() -> None:
    bare = build.revisit(
        "http://a.cn/",
        b"",
        date=DATE,
        profile="identical-payload-digest",
        refers_to="urn:uuid:1",
        refers_to_uri="http://a.cn/",
        refers_to_date=DATE,
        payload_digest=build.digest(b"abc"),
    ).head()
    shapes = taught([bare])
    assert shapes.recognise(bare)
    assert shapes.recognise(bare.replace(b"Content-Length: 0", b"Content-Length: 3")) is None


def test_a_day_that_does_not_exist_is_left_to_the_rules() -> None:
    head = drafts()[0].head()
    shapes = taught([head])
    assert shapes.recognise(head)
    assert shapes.recognise(head.replace(b"2026-11-20", b"2026-02-30")) is None
