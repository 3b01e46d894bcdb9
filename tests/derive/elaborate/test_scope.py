"""Scopes: what a name means, and which definitions outlive a change of meaning."""

from derive.chain import definition_taken
from derive.elaborate.declare import scope_with
from derive.elaborate.scope import Scope
from derive.reader.chains import read_display
from derive.reader.declarations import parse_declarations


def declared(text: str, scope: Scope | None = None) -> Scope:
    entries, problems = parse_declarations(text)
    assert not problems
    scope, told = scope_with(scope or Scope(), entries)
    assert not told
    return scope


def defined(latex: str, scope: Scope) -> Scope:
    left, right = read_display(latex, scope.names).chains[0].sides
    taken = definition_taken(left, right, "=", scope, "numerator")
    assert taken is not None
    return taken.scope


def test_a_later_declaration_says_anew_what_a_letter_means() -> None:
    scope = declared("n, m : dimension; x : R^n")
    assert scope.shape("x") == ("n",)
    scope = declared("x : R^m", scope)
    assert scope.shape("x") == ("m",)
    scope = declared("x : R -> R", scope)
    assert "x" in scope.functions
    assert "x" not in scope.variables


def test_a_definition_goes_with_the_shape_that_it_rests_on() -> None:
    scope = defined("u = c + 1", declared("n : dimension; c : R"))
    assert "u" in declared("c : R", scope).definitions
    scope = declared("c : R^n", scope)
    assert "u" not in scope.definitions
    assert "u" not in scope.variables
    assert scope.broken["u"] == (
        "u is defined with c, which has another meaning here: define u anew"
    )
    assert not defined("u = 3", scope).broken


def test_what_rests_on_a_definition_that_went_goes_too() -> None:
    scope = defined("v = 2 u", defined("u = c + 1", declared("n : dimension; c : R")))
    assert set(declared("c : R^n", scope).broken) == {"u", "v"}


def test_a_function_does_not_rest_on_its_own_parameter() -> None:
    scope = declared("n : dimension; x : R; g : R -> R")
    scope = defined("g(x) = x + 1", scope)
    assert "g" in declared("x : R^n", scope).function_definitions


def test_the_components_of_a_set_are_counted() -> None:
    scope = declared("n, m : dimension; W : R^{m x n}; b : R^m")
    scope = defined(r"\theta = \{W, b\}", scope)
    assert list(scope.sets_counted) == ["n_\\theta"]


def test_what_is_declared_in_one_line() -> None:
    scope = declared("n : dimension; x : R^n; f : R -> R")
    assert scope.declared_words() == "x : R^{n}, f (function), n (dimension)"
    assert Scope().declared_words() == "nothing"
