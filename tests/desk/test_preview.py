"""`studypack preview`: cards as Anki's own library renders them, in a real browser, from a server for us only."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from studypack import pipeline
from studypack.desk.preview import content, follow, template
from studypack.model import KnownNote
from studypack.writers import deck
from tests.anki.collection import cards_of, collection, import_package
from tests.anki.notes import GUIDE as CLOUDS
from tests.anki.notes import build, every_kind
from tests.anki.test_rendering import nasty_notes
from tests.cli.project import GUIDE, SCRIPT, Project

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = (
    "source/reinvent-2024.md",
    "tests/guides/chemistry.md",
    "tests/guides/arabic-course.md",
    "tests/guides/hostile.md",
)
PATIENCE = 60.0  # seconds, on a machine that is busy with other things


# --- as Anki renders it ------------------------------------------------------------------------------------------


def as_anki_does(folder: Path, package: bytes, notes: tuple[KnownNote, ...], guide: str) -> int:
    """Compares each side of each card with what Anki makes of the imported package; how many cards there were."""
    compared = 0
    with collection(folder) as shelf:
        import_package(shelf, package, folder)
        for known in notes:
            fields, theirs = deck.fields(known, guide), {card.ord: card for card in cards_of(shelf, known.guid)}
            assert theirs.keys() == deck.cards(known).keys()
            for place, one in deck.cards(known).items():
                sides, output = template.render(one.question, one.answer, fields, place), theirs[place].render_output()
                assert (sides.question, sides.answer) == (output.question_text, output.answer_text)
                sounds = [getattr(tag, "filename", None) for tag in (*output.question_av_tags, *output.answer_av_tags)]
                assert [*sides.question_sounds, *sides.answer_sounds] == sounds
                compared += 1
    return compared


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_card_of_a_guide_is_rendered_as_anki_does(tmp_path: Path, name: str) -> None:
    """Question, answer and sounds are, letter by letter, what Anki's library gives for the imported package."""
    decision = pipeline.preview(ROOT / name, 1_790_000_000).decision
    assert decision is not None
    package = deck.write(decision.known, guide=decision.lock.guide, deck="Guide")
    assert as_anki_does(tmp_path, package, decision.known, decision.lock.guide) > 20


def test_text_that_looks_like_syntax_is_rendered_as_anki_does(tmp_path: Path) -> None:
    """So are notes of every kind by hand, and those whose text looks like Anki's own syntax."""
    notes = (*every_kind(), *nasty_notes())
    assert as_anki_does(tmp_path, build(*notes), notes, CLOUDS) > 60


