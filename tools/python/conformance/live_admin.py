"""Part 2: users, settings, keys, dynamic registration, audit, status, metadata."""

from __future__ import annotations

import time
from typing import Any, List

from signet.errors import BY_NAME, Refused
from signet.verdicts import Verdict
from signet.wire import Record

from .jsonform import load, load_schema
from .live import LOCAL, Live, Target, app_fields, names_of, person, someone

SETTINGS = {
    "provider-enabled": "false", "restrict-integrations-to-admins": "true",
    "enable-username-override": "false", "enable-icon-override": "false",
    "dynamic-registration": "false", "dynamic-registration-allowlist": "",
    "require-https-urls": "false", "code-lifetime-seconds": "60",
    "access-token-lifetime-seconds": "2592000", "refresh-idle-seconds": "7776000",
    "refresh-absolute-seconds": "31536000", "refresh-grace-seconds": "10",
    "public-client-refresh": "true", "revoke-on-password-change": "true",
    "grants-per-user": "500", "issuer": "",
}


class Users(Live):
    """Disabling, enabling, mass revocation."""

    def setUp(self) -> None:
        super().setUp()
        self.app, self.user = self.register(), someone()
        self.tokens = self.login(self.app, self.user)

    def dead(self) -> bool:
        return self.verdicts(self.tokens["accessToken"]) == [Verdict.REVOKED]

    def consent(self) -> bool:
        return self.authorize(self.app, self.user)["result"] == 1

    def test_disabled_persons_tokens_are_dead_and_stay_dead(self) -> None:
        self.ask("USER_DISABLE", user=self.user)
        self.assertTrue(self.dead())
        self.ask("USER_ENABLE", user=self.user)
        self.assertTrue(self.dead())
        self.assertTrue(self.consent())

    def test_disabling_somebody_never_seen_works(self) -> None:
        self.ask("USER_DISABLE", user=someone("new"))

    def test_revoke_user_for_all_sessions_keeps_consents(self) -> None:
        self.assertTrue(self.ask("REVOKE_USER", user=self.user, reason=0)["applied"])
        self.assertTrue(self.dead())
        self.assertTrue(self.consent())

    def test_revoke_user_for_a_password_change_follows_its_setting(self) -> None:
        self.set_back(revoke_on_password_change="true")
        self.set(revoke_on_password_change="false")
        self.assertFalse(self.ask("REVOKE_USER", user=self.user, reason=1)["applied"])
        self.assertFalse(self.dead())
        self.set(revoke_on_password_change="true")
        self.assertTrue(self.ask("REVOKE_USER", user=self.user, reason=1)["applied"])
        self.assertTrue(self.dead())

    def test_deleted_person_loses_consents_and_apps_lose_their_creator(self) -> None:
        client = self.ask("APP_REGISTER", acting=person(self.user, True),
                          fields=app_fields())["clientId"]
        self.ask("REVOKE_USER", user=self.user, reason=2)
        self.assertTrue(self.dead())
        self.assertFalse(self.consent())
        self.assertEqual(self.ask("APP_GET", acting=LOCAL, clientId=client)["app"]["creator"], "")

    def test_revoke_app_keeps_app_and_consents(self) -> None:
        self.ask("REVOKE_APP", clientId=self.app.client_id)
        self.assertTrue(self.dead())
        self.assertTrue(self.consent())
        self.refused("NOT_FOUND", "REVOKE_APP", clientId="a" * 26)

    def test_revoke_before_now_ends_everything_issued_so_far(self) -> None:
        reply = self.ask("REVOKE_BEFORE", before=0)
        self.assertLessEqual(reply["gatePosition"], reply["position"])
        self.assertTrue(self.dead())
        self.assertEqual(self.verdicts(self.issue(self.app, self.user)["accessToken"]), [0])

    def test_revoke_before_a_past_time_spares_what_is_younger(self) -> None:
        self.ask("REVOKE_BEFORE", before=1_000_000_000_000)
        self.assertFalse(self.dead())

    def test_revoke_before_a_future_time_is_refused(self) -> None:
        self.refused("FUTURE_TIME", "REVOKE_BEFORE", before=4_102_444_800_000)

    def test_user_ids_are_checked(self) -> None:
        for user in ("", "a b", "u" * 129):
            self.refused("INVALID_FIELD", "USER_DISABLE", "user", user=user)
            self.refused("INVALID_FIELD", "USER_ENABLE", "user", user=user)
            self.refused("INVALID_FIELD", "REVOKE_USER", "user", user=user, reason=0)


