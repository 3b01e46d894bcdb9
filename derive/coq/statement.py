"""The theorem that an obligation is: its binders, its premises, where it is defined, what it says.

Coq's division and logarithm are total, so the theorem says beside the relation that no divisor is
0 and no logarithm is taken of a number <= 0; a derivative is ``is_derive``, which has a value only
where the function has that derivative.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count

from derive.coq.identifiers import Identifiers
from derive.coq.lowering import N, has_other_powers, lowered, with_roots, without_cases
from derive.coq.printing import NotExportableError, Printer
from derive.terms.obligation import Obligation
from derive.terms.structure import (
    Definition,
    bind,
    element_names,
    free_indices,
    map_parts,
    open_binder,
    parts,
    substitute_indices,
    subterms,
    unfold,
)
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    ZERO,
    And,
    Apply,
    Compare,
    Delta,
    Derivative,
    Dim,
    Dimension,
    Element,
    ForAll,
    Free,
    Index,
    Node,
    Not,
    Number,
    Operator,
    Pow,
    Proposition,
    SameIndex,
    Sum,
    Term,
)

#: Words that become a premise about every component.
_COMPONENT_WORDS: Mapping[str, Operator] = {"positive": ">", "nonnegative": ">=", "nonzero": "!="}

#: Words that become a premise about an array of so many axes.
_ARRAY_WORDS: Mapping[str, int] = {"sums to 1": 1, "one-hot": 1, "symmetric": 2}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A derivative that the statement speaks of: an array ``name`` over the bound indices."""

    name: str
    indices: tuple[Free, ...]
    body: Term
    variable: Element


@dataclass(frozen=True, slots=True)
class Premise:
    """A hypothesis of the theorem: its name in the script, its text, and what it says.

    ``defines`` is the definition that it states: of a name that a derivative is taken by;
    ``symmetric`` is the matrix that it says to be so.
    """

    name: str
    text: str
    proposition: Proposition | None = None
    one_hot: tuple[str, Dim] | None = None
    defines: Definition | None = None
    symmetric: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of the statement that says where it is defined: for all indices, a relation."""

    indices: tuple[Free, ...]
    relation: Compare


@dataclass(frozen=True)
class Statement:
    """Everything that is printed before ``Proof``, and what the proof is made from.

    ``left`` and ``right`` have no cases and, for each derivative, a component of a quantity.
    ``direct`` says that the left side is the one derivative, and the right side its value.
    """

    printer: Printer
    operator: Operator
    left: Term
    right: Term
    quantities: tuple[Quantity, ...]
    direct: bool
    indices: tuple[Free, ...]
    dims: tuple[str, ...]
    premises: tuple[Premise, ...]
    defined: tuple[Condition, ...]
    binders: tuple[tuple[str, str], ...]
    goal: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names that the proof introduces, in order."""
        return (*(name for name, _ in self.binders), *(p.name for p in self.premises))

    @property
    def text(self) -> str:
        """The statement as Coq reads it."""
        lines = []
        if self.binders:
            typed = " ".join(f"({name} : {kind})" for name, kind in self.binders)
            lines.append(f"forall {typed},")
        lines += [f"{premise.text} ->" for premise in self.premises]
        parts = [f"({defined_text(self.printer, c)})" for c in self.defined]
        together = parts[-1] if parts else ""
        for part in reversed(parts[:-1]):
            together = f"({part} /\\ {together})"
        lines.append(f"{together} /\\" if parts else "")
        lines.append(f"({self.goal})" if parts else self.goal)
        return "\n  ".join(line for line in lines if line)


