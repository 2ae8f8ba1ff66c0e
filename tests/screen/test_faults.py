"""What is wrong is said in the technician's language, with the key, the value and the line."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kiosk.core.device_file import device_file_from
from kiosk.core.toml_lines import read_lines
from kiosk.core.unready import Obstacle
from kiosk.screen.words import sentences
from kiosk.screen.words.faults import in_words
from kiosk.screen.words.unready import told
from kiosk.settings import faults_in

BAD = """\
stor = "centro"
point = "Caja 1"
hub = "http://hub"
fingerprint = "abc"
join_code = "00010"
hostname = "Caja 1"
time_zone = 5
rotation = 45
colour = "red"
outbox = 3
[netwrk]
[network]
ssid = "x"
passphrase = "short"
country = "es"
[ssh]
keys = ["ssh-ed25519 no"]
[zzz]
"""

KIOSK = """\
store = "centro"
point = "caja-1"
kiosk = "k-1"
languages = ["xx"]
always_on = "yes"
broker = 5
[screen]
driver = "kms"
width = 1
rotation = 45
[till]
kind = "receipt"
port = "/dev/ttyUSB0"
[drawer]
pin = 99
[buttons]
sad = 2
neutral = 2
happy = 2
[panel]
pin = "1234"
[door]
token = "x"
[sond]
"""

TOML = 'a = x\nb = "x\nc 5\nd = "x" y\n[net\n[a]\n[a]\ne = [ 1,\n'

SENTENCES = (
    "nobody here knows the name hub.example",
    "hub.example:8443 cannot be reached: it does not answer",
    "whoever answers at hub.example is no hub: it says 302",
    "this device has no network",
    "time_zone: 'Europe/Madird' is no IANA name, such as Europe/Madrid",
    "join_code: is missing: this device has not joined as this kiosk; the page “Kiosks” makes one",
    "there is no file semblante.toml on the card",
    "is no UTF-8: save it so in your text editor",
    (
        "till.rule[1].pattern: 'a*b*c*' has 9 open repeats (at most 4): write two patterns, or "
        "{0,9} where a few are enough"
    ),
    "something unforeseen has happened: KeyError",
    "the join code is not written as it was given. Compare it letter by letter.",
)


def faults() -> list[str]:
    """What the kiosk itself finds, and what keeps it from its hub."""
    card = device_file_from(tomllib.loads(BAD))[1]
    return [*card, *faults_in(tomllib.loads(KIOSK), Path("/")), *read_lines(TOML).faults,
            *SENTENCES]  # fmt: skip


@pytest.mark.parametrize("language", ["es", "pt", "ar"])
def test_every_fault_has_its_sentence(language: str) -> None:
    say = sentences(language)
    found = faults()
    assert len(found) > 40
    assert [fault for fault in found if in_words(fault, say) == fault] == []


def test_what_was_filled_in_stays() -> None:
    say = sentences("es")
    told = in_words("stor: nobody knows this key; did you mean “store”?", say)
    assert told == "stor: nadie conoce esta clave; ¿querías decir «store»?"
    told = in_words("till.rule[1].name: 'a' is none of b, c; did you mean “b”?", say)
    assert told == "till.rule[1].name: 'a' no es ninguno de b, c; ¿querías decir «b»?"
    told = in_words("[till] and [drawer]: each tells of the same sale; keep only one", say)
    assert told.startswith("[till] and [drawer]: cada una")
    assert "hub.example" in in_words(SENTENCES[0], say)


def test_english_is_told_as_it_is() -> None:
    assert [in_words(fault, sentences("en")) for fault in faults()] == faults()


@pytest.mark.parametrize("text", ["", ":", "{x}", "Never heard of: {y}", "x" * 9_000, "a: b: c"])
def test_what_nobody_knows_stays_as_it_is(text: str) -> None:
    assert in_words(text, sentences("ar")) == text


def test_a_refusal_without_a_sentence_of_its_own_is_told_in_the_hubs_words() -> None:
    assert told(Obstacle("Never heard of.", "Ask.", "new"), sentences("es")) == (
        "Never heard of.", "Ask.",
    )  # fmt: skip
    what, hint = told(Obstacle("this device has no network", "Write https://…"), sentences("es"))
    assert (what, hint) == ("este aparato no tiene red", "Escribe https://…")
