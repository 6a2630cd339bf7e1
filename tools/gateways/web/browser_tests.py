"""What people see and do, in Chromium."""

from selenium.webdriver.common.keys import Keys

from .story import Story


def run(tally, stack, client, pictures):
    story = Story(stack, client, tally.case, pictures)
    story.switch_on()
    story.whole("alice", "Alice's app")
    story.whole("admin", "Admin's app")
    _trusted(tally, story)
    _owner(tally, story)
    _keyboard(tally, story)
    _narrow(tally, story)


def _trusted(tally, story):
    """A trusted application asks nobody."""
    with story.browser("admin") as page:
        secret = story.register(page, "admin", "Trusted app", trusted=True)
        story.begin(page, secret)
        tally.case("trusted: straight through", "admin", page.text("#user"))


def _owner(tally, story):
    """Edit, regenerate, delete; and what alice may not."""
    with story.browser("alice") as page:
        page.open("/console/system")
        page.picture("alice-system-console-refused")
        tally.case("alice: no system console", True,
                   "For system administrators only" in page.title
                   and "System console" not in page.text("nav"))
        admins = story.client.client_id
        page.open(f"/console/applications/{admins}")
        tally.case("alice: another person's application is not there", True,
                   "client-id" not in page.driver.page_source)
        secret = story.register(page, "alice", "Short-lived")
        story.begin(page, secret)
        page.press("Allow")
        mine = f"/console/applications/{story.client.client_id}"
        page.open(mine)
        page.press("Edit")
        page.fill("Display name", "Renamed <b>&amp;")
        page.press("Save")
        tally.case("edit: markup in a name is text", "Renamed <b>&amp;", page.text("h2"))
        page.press("Regenerate secret")
        page.picture("alice-regenerate")
        page.press("Regenerate secret")
        fresh = page.text("#client-secret")
        status, _ = story.client.token(grant_type="refresh_token",
                                       refresh_token=story.client.tokens["refresh_token"])
        tally.case("regenerate: the old secret fails, the token lives", (401, 200),
                   (status, story.client.who()[0]))
        story.client.secret = fresh
        status, _ = story.client.token(grant_type="refresh_token",
                                       refresh_token=story.client.tokens["refresh_token"])
        tally.case("regenerate: the new secret works", 200, status)
        page.open(mine)
        page.press("Delete")
        page.picture("alice-delete")
        page.press("Delete")
        tally.case("delete: gone from the list, the token with it", (False, 401),
                   ("Renamed" in page.text("main"), story.client.who()[0]))


def _keyboard(tally, story):
    """Register and Allow without a mouse, by Tab, Space and Enter."""
    with story.browser("alice") as page:
        page.open("/console/applications/new")
        page.type_keys(Keys.TAB)
        first = page.driver.switch_to.active_element.text
        tally.case("keyboard: the first stop is Skip to content", "Skip to content", first)
        for label, text in (("Display name", "By keyboard"), ("Description", "No mouse."),
                            ("Homepage", story.client.url + "/"),
                            ("Callback URLs", story.client.callback)):
            reached = page.tab_to(label)
            tally.case(f"keyboard: Tab comes to {label}", True, reached is not None)
            page.type_keys(text)
        page.tab_to("Register")
        page.press_key(Keys.ENTER)
        story.client.client_id = page.text("#client-id")
        story.client.secret = page.text("#client-secret")
        page.open(story.client.begin())
        page.tab_to("Allow")
        outline = page.driver.execute_script(
            "const s = getComputedStyle(document.activeElement);"
            "return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0;")
        page.picture("keyboard-consent")
        tally.case("keyboard: the focus can be seen", True, outline)
        page.press_key(Keys.SPACE)
        tally.case("keyboard: Allow by Space", "alice", page.text("#user"))
        page.open("/console/authorized")
        page.tab_to("Revoke")
        page.press_key(Keys.ENTER)
        tally.case("keyboard: Revoke by Enter", True,
                   page.text("[role=status]").startswith("Revoked"))


def _narrow(tally, story):
    """A phone of 360 pixels: nothing to scroll sideways."""
    with story.browser("admin", width=360) as page:
        page.resize(360, 800)
        for name, path in (("applications", "/console/applications"),
                           ("register", "/console/applications/new"),
                           ("application", "/console/applications/" + story.client.client_id),
                           ("authorized", "/console/authorized"), ("system", "/console/system"),
                           ("consent", story.client.begin()),
                           ("error", "/oauth/authorize?client_id=nobody")):
            page.open(path)
            page.picture(f"phone-{name}")
            tally.case(f"360 pixels: {name} is not too wide", False, page.is_too_wide())
            tally.case(f"{name}: one heading, a language, labels for all fields",
                       (1, "en", 0), _facts(page))
            if name == "application":
                size = page.driver.execute_script(
                    "const b = document.querySelector('.icon').getBoundingClientRect();"
                    "return [b.width, b.height]")
                tally.case("an application without icon has a square", [56, 56], size)


def _facts(page):
    return tuple(page.driver.execute_script(
        "return [document.querySelectorAll('h1').length, document.documentElement.lang,"
        "[...document.querySelectorAll('input:not([type=hidden]),textarea')]"
        ".filter(e => !e.labels.length).length]"))
