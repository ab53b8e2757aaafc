"""The show's folder: content-addressed pictures and files, and the ledger of everything that was decided."""
