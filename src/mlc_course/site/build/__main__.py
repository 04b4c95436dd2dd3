"""``python -m mlc_course.site.build``: see ``command``."""

import sys

from mlc_course.site.build.command import main

sys.exit(main())
