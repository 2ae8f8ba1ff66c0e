"""Fixtures that many tests share."""

from hypothesis import settings

pytest_plugins = [
    "tests.deploy.hub.making",
    "tests.parts.databases",
    "tests.parts.memory",
    "tests.parts.workers",
]

# Two workers and whatever else this machine does: how long an example takes says nothing.
settings.register_profile("semblante", deadline=None)
settings.load_profile("semblante")
