#!/usr/bin/env python3
"""Sets up studypack in this folder and runs it; needs only Python and git.

    python3 bootstrap.py build [GUIDE …]   build the packs of the guides in source/, or of those named
    python3 bootstrap.py test [ARGUMENT …] check style, types and layers, and run the tests (arguments go to pytest,
                                           and then only pytest runs)

What is missing is installed once: the Python packages of the lock file into `.venv`, and with the system's own
installer the native libraries that lay out pages and, for the tests, the Java that checks them and a browser. A second
run finds all of it in place and installs nothing.
"""

# Only the standard library is here before the set-up, and the Python may be too old: so nothing newer than 3.7 above
# the check of its version, for that check to be able to speak.
from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "studypack-setup.json"
LOCKS = {"build": ROOT / "requirements.lock", "test": ROOT / "requirements-test.lock"}
OLDEST = (3, 11)

PAGE_PACKAGES = {
    "apt-get": ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
    "dnf": ("pango", "harfbuzz"),
    "apk": ("pango", "harfbuzz-subset", "fontconfig"),
    "pacman": ("pango",),
    "zypper": ("libpango-1_0-0", "libharfbuzz-subset0"),
    "brew": ("pango",),
}
"""The packages that bring what WeasyPrint opens, by installer; names as in its installation manual."""

JAVA = {"javac": "default-jdk-headless", "/usr/share/java/jaxb-runtime.jar": "libjaxb-java"}
"""What runs veraPDF, which checks PDFs in the tests: a program or file, and the package of Debian that brings it."""

BROWSER = {"chromium": "chromium", "chromedriver": "chromium-driver"}
"""What tries the preview's page in the tests: a program, and the package of Debian that brings it."""

INSTALL = {
    "apt-get": ("install", "-y", "--no-install-recommends"),
    "dnf": ("install", "-y"),
    "apk": ("add",),
    "pacman": ("-S", "--noconfirm", "--needed"),
    "zypper": ("--non-interactive", "install"),
    "brew": ("install",),
}


def main(arguments: list[str]) -> int:
    """Set up what the command needs, run it, and hand on its exit code; 2 where the set-up cannot be done."""
    if not arguments or arguments[0] not in LOCKS:
        print((__doc__ or "").strip())
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    command, rest = arguments[0], arguments[1:]
    if sys.version_info < OLDEST:
        stop(f"studypack needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")
    set_up_pages()
    if command == "test":
        set_up_java()
        set_up_browser()
    set_up_python(command)
    try:
        return build(rest) if command == "build" else test(rest)
    except KeyboardInterrupt:
        return 130


def build(arguments: list[str]) -> int:
    """Run `studypack build`, in the folder where the user is."""
    return run([python(), "-m", "studypack", "build", *arguments])


def test(arguments: list[str]) -> int:
    """Run every check, the tests last; all run though one fails, so that one round shows everything."""
    if arguments:
        return run([python(), "-m", "pytest", *arguments], cwd=ROOT)
    checks = {
        "style": [tool("ruff"), "check", "--quiet"],
        "format": [tool("ruff"), "format", "--check", "--quiet"],
        "layers": [tool("lint-imports"), "--no-logo"],
        "types": [python(), "-m", "mypy"],
    }
    failed = [name for name, command in checks.items() if not passes(name, command)]
    spread = ["-n", "auto", "--dist", "worksteal", "--durations", "8", "--durations-min", "5"]
    code = run([python(), "-m", "pytest", "-q", *spread], cwd=ROOT)
    if failed:
        # Said last, or the tests' own closing line would read as if all were well.
        say(f"Failed before the tests: {', '.join(failed)}.")
    return code or int(bool(failed))


def passes(name: str, command: list[str]) -> bool:
    """Whether a check succeeds; its own words are shown only if not."""
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    say(f"{name:<7} {'ok' if done.returncode == 0 else 'FAILED'}")
    if done.returncode:
        sys.stdout.buffer.write(done.stdout)
        sys.stdout.flush()
    return done.returncode == 0


# --- Python packages ---------------------------------------------------------------------------------------------


def set_up_python(command: str) -> None:
    """Bring `.venv` to what the lock file says, unless the stamp shows that it is so already."""
    wanted = fingerprint(command)
    if read_stamp().get(command) == wanted:
        return
    make_venv()
    say(f"Installing the Python packages of {LOCKS[command].name} into .venv (once) …")
    install = [python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    must([*install, "--requirement", str(LOCKS[command])], "The Python packages could not be installed")
    # Editable, so that a change of the code needs no new set-up. The lock brings the build backend, for a build in
    # isolation would fetch an unlocked one.
    must([*install, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)], "studypack could not be installed")
    # The packages for tests contain those for building, in the same versions.
    covered = LOCKS if command == "test" else (command,)
    STAMP.write_text(json.dumps({name: fingerprint(name) for name in covered}, indent=1), encoding="utf-8")


def fingerprint(command: str) -> str:
    """What an environment depends on; the folder is part of it, for `.venv` holds absolute paths."""
    seen = hashlib.sha256()
    files = (LOCKS[command], ROOT / "pyproject.toml")
    for part in (*(file.read_bytes() for file in files), sys.version.encode(), bytes(ROOT)):
        seen.update(len(part).to_bytes(8, "big") + part)
    return seen.hexdigest()


