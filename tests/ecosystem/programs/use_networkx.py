# SPDX-License-Identifier: MIT
"""networkx, toolz, sympy: large pure-Python packages."""
import networkx as nx, toolz, sympy

g = nx.gnm_random_graph(150, 600, seed=4)
print(nx.number_connected_components(g),
      nx.shortest_path_length(g, 0)[17], round(nx.average_clustering(g), 6),
      sorted(nx.pagerank(g).items(), key=lambda t: -t[1])[0][0],
      len(nx.minimum_spanning_tree(g).edges))
print(
    toolz.pipe(range(1000),
               toolz.curried.filter(lambda x: x % 3 == 0) if hasattr(toolz, "curried") else list,
               list, len), toolz.groupby(len, ["a", "bb", "cc"]), toolz.frequencies("banana"))
x, y = sympy.symbols("x y")
print(sympy.expand((x + y)**8), sympy.integrate(sympy.sin(x) * sympy.exp(x), x),
      sympy.solve(x**2 - 3 * x + 2), sympy.factor(x**6 - 1),
      sympy.Matrix(3, 3, range(9)).det())
