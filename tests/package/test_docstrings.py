"""Every public name is documented, argument by argument, in numpydoc style."""

import builtins
import dataclasses
import inspect
import re

import pytest
from numpydoc.docscrape import FunctionDoc, get_doc_object
from numpydoc.validate import validate

import rnnbook

PUBLIC = {name: getattr(rnnbook, name) for name in rnnbook.__all__}
PUBLIC |= {f"lazy.{name}": getattr(rnnbook.lazy, name) for name in rnnbook.lazy.__all__}
PUBLIC |= {f"optimizers.{x}": getattr(rnnbook.optimizers, x) for x in rnnbook.optimizers.__all__}
FUNCTIONS = {name: value for name, value in PUBLIC.items() if inspect.isfunction(value)}
CLASSES = {name: value for name, value in PUBLIC.items() if inspect.isclass(value)}
METHODS = {
    f"{owner}.{name}": value
    for owner, cls in CLASSES.items()
    for name, value in vars(cls).items()
    if not name.startswith("_") and inspect.isfunction(value)
}
PROPERTIES = {
    f"{owner}.{name}": value
    for owner, cls in CLASSES.items()
    for name, value in vars(cls).items()
    if not name.startswith("_") and hasattr(type(value), "__get__") and not callable(value)
}
CALLABLES = FUNCTIONS | METHODS
# numpydoc's codes: no docstring; arguments not documented, unknown, in another order, without a
# type; no Returns; no summary, or none that starts with a capital and ends with a full stop.
CODES = {"GL08", "PR01", "PR02", "PR03", "PR04", "RT01", "SS01", "SS02", "SS03"}


def test_the_walk_finds_what_is_public():
    assert {"ginibre", "gradient_flow", "sgd"} <= set(FUNCTIONS)
    assert {"LinearRNN", "Filter", "Trajectory", "ReducedFlow"} <= set(CLASSES)
    assert {"LinearRNN.simulate", "Filter.transfer", "ReducedFlow.solve"} <= set(METHODS)
    assert {"Filter.poles", "LinearRNN.outlier", "ReducedFlow.flow"} <= set(PROPERTIES)


def test_all_names_are_there_and_sorted():
    assert rnnbook.__all__ == sorted(rnnbook.__all__)
    assert rnnbook.lazy.__all__ == sorted(rnnbook.lazy.__all__)
    assert rnnbook.__doc__


@pytest.mark.parametrize("name", CALLABLES)
def test_every_argument_and_result_is_documented(name):
    found = [error for error in validate(f"rnnbook.{name}")["errors"] if error[0] in CODES]
    text = inspect.getdoc(CALLABLES[name]) or ""
    if "arguments as for `" in text:  # refers to a sibling that documents them
        sibling = re.search("arguments as for `(.*?)`", text)[1]
        assert f"{name.split('.')[0]}.{sibling}" in METHODS
        found = [error for error in found if error[0] not in ("PR01", "RT01")]
    # A method of one line that takes nothing, or hands all on, may say in its summary what it
    # returns.
    if text.startswith("Return ") and "\n\nParameters" not in text:
        found = [error for error in found if error[0] != "RT01"]
    if "; see `" in text:
        found = [error for error in found if error[0] not in ("PR01", "RT01")]
    assert found == []


TYPED = CALLABLES | {
    name: getattr(value, "fget", None) or value.func for name, value in PROPERTIES.items()
}


@pytest.mark.parametrize("name", TYPED)
def test_every_argument_and_result_has_a_type(name):
    signature = inspect.signature(TYPED[name])
    given = [p for p in signature.parameters.values() if p.name != "self"]
    assert not [p.name for p in given if p.annotation is p.empty]
    assert signature.return_annotation is not signature.empty


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_documents_what_it_is_made_of(name):
    cls = CLASSES[name]
    doc = get_doc_object(cls, config={"show_class_members": False})
    documented = [
        part.strip()
        for section in ("Parameters", "Attributes")
        for entry in doc[section]
        for part in entry.name.split(",")
    ]
    if dataclasses.is_dataclass(cls):
        assert documented == [field.name for field in dataclasses.fields(cls)]
    elif cls.__init__ is not Exception.__init__ and "__init__" in vars(cls):
        assert documented == list(inspect.signature(cls).parameters)
    assert doc["Summary"] or doc["Extended Summary"]


@pytest.mark.parametrize("name", PROPERTIES)
def test_every_property_is_documented(name):
    text = inspect.getdoc(PROPERTIES[name])
    assert text
    assert text[0].isupper()


@pytest.mark.parametrize("name", CALLABLES)
def test_documented_exceptions_exist(name):
    for entry in FunctionDoc(CALLABLES[name])["Raises"]:
        exception = getattr(rnnbook, entry.type, None) or getattr(builtins, entry.type, None)
        assert issubclass(exception, Exception)
        assert entry.desc


@pytest.mark.parametrize(
    ("name", "exceptions"),
    {
        "population_loss": {"UnstableNetworkError"},
        "loss_and_gradient": {"UnstableNetworkError"},
        "projected_loss_and_gradient": {"UnstableNetworkError"},
        "dense_loss_and_gradient": {"UnstableNetworkError"},
        "LinearRNN.check_stable": {"UnstableNetworkError"},
        "gradient_flow": {"UnstableNetworkError", "UnstableTrainingError"},
        "gradient_descent": {"UnstableTrainingError"},
        "sgd": {"UnstableTrainingError"},
        "bptt": {"ValueError", "FloatingPointError"},
        "ReducedFlow.solve": {"ValueError", "RuntimeError"},
    }.items(),
)
def test_what_can_go_wrong_is_documented(name, exceptions):
    assert exceptions <= {entry.type for entry in FunctionDoc(CALLABLES[name])["Raises"]}
