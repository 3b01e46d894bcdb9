"""Declarations from outside: scopes over a document."""

from derive.document import outside_blocks, parse

TEXT = "start $a$\n\nsecond part $b$\n\nthird part $c$\n"
OUTSIDE = '# notes\nx : R\nscope "second"\ny : R\n\nscope "third part"\nz : R\n'


def test_scopes_open_sections() -> None:
    document = parse(TEXT, kind="md")
    blocks, diagnostics = outside_blocks(OUTSIDE, "d.txt", document)
    assert diagnostics == ()
    assert [block.text.strip() for block in blocks] == ["# notes\nx : R", "y : R", "z : R"]
    assert [TEXT[block.holds_from : block.holds_until] for block in blocks] == [
        TEXT,
        "second part $b$\n\n",
        "third part $c$\n",
    ]
    assert blocks[1].place(blocks[1].text.index("y")) == ("d.txt", 4, 1)


def test_a_scope_that_is_not_found_is_told_and_left_out() -> None:
    document = parse(TEXT, "n.md", "md")
    blocks, (diagnostic,) = outside_blocks('scope "fourth"\nx : R\n', "d.txt", document)
    assert [block.text for block in blocks] == [""]
    assert diagnostic.render() == (
        'd.txt:1:1: error: no line of n.md contains "fourth"; '
        "expected a text that stands in the document [scope-not-found]\n"
        '   | scope "fourth"\n'
        "   | ^^^^^^^^^^^^^^\n"
        "   = copy it from the document; the declarations below it were left out"
    )


def test_a_scope_without_quotes_is_told() -> None:
    _, (diagnostic,) = outside_blocks("scope second\n", "d.txt", parse(TEXT, kind="md"))
    assert diagnostic.message == 'a scope without a text; expected scope "TEXT" in straight quotes'
