"""The ``gongkai`` command. Thin: options in, calls, messages out; every group of commands is a module of its own.

Results go to stdout, progress and messages to stderr. Exit status: 0 done; 1 done with failures that the output names;
2 bad usage or configuration; 3 refused; 130 interrupted. A traceback never reaches a user.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler import commands
from crawler.interrupt import INTERRUPTED, STATUS

app = typer.Typer(
    name="gongkai",
    help="Collect, archive and read the annual reports on government information disclosure of China.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"gongkai {version('gongkai')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Options of the command itself."""


commands.register(app)


@app.command("help")
def _help(
    context: typer.Context,
    command: Annotated[
        list[str] | None, typer.Argument(metavar="[COMMAND]...", help="A command, such as crawl or portals check.")
    ] = None,
) -> None:
    """Show the help of a command; without one, the list of all."""
    here: Any = context.find_root()
    for word in command or ():
        inner = getattr(here.command, "commands", {}).get(word)
        if inner is None:
            raise typer.BadParameter(f"{here.command_path} has no command {word}", ctx=here)
        here = typer.Context(inner, parent=here, info_name=word)
    typer.echo(here.get_help())


def main() -> int:
    """Run the words of the command line: errors of ours become one sentence, the exit status is returned."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without Chinese letters shows question marks
    return run([_readable(word) for word in sys.argv[1:]])


def _readable(word: str) -> str:
    """A word of the command line as UTF-8 where the locale took it for something else."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return os.fsencode(word).decode("utf-8", "surrogateescape")
    return word


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit status."""
    from crawler.commands._index import half_shown
    from parsers import GongkaiError

    half_shown.set(False)
    try:
        result = app(args=arguments, prog_name="gongkai", standalone_mode=False)
    except GongkaiError as error:
        return _say(str(error), error.exit_status)
    except typer.Exit as leave:
        result = leave.exit_code
    except (KeyboardInterrupt, typer.Abort):
        result = STATUS
    except SystemExit as leave:  # click leaves so where a pipe has broken
        return _unread(leave)
    except UnicodeEncodeError as error:
        return _say(f"{error.object!r}: holds bytes that are no text. Write it in UTF-8.", 2)
    except OSError as error:
        if isinstance(error, BrokenPipeError) and _let_go():
            return 0
        subject = f"{error.filename}: " if error.filename else ""
        return _say(f"{subject}{error.strerror or error}.", 3)
    except Exception as error:  # noqa: BLE001 - the last line of defence; the traceback goes to a file
        origin = type(error).__module__.split(".")[0]
        if origin in {"click", "typer"} and hasattr(error, "format_message"):
            return _usage(error)
        if origin == "sqlalchemy" and type(error).__name__ in {"OperationalError", "InterfaceError"}:
            cause = str(getattr(error, "orig", error)).splitlines()[0]
            return _say(f"the database does not answer ({cause}); nothing is lost, try again when it does.", 3)
        return _say(f"internal error: {type(error).__name__}: {error}. Details: {_keep_traceback()}", 1)
    if result == STATUS:
        return _say(INTERRUPTED, STATUS)
    status = result if isinstance(result, int) else 0
    return status or int(half_shown.get())


def _unread(leave: SystemExit) -> int:
    """The status with which click left: 0 where it is our reader who had seen enough."""
    if isinstance(leave.__context__, BrokenPipeError) and _let_go():
        return 0
    return leave.code if isinstance(leave.code, int) else 1


def _let_go() -> bool:
    """Whether nobody reads us any more; then nothing is written any more either."""
    from crawler.terminal.streams import let_go, reader_has_gone

    gone = reader_has_gone()
    if gone:
        let_go()
    return gone


def _usage(error: Any) -> int:
    """What is wrong with the command line; without a command, the help itself."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        from crawler.terminal.streams import say

        say(f"{error.format_message()}\n", stream=sys.stderr)
        return 2
    message = _unreadable(error) or str(error.format_message()).removeprefix("Invalid value: ")
    message = message.replace("Value error, ", "").rstrip(". ")
    return _say(f"{message}. Try '{context.command_path if context else 'gongkai'} --help'.", 2)


_UNREADABLE = {
    "int_parsing": "{input!r} is no whole number; write it in digits",
    "int_from_float": "{input!r} is no whole number; write it in digits",
    "float_parsing": "{input!r} is no number; write it in digits",
    "greater_than_equal": "{input} is too small; write {ge} or more",
    "greater_than": "{input} is too small; write more than {gt}",
    "less_than_equal": "{input} is too large; write {le} or less",
    "less_than": "{input} is too large; write less than {lt}",
}
"""What is said of a value that an option does not take, by the kind of error of the library that read it."""


def _unreadable(error: Any) -> str | None:
    """Our words for a value that an option does not take; None where the library's say what to write."""
    details = getattr(error.__cause__, "errors", None)
    parameter: Any = getattr(error, "param", None)
    if not callable(details) or parameter is None:
        return None
    for detail in details():
        words = _UNREADABLE.get(detail["type"])
        if words is not None:
            name = max((*parameter.opts, parameter.name or ""), key=len)
            return f"{name}: {words.format(input=detail['input'], **detail.get('ctx', {}))}"
    return None


def _say(message: str, status: int) -> int:
    from crawler.commands._output import note

    note(f"gongkai: {message}")
    return status


def _keep_traceback() -> Path:
    import tempfile

    with tempfile.NamedTemporaryFile("w", prefix="gongkai-error-", suffix=".txt", delete=False) as file:
        file.write(traceback.format_exc())
    return Path(file.name)
