// Goal: what was signed verifies once, in time, for its target; each way to be wrong has its own
// reason; the order of the checks stands; hostile headers are refused, never fatal.

#include "kernel/http_signature/http_signature.hpp"

#include <gtest/gtest.h>

#include "kernel/http_signature/signature_input.hpp"
#include "kernel/random/random.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::http_signature {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Instant kNow = FromEpochMs(1795300000123);
const std::string kBody = R"({"case":"01J","matter":"tax.new_taxpayer"})";
const std::string kNonce = "01JD9Z3V5M0000000000000000";
constexpr Target kTarget{"POST", "https://tax.example/exchange/v1/matters?since=3"};

class Signature : public ::testing::Test {
 protected:
    Signature() {
        headers_.Set("Content-Type", "application/json");
        headers_.Set("OneWindow-Delivery", "d-1");
        headers_.Set("Idempotency-Key", "c-1/tax.new_taxpayer/1");
        keys_ = [this](std::string_view id) -> std::optional<KnownKey> {
            if (id == "onewindow/sm2-1") return MakeKnownKey(sm2_.PublicKey());
            if (id == "tax/ed-1")
                return MakeKnownKey(*crypto::Ed25519PublicKey::FromBytes(ed25519_.public_key));
            return std::nullopt;
        };
    }

    void Sign(const Signer& signer, Instant created = kNow) {
        ASSERT_OK(SignRequest(kTarget, headers_, kBody, signer, created, kNonce));
    }
    void Sign() { Sign(MakeSigner("onewindow/sm2-1", sm2_)); }
    Result<Verified> Verify() const { return VerifyRequest(kTarget, headers_, kBody, keys_, kNow); }
    /// Replaces a part of the header.
    void Edit(std::string_view name, std::string_view from, std::string_view to) {
        std::string value(headers_.Get(name));
        const std::size_t at = value.find(from);
        ASSERT_NE(at, std::string::npos) << from << " in " << value;
        headers_.Set(name, value.replace(at, from.size(), to));
    }

    crypto::Sm2PrivateKey sm2_ = crypto::Sm2PrivateKey::Generate();
    crypto::Ed25519Pair ed25519_ = crypto::GenerateEd25519();
    http::Headers headers_;
    KeyLookup keys_;
};

TEST(ContentDigest, AgreesWithRfc9530) {
    EXPECT_EQ(ContentDigest("{\"hello\": \"world\"}"),
              "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:");
    EXPECT_TRUE(CheckContentDigest(ContentDigest(""), ""));
    EXPECT_FALSE(CheckContentDigest(ContentDigest(""), "x"));
    EXPECT_FALSE(CheckContentDigest("", ""));
    EXPECT_FALSE(CheckContentDigest(ContentDigest("") + ", sha-512=:AA==:", ""));
}

TEST(SignatureBase, AgreesWithRfc9421) {
    // The signature of RFC 9421 B.2.6 over its base, which shows line by line the form that we
    // write.
    const auto key = crypto::Ed25519PublicKey::FromBytes(
        *crypto::FromBase64Url("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"));
    const std::string base =
        "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@method\": POST\n\"@path\": "
        "/foo\n\"@authority\": example.com\n"
        "\"content-type\": application/json\n\"content-length\": 18\n\"@signature-params\": "
        "(\"date\" \"@method\" "
        "\"@path\" \"@authority\" \"content-type\" "
        "\"content-length\");created=1618884473;keyid=\"test-key-ed25519\"";
    EXPECT_TRUE(MakeKnownKey(*key).verify(
        base, *crypto::FromBase64("wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu"
                                  "4A0w6vuQv5lIp5WPpBKRCw==")));
}

TEST_F(Signature, SignsTheBaseOfTheRfc) {
    std::string signed_base;
    const Signer signer{"k", "ed25519", [&](std::string_view base) {
                            signed_base = base;
                            return std::string("signature");
                        }};
    Sign(signer);
    const std::string parameters =
        "(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\" \"onewindow-delivery\" "
        "\"idempotency-key\");created=1795300000;keyid=\"k\";nonce=\"01JD9Z3V5M0000000000000000\";"
        "alg=\"ed25519\"";
    EXPECT_EQ(
        signed_base,
        "\"@method\": POST\n\"@target-uri\": https://tax.example/exchange/v1/matters?since=3\n"
        "\"content-digest\": " +
            ContentDigest(kBody) +
            "\n\"content-type\": application/json\n\"onewindow-delivery\": d-1\n"
            "\"idempotency-key\": c-1/tax.new_taxpayer/1\n\"@signature-params\": " +
            parameters);
    EXPECT_EQ(headers_.Get("Signature-Input"), "onewindow=" + parameters);
    EXPECT_EQ(headers_.Get("Signature"), "onewindow=:c2lnbmF0dXJl:");
}

