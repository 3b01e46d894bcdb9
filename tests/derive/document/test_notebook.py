"""Notebooks: Markdown cells, every place traced to the JSON."""

import json

from derive.document import parse
from derive.document.sources import SourceFile

NOTEBOOK = json.dumps(
    {
        "cells": [
            {"cell_type": "code", "source": ["$code$"], "outputs": [{"text": ["$out$"]}]},
            {"cell_type": "markdown", "metadata": {"source": "$no$"}, "source": "# One\n$\\alpha$"},
            {"source": ["caf\u00e9 \U0001f600\n", "$$\\frac{a}{b}$$"], "cell_type": "markdown"},
        ],
        "nbformat": 4,
    },
    indent=1,
)


def test_only_markdown_cells_count() -> None:
    document = parse(NOTEBOOK, "n.ipynb", "ipynb")
    assert [d.latex for d in document.displays] == [r"\alpha", r"\frac{a}{b}"]
    assert [s.title for s in document.sections] == ["", "One"]
    assert document.diagnostics == ()


def test_places_are_those_of_the_json() -> None:
    document = parse(NOTEBOOK, "n.ipynb", "ipynb")
    lines = NOTEBOOK.splitlines()
    for display in document.displays:
        for offset, character in enumerate(display.latex):
            place = document.place(display.start + offset)
            written = lines[place.line - 1][place.column - 1 :]
            assert written.startswith("\\\\" if character == "\\" else character)


def test_the_path_of_a_source_is_kept() -> None:
    document = parse(NOTEBOOK, "n.ipynb", "ipynb")
    assert document.source.files == (SourceFile.of("n.ipynb", NOTEBOOK),)


def test_what_is_no_notebook_is_told() -> None:
    for text, message in [
        ("{", "text that is not JSON; expected a Jupyter notebook (version 4)"),
        ('{"cells": 3}', "JSON without a list of cells; expected a Jupyter notebook (version 4)"),
        ("[" * 100_000, "text that is not JSON; expected a Jupyter notebook (version 4)"),
    ]:
        (diagnostic,) = parse(text, "n.ipynb", "ipynb").diagnostics
        assert (diagnostic.kind, diagnostic.message) == ("invalid-notebook", message)
