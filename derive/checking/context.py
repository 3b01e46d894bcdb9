"""Context from running text: "when $i = j$", "assume $c > 0$", "otherwise", "the correct class k".

What is announced weakly ("when", "for", "if") holds for the next display, and only up to the end
of its sentence or paragraph; what is announced strongly ("let", "assume", "suppose", "given") holds
to the end of the section.  "..., for $x > 0$" right behind a display belongs to that display.
"""

import re
from dataclasses import dataclass

from derive.document.model import Display, Document
from derive.elaborate.conditions import OPERATORS
from derive.elaborate.scope import Scope
from derive.prove.one_hot import class_index
from derive.reader import surface
from derive.reader.chains import Chain
from derive.terms.term import Compare, Free, Not, Proposition, SameIndex

_STRONG_WORDS = r"let|assume|assuming|suppose|supposing|given|provided"
_WEAK_WORDS = r"when|whenever|for|if|where|while|with|case|at|on"
_STRONG = re.compile(rf"\b({_STRONG_WORDS})(\s[^.;:$]{{0,40}}\bthat)?\s*$", re.IGNORECASE)
_WEAK = re.compile(rf"\b({_WEAK_WORDS})(\s+(all|every|any|each|some))?\s*$", re.IGNORECASE)
_NO_CONTEXT = re.compile(r"\b(only (if|when)|or (if|when)|even if|as if|what if)\s*$", re.I)
_AND = re.compile(r"\s*(,|and|, and|,\s*and)\s*")
_BEHIND = re.compile(
    rf"\s*[,.;(]?\s*({_WEAK_WORDS}|provided|assuming|given)(\s+(all|every|any|each|that))?\s*",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(r"\b(otherwise|else)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](\s|$)")

#: "the correct class k": what a target picks out, in words.
_CLASS = re.compile(
    r"\b(?P<wrong>in)?(?:correct|true|right|target) class\s+\$?\\?(?P<letter>[A-Za-z])\b"
)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Something to rest on: a relation as written, or a proposition; perhaps negated."""

    said: surface.Relation | Proposition
    negated: bool = False

    def opposite(self) -> "Hypothesis":
        """The same, denied."""
        return Hypothesis(self.said, not self.negated)


def negated(proposition: Proposition) -> Proposition:
    """The denial, without a double negation."""
    match proposition:
        case Not(inner):
            return inner
        case Compare("=", left, right):
            return Compare("!=", left, right)
    return Not(proposition)


def relation_of(chain: Chain) -> surface.Relation | None:
    """What a chain of comparisons says, as one relation; None for anything else."""
    sides = tuple(side for side in chain.sides if not isinstance(side, surface.Unread))
    symbols = tuple(relation.symbol for relation in chain.relations)
    if not symbols or len(sides) != len(symbols) + 1:
        return None
    if any(symbol not in OPERATORS for symbol in symbols):
        return None
    return surface.Relation(chain.span, sides, symbols)


def is_announced(chain: Chain) -> bool:
    r"""Whether words in the display itself make a chain context: ``\text{for } x > 0``."""
    return bool(chain.words) and bool(_WEAK.search(chain.words[-1].text.rstrip()))


class Context:
    """The hypotheses in force, kept up to date along a document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._next: list[Hypothesis] = []
        self._standing: list[tuple[int, Hypothesis]] = []
        self._last: list[Hypothesis] = []
        self._weak_since: int | None = None
        self._ends = 0
        self._last_end = -1
        self._behind = -1
        self._before = ""
        self._correct_class: Free | None = None

    def before(self, display: Display, scope: Scope) -> None:
        """Take in the running text in front of a formula."""
        text = self.document.text[self._ends : display.start]
        self._standing = [(end, h) for end, h in self._standing if end > display.start]
        if self._weak_since is not None and _cut_off(
            self.document.text[self._weak_since : display.start]
        ):
            self._next, self._weak_since = [], None
        if _OTHERWISE.search(text) and self._last:
            denied = [self._last[0].opposite()] if len(self._last) == 1 else []
            self._standing = [(e, h) for e, h in self._standing if h not in self._last]
            self._next, self._weak_since = denied, None
        for match in _CLASS.finditer(text):
            self._class(match, scope)
        self._before = text
        self._ends = max(self._ends, display.end)

    def _class(self, match: re.Match[str], scope: Scope) -> None:
        """The one-hot target has its 1 at the correct class; an incorrect one differs from it."""
        index = Free(match["letter"], f"?{match['letter']}")
        if not match["wrong"]:
            self._correct_class = index
            self._next = [
                Hypothesis(SameIndex(class_index(name, variable.shape[0]), index))
                for name, variable in sorted(scope.variables.items())
                if "one-hot" in variable.conditions and len(variable.shape) == 1
            ]
        elif self._correct_class is not None:
            self._next = [Hypothesis(Not(SameIndex(index, self._correct_class)))]
        self._weak_since = None

    def takes(self, display: Display, chain: Chain, scope: Scope) -> bool:
        """Whether a formula in running text is context; if so, it is taken."""
        relation = relation_of(chain) if display.kind == "inline" else None
        if relation is None or not _is_condition(relation, scope):
            return False
        if display.start == self._behind:
            return True
        before = self._before.strip("$ \n\t\\()")
        continued = self._last_end >= 0 and self._last_end + len(self._before) >= display.start - 3
        hypothesis = Hypothesis(relation)
        if continued and _AND.fullmatch(before) and self._last:
            strong = any(h in self._last for _, h in self._standing)
            self._last = [*self._last, hypothesis]
        elif _NO_CONTEXT.search(before):
            return False
        elif _STRONG.search(before):
            strong, self._last = True, [hypothesis]
        elif _WEAK.search(before):
            strong, self._last = False, [hypothesis]
            self._next = []
        else:
            return False
        if strong:
            until = self.document.section_at(display.start).end
            self._standing.append((until, hypothesis))
        else:
            self._next.append(hypothesis)
            self._weak_since = display.end
        self._last_end = display.end
        return True

    def behind(self, display: Display, following: Display | None) -> bool:
        """Whether the formula that follows a display states a condition of it."""
        if following is None or following.kind != "inline" or display.kind != "display":
            return False
        between = self.document.text[display.end : following.start].strip("$\\()[] \t\n")
        if not _BEHIND.fullmatch(between + " "):
            return False
        after = self.document.text[following.end :].lstrip("$\\) \t")
        if "\n\n" in self.document.text[display.end : following.start] and after[:1] != ".":
            return False
        self._behind = following.start
        return True

    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """What holds for the next display."""
        return (*(h for _, h in self._standing), *self._next)

    def used(self) -> None:
        """A display was judged: what held for it alone is over."""
        self._next, self._weak_since = [], None


def _cut_off(text: str) -> bool:
    """Whether a sentence or a paragraph ended between a condition and the display."""
    paragraphs = re.split(r"\n[ \t]*\n", text)
    if any(paragraph.strip("$ \t\n\\[") for paragraph in paragraphs[1:]):
        return True
    return bool(_SENTENCE_END.search(paragraphs[0].strip("$ \t\n\\[")[:-1]))


def _is_condition(relation: surface.Relation, scope: Scope) -> bool:
    """Comparisons are; an equation is one between names, numbers and components only, and not
    where it can only define its left side."""
    if "=" not in relation.relations and ":=" not in relation.relations:
        return True
    if not all(_is_plain(side) for side in relation.sides):
        return False
    left, right = relation.sides[0], relation.sides[1]
    new = isinstance(left, surface.Name) and not scope.has_meaning(left.spelling)
    known = isinstance(right, surface.Name) and scope.has_meaning(right.spelling)
    array = known and isinstance(right, surface.Name) and bool(scope.shape(right.spelling))
    return not (new and array)


def _is_plain(side: surface.Node) -> bool:
    """A name, a number, or a component: what conditions in running text compare."""
    if isinstance(side, surface.Script):
        return isinstance(side.base, surface.Name)
    return isinstance(side, surface.Name | surface.Number)
