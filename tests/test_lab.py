"""Every notebook in JupyterLab, in a real browser: it opens, all cells run, outputs are there, a panel works."""

import contextlib
import csv
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from conftest import ROOT
from rassegna.runs import find

NOTEBOOKS = [path.name for path in find(ROOT / "notebooks")]
EXPLORED, REVIEWED = "02-people-and-places.ipynb", "03-voices.ipynb"
STARTED, RUN, ANSWERED = 60, 120, 30  # seconds that a server, a notebook, a panel may take on a slow machine
# Lab's own settings, so that nothing asks, and nothing is fetched.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {"autoStartDefaultKernel": True, "windowingMode": "none"},
}
OPEN = """async name => {
  const panel = await window.jupyterapp.commands.execute('docmanager:open', {path: 'notebooks/' + name});
  await panel.context.ready;
  await panel.sessionContext.ready;
  await panel.revealed;
  window.jupyterapp.shell.activateById(panel.id);
  window.opened = panel;
}"""
# The command's promise is kept when the last cell is done, or one failed.
RUN_ALL = """() => {
  window.ran = false;
  window.jupyterapp.commands.execute('notebook:run-all-cells').finally(() => { window.ran = true; });
}"""
CELLS = """() => window.opened.content.model.sharedModel.toJSON().cells
  .filter(cell => cell.cell_type === 'code')
  .map(cell => ({source: [].concat(cell.source).join(''), outputs: cell.outputs, count: cell.execution_count}))"""
CLOSE = """async () => {
  await window.jupyterapp.commands.execute('docmanager:save');
  await window.opened.sessionContext.shutdown();
  window.opened.close();
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """The notebooks without their outputs, so that those that are seen were made here, and the seeds."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    (folder / "notebooks").mkdir()
    for name in NOTEBOOKS:
        node = nbformat.read(ROOT / "notebooks" / name, as_version=4)
        for cell in node.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
                if name in (EXPLORED, REVIEWED):
                    cell.source = cell.source.replace("panels: bool = False", "panels: bool = True")
        nbformat.write(node, folder / "notebooks" / name)
    return folder


@pytest.fixture(scope="module")
def server(copied, tmp_path_factory):
    """Address and token of a JupyterLab on the copy, which knows nothing of the user's own settings."""
    own, token = tmp_path_factory.mktemp("jupyter"), secrets.token_hex(16)
    for name, values in SETTINGS.items():
        package, plugin = name.rsplit(":", 1)
        file = own / "settings" / package / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--expose-app-in-browser", "--allow-root"]
    command += [f"--ServerApp.port={port}", "--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=0"]
    command += [f"--ServerApp.root_dir={copied}", f"--IdentityProvider.token={token}"]
    command += ["--LabApp.news_url=None", f"--LabApp.user_settings_dir={own / 'settings'}"]
    command += [f"--LabApp.workspaces_dir={own / 'workspaces'}", "--LabApp.extension_manager=readonly"]
    command += ["--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate"]
    # A kernel finds this library where the tests do; Jupyter's folders are new ones.
    places = {f"JUPYTER_{kind}_DIR": str(own / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    places |= {"PYTHONPATH": str(ROOT / "lib"), "JUPYTER_PLATFORM_DIRS": "1", "IPYTHONDIR": str(own / "ipython")}
    with (
        (own / "log").open("w") as log,
        subprocess.Popen(command, cwd=copied, env=os.environ | places, stdout=log, stderr=subprocess.STDOUT) as process,
    ):
        try:
            _wait_for(process, f"{address}/api?token={token}", own / "log")
            yield address, token
        finally:
            process.terminate()
            process.wait(STARTED)


def _wait_for(process, address, log):
    for _ in range(2 * STARTED):
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        if process.poll() is not None:
            break
        time.sleep(0.5)
    raise AssertionError("JupyterLab did not start:\n" + log.read_text(encoding="utf-8")[-3000:])


@pytest.fixture(scope="module")
def lab(browser, server):
    """One page with JupyterLab, for all notebooks; what it asks of other hosts is refused and kept."""
    address, token = server
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.strangers = []

    def pass_on(route):
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            page.strangers.append(route.request.url)
            route.abort()

    context.route("**/*", pass_on)
    page.set_default_timeout(1000 * ANSWERED)
    page.goto(f"{address}/lab?token={token}&reset", timeout=1000 * STARTED)
    page.wait_for_function("() => window.jupyterapp", timeout=1000 * STARTED)
    page.evaluate("() => window.jupyterapp.restored")
    yield page
    context.close()


@pytest.fixture
def run(lab):
    """Open a notebook, run all its cells, and return what its code cells then hold."""

    def ran(name):
        lab.evaluate(OPEN, name)
        lab.wait_for_selector("text=/Python 3.*\\| Idle/", state="attached", timeout=1000 * RUN)
        lab.evaluate(RUN_ALL)
        lab.wait_for_function("() => window.ran", timeout=1000 * RUN)
        return lab.evaluate(CELLS)

    yield ran
    lab.evaluate(CLOSE)


def check(cells, name, lab):
    """All cells were run, none failed, and what has an output in the repository has one here, which is drawn."""
    stored = [cell for cell in nbformat.read(ROOT / "notebooks" / name, as_version=4).cells if "outputs" in cell]
    assert len(cells) == len(stored)
    for cell, before in zip(cells, stored, strict=True):
        errors = [output for output in cell["outputs"] if output["output_type"] in ("error", "stream")]
        assert not errors, (cell["source"], errors)
        assert cell["count"] is not None, cell["source"]
        assert cell["outputs"] or not before.outputs, cell["source"]
    n_drawn = lab.evaluate("() => window.opened.node.querySelectorAll('.jp-OutputArea-output').length")
    assert n_drawn >= sum(len(cell["outputs"]) for cell in cells) > 0
    assert lab.strangers == []


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if name not in (EXPLORED, REVIEWED)])
def test_a_notebook_runs_and_shows_its_outputs(run, lab, name):
    check(run(name), name, lab)


def test_the_explorer_turns_to_what_is_picked(run, lab):
    check(run(EXPLORED), EXPLORED, lab)
    shown, box = lab.locator(".widget-html-content"), lab.locator(".jp-OutputArea input[list]")
    first = shown.locator("strong").inner_text()
    assert shown.locator("mark").first.inner_text()
    other = lab.locator(".jp-OutputArea datalist option").nth(1).get_attribute("value")
    assert other != first
    box.fill(other)
    box.press("Enter")
    shown.locator("strong", has_text=other).wait_for()
    lab.locator(".widget-dropdown select").select_option("word")
    shown.locator("strong").filter(has_not_text=other).wait_for()
    assert shown.locator("mark").count() > 1


def test_what_is_decided_in_the_review_is_written(run, lab, copied):
    check(run(REVIEWED), REVIEWED, lab)
    written = copied / "seeds" / "corrections.csv"
    assert not written.exists()
    shown = lab.locator(".widget-html-content")
    shown.get_by_text("1 of").first.wait_for()
    lab.get_by_role("button", name="next ▶").click()
    shown.get_by_text("2 of").first.wait_for()
    lab.get_by_role("button", name="accept").click()
    shown.get_by_text("Decided: accept").wait_for()
    (line,) = csv.DictReader(written.read_text(encoding="utf-8").splitlines())
    assert (line["table"], line["action"]) == ("quotes", "accept")
    assert line["text"] in (copied / "seeds" / f"{line['doc_id']}.txt").read_text(encoding="utf-8")
