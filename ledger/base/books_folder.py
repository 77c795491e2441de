"""The layout of the books' folder: what stands where, by name."""

from __future__ import annotations

MANIFEST = "manifest.json"


MAIN_FILE = "main.beancount"


EVENTS_FOLDER = "events"
HEAD_FILE = "HEAD"


REGISTRY_FILE = "registry.db"


SETTINGS_FILE = "census-ledger.toml"


LOCK_FILE = ".lock"


ACCOUNTS_FILE = "accounts.beancount"


STAGING = ".staging"
PAYOUTS = "payouts"
