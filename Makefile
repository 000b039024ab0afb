PYTHON ?= python3

BIN := .venv/bin
INSTALLED := .venv/.installed
VENDOR := site_vendor/.installed
# Tests run in two processes, and BLAS threads that outnumber the cores wait for each other.
export OPENBLAS_NUM_THREADS ?= 1
# Kernels obey both: with a backend that is set outside they would show no figures.
unexport MPLBACKEND PYTHONSTARTUP

NOTEBOOKS := $(BIN)/python -m tools.notebooks

.DEFAULT_GOAL := help
# Several targets write into _build, and tests take two processes each.
.NOTPARALLEL:
.PHONY: help book pdf site links chromium lab notebooks clean distclean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

book: $(INSTALLED) $(VENDOR) ## Build the pages; a warning is an error
	rm -rf _build/html  # a page of a file that is gone would stay
	$(KEEP) $(BIN)/jupyter-book build . --all --quiet -W -n --keep-going
	@echo "The book is in _build/html/index.html"

pdf: book chromium ## Print the book, as _build/pdf/learning-to-integrate.pdf
	$(BIN)/python -m tools.print_book

# Pages that are built once for all tests have the link to the printed book too.
site: export BOOK_WITH_PDF = yes
site: book pdf ## Build exactly what is published, in _build/html: the pages, and the book to print
	cp _build/pdf/*.pdf _build/html

links: book ## Ask every address that the pages link to whether it is there
	$(BIN)/jupyter-book build . --all --quiet --builder linkcheck

chromium: $(INSTALLED) ## Find the Chromium that the tests use, or install one
	@$(BIN)/python tools/chromium.py

lab: $(INSTALLED) ## Open the notebooks in JupyterLab; NOTEBOOK=rich/05_rich.ipynb opens that one
	$(BIN)/jupyter-lab --ServerApp.root_dir=book book/$(NOTEBOOK)

notebooks: $(INSTALLED) ## Run all notebooks and write their outputs in normal form
	$(NOTEBOOKS) execute

clean: ## Remove what was built
	rm -rf _build dist .pytest_cache .ruff_cache
	find $(wildcard assignments book rnnbook tests tools) \
		-name __pycache__ -o -name .ipynb_checkpoints | xargs rm -rf

distclean: clean ## Remove what was installed too
	rm -rf .venv node_modules site_vendor lite_vendor

.venv:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit( \
		"Python 3.11 or newer is needed, but $(PYTHON) is %d.%d: make PYTHON=python3.x" \
		% sys.version_info[:2])'
	@$(PYTHON) -c 'import ensurepip' || { \
		echo "$(PYTHON) cannot make environments: install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

# The environment follows the lock files: it is brought up to date when one of them changes.
$(INSTALLED): requirements.txt requirements-dev.txt pyproject.toml | .venv
	@echo "Installing the locked environment in .venv (a minute or two)"
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# What the pages load in the browser comes from npm, in the versions of package-lock.json. The
# environment has brought node along.
$(VENDOR): package.json package-lock.json tools/site_vendor.py $(INSTALLED)
	@echo "Installing what the pages load (some seconds)"
	$(BIN)/npm ci --loglevel=error
	$(BIN)/python tools/site_vendor.py
	@touch $@

# <private> From here on for those who write, test and teach: students' Makefile ends before this.
WHEELS := lite_vendor/wheels/.installed
BROWSER_PYTHON := 3.14# that of pyodide in package.json
BIOME := $(BIN)/node node_modules/@biomejs/biome/bin/biome

.PHONY: test test-all lint unit outputs site-check environments endurance lite-check pdf-check \
	lite lite-packages pre-commit assignments grade public dist push-public format lock bench bench-pages \
	bench-gradient

# The pages show what `outputs` has compared: each notebook is run once.
RUNS := _build/runs
test: KEEP = NOTEBOOK_RUNS="$(CURDIR)/$(RUNS)"
test: chromium lint unit outputs site-check ## Check what you changed: code, notebooks, pages

test-all: export BOOK_WITH_PDF = yes
test-all: chromium test environments endurance lite-check pdf-check ## Check all, which takes longer

lint: $(VENDOR) ## Check style, spelling, types, the order of imports, and that notebooks are in normal form
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/codespell
	$(BIN)/mypy
	$(BIOME) check
	$(NOTEBOOKS) check

# What runs in one process and what in several; tests that share a costly fixture stay together.
PYTEST := MPLBACKEND=Agg $(BIN)/pytest -n 2 --dist loadgroup
NEED_PAGES := tests/site tests/assignments/test_site_has_no_answers.py \
	$(addprefix tests/live/test_,addresses.py dragging.py figures.py keep_and_predict.py live_pages.py)

# conftest.py holds no examples, and doctest would mistake one folder's for another's.
unit: $(VENDOR) ## Test the package, its examples, the tools, and grading in short
	$(PYTEST) $(addprefix --ignore ,$(NEED_PAGES)) \
		-m "not environment and not endurance and not lite" \
		--doctest-modules --doctest-glob README.md --ignore-glob "*/conftest.py" tests rnnbook README.md

environments: $(VENDOR) ## Run notebooks in fresh environments, as Binder and readers do, and sweeps on clusters
	$(PYTEST) -m environment tests/tools tests/package/test_sweep.py

endurance: $(INSTALLED) ## Grade what takes long: endless cells, faults, all other answers
	$(PYTEST) -n 4 -m endurance tests/assignments  # half of them wait for the clock

# With BOOK_WITH_LITE chapters of the built site run too.
lite-check: $(VENDOR) $(WHEELS) chromium ## Run a notebook with Python in the page, and move its slider
	$(PYTEST) -m lite tests/lite

outputs: $(INSTALLED) ## Run all notebooks and compare with the committed outputs
	rm -rf $(RUNS)
	$(KEEP) $(BIN)/pytest --nbval --nbval-current-env --nbval-sanitize-with tests/nbval_sanitize.cfg \
		--nbval-kernel-startup-timeout 600 \
		-n 2 --dist loadfile book

site-check: book chromium ## Open the built pages in Chromium: complete, live, accessible, offline
	$(PYTEST) -m "not pdf and not thorough" $(NEED_PAGES)

pdf-check: site ## Read the printed book, and look at the pages once more: by key and finger, weighed, without JavaScript
	$(PYTEST) -n 3 -m "pdf or thorough" $(NEED_PAGES)  # a page that is slowed down leaves time to others

# Pure Python for a Python in the page, in the versions of requirements-browser.txt.
$(WHEELS): requirements-browser.txt $(INSTALLED)
	rm -rf $(@D)
	$(BIN)/python -m pip download --quiet --dest $(@D) --requirement requirements-browser.txt \
		--no-deps --only-binary :all: --platform any --python-version $(BROWSER_PYTHON)
	@touch $@

lite: export BOOK_WITH_LITE = yes
lite: book $(WHEELS) ## Add the chapters with Python in the page to the pages, in _build/html/lite
	$(BIN)/python -m tools.lite

lite-packages: $(VENDOR) $(WHEELS) ## Fetch the compiled packages that they need, from Pyodide's distribution
	$(BIN)/python -m tools.lite.fetch

# What is published with BOOK_WITH_LITE has them.
ifdef BOOK_WITH_LITE
site: lite
endif

pre-commit: $(VENDOR) ## Let each commit check what it changes
	$(BIN)/pre-commit install

assignments: $(INSTALLED) ## Write the student versions of the assignments
	$(BIN)/python -m assignments.release

# Grades go beside the folder of submissions, where `make clean` does not reach them.
SAMPLES := _build/assignments/samples
SUBMISSIONS ?= $(SAMPLES)
GRADES ?= $(SUBMISSIONS:/=)-grades
grade: $(INSTALLED) ## Grade the folder SUBMISSIONS=..., or enter marks; without it, sample submissions
ifeq ($(SUBMISSIONS),$(SAMPLES))
	rm -rf $(SAMPLES)
	$(BIN)/python -m assignments.samples $(SAMPLES)
endif
	$(BIN)/python -m assignments.grade "$(SUBMISSIONS)" "$(GRADES)" $(GRADE_FLAGS)

public: $(INSTALLED) ## Write the tree for students and Binder: no solutions, no hidden tests
	$(BIN)/python -m tools.public _build/public

# The archive and the wheel are those that a release uploads; the test installs them on Pythons old and new.
dist: $(INSTALLED) ## Build the package as it is released, in dist/, and check what it says of itself
	rm -rf dist
	$(BIN)/uv build --quiet --no-build-isolation --python $(BIN)/python --out-dir dist
	$(BIN)/twine check --strict dist/*.whl dist/*.tar.gz

push-public: $(INSTALLED) ## Push what `make public` wrote, as the branch that Binder opens; or REMOTE=... BRANCH=...
	$(BIN)/python -m tools.push_public $(REMOTE) $(BRANCH)

format: $(VENDOR) ## Repair style, and put the notebooks in normal form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIOME) check --write
	$(NOTEBOOKS) normalise

bench: bench-pages bench-gradient ## Measure: both of the following

bench-pages: book chromium ## Measure how soon pages are seen, and how fast the live figures are redrawn
	$(BIN)/python -m benchmarks.first_paint
	$(BIN)/python -m benchmarks.redraw

bench-gradient: $(INSTALLED) ## Measure the gradient against PyTorch (a large download)
	$(BIN)/python -m pip install --quiet --constraint requirements-dev.txt \
		--no-build-isolation --editable '.[bench]'
	env -u OPENBLAS_NUM_THREADS $(BIN)/python benchmarks/gradient.py

# `make lock LOCK_FLAGS=--upgrade` takes newer versions; without it the pins stay where they fit.
LOCK_FLAGS ?=
COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" $(LOCK_FLAGS)
COMPILE_ALL = $(COMPILE) --universal --python-version 3.11
# Of these Pyodide has its own; the kernel brings the last.
NOT_IN_THE_BROWSER := numpy scipy matplotlib contourpy fonttools kiwisolver pillow widgetsnbextension
lock: $(BIN)/uv ## Compile the lock files from pyproject.toml
	$(COMPILE_ALL) --extra notebook --output-file requirements.txt >/dev/null
	$(COMPILE_ALL) --extra notebook --extra dev --constraint requirements.txt \
		--output-file requirements-dev.txt >/dev/null
	$(COMPILE) --extra browser --constraint requirements.txt --python-platform wasm32-pyodide2025 \
		--python-version $(BROWSER_PYTHON) $(NOT_IN_THE_BROWSER:%=--no-emit-package %) \
		--output-file requirements-browser.txt >/dev/null

$(BIN)/uv: | .venv
	$(BIN)/python -m pip install --quiet uv
# </private>
