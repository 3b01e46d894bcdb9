"""Near misses in signs, factors, powers, digits, terms and relations."""

from collections.abc import Iterator

from derive.reader import surface
from derive.reader.surface import Node
from derive.repair.edits import (
    Edit,
    Written,
    after,
    as_factor,
    before,
    bracketed,
    edited,
    inner,
    multiplied,
    replaced,
    terms,
)
from derive.repair.setting import Change, Setting, bound_letters, index_names

#: Digits that are easily written, or read, for a letter.
_LETTER_SHAPES = {
    "0": ("o", "O", "D"),
    "1": ("l", "i", "I"),
    "2": ("z", "Z"),
    "5": ("s", "S"),
    "6": ("b", "G"),
    "8": ("B",),
    "9": ("g", "q"),
}


def flipped_signs(setting: Setting) -> Iterator[Change]:
    """One sign, or the sign of the whole side."""
    side = setting.side
    for node in side.nodes():
        if isinstance(node, surface.Addition):
            for place, edit in sorted(_signs(side, node), key=lambda found: found[0] == 0):
                shown = side.text(node.terms[place])
                yield Change((edit,), f"the sign of {_short(shown)} is wrong", "DRV601")
    whole = side.node
    if not isinstance(whole, surface.Addition):
        yield Change((before(whole, "-"),), "the sign of the whole side is wrong", "DRV601")
    elif len(whole.terms) > 1:
        text = f"-{bracketed(side.text(whole))}"
        yield Change((replaced(whole, text),), "the sign of the whole side is wrong", "DRV601")


def _signs(side: Written, node: surface.Addition) -> Iterator[tuple[int, Edit]]:
    end = node.span.start
    for place, (sign, term) in enumerate(zip(node.signs, node.terms, strict=True)):
        gap = side.latex[end : term.span.start]
        if sign in ("+", "-") and sign in gap:
            at = end + gap.index(sign)
            opposite = "-" if sign == "+" else "+"
            if place == 0:
                yield place, Edit(at, term.span.start, "")
            else:
                yield place, Edit(at, at + 1, opposite)
        elif place == 0 and not sign:
            yield place, before(term, "-")
        end = term.span.end


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else "this term"


def constant_factors(setting: Setting) -> Iterator[Change]:
    """A factor 2, 1/2 or the length of a sum, missing or too much."""
    side = setting.side
    both = (*side.nodes(), *setting.other.nodes())
    written = dict.fromkeys(node.text for node in both if isinstance(node, surface.Number))
    further = [(text, text) for text in tuple(written)[:4] if text not in ("0", "1", "2")]
    yield from _with_factors(side, [("2", "2"), *further])
    yield from _dropped_numbers(setting)
    yield from _with_factors(side, [("\\frac{1}{2}", "1/2")])
    for dimension in _lengths(setting):
        for target in _targets(side):
            words = f"the constant is added {dimension} times: the factor {dimension} is missing"
            yield Change(multiplied(side, target, dimension), words, "DRV205")


def _with_factors(side: Written, factors: list[tuple[str, str]]) -> Iterator[Change]:
    for factor, words in factors:
        for target in _targets(side):
            if not isinstance(target, surface.Number):
                edits = multiplied(side, target, factor)
                yield Change(edits, f"the factor {words} is missing", "DRV602")


def _lengths(setting: Setting) -> tuple[str, ...]:
    """The dimensions that sums in the step run over, and those that the step mentions."""
    found = dict.fromkeys(name for name in setting.names() if name in setting.scope.dimensions)
    return tuple(found)


def _targets(side: Written) -> Iterator[Node]:
    yield side.node
    if isinstance(side.node, surface.Addition):
        yield from (term for term in side.node.terms if len(side.node.terms) > 1)


def _dropped_numbers(setting: Setting) -> Iterator[Change]:
    for edit, item in _dropped_items(setting.side):
        fraction = isinstance(item, surface.Fraction) and all(
            isinstance(inner(part), surface.Number) for part in (item.numerator, item.denominator)
        )
        if fraction or isinstance(item, surface.Number):
            text = setting.side.text(item)
            yield Change((edit,), f"the factor {text} is too much", "DRV602")


def _dropped_items(side: Written) -> Iterator[tuple[Edit, Node]]:
    for node in side.nodes():
        if not isinstance(node, surface.Juxtaposition):
            continue
        if "/" in node.operators:
            continue
        for place, item in enumerate(node.items):
            if place == 0:
                yield Edit(item.span.start, node.items[1].span.start, ""), item
            else:
                yield Edit(node.items[place - 1].span.end, item.span.end, ""), item


