"""Configuration of Sphinx; what is generated from the code is made by pages.py."""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))
import pages

project = "polyrelax"
author = "The polyrelax developers"
release = version_of("polyrelax")

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
    "sphinxcontrib.bibtex",
]
exclude_patterns = ["_build", "generated/verbs.md", "search.md", "**/.ipynb_checkpoints"]

html_theme = "furo"
html_title = "polyrelax"

myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
# The pages run what they show; the notebooks keep the outputs that CI checks elsewhere.
nb_execution_mode = "force"
nb_execution_excludepatterns = ["generated/notebooks/*"]
nb_execution_raise_on_error = True
nb_execution_timeout = 60

bibtex_bibfiles = ["../proofs/references.bib"]
bibtex_default_style = "plain"
bibtex_reference_style = "author_year"

# Rooms have types of the same name, such as Form, that signatures cannot tell apart.
suppress_warnings = ["ref.python"]

# The optional engines are described without being installed.
autodoc_mock_imports = ["PyNormaliz", "distributed", "pandas", "pplite", "torch"]
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
# Each page copies the contents of all others for its navigation: with every object in them,
# that takes as long as all else.
toc_object_entries = False
autodoc_default_options = {"members": True, "show-inheritance": False}
napoleon_numpy_docstring = True
napoleon_google_docstring = False


def setup(app: Sphinx) -> None:
    """Generate pages before Sphinx looks for sources."""
    app.connect("builder-inited", lambda app: pages.generate(Path(app.srcdir)))
