"""Which kernels and forms are proven positive, negative or non-zero, and what has to be required.

Signs: ``+`` (> 0), ``-`` (< 0), ``+0`` (>= 0), ``-0`` (<= 0), ``0`` (= 0), ``x`` (!= 0), or ``""``
(not known).  A sign is only ever given on proof: exponentials and dimensions are positive, sums of
non-negative terms with a positive one are positive, even powers are non-negative, and so on.
"""

from fractions import Fraction
from typing import TYPE_CHECKING

from flint import fmpq

from derive.prove import laurent
from derive.prove.forms import ONE_FORM, ZERO_FORM, Form, NeverDefinedError
from derive.prove.laurent import Exponent, Monomial, Poly
from derive.terms.structure import open_binder
from derive.terms.term import (
    NEGATED,
    ZERO,
    Apply,
    Compare,
    Delta,
    Dimension,
    Element,
    Indicator,
    Number,
    Operator,
    Position,
    Pow,
    Product,
    Sum,
    Term,
    apply,
)

if TYPE_CHECKING:
    from derive.prove.normal_form import Normalizer

#: Logarithms with larger factors are not joined into one.
_LARGEST_LOG_FACTOR = 8

_PRODUCTS = {
    ("+", "+"): "+",
    ("+", "-"): "-",
    ("-", "-"): "+",
    ("+", "+0"): "+0",
    ("+", "-0"): "-0",
    ("-", "+0"): "-0",
    ("-", "-0"): "+0",
    ("+0", "+0"): "+0",
    ("+0", "-0"): "-0",
    ("-0", "-0"): "+0",
    ("+", "x"): "x",
    ("-", "x"): "x",
    ("x", "x"): "x",
}


def sign_of_product(left: str, right: str) -> str:
    """The sign of a product from the signs of its factors."""
    if "0" in (left, right):
        return "0"
    return _PRODUCTS.get((left, right)) or _PRODUCTS.get((right, left)) or ""


def sign_of_sum(left: str, right: str) -> str:
    """The sign of a sum from the signs of its summands."""
    if left == "0":
        return right
    if right == "0":
        return left
    if {left, right} <= {"+", "+0"}:
        return "+" if "+" in (left, right) else "+0"
    if {left, right} <= {"-", "-0"}:
        return "-" if "-" in (left, right) else "-0"
    return ""


def kernel_sign(nf: "Normalizer", identifier: int) -> str:
    """The proven sign of a kernel or of an irreducible polynomial."""
    known = nf.signs.get(identifier)
    if known is None:
        nf.signs[identifier] = ""  # a circular question has no answer
        known = _kernel_sign(nf, identifier)
        nf.signs[identifier] = known
    return known


def _kernel_sign(nf: "Normalizer", identifier: int) -> str:
    fact = _fact_sign(nf, {((identifier, 1),): fmpq(1)})
    if fact in ("+", "-"):
        return fact
    if identifier in nf.expansions:
        return poly_sign(nf, nf.expansions[identifier]) or fact
    return _kernel_sign_by_type(nf, nf.kernels[identifier]) or fact


def _kernel_sign_by_type(nf: "Normalizer", kernel: Term) -> str:
    match kernel:
        case Dimension() | Position():
            return "+"
        case Delta() | Indicator():
            return "+0"
        case Number(value):
            return "+" if value > 0 else "-" if value < 0 else "0"
        case Element(name):
            return _declared_sign(nf, name)
        case Apply("exp") | Apply("pi"):
            return "+"
        case Apply("log", (argument,)):
            above_one = nf.add(nf.form(argument), nf.form(Number(Fraction(1))), -1)
            return form_sign(nf, above_one)
        case Pow(_, Number(value)) if value.denominator % 2 == 0:
            return "+0"
        case Sum(dim, body) | Product(dim, body):
            index = nf.fresh(dim, kernel)
            nf.silent += 1
            nf.open_indices.append(index)
            try:
                inner = form_sign(nf, nf.form(open_binder(body, index)))
            finally:
                nf.open_indices.pop()
                nf.silent -= 1
            if isinstance(kernel, Sum):
                return inner if inner != "x" else ""
            return inner if inner in ("+", "+0", "x") else ""
    return ""


def _declared_sign(nf: "Normalizer", name: str) -> str:
    declarations = nf.declarations
    if declarations.has(name, "positive"):
        return "+"
    if declarations.has(name, "nonnegative"):
        return "+" if declarations.has(name, "nonzero") else "+0"
    return "x" if declarations.has(name, "nonzero") else ""


