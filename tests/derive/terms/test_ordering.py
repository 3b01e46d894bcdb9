"""Keys are equal for equal nodes only, and depend on the structure alone."""

from fractions import Fraction
from itertools import combinations

from derive.terms.ordering import index_key, key
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    Add,
    Apply,
    Argument,
    Bound,
    Call,
    Compare,
    Delta,
    Derivative,
    Determinant,
    Dimension,
    Element,
    Fixed,
    ForAll,
    Free,
    Indicator,
    InverseEntry,
    Mul,
    Node,
    Not,
    Number,
    Position,
    Pow,
    Product,
    SameIndex,
    Sum,
    Undefined,
)

i, j = Free("i", "n"), Free("j", "n")
x, y = Element("x"), Element("y")

DIFFERENT: tuple[Node, ...] = (
    ONE,
    MINUS_ONE,
    Number(Fraction(1, 2)),
    Dimension("n"),
    Dimension(1),
    Dimension("1"),
    Element("n"),
    x,
    y,
    Element("x", (i,)),
    Element("x", (Free("i", "m"),)),
    Element("x", (j,)),
    Element("x", (Fixed(1, "n"),)),
    Element("x", (Bound(0),)),
    Element("x", (Bound(1),)),
    Element("x", (i, j)),
    Element("x", (j, i)),
    Position(i),
    Add((x, y)),
    Add((y, x)),
    Mul((x, y)),
    Add((x, Add((y, x)))),
    Add((Add((x, y)), x)),
    Pow(x, TWO),
    Pow(TWO, x),
    Apply("exp", (x,)),
    Apply("log", (x,)),
    Apply("max", (x, y)),
    Apply("max", (y, x)),
    Sum("n", x),
    Sum("m", x),
    Product("n", x),
    Delta(i, j),
    Delta(j, i),
    SameIndex(i, j),
    Not(SameIndex(i, j)),
    Compare(">", x, y),
    Compare("<", x, y),
    Indicator(Compare(">", x, y)),
    ForAll("n", Compare(">", x, y)),
    Derivative(x, x),
    Derivative(x, y),
    Call("f", (), (Argument((), x),)),
    Call("f", (), (Argument(("n",), x),)),
    Call("f", (i,), (Argument((), x),)),
    Call("f", (), (Argument((), x),), ((0, ()),)),
    Call("f", (), (Argument((), x), Argument((), y))),
    InverseEntry("A", i, j),
    InverseEntry("A", j, i),
    Determinant("A"),
    Undefined(),
)


def test_different_nodes_have_different_keys() -> None:
    for one, other in combinations(DIFFERENT, 2):
        assert one != other
        assert key(one) != key(other)


def test_equal_nodes_have_equal_keys() -> None:
    assert key(Add((Element("x"), Pow(Element("y"), TWO)))) == key(Add((x, Pow(y, TWO))))
    assert hash(Add((Element("x"), y))) == hash(Add((x, y)))


def test_fixed_indices_come_before_named_and_named_before_bound() -> None:
    written = [Bound(0), Free("a", "n"), Fixed(2, "n")]
    assert sorted(written, key=index_key) == [Fixed(2, "n"), Free("a", "n"), Bound(0)]
