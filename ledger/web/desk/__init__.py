"""The desk: the liaison's work in a browser, page by page, over the services of the command."""
