def longest(list words):
    cdef str best = "", word
    for word in words:
        if len(word) > len(best):
            best = word
    return best
