"""Which kernels k and strides s turn a length of 64 into 6: all of them (questions 3 c, d, e).

Along one axis ``6 = (i + 2 p - d (k - 1) - 1) / s + 1``.  Read as written, the division is exact;
a convolution rounds it down, which admits more.  k and s are positive integers throughout.
"""

from collections.abc import Sequence
from math import floor as rounded_down

from sympy import And, Equivalent, Expr, Implies, Or, Symbol, divisor_sigma, floor
from sympy.logic.boolalg import Boolean

from derive.claim import Claim, Written
from derive.verdict import Kind
from identities.notation import at_most, equal, plus, ratio, times

k = Symbol("k", integer=True, positive=True)
s = Symbol("s", integer=True, positive=True)

GUIDE = "Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016)"
POSITIVE = r"k, s \in \{1, 2, 3, \dots\}"

STRIDED = r"\text{input } 64,\; \text{padding } 0,\; \text{dilation } 1,\; \text{output } 6"
DILATED = r"\text{input } 64,\; \text{padding } 1,\; \text{dilation } 2,\; \text{output } 6"
PADDED = r"\text{input } 64,\; \text{padding } 1,\; \text{dilation } 1,\; \text{output } 6"

#: The free space ``a - b k`` that the stride divides, by question: (a, b).
STRIDED_SPACE = (64, 1)
DILATED_SPACE = (67, 2)
PADDED_SPACE = (66, 1)

#: The numerators as the text writes them.
STRIDED_NUMERATOR = plus(64, times(-1, k), times(2, 0))
DILATED_NUMERATOR = plus(64, times(2, 1), times(-2, plus(k, -1)), -1)
PADDED_NUMERATOR = plus(64, times(2, 1), times(-1, plus(k, -1)), -1)


def space(coefficients: tuple[int, int]) -> Expr:
    """``a - b k``."""
    a, b = coefficients
    return plus(a, times(-b, k)) if b != 1 else plus(a, times(-1, k))


def output_six(numerator: Expr) -> Boolean:
    """The size equation with an exact division: ``numerator / s + 1 = 6``."""
    return equal(plus(ratio(numerator, s), 1), 6)


def output_six_rounded(numerator: Expr) -> Boolean:
    """The size equation of a convolution: ``floor(numerator / s) + 1 = 6``."""
    return equal(plus(floor(ratio(numerator, s), evaluate=False), 1), 6)


