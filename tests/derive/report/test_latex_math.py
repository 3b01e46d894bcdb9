import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.report.formula import Box
from derive.report.latex_formula import latex_formula
from derive.report.latex_math import MAX_LENGTH, NotCovered, read_formula, read_or_none
from derive.report.typst_formula import typst_formula

#: LaTeX as written, as our LaTeX, as Typst.
READ = [
    (r"x_i^2", "x_{i}^{2}", "attach(x, b: i, t: 2)"),
    (r"\frac12", r"\frac{1}{2}", "frac(1, 2)"),
    (r"\frac{\partial L}{\partial o^a_k}", None, None),
    (r"\sigma(x)", r"\sigma(x)", r"σ \( x \)"),
    (r"\left[ a, b \right)", r"\left[a,b\right)", r"lr(\[ a \, b \))"),
    (r"\mathbf x", r"\mathbf{x}", "bold(upright(x))"),
    (r"\mathbb{R}^n", r"\mathbb{R}^{n}", "attach(bb(R), t: n)"),
    (r"\mathbb{1}_{x>0}", r"\mathbf{1}_{x>0}", "attach(bold(upright(1)), b: x > 0)"),
    (r"\text{diag}(S)", r"\operatorname{diag}(S)", r'op("diag") \( S \)'),
    (r"x \text{ if } y", r"x\text{ if }y", 'x "if" y'),
    (r"\operatorname*{arg\,min}_\theta f", r"\operatorname*{arg\,min}_{\theta}f", None),
    (r"\sqrt[3]{x}", r"\sqrt[{3}]{x}", "root(3, x)"),
    (r"f''", r"f^{\prime\prime}", "attach(f, t: ′ ′)"),
    (r"a &= b \\ &= c", r"\begin{aligned}{}a & =b \\  & =c\end{aligned}", 'a & = b \\ "" & = c'),
    (r"\begin{bmatrix} 1 & \\ & 2 \end{bmatrix}", None, None),
    (r"\begin{cases} x & x > 0 \\ 0 & \text{else} \end{cases}", None, None),
    (r"\underbrace{x}_{y}", r"\underbrace{x}_{y}", "underbrace(x, y)"),
    (r"\{ x : \|x\|_2 \}", r"\{x:\|x\|_{2}\}", None),
    (r"\not= \hat{y} \bar y", r"\ne\hat{y}\bar{y}", "≠ hat(y) macron(y)"),
    (r"x % a comment", "x", "x"),
    ("σ ≤ θ", r"\sigma\le\theta", "σ ≤ θ"),
    (r"a := b", r"a\mathrel{:=}b", "a ≔ b"),
]

REFUSED = [
    (r"\input{/etc/passwd}", r"the command '\input'"),
    (r"\write18{ls}", r"the command '\write'"),
    (r"\def\x{1}", r"the command '\def'"),
    (r"\text{$x$}", "a command inside text"),
    (r"\text{\input{x}}", "a command inside text"),
    (r"\begin{verbatim}x\end{verbatim}", "the environment 'verbatim'"),
    (r"\begin{array}{@c}x\end{array}", "an array with such columns"),
    (r"\begin{cases} x", "the formula ends too early"),
    (r"\frac{1}", "the formula ends too early"),
    ("{x", "the formula ends too early"),
    ("x}", "'}' without its beginning"),
    ("x_1_2", "two subscripts"),
    ("x^1^2", "two superscripts"),
    ("#1", "the character '#'"),
    ("a $ b", "the character '$'"),
    (r'"x"', "the character '\"'"),
    (r"\left( x", "the formula ends too early"),
    (r"x \right)", r"'\right' without its beginning"),
    (r"\mathcal{x}", r"'\mathcal' of anything but one capital letter"),
    ("{" * 60 + "x" + "}" * 60, "groups too deep"),
    (r"\frac" * 500, "commands too deep"),
    ("x" * (MAX_LENGTH + 1), "a formula of 8001 characters"),
]


@pytest.mark.parametrize(("source", "latex", "typst"), READ)
def test_reads_and_prints(source: str, latex: str | None, typst: str | None) -> None:
    box = read_formula(source)
    assert latex is None or latex_formula(box) == latex
    assert typst is None or typst_formula(box) == typst


@pytest.mark.parametrize("source", [source for source, _, _ in READ])
def test_what_it_prints_it_reads_again(source: str) -> None:
    printed = latex_formula(read_formula(source)).replace(r"\mathrel{:=}", ":=")
    assert latex_formula(read_formula(printed)).replace(r"\mathrel{:=}", ":=") == printed


@pytest.mark.parametrize(("source", "message"), REFUSED)
def test_refuses_what_no_table_lists(source: str, message: str) -> None:
    with pytest.raises(NotCovered) as caught:
        read_formula(source)
    assert str(caught.value) == message
    assert read_or_none(source) is None


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet=r"\{}^_&$#%x1+=()[]| " + "frac", max_size=40))
def test_any_text_is_read_or_refused(source: str) -> None:
    box: Box | None = read_or_none(source)
    assert box is None or latex_formula(box).isascii()
