"""The monthly budget statement (经费预算执行情况月报) on paper: pages, tables, chart, words."""
