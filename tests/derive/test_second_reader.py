"""The second reader on every scalar side of the homework that a claim states."""

import pytest

from derive.second_reader import KNOWN_DIFFERENCES, second_reading
from derive.terms.declarations import Declarations
from derive.terms.structure import free_indices
from derive.terms.term import Term
from identities import ALL
from identities.homework import functions_for_second_reader, read_homework

#: The sides that it can't read, with the beginning of the reason.
REFUSED = {
    r"\mathbb{1}_{x>0}": "Exception",
    r"\max\{0, x\}": "Exception",
    r"\begin{cases} x & x \geq 0 \\ 0 & x < 0 \end{cases}": "Exception",
    r"-\text{softplus}(-x)": "it reads the function softplus as a factor",
    r"\text{softplus}(x) - \text{softplus}(-x)": "it reads the function softplus as a factor",
    r"\mathbf{1}_{x>0}(x) - \mathbf{1}_{x<0}(x)": "Exception",
    r"n_\theta": r"it reads n_{\theta} as a new symbol",
    r"\frac{64 + 2(1) - 2(k-1) - 1}{5} + 1": "TypeError",
    r"\frac{64 + 2(1) - 1(k-1) - 1}{5} + 1": "TypeError",
}

LOGARITHM = ("two-argument-log",)
FUNCTION = ("undefined-function",)

#: The sides that it reads otherwise, with the names of the differences.
DIFFERENCES = {
    "g'(x)": ("undefined-function", "dropped-prime"),
    r"\frac{d\sigma(x)}{dx}": FUNCTION,
    r"\sigma(x) \cdot (1 - \sigma(x))": FUNCTION,
    r"\sigma(x)": FUNCTION,
    r"\text{sign}(x)": FUNCTION,
    r"\ln \sigma(x)": ("two-argument-log", "undefined-function"),
    r"\ln(1 + e^x) - \ln(1 + e^{-x})": LOGARITHM,
    r"\frac{\ln(1 + e^x)}{\ln(1 + e^{-x})}": LOGARITHM,
    r"\frac{\ln e^x (1 + e^{-x})}{\ln(1 + e^{-x})}": LOGARITHM,
    r"\ln e^x": LOGARITHM,
    r"d_h \times (d + 1) + m \times (d_h + 1)": ("dimension-as-symbol",),
}


def scalar_sides() -> dict[str, tuple[Term, Declarations]]:
    homework = read_homework()
    found: dict[str, tuple[Term, Declarations]] = {}
    for claim in ALL:
        for written in claim.written:
            chain, *places = homework.find(claim.part, written)
            sides, declarations = chain.typed
            for latex, place in zip((written.left, written.right), places, strict=True):
                value = sides[place].value
                if value is not None and not value.axes and not free_indices(value.term):
                    found.setdefault(latex, (value.term, declarations))
    return found


@pytest.fixture(scope="module")
def sides() -> dict[str, tuple[Term, Declarations]]:
    return scalar_sides()


def test_it_agrees_wherever_it_can_read(sides: dict[str, tuple[Term, Declarations]]) -> None:
    functions = functions_for_second_reader()
    refused: dict[str, str] = {}
    differences: dict[str, tuple[str, ...]] = {}
    for latex, (term, declarations) in sides.items():
        found = second_reading(latex, term, declarations, functions)
        if found.outcome == "refused":
            refused[latex] = found.reason
            continue
        assert found.outcome == "agrees", (latex, found.reason)
        if found.differences:
            differences[latex] = found.differences
    assert refused.keys() == REFUSED.keys()
    assert all(refused[latex].startswith(words) for latex, words in REFUSED.items())
    assert differences == DIFFERENCES
    assert {name for names in differences.values() for name in names} <= KNOWN_DIFFERENCES.keys()
    assert len(sides) - len(refused) == 35


@pytest.mark.parametrize("other", [r"\ln e^{-x}", r"\frac{e^x}{e^x - 1}", "x + y"])
def test_another_reading_differs(sides: dict[str, tuple[Term, Declarations]], other: str) -> None:
    term, declarations = sides[r"\ln e^x"]
    found = second_reading(other, term, declarations, {})
    assert found.outcome in ("differs", "refused")
    assert found.outcome == "differs" or "new symbol" in found.reason
