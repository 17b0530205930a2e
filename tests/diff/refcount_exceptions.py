# Reference counts and destruction order around exceptions, tracebacks and frames.
import sys, gc

rc = sys.getrefcount


class O:
    def __repr__(self):
        return "O()"


class D:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print('   del', self.name)


class E(Exception):
    def __del__(self):
        print('   del E', self.args and self.args[0])


def show(label, *counts):
    print(label, *counts)


o = O()
try:
    raise E(o)
except E as e:
    show(
        'caught',
        rc(e),
        rc(o),
        rc(e.args),
        rc(e.__traceback__),
        e.__traceback__.tb_frame is sys._getframe(),
    )
    show('exc_info', rc(sys.exc_info()[1]), [rc(x) > 2 for x in sys.exc_info()])
show('after', rc(o))
try:
    raise E('class')
except E:
    show('unnamed', rc(sys.exc_info()[1]))
print('next')


def raiser(x):
    local = D('raiser local')
    raise E(x)


def catcher(x):
    try:
        raiser(x)
    except E as e:
        tb = e.__traceback__
        show(
            'in catcher',
            rc(e),
            rc(tb),
            rc(tb.tb_next),
            rc(tb.tb_next.tb_frame),
            sorted(tb.tb_next.tb_frame.f_locals),
        )
        del tb
    print('handler left')


catcher(o)
show('after catcher', rc(o))


def keep(x):
    try:
        raiser(x)
    except E as e:
        return e


kept = keep('kept')
show('kept', rc(kept), rc(kept.__traceback__))
kept.__traceback__ = None
print('traceback dropped')
del kept


def cleanup():
    a = D('cleanup a')
    try:
        b = D('cleanup b')
        raise E('inner')
    finally:
        print('finally', rc(sys.exc_info()[1]))


try:
    cleanup()
except E as e:
    print('outside', rc(e))
print('next')


def chained():
    try:
        raise E('first')
    except E as first:
        raise E('second') from first


try:
    chained()
except E as e:
    show('cause', rc(e), rc(e.__cause__), e.__cause__ is e.__context__, rc(e.__context__))
    e.__cause__ = None
    show('no cause', rc(e.__context__))
    e.__context__ = None
    print('no context')
print('next')


def implicit():
    try:
        raise E('lost')
    except E:
        raise E('found')


try:
    implicit()
except E as e:
    show('context', rc(e), rc(e.__context__))
print('next')


def reraise():
    try:
        raise E('again')
    except E as e:
        try:
            raise
        except E as f:
            show('same', e is f, rc(e))
        show('inner left', rc(e))


reraise()


def swallowed():
    for i in range(2):
        try:
            raise E(i)
        except E:
            continue
        finally:
            print('loop finally', i)
    return 'done'


print(swallowed())


def with_return():
    try:
        raise E('overridden')
    finally:
        return 'returned'


print(with_return())


def nested():
    try:
        try:
            raise E('one')
        finally:
            raise E('two')
    except E as e:
        show('nested', rc(e), rc(e.__context__))


nested()
print('next')


def gen():
    try:
        yield 1
    except E as e:
        show('thrown', rc(e))
        yield 2
    print('gen end')


g = gen()
next(g)
x = E('thrown in')
show('before throw', rc(x))
g.throw(x)
show('while suspended', rc(x))
list(g)
show('gen done', rc(x))
del x, g
print('next')


def stop():
    return D('return value')
    yield


g = stop()
try:
    next(g)
except StopIteration as s:
    show('stop', rc(s), rc(s.value), s.value.name)
del g
print('next')


def delegating():
    r = yield from stop()
    print('got', r.name, rc(r))


list(delegating())
print('next')
try:
    {}[o]
except KeyError as e:
    show('key error', rc(o), e.args[0] is o)
show('gone', rc(o))
try:
    o.missing
except AttributeError as e:
    show('attribute error', rc(o), e.obj is o, rc(e.name) > 3)
show('gone', rc(o))
try:
    undefined_name
except NameError as e:
    show('name error', rc(e), e.name)
try:
    int('x' + str(len('ab')))
except ValueError as e:
    show('value error', rc(e), rc(e.args), rc(e.args[0]))
try:
    [].pop()
