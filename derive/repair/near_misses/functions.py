"""Near misses where a function was treated as linear: logarithms, exponentials, squares, roots."""

from collections.abc import Iterator

from derive.reader import surface
from derive.reader.names import spelling
from derive.reader.surface import Node
from derive.repair.edits import Edit, Written, after, as_factor, bracketed, inner, replaced, terms
from derive.repair.setting import Change, Setting

LOGARITHMS = frozenset({"\\ln", "\\log", "ln", "log"})

#: Functions that are taken for one another when they are differentiated.
_RELATIVES = {
    "sin": "cos",
    "cos": "sin",
    "sinh": "cosh",
    "cosh": "sinh",
    "max": "min",
    "min": "max",
}


def function_of(node: Node) -> str | None:
    """The name of the function in a plain application; ``exp`` for a power of e."""
    if isinstance(node, surface.Apply):
        return spelling(node.function)
    if exponent_of(node) is not None:
        return "exp"
    return None


def exponent_of(node: Node) -> Node | None:
    """``a`` in ``e^a`` or ``exp(a)``."""
    if isinstance(node, surface.Script) and node.subscript is None and not node.primes:
        base = node.base
        return node.superscript if isinstance(base, surface.Name) and base.spelling == "e" else None
    if isinstance(node, surface.Apply) and spelling(node.function) == "exp":
        return inner(node.argument)
    return None


def is_logarithm(node: Node) -> bool:
    """Whether a part is a logarithm."""
    return isinstance(node, surface.Apply) and spelling(node.function) in LOGARITHMS


def logarithm_in(node: Node) -> bool:
    """Whether a part is a logarithm, or a product with one."""
    if is_logarithm(node):
        return True
    return isinstance(node, surface.Juxtaposition) and any(map(is_logarithm, node.items))


def subtracts_logarithms(node: Node) -> bool:
    """Whether somewhere a logarithm is subtracted from another."""
    return any(
        isinstance(part, surface.Addition)
        and any(
            second == "-" and first != "-" and logarithm_in(a) and logarithm_in(b)
            for a, b, first, second in zip(
                part.terms, part.terms[1:], part.signs, part.signs[1:], strict=False
            )
        )
        for part in surface.walk(node)
    )


def _is_logarithm_of_quotient(node: Node) -> bool:
    return (
        isinstance(node, surface.Apply)
        and is_logarithm(node)
        and isinstance(inner(node.argument), surface.Fraction)
    )


def merged_quotients(setting: Setting) -> Iterator[Change]:
    """``f(a) / f(b)`` with ``f(a / b)``."""
    side = setting.side
    if any(map(_is_logarithm_of_quotient, setting.other.nodes())):
        return
    for node in side.nodes():
        if not isinstance(node, surface.Fraction):
            continue
        above, below = inner(node.numerator), inner(node.denominator)
        if not (isinstance(above, surface.Apply) and isinstance(below, surface.Apply)):
            continue
        if above.function != below.function:
            continue
        name = side.text(above.function)
        a, b = (side.text(inner(part.argument)) for part in (above, below))
        quotient = f"\\frac{{{a}}}{{{b}}}"
        shown = spelling(above.function) or name
        plain = name + (quotient if is_logarithm(above) else bracketed(quotient))
        if is_logarithm(above) and subtracts_logarithms(setting.other.node):
            words = (
                "a difference of logarithms is the logarithm of a quotient, "
                "not a quotient of logarithms"
            )
            yield Change((replaced(node, plain),), words, "DRV101")
        else:
            words = f"{shown} does not cancel in a quotient of two values"
            yield Change((replaced(node, plain),), words, "DRV103")


def quotients_as_differences(setting: Setting) -> Iterator[Change]:
    """``log a / log b`` with ``log a - log b``."""
    side = setting.side
    for node in side.nodes():
        if not isinstance(node, surface.Fraction):
            continue
        above, below = inner(node.numerator), inner(node.denominator)
        if logarithm_in(above) and logarithm_in(below):
            text = f"{side.text(above)} - {side.text(below)}"
            whole = node is side.node
            words = "the logarithm of a quotient is a difference of logarithms"
            yield Change((replaced(node, text if whole else bracketed(text)),), words, "DRV102")


def rules_applied_right(setting: Setting) -> Iterator[Change]:
    """The other side expanded by the rule that the step meant to use."""
    if not any(_rewritten(part) for part in setting.side.nodes()):
        return
    summands = len(terms(setting.side.node))
    for text, words, code in expansions(setting.other):
        if code == "DRV105" and summands != 2:
            continue
        yield Change((replaced(setting.side.node, text),), words, code)


