"""What reading one document costs, against bare libraries and, if asked, against another state of the code.

    python benchmarks/parse.py [--documents DIR] [--against CHECKOUT] [--rounds 5] [--json FILE]

Processor time of `parsers.parse`, in this process's own libraries, start-up excluded: every state of the code runs in a
process of its own, reads each document once before it counts, and takes the best of five; rounds alternate, and the
least of a document counts. Without ``--documents`` the pages are those of the sample portals. Bare: selectolax parses
the same page; pdfplumber gives text and tables of the same file; for others there is no such floor.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHILD = """
import json, sys, time
from pathlib import Path
from parsers import Hints, parse

def bare(path, data):
    if path.suffix in {".html", ".htm"}:
        from selectolax.lexbor import LexborHTMLParser
        return lambda: LexborHTMLParser(data).root
    if path.suffix == ".pdf":
        import pdfplumber
        def both():
            with pdfplumber.open(path) as file:
                return [(page.extract_text(), page.extract_tables()) for page in file.pages]
        return both
    return None

def least(act):
    act()
    taken = []
    for _ in range(5):
        begun = time.process_time()
        act()
        taken.append(time.process_time() - begun)
    return min(taken)

found = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    if path.is_file():
        data = path.read_bytes()
        floor = bare(path, data)
        ours = least(lambda: parse(data, Hints(url=path.name)))
        found[path.name] = (ours, least(floor) if floor else None)
print(json.dumps(found))
"""


def write_samples(directory: Path) -> None:
    """The report pages of the sample portals."""
    from crawler.samples import samples
    from crawler.samples.reports import body

    reports = [sample.report for sample in samples() if sample.report]
    for number, report in enumerate(reports):
        title = f"<h1>{report.agency}{report.year}年政府信息公开工作年度报告</h1>"
        page = f"<html><meta charset=utf-8><body>{title}{body(report)}</body></html>"
        (directory / f"{number:02}.html").write_text(page, encoding="utf-8")


def measure(checkout: Path, documents: Path) -> dict[str, tuple[float, float | None]]:
    """Seconds of each document, and of the bare library, by the code in a checkout."""
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    command = [sys.executable, "-P", "-c", CHILD, str(documents)]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=True)
    return {name: (ours, floor) for name, (ours, floor) in json.loads(done.stdout).items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=Path)
    parser.add_argument("--against", type=Path, help="another checkout, run with this environment's libraries")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        documents = chosen.documents.resolve() if chosen.documents else Path(temporary)
        if chosen.documents is None:
            write_samples(documents)
        states = {"here": ROOT, **({"there": chosen.against.resolve()} if chosen.against else {})}
        rounds = [{name: measure(path, documents) for name, path in states.items()} for _ in range(chosen.rounds)]
    best = {
        state: {name: min(each[state][name][0] for each in rounds) for name in rounds[0][state]} for state in states
    }
    floors = {
        name: min(each["here"][name][1] for each in rounds)
        for name, (_, floor) in rounds[0]["here"].items()
        if floor is not None
    }
    for name, seconds in best["here"].items():
        line = f"{name[:40]:40} {1000 * seconds:8.1f} ms"
        line += f"  {seconds / floors[name]:6.1f} x bare" if name in floors else " " * 15
        if chosen.against:
            line += f"  {seconds / best['there'][name]:5.2f} x there"
        print(line)
    totals = {state: sum(found.values()) for state, found in best.items()}
    print(f"{'all':40} {1000 * totals['here']:8.1f} ms", end="")
    print(f"{totals['here'] / totals['there']:23.2f} x there" if chosen.against else "")
    if chosen.json:
        chosen.json.write_text(json.dumps({"best": best, "floors": floors}, indent=1))


if __name__ == "__main__":
    main()
