#pragma once

#include "kernel/api/api.hpp"
#include "kernel/jobs/jobs.hpp"

namespace onewindow::server {

/// "server.purge": every night drops what is past its keeping: sessions, login attempts, answers that belong to no
/// case, ended jobs.
void RegisterPurge(jobs::Runner& runner, api::Services& services);
Result<> OrderPurge(db::Transaction& tx, api::Services& services);

}  // namespace onewindow::server
