"""Addresses that set figures, the button that gives them, and words that do the same."""

import html
import json

import pytest
from pages import DESKTOP, PHONE
from test_figures import FIGURES, Figure, readout

RICH = FIGURES["reduced_flow"][0]


def opened(page, name):
    figure = Figure(page, name)
    figure.settle()
    return figure


def test_an_address_sets_several_figures(visit, server):
    query = "?reduced_flow.c_star=0.02&reduced_flow.trained=W%2C+u+and+v&training_runs.s=0.3"
    with visit(server, RICH + query, DESKTOP) as page:
        figure = opened(page, "reduced_flow")
        assert figure.state["c_star"] == 0.02
        assert figure.state["trained"] == 3
        assert figure.box.locator("select").input_value() == "3"
        assert readout(figure.sliders()[0]) == 0.02
        figure.assert_drawn_as_in_python()
        run = opened(page, "training_runs")
        assert run.state["s"] == 0.3
        run.assert_drawn_as_in_python()
        figure.figure.get_by_role("button", name="Reset").click()
        figure.settle()
        assert figure.state["c_star"] == pytest.approx(0.1)
        assert figure.state["trained"] == 0


@pytest.mark.parametrize(
    "query",
    [
        "reduced_flow.c_star=soon",
        "reduced_flow.c_star=",
        "reduced_flow.trained=u",
        "reduced_flow.nothing=1&nothing.c=1&c_star=1&=2",
        "reduced_flow.guess=0.1",
    ],
)
def test_what_a_figure_does_not_have_is_left_alone(visit, server, query):
    with visit(server, f"{RICH}?{query}", DESKTOP) as page:
        figure = opened(page, "reduced_flow")
        assert figure.state == figure.figure.evaluate("(figure) => figure.state")
        wanted = {"c_star": 0.1, "a_start": 0, "c_start": 1, "trained": 0, "guess": 2}
        assert figure.state == pytest.approx(wanted)


def test_a_value_beyond_the_slider_ends_where_the_slider_does(visit, server):
    with visit(server, f"{RICH}?reduced_flow.c_star=1e-9&reduced_flow.a_start=77", DESKTOP) as page:
        figure = opened(page, "reduced_flow")
        assert figure.state["c_star"] == pytest.approx(10**-1.7)
        assert figure.state["a_start"] == 2.2
        figure.assert_drawn_as_in_python()


def test_a_whole_number_stays_one(visit, server):
    with visit(server, f"{FIGURES['krylov'][0]}?krylov.m=3.6", DESKTOP) as page:
        figure = opened(page, "krylov")
        assert figure.state["m"] == 4
        figure.assert_drawn_as_in_python()


@pytest.mark.parametrize("name", ["one_mode", "descent", "reduced_flow"])
def test_a_link_to_a_state_leads_to_it(visit, server, name):
    path = FIGURES[name][0]
    rights = ["clipboard-read", "clipboard-write"]
    with visit(server, f"{path}?other=1", DESKTOP, permissions=rights) as page:
        figure = opened(page, name)
        figure.sliders()[0].press("PageDown")
        if name == "reduced_flow":
            figure.box.locator("select").select_option(index=2)
        figure.settle()
        figure.figure.get_by_role("button", name="Link to this state").press("Enter")
        figure.figure.get_by_role("button", name="Link copied").wait_for()
        address, state = page.url, figure.state
        assert page.evaluate("navigator.clipboard.readText()") == address
        assert "other=1" in address
        assert address.count(f"{name}.") == (2 if name == "reduced_flow" else 1)
    with visit(server, address.removeprefix(server), DESKTOP) as page:
        figure = opened(page, name)
        assert figure.state == pytest.approx(state, rel=1e-5)
        place = page.locator(":target")
        assert place.locator(f'[data-figure="{name}"]').count() == 1


