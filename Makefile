# Each of these is the only command needed on a fresh machine with Python 3.11 or later, make and git.

PYTHON ?= python3
export ARGS

.DEFAULT_GOAL := help
.PHONY: run test e2e check fix bench screenshots diagrams requirements setup manage servers help

run: ## Start everything with demo data and print the address (PORT=8000, DATA_DIR=.data)
	@$(PYTHON) -m scripts.run

test: ## Run every test on real servers, with coverage (ARGS="tests/core -x")
	@$(PYTHON) -m scripts.test

e2e: ## Run the journeys in a real browser
	@$(PYTHON) -m scripts.test e2e

check: ## Say what is wrong with format, lint, types, imports, migrations and settings
	@$(PYTHON) -m scripts.check

fix: ## Mend format and what else mends itself
	@$(PYTHON) -m scripts.check fix

bench: ## Measure the main pages on large data (ARGS="--json")
	@$(PYTHON) -m scripts.bench

screenshots: ## Take a picture of every main page as each demo user, into screenshots/
	@$(PYTHON) -m scripts.screenshots

diagrams: ## Draw docs/state-machines.md again from the code
	@$(PYTHON) -m scripts.check diagrams

requirements: ## Pin what requirements*.in name (ARGS=--upgrade)
	@$(PYTHON) -m scripts.requirements

setup: ## Install everything, start nothing
	@$(PYTHON) -m scripts.setup

manage: ## Run one manage.py command on this machine's database (ARGS="verify_audit")
	@$(PYTHON) -m scripts.manage

servers: ## Run PostgreSQL and Redis alone and print their addresses
	@$(PYTHON) -m scripts.servers

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
