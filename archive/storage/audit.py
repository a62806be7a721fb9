"""Whether a home's files are the ones that were sealed: nothing changed, removed, swapped or slipped in.

Every file is judged by itself (`archive.verify.file`), all of them together for links between records, and against
three lists that confirm each other: its seal, the seals that name that seal, and the list that each crawl's end
archived.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.errors import StorageError, WarcError
from archive.home import Home
from archive.storage.recover import is_being_written
from archive.verify.file import verify_open_file
from archive.verify.files import Judged, judge_files
from archive.verify.links import resolve_links
from archive.verify.verdict import FileVerdict
from archive.warc import seal as seals_module
from archive.warc.problem import Problem
from archive.warc.read import OPEN_SUFFIX
from archive.warc.seal import SEAL_SUFFIX, Link, Seal, is_sealed_name, sha256_of

if TYPE_CHECKING:
    from archive.storage.base import Storage, StoredFile

Progress = Callable[[str, int, int], None]
"""Told the name of the file that was judged, how many are done, and how many there are."""


def verify_home(
    home: Home | Path,
    *,
    key: str | None = None,
    known: Iterable[str] = (),
    progress: Progress | None = None,
    processes: int | None = None,
) -> list[FileVerdict]:
    """Judge all files of a home; missing ones have a verdict too.

    Args:
        home: or a directory of WARC files.
        key: the operator's public key (see `archive.warc.seal.public_key`): every head must then be signed by it.
        known: names of files that something else (the index) knows of; they have to be there.
        progress: called after each file.
        processes: how many read at a time; default as many as there are processors.

    Raises:
        WarcError: the directory cannot be read.
    """
    directory = home.warc if isinstance(home, Home) else home
    audit = _Audit(directory)
    try:
        paths = sorted(path for path in directory.iterdir() if is_sealed_name(path.name))
    except OSError as error:
        raise WarcError(f"cannot be read ({error.strerror})", subject=str(directory)) from error
    audit.read_seals()
    elsewhere = _elsewhere(home, {path.name for path in paths}) if isinstance(home, Home) else []
    judged_files = chain(judge_files(paths, processes, digest=True), elsewhere)
    for number, judged in enumerate(judged_files, 1):
        audit.add(judged)
        if progress is not None:
            progress(Path(judged.verdict.file).name, number, max(len(paths), number))
    audit.check_chain()
    audit.check_crawl_ends()
    audit.check_known(known)
    audit.check_signatures(key)
    audit.check_unfinished()
    return audit.finish()


def _elsewhere(home: Home, here: Container[str]) -> Iterator[Judged]:
    """Files that lie in the home's storage only (see `archive.storage`), read from there."""
    from archive.storage.local import LocalStorage
    from archive.storage.open import open_storage

    storage = open_storage(home)
    if isinstance(storage, LocalStorage):
        return
    for stored in storage.files():
        if stored.name not in here:
            yield _judge_far(storage, stored, f"{storage.url}/{stored.name}")


def _judge_far(storage: Storage, stored: StoredFile, shown: str) -> Judged:
    try:
        with storage.open(stored.name) as file:
            sha256 = sha256_of(file)
            file.seek(0)
            verdict = verify_open_file(file, name=stored.name, shown=shown)
    except StorageError as error:  # the other files are judged all the same
        return Judged(FileVerdict(shown), stored.size, error=str(error.args[0]))
    return Judged(verdict, stored.size, sha256)


