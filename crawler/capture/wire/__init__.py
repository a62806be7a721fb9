"""The wire: a small HTTP/1.1 client that keeps the bytes of both directions.

client       requests and exchanges
connect      from a name to a connected socket; connection: bytes out, bytes in, and how long to wait for them
proxy, tls   what stands between
headers      what every request says of itself; cookies: those of one crawl, kept in memory
response     one answer, read in its bytes as they arrive; body: where its body ends
"""
