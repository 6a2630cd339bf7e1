"""Part 2: VALIDATE's decisions, ISSUE, INTROSPECT, REVOKE, the provider switch."""

from __future__ import annotations

import unittest
from typing import Any, Dict, List

from signet import tokens
from signet.client import Signet
from signet.verdicts import Verdict
from signet.wire import Record

from .jsonform import load
from .live import (LOCAL, PATIENCE_SECONDS, App, Live, Target, app_fields, authorize_fields,
                   exchange_fields, person, someone)

NOTHING: Record = {
    "active": False, "tokenKind": 0, "subject": "", "clientId": "", "scope": "", "audience": "",
    "expiresAt": 0, "issuedAt": 0, "accessor": "", "grant": ""}


def forge(text: str) -> str:
    """The same token with one bit of its tag flipped and a right CRC."""
    token = tokens.parse(text.encode())
    words = token.words[:3] + (token.words[3] ^ 1,)
    return tokens.write(token._replace(words=words)).decode()


class Validate(Live):
    """Verdicts, forms, limits."""

    def setUp(self) -> None:
        super().setUp()
        self.app = self.register()
        self.token = self.issue(self.app, someone(), scope="read user")["accessToken"]

    def test_verdicts_come_in_order(self) -> None:
        dead = self.issue(self.app, someone())["accessToken"]
        self.ask("REVOKE", subject=dead)
        self.assertEqual(self.verdicts(self.token, "", "junk", forge(self.token), dead,
                                       self.token + " "), [0, 1, 2, 3, 5, 2])

    def test_seconds_left_are_told_for_valid_tokens_only(self) -> None:
        token = self.issue(self.app, someone(), lifetimeSeconds=60)["accessToken"]
        found = self.ask("VALIDATE", form=0, flags=0, atLeastPosition=0, requiredScopes="",
                         audience="", tokens=[token.encode(), b"junk"])["verdicts"]
        self.assertTrue(1 <= found[0]["expiresInSeconds"] <= 60)
        self.assertEqual(found[1]["expiresInSeconds"], 0)

    def test_golden_token_texts_get_the_verdict_that_syntax_decides(self) -> None:
        cases = [case for case in load("tokens.json")["vectors"] if "verdict" in case]
        for at in range(0, len(cases), 10):
            part = cases[at:at + 10]
            texts = [bytes.fromhex(case["hex"]) for case in part]
            reply = self.ask("VALIDATE", form=0, flags=0, atLeastPosition=0, requiredScopes="",
                             audience="", tokens=texts)
            for case, found in zip(part, reply["verdicts"]):
                self.assertEqual(found["verdict"], case["verdict"], case["name"])

    def test_well_formed_tokens_of_another_service_are_forged(self) -> None:
        texts = [case["text"] for case in load("tokens.json")["vectors"]
                 if case.get("expect", {}).get("kind") == "access"]
        self.assertEqual(set(self.verdicts(*texts)), {Verdict.FORGED})

    def test_512_tokens_in_one_frame_and_batches_beyond(self) -> None:
        self.assertEqual(self.verdicts(*[self.token] * 512), [0] * 512)
        with Signet(Target.path, timeout=PATIENCE_SECONDS) as client:
            batch = [self.token, "junk", "x" * 70000] * 700
            self.assertEqual([each["verdict"] for each in client.validate(batch)],
                             [0, 2, 2] * 700)
            self.assertEqual([each["verdict"] for each in client.identify(batch[:300])],
                             [0, 2, 2] * 100)

    def test_identity_form_of_80_tokens_always_fits(self) -> None:
        reply = self.ask("VALIDATE", form=1, flags=0, atLeastPosition=0, requiredScopes="",
                         audience="", tokens=[self.token.encode()] * 80)
        self.assertEqual(len(reply["identities"]), 80)

    def test_identity_reply_beyond_max_frame_is_limit_reached(self) -> None:
        with Signet(Target.path, max_frame=1024, timeout=PATIENCE_SECONDS) as client:
            self.link = client.connection()
            self.refused("LIMIT_REACHED", "VALIDATE", form=1, flags=0, atLeastPosition=0,
                         requiredScopes="", audience="", tokens=[b""] * 100)

    def test_identity_reply_of_512_short_elements_fits(self) -> None:
        reply = self.ask("VALIDATE", form=1, flags=0, atLeastPosition=0, requiredScopes="",
                         audience="", tokens=[b""] * 512)
        self.assertEqual(len(reply["identities"]), 512)

    def test_position_ahead_is_not_caught_up_and_own_write_is_seen(self) -> None:
        ahead = self.link.hello["position"] + 1_000_000
        self.refused("NOT_CAUGHT_UP", "VALIDATE", form=0, flags=0, atLeastPosition=ahead,
                     requiredScopes="", audience="", tokens=[b"x"])
        position = self.ask("REVOKE", subject=self.token)["position"]
        self.assertEqual(self.verdicts(self.token, atLeastPosition=position), [Verdict.REVOKED])

    def test_bad_scopes_and_long_audience_are_invalid_field(self) -> None:
        body = dict(form=0, flags=0, atLeastPosition=0, requiredScopes="", audience="",
                    tokens=[b"x"])
        for scopes in (" user", "a  b", 'a"', "s" * 129, " ".join("abcdefghijklmnopq")):
            with self.subTest(scopes[:40]):
                self.refused("INVALID_FIELD", "VALIDATE", "requiredScopes",
                             **{**body, "requiredScopes": scopes})
        self.refused("INVALID_FIELD", "VALIDATE", "audience", **{**body, "audience": "a" * 513})
        self.verdicts("x", audience="a" * 512)

    def test_overrides_follow_their_settings(self) -> None:
        self.set_back(enable_username_override="false", enable_icon_override="false")
        body = dict(form=1, flags=0, atLeastPosition=0, requiredScopes="", audience="",
                    tokens=[self.token.encode()])
        for settings, bits in (({"enable_username_override": "true"}, 1),
                               ({"enable_icon_override": "true"}, 3),
                               ({"enable_username_override": "false"}, 2)):
            self.set(**settings)
            self.assertEqual(self.ask("VALIDATE", **body)["identities"][0]["overrides"], bits)


