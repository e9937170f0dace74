#include "agencies/ca_service.hpp"

#include <filesystem>
#include <mutex>

#include "agencies/json_answer.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/files/files.hpp"
#include "kernel/json/described.hpp"

namespace onewindow::agencies {
namespace {

/// An event certificate outlives its one signature by little. It begins earlier, since two clocks
/// never agree.
constexpr std::chrono::hours kCertificateLife{24};
constexpr std::chrono::minutes kClockTolerance{5};
constexpr std::string_view kName = "一窗通演示认证中心（样本）";

struct CertificateOrder {
    std::string request_id, public_key, subject, binding, evidence_sm3;
};
BOOST_DESCRIBE_STRUCT(CertificateOrder, (),
                      (request_id, public_key, subject, binding, evidence_sm3))

bool IsFileSafe(std::string_view text) {
    return !text.empty() && text.size() <= 64 &&
           text.find_first_not_of(
               "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-") ==
               std::string_view::npos;
}

/// Positive, 16 bytes, never twice by chance.
std::string NewSerial(Random& random) {
    std::string serial = random.Bytes(16);
    serial[0] = static_cast<char>((static_cast<unsigned char>(serial[0]) & 0x7F) | 0x40);
    return serial;
}

bool Exists(const std::string& path) {
    std::error_code error;
    return std::filesystem::exists(path, error);
}

std::string KeyPath(const std::string& directory) { return directory + "/ca.key.pem"; }
std::string RootPath(const std::string& directory) { return directory + "/ca.root.der"; }

class CaService {
 public:
    CaService(const CaServiceOptions& options, crypto::Sm2PrivateKey key, std::string root)
        : options_(options), key_(std::move(key)), root_(std::move(root)) {}

    http::Response Handle(const http::Request& request) {
        if (request.method == "GET" && request.path == "/root")
            return JsonAnswer(200, {{"issuer", crypto::Base64(root_)}});
        if (request.path != "/certificates") return FaultAnswer(404, "not_found");
        if (request.method != "POST") return FaultAnswer(405, "method");
        if (options_.clients) {
            const std::string uri = options_.base_url + request.target;
            const auto signer = http_signature::VerifyRequest(
                {.method = request.method, .target_uri = uri}, request.headers, request.body,
                options_.clients, options_.clock.Now());
            // A repeated message only brings the same certificate again: nonces need not be kept.
            if (!signer) return FaultAnswer(401, signer.error().reason().code);
        }
        const auto body = json::Parse(request.body);
        const auto order = body ? json::Read<CertificateOrder>(*body)
                                : Result<CertificateOrder>(Failure(body.error()));
        if (!order) return FaultAnswer(400, "invalid_request");
        return Issue(*order);
    }

 private:
    http::Response Issue(const CertificateOrder& order) {
        const auto point = crypto::FromBase64(order.public_key);
        const auto key = point ? crypto::Sm2PublicKey::FromPoint(*point)
                               : Result<crypto::Sm2PublicKey>(Failure(point.error()));
        const bool usable = key && IsFileSafe(order.request_id) && !order.subject.empty() &&
                            order.subject.size() <= 64 * 3 && !order.binding.empty() &&
                            order.binding.size() <= 8'000 && order.evidence_sm3.size() == 64;
        if (!usable) return FaultAnswer(422, "unusable_order");
        const std::string content = crypto::Hex(crypto::Sm3(json::Canonical(json::Write(order))));
        const std::string path = options_.directory + "/issued/" + order.request_id + ".json";
        const std::lock_guard lock(mutex_);
        if (Exists(path)) return Again(path, content);
        const Instant now = options_.clock.Now();
        const std::string certificate =
            crypto::IssueCertificate(key_, root_, *key,
                                     {.common_name = order.subject,
                                      .serial = NewSerial(options_.random),
                                      .from = now - kClockTolerance,
                                      .until = now + kCertificateLife,
                                      .binding = order.binding});
        const json::object answer{{"certificate", crypto::Base64(certificate)},
                                  {"issuer", crypto::Base64(root_)}};
        const auto kept = files::WriteFile(
            path, json::Text(json::object{{"content", content}, {"answer", answer}}), 0600);
        if (!kept) return Unavailable(kept.error());
        options_.log.Info("certificate_issued", {{"request_id", order.request_id}});
        return JsonAnswer(201, answer);
    }

    http::Response Again(const std::string& path, const std::string& content) const {
        const auto text = files::ReadFile(path);
        if (!text) return Unavailable(text.error());
        const auto stored = json::Parse(*text);
        if (!stored) return Unavailable(stored.error());
        if (json::TextAt(*stored, "content") != content)
            return FaultAnswer(409, "request_id_reused");
        return JsonAnswer(200, stored->at("answer").as_object());
    }

    http::Response Unavailable(const Error& error) const {
        options_.log.Error("ca_storage_failed", {{"why", error.Describe()}});
        return FaultAnswer(503, "unavailable");
    }

    const CaServiceOptions options_;
    const crypto::Sm2PrivateKey key_;
    const std::string root_;
    std::mutex mutex_;
};

}  // namespace

Result<std::string> CaRoot(const std::string& directory, const Clock& clock, Random& random) {
    OW_CHECK(files::MakeDirectory(directory, 0700));
    if (Exists(RootPath(directory))) return files::ReadFile(RootPath(directory));
    if (!Exists(KeyPath(directory))) {
        OW_CHECK(
            files::WriteFile(KeyPath(directory), crypto::Sm2PrivateKey::Generate().Pem(), 0600));
    }
    OW_TRY(const std::string pem, files::ReadFile(KeyPath(directory)));
    OW_TRY(const crypto::Sm2PrivateKey key, crypto::Sm2PrivateKey::FromPem(pem));
    const Instant now = clock.Now();
    const std::string root = crypto::IssueRoot(key, {.common_name = std::string(kName),
                                                     .organization = "OneWindow",
                                                     .serial = NewSerial(random),
                                                     .from = now - std::chrono::days{1},
                                                     .until = now + std::chrono::days{3650},
                                                     .authority = true});
    OW_CHECK(files::WriteFile(RootPath(directory), root));
    return root;
}

Result<std::unique_ptr<http::Server>> StartCaService(const CaServiceOptions& options) {
    OW_TRY(std::string root, CaRoot(options.directory, options.clock, options.random));
    OW_CHECK(files::MakeDirectory(options.directory + "/issued", 0700));
    OW_TRY(const std::string pem, files::ReadFile(KeyPath(options.directory)));
    OW_TRY(crypto::Sm2PrivateKey key, crypto::Sm2PrivateKey::FromPem(pem));
    http::ServerOptions server;
    server.listen = options.listen;
    server.body_bytes_max = 64 * 1024;
    server.on_bug = [&log = options.log](std::string_view what) {
        log.Error("ca_service_bug", {{"what", what}});
    };
    return http::StartServer(
        server,
        [service = std::make_shared<CaService>(options, std::move(key), std::move(root))](
            http::Request& request) { return service->Handle(request); },
        ServerFault);
}

}  // namespace onewindow::agencies
