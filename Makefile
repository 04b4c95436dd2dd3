# The course's commands. `make help` lists them; CI calls these targets and nothing else.
# An active virtual environment is used; otherwise .venv is made. PYTHON chooses the interpreter for it.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= $(if $(VIRTUAL_ENV),$(VIRTUAL_ENV),.venv)
LANGS  ?= all
PORT   ?= 8000
JOBS   ?= 3
SOLUTIONS ?= 1
SINCE  ?= main
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.mlc-installed
export TVM_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup system site serve test test-quick lint format exercises notebooks figures pdf pins translations bench tune train records clean

help: ## list these commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements.lock pyproject.toml src/mlc_course/bootstrap.py
	@$(PYTHON) src/mlc_course/bootstrap.py venv "$(VENV)"

setup: $(STAMP) ## make the virtual environment with the pinned packages (MLC_TORCH=default for PyTorch with CUDA)

system:
	@$(PYTHON) src/mlc_course/bootstrap.py system

site: exercises ## build the website in both languages into _site/ (LANGS=en or zh for one; SOLUTIONS=0 for a class)
	@$(BIN)/python -m mlc_course.site.build --lang $(LANGS) --solutions $(SOLUTIONS)

serve: $(STAMP) ## show the built website at http://localhost:8000 (PORT=...)
	@$(BIN)/python -m mlc_course.site.build.serve --port $(PORT)

test: system site ## run all tests, those of the website in a headless browser included
	@export MLC_SITE="$(CURDIR)/_site"; $(BIN)/python -m pytest -n $(JOBS) --dist loadfile || \
	  { [ $$? -eq 75 ] && echo "Only tests of browsers and clocks failed. They are run once more, alone:" && \
	    $(BIN)/python -m pytest -v -n 0 --last-failed --last-failed-no-failures none; }

test-quick: $(STAMP) ## static rules, and the tests of what differs from the main branch (SINCE=...)
	@$(BIN)/python -m mlc_course.authoring.changed_tests --since $(SINCE) -n $(JOBS) --dist loadfile

lint: $(STAMP) ## check style, types, workflows and generated files
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/mlc lint
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

format: $(STAMP) ## rewrite the code in the course's style
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

exercises: $(STAMP) ## build the exercise notebooks of both languages into _build/exercises/
	@$(BIN)/mlc exercises build --lang $(LANGS)

notebooks: $(STAMP) ## write the notebooks of pages and exercises into notebooks/; files that exist there stay as they are
	@$(BIN)/python -m mlc_course.site.notebooks.export --exercises --keep notebooks

pdf: $(STAMP) ## set the book of each language as PDF into _build/pdf/ (needs Debian's TeX; LANGS=en or zh for one)
	@$(BIN)/python -m mlc_course.site.pdf.book --lang $(LANGS)

figures: $(STAMP) ## redraw chapters/figures/*.svg from their scripts
	@$(BIN)/python -m mlc_course.authoring.figures

translations: $(STAMP) ## show which Chinese chapters lag behind the English ones, and where
	@$(BIN)/python -m mlc_course.content.translations

pins: $(STAMP) ## say which Pythons have wheels of all pinned packages (needs the network and uv)
	@$(BIN)/python -m mlc_course.wheels

bench: $(STAMP) ## measure the course's programs beside PyTorch and NumPy (see benchmarks/README.md)
	@$(BIN)/python benchmarks/run.py

TRIALS ?= 64
tune: $(STAMP) ## measure the shipped tuning records anew on this machine (TRIALS=64)
	@$(BIN)/python -m mlc_ref.auto_tuning.tune --trials $(TRIALS)

STEPS ?= 1500
train: $(STAMP) ## train the language model of the stories anew: minutes on one thread (STEPS=1500)
	@$(BIN)/python -m mlc_ref.language_models.training --steps $(STEPS)

records: $(STAMP) ## run the labs of the pages in Chromium on a device in software; kept for readers without WebGPU
	@$(BIN)/python -m mlc_course.authoring.recorded_labs

clean: ## remove everything that was built (the virtual environment stays)
	@rm -rf _build _site _out
