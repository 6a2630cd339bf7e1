"""Every operation of version 1: opcode, rights, request and reply (proto-spec/operations.md).

Field order is wire order. `strict` marks what the tables call "others: MALFORMED".
"""

from __future__ import annotations

from typing import Dict, NamedTuple

from .wire import (B16, BOOL, BYTES, TEXT, U16, U32, U64, U8, Bytes, Fields, Group, ListOf, Only,
                   Reserved, Text)


class Operation(NamedTuple):
    """What one opcode means."""

    name: str
    opcode: int
    rights: str
    """Rights of which one is enough, separated by spaces; empty = any peer."""
    mutation: bool
    """Changes something: takes an idempotency key."""
    worker: bool
    """Answered at once by the thread that reads; all others are lane operations."""
    request: Fields
    reply: Fields


OPERATIONS: Dict[str, Operation] = {}
BY_OPCODE: Dict[int, Operation] = {}


def _define(name: str, opcode: int, rights: str, request: Fields, reply: Fields,
            mutation: bool = False, worker: bool = False) -> None:
    operation = Operation(name, opcode, rights, mutation, worker, request, reply)
    OPERATIONS[name] = BY_OPCODE[opcode] = operation


ACTING = Group(user=TEXT, systemAdmin=BOOL, login=U8.strict((0, 1, 2)))
"""Who asks."""

CLIENT_AUTH = Group(clientId=TEXT, clientSecret=TEXT, method=U8.strict((0, 1, 2)))
"""What the client presented."""

APP_FIELDS = Group(
    name=TEXT, description=TEXT, homepage=TEXT, iconUrl=TEXT, callbacks=ListOf(TEXT, 0, 64),
    trusted=BOOL, isPublic=BOOL, grants=U16, audiences=ListOf(TEXT, 0, 64), scopes=TEXT)
"""What can be set on an app."""

APP = Group(
    clientId=TEXT, creator=TEXT, name=TEXT, description=TEXT, homepage=TEXT, iconUrl=TEXT,
    callbacks=ListOf(TEXT), trusted=BOOL, isPublic=BOOL, dynamicallyRegistered=BOOL, grants=U16,
    audiences=ListOf(TEXT), scopes=TEXT, revision=U32, createdAt=U64, updatedAt=U64)
"""A registered app."""

APP_INFO = Group(
    clientId=TEXT, name=TEXT, description=TEXT, homepage=TEXT, iconUrl=TEXT, trusted=BOOL,
    isPublic=BOOL)
"""What everybody may see of an app."""

TOKEN_SET = Group(
    accessToken=TEXT, expiresAt=U64, expiresInSeconds=U32, refreshToken=TEXT,
    refreshExpiresAt=U64, scope=TEXT, audience=TEXT, accessor=TEXT, grant=TEXT)
"""What was issued."""

GRANT = Group(
    grant=TEXT, clientId=TEXT, appName=TEXT, user=TEXT, scope=TEXT, audience=TEXT, createdAt=U64,
    lastIssuedAt=U64, expiresAt=U64, hasRefresh=BOOL)
"""One authorization with its tokens."""

AUTHORIZED_APP = Group(app=APP_INFO, scope=TEXT, firstAuthorizedAt=U64, grants=U32)
"""An app a person has let in."""

ISSUE_ITEM = Group(
    clientId=TEXT, user=TEXT, scope=TEXT, audience=TEXT, lifetimeSeconds=U32, withRefresh=BOOL,
    count=U16.strict(range(1, 0x10000)))
"""One order of ISSUE."""

SETTING = Group(name=TEXT, value=TEXT)
"""One setting."""

KEY = Group(keyId=U8, state=U8, createdAt=U64, liveTokens=U64)
"""One token key."""

FACT = Group(name=TEXT, value=TEXT)
"""One line of STATUS."""

STAT = Group(name=TEXT, value=U64)
"""One counter of STATS."""

