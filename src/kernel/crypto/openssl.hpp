#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

#include "kernel/crypto/crypto.hpp"

// Inside kernel/crypto only: owners of OpenSSL's objects.
namespace onewindow::crypto {

template <auto Function>
struct Deleter {
    template <class T>
    void operator()(T* object) const {
        Function(object);
    }
};

using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Deleter<BN_clear_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;

/// OpenSSL queues by thread what it found wrong with hostile bytes; TLS on that thread would take
/// it for its own.
struct ForgetsErrors {
    ForgetsErrors() = default;
    ForgetsErrors(const ForgetsErrors&) = delete;
    ForgetsErrors& operator=(const ForgetsErrors&) = delete;
    ~ForgetsErrors() { ERR_clear_error(); }
};

inline const unsigned char* Bytes(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* Bytes(std::string& bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

/// GB/T 32918 leaves the identity open; GM/T 0009 fixes this one where none is agreed.
inline constexpr std::string_view kDistinguishingId = "1234567812345678";

/// Both contexts of one SM2 operation. OpenSSL takes the id from the key context and, when the
/// caller sets that context himself, does not free it with the digest context.
struct Sm2Operation {
    explicit Sm2Operation(EVP_PKEY* key);
    KeyContext key_context;  // Outlives digest_context, which points at it.
    DigestContext digest_context;
};

struct Sm2PublicKey::Implementation {
    Key key;
    std::string point;
};

struct Sm2PrivateKey::Implementation {
    Key key;
    std::string point;
};

/// Any PKEY that holds an SM2 public key, as one rebuilt from its point; whatever else it said is
/// dropped.
Result<Sm2PublicKey> PublicKeyOf(EVP_PKEY* key);

/// What a memory BIO holds.
std::string Contents(BIO* bio);

}  // namespace onewindow::crypto
