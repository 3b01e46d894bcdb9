from fractions import Fraction

from derive.refute.readable import READABLE, reading_cost


def test_the_easiest_first() -> None:
    assert [str(number) for number in READABLE[:11]] == [
        "0",
        "1",
        "-1",
        "2",
        "-2",
        "1/2",
        "-1/2",
        "3",
        "-3",
        "1/3",
        "-1/3",
    ]
    assert len(set(READABLE)) == len(READABLE)


def test_costs_rise() -> None:
    costs = [reading_cost(number) for number in READABLE]
    assert costs == sorted(costs)
    assert reading_cost(Fraction(100)) > reading_cost(Fraction(1, 2))
