# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Where the reference material lies; the list that the score is trained on is part of it.
REFERENCE ?= ../shared

.PHONY: demo test check train bench soak docs format clean

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

demo: $(STAMP)
	$(BIN)/openembargo demo

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 tests

check: $(STAMP)
	$(BIN)/ruff format --check src tests benchmarks scripts training
	$(BIN)/ruff check src tests benchmarks scripts training
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/openembargo law check
	$(BIN)/python scripts/vocabulary_page.py --check

train: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[train]'
	PYTHONHASHSEED=0 $(BIN)/python -m training.train $(REFERENCE)/screening/public/targets.csv.gz src/openembargo/screening/score.json

bench: $(STAMP)
	$(BIN)/python benchmarks/bench_decide.py
	$(BIN)/python benchmarks/bench_regimes.py
	$(BIN)/python benchmarks/bench_batch.py
	$(BIN)/python benchmarks/bench_screening.py
	$(BIN)/python benchmarks/bench_goods.py
	$(BIN)/python benchmarks/bench_papers.py
	$(BIN)/python benchmarks/bench_text.py --failures --held-out
	$(BIN)/python benchmarks/bench_cargo.py
	$(BIN)/python benchmarks/bench_http.py
	$(BIN)/python benchmarks/bench_spark.py
	$(BIN)/python benchmarks/bench_trade.py
	$(BIN)/python benchmarks/bench_watch.py
	$(BIN)/python benchmarks/bench_pages.py $(REFERENCE)

soak: $(STAMP)
	OPENEMBARGO_SOAK=1 $(BIN)/python -m pytest -n 2 tests

docs: $(STAMP)
	$(BIN)/python scripts/vocabulary_page.py
	$(BIN)/python -m pytest tests/test_docs.py

format: $(STAMP)
	$(BIN)/ruff format src tests benchmarks scripts training
	$(BIN)/ruff check --fix src tests benchmarks scripts

clean:
	rm -rf $(VENV)
