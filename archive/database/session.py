"""Opening the database: SQLite in the home by default, PostgreSQL by URL; migrations run on the way.

The database is a cache of the WARC files. When it is gone it is made anew; when it cannot be used the reader is told in
one sentence what to do. One process writes at a time (`Database.exclusive`); readers are never kept waiting.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from archive.database.views import drop_views, make_views
from archive.errors import DatabaseError, HomeError
from archive.home import Home

HEAD = "0007"
"""The newest migration; a test holds it equal to what the migrations say."""

BUSY_SECONDS = 30.0
_MOMENT = 0.02  # seconds between two attempts where SQLite does not wait itself
# What fails is said by our errors: without a handler Python would print the pool's own traceback to a user's terminal.
logging.getLogger("sqlalchemy").addHandler(logging.NullHandler())

_LOG = logging.getLogger(__name__)
_LOCK_KEY = 0x676F6E67  # 'gong': names our advisory lock on PostgreSQL, one for each schema
_LOCK = text("SELECT pg_try_advisory_lock(:key, hashtext(current_schema()))")
_UNLOCK = text("SELECT pg_advisory_unlock(:key, hashtext(current_schema()))")
_WRITE = "gongkai_write"
_SECRETS = ("password", "sslpassword")  # parameters of libpq that may stand in a URL's query


class Database:
    """An open database.

    Args:
        engine: of SQLAlchemy, prepared by `open_database`.
        subject: what to call the database in messages; never holds a password.
        lock: file that the one writer locks, None on PostgreSQL (which has its own locks).
        writable: False when the file may only be read.
    """

    def __init__(self, engine: Engine, subject: str, lock: Path | None, *, writable: bool) -> None:
        self.engine = engine
        self.subject = subject
        self.writable = writable
        self._lock = lock
        self._writing = engine.execution_options(**{_WRITE: True})
        # SQLite reads of one transaction see one state anyhow; PostgreSQL shows each statement what was last kept.
        sees_one = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        self._reading = engine.execution_options(**sees_one)

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        """A session for reading: one consistent state from its first query to its end.

        Raises:
            DatabaseError: locked, gone or damaged.
        """
        with explained(self.subject), Session(self._reading, expire_on_commit=False) as session:
            yield session

    @contextlib.contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are kept together when the block ends, or not at all when it fails.

        Raises:
            DatabaseError: locked, read-only, gone or damaged.
        """
        self.require_writable()
        with explained(self.subject), Session(self._writing, expire_on_commit=False) as session, session.begin():
            session.connection()  # take the writer's lock now: a lock that is not to be had is told before any work
            yield session

    @contextlib.contextmanager
    def exclusive(self, *, wait: float = 600.0, waiting: Callable[[], None] | None = None) -> Iterator[None]:
        """Be the only process that writes, until the block ends.

        Args:
            wait: seconds to wait for another writer.
            waiting: called once when there is another writer.

        Raises:
            DatabaseError: another process is still writing after that time, or the database cannot be written.
        """
        self.require_writable()
        with explained(self.subject):
            if self._lock is not None:
                with _file_lock(self._lock, self.subject, wait, waiting):
                    yield
            else:
                with self.engine.connect() as connection, _advisory_lock(connection, self.subject, wait, waiting):
                    yield

    def require_writable(self) -> None:
        """Refuse when the database may only be read."""
        if not self.writable:
            raise DatabaseError(
                "can only be read", subject=self.subject, advice="Make the home writable or name another --home"
            )

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_database(where: Home | str | URL, *, create: bool = True, busy_seconds: float = BUSY_SECONDS) -> Database:
    """Open the database of a home, or the one at an SQLAlchemy URL, brought to this version's tables.

    Args:
        where: a home or a URL (``sqlite:///path``, ``postgresql://...``).
        create: make it when there is none.
        busy_seconds: how long SQLite waits for another program's lock.

    Raises:
        DatabaseError: it cannot be reached, is locked, is missing (without ``create``), or belongs to a newer version.
    """
    url = _url(where.database_url if isinstance(where, Home) else where)
    subject = shown_url(url)
    if url.get_backend_name() == "sqlite":
        database = _open_sqlite(url, create=create, busy_seconds=busy_seconds)
    elif url.get_backend_name() == "postgresql":
        engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
        database = Database(engine, subject, None, writable=True)
    else:
        raise HomeError(
            f"{url.get_backend_name()} is not supported", subject=subject, advice="Use sqlite:/// or postgresql://"
        )
    try:
        _prepare(database)
    except BaseException:
        database.close()
        raise
    return database


