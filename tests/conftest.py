"""Shared by the tests: the corpora, and golden files that `--regenerate-golden` writes anew."""

import os
import shutil
import sys
from pathlib import Path

# The tests run side by side, a process a core: threads of the linear algebra would only wait for each other, and
# their waiting counts as processor time.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import hypothesis  # noqa: E402
import pytest  # noqa: E402
from rassegna.doctor import BROWSERS  # noqa: E402

# A busy machine is no failure.
hypothesis.settings.register_profile("rassegna", deadline=None)
hypothesis.settings.load_profile("rassegna")

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


@pytest.fixture
def rassegna(monkeypatch, capsys):
    """Give a command in the project's folder: exit status, standard output, standard error."""

    from rassegna.__main__ import main

    def give(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.chdir(ROOT)
        monkeypatch.setattr(sys, "argv", ["rassegna", *map(str, arguments)])
        try:
            main()
            status = 0
        except SystemExit as stop:
            status = int(stop.code or 0)
        return status, *capsys.readouterr()

    return give


@pytest.fixture(scope="module")
def browser():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("!!! NO BROWSER: the site was not tested in one; install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser):
    """Open a page and return it, with everything that should not have happened in its `faults`."""
    contexts = []

    def opened(address: str, *, width: int = 1280, dark: bool = False, scripts: bool = True):
        context = browser.new_context(
            reduced_motion="reduce",
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("dialog", lambda dialog: (page.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: page.faults.append(f"error: {error}"))
        page.on("console", lambda m: page.faults.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else page.faults.append(r.url))
        page.goto(address)
        page.wait_for_load_state("networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()
