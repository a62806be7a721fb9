"""Files that others made are taken in: judged, renamed where record ids clash, sealed, and told by an act.

    importer    one WARC, ARC or WACZ file, or a package of them
    record_ids  ids that mean two things, within a file and between files

The room stands above the index, since it asks the index which ids are known.
"""
