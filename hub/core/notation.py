"""YAML as people write questionnaires: read with the line of everything, and written again.

Only what JSON can say is read: no anchors and aliases (nine of them can be a billion texts), no
tags, no field twice, nothing too long, too deep or too much. `no` is a word, a date is a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from shared.errors import Placed, QuestionnaireRefused
from shared.soundness import Fault

LONGEST = 400_000
"""Characters: what cannot fit into a message of 256 kB with room for indentation."""

DEEPEST = 12
"""Levels; the deepest place of a questionnaire, an answer of a condition, is the seventh."""

MOST_NODES = 40_000
"""A questionnaire of 50 questions with 12 choices in 12 languages has about 16,000."""

Path = tuple[str | int, ...]

_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,9}", re.ASCII)
_PLAIN: Final[Mapping[str, object]] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """What a text says, and the line (from 1) at which each part of it stands."""

    fields: object
    lines: Mapping[Path, int]

    def line_of(self, place: str) -> int:
        """The line of a place such as `questions.why.text.es`, else of what it should be in."""
        here, path = self.fields, ()  # type: tuple[object, Path]
        for part in place.split("."):
            step = _step(here, part)
            if step is None:
                break
            path = (*path, step)
            here = here[step]  # type: ignore[index]
        return self.lines.get(path, 1)

    def at_lines(self, faults: Sequence[Placed]) -> QuestionnaireRefused:
        """The same faults, each with its line."""
        lines = [self.line_of(fault.place) for fault in faults]
        return QuestionnaireRefused(faults, lines)


def _step(here: object, part: str) -> str | int | None:
    if isinstance(here, dict):
        return part if part in here else None
    if not isinstance(here, list):
        return None
    named = [at for at, one in enumerate(here) if isinstance(one, dict) and one.get("id") == part]
    if named:
        return named[0]
    return int(part) if part.isdecimal() and int(part) < len(here) else None


def read_yaml(text: str) -> Document:
    """What this text says; raises QuestionnaireRefused with the line."""
    if len(text) > LONGEST:
        raise _refused(1, f"is {len(text)} characters long; at most {LONGEST}")
    events = _events(text)
    builder = _Builder()
    try:
        for event in events:
            builder.take(event)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        raise _refused(mark.line + 1 if mark else 1, f"is no YAML: {fault.problem}") from fault
    except (yaml.YAMLError, UnicodeError, ValueError) as fault:
        raise _refused(1, f"is no YAML: {str(fault).splitlines()[0]:.100}") from fault
    return Document(builder.root, builder.lines)


def write_yaml(fields: Mapping[str, Any]) -> str:
    """These fields as YAML, as a person would have written them."""
    options: dict[str, Any] = {"allow_unicode": True, "sort_keys": False, "width": 100}
    return str(yaml.dump(dict(fields), Dumper=_Dumper, **options))


class _Dumper(yaml.SafeDumper):
    """Puts quotation marks around texts that would be read as something else."""


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if _plain(text) is text else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent)


def _events(text: str) -> Iterator[Any]:
    loader = _LOADER(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()


def _refused(line: int, reason: str) -> QuestionnaireRefused:
    return QuestionnaireRefused([Fault("questionnaire", reason)], [line])


class _Builder:
    """Puts the parts of a document together as they come, without calling itself."""

    def __init__(self) -> None:
        self.root: object = None
        self.lines: dict[Path, int] = {(): 1}
        self._open: list[tuple[dict[str, Any] | list[Any], Path]] = []
        self._name: list[str | None] = []
        self._nodes, self._documents = 0, 0

    def take(self, event: Any) -> None:
        """The next part."""
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _refused(line, "holds more than one document")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refused(line, "holds an anchor or an alias (& or *): write it out")
        if isinstance(event, yaml.MappingStartEvent):
            self._begin({}, event, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin([], event, line)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()
            self._name.pop()

    def _begin(self, node: dict[str, Any] | list[Any], event: Any, line: int) -> None:
        self._check(event, line)
        if len(self._open) >= DEEPEST:
            raise _refused(line, f"goes deeper than {DEEPEST} levels")
        if self._open and isinstance(self._open[-1][0], dict) and self._name[-1] is None:
            raise _refused(line, "has a field whose name is no word")
        self._open.append((node, self._put(node, line)))
        self._name.append(None)

    def _scalar(self, event: Any, line: int) -> None:
        self._check(event, line)
        if self._open and isinstance(self._open[-1][0], dict) and self._name[-1] is None:
            if event.value in self._open[-1][0]:
                raise _refused(line, f"has the field “{event.value:.40}” twice")
            self._name[-1] = event.value
            self.lines[(*self._open[-1][1], event.value)] = line
            return
        quoted = event.style in ("'", '"', "|", ">")
        self._put(event.value if quoted else _plain(event.value), line)

    def _check(self, event: Any, line: int) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise _refused(line, f"has more than {MOST_NODES} parts")
        if event.tag is not None and event.tag != "!":
            raise _refused(line, "holds a tag (!): only texts, numbers, lists and fields are read")

    def _put(self, node: object, line: int) -> Path:
        if not self._open:
            self.root = node
            return ()
        there, above = self._open[-1]
        if isinstance(there, list):
            path: Path = (*above, len(there))
            there.append(node)
            self.lines[path] = line
            return path
        name = self._name[-1] or ""
        self._name[-1] = None
        there[name] = node
        return (*above, name)


def _plain(text: str) -> object:
    """What a word without quotation marks means: as in JSON, and nothing more."""
    if text in _PLAIN:
        return _PLAIN[text]
    return int(text) if _INTEGER.fullmatch(text) else text
