"""Names of the catalogue said in the text's terms."""

import pytest

from derive.claim import Written
from derive.terms.term import Derivative, Element, Free
from derive.written import Correspondence, WrittenDocument
from derive.written.correspondence import CorrespondenceError, Translator
from identities.homework import correspondence


def translator(
    homework: WrittenDocument, table: Correspondence, part: str, w: Written
) -> Translator:
    return Translator(table, part, homework.find(part, w)[0])


SOFTMAX_PRODUCT = Written(
    r"\nabla_x L", r"\left(\frac{\partial y}{\partial x} \right)^\top \nabla_y L"
)
SLOPE = Written(r"\frac{\partial o_i^a}{\partial W_{kj}^{(2)}}", r"h_j^s")


def test_a_variable_is_renamed_also_where_it_is_differentiated_by(
    homework: WrittenDocument,
) -> None:
    row, column = Free("c", "m"), Free("j", "d_h")
    entry = Element("W2", (row, column))
    said = translator(homework, correspondence(), "2h", SLOPE).term(Derivative(entry, entry))
    assert said == Derivative(*(Element("W^{(2)}", (row, column)),) * 2)


def test_a_name_may_stand_for_an_expression(homework: WrittenDocument) -> None:
    there = translator(homework, correspondence(), "1m", SOFTMAX_PRODUCT)
    said = there.term(Element("g", (Free("j", "n"),)))
    assert isinstance(said, Derivative)
    assert said.variable == Element("y", (Free("j", "n"),))


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"\mathbf{Q}_i", r"Q is written \mathbf{Q}_i: "),
        (r"\frac{1}{", r"Q is written \frac{1}{: "),
    ],
    ids=["undeclared", "unreadable"],
)
def test_a_name_that_the_text_does_not_have_is_told(
    homework: WrittenDocument, latex: str, words: str
) -> None:
    there = translator(homework, Correspondence(names={"Q": latex}), "2h", SLOPE)
    with pytest.raises(CorrespondenceError) as raised:
        there.term(Element("Q", (Free("i", "n"),)))
    assert str(raised.value).startswith(words)
