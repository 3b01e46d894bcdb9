"""Plain text made harmless for a typesetter: what was text stays text, whatever it says."""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from derive.report.symbols import COMMANDS

_LATEX_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\ensuremath{<}",
    ">": r"\ensuremath{>}",
    "|": r"\ensuremath{|}",
    '"': "''",
    "'": "{'}",
    "`": "{`}",
    "-": "{-}",
    "–": "--",
    "—": "---",
    "‘": "`",
    "’": "'",
    "“": "``",
    "”": "''",
    "…": r"\dots{}",
    "−": r"\ensuremath{-}",
    "·": r"\ensuremath{\cdot}",
    "°": r"\ensuremath{{}^{\circ}}",
    "²": r"\ensuremath{{}^{2}}",
    "³": r"\ensuremath{{}^{3}}",
    "§": r"\S{}",
    "ß": r"\ss{}",
    "ø": r"\o{}",
    "Ø": r"\O{}",
    "ł": r"\l{}",
    "Ł": r"\L{}",
    "æ": r"\ae{}",
    "Æ": r"\AE{}",
    "œ": r"\oe{}",
    "\u00a0": "~",
    "\u2002": r"\enspace{}",
}

_LATEX_ACCENT = {
    "\u0300": r"\`",
    "\u0301": r"\'",
    "\u0302": r"\^",
    "\u0303": r"\~",
    "\u0304": r"\=",
    "\u0306": r"\u",
    "\u0307": r"\.",
    "\u0308": r"\"",
    "\u030a": r"\r",
    "\u030b": r"\H",
    "\u030c": r"\v",
    "\u0327": r"\c",
    "\u0328": r"\k",
}

_LATEX_MATHEMATICS = {
    character: rf"\ensuremath{{\{name}}}"
    for character, name in COMMANDS.items()
    if not character.isascii()
}

#: Every character that has a spelling of its own in LaTeX text.
LATEX_TEXT: Mapping[str, str] = MappingProxyType({**_LATEX_MATHEMATICS, **_LATEX_SPECIAL})


#: From here on the fonts inside Typst have no glyphs.
_FIRST_WITHOUT_GLYPH = 0x2E80


def latex_text(text: str) -> str:
    """Return plain text as LaTeX in ASCII that shows the same text.

    Line ends become blanks, other control characters vanish; a character that the standard fonts
    lack is shown by its number (``U+4E2D``).
    """
    return "".join(map(_latex_character, " ".join(text.split("\n"))))


def latex_code(text: str) -> str:
    """Return text in typewriter type that may break after punctuation, as LaTeX."""
    pieces = []
    for character in text:
        # Typewriter fonts have all of ASCII at its own place, unlike the others.
        mark = "!" <= character <= "~" and not character.isalnum()
        spelled = rf"\char{ord(character)}{{}}" if mark else latex_text(character)
        spelled = r"\ " if character == " " else spelled
        breaks = mark or character == " "
        pieces.append(spelled + (r"\allowbreak{}" if breaks else ""))
    return rf"\texttt{{{''.join(pieces)}}}"


def _latex_character(character: str) -> str:
    if character in LATEX_TEXT:
        return LATEX_TEXT[character]
    if " " <= character <= "~":
        return character
    category = unicodedata.category(character)
    if category == "Zs" or character in "\t\r":
        return " "
    if category in {"Cc", "Cf"}:
        return ""
    parts = unicodedata.normalize("NFD", character)
    if len(parts) == 2 and parts[0].isascii() and parts[1] in _LATEX_ACCENT:
        return f"{_LATEX_ACCENT[parts[1]]}{{{parts[0]}}}"
    return rf"\texttt{{U+{ord(character):04X}}}"


def typst_string(text: str, line_end: str = " ") -> str:
    """Return plain text as a Typst string literal, which Typst shows as it stands.

    ``line_end`` is put, as it is, where the text has a line end.
    """
    pieces = []
    for character in text:
        if character == "\n":
            pieces.append(line_end)
        elif character in '"\\':
            pieces.append("\\" + character)
        elif unicodedata.category(character) in {"Cc", "Cf", "Cs"}:
            pieces.append(" " if character in "\t\r" else "")
        elif ord(character) >= _FIRST_WITHOUT_GLYPH:
            pieces.append(f"U+{ord(character):04X}")
        else:
            pieces.append(character)
    return '"' + "".join(pieces) + '"'


def typst_text(text: str) -> str:
    """Return plain text as Typst markup that shows the same text."""
    return f"#{typst_string(text)};"
