# Set-up needs python3 (3.11 or newer), make and PyPI; everything after it works offline.
PYTHON ?= python3
CORPUS ?= seeds
BUILD ?= build
ARGS ?=

export PYTHONPATH := $(CURDIR)/lib
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export JUPYTER_PLATFORM_DIRS := 1

# An active environment is used if it satisfies the lock; else .venv is built.
ACTIVE := $(or $(VIRTUAL_ENV),$(CONDA_PREFIX))
ifneq ($(ACTIVE),)
SATISFIED := $(shell $(ACTIVE)/bin/python -m pip install --quiet --dry-run --no-index --no-deps -r requirements.lock >/dev/null 2>&1 && echo yes)
endif
ENV := $(if $(SATISFIED),$(ACTIVE),.venv)
PROJECTS := $(wildcard pyproject.toml lib/*/pyproject.toml)
hash = $(firstword $(shell cat $(1) | sha256sum))
LOCKED := $(ENV)/.locked-$(call hash,requirements.lock)
STAMP := $(ENV)/.rassegna-$(call hash,requirements.lock $(PROJECTS))
PY := $(ENV)/bin/python
STRIP := $(PY) -m nbstripout --keep-output --keep-count --keep-id \
	--extra-keys "metadata.papermill metadata.language_info.version metadata.language_info.codemirror_mode \
	metadata.language_info.file_extension metadata.language_info.mimetype metadata.language_info.nbconvert_exporter \
	metadata.language_info.pygments_lexer cell.metadata.papermill cell.metadata.execution cell.metadata.collapsed"

.PHONY: help setup run test lab notebooks lock bench curve fuzz clean browser strip

help:  ## Say what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12
	@echo "Your own articles: make run CORPUS=path/to/folder  (more: ARGS='--help')"

setup: $(STAMP)  ## Install everything, once

$(STAMP): $(LOCKED)
	@$(PY) -m pip install --quiet --no-deps --no-build-isolation $(addprefix -e ,$(dir $(PROJECTS)))
	@rm -f $(ENV)/.rassegna-*
	@touch $@

$(LOCKED):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rassegna needs Python 3.11 or newer; say which: make PYTHON=python3.12")'
ifeq ($(ENV),.venv)
	@rm -rf .venv
	@$(PYTHON) -m venv .venv || { \
		echo "Python has no venv; installing Debian's python3-venv"; \
		$$(command -v sudo) apt-get update -q && $$(command -v sudo) apt-get install -qy python3-venv && $(PYTHON) -m venv .venv; }
	@echo "Installing the locked packages into .venv (about a minute and a half)"
	@$(PY) -m pip install --quiet --progress-bar off --require-hashes --no-deps -r requirements.lock
endif
	@touch $@

run: $(STAMP)  ## Run the workbook on CORPUS (default: seeds) and build its site
	@$(PY) -m rassegna run "$(CORPUS)" --build-dir "$(BUILD)" $(ARGS)

test: $(STAMP) browser  ## Check the code, the notebooks and the site
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m pytest $(ARGS)

browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
		echo "No Chromium; installing Debian's for the tests of the site"; \
		$$(command -v sudo) apt-get update -q && $$(command -v sudo) apt-get install -qy --no-install-recommends chromium; } \
		|| echo "!!! NO BROWSER: the tests of the site in a browser will be skipped"

lab: $(STAMP)  ## Open JupyterLab on the notebooks
	@$(PY) -m jupyterlab --notebook-dir=. --LabApp.default_url=/lab/tree/notebooks/00-briefing.ipynb \
		--LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate $(ARGS)

notebooks: $(STAMP)  ## Execute the notebooks on the seeds and store their outputs
	@$(PY) -m rassegna notebooks
	@$(MAKE) --no-print-directory strip

strip:
	@$(STRIP) notebooks/*.ipynb

lock: $(STAMP)  ## Resolve the newest versions anew (needs uv) and write environment.yml from them
	uv pip compile --quiet --universal --generate-hashes --no-header --upgrade --python-version 3.11 \
		--extra site --extra test pyproject.toml --output-file requirements.lock
	$(PY) -m pytest -q tests/test_environment.py --regenerate-golden

bench: $(STAMP)  ## Measure set-up, run, memory and throughput on this machine
	@$(PY) tests/benchmark.py $(ARGS)

curve: $(STAMP)  ## Measure articles a second, memory and disk for growing corpora; draw and project them
	@$(PY) tests/curve.py --build-dir "$(BUILD)" $(ARGS)

fuzz: $(STAMP)  ## Kill runs, feed hostile articles and texts of megabytes; print what came of it
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(PY) tests/fuzz.py $(ARGS)

clean:  ## Delete what was generated (not .venv)
	rm -rf "$(BUILD)" .pytest_cache .mypy_cache .ruff_cache .hypothesis