def dropped_factors(setting: Setting) -> Iterator[Change]:
    """A factor that is too much."""
    for edit, item in _dropped_items(setting.side):
        if not isinstance(item, surface.Number):
            text = setting.side.text(item)
            code = "DRV602" if setting.shape(item) == () else "DRV307"
            yield Change((edit,), f"the factor {_short(text)} is too much", code)


def further_factors(setting: Setting) -> Iterator[Change]:
    """A factor that stands elsewhere in the step."""
    side, seen = setting.side, dict[str, None]()
    kinds = surface.Name | surface.Script | surface.Fraction
    for source in (setting.other, side):
        indices = {name.span for name in index_names(source.node)}
        named = [n for n in source.nodes() if isinstance(n, kinds)]
        for node in named:
            if node.span not in indices and _is_scalar(setting, source, node):
                for text in _outside_sums(setting, source, node):
                    seen.setdefault(text)
    code = "DRV201" if setting.has_derivative() else "DRV602"
    for factor in tuple(seen)[:6]:
        for target in _targets(side):
            words = f"the factor {factor} is missing"
            yield Change(multiplied(side, target, factor), words, code)


def _is_scalar(setting: Setting, source: Written, node: Node) -> bool:
    plain = Setting(
        source, source, setting.scope, setting.layout, setting.is_left, setting.letters, ()
    )
    return plain.shape(node) == ()


def _outside_sums(setting: Setting, source: Written, node: Node) -> Iterator[str]:
    """The text of a part; where it has the letter of a sum, with each free letter instead."""
    bound = set(bound_letters(source.node))
    places = [name for name in index_names(node) if name.spelling in bound]
    text = source.text(node)
    if not places:
        yield text
        return
    start = node.span.start
    for letter in setting.free:
        if all(setting.letters.get(n.spelling) == setting.letters.get(letter) for n in places):
            edits = [Edit(n.span.start - start, n.span.end - start, letter) for n in places]
            yield edited(text, edits)


def inverted_factors(setting: Setting) -> Iterator[Change]:
    """A fraction upside down."""
    side = setting.side
    for node in side.nodes():
        if isinstance(node, surface.Fraction):
            above, below = side.text(node.numerator), side.text(node.denominator)
            texts = [part.removeprefix("{").removesuffix("}") for part in (above, below)]
            text = f"\\frac{{{texts[1]}}}{{{texts[0]}}}"
            yield Change((replaced(node, text),), "the fraction is upside down", "DRV603")


def changed_powers(setting: Setting) -> Iterator[Change]:
    """An exponent one too large or too small, a square missing or too much."""
    side = setting.side
    for node in side.nodes():
        if not isinstance(node, surface.Script) or node.superscript is None:
            continue
        power = inner(node.superscript)
        shown = side.text(power)
        if isinstance(power, surface.Number) and power.text.isdigit():
            for value in (int(power.text) + 1, int(power.text) - 1):
                braced = str(value) if value >= 0 and value < 10 else f"{{{value}}}"
                text = str(value) if power is not node.superscript else braced
                words = f"the exponent is {value}, not {shown}"
                yield Change((replaced(power, text),), words, "DRV603")
        elif isinstance(power, surface.Name | surface.Addition) and setting.shape(power) == ():
            for step in (" - 1", " + 1"):
                text = f"{{{shown}{step}}}"
                words = f"the exponent is {shown}{step}, not {shown}"
                yield Change((replaced(node.superscript, text),), words, "DRV603")
    for node in side.nodes():
        if _can_be_squared(side, node) and setting.shape(node) == ():
            words = f"{_short(side.text(node))} should be squared"
            yield Change((after(node, "^2"),), words, "DRV603")


def _can_be_squared(side: Written, node: Node) -> bool:
    if isinstance(node, surface.Group):
        return node.open == "("
    if isinstance(node, surface.Name):
        return node.spelling != "e" and "^" not in side.text(node)
    return (
        isinstance(node, surface.Script) and node.superscript is None and "^" not in side.text(node)
    )


def changed_digits(setting: Setting) -> Iterator[Change]:
    """One digit, one more or less first."""
    side = setting.side
    numbers = [node for node in side.nodes() if isinstance(node, surface.Number)]
    near: list[Change] = []
    far: list[Change] = []
    for node in numbers:
        for place, digit in enumerate(node.text):
            if not digit.isdigit():
                continue
            at = node.span.start + place
            for other in "0123456789":
                if other == digit or (other == "0" and place == 0 and len(node.text) > 1):
                    continue
                value = node.text[:place] + other + node.text[place + 1 :]
                words = f"{value} instead of {node.text}"
                change = Change((Edit(at, at + 1, other),), words, "DRV605")
                (near if abs(int(digit) - int(other)) == 1 else far).append(change)
    yield from near
    yield from far


