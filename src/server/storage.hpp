#pragma once

#include <memory>

#include "kernel/api/api.hpp"

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

}  // namespace onewindow::server
