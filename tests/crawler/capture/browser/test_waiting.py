"""Waits end: with what is awaited, with their time, with the run."""

from __future__ import annotations

import asyncio
import time

import pytest

from crawler import HeldBack
from crawler.capture.browser import waiting
from crawler.capture.browser.waiting import wait_within


def go_on() -> None:
    """The run goes on."""


async def test_what_is_awaited_comes_back_or_raises_its_own_error() -> None:
    async def said() -> str:
        await asyncio.sleep(0.01)
        return "年报"

    async def failed() -> None:
        raise LookupError("gone")

    loop = asyncio.get_running_loop()
    assert await wait_within(said(), lambda: loop.time() + 9, go_on) == "年报"
    with pytest.raises(LookupError, match="gone"):
        await wait_within(failed(), lambda: loop.time() + 9, go_on)


async def test_it_is_given_up_when_its_time_is_over_and_progress_gives_it_longer() -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    told = [begun + 0.1, begun + 0.3, begun + 0.3]

    def until() -> float:
        return told.pop(0) if len(told) > 1 else told[0]

    with pytest.raises(TimeoutError):
        await wait_within(asyncio.Event().wait(), until, go_on)
    assert loop.time() - begun >= 0.3


@pytest.mark.parametrize("stubborn", [False, True])
async def test_a_run_that_is_being_ended_waits_for_nothing(monkeypatch: pytest.MonkeyPatch, *, stubborn: bool) -> None:
    """Not even for what does not end when it is told to."""
    monkeypatch.setattr(waiting, "LETTING_GO", 0.2)
    ended = asyncio.Event()

    async def endless() -> None:
        while not ended.is_set():
            try:
                await asyncio.wait_for(ended.wait(), 60)
            except asyncio.CancelledError:
                if not stubborn:
                    raise

    loop = asyncio.get_running_loop()
    stop_at = loop.time() + 0.6

    def stopping() -> None:
        if loop.time() >= stop_at:
            raise HeldBack("the run is being ended")

    begun = time.monotonic()
    with pytest.raises(HeldBack, match="being ended"):
        await wait_within(endless(), lambda: loop.time() + 600, stopping)
    assert time.monotonic() - begun < 30
    ended.set()