class Settings(Live):
    """SETTINGS_GET and SETTINGS_SET."""

    def write(self, *pairs: Any) -> Record:
        return {"acting": LOCAL,
                "settings": [{"name": name, "value": value} for name, value in pairs]}

    def test_every_setting_in_the_order_of_the_table(self) -> None:
        self.assertEqual(names_of(self.ask("SETTINGS_GET", acting=LOCAL)["settings"]),
                         list(SETTINGS))

    def test_values_after_the_suite_restored_them(self) -> None:
        found = {each["name"]: each["value"]
                 for each in self.ask("SETTINGS_GET", acting=LOCAL)["settings"]}
        if Target.fresh:
            self.assertEqual(found, {**SETTINGS, "provider-enabled": "true"})

    def test_set_answers_all_settings(self) -> None:
        reply = self.ask("SETTINGS_SET", **self.write(("code-lifetime-seconds", "60")))
        self.assertEqual(names_of(reply["settings"]), list(SETTINGS))

    def test_nothing_to_set_is_ok(self) -> None:
        self.ask("SETTINGS_SET", **self.write())

    def test_unknown_twice_and_bad_values_change_nothing(self) -> None:
        self.set_back(code_lifetime_seconds="60", refresh_idle_seconds="7776000", issuer="")
        good = ("refresh-idle-seconds", "7776001")
        with self.subTest("unknown"):
            self.refused("UNKNOWN_SETTING", "SETTINGS_SET", "settings[1].name",
                         **self.write(good, ("nonsense", "1")))
        with self.subTest("twice"):
            self.refused("INVALID_FIELD", "SETTINGS_SET", "settings[1].name",
                         **self.write(good, good))
        bad: List[Any] = [
            ("provider-enabled", "yes"), ("provider-enabled", "TRUE"),
            ("code-lifetime-seconds", "0"), ("code-lifetime-seconds", "601"),
            ("code-lifetime-seconds", "060"), ("code-lifetime-seconds", "+60"),
            ("code-lifetime-seconds", ""), ("refresh-grace-seconds", "61"),
            ("grants-per-user", "10001"),
            ("dynamic-registration-allowlist", "https://a.example/x x"),
            ("dynamic-registration-allowlist", "https://*/" + "a" * 2048)]
        syntax = load("syntax.json")["vectors"]
        bad += [("dynamic-registration-allowlist", case["pattern"]) for case in syntax
                if not case.get("patternValid", True)]
        bad += [("issuer", case["text"]) for case in load("urls.json")["vectors"]
                if case["use"] == "issuer" and not case["valid"]]
        for pair in bad:
            with self.subTest(pair[0], value=pair[1][:30]):
                self.refused("INVALID_FIELD", "SETTINGS_SET", "settings[1].value",
                             **self.write(good, pair))

    def test_golden_issuers_are_taken_as_they_are(self) -> None:
        self.set_back(issuer="")
        for case in load("urls.json")["vectors"]:
            if case["use"] == "issuer" and case["valid"]:
                with self.subTest(case["name"]):
                    self.set(issuer=case["text"])
                    self.assertEqual(self.ask("METADATA")["issuer"], case["text"])

    def test_one_bad_value_keeps_all_from_being_set(self) -> None:
        self.refused("INVALID_FIELD", "SETTINGS_SET",
                     **self.write(("code-lifetime-seconds", "61"), ("provider-enabled", "yes")))
        found = {each["name"]: each["value"]
                 for each in self.ask("SETTINGS_GET", acting=LOCAL)["settings"]}
        self.assertEqual(found["code-lifetime-seconds"], "60")

    def test_system_administrator_may_and_metadata_follows(self) -> None:
        self.set_back(issuer="", dynamic_registration="false")
        self.ask("SETTINGS_SET", acting=person(someone(), True), settings=[
            {"name": "issuer", "value": "https://login.example/x"},
            {"name": "dynamic-registration", "value": "true"}])
        found = self.ask("METADATA")
        self.assertEqual((found["issuer"], found["providerEnabled"],
                          found["dynamicRegistration"]), ("https://login.example/x", True, True))
        with self.subTest("methods"):
            self.assertEqual((found["challengeMethods"], found["authMethods"]),
                             ("S256", "client_secret_basic client_secret_post none"))

    def test_metadata_advertises_no_scopes_of_apps(self) -> None:
        self.register(scopes="conformance:scope")
        self.assertEqual(self.ask("METADATA")["scopes"], "user")


