"""Part 2: apps, who may do what, grants."""

from __future__ import annotations

from typing import Any, Dict, List

from signet import tokens
from signet.errors import Refused
from signet.verdicts import Verdict
from signet.wire import Record

from .jsonform import load
from .live import (CALLBACK, LOCAL, App, Live, app_fields, authorize_fields, person, query_of,
                   someone)

NOBODY = "a" * 26


class Apps(Live):
    """Registering, changing, deleting."""

    def get(self, client_id: str) -> Record:
        return self.ask("APP_GET", acting=LOCAL, clientId=client_id)["app"]

    def test_registered_app_is_stored_as_wished(self) -> None:
        wish = app_fields(name="M\u00e4il", description="a\nb", iconUrl="https://app.example/i",
                          callbacks=[CALLBACK, "http://127.0.0.1:80/x"], trusted=True, grants=7,
                          audiences=["https://api.example"], scopes="write read")
        reply = self.ask("APP_REGISTER", acting=LOCAL, fields=wish)
        self.assertRegex(reply["clientId"], r"^[a-z2-7]{26}$")
        self.assertRegex(reply["clientSecret"], r"^sgs_[0-9A-Za-z]{50}$")
        self.assertEqual((reply["callbacks"], reply["notes"]), (wish["callbacks"], 0))
        app = self.get(reply["clientId"])
        self.assertEqual(sorted(app["scopes"].split(" ")), ["read", "write"])
        for name in wish:
            if name != "scopes":
                self.assertEqual(app[name], wish[name], name)
        self.assertEqual((app["creator"], app["revision"], app["dynamicallyRegistered"]),
                         ("", 1, False))
        self.assertEqual(app["createdAt"], app["updatedAt"])

    def test_grants_0_are_code_and_refresh_and_public_has_no_secret(self) -> None:
        reply = self.ask("APP_REGISTER", acting=LOCAL, fields=app_fields(isPublic=True))
        self.assertEqual(reply["clientSecret"], "")
        self.assertEqual(self.get(reply["clientId"])["grants"], 3)
        self.refused("PUBLIC_CLIENT", "APP_REGENERATE_SECRET", acting=LOCAL,
                     clientId=reply["clientId"])

    def test_bad_fields_are_refused_by_name(self) -> None:
        bad: List[Any] = [
            ("INVALID_FIELD", "fields.name", {"name": ""}),
            ("INVALID_FIELD", "fields.name", {"name": "n" * 65}),
            ("INVALID_FIELD", "fields.name", {"name": "a\nb"}),
            ("INVALID_FIELD", "fields.description", {"description": "d" * 513}),
            ("INVALID_FIELD", "fields.homepage", {"homepage": ""}),
            ("INVALID_FIELD", "fields.homepage", {"homepage": "ftp://a.example/"}),
            ("INVALID_FIELD", "fields.iconUrl", {"iconUrl": "javascript:x"}),
            ("INVALID_FIELD", "fields.callbacks", {"callbacks": []}),
            ("INVALID_FIELD", "fields.callbacks", {
                "callbacks": [f"{CALLBACK}/{n}" for n in range(17)]}),
            ("INVALID_FIELD", "fields.callbacks[1]",
             {"callbacks": [CALLBACK, "https://a.example/#x"]}),
            ("INVALID_FIELD", "fields.callbacks[1]", {"callbacks": [CALLBACK, CALLBACK]}),
            ("INVALID_FIELD", "fields.grants", {"grants": 16}),
            ("INVALID_FIELD", "fields.grants", {"grants": 5, "isPublic": True}),
            ("INVALID_FIELD", "fields.audiences[0]", {"audiences": ["/relative"]}),
            ("INVALID_FIELD", "fields.audiences", {
                "audiences": [f"urn:x:{n}" for n in range(9)]}),
        ]
        for status, field, wish in bad:
            with self.subTest(field=field, wish=str(wish)[:40]):
                self.refused(status, "APP_REGISTER", field, acting=LOCAL,
                             fields=app_fields(**wish))

    def test_bad_scopes_of_an_app_are_refused_by_name(self) -> None:
        with self.assertRaises(Refused) as caught:
            self.link.call("APP_REGISTER", self.keyed("APP_REGISTER", dict(
                acting=LOCAL, fields=app_fields(scopes=" x"))))
        self.assertEqual((caught.exception.status.name, caught.exception.field),
                         ("INVALID_FIELD", "fields.scopes"))

    def test_golden_urls_as_callback_homepage_and_icon(self) -> None:
        self.set_back(require_https_urls="false")
        names = {"callback": "callbacks", "homepage": "homepage", "icon": "iconUrl"}
        for https in (False, True):
            self.set(require_https_urls="true" if https else "false")
            for case in load("urls.json")["vectors"]:
                raw = bytes.fromhex(case["hex"])
                if case["requireHttps"] is not https or case["use"] not in names:
                    continue
                try:
                    text = raw.decode()
                except UnicodeDecodeError:
                    continue  # no text: MALFORMED, which the golden bodies test
                wish = {names[case["use"]]: [text] if case["use"] == "callback" else text}
                with self.subTest(case["name"]):
                    self.accepts(app_fields(**wish), case["valid"])

    def accepts(self, fields: Record, valid: bool) -> None:
        try:
            self.link.call("APP_REGISTER", {"key": bytes(16), "acting": LOCAL, "fields": fields})
            accepted = True
        except Refused as refused:
            self.assertEqual(refused.status.name, "INVALID_FIELD")
            accepted = False
        self.assertEqual(accepted, valid)

    def test_golden_redirect_uris_at_authorize(self) -> None:
        apps: Dict[Any, App] = {}
        user = someone()
        for case in load("redirects.json")["vectors"]:
            try:
                text = bytes.fromhex(case["presentedHex"]).decode()
            except UnicodeDecodeError:
                continue
            if not all(uri.startswith("http") for uri in case["registered"]):
                continue  # an app's own scheme comes by dynamic registration only
            key = (tuple(case["registered"]), case["publicClient"])
            if key not in apps:
                apps[key] = self.register(callbacks=case["registered"], isPublic=key[1])
            with self.subTest(case["name"]):
                page = self.authorize(apps[key], user, redirectUri=text)
                self.assertEqual(page["result"] != 3, case["match"])

    def test_update_replaces_all_fields_and_counts_revisions(self) -> None:
        app = self.register()
        wish = app_fields(name="New", callbacks=[f"{CALLBACK}/new"], scopes="user")
        reply = self.ask("APP_UPDATE", acting=LOCAL, clientId=app.client_id, revision=1,
                         fields=wish)
        self.assertEqual((reply["app"]["name"], reply["app"]["revision"], reply["notes"]),
                         ("New", 2, 0))
        self.assertEqual(reply["app"], self.get(app.client_id))
        self.refused("REVISION_CONFLICT", "APP_UPDATE", acting=LOCAL, clientId=app.client_id,
                     revision=1, fields=wish)
        self.refused("INVALID_FIELD", "APP_UPDATE", "fields.isPublic", acting=LOCAL,
                     clientId=app.client_id, revision=0, fields={**wish, "isPublic": True})

    def test_regenerating_the_secret_leaves_the_revision_and_open_tickets(self) -> None:
        app, user = self.register(), someone()
        ticket = self.authorize(app, user)["ticket"]
        self.ask("APP_REGENERATE_SECRET", acting=LOCAL, clientId=app.client_id)
        self.assertEqual(self.get(app.client_id)["revision"], 1)
        self.ask("ALLOW", acting=person(user), ticket=ticket)

    def test_deleted_app_is_gone_with_its_tokens(self) -> None:
        app = self.register()
        made = self.login(app, someone())
        self.ask("APP_DELETE", acting=LOCAL, clientId=app.client_id)
        self.assertEqual(self.verdicts(made["accessToken"]), [Verdict.REVOKED])
        for name in ("APP_GET", "APP_INFO", "APP_DELETE", "APP_REGENERATE_SECRET"):
            self.refused("NOT_FOUND", name, acting=LOCAL, clientId=app.client_id)
        self.refused("INVALID_CLIENT", "REFRESH", client=app.auth(),
                     refreshToken=made["refreshToken"], scope="", resource="")

    def test_unknown_and_badly_formed_client_ids_are_not_found(self) -> None:
        for client_id in (NOBODY, "", "x", "\u00e9"):
            self.refused("NOT_FOUND", "APP_GET", acting=LOCAL, clientId=client_id)

    def test_pages_of_one_byte_hold_one_app_each(self) -> None:
        admin = someone("admin")
        mine = {self.ask("APP_REGISTER", acting=person(admin, True),
                         fields=app_fields())["clientId"] for _ in range(5)}
        seen, cursor, pages = [], 0, 0
        while pages == 0 or cursor:
            page = self.ask("APP_LIST", acting=person(admin, True), all=False, cursor=cursor,
                            maxBytes=1)
            seen += [app["clientId"] for app in page["apps"]]
            cursor, pages = page["nextCursor"], pages + 1
            self.assertLessEqual(len(page["apps"]), 1)
        self.assertEqual((sorted(seen), len(seen)), (sorted(mine), 5))
        everything = [self.ask("APP_LIST", acting=LOCAL, all=flag, cursor=0, maxBytes=0)["apps"]
                      for flag in (True, False)]
        self.assertGreaterEqual(len(everything[0]), 5)
        with self.subTest("local has no apps of its own: `all` is taken as set"):
            self.assertEqual(everything[0], everything[1])


