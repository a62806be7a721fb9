"""What a record's header says, once it was read."""

from __future__ import annotations

from archive.warc.header import Header


def test_references_stand_without_brackets() -> None:
    header = Header("revisit", {"warc-refers-to": "<urn:uuid:1>", "warc-target-uri": "<http://a.cn/\udce4>"})
    assert header.reference("warc-refers-to") == "urn:uuid:1"
    assert header.reference("warc-concurrent-to") is None
    assert Header("metadata", {"warc-refers-to": ""}).reference("warc-refers-to") is None


def test_an_address_keeps_bytes_that_are_no_utf8_as_escapes() -> None:
    assert Header("response", {"warc-target-uri": "<http://a.cn/\udce4>"}).uri == "http://a.cn/%E4"
    assert Header("warcinfo", {}).uri is None
