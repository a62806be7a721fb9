"""Alembic migrations; they travel in the wheel and run when a database is opened."""
