from datetime import date, datetime, timedelta, timezone


def main():
    start = datetime(2020, 2, 28, 23, 59, tzinfo=timezone.utc)
    step = timedelta(minutes=7, microseconds=13)
    now = start
    texts = []
    zone = timezone(timedelta(hours=-5))
    for i in range(3000):
        now += step
        texts.append(now.isoformat())
        if now.astimezone(zone).hour == now.hour:
            raise AssertionError(now)
    back = [datetime.fromisoformat(t) for t in texts]
    assert (
        back[-1] == now == start + 3000 * step and back == sorted(back) and len(set(back)) == 3000
    )
    assert (
        sum((b - a).total_seconds() for a, b in zip(back, back[1:])) - 2999 * step.total_seconds()
        < 1e-6
    )
    days = [date.fromordinal(730000 + i) for i in range(3000)]
    assert all(d.replace(day=1) <= d and (d.year, d.isocalendar()[1], d.weekday()) for d in days)
    assert all(
        datetime.strptime(d.strftime("%Y-%m-%d %H:%M"), "%Y-%m-%d %H:%M").date() == d
        for d in days[:300]
    )
    assert [datetime.fromtimestamp(1.6e9 + i, timezone.utc).timestamp() for i in range(2000)] == [
        1.6e9 + i for i in range(2000)
    ]
