# Two commands do everything: make serve, make test. make help lists the rest.
PYTHON ?= $(shell for python in python3.12 python3.11 python3.13 python3.10 python3; do \
	$$python -c 'import sys, venv; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' \
	2>/dev/null && command -v $$python && break; done)

export BROWSER FIX HOST OCA ODOO_HOME PORT ROUNDS SIZE T

COMMANDS = serve test coexist lint docs pictures mutate bench shell update stop clean help

.PHONY: $(COMMANDS)
.DEFAULT_GOAL = help

$(COMMANDS):
ifeq ($(strip $(PYTHON)),)
	@echo "There is no Python 3.10 to 3.13 here: install one (Debian: apt-get install python3 python3-venv), or name it with PYTHON=/path/to/python3." >&2; exit 1
else
	@exec $(PYTHON) -m dev $@
endif
