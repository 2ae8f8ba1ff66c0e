"""Real parts that tests start and stop: broker, databases, windows, browsers."""
