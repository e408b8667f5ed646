# `make` alone lists the targets.
GO      ?= go
BIN     := bin/convsim
TOOL    := $(GO) tool -modfile=tools/go.mod
DESIGNS ?= 100000
FITS    ?= FilesRunAndFit|BestOfAll|FromDRAM
COMMIT  := $(shell git describe --always --dirty --abbrev=40 --match '' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help demo rtl-demo examples build test fit-matrix test-rtl test-rtl-long test-long noasm race race-planes check lint page page-check generate bench pgo update dist clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: build ## build, and run a trained layer on 200 real images
	@$(BIN) run --hw configs/hardware/edge-8x8.yaml --layer configs/layers/digits/digits_conv2.yaml

rtl-demo: build ## emit the demo's hardware, simulate its 200 images, compare every handshake and value (Verilator or Icarus)
	@$(BIN) rtl --hw configs/hardware/edge-8x8.yaml --layer configs/layers/digits/digits_conv2.yaml --check

examples: ## run the programs of examples/ and compare what they print
	$(GO) test -count 1 -v ./examples

build: ## build bin/convsim, a static binary
	@CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-X main.commit=$(COMMIT)' -o $(BIN) ./cmd/convsim

test: ## run all tests
	$(GO) test ./...

test-rtl: ## emitted hardware: 500 random designs in Icarus, shipped ones in Verilator, lint (minutes)
	CONVSIM_DESIGNS=500 $(GO) test -timeout 30m -run 'Random|Shipped|Lint|Ready|Mutants' ./internal/hdl/proof
	CONVSIM_DESIGNS=20 $(GO) test -timeout 30m -run Float ./internal/hdl/proof
	CONVSIM_DESIGNS=20 $(GO) test -timeout 30m -run 'AsHardware|Linted' ./internal/blocktest
	CONVSIM_DESIGNS=1 $(GO) test -timeout 30m -run AsEmitted ./internal/rtl

test-rtl-long: ## emitted hardware: 20,000 random designs, ResNet-8 and U-Net slim whole, all rows of FINN's tables (hours)
	CONVSIM_DESIGNS=20000 $(GO) test -timeout 0 -run 'RandomDesigns|WholeNetworks' ./internal/hdl/proof
	CONVSIM_DESIGNS=20000 $(GO) test -timeout 0 -run AsEmitted ./internal/rtl

synth-table: ## have Yosys synthesize the designs and blocks that estimates are held to, and write their tables anew (long)
	CONVSIM_SYNTH=1 $(GO) test -timeout 0 ./internal/hdl/synth -run EstimatesOf -update

calibrate: ## estimates of DESIGNS random layers beside what Yosys makes of them (some seconds each)
	CONVSIM_SYNTH=$(DESIGNS) $(GO) test -timeout 0 -v ./internal/hdl/synth -run RandomEstimates

fit-matrix: ## hardware for six networks on four boards: each runs as found and fits; 20 small networks beside all their designs (long); FITS=FilesRunAndFit/unet_slim: a part
	CONVSIM_DESIGNS=1 $(GO) test -timeout 0 -v -run '$(FITS)' ./internal/fit

test-long: ## the tests with DESIGNS random designs each, and all shipped hardware (long)
	CONVSIM_DESIGNS=$(DESIGNS) $(GO) test -timeout 0 ./...

noasm: ## the tests of values without any assembly, and the build for other processors
	$(GO) test -tags noasm ./internal/simd ./pe ./linebuffer ./internal/wiring ./pipeline/flow
	GOARCH=arm64 $(GO) vet ./...

race: ## run the tests under the race detector
	$(GO) test -race -short -timeout 30m ./...

race-planes: ## the same for the packages whose blocks run side by side
	$(GO) test -race -short -timeout 30m ./pipeline/... ./internal/wiring ./linebuffer ./pe ./sim

check: lint ## everything a change must pass
	$(GO) mod verify
	$(GO) test ./...
	$(MAKE) noasm
	$(MAKE) race-planes

lint: ## format, vet, staticcheck, arrows between packages, pages and comments, generated files and modules up to date
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(TOOL) staticcheck ./...
	$(GO) test -run '^Test(Imports|Nothing|Pages|Comments)' .
	$(MAKE) page-check
	$(GO) generate ./...
	$(GO) mod tidy
	@git diff --exit-code -- go.mod go.sum '*.schema.json' '*_amd64.s' '*_amd64.go'

page: ## bundle the scripts of pages with their libraries anew (needs npm)
	npm --prefix tools/page ci --ignore-scripts --no-audit --no-fund
	$(GO) run -C tools ./page

page-check: ## whether the bundles are what their sources make; skipped where npm cannot install the libraries
	@if ! command -v npm >/dev/null; then echo "page-check skipped: npm is not installed"; \
	elif ! { test -d tools/page/node_modules || npm --prefix tools/page ci --ignore-scripts --no-audit --no-fund >/dev/null 2>&1; }; then \
		echo "page-check skipped: npm cannot install the libraries of tools/page"; \
	else $(GO) run -C tools ./page -check && echo "the bundles are what their sources make"; fi

generate: ## write generated files anew (JSON Schemas, assembly)
	$(GO) generate ./...

bench: build ## benchmarks: simulated cycles/s, GMAC/s, points/s, allocations
	$(BIN) bench
	$(GO) test -run '^$$' -bench . -benchmem ./sim ./pe ./internal/dse/...

pgo: ## profile the simulator anew, by which the compiler optimises bin/convsim (cmd/convsim/default.pgo)
	cd sim && $(GO) test -pgo=off -run '^$$' -bench . -benchtime 0.3s -cpuprofile ../cmd/convsim/default.pgo -o /dev/null

update: build ## record golden files and expected results anew
	$(GO) test ./configs ./internal/strictyaml ./internal/resources ./sim ./internal/dse ./internal/regress ./cmd/convsim ./examples ./internal/onnx -update
	$(BIN) regress --update regress/expectations

dist: ## binaries for the usual platforms in dist/
	@for p in linux/amd64 linux/arm64 darwin/arm64 windows/amd64; do \
		CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build -trimpath -ldflags '-s -w -X main.commit=$(COMMIT)' \
			-o dist/convsim-$${p%/*}-$${p#*/}$$(test $${p%/*} = windows && echo .exe) ./cmd/convsim || exit 1; done
	@cd dist && sha256sum convsim-* > SHA256SUMS

clean: ## remove what was built
	rm -rf bin dist
