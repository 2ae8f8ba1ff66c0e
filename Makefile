# Every command there is. `make` alone prints the menu.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOCK   := deploy/workstation/requirements.txt
FOR    ?=
CONFIG ?=
# Journeys wait most of the time; each worker has servers of its own.
WORKERS ?= 2
CODE   := kiosk hub shared deploy tests

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

##@ Begin here

.PHONY: help
help: ## print this menu
	@awk 'BEGIN {FS = ":.*## "} \
		/^##@/ {printf "\n\033[1m%s\033[0m\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo

.PHONY: demo
demo: setup-demo ## broker, hub, till, kiosk and shoppers on 28 days of history (FOR=40s ends by itself)
	@$(BIN)/python -m tests.demo $(if $(FOR),--for $(FOR))

.PHONY: test
test: setup-test check ## everything: format, lint, types, contracts, and every test on real parts
	@$(BIN)/python -m pytest -q --numprocesses $(WORKERS) --dist loadscope

##@ Run one part

.PHONY: dev-hub
dev-hub: setup-demo ## the hub alone (CONFIG=hub.toml; without it one is made in var/hub)
	@test -n "$(CONFIG)" || test -f var/hub/hub.toml || { \
		mkdir -p var/hub && cp docs/examples/hub.toml var/hub/ && \
		$(BIN)/python -m hub broker files --config var/hub/hub.toml; }
	@$(BIN)/python -m hub migrate --config $(or $(CONFIG),var/hub/hub.toml)
	@$(BIN)/python -m hub run --config $(or $(CONFIG),var/hub/hub.toml)

.PHONY: dev-kiosk
dev-kiosk: setup-demo ## the kiosk alone (CONFIG=kiosk.toml; without it an example on the desktop)
	@mkdir -p var/kiosk
	@$(BIN)/python -m kiosk run --config $(or $(CONFIG),docs/examples/kiosk.toml)

.PHONY: till
till: setup-demo ## a simulated till that prints ESC/POS receipts into a pseudo-terminal
	@$(BIN)/python -m tests.demo.till --port $(or $(PORT),/tmp/semblante-till) $(if $(FOR),--for $(FOR))

##@ A server

.PHONY: hub
hub: ## a server from bare Debian (NAME=hub.example.org DATABASE=postgresql WEB=caddy TLS=acme … CHECK=1; see docs/hub-server.md)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: Debian 12 or 13 (apt-get install python3)"; exit 1; }
	@$(PYTHON) -m deploy.hub --name "$(NAME)" $(if $(DATABASE),--database "$(DATABASE)") $(if $(WEB),--web "$(WEB)") \
		$(if $(TLS),--tls "$(TLS)") $(if $(MAIL),--mail "$(MAIL)") $(if $(WHEELS),--wheels "$(WHEELS)") \
		$(if $(APART),--apart) $(if $(ROOT),--root "$(ROOT)") $(if $(CHECK),--check)

##@ While you work

.PHONY: setup
setup: setup-test ## all that make demo and make test need (they call it themselves)

.PHONY: check
check: ## format, lint, strict types and import contracts, without a test
	@$(BIN)/ruff format --quiet --check $(CODE)
	@$(BIN)/ruff check --quiet $(CODE)
	@$(BIN)/lint-imports --no-logo >/dev/null || $(BIN)/lint-imports --no-logo
	@$(BIN)/mypy --no-error-summary

.PHONY: fix
fix: ## let ruff format and mend what it can
	@$(BIN)/ruff check --quiet --fix $(CODE); $(BIN)/ruff format $(CODE)

.PHONY: bench
bench: setup-test ## how fast, as ratios against a baseline of the same run (LONG=1 for ten million rows)
	@$(BIN)/python -m tests.bench $(if $(LONG),--long)

