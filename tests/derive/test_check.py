"""Judging documents: context, definitions, layouts, scopes, examples, conclusions.

A case is a document below common declarations and what is found: for each relation its verdict,
with the method where there is no proof, ``!`` at the first wrong line, ``=> verdict`` for the
conclusion.
"""

import pytest

from derive.check import Checked, Step, check_document
from derive.document import parse
from derive.verdict import Kind

DECLARED = """<!-- derive
n, m : dimension
x, y, z : R^n
A, B : R^{n x n}
W : R^{m x n}
b : R^m
c : R
f : R -> R
L : R^n -> R
-->

"""


def checked(text: str, declared: str = DECLARED) -> Checked:
    return check_document(parse(declared + text + "\n", "notes.md"))


def shown(step: Step) -> str:
    words = str(step.verdict.kind)
    method = step.verdict.method
    if step.verdict.kind is Kind.PROVED and method != "normal form":
        words += f" by {method}"
    layout = [c.words for c in step.verdict.conditions if c.proposition is None]
    words += "".join(f" in {condition}" for condition in layout)
    words += " !" if step.first_wrong else ""
    return words + (f" => {step.conclusion.kind}" if step.conclusion else "")


CASES = {
    # definitions
    "defined, then claimed": ("$$q = c + 1$$\n\n$$q = 1 + c$$", ["proved by definition", "proved"]),
    "no circle": ("$$a = t + 1$$\n\n$$t = a - 1$$", ["proved by definition", "proved"]),
    "failed definition": (
        "$$b = x$$\n\n$$\\frac{\\partial b}{\\partial x} = 0$$\n\n$$b + b = 2b$$",
        ["ill-typed !", "ill-typed !", "proved"],
    ),
    "failed definition, square": (
        "$$y = W x$$\n\n$$\\frac{\\partial y}{\\partial x} = A$$",
        ["ill-typed !", "unknown"],
    ),
    "function by a derivative": (
        "$$s(t) = \\frac{d t^3}{dt}$$\n\n$$s(2) = 12$$\n\n$$s(2c) = 12 c^2$$",
        ["proved by definition", "proved", "proved"],
    ),
    "function at an expression": ("$$f(c^2) = c^4$$", ["refuted !"]),
    "prime at an expression": (
        "$$\\frac{d}{dc} f(c^2) = 2 c f'(c^2)$$\n\n$$\\frac{d}{dc} f(c^2) = f'(c^2)$$",
        ["proved", "refuted !"],
    ),
    "declared by membership": (
        "$$v \\in \\mathbb{R}^m$$\n\n$$v = b$$\n\n$$v \\in \\mathbb{R}^n$$",
        ["proved by declaration", "proved by definition", "ill-typed !"],
    ),
    # implications
    "premise is no definition": (
        "$$a = 2 \\Rightarrow a^2 = 4$$",
        ["proved by assumption", "proved"],
    ),
    "consequence is no definition": (
        "$$a^2 = 4 \\Rightarrow a = 2$$",
        ["proved by assumption", "refuted !"],
    ),
    # context
    "when": ("when $c > 0$:\n\n$$|c| = c$$", ["proved"]),
    "when, and": ("when $c > 0$ and $c < 2$:\n\n$$|c - 2| + |c| = 2$$", ["proved"]),
    "indices": ("when $i = j$:\n\n$$x_i = x_j$$\n\n$$x_i = x_j$$", ["proved", "refuted !"]),
    "otherwise": (
        "when $i = j$:\n\n$$\\delta_{ij} x_i = x_j$$\n\nOtherwise:\n\n$$\\delta_{ij} x_i = 0$$",
        ["proved", "proved"],
    ),
    "a sentence ends": ("It is 0 when $c < 0$. Then\n\n$$|c| = -c$$", ["refuted !"]),
    "a paragraph ends": ("undefined if $c < 0$\n\nNext.\n\n$$|c| = -c$$", ["refuted !"]),
    "assumed for a section": (
        "# A\n\nAssume $c > 0$. Then\n\n$$|c| = c$$\n\nand\n\n$$\\sqrt{c^2} = c$$\n\n"
        "# B\n\n$$|c| = c$$",
        ["proved", "proved", "refuted !"],
    ),
    "assume that": ("Assume first that $i = j$:\n\n$$x_i = x_j$$", ["proved"]),
    "behind": ("$$|c| = c$$ for $c > 0$.\n\n$$|c| = c$$", ["proved", "refuted !"]),
    "in the display": (
        "$$|c| = c \\quad \\text{for } c > 0$$\n\n$$|c| = c$$",
        ["proved", "refuted !"],
    ),
    "beside the equation": ("$$x_i = x_j, \\quad i = j$$", ["proved"]),
    "if and only if": ("This holds if and only if $c > 0$.\n\n$$|c| = c$$", ["refuted !"] * 2),
    "contradiction": (
        "when $c > 0$ and $c < 0$:\n\n$$c = c$$\n\nwhen $i = j$ and $i \\ne j$:\n\n$$x_i = x_j$$",
        ["unknown", "unknown"],
    ),
    "two new letters": (
        "Here $i = j$ holds.\n\n$$x_i = x_j$$",
        ["unknown", "refuted !"],
    ),
    # layouts
    "numerator": ("$$\\frac{\\partial W x}{\\partial x} = W$$", ["proved"]),
    "denominator": (
        "$$\\frac{\\partial W x}{\\partial x} = W^\\top$$",
        ["conditional in denominator layout"],
    ),
    "gradient as a row": (
        "$$\\frac{\\partial x^\\top x}{\\partial x} = 2 x^\\top$$",
        ["conditional in numerator layout with gradients as rows"],
    ),
    "only what needs the layout": (
        "$$\\frac{\\partial W x}{\\partial x} = W^\\top = 2 W^\\top - W^\\top$$",
        ["conditional in denominator layout", "proved => conditional"],
    ),
    "no layout for two lines": (
        "$$\\frac{\\partial W x}{\\partial x} = W^\\top = W$$",
        ["conditional in denominator layout", "ill-typed ! => ill-typed"],
    ),
    "which argument": ("$$\\nabla_x L = \\nabla_y L$$", ["malformed !"]),
    # chains
    "first wrong line": (
        "$$c = c + 1 = c + 2 - 1 = c + 3$$",
        ["refuted !", "proved", "refuted => refuted"],
    ),
    "right by luck": (
        "$$\\begin{aligned} 2c &= c + 2 \\\\ &= 2 c \\end{aligned}$$",
        ["refuted !", "refuted => proved"],
    ),
    "over displays": ("$$(c+1)^2$$\n\n$$= c^2 + 2c + 1$$", ["proved"]),
    "nothing before": ("$$= 3$$", ["malformed !"]),
    "inequalities": ("$$c \\le c + 1 < c + 2$$", ["proved", "proved => proved"]),
    "mixed directions": ("$$c \\le c + 1 \\ge c$$", ["proved", "proved"]),
    "not judged": ("$$c \\approx c + 1$$", ["unknown"]),
    # examples
    "example": ("$$c^2 = 4$$\nfor example $c = 2$.", ["refuted !", "proved by example"]),
    "wrong example": ("$$c^2 = 4$$\nfor example $c = 3$.", ["refuted !", "refuted !"]),
    "nothing to check": ("For example $c = 3$.", ["proved by example, not checked"]),
    # entries
    "transposed entry": ("$$A^\\top_{ij} = A_{ji}$$", ["proved"]),
    "last entry": ("$$x_n = x_i$$", ["refuted !"]),
    "index as a number": (
        "$$\\sum_i i x_i = \\sum_k x_k k$$\n\n$$i x_i = x_i$$",
        ["proved", "refuted !"],
    ),
    "guard": ("$$\\sum_{i \\ne k} x_i = \\sum_i x_i - x_k$$", ["proved"]),
    "vector and number": ("$$x + c = c + x$$", ["proved"]),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_verdicts(text: str, expected: list[str]) -> None:
    found = checked(text)
    assert [shown(step) for step in found.steps] == expected


def test_an_equation_about_a_known_function_is_a_claim() -> None:
    found = checked(r"""
$$\operatorname{relu}(t) = 7$$

$$\operatorname{softplus}(t) = \ln(1 + e^t)$$

$$\operatorname{relu}(t) := t + 7$$

$$\operatorname{relu}(-1) = 6$$
""")
    verdicts = [(str(step.verdict.kind), step.verdict.method) for step in found.steps]
    assert verdicts[0] == ("refuted", "exact counterexample")
    assert verdicts[1:] == [
        ("proved", "normal form"),
        ("proved", "definition"),
        ("proved", "normal form"),
    ]
    assert [step.warnings for step in found.steps] == [
        ("relu is a known function; write := to give the name another meaning",),
        (),
        ("from here on relu means this, not the function that is known by that name",),
        (),
    ]


def test_a_wrong_example_shows_its_values() -> None:
    step = checked(CASES["wrong example"][0]).steps[-1]
    assert step.verdict.counterexample is not None
    assert step.verdict.counterexample.assignment == (("c", "3"),)
    assert (step.verdict.counterexample.left, step.verdict.counterexample.right) == ("9", "4")


def test_what_rests_on_a_failed_definition_says_so() -> None:
    step = checked(CASES["failed definition, square"][0]).steps[-1]
    assert step.verdict.reason == "the definition of y in line 12 has no meaning"


def test_context_that_is_not_understood_refutes_nothing() -> None:
    step = checked("for $q_i > 0$:\n\n$$|c| = c$$").steps[-1]
    assert step.verdict.kind is Kind.UNKNOWN
    assert step.verdict.reason.startswith("the context in the text is not understood: q has an")


def test_definitions_are_listed_with_their_place() -> None:
    found = checked("$$q = c + 1$$")
    assert [(d.name, d.latex, d.place.line) for d in found.definitions] == [("q", "q = c + 1", 12)]


def test_a_section_ends_what_its_block_declares() -> None:
    text = (
        "# A\n\n<!-- derive\nv : R^3\n-->\n\n$$v^\\top v = \\|v\\|^2$$\n\n"
        "# B\n\n<!-- derive\nv : R\n-->\n\n$$v^\\top v = v^2$$"
    )
    assert [shown(step) for step in checked(text).steps] == ["proved", "proved"]


def test_a_definition_does_not_outlive_the_shapes_it_rests_on() -> None:
    text = "$$u = c + 1$$\n\n<!-- derive\nc : R^n\n-->\n\n$$u + 1 = c$$"
    first, second = checked(text).steps
    assert first.verdict.kind is Kind.PROVED
    assert second.verdict.kind is Kind.MALFORMED
    assert second.verdict.reason == (
        "u is defined with c, which has another meaning here: define u anew"
    )


def test_prose_declares_for_its_section() -> None:
    text = "# A\n\nLet $u \\in \\mathbb{R}^n$.\n\n$$u_1 = u_1$$\n\n# B\n\n$$u_1 = u_1$$"
    kinds = [step.verdict.kind for step in checked(text).steps]
    assert kinds == [Kind.PROVED, Kind.PROVED, Kind.MALFORMED]


def test_equal_statements_get_one_verdict() -> None:
    first, second = checked("$$c + c = 2c$$\n\n$$c + c = 2c$$").steps
    assert first.verdict is second.verdict


def test_the_same_document_gives_the_same_result() -> None:
    text = "\n\n".join(case[0] for case in list(CASES.values())[:8])
    once, twice = checked(text), checked(text)
    assert [shown(s) for s in once.steps] == [shown(s) for s in twice.steps]


@pytest.mark.parametrize("gap", ["\n", "\n-->\n\n<!-- derive\n"], ids=["one block", "two blocks"])
def test_a_condition_is_read_with_the_names_declared_before_it(gap: str) -> None:
    text = f"<!-- derive\na : R\nf : R -> R{gap}given : f(a) > 0\n-->\n\n$$|f(a)| = f(a)$$"
    result = check_document(parse(text))
    assert not result.diagnostics
    assert [step.verdict.kind for step in result.steps] == [Kind.PROVED]


def test_a_condition_of_a_name_is_read_with_that_name() -> None:
    text = "<!-- derive\na : R\nh^a : R, h^a > 0\n-->\n\n$$|h^a| = h^a$$"
    assert [step.verdict.kind for step in check_document(parse(text)).steps] == [Kind.PROVED]
