"""Near misses of differentiation: chain factors, product rule, quotient rule."""

from collections.abc import Iterator, Mapping

from derive.reader import surface
from derive.reader.names import spelling
from derive.reader.surface import Node
from derive.repair.edits import Edit, Written, after, as_factor, bracketed, inner, multiplied
from derive.repair.near_misses.functions import exponent_of
from derive.repair.setting import Change, Setting

#: Derivatives that a person writes down at once.
_KNOWN_DERIVATIVES: Mapping[str, str] = {
    "sin": "\\cos {}",
    "cos": "(-\\sin {})",
    "sinh": "\\cosh {}",
    "cosh": "\\sinh {}",
    "ln": "\\frac{{1}}{{{}}}",
    "log": "\\frac{{1}}{{{}}}",
}


def chain_factors(setting: Setting) -> Iterator[Change]:
    """The derivative of an inner function as a further factor."""
    side, other = setting.side, setting.other
    for derivative in _derivatives(other):
        operator = _operator(other, derivative)
        variable = derivative.variables[0].variable
        if operator is None or derivative.operand is None:
            continue
        for part in _inner_functions(derivative.operand):
            if part == variable or not _contains(part, variable):
                continue
            for factor in _written_derivative(other, part, variable, operator):
                for target in _targets(side):
                    words = f"the inner derivative of {other.text(part)} is missing"
                    yield Change(multiplied(side, target, factor), words, "DRV201")


def _derivatives(side: Written) -> Iterator[surface.Derivative]:
    for node in side.nodes():
        if not isinstance(node, surface.Derivative) or len(node.variables) != 1:
            continue
        if node.order is None and node.variables[0].order is None:
            yield node


def _operator(side: Written, node: surface.Derivative) -> str | None:
    r"""``\frac{d}{dx}`` for the variable of a derivative."""
    variable = side.text(node.variables[0].variable)
    gap = " " if node.symbol == "\\partial" else ""
    return f"\\frac{{{node.symbol}}}{{{node.symbol}{gap}{variable}}}"


def _inner_functions(node: Node) -> Iterator[Node]:
    for part in surface.walk(node):
        exponent = exponent_of(part)
        if exponent is not None:
            yield inner(exponent)
        elif isinstance(part, surface.Apply):
            yield inner(part.argument)
        elif isinstance(part, surface.Script) and part.superscript is not None:
            if isinstance(inner(part.base), surface.Addition | surface.Apply):
                yield inner(part.base)
        elif isinstance(part, surface.Root):
            yield inner(part.radicand)
        elif isinstance(part, surface.Fraction):
            yield inner(part.denominator)


def _contains(node: Node, variable: Node) -> bool:
    return any(part == variable for part in surface.walk(node))


def _written_derivative(side: Written, node: Node, variable: Node, operator: str) -> Iterator[str]:
    """Simple derivatives as a person writes them, then the derivative as an operator."""
    x = side.text(variable)
    simple = _simple(side, node, variable, x)
    if simple is not None:
        yield simple
    yield operator + bracketed(side.text(node))


def _simple(side: Written, node: Node, variable: Node, x: str) -> str | None:
    match node:
        case surface.Addition(terms=(only,), signs=("-",)) if only == variable:
            return "-"
        case surface.Addition(terms=terms, signs=signs):
            moving = [
                (sign, term)
                for sign, term in zip(signs, terms, strict=True)
                if _contains(term, variable)
            ]
            if len(moving) != 1 or moving[0][1] == node:
                return None
            sign, term = moving[0]
            found = "1" if term == variable else _simple(side, term, variable, x)
            if found is None:
                return None
            return f"(-{found})" if sign == "-" else (None if found == "1" else found)
        case surface.Juxtaposition(items=items) if items.count(variable) == 1:
            rest = [item for item in items if item != variable]
            if any(_contains(item, variable) for item in rest):
                return None
            return " ".join(side.text(item) for item in rest)
        case surface.Script(base=base, subscript=None, superscript=power) if base == variable:
            if power is not None and spelling(power) == "2":
                return f"2 {x}"
    return None


def _targets(side: Written) -> Iterator[Node]:
    yield side.node
    if isinstance(side.node, surface.Addition) and len(side.node.terms) > 1:
        yield from side.node.terms


def further_product_terms(setting: Setting) -> Iterator[Change]:
    """The terms of the product rule that are missing."""
    side, other = setting.side, setting.other
    for derivative in _derivatives(other):
        operator = _operator(other, derivative)
        operand = inner(derivative.operand) if derivative.operand is not None else None
        if operator is None or not isinstance(operand, surface.Juxtaposition):
            continue
        variable = derivative.variables[0].variable
        for place, item in enumerate(operand.items):
            if not _contains(item, variable):
                continue
            factors = [
                as_factor(other, factor)
                for position, factor in enumerate(operand.items)
                if position != place
            ]
            rest = " ".join(factors)
            if len(factors) == 1 and item == variable:
                rest = other.text(operand.items[1 - place])
            for derived in _derived_factor(other, item, variable, operator):
                term = f"{rest} {derived}".strip() if derived != "1" else rest
                words = f"the product rule has a second term: {term}"
                yield Change((after(side.node, f" + {term}"),), words, "DRV202")


def _derived_factor(side: Written, node: Node, variable: Node, operator: str) -> Iterator[str]:
    if node == variable:
        yield "1"
    if exponent_of(node) == variable:
        yield side.text(node)
    x = side.text(variable)
    if isinstance(node, surface.Apply) and inner(node.argument) == variable:
        known = _KNOWN_DERIVATIVES.get(spelling(node.function) or "")
        if known is not None:
            yield known.format(x)
    simple = _simple(side, node, variable, x)
    if simple is not None:
        yield simple
    yield f"{operator} {as_factor(side, node)}"


def quotient_signs(setting: Setting) -> Iterator[Change]:
    """The sign between the two terms of the quotient rule."""
    side = setting.side
    if not setting.has_derivative():
        return
    for node in side.nodes():
        if not isinstance(node, surface.Fraction):
            continue
        above = inner(node.numerator)
        if isinstance(above, surface.Addition) and len(above.terms) == 2 and above.signs[1] == "+":
            below = inner(node.denominator)
            squared = isinstance(below, surface.Script) and below.superscript is not None
            if squared:
                gap = side.latex[above.terms[0].span.end : above.terms[1].span.start]
                at = above.terms[0].span.end + gap.index("+")
                words = "the quotient rule subtracts the second term"
                yield Change((Edit(at, at + 1, "-"),), words, "DRV203")
