"""The same sentence in several languages."""

from __future__ import annotations

Texts = dict[str, str]
"""By language, e.g. {"es": "La espera", "en": "The wait"}."""
