# SPDX-License-Identifier: MIT
"""Numbers and the functions over them."""

GROUPS = {}

GROUPS["num"] = r'''
i = 12345
j = -7
k = 10**30
m = 10**25
f = 3.7
g = -1.25
c = 1 + 2j
t = True
K = 3**400
M = 7**300
''', r'''
i+j
i-j
i*j
i//7
i//j
i%7
i%j
i/7
i/j
i**3
i**2
i<<5
i>>2
i&255
i|255
i^255
~i
-i
+i
abs(j)
abs(i)
divmod(i,7)
divmod(j,7)
pow(i,5,7)
pow(3,100,1000007)
pow(i,3)
pow(k,5,m)
pow(i,-1,7)
i.bit_length()
i.bit_count()
i.to_bytes(4,"big")
i.to_bytes(8,"little",signed=True)
int.from_bytes(b"ab","big")
int("123")
int(" 12 ")
int("ff",16)
int("0x1f",0)
int(3.7)
int(i)
int()
int(t)
hex(i)
bin(i)
oct(i)
str(i)
str(5)
repr(i)
str(k)
str(j)
int("1"*30)
k+m
k-m
k*m
k//m
k%m
k-i
k*i
k//i
k%i
k<m
k==m
hash(k)
hash(i)
k>>10
k<<10
k&m
k|m
-k
~k
abs(k)
divmod(k,m)
k/m
float(k)
float(i)
float(f)
float()
f+g
f-g
f*g
f/g
f//g
f%g
f**2
f**0.5
-f
abs(g)
round(f)
round(f,1)
round(i)
round(i,-2)
round(g)
int(f)
f.is_integer()
f.hex()
float.fromhex("0x1.8p1")
float("3.75")
float("1e10")
float("0.1234567890123")
float("inf")
repr(f)
str(g)
repr(0.1)
repr(1e100)
str(123456.789)
f<g
f==g
f==i
i<f
hash(f)
hash(1.0)
f.as_integer_ratio()
divmod(f,g)
f+i
i+f
i*f
f/i
c+c
c*c
c/c
c**2
abs(c)
c.real
c.conjugate()
complex(1,2)
complex("1+2j")
repr(c)
bool(i)
bool(f)
not i
i==j
i<j
i!=j
i is j
isinstance(i,int)
max(i,j)
min(i,j,3)
max(1.0,2.0)
format(i,"x")
format(i,"d")
format(i,",")
format(i,"08d")
format(f,".3e")
format(f,".2f")
format(f,"g")
format(f)
i.__add__(j)
i.conjugate()
i.real
i.numerator
sum([1,2,3])
sum([1.5,2.5])
sum((1,2.5))
t+t
t&t
t|False
t^t
t and i
K*M
K+M
K//M
K%M
str(K)
int(str(K))
K*K
K<<3
i.__eq__(3)
int.__new__(int,3)
i>>40
1<<40
i+(1<<40)
(1<<40)+(1<<41)
(1<<40)*(1<<41)
(1<<62)//12345
(1<<62)%12345
-(1<<40)
(1<<40)&(1<<41)
(1<<40)==(1<<41)
i<(1<<40)
0x7fffffff*2
hash("a")
hash(None)
hash((1,2))
hash(c)
'''