class Decisions(Live):
    """decisions.json against the server: audiences, scopes, the switch."""

    def setUp(self) -> None:
        super().setUp()
        self.set_back(provider_enabled="true")
        self.made: Dict[Any, str] = {}
        self.app = self.register(grants=7)

    def token(self, case: Record) -> str:
        key = (case["tokenAudience"], case["tokenScope"])
        if key not in self.made:
            user = someone() if case["tokenScope"] else ""  # only a client token has no scope
            self.made[key] = self.issue(self.app, user, scope=case["tokenScope"],
                                        audience=case["tokenAudience"])["accessToken"]
        return self.made[key]

    def judge(self, text: str, case: Record) -> List[int]:
        return self.verdicts(text, flags=int(case["anyAudience"]),
                             requiredScopes=case["requiredScopes"],
                             audience=case["requestAudience"])

    def test_every_decision_of_a_living_token(self) -> None:
        cases = [case for case in load("decisions.json")["vectors"] if case["token"] == "valid"]
        texts = [self.token(case) for case in cases]
        for switch in (True, False):
            self.set(provider_enabled="true" if switch else "false")
            for case, text in zip(cases, texts):
                if case["providerOn"] is switch:
                    with self.subTest(case["name"]):
                        self.assertEqual(self.judge(text, case), [case["verdict"]])

    def test_every_decision_of_a_dead_token(self) -> None:
        for case in load("decisions.json")["vectors"]:
            self.set(provider_enabled="true")
            live = self.issue(self.app, someone(), scope="read")["accessToken"]
            texts = {"missing": "", "malformed": live[:-1], "forged": forge(live),
                     "revoked": live}
            if case["token"] in texts:
                with self.subTest(case["name"]):
                    self.set(provider_enabled="true" if case["providerOn"] else "false")
                    if case["token"] == "revoked":
                        self.ask("REVOKE", subject=live)
                    self.assertEqual(self.judge(texts[case["token"]], case), [case["verdict"]])


