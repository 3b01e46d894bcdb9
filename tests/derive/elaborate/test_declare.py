"""Declarations become a scope; what they can't mean is told at its place."""

from derive.elaborate.declare import scope_with
from derive.elaborate.scope import Scope
from derive.reader.declarations import parse_declarations
from derive.terms.declarations import FunctionType
from derive.terms.plain import proposition_text


def read(text: str) -> tuple[Scope, list[str]]:
    entries, problems = parse_declarations(text)
    assert not problems
    scope, told = scope_with(Scope(), entries)
    return scope, [problem.found for problem in told]


def test_each_kind_of_entry() -> None:
    scope, told = read(
        "n : dimension\nx : R^n, one-hot\nk : Z\nf : R^n -> R\ni : index n\n"
        "layout : denominator\n' : transpose\nc : R, c > 0"
    )
    assert not told
    assert scope.dimensions == {"n"}
    assert scope.variables["x"].conditions == {"one-hot"}
    assert scope.variables["k"].conditions == {"integer"}
    assert scope.functions["f"] == FunctionType("f", (("n",),), ())
    assert scope.indices == {"i": "n"}
    assert scope.layout == "denominator"
    assert scope.prime_transposes
    assert [proposition_text(h) for h in scope.hypotheses] == ["c > 0"]


def test_an_index_letter_is_no_variable_any_more() -> None:
    scope, _ = read("n : dimension\ni : R\ni : index n")
    assert "i" not in scope.variables


def test_an_unknown_dimension_is_told() -> None:
    _, told = read("x : R^q")
    assert told == ["the dimension q"]


def test_a_condition_that_is_not_used_is_told() -> None:
    _, told = read("n : dimension\nA : R^{n x n}, diagonal")
    assert told == ["the condition diagonal, which is not used"]
