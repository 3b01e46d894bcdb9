"""Why a formula has no typed meaning; each carries the span that made it so."""

from derive.reader.problems import Span


class ElaborationError(Exception):
    """Base: ``message`` in plain words, ``span`` in the display's LaTeX."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


class IllTypedError(ElaborationError):
    """Shapes, index ranges or orders that can't meet; ``left`` and ``right`` are the shapes."""

    def __init__(self, message: str, span: Span, left: str, right: str) -> None:
        super().__init__(message, span)
        self.left = left
        self.right = right


class MalformedError(ElaborationError):
    """No meaning can be given: an object never introduced, a sum without its index."""


class NotCoveredError(ElaborationError):
    """A construct that is read but not judged yet; the verdict is unknown."""
