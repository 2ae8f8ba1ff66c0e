"""What is hidden: cells under the floor, and those that would give them away by subtraction."""

from __future__ import annotations

FLOOR = 5
"""Answers under a figure (Viva Glint and others hide ratings of fewer)."""

TEXT_FLOOR = 10
"""Texts under a list of texts: people are recognised by how they write."""

LOWEST_FLOOR = 3
"""No setting goes below: with two, each of the two knows the other's answer."""
