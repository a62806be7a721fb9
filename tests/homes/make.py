"""Makes a small home with the version of Gongkai that is installed beside this interpreter; README.md says when.

``python tests/homes/make.py DIR``: two crawls of two sample sites, some months apart, a verdict and a correction by a
person, and the tables that this version exports from it.
"""

from __future__ import annotations

import contextlib
import json
import lzma
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from crawler.samples import SampleServer, sample_portals

GONGKAI = Path(sys.executable).parent / "gongkai"
SITES = ("www.wenxian.gov.cn", "www.zhenping.gov.cn")
CORRECTED = "http://www.wenxian.gov.cn/2021/01-27/140733.html"


def run(home: Path, *words: str) -> str:
    """One command on the home; what it prints."""
    environment = {**os.environ, "GONGKAI_HOME": str(home), "GONGKAI_OPERATOR": "tests"}
    return subprocess.run([GONGKAI, *words], env=environment, check=True, text=True, stdout=subprocess.PIPE).stdout


def asked(home: Path, *words: str) -> Any:
    """What a command says as JSON."""
    return json.loads(run(home, *words, "--json"))


def crawl(home: Path, state: str) -> None:
    """One crawl of the sample sites as they are in that state; a crawl indexes what it brought."""
    sites = [word for site in SITES for word in ("--site", site)]
    with SampleServer(sample_portals(state)) as server:
        ways = [word for way in server.connect_to for word in ("--connect-to", way)]
        run(home, "crawl", "henan", "--pace", "0.02", *sites, *ways)


def decide(home: Path) -> None:
    """A person says that a report is of another year than its title says, and gives a verdict on a finding."""
    capture = asked(home, "captures", CORRECTED)[0]["capture"]
    run(home, "correct", capture, "--year", "2019", "--note", "the figures are those of the year before")
    finding = next(line["finding"] for line in asked(home, "checks", "--all") if line["outcome"] == "not_assessable")
    run(home, "checks", "--dismiss", finding, "--note", "the cells were left blank")


def pack(home: Path, into: Path) -> None:
    """What of the home is committed: its files as they are, its database and its tables compressed."""
    shutil.copytree(home / "warc", into / "warc")
    with contextlib.closing(sqlite3.connect(home / "gongkai.db")) as database:
        database.execute("VACUUM INTO ?", [str(home / "small.db")])
    (into / "gongkai.db.xz").write_bytes(compressed(home / "small.db"))
    (into / "expected").mkdir()
    for table in sorted((home / "expected").glob("*.csv")):
        if table.name != "columns.csv":  # the codebook: it says nothing of this home
            (into / "expected" / f"{table.name}.xz").write_bytes(compressed(table))


def compressed(path: Path) -> bytes:
    """A file's bytes as xz."""
    return lzma.compress(path.read_bytes(), preset=9 | lzma.PRESET_EXTREME)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        for state in ("first", "later"):
            crawl(home, state)
        decide(home)
        run(home, "export", str(home / "expected"), "--format", "csv")
        pack(home, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