AUDIT_RECORD = Group(
    position=U64, at=U64, event=TEXT, actor=TEXT, user=TEXT, clientId=TEXT, peerUid=U32,
    result=TEXT)
"""One audited event."""

VERDICT = Fields(verdict=U8, reserved1=Reserved(1), reserved2=Reserved(2), expiresInSeconds=U32)
"""One element of VALIDATE's verdict form: exactly 8 bytes, no size prefix, frozen."""

IDENTITY = Group(
    verdict=U8, subjectKind=U8, overrides=U8, reserved=Reserved(1), expiresAt=U64, subject=TEXT,
    clientId=TEXT, scope=TEXT, audience=TEXT)
"""One element of VALIDATE's identity form; all zero and empty unless VALID."""


_define(
    "HELLO", 0x0001, rights="", worker=True,
    request=Fields(
        minVersion=U16, maxVersion=U16, maxFrame=U32, maxInFlight=U16, features=U64,
        clientName=Text(128)),
    reply=Fields(
        version=U16, maxFrame=U32, maxInFlight=U16, features=U64, instance=B16,
        position=U64, retryWindowSeconds=U32, retryWindowEntries=U32, peerUid=U32,
        rights=U32, serverVersion=TEXT))
_define(
    "PING", 0x0002, rights="", worker=True,
    request=Fields(echo=Bytes(1024)),
    reply=Fields(echo=BYTES))
_define(
    "BARRIER", 0x0003, rights="",
    request=Fields(),
    reply=Fields(position=U64))
_define(
    "VALIDATE", 0x0010, rights="validate", worker=True,
    request=Fields(
        form=U8.strict((0, 1)), flags=U8.strict(range(2)), atLeastPosition=U64,
        requiredScopes=TEXT, audience=TEXT, tokens=ListOf(BYTES, 1, 512)),
    reply=Fields(
        form=U8.strict((0, 1)),
        verdicts=Only("form", 0, ListOf(VERDICT)),
        identities=Only("form", 1, ListOf(IDENTITY))))
_define(
    "INTROSPECT", 0x0011, rights="validate",
    request=Fields(token=TEXT),
    reply=Fields(
        position=U64, active=BOOL, reason=U8, tokenKind=U8, subject=TEXT, clientId=TEXT,
        scope=TEXT, audience=TEXT, expiresAt=U64, issuedAt=U64, accessor=TEXT, grant=TEXT))
_define(
    "CLIENT_INTROSPECT", 0x0012, rights="front",
    request=Fields(client=CLIENT_AUTH, token=TEXT),
    reply=Fields(
        position=U64, active=BOOL, reason=U8, tokenKind=U8, subject=TEXT, clientId=TEXT,
        scope=TEXT, audience=TEXT, expiresAt=U64, issuedAt=U64, accessor=TEXT, grant=TEXT))
_define(
    "ISSUE", 0x0020, rights="issue", mutation=True,
    request=Fields(key=B16, items=ListOf(ISSUE_ITEM, 1, 128)),
    reply=Fields(position=U64, tokens=ListOf(TOKEN_SET)))
_define(
    "AUTHORIZE", 0x0030, rights="front", mutation=True,
    request=Fields(
        key=B16, acting=ACTING, responseType=TEXT, clientId=TEXT, redirectUri=TEXT,
        scope=TEXT, state=TEXT, codeChallenge=TEXT, codeChallengeMethod=TEXT, resource=TEXT),
    reply=Fields(
        position=U64, result=U8, redirect=TEXT, ticket=BYTES, app=APP_INFO,
        callbackHost=TEXT, scopes=TEXT, newScopes=TEXT, ticketExpiresAt=U64, error=U16,
        message=TEXT))
_define(
    "ALLOW", 0x0031, rights="front", mutation=True,
    request=Fields(key=B16, acting=ACTING, ticket=BYTES),
    reply=Fields(position=U64, redirect=TEXT))
_define(
    "DENY", 0x0032, rights="front", mutation=True,
    request=Fields(key=B16, acting=ACTING, ticket=BYTES),
    reply=Fields(position=U64, redirect=TEXT))
