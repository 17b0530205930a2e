# SPDX-License-Identifier: MIT
# The front door: `make help` lists the targets. One build directory for each mode: build/release, build/debug, ...
MODE ?= release
CC = gcc
BUILD = build/$(MODE)
SRC := $(shell find src -name '*.c' | sort)
OBJ := $(SRC:%.c=$(BUILD)/%.o)
STDLIB ?= /usr/lib/python3.11
CCACHE := $(shell command -v ccache)
JOBS ?= $(shell nproc)
PREFIX ?= /usr/local

HEADERS = -isystem /usr/include/python3.11 -Isrc -Ibuild/gen
WARN = -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wno-cast-function-type -Wno-deprecated-declarations
# A fixed address, as python3.11 is built: what is exported is reached directly, and nothing is relocated at start.
PIE = $(if $(filter release profile,$(MODE)),-fno-pie,-fPIE)
COMMON = -std=gnu17 -fvisibility=hidden -fno-semantic-interposition -fno-strict-aliasing -fwrapv $(PIE) -g -MMD -MP $(WARN) $(HEADERS)
CFLAGS_debug = -O1 -UNDEBUG -DVITRO_DEBUG
CFLAGS_release = -O2 -DNDEBUG -fno-tree-slp-vectorize $(if $(findstring clang,$(CC)),,$(COPIES))
# Blocks of a size known only at run time: cleared word by word while they are small, else by the C library, which also
# copies them. gcc's own choice, rep stos, takes 30 cycles to start; its vector loops move the rest byte by byte.
COPIES = -mmemset-strategy=loop:256:noalign,libcall:-1:noalign -mmemcpy-strategy=libcall:-1:noalign
CFLAGS_asan = -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
CFLAGS_tsan = -O1 -fsanitize=thread
CFLAGS_cov = -O0 --coverage
CFLAGS_profile = $(CFLAGS_release) -fprofile-generate -fprofile-update=prefer-atomic
CFLAGS_fuzz = $(CFLAGS_asan) -fsanitize=fuzzer-no-link -Wno-unknown-warning-option
# libcrypt must be there before ASan looks for the functions that it wraps.
LDFLAGS_asan = -fsanitize=address,undefined -Wl,--push-state,--no-as-needed -lcrypt -Wl,--pop-state
LDFLAGS_tsan = -fsanitize=thread
LDFLAGS_fuzz = -fsanitize=address,undefined
LDFLAGS_cov = --coverage
LDFLAGS_profile = -fprofile-generate
LIBS = -lz -lexpat -lgmp -lm -ldl -lpthread -lutil

# The release people get is optimised as a whole (LTO=1) and by what the programs of bench/ did (PROFILE=their counters).
# `make release PGO=0` leaves both out: quicker to build, slower to run.
PGO ?= 1
TRAINED = build/profile/trained
OPTIMISED = $(if $(filter 0,$(PGO)),,PROFILE=build/profile LTO=1)
ifdef PROFILE
TUNED += -fprofile-use -fprofile-partial-training --param=hot-bb-count-ws-permille=999
# Functions without counters of their own (inlined where they were counted) are warned of under no name: all warnings
# are off here; the other builds give them.
TUNED += -w
# gcc looks for the counters beside the object; a path in -fprofile-use would be a directory of mangled names. ccache
# does not know of them.
FETCH_COUNTERS = cp -f $(PROFILE)/$*.gcda $(@D) 2>/dev/null || true
CCACHE =
endif
ifdef LTO
TUNED += -flto=auto -fno-fat-lto-objects
endif

.PHONY: help vitro unit release debug asan tsan cov coverage train setup run test test-all test-stress bench start-order bench-compile fuzz-errors clean layers metrics format docs repl gdb install libpython test-abi ecosystem test-oom test-documentation leaks
.PRECIOUS: $(BUILD)/%.o
# `make MODE=...` alone builds that mode.
.DEFAULT_GOAL := $(if $(filter release,$(MODE)),release,vitro)

