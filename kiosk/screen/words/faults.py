"""What is wrong with a settings file or a join, said in the technician's language.

Faults are worded once, in English, where they are found, and so they stand in logs and at a
terminal. Here each is known again by its sentence, and what was filled in is taken over.
"""

from __future__ import annotations

import re
from functools import cache

from kiosk.screen.words import Say, sentences

_GAP = re.compile(r"\\{(\w+)\\}")
_PLACE = re.compile(r"(\[?[\w.\[\]-]+(?: and \[[\w.-]+\])*\]?): (.+)", re.DOTALL)


def in_words(text: str, say: Say) -> str:
    """The same fault in that language; one that nobody knows stays as it is."""
    if whole := _said(text, say):
        return whole
    place = _PLACE.fullmatch(text)
    told = _said(place[2], say) if place else None
    return f"{place[1]}: {told}" if place and told else text


def _said(text: str, say: Say) -> str | None:
    for pattern, number in _patterns():
        if found := pattern.fullmatch(text):
            return _sentences(say)[number].format(**found.groupdict())
    return None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], int], ...]:
    """Each English sentence as a pattern, the longest first: it says more than a shorter one."""
    known = sorted(enumerate(_sentences(sentences("en"))), key=lambda one: -len(one[1]))
    return tuple((re.compile(_as_pattern(text), re.DOTALL), number) for number, text in known)


def _as_pattern(text: str) -> str:
    return _GAP.sub(r"(?P<\1>.+?)", re.escape(text))


def _sentences(say: Say) -> tuple[str, ...]:
    return (*_of_values(say), *_of_names(say), *_of_files(say), *_of_the_way(say), *_of_hub(say))


def _of_values(say: Say) -> tuple[str, ...]:
    """What `kiosk.core.tables` and `kiosk.core.patterns` find."""
    return (
        say("{value} is no whole number from {least} to {most}"),
        say("{value} is neither true nor false"),
        say("{value} is none of {words}"),
        say("{value} is none of {words}; did you mean “{meant}”?"),
        say("{value} is no list of some of {words}"),
        say("needs {least} to {most} printable characters"),
        say("is no list of at most {most} texts"),
        say("is no list of at most {most} patterns"),
        say("is no list of at most {most} tables"),
        say("number {number} is no table"),
        say("is missing"),
        say("is missing: the GPIO number of the pin, 2 to 27"),
        say("is missing: at least one pattern"),
        say("{value} is no pattern"),
        say("a pattern has 1 to {most} characters"),
        say("{value} is no regular expression: {why}"),
        say("{value} repeats something that repeats or chooses itself: "
            "that can take for ever; write it out"),
        say("{value} refers back to a group; write it out"),
        say("{value}: of the groups “(?…” only (?: (?= (?! (?<= (?<!"),
        say("{value} has {count} open repeats (at most {most}): "
            "write two patterns, or {range} where a few are enough"),
    )  # fmt: skip


def _of_names(say: Say) -> tuple[str, ...]:
    """What a settings file says beside them."""
    return (
        say("nobody knows this key"),
        say("nobody knows this key; did you mean “{meant}”?"),
        say("nobody knows this table"),
        say("nobody knows this table; did you mean [{meant}]?"),
        say("must be a table, [{name}]"),
        say("this table is missing"),
        say("is no name. Use 1 to 32 of the characters a–z, 0–9 and “-”, "
            "beginning with a letter or digit."),
        say("{value} is none: it begins with https://"),
        say("{value} is none: it is https://, a name, and nothing more"),
        say("{value} is none: it is made of a–z, 0–9 and “-”"),
        say("{value} is none: it is two capitals, such as ES"),
        say("{value} is no IANA name, such as Europe/Madrid"),
        say("is not the 64 digits (0–9, a–f) that the hub shows"),
        say("the join code is not written as it was given. Compare it letter by letter."),
        say("is missing: this device has not joined as this kiosk; the page “Kiosks” makes one"),
        say("is too short: WPA takes 8 characters or more"),
        say("number {number} is no public key; take the line of a .pub file"),
        say("every button, and the light, needs a pin of its own"),
        say("is no hashed PIN; “semblante-kiosk pin” makes this line"),
        say("each tells of the same sale; keep only one"),
        say("there is no file {name}"),
        say("{file} cannot be read, or is empty"),
    )  # fmt: skip


def _of_files(say: Say) -> tuple[str, ...]:
    """What is no settings file at all."""
    return (
        say("there is no file {file} on the card"),
        say("{file} cannot be read: {why}"),
        say("is no UTF-8: save it so in your text editor"),
        say("is no TOML: the value cannot be read; a text stands between straight quotes, \"so\""),
        say("is no TOML: a quote that begins here does not end on this line"),
        say("is no TOML: what begins here does not end: a bracket or a quote is missing"),
        say("is no TOML: “=” is missing between name and value"),
        say("is no TOML: the same stands there twice"),
        say("is no TOML: behind the value stands something that does not belong there"),
        say("is no TOML: the name of a table stands between two brackets"),
        say("is no TOML: longer than {most} bytes"),
        say("is no TOML: {why}"),
    )  # fmt: skip


def _of_the_way(say: Say) -> tuple[str, ...]:
    """What keeps a device from its hub, or from setting itself up."""
    return (
        say("this device has no network"),
        say("nobody here knows the name {name}"),
        say("{host} cannot be reached: it does not answer"),
        say("{host} cannot be reached: nobody listens there"),
        say("{host} cannot be reached: no way leads there"),
        say("{host} cannot be reached: {why}"),
        say("{url} is no address of a hub"),
        say("Write https://…"),
        say("whoever answers at {host} is no hub: it says {status}"),
        say("Write the hub's address as the page “Kiosks” shows it; "
            "does this network want somebody to sign in first?"),
        say("Is the network cable in, is the Wi-Fi's name right? "
            "The device tries again by itself."),
        say("The store's network does not know the name: give the hub's address instead of its "
            "name, or let the network tell a DNS server. The device tries again by itself."),
        say("the hub's answer cannot be read: {why}"),
        say("Is the hub of another version? Update it, or this device."),
        say("the certificate that the hub sent is not ours: {why}"),
        say("something unforeseen has happened: {what}"),
        say("It is tried again by itself. If it stays so, tell whoever maintains this program."),
        say("Is the system's partition mounted read-only, or full?"),
        say("Is the card full or read-only, does the folder belong to the kiosk's user?"),
    )  # fmt: skip


def _of_hub(say: Say) -> tuple[str, ...]:
    """What the hub itself answers to whom it cannot serve just now."""
    return (
        say("too many requests"),
        say("It is tried again by itself."),
        say("the hub answers with {status}"),
    )