def power_sign(sign: str, exponent: Exponent) -> str:
    """The sign of a power from the sign of its base."""
    if not isinstance(exponent, int):
        return "+" if sign == "+" else "+0"
    if exponent % 2 == 0:
        return "+" if sign in ("+", "-", "x") else "+0"
    if exponent < 0 and sign.endswith("0"):
        return sign[0]
    return sign


def monomial_sign(nf: "Normalizer", monomial: Monomial, coefficient: fmpq) -> str:
    """The sign of a coefficient times kernel powers."""
    sign = "+" if coefficient > 0 else "-"
    for identifier, exponent in monomial:
        sign = sign_of_product(sign, power_sign(kernel_sign(nf, identifier), exponent))
        if not sign:
            return ""
    return sign


def poly_sign(nf: "Normalizer", poly: Poly) -> str:
    """The proven sign of a polynomial: by its monomials, by facts, by shifting dimensions."""
    if not poly:
        return "0"
    if len(poly) == 1:
        ((monomial, coefficient),) = poly.items()
        sign = monomial_sign(nf, monomial, coefficient) or _sign_by_guard(nf, monomial, coefficient)
        return _sharper(sign, _fact_sign(nf, poly)) if len(monomial) > 1 else sign
    return (
        _sign_by_monomials(nf, poly)
        or _fact_sign(nf, poly)
        or _sign_by_fact_plus_rest(nf, poly)
        or _sign_with_dimensions_from_one(nf, poly)
        or _sign_of_quadratic(nf, poly)
        or _sign_of_logarithm(nf, poly)
        or _sign_of_sign(nf, poly)
    )


def _sharper(sign: str, fact: str) -> str:
    """What two proven signs of one value say together."""
    if sign in ("+", "-", "0") or not fact:
        return sign
    if "x" in (sign, fact) and {sign, fact} & {"+0", "-0"}:
        return "+" if "+0" in (sign, fact) else "-"
    return fact if fact in ("+", "-", "0") or not sign else sign


def _sign_by_guard(nf: "Normalizer", monomial: Monomial, coefficient: fmpq) -> str:
    """``p [p > 0] >= 0``: a factor has the sign that an indicator beside it asks for."""
    asked: dict[int, str] = {}
    for identifier, _ in monomial:
        match nf.kernels[identifier]:
            case Indicator(Compare(">" | "<" as operator, core, _)) if core in nf.ids:
                asked[nf.ids[core]] = "+" if operator == ">" else "-"
    sign = "+" if coefficient > 0 else "-"
    for identifier, exponent in monomial:
        base = asked.get(identifier) or kernel_sign(nf, identifier)
        sign = sign_of_product(sign, power_sign(base, exponent))
    return sign if asked else ""


def _sign_by_monomials(nf: "Normalizer", poly: Poly) -> str:
    total = "0"
    for monomial, coefficient in poly.items():
        sign = monomial_sign(nf, monomial, coefficient)
        total = sign_of_sum(total, sign) if sign not in ("", "x") else ""
        if not total:
            return ""
    return total


def _fact_sign(nf: "Normalizer", poly: Poly) -> str:
    found = set()
    for form, sign in nf.known_signs:
        ratio = _ratio(poly, form.numerator)
        if ratio:
            found.add(sign if ratio > 0 else sign_of_product("-", sign))
    if "x" in found and found & {"+0", "-0"}:
        found |= {sign[0] for sign in found & {"+0", "-0"}}
    return next((sign for sign in ("0", "+", "-", "+0", "-0", "x") if sign in found), "")


def _ratio(poly: Poly, other: Poly) -> fmpq | None:
    """``poly / other`` when that is a number."""
    if poly.keys() != other.keys() or not poly:
        return None
    first = next(iter(poly))
    ratio = poly[first] / other[first]
    return ratio if all(poly[m] == ratio * other[m] for m in poly) else None


def _sign_by_fact_plus_rest(nf: "Normalizer", poly: Poly) -> str:
    for form, fact in nf.known_signs:
        if fact not in ("+", "+0", "-", "-0"):
            continue
        for scale in (1, -1):
            rest = laurent.add(poly, form.numerator, fmpq(-scale))
            if len(rest) >= len(poly):
                continue
            sign = fact if scale > 0 else sign_of_product("-", fact)
            total = sign_of_sum(sign, _sign_by_monomials(nf, rest))
            if total:
                return total
    return ""


