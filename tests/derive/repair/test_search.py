"""The nearest statement that is proved: a table of broken steps, and steps that get no repair."""

from collections.abc import Callable

import pytest

from derive.check import Checked, Step
from derive.judge import judge
from derive.repair import Repair, fallacy_of, repair_step
from derive.terms.obligation import Obligation
from derive.verdict import Kind, Verdict

#: Three lines a case: declarations, side and fallacy; the step; the repair.  Longer lines go on
#: after two blanks.
BROKEN = r"""
nothing right DRV101
\ln(1 + e^x) - \ln(1 + e^{-x}) = \frac{\ln(1 + e^x)}{\ln(1 + e^{-x})}
\ln\frac{1 + e^x}{1 + e^{-x}}

matrices right DRV101
\log a - \log b = \frac{\log a}{\log b}
\log\frac{a}{b}

matrices right DRV102
\log\frac{a}{b} = \frac{\log a}{\log b}
\log a - \log b

matrices right DRV107
\log(a b) = \log(a) \log(b)
\log a + \log b

matrices left DRV107
\log(a + b) = \log a + \log b
\log(a b)

matrices left DRV103
\frac{\ln(a b)}{\ln b} = \ln a
\ln\frac{a b}{b}

nothing right DRV104
e^{x + y} = e^x + e^y
e^{x} e^{y}

nothing right DRV104
\exp(x + y) = \exp(x) + \exp(y)
\exp(x) \exp(y)

nothing right DRV105
(x + y)^2 = x^2 + y^2
x^2 + 2 x y + y^2

nothing right DRV105
(x - y)^2 = x^2 - y^2
x^2 - 2 x y + y^2

matrices left DRV106
\sqrt{a^2 + b^2} = a + b
\sqrt{a^2 + 2 a b + b^2}

matrices right DRV109
\frac{a + b}{a} = b
1 + \frac{b}{a}

nothing right DRV201
\frac{d}{dx} \sin(2x) = \cos(2x)
2 \cos(2x)

nothing right DRV201
\frac{d}{dx} e^{x^2} = e^{x^2}
2 x e^{x^2}

nothing right DRV201
\frac{d}{dx} e^{-x} = e^{-x}
-e^{-x}

nothing right DRV201
\frac{d}{dx} (1 + x^2)^3 = 3 (1 + x^2)^2
2 x \cdot 3 (1 + x^2)^2

nothing right DRV201
\frac{d}{dx} \ln(1 + e^x) = \frac{1}{1 + e^x}
\frac{d}{dx}(1 + e^x) \frac{1}{1 + e^x}

nothing right DRV202
\frac{d}{dx} (x e^x) = e^x
e^x + x e^x

nothing right DRV202
\frac{d}{dx} (x \sin x) = x \cos x
x \cos x + \sin x

nothing right DRV202
\frac{d}{dx} (x \sin x) = \sin x
\sin x + x \cos x

nothing right DRV203
\frac{d}{dx} \frac{x}{1 + x^2} = \frac{(1 + x^2) + 2 x^2}{(1 + x^2)^2}
\frac{(1 + x^2) - 2 x^2}{(1 + x^2)^2}

nothing right DRV603
\frac{d}{dx} x^3 = 3 x^3
3 x^2

nothing right DRV602
\frac{d}{dx} x^3 = x^2
3 x^2

nothing right DRV502
\frac{d}{dx} x^2 = 2 y
2 x

nothing right DRV601
\frac{d}{dx} \cos x = \sin x
-\sin x

nothing right DRV206
\frac{d}{dx} \sin x = \sin x
\cos x

nothing right DRV601
\frac{d}{dx} \tanh x = 1 + \tanh^2 x
1 - \tanh^2 x

matrices right DRV205
\sum_{i=1}^n c = c
n c

matrices right DRV205
\sum_{i=1}^n (x_i - c) = \sum_{i=1}^n x_i - c
\sum_{i=1}^n x_i - n c

matrices right DRV204
\frac{\partial x_i}{\partial x_k} = 1
\delta_{ik}

matrices right DRV204
\frac{\partial}{\partial x_k} e^{x_i} = e^{x_i}
\delta_{ik} e^{x_i}

matrices right DRV403
\frac{\partial}{\partial x_k} \sum_{i=1}^n x_i^2 = 2 x_i
2 x_k

matrices right DRV602
\frac{\partial}{\partial x_k} \sum_{i=1}^n x_i^2 = x_k
2 x_k

matrices right DRV308
\frac{\partial}{\partial x} (x^\top B x) = 2 B x
(B + B^\top) x

matrices right DRV403
(A x)_i = \sum_j A_{ji} x_j
\sum_j A_{ij} x_j

matrices right DRV403
(B x)_i = \sum_j B_{ji} x_j
\sum_j B_{ij} x_j

matrices right DRV404
(A x)_i = \sum_j A_{ij} x
\sum_j A_{ij} x_j

matrices right DRV302
(A B)^\top = A^\top B^\top
B^\top A^\top

matrices right DRV302
(B M)^\top = B^\top M^\top
M^\top B^\top

matrices right DRV307
x^\top A^\top y = y^\top A
y^\top A x

matrices right DRV301
A^\top y = A y
A^\top y

matrices right DRV301
x^\top v = x v
x^\top v

matrices left DRV401
\sum_{i=1}^n x_k^2 = x^\top x
\sum_{i=1}^n x_i^2

matrices right DRV405
\sum_{i=1}^n x_i = \sum_{i=1}^m x_i
\sum_{i=1}^n x_i

matrices right DRV502
\sum_i x_i v_i = x^\top u
x^\top v

matrices right DRV305
\frac{\partial x}{\partial x} = \mathbf{1}
\mathbf{I}

nothing right DRV601
-(x - y) = -x - y
-x + y

nothing right DRV602
2(x + y) = 2x + y
2x + 2 y

nothing right DRV605
6(5 \times 5 \times 1) = 160
150

nothing right DRV605
(x + 1)^2 = x^2 + 2x + 2
x^2 + 2x + 1

nothing right DRV601
x^2 - y^2 = (x - y)(x - y)
(x + y)(x - y)

nothing right DRV603
x x^2 = x^2
x^3

nothing both DRV607
\frac{x^2}{1 + x^2} \ge 1
\frac{x^2}{1 + x^2} \le 1

nothing both DRV607
x^2 + 1 < 0
x^2 + 1 > 0

matrices right DRV502
x_i^2 = v_i^2 + (x_i - v_i)(x_i + u_i)
v_i^2 + (x_i - v_i)(x_i + v_i)

matrices right DRV602
\frac{1}{n} \sum_{i=1}^n (c + x_i) = c + \sum_{i=1}^n x_i
c + \frac{1}{n} \sum_{i=1}^n x_i

matrices right DRV405
\sum_{i \ne k} x_i + x_k = \sum_{i \ne k} x_i
\sum_{i} x_i

matrices right DRV306
\text{diag}(x) v = x^\top v
\text{diag}(x) v

nothing left DRV601
\cosh^2 x + \sinh^2 x = 1
\cosh^2 x - \sinh^2 x

nothing right DRV601
\frac{1}{1 + e^{-x}} = \frac{e^x}{1 - e^x}
\frac{e^x}{1 + e^x}

nothing right DRV602
\ln e^{2x} = x
2 x

nothing both DRV604
3x + 4 = 10 = 3x = 6
3x + 4 = 10 \Rightarrow 3x = 6

network right DRV301
\mathbf{h}^a = \mathbf{W}^{(1)T} \cdot \mathbf{x} + \mathbf{b}^{(1)}
\mathbf{W}^{(1)} \cdot \mathbf{x} + \mathbf{b}^{(1)}

network right DRV302
\mathbf{h}^a = \mathbf{x} \mathbf{W}^{(1)} + \mathbf{b}^{(1)}
\mathbf{W}^{(1)} \mathbf{x} + \mathbf{b}^{(1)}

network right DRV301
W^{(2)} h^s + b^{(2)} = (h^{sT} W^{(2)})^T + b^{(2)}
(h^{sT} W^{(2)T})^T + b^{(2)}

network right DRV501
(W^{(2)} h^s)_k = \sum_{j=1}^{d_h} w_{kj} h_j^s
\sum_{j=1}^{d_h} W^{(2)}_{kj} h_j^s

network right DRV502
(W^{(1)} x)_j = \sum_{i=1}^d w_{ji}^{(1)} x_i
\sum_{i=1}^d W_{ji}^{(1)} x_i

network right DRV501
(W^{(1)} x)_j = \sum_{i=1}^D W_{ji}^{(1)} x_i
\sum_{i=1}^d W_{ji}^{(1)} x_i

network right DRV405
(W^{(1)} x)_j = \sum_{i=1}^{d_h} W_{ji}^{(1)} x_i
\sum_{i=1}^{d} W_{ji}^{(1)} x_i

network right DRV503
\sum_{k=1}^m y_k o_k^a = \sum_{k=1}^m y_k o^k
\sum_{k=1}^m y_k o_k^a

network right DRV502
y^T o^a = \sum_{k=1}^m y_k o_k^s
\sum_{k=1}^m y_k o_k^a

network right DRV403
\frac{\partial}{\partial W_{kj}^{(2)}} (W_{kj}^{(2)} h_j^s) = h_k^s
h_j^s

network left DRV404
\frac{\partial o^a_k}{\partial o^a} = 1
\frac{\partial o^a_k}{\partial o_k^a}

vectors right DRV404
x_i (x_i + c) = x_i^2 + c x
x_i^2 + c x_i

vectors right DRV204
\frac{\partial}{\partial x_k} (x_i^2) = 2 x_i
\delta_{ik} \cdot 2 x_i

vectors right DRV201
\frac{\partial}{\partial x_i} \ln \sum_k e^{x_k} = \frac{1}{\sum_k e^{x_k}}
e^{x_i} \frac{1}{\sum_k e^{x_k}}

vectors right DRV401
\frac{\partial}{\partial x_i} \ln \sum_k e^{x_k} = \frac{e^{x_i}}{\sum_k e^{x_i}}
\frac{e^{x_i}}{\sum_k e^{x_k}}

vectors right DRV204
\frac{\partial}{\partial x_k} \frac{e^{x_i}}{\sum_j e^{x_j}} = \frac{e^{x_i}}{\sum_j
  e^{x_j}} (1 - \frac{e^{x_k}}{\sum_j e^{x_j}})
\frac{e^{x_i}}{\sum_j e^{x_j}} (\delta_{ik} - \frac{e^{x_k}}{\sum_j e^{x_j}})

vectors right DRV601
\frac{\partial}{\partial x_k} \frac{e^{x_i}}{\sum_j e^{x_j}} = \frac{e^{x_i}}{\sum_j
  e^{x_j}} (\delta_{ik} + \frac{e^{x_k}}{\sum_j e^{x_j}})
\frac{e^{x_i}}{\sum_j e^{x_j}} (\delta_{ik} - \frac{e^{x_k}}{\sum_j e^{x_j}})

stride right DRV504
\frac{64 - k}{s} + 1 = \frac{64 - k}{5} + 1
\frac{64 - k}{s} + 1

vectors right DRV601
\frac{n(n+1)}{2} = \frac{n(n-1)}{2}
\frac{n(n+1)}{2}

vectors right DRV606
\frac{\sum_i x_i}{n} = \frac{1}{n-1} \sum_i x_i
\frac{1}{n} \sum_i x_i

nothing right DRV605
6 \times (32 - 5 + 1) = 6 \times 27
6 \times 28

nothing right DRV601
x^{n} x = x^{n-1}
x^{n+1}

nothing right DRV603
\frac{x}{y} = \frac{y}{x}
\frac{x}{y}

nothing right DRV206
\max(x, 0) = \min(x, 0)
\max(x, 0)

nothing right DRV601
\sinh x = \frac{e^x + e^{-x}}{2}
\frac{e^x - e^{-x}}{2}

nothing right DRV601
\tanh x = \frac{e^x - e^{-x}}{e^x - e^{-x}}
\frac{e^x - e^{-x}}{e^x + e^{-x}}

vectors right DRV403
(A^\top)_{ij} = A_{ij}
A_{ji}

vectors right DRV404
\sum_i x_i y_i = \sum_i x_i y
\sum_i x_i y_i

vectors right DRV401
\sum_{i=1}^n \sum_{j=1}^n x_i y_j = \sum_{i=1}^n x_i \sum_{i=1}^n y_j
\sum_{i=1}^n x_i \sum_{i=1}^n y_i

vectors right DRV405
\sum_{i=1}^n x_i = \sum_{i=1}^m x_i
\sum_{i=1}^n x_i

vectors right DRV605
f(x) = 3 = 4
3

vectors right DRV603
\|x\|_2^2 = \sum_i x_i
\sum_i x_i^2

vectors left DRV403
x_i x_j = x_i^2
x_i x_i

matrices right DRV110
\ln(a^2) = (\ln a)^2
2 \ln a

matrices right DRV103
\frac{e^a}{e^b} = \frac{a}{b}
e^{a - b}

matrices left DRV104
e^{a b} = e^a e^b
e^{a + b}

nothing right DRV601
(a+b)(a-b) = a^2 + b^2
a^2 - b^2

nothing right DRV601
x^2 - 2x + 1 = (x + 1)^2
(x - 1)^2

matrices right DRV605
\sin^2 c + \cos^2 c = 2
1

nothing both DRV607
x^2 \le 0
x^2 \ge 0
"""


