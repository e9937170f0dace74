#pragma once

#include <memory>

#include "kernel/api/api.hpp"
#include "kernel/crypto/crypto.hpp"

namespace onewindow::server {

/// A database with its keys and services, for commands that run without the service. Migrated; reference data seeded.
class Storage {
   public:
    virtual ~Storage() = default;
    virtual api::Services& services() = 0;
};

/// "sqlite:DIR/onewindow.db" where no URL is given.
std::string DatabaseUrl(const std::string& data, const std::string& url);
/// Keys are made where they are absent if `demo`.
Result<std::unique_ptr<Storage>> OpenStorage(const std::string& data, const std::string& url, bool demo);
const messages::Messages& Texts();

inline constexpr std::string_view kKeyId = "onewindow-1";
/// Signs licences, tokens and messages to agencies; DIR/keys/onewindow-1.key.pem, its public half under DIR/keys/public.
/// Made where absent if `demo` only: production takes its key from a qualified body (domain.md J27).
Result<crypto::Sm2PrivateKey> LoadSigningKey(const std::string& data, bool demo);

}  // namespace onewindow::server
