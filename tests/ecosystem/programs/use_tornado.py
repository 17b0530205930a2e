# SPDX-License-Identifier: MIT
"""tornado, twisted, django, flask, sqlalchemy: servers and an ORM, answering one request after the other."""
import asyncio
import logging

import flask
import sqlalchemy as sa
import sqlalchemy.orm as orm
import tornado.httpclient
import tornado.httpserver
import tornado.testing
import tornado.web
import tornado.websocket
from twisted.internet import defer
from twisted.web import http_headers

logging.disable()
Base = orm.declarative_base()


class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(20), nullable=False)
    mails = orm.relationship("Mail", back_populates="user", order_by="Mail.address")


class Mail(Base):
    __tablename__ = "mails"
    id = sa.Column(sa.Integer, primary_key=True)
    address = sa.Column(sa.String)
    user_id = sa.Column(sa.ForeignKey("users.id"))
    user = orm.relationship(User, back_populates="mails")


engine = sa.create_engine("sqlite://")
Base.metadata.create_all(engine)
with orm.Session(engine) as s:
    for i in range(200):
        s.add(User(name="user %d" % i, mails=[Mail(address="%d@%d" % (i, k)) for k in range(i % 3)]))
    s.commit()
    q = s.query(User.name,
                sa.func.count(Mail.id)).join(Mail).group_by(User.id).having(sa.func.count(Mail.id) > 1)
    print(q.count(),
          q.order_by(User.id.desc()).first(), len(s.get(User, 5).mails),
          str(q.statement).split("\n")[0])
    print([
        m.user.name
        for m in s.query(Mail).filter(Mail.address.like("19%"), Mail.id.in_([1, 5, 190, 198])).all()
    ])
    try:
        s.add(User())
        s.flush()
    except sa.exc.IntegrityError as e:
        print(type(e).__name__, e.orig)
app = flask.Flask("app")


@app.route("/hello/<name>", methods=["GET", "POST"])
def hello(name):
    flask.session["n"] = 1
    return flask.render_template_string("hello {{ name|upper }}{% for i in range(n) %} {{ i }}{% endfor %}",
                                        name=name,
                                        n=flask.request.args.get("n", 2, int))


@app.errorhandler(404)
def lost(e):
    return flask.jsonify(error=str(e.code)), 404


app.secret_key = "k"
client = app.test_client()
for _ in range(50):
    r = client.get("/hello/<b>?n=3")
print(r.data, r.status,
      client.get("/none").json,
      client.put("/hello/x").status_code, sorted(map(str, app.url_map.iter_rules())))


class Echo(tornado.websocket.WebSocketHandler):

    def on_message(self, m):
        self.write_message(m[::-1])


class Page(tornado.web.RequestHandler):

    async def get(self, n):
        await asyncio.sleep(0)
        self.write({"n": int(n), "q": self.get_arguments("q")})


async def serve():
    server = tornado.httpserver.HTTPServer(tornado.web.Application([("/ws", Echo), (r"/(\d+)", Page)]))
    sock, port = tornado.testing.bind_unused_port()
    server.add_sockets([sock])
    http = tornado.httpclient.AsyncHTTPClient()
    for i in range(60):
        r = await http.fetch("http://127.0.0.1:%d/%d?q=a&q=b" % (port, i))
    print(r.body, r.code, r.headers["Content-Type"])
    ws = await tornado.websocket.websocket_connect("ws://127.0.0.1:%d/ws" % port)
    for i in range(200):
        await ws.write_message("message %d" % i)
        got = await ws.read_message()
    print(got, (await http.fetch("http://127.0.0.1:%d/x" % port, raise_error=False)).code)
    ws.close()
    server.stop()


asyncio.run(serve())
d = defer.Deferred()
d.addCallback(lambda x: x / 0).addErrback(lambda f: f.trap(ZeroDivisionError).__name__).addBoth(print)
d.callback(5)
h = http_headers.Headers({"a-B": ["1"]})
h.addRawHeader("A-b", "2")
print(list(h.getAllRawHeaders()))
