# SPDX-License-Identifier: MIT
"""getcwd of long and vanished paths; select with sets that are empty."""
import os, select, tempfile, shutil
d=os.path.realpath(tempfile.mkdtemp()); old=os.getcwd(); n=0
try:
    os.chdir(d)
    for i in range(12):
        os.mkdir('x'*200); os.chdir('x'*200)
        n=len(os.getcwd())-len(d); print(n, len(os.getcwdb())-len(d))
finally:
    os.chdir(old); shutil.rmtree(d)
d=tempfile.mkdtemp(); os.chdir(d); os.rmdir(d)
for f in os.getcwd, os.getcwdb:
    try: f()
    except OSError as e: print(e)
os.chdir('/')
r,w=os.pipe(); r2,w2=os.pipe()
i=lambda *l:[[('r','w','r2','w2')[(r,w,r2,w2).index(x)] for x in y] for y in l]
print(i(*select.select([r],[],[],0)), i(*select.select([r],[w],[],0)), i(*select.select([],[w,w2],[r],0)))
os.write(w2,b'x'); print(i(*select.select([r,r2],[w],[r2],1)), i(*select.select([r2],[],[],None)), i(*select.select([],[],[],0)))
for a in [([-1],[],[],0),(['a'],[],[],0),([],[],[10**6],0),([],[],0,0),([],[],[],-1),([],[],[])[:2],([9999],[],[],0)]:
    try: print(select.select(*a))
    except Exception as e: print(type(e).__name__, e)
