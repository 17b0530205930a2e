# SPDX-License-Identifier: MIT
# The front door: `make help` lists the targets. One build directory for each mode: build/release, build/debug, ...
MODE ?= release
CC = gcc
BUILD = build/$(MODE)
SRC := $(shell find src -name '*.c' | sort)
OBJ := $(SRC:%.c=$(BUILD)/%.o)
HEADERS = -isystem /usr/include/python3.11 -Isrc -Ibuild/gen
WARN = -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wno-cast-function-type -Wno-deprecated-declarations
COMMON = -std=gnu17 -fvisibility=hidden -fno-semantic-interposition -fno-strict-aliasing -fwrapv -fPIE -g -MMD -MP $(WARN) $(HEADERS)
CFLAGS_debug = -O1 -UNDEBUG -DVITRO_DEBUG
CFLAGS_release = -O2 -DNDEBUG
CFLAGS_asan = -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
CFLAGS_cov = -O0 --coverage
LDFLAGS_asan = -fsanitize=address,undefined
LDFLAGS_cov = --coverage
LIBS = -lz -lexpat -lgmp -lm -ldl -lpthread -lutil
CCACHE := $(shell command -v ccache)
JOBS ?= $(shell nproc)

.PHONY: help vitro release debug asan cov setup run test bench clean layers
.DEFAULT_GOAL := vitro

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

vitro: $(BUILD)/vitro
release: ## optimised build: build/release/vitro
	@$(MAKE) --no-print-directory -j$(JOBS) MODE=release vitro
debug: ## assertions and invariant checks: build/debug/vitro
	@$(MAKE) --no-print-directory -j$(JOBS) MODE=debug vitro
asan: ## AddressSanitizer and UBSan: build/asan/vitro
	@$(MAKE) --no-print-directory -j$(JOBS) MODE=asan vitro
cov: ## coverage counters: build/cov/vitro
	@$(MAKE) --no-print-directory -j$(JOBS) MODE=cov vitro

setup: ## install what is missing on a Debian machine
	@tools/setup.sh
run: setup release ## set up, build, and run the tour
	build/release/vitro examples/tour.py
test: setup release layers ## set up, build, and run the tests
	@/usr/bin/python3.11 tests/run.py --python build/release/vitro
layers: ## check that includes point one way
	@tools/layers.sh
bench: release ## compare with python3.11
	@/usr/bin/python3.11 bench/run.py --python build/release/vitro
clean: ## remove all build directories
	rm -rf build

# Tables made from installed data, once for all modes.
GEN = build/gen
$(GEN)/unicode_names.h: tools/unicode_tables.pl
	@mkdir -p $(GEN)
	@echo "unicode tables"
	@perl tools/unicode_tables.pl $(GEN)

$(BUILD)/%.o: %.c | $(GEN)/unicode_names.h
	@mkdir -p $(@D)
	@$(CCACHE) $(CC) $(COMMON) $(CFLAGS_$(MODE)) $(EXTRA_$(notdir $*)) -c $< -o $@
EXTRA_loop = -fno-gcse -fno-crossjumping
$(BUILD)/vitro: $(OBJ)
	@echo "link $@"
	@tools/missing.sh $(BUILD)/missing.c $(OBJ)
	@$(CC) -c -w -fvisibility=hidden -fPIE $(BUILD)/missing.c -o $(BUILD)/missing.o
	@$(CC) -pie -rdynamic $(LDFLAGS_$(MODE)) -o $@ $(OBJ) $(BUILD)/missing.o $(LIBS)
# Unicode 14.0 tables from perl's data; a second run is needed only when the tool changes.
UNICODE = $(addprefix $(BUILD)/gen/unicode_,types.h data.h names.h)
$(UNICODE) &: tools/unicode_tables.pl
	@mkdir -p $(@D)
	@perl $< $(BUILD)/gen
$(addprefix $(BUILD)/src/,objects/str/ctype.o modules/unicodedata.o modules/unicodedata_names.o): $(UNICODE)
-include $(OBJ:.o=.d)