TEST_F(Signature, VerifiesByBothAlgorithms) {
    for (const Signer& signer :
         {MakeSigner("onewindow/sm2-1", sm2_), MakeSigner("tax/ed-1", ed25519_.seed)}) {
        Sign(signer);
        const auto verified = Verify();
        ASSERT_OK(verified);
        EXPECT_EQ(verified->key_id, signer.key_id);
        EXPECT_EQ(verified->nonce, kNonce);
        EXPECT_EQ(verified->created, FromEpochMs(1795300000000));
    }
}

TEST_F(Signature, CoversARequestWithoutBodyOrHeaders) {
    http::Headers headers;
    const Target target{"GET", "https://tax.example/exchange/v1/register?since=7"};
    ASSERT_OK(
        SignRequest(target, headers, "", MakeSigner("tax/ed-1", ed25519_.seed), kNow, kNonce));
    ASSERT_OK(VerifyRequest(target, headers, "", keys_, kNow));
    headers.Set("Idempotency-Key", "added on the way");
    EXPECT_REFUSED(VerifyRequest(target, headers, "", keys_, kNow), reasons::kMissingComponent);
}

TEST_F(Signature, HoldsForItsTargetBodyAndHeadersOnly) {
    Sign();
    const auto other = [&](const Target& target) {
        return VerifyRequest(target, headers_, kBody, keys_, kNow);
    };
    EXPECT_REFUSED(other({"PUT", kTarget.target_uri}), reasons::kBadSignature);
    EXPECT_REFUSED(other({"POST", "https://bank.example/exchange/v1/matters?since=3"}),
                   reasons::kBadSignature);
    EXPECT_REFUSED(other({"POST", "https://tax.example/exchange/v1/matters?since=4"}),
                   reasons::kBadSignature);
    EXPECT_REFUSED(VerifyRequest(kTarget, headers_, kBody + " ", keys_, kNow), reasons::kDigest);
    for (const char* name : {"Content-Type", "OneWindow-Delivery", "Idempotency-Key"}) {
        Sign();
        const std::string before(headers_.Get(name));
        headers_.Set(name, before + "x");
        EXPECT_REFUSED(Verify(), reasons::kBadSignature);
        headers_.Set(name, before);
        ASSERT_OK(Verify());
        headers_.Add(name, before);
        EXPECT_REFUSED(Verify(), reasons::kMalformed);
        headers_.Set(name, before);
    }
    // Another body with the digest that fits it.
    headers_.Set("Content-Digest", ContentDigest("{}"));
    EXPECT_REFUSED(VerifyRequest(kTarget, headers_, "{}", keys_, kNow), reasons::kBadSignature);
}

TEST_F(Signature, HoldsInItsWindowOnly) {
    const Instant created = FromEpochMs(1795300000000);
    Sign(MakeSigner("tax/ed-1", ed25519_.seed), created);
    const auto at = [&](Instant now) {
        return VerifyRequest(kTarget, headers_, kBody, keys_, now);
    };
    ASSERT_OK(at(created + seconds{300}));
    ASSERT_OK(at(created - seconds{300}));
    EXPECT_REFUSED(at(created + seconds{300} + milliseconds{1}), reasons::kExpired);
    EXPECT_REFUSED(at(created - seconds{300} - milliseconds{1}), reasons::kTooEarly);
    EXPECT_REFUSED(VerifyRequest(kTarget, headers_, kBody, keys_, created + seconds{2}, seconds{1}),
                   reasons::kExpired);
}

