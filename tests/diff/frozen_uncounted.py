# SPDX-License-Identifier: MIT
"""What frozen modules consist of is no news to the collector: reading them brings no collection on."""
import _imp
import gc

gc.disable()
names = ["os", "site", "codecs", "zipimport", "_collections_abc"]
before = gc.get_count()[0]
objects = [_imp.get_frozen_object(name) for name in names]
print(gc.get_count()[0] - before < 10, [type(o).__name__ for o in objects])