_define(
    "EXCHANGE", 0x0033, rights="front", mutation=True,
    request=Fields(
        key=B16, client=CLIENT_AUTH, code=TEXT, redirectUri=TEXT, codeVerifier=TEXT,
        resource=TEXT),
    reply=Fields(position=U64, tokens=TOKEN_SET))
_define(
    "REFRESH", 0x0034, rights="front", mutation=True,
    request=Fields(key=B16, client=CLIENT_AUTH, refreshToken=TEXT, scope=TEXT, resource=TEXT),
    reply=Fields(position=U64, tokens=TOKEN_SET))
_define(
    "CLIENT_CREDENTIALS", 0x0035, rights="front", mutation=True,
    request=Fields(key=B16, client=CLIENT_AUTH, scope=TEXT, resource=TEXT),
    reply=Fields(position=U64, tokens=TOKEN_SET))
_define(
    "CLIENT_REVOKE", 0x0036, rights="front", mutation=True,
    request=Fields(key=B16, client=CLIENT_AUTH, token=TEXT),
    reply=Fields(position=U64))
_define(
    "REVOKE", 0x0037, rights="admin", mutation=True,
    request=Fields(key=B16, subject=TEXT),
    reply=Fields(position=U64, revoked=BOOL))
_define(
    "APP_REGISTER", 0x0040, rights="front admin", mutation=True,
    request=Fields(key=B16, acting=ACTING, fields=APP_FIELDS),
    reply=Fields(position=U64, clientId=TEXT, clientSecret=TEXT, callbacks=ListOf(TEXT), notes=U16))
_define(
    "APP_GET", 0x0041, rights="front admin",
    request=Fields(acting=ACTING, clientId=TEXT),
    reply=Fields(position=U64, app=APP))
_define(
    "APP_INFO", 0x0042, rights="front admin",
    request=Fields(acting=ACTING, clientId=TEXT),
    reply=Fields(position=U64, app=APP_INFO))
_define(
    "APP_LIST", 0x0043, rights="front admin",
    request=Fields(acting=ACTING, all=BOOL, cursor=U64, maxBytes=U32),
    reply=Fields(position=U64, nextCursor=U64, apps=ListOf(APP)))
_define(
    "APP_UPDATE", 0x0044, rights="front admin", mutation=True,
    request=Fields(key=B16, acting=ACTING, clientId=TEXT, revision=U32, fields=APP_FIELDS),
    reply=Fields(position=U64, app=APP, notes=U16))
_define(
    "APP_DELETE", 0x0045, rights="front admin", mutation=True,
    request=Fields(key=B16, acting=ACTING, clientId=TEXT),
    reply=Fields(position=U64))
_define(
    "APP_REGENERATE_SECRET", 0x0046, rights="front admin", mutation=True,
    request=Fields(key=B16, acting=ACTING, clientId=TEXT),
    reply=Fields(position=U64, clientSecret=TEXT))
_define(
    "APP_REGISTER_DYNAMIC", 0x0047, rights="front", mutation=True,
    request=Fields(
        key=B16, redirectUris=ListOf(TEXT, 0, 64), authMethod=TEXT, clientName=TEXT,
        clientUri=TEXT, scope=TEXT),
    reply=Fields(
        position=U64, clientId=TEXT, clientSecret=TEXT, clientName=TEXT, clientUri=TEXT,
        redirectUris=ListOf(TEXT), authMethod=TEXT, grants=U16, scope=TEXT, issuedAt=U64))
_define(
    "GRANT_LIST", 0x0050, rights="front admin",
    request=Fields(acting=ACTING, user=TEXT, clientId=TEXT, cursor=U64, maxBytes=U32),
    reply=Fields(position=U64, nextCursor=U64, grants=ListOf(GRANT)))
_define(
    "GRANT_GET", 0x0051, rights="front admin",
    request=Fields(acting=ACTING, reference=TEXT),
    reply=Fields(position=U64, grant=GRANT))
