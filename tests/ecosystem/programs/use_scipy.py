# SPDX-License-Identifier: MIT
"""scipy: optimisation with Python callbacks, integration, sparse matrices, statistics, signal."""
import numpy as np
from scipy import integrate, optimize, sparse, stats, signal, special, interpolate, spatial
from scipy.sparse import linalg

r = optimize.minimize(lambda p: (p[0] - 1)**2 + (p[1] + 2)**2 + p[0] * p[1], [0, 0])
print(np.round(r.x, 4), r.success)
print(round(optimize.brentq(lambda x: x**3 - 2, 0, 2), 8),
      round(integrate.quad(lambda x: np.exp(-x * x), -5, 5)[0], 8))
s = integrate.solve_ivp(lambda t, y: [y[1], -y[0]], (0, 5), [0, 1], max_step=0.01)
print(len(s.t), np.round(s.y[:, -1], 4))
m = sparse.random(300, 300, density=0.02, random_state=1).tocsr() + sparse.eye(300) * 5
print(m.nnz, round(float(linalg.spsolve(m.tocsc(), np.ones(300)).sum()), 6))
print(np.round(stats.norm.cdf([0, 1, 2]), 6),
      stats.ttest_ind(np.arange(10.),
                      np.arange(10.) + 1).pvalue.round(6), np.round(special.gamma([1, 2.5, 5]), 6))
print(
    signal.butter(3, 0.2)[0].round(6),
    interpolate.interp1d([0, 1, 2], [0, 10, 5])(1.5),
    spatial.KDTree(np.arange(20.).reshape(10, 2)).query([3, 3.5])[1])
