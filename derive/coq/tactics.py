"""Texts of Coq terms and tactics that several rules put together."""


def right_nested(texts: list[str], operator: str) -> str:
    """``a + (b + (c))``."""
    total = texts[-1]
    for text in reversed(texts[:-1]):
        total = f"{text} {operator} ({total})"
    return total


def joined(lemma: str, leaves: list[str], sides: str = "") -> str:
    """The tactic that applies a binary lemma from the right and a leaf at each place."""
    total = leaves[-1]
    for leaf in reversed(leaves[:-1]):
        total = f"apply {lemma}; [{sides}{leaf} | {total}]"
    return total


def argument_text(text: str) -> str:
    """The text as an argument of a function."""
    return f"({text})" if " " in text else text
