# The tasks of this project. Each target runs the script of the same name.

.DEFAULT_GOAL := help
.PHONY: help run build test check bench soak screenshots documentation format clean

export PORT ?= 8000
export LOOPS ?=

help: ## List these targets
	@echo "Usage: make TARGET"
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 17
	@echo
	@echo "PORT=8080 LOOPS=2 make run chooses port and event loops."

run: ## Build for release and serve the examples at http://127.0.0.1:8000
	@scripts/run

build: ## Build the release product showcase
	@scripts/build

test: ## Install what the tests need and run them all
	@scripts/test

check: ## Check format, warnings, documentation and links
	@scripts/check

bench: ## Measure CPU time beside bare C programs, nginx, Channels, Django and Starlette
	@scripts/bench

soak: ## Run long tests: many connections, Redis outages under load, attacks, fuzzing
	@scripts/soak

screenshots: ## Take screenshots of the example pages into screenshots/
	@scripts/screenshots

documentation: ## Build the API reference into Documentation/build
	@scripts/documentation

format: ## Format the Swift sources
	@scripts/format

clean: ## Remove build products and installed test dependencies
	@scripts/clean
