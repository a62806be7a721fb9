"""Which addresses are asked: public ones only, in order, until one answers."""

from __future__ import annotations

import socket

import pytest

from crawler import OutOfScope
from crawler.capture.wire.connect import connect, public_only, resolve_host

PUBLIC = (socket.AF_INET, ("93.184.216.34", 80))
PRIVATE = (socket.AF_INET, ("10.0.0.1", 80))


def test_private_addresses_are_left_out() -> None:
    assert public_only([PRIVATE, PUBLIC, PRIVATE], "a.gov.cn") == [PUBLIC]
    with pytest.raises(OutOfScope, match=r"resolves to 10\.0\.0\.1, which no public server has"):
        public_only([PRIVATE], "a.gov.cn")
    with pytest.raises(OutOfScope, match="resolves to nothing"):
        public_only([], "a.gov.cn")


async def test_addresses_are_tried_in_order_until_one_answers() -> None:
    with socket.socket() as listening, socket.socket() as deaf:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        deaf.bind(("127.0.0.1", 0))  # bound, not listening: refuses
        places = [(socket.AF_INET, one.getsockname()) for one in (deaf, listening)]
        found = await connect(places)
        assert found.getpeername() == listening.getsockname()
        found.close()
        with pytest.raises(ConnectionRefusedError):
            await connect(places[:1])
    with pytest.raises(OSError, match="the name has no address"):
        await connect([])


async def test_a_literal_address_is_itself() -> None:
    assert await resolve_host("127.0.0.1", 80) == [(socket.AF_INET, ("127.0.0.1", 80))]
