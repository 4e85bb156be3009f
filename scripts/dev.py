"""Everything a developer runs, with Python 3.11 and the package registries alone: setup, run, demo, test, check, bench, lock."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed"
OLDEST = (3, 11)


def main() -> int:
    commands = {"setup": setup, "run": run, "demo": demo, "test": test, "check": check, "bench": bench, "lock": lock}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        print(f"{__doc__}\nUsage: python3 scripts/dev.py {{{'|'.join(commands)}}}")
        return 2
    if sys.version_info < OLDEST:
        print("Python 3.11 or newer is needed.")
        return 2
    os.chdir(ROOT)
    return commands[sys.argv[1]](sys.argv[2:]) or 0


def setup(arguments: list[str]) -> int:
    """Build the environment with everything: what the product needs and what tests need."""
    environment("test")
    return 0


def run(arguments: list[str]) -> int:
    """Environment, database, demo data if the database is empty, server."""
    environment("run")
    port = os.environ.get("PORT", "8000")
    manage("migrate", "-v0")
    manage("collectstatic", "--noinput", "-v0")
    manage("demo", "--if-empty")
    print(f"Open http://127.0.0.1:{port}/  (stop with Ctrl+C)", flush=True)
    command = [str(PYTHON), "-m", "gunicorn", "grc_bsc.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "8", "--no-control-socket"]
    command += ["--log-level", "warning"]
    os.execv(command[0], command)


def demo(arguments: list[str]) -> int:
    """Load the demo data into the configured database."""
    environment("run")
    manage("migrate", "-v0")
    manage("demo")
    return 0


def test(arguments: list[str]) -> int:
    """All checks, then all tests on SQLite and, at the same time, on PostgreSQL with Redis and a real worker."""
    failed = check([])
    sys.path[:0] = _site_packages()
    from services import services

    runs = []
    with services() as urls:
        for name, extra in (("SQLite", {"DATABASE_URL": "", "REDIS_URL": ""}), ("PostgreSQL and Redis", urls)):
            folder = ROOT / "var" / "tests" / name.split()[0].lower()
            folder.mkdir(parents=True, exist_ok=True)
            log = (folder / "log.txt").open("w+")
            command = [str(PYTHON), "-m", "pytest", *arguments]
            given = {**os.environ, **extra, "VAR_DIR": str(folder)}
            runs.append((name, log, subprocess.Popen(command, env=given, stdout=log, stderr=subprocess.STDOUT)))
        ends = [run.wait() for _name, _log, run in runs]
    for name, log, run in sorted(runs, key=lambda one: one[2].returncode != 0):
        log.seek(0)
        print(f"\n== Tests on {name}: {'failed' if run.returncode else 'passed'}\n{log.read()}", flush=True)
        log.close()
    return failed or int(any(ends))


def check(arguments: list[str]) -> int:
    """Style, types, import contracts, templates, migrations, translations, the compose file."""
    environment("test")
    binaries = VENV / "bin"
    steps = {
        "style": [binaries / "ruff", "check", "."],
        "format": [binaries / "ruff", "format", "--check", "."],
        "types": [binaries / "mypy"],
        "contracts": [binaries / "lint-imports"],
        "templates": [binaries / "djlint", "templates", "--lint", "--quiet"],
        "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
        "deployment": [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        "translations": [PYTHON, "scripts/messages.py", "--check"],
        "compose": [binaries / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
    }
    failed = 0
    for name, command in steps.items():
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
        print(f"{name:<14}{'ok' if not done.returncode else 'FAILED'}", flush=True)
        if done.returncode:
            print(done.stdout + done.stderr, flush=True)
            failed = 1
    return failed


def bench(arguments: list[str]) -> int:
    """Measure what docs/performance.md explains, as ratios in one run."""
    environment("test")
    sys.path[:0] = _site_packages()
    from services import services

    with services(durable=True) as urls:
        return subprocess.call([str(PYTHON), "-m", "benchmarks", *arguments], env={**os.environ, **urls})


def lock(arguments: list[str]) -> int:
    """Write the hash-locked requirement files anew. Needs uv."""
    for name in ("run", "test"):
        source, target = f"requirements/{name}.in", f"requirements/{name}.lock"
        options = ["--universal", "--generate-hashes", "--no-header", "--no-strip-extras", "--python-version", "3.11"]
        subprocess.run(["uv", "pip", "compile", "-q", *options, *arguments, source, "-o", target], check=True)
    return 0


def environment(kind: str) -> None:
    """Make .venv hold what the lock file says; a second call with the same files does nothing."""
    wanted = {name: hashlib.sha256((ROOT / "requirements" / f"{name}.lock").read_bytes()).hexdigest() for name in ("run", "test")}
    installed = STAMP.read_text().split() if STAMP.exists() else []
    if wanted["test"] in installed or (kind == "run" and wanted["run"] in installed):
        return
    print(f"Building the environment ({kind}) …", flush=True)
    lock_file = f"requirements/{kind}.lock"
    if not _venv_with_uv(lock_file):
        _venv_with_pip(lock_file)
    STAMP.write_text(wanted[kind] + "\n")


def _venv_with_uv(lock_file: str) -> bool:
    """Faster, where uv is there and reaches the registry; with the certificates of the system, as pip does."""
    uv = shutil.which("uv")
    if not uv:
        return False
    settings = {**os.environ, "UV_SYSTEM_CERTS": "1"}
    steps = [["venv", "-q", "--clear", "--python", sys.executable, str(VENV)], ["pip", "install", "-q", "--python", str(PYTHON)]]
    steps[1] += ["--require-hashes", "-r", lock_file]
    return all(subprocess.run([uv, *step], env=settings, check=False).returncode == 0 for step in steps)


def _venv_with_pip(lock_file: str) -> None:
    install = ["install", "-q", "--disable-pip-version-check", "--require-hashes", "--only-binary=:all:", "-r", lock_file]
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, check=False)
    if not made.returncode:
        subprocess.run([str(PYTHON), "-m", "pip", *install], check=True)
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)], check=True)
    if subprocess.run([sys.executable, "-m", "pip", "--python", str(PYTHON), *install], check=False).returncode:
        raise SystemExit("Neither venv nor pip can install packages here (Debian: apt-get install python3-venv python3-pip).")


def _site_packages() -> list[str]:
    """The environment's packages, and this folder, for the modules beside this one."""
    return [str(Path(__file__).parent), *map(str, VENV.glob("lib/python*/site-packages"))]


def manage(*arguments: str) -> None:
    subprocess.run([str(PYTHON), "manage.py", *arguments], check=True)


if __name__ == "__main__":
    sys.exit(main())
