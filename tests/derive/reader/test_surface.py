"""Trees: spans inside their parents, walking, moving, equality without spans."""

import pytest

from derive.reader.chains import read_display
from derive.reader.surface import Name, Node, children, moved, walk

LATEX = (
    r"\frac{\partial}{\partial x} \left( \sum_{i=1}^n a_i^2 \begin{bmatrix} 1 & -x \\ & y \end"
    r"{bmatrix} \right) + \begin{cases} \ln x & x > 0 \\ 0 & \text{else} \end{cases}"
)


def tree(latex: str) -> Node:
    (side,) = read_display(latex).chains[0].sides
    assert isinstance(side, Node)
    return side


def test_children_lie_inside_their_parents() -> None:
    for node in walk(tree(LATEX)):
        for child in children(node):
            assert node.span.start <= child.span.start <= child.span.end <= node.span.end


def test_a_name_is_found_where_it_stands() -> None:
    for node in walk(tree(LATEX)):
        if isinstance(node, Name) and len(node.spelling) == 1:
            assert LATEX[node.span.start : node.span.end] == node.spelling


def test_spans_do_not_take_part_in_comparisons() -> None:
    assert tree("a+b") == tree("a  +  b")
    assert tree("a+b") != tree("b+a")


@pytest.mark.parametrize("distance", [0, 7])
def test_moved(distance: int) -> None:
    node = tree(LATEX)
    other = moved(node, distance)
    assert other == node
    spans = [(part.span.start + distance, part.span.end + distance) for part in walk(node)]
    assert [tuple(part.span) for part in walk(other)] == spans
