# Text to tokens, tokens to a tree, the tree to bytecode, the bytecode to an effect.
import ast, dis, io, tokenize

source = "x = a + 1"
print([t.string for t in tokenize.generate_tokens(io.StringIO(source).readline) if t.string])
tree = ast.parse(source)
print(ast.dump(tree))
code = compile(tree, "<example>", "exec")
print([i.opname for i in dis.get_instructions(code)])
names = {"a": 41}
exec(code, names)
print(names["x"])
# expect: ['x', '=', 'a', '+', '1']
# expect: Module(body=[Assign(targets=[Name(id='x', ctx=Store())], value=BinOp(left=Name(id='a', ctx=Load()), op=Add(), right=Constant(value=1)))], type_ignores=[])
# expect: ['RESUME', 'LOAD_NAME', 'LOAD_CONST', 'BINARY_OP', 'STORE_NAME', 'LOAD_CONST', 'RETURN_VALUE']
# expect: 42
