from fractions import Fraction
from itertools import islice
from random import Random

import pytest

from derive.refute.admissible import satisfies
from derive.refute.evaluate import Point
from derive.refute.points import LARGEST_POINT, Space, candidates, dimension_choices
from derive.refute.program import Program
from derive.refute.readable import READABLE
from derive.refute.ring import ExhaustedError
from derive.terms.declarations import Declarations, Variable
from derive.terms.structure import sum_over
from derive.terms.term import ONE, ZERO, Compare, Element, Fixed, Free, Proposition, Term, mul

P, Q = Free("i", "n"), Free("j", "m")
W, X, C = Element("W", (P, Q)), Element("x", (Q,)), Element("c")


def variable(name: str, *words: str) -> Variable:
    shapes = {"W": ("n", "m"), "x": ("m",), "A": ("n", "n")}
    return Variable(name, shapes.get(name, ()), frozenset(words))


def drawn(
    count: int, node: Term, *variables: Variable, guards: tuple[Proposition, ...] = ()
) -> list[Point]:
    program = Program(Declarations(variables={v.name: v for v in variables}))
    program.routine(node)
    points = islice(candidates(Space(program, guards), Random(1)), count)
    return [point for point in points if point is not None]


class TestDimensions:
    def test_pairwise_different_and_small_first(self) -> None:
        choices = list(islice(dimension_choices(("n", "m"), Random(0)), 12))
        assert [tuple(choice.values()) for choice in choices[:4]] == [
            (1, 2),
            (2, 1),
            (1, 3),
            (3, 1),
        ]
        assert all(choice["n"] != choice["m"] for choice in choices)
        assert {length for choice in choices for length in choice.values()} == {1, 2, 3, 4}

    @pytest.mark.parametrize("letters", ["", "n", "nm", "abcd", "abcde", "abcdefg"])
    def test_any_number_of_letters(self, letters: str) -> None:
        for choice in islice(dimension_choices(tuple(letters), Random(0)), 30):
            assert len(set(choice.values())) == len(letters)
            assert max(choice.values(), default=1) <= max(4, len(letters))

    @pytest.mark.parametrize("letters", ["n", "nm", "abcd", "abcde", "abcdefg"])
    def test_a_letter_may_have_a_least_length(self, letters: str) -> None:
        """As an index that is written as a number needs it; lengths stay different."""
        least = {letters[0]: 9, letters[-1]: 5}
        choices = list(islice(dimension_choices(tuple(letters), Random(0), least), 200))
        for letter in letters:
            lengths = {choice[letter] for choice in choices}
            assert {least.get(letter, 1), least.get(letter, 1) + 1} <= lengths
            assert min(lengths) == least.get(letter, 1)
        assert all(len(set(choice.values())) == len(letters) for choice in choices)


class TestOrder:
    def test_a_single_scalar_runs_through_the_easy_numbers(self) -> None:
        points = drawn(9, C)
        assert [point.values["c"][()] for point in points] == list(READABLE[:9])

    def test_zeros_then_ones(self) -> None:
        points = drawn(2, mul(W, X), variable("W"), variable("x"))
        for point, number in zip(points, (0, 1), strict=True):
            assert {e for entries in point.values.values() for e in entries.values()} == {number}

    def test_every_component_is_given(self) -> None:
        for point in drawn(20, mul(W, X, C), variable("W"), variable("x")):
            n, m = point.dimensions["n"], point.dimensions["m"]
            sizes = [len(point.values[name]) for name in ("W", "x", "c")]
            assert sizes == [n * m, m, 1]

    def test_the_same_seed_gives_the_same_points(self) -> None:
        assert drawn(20, W, variable("W")) == drawn(20, W, variable("W"))

    def test_large_and_small_numbers_come_up(self) -> None:
        numbers = [abs(point.values["c"][()]) for point in drawn(60, C)]
        assert max(numbers) >= 100
        assert min(number for number in numbers if number) <= Fraction(1, 100)

    def test_nothing_to_choose_is_one_point(self) -> None:
        assert drawn(5, ONE) == [Point({}, {})]


class TestConditions:
    @pytest.mark.parametrize(
        "words",
        [
            ("positive",),
            ("integer", "nonzero"),
            ("one-hot",),
            ("positive", "sums to 1"),
        ],
    )
    def test_of_vectors(self, words: tuple[str, ...]) -> None:
        points = drawn(40, sum_over(Q, X), variable("x", *words))
        assert len(points) == 40
        assert all(satisfies(point.values["x"], frozenset(words)) for point in points)

    @pytest.mark.parametrize(
        "words",
        [("symmetric", "invertible"), ("positive definite",), ("orthogonal",)],
    )
    def test_of_matrices(self, words: tuple[str, ...]) -> None:
        points = drawn(40, Element("A", (P, P)), variable("A", *words))
        assert len(points) == 40
        assert all(satisfies(point.values["A"], frozenset(words)) for point in points)
        assert len({tuple(point.values["A"].values()) for point in points}) > 10

    def test_bounds_of_hypotheses(self) -> None:
        guards = (Compare("<", ZERO, C), Compare("<", C, ONE))
        assert all(0 < point.values["c"][()] < 1 for point in drawn(40, C, guards=guards))


def test_points_that_are_too_large_are_refused() -> None:
    side = LARGEST_POINT
    huge = Variable("W", (side, side))
    with pytest.raises(ExhaustedError):
        drawn(1, Element("W", (Fixed(1, side), Fixed(1, side))), huge)
