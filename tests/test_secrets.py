"""Nothing that opens something lies in the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HERE = "tests/test_secrets.py"

SIGNS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{16}",
    "a token of a code host": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{50,}|glpat-[\w-]{20})",
    "a key of a cloud": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{35}\b",
    "a token of a package index": r"\bpypi-[A-Za-z0-9_-]{40,}|\bnpm_[A-Za-z0-9]{36}\b",
    "a token of a chat": r"\bxox[abpors]-[0-9A-Za-z-]{10,}",
    "a token for a session": r"\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}",
    "a password in an address": r"\b(?:https?|mqtts?|ssh)://[^\s/:@\"'{<]+:(?!secret@)[^\s/@\"'{<]{3,}@",
    "an own key server": r"\bhf_[A-Za-z0-9]{34}\b|\bsk-[A-Za-z0-9_-]{32,}",
    "the address of a package index": r"\b(?:index-url|extra-index-url)\b\s*[= ]\s*https?://",
}


def committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, timeout=20, check=True
    ).stdout.split("\0")
    return [ROOT / name for name in listed if name and name != HERE and (ROOT / name).is_file()]


def test_no_key_token_or_password_is_committed() -> None:
    found = []
    for file in committed():
        if b"\0" in (written := file.read_bytes()):
            continue  # a picture, a font: nobody reads a key out of it
        text = written.decode("utf-8", "replace")
        found += [
            f"{file.relative_to(ROOT)}: {what}"
            for what, sign in SIGNS.items()
            if re.search(sign, text)
        ]
    assert found == []


def test_no_file_is_committed_that_holds_secrets_by_its_name() -> None:
    names = re.compile(
        r"(?:\.pem|\.key|\.p12|\.pfx|\.jks|\.kdbx|\.env|_rsa|_ed25519|\.db|\.sqlite)$"
    )
    assert [str(file) for file in committed() if names.search(file.name)] == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a private key", "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA"),
        ("a private key", "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIJx5B2s8g1Yk"),
        ("a token of a code host", "ghp_" + "a1" * 18),
        ("a key of a cloud", "AKIA" + "A1" * 8),
        ("a token of a package index", "pypi-" + "Ag" * 25),
        ("a password in an address", "https://ana:" + "geheim@host/"),
        ("the address of a package index", "--index-url" + " https://x"),
    ],
)
def test_the_signs_are_recognised(what: str, text: str) -> None:
    assert re.search(SIGNS[what], text)
