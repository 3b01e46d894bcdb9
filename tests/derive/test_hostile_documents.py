"""Documents that try to read files, start processes, reach the network, run code, or explode.

Commands run in a process of their own that writes down every audit event of Python (PEP 578) from
the first look at a document on; the processes that judge inherit that.
"""

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import derive
from derive.cli import main

ROOT = Path(derive.__file__).parents[1]
SECRET = "SECRET-OUTSIDE"

needs_links = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")

# What is tried in every kind of document; "touched" is the file that any success would leave.
CODE = (
    "__import__('os').system('touch touched')",
    "eval(compile('open(\"touched\",\"w\")','','exec'))",
    "$(touch touched)",
    "`touch touched`",
    "|touch touched",
    "; touch touched;",
)
COMMANDS = (
    r"\input{../secret}",
    r"\input{../secret.tex}",
    r"\input ../secret ",
    r"\include{../secret}",
    r"\subfile{../secret}",
    r"\input{/etc/passwd}",
    r"\input{~/.profile}",
    r"\input{|touch touched}",
    r'\input{|"touch touched"}',
    r"\input{inside/../../secret}",
    r"\input{link}",
    r"\input{linked/secret}",
    r"\input{fifo}",
    r"\input{fifo.tex}",
    r"\input{zero}",
    r"\input{zero.tex}",
    r"\input{.}",
    r"\input{..}",
    "\\input{nul\0}",
    r"\input{" + "a" * 300 + "}",
    r"\input{" + "a/" * 3_000 + "}",
    r"\verbatiminput{/etc/passwd}",
    r"\lstinputlisting{../secret.tex}",
    r"\includegraphics{../secret}",
    r"\bibliography{../secret}",
    r"\usepackage{../secret}",
    r"\openin5=../secret \read5 to \x",
    r"\csname input\endcsname{../secret}",
    r"\newcommand{\takein}{\input{../secret}} \takein",
    r"\immediate\write18{touch touched}",
    r"\directlua{os.execute('touch touched')}",
    r"\ShellEscape{touch touched}",
    r"\catcode`\@=0 @input{../secret}",
    r"^^5cinput{../secret}",
)
FORMULAS = (
    *(rf"\text{{{code}}} = 1" for code in CODE),
    *(rf"\operatorname{{{code}}}(x) = x" for code in CODE),
    r"__import__ = x",
    r"x.\_\_class\_\_ = x",
    r"\href{http://localhost:9/}{x} = x",
    r"\includegraphics{http://localhost:9/x.png} = x",
    r"x + x = 2 x",
    r"x + x = 3 x",
)
MARKDOWN = (
    "![picture](http://localhost:9/a.png) ![file](../secret.tex)",
    "[link](file:///etc/passwd) <img src='http://localhost:9/b.png'> <script>touch()</script>",
    "{% include '../secret.tex' %} {{ open('../secret.tex').read() }} <?php system('x') ?>",
    "<!-- #include file='../secret.tex' -->",
    "```{python}\nopen('touched', 'w')\n```",
)
DECLARED = "\n".join(
    (
        "x : R",
        *(f"{code} : R" for code in CODE),
        *(f"y : R^{{{code}}}" for code in CODE),
        *(f"z : R, {code} > 0" for code in CODE),
        "include : ../secret.tex",
        'scope "../secret.tex"',
    )
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with hostile documents of every kind, and a secret beside it."""
    notes = tmp_path / "notes"
    (notes / "inside").mkdir(parents=True)
    (tmp_path / "secret.tex").write_text(f"${SECRET} = 1$\n")
    (notes / "link.tex").symlink_to(tmp_path / "secret.tex")
    (notes / "linked").symlink_to(tmp_path)
    os.mkfifo(notes / "fifo.tex")
    (notes / "zero.tex").symlink_to("/dev/zero")
    displays = "\n\n".join(f"$${formula}$$" for formula in FORMULAS)
    commands = "\n".join(COMMANDS)
    markdown = "\n\n".join((f"<!-- derive\n{DECLARED}\n-->", commands, *MARKDOWN, displays))
    (notes / "main.md").write_text(markdown)
    declared = "\n".join(f"% derive: {line}" for line in DECLARED.splitlines())
    (notes / "main.tex").write_text(f"{declared}\n{commands}\n\n{displays}\n")
    cell = {
        "cell_type": "markdown",
        "source": [markdown, "![a](attachment:../../secret.tex)"],
        "attachments": {"../../secret.tex": {"text/plain": "../../secret.tex"}},
        "metadata": {"celltoolbar": "../secret.tex", "execute": CODE},
    }
    run = {"cell_type": "code", "source": "open('touched', 'w')", "outputs": [], "metadata": {}}
    (notes / "main.ipynb").write_text(json.dumps({"cells": [cell, run], "nbformat": 4}))
    (notes / "told.declarations").write_text(DECLARED)
    return notes


PROGRAM = """
import os, sys
sys.path.insert(0, {root!r})
from derive.cli import main

command = sys.argv[1:]
harmless = {harmless!r}
for form in ("text", "json"):
    main(["check", harmless, "--all", "--audit", "--format", form, "--output", os.devnull])
main(["declare", harmless, "--output", os.devnull])
sys.stdout.flush()

seen = os.open({seen!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
quiet = ("object.", "builtins.id", "sys._getframe", "marshal.", "gc.", "code.__new__", "cpython.")

def write_down(event, arguments):
    if not event.startswith(quiet):
        words = [event, *(str(a)[:2000].replace("\\n", " ").replace("\\t", " ") for a in arguments)]
        os.write(seen, ("\\t".join(words) + "\\n").encode(errors="replace"))

sys.addaudithook(write_down)
sys.exit(main(command))
"""


class Event(NamedTuple):
    """An audit event: its name and its arguments as text."""

    name: str
    arguments: tuple[str, ...]


class Ran(NamedTuple):
    """What a command gave, and what was seen of it."""

    code: int
    out: str
    errors: str
    events: tuple[Event, ...]

    def named(self, *beginnings: str) -> Iterator[Event]:
        return (event for event in self.events if event.name.startswith(beginnings))


def ran(folder: Path, *command: str) -> Ran:
    """Run a command in the folder under the audit hook."""
    harmless, seen = folder.parent / "harmless.md", folder.parent / "seen"
    harmless.write_text("$$x + x = 3 x$$\n\n$$y + y = 2 y$$\n")
    program = PROGRAM.format(root=str(ROOT), harmless=str(harmless), seen=str(seen))
    done = subprocess.run(
        [sys.executable, "-c", program, *command],
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=300,
        stdin=subprocess.DEVNULL,
    )
    events = [line.split("\t") for line in seen.read_text(errors="replace").splitlines()]
    found = tuple(Event(name, tuple(rest)) for name, *rest in events)
    return Ran(done.returncode, done.stdout, done.stderr, found)


def may_be_opened(name: str, folder: Path) -> bool:
    """Files of the document's folder, of the installation, and what Python's processes need."""
    if name.isdecimal():
        return True  # a descriptor that is open already
    path = Path(os.path.realpath(folder / name))
    installed = (sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), ROOT / "derive")
    return (
        path.is_relative_to(folder)
        or name in ("/proc/self/statm", os.devnull, tempfile.gettempdir())
        or any(path.is_relative_to(os.path.realpath(place)) for place in installed)
    )


COMMAND_LINES = (
    ("check", "main.md", "--all", "--declare", "told.declarations"),
    ("check", "main.md", "--format", "json", "--audit", "--certificates", "proofs.json"),
    ("check", "main.tex", "--format", "jsonl", "--all"),
    ("check", "main.ipynb", "--format", "json"),
    ("check", ".", "--hint"),
    ("declare", "main.md", "--output", "proposed"),
    ("declare", "main.tex"),
)


@needs_links
@pytest.mark.parametrize("command", COMMAND_LINES, ids=" ".join)
def test_a_document_is_data(folder: Path, command: tuple[str, ...]) -> None:
    found = ran(folder, *command)
    assert found.code in (0, 1, 2, 3)
    assert "Traceback" not in found.errors
    assert "a fault of derive" not in found.out + found.errors

    opened = [event.arguments[0] for event in found.named("open")]
    assert any(name.endswith(("main.md", "main.tex", "main.ipynb")) for name in opened)
    assert [name for name in opened if not may_be_opened(name, folder)] == []
    written = {e.arguments[0] for e in found.named("open") if "w" in e.arguments[1]}
    written.discard(tempfile.gettempdir())  # a file without a name
    assert {Path(name).name for name in written} <= {"proofs.json", "proposed", "null"}
    texts = [
        path.read_text() for path in folder.iterdir() if path.name in ("proofs.json", "proposed")
    ]
    assert not any(SECRET in text for text in (found.out, found.errors, *texts))
    assert not (folder / "touched").exists()

    assert [*found.named("subprocess.", "os.system", "os.exec", "os.spawn", "os.posix_spawn")] == []
    assert [
        *found.named("pty.", "os.startfile", "webbrowser.", "urllib.", "http.", "ftplib.")
    ] == []
    # A pair of sockets without an address is the pipe to a process that judges.
    sockets = {event.name for event in found.named("socket.")}
    assert sockets <= {"socket.__new__"}
    families = {event.arguments[1] for event in found.named("socket.__new__")}
    assert families <= {"1"}, "no other family than AF_UNIX"
    libraries = {event.arguments[0] for event in found.named("ctypes.dlopen")}
    assert libraries <= {"None"}
    sources = [event.arguments[0] for event in found.named("compile", "exec")]
    assert not any("touch" in source or "secret" in source for source in sources)
    modules = {event.arguments[0].partition(".")[0] for event in found.named("import")}
    assert modules <= {*sys.stdlib_module_names, "derive", "identities", "flint"}


def test_the_hook_sees_what_would_be_wrong(folder: Path) -> None:
    """The test above would fail: a file outside, a process, a socket, code."""
    program = (
        "import socket, subprocess\n"
        f"open({str(folder.parent / 'secret.tex')!r}).read()\n"
        "subprocess.run(['true'])\n"
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 9))\n"
        "eval(compile('1 + 1  # touch', 'x', 'eval'))\n"
    )
    (folder / "wrong.py").write_text(program)
    line = PROGRAM.replace("sys.exit(main(command))", "exec(open('wrong.py').read())")
    seen = folder.parent / "seen"
    harmless = folder.parent / "harmless.md"
    harmless.write_text("$$y + y = 2 y$$\n")
    done = line.format(root=str(ROOT), harmless=str(harmless), seen=str(seen))
    subprocess.run([sys.executable, "-c", done], cwd=folder, check=True, capture_output=True)
    told = seen.read_text()
    names = {row.partition("\t")[0] for row in told.splitlines()}
    assert {"open", "subprocess.Popen", "socket.__new__", "socket.connect", "compile"} <= names
    outside = [row.split("\t")[1] for row in told.splitlines() if row.startswith("open\t")]
    assert not all(may_be_opened(name, folder) for name in outside)


@needs_links
def test_each_way_out_of_the_folder_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(folder / "main.tex"), "--format", "json"]) == 1
    (file,) = json.loads(capsys.readouterr().out)["files"]
    told = [d["found"] for d in file["diagnostics"] if d["kind"].startswith("input-")]
    for name in ("../secret", "/etc/passwd", "link", "linked/secret", "zero"):
        assert f"\\input{{{name}}} leads out of the document's folder" in told
    assert "\\input{fifo.tex}: there is no such file" in told


# ---- documents that are too much ------------------------------------------------------------


def _laugh(number: int) -> str:
    """Ten times the macro before it."""
    body = "\\l" + chr(96 + number)
    return rf"\newcommand{{\l{chr(97 + number)}}}{{{body * 10 if number else 'x'}}}"


LAUGHS = "\n".join(map(_laugh, range(12))) + "\n"
REST = "\n\n$$x + x = 2 x$$\n"

#: File name -> content, whether the rest of the document is judged all the same, and what is told.
TOO_MUCH = {
    "braces.md": ("$$" + "{" * 10_000_000 + "$$" + REST, True, "characters"),
    "groups.md": ("$$" + "{" * 100_000 + "x" + "}" * 100_000 + " = x$$" + REST, True, "characters"),
    "fractions.md": (
        r"$$" + r"\frac{1}{" * 5_000 + "x" + "}" * 5_000 + " = x$$" + REST,
        True,
        "deep",
    ),
    "roots.md": ("$$" + r"\sqrt " * 5_000 + "x = x$$" + REST, True, "deep"),
    "powers.md": ("$$" + "x^{" * 5_000 + "x" + "}" * 5_000 + " = x$$" + REST, True, "deep"),
    "factorials.md": ("$$x" + "!" * 5_000 + " = x$$" + REST, True, "deep"),
    "bars.md": ("$$" + r"x \mid " * 3_000 + "x = x$$" + REST, True, "deep"),
    "laughs.tex": (LAUGHS + "$$\\ll = x$$" + REST, True, "macros that expand to more than"),
    "laughing.tex": (LAUGHS + "$$\\lf = x$$\n\n" * 300 + REST, False, "300,000 tokens in all"),
    "doubling.tex": (
        r"\newcommand{\f}[1]{#1#1}$$" + r"\f{" * 40 + "x" + "}" * 40 + " = x$$" + REST,
        True,
        "macros that",
    ),
    "lists.ipynb": ('{"cells":' + "[" * 200_000 + "]" * 200_000 + "}", False, "not JSON"),
    "objects.ipynb": ('{"cells":' + '{"a":' * 100_000 + "1" + "}" * 100_001, False, "not JSON"),
    "digits.ipynb": ('{"cells":' + "9" * 100_000 + "}", False, "not JSON"),
    "names.md": ("<!-- derive\n" + "a, " * 40_000 + ": R\n-->" + REST, True, "more declarations"),
    "blocks.md": ("<!-- derive x : R -->\n" * 2_000 + REST, True, "more declarations"),
    "unclosed.tex": (r"\begin{equation}" * 3_000 + REST, True, "more problems"),
    "inputs.tex": (r"\input{a}" * 3_000 + REST, True, "more than 1,000 files"),
    "formulas.md": ("$x$ " * 1_001 + REST, False, "more formulas"),
    "headings.md": ("# a\n" * 11_000 + REST, True, "more headings"),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_too_much_is_answered_in_plain_words(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    content, goes_on, told = TOO_MUCH[name]
    monkeypatch.setattr("derive.document.scan.MOST_DISPLAYS", 1_000)
    monkeypatch.setattr("derive.document.scan.MOST_EXPANDED", 300_000)
    path = tmp_path / name
    path.write_text(content)
    assert main(["check", str(path), "--format", "json"]) in (1, 2, 3)
    found = capsys.readouterr()
    assert "Traceback" not in found.err
    (file,) = json.loads(found.out)["files"]
    reasons = [step["reason"] for step in file["steps"]]
    assert any(told in words for words in (*reasons, *(d["found"] for d in file["diagnostics"])))
    verdicts = [step["verdict"] for step in file["steps"]]
    assert (verdicts[-1:] == ["proved"]) == goes_on
    assert len(found.out) < 2_000_000


@pytest.mark.parametrize("name", ["fractions.md", "powers.md", "factorials.md", "bars.md"])
def test_declarations_are_proposed_beside_what_is_too_deep(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_text(TOO_MUCH[name][0].replace("x + x = 2 x", "z_k = 2 z_k"))
    assert main(["declare", str(path)]) in (0, 1)
    assert "z : R^n" in capsys.readouterr().out
