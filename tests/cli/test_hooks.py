"""The hook for pre-commit and the workflow for GitHub, run as far as that can be done without them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from studypack.cli import COMMANDS
from studypack.desk.new import WORKFLOW
from tests.cli.project import BROKEN, GUIDE, SCRIPT, Project

HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"

needs_check = pytest.mark.skipif("check" not in COMMANDS, reason="there is no command check yet")


@pytest.fixture
def repository(project: Project) -> Project:
    """The project under git, with a README that is no guide, all of it ready to be committed."""
    (project.folder / "source" / "README.md").write_text(BROKEN, encoding="utf-8")
    (project.folder / "notes.md").write_text(BROKEN, encoding="utf-8")
    git(project, "init", "-q")
    git(project, "add", "-A")
    return project


def git(project: Project, *arguments: str) -> str:
    """What a git command says."""
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments]
    return subprocess.run(command, cwd=project.folder, check=True, capture_output=True, text=True).stdout


def environment(project: Project) -> dict[str, str]:
    """The tests' environment, with this studypack on the path."""
    path = f"{SCRIPT.parent}{os.pathsep}{os.environ['PATH']}"
    return {**project.environment, "PATH": path, "PRE_COMMIT_HOME": str(project.cache / "pre-commit")}


# --- pre-commit --------------------------------------------------------------------------------------------------