except IndexError as e:
    show('index error', rc(e), rc(e.args))
try:
    next(iter([]))
except StopIteration as e:
    show('stop iteration', rc(e), e.args)
try:
    raise ValueError
except ValueError as e:
    show('from class', rc(e), e.args is ())
try:
    raise ExceptionGroup('g', [E('m1'), ValueError('m2')])
except* E as group:
    show('group', rc(group), rc(group.exceptions), rc(group.exceptions[0]))
except* ValueError as group:
    show('group', rc(group), rc(group.exceptions), rc(group.exceptions[0]))
print('next')
group = ExceptionGroup('g', [E('s1'), ExceptionGroup('h', [ValueError('s2'), E('s3')])])
match_, rest = group.split(E)
show('split', rc(group), rc(match_), rc(rest), rc(group.exceptions[0]))
del group
print('group gone')
del match_
print('match gone')
del rest
e = E('noted')
e.add_note('n' + str(len('ab')))
show('notes', rc(e.__notes__), rc(e.__notes__[0]), rc(e))
del e


def depth(n):
    x = D('level %d' % n)
    if n == 0:
        raise E('deep')
    depth(n - 1)


try:
    depth(3)
except E as e:
    tb, n = e.__traceback__, 0
    while tb:
        n += 1
        tb = tb.tb_next
    print('frames', n)
print('unwound')


def frames():
    f = sys._getframe()
    a = rc(f)
    b = f.f_locals
    return a, rc(b), f.f_locals is b, rc(f.f_code) > 3


print('frame', frames())


def keep_frame(x):
    local = D('frame local')
    return sys._getframe()


f = keep_frame(o)
show('dead frame', rc(f), rc(o), f.f_back is None, sorted(f.f_locals))
f.clear()
show('cleared', rc(o))
del f


def context():
    a = D('tb local')
    1 / 0


try:
    context()
except ZeroDivisionError as e:
    t = e.__traceback__
    e.__traceback__ = None
    show('t', rc(t), rc(t.tb_next))
    t.tb_next = None
    print('cut')
del t


class Suppress:
    def __enter__(self):
        return self

    def __exit__(self, t, v, tb):
        show('exit args', rc(v), rc(tb), t is E)
        return True


with Suppress():
    raise E('suppressed')
print('after with')


def in_comprehension():
    return [x for x in [1, D('comp item')] if x.nothing]


try:
    in_comprehension()
except AttributeError as e:
    print(type(e).__name__)
try:
    in_comprehension.__call__(1, 2, D('extra'))
except TypeError as e:
    print('type error', rc(e))
print('next')
try:
    (lambda a, b: a)(D('bound a'))
except TypeError as e:
    print(e)
try:
    (lambda *, k: k)(k=1, z=D('bound z'))
except TypeError as e:
    print(e)


class Init:
    def __init__(self, *a):
        self.x = D('in init')
        raise E('init failed')

    def __del__(self):
        print('   del Init')


try:
    Init(D('argument'))
except E as e:
    print('caught')
print('next')


class New:
    def __new__(cls):
        return D('not an instance')


New()
print('next')
try:
    x = D('target'), *5
except TypeError as e:
    print('unpack failed')
try:
    a, b = D('u1'), D('u2'), D('u3')
except ValueError as e:
    print(e)
print('next')
try:
    [D('before'), 1 / 0, D('never')]
except ZeroDivisionError:
    print('display failed')
try:
    print(D('arg'), 1 / 0)
except ZeroDivisionError:
    print('call failed')
try:
    {D('k'): 1 / 0}
except ZeroDivisionError:
    print('dict failed')
try:
    D('left') + D('right')
except TypeError as e:
    print('binary failed')
try:
    for i in D('not iterable'):
        pass
except TypeError as e:
    print('for failed')
try:
    with D('no context'):
        pass
except TypeError as e:
    print('with failed')
try:
    D('item')[D('index')] = D('value')
except TypeError as e:
    print('store failed')
try:
    del D('item')[D('index')]
except TypeError as e:
    print('del failed')
try:
    D('attr').x.y = 1
except AttributeError as e:
    print('attr failed')
try:
    assert D('assert').name == 'x', D('message')
except AssertionError as e:
    print('assert failed')
print('end')