GROUPS["num2"] = r'''
i = 12345
j = -7
z = 0
o = 1
k = 10 ** 20
m = 10 ** 50
n = 10 ** 200
p = 2 ** 1000
q = 3 ** 500
h = 10 ** 1000
f = 3.7
g = -1.25
c = 1 + 2j
t = True
s30 = str(10 ** 30)
s300 = '7' * 300
s3000 = '7' * 3000

class I(int):
    pass

class Fl(float):
    pass

class Nm:

    def __add__(self, o):
        return 1

    def __radd__(self, o):
        return 1

    def __mul__(self, o):
        return 1

    def __index__(self):
        return 3

    def __int__(self):
        return 3

    def __float__(self):
        return 3.0

    def __neg__(self):
        return 3

    def __abs__(self):
        return 3

    def __eq__(self, o):
        return True

    def __lt__(self, o):
        return True

    def __bool__(self):
        return True

    def __round__(self, n=None):
        return 3

    def __divmod__(self, o):
        return 3
ii = I(5)
ff = Fl(2.5)
x = Nm()
R = range
''', r'''
int("5")
int("12345")
int("-7")
int("1_000")
int("0b11",0)
int("zz",36)
int("777",8)
int(s30)
int(s300)
int(s3000)
int(b"12")
int(x)
int(ii)
int("  5  ")
int(1e20)
int(1e300)
float("1.5")
float("1e5")
float("nan")
float("-inf")
float(" 1.5 ")
float("123456789.123456789")
float(x)
float("0.1")
float("1")
float(ff)
float.fromhex("0x1.8p3")
float("1_0.5")
complex()
complex(1)
complex(c)
bool()
bool(0)
bool("")
bool(None)
bool([])
bool(x)
bool(1.5)
bool(c)
i+1
i-1
i*2
f+1
f*2
f/2
i/2
i//2
i%2
2**10
2**100
10**15
10**50
f**3
2.0**0.5
(-8)**3
i**0
2**-1
i<<1
i<<40
i<<100
i>>1
k>>1
k<<1
k>>64
not z
i and j
i or j
i<=j
i==f
f!=g
k==k
k<i
m==f
c==c
c==1
c!=c
t
not t
i is None
i is not None
hash(m)
hash(t)
hash(-1)
hash(1e100)
k.bit_length()
m.bit_count()
i.to_bytes(2,"big")
i.to_bytes(8,"little")
m.to_bytes(30,"big")
int.from_bytes(b"1234","big")
int.from_bytes(b"12345678"*4,"little")
i.as_integer_ratio()
i.imag
i.__index__()
i.__bool__()
i.__add__(1)
i.__radd__(1)
i.__mul__(2)
i.__eq__(1)
i.__hash__()
i.__str__()
i.__repr__()
i.__format__("")
i.__pow__(2)
i.__divmod__(7)
i.__sizeof__()
f.__add__(1.0)
f.__mul__(2)
f.__eq__(1)
f.__round__()
f.__int__()
f.__bool__()
f.__repr__()
f.__format__(".2f")
f.real
f.conjugate()
c.imag
c+1
c*2
c-c
c/2
c**0.5
-c
str(c)
i+k
k+k
m+m
n+n
p+q
h+h
i-k
m-k
p-q
i*k
k*k
m*m
n*n
p*q
h*h
m*3
h*7
m//i
n//i
h//i
m//k
n//m
h//n
p//q
m%i
m%k
h%n
p%q
divmod(k,i)
divmod(m,k)
divmod(h,n)
m/k
i/k
k**2
k**3
m**5
3**50
3**200
7**77
pow(2,100,97)
pow(k,3,m)
pow(m,k,n)
pow(3,-1,7)
pow(i,2)
pow(f,2)
k
m
k^m
p&q
p
q
p^q
p>>100
p<<100
q>>1
str(0)
str(-1)
str(m)
str(n)
str(h)
repr(p)
hex(0)
hex(m)
hex(10**50)
hex(-i)
bin(m)
oct(m)
str(f)
repr(1.0)
repr(1e16)
repr(1.5e-5)
repr(123.456)
str(1/3)
repr(1e300)
round(i,-1)
round(2.5)
round(1.23456,3)
round(1e20)
round(x)
divmod(f,2)
f//1
f%1
j%7
j//2
chr(65)
chr(0x4e2d)
ord("a")
ord("中")
x+1
1+x
x*1
-x
abs(x)
x==1
x<1
[1,2,3,4][x]
divmod(x,1)
ii+1
ii+ii
ii==5
I(5)
I("5")
str(ii)
hash(ii)
ff+1
Fl(1.5)
ff*2
ff==2.5
repr(ff)
isinstance(t,int)
isinstance(f,(int,float))
type(i) is int
i.__class__
max(f,g)
min(i,j,z)
sum([0.1]*10)
sum([k]*5)
sum([1,2.5,3])
sum(R(100))
i+i+i
i*i+j*j
i+j*2-3
(i+1)%10
i%1000==0
i&1
i>>3&7
i^j
i
1
f*f+g*g
f*2.0+1.0
f-g*f
(f+g)/2
i*0.5
i/3
1/i
i<5<j
z<i<100000
i==1 or i==2
i in (1,2,3)
i in {1,2,3}
i in [1,2,3]
f in (1.0,3.7)
x=5;x+=1
x=5;x*=2
x=k;x+=1
x=1.5;x+=1
m==m+0
m<n
n==n+0
h==h+0
hash(h)
h.bit_length()
-h
h>>3000
h<<5
int.bit_length(i)
int.__add__(i,j)
float.__add__(f,g)
n**2
p**2
s30.isdigit()
10**30+1
(1<<64)-1
(1<<64)*(1<<64)
(1<<30)*(1<<30)
(1<<30)+(1<<30)
(1<<62)+(1<<62)
(1<<63)-(1<<62)
(1<<45)//1000
(1<<45)%1000
(1<<90)//(1<<45)
-(1<<45)
(1<<45)>>3
(1<<45)&0xffff
((1<<45)|1)^5
1<<i%64
i*1000003^j
'''

