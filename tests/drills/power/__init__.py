"""Power cuts: every state in which a card may be left, and what the real programs make of it.

The real outbox and the real archive work on real files while every operation on these files is
written down, in order, together with what was promised when. From this trace follows what a card
may hold after the plug was pulled at any moment (`card`, `fates`); the real programs then open
exactly that, and a judge compares with what had been promised (`outbox`, `archive`).
"""
