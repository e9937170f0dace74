#include "agencies/identity_service.hpp"

#include <mutex>

#include "agencies/json_answer.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/files/files.hpp"
#include "kernel/json/described.hpp"

namespace onewindow::agencies {
namespace {

constexpr std::chrono::minutes kCodeLife{5};
constexpr std::size_t kCodesMax = 100'000;

struct AuthorizeRequest {
    std::string client_id, id_type, id_number, name, mobile;
};
BOOST_DESCRIBE_STRUCT(AuthorizeRequest, (), (client_id, id_type, id_number, name, mobile))

struct TokenRequest {
    std::string client_id, client_secret, code;
};
BOOST_DESCRIBE_STRUCT(TokenRequest, (), (client_id, client_secret, code))

/// A code and what became of it.
struct Issued {
    AuthorizeRequest person;
    Instant at;
    bool used = false;
    std::string used_with;  // The Idempotency-Key of the request that used it.
    json::object answer;
};

class IdentityService {
 public:
    explicit IdentityService(const IdentityServiceOptions& options) : options_(options) {}

    http::Response Handle(const http::Request& request) {
        if (request.method != "POST") return FaultAnswer(405, "method");
        const auto body = json::Parse(request.body);
        if (!body) return FaultAnswer(400, "invalid_request");
        if (request.path == "/authorize") return Authorize(*body);
        if (request.path == "/token") return Token(*body, request.headers.Get("Idempotency-Key"));
        return FaultAnswer(404, "not_found");
    }

 private:
    http::Response Authorize(const json::value& body) {
        auto person = json::Read<AuthorizeRequest>(body);
        if (!person) return FaultAnswer(400, "invalid_request");
        if (!options_.clients.contains(person->client_id))
            return FaultAnswer(401, "invalid_client");
        if (person->id_type.empty() || person->id_number.empty() || person->name.empty() ||
            person->mobile.empty()) {
            return FaultAnswer(422, "incomplete_person");
        }
        const std::string code = crypto::Base64Url(options_.random.Bytes(32));
        const std::lock_guard lock(mutex_);
        const Instant now = options_.clock.Now();
        std::erase_if(codes_, [&](const auto& entry) { return now - entry.second.at > kCodeLife; });
        if (codes_.size() >= kCodesMax) return FaultAnswer(503, "too_many_codes");
        codes_[crypto::Sm3(code)] = Issued{
            .person = *std::move(person), .at = now, .used = false, .used_with = {}, .answer = {}};
        return JsonAnswer(200, {{"code", code}});
    }

    http::Response Token(const json::value& body, std::string_view key) {
        const auto request = json::Read<TokenRequest>(body);
        if (!request) return FaultAnswer(400, "invalid_request");
        const auto client = options_.clients.find(request->client_id);
        if (client == options_.clients.end() ||
            !crypto::SameBytes(client->second, request->client_secret)) {
            return FaultAnswer(401, "invalid_client");
        }
        const std::lock_guard lock(mutex_);
        const auto found = codes_.find(crypto::Sm3(request->code));
        const bool known = found != codes_.end() &&
                           options_.clock.Now() - found->second.at <= kCodeLife &&
                           found->second.person.client_id == request->client_id;
        if (!known) return FaultAnswer(400, "invalid_grant");
        Issued& issued = found->second;
        if (issued.used) {
            const bool repeat = !key.empty() && issued.used_with == key;
            return repeat ? JsonAnswer(200, issued.answer) : FaultAnswer(400, "invalid_grant");
        }
        const auto answer = Confirm(issued.person, client->second);
        if (!answer) {
            options_.log.Error("identity_evidence_not_kept", {{"why", answer.error().Describe()}});
            return FaultAnswer(503, "unavailable");
        }
        issued.used = true;
        issued.used_with = std::string(key);
        issued.answer = *answer;
        return JsonAnswer(200, issued.answer);
    }

    /// The evidence is a record with a nonce, so that its digest tells nothing of the person; it is
    /// kept first.
    Result<json::object> Confirm(const AuthorizeRequest& person, const std::string& secret) const {
        const std::string at = FormatInstant(options_.clock.Now());
        const std::string document = person.id_type + ":" + person.id_number;
        const json::object record{{"at", at},
                                  {"id_number", person.id_number},
                                  {"id_type", person.id_type},
                                  {"method", "face"},
                                  {"name", person.name},
                                  {"nonce", crypto::Hex(options_.random.Bytes(16))}};
        const std::string bytes = json::Canonical(record);
        const std::string digest = crypto::Hex(crypto::Sm3(bytes));
        OW_CHECK(
            files::WriteFile(options_.directory + "/evidence/" + digest + ".json", bytes, 0600));
        return json::object{
            {"subject", crypto::Hex(crypto::HmacSm3(secret, document)).substr(0, 32)},
            {"name", person.name},
            {"id_type", person.id_type},
            {"id_number", person.id_number},
            {"mobile", person.mobile},
            {"level", "high"},
            {"method", "face"},
            {"at", at},
            {"evidence_sm3", digest}};
    }

    const IdentityServiceOptions options_;
    std::mutex mutex_;
    std::map<std::string, Issued> codes_;  // By the digest of the code.
};

}  // namespace

Result<std::unique_ptr<http::Server>> StartIdentityService(const IdentityServiceOptions& options) {
    OW_CHECK(files::MakeDirectory(options.directory, 0700));
    OW_CHECK(files::MakeDirectory(options.directory + "/evidence", 0700));
    http::ServerOptions server;
    server.listen = options.listen;
    server.body_bytes_max = 64 * 1024;
    server.on_bug = [&log = options.log](std::string_view what) {
        log.Error("identity_service_bug", {{"what", what}});
    };
    return http::StartServer(
        server,
        [service = std::make_shared<IdentityService>(options)](http::Request& request) {
            return service->Handle(request);
        },
        ServerFault);
}

}  // namespace onewindow::agencies
