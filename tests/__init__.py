"""Tests, path for path, and what they stand on."""
