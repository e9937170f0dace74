# The only commands a person needs. Each installs what it needs itself.
SHELL := /bin/bash
.DEFAULT_GOAL := help
JOBS ?= $(shell nproc)
N ?= 100
NAMES ?= 1000000

help: ## Shows this list.
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: ## Installs the missing Debian packages (root or sudo).
	@tools/install_packages.sh

build: install ## Builds the release binary: build/release/onewindow.
	@mkdir -p build && cmake --preset release >build/release.configure.log 2>&1 || { cat build/release.configure.log; exit 1; }
	@cmake --build build/release -j$(JOBS) --target onewindow

run: build ## Builds, starts everything with demo data on http://127.0.0.1:8080, files a sample application, stays up.
	@build/release/onewindow demo --stay --data var --listen 127.0.0.1:8080

demo: build ## Files all samples and N generated applications against slow, lossy, repeating agencies; prints a summary.
	@build/release/onewindow demo --data var/demo/data --applications $(N) --slow 5000 --slow-percent 5 --lose 5 --repeat 5 --out var/demo

test: install ## Runs every test.
	@tools/test.sh

sanitize: install ## Runs every test under the address and undefined behaviour sanitizers.
	@tools/test.sh sanitize

lint: ## Checks the layout of all sources.
	@tools/lint.sh

bench: build ## Measures the service against its bare parts, and the name index on NAMES invented names (default 1000000).
	@cmake --build build/release -j$(JOBS) --target bench naming_benchmark
	@build/release/naming_benchmark $(NAMES)

generate: build ## Writes what is generated from code: docs/openapi.json.
	@build/release/onewindow openapi > docs/openapi.json

.PHONY: help install build run demo test sanitize lint bench generate
