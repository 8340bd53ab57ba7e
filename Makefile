# One command each; CI runs the same ones. `make help` lists them.
PYTHON ?= python3
LOCAL ?= 1
ARGS ?=
BIN := .venv/bin
LOCAL_LOCK := $(if $(filter 0,$(LOCAL)),,local)
INSTALL := $(PYTHON) -I annotate/install.py
# Before any file of ours, which an old Python cannot even read; this line it can.
NEW_ENOUGH = $(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("annotate: Annotate needs \
Python 3.11 or newer and this is Python %d.%d.%d; name a newer one, for example: make $@ \
PYTHON=python3.12" % sys.version_info[:3])'
# What the checks need from the environment: a fresh key, a host name, a folder that goes away.
CHECK_ENV = SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
	ALLOWED_HOSTS=annotate.invalid BASE_URL=https://annotate.invalid DATA_DIR="$$folder"
PIP_COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --strip-extras \
	--allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

export LOCAL
# Python must keep what it compiles: everything here starts many processes, and without the kept
# files each of them would compile Django anew. It is often set where images are built.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help setup run test test-faults test-looks first-run lint format types check bench bench-assign bench-ui bench-generate bench-export journey generate-check generate-faults check-exports check-signal simulate-policies screens messages docs lock audit

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## create .venv with everything a developer needs (LOCAL=0: without torch)
	@$(NEW_ENOUGH)
	@$(INSTALL) dev $(LOCAL_LOCK)

run: ## install, prepare and start Annotate on this machine (LOCAL=0: without local models)
	@$(NEW_ENOUGH)
	@$(PYTHON) -I annotate/launch.py

test: setup ## run the tests on every database and broker found (ARGS="tests/prompts -k csv")
	@$(BIN)/python -m tests $(ARGS)

test-faults: setup ## stall people, kill processes, break sessions, attack pages, at full size (90 minutes)
	@FAULTS=full $(BIN)/python -m tests tests/faults tests/assignment/test_machine.py \
		tests/browser/test_ranking_sessions.py tests/browser/test_accessibility.py \
		tests/browser/test_languages.py \
		tests/browser/test_hostile_everywhere.py tests/browser/test_hostile_input.py \
		tests/browser/test_hostile_pages.py tests/browser/test_contrast.py \
		tests/security/test_hostile_writing.py tests/exports/test_reruns.py $(ARGS)

test-looks: setup ## every test of a page on phone, tablet and desktop, light and dark (20 minutes)
	@LOOKS=all $(BIN)/python -m tests tests/browser --ignore-glob="*/test_hostile_*" $(ARGS)

first-run: setup ## start from a fresh clone as a newcomer does, rank, export, start again
	@FRESH=1 $(BIN)/python -m pytest tests/pipeline/test_newcomer.py -k fresh $(ARGS)

lint: setup ## style of Python and templates, and the layer contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet annotate labeling exports
	$(BIN)/lint-imports

format: setup ## bring Python into the one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: setup ## check the types
	$(BIN)/mypy

check: setup ## migrations, deployment settings and the OpenAPI document
	@folder="$$(mktemp -d)" && trap 'rm -rf "$$folder"' EXIT && export $(CHECK_ENV) && set -ex && \
	$(BIN)/python manage.py makemigrations --check --dry-run && \
	$(BIN)/python manage.py check --deploy --fail-level WARNING && \
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file "$$folder/openapi.yaml"

bench: journey bench-generate generate-check simulate-policies bench-assign bench-ui bench-export ## every benchmark

bench-assign: setup ## claims and answers a second, at 10 k to 1 M comparisons (ARGS="--quick")
	@$(BIN)/python -m bench.assign $(ARGS)

bench-ui: setup ## the ranking page in a browser: from a key to the next comparison, weight
	@$(BIN)/python -m bench.ui $(ARGS)

bench-export: setup ## a million pairs to JSON Lines and Parquet, beside bare loops (an hour)
	@$(BIN)/python -m bench.export $(ARGS)

bench-generate: setup ## candidates a second through the whole product, beside bare loops
	@$(BIN)/python -m bench.generate $(ARGS)

journey: setup ## replay recorded human votes through the HTTP API and recount
	@$(BIN)/python -m bench.journey $(ARGS)

generate-check: setup ## generate with workers that are killed on the way, and recount
	@$(BIN)/python -m bench.generate_check $(ARGS)

generate-faults: setup ## generate while 50 workers and children are killed and Redis forgets and is gone (20 minutes)
	@$(BIN)/python -m bench.faults $(ARGS)

check-exports: setup ## every configuration and container of an export, read by its real consumer
	@$(INSTALL) train
	@$(BIN)/python -m bench.consumers $(ARGS)

check-signal: setup ## people who follow a rule, a reward model that finds it, a policy that learns it
	@$(INSTALL) train
	@$(BIN)/python -m bench.signal_check $(ARGS)

simulate-policies: setup ## replay every policy on recorded votes, beside three people's majority
	@$(BIN)/python -m bench.policies $(ARGS)

screens: setup ## photograph every page and state into docs/screens (ARGS="compare rest/paused")
	@$(BIN)/python -m tests.screens $(ARGS)

messages: setup ## bring the catalogues of the interface's words up to date, and compile them
	@$(BIN)/python -m tests.languages

docs: setup ## check that settings, endpoints and commands are documented
	@$(BIN)/python -m pytest tests/project -k docs $(ARGS)

audit: setup ## look the locked versions up in the advisory database
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements/s3.txt

lock: ## write requirements/*.txt anew from pyproject.toml
	$(PIP_COMPILE) --generate-hashes --output-file requirements/core.txt pyproject.toml
	$(PIP_COMPILE) --generate-hashes --extra s3 --constraint requirements/core.txt \
		--output-file requirements/s3.txt pyproject.toml
	$(PIP_COMPILE) --generate-hashes --extra s3 --extra dev --constraint requirements/s3.txt \
		--output-file requirements/dev.txt pyproject.toml
	$(PIP_COMPILE) --extra local --constraint requirements/dev.txt \
		--output-file requirements/local.txt pyproject.toml
	$(PIP_COMPILE) --extra local --extra train --constraint requirements/local.txt \
		--output-file requirements/train.txt pyproject.toml
	# No hashes and no build name for torch: it has a file for every accelerator, all under one
	# version, and the user's own pip configuration decides which one suits the machine.
	sed -i -E 's/^(torch==[0-9.]+)\+[a-z0-9]+/\1/' requirements/local.txt requirements/train.txt