def read_stamp() -> dict[str, str]:
    """What earlier runs set up, by command; empty where there is nothing, or nothing that works."""
    if not Path(python()).exists():
        return {}
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def make_venv() -> None:
    """Make `.venv`, or make it anew where it does not run with this Python and pip."""
    probe = [python(), "-c", "import pip, sys; print(sys.version)"]
    if Path(python()).exists():
        done = subprocess.run(probe, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode == 0 and done.stdout.strip() == sys.version.strip():
            return
    if not has_ensurepip():
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not (shutil.which("apt-get") and install_packages("apt-get", (package,))):
            stop(f"This Python cannot make virtual environments. Install the package {package}, then run this again.")
    say("Making .venv …")
    must([sys.executable, "-m", "venv", "--clear", str(VENV)], "The virtual environment could not be made")


def has_ensurepip() -> bool:
    """Whether Python can put pip into a virtual environment; Debian and Ubuntu split that off into a package."""
    probe = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.run(probe, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


def python() -> str:
    """The Python of `.venv`."""
    return tool("python")


def tool(name: str) -> str:
    """A program of `.venv`."""
    return str(VENV / ("Scripts" if os.name == "nt" else "bin") / (name + (".exe" if os.name == "nt" else "")))


# --- native libraries --------------------------------------------------------------------------------------------


def set_up_pages() -> None:
    """Install the libraries that lay out pages; without them there are no PDFs, but still decks, so it goes on."""
    if not missing_libraries():
        return
    installer = next((name for name in PAGE_PACKAGES if shutil.which(name)), None)
    if installer and install_packages(installer, PAGE_PACKAGES[installer]) and not missing_libraries():
        return
    say(f"{ask_native('native.how_to_install()')} Until then there are decks, but no PDFs.")


def missing_libraries() -> str:
    """The libraries that studypack cannot load, with blanks between."""
    return ask_native("' '.join(native.missing())")


def ask_native(question: str) -> str:
    """What studypack itself knows of these libraries; asked in a new process, for one that failed to load stays so."""
    code = f"from studypack.writers.paper import native; print({question})"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout.strip()


def set_up_java() -> None:
    """Install what runs veraPDF; without it the tests that need it are skipped, so it goes on."""
    packages = missing_java()
    if not packages or (shutil.which("apt-get") and install_packages("apt-get", packages) and not missing_java()):
        return
    say(f"The PDFs are not checked against PDF/UA: that needs {' '.join(packages)}, as Debian names them.")


def missing_java() -> tuple[str, ...]:
    """The packages of what runs veraPDF and is not here."""
    return missing(JAVA)


def set_up_browser() -> None:
    """Install the browser that tries the preview's page; without it those tests are skipped, so it goes on."""
    packages = missing(BROWSER)
    if not packages or (shutil.which("apt-get") and install_packages("apt-get", packages) and not missing(BROWSER)):
        return
    say(f"The preview is not tried in a browser: that needs {' '.join(packages)}, as Debian names them.")


def missing(tools: Mapping[str, str]) -> tuple[str, ...]:
    """The packages of those programs and files that are not here."""
    return tuple(package for name, package in tools.items() if not shutil.which(name) and not Path(name).exists())


def install_packages(installer: str, packages: tuple[str, ...]) -> bool:
    """Install packages of the system; False where that may not be, or fails (then the installer's words are shown)."""
    prefix = become_root(installer)
    if prefix is None:
        return False
    say(f"Installing {' '.join(packages)} with {installer} (once) …")
    command = [*prefix, installer, *INSTALL[installer], *packages]
    done = quietly(command)
    if done.returncode and installer == "apt-get":
        # A fresh machine or image has no list of packages, or an old one that names versions that are gone.
        quietly([*prefix, installer, "update"])
        done = quietly(command)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
    return done.returncode == 0


def become_root(installer: str) -> list[str] | None:
    """What to put before a command to run it with the rights it needs; None where there is no way."""
    if installer == "brew" or (hasattr(os, "geteuid") and os.geteuid() == 0):
        return []
    if not shutil.which("sudo"):
        return None
    if sys.stdin is not None and sys.stdin.isatty():
        return ["sudo"]
    # Nobody is there to type a password.
    return ["sudo", "-n"] if quietly(["sudo", "-n", "true"]).returncode == 0 else None


# --- programs and words ------------------------------------------------------------------------------------------


def quietly(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a program and keep its words."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    stdin = None if command[0] == "sudo" else subprocess.DEVNULL
    return subprocess.run(
        command,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
    )


def run(command: list[str], cwd: Path | None = None) -> int:
    """Run a program in the open; its exit code."""
    sys.stdout.flush()
    return subprocess.run(command, cwd=cwd).returncode


def must(command: list[str], complaint: str) -> None:
    """Run a program of the set-up; where it fails, show its words and stop."""
    done = quietly(command)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        stop(f"{complaint}; the reason stands above. After mending it, run this again.")


def say(message: str) -> None:
    """A line for the person who waits."""
    print(message, flush=True)


def stop(message: str) -> NoReturn:
    """End with a message; 2, for what is wrong is the environment."""
    print(message, file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
