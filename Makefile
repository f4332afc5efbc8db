# make demo    set up .venv, put the sample articles into a library and open the chat
# make test    the same set-up plus what the tests need, then every test
# make slow    what takes minutes: all sample questions and dialogues, held to their floors
# make check   format, lint, types and tests, as CI runs them

PYTHON ?= python3
BIN := .venv/bin
CHROMIUM := /usr/bin/chromium
# Browser tests wait more than they work: two at a time take little longer than one.
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal

.PHONY: demo test slow check install install-dev browser reader pairs real-news calibrate clean

install: .venv/.installed
install-dev: .venv/.installed-dev

# torch first and alone: any later resolution must find the CPU build already there.
.venv/.torch:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Footnote needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv || { echo "cannot make .venv: on Debian and Ubuntu install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet torch==2.13.0
	touch $@

.venv/.installed: .venv/.torch pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/.installed-dev: .venv/.installed pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

browser: install-dev
	@test -x $(CHROMIUM) || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq chromium; \
	else \
		$(BIN)/playwright install chromium; \
	fi

demo: install
	$(BIN)/footnote demo $(if $(ONCE),--once)

test: install-dev browser
	$(PYTEST)

slow: install-dev
	$(BIN)/python -m pytest -m slow

check: install-dev browser
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(PYTEST)

# Makes the shipped reader anew, from data that lies outside the project.
reader: install-dev
	$(BIN)/python -m qa.train --data $(or $(FOOTNOTE_DATA),../shared)/data --out qa/models/reader
	$(MAKE) calibrate

# Makes the model that tells whether two answers agree, and what is fitted to it.
pairs: install-dev
	$(BIN)/python -m qa.train_pairs --out runs/pairs-first
	$(BIN)/python -m qa.train_pairs --start runs/pairs-first --reader qa/models/reader --epochs 1 \
		--learning-rate 5e-5 --out qa/models/pairs
	$(BIN)/python -m qa.fit_comparison --reader qa/models/reader

# Asks about news that nobody here wrote, which is fetched for it.
real-news: install-dev
	mkdir -p runs/lee
	$(BIN)/python -m pip download --no-deps --quiet gensim -d runs/lee
	$(BIN)/python -m zipfile -e runs/lee/gensim-*.whl runs/lee
	$(BIN)/python -m eval.real_news --data runs/lee/gensim/test/test_data --out runs/real-news

calibrate: install-dev
	$(BIN)/python -m qa.calibrate --data $(or $(FOOTNOTE_DATA),../shared)/data --reader qa/models/reader
	$(BIN)/python -m qa.fit_comparison --reader qa/models/reader

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache
