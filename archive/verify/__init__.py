"""Whether archive files of any origin are what they say: WARC, ARC, WACZ, CDX; plain, gzip, zstd.

    files          several files, in several processes, then links between them
    file           one file: which format it is, and its verdict
    header_rules   WARC: what the standard asks of each field
    known_headers  headers that need no second look
    digests        whether blocks and payloads have the digests that are said of them
    links          references between records, over all files; segments: records that were cut into pieces
    wacz           packages, with wacz_indexes (pages and indexes) and wacz_signature; cdx: indexes by themselves
    verdict        what is said of a file, and what others may refer to in it

How to add a rule, and which test fails where a step is forgotten: CONTRIBUTING.md, "A rule on WARC files".
"""
