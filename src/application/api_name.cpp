#include "application/api_types.hpp"
#include "application/reasons.hpp"
#include "naming/suggest_names.hpp"

// Checking a name while it is typed.
namespace onewindow::application {
namespace {

using api::Access;
using api::Call;
using api::Empty;

struct CheckNameRequest {
    std::string name;
    std::string county;
    std::string entity_type;
};
BOOST_DESCRIBE_STRUCT(CheckNameRequest, (), (name, county, entity_type))

struct NameHoldAnswer {
    std::string name;
    std::string hold;
    std::string until;  // The first instant at which everybody competes for it again.
};
BOOST_DESCRIBE_STRUCT(NameHoldAnswer, (), (name, hold, until))

struct SuggestedName {
    std::string name;
    std::string core;
};
BOOST_DESCRIBE_STRUCT(SuggestedName, (), (name, core))

struct SuggestionList {
    std::vector<SuggestedName> suggestions;
};
BOOST_DESCRIBE_STRUCT(SuggestionList, (), (suggestions))

/// All that may stand against holding a name.
std::vector<const Reason*> HoldReasons() {
    namespace name = naming::reasons;
    return {&reasons::kNoCase,        &reasons::kNotEditable,
            &reasons::kFrozen,        &name::kSame,
            &name::kAlreadyYours,     &name::kEmpty,
            &name::kTooLong,          &name::kNotUtf8,
            &name::kLetterOrDigit,    &name::kNotStandardCharacter,
            &name::kBrackets,         &name::kChinaInBrackets,
            &name::kRegionMissing,    &name::kRegionElsewhere,
            &name::kDistrictAlone,    &name::kZoneAlone,
            &name::kCoreMissing,      &name::kCoreTooShort,
            &name::kCoreIsRegion,     &name::kCoreIsIndustry,
            &name::kIndustryMissing,  &name::kGroup,
            &name::kFormMissing,      &name::kFormMismatch,
            &name::kIndividualWord,   &name::kBranchParent,
            &name::kBranchSuffix,     &name::kNotABranch,
            &name::kWordForbidden,    &name::kWordNeedsApproval,
            &name::kAuthorityUnknown, &name::kHoldEnded,
            &name::kHoldUnknown,      &name::kMoved};
}

NameHoldAnswer HoldAnswerOf(const Case& the_case) {
    return {the_case.business_name, the_case.name_hold,
            the_case.name_hold_until ? FormatInstant(*the_case.name_hold_until) : ""};
}

}  // namespace

Result<json::object> Application::ExamineName(db::Transaction& tx, const std::string& name,
                                              const std::string& county,
                                              const std::string& entity_type,
                                              messages::Language language) const {
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
    OW_TRY(const naming::Examination examination,
           naming::CheckName(tx, NamingOf(ground, *regions), ground.context.now, request));
    return naming::ToJson(examination, [&](const Fault& fault) {
        return deps_.services.messages.Get(fault.code(), language, fault.arguments);
    });
}

void Application::AddNameRoutes(api::Router& router) {
    router.Add<CheckNameRequest, json::object>(
        {.method = "POST",
         .path = "/api/v1/name-checks",
         .id = "checkName",
         .summary = "May this name be had here? Verdict, reasons with article, conflicting names",
         .access = Access::kPublic,
         .reasons = {&reasons::kUnknownCounty, &reasons::kUnknownEntityType, &reasons::kGoThere},
         .tag = "name",
         .needs_key = false,
         .rate_per_minute = 300},
        [this](Call& call, const CheckNameRequest& request) -> Result<json::object> {
            // What was committed a moment ago on any node stands in the way already.
            OW_CHECK(deps_.examiner.Refresh(call.services.database));
            return call.services.database.Read([&](db::Transaction& tx) {
                return ExamineName(tx, request.name, request.county, request.entity_type,
                                   call.language);
            });
        });
    router.Add<CheckNameRequest, SuggestionList>(
        {.method = "POST",
         .path = "/api/v1/name-suggestions",
         .id = "suggestNames",
         .summary = "Names near the wish that pass, each examined; holding one examines it again",
         .access = Access::kPublic,
         .reasons = {&reasons::kUnknownCounty, &reasons::kUnknownEntityType, &reasons::kGoThere},
         .tag = "name",
         .needs_key = false,
         .rate_per_minute = 30},
        [this](Call& call, const CheckNameRequest& request) -> Result<SuggestionList> {
            SuggestionList list;
            naming::engine::NameIndex* const index = deps_.examiner.Index();
            if (index == nullptr) return list;
            OW_CHECK(deps_.examiner.Refresh(call.services.database));
            OW_TRY(const Ground ground,
                   call.services.database.Read([&](db::Transaction& tx) { return GroundNow(tx); }));
            reference::Authority authority;
            OW_CHECK(CheckRoute(*ground.snapshot, request.entity_type, request.county, authority));
            const auto regions = RegionsOf(ground);
            const naming::NameRequest wish{.name = request.name,
                                           .kind = FindEntityType(request.entity_type)->org_kind,
                                           .authority_code = authority.division,
                                           .seat = request.county};
            for (naming::Suggestion& found : naming::SuggestNames(
                     *index, NamingOf(ground, *regions), ground.context.today, wish)) {
                list.suggestions.push_back({std::move(found.name), std::move(found.core)});
            }
            return list;
        });
    router.Add<Empty, NameHoldAnswer>(
        {.method = "POST",
         .path = "/api/v1/cases/{case}/name-hold",
         .id = "holdName",
         .summary = "Holds the form's name now, before signing begins. A running hold of the same "
                    "name stays as it is: nobody renews one",
         .reasons = HoldReasons(),
         .tag = "name",
         .rate_per_minute = 20},
        [this](Call& call, const Empty&) -> Result<NameHoldAnswer> {
            return call.Command<NameHoldAnswer>([&](db::Transaction& tx) -> Result<NameHoldAnswer> {
                OW_TRY(Case the_case, LockDraft(tx, call));
                OW_TRY(const Ground ground, GroundOf(tx, the_case));
                OW_TRY(const CaseView view, View(tx, the_case.id));
                OW_CHECK(HoldName(tx, ground, the_case, view.facts));
                return HoldAnswerOf(the_case);
            });
        });
    router.Add<Empty, NameHoldAnswer>(
        {.method = "POST",
         .path = "/api/v1/cases/{case}/name-release",
         .id = "releaseName",
         .summary = "Gives the held name up: everybody may have it at once",
         .reasons = {&reasons::kNoCase, &reasons::kNotEditable, &reasons::kFrozen},
         .tag = "name"},
        [this](Call& call, const Empty&) -> Result<NameHoldAnswer> {
            return call.Command<NameHoldAnswer>([&](db::Transaction& tx) -> Result<NameHoldAnswer> {
                OW_TRY(Case the_case, LockDraft(tx, call));
                OW_CHECK(ReleaseName(tx, the_case));
                return HoldAnswerOf(the_case);
            });
        });
}

}  // namespace onewindow::application
