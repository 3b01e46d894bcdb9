"""What Coq has accepted before, in a file beside the exported ones: a second run is fast.

An entry is bound to everything that the answer depends on: the text of the theorem and its proof,
the library of lemmas, the axioms that are allowed, and Coq's version.  Rejections are not kept.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from derive.coq.answer import Accepted
from derive.coq.coqc import ALLOWED_AXIOMS, Coqc
from derive.coq.theorem import CoqFile, library_text

#: The name of the file; its schema changes when what an entry means changes.
FILE_NAME, SCHEMA_NAME = "accepted.json", "derive.coq/1"


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered in a folder: by the name of a file its key, and what Coq said."""

    path: Path
    entries: Mapping[str, tuple[str, Accepted]]

    def recall(self, coqc: Coqc, file: CoqFile) -> Accepted | None:
        """The answer that Coq gave on exactly this file; None where it gave none."""
        bound, answer = self.entries.get(file.name, ("", None))
        return answer if bound == key(coqc, file) else None

    def keep(self, coqc: Coqc, accepted: Iterable[tuple[CoqFile, Accepted]]) -> None:
        """Write these acceptances too, each in the place of one of its name.  Raises OSError."""
        entries = dict(self.entries)
        entries.update((file.name, (key(coqc, file), answer)) for file, answer in accepted)
        found = {
            name: {
                "key": bound,
                "version": answer.version,
                "axioms": list(answer.axioms),
                "seconds": round(answer.seconds, 3),
            }
            for name, (bound, answer) in sorted(entries.items())
        }
        data = {"schema": SCHEMA_NAME, "accepted": found}
        self.path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def memory_of(folder: Path) -> Memory:
    """What is remembered in a folder: nothing where there is no such file, or it is another."""
    path = folder / FILE_NAME
    try:
        data: Any = json.loads(path.read_bytes())
        if data["schema"] != SCHEMA_NAME:
            return Memory(path, {})
        entries = {name: _entry(entry) for name, entry in data["accepted"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Memory(path, {})
    return Memory(path, {n: e for n, e in entries.items() if set(e[1].axioms) <= ALLOWED_AXIOMS})


def _entry(entry: Any) -> tuple[str, Accepted]:
    axioms = tuple(str(axiom) for axiom in entry["axioms"])
    return str(entry["key"]), Accepted(str(entry["version"]), axioms, float(entry["seconds"]))


def key(coqc: Coqc, file: CoqFile) -> str:
    """A digest of everything that Coq's answer on a file depends on."""
    parts = (coqc.version, library_text(), *sorted(ALLOWED_AXIOMS), file.name, file.text)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
