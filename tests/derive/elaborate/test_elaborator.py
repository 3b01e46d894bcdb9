"""What formulas mean: LaTeX and declarations to a typed term in plain text, or to a message."""

import pytest

from derive.elaborate.declare import scope_with
from derive.elaborate.elaborator import Elaborator
from derive.elaborate.problems import (
    ElaborationError,
    IllTypedError,
    MalformedError,
    NotCoveredError,
)
from derive.elaborate.scope import Scope
from derive.elaborate.value import Value
from derive.reader.chains import read_display
from derive.reader.declarations import declared_names, parse_declarations
from derive.reader.names import DeclaredNames
from derive.terms.plain import term_text
from derive.terms.structure import substitute_indices
from derive.terms.term import Free

DECLARED = r"""
n, m : dimension
x, y : R^n
A, B : R^{n x n}
W : R^{m x n}
c, T : R
h^a : R^m
f : R -> R
L : R^n -> R
"""


def scope_of(declared: str) -> tuple[Scope, DeclaredNames]:
    entries, problems = parse_declarations(declared)
    assert not problems
    scope, told = scope_with(Scope(), entries)
    assert not told
    names, ours = declared_names(entries), scope.names
    return scope, DeclaredNames(names.names | ours.names, names.functions | ours.functions)


def elaborated(latex: str, declared: str = DECLARED) -> tuple[Value, Elaborator]:
    scope, names = scope_of(declared)
    reading = read_display(latex, names)
    assert not reading.problems
    elaborator = Elaborator(scope)
    value = elaborator.value(reading.chains[0].sides[0])
    return elaborator.finish(value), elaborator


def meaning(latex: str) -> tuple[str, str]:
    value, _ = elaborated(latex)
    letters = [Free(letter, axis.dim) for letter, axis in zip("abu", value.axes, strict=False)]
    renamed = dict(zip(value.axes, letters, strict=True))
    return value.shape_words, term_text(substitute_indices(value.term, renamed))


MEANINGS = [
    # names
    ("2", "scalar", "2"),
    ("q", "scalar", "q"),
    ("n", "scalar", "n"),
    ("x", "vector n", "x[a]"),
    ("W", "m x n", "W[a,b]"),
    ("h^a", "vector m", "h^a[a]"),
    (r"\pi", "scalar", "pi()"),
    # scripts
    ("x_i", "scalar", "x[i]"),
    ("x_1", "scalar", "x[1]"),
    ("W_{ij}", "scalar", "W[i,j]"),
    ("W_{i,j}", "scalar", "W[i,j]"),
    ("A_{12}", "scalar", "A[1,2]"),
    ("W_j", "vector n", "W[j,a]"),
    (r"x^\top", "row vector n", "x[a]"),
    ("W^T", "n x m", "W[b,a]"),
    (r"A^\top_{ij}", "scalar", "A[j,i]"),
    ("q^2", "scalar", "q^2"),
    ("q^T", "scalar", "q^T"),
    ("x_i^2", "scalar", "x[i]^2"),
    ("I_n", "n x n", "delta[a,b]"),
    (r"\delta_{ij} x_j", "scalar", "delta[i,j] * x[j]"),
    # products
    ("W x", "vector m", "sum_k W[a,k] * x[k]"),
    (r"x^\top y", "scalar", "sum_k x[k] * y[k]"),
    (r"x \cdot y", "scalar", "sum_k x[k] * y[k]"),
    (r"\langle x, y \rangle", "scalar", "sum_k x[k] * y[k]"),
    (r"x y^\top", "n x n", "x[a] * y[b]"),
    (r"x \odot y", "vector n", "x[a] * y[a]"),
    ("c x", "vector n", "c * x[a]"),
    ("A^2", "n x n", "sum_k A[a,k] * A[k,b]"),
    (r"\frac{x}{2}", "vector n", "x[a]/2"),
    # sums
    (r"\sum_i x_i", "scalar", "sum_k x[k]"),
    (r"\sum_{i=1}^n x_i", "scalar", "sum_k x[k]"),
    (r"\sum_{i,j} W_{ij}", "scalar", "sum_k sum_j W[k,j]"),
    (r"\sum_{i=1}^{3} i", "scalar", "1 + 2 + 3"),
    (r"\sum_{i=0}^{2} i", "scalar", "(1 - 1) + (2 - 1) + (3 - 1)"),
    (r"\prod_i x_i", "scalar", "prod_k x[k]"),
    ("i x_i", "scalar", "i * x[i]"),
    # functions
    (r"\exp(x)", "vector n", "exp(x[a])"),
    ("e^x", "vector n", "exp(x[a])"),
    ("f(x)", "vector n", "f(x[a])"),
    ("f(c)", "scalar", "f(c)"),
    (r"\operatorname{tr}(A)", "scalar", "sum_k A[k,k]"),
    (r"\operatorname{diag}(x)", "n x n", "delta[a,b] * x[a]"),
    (r"\operatorname{diag}(A)", "vector n", "A[a,a]"),
    (r"\det(A)", "scalar", "det(A)"),
    (r"\max(0, c)", "scalar", "relu(c)"),
    (r"\|x\|_2^2", "scalar", "sum_k x[k] * x[k]"),
    (r"\|x\|_1", "scalar", "sum_k abs(x[k])"),
    (r"\lfloor c \rfloor", "scalar", "floor(c)"),
    (r"\binom{4}{2}", "scalar", "6"),
    ("5!", "scalar", "120"),
    (r"c^2|_{c=3}", "scalar", "3^2"),
    # indicators
    (r"[c \le T] c", "scalar", "[c <= T] * c"),
    ("[i = j] x_i", "scalar", "[i = j] * x[i]"),
]