def _cases(table: str) -> list[tuple[str, str, str, str, str]]:
    cases = []
    for block in table.replace("\n  ", " ").strip().split("\n\n"):
        head, step, repair = block.split("\n")
        kind, side, code = head.split()
        cases.append((kind, step, side, repair, code))
    return cases


def repaired(checked: Checked, step: Step) -> Repair | None:
    chain = tuple(other for other in checked.steps if other.chain == step.chain)
    return repair_step(step, chain=chain, definitions=checked.definitions)


@pytest.mark.parametrize(("kind", "latex", "side", "repair", "code"), _cases(BROKEN))
def test_repairs(
    document: Callable[..., Checked], kind: str, latex: str, side: str, repair: str, code: str
) -> None:
    checked = document(kind, latex)
    step = checked.steps[-1]
    found = repaired(checked, step)
    assert found is not None
    assert (found.side, found.latex) == (side, repair)
    assert found.verdict.holds
    fallacy = fallacy_of(step, found)
    assert fallacy is not None
    assert fallacy.code == code


def test_there_are_many_broken_steps() -> None:
    assert len(_cases(BROKEN)) >= 90


HOPELESS = [
    ("matrices", r"\frac{\sin(2 c)}{\sin c} = 2", "DRV103"),
    ("matrices", r"\frac{1}{a + b} = \frac{1}{a} + \frac{1}{b}", "DRV108"),
    ("matrices", r"\nabla_x L(A x) = A \nabla_y L(y)", "DRV301"),
    ("nothing", r"\frac{a x}{s} + \frac{a y}{s} = \frac{a(x + y)}{5}", "DRV501"),
    ("matrices", r"\sum_{i=1}^n \sum_{j=1}^n x_i v_j = \sum_{i=1}^n x_i v_i", ""),
    ("nothing", r"x^2 + y = 7 z", ""),
    ("matrices", r"x = \sin c", ""),
    ("nothing", r"\sigma(x) (1 - \sigma(x)) = \sigma(x) (1 + \sigma(x))", "DRV501"),
    ("vectors", r"\sqrt{x_i^2 + 1} = x_i + 1", "DRV106"),
    ("nothing", r"|x| = x", ""),
    ("nothing", r"e^x \ge 2", ""),
]