def _sign_with_dimensions_from_one(nf: "Normalizer", poly: Poly) -> str:
    """A dimension is ``1 + m`` with ``m >= 0``: look at the coefficients in ``m``."""
    dims = [i for i in laurent.generators(poly) if isinstance(nf.kernels[i], Dimension)]
    if not dims:
        return ""
    result: Poly = {}
    for monomial, coefficient in poly.items():
        product: Poly = {tuple((i, e) for i, e in monomial if i not in dims): coefficient}
        for identifier, exponent in monomial:
            if identifier in dims:
                if not isinstance(exponent, int) or exponent < 0:
                    return ""
                shifted = laurent.add(laurent.generator(identifier), laurent.constant(1))
                product = laurent.multiply(product, laurent.power(shifted, exponent))
        result = laurent.add(result, product)
    total = "0"
    for monomial, coefficient in result.items():
        sign = "+" if coefficient > 0 else "-"
        for identifier, exponent in monomial:
            base = "+0" if identifier in dims else kernel_sign(nf, identifier)
            sign = sign_of_product(sign, power_sign(base, exponent))
        total = sign_of_sum(total, sign) if sign not in ("", "x") else ""
        if not total:
            return ""
    return total


def _sign_of_quadratic(nf: "Normalizer", poly: Poly) -> str:
    """``a u^2 + b u + c`` with rational coefficients and a negative discriminant."""
    used = laurent.generators(poly)
    if len(used) != 1:
        return ""
    coefficients = {m[0][1] if m else 0: c for m, c in poly.items()}
    if not coefficients.keys() <= {0, 1, 2} or 2 not in coefficients:
        return ""
    a, b, c = (coefficients.get(e, fmpq(0)) for e in (2, 1, 0))
    if b * b - 4 * a * c >= 0:
        return ""
    return "+" if a > 0 else "-"


def _sign_of_logarithm(nf: "Normalizer", poly: Poly) -> str:
    """``sum of k log p + rest = log(product of p^k exp(rest))``, for integers k: against log 1."""
    logarithms: list[tuple[Term, int]] = []
    rest: Poly = {}
    for monomial, coefficient in poly.items():
        kernel = nf.kernels[monomial[0][0]] if len(monomial) == 1 else None
        if not (isinstance(kernel, Apply) and kernel.function == "log" and monomial[0][1] == 1):
            rest[monomial] = coefficient
        elif coefficient.q != 1 or abs(coefficient.p) > _LARGEST_LOG_FACTOR:
            return ""
        else:
            logarithms.append((kernel.arguments[0], int(coefficient.p)))
    if not logarithms:
        return ""
    nf.silent += 1  # the logarithms exist already, so their arguments are positive
    try:
        product = nf.form(apply("exp", nf.term(Form(rest)))) if rest else ONE_FORM
        for argument, exponent in logarithms:
            product = nf.multiply(product, nf.power(nf.form(argument), exponent))
        return form_sign(nf, nf.add(product, ONE_FORM, -1))
    except laurent.TooLargeError:
        return ""
    finally:
        nf.silent -= 1


def form_sign(nf: "Normalizer", form: Form) -> str:
    """The proven sign of a form."""
    sign = poly_sign(nf, form.numerator)
    if not sign and len(form.numerator) > 1:
        sign = _sign_by_factors(nf, form)
    for identifier, exponent in form.denominator:
        sign = sign_of_product(sign, power_sign(kernel_sign(nf, identifier), -exponent))
    return sign


def _sign_by_factors(nf: "Normalizer", form: Form) -> str:
    content, factors = nf.factors(Form(form.numerator))
    if len(factors) == 1 and factors[0][1] == 1:
        return ""
    sign = "+" if content > 0 else "-"
    for identifier, exponent in factors:
        sign = sign_of_product(sign, power_sign(kernel_sign(nf, identifier), exponent))
    return sign


def require_nonzero(nf: "Normalizer", identifier: int) -> None:
    """Discharge ``kernel != 0`` by its sign, or record it."""
    if kernel_sign(nf, identifier) not in ("+", "-", "x"):
        condition_nonzero(nf, identifier)


def condition_nonzero(nf: "Normalizer", identifier: int) -> None:
    """Record ``kernel != 0``, unless a sign discharges it."""
    if kernel_sign(nf, identifier) not in ("+", "-", "x"):
        signed = _argument_of_sign(nf, nf.expansions.get(identifier, {}))
        nf.require(Compare("!=", nf.kernels[identifier] if signed is None else signed[0], ZERO))