@pytest.mark.parametrize(("latex", "shape", "text"), MEANINGS, ids=[m[0] for m in MEANINGS])
def test_meaning(latex: str, shape: str, text: str) -> None:
    assert meaning(latex) == (shape, text)


HERE = (
    "declared here: A : R^{n x n}, B : R^{n x n}, T : R, W : R^{m x n}, c : R, h^a : R^{m}, "
    "x : R^{n}, y : R^{n}, L (function), f (function), m (dimension), n (dimension)"
)

ERRORS = [
    ("q_i", MalformedError, f"q has an index but is never introduced; {HERE}"),
    (
        "q(c)",
        MalformedError,
        f"q(...) may be an application or a product: declare q : R -> R, or q : R; {HERE}",
    ),
    (
        r"\mathbf{q}",
        MalformedError,
        f"q is bold, so it is an array, but is never introduced: declare it, as in q : R^n; {HERE}",
    ),
    (
        "x^{(i)}",
        MalformedError,
        f"x^{{(i)}} has a label in brackets, and is never introduced; {HERE}",
    ),
    ("c^*", MalformedError, "c^* is never introduced: a star is no power"),
    (
        r"x_{\text{in}}",
        MalformedError,
        "in is no index; a name with this label has to be declared",
    ),
    (r"\infty", MalformedError, "infinity stands where a number is needed"),
    (r"\sum x_i", MalformedError, "a sum without its index"),
    (
        r"\sum_i c",
        MalformedError,
        "the sum over i has no range: i stands nowhere under it",
    ),
    (
        r"\sum_i \sum_i x_i",
        MalformedError,
        "the sum over i has no range: i stands nowhere under it",
    ),
    (
        r"\sum_{i=1}^M x_i",
        MalformedError,
        "the upper limit M is never introduced as a dimension; dimensions: m, n",
    ),
    (r"\sum_{i \ne i} x_i", MalformedError, "the index i is compared with itself"),
    (
        "A^2_{ij}",
        MalformedError,
        "this may be an entry of A^2 or a power of an entry of A: write brackets",
    ),
    (
        "A * B",
        MalformedError,
        "* between arrays may be the matrix product or the product entry by entry: "
        r"write A B or A \odot B",
    ),
    (
        r"\nabla_x L",
        MalformedError,
        "the function L stands without an argument and may be L(x) or L(y): write it out",
    ),
    (r"\exp", MalformedError, "the function exp stands without an argument"),
    (
        r"\frac{\partial^2 c}{\partial c}",
        MalformedError,
        "a derivative of order 2 by 1 variable",
    ),
    (
        r"\frac{\partial c}{\partial 2}",
        MalformedError,
        "a derivative by something that is no variable",
    ),
    (
        "y'",
        MalformedError,
        "a prime without an argument: write f'(x), or declare ' : transpose",
    ),
    ("x_c", MalformedError, "c is a variable and stands as an index"),
    (
        r"\mathbf{1}",
        MalformedError,
        r"the size of \mathbf{1} is not known here; declare it, as in \mathbf{1} : R^n",
    ),
    ("x + W", IllTypedError, "a vector n and a m x n are added"),
    (
        "x y",
        IllTypedError,
        "a vector n times a vector n has no meaning: the inner dimensions have to agree",
    ),
    (
        "W^T x",
        IllTypedError,
        "a n x m times a vector n has no meaning: the inner dimensions have to agree",
    ),
    ("x^2", IllTypedError, "a power of a vector n"),
    ("c / x", IllTypedError, "a division by a vector n"),
    ("W^{-1}", IllTypedError, "the inverse of a m x n"),
    (r"\operatorname{tr}(W)", IllTypedError, "the trace of a m x n"),
    (r"\det(W)", IllTypedError, "the determinant of a m x n"),
    ("x_{ij}", IllTypedError, "2 indices on a vector n"),
    ("x_0", IllTypedError, "the index 0 lies outside 1..n"),
    ("x_m", IllTypedError, "the index m is a dimension, the axis has length n"),
    (
        r"\sum_i W_{ii}",
        IllTypedError,
        "the index i runs over 1..m, but the axis has length n",
    ),
    ("L(c)", IllTypedError, "L takes n, found scalar"),
    (
        r"\operatorname{softmax}(c)",
        IllTypedError,
        "softmax takes one vector, found scalar",
    ),
    (r"\|A\|_2", NotCoveredError, "the spectral norm of a matrix is not judged"),
    ("e^A", NotCoveredError, "the exponential of a matrix is not judged"),
    ("|A|", NotCoveredError, "| ... | around a n x n is read but not judged"),
    (r"\mathbb{E}[c]", NotCoveredError, r"\mathbb{E} is read but not judged"),
    (
        r"\nabla c",
        NotCoveredError,
        r"a nabla that does not say by which variable is not judged: write \nabla_x f",
    ),
    (r"\dot{x + y}", NotCoveredError, "an accent is read but not judged"),
    (
        r"\sum_{i=1}^{99999} i",
        NotCoveredError,
        "a range of 99999 is too long to judge",
    ),
    (
        r"\sum_{i=0}^{n-1} x_i",
        NotCoveredError,
        "an index whose range does not start at 1 is not judged",
    ),
    (
        r"\begin{cases} 1 & \text{if even} \\ 0 & \text{otherwise} \end{cases}",
        NotCoveredError,
        "the condition 'if even' is not judged",
    ),
]


