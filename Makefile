# What can be done here. Everything that is built goes to build/.

CC      ?= cc
PYTHON  ?= python3
SECONDS ?= 6
B       := build
HEADERS := otel.h otel_export.h $(wildcard ports/*.h)
LIBS    := -lpthread

# $(call want,command,package): go on, or say what to install.
want = command -v $(firstword $(1)) >/dev/null 2>&1 || { echo "$(firstword $(1)) is not installed: apt-get install $(2)" >&2; exit 1; }

.PHONY: help demo demo-ui demo-firmware demo-ui-stop docs test headers check sizes bench bench-peers bench-small scale latency compile-time pgo fuzz soak clean storm clock proofs

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

demo: $(B)/sysmon ## watch this machine for some seconds: needs a C compiler only (SECONDS=6; sends to OTEL_EXPORTER_OTLP_ENDPOINT if set)
	@$(B)/sysmon $(SECONDS)

demo-ui: ## the real Collector, Zipkin's page and Prometheus, fed by httpd, httpget and sysmon; prints addresses (first time: minutes)
	@$(call want,$(PYTHON),python3)
	@$(PYTHON) tools/ui/run start

demo-ui-stop: ## end what demo-ui started
	@$(PYTHON) tools/ui/run stop

demo-firmware: ## a trace that begins on an 8-bit AVR (in the simulator) and goes on here, in Zipkin's page
	@$(call want,$(PYTHON),python3)
	@$(PYTHON) tools/demo-firmware

docs: ## generated documents, and the API reference as a site in build/site (wants doxygen)
	@$(call want,$(PYTHON),python3)
	@$(PYTHON) tools/docs
	@$(call want,doxygen,doxygen)
	@$(PYTHON) tools/docs --site $(B)/site

test: ## install what the tests need and run them all (ARGS="-k span" chooses)
	@$(call want,$(PYTHON),python3)
	@$(PYTHON) tests/run $(ARGS)

headers: ## renew otel.h and otel_export.h from the parts under src/
	@$(call want,$(PYTHON),python3)
	@$(PYTHON) amalgamate.py

check: ## say whether the merged headers and the tables are fresh
	@$(call want,$(PYTHON),python3)
	@$(PYTHON) amalgamate.py --check
	@$(PYTHON) tools/features --check
	@$(PYTHON) tools/spec --check
	@$(PYTHON) tools/faults --check

sizes: ## flash, RAM and stack of the library, measured now
	@$(call want,arm-none-eabi-gcc,gcc-arm-none-eabi libnewlib-arm-none-eabi)
	@tools/sizes

bench: ## time and instructions of a span, a counter, a histogram, measured now
	@$(call want,$(CC),gcc)
	@bench/run

bench-peers: ## this library and its peers (Go, Rust, fastrace, LTTng, ..) on equal work, interleaved; the tools that are there decide (minutes)
	@$(call want,$(PYTHON),python3)
	@$(PYTHON) bench/peers/run $(ARGS)

bench-small: ## a span on a Cortex-M4 and an AVR beside nanopb, an encoder by hand, barectf and SystemView (half a minute)
	@$(call want,$(PYTHON),python3)
	@$(PYTHON) bench/small/run $(ARGS)

scale: ## how costs grow with threads, series, batches and span sizes: tables, plots in build/scale
	@$(call want,$(PYTHON),python3)
	@$(PYTHON) bench/scale $(ARGS)

latency: ## how long single spans take while another thread exports, ten million of them beside plain work (half a minute)
	@$(call want,$(PYTHON),python3)
	@$(PYTHON) bench/latency $(ARGS)

compile-time: ## what an include costs the compiler: milliseconds and lines (minutes)
	@$(call want,$(PYTHON),python3)
	@$(PYTHON) bench/compile-time $(ARGS)

pgo: ## what -O3, link-time optimisation and a trained build gain (gcc; minutes)
	@$(call want,gcc,gcc)
	@$(PYTHON) bench/pgo $(ARGS)

fuzz: ## feed the readers random bytes for a while (SECONDS=60 make fuzz)
	@$(call want,clang,clang)
	@tests/fuzz/run $(SECONDS)

soak: ## take the Collector down fifty times, and other long runs
	@$(call want,$(PYTHON),python3)
	@OTEL_SOAK=50 $(PYTHON) tests/run tests/test_soak.py

proofs: ## prove the readers and the ring with longer inputs (CBMC; hours)
	@$(call want,$(PYTHON),python3)
	@OTEL_PROOFS_LONG=1 $(PYTHON) tests/run tests/test_proofs.py -k test_proved

storm: ## a million records from nested interrupts on four emulated cores (minutes)
	@OTEL_STORM_RECORDS=1000000 $(PYTHON) tests/run tests/test_firmware_storm.py -k ten_thousand

clock: ## the fast clock beside clock_gettime for ten minutes, under load
	@OTEL_CLOCK_SECONDS=600 $(PYTHON) tests/run tests/test_fast_clock.py -k under_load

clean: ## remove build/
	@rm -rf $(B)

$(B)/%: examples/%.c $(HEADERS)
	@$(call want,$(CC),gcc)
	@mkdir -p $(B)
	@$(CC) -O2 -I. -Iports $(CFLAGS) -o $@ $< $(LDFLAGS) $(LIBS)
