# Two commands matter: `make run` and `make test`. Each makes .venv first when that is missing or older than the lock.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.locked
RESOLVE := uv pip compile pyproject.toml --extra dev --extra docs --universal --python 3.11 --quiet \
  --no-emit-index-url --no-header --no-annotate
SHORTEN := sed "s/ ; python_full_version < '3.12'$$//; s/python_full_version < '3.12' and //"

# Every process would read the library's source anew, and pytest write out its assertions anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup spark run lab test lint types floors unit beside parity notebooks values prove docs lock clean

help:  ## Show what each command does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: setup  ## Make the demonstration county where it is missing, run every pilot, release and sign with throw-away keys, print
	$(BIN)/woda demonstrate --profile demo

lab: setup  ## Open JupyterLab on the notebooks
	$(BIN)/woda lab

test: lint floors  ## Everything that must hold: style, types, floors, tests, a quick run, the notebooks
	@$(MAKE) --no-print-directory --jobs 2 unit beside

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@sh .ci/setup "$(PYTHON)" "$(VENV)"
	@touch $(STAMP)

# Splink is in the lock: 3 MB. PySpark is as large as all else together, and only tests of `link(..., backend="spark")`
# need it, so that it has a lock of its own and whoever only runs notebooks never waits for it.
spark: setup
	@sh .ci/spark "$(VENV)"

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/python -m tests.check_types

floors: setup
	$(BIN)/lint-imports --no-cache

unit: setup spark
	$(BIN)/pytest -n 2 --dist loadscope -p no:nbval -m "not prove"

# Tests wait, for a browser or a page, and a run of all pilots does: neither fills two processors, and both do. The tests take
# twice as long, so that this gives way to them: both end at about the same time.
beside: setup
	@nice -n 4 $(MAKE) --no-print-directory types
	@nice -n 4 $(MAKE) --no-print-directory notebooks

parity: setup spark  ## Only the tests that hold our engine against Splink, on DuckDB and on a standalone Spark
	$(BIN)/pytest tests/linkage/test_splink.py tests/linkage/test_splink_settings.py

notebooks: setup
	$(BIN)/python -m tests.quick_run

values: setup  ## Store the quick county's headline values in the notebooks, after a change that is meant to move them
	$(BIN)/python -m tests.quick_run --store

prove: setup  ## The heavy proofs; writes their tables into docs/
	EXAMPLES=many $(BIN)/pytest -m "prove or property"

docs: setup  ## Write the pages that come from the code, and build the documentation into outputs/docs/
	$(BIN)/python docs/generate.py
	@$(BIN)/mkdocs build --quiet && echo "The documentation: outputs/docs/index.html"

lock:  ## Resolve both locks anew from pyproject.toml (needs uv); the second is what Spark adds to the first
	$(RESOLVE) -o requirements.lock
	@$(SHORTEN) requirements.lock > .lock && mv .lock requirements.lock
	$(RESOLVE) --extra spark -c requirements.lock | $(SHORTEN) | grep -vxFf requirements.lock > requirements-spark.lock

clean:  ## Remove the environment and every cache (not data/, not outputs/)
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis
