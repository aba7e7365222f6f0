# Cinq verbes : demo, test, run, check, bench. Le reste leur sert.
# A fresh Debian with python3, pip, git and make is enough: the rest is installed here, and only when missing.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.NOTPARALLEL:
.SILENT:
.DEFAULT_GOAL := demo
.PHONY: demo test run check bench format install install-dev test-sqlite test-postgresql

export HOST ?= 127.0.0.1
export PORT ?= 8000
export UV_PYTHON_DOWNLOADS := never
# Compiled once, not in each of the processes of the tests: that alone was a tenth of their time.
unexport PYTHONDONTWRITEBYTECODE

RUNTIME_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core
# redis-tools, not redis-server: the same program (see tests/services.py) without a service that starts by itself.
TEST_PACKAGES := postgresql redis-tools chromium-headless-shell libatomic1 poppler-utils qpdf

UV := .venv/bin/uv
SYNC := $(UV) sync --quiet --frozen --inexact
# uv reads .env as Docker does; a variable already in the environment wins.
LOCAL := $(UV) run --no-sync --env-file .env
MANAGE := $(LOCAL) python manage.py
# One more than the cores: a test that waits for a browser or a worker leaves its own idle. The last ones are shared out.
PYTEST := python -m pytest --numprocesses $(shell echo $$(($$(nproc) < 4 ? $$(nproc) + 1 : 4))) --dist worksteal

demo: install .env var/static/collected
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) demo
	$(MANAGE) rapport 2023 --territoire montpellier --format pdf --sortie var/rapport-2023.pdf
	[ "$${SERVE:-1}" = 0 ] || exec $(LOCAL) gunicorn --workers 1 --threads 8 --no-control-socket --bind "$$HOST:$$PORT" logement.wsgi

run: install .env
	export DEBUG=1
	$(MANAGE) migrate --verbosity 0
	exec $(MANAGE) runserver "$$HOST:$$PORT"

test: install-dev
	summary= failed=
	for step in check test-sqlite test-postgresql; do
		printf '\n\033[1m=== make %s\033[0m\n' "$$step"
		start=$$SECONDS
		$(MAKE) --no-print-directory "$$step" || failed+=" $$step"
		summary+=", $$step $$((SECONDS - start)) s"
	done
	summary="$${summary#, }, en tout $$SECONDS s"
	echo
	[ -z "$$failed" ] || { echo "ÉCHEC :$$failed ($$summary)."; exit 1; }
	echo "Tout passe : $$summary."

check: install-dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/djlint --check --lint --quiet templates
	# The settings of production, with a key and a database for the time of the check.
	export SECRET_KEY=$$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')
	export HTTPS=1 DEBUG=0 DATABASE_URL=sqlite://:memory:
	.venv/bin/python manage.py makemigrations --check --dry-run
	.venv/bin/python manage.py check --deploy --fail-level WARNING

format: install-dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	.venv/bin/djlint --reformat --quiet templates

bench: install-dev
	$(SYNC) --group bench
	.venv/bin/python -m tests.bench
	.venv/bin/python -m tests.bench_registers
	.venv/bin/python -m tests.services -- .venv/bin/python -m tests.bench_registers
	.venv/bin/python -m tests.services -- .venv/bin/python -m tests.bench campagnes
	.venv/bin/python -m tests.bench_versions
	.venv/bin/python -m tests.bench_migrations
	.venv/bin/python -m tests.services -- .venv/bin/python -m tests.bench_migrations
	.venv/bin/python -m tests.services -- .venv/bin/python -m tests.bench_workers
	.venv/bin/python -m tests.bench_documents
	.venv/bin/python -m tests.bench_people

test-sqlite: install-dev
	# What only asks pages for their answers runs in test-postgresql, which forgives less; test_access.py asks them all here.
	env -u DATABASE_URL -u REDIS_URL .venv/bin/$(PYTEST) -m "not libreoffice and not postgresql"

test-postgresql: install-dev
	# Typography, rich text, the PDF engine… know no database: they have run in test-sqlite.
	.venv/bin/python -m tests.services -- .venv/bin/$(PYTEST) --database

install: $(UV)
	$(call packages,$(RUNTIME_PACKAGES))
	$(SYNC) --no-dev
	mkdir -p var

install-dev: $(UV)
	$(call packages,$(RUNTIME_PACKAGES) $(TEST_PACKAGES))
	$(SYNC)
	mkdir -p var

# Debian's own pip may not write outside a virtual environment (PEP 668) and its venv has no pip: one fills the other.
$(UV):
	echo "Installation de uv et des bibliothèques dans .venv…"
	python3 -m venv --without-pip .venv
	python3 -m pip --python .venv/bin/python --disable-pip-version-check \
		install --quiet --root-user-action=ignore uv

# Compressing takes twenty seconds: only when a file or a library changed.
var/static/collected: uv.lock $(shell find static -type f) | install .env
	$(MANAGE) collectstatic --no-input --verbosity 0
	touch $@

.env:
	key=$$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')
	umask 077
	printf '# Écrit par make pour ce poste ; toutes les variables sont dans .env.example.\nSECRET_KEY=%s\nHTTPS=0\nDEBUG=0\n' \
		"$$key" > .env

# $(call packages,NAMES): installs by apt those of the Debian packages that are missing.
# PostgreSQL's package would create a database cluster and start it: the tests make their own, so it is told not to.
define packages
	missing=()
	for package in $(1); do
		[ "$$(dpkg-query --show --showformat '$${db:Status-Status}' "$$package" 2>&1)" = installed ] || missing+=("$$package")
	done
	if [ "$${#missing[@]}" -gt 0 ]; then
		echo "Installation des paquets Debian : $${missing[*]}…"
		as_root=$$([ "$$(id -u)" = 0 ] && echo env || command -v sudo) && command -v apt-get > /dev/null || {
			echo "Il manque apt-get ou les droits d'administration (sudo). Faites installer : $${missing[*]}" >&2
			exit 1
		}
		"$$as_root" env DEBIAN_FRONTEND=noninteractive bash -euo pipefail -c '
			no_cluster=/etc/postgresql-common/createcluster.d/logement-tests.conf
			folder=$${no_cluster%/*}
			trap "rm -f $$no_cluster; rmdir --parents --ignore-fail-on-non-empty $$folder" EXIT
			mkdir -p "$$folder"
			echo "create_main_cluster = off" > "$$no_cluster"
			apt-get update -qq
			apt-get install -qq -y --no-install-recommends "$$@" > /dev/null
		' packages "$${missing[@]}" < /dev/null || {
			echo "apt-get n'a pas pu installer : $${missing[*]}. Vérifiez l'accès au réseau, puis relancez." >&2
			exit 1
		}
	fi
endef
