# make reproduce   re-derive the published statements under proofs/
# make test        run the tests and the doctests
# make lint        check the format, the rules, the types and who imports whom
# make notebooks   run every notebook anew
# make docs        build the documentation in docs/_build/html
#
# Each makes the environment that it needs, once: .venv, and system packages by apt where
# it may (see scripts/setup).  make PYTHON=/path/to/python chooses the interpreter.

VENV := .venv
BIN := $(VENV)/bin
export PYTHON

.PHONY: help reproduce test lint notebooks docs clean

help:
	@sed -n 's/^# //p' Makefile

reproduce: $(VENV)/ready
	@$(BIN)/polyrelax reproduce

test: $(VENV)/ready-to-test
	@$(BIN)/pytest -q -n 2 --dist loadgroup --mpl

lint: $(VENV)/ready-to-lint
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

notebooks: $(VENV)/ready-to-show
	MPLBACKEND=agg $(BIN)/pytest -q --nbmake -p no:cacheprovider notebooks

docs: $(VENV)/ready-to-show
	$(BIN)/sphinx-build -q -E -W --keep-going docs docs/_build/html

clean:
	rm -rf $(VENV)

$(VENV)/ready: pyproject.toml scripts/setup
	@scripts/setup --editable '.[onnx]'
	@touch $@

$(VENV)/ready-to-test: pyproject.toml scripts/setup
	@scripts/setup --editable '.[onnx,test]'
	@touch $@ $(VENV)/ready

$(VENV)/ready-to-show: pyproject.toml scripts/setup
	@scripts/setup --editable '.[onnx]' --group docs
	@touch $@ $(VENV)/ready

$(VENV)/ready-to-lint: pyproject.toml scripts/setup
	@scripts/setup --editable '.[onnx,test]' --group dev
	@touch $@ $(VENV)/ready $(VENV)/ready-to-test
