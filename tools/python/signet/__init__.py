"""A client of the Signet token service, written from proto-spec/ with nothing but Python."""

from .client import Connection, Signet
from .errors import OutcomeUnknown, ProtocolFault, Refused, ReplyTimeout, SignetError, Unreachable
from .verdicts import HttpAnswer, Verdict

__all__ = [
    "Connection", "HttpAnswer", "OutcomeUnknown", "ProtocolFault", "Refused", "ReplyTimeout",
    "Signet", "SignetError", "Unreachable", "Verdict",
]
