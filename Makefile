# `make` alone lists the targets.

GO       ?= go
FUZZTIME ?= 5s

# Tools are pinned in a module file of their own, so that the program's module
# lists only what it is built from.
TOOL := $(GO) tool -modfile=.ci/tools.mod

# Packages whose code runs on several goroutines. The tests of cmd/sweep train in
# processes of their own, where the detector would only watch arithmetic for minutes.
RACE := ./cmd/internal/... ./store/... ./sweep/... ./trainer ./trainer/data/... ./trainer/engine/... ./trainer/kernel/... ./trainer/weights/fetch ./tui/...

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/sweep, static, with the host engine
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/sweep ./cmd/sweep

# NVIDIA's header marks much of itself as deprecated, and the compiler warns of each
# such call in go-nvml. Only the environment can silence that: hence the tag.
NVML := CGO_ENABLED=1 CGO_CFLAGS="-O2 -Wno-deprecated-declarations"

.PHONY: build-xla
build-xla: ## the same with the engine xla, and the GPU in the app's machine panel (needs a C compiler)
	$(NVML) $(GO) build -tags nvml -trimpath -o bin/sweep ./cmd/sweep

.PHONY: test-nvml
test-nvml: ## vet and test what reads the GPU (needs a C compiler, no GPU)
	$(NVML) $(GO) vet -tags nvml ./cmd/sweep
	$(NVML) $(GO) test -tags nvml -run GPU ./cmd/sweep

.PHONY: plugin
plugin: ## fetch a PJRT plugin for the processor and print its path (needs pip)
	@PYTHON=$(PYTHON) .ci/plugin

# SWEEP_SLOW=1 adds the larger networks.
.PHONY: test-xla
test-xla: ## test the engine xla on the processor (needs a C compiler and pip)
	plugin=$$(PYTHON=$(PYTHON) .ci/plugin) && export SWEEP_PJRT_PLUGIN=$$plugin CGO_ENABLED=1 && \
	$(GO) test -timeout 20m ./trainer/engine/xla && \
	$(GO) test -race -timeout 20m -run 'Launches|StateGoes' ./trainer/engine/xla && \
	$(GO) test -timeout 20m -run XLA ./trainer/op && \
	$(GO) test -timeout 20m -run 'XLA|TestScripts/xla' ./cmd/sweep

.PHONY: build-gpucheck
build-gpucheck: ## build bin/gpucheck, which tries the GPU (needs a C compiler, and pip or CUDA_INCLUDE=FOLDER)
	GO=$(GO) PYTHON=$(PYTHON) .ci/gpucheck

.PHONY: test-gpucheck
test-gpucheck: build-gpucheck ## the same, and run it on a driver that is made for the test (no GPU)
	$(GO) vet -tags fakecuda ./cmd/gpucheck
	$(GO) test -count 1 -tags fakecuda ./cmd/gpucheck

.PHONY: build-gpu-check
build-gpu-check: build-xla build-gpucheck ## build all that gpu-check runs (needs a C compiler, and pip or CUDA_INCLUDE=FOLDER)
	$(NVML) $(GO) build -trimpath -ldflags '-s -w' -o bin/sweep-bench ./cmd/bench
	$(NVML) $(GO) test -c -ldflags '-s -w' -o bin/xla.test ./trainer/engine/xla
	$(NVML) $(GO) test -c -ldflags '-s -w' -o bin/op.test ./trainer/op
	tar -C bin -cJf bin/gpu-check.tar.xz sweep gpucheck sweep-bench xla.test op.test

# To a machine without a compiler carry bin/gpu-check.tar.xz and the checkout, and
# run BIN=bin/gpu-check.tar.xz .ci/gpu-check there.
.PHONY: gpu-check
gpu-check: $(if $(BIN),,build-gpu-check) ## check on this machine's GPU what cannot be checked elsewhere (nine minutes)
	BIN=$(BIN) PYTHON=$(PYTHON) PEER_SCRIPT=$(PEER_SCRIPT) .ci/gpu-check

.PHONY: test
test: ## run the tests (about a minute)
	$(GO) test ./...

.PHONY: lint
lint: ## vet, staticcheck and gofumpt
	$(GO) vet ./...
	$(TOOL) staticcheck ./...
	@files=$$($(TOOL) gofumpt -l .); if [ -n "$$files" ]; then echo "not gofumpt-clean (make fmt):"; echo "$$files"; exit 1; fi

.PHONY: fmt
fmt: ## format the code
	$(TOOL) gofumpt -w .

.PHONY: race
race: ## run the concurrent packages' tests under the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -timeout 20m $(RACE)

.PHONY: fuzz
fuzz: ## run every fuzzer for FUZZTIME (5s)
	GO=$(GO) .ci/fuzz $(FUZZTIME)

ROUNDS ?= 50
SEED   ?= 1

.PHONY: campaign
campaign: ## kill supervisors and workers at ROUNDS (50) moments that SEED (1) chooses
	SWEEP_CAMPAIGN=$(ROUNDS) SWEEP_SEED=$(SEED) $(GO) test -timeout 3h -run 'TestCampaign$$' -v ./cmd/sweep

.PHONY: parity
parity: ## run all tests with the slow ones: parity with PyTorch, soak
	SWEEP_SLOW=1 $(GO) test -timeout 20m ./...

# The peer of `make bench`: a script with the flags that cmd/bench names, run by
# a Python that has torch and timm. Without one only our own figures are printed.
PYTHON      ?= python3
PEER_SCRIPT ?= $(wildcard ../shared/parity/bench_torch.py)
PEER        ?= $(if $(PEER_SCRIPT),$(shell $(PYTHON) -c 'import torch, timm' 2>/dev/null && echo $(PYTHON) $(PEER_SCRIPT)))
BENCHFLAGS  ?=
SHAPEFLAGS  ?=
APPFLAGS    ?=

.PHONY: bench
bench: ## measure speed and memory, beside PyTorch where there is one; then the app
	$(GO) run ./cmd/bench $(BENCHFLAGS) $(if $(PEER),-peer "$(PEER)")
	$(GO) run ./cmd/bench -shapes -seconds 0.1 -windows 5 $(SHAPEFLAGS) $(if $(PEER),-python $(PYTHON))
	$(GO) test -run '^$$' -bench 'Load|Loader|Prepare' ./trainer/data
	$(GO) run ./cmd/bench -app $(APPFLAGS)
	$(GO) test -run '^$$' -bench . ./store ./sweep ./tui/...

.PHONY: demo
demo: build ## train the four backbones on drawn images
	bin/sweep demo --no-tui

# The frames that the README shows, as the golden tests of the app have them.
PICTURES := $(addprefix tui/testdata/,runs_120x40.ansi curves_120x40.ansi classes_120x40.ansi confusion_120x40.ansi table_120x40.ansi start_120x40.ansi data_120x40.ansi)

.PHONY: pictures
pictures: ## draw the README's pictures from the app's golden frames
	$(GO) run ./tui/internal/svg -out docs/pictures $(PICTURES)

.PHONY: clean
clean: ## remove what was built
	rm -rf bin
