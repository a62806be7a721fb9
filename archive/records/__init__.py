"""What the archive says of reports: as they stand now, as they were, which are missing.

    reports        the lines that programs read
    details        everything about one report
    history        versions of a report, and what differs between two
    changes        what appeared, changed, was replaced or withdrawn lately
    coverage       expected = captured + blocked + failed + absent, per portal and year
    columns        what each list of reports came to when it was last asked for
    known_reports  where reports stood when they were last seen
    lessons        what earlier crawls learned about addresses

All of it is read from the database, nothing is written.
"""