TEST_F(Signature, TheKeyDecidesTheAlgorithm) {
    Sign(MakeSigner("tax/ed-1", ed25519_.seed));
    Edit("Signature-Input", "alg=\"ed25519\"", "alg=\"sm2-sm3\"");
    EXPECT_REFUSED(Verify(), reasons::kAlgorithm);
    Sign(MakeSigner("onewindow/sm2-1", ed25519_.seed));
    EXPECT_REFUSED(Verify(), reasons::kAlgorithm);
    Edit("Signature-Input", ";alg=\"ed25519\"", "");
    EXPECT_REFUSED(Verify(), reasons::kBadSignature);
    Sign(MakeSigner("nobody", ed25519_.seed));
    EXPECT_REFUSED(Verify(), reasons::kUnknownKey);
}

TEST_F(Signature, EveryParameterIsSigned) {
    Sign();
    Edit("Signature-Input", kNonce, "01JD9Z3V5M0000000000000001");
    EXPECT_REFUSED(Verify(), reasons::kBadSignature);
    Sign();
    Edit("Signature-Input", "created=1795300000", "created=1795300001");
    EXPECT_REFUSED(Verify(), reasons::kBadSignature);
    Sign();
    Edit("Signature-Input", ";alg=\"sm2-sm3\"", "");
    EXPECT_REFUSED(Verify(), reasons::kBadSignature);
}

TEST_F(Signature, NamesTheComponentThatIsNotCovered) {
    for (const char* name :
         {"\"@method\" ", "\"@target-uri\" ", "\"content-digest\" ", "\"content-type\" ",
          "\"onewindow-delivery\" ", " \"idempotency-key\""}) {
        Sign();
        Edit("Signature-Input", name, "");
        const auto answer = Verify();
        EXPECT_REFUSED(answer, reasons::kMissingComponent);
        EXPECT_NE(std::string(name).find("\"" + answer.error().faults().front().field + "\""),
                  std::string::npos);
    }
}

TEST_F(Signature, TheOrderOfTheChecksStands) {
    // Everything is wrong at once; each repair brings up the next reason.
    http::Headers headers;
    headers.Set("Idempotency-Key", "k");
    const auto verify = [&] { return VerifyRequest(kTarget, headers, kBody, keys_, kNow); };
    const auto input = [&](const std::string& components, const std::string& parameters) {
        headers.Set("Signature-Input", "s=(" + components + ")" + parameters);
    };
    const std::string some = "\"@method\" \"@target-uri\"";
    const std::string all = some + " \"content-digest\" \"idempotency-key\"";
    const std::string old = ";created=1;keyid=\"nobody\";nonce=\"n\";alg=\"none\"";
    const std::string timely = ";created=1795300000;nonce=\"n\"";
    EXPECT_REFUSED(verify(), reasons::kMissing);
    input(some, old + ";");
    EXPECT_REFUSED(verify(), reasons::kMissing);
    headers.Set("Signature", "s=:AAAA:");
    EXPECT_REFUSED(verify(), reasons::kMalformed);
    input(some, old);
    EXPECT_REFUSED(verify(), reasons::kMissingComponent);
    input(all, old);
    EXPECT_REFUSED(verify(), reasons::kMalformed);  // Covered, but not there.
    headers.Set("Content-Digest", "none");
    EXPECT_REFUSED(verify(), reasons::kExpired);
    input(all, timely + ";keyid=\"nobody\";alg=\"none\"");
    EXPECT_REFUSED(verify(), reasons::kUnknownKey);
    input(all, timely + ";keyid=\"tax/ed-1\";alg=\"none\"");
    EXPECT_REFUSED(verify(), reasons::kAlgorithm);
    input(all, timely + ";keyid=\"tax/ed-1\"");
    EXPECT_REFUSED(verify(), reasons::kDigest);
    headers.Set("Content-Digest", ContentDigest(kBody));
    EXPECT_REFUSED(verify(), reasons::kBadSignature);
}

