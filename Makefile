# The commands of a day. `make` lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PORT ?= 8000
UP := exec $(BIN)/python manage.py up --port $(PORT) $(if $(DATA),--data "$(DATA)")
PO := $(wildcard locale/*/LC_MESSAGES/*.po)
MO := $(PO:.po=.mo)
# A new line at the end of the one left out would stand inside a tag.
TEMPLATES = $(filter-out %/widgets/attrs.html,$(shell git ls-files --cached --others \
	--exclude-standard 'templates/*.html'))
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --quiet

.PHONY: help demo up test chaos check fix bench pictures messages lock

help: ## list the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: .venv/runtime $(MO) ## look around in a made-up company
	@$(UP) --demo

up: .venv/runtime $(MO) ## run it with data of your own
	@$(UP)

test: .venv/dev $(MO) ## every test there are means for; says what it left out
	@$(BIN)/python -m tests.everything

chaos: .venv/dev $(MO) ## kill processes, broker, database and mail server; say what held
	@CHAOS=1 $(BIN)/python -m pytest -q -s -p no:randomly -m process tests/chaos

check: .venv/dev $(MO) ## style, types, layers, migrations, settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	$(BIN)/djlint --lint --quiet templates
	DATA_DIR=$$(mktemp -d) $(BIN)/python manage.py makemigrations --check --dry-run
	DATA_DIR=$$(mktemp -d) SITE_URL=https://mentoring.example.org \
		ALLOWED_HOSTS=mentoring.example.org DEBUG=0 DEMO_MODE=0 \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

fix: .venv/dev ## put right what a tool can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $(TEMPLATES)

bench: .venv/dev ## how fast matching, pages, imports and planning are
	$(BIN)/python -m bench.matching --big
	$(BIN)/python -m bench.rounds
	$(BIN)/python -m bench.importing
	$(BIN)/python -m bench.digests
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.crowd

pictures: .venv/dev $(MO) ## take the pictures of the README anew
	$(BIN)/python -m pytest -q -m browser tests/journeys/pictures.py

messages: .venv/dev ## collect texts for translation, then compile
	$(BIN)/python manage.py makemessages --locale nl --no-wrap --no-obsolete \
		--add-location file --ignore .venv --ignore tests --ignore bench \
		--ignore var --ignore docs
	$(MAKE) --no-print-directory $(MO)

lock: .venv/dev ## pin what pyproject.toml asks for, anew
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --extra dev --constraint requirements.lock \
		--output-file requirements-dev.lock

# Installed again only when the lock has changed. What is in requirements.lock is in
# requirements-dev.lock too, so a developer's environment serves both.
.venv/runtime: requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/dev: requirements-dev.lock | .venv/runtime
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

%.mo: %.po | .venv/runtime
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
