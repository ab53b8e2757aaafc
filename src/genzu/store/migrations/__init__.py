"""Alembic migrations of the ledger, run by the program itself when a show is made or opened.

To add one: a module in ``versions``, its revision at the end of ``REVISIONS``, and the same change in ``models.py``;
a test compares what the migrations build with the models.
"""

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""Every revision, oldest first: known without importing Alembic, which an up-to-date ledger does not need."""
