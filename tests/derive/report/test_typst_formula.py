import typst

from derive.report.latex_math import read_formula
from derive.report.typst_formula import typst_formula

FORMULAS = (
    r"\frac{\partial S(\mathbf{x})_i}{\partial \mathbf{x}_j} = S_i \mathbf{1}_{i=j} - S_i S_j",
    r"\begin{bmatrix} \sigma_1 & & \\ & \ddots & \\ & & 1 \end{bmatrix}^\top \odot \|x\|_2^2",
    r"\left. f \right|_{x=a} \left\lfloor \frac{64-k}{s} \right\rfloor / 2; a: b, c! \{y\}",
    r"\begin{cases} [0, 1) & x > 0 \\ 0, & \text{else \#} \end{cases}".replace(r"\#", "it is"),
    r"\begin{aligned} a &= b \\ &= \underbrace{c}_{d} \end{aligned} \quad \forall x \in \mathbb{R}",
    r"\vec v \ddot x \mathring y \check z \breve w \mathsf{A} \mathtt{B} \mathcal{L} \bm\theta",
    r"\operatorname*{arg\,min}_\theta \max\{0, x\} \ln e^{x^{-1}} \sqrt[3]{x} \overbrace{x}^{y}",
    r"\begin{pmatrix} a \\ \vdots \end{pmatrix} \begin{Vmatrix} a & b \end{Vmatrix}",
    r"\begin{matrix} a, b; c \end{matrix} \begin{vmatrix} [ \end{vmatrix}",
)


def test_everything_printed_compiles() -> None:
    lines = "\n\n".join(f"$ {typst_formula(read_formula(source))} $" for source in FORMULAS)
    compiled = typst.Compiler(lines.encode(), ignore_system_fonts=True).compile(format="pdf")
    assert isinstance(compiled, bytes)
    assert compiled.startswith(b"%PDF")
