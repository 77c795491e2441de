"""The parts of the Windows edition: what ``scripts/windows_edition.py`` puts into its folder.

Standard library only, but for ``pages.py``, which the project's own environment runs.
"""
