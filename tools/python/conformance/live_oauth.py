"""Part 2: the OAuth story, in the order of proto-spec/oauth.md."""

from __future__ import annotations

from signet.errors import Refused
from signet.verdicts import Verdict
from signet.wire import Record

from .live import (CALLBACK, CHALLENGE, LOCAL, VERIFIER, App, Live, app_fields,
                   authorize_fields, exchange_fields, person, query_of, someone)

API = "https://api.example"
UNKNOWN_CLIENT = "a" * 26


class Story(Live):
    """One test that goes through everything once, as a front end and a gateway would."""

    def test_from_provider_off_to_deauthorize(self) -> None:
        user = someone()
        self.set(provider_enabled="false")
        self.refused("PROVIDER_OFF", "APP_REGISTER", acting=LOCAL, fields=app_fields())
        self.set(provider_enabled="true")
        app = self.register(name="Mail", description="Reads mail")
        page = self.authorize(app, user, scope="write read", state="a b&c=d\u00e9")
        self.check_page(page, app)
        redirect = self.ask("ALLOW", acting=person(user), ticket=page["ticket"])["redirect"]
        self.assertTrue(redirect.startswith(f"{CALLBACK}?code=sgc_"), redirect)
        self.assertTrue(redirect.endswith("&state=a%20b%26c%3Dd%C3%A9"), redirect)
        tokens = self.exchange(app, query_of(redirect)["code"])
        self.check_tokens(tokens, "read write")
        self.check_identity(tokens, app, user)
        self.check_introspection(tokens, app, user)
        newer = self.ask("REFRESH", client=app.auth(), refreshToken=tokens["refreshToken"],
                         scope="read", resource="")["tokens"]
        self.check_tokens(newer, "read")
        self.assertEqual(newer["grant"], tokens["grant"])
        self.ask("DEAUTHORIZE", acting=person(user), user="", clientId=app.client_id)
        self.assertEqual(self.verdicts(newer["accessToken"]), [Verdict.REVOKED])
        self.assertEqual(self.authorize(app, user)["result"], 2)

    def check_page(self, page: Record, app: App) -> None:
        self.assertEqual((page["result"], page["redirect"], page["error"], page["message"]),
                         (2, "", 0, ""))
        self.assertEqual(page["app"], {
            "clientId": app.client_id, "name": "Mail", "description": "Reads mail",
            "homepage": "https://app.example/", "iconUrl": "", "trusted": False,
            "isPublic": False})
        self.assertEqual(page["callbackHost"], "app.example")
        self.assertEqual(sorted(page["scopes"].split(" ")), ["read", "write"])
        self.assertEqual(sorted(page["newScopes"].split(" ")), ["read", "write"])
        self.assertTrue(0 < len(page["ticket"]) <= 4096)
        self.assertGreater(page["ticketExpiresAt"], 0)

    def check_tokens(self, tokens: Record, scope: str) -> None:
        for name, prefix in (("accessToken", "sga_"), ("refreshToken", "sgr_"),
                             ("accessor", "sgx_"), ("grant", "sgg_")):
            self.assertTrue(tokens[name].startswith(prefix), name)
        self.assertEqual(" ".join(sorted(tokens["scope"].split(" "))), scope)
        self.assertEqual(tokens["audience"], "")
        self.assertGreater(tokens["refreshExpiresAt"], 0)
        self.assertIn(tokens["expiresInSeconds"], (2592000, 2591999))

    def check_identity(self, tokens: Record, app: App, user: str) -> None:
        reply = self.ask("VALIDATE", form=1, flags=0, atLeastPosition=0, requiredScopes="read",
                         audience="", tokens=[tokens["accessToken"].encode(), b"junk", b""])
        good, bad, missing = reply["identities"]
        self.assertEqual(good, {
            "verdict": 0, "subjectKind": 1, "overrides": 0, "expiresAt": tokens["expiresAt"],
            "subject": user, "clientId": app.client_id, "scope": tokens["scope"], "audience": ""})
        empty = {"subjectKind": 0, "overrides": 0, "expiresAt": 0, "subject": "", "clientId": "",
                 "scope": "", "audience": ""}
        self.assertEqual(bad, {"verdict": 2, **empty})
        self.assertEqual(missing, {"verdict": 1, **empty})

    def check_introspection(self, tokens: Record, app: App, user: str) -> None:
        for name, kind in (("accessToken", 1), ("refreshToken", 2)):
            found = self.ask("INTROSPECT", token=tokens[name])
            self.assertEqual((found["active"], found["reason"], found["tokenKind"]),
                             (True, 0, kind))
            self.assertEqual((found["subject"], found["clientId"], found["grant"]),
                             (user, app.client_id, tokens["grant"]))
            self.assertEqual(found["accessor"], tokens["accessor"] if kind == 1 else "")
            self.assertTrue(0 < found["issuedAt"] < found["expiresAt"])


