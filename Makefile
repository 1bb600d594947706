# The two commands of the README, and what stands behind them.
#   make run    set up, then execute the six notebooks and write a report
#   make test   set up, then pass lint, unit tests and every notebook
# PYTHON=/path/to/python names the Python that the environment is made from.

BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help setup run test quick unit slow lint validate solved synthetic lab notebooks slides bench \
    papers ablation browser-test colab-check matrix planted mutants wheel format-scripts site links lock audit \
    clean

help:
	@sed -n 's/^# //p' Makefile | head -4
	@echo "Also: make quick, lab, lint, unit, slow, notebooks, slides, validate, solved, synthetic, site,"
	@echo "      links, browser-test, colab-check, matrix, planted, mutants, wheel, bench, papers, ablation,"
	@echo "      lock, audit, clean"

setup:
	@python=$$(scripts/find-python $(PYTHON)) && "$$python" scripts/bootstrap.py

run: setup
	@$(BIN)/workshop run

test: lint unit validate

# Lint and the unit tests that need neither TensorFlow nor a kernel, in less than a minute.
quick: lint
	@$(BIN)/python -m pytest -q -n 2 --no-cov -m quick tests

unit: setup
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal --cov --cov-report=term -m "not browser and not slow"

# What takes more than ten seconds each and guards what changes seldom; the weekly run has it.
slow: setup
	@$(BIN)/python -m pytest --no-cov -n auto --maxprocesses 2 -m "slow and not browser"

lint: setup
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@$(BIN)/codespell . && PYTHONPATH=. $(BIN)/lint-imports --no-cache
	@$(BIN)/workshop build --check && $(BIN)/workshop lint

# nbval in strict mode on all notebooks: against the stored outputs with the tweets
# at hand, on synthetic tweets without them.
validate: setup
	@$(BIN)/workshop validate

# The learner's edition with each stub replaced by its solution must run too.
solved: setup
	@$(BIN)/workshop validate --edition solved

# The same as validate on synthetic tweets, with the tweets at hand or not.
synthetic: setup
	@$(BIN)/workshop validate --synthetic

# JupyterLab on a working copy in work/ that is never overwritten.
lab: setup
	@$(BIN)/workshop lab

# Make both editions from notebooks/text; needs the real tweets.
notebooks: setup
	@$(BIN)/workshop build

# One deck for each notebook under build/slides, from the stored full editions.
slides: setup
	@$(BIN)/workshop slides

# Two files at a time, the longest first, but those by themselves that measure how quickly a page
# answers. MARK="browser and not slow" leaves out the long notebooks.
MARK := browser
LONGEST := tests/browser/test_site.py tests/browser/test_jupyterlab.py
TIMED := $(patsubst %,tests/browser/test_%.py,landing live_reader live_steps)
browser-test: setup
	@$(BIN)/python -m pytest --no-cov -m "$(MARK)" -p no:randomly -n 2 --dist loadfile \
	    --no-loadscope-reorder $(LONGEST) tests/browser $(TIMED:%=--ignore=%)
	@$(BIN)/python -m pytest --no-cov -m browser $(TIMED)

# The scripts of the live drawings and of the pages in one form; needs Node, and nothing else does.
format-scripts:
	@npx --yes prettier@3.6.2 --write "workshop_utils/figures/live/*.js" "workshop_tools/*.js"

# The notebooks and the reference of the package as a web site in build/site.
site: setup
	@$(BIN)/workshop site

# Follow every link of the site to the internet; name those that are dead.
links: setup
	@$(BIN)/workshop site --links

# The learner's notebooks under Colab's package list. LIST=folder names where that lies.
colab-check: setup
	@$(BIN)/workshop colab-check $(if $(LIST),--list $(LIST))

# The quick tests and the core notebooks under six sets of versions; goes on if stopped.
matrix: setup
	@$(BIN)/workshop matrix $(if $(LIST),--list $(LIST))

# Defects, each planted in a copy: each must turn its check red. Five minutes.
planted: setup
	@$(BIN)/python -m pytest --no-cov -v -p no:cacheprovider tests/planted.py

# A fixed sample of small changes to the code (one in five, by their numbers), each of which the
# tests must see. Ten minutes; what survived is listed.
MUTMUT := $(BIN)/uv run --no-project --python $(BIN)/python --with mutmut==3.8.1 mutmut
mutants: setup
	@$(MUTMUT) run "*[38]"; $(MUTMUT) results

# The wheel for classrooms without GitHub, into dist/.
wheel: setup
	@$(BIN)/workshop wheel

# PARTS="cells serving" runs those alone.
bench: setup
	@$(BIN)/python benchmarks/run.py $(PARTS)

# The tables of further/papers and further/ablation, at most 90 minutes each on two cores; they
# go on if stopped. The second needs the tweets.
papers ablation: setup
	@$(BIN)/workshop experiment $@

# Annotations name the packages that ask for a package; no address is written.
lock: setup
	@$(BIN)/uv pip compile pyproject.toml --extra lab --extra instructor --extra dev \
	    --extra site --universal \
	    --generate-hashes --no-header --no-emit-index-url --python-version 3.11 \
	    --output-file requirements.lock

# Known holes in the locked packages, asked of PyPI.
audit: setup
	@$(BIN)/uv tool run pip-audit --require-hashes --disable-pip -r requirements.lock

clean:
	rm -rf build .venv .mypy_cache .pytest_cache .ruff_cache .coverage
