"""Where sealed WARC files lie: a folder, an object store, or both; and whether they are all there, as they were sealed.

    open          a storage by its address, a home's storage, and pushing files to the store behind a home
    base          what every storage can do, and what must be true of a file that arrived
    local         a folder
    object_store  whatever fsspec knows (``s3://``, ``gs://``, ``memory://``)
    recover       after a crash: seal what a dead writer left open
    audit         the whole home against its seals: nothing changed, removed, swapped or slipped in

A new kind of storage is a class with the methods of `archive.storage.base.Storage` and a line in
`archive.storage.open.open_storage`; ``tests/archive/storage/test_open.py`` runs over all kinds.
"""
