"""The collection as a web site: ``workshop site`` and its parts.

| module | job |
|---|---|
| ``making`` | lays the pages out in a folder and lets Sphinx build them |
| ``pages`` | a notebook, or a Markdown file, as a page of the site |
| ``api`` | the pages that show the package's docstrings |
| ``formulas`` | TeX as MathML, which browsers show without a script |
| ``hooks`` | what Sphinx calls: formulas, tables in docstrings, the Colab button |
"""
