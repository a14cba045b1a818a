# Two commands matter: `make demo` and `make test`. Both set everything up first, and do nothing when it is already there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Compiling every module anew in each of the hundreds of processes that tests start costs minutes.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: install demo test check lint types arrows fast slow browser pictures soak fuzz bench lock revision clean

$(VENV)/.runtime: requirements.txt pyproject.toml
	@echo "Setting up what it needs in $(VENV); this takes a minute the first time."
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(PIP) install --require-hashes -r requirements-dev.txt
	touch $@

$(VENV)/.bench: requirements-bench.txt $(VENV)/.dev
	$(PIP) install --require-hashes -r requirements-bench.txt
	touch $@

# What `complaints` needs to run, and nothing for tests: .venv/bin/complaints
install: $(VENV)/.runtime

demo: $(VENV)/.runtime
	$(BIN)/complaints demo

test: check slow browser

check: lint types arrows fast

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

arrows: $(VENV)/.dev
	$(BIN)/lint-imports --no-logo

fast: $(VENV)/.dev
	$(BIN)/pytest -n 2 -m "not slow and not browser and not soak"

slow: $(VENV)/.dev
	$(BIN)/pytest -n 3 -m "slow and not alone and not paired and not browser and not soak"
	$(BIN)/pytest -n 2 --dist loadfile -m "paired and not soak"
	$(BIN)/pytest -m "alone and not soak"

browser: $(VENV)/.dev
	$(BIN)/pytest -n 2 -m browser

# Takes the README's pictures anew, of the screens that the browser tests see.
pictures: $(VENV)/.dev
	PICTURES=docs/pictures $(BIN)/pytest tests/roads/test_in_the_browser.py tests/roads/test_the_guide_in_the_browser.py

# What takes minutes: ten thousand messages while workers are killed, backups under load, two hundred presses in a second.
soak: $(VENV)/.dev
	$(BIN)/pytest -o faulthandler_timeout=0 -m soak

# A hundred thousand inputs that make test doesn't try; bounded by FUZZ_SECONDS a test.
fuzz: $(VENV)/.dev
	FUZZ_INPUTS=$${FUZZ_INPUTS:-100000} $(BIN)/pytest -o faulthandler_timeout=0 tests/fuzz

# A table of what things cost beside what they are held against: make bench M="figures ticks"
bench: $(VENV)/.bench
	$(BIN)/python -m tests.bench $(M)

# Renews the lock files from pyproject.toml; they carry hashes and name no index.
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet
lock: $(VENV)/.dev
	$(LOCK) --output-file requirements.txt
	$(LOCK) --extra dev --constraint requirements.txt --output-file requirements-dev.txt
	$(LOCK) --extra dev --extra bench --constraint requirements-dev.txt --output-file requirements-bench.txt

# Writes a migration from what the models say and the migrations don't: make revision R=0002 M="what changes"
revision: $(VENV)/.dev
	rm -rf build && mkdir build
	$(BIN)/python -c "from storage import schema; from storage.database import Database; \
	database = Database('sqlite:///build/revision.db'); schema.upgrade(database); schema.revise(database, '$(M)', '$(R)')"

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis artefacts
