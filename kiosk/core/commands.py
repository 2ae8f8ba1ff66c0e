"""Cuts a byte stream for a printer or display into text, control bytes and whole commands.

Laws of this page
1. A command is passed over by its own length: what its payload holds is never read as a command.
2. The same bytes give the same pieces however they are cut on the way.
3. Nothing raises, and no more than MOST_HELD bytes are ever held.
4. `abandon` ends a command within which the line fell silent: noise in a length swallows no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

LONGEST_PAYLOAD = 512 * 1024
"""Bytes. 7 m of paper of 80 mm as one picture; a longer one is noise in a length field."""

MOST_HELD = 16
"""Bytes. The longest head is FS g 2: 10 bytes before the length of the rest is known."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How long a command is.

    `head`: bytes up to where the length of the rest is known, with those that name it.
    `payload`: how many bytes follow such a head. `blocks`: after the head come so many blocks,
    each of `block_head` bytes and what `block_payload` says of them.
    `until`: the rest ends with this byte, is at most `most` long and holds only bytes in `of`.
    """

    head: int = 2
    payload: Callable[[bytes], int] | None = None
    blocks: Callable[[bytes], int] | None = None
    block_head: int = 0
    block_payload: Callable[[bytes, bytes], int] | None = None
    until: int | None = None
    most: int = 0
    of: frozenset[int] = frozenset()


Shapes = Mapping[bytes, Shape]
"""Commands by the two or three bytes that name them; a name of two may only wait for the third."""

_UNKNOWN = Shape()


class Commands:
    """The machine; `feed` yields pieces of text, single control bytes, and heads of commands."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._leads = frozenset(name[0] for name in shapes)
        self.abandon()

    def abandon(self) -> None:
        """Forget the command that is under way, if any."""
        self._head = bytearray()
        self._skip = 0
        self._ending: Shape | None = None
        self._left = 0
        self._in_block: tuple[Shape, bytes] | None = None
        self._blocks = 0

    @property
    def held(self) -> int:
        """How many bytes are held now."""
        return len(self._head) + (len(self._in_block[1]) if self._in_block else 0)

    @property
    def passing(self) -> bool:
        """Whether a payload is being passed over."""
        return bool(self._skip or self._blocks) or self._ending is not None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The pieces that these bytes complete."""
        position = 0
        while position < len(data):
            if self._skip:
                passed = min(self._skip, len(data) - position)
                self._skip -= passed
                position += passed
            else:
                position, piece = self._step(data, position)
                if piece:
                    yield piece

    def _step(self, data: bytes, position: int) -> tuple[int, bytes]:
        if self._ending is not None:
            return self._pass_to_end(data[position], position)
        if self._head or self._blocks:
            return self._grow(data[position], position)
        if data[position] in self._leads:
            self._head.append(data[position])
            return position + 1, b""
        return self._plain(data, position)

    def _plain(self, data: bytes, position: int) -> tuple[int, bytes]:
        end = position + 1
        if data[position] >= 0x20:
            while end < len(data) and data[end] >= 0x20:
                end += 1
        return end, data[position:end]

    def _grow(self, byte: int, position: int) -> tuple[int, bytes]:
        if len(self._head) == 1 and not self._blocks and self._stands_for_itself(byte):
            self._head.clear()  # only the lead was noise: the byte is looked at again
            return position, b""
        self._head.append(byte)
        if self._blocks:
            self._end_block_head()
            return position + 1, b""
        shape = self._shape()
        if len(self._head) < shape.head:
            return position + 1, b""
        head = bytes(self._head)
        self._head.clear()
        self._expect(shape, head)
        return position + 1, head

    def _shape(self) -> Shape:
        named = self._shapes.get(bytes(self._head[:3]))
        return named or self._shapes.get(bytes(self._head[:2]), _UNKNOWN)

    def _stands_for_itself(self, byte: int) -> bool:
        unknown = bytes((self._head[0], byte)) not in self._shapes
        return unknown and (byte < 0x20 or byte in self._leads)

    def _expect(self, shape: Shape, head: bytes) -> None:
        if shape.payload is not None:
            self._skip = _bounded(shape.payload(head))
        if shape.until is not None:
            self._ending, self._left = shape, shape.most
        if shape.blocks is not None and (blocks := shape.blocks(head)) > 0:
            self._blocks, self._in_block = blocks, (shape, head)

    def _end_block_head(self) -> None:
        if self._in_block is None or len(self._head) < self._in_block[0].block_head:
            return
        shape, head = self._in_block
        if shape.block_payload is not None:
            self._skip = _bounded(shape.block_payload(head, bytes(self._head)))
        self._head.clear()
        self._blocks -= 1
        if self._blocks == 0:
            self._in_block = None

    def _pass_to_end(self, byte: int, position: int) -> tuple[int, bytes]:
        shape = self._ending
        if shape is None or byte == shape.until:
            self._ending = None
            return position + 1, b""
        self._left -= 1
        if self._left < 0 or byte not in shape.of:
            self._ending = None  # no such payload: the byte is looked at again
            return position, b""
        return position + 1, b""


CHARACTERS = Shape(
    5,
    blocks=lambda head: head[4] - head[3] + 1,
    block_head=1,
    block_payload=lambda head, block: head[2] * block[0],
)
"""ESC & y c1 c2: characters to be kept, and for each of c1 … c2 its width x and x·y bytes."""


def little(head: bytes, first: int, count: int = 2) -> int:
    """The number written low byte first in `count` bytes of a head."""
    return int.from_bytes(head[first : first + count], "little")


def fixed(lead: bytes, parameters: Mapping[int, bytes]) -> dict[bytes, Shape]:
    """Shapes of commands with so many parameters, given as {count: what names them after lead}."""
    return {
        lead + bytes((second,)): Shape(len(lead) + 1 + count)
        for count, seconds in parameters.items()
        for second in seconds
    }


def _bounded(length: int) -> int:
    return length if length <= LONGEST_PAYLOAD else 0
