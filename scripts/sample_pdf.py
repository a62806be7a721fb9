"""Makes the PDF attachment of the sample portal of 代县: our own report, printed by Chromium with its own small font.

Run it by hand when the report changes; the file is committed, so that the demo needs neither browser nor font for it.
It needs fontTools, which nothing else here does: Chromium draws the CFF outlines of Noto CJK as pictures (Type 3) and
maps characters to radicals of the same shape, so the font is cut down to the characters used and turned into TrueType,
which is what the word processors of agencies embed.

    pip install fonttools
    python scripts/sample_pdf.py CHROMIUM FONT.ttc
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from crawler.samples.invent import invent
from crawler.samples.reports import DATA, body

_STYLE = """<style>@font-face{font-family:sample;src:url(sample.ttf)} @page{size:A4;margin:28mm 26mm}
*{font-family:sample!important} body{font-size:14pt} h1{text-align:center;font-size:20pt;font-weight:normal}
strong{font-weight:normal} table{border-collapse:separate!important;border:0;font-size:9.5pt}
td{padding:1mm;border:0.5pt solid}
tr{break-inside:avoid}</style>"""

# Of table maxp, version 1.0: what glyphs without instructions and components need. fontTools fills in the rest.
_MAXIMA = (
    *("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements"),
    *("maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints"),
    *("maxCompositeContours", "maxComponentDepth"),
)


def main(chromium: str, font: str) -> None:
    """Print the report into ``data/files``."""
    report = invent("代县人民政府", 2022, style="word")
    text = body(report).replace('lang="EN-US"', "")
    page = f"<!DOCTYPE html><meta charset=utf-8><title>年度报告</title>{_STYLE}<h1>{report.title}</h1>{text}"
    target = DATA / "files" / "P020230323381124517206.pdf"
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        (folder / "report.html").write_text(page, encoding="utf-8")
        truetype(font, set(re.sub(r"<[^>]+>", "", page)), folder / "sample.ttf")
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        options += ["--allow-file-access-from-files", f"--user-data-dir={folder / 'profile'}"]
        command = [chromium, *options, f"--print-to-pdf={target}", (folder / "report.html").as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    print(f"{target.name}: {target.stat().st_size} bytes")


def truetype(font: str, characters: set[str], target: Path) -> None:
    """The first face of ``font`` cut down to ``characters``, its cubic outlines turned into quadratic ones."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont, newTable

    face: Any = TTFont(font, fontNumber=2)
    subsetter = Subsetter(Options(layout_features=[], name_IDs=[1, 2, 4, 6], notdef_outline=True))
    subsetter.populate(text="".join(sorted(characters)))
    subsetter.subset(face)
    glyphs = face.getGlyphSet()
    outlines = {}
    for name in face.getGlyphOrder():
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        outlines[name] = pen.glyph()
    face["loca"], face["glyf"] = newTable("loca"), newTable("glyf")
    face["glyf"].glyphOrder, face["glyf"].glyphs = face.getGlyphOrder(), outlines
    for table in ("CFF ", "VORG"):
        if table in face:
            del face[table]
    maximum = face["maxp"]
    maximum.tableVersion = 0x00010000
    for field in _MAXIMA:
        setattr(maximum, field, 1 if field == "maxZones" else 0)
    face["post"].formatType = 3.0
    face.sfntVersion = "\x00\x01\x00\x00"
    face.save(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
