from derive.report.abbreviations import abbreviated
from derive.terms.plain import term_text
from derive.terms.structure import Definition, sum_over, unfold
from derive.terms.term import Bound, Element, Free, Sum, Term, add, apply, div, mul

i, j, k = Free("i", "n"), Free("j", "n"), Free("k", "n")


def score(index: Free | Bound) -> Term:
    inner = Free("q", "m")
    product = mul(Element("W", (index, inner)), Element("h", (inner,)))
    return apply("exp", add(sum_over(inner, product), Element("b", (index,))))


def test_a_large_repeated_subterm_gets_a_name_with_its_indices() -> None:
    terms = tuple(
        mul(div(score(index), sum_over(k, score(k))), apply("log", score(index)))
        for index in (i, j)
    )
    names, short = abbreviated(terms)
    assert [(term_text(a.head), term_text(a.body)) for a in names] == [
        ("A[k]", "exp(sum_j W[k,j] * h[j] + b[k])")
    ]
    assert [term_text(term) for term in short] == [
        "A[i] * log(A[i])/(sum_k A[k])",
        "A[j] * log(A[j])/(sum_k A[k])",
    ]


def test_unfolding_the_names_gives_the_terms_back() -> None:
    terms = tuple(
        div(mul(score(index), add(score(index), score(k))), sum_over(j, score(j)))
        for index in (i, j, k)
    )
    names, short = abbreviated(terms)
    definitions = {
        a.head.name: Definition(a.head.name, tuple(x for x in a.head.indices if x), a.body)  # type: ignore[misc]
        for a in names
    }
    assert len(definitions) >= 1
    assert tuple(unfold(term, definitions) for term in short) == terms


def test_small_terms_stay_as_they_are() -> None:
    terms = (add(Element("x"), Element("y")),) * 5
    assert abbreviated(terms) == ((), terms)


def test_a_name_that_is_taken_is_not_used() -> None:
    terms = (mul(Element("A"), score(i), score(i), score(j), score(k)),) * 2
    names, _ = abbreviated(terms)
    assert [a.head.name for a in names] == ["B"]


def test_an_index_bound_outside_stays_bound() -> None:
    body = mul(*(score(Bound(0)) for _ in range(4)))
    _, (short,) = abbreviated((Sum("n", body),))
    assert term_text(short) == "sum_k A[k] * A[k] * A[k] * A[k]"
