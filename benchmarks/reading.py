"""What reading costs in a batch: invented reports one after the other in a warmed process, against the bare parse.

    python benchmarks/reading.py [--reports 100] [--rounds 5] [--against CHECKOUT] [--json FILE] [--floors]

Processor time on one core, start-up excluded. The reports (`benchmarks._invented`) all differ in figures, text and
publisher; pages stand in 88 layouts, texts in four. A process reads others of the same kinds first, so that what does
not depend on the document is loaded, and then each report once a round; the best of five rounds counts. Bare:
selectolax (lexbor) parses the same bytes. With ``--against`` another checkout does the same with this environment's
libraries, round by round in turn.

``--floors`` measures nothing: it counts how often the functions in `COUNTED` are called for a document, and writes
that into ``floors.json``. These counts do not depend on the machine; ``tests/test_floors.py`` holds them.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks._invented import Invented, layout_of, reports  # noqa: E402
from parsers import Hints, parse  # noqa: E402

FLOORS = Path(__file__).with_name("floors.json")
KINDS = ("html", "text")
WARMING = 40  # reports that are read before any counts
LEAST_LAYOUTS = 20
COUNTED = {
    "normalize": ("normalize",),
    "translate": ("translate",),
    "regular_expressions": ("re.Pattern",),
}  # fmt: skip
"""Names of functions as the profiler prints them, by what they are counted as."""
COUNTING = "import json, sys; from benchmarks.reading import count_here; print(json.dumps(count_here(sys.argv[1])))"
CHILD = """
import json, sys, time
from pathlib import Path
from parsers import Hints, parse
from selectolax.lexbor import LexborHTMLParser

def seconds(act, documents):
    begun = time.process_time()
    for path, data in documents:
        act(path, data)
    return (time.process_time() - begun) / len(documents)

def ours(path, data):
    parse(data, Hints(url=path.name))

def bare(path, data):
    LexborHTMLParser(data).root

def load(name):
    return [(path, path.read_bytes()) for path in sorted(Path(sys.argv[1], name).iterdir())]

found = {}
for kind in ("html", "text"):
    seconds(ours, load(f"{kind}-first"))
    documents = load(kind)
    found[kind] = (seconds(ours, documents), min(seconds(bare, documents) for _ in range(5)))
print(json.dumps(found))
"""


def invented_reports(kind: str, count: int) -> list[Invented]:
    """So many reports of a kind, the first of them to warm with."""
    found: list[Invented] = []
    for report in reports(100 * (count + 1)):
        if report.kind == kind:
            found.append(report)
        if len(found) == count:
            break
    return found


def write_documents(directory: Path, count: int) -> None:
    """Reports to be measured, and others to be read before, each kind in folders of its own."""
    for kind in KINDS:
        chosen = invented_reports(kind, WARMING + count)
        if kind == "html" and len({layout_of(report) for report in chosen[WARMING:]}) < min(LEAST_LAYOUTS, count):
            raise ValueError(f"{count} reports have fewer than {LEAST_LAYOUTS} layouts")
        for name, part in ((f"{kind}-first", chosen[:WARMING]), (kind, chosen[WARMING:])):
            folder = directory / name
            folder.mkdir()
            for report in part:
                ending = report.url.rpartition(".")[2]
                (folder / f"{report.serial:06}.{ending}").write_bytes(report.document())


def measure(checkout: Path, documents: Path) -> dict[str, tuple[float, float]]:
    """Seconds a document by the code in a checkout, and by the bare parse, for each kind."""
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    command = [sys.executable, "-P", "-c", CHILD, str(documents)]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=True)
    return {kind: (ours, bare) for kind, (ours, bare) in json.loads(done.stdout).items()}


def count_calls(documents: Sequence[bytes], warming: Sequence[bytes]) -> dict[str, float]:
    """How often the functions in `COUNTED`, and any functions at all, are called for a document.

    Args:
        documents: that are read, each once.
        warming: that are read before, so that what does not depend on the document is loaded.
    """
    for data in warming:
        parse(data, Hints())
    profile = cProfile.Profile()
    profile.enable()
    for data in documents:
        parse(data, Hints())
    profile.disable()
    calls = {name: numbers[1] for (_, _, name), numbers in pstats.Stats(profile).stats.items()}  # type: ignore[attr-defined]
    found = {
        what: sum(count for name, count in calls.items() if any(word in name for word in words))
        for what, words in COUNTED.items()
    }
    return {what: round(count / len(documents), 1) for what, count in found.items()}


def counted(kind: str) -> dict[str, float]:
    """The calls for a report of a kind, in a process of its own: what another has read before would be remembered."""
    command = [sys.executable, "-P", "-c", COUNTING, kind]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def count_here(kind: str) -> dict[str, float]:
    """Those of 24 pages in as many layouts, or of eight texts, after as many others were read."""
    chosen = invented_reports(kind, 48 if kind == "html" else 16)
    half = len(chosen) // 2
    return count_calls([report.document() for report in chosen[half:]], [report.document() for report in chosen[:half]])


def write_floors() -> None:
    """Write the counts of today into ``floors.json``; what else stands there stays."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    floors["reading"] = {kind: counted(kind) for kind in KINDS}
    FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=100, help="of each kind")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--against", type=Path, help="another checkout, run with this environment's libraries")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--floors", action="store_true", help="count calls and write them into floors.json")
    chosen = parser.parse_args()
    if chosen.floors:
        write_floors()
        return
    states = {"here": ROOT, **({"there": chosen.against.resolve()} if chosen.against else {})}
    with tempfile.TemporaryDirectory() as temporary:
        write_documents(Path(temporary), chosen.reports)
        rounds = [{name: measure(path, Path(temporary)) for name, path in states.items()} for _ in range(chosen.rounds)]
    best = {
        name: {kind: [min(each[name][kind][at] for each in rounds) for at in (0, 1)] for kind in KINDS}
        for name in states
    }
    for kind in KINDS:
        ours, bare = best["here"][kind]
        line = f"{kind:6} {1000 * ours:7.2f} ms a report, {1 / ours:6.1f} a second, {ours / bare:7.1f} x bare"
        if chosen.against:
            line += f", {ours / best['there'][kind][0]:5.2f} x there"
        print(line)
    if chosen.json:
        chosen.json.write_text(json.dumps(best, indent=1))


if __name__ == "__main__":
    main()
