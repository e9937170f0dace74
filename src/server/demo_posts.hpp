#pragma once

#include "server/storage.hpp"

namespace onewindow::server {

/// Posts of the demo: one registrar, window clerk and supervisor for the province, one officer an agency, the 三员. Random
/// passwords and second factors go to DIR/demo_accounts.json (mode 600). Accounts that exist are left alone. Returns how
/// many were made.
Result<int> SeedDemoPosts(Storage& storage, const std::string& data);

}  // namespace onewindow::server
