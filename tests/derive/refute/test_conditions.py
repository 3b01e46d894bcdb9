import pytest

from derive.refute.conditions import HOLDS, Test, comparison, junction
from derive.refute.evaluate import Point, root_scope
from derive.refute.program import Program
from derive.refute.ring import BoundaryError, Dual, UndecidedError, UndefinedError, Value
from derive.refute.scope import Code, Fuel, Scope
from derive.terms.declarations import Declarations

SCOPE = root_scope(Program(Declarations()), Point({}, {}), Fuel(1))


def constant(value: Value) -> Code:
    return lambda ix, scope: value


def truth(value: bool) -> Test:
    return lambda ix, scope: value


def raising(error: type[Exception]) -> Test:
    def test(ix: list[int], scope: Scope) -> bool:
        raise error

    return test


def test_relations_by_sign() -> None:
    for operator, signs in HOLDS.items():
        for left in (-1, 0, 1):
            assert comparison(operator, constant(left), constant(0))([], SCOPE) is (left in signs)


def test_a_relation_that_is_about_to_change() -> None:
    moving = Dual(1, 0, {(): 0})
    with pytest.raises(BoundaryError):
        comparison(">", constant(moving), constant(0))([], SCOPE)
    assert comparison(">", constant(moving), constant(-1))([], SCOPE)


def test_a_boundary_inside_of_a_side_leaves_no_truth() -> None:
    def inner(ix: list[int], scope: Scope) -> Value:
        raise BoundaryError("inside")

    with pytest.raises(UndefinedError) as caught:
        comparison(">", inner, constant(0))([], SCOPE)
    assert not isinstance(caught.value, BoundaryError)


@pytest.mark.parametrize("deciding", [True, False])
class TestJunction:
    def test_truths(self, deciding: bool) -> None:
        decides, not_so = truth(deciding), truth(not deciding)
        assert junction([not_so, decides], deciding)([], SCOPE) is deciding
        assert junction([not_so, not_so], deciding)([], SCOPE) is (not deciding)
        assert junction([], deciding)([], SCOPE) is (not deciding)

    def test_what_decides_outweighs_a_boundary(self, deciding: bool) -> None:
        boundary = raising(BoundaryError)
        for parts in ([truth(deciding), boundary], [boundary, truth(deciding)]):
            assert junction(parts, deciding)([], SCOPE) is deciding
        with pytest.raises(BoundaryError):
            junction([truth(not deciding), boundary], deciding)([], SCOPE)

    @pytest.mark.parametrize("error", [UndefinedError, UndecidedError])
    def test_nothing_outweighs_what_has_no_truth(
        self, deciding: bool, error: type[Exception]
    ) -> None:
        for parts in ([truth(deciding), raising(error)], [raising(error), truth(deciding)]):
            with pytest.raises(error):
                junction(parts, deciding)([], SCOPE)
