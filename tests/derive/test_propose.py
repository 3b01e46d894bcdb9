"""Proposed declarations: what they say, what made them so, and that the checker can use them."""

from dataclasses import replace

import pytest

from derive.check import check_document
from derive.document import parse
from derive.document.blocks import outside_blocks
from derive.propose import propose
from derive.reader.declarations import parse_declarations
from derive.verdict import Kind

LEAST_SQUARES = r"""
Let $x \in \mathbb{R}^n$.
$$f(x) = \|A x - b\|_2^2$$
$$\nabla_x f = 2 A^\top (A x - b)$$
"""

CASES = {
    "stated in the text": (r"With $x \in \mathbb{R}^n$: $$y = 2x$$", ["n : dimension", "x : R^n"]),
    "bold letters": (
        r"$$\mathbf{u} = \mathbf{A} \mathbf{v}$$",
        ["u : R^n", "A : R^{n x m}", "v : R^m"],
    ),
    "ranges of sums": (
        r"$$s = \sum_{i=1}^{m} w_i z_i$$",
        ["m : dimension", "w : R^m", "z : R^m"],
    ),
    "two indices": (r"$$y_i = \sum_{j=1}^{d} W_{ij} x_j$$", ["W : R^{n x d}", "x : R^d"]),
    "layer labels": (
        r"$$\mathbf{h} = \mathbf{W}^{(1)} \mathbf{x} + \mathbf{b}^{(1)}$$",
        ["W^{(1)} : R^{n x m}", "b^{(1)} : R^n", "x : R^m"],
    ),
    "a function of a vector": (LEAST_SQUARES, ["f : R^n -> R", "A : R^{m x n}", "b : R^m"]),
    "a function of a scalar": (r"$$f(t) = t^2$$", ["f : R -> R"]),
}


@pytest.mark.parametrize(("text", "wanted"), CASES.values(), ids=CASES)
def test_proposals(text: str, wanted: list[str]) -> None:
    found = [line.declaration for line in propose(parse(text, "notes.md")).lines]
    assert [line for line in wanted if line not in found] == [], found


def test_every_line_that_follows_from_the_text_names_its_place() -> None:
    block = propose(parse(LEAST_SQUARES, "notes.md")).render()
    assert r"x : R^n  # 2:6: x \in \mathbb{R}^n" in block


def test_what_is_made_up_is_a_question() -> None:
    block = propose(parse(LEAST_SQUARES, "notes.md")).render()
    assert "# open: does m have a name in the text? it was made up for the shapes" in block


def test_letters_above_are_a_question() -> None:
    block = propose(parse(r"$$h^s = 2 h^a$$", "notes.md")).render()
    assert "# open: h^a is read as one name with a label; or is it a power?" in block


def test_a_conflict_is_a_question_and_not_a_crash() -> None:
    text = r"$x \in \mathbb{R}^n$, $y \in \mathbb{R}^m$. $$x + y = 0$$"
    block = propose(parse(text, "notes.md")).render()
    assert "are n and m the same dimension? both meet in one place" in block


@pytest.mark.parametrize("text", [text for text, _ in CASES.values()], ids=CASES)
def test_the_reader_of_declarations_takes_the_block(text: str) -> None:
    entries, problems = parse_declarations(propose(parse(text, "notes.md")).render())
    assert problems == ()
    assert entries


def test_the_checker_proves_the_document_with_what_was_proposed() -> None:
    document = parse(LEAST_SQUARES, "notes.md")
    block = propose(document).render()
    blocks, told = outside_blocks(block, "notes.declarations", document)
    assert told == ()
    checked = check_document(replace(document, blocks=blocks))
    assert [step.verdict.kind for step in checked.steps] == [Kind.PROVED] * len(checked.steps)


def test_a_mutant_of_the_document_is_refuted_with_the_same_block() -> None:
    document = parse(LEAST_SQUARES.replace("2 A", "3 A"), "notes.md")
    blocks, _ = outside_blocks(propose(document).render(), "notes.declarations", document)
    checked = check_document(replace(document, blocks=blocks))
    assert Kind.REFUTED in [step.verdict.kind for step in checked.steps]


@pytest.mark.parametrize("text", ["", "no formulas", "$$", r"$$\frac{$$", "$$x_{i_{j}}^{2}$$"])
def test_bad_input_gives_no_traceback(text: str) -> None:
    propose(parse(text, "notes.md")).render()
