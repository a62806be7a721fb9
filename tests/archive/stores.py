"""What may stand where a store should be: something that answers everything in one way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
LOGIN = b"<!DOCTYPE html><html><head><title>Log in</title></head><body><form><input name=user></form></body></html>"
STRICT_LOGIN = b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Log in</p></body></html>'


@contextmanager
def answering(
    status: int, body: bytes = DENIED, *, media_type: str | None = None, close: bool = False, delay: float = 0
) -> Iterator[str]:
    """The address of a server that gives this answer to every request; ``close``: hangs up instead."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(delay)
            if close:
                self.connection.close()
                return
            self.send_response(status)
            if media_type is not None:
                self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_PUT = do_HEAD = do_POST = do_DELETE = do_GET  # noqa: N815 - the base class wants these names

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
