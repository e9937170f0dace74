// Goal: the same order gets the same certificate, also after a restart; an unsigned order gets none
// where signing is asked.

#include "agencies/ca_service.hpp"

#include <fmt/format.h>

#include "kernel/crypto/crypto.hpp"
#include "kernel/http/client.hpp"
#include "kernel/json/json.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::agencies {
namespace {

class CaServiceTest : public ::testing::Test {
 protected:
    CaServiceOptions Options() {
        return {.listen = "127.0.0.1:0",
                .directory = folder_.path() + "/ca",
                .clock = clock_,
                .random = random_,
                .log = log::Silent()};
    }
    http::Call Order(const http::Server& server, std::string request_id,
                     std::string subject = "周岚") {
        http::Call call;
        call.method = "POST";
        call.url = fmt::format("http://127.0.0.1:{}/certificates", server.port());
        call.body =
            json::Canonical(json::object{{"request_id", request_id},
                                         {"public_key", crypto::Base64(key_.PublicKey().Point())},
                                         {"subject", subject},
                                         {"binding", "{\"a\":1}"},
                                         {"evidence_sm3", std::string(64, 'a')}});
        return call;
    }
    http::Answer Send(const http::Call& call) { return outside_->Send(call).value(); }

    testing::TemporaryFolder folder_;
    ManualClock clock_{*ParseInstant("2026-11-23T09:05")};
    SystemRandom random_;
    crypto::Sm2PrivateKey key_ = crypto::Sm2PrivateKey::Generate();
    std::unique_ptr<http::Outside> outside_ = http::MakeOutside();
};

TEST_F(CaServiceTest, TheSameOrderGetsTheSameCertificate) {
    auto server = StartCaService(Options());
    ASSERT_OK(server);
    const http::Answer first = Send(Order(**server, "order-1"));
    EXPECT_EQ(first.status, 201);
    const json::value body = json::Parse(first.body).value();
    const std::string der = crypto::FromBase64(json::TextAt(body, "certificate")).value();
    const std::string root = crypto::FromBase64(json::TextAt(body, "issuer")).value();
    EXPECT_EQ(CaRoot(Options().directory, clock_, random_).value(), root);
    const auto facts = crypto::CheckCertificate(der, root, clock_.Now());
    ASSERT_OK(facts);
    EXPECT_EQ(facts->common_name, "周岚");
    EXPECT_EQ(facts->binding, "{\"a\":1}");
    EXPECT_EQ(facts->key.Point(), key_.PublicKey().Point());
    EXPECT_FALSE(
        crypto::CheckCertificate(der, root, clock_.Now() + std::chrono::hours{25}).has_value());
    EXPECT_EQ(Send(Order(**server, "order-1")).body, first.body);
    EXPECT_EQ(Send(Order(**server, "order-1", "钱溪")).status, 409);
    EXPECT_NE(Send(Order(**server, "order-2")).body, first.body);
    server->reset();
    server = StartCaService(Options());
    ASSERT_OK(server);
    EXPECT_EQ(Send(Order(**server, "order-1")).body, first.body);
    EXPECT_EQ(Send(Order(**server, "../escape")).status, 422);
}

TEST_F(CaServiceTest, AsksForSignedOrders) {
    CaServiceOptions options = Options();
    options.base_url = "http://ca.test";
    options.clients = [&](std::string_view id) -> std::optional<http_signature::KnownKey> {
        if (id != "onewindow") return std::nullopt;
        return http_signature::MakeKnownKey(key_.PublicKey());
    };
    const auto server = StartCaService(options);
    ASSERT_OK(server);
    http::Call call = Order(**server, "order-1");
    EXPECT_EQ(Send(call).status, 401);
    call.headers.Set("Content-Type", "application/json");
    ASSERT_OK(http_signature::SignRequest(
        {.method = "POST", .target_uri = "http://ca.test/certificates"}, call.headers, call.body,
        http_signature::MakeSigner("onewindow", key_), clock_.Now(), "nonce-1"));
    EXPECT_EQ(Send(call).status, 201);
    call.body += " ";
    EXPECT_EQ(Send(call).status, 401);
}

}  // namespace
}  // namespace onewindow::agencies
