"""The layout of the books' folder: what stands where, by name. Nobody else spells these names."""

from __future__ import annotations

MAIN_FILE = "main.beancount"
SETTINGS_FILE = "census-ledger.toml"
PROGRAMME_FILE = "programme.toml"

# What people edit. Entries by hand are those of HAND_FILE alone.
ACCOUNTS_FILE = "accounts.beancount"
RULES_FILE = "rules.beancount"
JOURNAL = "journal"
HAND_FILE = f"{JOURNAL}/hand.beancount"
BANK_PROFILES = "bank_profiles"

# What the tool alone writes.
EVENTS_FOLDER = "events"
HEAD_FILE = "HEAD"
REGISTRY_FILE = "registry.db"
LOCK_FILE = ".lock"
STAGING = ".staging"

# What is printed and sent, a folder for each batch, which its manifest lists.
PAYOUTS = "payouts"
MANIFEST = "manifest.json"
# There, what is held until it is approved.
HELD = f"{PAYOUTS}/.held"
# Papers that were written again with other bytes than the manifest's.
RESTORED = "restored.json"
REPORTS = "reports"

# Statements as the bank exports them.
STATEMENTS = "statements"
