"""Whether archive files of any origin are what they say: WARC, ARC, WACZ, CDX; plain, gzip, zstd.

    files          several files, in several processes, then links between them
    file           one file: which format it is, and its verdict
    header_rules   WARC: what the standard asks of each field
    known_headers  headers that need no second look
    digests        whether blocks and payloads have the digests that are said of them
    links          references between records, over all files; segments: records that were cut into pieces
    wacz           packages, with wacz_indexes (pages and indexes) and wacz_signature; cdx: indexes by themselves
    verdict        what is said of a file, and what others may refer to in it

A new rule of the WARC standard:

1. A function in `header_rules` that calls ``frame.problem(code, level, message)``, with the section of the standard.
2. Its field in ``header_rules._CHECKS``.
3. A rule on a field's value: `known_headers` must not let that field vary, else a record after a good one is passed
   over.
4. A sample in ``tests/archive/verdicts/make.py``, run once.
5. The code in ``docs/warc.md``.
"""
