"""Statuses of the protocol (proto-spec/errors.md) and the exceptions of this client."""

from __future__ import annotations

from typing import Dict, NamedTuple, Optional


class Status(NamedTuple):
    """One line of the registry."""

    code: int
    name: str
    closes: bool
    """The server closes the connection after the frame."""
    retry: bool
    """The same request may succeed later without anybody doing anything else."""
    who: str
    """Who can mend it: nobody, client-author, operator, user, signet-developers."""
    oauth: str
    """RFC 6749 error code to hand on; empty when there is none."""
    http: int
    """What an HTTP front end answers."""


_TABLE = (
    # code, name, closes, retry, who, OAuth error, HTTP
    (0x0000, "OK", False, False, "nobody", "", 200),
    (0x0001, "MALFORMED", True, False, "client-author", "invalid_request", 503),
    (0x0002, "UNSUPPORTED", False, False, "client-author", "", 503),
    (0x0003, "VERSION", True, False, "client-author", "", 503),
    (0x0004, "HELLO_REQUIRED", True, False, "client-author", "", 503),
    (0x0005, "FRAME_TOO_LARGE", True, False, "client-author", "", 503),
    (0x0006, "DENIED", False, False, "operator", "", 503),
    (0x0007, "BUSY", False, True, "nobody", "temporarily_unavailable", 503),
    (0x0008, "DRAINING", False, True, "nobody", "temporarily_unavailable", 503),
    (0x0009, "NOT_CAUGHT_UP", False, True, "nobody", "temporarily_unavailable", 503),
    (0x000A, "NOT_DURABLE", False, False, "operator", "temporarily_unavailable", 503),
    (0x000B, "IDEMPOTENCY_CONFLICT", False, False, "client-author", "invalid_request", 503),
    (0x000C, "DISK_FULL", False, True, "operator", "temporarily_unavailable", 503),
    (0x000D, "TIMEOUT", True, True, "client-author", "", 503),
    (0x000E, "TOO_MANY_CONNECTIONS", True, True, "operator", "temporarily_unavailable", 503),
    (0x000F, "INTERNAL", False, False, "signet-developers", "server_error", 500),
    (0x0101, "INVALID_REQUEST", False, False, "client-author", "invalid_request", 400),
    (0x0102, "INVALID_CLIENT", False, False, "client-author", "invalid_client", 401),
    (0x0103, "INVALID_GRANT", False, False, "client-author", "invalid_grant", 400),
    (0x0104, "UNAUTHORIZED_CLIENT", False, False, "client-author", "unauthorized_client", 400),
    (0x0105, "UNSUPPORTED_GRANT_TYPE", False, False, "client-author",
     "unsupported_grant_type", 400),
    (0x0106, "INVALID_SCOPE", False, False, "client-author", "invalid_scope", 400),
    (0x0107, "INVALID_TARGET", False, False, "client-author", "invalid_target", 400),
    (0x0108, "UNSUPPORTED_RESPONSE_TYPE", False, False, "client-author",
     "unsupported_response_type", 400),
    (0x0109, "ACCESS_DENIED", False, False, "user", "access_denied", 403),
    (0x010A, "INVALID_REDIRECT_URI", False, False, "client-author", "invalid_redirect_uri", 400),
    (0x010B, "INVALID_CLIENT_METADATA", False, False, "client-author",
     "invalid_client_metadata", 400),
    (0x0201, "PROVIDER_OFF", False, False, "operator", "temporarily_unavailable", 501),
    (0x0202, "NOT_FOUND", False, False, "user", "", 404),
    (0x0203, "FORBIDDEN", False, False, "user", "access_denied", 403),
    (0x0204, "PERSON_LOGIN_REFUSED", False, False, "user", "access_denied", 403),
    (0x0205, "INVALID_FIELD", False, False, "user", "invalid_request", 400),
    (0x0206, "LIMIT_REACHED", False, False, "operator", "", 409),
    (0x0207, "RATE_LIMITED", False, True, "client-author", "temporarily_unavailable", 429),
    (0x0208, "USER_DISABLED", False, False, "operator", "access_denied", 403),
    (0x0209, "REVISION_CONFLICT", False, False, "user", "", 409),
    (0x020A, "TICKET_INVALID", False, False, "user", "invalid_request", 400),
    (0x020B, "KEY_IN_USE", False, False, "operator", "", 409),
    (0x020C, "PUBLIC_CLIENT", False, False, "user", "", 400),
    (0x020D, "REGISTRATION_OFF", False, False, "operator", "invalid_request", 400),
    (0x020E, "FUTURE_TIME", False, False, "operator", "", 400),
    (0x020F, "UNKNOWN_SETTING", False, False, "operator", "", 400),
)

STATUSES: Dict[int, Status] = {row[0]: Status(*row) for row in _TABLE}
BY_NAME: Dict[str, Status] = {status.name: status for status in STATUSES.values()}


def status_of(code: int) -> Status:
    """The status of a code. One of a later version is an error that is not worth a retry."""
    known = STATUSES.get(code)
    return known or Status(code, f"UNKNOWN_0x{code:04X}", False, False, "client-author", "", 503)


class SignetError(Exception):
    """Whatever keeps this client from an answer. A gateway fails closed on every one."""


class Unreachable(SignetError):
    """No connection, or it broke."""


class ReplyTimeout(Unreachable):
    """No reply within the caller's time."""


class ProtocolFault(Unreachable):
    """The other side sent bytes that are not the protocol; the connection was dropped."""


class OutcomeUnknown(SignetError):
    """A mutation was sent, its reply was lost, and it must not or cannot be sent again."""


class Refused(SignetError):
    """The server answered with a status other than OK."""

    def __init__(self, status: Status, field: str = "", message: str = "",
                 retry_after_millis: int = 0, oauth_error: str = "",
                 opcode: Optional[int] = None, request_id: Optional[int] = None) -> None:
        where = f" ({field})" if field else ""
        super().__init__(f"{status.name}{where}: {message}")
        self.status = status
        self.field = field
        self.message = message
        self.retry_after_millis = retry_after_millis
        self.oauth_error = oauth_error
        self.opcode = opcode
        self.request_id = request_id