class Switch(Live):
    """The provider switched off and on."""

    def test_off_refuses_what_grants_and_on_restores(self) -> None:
        self.set_back(provider_enabled="true")
        app, user = self.register(), someone()
        made = self.login(app, user)
        code = self.code(app, user)
        ticket = self.authorize(app, someone("other"), scope="more")["ticket"]
        self.set(provider_enabled="false")
        self.assertEqual(self.verdicts(made["accessToken"]), [Verdict.PROVIDER_OFF])
        found = self.ask("INTROSPECT", token=made["accessToken"])
        self.assertEqual((found["active"], found["reason"]), (False, 9))
        self.check_refused(app, user, code, made["refreshToken"], ticket)
        self.set(provider_enabled="true")
        self.assertEqual(self.verdicts(made["accessToken"]), [Verdict.VALID])
        self.exchange(app, code)

    def check_refused(self, app: App, user: str, code: str, refresh: str, ticket: bytes) -> None:
        item = {"clientId": app.client_id, "user": user, "scope": "", "audience": "",
                "lifetimeSeconds": 0, "withRefresh": False, "count": 1}
        off = "PROVIDER_OFF"
        self.refused(off, "APP_REGISTER", acting=LOCAL, fields=app_fields())
        self.refused(off, "APP_UPDATE", acting=LOCAL, clientId=app.client_id, revision=0,
                     fields=app_fields())
        self.refused(off, "APP_REGISTER_DYNAMIC", redirectUris=["https://a.example/"],
                     authMethod="", clientName="", clientUri="", scope="")
        self.refused(off, "AUTHORIZE", **authorize_fields(app, user))
        self.refused(off, "ALLOW", acting=person(user), ticket=ticket)
        self.refused(off, "EXCHANGE", **exchange_fields(app, code))
        self.refused(off, "REFRESH", client=app.auth(), refreshToken=refresh, scope="",
                     resource="")
        self.refused(off, "CLIENT_CREDENTIALS", client=app.auth(), scope="", resource="")
        self.refused(off, "ISSUE", items=[item])
        self.refused(off, "CLIENT_INTROSPECT", client=app.auth(), token="x")

    def test_off_lets_everything_through_that_takes_away(self) -> None:
        self.set_back(provider_enabled="true")
        app, user = self.register(), someone()
        made, other = self.login(app, user), self.login(app, user)
        ticket = self.authorize(app, user, scope="more")["ticket"]
        self.set(provider_enabled="false")
        self.ask("DENY", acting=person(user), ticket=ticket)
        self.ask("CLIENT_REVOKE", client=app.auth(), token=made["accessToken"])
        self.assertEqual(self.verdicts(made["accessToken"]), [Verdict.REVOKED])
        self.ask("GRANT_REVOKE", acting=person(user), reference=other["grant"])
        self.ask("APP_REGENERATE_SECRET", acting=LOCAL, clientId=app.client_id)
        self.ask("DEAUTHORIZE", acting=person(user), user="", clientId=app.client_id)
        self.ask("APP_DELETE", acting=LOCAL, clientId=app.client_id)


class Issue(Live):
    """ISSUE."""

    def setUp(self) -> None:
        super().setUp()
        self.app = self.register(scopes="read user")
        self.item = {"clientId": self.app.client_id, "user": someone(), "scope": "",
                     "audience": "", "lifetimeSeconds": 0, "withRefresh": False, "count": 1}

    def bad(self, status: str, field: str, **wish: Any) -> None:
        good = {**self.item, "user": someone()}
        with self.subTest(str(wish)):
            self.refused(status, "ISSUE", field, items=[good, {**self.item, **wish}])

    def test_tokens_come_in_order_of_items_count_each(self) -> None:
        reply = self.ask("ISSUE", items=[{**self.item, "count": 2},
                                         {**self.item, "scope": "read", "withRefresh": True}])
        self.assertEqual([each["scope"] for each in reply["tokens"]], ["user", "user", "read"])
        first, second, third = reply["tokens"]
        self.assertEqual(first["grant"], second["grant"])
        self.assertNotEqual(first["grant"], third["grant"])
        self.assertEqual([bool(each["refreshToken"]) for each in reply["tokens"]],
                         [False, False, True])

    def test_128_tokens_and_not_one_more(self) -> None:
        self.assertEqual(len(self.ask("ISSUE", items=[{**self.item, "count": 128}])["tokens"]),
                         128)
        self.refused("LIMIT_REACHED", "ISSUE", items=[{**self.item, "count": 129}])
        self.refused("LIMIT_REACHED", "ISSUE", items=[{**self.item, "count": 64},
                                                      {**self.item, "count": 65}])

    def test_client_token_has_the_apps_scopes(self) -> None:
        tokens_ = self.ask("ISSUE", items=[{**self.item, "user": ""}])["tokens"]
        self.assertEqual(tokens_[0]["scope"], "read user")

    def test_bad_items_are_refused_with_their_field(self) -> None:
        self.bad("INVALID_FIELD", "items[1].user", user="a b")
        self.bad("INVALID_FIELD", "items[1].lifetimeSeconds", lifetimeSeconds=59)
        self.bad("INVALID_FIELD", "items[1].lifetimeSeconds", lifetimeSeconds=315_360_001)
        self.bad("INVALID_FIELD", "items[1].withRefresh", withRefresh=True, count=2)
        self.bad("INVALID_FIELD", "items[1].withRefresh", withRefresh=True, user="")
        self.bad("INVALID_SCOPE", "items[1].scope", scope=" read")
        self.bad("INVALID_SCOPE", "items[1].scope", scope="write")
        self.bad("INVALID_TARGET", "items[1].audience", audience="/relative")
        self.bad("NOT_FOUND", "items[1].clientId", clientId="a" * 26)

    def test_disabled_person_is_refused(self) -> None:
        self.ask("USER_DISABLE", user=self.item["user"])
        self.refused("USER_DISABLED", "ISSUE", items=[self.item])

    def test_frame_that_could_not_hold_the_reply_is_limit_reached(self) -> None:
        with Signet(Target.path, max_frame=16384, timeout=PATIENCE_SECONDS) as client:
            self.link = client.connection()
            item = {**self.item, "scope": "user"}
            self.ask("ISSUE", items=[{**item, "count": 74}])  # 16 + 74 * (216 + 4)
            self.refused("LIMIT_REACHED", "ISSUE", items=[{**item, "count": 75}])
            item["scope"] = ""  # counted as 128 bytes
            self.ask("ISSUE", items=[{**item, "count": 47}])
            self.refused("LIMIT_REACHED", "ISSUE", items=[{**item, "count": 48}])


