# Property-management areas of a district: raw files in RAW → tables and hand-off in OUT → maps in MAPS.
# `make help` lists what to run. Another district: make CONFIG=mine.toml RAW=… OUT=… MAPS=…

CONFIG ?= district.toml
RAW    ?= data/raw
OUT    ?= data/processed
MAPS   ?= maps
PYTHON ?= python3
VENV   := .venv

# begin.py sees to it first that the four can be used, whose OUT is and what it was read from, and keeps other makes out of OUT until
# this one ends. A make within this one finds that seen to; one that only looks (-n, -q) holds nothing.
ELSE   := help test test-js fresh lint lint-js format bundle docs lock mutants bench bench-grouping bench-estates bench-scale bench-ingest bench-encodings
CLEANS := $(filter clean demo-clean,$(MAKECMDGOALS))
MAKES  := $(filter-out $(ELSE) clean demo-clean,$(or $(MAKECMDGOALS),all))
LETTERS = $(filter-out --%,$(firstword -$(MAKEFLAGS)))
HOW    := $(if $(CLEANS),clean,$(if $(findstring n,$(LETTERS))$(findstring q,$(LETTERS)),look,hold))
quoted  = '$(subst ','\'',$(value $1))'
begin   = $(PYTHON) -m pipeline.begin $(HOW) $$PPID $(foreach v,CONFIG RAW OUT MAPS,$(call quoted,$v))
$(if $(and $(MAKES),$(CLEANS)),$(error first make $(CLEANS), then make $(MAKES)))
ifneq ($(if $(MAKING),<$(MAKING)>),<$(value OUT)>)
ifneq ($(filter-out help fresh lock,$(or $(MAKECMDGOALS),all)),)
ifneq ($(shell $(PYTHON) tools/set_up.py $(VENV) --check && $(if $(MAKES)$(CLEANS),$(begin),echo begin)),begin)
$(error nothing was made)
endif
endif
endif
ifeq ($(HOW),hold)
export MAKING := $(OUT)
endif
$(foreach v,CONFIG RAW OUT MAPS,$(if $(filter -%,$($v)),$(eval override $v := ./$($v))))

.DELETE_ON_ERROR:
.SUFFIXES:
# Keep going: a refused hand-off still leaves the map and the reports.
ifeq ($(MAKELEVEL),0) # a make within make has them already
MAKEFLAGS += --no-builtin-rules --keep-going --jobs=$(shell nproc)
endif
SHELL := /bin/sh
export PYTHONPATH := $(CURDIR)
export PYTHONHASHSEED := 0
# Names of files are UTF-8, whatever the locale.
export PYTHONUTF8 := 1

PY   := $(VENV)/bin/python
RUN   = $(PY) -m pipeline
AT    = --config $(CONFIG) --raw $(RAW) --out $(OUT) --maps $(MAPS)
T    := $(OUT)/tables

HANDOFF := buildings.geojson areas.geojson edges.geojson gaps.geojson membership.csv area_reasons.csv rejects.csv repairs.csv checks.csv reconciliation.csv changes.csv areas.gpkg
ENV     := $(VENV)/requirements.lock

# The first target is what plain `make` does.
.PHONY: all whole what-there-is
all: ## the maps and the hand-off (the default); where a step fails, the map of what there is
	@$(MAKE) --no-print-directory --keep-going whole || { $(MAKE) --no-print-directory what-there-is; exit 1; }
whole: $(OUT)/manifest.json $(MAPS)/index.html $(addprefix $(OUT)/,$(HANDOFF))

# --- what the configuration says: which raw file feeds which table (written by begin.py) ---------------------------

ifneq ($(MAKES),)
include $(OUT)/.district.mk
endif

# --- the environment ----------------------------------------------------------------------------------------------

$(VENV)/requirements.lock: requirements.lock
	@$(PYTHON) tools/set_up.py $(VENV) $<

$(VENV)/requirements-%.lock: requirements-%.lock $(ENV)
	@$(PYTHON) tools/set_up.py $(VENV) $<

