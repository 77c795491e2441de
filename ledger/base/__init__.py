"""What everything else stands on: money, refusals, language, files and folders."""
