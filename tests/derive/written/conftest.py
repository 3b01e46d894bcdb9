"""The homework, read and judged once for all tests of this folder."""

import pytest

from derive.written import WrittenDocument
from identities.homework import read_homework


@pytest.fixture(scope="session")
def homework() -> WrittenDocument:
    return read_homework()
