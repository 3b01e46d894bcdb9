"""Rules for functions: exponentials, logarithms, kinks, floors; one function each.

A rule gives the polynomial of a node and the lines of the proof that the node equals it.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, TypeAlias

from derive.coq import polynomials
from derive.coq.polynomials import (
    Monomial,
    Poly,
    atom,
    constant,
    factored,
    monomial_term,
    sorted_monomial,
    sorted_terms,
    to_term,
)
from derive.coq.printing import FUNCTIONS, NotExportableError
from derive.coq.tactics import argument_text, joined, right_nested
from derive.terms.term import MINUS_ONE, Add, Apply, Mul, Number, Term, apply

if TYPE_CHECKING:
    from derive.coq.normalise import Normaliser

#: A polynomial, and the lines that prove that the node equals it.
Proved: TypeAlias = tuple[Poly, list[str]]


def opaque(nf: "Normaliser", function: str, arguments: tuple[Term, ...]) -> Proved:
    """A function of which nothing is known but its arguments."""
    values = tuple(to_term(nf.poly(argument)) for argument in arguments)
    if not arguments:
        return atom(Apply(function, ())), []
    name = FUNCTIONS[function]
    suffix = "" if len(arguments) == 1 else str(len(arguments))
    proof = [f"apply (f_equal{suffix} {name})."]
    proof += [f"{{ {nf.by_algebra(argument)} }}" for argument in arguments]
    return atom(Apply(function, values)), proof


def _exp(nf: "Normaliser", argument: Term) -> Proved:
    value = nf.poly(argument)
    if not value:
        zero = f"{{ apply (f_equal exp). {nf.by_algebra(argument)} }}"
        return constant(1), [f"transitivity (exp 0). {zero}", "apply exp_0."]
    summands: list[str] = []
    leaves: list[str] = []
    raised: list[str] = []
    last: list[str] = []
    result = constant(1)
    for monomial, coefficient in sorted_terms(value):
        unit = monomial_term(monomial)
        nf.units[unit] = lcm(nf.units.get(unit, 1), coefficient.denominator)
        scale = max(nf.denominators.get(unit, 1), 1)
        scale = lcm(scale, coefficient.denominator)
        times = int(coefficient * scale)
        unit = monomial_term(monomial, Fraction(1, scale))
        text = nf.printer.term(unit, 9)
        summands.append(f"{times} * {text}" if times > 0 else f"(-{-times}) * {text}")
        count = abs(times)
        exponential = f"exp {text} ^ {count}"
        raised.append(exponential if times > 0 else f"/ ({exponential})")
        lemma = "exp_multiple" if times > 0 else "exp_minus_multiple"
        leaves.append(f"exact ({lemma} {count} {text})")
        match unit:
            case Apply("log", (inner,)):
                number, factors = factored(nf.poly(inner))
                raised_factors = sorted_monomial((b, e * times) for b, e in factors)
                result = polynomials.multiply(result, {raised_factors: number**times})
                last.append(f"rewrite (exp_ln {nf.printer.term(inner, 9)}) by solve_pos.")
            case _:
                _root_of_exp(nf, monomial, scale, unit)
                result = polynomials.multiply(result, atom(apply("exp", unit), times))
    proof = [
        f"transitivity (exp ({right_nested(summands, '+')})).",
        f"{{ apply (f_equal exp). {nf.by_algebra(argument)} }}",
        f"transitivity ({right_nested(raised, '*')}).",
        f"{{ {joined('exp_add', leaves)}. }}",
        *last,
        "solve_field.",
    ]
    return result, proof


def _root_of_exp(nf: "Normaliser", monomial: Monomial, scale: int, unit: Term) -> None:
    """``exp(log(u) / q) ^ q = u``."""
    match monomial:
        case ((Apply("log", (radicand,)), 1),) if scale > 1:
            text = nf.printer.term(unit, 9)
            proof = [
                f"{{ transitivity (exp ({scale} * {text})).",
                f"  {{ symmetry. exact (exp_multiple {scale} {text}). }}",
                f"  transitivity (exp (ln {nf.printer.term(radicand, 9)})).",
                "  { apply (f_equal exp). field. }",
                "  apply exp_ln. solve_pos. }",
            ]
            nf.state_root(apply("exp", unit), scale, radicand, proof)


def _sqrt(nf: "Normaliser", argument: Term) -> Proved:
    value, proof = opaque(nf, "sqrt", (argument,))
    radicand = to_term(nf.poly(argument))
    if nf.is_positive(radicand) or nf.assumed(radicand, ">="):
        shown = ["{ rewrite <- Rsqr_pow2. apply Rsqr_sqrt. solve_nonneg. }"]
        nf.state_root(Apply("sqrt", (radicand,)), 2, radicand, shown)
    return value, proof


def _log(nf: "Normaliser", argument: Term) -> Proved:
    value = nf.poly(argument)
    if not value:
        raise NotExportableError("the logarithm of 0")
    scale, factors = factored(value)
    rest = [(b, e) for b, e in factors if not nf.is_positive(b)]
    if rest or scale < 0:
        kept = monomial_term(sorted_monomial(rest), Fraction(-1 if scale < 0 else 1))
        scale = abs(scale)
        factors = (*((b, e) for b, e in factors if nf.is_positive(b)), (kept, 1))
    products: list[str] = []
    leaves: list[str] = []
    sums: list[str] = []
    result: Poly = {}
    for base, exponent in (*_prime_powers(scale), *factors):
        text = nf.printer.term(base, 9)
        count = abs(exponent)
        single, leaf, inside = _log_of_atom(nf, base, text)
        result = polynomials.add(result, {m: c * exponent for m, c in single.items()})
        multiple = f"refine (ln_multiple {count} {text} {argument_text(inside)} _ _)"
        if exponent > 0:
            products.append(f"{text} ^ {count}")
            sums.append(f"{count} * {argument_text(inside)}")
            leaves.append(f"{multiple}; [solve_pos | {leaf}]")
        else:
            products.append(f"/ ({text} ^ {count})")
            sums.append(f"- ({count} * {argument_text(inside)})")
            leaves.append(f"apply ln_inverse; [solve_pos | {multiple}; [solve_pos | {leaf}]]")
    if not products:
        one = f"{{ apply (f_equal ln). {nf.by_algebra(argument)} }}"
        return {}, [f"transitivity (ln 1). {one}", "apply ln_1."]
    proof = [
        f"transitivity (ln ({right_nested(products, '*')})).",
        f"{{ apply (f_equal ln). {nf.by_algebra(argument)} }}",
        f"transitivity ({right_nested(sums, '+')}).",
        f"{{ {joined('ln_product', leaves, sides='solve_pos | solve_pos | ')}. }}",
        "solve_field.",
    ]
    return result, proof


def _log_of_atom(nf: "Normaliser", base: Term, text: str) -> tuple[Poly, str, str]:
    match base:
        case Apply("exp", (inner,)):
            inside = nf.printer.term(inner, 9)
            return nf.poly(inner), "apply ln_exp", inside
    return atom(apply("log", base)), "reflexivity", f"ln {text}"


def _positive_indicator(nf: "Normaliser", argument: Term) -> Proved:
    value = nf.poly(argument)
    scale, common, rest = polynomials.content(value) if value else (Fraction(1), (), {})
    positive = [(b, e) for b, e in common if nf.is_positive(b)]
    others = [(b, e) for b, e in common if not nf.is_positive(b)]
    core = polynomials.multiply({sorted_monomial(others): Fraction(1)}, rest)
    if scale < 0:
        core = {m: -c for m, c in core.items()}
    inner = to_term(core)
    outer = monomial_term(sorted_monomial(positive), abs(scale))
    decided = _decided(nf, core)
    same = f"{{ apply (f_equal positive_indicator). {nf.by_algebra(argument)} }}"
    if decided is not None:
        lemma = "true" if decided else "false"
        line = f"{nf.rewrites(argument)} apply positive_indicator_{lemma}. solve_sign."
        return constant(int(decided)), [line]
    if not nf.local(inner):
        nf.open_signs.add(inner)
    text = f"{nf.printer.term(outer, 39)} * {nf.printer.term(inner, 39)}"
    proof = [
        f"transitivity (positive_indicator ({text})). {same}",
        "apply positive_indicator_scale. solve_pos.",
    ]
    return atom(apply("positive_indicator", inner)), proof


def _decided(nf: "Normaliser", core: Poly) -> bool | None:
    if not core:
        return False
    if set(core) == {()}:
        return core[()] > 0
    term = to_term(core)
    opposite = to_term({m: -c for m, c in core.items()})
    if nf.is_positive(term) or nf.assumed(opposite, "<"):
        return True
    if nf.assumed(term, "<", "<=") or nf.assumed(opposite, ">", ">="):
        return False
    if nf.is_positive(opposite):
        return False
    return None


def _unfolded(nf: "Normaliser", lemma: str, node: Term, meaning: Term) -> Proved:
    value = nf.poly(meaning)
    arguments = node.arguments if isinstance(node, Apply) else ()
    texts = " ".join(nf.printer.term(a, 9) for a in arguments)
    return value, [f"rewrite ({lemma} {texts}).", nf.by_algebra(meaning)]


def _relu(nf: "Normaliser", x: Term) -> Proved:
    meaning = Mul((x, apply("positive_indicator", x)))
    return _unfolded(nf, "relu_by_indicator", apply("relu", x), meaning)


def _abs(nf: "Normaliser", x: Term) -> Proved:
    sign = Add(
        (
            apply("positive_indicator", x),
            Mul((MINUS_ONE, apply("positive_indicator", Mul((MINUS_ONE, x))))),
        )
    )
    return _unfolded(nf, "Rabs_by_indicator", apply("abs", x), Mul((x, sign)))


def _max(nf: "Normaliser", x: Term, y: Term) -> Proved:
    relu = apply("relu", Add((x, Mul((MINUS_ONE, y)))))
    return _unfolded(nf, "Rmax_by_relu", apply("max", x, y), Add((y, relu)))


def _min(nf: "Normaliser", x: Term, y: Term) -> Proved:
    relu = Mul((MINUS_ONE, apply("relu", Add((x, Mul((MINUS_ONE, y)))))))
    return _unfolded(nf, "Rmin_by_relu", apply("min", x, y), Add((x, relu)))


def _floor(nf: "Normaliser", x: Term) -> Proved:
    value = nf.poly(x)
    if set(value) - {()}:
        return opaque(nf, "floor", (x,))
    number = value.get((), Fraction(0))
    whole = number.numerator // number.denominator
    shown = f"({whole})" if whole < 0 else f"{whole}"
    return constant(whole), [f"{nf.rewrites(x)} apply (floor_value _ {shown}). lra."]


def _prime_powers(scale: Fraction) -> list[tuple[Term, int]]:
    found: list[tuple[Term, int]] = []
    for value, sign in ((scale.numerator, 1), (scale.denominator, -1)):
        rest, divisor = value, 2
        while divisor * divisor <= rest and divisor < 10_000:
            count = 0
            while rest % divisor == 0:
                rest, count = rest // divisor, count + 1
            if count:
                found.append((Number(Fraction(divisor)), sign * count))
            divisor += 1
        if rest > 1:
            found.append((Number(Fraction(rest)), sign))
    return found


FUNCTION_RULES: Mapping[str, Callable[..., Proved]] = {
    "exp": _exp,
    "log": _log,
    "positive_indicator": _positive_indicator,
    "relu": _relu,
    "abs": _abs,
    "max": _max,
    "min": _min,
    "floor": _floor,
    "sqrt": _sqrt,
}
