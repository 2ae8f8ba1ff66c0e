"""Drills on the real thing: real processes are killed, cut off and misled, and a judge counts."""
