"""What a piece of HTML holds, for tests of what escapes and what does not."""

import html.parser


class Elements(html.parser.HTMLParser):
    """The elements and the attributes of a page, and its text."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, *(name for name, _ in attributes)))

    def handle_data(self, data):
        self.text += data
