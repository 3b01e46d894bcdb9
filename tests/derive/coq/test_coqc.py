"""Running coqc: time, errors, axioms; with programs that stand for coqc, and with Coq itself."""

import shutil
import stat
from pathlib import Path

import pytest

from derive.coq.answer import Accepted, Rejected
from derive.coq.coqc import (
    ALLOWED_AXIOMS,
    Coqc,
    CoqError,
    assumed,
    find_coqc,
    judge_files,
)
from derive.coq.theorem import CoqFile
from derive.limits import Limits

needs_coq = pytest.mark.skipif(shutil.which("coqc") is None, reason="Coq (coqc) is not installed")

#: Answers every file; the audit tells of an axiom as soon as it asks about "evil".
STAND_IN = """\
#!/bin/sh
for file; do :; done
case "$file" in
  DeriveAudit.v)
    if grep -q evil "$file"; then printf 'Axioms:\\nevil.wrong\\n  : 1 = 0\\n'
    else printf 'Axioms:\\nClassical_Prop.classic : forall P : Prop, P \\\\/ ~ P\\n'; fi ;;
  slow.v) sleep 30 ;;
  false.v)
    printf 'File "./false.v", line 3, characters 2-9:\\nError: No such\\n proof.\\n'
    exit 1 ;;
  silent.v) exit 7 ;;
esac
"""


def stand_in(folder: Path, text: str = STAND_IN) -> Coqc:
    path = folder / "coqc"
    path.write_text(text, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Coqc(str(path), "8.16.1")


def test_each_file_gets_its_own_answer(tmp_path: Path) -> None:
    names = ("good", "evil", "false", "silent", "other")
    told: list[tuple[int, int]] = []
    found = judge_files(
        stand_in(tmp_path),
        [CoqFile(name, "") for name in names],
        progress=lambda done, total: told.append((done, total)),
    )
    assert list(found) == list(names)
    for name in ("good", "other"):
        answer = found[name]
        assert isinstance(answer, Accepted)
        assert answer.axioms == ("Classical_Prop.classic",)
        assert answer.words == "Coq accepted this claim (coqc 8.16.1)."
    assert found["evil"] == Rejected("it rests on evil.wrong")
    assert found["false"] == Rejected("line 3: No such proof")
    assert found["silent"] == Rejected("coqc ended with code 7")
    assert sorted(told) == [(done, 5) for done in range(1, 6)]


def test_a_slow_file_is_ended(tmp_path: Path) -> None:
    limits = Limits(seconds=1.0, megabytes=4096)
    found = judge_files(stand_in(tmp_path), [CoqFile("slow", "")], limits=limits)
    assert found["slow"] == Rejected("coqc took more than 1 s")


def test_a_library_that_does_not_compile_is_told(tmp_path: Path) -> None:
    broken = stand_in(tmp_path, "#!/bin/sh\necho 'Error: Cannot find Coquelicot.'\nexit 1\n")
    with pytest.raises(CoqError, match=r"is libcoq-coquelicot installed\?.*Cannot find Coquelicot"):
        judge_files(broken, [CoqFile("good", "")])


def test_a_machine_without_coq_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(CoqError, match=r"coqc is not installed \(Debian: apt-get install coq"):
        find_coqc()


def test_a_coqc_without_a_version_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = stand_in(tmp_path, "#!/bin/sh\nexit 1\n").path
    monkeypatch.setattr(shutil, "which", lambda _name: path)
    with pytest.raises(CoqError, match="does not tell its version"):
        find_coqc()


@pytest.mark.parametrize(
    ("output", "found"),
    [
        ("Closed under the global context\n", ()),
        ("Axioms:\na.b : forall x,\n  x = x\nc : nat\n", ("a.b", "c")),
        ("Axioms:\na.b\n  : nat\n", ("a.b",)),
        ("", "Print Assumptions gave no list of axioms"),
        ("Axioms:\nt relies on an unsafe universe\n", "Print Assumptions gave a line that is no"),
    ],
)
def test_the_axioms_are_read(output: str, found: tuple[str, ...] | str) -> None:
    answer = assumed(output)
    assert answer[: len(found)] == found if isinstance(found, str) else answer == found


#: Files that coqc compiles without an axiom, and what is told of each.
UNCHECKED = {
    "guard": (
        "Unset Guard Checking.\nFixpoint loop (n : nat) : False := loop n.\n"
        "Theorem guard : False.\nProof. exact (loop 0). Qed.\n",
        "guard.loop is assumed to be guarded.",
    ),
    "positivity": (
        "Unset Positivity Checking.\nInductive D := mk : (D -> False) -> D.\n"
        "Definition un (d : D) : D -> False := match d with mk f => f end.\n"
        "Theorem positivity : False.\n"
        "Proof. exact ((fun d => un d d) (mk (fun d => un d d))). Qed.\n",
        "positivity.D is assumed to be positive.",
    ),
    "universe": (
        "Unset Universe Checking.\nTheorem universe : True.\n"
        "Proof. pose (Type : Type@{Set}). exact I. Qed.\n",
        "universe.universe relies on an unsafe hierarchy.",
    ),
    "another": (
        "Theorem other : True.\nProof. exact I. Qed.\n",
        "The reference another.another was not found in the current environment",
    ),
}


@needs_coq
def test_coq_tells_of_every_axiom_that_is_not_of_its_reals() -> None:
    head = "From Coq Require Import Reals.\nOpen Scope R_scope.\n"
    files = [
        CoqFile("good", f"{head}Theorem good : ln 1 = 0.\nProof. exact ln_1. Qed.\n"),
        CoqFile(
            "evil",
            f"{head}Axiom wrong : 1 = 0.\nLemma hole : 2 = 1.\nAdmitted.\n"
            "Theorem evil : 2 = 0.\nProof. rewrite hole. exact wrong. Qed.\n",
        ),
        *(CoqFile(name, text) for name, (text, _) in UNCHECKED.items()),
    ]
    found = judge_files(find_coqc(), files)
    good = found["good"]
    assert isinstance(good, Accepted)
    assert set(good.axioms) <= ALLOWED_AXIOMS
    assert "Classical_Prop.classic" in good.axioms
    assert found["evil"] == Rejected("it rests on evil.hole, evil.wrong")
    for name, (_, told) in UNCHECKED.items():
        answer = found[name]
        assert isinstance(answer, Rejected)
        assert answer.reason.endswith(told)


def test_no_theorem_has_the_name_of_a_module_of_the_audit(tmp_path: Path) -> None:
    names = ("DeriveLemmas", "DeriveAudit", "Classical_Prop", "good")
    found = judge_files(stand_in(tmp_path), [CoqFile(name, "") for name in names])
    assert isinstance(found.pop("good"), Accepted)
    assert found == {name: Rejected(f"{name} is the name of a module") for name in names[:-1]}