class Dynamic(Live):
    """APP_REGISTER_DYNAMIC."""

    def setUp(self) -> None:
        super().setUp()
        self.set_back(dynamic_registration="false", dynamic_registration_allowlist="")

    def wish(self, **wish: Any) -> Record:
        return {"redirectUris": ["https://a.example/cb"], "authMethod": "", "clientName": "",
                "clientUri": "", "scope": "", **wish}

    def patiently(self, **wish: Any) -> Record:
        """Registers, waiting as told while the service is over its rate."""
        while True:
            try:
                return self.link.call("APP_REGISTER_DYNAMIC",
                                      self.keyed("APP_REGISTER_DYNAMIC", self.wish(**wish)))
            except Refused as refused:
                self.check("APP_REGISTER_DYNAMIC", refused)
                if refused.status.name != "RATE_LIMITED":
                    raise
                time.sleep(refused.retry_after_millis / 1000)

    def denied(self, status: str, field: str, **wish: Any) -> None:
        with self.subTest(str(wish)):
            with self.assertRaises(Refused) as caught:
                self.patiently(**wish)
            self.assertEqual((caught.exception.status.name, caught.exception.field),
                             (status, field))

    def test_off_by_default(self) -> None:
        self.refused("REGISTRATION_OFF", "APP_REGISTER_DYNAMIC", **self.wish())

    def test_defaults_are_filled_in(self) -> None:
        self.set(dynamic_registration="true")
        reply = self.patiently()
        self.assertEqual(
            (reply["clientName"], reply["authMethod"], reply["grants"], reply["redirectUris"]),
            ("Dynamically Registered Client", "client_secret_basic", 3,
             ["https://a.example/cb"]))
        self.assertTrue(reply["clientSecret"].startswith("sgs_"))
        app = self.ask("APP_GET", acting=LOCAL, clientId=reply["clientId"])["app"]
        self.assertEqual((app["dynamicallyRegistered"], app["creator"], app["trusted"]),
                         (True, "", False))

    def test_own_scheme_without_secret(self) -> None:
        self.set(dynamic_registration="true")
        reply = self.patiently(redirectUris=["myapp://cb"], authMethod="none", clientName="My",
                               clientUri="https://my.example/", scope="read")
        self.assertEqual((reply["clientSecret"], reply["authMethod"], reply["scope"]),
                         ("", "none", "read"))

    def test_bad_metadata_is_refused_by_name(self) -> None:
        self.set(dynamic_registration="true")
        self.denied("INVALID_REDIRECT_URI", "redirectUris", redirectUris=[])
        self.denied("INVALID_REDIRECT_URI", "redirectUris[0]", redirectUris=["javascript://x"])
        self.denied("INVALID_CLIENT_METADATA", "authMethod", authMethod="private_key_jwt")
        self.denied("INVALID_CLIENT_METADATA", "clientName", clientName="n" * 65)
        self.denied("INVALID_CLIENT_METADATA", "clientUri", clientUri="ftp://x")
        self.denied("INVALID_CLIENT_METADATA", "scope", scope=" x")

    def test_allowlist_bounds_redirect_uris(self) -> None:
        self.set(dynamic_registration="true",
                 dynamic_registration_allowlist="https://*.example/cb cursor://*/**")
        self.patiently()
        self.patiently(redirectUris=["cursor://x/y/z"])
        self.denied("INVALID_REDIRECT_URI", "redirectUris[1]",
                    redirectUris=["https://a.example/cb", "https://a.evil/cb"])

    def test_golden_globs_in_the_allowlist(self) -> None:
        self.set(dynamic_registration="true")
        for case in load("syntax.json")["vectors"]:
            if case["rule"] == "glob" and case["name"] in (
                    "glob.host-star-dots", "glob.path-deep-query", "glob.two-double-stars",
                    "glob.query-star", "glob.question-mark-is-query"):
                with self.subTest(case["name"]):
                    self.set(dynamic_registration_allowlist=case["pattern"])
                    try:
                        self.patiently(redirectUris=[bytes.fromhex(case["hex"]).decode()])
                        matched = True
                    except Refused as refused:
                        self.assertEqual(refused.status.name, "INVALID_REDIRECT_URI")
                        matched = False
                    self.assertEqual(matched, case["valid"])

    def test_faster_than_two_a_second_is_rate_limited(self) -> None:
        self.set(dynamic_registration="true")
        self.patiently()
        ids = [self.link.send("APP_REGISTER_DYNAMIC", self.keyed("APP_REGISTER_DYNAMIC",
                                                                 self.wish())) for _ in range(3)]
        names = []
        for request_id in ids:
            try:
                self.link.receive(request_id)
            except Refused as refused:
                self.check("APP_REGISTER_DYNAMIC", refused)
                names.append(refused.status.name)
        self.assertIn("RATE_LIMITED", names)


