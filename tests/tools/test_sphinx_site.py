"""What the book's own Sphinx extension makes of a document."""

from docutils import nodes
from docutils.utils import new_document

from tools.sphinx_site import keep_per_cent


def test_a_number_stays_on_the_line_of_its_sign():
    document = new_document("a page")
    document.append(
        nodes.paragraph("", "", nodes.Text("13 % of it, or "), nodes.literal(text="x = 5 % 3"))
    )
    document.append(nodes.literal_block(text="7 % 2"))
    keep_per_cent(None, document, "page")
    assert document.astext() == "13\N{NO-BREAK SPACE}% of it, or x = 5 % 3\n\n7 % 2"
