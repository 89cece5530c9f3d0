"""Bring a bare machine to where Regie can run; with ``--dev``, to where it can be tested.

Standard library only: nothing is installed yet when this runs. Every step leaves a stamp
with the hash of what it installed, so that a second call costs nothing.
"""

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# What WeasyPrint loads by name, and the Debian package that brings it.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


class Stopped(Exception):
    """The set-up cannot go on; its text says what to do."""


def say(text: str) -> None:
    """One line to whoever waits, at once."""
    print(text, flush=True)


def call(*command: str | Path, env: dict[str, str] | None = None) -> None:
    """Run a command in the project's folder; its own output shows, a failure stops."""
    result = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False
    )
    if result.returncode:
        text = " ".join(str(part) for part in command)
        raise Stopped(f"This command failed with exit code {result.returncode}:\n\n    {text}\n")


def answers(*command: str | Path) -> bool:
    """Whether a command runs at all and is content."""
    try:
        result = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return False
    return result.returncode == 0


# --- system packages ---------------------------------------------------------------------------


def browser() -> str:
    """The browser at BROWSER_PATH or the first one on PATH; empty where there is none."""
    named = os.environ.get("BROWSER_PATH", "")
    if named:
        if not os.access(named, os.X_OK):
            raise Stopped(f"BROWSER_PATH names {named}, and no program is there.")
        return named
    return next(filter(None, map(shutil.which, BROWSERS)), "")


def has_library(name: str) -> bool:
    """Whether the dynamic linker finds a library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def missing_packages(*, dev: bool) -> list[str]:
    """Debian packages that this machine lacks."""
    missing = [package for name, package in LIBRARIES.items() if not has_library(name)]
    if not browser():
        missing.append("chromium")
    if not PYTHON.exists() and importlib.util.find_spec("ensurepip") is None:
        missing.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    if dev and not shutil.which("xgettext"):
        missing.append("gettext")
    return missing


def install_packages(packages: list[str]) -> None:
    """Install Debian packages as root; else stop with the one command that does it."""
    if not packages:
        return
    names = " ".join(packages)
    recipe = f"apt-get update && apt-get install -y --no-install-recommends {names}"
    if not shutil.which("apt-get"):
        raise Stopped(f"Missing on this machine, by their Debian names: {names}")
    if os.geteuid() == 0:
        prefix = []
    elif answers("sudo", "-n", "true"):
        prefix = ["sudo", "-n"]
    else:
        become_root = "sudo sh -c" if shutil.which("sudo") else "su -c"
        raise Stopped(
            "System packages are missing and this account may not install them."
            f" Run this once, then try again:\n\n    {become_root} '{recipe}'\n"
        )
    say(f"Installing system packages: {names}")
    call(*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", f"({recipe}) >/dev/null")


# --- Python packages ---------------------------------------------------------------------------


def digest(*paths: Path) -> str:
    """One hash over the contents of several files."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def make_environment() -> None:
    """The virtual environment, made anew where its Python is gone."""
    if PYTHON.exists() and answers(PYTHON, "-m", "pip", "--version"):
        return
    say("Making .venv")
    call(sys.executable, "-m", "venv", "--clear", VENV)


def install_requirements(name: str) -> None:
    """Python packages of one lock file, each checked against its hash."""
    lock, stamp = ROOT / name, VENV / f".{name}.sha256"
    wanted = digest(lock)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    started = time.monotonic()
    say(f"Installing Python packages of {name}")
    call(
        PYTHON, "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check",
        "--require-hashes", "--requirement", lock,
    )  # fmt: skip
    stamp.write_text(wanted)
    say(f"  done in {time.monotonic() - started:.0f} s")


# --- front-end packages ------------------------------------------------------------------------


def npm() -> tuple[str, dict[str, str]]:
    """npm and the environment to run it in: the machine's own, else the one on PyPI."""
    own = shutil.which("npm")
    if own and answers(own, "--version"):
        return own, dict(os.environ)
    install_requirements("requirements-node.txt")
    path = f"{PYTHON.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return str(PYTHON.parent / "npm"), {**os.environ, "PATH": path}


def install_front_end(*, dev: bool) -> None:
    """Packages of package-lock.json; those for tests only with ``dev``."""
    stamp = NODE_MODULES / ".stamp"
    wanted = digest(ROOT / "package.json", ROOT / "package-lock.json")
    held = stamp.read_text().split() if stamp.exists() else []
    if held[:1] == [wanted] and ("dev" in held or not dev):
        return
    say("Installing front-end packages")
    program, env = npm()
    call(program, "ci", "--loglevel=error", *([] if dev else ["--omit=dev"]), env=env)
    stamp.write_text(f"{wanted} dev" if dev else wanted)


# --- translations ------------------------------------------------------------------------------


def compile_translations() -> None:
    """Machine-readable catalogues beside every changed .po file, without gettext's tools."""
    catalogues = [(po, po.with_suffix(".mo")) for po in ROOT.glob("locale/*/LC_MESSAGES/*.po")]
    stale = [
        (po, mo)
        for po, mo in catalogues
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime
    ]
    if not stale:
        return
    code = "import sys, polib; polib.pofile(sys.argv[1]).save_as_mofile(sys.argv[2])"
    for po, mo in stale:
        call(PYTHON, "-c", code, po, mo)


def main() -> int:
    """Every step in order; 0 when all is there, 1 with what to do when not."""
    dev = "--dev" in sys.argv[1:]
    if sys.version_info < (3, 11):  # noqa: UP036 (whoever runs this may have an older one)
        say(f"Regie needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")
        return 1
    try:
        install_packages(missing_packages(dev=dev))
        make_environment()
        install_requirements("requirements.txt")
        if dev:
            install_requirements("requirements-dev.txt")
        install_front_end(dev=dev)
        compile_translations()
    except Stopped as reason:
        say(str(reason))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