def statement_of(obligation: Obligation, conditions: Iterable[Proposition] = ()) -> Statement:
    """The statement of an obligation that holds under conditions.

    Raises NotExportableError for what has no place in Coq's reals here.
    """
    declarations = obligation.declarations
    definitions = declarations.definitions
    fresh = count(1)
    hypotheses = (*declarations.hypotheses, *conditions)
    whole: list[Node] = [unfold(n, definitions) for n in (obligation.left, obligation.right)]
    whole += [unfold(hypothesis, definitions) for hypothesis in hypotheses]
    mixed = any(has_other_powers(node) for node in whole)

    def unfolded(node: N) -> N:
        meaning = unfold(node, definitions)
        return meaning if mixed else with_roots(meaning)

    sides = [without_cases(unfolded(side), fresh) for side in (obligation.left, obligation.right)]
    operator = obligation.operator
    if isinstance(sides[1], Derivative) and not isinstance(sides[0], Derivative):
        sides.reverse()
        operator = _TURNED[operator]
    given = [unfolded(hypothesis) for hypothesis in hypotheses]
    given = [proposition for proposition in given if _has_text(proposition)]
    varied = {
        node.variable.name
        for side in sides
        for node in subterms(side)
        if isinstance(node, Derivative)
    }
    meant = [
        _bare_definition(definition, without_cases(unfolded(definition.body), fresh))
        for name, definition in sorted(definitions.items())
        if name in varied
    ]
    change = _letters((*sides, *given, *(definition.body for definition in meant)))
    sides = [substitute_indices(side, change) for side in sides]
    stated = [substitute_indices(proposition, change) for proposition in given]
    held = tuple(replace(d, body=substitute_indices(d.body, change)) for d in meant)
    quantities: list[Quantity] = []
    direct = (
        operator == "="
        and isinstance(sides[0], Derivative)
        and not any(isinstance(t, Derivative) for t in subterms(sides[1]))
    )
    left, right = (_abstracted(side, quantities, ()) for side in sides)
    terms: list[Node] = [left, right, *stated]
    for quantity in quantities:
        terms += [quantity.body, quantity.variable]
    terms += [_universal(definition) for definition in held]
    printer = Printer(Identifiers())
    made = {quantity.name for quantity in quantities}
    names = sorted({n for t in terms for n in element_names(t)} - made)
    bound = {i for quantity in quantities for i in quantity.indices}
    indices = tuple(dict.fromkeys(i for t in terms for i in free_indices(t) if i not in bound))
    dims = _dims(terms, indices, _ranges_of_words(names, obligation))
    for dim in dims:
        printer.identifiers.of("dimension", dim)
    for name in names:
        printer.identifiers.of("variable", name)
    for index in indices:
        printer.identifiers.of("index", index.name)
    for quantity in quantities:
        printer.identifiers.give("variable", quantity.name, "value")
    arities = _arities(terms)
    premises = _premises(printer, indices, dims, names, obligation, stated, arities, held)
    defined = _defined(left, right, quantities, held)
    goal = _goal(printer, operator, left, right, quantities, direct=direct)
    typed = [(printer.dim(d), "nat") for d in dims]
    typed += [
        (printer.identifiers.of("variable", n), f"{'nat -> ' * arities.get(n, 0)}R") for n in names
    ]
    typed += [(printer.index(i), "nat") for i in indices]
    return Statement(
        printer,
        operator,
        left,
        right,
        tuple(quantities),
        direct,
        indices,
        dims,
        premises,
        defined,
        tuple(typed),
        goal,
    )


_TURNED: Mapping[Operator, Operator] = {
    "=": "=",
    "!=": "!=",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
}


def derivative_text(printer: Printer, quantity: Quantity, body: Term, value: str) -> str:
    """``is_derive (fun t => body with the component replaced by t) component value``."""
    name, indices = quantity.variable.name, quantity.variable.indices
    point = printer.term(quantity.variable, 9)
    return (
        f"is_derive (fun t : R => {varied_text(printer, body, name, indices, 't')}) {point} {value}"
    )


def varied_text(
    printer: Printer, body: Term, name: str, indices: tuple[Index, ...], value: str
) -> str:
    """The text of a term in which one component of a variable has another value."""
    if len(indices) > 3:
        raise NotExportableError("a derivative by an array of more than three axes")
    array = printer.identifiers.of("variable", name)
    suffix = "" if len(indices) == 1 else str(len(indices))
    places = " ".join(map(printer.index, indices))
    printer.replaced[name] = f"update{suffix} {array} {places} {value}" if indices else value
    try:
        return printer.term(body)
    finally:
        del printer.replaced[name]


def relation_text(printer: Printer, operator: Operator, left: Term, right: Term) -> str:
    """The text of a relation."""
    return printer.proposition(Compare(operator, left, right))


def defined_text(printer: Printer, condition: Condition) -> str:
    """The text of a part of the statement that says where it is defined."""
    return printer.quantified(condition.indices, printer.proposition(condition.relation))


def _goal(
    printer: Printer,
    operator: Operator,
    left: Term,
    right: Term,
    quantities: list[Quantity],
    *,
    direct: bool,
) -> str:
    if direct:
        (quantity,) = quantities
        return derivative_text(printer, quantity, quantity.body, printer.term(right, 9))
    relation = relation_text(printer, operator, left, right)
    if not quantities:
        return relation
    binders = []
    claims = []
    for quantity in quantities:
        name = printer.identifiers.of("variable", quantity.name)
        binders.append(f"({name} : {'nat -> ' * len(quantity.indices)}R)")
        value = printer.term(Element(quantity.name, quantity.indices), 9)
        text = derivative_text(printer, quantity, quantity.body, value)
        claims.append(f"({printer.quantified(quantity.indices, text)})")
    together = " /\\ ".join((*claims, relation))
    return f"exists {' '.join(binders)},\n    {together}"