def pre_commit(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The real pre-commit, in a project."""
    pytest.importorskip("pre_commit", reason="pre-commit is not installed")
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=project.folder,
        env=environment(project),
        capture_output=True,
        text=True,
    )


def test_pre_commit_accepts_the_manifest(project: Project) -> None:
    """The file that says what this repository offers to pre-commit is valid."""
    done = pre_commit(project, "validate-manifest", str(HOOKS))
    assert (done.returncode, done.stdout) == (0, "")


def configured(project: Project) -> None:
    """The hook of the manifest, run with the studypack that is installed here rather than one that is fetched."""
    (hook,) = yaml.safe_load(HOOKS.read_text("utf-8"))
    config = {"repos": [{"repo": "local", "hooks": [{**hook, "language": "system"}]}]}
    (project.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    git(project, "add", "-A")


def test_the_hook_takes_guides_and_nothing_else(repository: Project) -> None:
    """Of all Markdown it gets what lies in source/, but for a README."""
    configured(repository)
    path = repository.folder / ".pre-commit-config.yaml"
    path.write_text(path.read_text("utf-8").replace("entry: studypack check", "entry: echo got"), encoding="utf-8")
    git(repository, "add", "-A")
    done = pre_commit(repository, "run", "--all-files", "--verbose")
    assert re.findall(r"^got.*", done.stdout, re.MULTILINE) == ["got source/tea.md"]


@needs_check
def test_the_hook_stops_a_guide_with_errors(repository: Project) -> None:
    """A good guide passes; one with an error is told with its place, and the commit is refused."""
    configured(repository)
    done = pre_commit(repository, "run", "--all-files")
    assert done.returncode == 0, done.stdout + done.stderr
    repository.guide.write_text(BROKEN, encoding="utf-8")
    git(repository, "add", "-A")
    done = pre_commit(repository, "run")
    assert done.returncode == 1
    assert re.search(r"source/tea\.md:\d+:\d+: error SP103", done.stdout)


# --- GitHub ------------------------------------------------------------------------------------------------------


def steps(project: Project) -> dict[str, str]:
    """The commands of the workflow, by the name of their step; and its variables set."""
    assert project.run("new", "--workflow").returncode == 0
    flow = yaml.safe_load((project.folder / WORKFLOW).read_text("utf-8"))
    assert flow["env"]["GUIDES"] == "source"
    found = [step for job in flow["jobs"].values() for step in job["steps"] if "run" in step]
    return {step["name"]: step["run"] for step in found}


def run(project: Project, step: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A step's commands, run as GitHub runs them (docs.github.com, “jobs.<job_id>.steps[*].shell”)."""
    return subprocess.run(
        ["bash", "-e", "-c", step],
        cwd=project.folder,
        env={**environment(project), "GUIDES": "source", **env},
        capture_output=True,
        text=True,
    )


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
class TestWorkflow:
    """The workflow's steps in a project."""

    def test_every_step_is_sound(self, project: Project) -> None:
        """Bash can read each, and each is known here, so that none goes untried."""
        commands = steps(project)
        assert list(commands) == ["Install", "Check", "Build", "Attach"]
        for command in commands.values():
            assert subprocess.run(["bash", "-n", "-c", command], capture_output=True).stderr == b""

    def test_it_names_only_packages_and_options_that_exist(self, project: Project) -> None:
        """The libraries are those that the doctor names, the extras those of this version."""
        from studypack.desk import installed
        from studypack.writers.paper import native

        assert project.run("new", "--workflow").returncode == 0
        text = (project.folder / WORKFLOW).read_text("utf-8")
        (packages,) = re.findall(r"apt-get install .*?(lib.*)", text)
        assert packages in native.how_to_install("linux")
        (extras,) = re.findall(r"studypack\[(.*)\]", text)
        assert set(extras.split(",")) <= set(installed.extras())

    def test_build_makes_packs_and_minds_the_locks(self, repository: Project) -> None:
        """A guide without a lock is built; with its lock too; with a lock of yesterday's guide the step fails."""
        (repository.folder / "source" / "README.md").unlink()
        build = steps(repository)["Build"].replace("studypack build", "studypack build --only deck")
        first = run(repository, build)
        assert first.returncode == 0, first.stderr
        assert list(repository.outputs("packs")) == ["tea.apkg"]
        other = repository.folder / "source" / "other.md"
        other.write_text(GUIDE.replace("Tea", "Other"), encoding="utf-8")
        (repository.folder / "source" / "README.md").write_text(BROKEN, encoding="utf-8")
        assert run(repository, build).returncode == 0
        assert list(repository.outputs("packs")) == ["other.apkg", "tea.apkg"]
        repository.guide.write_text(GUIDE.replace("- **Black", "- **Red** — new\n- **Black"), encoding="utf-8")
        last = run(repository, build)
        assert last.returncode == 1
        assert "SP405" in last.stderr

    @needs_check
    def test_check_tells_github(self, repository: Project) -> None:
        """An error becomes an annotation at its line, and the step fails."""
        check = steps(repository)["Check"]
        assert run(repository, check).returncode == 0
        repository.guide.write_text(BROKEN, encoding="utf-8")
        done = run(repository, check)
        assert done.returncode == 1
        assert re.search(r"^::error file=source/tea\.md,line=\d+", done.stdout, re.MULTILINE)

    def test_attach_makes_a_release_where_there_is_none(self, repository: Project) -> None:
        """What GitHub's own command would be told: a release is made once, and given every output."""
        folder = repository.folder / "bin"
        folder.mkdir()
        told = repository.folder / "told"
        script = f'#!/bin/sh\necho "$@" >>"{told}"\n[ "$2" != view ] || [ -e "{told}.there" ]\n'
        (folder / "gh").write_text(script, encoding="utf-8")
        (folder / "gh").chmod(0o755)
        packs = repository.folder / "packs"
        packs.mkdir()
        (packs / "tea.apkg").touch()
        attach = steps(repository)["Attach"]
        env = {"TAG": "v1", "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
        upload = "release upload v1 packs/tea.apkg --clobber"
        create = "release create v1 --verify-tag --generate-notes"
        assert run(repository, attach, **env).returncode == 0
        assert told.read_text("utf-8").splitlines() == ["release view v1", create, upload]
        told.unlink()
        Path(f"{told}.there").touch()
        assert run(repository, attach, **env).returncode == 0
        assert told.read_text("utf-8").splitlines() == ["release view v1", upload]