@dataclass(slots=True)
class _Audit:
    directory: Path
    verdicts: dict[str, FileVerdict] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    seals: dict[str, Seal] = field(default_factory=dict)

    def read_seals(self) -> None:
        for path in sorted(self.directory.glob("*" + SEAL_SUFFIX)):
            name = seals_module.sealed_name(path)
            try:
                self.seals[name] = Seal.read(path)
            except (WarcError, OSError) as error:
                self._say(name, "bad-seal", f"its seal cannot be read: {error}")

    def add(self, judged: Judged) -> None:
        verdict, sha256 = judged.verdict, judged.sha256
        name = Path(verdict.file).name
        if judged.error is not None:
            verdict.add(Problem("unreadable", "damaged", f"the file cannot be read ({judged.error})"))
        if name in self.verdicts:  # the seal was found bad before
            verdict.problems += self.verdicts[name].problems
        self.verdicts[name] = verdict
        self.digests[name] = sha256
        sealed = self.seals.get(name)
        if sealed is None:
            if not any(problem.code == "bad-seal" for problem in verdict.problems):
                verdict.add(
                    Problem("not-sealed", "nonconformant", "the file has no seal: nothing says that it belongs here")
                )
            return
        if sealed.file != name:
            verdict.add(Problem("swapped", "damaged", f"its seal was made for {sealed.file}"))
        if judged.error is not None:
            return  # nothing is known of its bytes
        if sealed.sha256 != sha256:
            message = f"the file is not what was sealed ({judged.size} bytes now, {sealed.size} then)"
            verdict.add(Problem("changed", "damaged", message))
            return
        if sealed.size != judged.size:
            message = f"the file is what was sealed and has {judged.size} bytes, its seal says {sealed.size}"
            verdict.add(Problem("seal-changed", "damaged", message))
        if sealed.records != verdict.records and sealed.imported is None:
            message = f"{verdict.records} records are in it, the seal says {sealed.records}"
            verdict.add(Problem("record-count", "damaged", message))

    def check_chain(self) -> None:
        """Every seal that another names must be there, unchanged; every sealed file too."""
        links = {name: sealed.link for name, sealed in self.seals.items()}
        present = {link.seal for link in links.values()}
        for name, sealed in self.seals.items():
            if name not in self.digests:
                self._say(name, "missing-file", "the file is gone; its seal is here")
            for link in sealed.previous:
                if link.seal not in present:
                    self._lost(link, f"the seal of {sealed.file}", links)

    def _lost(self, link: Link, witness: str, links: dict[str, Link]) -> None:
        if link.file in links:
            self._say(link.file, "seal-changed", f"its seal is not the one that {witness} names")
        else:
            self._say(link.file, "missing-file", f"the file and its seal are gone; {witness} names them")

    def check_crawl_ends(self) -> None:
        """Each crawl's end lists its files."""
        for verdict in list(self.verdicts.values()):
            for block in verdict.contents.crawl_ends:
                for entry in _listed(block):
                    self._check_entry(entry, Path(verdict.file).name)

    def _check_entry(self, entry: dict[str, Any], witness: str) -> None:
        name, sha256 = str(entry.get("file")), str(entry.get("sha256"))
        if name not in self.digests:
            self._say(name, "missing-file", f"the file is gone; the crawl's end in {witness} lists it")
        elif self.digests[name] != sha256:
            self._say(name, "changed", f"the file is not the one that the crawl's end in {witness} lists")

    def check_known(self, known: Iterable[str]) -> None:
        for name in known:
            if name not in self.digests:
                self._say(name, "missing-file", "the file is gone; the index knows captures in it")

    def check_signatures(self, key: str | None) -> None:
        heads = {link.file for link in seals_module.heads(self.seals)}
        for name, sealed in self.seals.items():
            if sealed.signature is not None:
                try:
                    holds = sealed.verify_signature()
                except WarcError as error:
                    self._say(name, "signature-not-checked", str(error), note=True)
                    continue
                if not holds:
                    self._say(name, "bad-signature", "the signature on its seal does not fit")
                elif key is not None and sealed.signature[0] != key:
                    self._say(name, "foreign-signature", "its seal is signed with another key than the one given")
            elif key is not None and name in heads:
                self._say(name, "not-signed", "its seal is a head and is not signed with the key given")

    def check_unfinished(self) -> None:
        for path in sorted(self.directory.glob("*" + OPEN_SUFFIX)):
            verdict = FileVerdict(str(path))
            if is_being_written(path):
                verdict.add(
                    Problem("being-written", "note", "the file is being written; it is judged when it is sealed")
                )
            else:
                message = "its writer has died; `gongkai recover` seals what is whole"
                verdict.add(Problem("left-open", "nonconformant", message))
            self.verdicts[path.name] = verdict
        for path in sorted(self.directory.glob("*.torn-*")):
            verdict = FileVerdict(str(path))
            verdict.add(
                Problem("torn-tail", "note", "the end of a file after a crash, kept aside by `gongkai recover`")
            )
            self.verdicts[path.name] = verdict

    def finish(self) -> list[FileVerdict]:
        verdicts = [self.verdicts[name] for name in sorted(self.verdicts)]
        imported = {name for name, sealed in self.seals.items() if sealed.imported is not None}
        own = {verdict.file for verdict in verdicts if Path(verdict.file).name not in imported}
        resolve_links(verdicts, complete=own)
        for verdict in verdicts:
            verdict.finish()
        return verdicts

    def _say(self, name: str, code: str, message: str, *, note: bool = False) -> None:
        verdict = self.verdicts.get(name)
        if verdict is None:
            verdict = self.verdicts[name] = FileVerdict(str(self.directory / name))
        if not any(problem.code == code and problem.message == message for problem in verdict.problems):
            verdict.add(Problem(code, "note" if note else "damaged", message))


def _listed(block: bytes) -> list[dict[str, Any]]:
    try:
        files = json.loads(block).get("files", [])
    except (ValueError, AttributeError):
        return []
    return [entry for entry in files if isinstance(entry, dict)]