@pytest.mark.parametrize(("kind", "latex", "code"), HOPELESS)
def test_no_near_miss_is_proved(
    document: Callable[..., Checked], kind: str, latex: str, code: str
) -> None:
    checked = document(kind, latex)
    step = checked.steps[-1]
    assert step.verdict.kind in (Kind.REFUTED, Kind.ILL_TYPED, Kind.MALFORMED)
    assert repaired(checked, step) is None
    fallacy = fallacy_of(step)
    assert (fallacy.code if fallacy else "") == code


RIGHT = [
    ("nothing", r"\ln\frac{1 + e^x}{1 + e^{-x}} = \ln(1 + e^x) - \ln(1 + e^{-x})"),
    ("nothing", r"\frac{d}{dx} \sin(2x) = 2 \cos(2x)"),
    ("nothing", r"(x + y)^2 = x^2 + 2xy + y^2"),
    ("nothing", r"\frac{x}{x} = 1"),
    ("vectors", r"\sum_{i=1}^n c = n c"),
    ("vectors", r"\frac{\partial}{\partial x} x^\top A x = A x + A^\top x"),
    ("matrices", r"(A B)^\top = B^\top A^\top"),
]


@pytest.mark.parametrize(("kind", "latex"), RIGHT)
def test_a_step_that_holds_is_left_alone(
    last_step: Callable[..., Step], kind: str, latex: str
) -> None:
    step = last_step(kind, latex)
    assert step.verdict.holds
    assert repair_step(step) is None
    assert fallacy_of(step) is None


