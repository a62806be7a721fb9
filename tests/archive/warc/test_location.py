"""Where a record lies: the same for the one who wrote it, who scans the file, and who asks the index."""

from __future__ import annotations

from pathlib import Path

from archive.database.models import Capture
from archive.warc import RecordLocation, WarcWriter, read_at, scan
from tests.archive.exchanges import INFO, make_exchange


def test_writer_reader_and_index_say_the_same(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "test", INFO, durable=False)
    written = writer.append(make_exchange(1))
    (seal,) = writer.close()
    found = [record.location for record in scan(tmp_path / seal.file)][1:]
    assert found == written
    first = written[0]
    row = Capture(id=first.record_id, warc_file=first.file, offset=first.offset, length=first.length)
    assert row.record_location == first
    assert read_at(tmp_path, first.file, first.offset, first.length).location == first


def test_the_next_record_begins_where_one_ends() -> None:
    location = RecordLocation(file="a.warc.gz", offset=10, length=5)
    assert (location.end, str(location), location.record_id) == (15, "a.warc.gz offset 10", "")
