# SPDX-License-Identifier: MIT
"""cryptography (Rust, stable ABI, and cffi): digests, ciphers, keys, certificates, errors."""
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography import x509
from cryptography.x509.oid import NameOID
import datetime
for i in range(300):
    h = hashes.Hash(hashes.SHA256())
    h.update(b"x" * i)
    d = h.finalize()
print(d.hex()[:16])
f = Fernet(b"0" * 43 + b"=")
t = f.encrypt_at_time(b"secret", 1)
print(f.decrypt(t), len(t))
try:
    f.decrypt(b"junk")
except InvalidToken as e:
    print(repr(e))
c = Cipher(algorithms.AES(b"k" * 16), modes.CTR(b"n" * 16)).encryptor()
print((c.update(b"data" * 5) + c.finalize()).hex())
k = ed25519.Ed25519PrivateKey.from_private_bytes(b"s" * 32)
sig = k.sign(b"m")
k.public_key().verify(sig, b"m")
print(sig.hex()[:20])
print(PBKDF2HMAC(hashes.SHA256(), 16, b"salt", 1000).derive(b"pw").hex())
name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test é")])
cert = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(
    k.public_key()).serial_number(5).not_valid_before(datetime.datetime(
        2020, 1, 1)).not_valid_after(datetime.datetime(2030, 1, 1)).add_extension(
            x509.SubjectAlternativeName([x509.DNSName("a.example")]), False).sign(k, None)
pem = cert.public_bytes(serialization.Encoding.PEM)
back = x509.load_pem_x509_certificate(pem)
print(back.subject, back.serial_number, back.extensions[0].value, back.not_valid_after,
      back == cert)
try:
    x509.load_pem_x509_certificate(b"nope")
except ValueError as e:
    print(str(e)[:40])
