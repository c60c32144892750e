# `make demo` and `make test` set up everything they need in .venv; nothing is installed outside it.
# uv is used where it is on PATH, python3 -m venv and pip otherwise. `make PYTHON=python3.13 test` picks an interpreter.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint format types bench stems weights story-weights extraction-weights docs screenshots dist sbom lock hooks clean

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=
# Two workers for each core, since tests also wait; more than eight would load the tables too often.
WORKERS ?= $(shell cores=$$(getconf _NPROCESSORS_ONLN); echo $$((cores < 4 ? 2 * cores : 8)))
PYTEST_ARGS ?=
UV := $(shell command -v uv 2>/dev/null)
# Where this is set, as in many containers, every process compiles thousands of modules again, for seconds.
export PYTHONDONTWRITEBYTECODE :=
PIP_INSTALL := $(if $(UV),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check)

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/runtime ## Crawl both days of the sample newsroom and show what is new
	$(BIN)/acca demo

test: $(VENV)/dev ## Run the whole test suite; what this machine lacks is named in the summary
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(PYTEST_ARGS)

lint: $(VENV)/dev ## Check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/dev ## Put style and formatting right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/dev ## Check the types
	$(BIN)/mypy

bench: $(VENV)/dev ## Run every benchmark; each prints a ratio
	@set -e; for script in benchmarks/[a-z]*.py; do echo "== $$script"; $(BIN)/python "$$script"; done

SHARED := ../shared/data/detection
LABELLED := $(addprefix $(SHARED)/,natural.jsonl.gz dev.jsonl long.jsonl uz_restated.jsonl) \
            $(addprefix benchmarks/data/,detection.jsonl sentences.jsonl short_taught.jsonl short_regional.jsonl) \
            $(foreach language,en kk ky ru tg tk uz-Cyrl uz-Latn,benchmarks/data/taught/$(language).jsonl) \
            $(sort $(wildcard $(foreach later,taught_2 taught_3,benchmarks/data/$(later)/*.jsonl)))
LIGHT := $(sort $(wildcard $(foreach later,taught_4 taught_5,benchmarks/data/$(later)/*.jsonl)))
WORLD := $(foreach language,en kk ky ru tg tk uz,$(SHARED)/streams/$(language)_ntrex_translated.jsonl.gz)
LEVELS := $(addprefix benchmarks/data/,stream_levels.jsonl translated_levels.jsonl)

stems: $(VENV)/dev ## Work out the stems of all lexicon patterns, after a change to one
	$(BIN)/python -c 'from acca_crawler.detect.stems import main; main()'

weights: $(VENV)/dev stems ## Fit detection's weights to the labelled items
	$(BIN)/python -m acca_crawler.detect.fit $(LABELLED) --light $(LIGHT) --world $(WORLD) \
	    --levels $(LEVELS) --streams $(SHARED)/streams --cases benchmarks/data/cases.jsonl

story-weights: $(VENV)/dev ## Fit the weights of story assignment to the judged pairs in ../shared
	$(BIN)/python -m benchmarks.fit_concepts ../shared/data/detection/streams
	$(BIN)/python -m benchmarks.fit_dedup ../shared/data/stories/pairs.jsonl ../shared/data/detection/streams

extraction-weights: $(VENV)/dev ## Train the block model of the generic extractor on pages with their true text
	$(BIN)/python -m acca_crawler.extract.fit ../shared/data/extraction

docs: $(VENV)/dev ## Write the generated parts of docs/ again
	grep -l '\[\[\[cog' docs/*.md | xargs $(BIN)/python -m cogapp -r -P -I .

screenshots: $(VENV)/dev ## Take the pictures in docs/images again (needs Chromium and .ci/evidence-tools)
	$(BIN)/python docs/screenshots.py

dist: $(VENV)/dev ## Build the wheel into dist/; the same source gives the same bytes on every machine
	$(BIN)/python -m hatchling build --target wheel
	sha256sum dist/*.whl

sbom: $(VENV)/dev ## Write sbom.json (CycloneDX): every package that is installed with us, its version and hashes
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --mc-type application \
	    --output-reproducible --of JSON -o sbom.json

lock: ## Renew the lock files (needs uv) and check that every package has a wheel for every Python we support
	uv pip compile $(LOCK) --output-file requirements.lock pyproject.toml
	uv pip compile $(LOCK) --constraints requirements.lock --group dev --output-file requirements-dev.lock pyproject.toml
	set -e; trap 'rm -rf .wheels' EXIT; for version in 3.11.2 3.12 3.13 3.14; do \
	    uv pip install --dry-run --target .wheels --python-version $$version --only-binary :all: \
	        --require-hashes -r requirements-dev.lock; done

LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --all-extras \
        --no-header --no-emit-index-url --no-emit-find-links

hooks: $(VENV)/dev ## Check style and types before every commit
	$(BIN)/pre-commit install

clean: ## Remove the environment, the caches and the demo's archive
	rm -rf $(VENV) sbom.json .mypy_cache .pytest_cache .ruff_cache .hypothesis .scrapy build dist acca-demo
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: a changed lock or pyproject.toml installs again, everything else is left as it is.
$(VENV)/made:
	@sh .ci/venv $(VENV) $(PYTHON)
	@touch $@

$(VENV)/runtime: requirements.lock pyproject.toml | $(VENV)/made
	@echo "Installing what the crawler needs into $(VENV)"
	@$(PIP_INSTALL) --require-hashes -r requirements.lock
	@$(PIP_INSTALL) --no-deps --editable .
	@touch $@

$(VENV)/dev: requirements-dev.lock $(VENV)/runtime
	@echo "Installing what the tests need into $(VENV)"
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@
