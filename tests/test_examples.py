"""The examples in the docstrings of geometry and domain are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import pipeline.domain
import pipeline.geometry

MODULES = [
    module.name
    for package in (pipeline.geometry, pipeline.domain)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.ispkg
]
ROOMS = ("graph", "coverage", "boundary")


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_an_example(room):
    inside = [name for name in MODULES if name.startswith(f"pipeline.geometry.{room}.")]
    finder = doctest.DocTestFinder()
    assert any(test.examples for name in inside for test in finder.find(importlib.import_module(name)))
