"""The words of ``config/identity.yaml``: every label names one field, and the longest label is found first."""

from __future__ import annotations

from parsers.identity.evidence.words import load_words


def test_no_label_names_two_fields() -> None:
    header = load_words().header
    labels = [*header.title, *header.publisher, *header.published, *header.written, *header.others]
    assert sorted(label for label in set(labels) if labels.count(label) > 1) == []
    assert set(header.fields) == set(labels)


def test_the_longest_label_is_found_first_however_it_is_spaced() -> None:
    labels = load_words().header.labels
    found = labels.before_colon.search("填 报 单 位(盖章)：温县司法局")
    assert found is not None
    assert found.group("label") == "填 报 单 位(盖章)"
    assert labels.at_beginning.match("发布日期 2023-01-18")
    assert not labels.at_beginning.match("发布日期2023-01-18")
