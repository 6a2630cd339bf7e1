"""What a page has to be for those who hear it. Each rule is a function that takes what was heard of
a page and yields what is wrong with it."""

from .access_tree import CONTROLS, GROUPS

# The words before the reason why a field came back.
PROBLEM = "Problem: "


class Expected:
    """What this page has to say, beside what holds for all.

    `person`: somebody is logged in, so that there is a navigation. `wrong`: the names of the fields
    in error. `typed`: what stands in fields, by name. `notice`: alert or status. `said`: lists of
    texts, each to be heard in this order before the first button. `buttons`: of the main part."""

    def __init__(self, person=True, wrong=(), typed=None, notice=None, said=(), buttons=None):
        self.person, self.wrong, self.typed = person, set(wrong), typed or {}
        self.notice, self.said, self.buttons = notice, said, buttons


class Heard:
    """A page: its tree, where Tab came, and what is expected of it."""

    def __init__(self, tree, walked, expected):
        self.tree, self.walked, self.expected = tree, walked, expected


# ---- The document --------------------------------------------------------------------------


def language(heard):
    if heard.tree.language != "en":
        yield f"the language is {heard.tree.language!r}"


def title(heard):
    """A screen reader says the title first, and an alert that was there from the start not always:
    so the title says that there is one."""
    tree = heard.tree
    name = next((node.name for node in tree.all("heading")), "")
    if not name or name not in tree.title:
        yield f"the title {tree.title!r} has not the heading {name!r}"
    if tree.title.startswith(PROBLEM) != bool(tree.all("alert")):
        yield f"the title {tree.title!r} and the alert do not agree"


def landmarks(heard):
    tree, shown = heard.tree, int(heard.expected.person)
    for role, count in (("main", 1), ("banner", shown), ("navigation", shown)):
        found = tree.all(role)
        if len(found) != count:
            yield f"{len(found)} of {role}, {count} expected"
    for node in tree.all("navigation"):
        if not node.name:
            yield "the navigation has no name"


def headings(heard):
    levels = [node.properties.get("level") for node in heard.tree.all("heading")]
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"not one heading of level 1, at the beginning: {levels}"
    for before, after in zip(levels, levels[1:]):
        if after > before + 1:
            yield f"from a heading of level {before} to one of level {after}"
    for node in heard.tree.all("heading"):
        if not node.name:
            yield "a heading without words"


# ---- Controls ------------------------------------------------------------------------------


def names(heard):
    for node in heard.tree.controls:
        if not node.name:
            yield f"no name: {node.role} {node.element}"


def _act(node):
    """What a control does, to be compared."""
    if node.role == "link":
        return node.properties.get("url")
    form = node.element.within("form")
    if node.role != "button" or form is None:
        return node.element.key
    given = node.element.attributes
    return form.attributes.get("action"), given.get("name"), given.get("value"), form.key


def distinct(heard):
    """A list of all links or buttons has their names and nothing around them; with a group, a
    screen reader says its name too."""
    acts = {}
    for node in heard.tree.controls:
        groups = tuple(group.name for group in node.around(GROUPS))
        acts.setdefault((node.role, node.name, node.description, groups), []).append(_act(node))
    for (role, name, _, _), found in acts.items():
        if len(set(found)) > 1:
            yield f"{len(set(found))} of {role} {name!r} do different things"


def groups(heard):
    for node in heard.tree.all("radio", "checkbox"):
        if not any(group.name for group in node.around(GROUPS)):
            yield f"{node} is in no group with a name"


# ---- Fields in error -----------------------------------------------------------------------


def _with_group(node):
    return [node] + node.around(GROUPS)[:1]


def errors(heard):
    """A field in error is marked, and the reason is read with it; so is the group of a choice."""
    fields = [node for node in heard.tree.nodes if node.role in CONTROLS | GROUPS]
    for node in fields:
        about = _with_group(node) if node.role in ("radio", "checkbox") else [node]
        has_reason = any(PROBLEM in part.description for part in about)
        if node.is_invalid and not has_reason:
            yield f"{node} is invalid, and nothing says why"
        if PROBLEM in node.description and not node.is_invalid:
            yield f"{node} has a problem and is not invalid"
    wrong = {node.name for node in fields if node.is_invalid}
    if wrong != heard.expected.wrong:
        yield f"invalid are {sorted(wrong)}, expected {sorted(heard.expected.wrong)}"
    described = " ".join(node.description for node in fields)
    for node in heard.tree.all("StaticText"):
        if node.name.startswith(PROBLEM) and node.name not in described:
            yield f"{node.name!r} belongs to no field"


