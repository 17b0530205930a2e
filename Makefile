# SPDX-License-Identifier: MIT
# The front door: `make help` lists the targets. One build directory for each mode: build/release, build/debug, ...
MODE ?= debug
CC = gcc
BUILD = build/$(MODE)
SRC := $(shell find src -name '*.c' | sort)
OBJ := $(SRC:%.c=$(BUILD)/%.o)
HEADERS = -isystem /usr/include/python3.11 -Isrc -I$(BUILD)/gen
WARN = -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wno-cast-function-type -Wno-deprecated-declarations
COMMON = -std=gnu17 -fvisibility=hidden -fno-semantic-interposition -fno-strict-aliasing -fwrapv -fPIE -g -MMD -MP $(WARN) $(HEADERS)
CFLAGS_debug = -O1 -UNDEBUG -DVITRO_DEBUG
CFLAGS_release = -O2 -DNDEBUG
CFLAGS_asan = -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
CFLAGS_cov = -O0 --coverage
LDFLAGS_debug = -Wl,--allow-multiple-definition
LDFLAGS_asan = -fsanitize=address,undefined
LDFLAGS_cov = --coverage
LIBS = -lz -lexpat -lgmp -lm -ldl -lpthread -lutil
CCACHE := $(shell command -v ccache)

vitro: $(BUILD)/vitro
$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "cc $<"
	@$(CCACHE) $(CC) $(COMMON) $(CFLAGS_$(MODE)) -c $< -o $@
$(BUILD)/vitro: $(OBJ)
	@tools/missing.sh $(BUILD)/missing.c $(OBJ)
	@$(CC) -c -w -fvisibility=hidden -fPIE $(BUILD)/missing.c -o $(BUILD)/missing.o
	@$(CC) -pie -rdynamic $(LDFLAGS_$(MODE)) -o $@ $^ $(BUILD)/missing.o $(LIBS)
UNICODE = $(addprefix $(BUILD)/gen/unicode_,types.h data.h names.h)
$(UNICODE) &: tools/unicode_tables.pl
	@mkdir -p $(@D)
	perl $< $(BUILD)/gen
$(addprefix $(BUILD)/src/,objects/str/ctype.o modules/unicodedata.o modules/unicodedata_names.o): | $(UNICODE)
-include $(OBJ:.o=.d)
.PHONY: vitro
