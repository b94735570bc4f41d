# One command each. `make` alone lists them. Everything runs on this machine and talks to 127.0.0.1 only,
# except installing packages and `make deploy`.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory

PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
TESTS ?= tests
export PYTHONDONTWRITEBYTECODE := 1
export NO_MKDOCS_2_WARNING := 1

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---- the environment -------------------------------------------------------------------------------------

# Made again only when a lock changes. The installer itself is hash-checked too.
$(READY): requirements/dev.txt requirements/bootstrap.txt
	@PYTHON="$(PYTHON)" VENV="$(VENV)" bash infra/setup.sh
	@touch $@

.PHONY: setup
setup: $(READY) ## Create or refresh the Python environment (the others do it by themselves)

.PHONY: browser
browser: $(READY) # for tests and benchmarks
	@bash infra/setup-browser.sh

# ---- every day -------------------------------------------------------------------------------------------

.PHONY: start
start: $(READY) ## Run everything on http://127.0.0.1:8000 (PORT= to change); Ctrl-C stops it
	@exec $(BIN)/python -m infra.start --port $(PORT)

.PHONY: test
test: check browser ## make check, then all tests (TESTS=path for some)
	@$(BIN)/pytest --numprocesses 2 --dist loadscope --durations 20 $(TESTS)

.PHONY: check
check: $(READY) ## Lint, types, import contracts, template, freshness of generated files
	@$(BIN)/python -m infra.check

.PHONY: site
site: $(READY) ## Write with a live preview on http://127.0.0.1:8000 (PORT= to change); Ctrl-C stops it
	@echo "Preview / 预览  http://127.0.0.1:$(PORT)/  (forms need: make start)"
	@PYTHONPATH=site:functions:. exec $(BIN)/python -m sitebuild.preview --port $(PORT)

.PHONY: pages
pages: $(READY) ## Build the pages into build/site (SITE_URL= for their absolute addresses)
	@$(BIN)/mkdocs build --quiet --strict

.PHONY: catalogue
catalogue: $(READY) ## Compile content/ into the data that pages and functions share
	@PYTHONPATH=site:functions $(BIN)/python -m publishing.compiler

.PHONY: terms
terms: $(READY) ## Lock new terms and privacy texts: from then on they never change
	@PYTHONPATH=site:functions $(BIN)/python -m publishing.compiler --publish

.PHONY: openapi
openapi: $(READY) ## Write content/openapi.json from the routes
	@PYTHONPATH=functions:. $(BIN)/python -m infra.openapi --write

.PHONY: states
states: $(READY) ## Draw docs/states.md from the state tables in the code
	@PYTHONPATH=functions:. $(BIN)/python -m infra.states --write

.PHONY: package
package: $(READY) ## Build the deployment zip and template for the cloud (RUNTIME=, ARCHITECTURE=)
	@$(BIN)/python -m infra.package --runtime $(or $(RUNTIME),python3.13) --architecture $(or $(ARCHITECTURE),x86_64)

.PHONY: seats
seats: $(READY) ## Add prepaid seats to a campaign: make seats CAMPAIGN=code N=100 (while make start runs)
	@test -n "$(CAMPAIGN)" -a -n "$(N)" || { echo "usage: make seats CAMPAIGN=code N=100 [STAGE=local]"; exit 2; }
	@PYTHONPATH=functions:. $(BIN)/python -m infra.office --stage $(or $(STAGE),local) seats --campaign "$(CAMPAIGN)" --seats "$(N)"

.PHONY: suggestions
suggestions: $(READY) ## Read the suggestion box (DAY=2026-11-25 for another day than today; while make start runs)
	@PYTHONPATH=functions:. $(BIN)/python -m infra.office --stage $(or $(STAGE),local) suggestions $(if $(DAY),--day $(DAY))

# ---- now and then ----------------------------------------------------------------------------------------

.PHONY: bench
bench: browser ## Measure speed and sizes against their budgets
	@$(BIN)/python -m tests.benchmarks

.PHONY: proof
proof: browser ## Old phones, valid HTML, other builders, long runs, and each guard removed: its test must miss it (ONLY="P18" for some guards)
	@$(if $(ONLY),,$(BIN)/pytest --numprocesses 2 --dist loadscope --durations 20 tests/proof)
	@$(BIN)/python -m tests.proof.mutants $(ONLY)

.PHONY: deploy
deploy: $(READY) ## Build the pages for a stage and deploy to a cloud: make deploy STAGE=name (see infra/stages)
	@$(BIN)/python -m infra.deploy $(STAGE)

.PHONY: lock
lock: $(READY) ## Resolve pyproject.toml again into requirements/*.txt, with hashes
	@bash infra/lock.sh

.PHONY: clean
clean: ## Forget what was built. Keeps .local (your local data) and the environment
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