def _abstracted(term: Term, quantities: list[Quantity], bound: tuple[Free, ...]) -> Term:
    """The term with a component of a quantity for each derivative."""

    def descend(node: Node, _binders: int) -> Node:
        match node:
            case Derivative(body, variable):
                if any(isinstance(t, Derivative) for t in subterms(body)):
                    raise NotExportableError("a derivative inside a derivative")
                used = tuple(i for i in bound if i in free_indices(node))
                for quantity in quantities:
                    if (quantity.body, quantity.variable) == (body, variable):
                        return Element(quantity.name, quantity.indices)
                name = f"\0D{len(quantities)}"
                quantities.append(Quantity(name, used, body, variable))
                return Element(name, used)
            case Sum(dim, body):
                index = Free(f"\0d{len(bound)}:{dim}", dim)
                inner = _abstracted(open_binder(body, index), quantities, (*bound, index))
                return Sum(dim, bind(inner, index))
        return map_parts(node, descend, lambda index: index)

    return descend(term, 0)  # type: ignore[return-value]


def _has_text(proposition: Proposition) -> bool:
    return isinstance(proposition, Compare | SameIndex | Not | And | ForAll)


def _letters(terms: Iterable[Node]) -> dict[Free, Index]:
    """Another letter for each free index that has one of an index of another range."""
    indices = dict.fromkeys(index for term in terms for index in free_indices(term))
    taken = {index.name for index in indices}
    seen: set[str] = set()
    change: dict[Free, Index] = {}
    for index in indices:
        name = index.name
        while name in seen or (name != index.name and name in taken):
            name += "'"
        seen.add(name)
        if name != index.name:
            change[index] = Free(name, index.dim)
    return change


def _ranges_of_words(names: list[str], obligation: Obligation) -> list[Dim]:
    """The ranges of arrays that premises speak of: no index of ``x_1`` tells of its range."""
    found: list[Dim] = []
    for name in names:
        variable = obligation.declarations.variables.get(name)
        if variable is not None and any(
            word in _COMPONENT_WORDS or _ARRAY_WORDS.get(word) == len(variable.shape)
            for word in variable.conditions
        ):
            found += variable.shape
    return found


def _dims(terms: list[Node], indices: tuple[Free, ...], others: list[Dim]) -> tuple[str, ...]:
    found: dict[str, None] = {dim: None for dim in others if isinstance(dim, str)}
    for index in indices:
        if isinstance(index.dim, str):
            found[index.dim] = None
    for term in terms:
        for node in subterms(term):
            if isinstance(node, Sum | Dimension | ForAll) and isinstance(node.dim, str):
                found[node.dim] = None
    for term in terms:
        for index in free_indices(term):
            if isinstance(index.dim, str):
                found[index.dim] = None
    return tuple(sorted(found))


def _arities(terms: list[Node]) -> dict[str, int]:
    found: dict[str, int] = {}
    for term in terms:
        for node in subterms(term):
            for element in (node, getattr(node, "variable", None)):
                if isinstance(element, Element):
                    known = found.setdefault(element.name, len(element.indices))
                    if known != len(element.indices):
                        raise NotExportableError(f"{element.name} with two numbers of indices")
    return found


def _premises(
    printer: Printer,
    indices: tuple[Free, ...],
    dims: tuple[str, ...],
    names: list[str],
    obligation: Obligation,
    stated: list[Proposition],
    arities: Mapping[str, int],
    held: tuple[Definition, ...],
) -> tuple[Premise, ...]:
    found = [Premise(f"N_{printer.dim(d)}", f"(1 <= {printer.dim(d)})%nat") for d in dims]
    found += [Premise(f"B_{printer.index(i)}", printer.range(i)) for i in indices]
    spoken: list[Proposition] = []
    for name in names:
        variable = obligation.declarations.variables.get(name)
        words = sorted(variable.conditions) if variable else []
        for word in words:
            assert variable is not None
            shape = variable.shape
            component = Element(name, tuple(Free(f"\0c{a}", d) for a, d in enumerate(shape)))
            if word in _COMPONENT_WORDS:
                fact: Proposition = Compare(_COMPONENT_WORDS[word], component, ZERO)
                for index in reversed(component.indices):
                    assert isinstance(index, Free)
                    fact = ForAll(index.dim, bind(fact, index))
                spoken.append(fact)
            elif word == "sums to 1" and len(shape) == 1:
                (index,) = component.indices
                assert isinstance(index, Free)
                spoken.append(Compare("=", Sum(shape[0], bind(component, index)), ONE))
            elif word == "one-hot" and len(shape) == 1:
                text = _one_hot_text(printer, name, shape[0])
                found.append(Premise(f"H{len(found)}", text, None, (name, shape[0])))
            elif word == "symmetric" and len(shape) == 2:
                text = printer.proposition(_symmetry(name, shape[0]))
                found.append(Premise(f"H{len(found)}", f"({text})", symmetric=name))
    for definition in held:
        text = printer.proposition(_universal(definition))
        found.append(Premise(f"H{len(found)}", f"({text})", defines=definition))
    for fact in (*spoken, *stated):
        text = printer.proposition(fact)
        found.append(Premise(f"H{len(found)}", f"({text})", fact))
    return tuple(found)