def _argument_of_sign(nf: "Normalizer", poly: Poly) -> tuple[Term, str] | None:
    """``p`` and the sign of ``poly`` where p != 0, for ``c ([p > 0] +/- [p < 0])``."""
    if len(poly) != 2 or any(len(m) != 1 or m[0][1] != 1 for m in poly):
        return None
    (one, a), (other, b) = ((nf.kernels[m[0][0]], c) for m, c in poly.items())
    match one, other:
        case Indicator(Compare("<" | ">", p, _)), Indicator(Compare("<" | ">", q, _)) if p == q:
            if abs(a) == abs(b):
                return p, "x" if a != b else "+" if a > 0 else "-"
    return None


def _sign_of_sign(nf: "Normalizer", poly: Poly) -> str:
    signed = _argument_of_sign(nf, poly)
    if signed is None or form_sign(nf, nf.form(signed[0])) != "x":
        return ""
    return signed[1]


_ENOUGH: dict[Operator, tuple[str, ...]] = {
    ">": ("+",),
    ">=": ("+", "+0", "0"),
    "!=": ("+", "-", "x"),
    "<": ("-",),
    "<=": ("-", "-0", "0"),
    "=": ("0",),
}


def sign_implies(sign: str, operator: Operator) -> bool | None:
    """Whether a value of this sign is in the relation to 0; None where that is open."""
    if not sign:
        return None
    if sign in _ENOUGH[operator]:
        return True
    return False if sign in _ENOUGH[NEGATED[operator]] else None


def require_sign(nf: "Normalizer", form: Form, operator: Operator) -> None:
    """Discharge ``form operator 0`` by its sign, or record it."""
    known = sign_implies(form_sign(nf, form), operator)
    if known is None:
        nf.require(Compare(operator, nf.term(_without_reciprocals(form, operator)), ZERO))
    elif not known:
        raise NeverDefinedError(f"a condition ({operator} 0) holds for no value")


def _without_reciprocals(form: Form, operator: Operator) -> Form:
    """``1/s > 0`` as ``s > 0``: what has the same sign, where the monomial has a value."""
    if len(form.numerator) != 1 or form.denominator or operator not in (">", "<", "!="):
        return form
    ((monomial, coefficient),) = form.numerator.items()
    if not all(isinstance(exponent, int) for _, exponent in monomial):
        return form
    raised = tuple((i, e if e > 0 else 2 - e % 2) for i, e in monomial)
    return Form({raised: coefficient})


def indicator_form(nf: "Normalizer", condition: Compare) -> Form:
    """The indicator of a comparison over two kernels: ``[p > 0]`` and ``[p < 0]``.

    ``p`` is the difference of the sides without the factors whose sign is proven; the other
    comparisons are sums of these two (``[p = 0] = 1 - [p > 0] - [p < 0]``).
    """
    difference = nf.add(nf.form(condition.left), nf.form(condition.right), -1)
    decided = sign_implies(form_sign(nf, difference), condition.operator)
    if decided is not None:
        return ONE_FORM if decided else ZERO_FORM
    content, factors = nf.factors(difference)
    flip = content < 0
    open_factors: list[tuple[int, Exponent]] = []
    for identifier, exponent in factors:
        sign = power_sign(kernel_sign(nf, identifier), exponent)
        if sign == "-":
            flip = not flip
        elif sign != "+":
            open_factors.append((identifier, exponent if exponent > 0 else -exponent))
    positive, negative = _half_indicators(nf, nf.from_factors(fmpq(1), open_factors))
    above, below = (negative, positive) if flip else (positive, negative)
    result = {
        ">": above,
        "<": below,
        "!=": nf.add(above, below),
        ">=": nf.add(ONE_FORM, below, -1),
        "<=": nf.add(ONE_FORM, above, -1),
        "=": nf.add(nf.add(ONE_FORM, above, -1), below, -1),
    }[condition.operator]
    nf.step("indicator of a sign", Indicator(condition), result)
    return result


def _half_indicators(nf: "Normalizer", core: Form) -> tuple[Form, Form]:
    """``[p > 0]`` and ``[p < 0]``; 0 for the one that the sign of p rules out."""
    term, sign = nf.term(core), form_sign(nf, core)

    def half(operator: Operator) -> Form:
        return nf.kernel_form(Indicator(Compare(operator, term, ZERO)))

    return (
        ZERO_FORM if sign == "-0" else half(">"),
        ZERO_FORM if sign == "+0" else half("<"),
    )
