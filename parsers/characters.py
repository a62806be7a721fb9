"""Characters as documents hold them: radicals in the place of characters, superscripts, blanks, and a sign for no text.

Chrome and some office programs map glyphs to the Kangxi radicals block (U+2F00-2FDF) or the CJK radicals supplement
(U+2E80-2EFF), so that 一 prints right and is found by nobody. NFKC repairs the first block and only two characters of
the second, and it would also change full-width punctuation; so only these two blocks are folded, the second with the
correspondence of the Unicode Character Database (``EquivalentUnifiedIdeograph.txt``).
"""

from __future__ import annotations

import re
import unicodedata

from parsers.remembered import remembered

_SUPPLEMENT = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑尣⺒巳⺓幺⺔彑⺕彐⺖忄⺗㣺⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬"
    "⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺳网⺴网⺵网⺶羊⺷羊⺸羊⺹耂⺺肀⺻聿⺼月⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤"
    "⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟飠⻠饣"
    "⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
_BLANKS = re.compile("[\\s\u00a0\u00ad\u180e\u200b-\u200f\u2028-\u202f\u2060\u3000\ufeff]+")
_MAP = {ord(_SUPPLEMENT[i]): _SUPPLEMENT[i + 1] for i in range(0, len(_SUPPLEMENT), 2)}
_MAP |= {point: unicodedata.normalize("NFKC", chr(point)) for point in range(0x2F00, 0x2FD6)}
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_LIFT = str.maketrans("0123456789", _SUPERSCRIPTS)
UNREAD = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands in the text of a cell for what a reader sees there and no format can give as text: a picture, an equation, a
letter of an unknown font. A cell that holds it is no blank and no number; labels are compared without it."""
_LOWERED = "₀₁₂₃₄₅₆₇₈₉⁽⁾₍₎"
_PLAIN = _MAP | dict.fromkeys(map(ord, (*_SUPERSCRIPTS, *_LOWERED, UNREAD)), " ")


def raised(text: str) -> str:
    """``text`` with its digits written as superscripts, as formats hand over what a document sets so."""
    return text.translate(_LIFT)


def fold_radicals(text: str) -> str:
    """``text`` with radicals of the two blocks replaced by the characters they stand for; nothing else changes."""
    return text.translate(_MAP)


@remembered
def plain(text: str) -> str:
    """NFKC of ``text`` with its radicals folded: the form in which everything that is read is compared.

    Superscripts and subscripts are marks of footnotes, no digits; a blank stands in their place, and for `UNREAD`.
    """
    return text if text.isascii() else unicodedata.normalize("NFKC", text.translate(_PLAIN))


@remembered
def bare(character: str) -> str:
    """What one character says, as texts are compared (`plain`): nothing where it is a blank."""
    return strip_blanks(plain(character))


@remembered
def narrow(text: str) -> str:
    """NFKC of ``text``: letters, digits and marks of full width as those of half width, and all else that it folds."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


@remembered
def strip_blanks(text: str) -> str:
    """``text`` without any blank: spaces of all widths, zero-width characters, line breaks."""
    return _BLANKS.sub("", text)
