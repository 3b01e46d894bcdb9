"""The names of mistakes: only for wrong steps, by what is written or by what was proved."""

from collections.abc import Callable

import pytest

from derive.check import Step
from derive.repair import fallacy_of, repair_step

#: Named without a repair.
NAMED = [
    ("nothing", r"\ln(1 + e^x) - \ln(1 + e^{-x}) = \frac{\ln(1 + e^x)}{\ln(1 + e^{-x})}", "DRV101"),
    ("nothing", r"1 + \ln x - \ln y = 1 + \frac{\ln x}{\ln y}", "DRV101"),
    ("nothing", r"\ln\left(\frac{x}{y}\right) = \frac{c \ln x}{c \ln y}", "DRV102"),
    ("nothing", r"\frac{\ln e^x (1 + e^{-x})}{\ln(1 + e^{-x})} = \ln e^x", "DRV103"),
    ("nothing", r"\frac{\sin x}{\sin y} = \frac{x}{y}", "DRV103"),
    ("nothing", r"\frac{e^x}{e^y} = \frac{x}{y}", "DRV103"),
    ("nothing", r"e^{x + y} = e^x + e^y", "DRV104"),
    ("nothing", r"e^x + e^y = e^{x + y}", "DRV104"),
    ("nothing", r"(x + y)^2 = x^2 + y^2", "DRV105"),
    ("nothing", r"(x + 1)^2 = x^2 + 1", "DRV105"),
    ("nothing", r"\sqrt{x^2 + y^2} = x + y", "DRV106"),
    ("nothing", r"\ln(x + y) = \ln x + \ln y", "DRV107"),
    ("nothing", r"\frac{1}{x + y} = \frac{1}{x} + \frac{1}{y}", "DRV108"),
    ("nothing", r"\frac{x + y}{x} = y", "DRV109"),
    ("nothing", r"\frac{d}{dx} (x e^x) = e^x", "DRV202"),
    ("vectors", r"\frac{\partial x_i}{\partial x_k} = 1", "DRV204"),
    ("vectors", r"\sum_{i=1}^n c = c", "DRV205"),
    ("vectors", r"\sum_{i=1}^n x_k^2 = x^\top x", "DRV401"),
    ("vectors", r"\sum_{i=1}^N x_i = 0", "DRV501"),
    ("vectors", r"f(x) + 1 = 2", "DRV501"),
    ("matrices", r"\frac{\partial x}{\partial x} = \mathbf{1}", "DRV305"),
    ("matrices", r"A^\top y = A y", "DRV301"),
    ("matrices", r"(A B)^\top = A B", "DRV301"),
    ("matrices", r"B x = B", "DRV304"),
    ("nothing", r"x - y = y - x", "DRV601"),
    ("nothing", r"\frac{d}{dx} x^2 = x", "DRV602"),
]


@pytest.mark.parametrize(("kind", "latex", "code"), NAMED)
def test_names(last_step: Callable[..., Step], kind: str, latex: str, code: str) -> None:
    fallacy = fallacy_of(last_step(kind, latex))
    assert fallacy is not None
    assert fallacy.code == code


NAMELESS = [
    ("nothing", r"x^2 + y = 7 z"),
    ("nothing", r"\frac{\ln(x^2)}{\ln(x^2)} = 1"),
    ("nothing", r"\ln(e^x) - \ln(e^y) = \frac{\ln(e^{x - y})}{\ln(e)}"),
    ("nothing", r"(x + y)^2 = x^2 + 2xy + y^2"),
    ("vectors", r"\sum_{i=1}^n c = n c"),
    ("vectors", r"\sum_{i=1}^n x_k = n x_k"),
    ("nothing", r"\frac{d}{dx} \max(0, x) = \mathbb{1}_{x > 0}"),
    ("vectors", r"\frac{\partial x_i}{\partial x_k} = \delta_{ik}"),
    ("nothing", r"x = \ln"),
]


@pytest.mark.parametrize(("kind", "latex"), NAMELESS)
def test_gives_no_name(last_step: Callable[..., Step], kind: str, latex: str) -> None:
    step = last_step(kind, latex)
    assert fallacy_of(step) is None


def test_what_is_written_outranks_the_repair(last_step: Callable[..., Step]) -> None:
    step = last_step("nothing", r"\sqrt{x^2 + y^2} = x + y")
    found = repair_step(last_step("nothing", r"\frac{d}{dx} x^2 = x"))
    assert found is not None
    fallacy = fallacy_of(step, found)
    assert fallacy is not None
    assert fallacy.code == "DRV106"


def test_the_repair_gives_the_name_where_nothing_is_written(
    last_step: Callable[..., Step],
) -> None:
    step = last_step("nothing", r"\frac{d}{dx} \sin(2x) = \cos(2x)")
    found = repair_step(step)
    assert found is not None
    fallacy = fallacy_of(step, found)
    assert fallacy is not None
    assert (fallacy.code, fallacy.name) == ("DRV201", "dropped chain factor")
    assert fallacy.explanation == "the derivative of the inner function is missing"
