"""The books in a browser: the liaison's pages, and Fava beside them, on this machine alone."""