class Authorization(Live):
    """AUTHORIZE, ALLOW, DENY."""

    def setUp(self) -> None:
        super().setUp()
        self.user = someone()
        self.app = self.register()
        self.public = self.register(isPublic=True)

    def error_page(self, error: int, app: App, **wish: str) -> None:
        reply = self.authorize(app, self.user, **wish)
        self.assertEqual((reply["result"], reply["error"], reply["redirect"]), (3, error, ""))
        self.assertTrue(reply["message"])

    def error_redirect(self, error: str, app: App, **wish: str) -> None:
        with self.subTest(str(wish)):
            reply = self.authorize(app, self.user, **wish)
            self.assertEqual(reply["result"], 1)
            query = query_of(reply["redirect"])
            self.assertEqual((query["error"], query["state"]), (error, "xyz"))

    def test_unknown_client_is_an_error_page(self) -> None:
        self.error_page(0x0102, self.app, clientId=UNKNOWN_CLIENT)
        self.error_page(0x0102, self.app, clientId="")

    def test_redirect_uri_missing_unregistered_or_overlong_is_an_error_page(self) -> None:
        for uri in ("", f"{CALLBACK}/", "https://app.example/" + "a" * 300, "junk"):
            self.error_page(0x010A, self.app, redirectUri=uri)

    def test_overlong_state_is_an_error_page(self) -> None:
        self.error_page(0x0101, self.app, state="s" * 1025)

    def test_longest_state_comes_back_byte_for_byte(self) -> None:
        state = "\u00e9\U0001f512\n" * 146
        reply = self.authorize(self.app, self.user, state=state)
        deny = self.ask("DENY", acting=person(self.user), ticket=reply["ticket"])
        self.assertEqual(query_of(deny["redirect"])["state"], state)

    def test_later_faults_redirect_with_an_error(self) -> None:
        self.error_redirect("unsupported_response_type", self.app, responseType="id_token")
        self.error_redirect("invalid_request", self.app, responseType="")
        self.error_redirect("invalid_scope", self.app, scope=" user")
        self.error_redirect("invalid_target", self.app, resource="/relative")
        self.error_redirect("invalid_request", self.public, codeChallenge="",
                            codeChallengeMethod="")
        self.error_redirect("invalid_request", self.public, codeChallengeMethod="plain")
        self.error_redirect("invalid_request", self.public, codeChallengeMethod="")
        self.error_redirect("invalid_request", self.public, codeChallenge="short")
        self.error_redirect("invalid_request", self.app, codeChallengeMethod="S256")

    def test_scope_over_the_allowed_ones_is_invalid_scope(self) -> None:
        bounded = self.register(scopes="read user")
        self.error_redirect("invalid_scope", bounded, scope="write")
        self.assertEqual(self.authorize(bounded, self.user, scope="read")["result"], 2)

    def test_response_type_without_its_grant_is_unauthorized_client(self) -> None:
        reply = self.authorize(self.app, self.user, responseType="token")
        self.assertEqual(reply["result"], 1)
        fragment = reply["redirect"].partition("#")[2]
        found = query_of("?" + fragment)
        self.assertEqual((found["error"], found["state"]), ("unauthorized_client", "xyz"))
        self.error_redirect("unauthorized_client", self.register(grants=4, scopes="read"))

    def test_first_fault_in_the_order_of_the_table_is_told(self) -> None:
        bad = {"scope": " user", "resource": "/relative"}
        self.error_redirect("unsupported_response_type", self.app, responseType="x", **bad)
        self.error_redirect("invalid_request", self.public, codeChallenge="short", **bad)
        self.error_redirect("invalid_scope", self.app, **bad)

    def test_implicit_with_the_grant_answers_a_fragment(self) -> None:
        app = self.register(grants=8 | 1)
        page = self.authorize(app, self.user, responseType="token")
        redirect = self.ask("ALLOW", acting=person(self.user), ticket=page["ticket"])["redirect"]
        base, _, fragment = redirect.partition("#")
        self.assertEqual(base, CALLBACK)
        found = query_of("?" + fragment)
        self.assertEqual((found["token_type"].lower(), found["state"], found["scope"]),
                         ("bearer", "xyz", "user"))
        self.assertEqual(self.verdicts(found["access_token"]), [0])
        self.assertNotIn("refresh_token", found)

    def test_existing_query_stays_in_front_and_empty_state_is_left_out(self) -> None:
        app = self.register(callbacks=[f"{CALLBACK}?tenant=7"])
        page = self.authorize(app, self.user, state="")
        redirect = self.ask("ALLOW", acting=person(self.user), ticket=page["ticket"])["redirect"]
        self.assertRegex(redirect, r"^https://app\.example/cb\?tenant=7&code=sgc_\w{53}$")

    def test_issuer_is_named_in_redirects(self) -> None:
        self.set_back(issuer="")
        self.set(issuer="https://login.example")
        page = self.authorize(self.app, self.user)
        redirect = self.ask("ALLOW", acting=person(self.user), ticket=page["ticket"])["redirect"]
        self.assertTrue(redirect.endswith("&state=xyz&iss=https%3A%2F%2Flogin.example"), redirect)

    def test_deny_redirects_with_access_denied_and_uses_the_ticket_up(self) -> None:
        ticket = self.authorize(self.app, self.user)["ticket"]
        redirect = self.ask("DENY", acting=person(self.user), ticket=ticket)["redirect"]
        self.assertEqual(query_of(redirect)["error"], "access_denied")
        self.refused("TICKET_INVALID", "ALLOW", acting=person(self.user), ticket=ticket)

    def test_ticket_forged_used_or_of_another_person_is_invalid(self) -> None:
        ticket = self.authorize(self.app, self.user)["ticket"]
        forged = bytes([ticket[0]]) + bytes([ticket[1] ^ 1]) + ticket[2:]
        for bad in (forged, b"", b"x" * 5000):
            self.refused("TICKET_INVALID", "ALLOW", acting=person(self.user), ticket=bad)
        self.refused("TICKET_INVALID", "ALLOW", acting=person(someone()), ticket=ticket)
        self.ask("ALLOW", acting=person(self.user), ticket=ticket)
        self.refused("TICKET_INVALID", "ALLOW", acting=person(self.user), ticket=ticket)

    def test_app_update_kills_open_tickets(self) -> None:
        ticket = self.authorize(self.app, self.user)["ticket"]
        self.ask("APP_UPDATE", acting=LOCAL, clientId=self.app.client_id, revision=0,
                 fields=app_fields(description="changed"))
        self.refused("TICKET_INVALID", "ALLOW", acting=person(self.user), ticket=ticket)

    def test_consent_is_remembered_for_its_scopes_and_redirect_uri(self) -> None:
        app = self.register(callbacks=[CALLBACK, f"{CALLBACK}/2"])
        self.code(app, self.user, scope="read write")
        self.assertEqual(self.authorize(app, self.user, scope="read")["result"], 1)
        wider = self.authorize(app, self.user, scope="read extra")
        self.assertEqual((wider["result"], wider["newScopes"]), (2, "extra"))
        other = self.authorize(app, self.user, scope="read", redirectUri=f"{CALLBACK}/2")
        self.assertEqual(other["result"], 2)

    def test_trusted_app_skips_the_page(self) -> None:
        trusted = self.register(trusted=True)
        reply = self.authorize(trusted, self.user)
        self.assertEqual(reply["result"], 1)
        self.assertTrue(query_of(reply["redirect"])["code"].startswith("sgc_"))

    def test_trust_does_not_skip_for_public_clients_on_loopback(self) -> None:
        public = self.register(trusted=True, isPublic=True, callbacks=["http://127.0.0.1/cb"])
        reply = self.authorize(public, self.user, redirectUri="http://127.0.0.1:5000/cb")
        self.assertEqual((reply["result"], reply["callbackHost"]), (2, "127.0.0.1:5000"))

    def test_acting_must_be_a_session(self) -> None:
        fields = authorize_fields(self.app, self.user)
        self.refused("INVALID_FIELD", "AUTHORIZE", **{**fields, "acting": LOCAL})
        self.refused("PERSON_LOGIN_REFUSED", "AUTHORIZE",
                     **{**fields, "acting": person(self.user, login=2)})
        self.refused("INVALID_FIELD", "AUTHORIZE", "acting.user",
                     **{**fields, "acting": person("a b")})


