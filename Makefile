# Everything a newcomer types. Needs git, make and Python 3.11-3.13; the rest is installed into .venv at the first run.
# PYTHON=python3.12 chooses an interpreter; VENV=/path another environment; WORKERS=2 how many tests run at once.

PYTHON ?=
VENV ?= .venv
# Twice the two processors of the machines that build it: on two, tests that wait for pages, pauses and servers left half.
WORKERS ?= 4
BIN := $(VENV)/bin
SETUP := sh scripts/python.sh "$(PYTHON)" scripts/setup.py --venv "$(VENV)"

# Set on build machines at times, and then every process compiles all it imports anew: the tests start a thousand.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test coverage lint format trials bench docs lock setup clean

help:
	@echo "make demo    crawl the bundled sample portals and show what was found"
	@echo "make test    run the tests (sets everything up first)"
	@echo "make coverage  the tests, and which lines they reach (slower)"
	@echo "make lint    ruff and mypy --strict"
	@echo "make trials  long trials: kills, fuzz, load"
	@echo "make bench   benchmarks, ratios measured side by side"
	@echo "make docs    the documentation as pages for a browser, in build/docs"
	@echo "make setup   only set up the environment for development"
	@echo "make lock    renew the lock files"

demo:
	@$(SETUP) runtime
	@$(BIN)/gongkai demo

setup:
	@$(SETUP) dev

test:
	@$(SETUP) dev
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

coverage:
	@$(MAKE) test ARGS="--cov --cov-report=term:skip-covered $(ARGS)"

lint:
	@$(SETUP) dev --no-browser
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format:
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

trials:
	@$(SETUP) dev
	@$(BIN)/python -m pytest -m trial --timeout 3600 $(ARGS)

bench:
	@$(SETUP) dev
	@for script in benchmarks/[a-z]*.py; do echo "== $$script"; $(BIN)/python $$script $(ARGS) || exit 1; done

# A warning is a failure (-W), and so is a link to a page or heading that is not there (nitpicky, MyST).
docs:
	@$(SETUP) docs --no-browser
	@$(BIN)/python -m sphinx -W --keep-going --quiet -b html -c docs . build/docs $(ARGS)
	@echo "build/docs/index.html"

# --no-emit-index-url: a lock names versions and digests, never the place they were fetched from.
COMPILE := uv pip compile --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate --generate-hashes --quiet
lock:
	@$(SETUP) dev --no-browser
	@echo uv | $(BIN)/$(COMPILE) - --output-file requirements/installer.txt
	@$(BIN)/$(COMPILE) pyproject.toml --group build --output-file requirements/runtime.txt
	@$(BIN)/$(COMPILE) pyproject.toml --extra postgresql --extra s3 --group build --group test --group lint \
		--constraint requirements/runtime.txt --output-file requirements/dev.txt
	@$(BIN)/$(COMPILE) --group docs --constraint requirements/dev.txt --output-file requirements/docs.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* dist build demo-data
