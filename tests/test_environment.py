"""The pins: environment.yml and the lock agree, and the lock names no host."""

import re
import tomllib
from itertools import chain

import yaml
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHOSEN = ["jupyterlab", "pandas", "spacy", "matplotlib", "nbval", "papermill"]
PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>\S+)(?: ; (?P<marker>[^\\]+?))? ?\\?$", re.MULTILINE
)


def locked() -> list[tuple[str, str]]:
    """Every pin of the lock: name, and the requirement as pip reads it."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = [(m["name"], m["version"], m["marker"]) for m in PIN.finditer(text)]
    return [(name, f"{name}=={version}" + (f" ; {marker}" if marker else "")) for name, version, marker in pins]


def named() -> list[str]:
    """The packages that pyproject.toml names, canonical."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    return [canonicalize_name(Requirement(requirement).name) for requirement in wanted]


def environment() -> str:
    """The text of environment.yml that the lock and pyproject.toml ask for."""
    groups = {
        "chosen by the user": CHOSEN,
        "what else the workbook, its site and its tests call by name": sorted(set(named()) - set(CHOSEN)),
    }
    groups["what those need"] = sorted({name for name, _ in locked()} - set(chain.from_iterable(groups.values())))
    lines = [
        "# The locked environment for conda, written from requirements.lock by `make lock`; a test compares the two.",
        "name: rassegna",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        "  - python >=3.11",
        "  - pip",
        "  - make",
        "  - pip:",
    ]
    for about, names in groups.items():
        lines.append(f"      # {about}")
        pins = {name: [pin for pinned, pin in locked() if pinned == name] for name in names}
        assert all(pins.values()), f"not in the lock: {[name for name, found in pins.items() if not found]}"
        lines += [f'      - "{pin}"' if "'" in pin else f"      - {pin}" for found in pins.values() for pin in found]
    return "\n".join(lines) + "\n"


def test_environment_has_the_locks_pins(golden):
    golden(ROOT / "environment.yml", environment())


def test_environment_pins_are_in_the_lock():
    spec = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    pins = next(entry["pip"] for entry in spec["dependencies"] if isinstance(entry, dict))
    assert sorted(pins) == sorted(pin for _, pin in locked())
    assert [Requirement(pin).name for pin in pins[:6]] == CHOSEN


def test_lock_names_no_host():
    assert "://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_every_pin_has_a_hash():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert len(PIN.findall(text)) > 100
    for block in re.split(r"\n(?=[a-z])", text.strip()):
        assert "--hash=sha256:" in block, block.split("\n")[0]
