#pragma once

#include <map>
#include <string>
#include <vector>

#include "exchange/exchange.hpp"
#include "kernel/config/config.hpp"

namespace onewindow::server {

/// What `serve` needs to know, from DIR/onewindow.toml (or --config) and the command line.
struct Settings {
    std::string data = "var";
    std::string listen = "127.0.0.1:8080";
    std::string database;    // "sqlite:DIR/onewindow.db" unless --db says otherwise.
    std::string public_url;  // Of links in QR codes and of signatures; by the listening address unless set.
    bool demo = false;       // Built-in CA and keys, 样本 on documents, shifted clock (domain.md J27).
    bool real_clock = false;
    std::string identity_url, identity_client, identity_secret;
    std::string ca_url, ca_certificate;  // PEM or DER file of the CA's root.
    std::string sms_url, smtp_url, mail_from;
    std::vector<std::string> public_hosts;
    std::int64_t workers = 4;
    std::int64_t job_threads = 4;
    std::vector<exchange::Connection> connections;  // From agencies.toml.
};

/// Every fault at once: unknown keys, missing secrets, bad values.
Result<Settings> LoadSettings(const std::string& data, const std::string& file, const std::map<std::string, std::string>& overrides);

}  // namespace onewindow::server