class Keys(Live):
    """Token keys."""

    def keys(self) -> List[Record]:
        return self.ask("KEYS_LIST")["keys"]

    def primary(self) -> int:
        return next(key["keyId"] for key in self.keys() if key["state"] == 1)

    def test_rotation_keeps_old_tokens_and_retirement_kills_them(self) -> None:
        app = self.register()
        old_key = self.primary()
        old = self.login(app, someone())
        new_key = self.ask("KEYS_ROTATE")["keyId"]
        states = {key["keyId"]: key["state"] for key in self.keys()}
        self.assertEqual((states[old_key], states[new_key]), (2, 1))
        new = self.issue(app, someone())
        self.assertEqual(self.verdicts(old["accessToken"], new["accessToken"]), [0, 0])
        refusal = self.refused("KEY_IN_USE", "KEYS_RETIRE", keyId=old_key, force=False)
        self.assertRegex(refusal.message, r"\d")
        killed = self.ask("KEYS_RETIRE", keyId=old_key, force=True)["killedTokens"]
        self.assertGreaterEqual(killed, 1)
        self.assertEqual(self.verdicts(old["accessToken"], new["accessToken"]),
                         [Verdict.FORGED, Verdict.VALID])
        self.refused("INVALID_GRANT", "REFRESH", client=app.auth(),
                     refreshToken=old["refreshToken"], scope="", resource="")
        self.assertEqual({key["keyId"]: key["state"] for key in self.keys()}[old_key], 3)

    def test_primary_cannot_be_retired_and_unknown_keys_are_not_found(self) -> None:
        with self.subTest("primary"):
            self.refused("KEY_IN_USE", "KEYS_RETIRE", "keyId", keyId=self.primary(), force=True)
        used = {key["keyId"] for key in self.keys()}
        free = next(number for number in range(255, 0, -1) if number not in used)
        self.refused("NOT_FOUND", "KEYS_RETIRE", keyId=free, force=True)

    def test_keys_are_listed_by_id_and_one_is_primary(self) -> None:
        found = self.keys()
        self.assertEqual([key["keyId"] for key in found],
                         sorted(key["keyId"] for key in found))
        self.assertEqual([key["state"] for key in found].count(1), 1)


