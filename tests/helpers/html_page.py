"""A page as it is written: its tags, its scripts, and what it loads and links to."""

from html.parser import HTMLParser

LIVE = "rnnbook-live"  # the class of a live figure's place

# Attributes by which a page loads something, and does not merely link to it.
LOADING = {"src", "srcset", "poster", "data"}


class Page(HTMLParser):
    """The tags of a page with their attributes, the text in its scripts, and its anchors."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts, self.open_script = [], [], None
        self.feed(text)
        self.ids = {attributes["id"] for _, attributes in self.tags if attributes.get("id")}

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open_script = dict(attrs) if tag == "script" else None

    def handle_data(self, data):
        if self.open_script is not None:
            self.scripts.append((self.open_script, data))

    def handle_endtag(self, tag):
        self.open_script = None

    def loads(self):
        """What the browser fetches for this page, as it is written there."""
        for tag, attributes in self.tags:
            for name, value in attributes.items():
                named = tag == "link" and name == "href" and attributes.get("rel") != "canonical"
                if name in LOADING or named:
                    yield value

    def links(self):
        """What the page loads or links to."""
        yield from self.loads()
        yield from (a["href"] for tag, a in self.tags if tag == "a" and a.get("href"))

    def is_live(self):
        """Whether there is a live figure on the page."""
        return any(LIVE in attributes.get("class", "").split() for _, attributes in self.tags)

    def images(self):
        """Attributes of the images on the page."""
        return [attributes for tag, attributes in self.tags if tag == "img"]
