# SPDX-License-Identifier: MIT
"""Jinja2 and MarkupSafe."""
import jinja2
import markupsafe

env = jinja2.Environment(autoescape=True, trim_blocks=True)
env.filters["twice"] = lambda v: v * 2
t = env.from_string(
    "{% macro li(x) %}<li>{{ x|twice }}{% endmacro %}"
    "{% for row in rows if row %}{{ loop.index }}{{ li(row) }}{% else %}none{% endfor %}"
    "{{ name }}{{ missing }}{{ d.k }}{{ d['z']|default('Z') }}"
)
for _ in range(40):
    r = t.render(rows=list(range(200)), name="<b>&'\"", d={"k": markupsafe.Markup("<i>")})
print(len(r), r[-60:])
for bad in ("{{ x", "{% for %}", "{{ 1 / 0 }}", "{{ u.x.y }}", "{% extends 'none' %}"):
    try:
        env.from_string(bad).render()
    except Exception as e:
        print(type(e).__name__, e)
print(
    markupsafe.escape("<é>") + "<",
    markupsafe.Markup("<b>%s</b>") % "<x>",
    markupsafe.Markup("&lt;b&gt;").unescape(),
    sum(len(markupsafe.escape("<a href='%d'>" % i)) for i in range(20000)))
