"""Names and passwords for a server that others can reach: a file of `name:argon2 hash` lines.

Make a line with `python -m ui.auth NAME`, which asks for the password.
"""

import base64
import binascii
import getpass
import hashlib
import hmac
import secrets
import sys
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import FootnoteError
from ui.guard import is_loopback

HOW = "make a line with: python -m ui.auth NAME"


class AuthError(FootnoteError):
    """A file of names and passwords that is missing where it is needed, unreadable or malformed."""


def password_line(name: str, password: str) -> str:
    """The line of this name and password for the file."""
    return f"{name}:{PasswordHasher().hash(password)}"


def users_for(host: str, auth_file: Path | None) -> dict[str, str]:
    """Argon2 hash by name; empty where only this machine can reach the server.

    Raises AuthError for a bad file, and where others could reach a server without one.
    """
    if auth_file:
        return read_users(auth_file)
    if not is_loopback(host):
        raise AuthError(
            f"{host} can be reached by others: give --auth FILE, a file of name:argon2 hash "
            "lines (python -m ui.auth NAME makes one), or stay on 127.0.0.1"
        )
    return {}


def read_users(path: Path) -> dict[str, str]:
    """Argon2 hash by name. Blank lines and lines that begin with # say nothing."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise AuthError(f"{path}: cannot read the password file: {reason}; {HOW}") from error
    users: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, hashed = line.strip().partition(":")
        if not (name and colon and hashed.startswith("$argon2")):
            raise AuthError(f"{path}, line {number}: not of the form name:argon2 hash; {HOW}")
        users[name] = hashed
    if not users:
        raise AuthError(f"{path}: holds no names; {HOW}")
    return users


class BasicAuth:
    """Asks every request for a name and password (HTTP Basic, RFC 7617)."""

    def __init__(self, app: ASGIApp, *, users: dict[str, str]) -> None:
        """Protect `app` for these users, an argon2 hash by name."""
        self._app = app
        self._users = users
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex())
        self._key = secrets.token_bytes(32)
        self._known: set[bytes] = set()  # digests of what was verified: argon2 is slow on purpose
        self._one = CapacityLimiter(1)  # guesses wait for one another, not for the app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what carries a right name and password, answer 401 to the rest."""
        if scope["type"] == "http" and not await self._allowed(Headers(scope=scope)):
            response = PlainTextResponse(
                "A name and password are needed.\n",
                status_code=401,
                headers={"www-authenticate": 'Basic realm="Footnote", charset="UTF-8"'},
            )
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _allowed(self, headers: Headers) -> bool:
        given = headers.get("authorization", "")
        digest = hmac.digest(self._key, given.encode(), hashlib.sha256)
        if digest in self._known:
            return True
        scheme, _, encoded = given.partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            decoded = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        name, _, password = decoded.partition(":")
        if not await to_thread.run_sync(self._matches, name, password, limiter=self._one):
            return False
        self._known.add(digest)
        return True

    def _matches(self, name: str, password: str) -> bool:
        """Whether the password is this name's; an unknown name takes as long as a known one."""
        try:
            right = self._hasher.verify(self._users.get(name, self._nobody), password)
        except (VerificationError, InvalidHashError):
            return False
        return right and name in self._users


def main() -> None:
    """Ask for a password and write the line for the name given."""
    if len(sys.argv) != 2 or ":" in sys.argv[1]:
        sys.exit("usage: python -m ui.auth NAME (a name without a colon)")
    sys.stdout.write(password_line(sys.argv[1], getpass.getpass()) + "\n")


if __name__ == "__main__":
    main()