help: ## list the targets
	@grep -hE '^[a-z%-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

vitro: $(BUILD)/vitro
release: ## optimised build with LTO and PGO: build/release/vitro (PGO=0: without)
	@[ $(PGO) = 0 ] || [ -e $(TRAINED) ] || $(MAKE) --no-print-directory train
	@$(MAKE) --no-print-directory -j$(JOBS) MODE=release $(OPTIMISED) vitro
debug: ## assertions and invariant checks: build/debug/vitro
	@$(MAKE) --no-print-directory -j$(JOBS) MODE=debug vitro
asan: ## AddressSanitizer and UBSan: build/asan/vitro
	@$(MAKE) --no-print-directory -j$(JOBS) MODE=asan vitro
tsan: ## ThreadSanitizer: build/tsan/vitro
	@$(MAKE) --no-print-directory -j$(JOBS) MODE=tsan vitro
cov: ## coverage counters: build/cov/vitro
	@$(MAKE) --no-print-directory -j$(JOBS) MODE=cov vitro
coverage: cov ## lines that the tests reach, by folder (tools/coverage.py --files: by file)
	@find build/cov -name '*.gcda' -delete
	@/usr/bin/python3.11 tests/run.py --slower 8 --python build/cov/vitro || true
	@tools/coverage.py
train: ## count what the programs of bench/ do, for the next release build
	@$(MAKE) --no-print-directory -j$(JOBS) MODE=profile vitro
	@find build/profile -name '*.gcda' -delete
	@echo "training on bench/"
	@/usr/bin/python3.11 bench/run.py --python build/profile/vitro --train
	@touch $(TRAINED)

libpython: $(if $(filter build/release,$(BUILD)),release) ## build/release/libpython3.11.so.1.0, for programs that embed Python
	@$(MAKE) --no-print-directory -j$(JOBS) MODE=$(MODE) BUILD=$(BUILD) $(if $(filter build/release,$(BUILD)),$(OPTIMISED)) \
		$(BUILD)/libpython3.11.so.1.0

setup: ## install what is missing on a Debian machine
	@tools/setup.sh
run: setup release ## set up, build, and run the tour
	build/release/vitro examples/tour.py
test: setup release libpython unit layers ## set up, build, and run the tests
	@/usr/bin/python3.11 tests/run.py --python build/release/vitro
test-all: setup release libpython unit layers ## the tests, with the slow files of CPython's suite and the stress programs
	@/usr/bin/python3.11 tests/run.py --all --python build/release/vitro
	@/usr/bin/python3.11 tests/stress/run.py --python build/release/vitro
test-stress: debug ## threads, servers, signals and forks under load, with the checks of the debug build
	@/usr/bin/python3.11 tests/stress/run.py --python build/debug/vitro
test-abi: release ## exported names and struct layouts against 3.11's
	@tools/check_exports build/release/vitro
	@tests/abi/layout.sh
leaks: release ## files of CPython's suite six times in one process: nothing grows on
	@/usr/bin/python3.11 tests/leaks/run.py --python build/release/vitro
test-oom: release ## let allocations fail, one at a time
	@/usr/bin/python3.11 tests/oom/sweep.py --python build/release/vitro
ecosystem: release ## packages as Debian ships them, under Vitro and python3.11 (tests/ecosystem; installs nothing)
	@/usr/bin/python3.11 tests/ecosystem/run.py --python build/release/vitro --rounds 3 --write docs/ECOSYSTEM.md
test-documentation: release ## the examples of python3.11-doc, under Vitro and python3.11 (six minutes; installs nothing)
	@/usr/bin/python3.11 tests/documentation/run.py --python build/release/vitro
layers: ## check that includes point one way
	@tools/layers.sh
metrics: ## lengths of functions and files, share of comments, wide lines, by folder
	@tools/metrics.py --worst 10
