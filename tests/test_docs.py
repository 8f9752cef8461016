"""The documentation says what the program does: commands run, links lead somewhere, pages are complete."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from openembargo.apps.cli.main import app
from openembargo.law.words import KINDS

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def commands() -> list[tuple[str, str, int]]:
    found = []
    for page in PAGES:
        for block in BLOCK.findall(page.read_text(encoding="utf-8")):
            for line in block.splitlines():
                if line.startswith("$ "):
                    text, _, comment = line[2:].partition("#")
                    status = int(comment.strip().removeprefix("exit ")) if comment else 0
                    found.append((page.name, text.strip(), status))
    return found


@pytest.mark.parametrize(("page", "command", "status"), commands(), ids=lambda value: str(value))
def test_a_command_of_the_documentation_runs(page, command, status):
    words = shlex.split(command)
    assert words[0] == "openembargo"
    done = subprocess.run(
        [str(Path(sys.executable).parent / words[0]), *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def test_there_are_commands_to_run():
    assert len(commands()) >= 10


def test_every_kind_has_its_section():
    text = (ROOT / "docs" / "reference" / "measure-kinds.md").read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"## {kind}\n" not in text] == []


def test_every_command_and_option_is_on_the_page():
    text = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    group = typer.main.get_command(app)
    names = []
    for name, command in group.commands.items():
        names += [f"openembargo {name} {inner}" for inner in getattr(command, "commands", {})] or [
            f"openembargo {name}"
        ]
    assert [name for name in names if name not in text] == []


def test_the_vocabulary_page_is_up_to_date():
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "vocabulary_page.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_doubt_is_told(book):
    text = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert [doubt.id for doubt in book.regimes[0].doubts if f"`{doubt.id}`" not in text] == []


def test_decisions_of_design_are_numbered():
    names = [path.name[:4] for path in sorted((ROOT / "docs" / "adr").glob("*.md"))]
    assert names == [f"{i:04d}" for i in range(1, len(names) + 1)]


def test_the_guide_to_a_regime_leads_to_a_regime(tmp_path):
    """The blocks of the guide, each written where the guide says, are a regime without a mistake that stands beside the UN."""
    text = (ROOT / "docs" / "how-to" / "add-a-regime.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:toml)?\n(.*?)```", text, re.DOTALL)
    places = {
        'id = "de.luxury" ': "regime.toml", "[[act]]": "acts.toml", 'id = "de.luxury.L1.2"': "measures/1.toml",
        'pattern = "asset-freeze"': "measures/2.toml", "hs,product": "annexes/goods/pianos.csv", "ref,kind": "annexes/parties.csv",
        "[base.piano]": "cases/1.toml",
    }  # fmt: skip
    folder = tmp_path / "my-law" / "de" / "luxury"
    for start, name in places.items():
        found = [block for block in blocks if block.startswith(start)]
        assert len(found) == 1, start
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(found[0], encoding="utf-8")
    deal = (
        (folder / "cases" / "1.toml").read_text(encoding="utf-8").partition("[[case]]")[0].replace("[base.piano]\n", "")
    )
    (tmp_path / "piano.toml").write_text(deal, encoding="utf-8")

    def ran(*words):
        return subprocess.run(
            [str(Path(sys.executable).parent / "openembargo"), *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    checked = ran("law", "check", "my-law/")
    assert checked.returncode == 0, checked.stderr
    assert "5 cases met" in checked.stdout
    assert ran("law", "show", "de.luxury", "--law", "my-law/").returncode == 0
    decided = ran("decide", "piano.toml", "--law", "my-law/")
    assert decided.returncode == 11, decided.stderr
    assert "Germany: undetermined" in decided.stdout