.PHONY: simulate
simulate: setup-test ## the house on virtual time, a seed a scenario (SEEDS=20000, or SEED=1234 with its log)
	@$(BIN)/python -m tests.simulation $(if $(SEED),$(SEED) -v,--seeds $(or $(SEEDS),2000)) $(if $(VISITS),--visits $(VISITS))

.PHONY: drill
drill: setup-test ## real programs killed, cut off and misled, then judged (LONG=1 to a million records, SEED=7)
	@$(BIN)/python -m tests.drills $(if $(LONG),--long) $(if $(SEED),--seed $(SEED))
	@$(BIN)/python -m tests.drills --cables $(if $(SEED),--seed $(SEED))
	@$(if $(LONG),$(BIN)/python -m tests.drills --soak 2h,true)
	@$(BIN)/python -m tests.drills.power $(if $(LONG),--long --seeds 1) $(if $(SEED),--seed $(SEED))

.PHONY: boot
boot: setup-boot ## a card is booted in an emulated machine: read-only root, power cuts, watchdogs (LONG=1: its first boot, too)
	@$(BIN)/python -m tests.boot $(if $(LONG),--alone)

.PHONY: pictures
pictures: setup-test ## make the pictures of the screens anew, to be looked at before they are committed
	@$(BIN)/python -m tests.screen.pictures

.PHONY: protocol
protocol: setup-demo ## write docs/asyncapi.yaml anew from the words in shared/
	@$(BIN)/python -m tests.shared.asyncapi

# Kivy asks for these and imports them only for widgets that we do not use (tests/deploy proves it).
UNUSED := certifi charset-normalizer docutils idna kivy-garden pygments requests setuptools urllib3

.PHONY: lock
lock: ## write the locked, hashed list of Python packages anew (needs uv)
	uv pip compile pyproject.toml --extra kiosk --extra hub --group build --group release --group test --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade \
		--quiet --output-file $(LOCK)
	uv pip compile pyproject.toml --extra hub --group build --universal --constraint $(LOCK) \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--quiet --output-file deploy/hub/requirements.txt
	uv pip compile pyproject.toml --extra kiosk --constraint $(LOCK) --python-version 3.13 \
		--python-platform aarch64-manylinux_2_28 --only-binary :all: --generate-hashes \
		--no-emit-index-url --no-header --no-annotate \
		$(addprefix --no-emit-package ,$(UNUSED)) --quiet --output-file deploy/raspberrypi/requirements.txt

.PHONY: clean
clean: ## remove the virtual environment, caches and the demo's data
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

##@ Devices

DEVICES := $(BIN)/python -m deploy.raspberrypi
option = $(if $($(1)),--$(2) "$($(1))")
WISHES = $(foreach one,STORE:store REGISTER:register DEVICE:device HUB:hub FINGERPRINT:fingerprint \
	JOIN_CODE:join-code SSID:ssid PASSPHRASE:passphrase COUNTRY:country \
	CALLED:hostname TIME_ZONE:time-zone ROTATION:rotation SSH_KEY:ssh-key MORE:more BUNDLE:bundle, \
	$(call option,$(word 1,$(subst :, ,$(one))),$(word 2,$(subst :, ,$(one))))) $(ASKED)
ASKED = $(call option,HUB_SSH,hub-ssh) $(call option,HUB_COMMAND,hub-command) \
	$(call option,CONFIG,config) $(if $(CHECK),--check)
IMAGES = $(call option,IMAGE,image) $(call option,SHA256,sha256) $(call option,TO,to) \
	$(call option,OUT,out) $(call option,DEBS,debs)

.PHONY: bundle
bundle: setup-demo ## one version of the kiosk's program as one file (KEY=release.pem signs it, VERSION=)
	@$(DEVICES) bundle $(call option,VERSION,version) $(call option,KEY,key) $(call option,OUT,out)

.PHONY: card
card: setup-demo ## a kiosk's card (STORE= REGISTER= DEVICE= IMAGE=, TO=/dev/sdb, CHECK=1 only looks; docs/devices.md)
	@$(DEVICES) card $(WISHES) $(IMAGES)

