"""Chromium, driven as a person uses it: fields by their labels, buttons and links by their words."""

import base64
import os
import shutil
import tempfile
import urllib.parse

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

SECONDS = 30


def _quoted(text):
    return f"'{text}'" if "'" not in text else f'"{text}"'


class Browser:
    """A person's browser, logged in at the site by name and password. `pictures`: the folder where
    screenshots are kept."""

    def __init__(self, site, person=None, password=None, pictures=None, width=1000):
        self.site, self.pictures, self.person = site, pictures, person
        self.home = tempfile.mkdtemp(prefix="signet-browser-")
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage",
                         "--disable-gpu", "--no-proxy-server", "--no-first-run",
                         "--disable-background-networking", "--disable-component-update",
                         "--hide-scrollbars", f"--window-size={max(width, 500)},900",
                         f"--user-data-dir={self.home}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        service = webdriver.ChromeService(shutil.which("chromedriver") or "/usr/bin/chromedriver")
        self.driver = webdriver.Chrome(options=options, service=service)
        self.resize(width)
        if person:
            # A browser keeps what it was given in an address for the rest of its session.
            parts = urllib.parse.urlsplit(site)
            self.driver.get(f"{parts.scheme}://{person}:{password}@{parts.netloc}/console")

    def close(self):
        self.driver.quit()
        shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def resize(self, width, height=900):
        """What the page has, without any window around it."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})

    def open(self, path):
        self.driver.get(self.site + path if path.startswith("/") else path)

    @property
    def address(self):
        return self.driver.current_url

    @property
    def path(self):
        return urllib.parse.urlsplit(self.address).path

    @property
    def title(self):
        return self.driver.title

    def text(self, css="body"):
        return self.driver.find_element(By.CSS_SELECTOR, css).text

    def attribute(self, css, name):
        return self.driver.find_element(By.CSS_SELECTOR, css).get_attribute(name)

    def has(self, css):
        return bool(self.driver.find_elements(By.CSS_SELECTOR, css))

    def field(self, label):
        """The field that a label belongs to: who hears the page finds it the same way."""
        found = self.driver.find_element(
            By.XPATH, f"//label[starts-with(normalize-space(.), {_quoted(label)})]")
        return self.driver.find_element(By.ID, found.get_attribute("for"))

    def has_field(self, label):
        return bool(self.driver.find_elements(
            By.XPATH, f"//label[starts-with(normalize-space(.), {_quoted(label)})]"))

    def fill(self, label, text):
        field = self.field(label)
        field.clear()
        field.send_keys(text)

    def tick(self, label, on=True):
        field = self.field(label)
        if field.is_selected() != on:
            field.click()

    def choose(self, question, answer):
        """One of the answers to a question (a fieldset with its legend)."""
        label = self.driver.find_element(
            By.XPATH, f"//fieldset[legend[contains(normalize-space(.), {_quoted(question)})]]"
            f"//label[normalize-space(.)={_quoted(answer)}]")
        self.driver.find_element(By.ID, label.get_attribute("for")).click()

    def press(self, words, within=None):
        """A button, or a link that looks like one; of several, the one in the part of the page
        that has `within` in its text. Waits until the next page is there."""
        where = f"//*[self::li or self::tr or self::article or self::section or self::form]" \
                f"[contains(normalize-space(.), {_quoted(within)})]" if within else ""
        found = self.driver.find_elements(
            By.XPATH, f"{where}//*[self::button or self::a][normalize-space(.)={_quoted(words)}]")
        if not found:
            raise AssertionError(f"no button or link {words!r} on {self.path}: {self.text()[:300]}")
        old = self.driver.find_element(By.TAG_NAME, "html")
        found[-1].click()
        self._wait_past(old)

    def _wait_past(self, old):
        """Until another document is there and read."""
        def gone(driver):
            try:
                return driver.find_element(By.TAG_NAME, "html").id != old.id and \
                    driver.execute_script("return document.readyState") == "complete"
            except Exception:  # noqa: BLE001  # between two documents there is none to ask
                return False
        WebDriverWait(self.driver, SECONDS, poll_frequency=0.02).until(gone)

    # ---- The keyboard alone ----------------------------------------------------------------

    def type_keys(self, *keys):
        self.driver.switch_to.active_element.send_keys(*keys)

    def tab_to(self, words, at_most=40):
        """Tab until a field with that label, or a button or link with these words, has the focus.
        Returns how many times, None when it never comes."""
        script = """const e = document.activeElement;
            const label = e.id && document.querySelector('label[for="' + e.id + '"]');
            return (label ? label.innerText : e.innerText || '').trim();"""
        for count in range(1, at_most + 1):
            self.type_keys(Keys.TAB)
            if self.driver.execute_script(script).startswith(words):
                return count
        return None

    def press_key(self, key):
        old = self.driver.find_element(By.TAG_NAME, "html")
        self.type_keys(key)
        self._wait_past(old)

    # ---- What can be seen ------------------------------------------------------------------

    def picture(self, name):
        """Keeps the whole page as a picture; returns where."""
        if not self.pictures:
            return None
        os.makedirs(self.pictures, exist_ok=True)
        path = os.path.join(self.pictures, name + ".png")
        whole = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True})
        with open(path, "wb") as file:
            file.write(base64.b64decode(whole["data"]))
        return path

    def is_too_wide(self):
        """Whether a person would have to scroll sideways."""
        return self.driver.execute_script(
            "const d = document.documentElement; return d.scrollWidth > d.clientWidth")

    def complaints(self):
        """What the browser itself found wrong, such as what a content security policy refused; a
        form that came back with status 400 is none of that."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] == "SEVERE" and "favicon" not in entry["message"]
                and "status of 400" not in entry["message"]]
