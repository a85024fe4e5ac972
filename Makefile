# Property-management areas of a district: raw files in RAW → tables and hand-off in OUT → maps in MAPS.
# `make help` lists what to run. Another district: make CONFIG=mine.toml RAW=… OUT=… MAPS=…

CONFIG ?= district.toml
RAW    ?= data/raw
OUT    ?= data/processed
MAPS   ?= maps
PYTHON ?= python3
VENV   := .venv

# Where nothing at all was changed since everything was made, that is all there is to see (pipeline/making/fresh.py). Else begin.py sees to it
# first that the four can be used and whose OUT is, keeps other makes out of OUT until this one ends, and says what can be made.
# Who only looks (-n, -q, why) holds nothing.
GOALS  := $(or $(MAKECMDGOALS),all)
ELSE   := help test test-fast test-oldest test-newest test-js fresh lint lint-js format bundle docs lock mutants bench bench-grouping bench-estates bench-scale bench-ingest bench-encodings
CLEANS := $(filter clean demo-clean,$(GOALS))
MAKES  := $(filter-out $(ELSE) clean demo-clean,$(GOALS))
LETTERS = $(filter-out --%,$(firstword -$(MAKEFLAGS)))
LOOKS  := $(findstring n,$(LETTERS))$(findstring q,$(LETTERS))$(filter why,$(GOALS))
HOW    := $(if $(CLEANS),clean,$(if $(LOOKS),look,$(if $(EACH),each,hold)))
quoted  = '$(subst ','\'',$(value $1))'
begin   = $(PYTHON) -m pipeline.begin $(HOW) $$PPID $(foreach v,CONFIG RAW OUT MAPS,$(call quoted,$v))
$(if $(and $(MAKES),$(CLEANS)),$(error first make $(CLEANS), then make $(MAKES)))
FRESH  :=
ifeq ($(GOALS),all)
FRESH  := $(shell $(PYTHON) -I -S pipeline/making/fresh.py $(foreach v,OUT CONFIG RAW MAPS,$(call quoted,$v)) $(VENV))
endif
ifneq ($(FRESH),fresh)
ifneq ($(filter-out help fresh lock,$(GOALS)),)
ifneq ($(shell $(PYTHON) tools/set_up.py $(VENV) --check && $(if $(MAKES)$(CLEANS),$(begin),echo begin)),begin)
$(error nothing was made)
endif
endif
endif
$(foreach v,CONFIG RAW OUT MAPS,$(if $(filter -%,$($v)),$(eval override $v := ./$($v))))

.DELETE_ON_ERROR:
.SUFFIXES:
# Keep going: what does not follow from a step that failed is made all the same.
MAKEFLAGS += --no-builtin-rules --keep-going
SHELL := /bin/sh
export PYTHONPATH := $(CURDIR)
export PYTHONHASHSEED := 0
# Names of files are UTF-8, whatever the locale.
export PYTHONUTF8 := 1

PY   := $(VENV)/bin/python
RUN   = $(PY) -m pipeline
AT    = --config $(CONFIG) --raw $(RAW) --out $(OUT) --maps $(MAPS)
ENV  := $(VENV)/requirements.lock

# The first target is what plain `make` does.
.PHONY: all made
all: ## the maps and the hand-off (the default); where a step fails, the map of what there is

# --- the environment ----------------------------------------------------------------------------------------------

$(VENV)/requirements.lock: requirements.lock
	@$(PYTHON) tools/set_up.py $(VENV) $<

$(VENV)/requirements-%.lock: requirements-%.lock $(ENV)
	@$(PYTHON) tools/set_up.py $(VENV) $<

# --- tables, hand-off and map -------------------------------------------------------------------------------------
# What there is to be made, and what each file follows from, is declared in pipeline/registry.py; begin.py writes it into OUT for Make.
# Out of date is what was made from other bytes (pipeline/making/): clocks say nothing. All of it is made by one process, side by side
# (make -j2: two at once). For a look, or with EACH=yes, every file has a rule and a process of its own.

ifneq ($(MAKES),)
ifneq ($(FRESH),fresh)
include $(OUT)/.district.mk
ifeq ($(HOW),hold)
all: made
$(MADE): made ;
WANTED := $(if $(filter all release pictures,$(GOALS)),,$(filter $(MADE),$(GOALS)) $(if $(filter picture bench-map,$(GOALS)),$(MAPS)/index.html))
made: $(ENV)
	@$(RUN) update $(WANTED) $(AT) --venv $(VENV) --jobs $(or $(patsubst -j%,%,$(filter -j%,$(MAKEFLAGS))),0)
else
include $(OUT)/.look.mk
all: $(MADE)
$(MADE): | $(ENV)
ifeq ($(HOW),each)
MAKEFLAGS += --jobs=$(shell nproc)
endif
endif
endif
endif

NODE = sh tools/node.sh $(PYTHON) $(VENV)

# --- what people run ----------------------------------------------------------------------------------------------

.PHONY: help why test test-fast test-oldest test-newest test-js fresh lint lint-js format bundle release picture pictures docs bench bench-grouping bench-ingest bench-encodings bench-estates bench-scale bench-map mutants lock clean demo-clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  CONFIG=$(CONFIG) RAW=$(RAW) OUT=$(OUT) MAPS=$(MAPS)"

why: ## what would be made anew, and which change causes it
	@$(PYTHON) -m pipeline why $(AT)

release: all ## keep today's areas in RAW/release: their codes carry over, and the next run lists what changed
	@$(RUN) release $(AT)

