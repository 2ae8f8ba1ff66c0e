"""Kiosks on Raspberry Pi: the bundle, its installer, cards, provisioning, and how a device does."""