def _one_hot_text(printer: Printer, name: str, dim: Dim) -> str:
    """Some place has 1, all others 0; neither letter is that of a range or an array."""
    place, hot = Free("\0p", dim), Free("\0hot", dim)
    letter = printer.identifiers.given("index", hot.name)
    if letter is None:
        letter = printer.identifiers.give("index", hot.name, "c_hot")
    entry = Compare("=", Element(name, (place,)), Delta(place, hot))
    entries = printer.proposition(ForAll(dim, bind(entry, place)))
    return f"(exists {letter} : nat, {printer.range(hot)} /\\ {entries})"


def _symmetry(name: str, dim: Dim) -> Proposition:
    """``A i j = A j i`` for all indices."""
    row, column = Free("\0r", dim), Free("\0s", dim)
    turned = Compare("=", Element(name, (row, column)), Element(name, (column, row)))
    return ForAll(dim, bind(ForAll(dim, bind(turned, column)), row))


def _universal(definition: Definition) -> Proposition:
    """The definition as an equation for all values of its indices."""
    component = Element(definition.name, definition.indices)
    fact: Proposition = Compare("=", component, definition.body)
    for index in reversed(definition.indices):
        fact = ForAll(index.dim, bind(fact, index))
    return fact


def _bare_definition(definition: Definition, body: Term) -> Definition:
    """The definition with this body, its indices renamed to letters that nothing else has."""
    indices = tuple(Free(f"\0h{a}:{i.dim}", i.dim) for a, i in enumerate(definition.indices))
    change: dict[Free, Index] = dict(zip(definition.indices, indices, strict=True))
    return Definition(definition.name, indices, substitute_indices(body, change))


def _defined(
    left: Term, right: Term, quantities: list[Quantity], held: tuple[Definition, ...]
) -> tuple[Condition, ...]:
    found: dict[Condition, None] = {}
    places: list[tuple[Term, tuple[Free, ...], bool]] = []
    places += [(side, (), False) for side in (left, right)]
    places += [(quantity.body, quantity.indices, True) for quantity in quantities]
    places += [(definition.body, definition.indices, False) for definition in held]
    for term, bound, inside in places:
        _collect(lowered(term), bound, found, inside=inside)
        _collect_zeroth(term, bound, found, inside=inside)
    return tuple(found)


def _collect_zeroth(
    node: Term, bound: tuple[Free, ...], found: dict[Condition, None], *, inside: bool
) -> None:
    """What the base of a power 0 needs, which lowered is 1: ``(1/x)^0`` has no value at 0."""
    if isinstance(node, Pow) and node.exponent == ZERO:
        _collect(lowered(node.base), bound, found, inside=inside)
    if isinstance(node, Sum):
        index = Free(f"\0d{len(bound)}:{node.dim}", node.dim)
        _collect_zeroth(open_binder(node.body, index), (*bound, index), found, inside=inside)
        return
    for part in parts(node):
        if isinstance(part, Term):
            _collect_zeroth(part, bound, found, inside=inside)


def _collect(
    node: Term, bound: tuple[Free, ...], found: dict[Condition, None], *, inside: bool
) -> None:
    """What a lowered term needs to have a value; ``inside`` a derivative, around the point too."""
    needed: Compare | None = None
    match node:
        case Pow(base, exponent) if exponent == MINUS_ONE:
            if not (isinstance(base, Number) and base.value):
                needed = Compare("!=", base, ZERO)
        case Apply("log", (argument,)):
            if not (isinstance(argument, Number) and argument.value > 0):
                needed = Compare("<", ZERO, argument)
        case Apply("sqrt", (argument,)):
            needed = Compare("<" if inside else "<=", ZERO, argument)
    if needed is not None:
        used = tuple(i for i in bound if i in free_indices(needed))
        found[Condition(used, needed)] = None
    if isinstance(node, Sum):
        index = Free(f"\0d{len(bound)}:{node.dim}", node.dim)
        _collect(open_binder(node.body, index), (*bound, index), found, inside=inside)
        return
    for part in parts(node):
        if isinstance(part, Term):
            _collect(part, bound, found, inside=inside)
