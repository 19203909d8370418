# Each target makes its own environment in .venv first: nothing but Python 3.11 or newer has to be there.
# (On Debian and Ubuntu: apt install python3-venv.) On Windows, see the pip lines in README.md.

PYTHON ?= python3
VENV ?= .venv
RUN := $(VENV)/bin/python -m
READY := $(VENV)/.ready

# No screen, so Qt draws into memory and the demonstration runs in the terminal.
ifeq ($(shell uname -s)$(DISPLAY)$(WAYLAND_DISPLAY),Linux)
export QT_QPA_PLATFORM ?= offscreen
HEADLESS := --headless
endif

.PHONY: demo test check lint bench faults screens clean

demo: $(READY)
	$(RUN) dsr_desk demo $(DIR) $(HEADLESS)

test: $(READY)
	$(RUN) pytest -n 2

lint: $(READY)
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(RUN) mypy resources/evidence/verify.py
	$(VENV)/bin/lint-imports --no-cache
	$(RUN) deptry .
	$(RUN) vulture

check: lint test

bench: $(READY)
	$(RUN) benchmarks

# About three quarters of an hour on two cores. A few of each kind are in the tests.
faults: $(READY)
	$(RUN) tests.faults

screens: $(READY)
	$(RUN) tests.gui.screens screens
	$(RUN) tests.gui.evidence_screens screens

$(READY): pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'DSR Desk needs Python 3.11 or newer: make PYTHON=python3.12 ...')"
	$(PYTHON) -m venv $(VENV)
	$(RUN) pip install -qq --editable ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) build dist screens .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