def shown_url(url: str | URL) -> str:
    """A database URL as messages may show it: without its password, wherever that stands."""
    return make_url(url).difference_update_query(_SECRETS).render_as_string(hide_password=True)


@contextlib.contextmanager
def explained(subject: str) -> Iterator[None]:
    """Turn what drivers raise into one sentence.

    Raises:
        DatabaseError: in place of the driver's error.
        KeyboardInterrupt: Ctrl-C came while the driver waited for the server, and it made an error of its own of it.
    """
    try:
        yield
    except DBAPIError as error:
        if is_interrupt(error):
            raise KeyboardInterrupt from error
        reason = str(error.orig).strip().splitlines()[0] if error.orig and str(error.orig).strip() else str(error)
        if "locked" in reason or "busy" in reason:
            raise DatabaseError(
                "is locked by another program", subject=subject, advice="Try again when that program has finished"
            ) from error
        if "readonly" in reason or "read-only" in reason:
            raise DatabaseError("can only be read", subject=subject, advice="Make it writable") from error
        if "malformed" in reason or "not a database" in reason:
            raise DatabaseError(
                f"is damaged ({reason})",
                subject=subject,
                advice="Delete it and run `gongkai index --rebuild`: everything in it is in the WARC files",
            ) from error
        if "full" in reason:
            raise DatabaseError("the disk is full", subject=subject, advice="Make room and try again") from error
        if isinstance(error, OperationalError) or error.connection_invalidated:
            raise DatabaseError(
                f"does not answer ({reason})",
                subject=subject,
                advice="Try again when it does; nothing is lost, the WARC files hold everything",
            ) from error
        raise


def is_interrupt(error: BaseException) -> bool:
    """Whether ``error``, or one that it was raised after, is Ctrl-C."""
    seen: set[int] = set()
    left: list[BaseException | None] = [error, getattr(error, "orig", None)]
    while left:
        each = left.pop()
        if isinstance(each, KeyboardInterrupt):
            return True
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            left += [each.__cause__, each.__context__]
    return False


def _url(text_form: str | URL) -> URL:
    try:
        url = make_url(text_form)
        backend = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise HomeError(
            "is not a database URL", subject="GONGKAI_DATABASE_URL", advice="Use sqlite:///path or postgresql://..."
        ) from error
    if backend == "postgresql" and "+" not in url.drivername:
        url = url.set(drivername="postgresql+psycopg")
    if backend in {"postgres", "postgresql"}:
        try:
            import psycopg  # noqa: F401
        except ImportError as error:
            raise HomeError(
                "PostgreSQL needs one more package", subject=backend, advice="pip install 'gongkai[postgresql]'"
            ) from error
    return url


