# The collector's counters and thresholds; a collection empties the youngest generation.
import gc

gc.collect()
before = gc.get_count()
keep = [[] for _ in range(100)]
after = gc.get_count()
print(len(before), after[0] - before[0] >= 100)
gc.collect()
print(gc.get_count()[0] < 100, gc.get_count()[1:], gc.get_threshold(), gc.isenabled())
# expect: 3 True
# expect: True (0, 0) (700, 10, 10) True
