"""Puts a drawing on paper: PDF and PNG, with the letters of all scripts inside."""

from pathlib import Path
from typing import Any

import noto_cjk_sans_otc
import typst

FONTS: Any = [str(Path(noto_cjk_sans_otc.__file__).parent)]
PAGE = """
#set page(paper: "a4", flipped: true, margin: 12mm)
#set text(font: ("Noto Sans CJK SC", "Noto Sans SC"), lang: sys.inputs.lang)
#text(size: 14pt, weight: "bold")[#sys.inputs.title]
#h(1fr)
#text(size: 9pt)[#sys.inputs.note]
#v(2mm)
#block(height: 1fr, width: 100%, align(center, image(bytes(sys.inputs.svg), height: 100%, width: 100%, fit: "contain")))
"""
PICTURE = """
#set page(width: auto, height: auto, margin: 12pt, fill: white)
#image(bytes(sys.inputs.svg))
"""
DOTS = 144.0


def as_pdf(svg: str, title: str, note: str, lang: str) -> bytes:
    """One A4 page, lying. lang: en or zh."""
    inputs = {"svg": svg, "title": title, "note": note, "lang": lang}
    made: bytes = typst.compile(PAGE.encode(), format="pdf", font_paths=FONTS, sys_inputs=inputs)
    return made


def as_png(svg: str) -> bytes:
    """Twice the size of the drawing in pixels."""
    made: bytes = typst.compile(PICTURE.encode(), format="png", ppi=DOTS, font_paths=FONTS, sys_inputs={"svg": svg})
    return made