.PHONY: settings
settings: setup-demo ## the settings file alone, for a card made by other means (STORE= REGISTER= DEVICE= SEED=cloud-init OUT=folder)
	@$(DEVICES) settings $(WISHES) $(call option,SEED,seed) $(call option,OUT,out)

.PHONY: provision
provision: setup-demo ## a Raspberry Pi that runs becomes a kiosk (HOST= STORE= REGISTER= DEVICE=, or FLEET=stores.csv)
	@$(DEVICES) provision $(WISHES) $(call option,HOST,host) $(call option,FLEET,fleet)

.PHONY: doctor
doctor: setup-demo ## look at a kiosk that is in use (HOST=); nothing is changed
	@$(DEVICES) doctor $(call option,HOST,host)

.PHONY: update
update: setup-demo ## the hub brings a version to its kiosks, ring by ring (VERSION= STORE= HUB_SSH=, CHECK=1 only looks; docs/updates.md)
	@$(DEVICES) update $(call option,VERSION,version) $(call option,STORE,store) $(ASKED)

.PHONY: rollback
rollback: setup-demo ## all kiosks that took the last version go back to the one before (HUB_SSH=, CHECK=1 only looks)
	@$(DEVICES) rollback $(ASKED)

.PHONY: verify
verify: setup-demo ## try what only the board itself can say (HOST=)
	@$(DEVICES) verify $(call option,HOST,host)

.PHONY: logs
logs: setup-demo ## what a kiosk said since its start (HOST=)
	@$(DEVICES) logs $(call option,HOST,host)

.PHONY: learn-till
learn-till: setup-demo ## print three sales, a copy and a refund: a kiosk finds how its till is read (HOST=, PORT=, BAUD=, CHECK=1)
	@$(DEVICES) learn-till $(call option,HOST,host) $(call option,PORT,port) $(call option,BAUD,baud) $(if $(CHECK),--check)

.PHONY: replace
replace: setup-demo ## the same register, another device (OLD= and all that make card takes; FORCE=1 where OLD is dead)
	@$(DEVICES) replace $(call option,OLD,old) $(WISHES) $(IMAGES) $(if $(FORCE),--force)

.PHONY: rescue
rescue: setup-demo ## a dead kiosk's outbox, read from its card (CARD=, SEND=1 sends it to the hub)
	@$(DEVICES) rescue $(call option,CARD,card) $(if $(CHECK),--check) \
		$(if $(SEND),--send --kiosk-command $(BIN)/semblante-kiosk)

.PHONY: retire
retire: setup-demo ## take a kiosk out of service (DEVICE= HUB_SSH=, FORCE=1 where it is stolen or dead, CHECK=1 only looks)
	@$(DEVICES) retire $(call option,DEVICE,device) $(ASKED) $(if $(FORCE),--force)

##@ Hand it on

.PHONY: release
release: setup-demo ## wheel, sources, bills of materials, sums (KEY=release.pem signs them, CHECK=1 only says what is amiss)
	@$(BIN)/python -m deploy.release $(if $(KEY),--key $(KEY)) $(if $(CHECK),--check)

.PHONY: licences
licences: setup-demo ## write docs/licences.md anew from the locked lists
	@$(BIN)/python -m deploy.release --licences

# Set-up: silent when there is nothing to do.

.PHONY: setup-demo setup-test setup-boot
setup-demo:
	@deploy/workstation/system.sh demo
	@$(MAKE) --silent $(VENV)/.ready
setup-test:
	@deploy/workstation/system.sh test
	@$(MAKE) --silent $(VENV)/.ready
setup-boot:
	@deploy/workstation/system.sh boot
	@$(MAKE) --silent $(VENV)/.ready

$(VENV)/.ready: $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed (make demo PYTHON=python3.12)"; exit 1; }
	@echo "installing the Python packages of $(LOCK) into $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