# --- the sample ---------------------------------------------------------------------------------------------------
# SAMPLE.json is written last, with the time of the other files. A raw file that was removed is made again.
# Only for the project's own configuration, into data/raw, or a folder that has the sample already or nothing at all: `synthetic`
# in the configuration of another district says what its data is, and its files are its own.

OWN_SAMPLE := $(if $(findstring <$(realpath district.toml)>,<$(realpath $(CONFIG))>),$(or $(findstring <$(abspath data/raw)>,<$(abspath $(RAW))>),$(wildcard $(RAW)/SAMPLE.json),$(if $(filter-out $(RAW)/release,$(wildcard $(RAW)/*)),,$(RAW))))
ifneq ($(and $(SYNTHETIC),$(OWN_SAMPLE)),)
RAW_FILES := $(foreach input,$(INPUTS),$(RAW_$(input)))
$(filter-out $(RAW)/release/%,$(RAW_FILES)): $(RAW)/SAMPLE.json
	@test -e $@ || $(RUN) sample --raw $(RAW)
$(RAW)/SAMPLE.json: $(wildcard pipeline/sample.py pipeline/sample/*.py) | $(ENV)
	@mkdir -p $(RAW)
	@$(RUN) sample --raw $(RAW)
endif

# --- the stages: one recipe, one file -----------------------------------------------------------------------------

CORE   := $(CONFIG) $(wildcard pipeline/tables/*.py pipeline/config/*.py) pipeline/store.py pipeline/files.py pipeline/domain/register_entries.py pipeline/commands/__init__.py \
          pipeline/commands/run.py $(ENV)
STAGE  := pipeline/commands/stages.py $(CORE)
tables = $(foreach name,$(1),$(if $(or $(filter-out $(ALL_INPUTS),$(name)),$(filter $(INPUTS),$(name))),$(T)/$(name).parquet))
code   = $(wildcard pipeline/stages/$(1).py pipeline/stages/$(1)/*.py)

ALL_INPUTS := subdistricts communities buildings barriers land compounds register entries boundaries decisions contracts \
              assessments released_areas released_membership
GEOMETRY   := $(wildcard pipeline/geometry/*.py pipeline/geometry/*/*.py)
ROOMS      := $(foreach room,raw readers georeferencing parsing conflation,$(wildcard pipeline/$(room)/*.py))
LINKS      := pipeline/domain/adjacency_cost.py pipeline/domain/barriers.py
INGEST     := $(ROOMS) $(call code,ingest) pipeline/commands/raw.py $(GEOMETRY) $(CORE)

# Beside its table stands which files an input was read from (begin.py): an optional file that is gone, or another RAW, is a change too.
# A raw file that is not there is not Make's to speak of: its stage does.
$(RAW)/%: ;
define ingest_rule
$(T)/$(1).parquet: $(RAW_$(1)) $(T)/.$(1).files $(INGEST)
	@$$(RUN) ingest $(1) $$(AT)
$(T)/$(1).intake.json: $(T)/$(1).parquet
	@test -e $$@ && test ! $$@ -ot $$< || $$(RUN) ingest $(1) $$(AT)
endef
$(foreach input,$(INPUTS),$(eval $(call ingest_rule,$(input))))
# Inputs against which the place and datum of this one are held.
$(foreach input,$(INPUTS),$(eval $(T)/$(input).parquet: $(call tables,$(TRUSTED_$(input)))))
INTAKES := $(foreach input,$(INPUTS),$(T)/$(input).intake.json)

$(T)/matched.parquet: $(call tables,buildings register entries boundaries decisions compounds barriers) $(call code,match) $(LINKS) pipeline/parsing/addresses.py pipeline/parsing/address_matching.py pipeline/parsing/road_names.py $(GEOMETRY) $(STAGE)
	@$(RUN) match $(AT)
$(T)/membership.parquet: $(call tables,buildings matched barriers register released_membership released_areas) $(call code,group) pipeline/domain/area_codes.py pipeline/engine.py $(LINKS) $(GEOMETRY) $(STAGE)
	@$(RUN) group $(AT)
$(T)/blocks.parquet: $(call tables,subdistricts buildings barriers land compounds) $(call code,blocks) $(GEOMETRY) $(STAGE)
	@$(RUN) blocks $(AT)
$(T)/areas.parquet: $(call tables,buildings membership blocks barriers land boundaries register) $(call code,delineate) pipeline/domain/barriers.py pipeline/domain/area_codes.py pipeline/engine.py $(GEOMETRY) $(STAGE)
	@$(RUN) delineate $(AT)
$(T)/edges.parquet: $(call tables,areas barriers land boundaries compounds subdistricts) $(call code,edges) pipeline/domain/barriers.py $(GEOMETRY) $(STAGE)
	@$(RUN) edges $(AT)
$(T)/bounds.parquet: $(call tables,areas edges) $(call code,bounds) pipeline/parsing/romanisation.py $(GEOMETRY) $(STAGE)
	@$(RUN) bounds $(AT)
$(T)/area_reasons.parquet: $(call tables,buildings membership areas barriers land compounds communities subdistricts) $(call code,reasons) $(LINKS) pipeline/domain/area_codes.py pipeline/parsing/romanisation.py $(GEOMETRY) $(STAGE)
	@$(RUN) reasons $(AT)
$(T)/service.parquet: $(call tables,areas register contracts assessments) $(call code,service) $(STAGE)
	@$(RUN) service $(AT)
$(T)/gaps.parquet: $(call tables,buildings membership matched areas service register entries land blocks boundaries assessments) $(call code,gaps) $(GEOMETRY) $(STAGE)
	@$(RUN) gaps $(AT)
$(T)/checks.parquet: $(INTAKES) $(call tables,buildings membership matched blocks areas register entries boundaries decisions subdistricts communities barriers land compounds contracts assessments) \
                      $(call code,check) $(ROOMS) $(LINKS) $(GEOMETRY) $(STAGE)
	@$(RUN) check $(AT)
$(T)/reconciliation.parquet: $(call tables,areas register entries contracts assessments subdistricts) $(call code,reconcile) $(STAGE)
	@$(RUN) reconcile $(AT)
$(T)/changes.parquet: $(call tables,membership areas released_membership released_areas) $(call code,changes) $(STAGE)
	@$(RUN) changes $(AT)

# --- the hand-off and the map: `publish` refuses when a check failed, the map and the reports do not ---------------

PUBLISH := $(wildcard pipeline/publish/files/*.py) pipeline/commands/handoff.py $(CORE)
$(OUT)/buildings.geojson: $(call tables,buildings membership checks)
$(OUT)/areas.geojson: $(call tables,areas bounds service checks)
$(OUT)/edges.geojson: $(call tables,edges checks)
$(OUT)/gaps.geojson: $(call tables,gaps checks)
$(OUT)/membership.csv: $(call tables,membership checks)
$(OUT)/area_reasons.csv: $(call tables,area_reasons checks)
$(OUT)/rejects.csv: $(INTAKES)
$(OUT)/repairs.csv: $(INTAKES)
$(OUT)/checks.csv: $(call tables,checks)
$(OUT)/reconciliation.csv: $(call tables,reconciliation)
$(OUT)/changes.csv: $(call tables,changes checks)
$(OUT)/areas.gpkg: $(call tables,subdistricts blocks barriers compounds buildings membership areas edges bounds service gaps checks)
$(addprefix $(OUT)/,$(HANDOFF)): $(PUBLISH)
	@$(RUN) publish $(@F) $(AT)

# The areas go first: when a check failed, that is said once and not once a file.
$(addprefix $(OUT)/,$(filter-out areas.geojson checks.csv reconciliation.csv rejects.csv repairs.csv,$(HANDOFF))): | $(OUT)/areas.geojson

MAPPED := $(call tables,buildings membership areas bounds area_reasons service gaps subdistricts communities barriers land compounds register contracts reconciliation boundaries decisions released_areas released_membership changes)
$(MAPS)/index.html: $(MAPPED) \
                    $(wildcard pipeline/publish/webmap/*.* $(addprefix pipeline/publish/webmap/,bundle/* css/* vendor/*)) pipeline/publish/files/handoff.py pipeline/domain/barriers.py pipeline/parsing/romanisation.py pipeline/georeferencing/datum.py pipeline/commands/handoff.py $(CORE)
	@$(RUN) map $(AT)

# After a step failed: what is not up to date is not there for the map, which says so. What is not whole then is made anew by the next run.
ASK = $(MAKE) --no-print-directory --question
what-there-is:
	@$(RUN) partial --without $$(for file in $(MAPPED) $(call tables,entries assessments matched blocks edges checks) $(MAPS)/index.html; do $(ASK) $$file >/dev/null 2>&1 || echo $$file; done) $(AT)
NOT_WHOLE := $(foreach folder,$(sort $(OUT) $(MAPS)),$(patsubst $(folder)/.partial/%,$(folder)/%,$(wildcard $(folder)/.partial/*)))
.PHONY: anew
$(if $(NOT_WHOLE),$(NOT_WHOLE): anew)

$(OUT)/manifest.json: $(addprefix $(OUT)/,$(HANDOFF)) $(MAPS)/index.html pipeline/publish/files/manifest.py
	@$(RUN) manifest $(AT)

# --- what people run ----------------------------------------------------------------------------------------------

NODE = sh tools/node.sh $(PYTHON) $(VENV)

.PHONY: help test test-js fresh lint lint-js format bundle release picture docs bench bench-grouping bench-ingest bench-encodings bench-estates bench-scale bench-map mutants lock clean demo-clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  CONFIG=$(CONFIG) RAW=$(RAW) OUT=$(OUT) MAPS=$(MAPS)"

release: all ## keep today's areas in RAW/release: their codes carry over, and the next run lists what changed
	@$(RUN) release $(AT)

test: $(VENV)/requirements-dev.lock ## run the tests (installs what they need; TESTS="FILE…": only these)
	@sh tools/find-browsers.sh $(PY) chromium firefox
	@$(PY) -m pytest $(TESTS)

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

docs: $(ENV) ## write docs/data-dictionary.md from pipeline/tables
	@$(RUN) dictionary docs/data-dictionary.md

picture: $(MAPS)/index.html $(VENV)/requirements-dev.lock ## take docs/map.png from the map, with Chromium
	@sh tools/find-browsers.sh $(PY) chromium
	@$(RUN) picture docs/map.png --maps $(MAPS)

bench: $(ENV) ## time, memory and share of imports of the whole run
	@$(PY) benchmarks/whole_run.py

bench-grouping: $(VENV)/requirements-bench.lock ## accuracy of the grouping on real hand-drawn groups
	@$(PY) benchmarks/grouping.py

bench-estates: $(VENV)/requirements-bench.lock ## accuracy of areas known by a point and a count
	@$(PY) benchmarks/estates.py

bench-scale: $(VENV)/requirements-bench.lock ## growth of grouping and delineating up to a million buildings, beside other tools
	@$(PY) benchmarks/scale.py

bench-map: $(VENV)/requirements-dev.lock $(MAPS)/index.html ## how fast the map opens, pans and zooms, beside Folium's own layer (BUILDINGS="5000 50000")
	@sh tools/find-browsers.sh $(PY) chromium
	@$(PY) benchmarks/webmap.py --config $(CONFIG) --tables $(T) $(BUILDINGS)

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
	$(COMPILE) -c requirements-dev.lock --group bench -o requirements-bench.lock
	$(COMPILE) -c requirements-dev.lock --group dev --group mutants -o requirements-mutants.lock

clean: ## remove the outputs in OUT and MAPS
	rm -rf $(T) $(OUT)/.*.mk $(addprefix $(OUT)/,$(HANDOFF) manifest.json) $(MAPS)/index.html $(OUT)/.partial $(MAPS)/.partial

demo-clean: clean ## remove the outputs and the generated sample; files of your own in RAW stay
	@$(if $(OWN_SAMPLE),test ! -e $(RAW)/SAMPLE.json || $(RUN) sample --remove --raw $(RAW),echo "$(RAW) is not the sample's: nothing is removed there")
