"""Rules for exp, log, powers and the derivatives of kinks; one function each.

``exp(a + b) = exp(a) exp(b)`` makes exponentials monomials in kernels ``exp(m)``; logarithms and
roots are split over factors proven positive, and over no others.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import fmpq

from derive.prove import laurent
from derive.prove.derivative_rules import NoRuleError
from derive.prove.forms import ONE_FORM, ZERO_FORM, Form, NeverDefinedError
from derive.prove.laurent import Exponent
from derive.prove.signs import (
    condition_nonzero,
    form_sign,
    indicator_form,
    kernel_sign,
    require_sign,
)
from derive.terms.constants import is_integral
from derive.terms.term import (
    ZERO,
    Apply,
    Compare,
    Number,
    Pow,
    apply,
    mul,
)

if TYPE_CHECKING:
    from derive.prove.normal_form import Normalizer

#: Numbers are split into primes up to this size; larger ones stay whole under a logarithm.
_LARGEST_SPLIT = 10**12


def exp_form(nf: "Normalizer", term: Apply) -> Form:
    """``exp(sum of c m) = product of exp(m)^c``; ``exp(c log a) = a^c``."""
    argument = nf.form(term.arguments[0])
    result = ONE_FORM
    for monomial, coefficient in argument.numerator.items():
        value = Fraction(int(coefficient.p), int(coefficient.q))
        unit = Form({monomial: fmpq(1)}, argument.denominator)
        logged = _logarithm_of(nf, unit)
        if logged is not None and logged in nf.expansions:
            factor = nf.from_factors(fmpq(1), [(logged, laurent.as_exponent(value))])
        elif logged is not None:
            factor = Form(laurent.generator(logged, laurent.as_exponent(value)))
        else:
            kernel = nf.kernel_id(apply("exp", nf.term(unit)))
            factor = Form(laurent.generator(kernel, laurent.as_exponent(value)))
        result = nf.multiply(result, factor)
    if len(argument.numerator) > 1:
        nf.step("exp of a sum is a product", apply("exp", nf.term(argument)), result)
    elif term.arguments[0] != nf.term(argument):
        nf.step("normal form of the exponent", term, result)
    return result


def _logarithm_of(nf: "Normalizer", unit: Form) -> int | None:
    """The kernel ``a`` when ``unit`` is exactly ``log(a)``; None otherwise."""
    if unit.denominator or len(unit.numerator) != 1:
        return None
    (monomial,) = unit.numerator
    if len(monomial) != 1 or monomial[0][1] != 1:
        return None
    kernel = nf.kernels[monomial[0][0]]
    if isinstance(kernel, Apply) and kernel.function == "log":
        inner = nf.form(kernel.arguments[0])
        _, factors = nf.factors(inner)
        if len(factors) == 1 and factors[0][1] == 1 and nf.kernels[factors[0][0]] == nf.term(inner):
            return factors[0][0]
        if not factors:
            value = next(iter(inner.numerator.values()))
            return nf.polynomial_id_of_number(int(value.p))
    return None


def log_form(nf: "Normalizer", term: Apply) -> Form:
    """``log(c product f^e) = log c + sum of e log f`` over factors f proven positive.

    What is not proven positive stays together under one logarithm, with ``> 0`` required.
    """
    argument = nf.form(term.arguments[0])
    if not argument.numerator:
        raise NeverDefinedError("the logarithm of 0")
    content, factors = nf.factors(argument)
    positive = [(i, e) for i, e in factors if kernel_sign(nf, i) == "+"]
    others = [(i, e) for i, e in factors if kernel_sign(nf, i) != "+"]
    result = ZERO_FORM
    for identifier, exponent in positive:
        result = nf.add(result, _log_of_kernel(nf, identifier, exponent))
    if others:
        sign = fmpq(-1) if content < 0 else fmpq(1)
        rest = nf.from_factors(sign, others)
        if form_sign(nf, rest) == "-":
            raise NeverDefinedError("the logarithm of a negative number")
        if all(isinstance(e, int) and e % 2 == 0 for _, e in others):
            if sign < 0:
                raise NeverDefinedError("the logarithm of a negative number")
            for identifier, _ in others:
                condition_nonzero(nf, identifier)
            for identifier, exponent in others:
                square = nf.term(nf.from_factors(fmpq(1), [(identifier, 2)]))
                part = nf.kernel_form(apply("log", square))
                result = nf.add(result, nf.scale(part, fmpq(int(exponent), 2)))
        else:
            require_sign(nf, rest, ">")
            if len(others) == 1 and sign == 1:
                ((identifier, exponent),) = others
                part = nf.kernel_form(apply("log", nf.kernels[identifier]))
                result = nf.add(
                    result,
                    nf.scale(
                        part, fmpq(Fraction(exponent).numerator, Fraction(exponent).denominator)
                    ),
                )
            else:
                result = nf.add(result, nf.kernel_form(apply("log", nf.term(rest))))
        content = abs(content)
    elif content < 0:
        raise NeverDefinedError("the logarithm of a negative number")
    result = nf.add(result, _log_of_number(nf, content))
    nf.step("log of a product of positive factors", term, result)
    return result


def _log_of_kernel(nf: "Normalizer", identifier: int, exponent: Exponent) -> Form:
    kernel = nf.kernels[identifier]
    factor = fmpq(Fraction(exponent).numerator, Fraction(exponent).denominator)
    if isinstance(kernel, Apply) and kernel.function == "exp":
        return nf.scale(nf.form(kernel.arguments[0]), factor)
    return nf.scale(nf.kernel_form(apply("log", kernel)), factor)


def _log_of_number(nf: "Normalizer", value: fmpq) -> Form:
    result = ZERO_FORM
    for part, sign in ((value.p, 1), (value.q, -1)):
        if part == 1:
            continue
        split = part.factor() if part < _LARGEST_SPLIT else [(part, 1)]
        for prime, exponent in split:
            kernel = apply("log", Number(Fraction(int(prime))))
            result = nf.add(result, nf.scale(nf.kernel_form(kernel), fmpq(sign * int(exponent))))
    return result


def power_form(nf: "Normalizer", term: Pow) -> Form:
    """Integer powers, roots of positive factors, and ``a^b = exp(b log a)`` for a > 0.

    A real exponent that only comes to an integer asks for a base that real powers have.
    """
    exponent = nf.form(term.exponent)
    if exponent.numerator.keys() <= {laurent.UNIT} and not exponent.denominator:
        value = exponent.numerator.get(laurent.UNIT, fmpq(0))
        base = nf.form(term.base)
        if value.q == 1:
            if not is_integral(term.exponent, nf.declarations):
                require_sign(nf, base, ">=" if value > 0 and not nf.near else ">")
            if abs(value.p) > 10_000:
                raise laurent.TooLargeError(f"the power {value.p}")
            return nf.power(base, int(value.p))
        return _root_form(nf, term, base, Fraction(int(value.p), int(value.q)))
    exponential = apply("exp", mul(term.exponent, apply("log", term.base)))
    nf.step("power as an exponential", term, exponential)
    return nf.form(exponential)


def _root_form(nf: "Normalizer", term: Pow, base: Form, exponent: Fraction) -> Form:
    if not base.numerator:
        if exponent > 0:
            return ZERO_FORM
        raise NeverDefinedError("0 to a negative power")
    content, factors = nf.factors(base)
    taken: list[tuple[int, Exponent]] = []
    absolute = ONE_FORM
    others: list[tuple[int, Exponent]] = []
    for identifier, e in factors:
        of_base = kernel_sign(nf, identifier)
        if of_base == "+":
            taken.append((identifier, laurent.as_exponent(Fraction(e) * exponent)))
        elif isinstance(e, int) and e % 2 == 0:
            scaled = Fraction(e) * exponent
            if scaled.denominator != 1:
                others.append((identifier, e))
                continue
            itself = of_base == "+0" and exponent > 0 and e > 0 and not nf.near
            modulus = nf.form(
                nf.kernels[identifier] if itself else apply("abs", nf.kernels[identifier])
            )
            absolute = nf.multiply(absolute, nf.power(modulus, int(scaled)))
        else:
            others.append((identifier, e))
    sign = fmpq(-1) if content < 0 else fmpq(1)
    nonnegative = all(kernel_sign(nf, i) == "+0" and e > 0 for i, e in others)
    if exponent > 0 and sign > 0 and nonnegative and not nf.near:
        taken += [(i, laurent.as_exponent(Fraction(e) * exponent)) for i, e in others]
        others = []
    if others:
        rest = nf.from_factors(sign, others)
        require_sign(nf, rest, ">=" if exponent > 0 and not nf.near else ">")
        if len(others) == 1 and sign == 1 and others[0][1] == 1:
            taken.append((others[0][0], laurent.as_exponent(exponent)))
        else:
            kernel = nf.kernel_id(Pow(nf.term(rest), Number(exponent)))
            absolute = nf.multiply(absolute, Form(laurent.generator(kernel)))
    elif content < 0:
        raise NeverDefinedError("a root of a negative number")
    result = nf.multiply(absolute, nf.from_factors(fmpq(1), taken))
    result = nf.multiply(result, _root_of_number(nf, abs(content), exponent))
    nf.step("root of positive factors", term, result)
    return result


def _root_of_number(nf: "Normalizer", value: fmpq, exponent: Fraction) -> Form:
    result = ONE_FORM
    for part, sign in ((value.p, 1), (value.q, -1)):
        if part == 1:
            continue
        split = part.factor() if part < _LARGEST_SPLIT else [(part, 1)]
        for prime, e in split:
            total = Fraction(int(e)) * exponent * sign
            whole = total.numerator // total.denominator
            if abs(whole) * int(prime).bit_length() > laurent.MAX_BITS:
                raise laurent.TooLargeError(f"a number to the power {whole}")
            rest = total - whole
            result = nf.scale(result, fmpq(int(prime)) ** whole)
            if rest:
                identifier = nf.polynomial_id_of_number(int(prime))
                root = Form({((identifier, rest),): fmpq(1)})
                result = nf.multiply(result, root)
    return result


def step_form(nf: "Normalizer", term: Apply) -> Form:
    """The derivative of ``max(0, u)``: the indicator of ``u > 0``, with ``u != 0`` required."""
    u = term.arguments[0]
    require_sign(nf, nf.form(u), "!=")
    result = indicator_form(nf, Compare(">", u, ZERO))
    nf.step("derivative of max(0, u) off its kink", term, result)
    return result


def flat_form(nf: "Normalizer", term: Apply) -> Form:
    """The derivative of a step: 0, with ``u != 0`` required."""
    require_sign(nf, nf.form(term.arguments[0]), "!=")
    return ZERO_FORM


def pi_form(nf: "Normalizer", term: Apply) -> Form:
    """The circle's constant is a kernel."""
    return nf.kernel_form(term)


def divisor_count_form(nf: "Normalizer", term: Apply) -> Form:
    """Defined for positive integers only: the integer claims decide it, not the normal form."""
    raise NoRuleError("the number of divisors is a matter of integers")


def floor_form(nf: "Normalizer", term: Apply) -> Form:
    """A number is rounded down; anything else is a kernel."""
    argument = nf.form(term.arguments[0])
    if not argument.numerator:
        return ZERO_FORM
    if list(argument.numerator) == [laurent.UNIT] and not argument.denominator:
        value = argument.numerator[laurent.UNIT]
        result = Form(laurent.constant(int(value.p) // int(value.q)))
        nf.step("floor of a number", term, result)
        return result
    return nf.kernel_form(apply("floor", nf.term(argument)))


RULES: Mapping[str, Callable[["Normalizer", Apply], Form]] = {
    "exp": exp_form,
    "log": log_form,
    "step": step_form,
    "flat": flat_form,
    "pi": pi_form,
    "floor": floor_form,
    "divisor_count": divisor_count_form,
}
