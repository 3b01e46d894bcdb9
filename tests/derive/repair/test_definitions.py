"""A slip in a definition that makes a later step false."""

from collections.abc import Callable

from derive.check import Checked
from derive.repair import repair_step
from derive.verdict import Kind

SLIP = r"o_k^s = \frac{e^{o_k^a}}{\sum_{i=1}^m e^{o_k^a}}"
MEANT = r"o_k^s = \frac{e^{o_k^a}}{\sum_{i=1}^m e^{o_i^a}}"
STEP = r"\frac{e^{o_k^a}}{\sum_{i=1}^m e^{o_i^a}} - 1 = o_k^s - 1"


def test_the_definition_is_repaired(document: Callable[..., Checked]) -> None:
    checked = document("network", SLIP, STEP)
    step = checked.steps[-1]
    assert step.verdict.kind is Kind.REFUTED
    found = repair_step(step, definitions=checked.definitions)
    assert found is not None
    assert (found.side, found.latex, found.code) == ("definition", MEANT, "DRV401")
    assert found.verdict.kind is Kind.PROVED
    assert found.explanation == (
        f"with {MEANT} the step holds: in that definition "
        "the summand lacks the index i of its sum: it has k instead"
    )


def test_without_the_definitions_nothing_is_known_of_the_slip(
    document: Callable[..., Checked],
) -> None:
    found = repair_step(document("network", SLIP, STEP).steps[-1])
    assert found is None or found.side != "definition"


def test_a_sound_definition_is_left_alone(document: Callable[..., Checked]) -> None:
    checked = document("network", MEANT, STEP.replace("- 1 = o", "- 1 = 2 o"))
    found = repair_step(checked.steps[-1], definitions=checked.definitions)
    assert found is not None
    assert found.side != "definition"


def test_a_step_that_stays_false_is_no_reason_to_change_it(
    document: Callable[..., Checked],
) -> None:
    checked = document("network", SLIP, STEP.replace("- 1 = o", "- 7 x_1 = 3 o"))
    found = repair_step(checked.steps[-1], definitions=checked.definitions)
    assert found is None or found.side != "definition"
