#!/usr/bin/env python3
"""Set up the environment: virtual environment, locked versions, the project itself, Chromium and a CJK font.

usage: setup.py [--venv DIR] [--no-browser] runtime|dev|docs

Asks nothing. A second run finds its stamp (the digest of what it installed) and leaves at once. Standard library only:
it runs before anything is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
QUIET = {"DEBIAN_FRONTEND": "noninteractive", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


class SetupError(Exception):
    """Something a person has to do first."""


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description="Set up the environment of a Gongkai checkout.")
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv")
    parser.add_argument("--no-browser", action="store_true", help="leave Chromium and fonts alone")
    parser.add_argument("profile", choices=("runtime", "dev", "docs"))
    options = parser.parse_args()
    started = time.monotonic()
    try:
        done = install_packages(options.venv.absolute(), options.profile)
        if not options.no_browser:
            done |= provide_browser(options.venv.absolute())
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    if done:
        say(f"ready after {time.monotonic() - started:.0f} s")
    return 0


def install_packages(venv: Path, profile: str) -> bool:
    """Create the environment and install the locked versions; False when it was all there."""
    lock = REQUIREMENTS / f"{profile}.txt"
    digest = hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()[:16]
    stamp = venv / f".gongkai-{profile}-{digest}"
    larger = venv / f".gongkai-dev-{_digest_of('dev')}"
    if stamp.exists() or (profile == "runtime" and larger.exists()):
        return False
    python = create_environment(venv)
    say(f"installing {profile} packages into {venv.name} (exact versions of {lock.relative_to(ROOT)})")
    install = installer(venv, python)
    run([*install, "--require-hashes", "-r", str(lock)], "the locked packages could not be installed")
    if profile != "docs":  # pages are made of text alone
        command = [*install, "--no-deps", "--no-build-isolation", "-e", str(ROOT)]
        run(command, "the project itself could not be installed")
    stamp.touch()
    return True


def _digest_of(profile: str) -> str:
    lock = REQUIREMENTS / f"{profile}.txt"
    return hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()[:16]


def create_environment(venv: Path) -> Path:
    """The environment's interpreter; Debian splits ``venv`` off, so it may have to be installed first."""
    python = venv / "bin" / "python"
    if python.exists() and attempt([str(python), "-c", "import pip"]):
        return python
    say(f"creating {venv}")
    command = [sys.executable, "-m", "venv", "--clear", str(venv)]
    if not attempt(command):
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not (apt_install(version) or apt_install("python3-venv")) or not attempt(command):
            raise SetupError(f"this Python has no venv module; install it first (Debian and Ubuntu: {version})")
    return python


def installer(venv: Path, python: Path) -> list[str]:
    """The command that installs packages: uv where it can be had (ten times faster), else pip."""
    uv = venv / "bin" / "uv"
    pip = [str(python), "-m", "pip", "install", "--quiet"]
    if not uv.exists() and not attempt([*pip, "--require-hashes", "-r", str(REQUIREMENTS / "installer.txt")]):
        return pip
    index = os.environ.get("PIP_INDEX_URL") or output([str(python), "-m", "pip", "config", "get", "global.index-url"])
    if index and "UV_DEFAULT_INDEX" not in os.environ:
        os.environ["UV_DEFAULT_INDEX"] = index  # uv does not read pip's settings; a mirror named there is meant for us
    certificates = os.environ.get("PIP_CERT")
    if certificates and "SSL_CERT_FILE" not in os.environ:
        os.environ["SSL_CERT_FILE"] = certificates
    return [str(uv), "pip", "install", "--quiet", "--python", str(python)]


def provide_browser(venv: Path) -> bool:
    """Find or install Chromium and a CJK font; without them only script-drawn columns are out of reach."""
    stamp = venv / ".gongkai-browser"
    if stamp.exists():
        return False
    if not find_chromium(venv):
        say("installing Chromium")
        downloaded = attempt([str(venv / "bin" / "playwright"), "install", "chromium"], timeout=600)
        if not downloaded and not apt_install("chromium"):
            say(
                "no Chromium could be installed: columns drawn by script will be reported and left out. "
                "Install Chromium or Chrome, or set GONGKAI_CHROMIUM to its path, and run this again."
            )
            return True
    if not has_chinese_font():
        say("installing a Chinese font (screenshots would show boxes)")
        if not apt_install("fonts-noto-cjk") and not apt_install("fonts-wqy-microhei"):
            say("no Chinese font could be installed: screenshots of pages will show boxes instead of characters.")
    stamp.touch()
    return True


def has_chinese_font() -> bool:
    """Whether Chromium will find Chinese characters; without fontconfig the usual directories are looked at."""
    if shutil.which("fc-list"):
        return bool(output(["fc-list", ":lang=zh", "family"]))
    if sys.platform == "darwin":
        return True
    names = ("*CJK*", "wqy-*", "*DroidSansFallback*", "*SourceHan*", "simsun*", "msyh*")
    places = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
    return any(next(place.rglob(name), None) for place in places if place.is_dir() for name in names)


def find_chromium(venv: Path) -> bool:
    """Whether a Chromium is there: named, installed, or downloaded by Playwright."""
    named = os.environ.get("GONGKAI_CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise SetupError(f"GONGKAI_CHROMIUM={named} does not exist")
        return True
    if any(shutil.which(name) for name in CHROMIUM_NAMES) or MAC_CHROME.exists():
        return True
    code = (
        "from playwright.sync_api import sync_playwright as s\n"
        "with s() as p: import os, sys; sys.exit(not os.path.exists(p.chromium.executable_path))"
    )
    return attempt([str(venv / "bin" / "python"), "-c", code])


def apt_install(package: str) -> bool:
    """Install a Debian package without asking; False where that is not possible."""
    if not shutil.which("apt-get"):
        return False
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and not (shutil.which("sudo") and attempt(["sudo", "-n", "true"])):
        return False
    install = [*prefix, "apt-get", "install", "-y", "-q", "--no-install-recommends", package]
    return attempt(install, timeout=900) or (
        attempt([*prefix, "apt-get", "update", "-q"], timeout=300) and attempt(install, timeout=900)
    )


def attempt(command: list[str], timeout: float = 300) -> bool:
    """Run quietly; whether it worked."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            check=False,
            env={**os.environ, **QUIET},
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def output(command: list[str]) -> str:
    """What the command prints, or nothing."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


def run(command: list[str], problem: str) -> None:
    """Run and let its messages through; a failure ends the set-up with a sentence."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, check=False, env={**os.environ, **QUIET})
    if done.returncode != 0:
        raise SetupError(f"{problem} (see above); is a package index reachable from here?")


def say(message: str) -> None:
    """Progress, on stderr."""
    print(f"setup: {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