format: ## wrap the lines of src and tests that are too wide (needs clang-format)
	@tools/format.py
docs: release ## print again what the pages of docs/ show
	@/usr/bin/python3.11 tests/stage/docs.py --python build/release/vitro --write
repl: release ## the interpreter at its prompt
	@build/release/vitro
gdb: debug ## the debug build under gdb: make gdb ARGS=FILE
	@gdb --args build/debug/vitro $(ARGS)
install: release libpython ## copy to DESTDIR and PREFIX (/usr/local): bin/vitro, lib/vitro
	install -D build/release/vitro $(DESTDIR)$(PREFIX)/bin/vitro
	install -D build/release/libpython3.11.so.1.0 $(DESTDIR)$(PREFIX)/lib/vitro/libpython3.11.so.1.0
	cd lib/vitro && find . -type f ! -name '*.pyc' -exec install -D -m 644 {} $(DESTDIR)$(PREFIX)/lib/vitro/{} ';'
bench: release ## compare with python3.11
	@/usr/bin/python3.11 bench/run.py --python build/release/vitro
start-order: release ## list anew the functions that run at every start, for the next release build (needs valgrind)
	@tools/start_order.py --record build/release/vitro
bench-compile: release ## compile() over the whole library, and its memory, compared with python3.11
	@/usr/bin/python3.11 bench/compile_library.py --python build/release/vitro
clean: ## remove all build directories
	rm -rf build

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@$(FETCH_COUNTERS)
	@$(CCACHE) $(CC) $(COMMON) $(CFLAGS_$(MODE)) $(EXTRA_$(notdir $*)) $(if $(filter src/vm/loop,$*),,$(TUNED)) -c $< -o $@
# The machine's loop is left as written: led by counters, gcc keeps its registers in memory.
EXTRA_loop = $(if $(findstring clang,$(CC)),,-fno-gcse -fno-crossjumping)

# Unicode 14.0 tables from perl's data, once for all modes.
UNICODE = $(addprefix build/gen/unicode_,types.h data.h names.h)
$(UNICODE) &: tools/unicode_tables.pl
	@mkdir -p $(@D)
	@echo "unicode tables"
	@perl $< $(@D)
$(addprefix $(BUILD)/src/,objects/str/ctype.o modules/unicodedata.o modules/unicodedata_names.o): $(UNICODE)

# Linked twice: stage 0 compiles importlib from source at every start; what it compiles here becomes the frozen modules
# of the result. With LTO the objects are optimised as a whole once, before both.
LINK = $(CC) $(if $(filter -fno-pie,$(PIE)),-no-pie,-pie) -rdynamic $(LDFLAGS_$(MODE)) -o $@ $^ $(LIBS)
WHOLE = $(if $(LTO),$(BUILD)/whole.o,$(OBJ))
$(BUILD)/whole.o: $(OBJ) tools/start_order.txt
	@echo "optimise $@"
	@$(CC) -O2 -g $(PIE) $(COPIES) -ffunction-sections -flto=auto -flinker-output=nolto-rel -r -o $@.o $(OBJ)
	@tools/start_order.py --sections $@.o > $@.order
	@objcopy @$@.order $@.o $@
	@rm -f $@.o
$(BUILD)/stage0: $(WHOLE)
	@$(LINK)
$(BUILD)/gen/frozen_data.c: $(BUILD)/stage0 tools/freeze.py lib/vitro/__init__.py
	@mkdir -p $(@D)
	@ASAN_OPTIONS=detect_leaks=0 $< -I -S tools/freeze.py $(STDLIB) $@
$(BUILD)/gen/frozen_data.o: $(BUILD)/gen/frozen_data.c
	@$(CC) -std=gnu17 -fvisibility=hidden -fPIC $(HEADERS) -c $< -o $@