class Revocation(Live):
    """INTROSPECT and REVOKE for the operator."""

    def setUp(self) -> None:
        super().setUp()
        self.app = self.register()
        self.tokens = self.login(self.app, someone())

    def test_introspect_of_junk_is_nothing_with_a_reason(self) -> None:
        for text, reason in (("", 1), ("junk", 2), (forge(self.tokens["accessToken"]), 3)):
            with self.subTest(reason=reason):
                found = self.ask("INTROSPECT", token=text)
                del found["position"]
                self.assertEqual(found, {**NOTHING, "reason": reason})

    def test_introspect_of_a_dead_token_is_nothing_with_a_reason(self) -> None:
        self.ask("REVOKE", subject=self.tokens["grant"])
        for name in ("accessToken", "refreshToken"):
            with self.subTest(name):
                found = self.ask("INTROSPECT", token=self.tokens[name])
                del found["position"]
                self.assertIn(found["reason"], (Verdict.REVOKED, Verdict.UNKNOWN))
                self.assertEqual(found, {**NOTHING, "reason": found["reason"]})

    def test_introspect_of_a_client_token_has_no_subject(self) -> None:
        machine = self.register(grants=4, scopes="read")
        found = self.ask("INTROSPECT", token=self.issue(machine, "")["accessToken"])
        self.assertEqual((found["active"], found["subject"], found["clientId"], found["scope"]),
                         (True, "", machine.client_id, "read"))

    def test_revoke_by_each_kind_of_text(self) -> None:
        for name, grant_too in (("accessToken", False), ("accessor", False),
                                ("refreshToken", True), ("grant", True)):
            with self.subTest(name):
                made = self.login(self.app, someone())
                self.assertTrue(self.ask("REVOKE", subject=made[name])["revoked"])
                self.assertEqual(self.verdicts(made["accessToken"]), [Verdict.REVOKED])
                self.assertFalse(self.ask("REVOKE", subject=made[name])["revoked"])
                found = self.ask("INTROSPECT", token=made["refreshToken"])
                self.assertEqual(found["active"], not grant_too)

    def test_revoke_of_other_texts_is_invalid_field(self) -> None:
        for text in ("", "junk", self.app.secret, "sgc_" + "0" * 53, self.tokens["grant"] + "0",
                     self.tokens["accessToken"][:-1]):
            with self.subTest(text[:4]):
                self.refused("INVALID_FIELD", "REVOKE", "subject", subject=text)

    def test_revoke_of_forged_and_unknown_texts_is_ok(self) -> None:
        for text in (tokens.write(tokens.Token("grant", (1, 2))).decode(),
                     tokens.write(tokens.Token("accessor", (1, 2))).decode(),
                     forge(self.tokens["accessToken"]), forge(self.tokens["refreshToken"])):
            with self.subTest(text[:4]):
                self.assertFalse(self.ask("REVOKE", subject=text)["revoked"])
        self.assertEqual(self.verdicts(self.tokens["accessToken"]), [Verdict.VALID])


class KeyedByClient(unittest.TestCase):
    """The `Signet` class: keys drawn, connection made again."""

    def test_calls_survive_a_connection_that_was_closed(self) -> None:
        with Signet(Target.path, timeout=PATIENCE_SECONDS) as client:
            client.call("USER_ENABLE", user="conformance")
            client.connection()._socket.shutdown(2)
            client.call("USER_ENABLE", user="conformance")
            client.connection()._socket.shutdown(2)
            self.assertEqual(client.validate(["junk"])[0]["verdict"], 2)