# --- the command and its server ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A preview that runs, and where."""

    project: Project
    process: subprocess.Popen[str]
    address: str

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of an address on the server."""
        request = urllib.request.Request(self.address + path, headers=headers)  # noqa: S310  # our own server
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
                return response.status, dict(response.headers), response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read()


@contextmanager
def served(project: Project, *arguments: str) -> Iterator[Served]:
    """The preview of the project's guide, ended by Ctrl-C."""
    command = [str(SCRIPT), "preview", str(project.guide.relative_to(project.folder)), "--no-open", *arguments]
    environment = {**project.environment, "PYTHONUTF8": "1"}
    with subprocess.Popen(
        command, cwd=project.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline() + process.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+/", said)
            assert found, said + process.stdout.read()
            yield Served(project=project, process=process, address=found[0])
        finally:
            process.send_signal(signal.SIGINT)


@pytest.fixture(scope="module")
def tea(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A preview of the small guide, with a picture and a warning in it, for all tests that change nothing for long."""
    project = Project(folder=tmp_path_factory.mktemp("tea"))
    project.guide.parent.mkdir()
    project.guide.write_text(TEA, encoding="utf-8")
    (project.guide.parent / "pot.svg").write_text(POT, encoding="utf-8")
    with served(project) as running:
        yield running


POT = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="red"/></svg>'
TEA = GUIDE.replace("## Kinds", "## Kinds {: level=beginner .odd }") + "\n![A pot](pot.svg)\n"


def test_only_this_computers_names_are_answered(tea: Served) -> None:
    """A page whose own name leads here (DNS rebinding) gets nothing; localhost and the address do."""
    port = tea.address.rsplit(":", 1)[1].strip("/")
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1.evil.example:{port}", ""):
        status, _, body = tea.get("guide.json", Host=host)
        assert status in {400, 421}
        assert b"Green" not in body
    for host in (f"localhost:{port}", f"127.0.0.1:{port}"):
        assert tea.get("guide.json", Host=host)[0] == 200


def test_the_page_may_load_nothing_from_outside(tea: Served) -> None:
    """Its policy names this server alone, and no answer may be read, framed or kept by others."""
    _, headers, _ = tea.get("")
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert not re.search(r"https?:|\*|unsafe-eval|script-src[^;]*unsafe", policy)
    for path in ("", "page.js", "guide.json"):
        _, headers, _ = tea.get(path)
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert not {name for name in headers if name.startswith("access-control")}


def test_what_is_not_there_is_not_found(tea: Served) -> None:
    """Neither another file of the package or the folder, nor a card, picture or PDF that is none."""
    for path in ("server.py", "..%2Ftea.md", "cards/x-0", "media/pot.svg", "media/..%2Ftea.md", "paper/deck.pdf", "x"):
        assert tea.get(path)[0] == 404


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A folder with the small guide in source/."""
    made = Project(folder=tmp_path / "project")
    made.guide.parent.mkdir(parents=True)
    made.guide.write_text(GUIDE, encoding="utf-8")
    return made


def test_ctrl_c_ends_it_cleanly_though_a_page_waits(project: Project) -> None:
    """With a page that waits for news it ends at once, with code 0 and no word; nothing was written."""
    before = {file.name for file in project.folder.rglob("*")}
    with served(project) as running, urllib.request.urlopen(f"{running.address}events", timeout=PATIENCE) as events:  # noqa: S310
        assert events.readline().startswith(b"data: ")
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(PATIENCE) == 0
        assert running.process.stdout is not None
        assert running.process.stdout.read().strip() == ""
    assert {file.name for file in project.folder.rglob("*")} == before


def test_a_port_that_is_taken_is_said(project: Project) -> None:
    """The message names the port and what to do; the code is 2."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = project.run("preview", "source/tea.md", "--no-open", "--port", str(port))
    assert done.returncode == 2
    assert f"Port {port} cannot be used" in done.stderr


def test_a_save_right_after_another_is_seen_soon(tmp_path: Path) -> None:
    """What is saved before the folders are watched again is no event, and yet nobody waits a second for it."""
    guide = tmp_path / "tea.md"

    def seconds() -> float:
        stop = threading.Event()
        guide.write_text(GUIDE, encoding="utf-8")
        known = follow.stamps((guide,))
        guide.write_text(f"{GUIDE}\nMore.\n", encoding="utf-8")
        began = time.monotonic()
        follow.follow(lambda: known, stop.set, stop)
        return time.monotonic() - began

    assert min(seconds() for _ in range(3)) < 0.7  # at best: the machine may be busy


def test_which_guide_is_asked_where_there_are_several(project: Project) -> None:
    """With two guides in source/ it names both commands; a guide that is not there is wrong usage too."""
    shutil.copy(project.guide, project.guide.with_name("coffee.md"))
    done = project.run("preview", "--no-open")
    assert done.returncode == 2
    assert "studypack preview source/coffee.md" in done.stderr
    assert project.run("preview", "none.md").returncode == 2


def test_topics_that_did_not_change_are_shown_all_the_same(project: Project) -> None:
    """Read a second time, with the cache, the cards are the same, and the pictures' files are known."""
    project.guide.write_text(TEA, encoding="utf-8")
    (project.guide.parent / "pot.svg").write_text(POT, encoding="utf-8")
    first, second = (content.read(project.guide, 1_790_000_000, project.cache) for _ in range(2))
    assert content.as_json(first) == content.as_json(second)
    assert first.media.keys() == second.media.keys() != set()
    assert {file.name for file in second.files} == {"tea.md", "tea.lock", "pot.svg"}


def test_text_stands_out_from_what_is_behind_it() -> None:
    """Each colour for text has 4.5 : 1 or more on each ground it stands on (WCAG 2.2, 1.4.3), light and dark."""
    css = (ROOT / "studypack" / "desk" / "preview" / "page.css").read_text(encoding="utf-8")
    for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL):
        colours = dict(re.findall(r"--(\w+): (#\w+);", block))
        texts = "ink soft accent question term takeaway comparison red amber green".split()
        pairs = [(text, ground) for text in texts for ground in ("paper", "panel", "wash", "chosen")]
        low = {pair: round(contrast(*map(colours.__getitem__, pair)), 2) for pair in [*pairs, ("on", "accent")]}
        assert not {pair: value for pair, value in low.items() if value < 4.5}


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG reckons it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of `#rgb` or `#rrggbb`."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# --- in a browser ------------------------------------------------------------------------------------------------


class Page:
    """The preview in a browser."""

    def __init__(self, browser: webdriver.Chrome) -> None:
        self.browser = browser

    def open(self, address: str) -> None:
        """Open it as if for the first time, and wait for its card."""
        self.browser.get(address)
        # A change that comes in between would write again where the page is.
        self.run("remember = () => {}; try { localStorage.clear(); sessionStorage.clear() } catch {}")
        self.browser.refresh()
        self.until("return guide !== null && !!document.getElementById('face').dataset.shown")
        self.browser.get_log("browser")  # type: ignore[no-untyped-call]

    def run(self, script: str, *arguments: object) -> Any:
        """What a script in the page returns."""
        return self.browser.execute_script(script, *arguments)

    def until(self, script: str, *arguments: object) -> Any:
        """What a script in the page returns, as soon as that is true."""
        return until(lambda: self.run(script, *arguments), script)

    def press(self, *keys: str) -> None:
        """Press keys, wherever the focus is."""
        for key in keys:
            self.browser.switch_to.active_element.send_keys(key)

    def shows(self, text: str, side: str = "question") -> str:
        """Wait until the card's side shows a text; all that it shows."""
        shown = "return document.getElementById('face').contentDocument.body.innerText"
        current = f"document.getElementById('face').dataset.shown.includes(' {side} ')"
        self.until(f"{shown}.includes(arguments[0]) && {current}", text)
        return str(self.run(shown))

    def asked(self) -> list[str]:
        """What the listed cards ask."""
        return [str(row) for row in self.run("return shown.map((one) => [one.asks, one.part].join(' ').trim())")]


def until(holds: Callable[[], Any], what: str) -> Any:
    """The value, as soon as it is true."""
    end = time.monotonic() + PATIENCE
    while not (value := holds()):
        assert time.monotonic() < end, what
        time.sleep(0.02)
    return value


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    """Debian's Chromium, without a window."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("needs chromium and chromium-driver, as Debian names them")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--window-size=1300,900",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    running = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield running
    finally:
        running.quit()


@pytest.fixture
def page(browser: webdriver.Chrome, tea: Served) -> Page:
    """The page of the small guide, opened afresh."""
    made = Page(browser)
    made.open(tea.address)
    return made


def test_a_card_is_asked_and_answered_by_keys_and_by_tap(page: Page) -> None:
    """J and k go on and back, space and a tap turn the card; beside it stand its lines of the guide."""
    assert "not oxidised" not in page.shows("Green")
    page.press(" ")
    page.shows("not oxidised", "answer")
    page.press("j")
    assert "fully oxidised" not in page.shows("Black")
    assert page.run("return document.getElementById('where').textContent") == "source/tea.md:11"
    assert (
        page.run("return document.querySelector('.line.own .text').textContent.trim()")
        == "- **Black** — fully oxidised"
    )
    page.browser.switch_to.frame("face")
    page.browser.find_element(By.CLASS_NAME, "term").click()
    page.browser.switch_to.default_content()
    page.shows("fully oxidised", "answer")
    page.press("k")
    page.shows("Green")


def test_light_and_dark_phone_and_desktop(page: Page) -> None:
    """D and w change how the card looks, as Anki's own classes have it, and the choice outlasts a reload."""
    look = """
        const page = document.getElementById('face').contentDocument;
        const style = page.defaultView.getComputedStyle(page.body);
        return [page.body.className, style.backgroundColor, page.documentElement.className, page.defaultView.innerWidth]
        """
    page.run("choose('tone', 'light'); choose('width', 'desktop')")
    classes, ground, _, width = page.until(look)
    assert (classes, ground) == ("card card1", "rgb(253, 253, 252)")
    assert width > 390
    page.press("d", "w")
    dark = "return document.getElementById('face').contentDocument.body.classList.contains('nightMode')"
    page.until(dark)
    assert page.run(look) == ["card card1 nightMode night_mode", "rgb(29, 31, 35)", "night-mode mobile", 390]
    scheme = "return getComputedStyle(document.getElementById('face').contentDocument.documentElement).colorScheme"
    assert page.run(scheme) == "dark"  # so that scroll bars are, as in Anki
    page.browser.refresh()
    page.until(dark)


def test_search_and_filters(page: Page) -> None:
    """Words of question and answer find cards; topic, kind, level, findings and plan filter; Esc clears."""
    everything = page.asked()
    assert len(everything) == 7
    page.press("/")
    page.press(*"too long")
    assert page.asked() == ["Why does tea turn bitter?"]
    page.press(Keys.ESCAPE)
    page.press(Keys.ESCAPE)
    assert page.asked() == everything
    for name, value, count in (
        ("topic", "Brewing", 5), ("kind", "comparison", 4), ("level", "beginner", 2), ("level", "none", 5),
        ("findings", "none", 7), ("fate", "new", 7),
    ):  # fmt: skip
        choice = page.browser.find_element(By.CSS_SELECTOR, f"#by-{name} option[value='{value}']")
        assert choice.text == f"{value} ({count})"
        choice.click()
        assert len(page.asked()) == count
        page.browser.find_element(By.ID, "clear").click()


def test_a_save_changes_the_page_and_keeps_its_place(page: Page, tea: Served) -> None:
    """After a save by renaming, the same card is open on the same side, filtered as before, with its new text."""
    page.run("place.filters.topic = 'Brewing'; fillFilters(); refilter(); open(shown.at(-1)); turn()")
    page.shows("Too hot", "answer")
    page.run("window.sameDocument = true")
    draft = tea.project.guide.with_suffix(".draft")
    draft.write_text(
        TEA.replace("Too hot", "Far too hot").replace("- **Black**", "- **Odd** — [x](#nowhere)\n- **Black**")
    )
    draft.replace(tea.project.guide)
    try:
        page.shows("Far too hot", "answer")
        assert page.run("return window.sameDocument && card.asks") == "Why does tea turn bitter?"
        assert page.run("return document.getElementById('by-topic').value") == "Brewing"
        assert page.until("return guide.diagnostics.map((one) => one.code)") == ["SP203", "SP205"]
        page.run("clear(); place.filters.findings = 'SP205'; fillFilters(); refilter()")
        assert page.asked() == ["Odd"]
        assert page.run("return document.querySelector('#excerpt mark').textContent")
    finally:
        tea.project.guide.write_text(TEA, encoding="utf-8")
    page.until("return guide.diagnostics.length === 1 && !guide.sheets.coming")


def test_a_guide_that_breaks_or_goes_is_shown_as_it_was(page: Page, tea: Served) -> None:
    """Its cards stay, what is wrong is said above them, and all is well when it is mended."""
    try:
        tea.project.guide.write_text(TEA.replace("deck: Kitchen", "deck: [Kitchen"), encoding="utf-8")
        notice = "return guide.stale && document.getElementById('notice').innerText"
        assert "Line 3" in page.until(f"{notice}.includes('Line 3') && document.getElementById('notice').innerText")
        tea.project.guide.unlink()
        page.until(f"{notice}.includes('cannot be read: No such file')")
        assert len(page.asked()) == 7
    finally:
        tea.project.guide.write_text(TEA, encoding="utf-8")
    page.until("return !guide.stale && document.getElementById('notice').hidden")


def test_what_breaks_a_guide_is_shown_with_its_own_line(page: Page, tea: Served) -> None:
    """The line is that of the text as it is now; the cards of before, which stood elsewhere, are not blamed for it."""
    broken = TEA.replace("## Kinds", "One more line.\n\n![Gone](gone.png)\n\n## Kinds")
    try:
        tea.project.guide.write_text(broken, encoding="utf-8")
        page.until("return guide.stale && guide.told?.includes('![Gone](gone.png)')")
        page.press("3")
        line = "document.querySelector('#view-findings .error pre')?.innerText.trim()"
        page.until(f"return {line} === '![Gone](gone.png)'")
        assert page.run("return guide.cards.filter((one) => one.findings.length).length") == 0
        assert page.run("return document.querySelectorAll('#excerpt mark').length") == 0
    finally:
        tea.project.guide.write_text(TEA, encoding="utf-8")
    page.until("return !guide.stale && !guide.sheets.coming")


def test_a_card_is_followed_though_no_lock_knows_it_yet(page: Page, tea: Served) -> None:
    """Reworded it stays open, on its side; so does the topic that is looked at, when it is named otherwise."""
    page.run("place.filters.topic = 'Brewing'; fillFilters(); refilter(); open(shown.at(-1)); turn()")
    page.shows("Too hot", "answer")
    text = TEA
    try:
        for old, new in (("### Why does tea turn bitter?", "### When is it acrid?"), ("## Brewing", "## Infusing")):
            text = text.replace(old, new)
            tea.project.guide.write_text(text, encoding="utf-8")
            page.until("return guide.lines.includes(arguments[0])", new)
            assert page.run("return [card.asks, turned]") == ["When is it acrid?", True]
        assert page.run("return [document.getElementById('by-topic').value, shown.length]") == ["Infusing", 5]
        tea.project.guide.write_text(text.partition("### When")[0], encoding="utf-8")
        page.until("return guide.cards.length === 6")
        assert page.run("return [card.part, turned]") == ["Black", False]
    finally:
        tea.project.guide.write_text(TEA, encoding="utf-8")
    page.until("return guide.lines.includes('## Brewing') && !guide.sheets.coming")


def test_a_save_keeps_what_is_folded_and_the_focus(page: Page, tea: Served) -> None:
    """In the plan, a part that is folded stays so, and who is there with the keyboard stays there."""
    page.press("2")
    page.run("const part = document.querySelector('#view-plan details'); part.open = false; part.firstChild.focus()")
    try:
        tea.project.guide.write_text(TEA.replace("Too hot", "Far too hot"), encoding="utf-8")
        page.until("return guide.lines.some((line) => line.startsWith('Far too hot'))")
        assert page.run("return document.activeElement.tagName") == "SUMMARY"
        assert page.run("return document.querySelector('#view-plan details').open") is False
    finally:
        tea.project.guide.write_text(TEA, encoding="utf-8")
    page.until("return guide.lines.some((line) => line.startsWith('Too hot')) && !guide.sheets.coming")


def test_a_page_that_was_left_alone_takes_up_the_next_preview(browser: webdriver.Chrome, project: Project) -> None:
    """It says that the preview ended, and when there is one again, shows what that shows, whatever number it is at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    page = Page(browser)
    with served(project, "--port", port) as first:
        page.open(first.address)
    first.process.wait(PATIENCE)
    page.until("return document.body.classList.contains('away')")
    project.guide.write_text(GUIDE.replace("Too hot", "Far too hot"), encoding="utf-8")
    page.run("guide.number = 1")  # as that of the next one, in its first seconds
    with served(project, "--port", port):
        page.until("return guide.lines.some((line) => line.startsWith('Far too hot'))")
        page.until("return !document.getElementById('status').textContent.includes('has ended')")


def test_more_pages_than_a_browser_has_connections_for(browser: webdriver.Chrome, tea: Served) -> None:
    """A page in the background lets go of the server, for six of them would keep a seventh waiting for ever."""
    first = browser.current_window_handle
    opened = []
    browser.set_page_load_timeout(PATIENCE)
    try:
        for _ in range(7):
            browser.switch_to.new_window("tab")
            opened.append(browser.current_window_handle)
            browser.get(tea.address)
            Page(browser).until("return guide !== null")
    finally:
        for handle in opened:
            browser.switch_to.window(handle)
            browser.close()
        browser.switch_to.window(first)


def test_where_the_page_scrolls_the_next_card_leaves_it(page: Page) -> None:
    """On a narrow page the list stands above the card; only the list moves when another card is opened."""
    page.browser.set_window_size(600, 500)
    try:
        page.run("document.getElementById('card').scrollIntoView()")
        before = page.run("return document.scrollingElement.scrollTop")
        assert before > 100
        page.press("j", "j", "j", "j", "j")
        shown = """
            const list = document.getElementById('list').getBoundingClientRect();
            const row = document.querySelector('#list [aria-selected=true]').getBoundingClientRect();
            return list.top <= row.top && row.bottom <= list.bottom
            """
        assert page.run(shown)
        assert page.run("return document.scrollingElement.scrollTop") == before
    finally:
        page.browser.set_window_size(1300, 900)


def test_the_plan_and_the_pdfs(page: Page, tea: Served) -> None:
    """The plan leads to its cards; both PDFs are embedded, and come from the server."""
    page.press("2")
    assert page.run("return document.querySelector('#view-plan summary').innerText").startswith("New")
    page.browser.find_element(By.CSS_SELECTOR, "#view-plan [data-card]").click()
    page.shows("Green")
    page.until("return !guide.sheets.coming")
    for key, name in (("4", "cheatsheet"), ("5", "matrix")):
        page.run("document.activeElement.blur()")
        page.press(key)
        source = page.until(f"return document.querySelector('#view-{name} iframe')?.getAttribute('src')")
        status, headers, body = tea.get(source)
        assert (status, headers["content-type"], body[:5]) == (200, "application/pdf", b"%PDF-")


def test_a_screen_reader_finds_its_way(page: Page) -> None:
    """Landmarks are there, every control has a name, the list tells which card is open, dialogs take the focus."""
    tree = page.browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    nodes = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in tree if not node["ignored"]]
    roles = {role for role, _ in nodes}
    assert {"banner", "main", "navigation", "search", "complementary", "listbox", "tablist", "status"} <= roles
    controls = {"button", "tab", "textbox", "searchbox", "combobox", "listbox", "option", "checkbox", "radio", "Iframe"}
    assert not [node for node in nodes if node[0] in controls and not node[1]]
    assert ("group", "Lines of the guide") in nodes
    page.press("j")
    row = "document.getElementById(document.getElementById('list').getAttribute('aria-activedescendant'))"
    assert page.run(f"return {row}.getAttribute('aria-selected') + {row}.innerText").startswith("trueBlack")
    page.press("?")
    assert page.run("return document.activeElement.closest('dialog')?.open")
    page.press(Keys.ESCAPE)
    page.until("return !document.getElementById('help').open")


def test_tab_reaches_everything(page: Page) -> None:
    """From the top, Tab goes through search, filters, list, card and its lines, and shows where it is."""
    wanted = "skip tab-cards help-button query by-topic by-kind by-level by-findings by-fate list tone width".split()
    wanted += "always next face turn excerpt".split()
    focus = "const on = document.activeElement; return on.id || on.name || on.className"
    # Where Tab begins, a browser remembers from what was in the page before.
    page.run("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
    seen: list[str] = []
    while len(seen) < 25 and seen[-1:] != ["excerpt"]:
        page.press(Keys.TAB)
        seen.append(page.run(focus))
    assert [name for name in seen if name in wanted] == wanted


def test_the_exported_page_works_from_the_disk(browser: webdriver.Chrome, tea: Served) -> None:
    """It is one file that asks for nothing: cards, pictures and PDFs are in it, and nobody's folders."""
    done = tea.project.run("preview", "source/tea.md", "--export", "tea.html")
    assert done.returncode == 0, done.stderr
    file = tea.project.folder / "tea.html"
    assert str(tea.project.folder) not in file.read_text(encoding="utf-8")
    page = Page(browser)
    page.open(file.as_uri())
    browser.get_log("performance")  # type: ignore[no-untyped-call]
    browser.refresh()
    page.until("return guide !== null && !!document.getElementById('face').dataset.shown")
    page.run("open(guide.cards.at(-1)); turn()")
    page.shows("Too hot", "answer")
    picture = (
        "const image = document.getElementById('face').contentDocument.querySelector('img'); return image?.complete"
    )
    assert page.until(f"{picture} && image.naturalWidth") == 40
    page.press("4")
    page.until("return document.querySelector('#view-cheatsheet iframe')?.src.startsWith('blob:')")
    asked = {url for url in requested(browser) if not url.startswith(("data:", "blob:", "chrome-extension:"))}
    assert asked == {file.as_uri()}
    assert not [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]  # type: ignore[no-untyped-call]


def test_the_page_asks_nobody_else(page: Page, tea: Served) -> None:
    """Each request goes to its own server, its pictures arrive, and the browser has nothing to complain of."""
    page.browser.get_log("performance")  # type: ignore[no-untyped-call]
    page.browser.refresh()
    page.until("return guide !== null && !!document.getElementById('face').dataset.shown")
    page.run("open(guide.cards.at(-1)); turn()")
    page.shows("Too hot", "answer")
    page.until("return document.getElementById('face').contentDocument.querySelector('img')?.naturalWidth === 40")
    asked = {url for url in requested(page.browser) if not url.startswith(("data:", "about:"))}
    assert {url for url in asked if not url.startswith(tea.address)} == set()
    assert f"{tea.address}guide.json" in asked
    assert not [entry for entry in page.browser.get_log("browser") if entry["level"] == "SEVERE"]  # type: ignore[no-untyped-call]


def requested(browser: webdriver.Chrome) -> list[str]:
    """The addresses that the browser asked for since this was last looked at."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]  # type: ignore[no-untyped-call]
    return [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]
