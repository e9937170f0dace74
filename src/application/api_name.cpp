#include "application/api_types.hpp"
#include "application/reasons.hpp"

// Checking a name while it is typed.
namespace onewindow::application {
namespace {

using api::Access;
using api::Call;

struct CheckNameRequest {
    std::string name;
    std::string county;
    std::string entity_type;
};
BOOST_DESCRIBE_STRUCT(CheckNameRequest, (), (name, county, entity_type))

}  // namespace

Result<json::object> Application::ExamineName(db::Transaction& tx, const std::string& name, const std::string& county,
                                              const std::string& entity_type, messages::Language language) const {
    OW_TRY(const Ground ground, GroundNow(tx));
    reference::Authority authority;
    OW_CHECK(CheckRoute(*ground.snapshot, entity_type, county, authority));
    const auto regions = RegionsOf(ground);
    const naming::NameRequest request{.name = name,
                                      .declared_core = "",
                                      .kind = FindEntityType(entity_type)->org_kind,
                                      .authority_code = authority.division,
                                      .seat = county,
                                      .parent_name = "",
                                      .approvals = {},
                                      .consents = {}};
    OW_TRY(const naming::Examination examination, naming::CheckName(tx, NamingOf(ground, *regions), ground.context.now, request));
    return naming::ToJson(examination, [&](const Fault& fault) {
        return deps_.services.messages.Get(fault.code(), language, fault.arguments);
    });
}

void Application::AddNameRoutes(api::Router& router) {
    router.Add<CheckNameRequest, json::object>(
        {.method = "POST", .path = "/api/v1/name-checks", .id = "checkName",
         .summary = "May this name be had here? Verdict, reasons with article, conflicting names", .access = Access::kPublic,
         .reasons = {&reasons::kUnknownCounty, &reasons::kUnknownEntityType, &reasons::kGoThere}, .tag = "name", .needs_key = false,
         .rate_per_minute = 300},
        [this](Call& call, const CheckNameRequest& request) -> Result<json::object> {
            return call.services.database.Read([&](db::Transaction& tx) {
                return ExamineName(tx, request.name, request.county, request.entity_type, call.language);
            });
        });
}

}  // namespace onewindow::application
