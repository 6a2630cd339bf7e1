"""Proof of the rules: a page that is good, and what breaks each rule in it."""

from .access_rules import RULES, Expected, Heard, judge, same_titles
from .access_tree import AccessTree

GOOD = """<!DOCTYPE html><html lang="en"><head><title>Problem: Edit · Signet</title></head><body>
<a href="#main">Skip to content</a>
<header><nav aria-label="Console"><a href="http://site.example/list">Applications</a></nav></header>
<main id="main" tabindex="-1"><h1>Edit</h1><div role="alert"><p>Nothing was saved.</p></div>
<h2>Wiki</h2><p>Leads to <b>app.example</b></p><img src="data:," alt="">
<ul><li>See what you may see</li><li>Change it</li></ul>
<form method="post" action="http://site.example/save">
<label for="name">Name</label><p id="why">Problem: too short</p>
<input id="name" value="W" required aria-invalid="true" aria-describedby="why">
<label for="icon">Icon (optional)</label><input id="icon">
<fieldset><legend>Type</legend><input type="radio" name="t" id="a" checked><label for="a">On</label>
<input type="radio" name="t" id="b"><label for="b">Off</label></fieldset>
<button name="answer" value="no">Deny</button><button name="answer" value="yes">Allow</button>
</form>
<table><thead><tr><th scope="col">Setting</th><th scope="col">Value</th></tr></thead>
<tbody><tr><th scope="row">issuer</th><td>none</td></tr></tbody></table>
<form method="post" action="http://site.example/1"><button aria-label="Revoke Wiki">Revoke</button>
</form><form method="post" action="http://site.example/2"><button>Revoke</button></form>
</main></body></html>"""
EXPECTED = {"wrong": ["Name"], "typed": {"Name": "W"}, "notice": "alert",
            "said": [("Wiki", "app.example", "See what you may see", "Change it")],
            "buttons": ["Deny", "Allow", "Revoke Wiki", "Revoke"]}
# What is broken, in place of what, with what, and the rules that have to see it.
PLANTS = (
    ("no language", ' lang="en"', "", {"language"}),
    ("a title that tells nothing", "Problem: Edit · Signet", "Problem: Signet", {"title"}),
    ("a title without the problem", "<title>Problem: ", "<title>", {"title"}),
    ("two main parts", "</main>", "</main><main>More</main>", {"landmarks"}),
    ("no banner", "header>", "div>", {"landmarks"}),
    ("a navigation without a name", ' aria-label="Console"', "", {"landmarks"}),
    ("two first headings", "<h2>Wiki</h2>", "<h1>Wiki</h1>", {"headings"}),
    ("no first heading", "<h1>Edit</h1>", "<p>Edit</p>", {"headings", "title"}),
    ("a heading left out", "h2>", "h3>", {"headings"}),
    ("a field without its label", '<label for="icon">', "<label>", {"names", "required"}),
    ("a button without words", ">Deny<", "><", {"names", "said"}),
    ("two buttons with one name", ' aria-label="Revoke Wiki"', "", {"distinct", "said"}),
    ("two links with one name", ">Applications</a>",
     '>All</a><a href="http://site.example/own">All</a>', {"distinct"}),
    ("a choice without its question", "<legend>Type</legend>", "", {"groups"}),
    ("a wrong field that is not marked", ' aria-invalid="true"', "", {"errors"}),
    ("a reason that is not read", ' aria-describedby="why"', "", {"errors"}),
    ("a field marked for nothing", '<input id="icon"', '<input id="icon" aria-invalid="true"',
     {"errors"}),
    ("a wrong choice that is not marked", "<fieldset>", '<fieldset aria-describedby="why">',
     {"errors"}),
    ("a reason that belongs to no field", "<h2>", "<p>Problem: too long</p><h2>", {"errors"}),
    ("no announcement", ' role="alert"', "", {"title", "notices"}),
    ("an announcement of nothing", "Nothing was saved.", "", {"notices"}),
    ("what was typed is lost", 'value="W"', 'value=""', {"typed"}),
    ("a field that has to be filled in", " required", "", {"required"}),
    ("a field that may stay empty", '<input id="icon"', '<input id="icon" required',
     {"required"}),
    ("a table without headers", '<thead><tr><th scope="col">Setting</th><th scope="col">Value</th>'
     "</tr></thead>", "", {"tables"}),
    ("a table with a cell too few", "<td>none</td>", "", {"tables"}),
    ("a column without a name", ">Value<", "><", {"tables"}),
    ("a picture without words", ' alt=""', "", {"images"}),
    ("scopes the other way round", "<li>See what you may see</li><li>Change it</li>",
     "<li>Change it</li><li>See what you may see</li>", {"said"}),
    ("the callback after the buttons", "<p>Leads to <b>app.example</b></p>", "", {"said"}),
    ("a button of another name", ">Allow<", ">Go on<", {"said"}),
    ("a link that is not heard", '<a href="#main">', '<a href="#main" aria-hidden="true">',
     {"hidden"}),
    ("a button before its turn", ">Deny<", ' tabindex="1">Deny<', {"order"}),
    ("a button that Tab leaves out", '<button name="answer" value="yes">',
     '<button tabindex="-1" name="answer" value="yes">', {"order"}),
    ("a field that holds the keyboard", '<input id="icon">',
     '<input id="icon" onkeydown="event.preventDefault()">', {"order"}),
    ("a focus that cannot be seen", "<button>", '<button style="outline:none">', {"focus"}),
)


def _rules_broken(driver, frame, text):
    driver.execute_cdp_cmd("Page.setDocumentContent", {"frameId": frame, "html": text})
    tree = AccessTree.read(driver)
    findings = judge(Heard(tree, tree.walk(driver), Expected(**EXPECTED)))
    return {finding.partition(":")[0] for finding in findings}, findings


def run(tally, driver):
    driver.get("about:blank")
    frame = driver.execute_cdp_cmd("Page.getFrameTree", {})["frameTree"]["frame"]["id"]
    tally.case("rules: a good page", [], _rules_broken(driver, frame, GOOD)[1])
    proven = set()
    for name, old, new, rules in PLANTS:
        if old not in GOOD:
            raise AssertionError(f"{old!r} is not in the good page")
        seen, _ = _rules_broken(driver, frame, GOOD.replace(old, new))
        tally.case(f"rules: {name}", sorted(rules), sorted(seen))
        proven |= rules & seen
    tally.case("rules: each was seen to fail", [],
               [rule.__name__ for rule in RULES if rule.__name__ not in proven])
    tally.case("rules: one title for two purposes", 1, len(list(same_titles(
        {"Edit": ["edit", "delete"], "List": ["list", "list"]}))))
