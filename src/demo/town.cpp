#include "demo/town.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>

#include "kernel/crypto/crypto.hpp"
#include "kernel/files/files.hpp"

namespace onewindow::demo {
namespace {

/// Kind of reference process, and the agency that it stands for in connections.
struct Kind {
    const char* kind;
    const char* agency;
};
constexpr Kind kKinds[] = {
    {"social_insurance", "human_resources"}, {"medical_insurance", "medical_insurance"}, {"housing_fund", "housing_fund"},
    {"seals", "public_security"},            {"tax", "tax"},                             {"bank", "bank"},
    {"post", "post"},                        {"registration", "registration"},
};

/// A port that nobody listens on just now. Agencies must know the service's address before it listens.
int FreePort() {
    const int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    int port = 0;
    if (bind(handle, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
        getsockname(handle, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
        port = ntohs(address.sin_port);
    }
    close(handle);
    return port;
}

/// A TOML basic string; keys in PEM have line ends.
std::string Quoted(const std::string& text) { return boost::json::serialize(json::value(text)); }

}  // namespace

Result<Town::Started> Town::StartAgency(const std::string& kind) {
    const std::string directory = options_.data + "/agencies/" + kind;
    OW_CHECK(files::MakeDirectory(options_.data + "/agencies"));
    OW_CHECK(files::MakeDirectory(directory));
    const Manners& manners = options_.manners;
    std::vector<std::string> argv = {options_.binary, "agency", "--kind", kind, "--listen", "127.0.0.1:0", "--directory", directory,
                                     "--onewindow", url_, "--onewindow-key", options_.data + "/keys/public/onewindow-1.pem",
                                     "--clock-shift", std::to_string(options_.clock_shift.count()), "--slow", std::to_string(manners.slow_ms),
                                     "--slow-percent", std::to_string(manners.slow_percent),
                                     "--lose", std::to_string(manners.lose_percent), "--repeat", std::to_string(manners.repeat_percent),
                                     "--lie", std::to_string(manners.lie_percent)};
    if (kind == "identity") {
        argv.push_back("--client");
        argv.push_back(std::string(kIdentityClient) + ":" + identity_secret_);
    }
    OW_TRY(auto child, process::Child::Start(argv, directory + "/log.jsonl"));
    OW_TRY(const std::string line, child->ReadLine());
    OW_TRY(const json::value said, json::Parse(line));
    agencies_.push_back(std::move(child));
    return Started{kind, json::TextAt(said, "url"), json::TextAt(said, "key_id"), json::TextAt(said, "algorithm"), json::TextAt(said, "public_key")};
}

Result<> Town::WriteSettings(const std::vector<Started>& agencies, const std::string& ca_url, const std::string& sms_url) {
    std::string connections = "# Written by the demo at each start: where the reference agencies listen.\n";
    for (const Started& agency : agencies) {
        for (const Kind& kind : kKinds) {
            if (agency.kind != kind.kind) continue;
            connections += "\n[[connection]]\nagency = " + Quoted(kind.agency) + "\nregion = \"370000\"\nbase_url = " + Quoted(agency.url) +
                           "\nkey_id = " + Quoted(agency.key_id) + "\nalgorithm = " + Quoted(agency.algorithm) + "\npublic_key = " +
                           Quoted(agency.public_key) + "\n";
        }
    }
    OW_CHECK(files::WriteFile(options_.data + "/agencies.toml", connections));
    const std::string settings = "[http]\nlisten = " + Quoted("127.0.0.1:" + std::to_string(port_)) + "\npublic_url = " + Quoted(url_) +
                                 
                                 (options_.database.empty() ? "" : "\n\n[database]\nurl = " + Quoted(options_.database)) +
                                 "\n\n[mode]\ndemo = true\nreal_clock = " + (options_.clock_shift.count() == 0 ? "true" : "false") +
                                 "\n\n[identity]\nurl = " + Quoted(identity_url_) + "\nclient = " + Quoted(std::string(kIdentityClient)) +
                                 "\nsecret = " + Quoted(identity_secret_) + "\n\n[ca]\nurl = " + Quoted(ca_url) + "\ncertificate = " +
                                 Quoted(options_.data + "/ca_root.der") + "\n\n[notice]\nsms_url = " + Quoted(sms_url) + "\n";
    return files::WriteFile(options_.data + "/onewindow.toml", settings, 0600);
}

Result<std::unique_ptr<Town>> Town::Start(const TownOptions& options) {
    std::unique_ptr<Town> town(new Town);
    town->options_ = options;
    std::filesystem::remove(options.data + "/address");  // Of an earlier run.
    const std::size_t colon = options.listen.rfind(':');
    town->port_ = std::stoi(options.listen.substr(colon + 1));
    if (town->port_ == 0) town->port_ = FreePort();
    town->url_ = "http://127.0.0.1:" + std::to_string(town->port_);
    SystemRandom random;
    town->identity_secret_ = crypto::Hex(random.Bytes(16));

    std::vector<Started> agencies;
    for (const Kind& kind : kKinds) {
        OW_TRY(Started started, town->StartAgency(kind.kind));
        agencies.push_back(std::move(started));
    }
    OW_TRY(const Started identity, town->StartAgency("identity"));
    town->identity_url_ = identity.url;
    OW_TRY(const Started ca, town->StartAgency("ca"));
    OW_TRY(const Started sms, town->StartAgency("sms"));
    // The CA's line carries its root: the service trusts what it was told at the start, not what it fetches.
    OW_TRY(const std::string root, crypto::FromBase64(ca.public_key));
    OW_CHECK(files::WriteFile(options.data + "/ca_root.der", root));
    OW_CHECK(town->WriteSettings(agencies, ca.url, sms.url));
    OW_CHECK(town->StartService());
    return town;
}

Result<> Town::StartService(const std::string& crash_at) {
    std::vector<std::string> argv = {options_.binary, "serve", "--data", options_.data};
    if (!crash_at.empty()) argv.insert(argv.begin(), {"/usr/bin/env", "ONEWINDOW_CRASH_AT=" + crash_at});
    OW_TRY(service_, process::Child::Start(argv, options_.data + "/service.jsonl"));
    OW_CHECK(service_->ReadLine());
    // Where to find the service, for whoever started the demo on a free port; there only when it answers.
    OW_CHECK(files::WriteFile(options_.data + "/identity_address", identity_url_ + "\n"));
    return files::WriteFile(options_.data + "/address", url_ + "\n");
}

bool Town::ServiceRuns() { return service_ && service_->IsRunning(); }

void Town::KillService() {
    if (service_) service_->Kill();
}

int Town::Stop() {
    const int status = service_ ? service_->Stop() : 0;
    for (auto& agency : agencies_) agency->Stop();
    agencies_.clear();
    return status;
}

Town::~Town() { Stop(); }

}  // namespace onewindow::demo