test: $(VENV)/requirements-dev.lock ## run the tests (installs what they need; TESTS="FILE…": only these)
	@sh tools/find-browsers.sh $(PY) chromium firefox
	@$(PY) -m pytest $(TESTS)

test-fast: $(VENV)/requirements-dev.lock ## the tests that start no browser, no make and no whole run, and draw no cases: two minutes
	@$(PY) -m pytest -m "not slow"

test-oldest: ## those with the oldest libraries that pyproject.toml allows, in an environment of their own
	@$(PYTHON) tools/set_up.py .venv-oldest requirements-oldest.lock
	@.venv-oldest/bin/python -m pytest -m "not slow"

test-newest: ## those with the newest libraries that there are
	@$(PYTHON) tools/set_up.py .venv-newest requirements-dev.lock
	@.venv-newest/bin/python -m pip install --quiet --upgrade --upgrade-strategy eager pip
	@.venv-newest/bin/python -m pip install --quiet --upgrade --upgrade-strategy eager . --group dev
	@.venv-newest/bin/python -m pytest -m "not slow"

fresh: ## before a release: the README's two commands on a minimal Debian made for it, as root and as a user (needs root; half an hour)
	@$(PYTHON) tools/fresh.py $(if $(TESTS),--test 'make test TESTS="$(TESTS)"')

lint: $(VENV)/requirements-dev.lock ## formatter, linter, types, import rules
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	@$(NODE) npm run --silent lint

lint-js: $(ENV) ## linter, formatter and types of the map's scripts, and whether their bundle is up to date
	@$(NODE) npm run --silent lint

test-js: $(ENV) ## the tests of the map's scripts that need no browser
	@$(PY) tests/publish/webmap/js/write_declared.py
	@$(NODE) npm run --silent test

bundle: $(ENV) ## the map's scripts (pipeline/publish/webmap/js) as the one that a page has in it
	@$(NODE) npm run --silent bundle

format: $(VENV)/requirements-dev.lock ## format the code
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .
	@$(NODE) npm run --silent format

pictures: all $(VENV)/requirements-dev.lock ## take the pictures of docs/map.md from the sample's map, with Chromium
	@sh tools/find-browsers.sh $(PY) chromium
	@$(PY) tools/pictures.py

docs: $(ENV) ## write docs/data-dictionary.md from pipeline/tables, and the drawing in ARCHITECTURE.md from pipeline/registry.py
	@$(RUN) dictionary docs/data-dictionary.md
	@$(RUN) drawing ARCHITECTURE.md

picture: $(MAPS)/index.html $(VENV)/requirements-dev.lock ## take docs/map.png from the map, with Chromium
	@sh tools/find-browsers.sh $(PY) chromium
	@$(RUN) picture docs/map.png --maps $(MAPS)

bench: $(ENV) ## time, memory and share of imports of the whole run
	@$(PY) benchmarks/whole_run.py

bench-grouping: $(VENV)/requirements-bench.lock ## accuracy of the grouping where groups are known, beside other methods (ARGS="--methods ours,paths --score FILE.csv": docs/benchmark.md)
	@$(PY) benchmarks/grouping.py $(ARGS)

bench-estates: $(VENV)/requirements-bench.lock ## accuracy of areas known by a point and a count
	@$(PY) benchmarks/estates.py

bench-scale: $(VENV)/requirements-bench.lock ## growth of grouping and delineating up to a million buildings, beside other tools
	@$(PY) benchmarks/scale.py

bench-map: $(VENV)/requirements-dev.lock $(MAPS)/index.html ## how fast the map opens, pans and zooms, beside Folium's own layer (BUILDINGS="5000 50000")
	@sh tools/find-browsers.sh $(PY) chromium
	@$(PY) benchmarks/webmap.py --config $(CONFIG) --tables $(OUT)/tables $(BUILDINGS)

bench-ingest: $(ENV) ## rows/s and memory of ingest for each format, against the bare read
	@$(PY) benchmarks/ingest.py

bench-encodings: $(VENV)/requirements-bench.lock ## how often text is read in the encoding it was written in, beside two libraries
	@$(PY) benchmarks/encodings.py

mutants: $(VENV)/requirements-mutants.lock ## would the tests notice? small changes to the core modules (MODULES="group gaps": only these; EVERY=5: one in five; all take an hour)
	@$(PY) tools/mutants.py $(MODULES) $(if $(EVERY),--every $(EVERY))

COMPILE := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml
lock: ## resolve the dependencies anew (needs uv), for Python 3.11 and later
	$(COMPILE) -o requirements.lock
	$(COMPILE) -c requirements.lock --group dev -o requirements-dev.lock
	$(filter-out pyproject.toml,$(COMPILE)) --group pyproject.toml:node -o requirements-node.lock
	$(COMPILE) --resolution lowest-direct --group dev -o requirements-oldest.lock
	$(COMPILE) -c requirements-dev.lock --group bench -o requirements-bench.lock
	$(COMPILE) -c requirements-dev.lock --group dev --group mutants -o requirements-mutants.lock

clean: ## remove the outputs in OUT and MAPS
	rm -rf $(OUT)/tables $(OUT)/.seen $(OUT)/.*.mk $(addprefix $(OUT)/,$(HANDOFF) manifest.json) $(MAPS)/index.html
HANDOFF = $(shell $(PYTHON) -c 'from pipeline.registry import PUBLISHED; print(*PUBLISHED)')

demo-clean: clean ## remove the outputs and the generated sample; files of your own in RAW stay
	@test ! -e $(RAW)/SAMPLE.json || $(RUN) sample --remove --raw $(RAW) --config $(CONFIG)
