"""The whole house in one thread on virtual time: one seed is one scenario; see docs/reliability.md.

`scenario` draws what will happen from a seed, `simulate` lets it happen, `judge` says whether the
laws held. Real are the session, the loop, the writer, the courier, the intake, the announcer and
the consumer's step; clock, dice, line, broker, card and disk are made here.
"""
