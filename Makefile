# Regie from a bare machine: `make run` runs it, `make test` proves it, `make bench` measures it.
# Needs make, git and Python 3.11 or newer; the rest is installed by scripts/install.py.

.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev test bench format lock

PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; \
	done; echo python3)
VENV_PYTHON := .venv/bin/python
PORT ?= 8000
# One lock for every Python from 3.11 on; only names, versions and hashes, no registry's address.
COMPILE := var/lock/bin/uv pip compile --quiet --universal --python-version 3.11.0 \
	--generate-hashes --no-emit-index-url --custom-compile-command 'make lock'
UPGRADE ?= --upgrade

help: ## what can be asked
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1 \t/' | expand -t 18

run: setup ## the running product with demonstration data, on http://127.0.0.1:8000 (PORT=)
	@exec $(VENV_PYTHON) -m scripts.run --port $(PORT)

setup: ## all that running needs: .venv, front-end packages, Chromium
	@$(PYTHON) -m scripts.install

setup-dev: ## all that testing needs besides
	@$(PYTHON) -m scripts.install --dev

test: setup-dev ## form, types, layers, migrations, and every test on both database engines
	@exec $(VENV_PYTHON) -m scripts.check

bench: setup-dev ## speed, each figure beside its baseline; also in var/bench.json
	@exec $(VENV_PYTHON) -m scripts.bench

format: setup-dev ## lay the code out as the checks want it
	@$(VENV_PYTHON) -m ruff format .
	@$(VENV_PYTHON) -m ruff check --fix .

lock: setup ## pin every package anew, with hashes (UPGRADE= keeps what is pinned)
	@$(VENV_PYTHON) -m venv var/lock
	@var/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	@for name in requirements requirements-dev requirements-node; do \
	$(COMPILE) $(UPGRADE) --output-file $$name.txt $$name.in; done
	@npm install --package-lock-only
