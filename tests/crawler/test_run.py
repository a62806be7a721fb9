"""What a crawl came to."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive import Home
from archive.warc import scan
from crawler.run import Outcome
from crawler.samples import Answer, SampleServer
from crawler.spiders.bookkeeping.summary import ColumnResult, Summary
from tests.conftest import ROOT, unmeasured

HOST = "www.a.gov.cn"
# A run in a process of its own, as `gongkai crawl` makes it; %s is what it waits for when it is interrupted.
SCRIPT = """
import asyncio, sys, threading, time
from pathlib import Path
from archive import Home
from crawler import plan, run
from crawler.capture.session import CaptureSession
from crawler.portals.load import Portal, parse_profile

really = CaptureSession.fetch

async def fetch(self, url, **more):
    answer = await really(self, url, **more)
    if url.endswith("/nb/"):
        print("there", flush=True)
        %s
    return answer

CaptureSession.fetch = fetch
run.AT_ONCE = 1.0
text = "name: 甲县\\ncode: null\\nsites:\\n  - host: www.a.gov.cn\\n    columns:\\n      - url: http://www.a.gov.cn/nb/\\n"
options = plan.Options(home=Home.at(Path(sys.argv[1]), create=True), connect_to=tuple(sys.argv[2:]), pace=0)
try:
    run.run_crawls([plan.plan_for(Portal("test", parse_profile(text, "test"), text), options)])
except KeyboardInterrupt:
    print("in order", flush=True)
    sys.exit(130)
"""
# What a run may hang on: a wait that lets go of nothing, a thread that does not end, a wait that ends when told to.
STUBBORN = """
        while True:
            try:
                await asyncio.sleep(600)
            except asyncio.CancelledError:
                pass"""
THREAD = "await asyncio.get_running_loop().run_in_executor(None, time.sleep, 600)"
PLAIN = "await asyncio.sleep(600)"


def test_an_outcome_names_everything_that_failed():
    result = ColumnResult("www.a.gov.cn", "u", {"reports/found": 1}, "trs", "why", None, ["x is missing"])
    outcome = Outcome("test", summary=Summary([result], ["too few"], ["2 answers could not be followed"]))
    assert outcome.columns == [result]
    assert outcome.failures == ["x is missing", "too few", "2 answers could not be followed"]


@pytest.mark.parametrize(("wait", "in_order"), [(STUBBORN, False), (THREAD, False), (PLAIN, True)])
def test_a_second_interrupt_ends_the_run_whatever_it_waits_for(tmp_path: Path, wait: str, *, in_order: bool) -> None:
    class Portal:
        def answer(self, request: object) -> Answer:
            return Answer(b"<html><a href=x.html>x</a></html>")

    with SampleServer({HOST: Portal()}) as server:
        run = subprocess.Popen(
            [sys.executable, "-c", SCRIPT % wait, str(tmp_path), *server.connect_to],
            cwd=ROOT, env=unmeasured(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert run.stdout is not None
        assert run.stdout.readline() == "there\n"
        run.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert run.poll() is None
        run.send_signal(signal.SIGINT)
        begun = time.monotonic()
        out, err = run.communicate(timeout=60)
    assert time.monotonic() - begun < 30
    assert (run.returncode, "Traceback" in err, "in order" in out) == (130, False, in_order)
    (file,) = (path for path in Home.at(tmp_path).warc.iterdir() if ".warc.gz" in path.name and path.suffix != ".seal")
    assert [record.uri for record in scan(file, types={"response"})][-1] == f"http://{HOST}/nb/"
