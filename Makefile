# derisk: each target does its own set-up. Meson does the work, in build/.
PREFIX ?= /usr/local
DESTDIR ?=
FUZZ_SECONDS ?= 60
MUTATIONS ?= 40

.PHONY: help demo build test install uninstall deb wheel rpackage bench check-deep fuzz mutate lint docs site clean

help:
	@echo "make demo        install what is missing, build, and run the demonstration"
	@echo "make test        install what is missing, build, and run all tests"
	@echo "make build       install what is missing, and build the program build/derisk and the library"
	@echo "make install     install program, library, header, man page, examples (PREFIX=$(PREFIX), DESTDIR=)"
	@echo "make uninstall   remove what make install has put there"
	@echo "make deb         build packages for this Debian or Ubuntu, into build/deb"
	@echo "make wheel       build the Python package as a wheel in build-wheel/wheel, and test it"
	@echo "make rpackage    build and check the R package, build/r/derisk_VERSION.tar.gz"
	@echo "make bench       build and run the benchmarks"
	@echo "make lint        formatting, clang-tidy, include rules, headers compiled alone, TypeScript, scripts, documentation"
	@echo "make docs        run the commands of the documentation and write what they print into it"
	@echo "make site        build the documentation site and the page without a server, static files in build/site"
	@echo "make check-deep  the tests under sanitizers and valgrind, with memory refused and interrupted, and the fuzzers"
	@echo "make fuzz        fuzz each reader for FUZZ_SECONDS=$(FUZZ_SECONDS)"
	@echo "make mutate      change MUTATIONS=$(MUTATIONS) lines of the C sources at random, and list those that no test notices"
	@echo "make clean       remove what was built"

build:
	@tools/setup.sh build
	@tools/build.sh build

demo: build
	@build/derisk demo

test:
	@tools/setup.sh test
	@tools/build.sh build -Dtests=enabled
	@tools/run-tests.sh build

install:
	@tools/setup.sh build
	@tools/build.sh build --prefix="$(abspath $(PREFIX))"
	@DESTDIR="$(DESTDIR)" meson install -C build --no-rebuild
	@cp build/meson-logs/install-log.txt build/installed.txt
	@[ -n "$(DESTDIR)" ] || [ "$$(id -u)" != 0 ] || ldconfig

# By Meson's list, a copy of which is kept, as the tests install too.
uninstall:
	@[ -e build/installed.txt ] || { echo "nothing was installed from this folder" >&2; exit 1; }
	@cp build/installed.txt build/meson-logs/install-log.txt
	@ninja -C build --quiet uninstall >/dev/null && echo "removed: what make install had put in place"
	@rm build/installed.txt
	@[ -n "$(DESTDIR)" ] || [ "$$(id -u)" != 0 ] || ldconfig

deb:
	@tools/setup.sh deb
	@tools/make-deb.sh

# The wheel is compared with the program, and then every way to ask with every other.
wheel: build
	@tools/wheel.sh build-wheel
	@tools/same.sh build build-wheel/wheel/*.whl

rpackage:
	@tools/setup.sh r
	@tools/build.sh build
	@tools/r-package.sh build

bench: build
	@meson test -C build --benchmark --verbose

check-deep:
	@tools/setup.sh deep
	@tools/check-deep.sh

fuzz:
	@tools/setup.sh deep
	@tools/fuzz.sh $(FUZZ_SECONDS)

mutate:
	@tools/setup.sh test
	@tools/mutate.py --count $(MUTATIONS)

lint:
	@tools/setup.sh lint
	@tools/build.sh build -Dtests=enabled
	@tools/lint.sh build

docs: build
	@tools/update-docs.py

site: build
	@tools/setup.sh site
	@tools/make_site.py build
	@tools/page-static.sh build build/site/page

clean:
	rm -rf build build-asan build-fuzz build-mutate build-tsan build-valgrind build-wheel build-wheel-tools
