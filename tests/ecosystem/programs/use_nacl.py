# SPDX-License-Identifier: MIT
"""PyNaCl and bcrypt: cffi's API mode as packages use it."""
import bcrypt
import nacl.encoding
import nacl.exceptions
import nacl.hash
import nacl.public
import nacl.pwhash
import nacl.secret
import nacl.signing
import nacl.utils

salt = b"$2b$04$" + b"abcdefghijklmnopqrstuu"
print(bcrypt.hashpw(b"password", salt), bcrypt.checkpw(b"password", bcrypt.hashpw(b"password", salt)),
      bcrypt.checkpw(b"other", bcrypt.hashpw(b"password", salt)),
      bcrypt.kdf(b"p", b"salt", 16, 4, ignore_few_rounds=True).hex())
box = nacl.secret.SecretBox(b"k" * 32)
for i in range(3000):
    sealed = box.encrypt(b"message %d" % i, b"n" * 24)
    box.decrypt(sealed)
print(sealed.hex(), sealed.nonce == b"n" * 24)
alice, bob = nacl.public.PrivateKey(b"a" * 32), nacl.public.PrivateKey(b"b" * 32)
print(
    nacl.public.Box(bob,
                    alice.public_key).decrypt(nacl.public.Box(alice, bob.public_key).encrypt(b"hello")))
signer = nacl.signing.SigningKey(b"s" * 32)
signed = signer.sign(b"signed", encoder=nacl.encoding.HexEncoder)
print(signed, signer.verify_key.verify(signed, encoder=nacl.encoding.HexEncoder))
print(nacl.hash.blake2b(b"x", encoder=nacl.encoding.Base64Encoder), nacl.hash.sha256(b"x")[:12])
for bad in (lambda: box.decrypt(sealed[:-1] + b"?"), lambda: nacl.secret.SecretBox(b"short"),
            lambda: signer.verify_key.verify(b"0" * 70), lambda: bcrypt.hashpw("text", salt),
            lambda: bcrypt.hashpw(b"x", b"salt"), lambda: nacl.public.PrivateKey("text")):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, str(e)[:70])
