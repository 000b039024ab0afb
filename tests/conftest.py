"""One BLAS thread a worker: the matrices are small, and threads that share cores only wait."""

import os

# NumPy reads these when it is first imported, which is after this file.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

# The browser and the site in it, for the tests of pages and of live figures.
from browsing import browser, compressed_site, root, server, visit  # noqa: E402, F401
