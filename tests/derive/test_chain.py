"""What a relation defines, what it claims, and the obligation that two sides make."""

import pytest

from derive.chain import definition_taken, elaborate_sides, name_defined, obligation
from derive.elaborate.declare import scope_with
from derive.elaborate.elaborator import Elaborator
from derive.elaborate.problems import IllTypedError, MalformedError, NotCoveredError
from derive.elaborate.scope import Scope
from derive.reader.chains import Chain, read_display
from derive.reader.declarations import declared_names, parse_declarations
from derive.reader.names import DeclaredNames
from derive.terms.obligation import Obligation
from derive.terms.plain import proposition_text, term_text

DECLARED = (
    "n, m : dimension\nx, y : R^n\nA : R^{n x n}\nW : R^{m x n}\nh^a : R^m\nc : R\ni : index n"
)


def chain(latex: str, functions: str = "g") -> tuple[Scope, Chain]:
    entries, _ = parse_declarations(DECLARED)
    scope, _ = scope_with(Scope(), entries)
    names, ours = declared_names(entries), scope.names
    known = DeclaredNames(names.names | ours.names, names.functions | ours.functions | {functions})
    return scope, read_display(latex, known).chains[0]


def taken(latex: str) -> tuple[str, tuple[str, ...], Scope] | None:
    scope, found = chain(latex)
    left, right = found.sides
    made = definition_taken(left, right, found.relations[0].symbol, scope, "numerator")
    return None if made is None else (made.name, made.warnings, made.scope)


DEFINED = [
    ("q = c + 1", "q"),
    ("q := c", "q"),
    ("h^a = W x", "h^a"),
    (r"h^a_j = \sum_k W_{jk} x_k", "h^a"),
    ("g(t) = t^2", "g"),
    (r"g(x)_k = \frac{e^{x_k}}{\sum_j e^{x_j}}", "g"),
    (r"\theta = \{W, h^a\}", r"\theta"),
    (r"\operatorname{softplus}(t) := \ln(1 + e^t)", "softplus"),
]


@pytest.mark.parametrize(("latex", "name"), DEFINED)
def test_what_defines(latex: str, name: str) -> None:
    found = taken(latex)
    assert found is not None
    assert found[0] == name
    assert found[2].has_meaning(name) or name in found[2].sets


CLAIMS = [
    "q = q + 1",  # mentions itself
    "e = 2",
    r"\pi = 3",
    "n = 3",  # a dimension
    "i = 3",  # a declared index
    "q < c",
    "g(c^2) = c^4",  # not at variables
    "g(c) = g(c)",
    r"\exp(t) = 1",  # known to everybody
    r"\exp(t) := 1",
    r"\operatorname{relu}(t) = 7",
    r"\operatorname{softmax}(x)_i = x_i",
    r"\operatorname{softplus} = 7",
    "2 = c",
    "q_n = 1",  # the last component, not all of them
]


@pytest.mark.parametrize("latex", CLAIMS)
def test_what_does_not_define(latex: str) -> None:
    assert taken(latex) is None


def test_a_definition_in_a_circle_is_a_claim() -> None:
    scope, first = chain("u = v + 1")
    made = definition_taken(first.sides[0], first.sides[1], "=", scope, "numerator")
    assert made is not None
    _, second = chain("v = u - 1")
    again = definition_taken(second.sides[0], second.sides[1], "=", made.scope, "numerator")
    assert again is None


def test_another_meaning_of_a_known_function_is_told() -> None:
    found = taken(r"\operatorname{relu}(t) := 7")
    assert found is not None
    assert found[:2] == (
        "relu",
        ("from here on relu means this, not the function that is known by that name",),
    )
    assert found[2].has_meaning("relu")
    _, chain_after = chain(r"\operatorname{relu}(t) = 8")
    sides = chain_after.sides
    assert definition_taken(sides[0], sides[1], "=", found[2], "numerator") is None


def test_a_known_name_that_the_document_declares_is_its_own() -> None:
    entries, _ = parse_declarations("relu : R -> R\nsoftmax : R^n -> R^n\nn : dimension")
    scope, _ = scope_with(Scope(), entries)
    for latex in (r"\operatorname{relu}(t) = 7", r"\operatorname{softmax}(x) = 7 x"):
        entries, _ = parse_declarations("x : R^n")
        whole, _ = scope_with(scope, entries)
        sides = read_display(latex, whole.names).chains[0].sides
        made = definition_taken(sides[0], sides[1], "=", whole, "numerator")
        assert made is not None
        assert made.warnings == ()


BROKEN = [
    ("h^a = x", IllTypedError, "h^a is declared as a vector m, the right side is a vector n"),
    ("q_k = W x", IllTypedError, "a component is defined by a vector m"),
    (
        "h^a_j = W_{jk} x_k",
        MalformedError,
        "the index k stands on the right side alone, without a sum",
    ),
    (
        "q = g'(2c)",
        MalformedError,
        "the function g is never introduced; declared here: A : R^{n x n}, W : R^{m x n}, "
        "c : R, h^a : R^{m}, x : R^{n}, y : R^{n}, m (dimension), n (dimension)",
    ),
]


@pytest.mark.parametrize(("latex", "kind", "message"), BROKEN)
def test_definitions_without_a_meaning(latex: str, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as told:
        taken(latex)
    assert str(told.value) == message


def test_a_condition_is_no_part_of_a_definition() -> None:
    with pytest.raises(NotCoveredError):
        taken(r"q = (A)_{k \ne l}")


def test_an_index_that_the_left_side_does_not_show_is_said() -> None:
    found = taken(r"q = -\log x_k")
    assert found is not None
    assert found[1] == ("q depends on the index k, which its left side does not show",)
    assert taken("q = c") is not None
    assert taken("q = c")[1] == ()  # type: ignore[index]


def statement(latex: str) -> Obligation:
    scope, found = chain(latex)
    elaborator = Elaborator(scope)
    left, right = elaborate_sides(found.sides, elaborator)
    assert left.value is not None
    assert right.value is not None
    return obligation(left.value, right.value, "=", scope.declarations, found.span)


def test_sides_are_compared_axis_by_axis() -> None:
    made = statement("A x = y")
    assert (term_text(made.left), term_text(made.right)) == ("sum_k A[i,k] * x[k]", "y[i]")


def test_shapes_that_differ_are_told() -> None:
    with pytest.raises(
        IllTypedError, match="the left side is a vector m, the right side a vector n"
    ):
        statement("W x = x")


def test_the_last_component_is_the_last_one() -> None:
    hypotheses = statement("x_n = y_n").declarations.hypotheses
    assert [proposition_text(h) for h in hypotheses] == ["last of n = n"]


def test_one_unread_side_hides_no_other() -> None:
    scope, found = chain(r"x = W x = \mathbf{q}")
    sides = elaborate_sides(found.sides, Elaborator(scope))
    assert [side.error is None for side in sides] == [True, True, False]


NAMED = [("q = 1", "q"), ("q_k = 1", "q"), ("g(t) = 1", "g"), ("g(x)_k = 1", "g"), ("2 = c", None)]


@pytest.mark.parametrize(("latex", "name"), NAMED)
def test_the_name_that_an_equation_would_define(latex: str, name: str | None) -> None:
    assert name_defined(chain(latex)[1].sides[0]) == name
