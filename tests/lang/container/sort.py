words = ['pear', 'fig', 'apple', 'kiwi']
print(sorted(words), sorted(words, key=len, reverse=True), sorted([3, 1, 2]))
# expect: ['apple', 'fig', 'kiwi', 'pear'] ['apple', 'pear', 'kiwi', 'fig'] [1, 2, 3]
