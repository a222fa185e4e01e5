# make reproduce     re-derive the published statements under proofs/
# make test          run the tests and the doctests
# make test-newest   run those of the program and of the pictures with the newest versions of
#                    all packages that pyproject.toml admits
# make test-lowest   run them with the lowest
# make test-training run those of PyTorch, which is large, of pandas and of scikit-learn
# make lint          check the format, the rules, the types and who imports whom
# make notebooks     run every notebook anew
# make docs          build the documentation in docs/_build/html
# make bench         run every benchmark that has targets, and print which are met
# make bench-quick   the same in about five minutes; make DATA=DIR bench names the data
# make lock          write constraints.txt, the versions that the others install, anew
#
# Each makes the environment that it needs, once: .venv, and system packages by apt where
# it may (see scripts/setup).  make PYTHON=/path/to/python chooses the interpreter.

VENV := .venv
BIN := $(VENV)/bin
LOCKED := CONSTRAINTS=constraints.txt
SOURCES := pyproject.toml constraints.txt scripts/setup
export PYTHON
# Hundreds of processes are tested, which would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help reproduce test test-newest test-lowest test-training lint notebooks docs bench bench-quick lock clean

help:
	@sed -n '/^#/!q; s/^# //p' Makefile

reproduce: $(VENV)/ready
	@$(BIN)/polyrelax reproduce

test: $(VENV)/ready-to-test
	@$(BIN)/pytest -q -n 2 --dist loadgroup --mpl

# What depends on the versions of others, above all what processes print.
MOVING := tests/cli tests/plotting tests/lp tests/interop tests/polytopes

test-newest:
	@scripts/setup .venv-newest --upgrade --upgrade-strategy eager --editable '.[test]'
	@.venv-newest/bin/pytest -q -n 2 --dist loadgroup --mpl $(MOVING)

# Old libraries warn of newer ones.
test-lowest: build/lowest.txt
	@PYTHON="$${PYTHON:-python3.11}" CONSTRAINTS=build/lowest.txt scripts/setup .venv-lowest --editable '.[all]'
	@.venv-lowest/bin/pytest -q -n 2 --dist loadgroup --override-ini filterwarnings=ignore $(MOVING)

# PyTorch is in no lock; the others have the versions that are.
test-training:
	@$(LOCKED) scripts/setup .venv-training --editable '.[pandas,test,torch]' scikit-learn
	@.venv-training/bin/pytest -q tests/training docs/howto/test_my_training.py polyrelax/training polyrelax/interop/torch.py polyrelax/interop/pandas.py tests/interop/test_pandas.py tests/interop/test_scikit_learn.py

# Lower bounds as versions.
build/lowest.txt: pyproject.toml
	@mkdir -p build
	@sed '/^\[dependency-groups\]/q' $< | grep -oE '"[A-Za-z-]+>=[0-9.]+"' | sed 's/"//g; s/>=/==/' >$@

lint: $(VENV)/ready-to-lint
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

notebooks: $(VENV)/ready-to-show
	MPLBACKEND=agg $(BIN)/pytest -q --nbmake -p no:cacheprovider notebooks

docs: $(VENV)/ready-to-show
	$(BIN)/sphinx-build -q -E -W --keep-going docs docs/_build/html

DATA ?= ../shared/data

bench bench-quick: $(VENV)/ready-to-test
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python benchmarks/targets.py --data $(DATA) $(if $(findstring quick,$@),--quick)

lock:
	@scripts/lock

clean:
	rm -rf $(VENV) .venv-newest .venv-lowest .venv-training

$(VENV)/ready: $(SOURCES)
	@$(LOCKED) scripts/setup $(VENV) --editable '.[onnx]'
	@touch $@

$(VENV)/ready-to-test: $(SOURCES)
	@$(LOCKED) scripts/setup $(VENV) --editable '.[onnx,test]'
	@touch $@ $(VENV)/ready

$(VENV)/ready-to-show: $(SOURCES)
	@$(LOCKED) scripts/setup $(VENV) --editable '.[onnx]' --group docs
	@touch $@ $(VENV)/ready

$(VENV)/ready-to-lint: $(SOURCES)
	@$(LOCKED) scripts/setup $(VENV) --editable '.[onnx,test]' --group dev
	@touch $@ $(VENV)/ready $(VENV)/ready-to-test
