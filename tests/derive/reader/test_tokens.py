"""Tokens: every character in exactly one, each with its span."""

from hypothesis import given, settings
from hypothesis import strategies as st

from derive.reader.tokens import MAX_CHARACTERS, tokenize


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokenize(text)[0] if token.kind != "space"]


def test_kinds() -> None:
    assert kinds(r"\frac{12}{x_i'} & 1.5 \\ % words") == [
        ("command", r"\frac"),
        ("lbrace", "{"),
        ("number", "12"),
        ("rbrace", "}"),
        ("lbrace", "{"),
        ("letter", "x"),
        ("sub", "_"),
        ("letter", "i"),
        ("prime", "'"),
        ("rbrace", "}"),
        ("amp", "&"),
        ("number", "1.5"),
        ("command", "\\\\"),
    ]


def test_a_full_stop_behind_a_number_is_no_decimal_point() -> None:
    assert kinds("1.") == [("number", "1"), ("char", ".")]


def test_a_text_beyond_the_limit_gives_no_tokens() -> None:
    tokens, problems = tokenize("x" * (MAX_CHARACTERS + 1))
    assert tokens == []
    assert problems[0].message == "this formula has 200,001 characters; expected at most 200,000"


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=100)
def test_the_tokens_are_the_text(text: str) -> None:
    tokens, _ = tokenize(text)
    assert "".join(token.text for token in tokens) == text
    assert all(text[token.start : token.end] == token.text for token in tokens)
