"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "acts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("warc_file", KEY, nullable=True),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("who", KEY, nullable=False),
        sa.Column("when", KEY, nullable=False),
        sa.Column("target", KEY, nullable=False),
        sa.Column("evidence", KEY, nullable=True),
        sa.Column("decision", KEY, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
    )
    op.create_index(op.f("ix_acts_target"), "acts", ["target"], unique=False)
    op.create_table(
        "crawls",
        sa.Column("id", KEY, nullable=False),
        sa.Column("portal", KEY, nullable=False),
        sa.Column("scope", KEY, nullable=False),
        sa.Column("started_at", KEY, nullable=False),
        sa.Column("clock", KEY, nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("profile_digest", KEY, nullable=False),
        sa.Column("configuration", KEY, nullable=False),
        sa.Column("vantage", sa.Text(), nullable=False),
        sa.Column("connect_to", sa.Text(), nullable=False),
        sa.Column("made_up", sa.Boolean(), nullable=False),
        sa.Column("software", sa.Text(), nullable=False),
        sa.Column("ended_at", KEY, nullable=True),
        sa.Column("end_reason", KEY, nullable=True),
        sa.Column("counts", sa.Text(), nullable=True),
        sa.Column("stats", sa.Text(), nullable=True),
        sa.Column("learned", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawls")),
    )
    op.create_table(
        "divisions",
        sa.Column("code", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("level", KEY, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_divisions")),
    )
    op.create_table(
        "pending",
        sa.Column("kind", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_pending")),
    )
    op.create_table(
        "publications",
        sa.Column("id", KEY, nullable=False),
        sa.Column("own_report", KEY, nullable=True),
        sa.Column("report_id", KEY, nullable=True),
        sa.Column("role", KEY, nullable=True),
        sa.Column("url", KEY, nullable=False),
        sa.Column("method", KEY, nullable=False),
        sa.Column("body_digest", KEY, nullable=True),
        sa.Column("portal", KEY, nullable=True),
        sa.Column("site", KEY, nullable=True),
        sa.Column("column", KEY, nullable=True),
        sa.Column("part_of", KEY, nullable=True),
        sa.Column("twin_of", KEY, nullable=True),
        sa.Column("status", KEY, nullable=False),
        sa.Column("first_seen", KEY, nullable=False),
        sa.Column("last_seen", KEY, nullable=False),
        sa.Column("purpose", KEY, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    op.create_index(op.f("ix_publications_part_of"), "publications", ["part_of"], unique=False)
    op.create_index(op.f("ix_publications_report_id"), "publications", ["report_id"], unique=False)
    op.create_index(op.f("ix_publications_twin_of"), "publications", ["twin_of"], unique=False)
    op.create_index(op.f("ix_publications_url"), "publications", ["url"], unique=False)
    op.create_table(
        "state",
        sa.Column("name", KEY, nullable=False),
        sa.Column("value", KEY, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_state")),
    )
    op.create_table(
        "warc_files",
        sa.Column("name", KEY, nullable=False),
        sa.Column("sha256", KEY, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("signatures", KEY, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_warc_files")),
    )
    op.create_table(
        "agencies",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=True),
        sa.Column("division_code", KEY, nullable=True),
        sa.ForeignKeyConstraint(["division_code"], ["divisions.code"], name=op.f("fk_agencies_division_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
    )
    op.create_table(
        "captures",
        sa.Column("id", KEY, nullable=False),
        sa.Column("crawl_id", KEY, nullable=True),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("url", KEY, nullable=False),
        sa.Column("url_key", KEY, nullable=False),
        sa.Column("method", KEY, nullable=False),
        sa.Column("body_digest", KEY, nullable=True),
        sa.Column("captured_at", KEY, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("media_type", KEY, nullable=True),
        sa.Column("digest", KEY, nullable=True),
        sa.Column("warc_file", KEY, nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("original", KEY, nullable=True),
        sa.Column("purpose", KEY, nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("hints", sa.Text(), nullable=True),
        sa.Column("etag", KEY, nullable=True),
        sa.Column("last_modified", KEY, nullable=True),
        sa.Column("location", KEY, nullable=True),
        sa.Column("truncated", KEY, nullable=True),
        sa.Column("rendered_by", KEY, nullable=True),
        sa.Column("page", KEY, nullable=True),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawls.id"], name=op.f("fk_captures_crawl_id")),
        sa.ForeignKeyConstraint(["warc_file"], ["warc_files.name"], name=op.f("fk_captures_warc_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captures")),
    )
    op.create_index(op.f("ix_captures_crawl_id"), "captures", ["crawl_id"], unique=False)
    op.create_index(op.f("ix_captures_digest"), "captures", ["digest"], unique=False)
    op.create_index(op.f("ix_captures_original"), "captures", ["original"], unique=False)
    op.create_index(op.f("ix_captures_purpose_captured_at"), "captures", ["purpose", "captured_at"], unique=False)
    op.create_index(op.f("ix_captures_url_key_captured_at"), "captures", ["url_key", "captured_at"], unique=False)
    op.create_index(op.f("ix_captures_warc_file"), "captures", ["warc_file"], unique=False)
    op.create_table(
        "discoveries",
        sa.Column("id", KEY, nullable=False),
        sa.Column("crawl_id", KEY, nullable=False),
        sa.Column("warc_file", KEY, nullable=False),
        sa.Column("recorded_at", KEY, nullable=False),
        sa.Column("portal", KEY, nullable=False),
        sa.Column("site", KEY, nullable=False),
        sa.Column("column", KEY, nullable=False),
        sa.Column("list_url", KEY, nullable=False),
        sa.Column("capture", KEY, nullable=True),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("stated_total", sa.Integer(), nullable=True),
        sa.Column("cms", KEY, nullable=False),
        sa.Column("rendered", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("href", sa.Text(), nullable=False),
        sa.Column("target", KEY, nullable=True),
        sa.Column("date", KEY, nullable=True),
        sa.Column("decision", KEY, nullable=False),
        sa.Column("reason", KEY, nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawls.id"], name=op.f("fk_discoveries_crawl_id")),
        sa.ForeignKeyConstraint(["warc_file"], ["warc_files.name"], name=op.f("fk_discoveries_warc_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discoveries")),
    )
    op.create_index(op.f("ix_discoveries_crawl_id"), "discoveries", ["crawl_id"], unique=False)
    op.create_index(op.f("ix_discoveries_target"), "discoveries", ["target"], unique=False)
    op.create_index(op.f("ix_discoveries_warc_file"), "discoveries", ["warc_file"], unique=False)
    op.create_table(
        "failures",
        sa.Column("id", KEY, nullable=False),
        sa.Column("crawl_id", KEY, nullable=False),
        sa.Column("warc_file", KEY, nullable=False),
        sa.Column("recorded_at", KEY, nullable=False),
        sa.Column("url", KEY, nullable=False),
        sa.Column("method", KEY, nullable=False),
        sa.Column("purpose", KEY, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("hints", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawls.id"], name=op.f("fk_failures_crawl_id")),
        sa.ForeignKeyConstraint(["warc_file"], ["warc_files.name"], name=op.f("fk_failures_warc_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failures")),
    )
    op.create_index(op.f("ix_failures_crawl_id"), "failures", ["crawl_id"], unique=False)
    op.create_index(op.f("ix_failures_warc_file"), "failures", ["warc_file"], unique=False)
    op.create_table(
        "sealed_readings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("warc_file", KEY, nullable=False),
        sa.Column("version_id", KEY, nullable=False),
        sa.Column("block", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["warc_file"], ["warc_files.name"], name=op.f("fk_sealed_readings_warc_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_readings")),
    )
    op.create_index(op.f("ix_sealed_readings_version_id"), "sealed_readings", ["version_id"], unique=False)
    op.create_index(op.f("ix_sealed_readings_warc_file"), "sealed_readings", ["warc_file"], unique=False)
    op.create_table(
        "contents",
        sa.Column("capture_id", KEY, nullable=False),
        sa.Column("content_key", KEY, nullable=False),
        sa.Column("normaliser", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["captures.id"], name=op.f("fk_contents_capture_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("capture_id", name=op.f("pk_contents")),
    )
    op.create_table(
        "judgements",
        sa.Column("capture_id", KEY, nullable=False),
        sa.Column("verdict", KEY, nullable=False),
        sa.Column("signature", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["captures.id"], name=op.f("fk_judgements_capture_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("capture_id", name=op.f("pk_judgements")),
    )
    op.create_table(
        "reports",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("series", KEY, nullable=False),
        sa.Column("portal", KEY, nullable=True),
        sa.Column("title", KEY, nullable=True),
        sa.Column("scope", KEY, nullable=True),
        sa.Column("template", KEY, nullable=True),
        sa.Column("published_on", KEY, nullable=True),
        sa.Column("published_on_kind", KEY, nullable=True),
        sa.Column("status", KEY, nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("first_seen", KEY, nullable=False),
        sa.Column("last_seen", KEY, nullable=False),
        sa.Column("body", KEY, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("reading", KEY, nullable=False),
        sa.Column("capture", KEY, nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_reports_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index(op.f("ix_reports_agency_id"), "reports", ["agency_id"], unique=False)
    op.create_index(op.f("ix_reports_year"), "reports", ["year"], unique=False)
    op.create_table(
        "versions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("publication_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_key", KEY, nullable=False),
        sa.Column("normaliser", KEY, nullable=False),
        sa.Column("first_capture", KEY, nullable=False),
        sa.Column("last_capture", KEY, nullable=False),
        sa.Column("first_seen", KEY, nullable=False),
        sa.Column("last_seen", KEY, nullable=False),
        sa.Column("captures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["first_capture"], ["captures.id"], name=op.f("fk_versions_first_capture")),
        sa.ForeignKeyConstraint(["last_capture"], ["captures.id"], name=op.f("fk_versions_last_capture")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name=op.f("fk_versions_publication_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
    )
    op.create_index(op.f("ix_versions_publication_id"), "versions", ["publication_id"], unique=False)
    op.create_table(
        "readings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("version_id", KEY, nullable=False),
        sa.Column("parser", KEY, nullable=False),
        sa.Column("configuration", KEY, nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("outcome", KEY, nullable=False),
        sa.Column("media_type", KEY, nullable=True),
        sa.Column("title", KEY, nullable=True),
        sa.Column("agency_name", KEY, nullable=True),
        sa.Column("agency_kind", KEY, nullable=True),
        sa.Column("division_code", KEY, nullable=True),
        sa.Column("division_name", KEY, nullable=True),
        sa.Column("division_level", KEY, nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("template", KEY, nullable=True),
        sa.Column("scope", KEY, nullable=True),
        sa.Column("published_on", KEY, nullable=True),
        sa.Column("published_on_kind", KEY, nullable=True),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("text_digest", KEY, nullable=True),
        sa.Column("sealed", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name=op.f("fk_readings_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
    )
    op.create_index(op.f("ix_readings_version_id"), "readings", ["version_id"], unique=False)
    op.create_table(
        "checks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("reading_id", KEY, nullable=True),
        sa.Column("report_id", KEY, nullable=True),
        sa.Column("rule", KEY, nullable=False),
        sa.Column("target", KEY, nullable=False),
        sa.Column("lhs", sa.Text(), nullable=True),
        sa.Column("rhs", sa.Text(), nullable=True),
        sa.Column("outcome", KEY, nullable=False),
        sa.Column("severity", KEY, nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("others", sa.Text(), nullable=False),
        sa.Column("finding", KEY, nullable=False),
        sa.Column("evidence", KEY, nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.id"], name=op.f("fk_checks_reading_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checks")),
    )
    op.create_index(op.f("ix_checks_finding"), "checks", ["finding"], unique=False)
    op.create_index(op.f("ix_checks_reading_id"), "checks", ["reading_id"], unique=False)
    op.create_index(op.f("ix_checks_report_id"), "checks", ["report_id"], unique=False)
    op.create_table(
        "figures",
        sa.Column("reading_id", KEY, nullable=False),
        sa.Column("code", KEY, nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("status", KEY, nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("unit", KEY, nullable=True),
        sa.Column("method", KEY, nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("alternatives", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["readings.id"], name=op.f("fk_figures_reading_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reading_id", "code", name=op.f("pk_figures")),
    )
    op.create_table(
        "issues",
        sa.Column("reading_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", KEY, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.id"], name=op.f("fk_issues_reading_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reading_id", "position", name=op.f("pk_issues")),
    )
    op.create_table(
        "prose_facts",
        sa.Column("reading_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", KEY, nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("status", KEY, nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("unit", KEY, nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["readings.id"], name=op.f("fk_prose_facts_reading_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reading_id", "position", name=op.f("pk_prose_facts")),
    )
    op.create_table(
        "sections",
        sa.Column("reading_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["readings.id"], name=op.f("fk_sections_reading_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reading_id", "position", name=op.f("pk_sections")),
    )
