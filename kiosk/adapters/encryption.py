"""How the kiosk knows the other end of an encrypted line, and lets itself be known."""

from __future__ import annotations

import ssl
from typing import Final

from kiosk.adapters.identity import AUTHORITY, CERTIFICATE, KEY, Identity, IdentityFolder
from shared.errors import DeviceError

_NO_CHECK_TIME: Final = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, for which Python has no name."""


def trusting(authority: str, *, dates: bool) -> ssl.SSLContext:
    """A line to whom this authority (PEM) has signed, by the name that was dialled, at TLS 1.2.

    Without `dates` it does not matter from when until when: a machine that believes it is 1970
    would find everybody's certificate not valid yet, and could never be told the time.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.sslsocket_class = _LeavesNothing
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_verify_locations(cadata=authority)
    except (ssl.SSLError, ValueError) as fault:
        raise DeviceError("the authority's certificate is damaged", code="identity") from fault
    if not dates:
        context.verify_flags = ssl.VerifyFlags(context.verify_flags | _NO_CHECK_TIME)
    return context


def known_as(identity: Identity, *, dates: bool) -> ssl.SSLContext:
    """The same, showing the kiosk's own certificate; raises DeviceError."""
    context = trusting(identity.text(AUTHORITY), dates=dates)
    try:
        context.load_cert_chain(identity.path(CERTIFICATE), identity.path(KEY))
    except (OSError, ssl.SSLError) as fault:
        raise DeviceError(f"{identity.folder}: {fault}", code="identity") from fault
    return context


def line_of(folder: IdentityFolder, *, dates: bool) -> ssl.SSLContext:
    """That of whoever this kiosk is just now; raises DeviceError."""
    identity = folder.current()
    if identity is None:
        raise DeviceError("this kiosk has not joined yet", code="identity")
    return known_as(identity, dates=dates)


class _LeavesNothing(ssl.SSLSocket):
    """Closes itself where the other end proves to be somebody else: whoever wrapped it is told by
    an exception, and forgets it as it is. A bad night has thousands of connections."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise  # it goes on
        except BaseException:
            self.close()
            raise
