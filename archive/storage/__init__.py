"""Where sealed WARC files lie: a folder, an object store, or both."""
