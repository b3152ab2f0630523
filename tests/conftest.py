"""Shared by the tests: the corpora, and golden files that `--regenerate-golden` writes anew."""

import os
from pathlib import Path

# The tests run side by side, a process a core: threads of the linear algebra would only wait for each other, and
# their waiting counts as processor time.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import pytest  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser):
    parser.addoption(
        "--regenerate-golden", action="store_true", help="write the golden files from what is computed now"
    )


@pytest.fixture(scope="session")
def golden(request):
    """Compare a text with a golden file; with --regenerate-golden write the file instead."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--regenerate-golden"):
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"{path.name} is missing: pytest --regenerate-golden writes it"
        assert path.read_text(encoding="utf-8") == text, (
            f"{path.name} differs: pytest --regenerate-golden writes it anew"
        )

    return compare


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "seeds"
