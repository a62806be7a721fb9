"""Who published a report, for which year and place, and when.

Every field goes by an order of evidence, and the record says which evidence won (`Identity.sources`): for the agency
the title, then what the caller knows, then sentences by which the text speaks of its publisher, the signature and the
page's header; for the division the name itself, told from its namesakes by what the caller or the page knows; for the
year the title, then the period of the figures, then the column, then the text. What cannot be told for certain stays
open and is an issue. Names, numbers and addresses of persons are not looked at. How and why: docs/identity.md.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.document import Document
from parsers.identity import agencies, dates, divisions, evidence, shortened
from parsers.identity.agencies import Agency
from parsers.identity.titles import TitleReading, fold, read_title, years_in
from parsers.record import DateKind, Division, Hints, Issue, Section

_ABOUT_REPORTS = {"explainer", "notice"}
_TOWNSHIP_KINDS = {"township_government", "subdistrict_office"}


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known about a report beside its figures.

    Attributes:
        title: folded (no blanks, half-width), without the name of the site.
        title_kind, title_reason: as `parsers.identity.titles.TitleReading`; None when the document has no title.
            A title with neither publisher nor year is ``bare``: columns are called so, too.
        scope: ``own_agency``, ``jurisdiction`` or ``unclear``.
        period: first and last year of the statistic period the text states.
        sources: (field, evidence) pairs; evidence is one of title, header, page_meta, list_title, publisher,
            first_sentence, sign_off, site, hint, period, column, text.
    """

    title: str | None
    title_kind: str | None
    title_reason: str | None
    agency_name: str | None
    agency_kind: str | None
    division: Division | None
    year: int | None
    scope: str
    published_on: str | None
    published_on_kind: DateKind | None
    period: tuple[int, int] | None
    sources: tuple[tuple[str, str], ...]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """A publisher's name with where it was found."""

    agency: Agency
    source: str


def identify(document: Document, sections: Sequence[Section] = (), hints: Hints | None = None) -> Identity:
    """Read a document's identity.

    Args:
        document: as `parsers.formats.read_document` gives it.
        sections: the sections found in it, if any; their headings end the title part.
        hints: what the caller knows.
    """
    return _Reader(document, sections, hints or Hints()).read()