$(BUILD)/vitro: $(WHOLE) $(BUILD)/gen/frozen_data.o
	@echo "link $@"
	@$(LINK)

# The same sources as a library that programs embed: position-independent objects of their own.
LIBOBJ = $(patsubst %.c,$(BUILD)/lib/%.o,$(filter-out %/program.c,$(SRC)))
$(BUILD)/lib/%.o: %.c
	@mkdir -p $(@D)
	@$(CCACHE) $(CC) $(COMMON) $(filter-out -flto% -fno-fat-lto%,$(CFLAGS_$(MODE))) -fPIC $(EXTRA_$(notdir $*)) -c $< -o $@
$(addprefix $(BUILD)/lib/src/,objects/str/ctype.o modules/unicodedata.o modules/unicodedata_names.o): $(UNICODE)
$(BUILD)/libpython3.11.so.1.0: $(LIBOBJ) $(BUILD)/gen/frozen_data.o
	@echo "link $@"
	@$(CC) -shared -Wl,-soname,$(@F) -Wl,-z,defs $(LDFLAGS_$(MODE)) -o $@ $^ $(LIBS)
	@ln -sf $(@F) $(BUILD)/libpython3.11.so

# Unit tests look into single sources; each is linked with all of them but main's.
UNIT = $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/*.c))
unit: $(if $(filter build/release,$(BUILD)),release) ## compile the tests of tests/unit
	@$(MAKE) --no-print-directory -j$(JOBS) MODE=$(MODE) BUILD=$(BUILD) $(UNIT)
$(BUILD)/libvitro.a: $(LIBOBJ) $(BUILD)/gen/frozen_data.o
	@rm -f $@
	@ar rcsT $@ $^
$(BUILD)/unit/%: tests/unit/%.c tests/unit/unit.h $(BUILD)/libvitro.a
	@mkdir -p $(@D)
	@$(CC) $(COMMON) $(CFLAGS_$(MODE)) $(if $(filter -fno-pie,$(PIE)),-no-pie,-pie) -o $@ $< -rdynamic $(LDFLAGS_$(MODE)) \
		-Wl,--whole-archive $(BUILD)/libvitro.a -Wl,--no-whole-archive $(LIBS)

# Fuzz targets: clang's libFuzzer around the same sources without main.
SECONDS ?= 60
FUZZ = lex parse compile unmarshal
FUZZ_INPUT_lex = bytes
FUZZ_INPUT_unmarshal = marshal
fuzz-%: ## fuzz a part for SECONDS: lex, parse, compile, unmarshal (needs clang)
	@$(MAKE) --no-print-directory -j$(JOBS) MODE=fuzz CC=clang build/fuzz/$*
	@[ -d build/fuzz/corpus ] || /usr/bin/python3.11 fuzz/corpus.py build/fuzz/corpus
	@mkdir -p build/fuzz/found/$*
	@cd build/fuzz && ASAN_OPTIONS=detect_leaks=0 ./$* -max_total_time=$(SECONDS) -timeout=20 -rss_limit_mb=4096 -verbosity=0 \
		-print_final_stats=1 -dict=../../fuzz/python.dict found/$* corpus/$(or $(FUZZ_INPUT_$*),source)
fuzz-errors: release ## compare random and broken sources with python3.11 for SECONDS (SEED=n): errors, warnings, trees, code
	@/usr/bin/python3.11 fuzz/errors.py --python build/release/vitro --seconds $(SECONDS) --seed $(or $(SEED),0)
$(addprefix build/fuzz/,$(FUZZ)): build/fuzz/%: build/fuzz/fuzz/%.o build/fuzz/fuzz/fuzz.o $(filter-out %/program.o,$(OBJ)) build/fuzz/gen/frozen_data.o
	@echo "link $@"
	@clang -fsanitize=fuzzer,address,undefined -rdynamic -o $@ $^ $(LIBS)
-include $(OBJ:.o=.d) $(LIBOBJ:.o=.d)
