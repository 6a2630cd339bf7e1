"""Part 2: client credentials, revocation and introspection by a client, rate of failures."""

from __future__ import annotations

from signet.verdicts import Verdict
from signet.wire import Record

from .live import App, Live, someone


class ClientFlows(Live):
    """Client credentials, revocation and introspection by a client."""

    def setUp(self) -> None:
        super().setUp()
        self.machine = self.register(grants=4, scopes="read write")
        self.other = self.register()

    def credentials(self, app: App, **wish: str) -> Record:
        return {"client": app.auth(), "scope": "", "resource": "", **wish}

    def test_client_credentials_give_a_token_without_a_person(self) -> None:
        tokens = self.ask("CLIENT_CREDENTIALS", **self.credentials(self.machine))["tokens"]
        self.assertEqual((tokens["scope"], tokens["refreshToken"], tokens["refreshExpiresAt"]),
                         ("read write", "", 0))
        reply = self.ask("VALIDATE", form=1, flags=0, atLeastPosition=0, requiredScopes="",
                         audience="", tokens=[tokens["accessToken"].encode()])
        identity = reply["identities"][0]
        self.assertEqual((identity["subjectKind"], identity["subject"], identity["clientId"]),
                         (2, "", self.machine.client_id))

    def test_client_credentials_without_the_grant_are_unauthorized(self) -> None:
        self.refused("UNAUTHORIZED_CLIENT", "CLIENT_CREDENTIALS", **self.credentials(self.other))

    def test_client_credentials_beyond_the_apps_scopes_are_invalid_scope(self) -> None:
        self.refused("INVALID_SCOPE", "CLIENT_CREDENTIALS",
                     **self.credentials(self.machine, scope="admin"))

    def test_client_introspection_tells_only_its_own_tokens(self) -> None:
        tokens = self.ask("CLIENT_CREDENTIALS", **self.credentials(self.machine))["tokens"]
        own = self.ask("CLIENT_INTROSPECT", client=self.machine.auth(),
                       token=tokens["accessToken"])
        self.assertEqual((own["active"], own["tokenKind"], own["reason"]), (True, 1, 0))
        self.assertEqual((own["subject"], own["clientId"]), ("", self.machine.client_id))
        with self.subTest("accessor and grant are always empty"):
            self.assertEqual((own["accessor"], own["grant"]), ("", ""))
        replies = [self.ask("CLIENT_INTROSPECT", client=self.other.auth(), token=text)
                   for text in (tokens["accessToken"], "junk", "")]
        for reply in replies:
            del reply["position"]
            self.assertEqual(reply, {
                "active": False, "reason": 0, "tokenKind": 0, "subject": "", "clientId": "",
                "scope": "", "audience": "", "expiresAt": 0, "issuedAt": 0, "accessor": "",
                "grant": ""})

    def test_resource_server_introspects_tokens_of_its_audience(self) -> None:
        audience = f"https://{someone('api')}.example"
        server = self.register(audiences=[audience])
        tokens = self.ask("CLIENT_CREDENTIALS",
                          **self.credentials(self.machine, resource=audience))["tokens"]
        reply = self.ask("CLIENT_INTROSPECT", client=server.auth(), token=tokens["accessToken"])
        self.assertEqual((reply["active"], reply["audience"]), (True, audience))

    def test_public_client_may_not_introspect(self) -> None:
        public = self.register(isPublic=True)
        self.refused("UNAUTHORIZED_CLIENT", "CLIENT_INTROSPECT", client=public.auth(), token="x")

    def test_client_revokes_an_access_token_alone(self) -> None:
        tokens = self.login(self.other, someone())
        self.ask("CLIENT_REVOKE", client=self.other.auth(), token=tokens["accessToken"])
        self.assertEqual(self.verdicts(tokens["accessToken"]), [Verdict.REVOKED])
        self.ask("REFRESH", client=self.other.auth(), refreshToken=tokens["refreshToken"],
                 scope="", resource="")

    def test_client_revokes_a_refresh_token_and_its_whole_grant(self) -> None:
        tokens = self.login(self.other, someone())
        self.ask("CLIENT_REVOKE", client=self.other.auth(), token=tokens["refreshToken"])
        self.assertEqual(self.verdicts(tokens["accessToken"]), [Verdict.REVOKED])
        self.refused("INVALID_GRANT", "REFRESH", client=self.other.auth(),
                     refreshToken=tokens["refreshToken"], scope="", resource="")

    def test_client_revoking_anything_else_is_ok_and_nothing_happens(self) -> None:
        tokens = self.login(self.other, someone())
        for text in (tokens["accessToken"], tokens["refreshToken"], "junk", ""):
            self.ask("CLIENT_REVOKE", client=self.machine.auth(), token=text)
        self.assertEqual(self.verdicts(tokens["accessToken"]), [Verdict.VALID])

    def test_twenty_failures_a_minute_then_rate_limited_but_the_secret_works(self) -> None:
        app = self.register()
        for _ in range(20):
            self.refused("INVALID_CLIENT", "CLIENT_REVOKE", client=app.auth("sgs_wrong"),
                         token="x")
        self.refused("RATE_LIMITED", "CLIENT_REVOKE", client=app.auth("sgs_wrong"), token="x")
        self.ask("CLIENT_REVOKE", client=app.auth(), token="x")
