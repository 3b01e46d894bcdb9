"""Edits of LaTeX as text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.reader.chains import read_display
from derive.reader.surface import Node
from derive.repair.edits import (
    Edit,
    Written,
    as_factor,
    bracketed,
    edited,
    multiplied,
    script_end,
    top_script,
    with_subscript,
    written,
)


def side(latex: str) -> Written:
    (chain,) = read_display(latex).chains
    (node,) = chain.sides
    assert isinstance(node, Node)
    return Written(latex, node)


@pytest.mark.parametrize(
    ("latex", "edits", "result"),
    [
        ("a + b", [Edit(2, 3, "-")], "a - b"),
        ("a + b", [Edit(0, 1, "x"), Edit(4, 5, "y")], "x + y"),
        (r"\ln(x)", [Edit(3, 6, "y")], r"\ln y"),
        ("a  b", [Edit(1, 1, " ")], "a b"),
        ("a b", [Edit(0, 2, "")], "b"),
    ],
)
def test_edits(latex: str, edits: list[Edit], result: str) -> None:
    assert edited(latex, edits) == result


def test_edits_that_overlap_are_an_error() -> None:
    with pytest.raises(ValueError, match="edits overlap"):
        edited("abc", [Edit(0, 2, "x"), Edit(1, 3, "y")])


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 11), max_size=4, unique=True), st.randoms())
def test_the_order_of_edits_does_not_matter(places: list[int], random: object) -> None:
    edits = [Edit(place, place + 1, "X") for place in places]
    shuffled = list(edits)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert edited("abcdefghijkl", shuffled) == edited("abcdefghijkl", edits)


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("b", "b_k"),
        ("b^{(2)}", "b_k^{(2)}"),
        (r"\mathbf{o}^a", r"\mathbf{o}_k^a"),
        (r"\mathbf{b}^{(2)}", r"\mathbf{b}_k^{(2)}"),
    ],
)
def test_an_index_goes_before_the_label(name: str, result: str) -> None:
    assert with_subscript(name, "k") == result


def test_a_long_index_gets_braces() -> None:
    assert with_subscript("x", "10") == "x_{10}"


@pytest.mark.parametrize(
    ("text", "place", "end"),
    [("x_k^a", 1, 3), ("x_{kj}^a", 1, 6), (r"x_\alpha y", 1, 8), ("x^ {2}", 1, 6)],
)
def test_where_a_script_ends(text: str, place: int, end: int) -> None:
    assert script_end(text, place) == end


def test_scripts_inside_braces_do_not_count() -> None:
    assert top_script(r"\mathbf{x_i}", "_") is None
    assert top_script(r"\mathbf{x}_i", "_") == 10


@pytest.mark.parametrize(
    ("latex", "factor", "result"),
    [
        ("x y", "2", "2 x y"),
        ("2 x", "3", r"3 \cdot 2 x"),
        ("x + y", "2", "2 (x + y)"),
        (r"\frac{1}{x} + y", "2", r"2 \left(\frac{1}{x} + y\right)"),
        ("1", r"\delta_{ik}", r"\delta_{ik}"),
        ("x", "-", "-x"),
    ],
)
def test_a_factor_before_a_side(latex: str, factor: str, result: str) -> None:
    whole = side(latex)
    assert edited(latex, multiplied(whole, whole.node, factor)) == result


def test_what_is_loose_gets_parentheses_as_a_factor() -> None:
    assert as_factor(side("x + y"), side("x + y").node) == "(x + y)"
    assert as_factor(side("x y"), side("x y").node) == "x y"
    assert bracketed(r"\sum_i x_i") == r"\left(\sum_i x_i\right)"


def test_a_side_counts_from_its_own_beginning() -> None:
    (chain,) = read_display("a = b + c").chains
    right = chain.sides[1]
    assert isinstance(right, Node)
    moved = written("b + c", right)
    assert [moved.text(node) for node in moved.nodes()] == ["b + c", "b", "c"]
