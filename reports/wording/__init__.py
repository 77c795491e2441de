"""Words that documents, pages and answers share."""
