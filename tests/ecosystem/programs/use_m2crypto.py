# SPDX-License-Identifier: MIT
"""M2Crypto, made by SWIG: OpenSSL's types behind proxies, callbacks, buffers, errors."""
import binascii

from M2Crypto import BIO, EVP, RSA, X509, m2, util

key = RSA.gen_key(1024, 65537, callback=lambda *a: None)
digest = EVP.MessageDigest("sha256")
for i in range(20000):
    digest.update(b"%d" % i)
value = digest.final()
print(binascii.hexlify(value), len(key), key.check_key())
signature = key.sign(value, "sha256")
print(len(signature), key.verify(value, signature, "sha256"))
try:
    print(key.verify(value[::-1], signature, "sha256"))
except RSA.RSAError as e:
    print(type(e).__name__, "bad signature" in str(e))
box = key.public_encrypt(b"in the box", RSA.pkcs1_oaep_padding)
print(key.private_decrypt(box, RSA.pkcs1_oaep_padding))


def crypt(op, data):
    c = EVP.Cipher("aes_128_cbc", b"k" * 16, b"i" * 16, op)
    return c.update(data) + c.final()


secret = crypt(m2.encrypt, b"text " * 999)
print(len(secret), secret[:8].hex(), crypt(m2.decrypt, secret) == b"text " * 999)
pem = BIO.MemoryBuffer()
key.save_key_bio(pem, None, callback=util.no_passphrase_callback)
again = RSA.load_key_string(pem.read())
print(again.n == key.n, type(key.rsa).__name__, "Swig" in repr(type(key.rsa)))
name = X509.X509_Name()
name.CN, name.O = "vitro", "glass"
print(name.as_text(), [x.get_data().as_text() for x in name], name.CN)
request = X509.Request()
public = EVP.PKey()
public.assign_rsa(key)
request.set_pubkey(public)
request.set_subject_name(name)
print(request.sign(public, "sha256") > 0, request.verify(public), request.get_subject().as_text())
for bad in ("m2.rsa_size(5)", "m2.bio_read(None)", "EVP.MessageDigest('none')", "m2.rsa_new(1)", "name.Z",
            "X509.load_cert_string('x')", "BIO.openfile('/nowhere', 'rb')", "m2.nothing"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, type(e).__name__, str(e).split("0x")[0][:60])
