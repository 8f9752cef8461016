"""The desk in a real Chromium: the way of a newcomer, with the mouse, with the keyboard alone, without script; and every page for everybody's eyes."""

import re

import pytest

from .browsers import opened_browser, served
from .conftest import ROOT

WIDE, NARROW = {"width": 1200, "height": 900}, {"width": 380, "height": 800}
LOOKS = [("light", WIDE), ("dark", WIDE), ("light", NARROW), ("dark", NARROW)]
NAMED = [f"{scheme} {size['width']}" for scheme, size in LOOKS]
PAGES = (
    "/", "/deal", "/deal?example=iron-ore", "/papers", "/papers?example=payment.mt103", "/papers?example=article-2017-02-03.txt",
    "/decisions", "{decision}", "{decision}?on=2017-09-05", "/screen", "/screen?name=Lee+Je-sun", "/screen?name=..", "/bulk", "/law",
    "/law?on=2017-02-03&text=coal", "/law/diff?before=2017-02-03&after=2017-08-06", "/law/coverage", "/law/regimes/un.dprk?on=2017-02-03",
    "/law/regimes/un.dprk/timeline", "/law/provisions/un.dprk.2321.26", "/lists", "/cases", "{case}", "/tasks", "/caps?on=2017-02-03",
    "/log", "/log/verify", "/health", "/nowhere",
)  # fmt: skip
LEAST, LEAST_LARGE = 4.5, 3.0
"""Contrast of text, and of large text. Source: WCAG 2.2, success criterion 1.4.3."""
FAULTS = (ROOT / "tests" / "accessibility.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with served(tmp_path_factory.mktemp("browser")) as held:
        yield held


@pytest.fixture(scope="module")
def browser():
    with opened_browser() as held:
        yield held


@pytest.fixture
def page(browser, address):
    context = browser.new_context(base_url=address, viewport=WIDE, reduced_motion="reduce")
    held = context.new_page()
    held.wrong = []
    held.on("pageerror", lambda error: held.wrong.append(str(error)))
    held.on("console", lambda told: held.wrong.append(told.text) if told.type == "error" else None)
    yield held
    assert held.wrong == []
    context.close()


def decided(page, example="iron-ore"):
    page.goto(f"/deal?example={example}")
    page.get_by_role("button", name="Decide and keep on record").click()
    page.wait_for_url("**/decisions/*")
    return page.url


def words(page, where):
    return " ".join(page.locator(where).inner_text().split())


def test_the_way_of_a_newcomer(page):
    page.goto("/")
    page.get_by_role("link", name="iron ore").click()
    page.get_by_role("button", name="Decide and keep on record").click()
    assert words(page, ".outcome .mark") == "? Undetermined"

    box = page.locator("#day-range").bounding_box()
    there = page.locator("[data-there] .mark")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(10):
        page.mouse.move(box["x"] + box["width"] * (0.5 + step / 20), box["y"] + box["height"] / 2)
    page.mouse.up()
    there.filter(has_text="Prohibited").wait_for()
    assert words(page, ".outcome .mark") == "? Undetermined"
    page.get_by_role("link", name="2016-03-02").click()
    there.filter(has_text="Undetermined").wait_for()
    assert page.locator("output").inner_text() == "2016-03-02"

    page.get_by_role("group", name="Has the State found it exclusively for livelihood?").get_by_label(
        "No", exact=True
    ).check()
    page.get_by_role("button", name="Answer and decide again").click()
    page.locator(".outcome .mark.prohibited").wait_for()

    page.get_by_role("link", name=re.compile("iron ore: undetermined")).first.click()
    assert page.locator("h1").inner_text().startswith("iron ore")
    assert page.get_by_text("Questions answered").is_visible()

    page.get_by_role("navigation").get_by_role("link", name="Log").click()
    page.get_by_role("link", name="Verify the whole log").click()
    assert page.get_by_text("Verified: nothing was changed").is_visible()


def test_the_slider_moves_by_keys_and_goes_to_the_next_change(page):
    decided(page)
    page.locator("#day-range").focus()
    page.keyboard.press("ArrowRight")
    page.locator("[data-there]", has_text="2017-02-04").wait_for()
    page.get_by_role("button", name="Next change").focus()
    page.keyboard.press("Enter")
    page.locator("[data-there] .mark.prohibited").wait_for()
    assert page.locator("output").inner_text() == "2017-09-05"


def test_with_the_keyboard_alone(page):
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto("/deal?example=coal")
    for _ in range(80):
        page.keyboard.press("Tab")
        ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert ring != "none", page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("document.activeElement.value") == "decide":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/decisions/*")


def test_without_script(browser, address):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    decided(page)
    assert not page.locator("#day-range").is_visible()
    page.get_by_role("link", name="2017-09-05").click()
    assert words(page, "[data-there] .mark") == "✕ Prohibited"
    page.get_by_label("Look at a day").fill("2016-03-01")
    page.get_by_role("button", name="Look").click()
    assert words(page, "[data-there] .mark") == "✓ No prohibition found"
    page.get_by_role("group", name="Has the State found it exclusively for livelihood?").get_by_label(
        "No", exact=True
    ).check()
    page.get_by_role("button", name="Answer and decide again").click()
    assert words(page, ".outcome .mark") == "✕ Prohibited"
    context.close()


def test_a_file_is_dropped_and_its_progress_is_shown(page, tmp_path):
    rows = tmp_path / "names.csv"
    rows.write_text("name,kind\nRI JE-SON,person\n" + "Zbigniew Quaxly,person\n" * 300, encoding="utf-8")
    page.goto("/bulk")
    page.get_by_label("File").set_input_files(str(rows))
    page.get_by_role("button", name="Send").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Get the file with its answers").click()
    assert "yes" in download.value.path().read_text(encoding="utf-8").splitlines()[1]


@pytest.mark.parametrize(("scheme", "size"), LOOKS, ids=NAMED)
def test_every_page_can_be_read_by_everybody(browser, address, scheme, size):
    context = browser.new_context(base_url=address, viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    decision = decided(page)
    case = page.locator("a[href^='/cases/']").first.get_attribute("href")
    faults = []
    for at in PAGES:
        page.goto(at.format(decision=decision, case=case))
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        faults += [f"{at}: {fault}" for fault in page.evaluate(FAULTS, [LEAST, LEAST_LARGE])]
    context.close()
    assert faults == []


BAD = """<!doctype html><html lang="en"><body><main><h1>One</h1>{}</main></body></html>"""


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ('<p style="color:#888;background:#999">grey on grey</p>', "contrast"),
        ('<div style="background:#fff"><p style="opacity:.3">faint</p></div>', "contrast"),
        ('<input type="text">', "no label"),
        ("<button></button>", "no words"),
        ("<h1>Two</h1>", "2 h1"),
        ("<h3>Deep</h3>", "h3 after h1"),
        ('<p id="a"></p><p id="a"></p>', "stands twice"),
        ('<label for="b">B</label>', "names b"),
        ('<div style="width:3000px">wide</div>', "scrolls sideways"),
    ],
)
def test_the_check_finds_what_it_is_for(browser, part, found):
    page = browser.new_page(viewport=WIDE)
    page.set_content(BAD.format("<p>Good</p>"))
    assert page.evaluate(FAULTS, [LEAST, LEAST_LARGE]) == []
    page.set_content(BAD.format(part))
    assert any(found in fault for fault in page.evaluate(FAULTS, [LEAST, LEAST_LARGE]))
    page.close()


def test_a_determination_prints_without_its_forms(page):
    decided(page)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.get_by_role("button", name="Answer and decide again").is_visible()
    assert not page.locator("nav").is_visible()
    assert page.locator("article.why").first.is_visible()
