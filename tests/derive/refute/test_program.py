import pytest

from derive.refute.program import Program
from derive.terms.declarations import Declarations, Variable
from derive.terms.structure import Definition, sum_over
from derive.terms.term import Compare, Element, Free, Term, add, apply, mul

P, K = Free("i", "n"), Free("k", "m")
DECLARATIONS = Declarations(
    variables={"W": Variable("W", ("n", "m")), "x": Variable("x", ("m",))},
    definitions={
        "h": Definition("h", (P,), sum_over(K, mul(Element("W", (P, K)), Element("x", (K,)))))
    },
)


def compiled(*nodes: Term | Compare, declarations: Declarations = DECLARATIONS) -> Program:
    program = Program(declarations)
    for node in nodes:
        program.routine(node)
    return program


def test_what_a_point_must_give() -> None:
    program = compiled(apply("exp", Element("h", (P,))), Element("c"))
    assert list(program.names) == ["W", "x", "c"]
    assert list(program.letters) == ["n", "m"]


def test_parameters_are_the_free_indices() -> None:
    _, parameters = Program(DECLARATIONS).routine(mul(Element("x", (K,)), Element("W", (P, K))))
    assert parameters == (K, P)


def test_equal_sums_are_one_routine() -> None:
    total = sum_over(K, apply("exp", Element("x", (K,))))
    program = compiled(add(total, apply("log", total)))
    assert len(program._routines) == 1


def test_the_letter_of_a_bound_index_does_not_matter() -> None:
    other = Free("j", "m")
    program = compiled(
        sum_over(K, Element("x", (K,))),
        sum_over(other, Element("x", (other,))),
    )
    assert len(program._routines) == 1


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (Element("x", (K, K)), "'x' has 1 indices, here it is given 2"),
        (Element("h"), "'h' has 1 indices, here it is given 0"),
        (Element("c", (K,)), "'c' has 0 indices, here it is given 1"),
    ],
)
def test_a_wrong_number_of_indices(node: Term, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compiled(node)


def test_a_definition_that_uses_itself() -> None:
    circle = {
        "a": Definition("a", (), Element("b")),
        "b": Definition("b", (), add(Element("a"), Element("c"))),
    }
    with pytest.raises(ValueError, match="the definition of 'a' uses itself"):
        compiled(Element("a"), declarations=Declarations(definitions=circle))


def test_a_definition_with_an_index_of_its_own() -> None:
    loose = {"a": Definition("a", (), Element("x", (K,)))}
    declarations = Declarations(variables=DECLARATIONS.variables, definitions=loose)
    with pytest.raises(ValueError, match="the definition of 'a' has an index that it does not"):
        compiled(Element("a"), declarations=declarations)