def _rewritten(node: Node) -> bool:
    """Whether a part looks like the outcome of such a rule."""
    squared = isinstance(node, surface.Script) and spelling(node.superscript or node) == "2"
    return is_logarithm(node) or exponent_of(node) is not None or squared


def expansions(side: Written) -> Iterator[tuple[str, str, str]]:
    """The expansions of a whole side: text, words, code."""
    node = inner(side.node)
    exponent = exponent_of(node)
    if is_logarithm(node):
        yield from _expanded_logarithm(side, node)
    elif exponent is not None:
        yield from _expanded_exponential(side, node, inner(exponent))
    elif isinstance(node, surface.Script) and node.superscript is not None:
        base = inner(node.base)
        if spelling(node.superscript) != "2" or not isinstance(base, surface.Addition):
            return
        if len(base.terms) == 2 and base.signs[0] in ("", "+"):
            a, b = (as_factor(side, term) for term in base.terms)
            text = f"{a}^2 {base.signs[1]} 2 {a} {b} + {b}^2"
            yield text, f"the square has the mixed term {base.signs[1]} 2 {a} {b}", "DRV105"


def _expanded_logarithm(side: Written, node: Node) -> Iterator[tuple[str, str, str]]:
    assert isinstance(node, surface.Apply)
    name = side.text(node.function)
    argument = inner(node.argument)
    if isinstance(argument, surface.Fraction):
        a, b = inner(argument.numerator), inner(argument.denominator)
        text = f"{_called(name, side, a)} - {_called(name, side, b)}"
        yield text, "the logarithm of a quotient is a difference of logarithms", "DRV102"
    elif isinstance(argument, surface.Juxtaposition):
        text = " + ".join(_called(name, side, item) for item in argument.items)
        yield text, "the logarithm of a product is a sum of logarithms", "DRV107"


def _expanded_exponential(
    side: Written, node: Node, exponent: Node
) -> Iterator[tuple[str, str, str]]:
    if not isinstance(exponent, surface.Addition) or len(exponent.terms) < 2:
        return
    parts = []
    for sign, term in zip(exponent.signs, exponent.terms, strict=True):
        power = f"{'-' if sign == '-' else ''}{side.text(term)}"
        parts.append(f"e^{{{power}}}" if isinstance(node, surface.Script) else f"\\exp({power})")
    words = "the exponential of a sum is the product of the exponentials"
    yield " ".join(parts), words, "DRV104"


def _called(name: str, side: Written, argument: Node) -> str:
    text = side.text(argument)
    if isinstance(argument, surface.Number | surface.Name):
        return f"{name} {text}"
    if isinstance(argument, surface.Group) and argument.open == "(":
        return f"{name}{text}"
    return name + bracketed(text)


def mixed_terms(setting: Setting) -> Iterator[Change]:
    """``a^2 + b^2`` with ``a^2 + 2ab + b^2``."""
    side = setting.side
    for node in side.nodes():
        if not isinstance(node, surface.Addition) or len(node.terms) != 2:
            continue
        bases = [_squared(term) for term in node.terms]
        first, second = bases
        if first is None or second is None:
            continue
        for sign in ("+", "-"):
            mixed = f"2 {as_factor(side, first)} {as_factor(side, second)}"
            edit = after(node.terms[0], f" {sign} {mixed}")
            yield Change((edit,), f"the square has the mixed term {sign} {mixed}", "DRV105")


def _squared(node: Node) -> Node | None:
    if isinstance(node, surface.Script) and node.subscript is None and node.superscript is not None:
        return node.base if spelling(node.superscript) == "2" else None
    return None


def sums_as_products(setting: Setting) -> Iterator[Change]:
    """``a + b`` with ``a b``: under a logarithm, and between exponentials."""
    side = setting.side
    for node in side.nodes():
        if not isinstance(node, surface.Addition) or len(node.terms) != 2:
            continue
        a, b = node.terms
        if node.signs[0] not in ("", "+") or node.signs[1] != "+":
            continue
        gap = Edit(a.span.end, b.span.start, " ")
        if exponent_of(a) is not None and exponent_of(b) is not None:
            words = "the exponential of a sum is the product of the exponentials"
            yield Change((gap,), words, "DRV104")
    for node in filter(is_logarithm, side.nodes()):
        assert isinstance(node, surface.Apply)
        body = inner(node.argument)
        if isinstance(body, surface.Addition) and body.signs == ("", "+"):
            text = " ".join(as_factor(side, term) for term in body.terms)
            words = "a sum of logarithms is the logarithm of a product"
            yield Change((replaced(body, text),), words, "DRV107")


