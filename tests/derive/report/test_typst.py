import re

from derive.report.model import Report
from derive.report.typst import typst_report


def test_hostile_text_stands_in_string_literals_only(report: Report) -> None:
    source = typst_report(report)
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', source)
    assert r"#read(\"/etc/passwd\")" in source
    for word in ("read(", "import", "include", "passwd", "weird", "plugin("):
        assert word not in bare


def test_links_have_targets(report: Report) -> None:
    source = typst_report(report)
    targets = set(re.findall(r"\] <(claim-\d+)>\]", source))
    assert set(re.findall(r"#link\(<(.*?)>\)", source)) <= targets
    assert len(targets) == 11
