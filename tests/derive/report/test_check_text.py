from dataclasses import replace

import pytest

from derive.check import Place, Step, check_document
from derive.document import parse
from derive.report.check_model import FileReport, exit_code, file_report, worst
from derive.report.check_text import Style, counterexample_text, file_text, hint_text, summary_text
from derive.verdict import Counterexample, Kind, Verdict


def report(text: str) -> FileReport:
    document = parse(text, "f.md", "md")
    return file_report(check_document(document), {f.path: f for f in document.source.files})


def test_colours_only_where_asked_for() -> None:
    found = report("$x = x + 1$")
    assert "\x1b" not in file_text(found, Style())
    assert "\x1b[1;31mrefuted\x1b[0m" in file_text(found, Style(colour=True))


@pytest.mark.parametrize("width", [20, 40, 80])
def test_lines_are_as_wide_as_asked(width: int) -> None:
    text = file_text(report(f"$$1 = {'9' * 90}$$"), Style(width=width))
    head, source, carets, *_ = text.splitlines()
    assert head.startswith("f.md:1:7  refuted")
    assert len(source) <= max(width, 35)
    assert len(carets) <= max(width, 35)


def test_a_warning_is_told_once_a_chain() -> None:
    text = "<!-- derive\nn : dimension\nv : R^n  c : R\n-->\n$$v + c = c + v = v + c$$"
    found = file_text(report(text), Style())
    assert found.count("warning  a scalar is added to every component") == 1


def test_what_is_declared_is_listed_once() -> None:
    text = "<!-- derive\nc : R\n-->\n$$u_i = c + f_2$$\n\n$$v_i = c + g_2$$"
    found = file_text(report(text), Style())
    assert found.count("malformed") >= 2
    assert found.count("declared here: c : R") == 1


@pytest.mark.parametrize(
    ("point", "words"),
    [
        (Counterexample((), (), "1", "2"), "the left side is 1, the right side is 2"),
        (
            Counterexample((("n", 2),), (("x[1]", "1"), ("x[2]", "0")), "1", "1/2"),
            "at n = 2, x[1] = 1, x[2] = 0 the left side is 1, the right side is 1/2",
        ),
        (
            Counterexample((), (*((f"x[{k}]", "0") for k in range(4)), ("c", "0")), "1", "2"),
            "at c = 0, all other components 0 the left side is 1, the right side is 2",
        ),
        (
            Counterexample((), (), "-0.29e-38 +/- 4e-38", "0.73 +/- 3e-8"),
            "the left side is 0 +/- 4e-38, the right side is 0.73 +/- 3e-8",
        ),
    ],
)
def test_counterexamples_in_words(point: Counterexample, words: str) -> None:
    assert counterexample_text(point) == words


def test_a_withdrawn_proof_fails_the_run_loudly() -> None:
    found = report("$x + x = 2 x$")
    (explained,) = found.steps
    withdrawn = Verdict(
        Kind.UNKNOWN, "normal form", reason="withdrawn: a bug of derive", withdrawn=True
    )
    found = replace(
        found, steps=(replace(explained, step=replace(explained.step, verdict=withdrawn)),)
    )
    assert exit_code(found) == exit_code(found, allow_unknown=True) == 1
    assert "unknown  withdrawn [DRV005]" in file_text(found, Style())


def test_a_wrong_conclusion_over_undecided_steps_is_wrong() -> None:
    found = report("$$x + x = 2 x = x + x$$")
    *before, last = found.steps
    wrong = Verdict(Kind.REFUTED, "", counterexample=Counterexample((), (("x", "1"),), "2", "3"))
    step = replace(last.step, conclusion=wrong)
    found = replace(found, steps=(*before, replace(last, step=step)))
    assert exit_code(found) == 1
    text = file_text(found, Style())
    assert "the conclusion of this chain, x + x = x + x, is refuted" in text
    assert "at x = 1 the left side is 2, the right side is 3" in text


def test_a_broken_search_for_a_repair_keeps_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("derive.report.check_model.repair_step", fail)
    found = report("$x = x + 1$")
    assert exit_code(found) == 1
    assert "the search for a repair failed (KeyError: 'x')" in file_text(found, Style())


def test_a_place_outside_of_all_sources_has_no_excerpt() -> None:
    found = report("$x = x + 1$")
    (explained,) = found.steps
    place = Place("other.tex", 3, 1, 3, 2)
    parts = {"place", "focus"} & set(Step.__dataclass_fields__)
    step = replace(explained.step, **dict.fromkeys(parts, place))
    found = replace(found, steps=(replace(explained, step=step),))
    assert file_text(found, Style()).startswith("other.tex:3:1  refuted")


def test_the_summary_counts_what_is_stipulated_apart() -> None:
    found = report("$$f(x) = x^2$$\n\n$$f(2) = 4$$\n\n$$f(3) = 8$$")
    assert summary_text(found) == (
        "f.md: 3 relations read: 1 proved, 1 refuted; 1 definition taken: f"
    )


def test_an_empty_document_has_a_summary() -> None:
    assert file_text(report("No formulas."), Style()) == "f.md: 0 relations read: nothing\n"


def test_hints_say_where_something_stayed_open() -> None:
    assert hint_text(report("$n! = n$"), Style()) == (
        "f.md: nothing wrong found (not everything could be decided)\n"
    )


@pytest.mark.parametrize(
    ("codes", "code"), [([], 0), ([0, 3], 3), ([3, 1, 0], 1), ([1, 2, 3], 2), ([0, 0], 0)]
)
def test_the_gravest_outcome_counts(codes: list[int], code: int) -> None:
    assert worst(codes) == code


def test_a_mistake_has_its_name_where_no_repair_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derive.report.check_model.repair_step", lambda *_, **__: None)
    told = file_text(report(r"$$\exp(a + b) = \exp(a) + \exp(b)$$"), Style())
    assert "refuted  exponential-of-a-sum [DRV104]\n" in told
    assert (
        "   = the exponential of a sum is the product of the exponentials, not their sum\n" in told
    )
    assert "did you mean" not in told


def test_one_missing_name_is_told_once_for_both_of_its_relations() -> None:
    found = report("$$1 + 1 = A_2 = 3$$")
    assert [e.step.verdict.kind for e in found.steps] == [Kind.MALFORMED, Kind.MALFORMED]
    assert file_text(found, Style()).count("undeclared-object [DRV501]") == 1
    assert file_text(found, Style(all=True)).count("undeclared-object [DRV501]") == 2


def test_the_caret_stands_below_the_part_without_a_meaning() -> None:
    head, source, carets, *_ = file_text(report("$$1 + 1 = 3 + A_2$$"), Style()).splitlines()
    assert head.startswith("f.md:1:15  malformed")
    assert source == "   | $$1 + 1 = 3 + A_2$$"
    assert carets.index("^") == source.index("A_2")
