"""The analyst's desk: JupyterLab with a page to start from, and the layout of a new pilot."""
