def kind(v):
    match v:
        case []:
            return 'empty'
        case [x, *rest]:
            return f'{x} then {len(rest)}'
        case {'k': value, **others}:
            return f'k={value} {others}'
        case int() | float():
            return 'number'
        case _:
            return 'other'


print(kind([]), kind([1, 2, 3]), kind({'k': 1, 'z': 2}), kind(2.5), kind('s'))
# expect: empty 1 then 2 k=1 {'z': 2} number other
