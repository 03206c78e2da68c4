# Works on a fresh Debian with python3 and make: `make` alone says what there is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench crash mailbox workers scanner loop fuzz packages attacks clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## build .venv from the lock, so that .venv/bin/vanthu works

# Only the lock and the packaging decide: an edit of the code needs no new set-up.
$(STAMP): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || tests/install-debian-packages python3-venv
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## a throw-away gateway with real mails through it; ONCE=1 ends by itself
	$(BIN)/vanthu demo $(if $(filter-out 0,$(ONCE)),--once)

test: packages lint ## everything: Debian packages, lint, types, import rules, tests
	$(BIN)/python -m pytest $(TESTS)

packages: setup
	@tests/install-debian-packages

lint: setup ## ruff, mypy and the import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## measurements against peers, one JSON line each; ONLY=accept picks one
	@$(BIN)/python -m bench $(ONLY)

crash: packages ## the long crash trial: 2,000 mails, thirty times kill -9, on both databases
	@$(BIN)/python -m tests.service.crash --mails 2000 --kills 30 --database sqlite
	@$(BIN)/python -m tests.service.crash --mails 2000 --kills 30 --database postgresql

mailbox: packages ## the long IMAP trial: 200 mails to an idle Dovecot, a backlog of 5,000 while it is killed, UIDs anew
	@$(BIN)/python -m tests.service.mailbox_trial --idle 200 --backlog 5000 --kills 5

attacks: packages ## every attack and ordinary file by mail: what each met; SHARED=folder adds the documents of a corpora folder
	@$(BIN)/python -m tests.attacks.trial $(if $(SHARED),--shared $(SHARED))

workers: packages ## the long trial of the workers: killed, stopped and overfed 500 times under load
	@$(BIN)/python -m tests.service.worker_trial --harms 500

scanner: packages ## clamd stopped while 1,000 mails come in, and back
	@$(BIN)/python -m tests.service.scanner_trial --mails 1000

loop: packages ## two gateways and an autoresponder in a circle for 1,000 rounds
	@$(BIN)/python -m tests.flow.loop --rounds 1000

fuzz: setup ## ten minutes of coverage-guided fuzzing of the MIME reader
	@$(BIN)/python -m tests.fuzz.mime_reader --seconds 600

clean: ## remove .venv and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