class _Reader:
    """The steps for one document; each notes its source and its issues."""

    def __init__(self, document: Document, sections: Sequence[Section], hints: Hints) -> None:
        self._document, self._sections, self._hints = document, sections, hints
        self._facts = evidence.facts()
        self._lines = evidence.body_lines(document)
        self._opening = evidence.opening(document, sections)
        self._header = evidence.header(document)
        self._sources: dict[str, str] = {}
        self._issues: list[Issue] = []

    def read(self) -> Identity:
        titles = self._titles()
        title = self._title(titles)
        period = evidence.period(self._lines[:40])
        year = self._year(titles, period)
        agency, division = self._agency(titles, year)
        day, kind = self._published(year)
        scope = self._scope(agency)
        return Identity(
            title=title.title if title else None,
            title_kind=_title_kind(title, agency, year) if title else None,
            title_reason=title.reason if title else None,
            agency_name=agency.name if agency else None,
            agency_kind=agency.kind if agency else None,
            division=division,
            year=year,
            scope=scope,
            published_on=day.isoformat() if day else None,
            published_on_kind=kind,
            period=period,
            sources=tuple(self._sources.items()),
            issues=tuple(self._issues),
        )

    # -- title

    def _titles(self) -> list[tuple[TitleReading, str]]:
        """All titles found, in the order in which they are believed."""
        found = [(reading, "title") for reading in evidence.title_lines(self._opening)]
        found += [(read_title(text), "header") for text in self._header["title"]]
        found += [(read_title(text), "page_meta") for text in self._meta(self._facts.meta.title)]
        if self._hints.list_title:
            found.append((read_title(self._hints.list_title), "list_title"))
        found += [(reading, "text") for reading in evidence.named_reports(self._lines)]
        return [entry for entry in found if entry[0].kind != "other"]

    def _title(self, titles: list[tuple[TitleReading, str]]) -> TitleReading | None:
        reports = [entry for entry in titles if entry[0].kind == "annual_report" and entry[0].reason != "cut_off"]
        # 图解:温县2023年...报告: what explains a report names it too, and is none.
        about = [entry for entry in titles if entry[0].reason in _ABOUT_REPORTS and entry[1] != "text"]
        if about and all(source == "text" for _, source in reports):
            reports = []
        if reports:
            self._sources["title"] = reports[0][1]
            return reports[0][0]
        if titles:
            reading, self._sources["title"] = titles[0]
            if reading.kind == "lookalike":
                self._issue(
                    "title_of_other_document", f"the title is that of another kind of document ({reading.reason})"
                )
            return reading
        self._issue("title_missing", "the document has no title that names it an annual report")
        return None

    # -- year

    def _year(self, titles: list[tuple[TitleReading, str]], period: tuple[int, int] | None) -> int | None:
        stated = [(reading.year, source) for reading, source in titles if reading.year and source != "text"]
        if period is not None and period[0] == period[1]:
            stated.append((period[0], "period"))
        if self._hints.year is not None:
            stated.append((self._hints.year, "column"))
        stated += [(reading.year, source) for reading, source in titles if reading.year and source == "text"]
        if not stated:
            stated = [(year, "text") for line in self._lines[:60] for year in years_in(line[:1000])][:1]
        if not stated:
            self._issue("year_missing", "no report year could be read")
            return None
        year, source = stated[0]
        self._sources["year"] = source
        other = next((entry for entry in stated if entry[0] != year and entry[1] in {"period", "header"}), None)
        if other is not None:
            self._issue("year_conflict", f"the {source} says {year}, the {other[1]} says {other[0]}")
        return year

    # -- agency and division

    def _agency(
        self, titles: list[tuple[TitleReading, str]], year: int | None
    ) -> tuple[Agency | None, Division | None]:
        named = self._names(titles, year)
        if not named:
            self._issue("agency_missing", "nothing in the document names its publisher")
            return None, self._hinted_division(year, None)
        first = named[0]
        chosen = self._complete(first, named, year)
        self._sources["agency"] = first.source
        whole = shortened.spell_out(chosen.agency, "".join([*self._lines[:40], *self._lines[-8:]]), year)
        if whole is not None:
            chosen = _Named(whole, "text")
        self._compare_with_signature(chosen.agency, named)
        division = self._division(chosen, year)
        zone = chosen.agency.kind == "zone_committee"  # 五华科技产业园 says 五华 itself
        if (
            division is not None
            and chosen.agency.division is None
            and not (zone and chosen.agency.raw[:2] in division.name)
        ):
            placed = agencies.read_agency(chosen.agency.raw, year, division.code)
            if placed is not None and placed.division == division:
                return placed, division
        return chosen.agency, division

    def _names(self, titles: list[tuple[TitleReading, str]], year: int | None) -> list[_Named]:
        """Everything that names a publisher, in the order in which it is believed."""
        found: list[_Named] = []

        def add(text: str | None, source: str, *, only_placed: bool = False) -> None:
            sure = source in {"title", "publisher"}
            agency = agencies.read_agency(text, year, self._within(), any_body=sure) if text else None
            if agency is not None and (agency.placed or not only_placed):
                found.append(_Named(agency, source))

        for reading, source in titles:
            if source != "text":
                add(reading.agency, source)
        add(self._hints.publisher, "publisher")
        for reading, source in titles:
            if source == "text":
                add(reading.agency, "first_sentence")
        speaking = evidence.self_mentions(self._lines, year, self._within())
        found.extend(_Named(mention.agency, "first_sentence") for mention in speaking)
        signed = evidence.signature(self._lines, year, self._within())
        if signed is not None:
            found.append(_Named(signed, "sign_off"))
        for text in self._header["publisher"]:
            # 河北省教育厅　2018年度: other facts may stand behind the name without a label.
            add(text, "header") if agencies.read_agency(text, year) else add(text.split()[0], "header")
        for reading, _ in titles:
            for part in (reading.site or "").split("-"):
                add(part, "site", only_placed=True)
        for text in self._meta(self._facts.meta.publisher):
            add(text, "page_meta", only_placed=True)
        if not found:
            found = [_Named(agency, "first_sentence") for agency in evidence.organs(self._lines)]
        if not found:
            for name in evidence.townships(self._lines):
                add(name, "first_sentence")
        if not found:
            found = [_Named(agency, "first_sentence") for agency in evidence.bodies_by_level(self._lines, year)]
        if not found:
            found = [_Named(agency, "contact") for agency in evidence.contacts(self._lines, year, self._within())]
        return self._whole_names(found)

    @staticmethod
    def _whole_names(named: list[_Named]) -> list[_Named]:
        """A sentence may abbreviate what the signature writes out; the title's own writing stays."""
        if named and named[0].source not in {"first_sentence", "text"}:
            return named
        whole = {agencies.key(entry.agency.name): entry.agency for entry in named if _is_whole(entry.agency)}
        return [_Named(whole.get(agencies.key(entry.agency.name), entry.agency), entry.source) for entry in named]

    def _complete(self, first: _Named, named: list[_Named], year: int | None) -> _Named:
        """Where the name has no place of its own, the same body with its place elsewhere in the document."""
        if first.agency.placed:
            return first
        body = agencies.key(agencies.bare_body(first.agency.raw))
        same = [entry for entry in named if entry.agency.placed and _is_body(entry.agency, body)]
        if not same:
            within = self._within()
            mentioned = [m.agency for line in self._lines[:40] for m in evidence.mentions(line, year, within)]
            same = [_Named(agency, "text") for agency in mentioned if _is_body(agency, body)]
            if not same:
                same = [_Named(agency, "text") for agency in _by_office(mentioned, first.agency, body, year)]
        if len({entry.agency.name for entry in same}) == 1:
            self._sources["division"] = same[0].source
            return same[0]
        return first

    def _division(self, chosen: _Named, year: int | None) -> Division | None:
        agency = chosen.agency
        if agency.placed and agency.division is not None:
            self._sources.setdefault("division", chosen.source)
            self._compare_with_hint(agency.division, year)
            return agency.division
        if agency.placed and len(agency.divisions) > 1:
            return self._told_apart(agency.divisions, year)
        if agency.kind in _TOWNSHIP_KINDS and agency.division is None:
            # 人民路街道办事处 without its district: a dozen bear the name.
            name = re.sub(r"(?:人民政府|办事处)$", "", agency.body)
            bearers = divisions.load().find(name, year, self._hints.division)
            if bearers:
                return self._told_apart(bearers, year)
        if agency.kind == "zone_committee" and agency.division is None:
            # 五华科技产业园管委会: the place is named by its short form, which may be that of several.
            bearers = next((b for n in (4, 3, 2) if (b := divisions.load().find(agency.raw[:n], year))), ())
            if bearers and any(bearer.name in "".join(self._lines[:40]) for bearer in bearers):
                return self._told_apart(bearers, year)
        return self._hinted_division(year, agency)

    def _told_apart(self, namesakes: Sequence[Division], year: int | None) -> Division | None:
        """One of several namesakes: the one in the site's division, or whose county or prefecture the text names."""
        places = divisions.load()
        site = self._site_division()
        inside = [d for d in namesakes if site is not None and divisions.lies_in(d.code, site)]
        if len(inside) == 1:
            self._sources["division"] = "site"
            return inside[0]
        text = "".join(self._lines[:40]) + "".join(self._meta(("sitename",)))
        named = {d.code: sum(p.name in text for p in (*places.ancestors(d.code, year), d)) for d in namesakes}
        most = max(named.values())
        supported = [d for d in namesakes if named[d.code] == most]
        if len(supported) == 1:
            self._sources["division"] = "text" if most else self._sources.get("agency", "title")
            return supported[0]
        codes = ", ".join(division.code for division in namesakes[:8]) + (" ..." if len(namesakes) > 8 else "")
        self._issue("division_ambiguous", f"{namesakes[0].name} may be any of {codes}")
        return None

    def _hinted_division(self, year: int | None, agency: Agency | None) -> Division | None:
        """The place of a name without one: what the caller says, else what the site's code says."""
        places = divisions.load()
        if agency is not None and agency.division is not None:
            self._sources["division"] = "hint" if self._hints.division else "site"
            if self._fits(agency, agency.division):
                return agency.division
            self._issue("division_missing", f"{agency.raw} cannot be of {agency.division.name}; the place is not named")
            return None
        for code, source in ((self._hints.division, "hint"), (self._site_division(), "site")):
            found = (places.at(code, year) if year else places.get(code)) if code else None
            if found is not None and (agency is None or self._fits(agency, found)):
                self._sources["division"] = source
                return found
        self._issue("division_missing", "nothing in the document names its place")
        return None

    def _fits(self, agency: Agency, division: Division) -> bool:
        """A province has a 办公厅 and no 办公室, a county the other way round; townships are not provinces."""
        if agency.body.endswith("政府办公室"):
            return division.level not in {"province", "central"}
        if agency.body.endswith("政府办公厅"):
            return division.level in {"province", "prefecture"}
        if agency.kind in _TOWNSHIP_KINDS:
            return division.level not in {"province", "central"}
        return True

    def _compare_with_hint(self, division: Division, year: int | None) -> None:
        hint = self._hints.division
        if not hint or division.level == "central":
            return
        found = divisions.load().at(hint, year) if year is not None else None
        codes = {hint, found.code if found is not None else hint}  # the column may go by today's code
        if not any(divisions.lies_in(division.code, code) or divisions.lies_in(code, division.code) for code in codes):
            self._issue("division_differs", f"the document names {division.name} ({division.code}), the column {hint}")

    def _compare_with_signature(self, agency: Agency, named: Sequence[_Named]) -> None:
        """Say where the same kind of body signs for another place."""
        signed = next((entry.agency for entry in named if entry.source == "sign_off"), None)
        places = (agency.division, signed.division if signed is not None and signed.placed else None)
        if signed is None or None in places or not agency.placed or agency.body != signed.body:
            return
        if places[0] != places[1] and agency.name != signed.name:
            self._issue("agency_conflict", f"the report is {agency.name}'s, and {signed.name} signed it")

    def _within(self) -> str | None:
        return self._hints.division or None

    def _site_division(self) -> str | None:
        """The division at the start of the site's code (confirmed for county and province sites; portals.md 3)."""
        for text in self._meta(self._facts.meta.site_code):
            code = text.strip()[:6]
            if divisions.load().get(code) is not None and code != "000000":
                return code
        return None

    # -- scope and date

    def _scope(self, agency: Agency | None) -> str:
        text = "".join(section.text for section in self._sections if section.number == 1) or "".join(self._lines[:25])
        folded = fold(text)[:6000]
        kind = agency.kind if agency is not None else None
        if kind in self._facts.scope.jurisdiction_kinds:
            return "jurisdiction" if re.search(self._facts.scope.jurisdiction, folded) else "unclear"
        if kind is not None and re.search(self._facts.scope.own_agency, folded):
            return "own_agency"
        return "unclear"

    def _published(self, year: int | None) -> tuple[dt.date | None, DateKind | None]:
        for day, kind in self._days(year):
            if dates.plausible(day, kind, year):
                self._sources["published_on"] = kind
                return day, kind
            self._issue(
                "date_implausible", f"{day.isoformat()} ({kind}) cannot be the publication of a report for {year}"
            )
        return None, None

    def _days(self, year: int | None) -> list[tuple[dt.date, DateKind]]:
        found: list[tuple[dt.date | None, DateKind]] = [
            (dates.read_date(text), "page_meta") for text in self._meta(self._facts.meta.published)
        ]
        found += [(dates.read_date(text), "page_text") for text in self._header["published"]]
        if self._hints.list_date:
            found.append((dates.read_date(self._hints.list_date), "list"))
        closing = evidence.closing_lines(self._lines)
        found += [(entry.day, "sign_off") for entry in dates.signature_dates(closing)][:1]
        found += [(day, "sign_off") for day in evidence.byline_dates(self._opening)]
        if (
            not any(day for day, _ in found)
            and (signed := evidence.sign_off(self._lines, year, self._within())) is not None
        ):
            found.append((signed[1], "sign_off"))
        found += [(dates.read_date(text), "sign_off") for text in self._header["written"]]
        if self._hints.url:
            found.append((dates.date_in_path(self._hints.url), "url"))
        return [(day, kind) for day, kind in found if day is not None]

    def _meta(self, names: Sequence[str]) -> list[str]:
        return [value for name in names if (value := self._document.meta.get(name, "").strip())]

    def _issue(self, code: str, message: str) -> None:
        self._issues.append(Issue(code, message))


def _title_kind(title: TitleReading, agency: Agency | None, year: int | None) -> str:
    nameless = title.agency is None and title.year is None
    return "bare" if title.kind == "annual_report" and nameless and (agency is None or year is None) else title.kind


def _is_whole(agency: Agency) -> bool:
    return agency.placed and agencies.key(agency.name) == agency.name


def _by_office(mentioned: Sequence[Agency], named: Agency, body: str, year: int | None) -> list[Agency]:
    """The body with the place of its own office: 卫生健康委员会 where the text has 绵阳市卫生健康委办公室."""
    found: list[Agency] = []
    for office in mentioned:
        bare = office.body.removesuffix("办公室")
        if office.division is not None and bare != office.body and agencies.key(bare) == body:
            whole = agencies.read_agency(
                office.division.name + agencies.bare_body(named.raw), year, office.division.code
            )
            found += [whole] if whole is not None else []
    return found


def _is_body(agency: Agency, body: str) -> bool:
    """Whether an agency with its place is the body that a title names without: 教育局, 人民路街道办事处."""
    if agency.kind in _TOWNSHIP_KINDS:
        return agencies.key(agency.name).endswith(body)
    return agencies.key(agency.body) == body