class Exchange(Live):
    """EXCHANGE: binding, burning, reuse."""

    def setUp(self) -> None:
        super().setUp()
        self.user = someone()
        self.app = self.register()

    def test_lost_reply_is_repeated_by_its_key(self) -> None:
        fields = exchange_fields(self.app, self.code(self.app, self.user), key=b"k" * 8 + b"1234"
                                 + self.user[-4:].encode())
        self.assertEqual(self.ask("EXCHANGE", **fields), self.ask("EXCHANGE", **fields))

    def test_reuse_by_its_client_revokes_what_it_made(self) -> None:
        code = self.code(self.app, self.user)
        tokens = self.exchange(self.app, code)
        self.refused("INVALID_GRANT", "EXCHANGE", **exchange_fields(self.app, code))
        self.assertEqual(self.verdicts(tokens["accessToken"]), [Verdict.REVOKED])
        self.refused("INVALID_GRANT", "REFRESH", client=self.app.auth(),
                     refreshToken=tokens["refreshToken"], scope="", resource="")

    def test_reuse_by_another_client_does_nothing(self) -> None:
        code = self.code(self.app, self.user)
        tokens = self.exchange(self.app, code)
        self.refused("INVALID_GRANT", "EXCHANGE", **exchange_fields(self.register(), code))
        self.assertEqual(self.verdicts(tokens["accessToken"]), [Verdict.VALID])

    def test_failed_client_authentication_changes_nothing(self) -> None:
        code = self.code(self.app, self.user)
        for client in (self.app.auth("sgs_wrong"), {**self.app.auth(), "clientId": UNKNOWN_CLIENT},
                       {**self.app.auth(), "clientSecret": "", "method": 0}):
            self.refused("INVALID_CLIENT", "EXCHANGE",
                         **exchange_fields(self.app, code, client=client))
        self.exchange(self.app, code)

    def test_secret_in_the_body_is_as_good_as_basic(self) -> None:
        client = {**self.app.auth(), "method": 2}
        self.exchange(self.app, self.code(self.app, self.user), client=client)

    def test_another_client_burns_an_unused_code(self) -> None:
        code = self.code(self.app, self.user)
        self.refused("INVALID_GRANT", "EXCHANGE", **exchange_fields(self.register(), code))
        self.refused("INVALID_GRANT", "EXCHANGE", **exchange_fields(self.app, code))

    def test_another_redirect_uri_burns_an_unused_code(self) -> None:
        code = self.code(self.app, self.user)
        self.refused("INVALID_GRANT", "EXCHANGE",
                     **exchange_fields(self.app, code, redirectUri=f"{CALLBACK}/"))
        self.refused("INVALID_GRANT", "EXCHANGE", **exchange_fields(self.app, code))

    def test_wrong_or_missing_verifier_burns_an_unused_code(self) -> None:
        for verifier in ("", "A" * 43, "short"):
            wish = {"codeChallenge": CHALLENGE, "codeChallengeMethod": "S256"}
            code = self.code(self.app, self.user, **wish)
            self.refused("INVALID_GRANT", "EXCHANGE",
                         **exchange_fields(self.app, code, codeVerifier=verifier))
            self.refused("INVALID_GRANT", "EXCHANGE",
                         **exchange_fields(self.app, code, codeVerifier=VERIFIER))

    def test_verifier_without_a_challenge_is_invalid_grant(self) -> None:
        code = self.code(self.app, self.user)
        self.refused("INVALID_GRANT", "EXCHANGE",
                     **exchange_fields(self.app, code, codeVerifier=VERIFIER))

    def test_public_client_with_pkce_and_a_loopback_port(self) -> None:
        public = self.register(isPublic=True, callbacks=["http://127.0.0.1/cb"])
        uri = "http://127.0.0.1:51004/cb"
        tokens = self.login_at(public, uri)
        self.assertTrue(tokens["refreshToken"])
        self.set_back(public_client_refresh="true")
        self.set(public_client_refresh="false")
        self.assertEqual(self.login_at(public, uri)["refreshToken"], "")

    def login_at(self, app: App, uri: str) -> Record:
        code = self.code(app, self.user, redirectUri=uri)
        return self.exchange(app, code, redirectUri=uri)

    def test_public_client_that_sends_a_secret_is_invalid_client(self) -> None:
        public = self.register(isPublic=True)
        client = {"clientId": public.client_id, "clientSecret": self.app.secret, "method": 1}
        self.refused("INVALID_CLIENT", "EXCHANGE",
                     **exchange_fields(public, self.code(public, self.user), client=client))

    def test_junk_code_is_invalid_grant(self) -> None:
        for code in ("", "junk", "sgc_" + "0" * 53, "\u00e9" * 600):
            self.refused("INVALID_GRANT", "EXCHANGE", **exchange_fields(self.app, code))

    def test_resource_binds_the_token_to_its_audience(self) -> None:
        self.register(audiences=[API])
        code = self.code(self.app, self.user, resource=API)
        tokens = self.exchange(self.app, code, resource=API)
        self.assertEqual(tokens["audience"], API)
        self.assertEqual(self.verdicts(tokens["accessToken"]), [Verdict.WRONG_AUDIENCE])
        self.assertEqual(self.verdicts(tokens["accessToken"], audience=API), [Verdict.VALID])

    def test_another_resource_than_authorized_is_invalid_target(self) -> None:
        self.register(audiences=[API])
        code = self.code(self.app, self.user, resource=API)
        self.refused("INVALID_TARGET", "EXCHANGE",
                     **exchange_fields(self.app, code, resource="https://web.example"))

    def test_disabled_person_gets_nothing_for_a_code(self) -> None:
        code = self.code(self.app, self.user)
        self.ask("USER_DISABLE", user=self.user)
        with self.assertRaises(Refused) as caught:
            self.link.call("EXCHANGE", self.keyed("EXCHANGE", exchange_fields(self.app, code)))
        self.assertIn(caught.exception.status.name, ("USER_DISABLED", "INVALID_GRANT"))


