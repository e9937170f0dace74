// Goal: a certificate says what was asked, is accepted from its issuer in its period only, and no
// byte of it can change unnoticed or crash the reader.

#include "kernel/crypto/crypto.hpp"
#include "kernel/random/random.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::crypto {
namespace {

using std::chrono::days;
using std::chrono::seconds;

const Instant kStart = FromEpochMs(1795300000000), kEnd = kStart + days{365};
const std::string kBinding = R"({"person":"p-1","digest":"sm3:00","evidence":"e-1"})";

struct Authority {
    Sm2PrivateKey key = Sm2PrivateKey::Generate();
    std::string root = IssueRoot(key, {.common_name = "演示根",
                                       .organization = "样本",
                                       .serial = "\x01",
                                       .from = kStart,
                                       .until = kEnd});
    Sm2PrivateKey signer = Sm2PrivateKey::Generate();
    std::string leaf = IssueCertificate(key, root, signer.PublicKey(),
                                        {.common_name = "周岚",
                                         .serial = std::string("\x80\x02", 2),
                                         .from = kStart,
                                         .until = kStart + days{1},
                                         .binding = kBinding});
};

TEST(Certificate, SaysWhatWasAsked) {
    const Authority authority;
    const auto facts = ReadCertificate(authority.leaf);
    ASSERT_OK(facts);
    EXPECT_EQ(facts->common_name, "周岚");
    EXPECT_EQ(facts->issuer_common_name, "演示根");
    EXPECT_EQ(facts->serial, std::string("\x80\x02", 2));
    EXPECT_EQ(facts->binding, kBinding);
    EXPECT_EQ(facts->from, kStart);
    EXPECT_EQ(facts->until, kStart + days{1});
    EXPECT_EQ(facts->key.Point(), authority.signer.PublicKey().Point());
    EXPECT_EQ(ReadCertificate(authority.root)->binding, "");
}

TEST(Certificate, CarriesLongNamesAndTheYears2050) {
    const Authority authority;
    std::string name;
    for (int i = 0; i < 90; ++i) name += "济";
    const Instant far = FromEpochMs(2600000000000);
    const std::string der = IssueCertificate(
        authority.key, authority.root, authority.signer.PublicKey(),
        {.common_name = name, .serial = std::string(20, '\x7f'), .from = kStart, .until = far});
    const auto facts = CheckCertificate(der, authority.root, kStart);
    ASSERT_OK(facts);
    EXPECT_EQ(facts->common_name, name);
    EXPECT_EQ(facts->until, far);
}

TEST(Certificate, IsAcceptedFromItsIssuerInItsPeriod) {
    const Authority authority, other;
    ASSERT_OK(CheckCertificate(authority.leaf, authority.root, kStart));
    ASSERT_OK(CheckCertificate(authority.leaf, authority.root, kStart + days{1}));
    ASSERT_OK(CheckCertificate(authority.root, authority.root, kStart));
    const auto check = [&](Instant time) {
        return CheckCertificate(authority.leaf, authority.root, time);
    };
    EXPECT_REFUSED(check(kStart - seconds{1}), reasons::kCertificate);
    EXPECT_REFUSED(check(kStart + days{1} + seconds{1}), reasons::kCertificate);
    // The same names, another key.
    EXPECT_REFUSED(CheckCertificate(authority.leaf, other.root, kStart), reasons::kCertificate);
    EXPECT_REFUSED(CheckCertificate(authority.root, authority.leaf, kStart), reasons::kCertificate);
}

TEST(Certificate, OnlyAnAuthorityMayIssue) {
    const Authority authority;
    const std::string by_leaf = IssueCertificate(
        authority.signer, authority.leaf, Sm2PrivateKey::Generate().PublicKey(),
        {.common_name = "冒名", .serial = "\x05", .from = kStart, .until = kStart + days{1}});
    EXPECT_REFUSED(CheckCertificate(by_leaf, authority.leaf, kStart), reasons::kCertificate);
    const std::string middle =
        IssueCertificate(authority.key, authority.root, authority.signer.PublicKey(),
                         {.common_name = "中级",
                          .serial = "\x06",
                          .from = kStart,
                          .until = kStart + days{9},
                          .authority = true});
    const std::string below = IssueCertificate(
        authority.signer, middle, Sm2PrivateKey::Generate().PublicKey(),
        {.common_name = "周岚", .serial = "\x07", .from = kStart, .until = kStart + days{99}});
    ASSERT_OK(CheckCertificate(below, middle, kStart));
    EXPECT_REFUSED(CheckCertificate(below, middle, kStart + days{10}), reasons::kCertificate);
    EXPECT_REFUSED(CheckCertificate(below, authority.root, kStart), reasons::kCertificate);
}

TEST(Certificate, NoChangedByteIsAccepted) {
    const Authority authority;
    for (std::size_t at = 0; at < authority.leaf.size(); ++at) {
        std::string altered = authority.leaf;
        altered[at] = static_cast<char>(altered[at] ^ (1 << (at % 8)));
        EXPECT_REFUSED(CheckCertificate(altered, authority.root, kStart), reasons::kCertificate);
    }
}

TEST(Certificate, ReaderIsTotal) {
    const Authority authority;
    for (std::size_t size = 0; size < authority.leaf.size(); ++size) {
        EXPECT_REFUSED(ReadCertificate(authority.leaf.substr(0, size)), reasons::kCertificate);
    }
    EXPECT_REFUSED(ReadCertificate(authority.leaf + '\0'), reasons::kCertificate);
    EXPECT_REFUSED(ReadCertificate(std::string(70000, '\x30')), reasons::kCertificate);
    SeededRandom random(3);
    for (int round = 0; round < 3000; ++round) {
        std::string altered = authority.leaf;
        for (std::uint64_t i = random.Below(4) + 1; i > 0; --i) {
            altered[random.Below(altered.size())] = static_cast<char>(random.Below(256));
        }
        if (round % 3 == 0) altered.erase(random.Below(altered.size()), random.Below(20));
        static_cast<void>(ReadCertificate(altered));
        static_cast<void>(ReadCertificate(random.Bytes(random.Below(300))));
    }
}

}  // namespace
}  // namespace onewindow::crypto
