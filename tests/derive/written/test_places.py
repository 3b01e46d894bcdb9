"""Where a claim is stated: the chain with both sides, and what is said where there is none."""

import pytest

from derive.claim import Written
from derive.written import UnknownPlaceError, WrittenDocument


def test_sides_need_not_be_neighbours(homework: WrittenDocument) -> None:
    chain, left, right = homework.find(
        "1e", Written(r"\text{softplus}(x) - \text{softplus}(-x)", "x")
    )
    assert (chain.line, left, right) == (39, 0, 5)


@pytest.mark.parametrize(
    ("part", "written", "words"),
    [
        ("4a", Written("x", "x"), "homework3.md has no part '4a'; its parts are: 1a, 1b, "),
        (
            "1e",
            Written("\\ln e^x", "2x"),
            "homework3.md, part 1e: no chain has the side 2x; the nearest is x: "
            "copy the side from the document as it stands",
        ),
        (
            "1e",
            Written("x", "\\ln e^x"),
            "homework3.md, part 1e: no chain has x and, to the right of it, \\ln e^x",
        ),
    ],
    ids=["part", "side", "order"],
)
def test_an_unknown_place_is_told(
    homework: WrittenDocument, part: str, written: Written, words: str
) -> None:
    with pytest.raises(UnknownPlaceError) as raised:
        homework.find(part, written)
    assert str(raised.value).startswith(words)


def test_every_part_of_the_catalogue_is_in_the_document(homework: WrittenDocument) -> None:
    from identities import PARTS

    assert tuple(homework.parts) == PARTS