class Persons(Live):
    """Acting persons: restrictions, notes, trust, the matrix of rights.md."""

    def setUp(self) -> None:
        super().setUp()
        self.set_back(restrict_integrations_to_admins="true")

    def test_persons_may_not_register_while_restricted(self) -> None:
        user = person(someone())
        self.refused("FORBIDDEN", "APP_REGISTER", acting=user, fields=app_fields())
        self.set(restrict_integrations_to_admins="false")
        self.ask("APP_REGISTER", acting=user, fields=app_fields())

    def test_wishes_of_persons_are_cut_and_noted(self) -> None:
        self.set(restrict_integrations_to_admins="false")
        user = person(someone())
        reply = self.ask("APP_REGISTER", acting=user, fields=app_fields(
            trusted=True, grants=15, audiences=["https://api.example"]))
        self.assertEqual(reply["notes"], 3)
        app = self.ask("APP_GET", acting=user, clientId=reply["clientId"])["app"]
        self.assertEqual((app["trusted"], app["grants"], app["audiences"], app["creator"]),
                         (False, 3, [], user["user"]))

    def test_change_by_its_creator_takes_trust_away(self) -> None:
        self.set(restrict_integrations_to_admins="false")
        user = person(someone())
        client = self.ask("APP_REGISTER", acting=user, fields=app_fields())["clientId"]
        self.ask("APP_UPDATE", acting=LOCAL, clientId=client, revision=0,
                 fields=app_fields(trusted=True))
        kept = self.ask("APP_UPDATE", acting=user, clientId=client, revision=0,
                        fields=app_fields(trusted=True, description="new"))
        self.assertEqual((kept["app"]["trusted"], kept["notes"] & 4), (True, 0))
        lost = self.ask("APP_UPDATE", acting=user, clientId=client, revision=0,
                        fields=app_fields(trusted=True, description="new", name="Other"))
        self.assertEqual((lost["app"]["trusted"], lost["notes"] & 4), (False, 4))

    def test_matrix_of_acting_persons(self) -> None:
        self.set(restrict_integrations_to_admins="false")
        owner, other = someone("owner"), someone("other")
        client = self.ask("APP_REGISTER", acting=person(owner), fields=app_fields())["clientId"]
        app = App(client, "", CALLBACK, False)
        grant = self.issue(app, owner)["grant"]
        page = {"cursor": 0, "maxBytes": 0}
        table: List[Any] = [  # name, fields, what another's session gets
            ("APP_GET", {"clientId": client}, "FORBIDDEN"),
            ("APP_LIST", {"all": True, **page}, "FORBIDDEN"),
            ("APP_UPDATE", {"clientId": client, "revision": 0, "fields": app_fields()},
             "FORBIDDEN"),
            ("APP_REGENERATE_SECRET", {"clientId": client}, "FORBIDDEN"),
            ("APP_DELETE", {"clientId": client}, "FORBIDDEN"),
            ("GRANT_LIST", {"user": owner, "clientId": "", **page}, "FORBIDDEN"),
            ("GRANT_GET", {"reference": grant}, "NOT_FOUND"),
            ("GRANT_REVOKE", {"reference": grant}, "NOT_FOUND"),
            ("AUTHORIZED_APPS", {"user": owner, **page}, "FORBIDDEN"),
            ("DEAUTHORIZE", {"user": owner, "clientId": client}, "FORBIDDEN"),
            ("SETTINGS_GET", {}, "FORBIDDEN"),
            ("SETTINGS_SET", {"settings": []}, "FORBIDDEN"),
        ]
        for name, fields, status in table:
            with self.subTest(name):
                self.refused(status, name, acting=person(other), **fields)
            for admin in (False, True):
                with self.subTest(name, acting="oauthToken", systemAdmin=admin):
                    self.refused("PERSON_LOGIN_REFUSED", name,
                                 acting=person(owner, admin, login=2), **fields)
        for name, fields, _ in table:
            if name not in ("APP_DELETE", "GRANT_REVOKE"):
                with self.subTest(name, acting="administrator"):
                    self.ask(name, acting=person(other, True), **fields)

    def test_everybody_may_see_what_an_app_is_called(self) -> None:
        app = self.register(name="Seen")
        for acting in (LOCAL, person(someone()), person(someone(), login=2)):
            found = self.ask("APP_INFO", acting=acting, clientId=app.client_id)["app"]
            self.assertEqual(found["name"], "Seen")

    def test_disabled_person_is_refused_everywhere(self) -> None:
        user = someone()
        self.ask("USER_DISABLE", user=user)
        app = self.register()
        self.refused("USER_DISABLED", "AUTHORIZE", **authorize_fields(app, user))
        self.refused("USER_DISABLED", "APP_INFO", acting=person(user), clientId=app.client_id)
        self.refused("USER_DISABLED", "GRANT_LIST", acting=person(user), user="", clientId="",
                     cursor=0, maxBytes=0)

    def test_acting_user_is_named_when_it_is_no_user_id(self) -> None:
        for user in ("", "a b", "u" * 129, "m\u00e4ra"):
            self.refused("INVALID_FIELD", "GRANT_LIST", "acting.user", acting=person(user),
                         user="", clientId="", cursor=0, maxBytes=0)


