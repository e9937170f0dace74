// Goal: digests, SM2 and Ed25519 agree with the published examples; decoders accept one spelling
// only; no altered signature passes and no bytes crash a parser.

#include "kernel/crypto/crypto.hpp"

#include <openssl/err.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "kernel/random/random.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::crypto {
namespace {

boost::json::value Vectors() {
    std::ifstream file(ONEWINDOW_SOURCE_DIR "/src/kernel/crypto/testdata/vectors_gm_crypto.json");
    std::stringstream text;
    text << file.rdbuf();
    return boost::json::parse(text.str());
}

std::string TextOf(const boost::json::value& row, std::string_view name) {
    return std::string(row.as_object().at(name).as_string());
}

std::string Integer(const std::string& hex) {
    std::string bytes = *FromHex(hex);
    if ((bytes.front() & 0x80) != 0) bytes.insert(bytes.begin(), '\0');
    return "\x02" + std::string(1, static_cast<char>(bytes.size())) + bytes;
}

std::string DerSignature(const std::string& r, const std::string& s) {
    const std::string body = Integer(r) + Integer(s);
    return "\x30" + std::string(1, static_cast<char>(body.size())) + body;
}

TEST(Encoding, SpellsAndReadsBytes) {
    const std::string bytes("\x00\xff\x10\x7f", 4);
    EXPECT_EQ(Hex(bytes), "00ff107f");
    EXPECT_EQ(*FromHex("00FF107f"), bytes);
    // RFC 4648 section 10.
    const std::vector<std::pair<std::string, std::string>> cases = {{"", ""},
                                                                    {"f", "Zg=="},
                                                                    {"fo", "Zm8="},
                                                                    {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="},
                                                                    {"fooba", "Zm9vYmE="},
                                                                    {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, text] : cases) {
        EXPECT_EQ(Base64(plain), text);
        EXPECT_EQ(*FromBase64(text), plain);
    }
    EXPECT_EQ(Base64Url("\xfb\xff"), "-_8");
    EXPECT_EQ(*FromBase64Url("-_8"), "\xfb\xff");
}

TEST(Encoding, RefusesOtherSpellings) {
    for (const char* text : {"0", "0g", " 00", "0x"})
        EXPECT_REFUSED(FromHex(text), reasons::kEncoding);
    for (const char* text :
         {"Zg", "Zg=", "Zh==", "Z===", "====", "Zg==\n", "Zm9v=", "Zm 9", "-_8=", "=Zg="}) {
        EXPECT_REFUSED(FromBase64(text), reasons::kEncoding);
    }
    for (const char* text : {"Zg==", "Zh", "+/8", "Z"}) {
        EXPECT_REFUSED(FromBase64Url(text), reasons::kEncoding);
    }
}

TEST(Encoding, RoundTripsEveryLength) {
    SeededRandom random(1);
    for (std::size_t length = 0; length < 70; ++length) {
        const std::string bytes = random.Bytes(length);
        EXPECT_EQ(*FromHex(Hex(bytes)), bytes);
        EXPECT_EQ(*FromBase64(Base64(bytes)), bytes);
        EXPECT_EQ(*FromBase64Url(Base64Url(bytes)), bytes);
    }
}

TEST(Digest, AgreesWithThePublishedExamples) {
    const boost::json::value vectors = Vectors();
    ASSERT_EQ(vectors.at("SM3").as_array().size(), 2U);
    for (const auto& row : vectors.at("SM3").as_array()) {
        EXPECT_EQ(Hex(Sm3(TextOf(row, "msg_utf8"))), TextOf(row, "digest"));
    }
    EXPECT_EQ(Hex(Sm3("")), "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b");
    EXPECT_EQ(Hex(Sha256("abc")),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, HmacIsTheConstructionOfRfc2104) {
    const std::string key = "key of the look-up columns", message = "370102199003070012";
    std::string inner(64, '\x36'), outer(64, '\x5c');
    for (std::size_t i = 0; i < key.size(); ++i) {
        inner[i] = static_cast<char>(inner[i] ^ key[i]);
        outer[i] = static_cast<char>(outer[i] ^ key[i]);
    }
    EXPECT_EQ(HmacSm3(key, message), Sm3(outer + Sm3(inner + message)));
    EXPECT_EQ(HmacSm3("", ""), Sm3(std::string(64, '\x5c') + Sm3(std::string(64, '\x36'))));
}

TEST(Digest, ComparesBytes) {
    EXPECT_TRUE(SameBytes("", ""));
    EXPECT_TRUE(SameBytes("ab", "ab"));
    EXPECT_FALSE(SameBytes("ab", "ac"));
    EXPECT_FALSE(SameBytes("ab", "abc"));
}

TEST(Sm2, VerifiesTheExamplesOfTheStandard) {
    const boost::json::value vectors = Vectors();
    const auto& example = vectors.at("SM2_sign").at(0);
    const auto key = Sm2PrivateKey::FromScalar(*FromHex(TextOf(example, "d")));
    ASSERT_OK(key);
    EXPECT_EQ(Hex(key->PublicKey().Point()), TextOf(example, "Q_uncompressed"));
    const auto point = Sm2PublicKey::FromPoint(*FromHex(TextOf(example, "Q_uncompressed")));
    ASSERT_OK(point);
    const std::string message = TextOf(example, "msg");
    EXPECT_TRUE(point->Verify(message, DerSignature(TextOf(example, "r"), TextOf(example, "s"))));
    EXPECT_TRUE(point->Verify(message, *FromHex(TextOf(vectors.at("SM2_sign").at(1), "sig_der"))));
    EXPECT_FALSE(point->Verify(message, DerSignature(TextOf(example, "s"), TextOf(example, "r"))));
}

TEST(Sm2, NoAlteredSignaturePasses) {
    const Sm2PrivateKey key = Sm2PrivateKey::Generate();
    const Sm2PublicKey known = key.PublicKey();
    const std::string signature = key.Sign("name: 星河");
    EXPECT_TRUE(known.Verify("name: 星河", signature));
    EXPECT_FALSE(known.Verify("name: 星海", signature));
    EXPECT_FALSE(known.Verify("", signature));
    EXPECT_FALSE(Sm2PrivateKey::Generate().PublicKey().Verify("name: 星河", signature));
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
        std::string altered = signature;
        altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(known.Verify("name: 星河", altered)) << bit;
    }
    for (std::size_t size = 0; size < signature.size(); ++size) {
        EXPECT_FALSE(known.Verify("name: 星河", signature.substr(0, size)));
    }
    EXPECT_FALSE(known.Verify("name: 星河", signature + '\0'));
    EXPECT_TRUE(known.Verify("", key.Sign("")));
}

TEST(Sm2, KeysSurvivePem) {
    const Sm2PrivateKey key = Sm2PrivateKey::Generate();
    const auto again = Sm2PrivateKey::FromPem(key.Pem());
    ASSERT_OK(again);
    const auto known = Sm2PublicKey::FromPem(key.PublicKey().Pem());
    ASSERT_OK(known);
    EXPECT_EQ(known->Point(), key.PublicKey().Point());
    EXPECT_TRUE(known->Verify("m", again->Sign("m")));
}

TEST(Sm2, RefusesWhatIsNoKey) {
    const std::string point = Sm2PrivateKey::Generate().PublicKey().Point();
    std::string off_curve = point;
    off_curve.back() = static_cast<char>(off_curve.back() ^ 1);
    EXPECT_REFUSED(Sm2PublicKey::FromPoint(off_curve), reasons::kKey);
    EXPECT_REFUSED(Sm2PublicKey::FromPoint(""), reasons::kKey);
    EXPECT_REFUSED(Sm2PublicKey::FromPoint(std::string(1, '\0')), reasons::kKey);
    EXPECT_REFUSED(Sm2PublicKey::FromPoint(point.substr(0, 64)), reasons::kKey);
    EXPECT_REFUSED(Sm2PublicKey::FromPoint("\x04" + std::string(64, '\0')), reasons::kKey);
    EXPECT_REFUSED(Sm2PublicKey::FromPoint("\x04" + std::string(64, '\xff')), reasons::kKey);
    // The order n, then n-1 and n-2.
    const std::string order = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d5412";
    EXPECT_REFUSED(Sm2PrivateKey::FromScalar(*FromHex(order + "3")), reasons::kKey);
    EXPECT_REFUSED(Sm2PrivateKey::FromScalar(*FromHex(order + "2")), reasons::kKey);
    ASSERT_OK(Sm2PrivateKey::FromScalar(*FromHex(order + "1")));
    EXPECT_REFUSED(Sm2PrivateKey::FromScalar(std::string(32, '\0')), reasons::kKey);
    EXPECT_REFUSED(Sm2PrivateKey::FromScalar(std::string(31, '\1')), reasons::kKey);
    // A P-256 key, and one locked with a pass phrase that nobody is asked for.
    const char* p256 =
        "-----BEGIN PUBLIC KEY-----\n"
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n"
        "6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n"
        "-----END PUBLIC KEY-----\n";
    EXPECT_REFUSED(Sm2PublicKey::FromPem(p256), reasons::kKey);
    const char* locked =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
        "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgAAAAAAAAAAAICCAAw\n"
        "-----END ENCRYPTED PRIVATE KEY-----\n";
    EXPECT_REFUSED(Sm2PrivateKey::FromPem(locked), reasons::kKey);
    EXPECT_REFUSED(Sm2PrivateKey::FromPem(""), reasons::kKey);
    EXPECT_REFUSED(Sm2PublicKey::FromPem(std::string(100000, 'A')), reasons::kKey);
}

TEST(Sm2, NoMutatedPemCrashes) {
    const Sm2PrivateKey key = Sm2PrivateKey::Generate();
    const std::string secret = key.Pem(), open = key.PublicKey().Pem();
    SeededRandom random(7);
    for (int round = 0; round < 400; ++round) {
        std::string pem = round % 2 == 0 ? secret : open;
        pem[random.Below(pem.size())] = static_cast<char>(random.Below(256));
        if (round % 5 == 0) pem.resize(random.Below(pem.size()));
        const auto read = Sm2PrivateKey::FromPem(pem);
        if (read) {
            EXPECT_TRUE(read->PublicKey().Verify("m", read->Sign("m")));
        }
        static_cast<void>(Sm2PublicKey::FromPem(pem));
    }
}

TEST(Sm2, LeavesNoErrorForTheNextUserOfTheThread) {
    const Sm2PublicKey key = Sm2PrivateKey::Generate().PublicKey();
    EXPECT_FALSE(key.Verify("m", "no signature"));
    EXPECT_REFUSED(Sm2PublicKey::FromPoint("\x04" + std::string(64, '\1')), reasons::kKey);
    EXPECT_REFUSED(Sm2PrivateKey::FromPem("no key"), reasons::kKey);
    EXPECT_REFUSED(ReadCertificate("no certificate"), reasons::kCertificate);
    EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(Ed25519, AgreesWithRfc8032) {
    // RFC 8032 7.1, test 2.
    const std::string seed =
        *FromHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    const auto key = Ed25519PublicKey::FromBytes(
        *FromHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
    ASSERT_OK(key);
    const std::string signature = SignEd25519(seed, "\x72");
    EXPECT_EQ(Hex(signature),
              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
              "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    EXPECT_TRUE(key->Verify("\x72", signature));
    EXPECT_FALSE(key->Verify("\x73", signature));
    EXPECT_FALSE(key->Verify("\x72", signature.substr(1)));
    EXPECT_REFUSED(Ed25519PublicKey::FromBytes("short"), reasons::kKey);

    const Ed25519Pair pair = GenerateEd25519();
    const std::string own = SignEd25519(pair.seed, "m");
    EXPECT_TRUE(Ed25519PublicKey::FromBytes(pair.public_key)->Verify("m", own));
}

TEST(Password, KnowsItsOwnAndNothingElse) {
    const std::string encoded = HashPassword("正确的口令", "0123456789abcdef");
    EXPECT_TRUE(encoded.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    EXPECT_TRUE(CheckPassword("正确的口令", encoded));
    EXPECT_FALSE(CheckPassword("错误的口令", encoded));
    EXPECT_FALSE(CheckPassword("", encoded));
    EXPECT_FALSE(CheckPassword("正确的口令", ""));
    EXPECT_FALSE(
        CheckPassword("正确的口令", "$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHQ$aGFzaA"));
    EXPECT_FALSE(CheckPassword("正确的口令", encoded.substr(0, 40)));
    EXPECT_NE(encoded, HashPassword("正确的口令", "another salt 16b"));
}

}  // namespace
}  // namespace onewindow::crypto