def _open_sqlite(url: URL, *, create: bool, busy_seconds: float) -> Database:
    path = Path(url.database or "")
    subject = str(path)
    if not path.name or path.name == ":memory:":
        raise HomeError("names no file", subject=shown_url(url), advice="Use sqlite:///path/to/gongkai.db")
    if not path.exists() and not create:
        raise DatabaseError("is not there yet", subject=subject, advice="Run `gongkai index`")
    if not path.parent.is_dir():
        raise DatabaseError("its directory does not exist", subject=subject, advice="Name another place")
    exists = path.exists()
    writable = os.access(path.parent, os.W_OK) and (not exists or os.access(path, os.W_OK))
    if not exists and not writable:
        raise DatabaseError("cannot be made here", subject=subject, advice="Make the home writable or name another")
    # WAL needs to write beside the file even for reading; a file that nobody can write does not change.
    fixed = url.set(database=f"file:{path.resolve()}?mode=ro&immutable=1", query={"uri": "true"})
    engine = create_engine(url if writable else fixed, connect_args={"timeout": busy_seconds})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN is sent below, Python's would come too late
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={int(busy_seconds * 1000)}")
        cursor.execute("PRAGMA foreign_keys=ON")
        if writable:
            _begin_write_ahead_log(cursor, busy_seconds)
            cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA cache_size=-65536")
        cursor.execute("PRAGMA mmap_size=4294967296")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes the lock at once: one that upgrades later fails without waiting.
        write = connection.get_execution_options().get(_WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return Database(engine, subject, path.with_name(path.name + ".lock") if writable else None, writable=writable)


def _begin_write_ahead_log(cursor: sqlite3.Cursor, seconds: float) -> None:
    """Have the file write ahead; of several that open a new file at once SQLite refuses some without any waiting."""
    until = time.monotonic() + seconds
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= until:
                raise
            time.sleep(_MOMENT)
        else:
            return


def _prepare(database: Database) -> None:
    with explained(database.subject):
        if _revision(database) == HEAD:
            return
        if not database.writable:
            raise DatabaseError(
                "was made by another version and can only be read",
                subject=database.subject,
                advice="Copy the home to a place that can be written",
            )
        with database.exclusive():
            found = _revision(database)  # another process may have done it meanwhile
            if found != HEAD:
                _migrate(database, found)


def _revision(database: Database) -> str | None:
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return None if found is None else str(found)


def _migrate(database: Database, found: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    configuration.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(configuration).walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseError(
            f"was made by a newer version of gongkai (tables {found}, this one knows {HEAD})",
            subject=database.subject,
            advice="Use that version, or delete the database and run `gongkai index --rebuild` with this one",
        )
    if found is not None:
        _LOG.warning("gongkai: %s: an earlier version made it; its tables are brought to this one's", database.subject)
    writing = database.engine.execution_options(**{_WRITE: True})
    with writing.begin() as connection:
        drop_views(connection)
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")
        make_views(connection)
    if found is not None and connection.dialect.name == "sqlite":
        _give_back(database)


def _give_back(database: Database) -> None:
    """Give the room of tables that are gone back to the disk; where there is none to do it in, later rows fill it."""
    with contextlib.suppress(DBAPIError), database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        connection.rollback()
        raw.execute("VACUUM")


@contextlib.contextmanager
def _file_lock(path: Path, subject: str, wait: float, waiting: Callable[[], None] | None) -> Iterator[None]:
    with path.open("a") as file:
        _until(lambda: _try_flock(file), subject, wait, waiting)
        yield  # closing the file gives the lock back, also when the process dies


def _try_flock(file: Any) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def _advisory_lock(
    connection: Connection, subject: str, wait: float, waiting: Callable[[], None] | None
) -> Iterator[None]:
    free = connection.execution_options(isolation_level="AUTOCOMMIT")
    _until(
        lambda: bool(free.execute(_LOCK, {"key": _LOCK_KEY}).scalar()),
        subject,
        wait,
        waiting,
    )
    try:
        yield
    finally:
        free.execute(_UNLOCK, {"key": _LOCK_KEY})


def _until(attempt: Callable[[], bool], subject: str, wait: float, waiting: Callable[[], None] | None) -> None:
    deadline = time.monotonic() + wait
    told = False
    while not attempt():
        if not told and waiting is not None:
            waiting()
        told = True
        if time.monotonic() >= deadline:
            raise DatabaseError(
                "is being written by another gongkai", subject=subject, advice="Try again when it has finished"
            )
        time.sleep(0.1)