class Grants(Live):
    """GRANT_*, AUTHORIZED_APPS, DEAUTHORIZE."""

    def setUp(self) -> None:
        super().setUp()
        self.app, self.user = self.register(name="Granted"), someone()
        self.tokens = self.login(self.app, self.user, scope="read")

    def test_list_shows_own_grants(self) -> None:
        self.login(self.app, self.user)
        page = self.ask("GRANT_LIST", acting=person(self.user), user="", clientId="", cursor=0,
                        maxBytes=0)
        self.assertEqual((len(page["grants"]), page["nextCursor"]), (2, 0))
        found = next(g for g in page["grants"] if g["grant"] == self.tokens["grant"])
        self.assertEqual((found["clientId"], found["appName"], found["user"], found["scope"]),
                         (self.app.client_id, "Granted", self.user, "read"))
        self.assertEqual((found["audience"], found["hasRefresh"]), ("", True))
        self.assertTrue(0 < found["createdAt"] <= found["lastIssuedAt"] < found["expiresAt"])

    def test_list_pages_and_filters(self) -> None:
        for _ in range(3):
            self.login(self.app, self.user)
        seen, cursor, pages = set(), 0, 0
        while pages == 0 or cursor:
            page = self.ask("GRANT_LIST", acting=LOCAL, user=self.user,
                            clientId=self.app.client_id, cursor=cursor, maxBytes=1)
            seen |= {grant["grant"] for grant in page["grants"]}
            cursor, pages = page["nextCursor"], pages + 1
        self.assertEqual(len(seen), 4)
        none = self.ask("GRANT_LIST", acting=LOCAL, user=self.user, clientId=NOBODY, cursor=0,
                        maxBytes=0)
        self.assertEqual(none["grants"], [])

    def test_get_by_reference_and_by_accessor(self) -> None:
        for name in ("grant", "accessor"):
            found = self.ask("GRANT_GET", acting=person(self.user), reference=self.tokens[name])
            self.assertEqual(found["grant"]["grant"], self.tokens["grant"])

    def test_other_references_are_refused(self) -> None:
        for text in ("junk", "", self.tokens["accessToken"], self.tokens["grant"] + "0"):
            for name in ("GRANT_GET", "GRANT_REVOKE"):
                with self.subTest(name, text=text[:4]):
                    self.refused("INVALID_FIELD", name, "reference", acting=LOCAL, reference=text)

    def test_unknown_references_are_not_found(self) -> None:
        for kind in ("grant", "accessor"):
            text = tokens.write(tokens.Token(kind, (1, 2))).decode()
            for name in ("GRANT_GET", "GRANT_REVOKE"):
                with self.subTest(name, kind=kind):
                    self.refused("NOT_FOUND", name, acting=LOCAL, reference=text)

    def test_revoking_by_an_accessor_ends_the_whole_grant(self) -> None:
        self.ask("GRANT_REVOKE", acting=person(self.user), reference=self.tokens["accessor"])
        self.assertEqual(self.verdicts(self.tokens["accessToken"]), [Verdict.REVOKED])
        self.refused("INVALID_GRANT", "REFRESH", client=self.app.auth(),
                     refreshToken=self.tokens["refreshToken"], scope="", resource="")

    def test_local_must_say_whose_apps(self) -> None:
        self.refused("INVALID_FIELD", "AUTHORIZED_APPS", "user", acting=LOCAL, user="", cursor=0,
                     maxBytes=0)
        self.refused("INVALID_FIELD", "DEAUTHORIZE", "user", acting=LOCAL, user="",
                     clientId=self.app.client_id)

    def test_revoking_a_grant_ends_all_and_consent_stays(self) -> None:
        self.ask("GRANT_REVOKE", acting=person(self.user), reference=self.tokens["grant"])
        self.assertEqual(self.verdicts(self.tokens["accessToken"]), [Verdict.REVOKED])
        self.refused("NOT_FOUND", "GRANT_GET", acting=LOCAL, reference=self.tokens["grant"])
        self.assertEqual(self.authorize(self.app, self.user, scope="read")["result"], 1)

    def test_authorized_apps_until_deauthorized(self) -> None:
        body = dict(acting=person(self.user), user="", cursor=0, maxBytes=0)
        found = self.ask("AUTHORIZED_APPS", **body)["apps"]
        self.assertEqual([(each["app"]["clientId"], each["scope"], each["grants"])
                          for each in found], [(self.app.client_id, "read", 1)])
        reply = self.authorize(self.app, self.user, scope="read")
        code = query_of(reply["redirect"])["code"]
        self.ask("DEAUTHORIZE", acting=person(self.user), user="", clientId=self.app.client_id)
        self.assertEqual(self.ask("AUTHORIZED_APPS", **body)["apps"], [])
        self.refused("INVALID_GRANT", "EXCHANGE", client=self.app.auth(), code=code,
                     redirectUri=CALLBACK, codeVerifier="", resource="")
        self.ask("DEAUTHORIZE", acting=person(self.user), user="", clientId=NOBODY)

    def test_more_than_grants_per_user_ends_the_least_recently_used(self) -> None:
        self.set_back(grants_per_user="500")
        self.set(grants_per_user="2")
        newer = [self.login(self.app, self.user, scope="read") for _ in range(2)]
        self.assertEqual(self.verdicts(self.tokens["accessToken"],
                                       *[each["accessToken"] for each in newer]), [5, 0, 0])
