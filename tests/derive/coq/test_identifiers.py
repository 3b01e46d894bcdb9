"""Names become identifiers that hide nothing; text becomes comments that end where they end."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.coq.identifiers import RESERVED, Identifiers, comment_text, plain_identifier


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("x", "x"),
        ("W^{(1)}", "W_1"),
        ("h^a", "h_a"),
        (r"\sigma", "sigma"),
        ("x'", "x_prime"),
        ("N", "N"),
        ("exp", "v_exp"),
        ("R", "v_R"),
        ("E1", "v_E1"),
        ("t", "v_t"),
        ("1", "v_1"),
        ("é", "v"),
        ("A). Axiom a : False. Check (x", "A_Axiom_a_False_Check_x"),
    ],
)
def test_a_name_becomes_an_identifier(name: str, identifier: str) -> None:
    assert Identifiers().of("variable", name) == identifier


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text(max_size=4), unique=True, max_size=12))
def test_names_never_share_an_identifier_and_hide_no_global(names: list[str]) -> None:
    identifiers = Identifiers()
    found = [identifiers.of(kind, name) for kind in ("variable", "index") for name in names]
    assert len(set(found)) == len(found)
    assert not set(found) & RESERVED
    assert all(re.fullmatch(r"[A-Za-z]\w*", identifier, re.ASCII) for identifier in found)
    assert found == [identifiers.of(kind, n) for kind in ("variable", "index") for n in names]


@pytest.mark.parametrize("name", ["B", "I", "N", "H", "D", "S", "c_H"])
def test_numbers_after_a_letter_end(name: str) -> None:
    identifiers = Identifiers()
    found = [identifiers.fresh(name) for _ in range(5)]
    assert len(set(found)) == 5


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet='(*)" a\\\n\x00é', max_size=12))
def test_a_comment_neither_ends_itself_nor_opens_anything(text: str) -> None:
    inside = comment_text(text)
    assert "(*" not in inside
    assert "*)" not in inside
    assert '"' not in inside
    assert all(" " <= c <= "~" or c == "\n" for c in inside)


def test_an_identifier_begins_with_a_letter() -> None:
    assert plain_identifier("_x") == "x"
    assert plain_identifier("") == "v"