GROUPS["math"] = r'''
import math, cmath, random, statistics

f = 3.7
g = -1.25
L = [1.5, 2.5, 3.5] * 5
I = [1, 2, 3] * 5
p = [1.0, 2.0]
q = [3.0, 4.0]
R = random.Random(5)
''', r'''
math.sqrt(f)
math.floor(f)
math.ceil(f)
math.trunc(f)
math.fabs(g)
math.sin(f)
math.cos(f)
math.tan(f)
math.atan2(f,g)
math.asin(0.5)
math.acos(0.5)
math.atan(f)
math.sinh(f)
math.cosh(f)
math.tanh(f)
math.asinh(f)
math.acosh(f)
math.atanh(0.5)
math.exp(f)
math.exp2(f)
math.expm1(f)
math.log(f)
math.log(8,2)
math.log2(f)
math.log10(f)
math.log1p(f)
math.log(10**50)
math.pow(f,2)
math.hypot(f,g)
math.hypot(f,g,f)
math.dist(p,q)
math.fmod(f,g)
math.modf(f)
math.frexp(f)
math.ldexp(f,3)
math.copysign(f,g)
math.isnan(f)
math.isinf(f)
math.isfinite(f)
math.isclose(f,g)
math.gcd(12,18)
math.gcd(12,18,24)
math.lcm(4,6)
math.factorial(10)
math.factorial(100)
math.comb(10,3)
math.perm(10,3)
math.isqrt(12345)
math.isqrt(10**40)
math.prod(I)
math.prod(L)
math.fsum(L)
math.degrees(f)
math.radians(f)
math.erf(f)
math.erfc(f)
math.gamma(f)
math.lgamma(f)
math.ulp(f)
math.nextafter(f,g)
math.remainder(f,g)
math.cbrt(f)
cmath.sqrt(1j)
cmath.exp(1j)
cmath.phase(1j)
cmath.polar(1j)
R.random()
R.randint(1,10)
R.randrange(10)
R.choice(L)
R.shuffle(I)
R.sample(L,3)
R.gauss(0,1)
R.uniform(1,2)
R.getrandbits(32)
R.choices(L,k=3)
statistics.mean(L)
statistics.median(L)
statistics.fmean(L)
random.Random(3)
R.getstate()
'''
