SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
# What `make run` hands to `oomwarden serve`.
ARGS ?=
# The lab's folder, for `make lab`.
LAB ?= $(wildcard ../shared/lab)

# A target may only import what Package.swift says that it may.
FLOORS := --explicit-target-dependency-import-check=error
# The runtime inside, so that the machine needs no Swift; and, from .build/link, the C++ library that it stands on:
# a shared one costs 0.8 MB resident and 1 ms of every start.
RELEASE := -c release --static-swift-stdlib -Xswiftc "-L$(CURDIR)/.build/link" $(FLOORS)
# What runs for ever lies side by side: the kernel maps 64 KiB around each page of code that is touched. 3 MB resident less.
# A function of the list that is not there any more is passed over; `make order` writes it anew.
ORDER := Sources/functions.order
# The toolchain of swift.org has lld; without it the program is linked as any other.
LLD := $(wildcard $(dir $(realpath $(shell command -v $(SWIFT))))ld.lld)
RELEASE += $(if $(LLD),-Xswiftc -use-ld=lld -Xswiftc -Xfrontend -Xswiftc -function-sections \
    -Xlinker --symbol-ordering-file=$(CURDIR)/$(ORDER) -Xlinker --no-warn-symbol-ordering)
BINARY := .build/release/oomwarden
SETUP := Tests/Scripts/setup

# How long `make fuzz` looks at the log's reader, and at each parser of /proc.
FUZZ_SECONDS ?= 600
FUZZ_PARSER_SECONDS ?= 120

# Folders of real logs with their truth, for `make corpus`.
CORPUS ?= $(wildcard ../shared/corpus/open)
CAPTURES ?= $(wildcard ../shared/captures)

.PHONY: help run build test lint check bench order corpus forecast fuzz soak lab install clean
.PHONY: setup-build install-files lint-only openapi promtool deploy

help: ## print the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: build ## build, then serve on 127.0.0.1:10137; ARGS=--web.enable-actions
	@exec $(BINARY) serve $(ARGS)

# Of `build_info`; a plain `swift build` says "unknown".
build: export OOMWARDEN_REVISION = $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
build: export OOMWARDEN_SWIFT = $(shell $(SWIFT) --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)
build: setup-build ## build .build/release/oomwarden, the Swift runtime linked statically
	@mkdir -p .build/link && ln -sf "$$(g++ -print-file-name=libstdc++.a)" .build/link/libstdc++.a
	@$(SWIFT) build $(RELEASE) --product oomwarden

test: setup-build ## run every test
	@Tests/Scripts/debian-tool systemd-journal-remote lib/systemd/systemd-journal-remote > /dev/null || \
	    echo "test: no systemd-journal-remote, with which journals are written: what needs one is skipped" >&2
	@$(SWIFT) test --disable-xctest $(FLOORS)

lint: ## swift format and the rules of the house, on every source
	@$(SETUP) lint
	@$(SWIFT) format lint --strict -r Package.swift Sources Tests
	@python3 Tests/Scripts/house-rules
	@for script in .ci/run $$(grep -lr '^#!.*bash' Tests/Scripts Tests/Bench Tests/Lab); do bash -n "$$script"; done

check: lint build test openapi promtool deploy ## what CI runs: lint, build, test, openapi.yaml, /metrics, Deploy/, a short fuzz
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=20 FUZZ_PARSER_SECONDS=20
	@echo "check: all is well"

order: build ## write Sources/functions.order anew, which the linker goes by: what runs in a scrape and a scan; needs valgrind
	@$(SETUP) order
	@python3 Tests/Bench/order $(BINARY) $(ORDER)

bench: build ## what a scrape, a start, a listing cost, each beside its floor in C
	@$(SETUP) bench
	@python3 Tests/Bench/bench $(BINARY)

corpus: ## what `analyze` reads in real logs against their truth; CORPUS=DIR CAPTURES=DIR
	@if [ -z "$(CORPUS)$(CAPTURES)" ]; then \
	    echo "make corpus: needs CORPUS=DIR or CAPTURES=DIR (no ../shared here)" >&2; exit 1; fi
	@$(MAKE) --no-print-directory build
	@python3 Tests/Corpus/judge $(BINARY) $(if $(CORPUS),--corpus "$(CORPUS)") $(if $(CAPTURES),--captures "$(CAPTURES)")

