"""A page with what a notebook would publish, for the tests of the live drawings."""

#: The most that one output may take of a notebook, in bytes, without its picture.
LARGEST_PAGE = 20_000
CAPTION = "At king the first unit forgets and writes; the second one only adds."
FRAME = (
    "<!DOCTYPE html><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
    "<body style='margin:0 16px'>{}</body>"
)


class Shell:
    """Stands in for a notebook: keeps what is published, and makes a page of it."""

    kernel = 1

    def __init__(self, monkeypatch):
        import IPython
        import IPython.display

        self.outputs = []
        monkeypatch.setattr(IPython, "get_ipython", lambda: self)
        monkeypatch.setattr(IPython.display, "display", self.display)

    def display(self, data, metadata=None, raw=False):
        self.outputs.append((data, metadata))

    @property
    def html(self):
        return self.outputs[-1][0]["text/html"]

    def page(self):
        png = self.outputs[0][0]["image/png"]
        metadata = self.outputs[0][1]["image/png"]
        picture = f"<img src='data:image/png;base64,{png}' alt='{metadata['alt']}' width=700>"
        return FRAME.format(f"{picture}<p>{metadata['alt']}</p>{self.html}")
