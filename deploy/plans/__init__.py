"""A plan of steps for one machine: what is missing of each, how it is done, and how it went."""
