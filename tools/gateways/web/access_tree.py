"""A page as a screen reader gets it: Chromium's accessibility tree, beside the elements of the
document that its nodes stand for."""

CONTROLS = {"link", "button", "textbox", "searchbox", "checkbox", "radio", "switch", "combobox",
            "listbox", "slider", "spinbutton", "menuitem", "tab"}
GROUPS = {"group", "radiogroup"}
# Notes every element that gets the focus: its place among all elements, and whether it shows that.
NOTE_FOCUS = """
    window.focusNoted = [];
    document.addEventListener('focusin', event => {
      const style = getComputedStyle(event.target);
      const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
        && style.outlineColor !== 'rgba(0, 0, 0, 0)';
      window.focusNoted.push([[...document.querySelectorAll('*')].indexOf(event.target),
        outline || style.boxShadow !== 'none']);
    });"""
TAB = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}


class Element:
    """An element of the document."""

    def __init__(self, found, parent):
        self.tag, self.parent, self.key = found["nodeName"].lower(), parent, found["backendNodeId"]
        given = found.get("attributes", [])
        self.attributes = dict(zip(given[::2], given[1::2]))

    def within(self, tag):
        """The nearest element of that name around this one, or None."""
        element = self.parent
        while element is not None and element.tag != tag:
            element = element.parent
        return element

    @property
    def is_tab_stop(self):
        """What the keyboard comes to, radio buttons one by one."""
        given = self.attributes
        if "tabindex" in given:
            return int(given["tabindex"]) >= 0
        if self.tag == "a":
            return "href" in given
        return (self.tag in ("button", "input", "select", "textarea", "summary")
                and given.get("type") != "hidden" and "disabled" not in given)

    def __str__(self):
        given = self.attributes
        more = "".join(f" {name}={given[name]}" for name in ("id", "href", "name") if name in given)
        return f"<{self.tag}{more}>"


class Node:
    """What a screen reader gets of one element or text. `parent`: the nearest that it gets."""

    def __init__(self, found, parent, element):
        self.parent, self.element = parent, element

        def text(name):
            return " ".join(str(found.get(name, {}).get("value") or "").split())

        self.role, self.name, self.description = text("role"), text("name"), text("description")
        self.value = str(found.get("value", {}).get("value") or "")
        self.properties = {item["name"]: item["value"].get("value")
                           for item in found.get("properties", [])}

    @property
    def is_control(self):
        return self.role in CONTROLS

    @property
    def is_invalid(self):
        return self.properties.get("invalid") not in (None, "false")

    @property
    def is_required(self):
        return bool(self.properties.get("required"))

    def around(self, roles):
        """The nodes with one of these roles around this one, the nearest first."""
        node, found = self.parent, []
        while node is not None:
            if node.role in roles:
                found.append(node)
            node = node.parent
        return found

    def __str__(self):
        return f"{self.role} {self.name!r}"


class AccessTree:
    """`nodes` are in the order in which they are heard, without what is ignored; `elements` in the
    order of the document."""

    def __init__(self, nodes, document):
        self.elements, self.nodes = [], []
        self._add_element(document, None)
        by_key = {element.key: element for element in self.elements}
        by_id = {node["nodeId"]: node for node in nodes}
        self._add_node(nodes[0], None, by_id, by_key)
        self.heard_keys = {node.element.key for node in self.nodes if node.element}

    @classmethod
    def read(cls, driver):
        """The tree of the page that is open."""
        nodes = driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        return cls(nodes, driver.execute_cdp_cmd("DOM.getDocument", {"depth": -1})["root"])

    def _add_element(self, found, parent):
        if found["nodeType"] == 1:
            parent = Element(found, parent)
            self.elements.append(parent)
        for child in found.get("children", []):
            self._add_element(child, parent)

    def _add_node(self, found, parent, by_id, by_key):
        if not found.get("ignored"):
            parent = Node(found, parent, by_key.get(found.get("backendDOMNodeId")))
            self.nodes.append(parent)
        for child in found.get("childIds", []):
            if child in by_id:
                self._add_node(by_id[child], parent, by_id, by_key)

    # ---- Parts -----------------------------------------------------------------------------

    @property
    def title(self):
        return self.nodes[0].name

    @property
    def language(self):
        return self.elements[0].attributes.get("lang", "")

    def all(self, *roles):
        return [node for node in self.nodes if node.role in roles]

    @property
    def controls(self):
        return [node for node in self.nodes if node.is_control]

    def texts(self, inside):
        """What is read out inside a node."""
        return " ".join(" ".join(
            node.name for node in self.nodes
            if node.role == "StaticText" and inside in node.around({inside.role})).split())

    @property
    def told(self):
        """All of the main part in one line, a button in brackets."""
        words = []
        for node in self.nodes:
            if not node.around({"main"}):
                continue
            if node.role == "button":
                words.append(f"[{node.name}]")
            elif node.role == "StaticText" and not node.around({"button"}):
                words.append(node.name)
        return " ".join(" ".join(words).split())

    def tab_stops(self):
        """Where the keyboard has to come, in order: of radio buttons with one name, to the one that
        is chosen, else to the first."""
        states = {node.element.key: node.properties.get("checked") for node in self.nodes
                  if node.element and node.role == "radio"}
        stops = [element for element in self.elements if element.is_tab_stop]
        return [element for element in stops
                if element.attributes.get("type") != "radio" or element is _chosen(
                    [other for other in stops if _is_beside(element, other)], states)]

    def walk(self, driver):
        """Presses Tab as often as there are stops. Returns (element, whether that can be seen) for
        each that got the focus."""
        driver.execute_script(NOTE_FOCUS)
        for _ in self.tab_stops():
            driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "rawKeyDown", **TAB})
        driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyUp", **TAB})
        return [(self.elements[place], is_seen) for place, is_seen
                in driver.execute_script("return window.focusNoted")]


def _is_beside(element, other):
    return (other.attributes.get("type") == "radio"
            and other.attributes.get("name") == element.attributes.get("name")
            and other.within("form") is element.within("form"))


def _chosen(radios, states):
    return next((radio for radio in radios if states.get(radio.key) == "true"), radios[0])
