"""Near misses that are proved, and the names of fallacies, for steps that fail."""

from derive.repair.fallacies import FALLACIES, Fallacy
from derive.repair.model import Repair
from derive.repair.recognise import fallacy_of
from derive.repair.search import BUDGET, repair_step

__all__ = ["BUDGET", "FALLACIES", "Fallacy", "Repair", "fallacy_of", "repair_step"]