TEST(SignatureInput, IsReadInOneFormOnly) {
    const std::string good = "s=(\"@method\" \"a-b\");created=12;keyid=\"k\";nonce=\"n\"";
    const auto read = ParseSignatureInput(good);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->components, (std::vector<std::string>{"@method", "a-b"}));
    EXPECT_EQ(read->parameters, good.substr(2));
    EXPECT_EQ(read->created, 12);
    for (const char* text : {"",
                             "s",
                             "s=",
                             "s=()",
                             "=(\"a\");created=1;keyid=\"k\";nonce=\"n\"",
                             "S=(\"a\");created=1;keyid=\"k\";nonce=\"n\"",
                             "s=();created=1;keyid=\"k\";nonce=\"n\"",
                             "s=(\"a\" \"a\");created=1;keyid=\"k\";nonce=\"n\"",
                             "s=(\"a\"  \"b\");created=1;keyid=\"k\";nonce=\"n\"",
                             "s=( \"a\");created=1;keyid=\"k\";nonce=\"n\"",
                             "s=(\"a\" );created=1;keyid=\"k\";nonce=\"n\"",
                             "s=(\"a\";req);created=1;keyid=\"k\";nonce=\"n\"",
                             "s=(\"A\");created=1;keyid=\"k\";nonce=\"n\"",
                             "s=(\"a\"); created=1;keyid=\"k\";nonce=\"n\"",
                             "s=(\"a\");created=01;keyid=\"k\";nonce=\"n\"",
                             "s=(\"a\");created=-1;keyid=\"k\";nonce=\"n\"",
                             "s=(\"a\");created=1.0;keyid=\"k\";nonce=\"n\"",
                             "s=(\"a\");created=1234567890123;keyid=\"k\";nonce=\"n\"",
                             "s=(\"a\");created=1;created=1;keyid=\"k\";nonce=\"n\"",
                             "s=(\"a\");created=1;keyid=\"k\";keyid=\"k\";nonce=\"n\"",
                             "s=(\"a\");created=1;keyid=\"k\";nonce=\"n\";expires=9",
                             "s=(\"a\");created=1;keyid=\"k\\\"\";nonce=\"n\"",
                             "s=(\"a\");created=1;keyid=\"\";nonce=\"n\"",
                             "s=(\"a\");created=1;keyid=k;nonce=\"n\"",
                             "s=(\"a\");keyid=\"k\";nonce=\"n\"",
                             "s=(\"a\");created=1;nonce=\"n\"",
                             "s=(\"a\");created=1;keyid=\"k\"",
                             "s=(\"a\");created=1;keyid=\"k\";nonce=\"n\", t=(\"a\")",
                             "s=(\"a\");created=1;keyid=\"k\";nonce=\"n\" "}) {
        EXPECT_FALSE(ParseSignatureInput(text).has_value()) << text;
    }
    for (const char* text :
         {"", "s=::", "s=:AA=:", "s=:AAAA", "s=AAAA", "t=:AAAA:", "s=:AAAA:, t=:AAAA:", "s=:"}) {
        EXPECT_FALSE(ParseSignature(text, "s").has_value()) << text;
    }
    EXPECT_EQ(ParseSignature("s=:YWJj:", "s"), "abc");
}

TEST_F(Signature, HostileHeadersAreRefused) {
    SeededRandom random(11);
    const Signer signer = MakeSigner("tax/ed-1", ed25519_.seed);
    Sign(signer);
    const http::Headers good = headers_;
    for (int round = 0; round < 4000; ++round) {
        const char* name = round % 3 == 0   ? "Signature"
                           : round % 3 == 1 ? "Signature-Input"
                                            : "Content-Digest";
        headers_ = good;
        std::string value(headers_.Get(name));
        const std::string before = value;
        value[random.Below(value.size())] = static_cast<char>(random.Below(256));
        if (round % 7 == 0) value.resize(random.Below(value.size()));
        headers_.Set(name, value);
        EXPECT_EQ(Verify().has_value(), value == before);
    }
}

TEST_F(Signature, RefusesToSignWhatCouldBeReadTwoWays) {
    const Signer signer = MakeSigner("tax/ed-1", ed25519_.seed);
    const auto sign = [&](const Target& target, std::string_view nonce) {
        return SignRequest(target, headers_, kBody, signer, kNow, nonce);
    };
    EXPECT_REFUSED(sign(kTarget, ""), reasons::kMalformed);
    EXPECT_REFUSED(sign(kTarget, "a\"b"), reasons::kMalformed);
    EXPECT_REFUSED(sign({"POST\n\"@target-uri\": x", "https://a/"}, "n"), reasons::kMalformed);
    EXPECT_REFUSED(sign({"POST", ""}, "n"), reasons::kMalformed);
    headers_.Set("Idempotency-Key", "两");
    EXPECT_REFUSED(sign(kTarget, "n"), reasons::kMalformed);
    EXPECT_FALSE(headers_.Has("Signature"));
}

}  // namespace
}  // namespace onewindow::http_signature
