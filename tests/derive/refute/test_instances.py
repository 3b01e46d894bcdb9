import pytest

from derive.refute.instances import VARIANTS, Instance, Place

SCALAR: tuple[Place, ...] = ((0, ()),)
TWO_ARGUMENTS: tuple[Place, ...] = ((0, (1,)), (0, (2,)), (1, ()))


@pytest.mark.parametrize(
    ("variant", "words"),
    [
        (0, ("f(u)", "u^2")),
        (1, ("f(u)", "2 u")),
        (2, ("f(u)", "1 + u^2")),
        (3, ("f(u)", "2 u^2 + u")),
        (4, ("f(u)", "u^3 + 2 u")),
    ],
)
def test_words(variant: int, words: tuple[str, str]) -> None:
    assert Instance("f", variant).words((), SCALAR) == words


def test_words_of_a_component() -> None:
    assert Instance("S", 3).words((2,), TWO_ARGUMENTS) == (
        "S(u, v)[2]",
        "u[1]^2 + 3 u[2]^2 - v^2 + u[1] u[2] + u[2] v + u[1]",
    )


@pytest.mark.parametrize("variant", range(VARIANTS))
def test_the_words_are_the_value(variant: int) -> None:
    instance = Instance("f", variant)
    values = dict(zip(TWO_ARGUMENTS, (2, 3, 5), strict=True))
    _, words = instance.words((1,), TWO_ARGUMENTS)
    names = {"u[1]": "2", "u[2]": "3", "v": "5"}
    total = 0
    for monomial in words.replace(" - ", " + -").split(" + "):
        product = -1 if monomial.startswith("-") else 1
        for factor in monomial.lstrip("-").split(" "):
            base, _, power = factor.partition("^")
            product *= int(names.get(base, base)) ** int(power or 1)
        total += product
    assert instance.value((1,), values) == total


def test_a_linear_one_tells_components_apart() -> None:
    instance = Instance("f", 1)
    coefficients = [monomial[0] for monomial in instance.monomials((), TWO_ARGUMENTS)]
    assert len(set(coefficients)) == 3
    assert instance.monomials((1,), TWO_ARGUMENTS) != instance.monomials((2,), TWO_ARGUMENTS)
