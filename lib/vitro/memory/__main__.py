# SPDX-License-Identifier: MIT
"""Runs a program and shows its memory.

usage: vitro -m vitro.memory [-o PAGE] [--at FILE:LINE[:TIMES]] [--frames N] [--rows N]
                             [--no-collect] (FILE | -m MODULE) [ARGUMENT ...]

The report goes to stderr, the page to PAGE (memory.html; - for none). The program's exit status is
kept.
"""
import argparse
import gc
import io
import json
import os
import sys
import types

import vitro.memory
from vitro.memory import page, survey, text


def parse():
    """The command line, with `points` [file, line, times left, text] added; and the parser."""
    parser = argparse.ArgumentParser(
        prog="vitro -m vitro.memory", description="Run a program and show what lives in its memory."
    )
    parser.add_argument(
        "-o",
        "--page",
        default="memory.html",
        metavar="PAGE",
        help="the HTML page to write (memory.html; -: none)",
    )
    parser.add_argument(
        "--at",
        action="append",
        default=[],
        metavar="FILE:LINE[:TIMES]",
        help="look when the line is about to run (for the TIMES-th time)",
    )
    parser.add_argument(
        "--frames",
        type=int,
        default=6,
        metavar="N",
        help="frames kept for each allocation (6; at least 4)",
    )
    parser.add_argument(
        "--rows", type=int, default=15, metavar="N", help="rows of each table in the report (15)"
    )
    parser.add_argument(
        "--no-collect",
        action="store_true",
        help="switch the collector off, so that all cycles remain to be seen",
    )
    parser.add_argument("-m", dest="module", action="store_true", help="the program is a module")
    parser.add_argument("program", metavar="FILE")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT")
    args = parser.parse_args()
    # With fewer the program's blocks could not be told from those of a look.
    args.frames = max(args.frames, 4)
    args.points = []
    for point in args.at:
        name, _, rest = point.partition(":")
        line, _, times = rest.partition(":")
        if not name or not line.isdigit() or not (times or "1").isdigit():
            parser.error("--at: FILE:LINE or FILE:LINE:TIMES, not %r" % point)
        args.points.append([name, int(line), int(times or 1), point])
    return args, parser


# -- The program ---------------------------------------------------------------------------------


def load(args, parser):
    """Its code and the attributes of its module __main__; sets sys.argv and sys.path for it."""
    if args.module:
        sys.argv = [args.program, *args.arguments]
        sys.path.insert(0, os.getcwd())
        import runpy

        try:
            name, spec, code = runpy._get_module_details(args.program)
        except runpy._Error as e:
            parser.exit(1, "vitro -m vitro.memory: %s\n" % e)
        sys.argv[0] = spec.origin
        return code, {
            "__file__": spec.origin,
            "__spec__": spec,
            "__package__": spec.parent,
            "__loader__": spec.loader,
            "__cached__": spec.cached,
        }
    try:
        with io.open_code(args.program) as f:
            source = f.read()
    except OSError as e:
        parser.exit(
            2, "vitro -m vitro.memory: can't open file %r: %s\n" % (args.program, e.strerror)
        )
    sys.argv = [args.program, *args.arguments]
    sys.path.insert(0, os.path.dirname(os.path.abspath(args.program)))
    return compile(source, args.program, "exec", dont_inherit=True), {
        "__file__": args.program,
        "__spec__": None,
        "__package__": None,
    }


def run(code, attributes):
    """Exit status. The module stays in sys.modules, so that all it made is alive when we look."""
    main = types.ModuleType("__main__")
    main.__dict__.update(attributes, __builtins__=__builtins__)
    sys.modules["__main__"] = main
    try:
        exec(code, main.__dict__)
    except SystemExit as e:
        if e.code is None or isinstance(e.code, int):
            return e.code or 0
        print(e.code, file=sys.stderr)
        return 1
    except BaseException as e:
        sys.excepthook(type(e), e.with_traceback(e.__traceback__.tb_next), e.__traceback__)
        return 130 if isinstance(e, KeyboardInterrupt) else 1
    return 0


# -- Points in it --------------------------------------------------------------------------------


def watch(points, look):
    """Calls look(moment) where the points [file, line, times left, text] say.

    Only functions of the files named are traced line by line.
    """
    names = {p[0] for p in points}

    def named(path):
        return [n for n in names if path == n or path.endswith("/" + n)]

    def lines(frame, event, arg):
        if event == "line":
            for p in points:
                if frame.f_lineno == p[1] and p[0] in named(frame.f_code.co_filename):
                    p[2] -= 1
                    if p[2] == 0:
                        look("at %s" % p[3])
        return lines

    sys.settrace(lambda frame, event, arg: lines if named(frame.f_code.co_filename) else None)
    import threading

    threading.settrace(sys.gettrace())


# -- Reports -------------------------------------------------------------------------------------


def main():
    args, parser = parse()
    code, attributes = load(args, parser)
    view, looks = survey.Survey([args.program, *args.arguments], args.frames), []

    def look(moment):
        tracer = sys.gettrace()
        sys.settrace(None)
        looks.append(view.take(moment))
        sys.settrace(tracer)

    vitro.memory._looker = look
    if args.no_collect:
        gc.disable()
    if args.points:
        watch(args.points, look)
    view.begin()
    try:
        status = run(code, attributes)
    finally:
        sys.settrace(None)
    sys.stdout.flush()
    look("at exit")
    view.end()
    vitro.memory._looker = None
    looks = [json.loads(data) for data in looks]
    for data in looks:
        survey.add_sources(data)
        print("", *text.lines(data, args.rows), sep="\n", file=sys.stderr)
    for p in args.points:
        if p[2] > 0:
            print("\nThe program did not come to %s." % p[3], file=sys.stderr)
    if args.page != "-":
        with open(args.page, "w", encoding="utf-8") as f:
            f.write(page.render(looks))
        print("\nPage: %s" % args.page, file=sys.stderr)
    sys.exit(status)


if __name__ == "__main__":
    main()
