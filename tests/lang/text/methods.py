print(
    'a,b,,c'.split(','),
    ' x '.strip(),
    'abc'.upper(),
    'a-b'.partition('-'),
    'x'.join('abc'),
    'straße'.upper(),
)
# expect: ['a', 'b', '', 'c'] x ABC ('a', '-', 'b') axbxc STRASSE
