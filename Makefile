# Nattljus. `make run` starts the platform, `make test` tests it; both install what they need and are quick next time.

PYTHON ?= python3
SETUP := $(PYTHON) -m deploy.setup
BIN := .venv/bin
SOURCES := kit registry signaling media alarms clients deploy tests
PYTEST := $(BIN)/python -m pytest
# What `make check` and CI do, in this order.
CHECKS := ready format lint types imports architecture pages test

MAKEFLAGS += --no-print-directory
.NOTPARALLEL:
.PHONY: help run test check soak lock clean parts test-python test-pages $(CHECKS)

help: ## List what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: ## Install what is needed, build the pages, start the platform (ARGS="--port 8090")
	@$(SETUP) run
	@exec $(BIN)/nattljus run --demo $(ARGS)

test: test-python test-pages ## Install what the tests need and run them all

# Timings are promises: the whole-platform tests that make some have the machine to themselves. What is run beside others
# waits for pages and disks more than it works, so there is one process more than the two cores.
test-python: ready
	rm -rf build/pages
	$(BIN)/python -m tests.second_look -n 3 -m "not soak and not alone"
	$(BIN)/python -m tests.second_look tests/system -m "not soak and alone"

test-pages: ready
	@$(SETUP) npm run test

check: $(CHECKS) ## All that CI does, in CI's order

soak: ready ## The long tests: kills by the hundred, inputs by the hundred thousand
	NATTLJUS_FUZZ_EXAMPLES=100000 $(PYTEST) -m soak --timeout 7200
	NATTLJUS_FUZZ_EXAMPLES=3000 $(PYTEST) tests/fuzz --timeout 7200

lock: ## Renew the lock files from requirements/*.in
	@$(SETUP) lock

clean: ## Delete everything that was made, but no data
	rm -rf .venv build clients/web/node_modules clients/web/dist .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

# The parts of `make check`.
ready:
	@$(SETUP) tests

format:
	$(BIN)/ruff format --check .

lint:
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

imports:
	$(BIN)/lint-imports

architecture:
	$(PYTEST) -q tests/architecture

pages:
	@$(SETUP) npm run check

parts:
	@echo $(CHECKS)
