#pragma once

#include "kernel/api/api.hpp"
#include "kernel/http/server.hpp"
#include "kernel/jobs/jobs.hpp"

namespace onewindow::server {

/// "/" (a plain page: state of the service, link to the API description), /healthz, /readyz, /metrics and
/// /api/v1/openapi.json.
void AddFirstPage(api::Router& router, api::Services& services, bool demo);

/// Gauges that are read when somebody asks: connections, queue of jobs, commits.
void SetGauges(metrics::Metrics& metrics, db::Database& database, http::Server& server, jobs::Runner& runner);

}  // namespace onewindow::server
