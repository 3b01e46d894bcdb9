"""Judging the chains of a document, each statement within its limits, several chains at once.

A chain is one question to a process; each of its statements is a part of the answer with limits of
its own.  A statement that oversteps them is unknown, and its chain is asked again without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from derive.answering import Mark, Silence
from derive.checking.chains import ChainJudge, ChainToJudge
from derive.checking.examples import Equation, equation_of, example_verdict
from derive.checking.places import Link, source_line, step_place
from derive.checking.results import Step
from derive.document.model import Document
from derive.elaborate.conditions import OPERATORS
from derive.limits import Limits
from derive.reader.chains import Relator
from derive.terms.term import Number
from derive.unanswered import unanswered
from derive.verdict import Verdict
from derive.worker import answers


@dataclass(frozen=True, slots=True)
class NotJudged:
    """A chain on which a limit or a fault ended the work, before judging or in the midst of it."""

    number: int
    links: list[Link]
    relations: list[Relator]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Example:
    """Values that the text gives for an example, and the chains whose equations they are for."""

    values: Mapping[str, Number]
    chains: tuple[int, ...]


def judged_chains(
    document: Document,
    chains: Sequence[ChainToJudge | NotJudged],
    seed: int,
    limits: Limits | None,
) -> list[list[Step]]:
    """The steps of each chain; in this process and without limits where there are none."""
    found = [_not_judged(document, c) if isinstance(c, NotJudged) else [] for c in chains]
    ended: dict[int, Mapping[int, Verdict]] = {
        place: MappingProxyType({})
        for place, chain in enumerate(chains)
        if isinstance(chain, ChainToJudge)
    }
    judge = _Chains(document, chains, seed)
    while ended:
        questions = [_Question(place, dict(known)) for place, known in ended.items()]
        replies = answers(judge, questions, limits)
        for question, reply in zip(questions, replies, strict=True):
            chain = chains[question.place]
            known = ended.pop(question.place)
            if not isinstance(reply, Silence):
                assert isinstance(chain, ChainToJudge)
                found[question.place] = [_whole(step, chain) for step in reply]
                continue
            number = reply.parts - 1  # the first part is giving the sides a meaning
            if number < 1 or number in known:
                broken = NotJudged(chain.number, chain.links, chain.relations, unanswered(reply))
                found[question.place] = _not_judged(document, broken)
            else:
                ended[question.place] = {**known, number: unanswered(reply)}
    return found


def judged_examples(
    examples: Sequence[Example], steps: Sequence[Sequence[Step]], seed: int, limits: Limits | None
) -> list[Verdict]:
    """The verdict on each example, by the equations of the chains that it is for."""
    equations = [
        tuple(
            equation
            for place in example.chains
            for step in steps[place]
            if step.statement is not None and step.relation in OPERATORS
            for equation in [equation_of(step.statement)]
            if equation is not None
        )
        for example in examples
    ]
    replies = answers(_Examples(examples, equations, seed), range(len(examples)), limits)
    return [unanswered(reply) if isinstance(reply, Silence) else reply for reply in replies]


@dataclass(frozen=True, slots=True)
class _Question:
    """The place of a chain, and the verdicts on those of its statements that were ended."""

    place: int
    ended: Mapping[int, Verdict]


class _Chains:
    """Answers what the steps of a chain are."""

    def __init__(
        self, document: Document, chains: Sequence[ChainToJudge | NotJudged], seed: int
    ) -> None:
        self._chains = tuple(chains)
        self._judge = ChainJudge(document, seed)

    def __call__(self, question: _Question, mark: Mark) -> list[Step]:
        chain = self._chains[question.place]
        assert isinstance(chain, ChainToJudge)
        return [_slim(step) for step in self._judge.steps(chain, mark, question.ended)]


@dataclass(frozen=True, slots=True)
class _Examples:
    """Answers what the verdict on an example is."""

    examples: Sequence[Example]
    equations: Sequence[tuple[Equation, ...]]
    seed: int

    def __call__(self, place: int, _mark: Mark) -> Verdict:
        return example_verdict(self.examples[place].values, self.equations[place], self.seed)


def _slim(step: Step) -> Step:
    """The step without what is known where it is asked for."""
    return replace(step, scope=None, left_node=None, right_node=None)


def _whole(step: Step, chain: ChainToJudge) -> Step:
    left, right = chain.links[step.index : step.index + 2]
    return replace(step, scope=chain.scope, left_node=left.node, right_node=right.node)


def _not_judged(document: Document, chain: NotJudged) -> list[Step]:
    steps = []
    for index, relator in enumerate(chain.relations):
        place = step_place(document, chain.links, index)
        line = source_line(document, place)
        sides = chain.links[index].latex, relator.symbol, chain.links[index + 1].latex
        steps.append(Step(chain.number, index, place, line, *sides, chain.verdict, 0.0))
    return steps