def test_without_the_right_to_copy_the_address_is_shown(visit, server):
    with visit(server, RICH, DESKTOP) as page:
        page.evaluate(
            """() => {
                navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"));
            }"""
        )
        figure = opened(page, "reduced_flow")
        figure.sliders()[1].press("End")
        figure.figure.get_by_role("button", name="Link to this state").click()
        figure.figure.get_by_role("button", name="It is in the address bar").wait_for()
        assert "reduced_flow.a_start=2.2" in page.url


@pytest.fixture
def with_words(browser, server):
    """Open a page that has words at its top which set the figure."""
    contexts = []

    def opening(figure, values, device, **options):
        path = FIGURES[figure][0]
        context = browser.new_context(**device, **options)
        contexts.append(context)
        page = context.new_page()
        data = html.escape(json.dumps(values))
        words = (
            f'<p>Take <span class="rnnbook-set" data-figure="{figure}" data-values="{data}">'
            "a <em>new</em> state</span> now.</p>"
        )

        def changed(route):
            head, article = route.fetch().text().split('class="bd-article"', 1)
            article = article.replace("</h1>", f"</h1>{words}", 1)
            route.fulfill(body=f'{head}class="bd-article"{article}', content_type="text/html")

        page.route(f"**/{path}", changed)
        page.goto(server + path)
        return page

    yield opening
    for context in contexts:
        context.close()


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("how", ["click", "keyboard"])
def test_words_set_a_figure_that_is_out_of_sight_and_back_leads_to_them(with_words, device, how):
    page = with_words("reduced_flow", {"c_star": "0.05", "trained": "v"}, device)
    link = page.get_by_role("link", name="a new state")
    assert link.locator("em").count() == 1
    top = page.evaluate("scrollY")
    if how == "click":
        link.click()
    else:
        link.press("Enter")
    page.wait_for_function("(top) => scrollY > top + 1000", arg=top)
    figure = page.locator('.rnnbook-figure[data-figure="reduced_flow"]')
    page.wait_for_function(
        """(figure) => {
            const { top } = figure.closest(".rnnbook-live").getBoundingClientRect();
            return top >= 0 && top < 150;
        }""",
        arg=figure.element_handle(),
    )
    seen = Figure(page, "reduced_flow")
    assert (seen.state["c_star"], seen.state["trained"]) == (0.05, 2)
    seen.assert_drawn_as_in_python()
    page.go_back()
    page.wait_for_function("(top) => Math.abs(scrollY - top) < 100", arg=top)


def test_words_beside_a_figure_set_it_without_scrolling(with_words):
    page = with_words("one_mode", {"c": "0.5"}, DESKTOP)
    figure = Figure(page, "one_mode")
    figure.sliders()[0].press("End")
    # Bring the words to where the figure is.
    page.evaluate(
        """() => document.querySelector(".rnnbook-live")
            .before(document.querySelector("a.rnnbook-set").parentElement)"""
    )
    link = page.get_by_role("link", name="a new state")
    link.evaluate("(link) => link.scrollIntoView({ block: 'start', behavior: 'instant' })")
    link.focus()
    top, address = page.evaluate("scrollY"), page.url
    link.press("Enter")
    figure.settle()
    assert (figure.state["c"], figure.state["a"]) == (0.5, 2.0)  # what is not named stays
    assert (page.evaluate("scrollY"), page.url) == (top, address)
    assert link.evaluate("(link) => link === document.activeElement")


def test_words_lead_to_the_state_in_another_window_too(with_words, visit, server):
    page = with_words("descent", {"share": "2"}, DESKTOP)
    address = page.get_by_role("link", name="a new state").evaluate("(link) => link.href")
    with visit(server, address.removeprefix(server), DESKTOP) as page:
        assert opened(page, "descent").state["share"] == 2


def test_without_javascript_words_are_words(with_words):
    page = with_words("one_mode", {"c": "0.5"}, DESKTOP, java_script_enabled=False)
    assert page.get_by_text("Take a new state now.").is_visible()
    assert page.get_by_role("link", name="a new state").count() == 0
