"""Every side of the homework is read; skipped where the homework is not at hand."""

from pathlib import Path

import pytest

from derive.document import load
from derive.reader.chains import Reading, read_display
from derive.reader.names import DeclaredNames

HOMEWORK = Path(__file__).parents[4] / "shared" / "homework3.md"
NAMES = DeclaredNames(
    frozenset(
        [
            *("h^a", "h^s", "o^a", "o^s", "W^{(1)}", "W^{(2)}", "b^{(1)}", "b^{(2)}", "w^{(1)}"),
            *("d_h", "d", "x", "y", r"\hat{R}_\lambda"),
        ]
    ),
    frozenset([r"\sigma", "S", "g", "L", r"f_\theta"]),
)

pytestmark = pytest.mark.skipif(not HOMEWORK.exists(), reason="the homework is not at hand")


def readings(kind: str) -> list[Reading]:
    document = load(HOMEWORK)
    displays = [display for display in document.displays if display.kind == kind]
    return [read_display(d.latex, NAMES, document.macros, d.start) for d in displays]


def test_counts() -> None:
    """Sides and relations are counted in displays: a chain that continues has no first side."""
    displays = readings("display")
    chains = [chain for reading in displays for chain in reading.chains]
    assert len(displays) == 101
    assert sum(len(chain.relations) for chain in chains) == 150
    assert sum(len(chain.sides) for chain in chains) == 235
    assert sum(chain.continues for chain in chains) == 23


@pytest.mark.parametrize("kind", ["display", "inline"])
def test_every_side_is_read(kind: str) -> None:
    assert [problem for reading in readings(kind) for problem in reading.problems] == []


def test_equation_numbers() -> None:
    tags = [reading.tag for reading in readings("display") if reading.tag]
    assert tags == [str(number) for number in range(1, 65)]


def test_places() -> None:
    document = load(HOMEWORK)
    (display,) = (d for d in document.displays if r"\text{softplus}(x) - \text" in d.latex)
    offset = display.latex.index(r"\frac{\ln(1 + e^x)}")
    place = document.place(display.start + offset)
    line = document.text.splitlines()[place.line - 1]
    assert (place.line, place.column) == (39, 99)
    assert line[place.column - 1 :].startswith(r"\frac{\ln(1 + e^x)}{\ln(1 + e^{-x})}")
