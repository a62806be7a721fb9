"""Indexing in a process of its own, to be killed: ``python indexing.py HOME STEP REBUILD``.

It reads what `factory.document` wrote. With a step it kills itself there, as ``kill -9`` would.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from archive import Home
from archive.index.indexer import index
from tests.archive import factory


def main(home: str, step: int, *, rebuild: bool) -> None:
    factory.install_fake_parser()
    steps = 0

    def progress(_stage: str, _done: int, _total: int) -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            os.kill(os.getpid(), signal.SIGKILL)

    print("begun", flush=True)
    index(Home.at(Path(home)), rebuild=rebuild, processes=1, progress=progress)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), rebuild=sys.argv[3] == "rebuild")
