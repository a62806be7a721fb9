"""From a number back to the byte, believing nothing on the way.

proof                figure -> cell -> capture -> WARC record -> file -> seal, link by link
index_against_warc   what the archive itself says, beside what the index says of it
"""
