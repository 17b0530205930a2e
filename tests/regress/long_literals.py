# A million zeros are no number with too many digits; many expressions in one f-string take linear time, and their lines
# and columns are counted right.
import ast

for source in "0" * 10**6, "0" * 5000 + ".5", "0_0" * 3000, "1" * 4301:
    try:
        print(ast.literal_eval(source))
    except SyntaxError as e:
        print(e.msg)
print(len(compile("f'" + "{a}" * 40000 + "'", "f", "exec").co_code))
for source in (
    "f'''{a} {b}\n{c}{\nd}\n\n {e:{f}\n} {g}'''",
    "f'{a}' f'{b}{c}'\n",
    "x = f'''\n{a:{b}}{c}\n{d}''' f'{e}'",
    "f'''{\n a}{b}'''",
    "(f'{a}'\n   f'''{b}\n{c}''')",
):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            print(
                node.id,
                node.lineno,
                node.col_offset,
                node.end_lineno,
                node.end_col_offset,
                end="; ",
            )
    print()