def exact_solutions(coefficients: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """All (s, k) >= 1 with ``a - b k = 5 s``, by falling k."""
    a, b = coefficients
    return tuple(
        (stride, (a - 5 * stride) // b)
        for stride in range(1, a // 5 + 1)
        if (a - 5 * stride) % b == 0 and a - 5 * stride >= b
    )


def rounded_solutions(coefficients: tuple[int, int]) -> tuple[tuple[int, int, int], ...]:
    """All (s, least k, largest k) >= 1 with ``5 s <= a - b k < 6 s``."""
    a, b = coefficients
    found = []
    for stride in range(1, a // 5 + 1):
        least = max(1, rounded_down((a - 6 * stride) / b) + 1)
        largest = (a - 5 * stride) // b
        if least <= largest:
            found.append((stride, least, largest))
    return tuple(found)


def one_of(pairs: tuple[tuple[int, int], ...]) -> Boolean:
    """``s`` and ``k`` are one of the pairs."""
    return Or(*(And(equal(s, stride), equal(k, kernel)) for stride, kernel in pairs))


def one_of_ranges(ranges: tuple[tuple[int, int, int], ...]) -> Boolean:
    """``s`` is one of the strides and ``k`` in its range."""
    return Or(
        *(
            And(equal(s, stride), at_most(least, k), at_most(k, largest))
            for stride, least, largest in ranges
        )
    )


def solutions_latex(equation: str, items: Sequence[str], per_line: int) -> str:
    """``equation <=> items`` as LaTeX, with so many items on a line."""
    lines = [
        r",\; ".join(items[start : start + per_line]) for start in range(0, len(items), per_line)
    ]
    return (
        r"\begin{aligned} " + equation + r" \iff {} & " + r", \\ & ".join(lines) + r" \end{aligned}"
    )


def pairs_latex(equation: str, pairs: tuple[tuple[int, int], ...]) -> str:
    """The equation and the list of its solutions (s, k)."""
    return solutions_latex(equation, [f"({a}, {b})" for a, b in pairs], per_line=7).replace(
        r" \iff {} & ", r" \iff (s, k) \in {} & ", 1
    )


def ranges_latex(equation: str, ranges: tuple[tuple[int, int, int], ...]) -> str:
    """The equation and the range of k for each stride."""
    items = [
        f"s = {stride}: k = {least}"
        if least == largest
        else rf"s = {stride}: {least} \leq k \leq {largest}"
        for stride, least, largest in ranges
    ]
    return solutions_latex(equation, items, per_line=3)


def table_entry(stride: int, kernel: int, coefficients: tuple[int, int]) -> Boolean:
    """This stride with this kernel solves the size equation, exactly."""
    return Implies(And(equal(s, stride), equal(k, kernel)), output_six(space(coefficients)))


def entry_latex(stride: int, kernel: int, coefficients: tuple[int, int]) -> str:
    """The entry of a table as LaTeX."""
    a, b = coefficients
    numerator = f"{a} - {kernel}" if b == 1 else rf"{a} - {b} \cdot {kernel}"
    return rf"s = {stride},\; k = {kernel}:\quad \frac{{{numerator}}}{{{stride}}} + 1 = 6"


# 3 c: padding 0, dilation 1

strided_size_equation = Claim(
    name="strided_size_equation",
    title="The output is 6 exactly where the free space 64 - k is five strides long.",
    part="3c",
    identity=Equivalent(
        equal(6, plus(ratio(STRIDED_NUMERATOR, s), 1)), equal(ratio(space(STRIDED_SPACE), s), 5)
    ),
    latex=r"6 = \frac{64 - k + 2(0)}{s} + 1 \iff \frac{64 - k}{s} = 5",
    definitions_latex=(STRIDED, POSITIVE),
    source=GUIDE,
    written=(
        Written(r"6", r"\frac{64 - k + 2(0)}{s} + 1"),
        Written(r"\frac{64 - k}{s}", r"5"),
    ),
)

strided_solutions = Claim(
    name="strided_solutions",
    title="With an exact division there are twelve solutions.",
    part="3c",
    identity=Equivalent(output_six(space(STRIDED_SPACE)), one_of(exact_solutions(STRIDED_SPACE))),
    latex=pairs_latex(r"\frac{64 - k}{s} + 1 = 6", exact_solutions(STRIDED_SPACE)),
    definitions_latex=(STRIDED, POSITIVE),
    source="elementary",
)

strided_solutions_rounded = Claim(
    name="strided_solutions_rounded",
    title="With the division rounded down there are sixty-eight solutions.",
    part="3c",
    identity=Equivalent(
        output_six_rounded(space(STRIDED_SPACE)), one_of_ranges(rounded_solutions(STRIDED_SPACE))
    ),
    latex=ranges_latex(
        r"\left\lfloor\frac{64 - k}{s}\right\rfloor + 1 = 6", rounded_solutions(STRIDED_SPACE)
    ),
    definitions_latex=(STRIDED, POSITIVE),
    source=GUIDE,
)

strided_example = Claim(
    name="strided_example",
    title="Example: stride 4 with kernel 44 gives an output of 6.",
    part="3c",
    identity=table_entry(4, 44, STRIDED_SPACE),
    latex=entry_latex(4, 44, STRIDED_SPACE),
    definitions_latex=(STRIDED,),
    source="elementary",
)

strided_table_stride_1_as_written = Claim(
    name="strided_table_stride_1_as_written",
    title="Table: stride 1 with kernel 52 gives an output of 6.",
    part="3c",
    identity=table_entry(1, 52, STRIDED_SPACE),
    latex=entry_latex(1, 52, STRIDED_SPACE),
    definitions_latex=(STRIDED,),
    expected=Kind.REFUTED,
    corrected_by="strided_table_stride_1",
    note="kernel 52 gives an output of 13; k = 64 - 5 = 59",
    source="elementary",
)

strided_table_stride_1 = Claim(
    name="strided_table_stride_1",
    title="Stride 1 needs kernel 59.",
    part="3c",
    identity=table_entry(1, 59, STRIDED_SPACE),
    latex=entry_latex(1, 59, STRIDED_SPACE),
    definitions_latex=(STRIDED,),
    source="elementary",
)

strided_table_stride_2 = Claim(
    name="strided_table_stride_2",
    title="Table: stride 2 with kernel 54 gives an output of 6.",
    part="3c",
    identity=table_entry(2, 54, STRIDED_SPACE),
    latex=entry_latex(2, 54, STRIDED_SPACE),
    definitions_latex=(STRIDED,),
    source="elementary",
)

strided_table_stride_3 = Claim(
    name="strided_table_stride_3",
    title="Table: stride 3 with kernel 49 gives an output of 6.",
    part="3c",
    identity=table_entry(3, 49, STRIDED_SPACE),
    latex=entry_latex(3, 49, STRIDED_SPACE),
    definitions_latex=(STRIDED,),
    source="elementary",
)

# 3 d: padding 1, dilation 2

dilated_size_over_five = Claim(
    name="dilated_size_over_five",
    title="The size formula is written with a denominator 5 in the place of the stride s.",
    part="3d",
    identity=equal(plus(ratio(DILATED_NUMERATOR, s), 1), plus(ratio(DILATED_NUMERATOR, 5), 1)),
    latex=(r"\frac{64 + 2(1) - 2(k - 1) - 1}{s} + 1 = \frac{64 + 2(1) - 2(k - 1) - 1}{5} + 1"),
    definitions_latex=(DILATED, POSITIVE),
    expected=Kind.REFUTED,
    corrected_by="dilated_size_equation",
    note="a slip of one character: 5 for s",
    source="elementary",
)

dilated_numerator = Claim(
    name="dilated_numerator",
    title="The numerator of the size formula is 67 - 2k.",
    part="3d",
    identity=equal(DILATED_NUMERATOR, space(DILATED_SPACE)),
    latex=r"64 + 2(1) - 2(k - 1) - 1 = 67 - 2k",
    definitions_latex=(DILATED, POSITIVE),
    source="elementary",
)

dilated_size_as_written = Claim(
    name="dilated_size_as_written",
    title="The chain as written: the size formula, with its + 1, equals (67 - 2k)/5.",
    part="3d",
    identity=equal(plus(ratio(DILATED_NUMERATOR, 5), 1), ratio(space(DILATED_SPACE), 5)),
    latex=r"\frac{64 + 2(1) - 2(k - 1) - 1}{5} + 1 = \frac{67 - 2k}{5}",
    definitions_latex=(DILATED, POSITIVE),
    expected=Kind.REFUTED,
    corrected_by="dilated_size_equation",
    note="the equals sign stands for 'therefore': 1 was taken off both sides of an equation",
    source="elementary",
    written=(Written(r"\frac{64 + 2(1) - 2(k-1) - 1}{5} + 1", r"\frac{67 - 2k}{5}"),),
)

six_equals_five = Claim(
    name="six_equals_five",
    title="The chain as written joins its two ends: 6 equals 5.",
    part="3d",
    identity=equal(6, 5),
    latex=r"6 = \frac{67 - 2k}{5} = 5",
    expected=Kind.REFUTED,
    corrected_by="dilated_size_equation",
    note="the size 6 belongs to the formula with + 1, the 5 to the quotient alone",
    source="elementary",
    written=(Written(r"6", r"5"),),
)

dilated_size_equation = Claim(
    name="dilated_size_equation",
    title="The output is 6 exactly where the free space 67 - 2k is five strides long.",
    part="3d",
    identity=Equivalent(output_six(DILATED_NUMERATOR), equal(ratio(space(DILATED_SPACE), s), 5)),
    latex=(r"\frac{64 + 2(1) - 2(k - 1) - 1}{s} + 1 = 6 \iff \frac{67 - 2k}{s} = 5"),
    definitions_latex=(DILATED, POSITIVE),
    source=GUIDE,
)

dilated_solutions = Claim(
    name="dilated_solutions",
    title="With an exact division there are seven solutions.",
    part="3d",
    identity=Equivalent(output_six(space(DILATED_SPACE)), one_of(exact_solutions(DILATED_SPACE))),
    latex=pairs_latex(r"\frac{67 - 2k}{s} + 1 = 6", exact_solutions(DILATED_SPACE)),
    definitions_latex=(DILATED, POSITIVE),
    source="elementary",
)

dilated_solutions_rounded = Claim(
    name="dilated_solutions_rounded",
    title="With the division rounded down every stride up to 13 has a kernel.",
    part="3d",
    identity=Equivalent(
        output_six_rounded(space(DILATED_SPACE)), one_of_ranges(rounded_solutions(DILATED_SPACE))
    ),
    latex=ranges_latex(
        r"\left\lfloor\frac{67 - 2k}{s}\right\rfloor + 1 = 6", rounded_solutions(DILATED_SPACE)
    ),
    definitions_latex=(DILATED, POSITIVE),
    source=GUIDE,
)

dilated_strides_are_prime = Claim(
    name="dilated_strides_are_prime",
    title="Remark: every stride that solves the equation is a prime number.",
    part="3d",
    identity=Implies(
        output_six(space(DILATED_SPACE)), equal(divisor_sigma(s, 0, evaluate=False), 2)
    ),
    latex=r"\frac{67 - 2k}{s} + 1 = 6 \implies s \text{ is prime}",
    definitions_latex=(DILATED, POSITIVE),
    expected=Kind.REFUTED,
    corrected_by="dilated_strides_are_odd",
    note="1, which stands in the table itself, and 9 are no primes; the strides are odd",
    source="elementary",
)

dilated_strides_are_odd = Claim(
    name="dilated_strides_are_odd",
    title="Every stride that solves the equation is an odd number up to 13.",
    part="3d",
    identity=Implies(
        output_six(space(DILATED_SPACE)), Or(*(equal(s, odd) for odd in range(1, 14, 2)))
    ),
    latex=r"\frac{67 - 2k}{s} + 1 = 6 \implies s \in \{1, 3, 5, 7, 9, 11, 13\}",
    definitions_latex=(DILATED, POSITIVE),
    source="elementary",
)

dilated_table_stride_1 = Claim(
    name="dilated_table_stride_1",
    title="Table: stride 1 with kernel 31 gives an output of 6.",
    part="3d",
    identity=table_entry(1, 31, DILATED_SPACE),
    latex=entry_latex(1, 31, DILATED_SPACE),
    definitions_latex=(DILATED,),
    source="elementary",
)

dilated_table_stride_3 = Claim(
    name="dilated_table_stride_3",
    title="Table and example: stride 3 with kernel 26 gives an output of 6.",
    part="3d",
    identity=table_entry(3, 26, DILATED_SPACE),
    latex=entry_latex(3, 26, DILATED_SPACE),
    definitions_latex=(DILATED,),
    source="elementary",
)

dilated_table_stride_5 = Claim(
    name="dilated_table_stride_5",
    title="Table: stride 5 with kernel 21 gives an output of 6.",
    part="3d",
    identity=table_entry(5, 21, DILATED_SPACE),
    latex=entry_latex(5, 21, DILATED_SPACE),
    definitions_latex=(DILATED,),
    source="elementary",
)

# 3 e: padding 1, dilation 1

padded_size_as_written = Claim(
    name="padded_size_as_written",
    title="The chain as written: the size formula, with its + 1, equals (66 - k)/5.",
    part="3e",
    identity=equal(plus(ratio(PADDED_NUMERATOR, 5), 1), ratio(space(PADDED_SPACE), 5)),
    latex=r"\frac{64 + 2(1) - 1(k - 1) - 1}{5} + 1 = \frac{66 - k}{5}",
    definitions_latex=(PADDED, POSITIVE),
    expected=Kind.REFUTED,
    corrected_by="padded_size_equation",
    note="5 for s, and the equals sign stands for 'therefore': the + 1 is lost",
    source="elementary",
    written=(Written(r"\frac{64 + 2(1) - 1(k-1) - 1}{5} + 1", r"\frac{66 - k}{5}"),),
)

padded_size_equation = Claim(
    name="padded_size_equation",
    title="The output is 6 exactly where the free space 66 - k is five strides long.",
    part="3e",
    identity=Equivalent(output_six(PADDED_NUMERATOR), equal(ratio(space(PADDED_SPACE), s), 5)),
    latex=(r"\frac{64 + 2(1) - 1(k - 1) - 1}{s} + 1 = 6 \iff \frac{66 - k}{s} = 5"),
    definitions_latex=(PADDED, POSITIVE),
    source=GUIDE,
)

padded_solutions = Claim(
    name="padded_solutions",
    title="With an exact division there are thirteen solutions; the table has the first five.",
    part="3e",
    identity=Equivalent(output_six(space(PADDED_SPACE)), one_of(exact_solutions(PADDED_SPACE))),
    latex=pairs_latex(r"\frac{66 - k}{s} + 1 = 6", exact_solutions(PADDED_SPACE)),
    definitions_latex=(PADDED, POSITIVE),
    source="elementary",
)

padded_solutions_rounded = Claim(
    name="padded_solutions_rounded",
    title="With the division rounded down every stride up to 13 has a kernel.",
    part="3e",
    identity=Equivalent(
        output_six_rounded(space(PADDED_SPACE)), one_of_ranges(rounded_solutions(PADDED_SPACE))
    ),
    latex=ranges_latex(
        r"\left\lfloor\frac{66 - k}{s}\right\rfloor + 1 = 6", rounded_solutions(PADDED_SPACE)
    ),
    definitions_latex=(PADDED, POSITIVE),
    source=GUIDE,
)

padded_table = Claim(
    name="padded_table",
    title="Table: strides 1 to 5 with kernels 61, 56, 51, 46, 41 give an output of 6.",
    part="3e",
    identity=Implies(
        one_of(((1, 61), (2, 56), (3, 51), (4, 46), (5, 41))), output_six(space(PADDED_SPACE))
    ),
    latex=(
        r"(s, k) \in \{(1, 61),\, (2, 56),\, (3, 51),\, (4, 46),\, (5, 41)\} \implies "
        r"\frac{66 - k}{s} + 1 = 6"
    ),
    definitions_latex=(PADDED,),
    source="elementary",
)
