import re

from derive.report.latex import latex_report
from derive.report.model import Report


def test_only_the_packages_that_every_installation_has(report: Report) -> None:
    packages = re.findall(r"\\usepackage(?:\[.*?\])?\{(.*?)\}", latex_report(report))
    assert packages == ["amsmath", "booktabs", "longtable", "xcolor", "hyperref"]


def test_it_is_ascii_and_the_same_every_time(report: Report) -> None:
    assert latex_report(report).isascii()
    assert latex_report(report) == latex_report(report)


def test_hostile_text_is_text(report: Report) -> None:
    source = latex_report(report)
    body = source[source.index(r"\begin{document}") :]
    assert r"\input" not in body
    assert r"\weird" not in body
    assert r"\textbackslash{}input\{/etc/passwd\}" in body
    assert r"\char92{}\allowbreak{}weird" in body


def test_every_link_has_its_target(report: Report) -> None:
    source = latex_report(report)
    targets = set(re.findall(r"\\claim\{(claim-\d+)\}", source))
    assert set(re.findall(r"\\hyperlink\{(.*?)\}", source)) <= targets
    assert len(targets) == 11


def test_braces_are_balanced(report: Report) -> None:
    bare = re.sub(r"\\[{}\\]", "", latex_report(report))
    assert bare.count("{") == bare.count("}")


def test_plots_are_pictures(report: Report) -> None:
    source = latex_report(report)
    assert source.count(r"\begin{picture}") == 3
    assert r"\includegraphics" not in source
