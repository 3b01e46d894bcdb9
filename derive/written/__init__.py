"""Two encodings, one meaning: a claim's SymPy identity against the statement as it is written."""

from derive.written.compare import Agreement, Outcome, compare
from derive.written.correspondence import Correspondence, Instance
from derive.written.places import UnknownPlaceError, WrittenChain, WrittenDocument

__all__ = [
    "Agreement",
    "Correspondence",
    "Instance",
    "Outcome",
    "UnknownPlaceError",
    "WrittenChain",
    "WrittenDocument",
    "compare",
]