def wrong_results(setting: Setting) -> Iterator[Change]:
    """A side that is nothing but a number, with one digit changed."""
    if isinstance(setting.side.node, surface.Number):
        yield from changed_digits(setting)


def digits_for_letters(setting: Setting) -> Iterator[Change]:
    """A digit that can only be a letter: ``/5`` for ``/s``."""
    side = setting.side
    known = {*setting.names(), *setting.scope.variables, *setting.scope.definitions}
    known |= setting.scope.dimensions
    for node in side.nodes():
        if isinstance(node, surface.Number):
            for letter in _LETTER_SHAPES.get(node.text, ()):
                if letter in known:
                    words = f"the digit {node.text} can only be the letter {letter}"
                    yield Change((replaced(node, letter),), words, "DRV504")


def superfluous_terms(setting: Setting) -> Iterator[Change]:
    """A term too much; not where all are numbers: there a digit is wrong."""
    side = setting.side
    if not setting.names():
        return
    for node in side.nodes():
        if isinstance(node, surface.Addition) and len(node.terms) > 1:
            for place, term in enumerate(node.terms):
                if place == 0:
                    following = node.terms[1].span.start
                    edit = Edit(node.span.start, following, "-" if node.signs[1] == "-" else "")
                else:
                    edit = Edit(node.terms[place - 1].span.end, term.span.end, "")
                words = f"the term {_short(side.text(term))} is too much"
                yield Change((edit,), words, "DRV606")


def missing_ones(setting: Setting) -> Iterator[Change]:
    """One more or less."""
    whole = setting.side.node
    if isinstance(whole, surface.Number):
        return
    for text in ("+ 1", "- 1"):
        yield Change((after(whole, f" {text}"),), f"the term {text} is missing", "DRV606")


def shifted_dimensions(setting: Setting) -> Iterator[Change]:
    """``n`` with ``n - 1``, ``n + 1`` or another dimension."""
    side, scope = setting.side, setting.scope
    limits = {
        part.span
        for node in side.nodes()
        if isinstance(node, surface.BigOperator) and node.upper is not None
        for part in surface.walk(node.upper)
    }
    alone = {
        inner(part).span
        for node in side.nodes()
        if isinstance(node, surface.Fraction)
        for part in (node.numerator, node.denominator)
    }
    for node in side.nodes():
        if not isinstance(node, surface.Name) or node.spelling not in scope.dimensions:
            continue
        if node.span in limits:
            continue
        name = side.text(node)
        for step in (" - 1", " + 1"):
            text = f"{name}{step}" if node.span in alone else f"({name}{step})"
            yield Change((replaced(node, text),), f"{name}{step} instead of {name}", "DRV602")
        for other in sorted(scope.dimensions - {node.spelling}):
            words = f"the dimension {other} instead of {node.spelling}"
            yield Change((replaced(node, other),), words, "DRV502")


def misplaced_parentheses(setting: Setting) -> Iterator[Change]:
    """A minus sign or a factor that reaches over too little: ``-(a - b)`` as ``-a - b``."""
    side = setting.side
    for node in side.nodes():
        if not isinstance(node, surface.Addition) or len(node.terms) < 2:
            continue
        first = node.terms[0]
        if isinstance(first, surface.Juxtaposition) and len(node.terms) == 2:
            factor = side.latex[node.span.start : first.items[-1].span.start]
            rest = side.latex[first.items[-1].span.start : node.span.end]
            text = f"{factor}{bracketed(rest)}"
            words = "the factor belongs to the whole sum"
            yield Change((replaced(node, text),), words, "DRV602")


def missing_denominators(setting: Setting) -> Iterator[Change]:
    """A summand that lacks the denominator or factor of its neighbour."""
    side = setting.side
    if not isinstance(side.node, surface.Addition):
        return
    for node in terms(side.node):
        for neighbour in terms(side.node):
            if node is neighbour or not isinstance(neighbour, surface.Juxtaposition):
                continue
            for item in neighbour.items:
                factor = as_factor(side, item)
                words = f"the factor {_short(factor)} is missing"
                yield Change(multiplied(side, node, factor), words, "DRV602")
