"""How every printed document looks: fonts, tables, pages, marks and the seal."""
