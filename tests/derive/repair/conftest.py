"""Steps for the tests of repairs: small documents, judged as any other."""

from collections.abc import Callable, Mapping
from functools import cache

import pytest

from derive.check import Checked, Step, check_document
from derive.document import parse

DECLARATIONS: Mapping[str, str] = {
    "nothing": "",
    "vectors": "n, m : dimension\nx, y : R^n   A : R^{n x n}   c : R",
    "stride": "s : R, s > 0   k : R",
    "matrices": """n, m, p : dimension
x, u, v : R^n   y : R^m   A : R^{m x n}   B, M : R^{n x n}   C : R^{n x p}   c, d : R
a : R, a > 0   b : R, b > 0   L : R^m -> R""",
    "network": """n, m, d, d_h : dimension
x : R^d   W^{(1)} : R^{d_h x d}   b^{(1)} : R^{d_h}   W^{(2)} : R^{m x d_h}   b^{(2)} : R^m
h^a, h^s : R^{d_h}   o^a, o^s : R^m   y : R^m, one-hot   w^{(1)} : R^{d_h x d}""",
}


@cache
def judged(kind: str, *displays: str) -> Checked:
    """A document with these declarations and displays, judged."""
    block = DECLARATIONS[kind]
    text = f"<!-- derive\n{block}\n-->\n\n" if block else ""
    text += "\n\n".join(f"Some words.\n\n$${display}$$" for display in displays)
    return check_document(parse(text, kind="md"))


@pytest.fixture
def document() -> Callable[..., Checked]:
    return judged


@pytest.fixture
def last_step() -> Callable[..., Step]:
    return lambda kind, *displays: judged(kind, *displays).steps[-1]
