"""The proofs of a document, handed to the kernel: which it follows, and where it doubts."""

from collections.abc import Sequence
from dataclasses import dataclass

from derive.answering import Mark, Silence
from derive.certificate import Audit, Certificate, audit, certificate_of
from derive.checking.results import Place, Step
from derive.limits import Limits
from derive.worker import answers


@dataclass(frozen=True, slots=True)
class AuditedStep:
    """The certificate of one step, and what the kernel says of it."""

    place: Place
    certificate: Certificate
    audit: Audit

    @property
    def name(self) -> str:
        """Where the step stands: ``file:line:column``."""
        return f"{self.place.file}:{self.place.line}:{self.place.column}"


def audited_steps(steps: Sequence[Step], limits: Limits | None) -> tuple[AuditedStep, ...]:
    """The audit of every step that was proved; the values of an example are no proof."""
    proved = [
        (step, certificate_of(step.statement, step.verdict))
        for step in steps
        if step.statement is not None
        and step.verdict.holds
        and step.verdict.proof is not None
        and step.verdict.method != "example"
    ]
    certificates = [certificate for _, certificate in proved]
    found = answers(_Audits(certificates), range(len(proved)), limits)
    return tuple(
        AuditedStep(step.place, certificate, _of(answer))
        for (step, certificate), answer in zip(proved, found, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Audits:
    """Answers what the kernel says of a certificate."""

    certificates: Sequence[Certificate]

    def __call__(self, place: int, _mark: Mark) -> Audit:
        return audit(self.certificates[place])


def _of(answer: Audit | Silence) -> Audit:
    return Audit(doubt=answer.reason) if isinstance(answer, Silence) else answer
