"""Bank files, workbooks and manifests read back, cell by cell."""