_define(
    "GRANT_REVOKE", 0x0052, rights="front admin", mutation=True,
    request=Fields(key=B16, acting=ACTING, reference=TEXT),
    reply=Fields(position=U64))
_define(
    "AUTHORIZED_APPS", 0x0053, rights="front admin",
    request=Fields(acting=ACTING, user=TEXT, cursor=U64, maxBytes=U32),
    reply=Fields(position=U64, nextCursor=U64, apps=ListOf(AUTHORIZED_APP)))
_define(
    "DEAUTHORIZE", 0x0054, rights="front admin", mutation=True,
    request=Fields(key=B16, acting=ACTING, user=TEXT, clientId=TEXT),
    reply=Fields(position=U64))
_define(
    "USER_DISABLE", 0x0060, rights="admin", mutation=True,
    request=Fields(key=B16, user=TEXT),
    reply=Fields(position=U64))
_define(
    "USER_ENABLE", 0x0061, rights="admin", mutation=True,
    request=Fields(key=B16, user=TEXT),
    reply=Fields(position=U64))
_define(
    "REVOKE_USER", 0x0062, rights="admin", mutation=True,
    request=Fields(key=B16, user=TEXT, reason=U8.strict((0, 1, 2))),
    reply=Fields(position=U64, applied=BOOL))
_define(
    "REVOKE_APP", 0x0063, rights="admin", mutation=True,
    request=Fields(key=B16, clientId=TEXT),
    reply=Fields(position=U64))
_define(
    "REVOKE_BEFORE", 0x0064, rights="admin", mutation=True,
    request=Fields(key=B16, before=U64),
    reply=Fields(position=U64, gatePosition=U64))
_define(
    "SETTINGS_GET", 0x0070, rights="front-admin admin",
    request=Fields(acting=ACTING),
    reply=Fields(position=U64, settings=ListOf(SETTING)))
_define(
    "SETTINGS_SET", 0x0071, rights="front-admin admin", mutation=True,
    request=Fields(key=B16, acting=ACTING, settings=ListOf(SETTING, 0, 64)),
    reply=Fields(position=U64, settings=ListOf(SETTING)))
_define(
    "KEYS_LIST", 0x0080, rights="admin",
    request=Fields(),
    reply=Fields(position=U64, keys=ListOf(KEY)))
_define(
    "KEYS_ROTATE", 0x0081, rights="admin", mutation=True,
    request=Fields(key=B16),
    reply=Fields(position=U64, keyId=U8))
_define(
    "KEYS_RETIRE", 0x0082, rights="admin", mutation=True,
    request=Fields(key=B16, keyId=U8, force=BOOL),
    reply=Fields(position=U64, killedTokens=U64))
_define(
    "SNAPSHOT", 0x0090, rights="admin",
    request=Fields(),
    reply=Fields(position=U64))
_define(
    "BACKUP", 0x0091, rights="admin",
    request=Fields(name=TEXT),
    reply=Fields(position=U64, path=TEXT))
_define(
    "STATUS", 0x0092, rights="admin",
    request=Fields(),
    reply=Fields(position=U64, facts=ListOf(FACT)))
_define(
    "STATS", 0x0093, rights="admin",
    request=Fields(),
    reply=Fields(position=U64, stats=ListOf(STAT)))
_define(
    "AUDIT", 0x0094, rights="admin",
    request=Fields(cursor=U64, maxBytes=U32),
    reply=Fields(position=U64, nextCursor=U64, records=ListOf(AUDIT_RECORD)))
_define(
    "METADATA", 0x0095, rights="front admin validate",
    request=Fields(),
    reply=Fields(
        position=U64, issuer=TEXT, providerEnabled=BOOL, dynamicRegistration=BOOL,
        scopes=TEXT, grants=U16, challengeMethods=TEXT, authMethods=TEXT))
_define(
    "CLOCK_ACCEPT", 0x0096, rights="admin",
    request=Fields(),
    reply=Fields(position=U64, now=U64, wasSuspect=BOOL))
