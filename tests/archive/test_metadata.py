"""Payloads of our metadata records: canonical, and readable by every later reader."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from archive.metadata import SCHEMAS, Candidate, DiscoveryMetadata, FetchMetadata, read_metadata, replay_key, told


def discovery() -> DiscoveryMetadata:
    return DiscoveryMetadata(
        crawl="c",
        portal="henan",
        site="www.henan.gov.cn",
        column="https://www.henan.gov.cn/a/",
        list_url="https://www.henan.gov.cn/a/index_1.html",
        cms="henan",
        candidates=[Candidate(text="年报", href="x.html", decision="skip", reason="notice")],
    )


def test_bytes_are_canonical_and_come_back() -> None:
    payload = discovery()
    data = payload.as_bytes()
    assert b'"schema":"gongkai.discovery/1"' in data
    assert "年报".encode() in data
    assert b"null" not in data
    assert list(json.loads(data)) == sorted(json.loads(data))
    assert read_metadata(data) == payload


def test_unknown_keys_of_later_writers_are_no_error() -> None:
    data = json.loads(discovery().as_bytes())
    data["added_later"] = {"a": 1}
    assert read_metadata(json.dumps(data).encode()) == discovery()


@pytest.mark.parametrize("block", [b"", b"not json", b"[]", b'"text"', b'{"schema":"else/1"}', b"\xff\xfe"])
def test_other_metadata_is_none_of_ours(block: bytes) -> None:
    assert read_metadata(block) is None


@pytest.mark.parametrize(
    "block",
    [
        b'{"schema":"gongkai.fetch/1","crawl":',
        b'{"schema" : "gongkai.crawl/1", "crawl": %s1%s}' % (b"[" * 100_000, b"]" * 100_000),
        '{"schema":"gongkai.act/1","note":"公开"}'.encode("gbk"),
        b'{"schema":"gongkai.crawl-end/1"}{"schema":"gongkai.crawl-end/1"}',
        b'{"schema":"gongkai.crawl-end/1","counts":' + b"9" * 5000 + b"}",
        b'{"schema":"gongkai.crawl-end/1","crawl":null,"files":null}',
        b'{"schema":"gongkai.discovery/1","crawl":"\\ud800","candidates":[{"":{}}]}',
        b'{"schema":"gongkai.crawl/1","crawl":NaN}',
    ],
)
def test_what_names_our_schema_and_is_not_as_that_is_refused_in_a_sentence(block: bytes) -> None:
    with pytest.raises(ValueError, match=r"schema of ours|Metadata") as caught:
        read_metadata(block)
    said = told(caught.value)
    assert said
    assert "\n" not in said
    assert len(said) < 200


@pytest.mark.parametrize("block", [b'{"schema":["gongkai.fetch/1"]}', b'{"schema":{}}', b'{"schema":7}'])
def test_a_schema_that_is_no_name_is_none_of_ours(block: bytes) -> None:
    assert read_metadata(block) is None


def test_other_errors_are_not_of_a_payload() -> None:
    assert told(RecursionError("x")) is None
    assert told(UnicodeError("x")) is None


def test_every_schema_is_readable_under_its_name() -> None:
    for name, model in SCHEMAS.items():
        schema = model.model_fields["schema_"]
        assert name in get_args(schema.annotation)
        assert schema.default in SCHEMAS


def test_a_fetch_leaves_out_what_follows_from_the_rest() -> None:
    usual = FetchMetadata(crawl="c", url="http://a/#/1", purpose="report")
    assert usual.key == replay_key("GET", "http://a/#/1", b"", "report")
    assert json.loads(usual.as_bytes()) == {
        "schema": "gongkai.fetch/1", "crawl": "c", "url": "http://a/#/1", "purpose": "report", "attempt": 1, "hints": {}
    }  # fmt: skip
    odd = usual.model_copy(update={"key": "GET http://a/#/1 - report+render:1", "method": "POST", "attempt": 2})
    for payload in (usual, odd):
        assert read_metadata(payload.as_bytes()) == payload


def test_a_fetch_that_spells_out_everything_is_read() -> None:
    block = (
        b'{"attempt":1,"crawl":"c","hints":{},"key":"GET http://a/ - list","method":"GET","purpose":"list",'
        b'"schema":"gongkai.fetch/1","url":"http://a/"}'
    )
    read = read_metadata(block)
    assert isinstance(read, FetchMetadata)
    assert (read.key, read.attempt, read.schema_) == ("GET http://a/ - list", 1, "gongkai.fetch/1")


def test_the_replay_key_keeps_fragments_bodies_and_purposes_apart() -> None:
    keys = {
        replay_key("GET", "http://a/#/1", b"", "list"),
        replay_key("GET", "http://a/#/2", b"", "list"),
        replay_key("GET", "http://a/#/2", b"", "report"),
        replay_key("POST", "http://a/#/2", b"page=1", "list"),
        replay_key("POST", "http://a/#/2", b"page=2", "list"),
    }
    assert len(keys) == 5
    assert replay_key("get", "http://a/", b"", "list") == replay_key("GET", "http://a/", b"", "list")


def test_a_failure_needs_no_status() -> None:
    payload = FetchMetadata(crawl="c", key="k", url="http://a/", purpose="report")
    assert b"status" not in payload.as_bytes()
