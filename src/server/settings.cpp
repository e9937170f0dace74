#include "server/settings.hpp"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <filesystem>

#include "kernel/files/files.hpp"

namespace onewindow::server {
namespace {

using config::Option;
using config::Type;

std::vector<Option> Options() {
    return {
        {.key = "http.listen", .description = "address and port", .fallback = "127.0.0.1:8080"},
        {.key = "http.public_url", .description = "how the outside reaches the service", .fallback = ""},
        {.key = "http.public_hosts", .type = Type::kTexts, .description = "accepted Host names; empty: any", .fallback = ""},
        {.key = "http.workers", .type = Type::kInteger, .description = "threads that handle requests", .fallback = "4", .least = 1, .most = 256},
        {.key = "jobs.threads", .type = Type::kInteger, .description = "threads that run jobs", .fallback = "4", .least = 1, .most = 256},
        {.key = "database.url", .description = "sqlite:PATH or postgresql://…", .fallback = ""},
        {.key = "mode.demo", .type = Type::kBoolean, .description = "built-in keys and a shifted clock", .fallback = "false"},
        {.key = "mode.real_clock", .type = Type::kBoolean, .description = "demo without the shifted clock", .fallback = "false"},
        {.key = "identity.url", .description = "the identity service"},
        {.key = "identity.client", .description = "our name there"},
        {.key = "identity.secret", .description = "our secret there", .secret = true},
        {.key = "ca.url", .description = "the certification authority"},
        {.key = "ca.certificate", .description = "file with its root (DER)"},
        {.key = "notice.sms_url", .description = "SMS adapter; empty: none", .fallback = ""},
        {.key = "notice.smtp_url", .description = "mail server; empty: none", .fallback = ""},
        {.key = "notice.mail_from", .description = "sender of mails", .fallback = "onewindow@localhost"},
    };
}

/// DIR/agencies.toml: one [[connection]] an agency and region. Absent: every agency works in our own workbench.
Result<std::vector<exchange::Connection>> LoadConnections(const std::string& file) {
    std::vector<exchange::Connection> connections;
    if (!std::filesystem::exists(file)) return connections;
    OW_TRY(const std::string text, files::ReadFile(file));
    const toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
        return Fail(Error(Fault{&config::reasons::kUnreadable, "agencies.toml", {}}).WithDetail(std::string(parsed.error().description())));
    }
    const toml::array* rows = parsed.table()["connection"].as_array();
    if (rows == nullptr) return connections;
    std::vector<Fault> faults;
    std::size_t index = 0;
    for (const toml::node& node : *rows) {
        const std::string path = "connection." + std::to_string(index++);
        const toml::table* row = node.as_table();
        if (row == nullptr) {
            faults.push_back({&config::reasons::kWrongType, path, {}});
            continue;
        }
        const auto text_of = [&](std::string_view key) {
            const auto value = (*row)[key].value<std::string>();
            if (!value) faults.push_back({&config::reasons::kMissing, path + "." + std::string(key), {}});
            return value.value_or("");
        };
        exchange::Connection connection;
        connection.agency = text_of("agency");
        connection.region = text_of("region");
        connection.base_url = text_of("base_url");
        connection.key_id = text_of("key_id");
        connection.algorithm = text_of("algorithm");
        connection.public_key = text_of("public_key");
        connections.push_back(std::move(connection));
    }
    if (!faults.empty()) return Refuse(std::move(faults));
    return connections;
}

}  // namespace

Result<Settings> LoadSettings(const std::string& data, const std::string& file, const std::map<std::string, std::string>& overrides) {
    const std::string path = file.empty() ? data + "/onewindow.toml" : file;
    std::string text;
    if (!file.empty() || std::filesystem::exists(path)) {
        OW_TRY(text, files::ReadFile(path));
    }
    OW_TRY(const config::Configuration read, config::Configuration::Load(Options(), text, overrides));
    Settings settings;
    settings.data = data;
    settings.listen = read.Text("http.listen");
    settings.public_url = read.Text("http.public_url");
    settings.public_hosts = read.Texts("http.public_hosts");
    settings.workers = read.Int("http.workers");
    settings.job_threads = read.Int("jobs.threads");
    settings.database = read.Text("database.url");
    if (settings.database.empty()) settings.database = "sqlite:" + data + "/onewindow.db";
    settings.demo = read.Bool("mode.demo");
    settings.real_clock = read.Bool("mode.real_clock");
    settings.identity_url = read.Text("identity.url");
    settings.identity_client = read.Text("identity.client");
    settings.identity_secret = read.Text("identity.secret");
    settings.ca_url = read.Text("ca.url");
    settings.ca_certificate = read.Text("ca.certificate");
    settings.sms_url = read.Text("notice.sms_url");
    settings.smtp_url = read.Text("notice.smtp_url");
    settings.mail_from = read.Text("notice.mail_from");
    OW_TRY(settings.connections, LoadConnections(data + "/agencies.toml"));
    return settings;
}

}  // namespace onewindow::server
