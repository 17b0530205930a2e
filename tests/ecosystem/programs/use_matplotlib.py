# SPDX-License-Identifier: MIT
"""matplotlib with the Agg back end: a figure of several kinds; the pixels must agree."""
import hashlib
import io
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt, numpy as np

fig, ax = plt.subplots(2, 2, figsize=(5, 4), dpi=60)
x = np.linspace(0, 6, 200)
ax[0, 0].plot(x, np.sin(x), label="sin")
ax[0, 0].legend()
ax[0, 1].scatter(x[::5], np.cos(x[::5]), c=x[::5])
ax[1, 0].bar(range(5), [3, 1, 4, 1, 5])
ax[1, 1].imshow(np.outer(x, x))
fig.suptitle("Title é")
b = io.BytesIO()
fig.savefig(b, format="rgba")
print(len(b.getvalue()), hashlib.md5(b.getvalue()).hexdigest())
s = io.StringIO()
matplotlib.rcParams["svg.hashsalt"] = "x"
fig.savefig(s, format="svg", metadata={"Date": None})
print(len(s.getvalue()))