def products_as_sums(setting: Setting) -> Iterator[Change]:
    """``log a log b`` with ``log a + log b``."""
    for node in setting.side.nodes():
        if isinstance(node, surface.Juxtaposition) and len(node.items) == 2:
            a, b = node.items
            if is_logarithm(a) and is_logarithm(b):
                words = "the logarithm of a product is a sum of logarithms"
                yield Change((Edit(a.span.end, b.span.start, " + "),), words, "DRV107")
    for node in setting.side.nodes():
        exponent = exponent_of(node)
        product = inner(exponent) if exponent is not None else None
        if isinstance(product, surface.Juxtaposition) and len(product.items) == 2:
            a, b = product.items
            words = "a product of exponentials is the exponential of a sum"
            yield Change((Edit(a.span.end, b.span.start, " + "),), words, "DRV104")


def quotients_of_exponentials(setting: Setting) -> Iterator[Change]:
    """``a/b`` with ``e^{a - b}`` where the other side is ``e^a / e^b``."""
    whole = inner(setting.other.node)
    if not isinstance(whole, surface.Fraction):
        return
    a, b = (exponent_of(inner(part)) for part in (whole.numerator, whole.denominator))
    if a is not None and b is not None:
        text = f"e^{{{setting.other.text(inner(a))} - {as_factor(setting.other, inner(b))}}}"
        words = "a quotient of exponentials is the exponential of a difference"
        yield Change((replaced(setting.side.node, text),), words, "DRV103")


def powers_of_logarithms(setting: Setting) -> Iterator[Change]:
    """``(ln a)^p`` with ``p ln a``."""
    side = setting.side
    for node in side.nodes():
        if not isinstance(node, surface.Script) or node.superscript is None:
            continue
        base = inner(node.base)
        if is_logarithm(base):
            power = side.text(inner(node.superscript))
            words = "the power inside a logarithm becomes a factor before it, not its power"
            yield Change((replaced(node, f"{power} {side.text(base)}"),), words, "DRV110")


def divided_summands(setting: Setting) -> Iterator[Change]:
    """``b`` with ``1 + b/a`` where ``(a + b)/a`` was cancelled wrongly."""
    side, other = setting.side, setting.other
    whole = other.node
    if not isinstance(whole, surface.Fraction):
        return
    below, above = inner(whole.denominator), inner(whole.numerator)
    if not isinstance(above, surface.Addition) or side.node not in above.terms:
        return
    base = other.text(below)
    pieces = []
    for sign, term in zip(above.signs, above.terms, strict=True):
        shown = "1" if term == below else f"\\frac{{{other.text(term)}}}{{{base}}}"
        pieces.append(f"{sign} {shown}".strip())
    words = "every summand of the numerator is divided"
    yield Change((replaced(side.node, " ".join(pieces)),), words, "DRV109")


def relatives(setting: Setting) -> Iterator[Change]:
    """``sin`` for ``cos`` and the like."""
    side = setting.side
    for node in side.nodes():
        if not isinstance(node, surface.Apply):
            continue
        function = (
            node.function.base if isinstance(node.function, surface.Script) else node.function
        )
        name = spelling(function)
        relative = _RELATIVES.get(name or "")
        if name is None or relative is None:
            continue
        at = function.span.start + side.text(function).index(name)
        edit = Edit(at, at + len(name), relative)
        yield Change((edit,), f"{relative} instead of {name}", "DRV206")


def powers_into_arguments(setting: Setting) -> Iterator[Change]:
    r"""``c \ln \\sum x`` with ``\ln \sum x^c``: a power stays inside the sum."""
    side = setting.side
    for node in side.nodes():
        if not isinstance(node, surface.Juxtaposition) or len(node.items) != 2:
            continue
        factor, function = node.items
        if not is_logarithm(function) or not isinstance(factor, surface.Name | surface.Number):
            continue
        assert isinstance(function, surface.Apply)
        body = inner(function.argument)
        if isinstance(body, surface.BigOperator):
            power = side.text(factor)
            text = bracketed(side.text(inner(body.body)))
            edits = (
                Edit(factor.span.start, function.span.start, ""),
                replaced(body.body, f"{text}^{{{power}}}"),
            )
            yield Change(edits, "a power does not come out of a sum", "DRV107")
