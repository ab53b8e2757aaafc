# One gate: what runs here is what runs in CI.
PYTHON ?= python

.PHONY: check format lint types contracts test
check: lint types contracts test

format:
	ruff format src tests training benchmarks
	ruff check --fix src tests training benchmarks
lint:
	ruff format --check src tests training benchmarks
	ruff check src tests training benchmarks
types:
	mypy
contracts:
	lint-imports
test:
	$(PYTHON) -m pytest -n 2