soak: build ## real kills over restarts and kill -9 of the daemon, each one event; SOAK_KILLS=1000
	@$(SETUP) bench
	@PYTHONDONTWRITEBYTECODE=1 python3 Tests/Soak/stream $(BINARY)
	@PYTHONDONTWRITEBYTECODE=1 python3 Tests/Soak/prometheus $(BINARY)
	@PYTHONDONTWRITEBYTECODE=1 python3 Tests/Soak/soak $(BINARY)

forecast: ## whom `victims` names in captures against whom the kernel killed, then 100 kills of this kernel; CAPTURES=DIR
	@if [ -z "$(CAPTURES)" ]; then echo "make forecast: needs CAPTURES=DIR (no ../shared here)" >&2; exit 1; fi
	@$(MAKE) --no-print-directory build
	@Tests/Forecast/judge $(BINARY) "$(CAPTURES)"
	@OOMWARDEN_ROUNDS=$${OOMWARDEN_ROUNDS:-100} $(SWIFT) test --disable-xctest $(FLOORS) --filter LiveForecastTests | grep -E 'forecast:|✘|Test run'

fuzz: ## any bytes for every parser, with AddressSanitizer; FUZZ_SECONDS=600 for the log, FUZZ_PARSER_SECONDS=120 for /proc
	@$(SETUP) build lint
	@Tests/Fuzz/fuzz $(FUZZ_SECONDS) log
	@Tests/Fuzz/fuzz $(FUZZ_PARSER_SECONDS)

# Each a machine of its own, with a kernel of the lab.
SCENES ?= protected-over-api unprotected lease-ends children policy systemd

lab: ## real OOMs in virtual machines that the daemon watches; LAB=folder of the lab, SCENES="lease-ends policy"
	@if [ -z "$(LAB)" ] || [ ! -x "$(LAB)/run" ]; then \
	    echo "make lab: skipped: needs LAB=PATH, the folder of an OOM lab with its ./run (no ../shared/lab here)" >&2; exit 0; fi; \
	$(SETUP) lab; \
	$(MAKE) --no-print-directory build; \
	for scene in $(SCENES); do Tests/Lab/scene $$scene "$(LAB)" $(BINARY); done; \
	echo "make lab: $(words $(SCENES)) scenes, each as it should be"

install: build ## install the program and its systemd unit under $(PREFIX); PREFIX, DESTDIR
	@$(MAKE) --no-print-directory install-files
	@echo "installed; next: systemctl daemon-reload && systemctl enable --now oomwarden"
	@echo "for actions: cp $(PREFIX)/share/doc/oomwarden/actions.conf to /etc/systemd/system/oomwarden.service.d/; the token is /var/lib/oomwarden/token"

# Of a program that is built.
install-files:
	@install -D -m 755 $(BINARY) "$(DESTDIR)$(PREFIX)/bin/oomwarden"
	@install -d "$(DESTDIR)$(PREFIX)/lib/systemd/system" "$(DESTDIR)$(PREFIX)/share/doc/oomwarden"
	@sed 's|/usr/local/bin/|$(PREFIX)/bin/|' Deploy/systemd/oomwarden.service > "$(DESTDIR)$(PREFIX)/lib/systemd/system/oomwarden.service"
	@sed 's|/usr/local/bin/|$(PREFIX)/bin/|' Deploy/systemd/oomwarden-restore.service > "$(DESTDIR)$(PREFIX)/lib/systemd/system/oomwarden-restore.service"
	@sed 's|/usr/local/bin/|$(PREFIX)/bin/|' Deploy/systemd/oomwarden.service.d/actions.conf > "$(DESTDIR)$(PREFIX)/share/doc/oomwarden/actions.conf"
	@install -m 644 Deploy/prometheus/scrape.yml "$(DESTDIR)$(PREFIX)/share/doc/oomwarden/scrape.yml"

clean: ## remove what was built
	@rm -rf .build

setup-build:
	@$(SETUP) build

openapi:
	@$(SETUP) check
	@Tests/Scripts/check-openapi openapi.yaml

promtool: build
	@$(SETUP) check
	@Tests/Scripts/check-metrics $(BINARY) Tests/Support/Fixtures/6.1-amd64-movable-dry

deploy: build
	@Tests/Scripts/check-deploy $(BINARY)
