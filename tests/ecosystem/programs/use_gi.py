# SPDX-License-Identifier: MIT
"""PyGObject, dbus and apt: libraries of a desktop through their bindings."""
import gi
from gi.repository import Gio, GLib, GObject

import apt_pkg


class Counter(GObject.Object):
    __gsignals__ = {"counted": (GObject.SignalFlags.RUN_LAST, int, (int, str))}
    value = GObject.Property(type=int, default=3, minimum=0, maximum=90)

    @GObject.Property(type=str)
    def name(self):
        return "n%d" % self.value

    def do_counted(self, n, s):
        return n * 2


c = Counter(value=5)
seen = []
h = c.connect("counted", lambda o, n, s, extra: seen.append((n, s, extra)) or 7, "extra")
c.connect("notify::value", lambda o, p: seen.append(p.name))
print(c.emit("counted", 4, "text"), c.name, c.get_property("value"))
c.value = 9
c.disconnect(h)
print(c.emit("counted", 4, "text"), seen, [p.name for p in c.list_properties()],
      GObject.type_name(Counter) != "")
for i in range(5000):
    c.emit("counted", i, "x")
for bad in (lambda: c.emit("nothing"), lambda: c.set_property("value", "x"),
            lambda: Gio.File.new_for_path(5), lambda: Gio.File.new_for_path("/nowhere").load_contents(None),
            lambda: Counter(nothing=5), lambda: GLib.nothing):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, str(e)[:60].split("0x")[0])
loop, ticks = GLib.MainLoop(), []


def tick():
    ticks.append(len(ticks))
    if len(ticks) == 5:
        loop.quit()
    return len(ticks) < 5


GLib.timeout_add(1, tick)
GLib.idle_add(lambda: ticks.append("idle"))
loop.run()
print(len(ticks) > 4, "idle" in ticks)
v = GLib.Variant("(sa{sv}ai)", ("x", {"k": GLib.Variant("i", 5)}, [1, 2]))
print(v.unpack(), v.print_(True), v[2][1],
      GLib.Variant.parse(None, "[1, 2]", None, None).unpack(), v.get_type_string())
key = GLib.KeyFile()
key.load_from_data("[a]\nb=5\n", 8, 0)
print(key.get_integer("a", "b"), GLib.markup_escape_text("<&"), GLib.path_get_basename("/a/b"),
      GLib.uri_parse_scheme("http://x"))
stream = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(b"line\nother"))
print(Gio.DataInputStream.new(stream).read_line_utf8(None), stream.is_closed())
store = Gio.ListStore.new(Counter)
for n in (3, 1, 2):
    store.insert_sorted(Counter(value=n), lambda a, b: a.value - b.value)
print([x.value for x in store], len(store), store[0].value)
apt_pkg.init()
print([apt_pkg.version_compare(a, b) > 0 for a, b in (("1.0", "1.0~rc1"), ("1:0", "9"), ("1-1", "1-2"))],
      apt_pkg.parse_depends("a (>= 1) | b, c:any"), apt_pkg.config.find("Dir"), apt_pkg.size_to_str(123456),
      apt_pkg.check_dep("1", "<", "2"))
