"""The documentation, clicked through in a browser: switch on, register, authorize, deny, allow,
list, revoke. tools/demo and the tests tell it."""

from .browser import Browser

CONSENT = "Allow an application to use your account?"


class Story:
    """`case(name, expected, seen)` is told what was seen at each step."""

    def __init__(self, stack, client, case, pictures):
        self.stack, self.client, self.case = stack, client, case
        self.pictures = pictures

    def browser(self, person, width=1000):
        return Browser(self.stack.url, person, self.stack.passwords[person], self.pictures, width)

    def switch_on(self):
        """The administrator's part: the provider, and that everybody may register."""
        with self.browser("admin") as page:
            page.press("System console")
            page.picture("admin-1-system-console")
            page.choose("Enable OAuth 2.0 service provider", "On")
            page.choose("Restrict managing integrations", "Off")
            page.press("Save")
            self.case("admin: switches the provider on", "Saved. It is in force now.",
                      page.text("[role=status]"))
            self.case("admin: the browser has no complaint", [], page.complaints())

    def register(self, page, person, name, trusted=False):
        """Registers the sample application. Leaves its id and secret with it."""
        page.open("/console/applications")
        page.press("Register an application")
        self.case(f"{person}: Is Trusted is offered to administrators only", person == "admin",
                  page.has_field("This application is trusted"))
        # With a field wrong first: what was typed stays, and the field says what is wrong.
        page.fill("Display name", name)
        page.fill("Description", "Shows who you are.")
        page.fill("Homepage", "not an address")
        page.fill("Callback URLs", self.client.callback)
        page.press("Register")
        page.picture(f"{person}-2-register-refused")
        field = page.field("Homepage")
        self.case(f"{person}: a wrong field is marked, what was typed is kept",
                  ("true", "not an address", name),
                  (field.get_attribute("aria-invalid"), field.get_attribute("value"),
                   page.field("Display name").get_attribute("value")))
        page.fill("Homepage", self.client.url + "/")
        if trusted:
            page.tick("This application is trusted")
        page.picture(f"{person}-3-register")
        page.press("Register")
        page.picture(f"{person}-4-registered")
        self.client.client_id = page.text("#client-id")
        secret = page.text("#client-secret")
        self.case(f"{person}: gets id, secret and callback",
                  (26, "sgs_", self.client.callback),
                  (len(self.client.client_id), secret[:4], page.text("#callbacks")))
        page.driver.refresh()
        self.case(f"{person}: the secret is shown once", False, page.has("#client-secret"))
        page.open("/console/applications")
        page.picture(f"{person}-5-applications")
        self.case(f"{person}: the list has it", True, name in page.text("#applications"))
        return secret

    def begin(self, page, secret):
        """In the sample application: id and secret, and on to Signet."""
        page.open(self.client.url + "/")
        page.fill("Client ID", self.client.client_id)
        page.fill("Client secret", secret)
        page.press("Save and sign in")

    def deny_then_allow(self, page, person, name, secret):
        self.begin(page, secret)
        page.picture(f"{person}-6-consent")
        self.case(f"{person}: is asked", (CONSENT, True, True),
                  (page.text("h1"), name in page.text("main"),
                   self.client.url.partition("//")[2] in page.text("#callback-host")
                   or "127.0.0.1" in page.text("#callback-host")))
        page.press("Deny")
        page.picture(f"{person}-7-denied")
        self.case(f"{person}: Deny", "Not signed in: access_denied", page.text("#problem"))
        page.open(self.client.url + "/login")
        self.case(f"{person}: is asked again after Deny", CONSENT, page.text("h1"))
        page.press("Allow")
        page.picture(f"{person}-8-signed-in")
        self.case(f"{person}: Allow, and the API knows who it is", person, page.text("#user"))

    def later(self, page, person):
        page.press("Sign in again")
        self.case(f"{person}: a later visit goes straight through", person, page.text("#user"))
        page.press("Refresh the token")
        self.case(f"{person}: refresh", person, page.text("#user"))

    def revoke(self, page, person, name):
        page.open("/console/authorized")
        page.picture(f"{person}-9-authorized")
        self.case(f"{person}: Authorized applications has it", True,
                  name in page.text("#authorized"))
        page.press("Revoke", within=name)
        page.picture(f"{person}-10-revoked")
        self.case(f"{person}: Revoke", (True, False), (
            page.text("[role=status]").startswith("Revoked"),
            page.has("#authorized") and name in page.text("#authorized")))
        self.case(f"{person}: the next request is refused", 401, self.client.who()[0])
        page.open(self.client.url + "/login")
        self.case(f"{person}: is asked again after Revoke", CONSENT, page.text("h1"))

    def whole(self, person, name):
        """Register → authorize → Deny → authorize → Allow → list → revoke."""
        with self.browser(person) as page:
            secret = self.register(page, person, name)
            self.client.secret = secret
            self.deny_then_allow(page, person, name, secret)
            self.later(page, person)
            self.revoke(page, person, name)
            self.case(f"{person}: the browser has no complaint", [], page.complaints())