def notices(heard):
    """What was done or what went wrong is announced, and once."""
    found = heard.tree.all("alert", "status")
    wanted = heard.expected.notice
    if [node.role for node in found] != ([wanted] if wanted else []):
        yield f"{[node.role for node in found]} announced, {wanted} expected"
    for node in found:
        if not heard.tree.texts(node):
            yield f"{node.role} without words"


def typed(heard):
    fields = {node.name: node.value for node in heard.tree.controls}
    for name, text in heard.expected.typed.items():
        if fields.get(name) != text:
            yield f"{name!r} has {fields.get(name)!r}, typed was {text!r}"


def required(heard):
    """Every field to type into, unless its name says that it may stay empty."""
    for node in heard.tree.all("textbox"):
        if node.is_required == node.name.endswith("(optional)"):
            yield f"{node} is {'' if node.is_required else 'not '}required"


# ---- What else is on a page ----------------------------------------------------------------


def tables(heard):
    for table in heard.tree.all("table", "grid"):
        rows = [row for row in heard.tree.all("row") if table in row.around({table.role})]
        cells = [[node for node in heard.tree.all("columnheader", "rowheader", "cell", "gridcell")
                  if row in node.around({"row"})] for row in rows]
        if not cells or {node.role for node in cells[0]} != {"columnheader"}:
            yield "a table whose first row is not headers of columns"
        if any(len(row) != len(cells[0]) for row in cells):
            yield "a table with rows of different lengths"
        for row in cells[:1]:
            if not all(node.name for node in row):
                yield "a header without words"


def images(heard):
    for node in heard.tree.all("image", "img", "graphic"):
        if not node.name:
            yield f"no name: image {node.element}"


def said(heard):
    """Texts in their order, before there is anything to press."""
    told = heard.tree.told
    before = told.partition("[")[0] if heard.expected.buttons else told
    for texts in heard.expected.said:
        place = 0
        for text in texts:
            found = before.find(text, place)
            if found < 0:
                yield f"{text!r} is not heard in its place in {before!r}"
                break
            place = found + len(text)
    buttons = [node.name for node in heard.tree.all("button") if node.around({"main"})]
    if heard.expected.buttons not in (None, buttons):
        yield f"the buttons are {buttons}"


# ---- The keyboard --------------------------------------------------------------------------


def hidden(heard):
    for element in heard.tree.elements:
        if element.is_tab_stop and element.key not in heard.tree.heard_keys:
            yield f"the keyboard comes to {element}, which is not heard"


def order(heard):
    """Tab comes to every control, in the order in which they are heard."""
    stops, walked = heard.tree.tab_stops(), [element for element, _ in heard.walked]
    for expected, seen in zip(stops + [None] * len(walked), walked):
        if seen is not expected:
            yield f"Tab comes to {seen}, not to {expected}"
            break
    if len(walked) < len(stops):
        yield f"Tab comes to {len(walked)} of {len(stops)}"
    keys = {element.key for element in stops}
    for node in heard.tree.controls:
        is_other_radio = node.role == "radio" and node.element.is_tab_stop
        if node.element.key not in keys and not is_other_radio:
            yield f"Tab does not come to {node}"


def focus(heard):
    for element, is_seen in heard.walked:
        if not is_seen:
            yield f"the focus on {element} cannot be seen"


RULES = (language, title, landmarks, headings, names, distinct, groups, errors, notices, typed,
         required, tables, images, said, hidden, order, focus)


def judge(heard):
    """Everything that is wrong, with the name of the rule."""
    return [f"{rule.__name__}: {finding}" for rule in RULES for finding in rule(heard)]


def same_titles(purposes):
    """`purposes`: title → what its pages are for. Yields the titles that stand for several."""
    for name, found in purposes.items():
        if len(set(found)) > 1:
            yield f"{name!r} is the title of {', '.join(sorted(set(found)))}"
