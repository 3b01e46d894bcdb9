"""The colours of every format: dark enough to read, and told apart without red and green."""

from collections.abc import Mapping
from types import MappingProxyType

from derive.verdict import Kind

#: Colours of text and lines, as hexadecimal RGB.
COLOURS: Mapping[str, str] = MappingProxyType(
    {"accent": "1F3A5F", "quiet": "5F6670", "axis": "4A4A4A", "grid": "DDDFE3", "rule": "B9C2CE"}
)

#: Colours of the verdicts (darkened from the palette of Okabe and Ito).
VERDICT_COLOURS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.PROVED: "006B4E",
        Kind.CONDITIONAL: "0064A0",
        Kind.REFUTED: "B84A00",
        Kind.ILL_TYPED: "9C3F74",
        Kind.MALFORMED: "7A5C00",
        Kind.UNKNOWN: "5F6670",
    }
)

#: Colours of the curves of a plot, in order.
SERIES_COLOURS: tuple[str, ...] = ("0072B2", "D55E00", "009E73", "CC79A7", "E69F00")
