"""``--audit``, ``--certificates`` and ``derive audit`` as a person calls them."""

import json
from pathlib import Path

import pytest

from derive.cli import main

DOCUMENT = r"""
$$ \frac{d}{dx} e^{2x} = 2 e^{2x} $$
"""


@pytest.fixture
def certificates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    document, path = tmp_path / "a.md", tmp_path / "c.json"
    document.write_text(DOCUMENT, encoding="utf-8")
    main(["check", str(document), "--certificates", str(path)])
    told = capsys.readouterr().out.splitlines()[-1]
    assert told.startswith(f"{document}: audit: the kernel re-checked 1 of 1 proof (")
    return path


def test_a_file_of_certificates_is_rechecked(
    certificates: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", str(certificates)]) == 0
    assert capsys.readouterr().out.startswith("the kernel re-checked 1 of 1 proofs (")


def test_a_changed_proof_is_doubted(certificates: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(certificates.read_text(encoding="utf-8"))
    data["certificates"][0]["statement"]["right"] = ["element", "x"]
    certificates.write_text(json.dumps(data), encoding="utf-8")
    assert main(["audit", str(certificates)]) == 1
    told = capsys.readouterr().out
    assert "the kernel does not follow the proof: the certificate was changed" in told
    assert "the kernel re-checked 0 of 1 proofs (0 steps)" in told


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("no json", "it is not JSON"),
        ("{}", "it is no file of certificates"),
        ('{"schema": "x"}', "its schema is 'x', not 'derive.certificates/1'"),
        ('{"schema": "derive.certificates/1", "certificates": [1]}', "it is no file of certif"),
    ],
)
def test_another_file_is_refused_in_plain_words(
    content: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "c.json"
    path.write_text(content, encoding="utf-8")
    assert main(["audit", str(path)]) == 2
    assert f"derive audit: {path} can't be read: {words}" in capsys.readouterr().err


def test_a_missing_file_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "nowhere.json"]) == 2
    assert "nowhere.json can't be read: No such file" in capsys.readouterr().err


def test_verify_says_how_many_proofs_the_kernel_followed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "c.json"
    words = ["verify", "1b", "--no-pdf", "--output", str(tmp_path), "--certificates", str(path)]
    assert main(words) == 0
    assert "The kernel re-checked 2 of 2 proofs (" in capsys.readouterr().out
    report = (tmp_path / "homework3-selection.tex").read_text(encoding="utf-8")
    assert "checked 2 of 2 proofs (" in report
    assert "The kernel followed the whole proof." in report
    assert main(["audit", str(path)]) == 0