WORDS = [
    (
        "vectors",
        r"\frac{\partial x_i}{\partial x_k} = 1",
        r"missing \delta_{ik}: the derivative is 0 for i != k",
    ),
    ("nothing", r"2x = x", "the factor 2 is missing"),
    ("nothing", r"x - y = x + y", "the sign of y is wrong"),
    (
        "nothing",
        r"\ln x - \ln y = \frac{\ln x}{\ln y}",
        "a difference of logarithms is the logarithm of a quotient, not a quotient of logarithms",
    ),
    ("matrices", r"A^\top y = A y", "A has to be transposed"),
    ("matrices", r"A x = A^\top x", "A without the transpose"),
    (
        "vectors",
        r"\sum_{i=1}^n x_k = \sum_j x_j",
        "the summand lacks the index i of its sum: it has k instead",
    ),
    ("vectors", r"\sum_{i=1}^N x_i = \sum_j x_j", "N is never introduced; n is meant"),
    (
        "network",
        r"L(o^a, y) = -\sum_{k=1}^M y_k \log \frac{e^{o_k^a}}{\sum_{i=1}^m e^{o_k^i}}",
        "M is never introduced; m is meant; i is an index and belongs downstairs, the label is a",
    ),
]


@pytest.mark.parametrize(("kind", "latex", "words"), WORDS)
def test_says(last_step: Callable[..., Step], kind: str, latex: str, words: str) -> None:
    found = repair_step(last_step(kind, latex))
    assert found is not None
    assert found.explanation == words


def test_the_same_step_gets_the_same_repair(last_step: Callable[..., Step]) -> None:
    step = last_step("vectors", r"\frac{\partial}{\partial x_k} x_i^2 = 2 x_i")
    assert repair_step(step) == repair_step(step)


def test_no_budget_no_repair(last_step: Callable[..., Step]) -> None:
    assert repair_step(last_step("nothing", r"\ln e^{2x} = x"), budget=0) is None


def test_only_the_judge_says_proved(last_step: Callable[..., Step]) -> None:
    asked: list[Obligation] = []

    def doubtful(statement: Obligation) -> Verdict:
        asked.append(statement)
        return Verdict(Kind.UNKNOWN, "none")

    assert repair_step(last_step("nothing", r"\ln e^{2x} = x"), judge=doubtful) is None
    assert asked


def test_the_verdict_is_that_of_the_judge(last_step: Callable[..., Step]) -> None:
    step = last_step("nothing", r"\frac{x^2}{x} = 2 x")
    found = repair_step(step, judge=judge)
    assert found is not None
    assert found.latex == "x"
    assert found.verdict.kind is Kind.CONDITIONAL
    assert [condition.words for condition in found.verdict.conditions] == ["x != 0"]
