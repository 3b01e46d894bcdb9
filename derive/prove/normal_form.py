"""The exact normal form: every term becomes a rational function of kernels.

A kernel is a term that the algebra does not look into: a component of a variable, ``exp(x[i])``,
``log(p)`` for an irreducible positive p, a sum such as ``sum_k exp(x[k])``, an indicator, a
polynomial in a denominator.  A ``Form`` is a Laurent polynomial over kernels divided by powers of
irreducible polynomials, in lowest terms.  Two terms with one form are equal wherever the recorded
conditions hold; unequal forms prove nothing.

Every rule that is not plain ring arithmetic leaves a ``Step`` in the trace.  A division, a root
or a logarithm is allowed over what is proven non-zero or positive; otherwise the condition is
recorded, and the verdict carries it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeGuard

from flint import fmpq

from derive.prove import laurent
from derive.prove.derivative_rules import unused_name
from derive.prove.facts import learn, learn_instance
from derive.prove.forms import ONE_FORM, ZERO_FORM, Form, NeverDefinedError
from derive.prove.laurent import Exponent, Monomial, Poly
from derive.prove.node_rules import NODE_RULES
from derive.prove.signs import form_sign, require_nonzero, sign_implies
from derive.terms.declarations import Declarations
from derive.terms.ordering import key
from derive.terms.structure import (
    Definition,
    element_names,
    free_indices,
    parts,
    substitute_indices,
)
from derive.terms.term import (
    ONE,
    Add,
    Apply,
    Compare,
    Delta,
    Dim,
    Dimension,
    Fixed,
    ForAll,
    Free,
    Index,
    Indicator,
    Mul,
    Node,
    Number,
    Position,
    Pow,
    Proposition,
    Term,
)
from derive.verdict import Step

#: The largest power to which a sum is multiplied out.
MAX_POWER_OF_SUM = 64


@dataclass
class Normalizer:
    """Brings terms into normal form under one set of declarations, and keeps the trace.

    ``facts`` are propositions that may be used (declared conditions, hypotheses, the assumption
    of a case).  ``distinct`` are pairs of free indices that differ; ``reserved`` are
    the free indices of the whole statement, whose names no opened binder may take.  ``equal``
    gives the index that stands for another one, here also where that one only arises in a proof.
    """

    declarations: Declarations
    facts: tuple[Proposition, ...] = ()
    distinct: frozenset[frozenset[Index]] = frozenset()
    reserved: tuple[Free, ...] = ()
    equal: Mapping[Index, Index] = field(default_factory=dict)

    steps: list[Step] = field(default_factory=list)
    conditions: dict[Proposition, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kernels: list[Term] = []
        self.ids: dict[Term, int] = {}
        self.expansions: dict[int, Poly] = {}
        self.signs: dict[int, str] = {}
        self.open_indices: list[Free] = []
        self.rewrites: dict[Term, Form] = {}
        self._forms: dict[Term, Form] = {}
        self._silent_forms: dict[Term, Form] = {}
        self._near_forms: dict[Term, Form] = {}
        self.near = False
        self.schemes: list[ForAll] = []
        self.met: dict[Free, None] = {}
        self._terms: dict[Form, Term] = {}
        self._kinks: dict[Node, bool] = {}
        self._dependent: dict[str, Mapping[str, Definition]] = {}
        self.silent = 0
        self.known_signs: list[tuple[Form, str]] = []
        stated = (*self.facts, *(d.body for d in self.declarations.definitions.values()))
        named = {index: None for node in stated for index in free_indices(node)}
        apart = sorted({i for pair in self.distinct for i in pair if isinstance(i, Free)}, key=str)
        self.reserved = (*self.reserved, *named, *apart)
        for fact in self.facts:
            learn(self, fact)
        for index in self.reserved:
            self._meet(index)

    # ---- terms to forms -------------------------------------------------------------------

    def form(self, term: Term) -> Form:
        """The normal form of a term; records steps and conditions on first sight."""
        known = self._forms.get(term)
        if known is None and self.silent:
            known = self._silent_forms.get(term)
        if known is None:
            laurent.spend(10)
            known = NODE_RULES[type(term)](self, term)
            # What was made silently has its conditions still to be recorded.
            (self._silent_forms if self.silent else self._forms)[term] = known
        return known

    def forget(self) -> None:
        """Drop remembered forms, so that conditions are recorded anew."""
        self._forms.clear()
        self._silent_forms.clear()

    def form_nearby(self, term: Term) -> Form:
        """The form of a term that is differentiated: it has to hold around the point.

        Equations and closed relations among the facts hold at the point alone, so they are not
        used, and the domain has to be open: a root needs a positive argument.
        """
        if self.near:
            return self.form(term)
        kept = self.rewrites, self.known_signs, self.signs, self._forms, self._silent_forms
        outer, met = self.conditions, self.met
        self.met = {}
        self.rewrites, self.signs, self._forms = {}, {}, self._near_forms
        self.known_signs = [(f, s) for f, s in self.known_signs if s in ("+", "-", "x")]
        self._silent_forms, self.conditions, self.near = {}, {}, True
        try:
            result = self.form(term)
        finally:
            inner, self.conditions, self.near = self.conditions, outer, False
            self.met = met
            self.rewrites, self.known_signs, self.signs, self._forms, self._silent_forms = kept
        for condition in inner:
            self._require_unless_known(condition)
        return result

    def _require_unless_known(self, condition: Proposition) -> None:
        if isinstance(condition, Compare):
            self.silent += 1
            try:
                difference = self.add(self.form(condition.left), self.form(condition.right), -1)
                known = sign_implies(form_sign(self, difference), condition.operator)
            finally:
                self.silent -= 1
            if known:
                return
            if known is False:
                raise NeverDefinedError(f"a condition ({condition.operator} 0) holds for no value")
        self.require(condition)

    def step(self, rule: str, before: Term, after: Term | Form, *conditions: Proposition) -> None:
        """Leave a trace of one rule application, unless it changed nothing."""
        result = after if isinstance(after, Term) else self.term(after)
        if result != before:
            self.steps.append(Step(rule, before, result, conditions))

    def require(self, condition: Proposition) -> None:
        """Record a side condition that was not discharged."""
        if not self.silent:
            self.conditions[condition] = None

    # ---- kernels --------------------------------------------------------------------------

    def kernel_id(self, kernel: Term) -> int:
        """The generator that stands for a kernel."""
        identifier = self.ids.get(kernel)
        if identifier is None:
            identifier = len(self.kernels)
            self.kernels.append(kernel)
            self.ids[kernel] = identifier
        return identifier

    def kernel_form(self, kernel: Term, exponent: Exponent = 1) -> Form:
        """The form that is one kernel (or what a hypothesis says it equals)."""
        if kernel in self.rewrites:
            return self.rewrites[kernel]
        return Form(laurent.generator(self.kernel_id(kernel), exponent))

    def polynomial_id(self, poly: Poly) -> int:
        """The generator for an irreducible polynomial that stands in a denominator."""
        kernel = self.term(Form(poly))
        identifier = self.kernel_id(kernel)
        self.expansions[identifier] = poly
        return identifier

    def polynomial_id_of_number(self, value: int) -> int:
        """The generator for roots of a prime; its whole powers are multiplied out."""
        identifier = self.kernel_id(Number(Fraction(value)))
        self.expansions[identifier] = laurent.constant(value)
        return identifier

    # ---- arithmetic of forms --------------------------------------------------------------

    def add(self, left: Form, right: Form, scale: int = 1) -> Form:
        """``left + scale * right`` in lowest terms."""
        if not right.numerator:
            return left
        if left.denominator == right.denominator:
            numerator = laurent.add(left.numerator, right.numerator, fmpq(scale))
            return self._reduced(numerator, left.denominator)
        common = dict(left.denominator)
        for identifier, exponent in right.denominator:
            common[identifier] = max(common.get(identifier, 0), exponent)
        numerator = laurent.add(
            self._raised(left, common), self._raised(right, common), fmpq(scale)
        )
        return self._reduced(numerator, tuple(sorted(common.items())))

    def _raised(self, form: Form, common: Mapping[int, int]) -> Poly:
        present = dict(form.denominator)
        numerator = form.numerator
        for identifier, exponent in common.items():
            missing = exponent - present.get(identifier, 0)
            if missing > MAX_POWER_OF_SUM:
                raise laurent.TooLargeError(f"a sum to the power {missing}")
            for _ in range(missing):
                numerator = laurent.multiply(numerator, self.expansions[identifier])
        return numerator

    def multiply(self, left: Form, right: Form) -> Form:
        """``left * right`` in lowest terms."""
        if not left.numerator or not right.numerator:
            return ZERO_FORM
        numerator = self._normal_powers(laurent.multiply(left.numerator, right.numerator))
        exponents = dict(left.denominator)
        for identifier, exponent in right.denominator:
            exponents[identifier] = exponents.get(identifier, 0) + exponent
        return self._reduced(numerator, tuple(sorted(exponents.items())))

    def scale(self, form: Form, factor: fmpq) -> Form:
        """``factor * form``."""
        return (
            Form(laurent.scale(form.numerator, factor), form.denominator) if factor else ZERO_FORM
        )

    def _reduced(self, numerator: Poly, denominator: tuple[tuple[int, int], ...]) -> Form:
        if not numerator:
            return ZERO_FORM
        remaining = []
        for identifier, exponent in denominator:
            divisor = self.expansions[identifier]
            while exponent:
                quotient = self._divided(numerator, divisor)
                if quotient is None:
                    break
                numerator, exponent = quotient, exponent - 1
            if exponent:
                remaining.append((identifier, exponent))
        return Form(numerator, tuple(remaining))

    @staticmethod
    def _divided(numerator: Poly, divisor: Poly) -> Poly | None:
        if not laurent.generators(divisor) <= laurent.generators(numerator):
            return None
        least = tuple((i, e) for i, e in laurent.common_monomial(numerator) if e < 0)
        quotient = laurent.divide(laurent.divide_monomial(numerator, least), divisor)
        if quotient is None:
            return None
        return laurent.divide_monomial(quotient, tuple((i, -e) for i, e in least))

    def _normal_powers(self, poly: Poly) -> Poly:
        """Indicators and deltas to the power 1; polynomials to fractional powers below 1."""
        result: Poly = {}
        changed = False
        for monomial, coefficient in poly.items():
            new = self._normal_monomial(monomial)
            changed = changed or new is not monomial
            if isinstance(new, tuple):
                result = laurent.add(result, {new: coefficient})
            else:
                result = laurent.add(result, new, coefficient)
        return result if changed else poly

    def _normal_monomial(self, monomial: Monomial) -> Monomial | Poly:
        plain: dict[int, Exponent] = {}
        extra: Poly | None = None
        changed = False
        for identifier, exponent in monomial:
            kernel = self.kernels[identifier]
            if isinstance(kernel, Indicator | Delta):
                if exponent != 1:
                    changed, exponent = True, 1
                if isinstance(kernel, Indicator) and self._excluded(kernel, plain):
                    return {}
            elif _is_sine(kernel) and isinstance(exponent, int) and exponent >= 2:
                pairs, exponent = divmod(exponent, 2)
                cosine = self.kernel_id(Apply("cos", kernel.arguments))
                square = {laurent.UNIT: fmpq(1), ((cosine, 2),): fmpq(-1)}
                factor = laurent.power(square, pairs)
                extra = factor if extra is None else laurent.multiply(extra, factor)
                changed = True
            elif identifier in self.expansions and exponent >= 1:
                whole = int(exponent)
                exponent, changed = laurent.as_exponent(Fraction(exponent - whole)), True
                factor = laurent.power(self.expansions[identifier], whole)
                extra = factor if extra is None else laurent.multiply(extra, factor)
            if exponent:
                plain[identifier] = exponent
        if not changed:
            return monomial
        rest = tuple(sorted(plain.items()))
        return rest if extra is None else laurent.multiply({rest: fmpq(1)}, extra)

    def _excluded(self, kernel: Indicator, others: Mapping[int, Exponent]) -> bool:
        """Whether ``p > 0`` meets ``p < 0``: the product of the two indicators is 0."""
        condition = kernel.condition
        if not isinstance(condition, Compare):
            return False
        opposite = Indicator(
            Compare("<" if condition.operator == ">" else ">", condition.left, condition.right)
        )
        return self.ids.get(opposite, -1) in others

    def power(self, base: Form, exponent: int) -> Form:
        """``base ** exponent`` for any integer exponent; a negative one requires ``base != 0``."""
        if exponent < 0:
            return self.power(self.invert(base), -exponent)
        result = ONE_FORM
        square = base
        if len(base.numerator) > 1 and exponent > MAX_POWER_OF_SUM:
            raise laurent.TooLargeError(f"a sum to the power {exponent}")
        digits = max((laurent.bits(c) for c in base.numerator.values()), default=0)
        if digits * exponent > laurent.MAX_BITS:
            raise laurent.TooLargeError(f"a number of {digits * exponent} bits")
        while exponent:
            if exponent & 1:
                result = self.multiply(result, square)
            exponent >>= 1
            if exponent:
                square = self.multiply(square, square)
        return result

    def factors(self, form: Form) -> tuple[fmpq, list[tuple[int, Exponent]]]:
        """Content and factors (kernel or irreducible polynomial, with exponent) of a form."""
        if not form.numerator:
            raise NeverDefinedError("zero has no factors")
        monomial = laurent.common_monomial(form.numerator)
        rest = laurent.divide_monomial(form.numerator, monomial)
        exponents: dict[int, Exponent] = dict(monomial)
        if len(rest) == 1:
            content = next(iter(rest.values()))
        else:
            content, polys = laurent.factor(rest)
            for poly, exponent in polys:
                normal, sign = self.with_leading_sign(poly)
                content = content * sign**exponent
                identifier = self.polynomial_id(normal)
                exponents[identifier] = exponents.get(identifier, 0) + exponent
        for identifier, exponent in form.denominator:
            exponents[identifier] = exponents.get(identifier, 0) - exponent
        return content, sorted((i, e) for i, e in exponents.items() if e)

    def with_leading_sign(self, poly: Poly) -> tuple[Poly, int]:
        """The polynomial with a positive coefficient at the first monomial in structural order."""
        leading = min(poly, key=self._monomial_key)
        if poly[leading] > 0:
            return poly, 1
        return laurent.scale(poly, fmpq(-1)), -1

    def _monomial_key(self, monomial: Monomial) -> tuple[tuple[str, str], ...]:
        return tuple(sorted((key(self.kernels[i]), str(e)) for i, e in monomial))

    def from_factors(self, content: fmpq, factors: Iterable[tuple[int, Exponent]]) -> Form:
        """The product of a number and powers of kernels or irreducible polynomials."""
        monomial = []
        denominator = []
        numerator = laurent.constant(content)
        for identifier, exponent in factors:
            if identifier not in self.expansions:
                monomial.append((identifier, exponent))
                continue
            whole = int(exponent // 1)
            fraction = laurent.as_exponent(Fraction(exponent - whole))
            if isinstance(self.kernels[identifier], Number):
                if abs(whole) > laurent.MAX_BITS // 64:
                    raise laurent.TooLargeError(f"a number to the power {whole}")
                numerator = laurent.scale(
                    numerator, self.expansions[identifier][laurent.UNIT] ** whole
                )
            elif whole < 0:
                denominator.append((identifier, -whole))
            elif whole:
                expansion = self.expansions[identifier]
                numerator = laurent.multiply(numerator, laurent.power(expansion, whole))
            if fraction:
                monomial.append((identifier, fraction))
        numerator = laurent.multiply(numerator, {tuple(sorted(monomial)): fmpq(1)})
        return self._reduced(self._normal_powers(numerator), tuple(sorted(denominator)))

    def invert(self, form: Form) -> Form:
        """``1 / form``; requires every factor to be non-zero."""
        if not form.numerator:
            raise NeverDefinedError("a denominator is zero for all values")
        content, factors = self.factors(form)
        for identifier, exponent in factors:
            if exponent > 0:
                require_nonzero(self, identifier)
        return self.from_factors(1 / content, [(i, -e) for i, e in factors])

    # ---- forms to terms -------------------------------------------------------------------

    def term(self, form: Form) -> Term:
        """The form as a term, with summands and factors in structural order."""
        known = self._terms.get(form)
        if known is None:
            known = self._term(form)
            self._terms[form] = known
        return known

    def _term(self, form: Form) -> Term:
        summands = [
            self.monomial_term(coefficient, monomial)
            for monomial, coefficient in form.numerator.items()
        ]
        summands.sort(key=key)
        numerator = Add(tuple(summands)) if len(summands) > 1 else None
        if numerator is None:
            numerator_term: Term = summands[0] if summands else Number(Fraction(0))
        else:
            numerator_term = numerator
        if not form.denominator:
            return numerator_term
        inverses = sorted(
            (Pow(self.kernels[i], Number(Fraction(-e))) for i, e in form.denominator), key=key
        )
        first = numerator_term.factors if isinstance(numerator_term, Mul) else (numerator_term,)
        if numerator_term == ONE:
            first = ()
        made = (*first, *inverses)
        return made[0] if len(made) == 1 else Mul(made)

    def monomial_term(self, coefficient: fmpq, monomial: Monomial) -> Term:
        """A coefficient times kernel powers as a term."""
        factors = sorted((self._kernel_power(i, e) for i, e in monomial), key=key)
        if laurent.bits(coefficient) > laurent.MAX_BITS:
            raise laurent.TooLargeError("a number with too many digits")
        value = Fraction(int(coefficient.p), int(coefficient.q))
        if value != 1 or not factors:
            factors.insert(0, Number(value))
        return factors[0] if len(factors) == 1 else Mul(tuple(factors))

    def _kernel_power(self, identifier: int, exponent: Exponent) -> Term:
        kernel = self.kernels[identifier]
        if exponent == 1:
            return kernel
        if isinstance(kernel, Apply) and kernel.function == "exp":
            (argument,) = kernel.arguments
            factors = argument.factors if isinstance(argument, Mul) else (argument,)
            value = Fraction(exponent)
            if isinstance(factors[0], Number):
                value, factors = value * factors[0].value, factors[1:]
            scaled = (Number(value), *factors) if value != 1 else factors
            return Apply("exp", (scaled[0] if len(scaled) == 1 else Mul(scaled),))
        return Pow(kernel, Number(Fraction(exponent)))

    def has_kink(self, term: Node) -> bool:
        """Whether the derivative of a kinked function occurs, which is undefined at the kink."""
        known = self._kinks.get(term)
        if known is None:
            known = (isinstance(term, Apply) and term.function in ("step", "flat")) or any(
                self.has_kink(part) for part in parts(term)
            )
            self._kinks[term] = known
        return known

    # ---- indices --------------------------------------------------------------------------

    def fresh(self, dim: Dim, *avoid: Term) -> Free:
        """A new index that is neither open nor free in the given terms."""
        taken = (*avoid, *map(Position, self.open_indices), *map(Position, self.reserved))
        index = Free(unused_name(*taken), dim)
        self._meet(index)
        return index

    def _meet(self, index: Free) -> None:
        """Use at this index the facts that hold for all indices."""
        if index not in self.met:
            self.met[index] = None
            for fact in tuple(self.schemes):
                learn_instance(self, fact, index)

    def require_indices(self, indices: Iterable[Index]) -> None:
        """Discharge that a constant index exists in its range (``x[2]`` needs n >= 2)."""
        for index in indices:
            if not isinstance(index, Fixed) or index.value == 1:
                continue
            if index.value < 1 or (isinstance(index.dim, int) and index.value > index.dim):
                raise NeverDefinedError(f"index {index.value} of a range of length {index.dim}")
            if isinstance(index.dim, str):
                length, least = Dimension(index.dim), Number(Fraction(index.value))
                rest = self.add(self.form(length), self.form(least), -1)
                if not sign_implies(form_sign(self, rest), ">="):
                    self.require(Compare(">=", length, least))

    def same_index(self, left: Index, right: Index) -> bool | None:
        """Whether two indices are equal: True, False, or None where it depends."""
        if left == right:
            return True
        if isinstance(left, Fixed) and isinstance(right, Fixed):
            return False
        if left.dim == 1 and right.dim == 1:  # type: ignore[union-attr]
            return True
        return False if frozenset((left, right)) in self.distinct else None

    def with_index(self, form: Form, old: Free, new: Index) -> Form:
        """The form with one index replaced; what was required for all values still holds."""
        if not self.depends_on(form, old):
            return form
        self.silent += 1
        try:
            return self._with_index(form, old, new)
        finally:
            self.silent -= 1

    def _with_index(self, form: Form, old: Free, new: Index) -> Form:
        change = {old: new}
        result = ZERO_FORM
        for monomial, coefficient in form.numerator.items():
            product = Form(laurent.constant(coefficient))
            for identifier, exponent in monomial:
                kernel = self.kernels[identifier]
                if old in free_indices(kernel):
                    changed = self.form(substitute_indices(kernel, change))
                    product = self.multiply(product, self._any_power(changed, exponent))
                else:
                    product = self.multiply(product, Form({((identifier, exponent),): fmpq(1)}))
            result = self.add(result, product)
        for identifier, exponent in form.denominator:
            changed = self.form(substitute_indices(self.kernels[identifier], change))
            result = self.multiply(result, self.power(changed, -exponent))
        return result

    def _any_power(self, form: Form, exponent: Exponent) -> Form:
        if isinstance(exponent, int):
            return self.power(form, exponent)
        return self.form(Pow(self.term(form), Number(Fraction(exponent))))

    def depends_on(self, form: Form, index: Free) -> bool:
        """Whether a kernel of the form has the index."""
        used = laurent.generators(form.numerator) | {i for i, _ in form.denominator}
        return any(index in free_indices(self.kernels[i]) for i in used)

    # ---- definitions ----------------------------------------------------------------------

    def definitions_containing(self, name: str) -> Mapping[str, Definition]:
        """The definitions that depend on ``name``, directly or through others, except its own."""
        known = self._dependent.get(name)
        if known is None:
            found: dict[str, Definition] = {}
            reached = {name}
            growing = True
            while growing:
                growing = False
                for defined, definition in self.declarations.definitions.items():
                    if defined in reached:
                        continue
                    if element_names(definition.body) & reached:
                        found[defined] = definition
                        reached.add(defined)
                        growing = True
            known = self._dependent[name] = found
        return known


def _is_sine(kernel: Term) -> TypeGuard[Apply]:
    return isinstance(kernel, Apply) and kernel.function == "sin"