class Refresh(Live):
    """REFRESH: rotation, grace, reuse detection."""

    def setUp(self) -> None:
        super().setUp()
        self.app = self.register()
        self.user = someone()
        self.tokens = self.login(self.app, self.user, scope="read write")

    def refresh_fields(self, token: str, **wish: object) -> Record:
        return {"client": self.app.auth(), "refreshToken": token, "scope": "", "resource": "",
                **wish}

    def refresh(self, token: str, **wish: object) -> Record:
        return self.ask("REFRESH", **self.refresh_fields(token, **wish))["tokens"]

    def test_rotates_both_tokens_and_keeps_the_grant(self) -> None:
        newer = self.refresh(self.tokens["refreshToken"])
        self.assertNotEqual(newer["accessToken"], self.tokens["accessToken"])
        self.assertNotEqual(newer["refreshToken"], self.tokens["refreshToken"])
        self.assertEqual((newer["grant"], newer["scope"]),
                         (self.tokens["grant"], self.tokens["scope"]))
        self.assertEqual(self.verdicts(newer["accessToken"]), [Verdict.VALID])

    def test_predecessor_within_the_grace_gets_the_same_successor(self) -> None:
        first = self.refresh(self.tokens["refreshToken"])
        again = self.refresh(self.tokens["refreshToken"])
        self.assertEqual((again["accessToken"], again["refreshToken"]),
                         (first["accessToken"], first["refreshToken"]))

    def test_older_generation_revokes_the_family(self) -> None:
        first = self.refresh(self.tokens["refreshToken"])
        second = self.refresh(first["refreshToken"])
        self.refused("INVALID_GRANT", "REFRESH",
                     **self.refresh_fields(self.tokens["refreshToken"]))
        self.family_is_dead(first, second)

    def test_predecessor_without_grace_revokes_the_family(self) -> None:
        self.set_back(refresh_grace_seconds="10")
        self.set(refresh_grace_seconds="0")
        first = self.refresh(self.tokens["refreshToken"])
        self.refused("INVALID_GRANT", "REFRESH",
                     **self.refresh_fields(self.tokens["refreshToken"]))
        self.family_is_dead(first)

    def family_is_dead(self, *sets: Record) -> None:
        family = (self.tokens, *sets)
        found = self.verdicts(*[tokens["accessToken"] for tokens in family])
        self.assertLessEqual(set(found), {Verdict.REVOKED, Verdict.UNKNOWN})
        for tokens in family:
            self.refused("INVALID_GRANT", "REFRESH",
                         **self.refresh_fields(tokens["refreshToken"]))

    def test_rotation_ends_the_earlier_access_token(self) -> None:
        newer = self.refresh(self.tokens["refreshToken"])
        dead, alive = self.verdicts(self.tokens["accessToken"], newer["accessToken"])
        self.assertIn(dead, (Verdict.REVOKED, Verdict.UNKNOWN))
        self.assertEqual(alive, Verdict.VALID)

    def test_another_clients_token_is_invalid_grant_and_nothing_happens(self) -> None:
        self.refused("INVALID_GRANT", "REFRESH", **self.refresh_fields(
            self.tokens["refreshToken"], client=self.register().auth()))
        self.refresh(self.tokens["refreshToken"])

    def test_scope_shrinks_for_the_access_token_only(self) -> None:
        narrow = self.refresh(self.tokens["refreshToken"], scope="read")
        self.assertEqual(narrow["scope"], "read")
        self.assertEqual(self.refresh(narrow["refreshToken"])["scope"], "read write")

    def test_wider_scope_is_invalid_scope_and_rotates_nothing(self) -> None:
        self.refused("INVALID_SCOPE", "REFRESH", **self.refresh_fields(
            self.tokens["refreshToken"], scope="read admin"))
        self.refresh(self.tokens["refreshToken"])

    def test_resource_that_was_not_authorized_is_invalid_target(self) -> None:
        self.refused("INVALID_TARGET", "REFRESH", **self.refresh_fields(
            self.tokens["refreshToken"], resource=API))

    def test_junk_and_access_tokens_are_invalid_grant(self) -> None:
        for text in ("", "junk", self.tokens["accessToken"]):
            self.refused("INVALID_GRANT", "REFRESH", **self.refresh_fields(text))

    def test_regenerated_secret_replaces_the_old_at_once_and_tokens_stay(self) -> None:
        reply = self.ask("APP_REGENERATE_SECRET", acting=LOCAL, clientId=self.app.client_id)
        self.refused("INVALID_CLIENT", "REFRESH",
                     **self.refresh_fields(self.tokens["refreshToken"]))
        self.assertEqual(self.verdicts(self.tokens["accessToken"]), [Verdict.VALID])
        self.app.secret = reply["clientSecret"]
        self.refresh(self.tokens["refreshToken"])