@pytest.mark.parametrize(("latex", "kind", "message"), ERRORS, ids=[e[0] for e in ERRORS])
def test_no_meaning(latex: str, kind: type[ElaborationError], message: str) -> None:
    with pytest.raises(kind) as told:
        elaborated(latex)
    assert told.value.message == message


WARNINGS = [
    ("x + c", "a scalar is added to every component"),
    (r"\sum_{i=1}^n c", "the summand does not depend on its index i"),
    (r"\prod_{i=1}^n c", "the factor does not depend on its index i"),
    (
        r"\sum_{i=1}^n \sum_{i=1}^n x_i",
        "the index i shadows an outer i; the inner one wins",
    ),
    ("W_j", "W with the one index j is read as its row j"),
    (r"A_{ij}^\top", "an entry is transposed, which changes nothing"),
    (r"\nabla_x^2 (x^\top x)", "nabla squared is read as the Hessian"),
]


@pytest.mark.parametrize(("latex", "message"), WARNINGS, ids=[w[0] for w in WARNINGS])
def test_what_is_read_charitably_is_said(latex: str, message: str) -> None:
    _, elaborator = elaborated(latex)
    assert message in [warned.message for warned in elaborator.warnings]


def test_a_letter_that_is_no_index_anywhere_is_compared_as_a_number() -> None:
    value, _ = elaborated(r"\begin{cases} 1 & u = v \\ 0 & \text{otherwise} \end{cases}")
    assert "u = v" in term_text(value.term)


def test_ranges_are_shared_by_the_sides_of_a_chain() -> None:
    scope, names = scope_of(DECLARED)
    first, second = read_display("x_i = W_{ij}", names).chains[0].sides
    elaborator = Elaborator(scope)
    elaborator.value(first)
    with pytest.raises(
        IllTypedError, match=r"the index i runs over 1..n, but the axis has length m"
    ):
        elaborator.value(second)