class Service(Live):
    """Status, counters, snapshot, backup, audit."""

    def test_status_and_stats_have_names_as_documented(self) -> None:
        for name, part in (("STATUS", "facts"), ("STATS", "stats")):
            found = names_of(self.ask(name)[part])
            self.assertTrue(found)
            self.assertEqual(len(set(found)), len(found))
            for each in found:
                with self.subTest(name, part=each):
                    self.assertRegex(each, r"^[a-z0-9.-]+$")

    def test_status_and_stats_tell_what_the_table_lists(self) -> None:
        schema = load_schema()
        for name, part, member in (("STATUS", "facts", "statusFacts"),
                                   ("STATS", "stats", "statsNames")):
            found = set(names_of(self.ask(name)[part]))
            listed = {each["name"] for each in schema[member]}
            wanted = {each for each in listed if not each.endswith((".N", "NAME"))}
            self.assertLessEqual(wanted, found)
            if "table.NAME" in listed:
                self.assertTrue([each for each in found if each.startswith("table.")])

    def test_clock_accept_changes_nothing_while_the_clock_is_trusted(self) -> None:
        facts = {each["name"]: each["value"] for each in self.ask("STATUS")["facts"]}
        reply = self.ask("CLOCK_ACCEPT")
        self.assertEqual(reply["wasSuspect"], facts["clock"] == "suspect")
        self.assertGreaterEqual(reply["now"], int(facts["now"]))
        self.assertFalse(self.ask("CLOCK_ACCEPT")["wasSuspect"])

    def durable(self) -> bool:
        facts = {each["name"]: each["value"] for each in self.ask("STATUS")["facts"]}
        return facts["durability"] != "volatile"

    def test_snapshot_and_backup_are_not_durable_where_nothing_is_kept(self) -> None:
        for name, fields in (("SNAPSHOT", {}), ("BACKUP", {"name": "conformance"})):
            with self.subTest(name):
                if self.durable():
                    self.ask(name, **fields)
                else:
                    self.refused("NOT_DURABLE", name, **fields)

    def test_backup_names_are_checked(self) -> None:
        for name in ("", ".hidden", "a/b", "n" * 65, "a b", "\u00e9"):
            with self.subTest(name[:4]):
                if self.durable():
                    self.refused("INVALID_FIELD", "BACKUP", "name", name=name)
                else:
                    self.refused("NOT_DURABLE", "BACKUP", name=name)

    def audit(self) -> List[Record]:
        found: List[Record] = []
        cursor, more = 0, True
        while more:
            page = self.ask("AUDIT", cursor=cursor, maxBytes=0)
            found += page["records"]
            cursor = page["nextCursor"]
            more = cursor != 0
        return found

    def test_audit_tells_who_did_what(self) -> None:
        admin = someone("admin")
        reply = self.ask("APP_REGISTER", acting=person(admin, True), fields=app_fields())
        records = [each for each in self.audit() if each["clientId"] == reply["clientId"]]
        self.assertEqual([(each["event"], each["actor"], each["result"], each["peerUid"])
                          for each in records],
                         [("app-registered", admin, "OK", self.link.hello["peerUid"])])
        self.assertEqual(records[0]["position"], reply["position"])

    def test_audit_tells_refusals_by_status_name(self) -> None:
        user = someone()
        self.refused("FORBIDDEN", "APP_REGISTER", acting=person(user), fields=app_fields())
        found = [each for each in self.audit() if each["actor"] == user]
        self.assertEqual([(each["event"], each["result"]) for each in found],
                         [("app-registered", "FORBIDDEN")])

    def test_audit_names_are_those_of_the_table(self) -> None:
        events = {each["name"] for each in load_schema()["auditEvents"]}
        records = self.audit()
        self.assertLessEqual({each["event"] for each in records}, events)
        self.assertLessEqual({each["result"] for each in records}, set(BY_NAME))

    def test_audit_is_oldest_first_and_pages(self) -> None:
        records = self.audit()
        positions = [each["position"] for each in records]
        self.assertEqual(positions, sorted(positions))
        page = self.ask("AUDIT", cursor=0, maxBytes=1)
        self.assertEqual(len(page["records"]), 1)
        self.assertEqual(page["records"][0], records[0])
