"""Names and passwords for a server that others can reach: a file of `name:argon2 hash` lines.

Whoever has a line may ask; `name:edit:argon2 hash` may change the library too. Make a line
with `python -m ui.auth NAME`, or `python -m ui.auth NAME --edit`, which asks for the password.
"""

import base64
import binascii
import getpass
import hashlib
import hmac
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from fastapi import HTTPException, Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import FootnoteError
from ui.guard import is_loopback, refusal_to

HOW = "make a line with: python -m ui.auth NAME"
EDIT = "edit"  # the word for the right to change the library


class AuthError(FootnoteError):
    """A file of names and passwords that is missing where it is needed, unreadable or malformed."""


@dataclass(frozen=True, slots=True)
class User:
    """What one line of the password file says beside the name."""

    hashed: str  # argon2's own form
    may_edit: bool = False


def password_line(name: str, password: str, *, may_edit: bool = False) -> str:
    """The line of this name and password for the file."""
    right = f"{EDIT}:" if may_edit else ""
    return f"{name}:{right}{PasswordHasher().hash(password)}"


def users_for(host: str, auth_file: Path | None) -> dict[str, User]:
    """Users by name; empty where only this machine can reach the server.

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


def read_users(path: Path) -> dict[str, User]:
    """Users by name. Blank lines and lines that begin with # say nothing."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise AuthError(f"{path}: cannot read the password file: {reason}; {HOW}") from error
    users: dict[str, User] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, rest = line.strip().partition(":")
        right, _, hashed = rest.rpartition(":")
        if not (name and right in ("", EDIT) and hashed.startswith("$argon2")):
            raise AuthError(
                f"{path}, line {number}: not of the form name:argon2 hash "
                f"or name:{EDIT}:argon2 hash; {HOW}"
            )
        users[name] = User(hashed, may_edit=right == EDIT)
    if not users:
        raise AuthError(f"{path}: holds no names; {HOW}")
    return users


def require_edit(request: Request) -> None:
    """A route's dependency: 403 unless the one who sent this request may change the library."""
    if not getattr(request.state, "may_edit", False):
        raise HTTPException(
            403,
            "you may ask but not change the library: whoever runs the server can allow it with "
            "a line from 'python -m ui.auth NAME --edit' in the --auth file",
        )


class NoAuth:
    """Lets everyone in and change the library: for a server that only this machine reaches."""

    def __init__(self, app: ASGIApp) -> None:
        """Open `app` to all."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note the rights and pass the request on."""
        scope.setdefault("state", {}).update(name=None, may_edit=True)
        await self._app(scope, receive, send)


class BasicAuth:
    """Asks every request for a name and password (HTTP Basic, RFC 7617).

    The request's state then holds `name` and `may_edit`.
    """

    def __init__(self, app: ASGIApp, *, users: Mapping[str, User]) -> None:
        """Protect `app` for these users, by name."""
        self._app = app
        self._users = users
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex())
        self._key = secrets.token_bytes(32)
        # Names by digests of what was verified: argon2 is slow on purpose.
        self._known: dict[bytes, str] = {}
        self._one = CapacityLimiter(1)  # guesses wait for one another, not for the app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what carries a right name and password, answer 401 to the rest."""
        if scope["type"] == "http":
            name = await self._name(Headers(scope=scope))
            if name is None:
                await _asks_for_a_password(scope, receive, send)
                return
            may_edit = self._users[name].may_edit
            scope.setdefault("state", {}).update(name=name, may_edit=may_edit)
        await self._app(scope, receive, send)

    async def _name(self, headers: Headers) -> str | None:
        """Whose request it is; None if that is not proved."""
        given = headers.get("authorization", "")
        digest = hmac.digest(self._key, given.encode(), hashlib.sha256)
        if digest in self._known:
            return self._known[digest]
        scheme, _, encoded = given.partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            decoded = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
        name, _, password = decoded.partition(":")
        if not await to_thread.run_sync(self._matches, name, password, limiter=self._one):
            return None
        self._known[digest] = name
        return name

    def _matches(self, name: str, password: str) -> bool:
        """Whether the password is this name's; an unknown name takes as long as a known one."""
        try:
            user = self._users.get(name)
            right = self._hasher.verify(user.hashed if user else self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return right and name in self._users


async def _asks_for_a_password(scope: Scope, receive: Receive, send: Send) -> None:
    response = refusal_to(
        scope["path"],
        "A name and password are needed.",
        status=401,
        headers={"www-authenticate": 'Basic realm="Footnote", charset="UTF-8"'},
    )
    await response(scope, receive, send)


def main(arguments: Sequence[str] = sys.argv[1:]) -> None:
    """Ask for a password and write the line for the name given."""
    may_edit = "--edit" in arguments
    names = [each for each in arguments if each != "--edit"]
    if len(names) != 1 or ":" in names[0] or names[0].startswith("-"):
        sys.exit("usage: python -m ui.auth NAME [--edit] (a name without a colon)")
    try:
        password = getpass.getpass()
    except (EOFError, KeyboardInterrupt):
        sys.exit("no password was given: nothing is written")
    line = password_line(names[0], password, may_edit=may_edit)
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
