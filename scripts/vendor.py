"""Fetches the front-end files that the product ships and writes static/vendor/manifest.json. Needs npm; run when a version changes."""

import base64
import hashlib
import io
import json
import os
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

import browser
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
PACKAGES = {
    "htmx.org@2.0": {"dist/htmx.min.js": "htmx.min.js"},
    "bootstrap@5.3": {"dist/css/bootstrap.min.css": "bootstrap.min.css"},
    "@fontsource-variable/inter@5": {"files/inter-latin-wght-normal.woff2": "inter-latin.woff2"},
}
ICON_PACKAGE = "@tabler/icons@3"
ICON_USE = re.compile(r"""(?:\{% ic |icon=)"([a-z0-9-]+)"|\("([a-z0-9-]+)", _\(""")
ALWAYS = {"chart-line"}
WIDTHS = ROOT / "cartography" / "inter.json"
MEASURE = """async ([font, letters]) => {
    const face = new FontFace("Inter", `url(data:font/woff2;base64,${font})`, { weight: "100 900" });
    document.fonts.add(await face.load());
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = "600 1000px Inter";
    return letters.map((letter) => Math.round(pen.measureText(letter).width) / 1000);
}"""


def main() -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    manifest = []
    for package, files in PACKAGES.items():
        with _packed(package) as archive:
            about = json.load(archive.extractfile("package/package.json"))
            for inside, name in files.items():
                content = archive.extractfile(f"package/{inside}").read()
                content = re.sub(rb"\n?/\*# sourceMappingURL=.*?\*/", b"", content) if name.endswith(".css") else content
                manifest.append(_write(name, content, about))
    with _packed(ICON_PACKAGE) as archive:
        about = json.load(archive.extractfile("package/package.json"))
        manifest.append(_write("icons.svg", _sprite(archive), about))
    WIDTHS.write_text(json.dumps(_widths(), ensure_ascii=False, separators=(",", ":")) + "\n")
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


def icons_used() -> set[str]:
    """The icons that templates and menus name."""
    sources = [*(ROOT / "templates").rglob("*.html"), ROOT / "grc_bsc" / "shell.py"]
    return ALWAYS | {name for source in sources for pair in ICON_USE.findall(source.read_text()) for name in pair if name}


def _packed(package: str) -> tarfile.TarFile:
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", package, "--silent", "--pack-destination", folder]
        subprocess.run(command, check=True, capture_output=True)
        return tarfile.open(fileobj=io.BytesIO(next(Path(folder).iterdir()).read_bytes()))


def _sprite(archive: tarfile.TarFile) -> bytes:
    symbols = []
    for name in sorted(icons_used()):
        drawing = archive.extractfile(f"package/icons/outline/{name}.svg").read().decode()
        inside = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)[1]
        inside = re.sub(r'<path stroke="none"[^>]*/>', "", inside)
        paths = " ".join(line.strip() for line in inside.splitlines() if line.strip())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{paths}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n").encode()


def _widths() -> dict[str, float]:
    """How wide a browser sets each letter of the shipped font, in its semibold weight, as a share of the font's size."""
    letters = [chr(code) for code in (*range(0x20, 0x7F), *range(0xA1, 0x180))]
    font = base64.b64encode((VENDOR / "inter-latin.woff2").read_bytes()).decode()
    with sync_playwright() as playwright:
        path, environment = browser.find()
        page = playwright.chromium.launch(executable_path=path, args=browser.FLAGS, env={**os.environ, **environment}).new_page()
        widths = page.evaluate(MEASURE, [font, letters])
    return dict(zip(letters, widths, strict=True))


def _write(name: str, content: bytes, about: dict) -> dict:
    (VENDOR / name).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return {"file": name, "package": about["name"], "version": about["version"], "licence": about["license"], "sha256": digest}


if __name__ == "__main__":
    main()
