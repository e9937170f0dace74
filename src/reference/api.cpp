#include "reference/api.hpp"

#include "reference/calendar/deadline.hpp"

namespace onewindow::reference {
namespace {

using api::Access;
using api::Call;
using api::Empty;

struct DivisionAnswer {
    std::string code, name, level, full_name;
};
BOOST_DESCRIBE_STRUCT(DivisionAnswer, (), (code, name, level, full_name))

struct DivisionList {
    std::vector<DivisionAnswer> divisions;
};
BOOST_DESCRIBE_STRUCT(DivisionList, (), (divisions))

struct ScopeItemAnswer {
    std::string id, text;
    bool licensed = false;
    std::string industry, permit, department, stage;
};
BOOST_DESCRIBE_STRUCT(ScopeItemAnswer, (), (id, text, licensed, industry, permit, department, stage))

struct ScopeItemList {
    std::vector<ScopeItemAnswer> items;
};
BOOST_DESCRIBE_STRUCT(ScopeItemList, (), (items))

struct ComposeRequest {
    std::vector<std::string> items;
};
BOOST_DESCRIBE_STRUCT(ComposeRequest, (), (items))

struct ComposeAnswer {
    std::string sentence;
};
BOOST_DESCRIBE_STRUCT(ComposeAnswer, (), (sentence))

struct PlaceAnswer {
    std::string id, name, kind, address, district, phone, origin;
};
BOOST_DESCRIBE_STRUCT(PlaceAnswer, (), (id, name, kind, address, district, phone, origin))

struct PlaceList {
    std::vector<PlaceAnswer> places;
};
BOOST_DESCRIBE_STRUCT(PlaceList, (), (places))

constexpr std::size_t kFoundMax = 50;

Result<SnapshotPointer> Now(Call& call, const Store& store) {
    return call.services.database.Read([&](db::Transaction& tx) { return store.On(tx, call.services.clock.Today()); });
}

ScopeItemAnswer ToAnswer(const ScopeItem& item) {
    return {item.id, item.text, item.licensed, item.industry, item.permit, item.department, item.stage};
}

void AddDivisionRoutes(api::Router& router, const Store& store) {
    router.Add<Empty, DivisionList>(
        {.method = "GET", .path = "/api/v1/divisions", .id = "listDivisions", .summary = "Divisions below one: provinces, cities, counties, streets",
         .access = Access::kPublic, .tag = "reference", .query = {{"parent", "division code; empty for the provinces"}}},
        [&store](Call& call, const Empty&) -> Result<DivisionList> {
            OW_TRY(const SnapshotPointer snapshot, Now(call, store));
            DivisionList list;
            for (const Division* division : snapshot->ChildrenOf(call.request.QueryValue("parent").value_or(""))) {
                list.divisions.push_back({division->code, division->name, division->level, snapshot->FullDivisionName(division->code)});
            }
            return list;
        });
}

void AddScopeRoutes(api::Router& router, const Store& store) {
    router.Add<Empty, ScopeItemList>(
        {.method = "GET", .path = "/api/v1/scope-items", .id = "searchScopeItems",
         .summary = "Items of the business scope by words, pinyin, initials or industry", .access = Access::kPublic, .tag = "reference",
         .query = {{"q", "words or pinyin"}}},
        [&store](Call& call, const Empty&) -> Result<ScopeItemList> {
            OW_TRY(const SnapshotPointer snapshot, Now(call, store));
            ScopeItemList list;
            for (const ScopeItem* item : snapshot->SearchScope(call.request.QueryValue("q").value_or(""), kFoundMax)) {
                list.items.push_back(ToAnswer(*item));
            }
            return list;
        });
    router.Add<ComposeRequest, ComposeAnswer>(
        {.method = "POST", .path = "/api/v1/scope-sentences", .id = "composeScope", .summary = "The licence's sentence for a list of items",
         .access = Access::kPublic, .reasons = {&reasons::kScopeItemUnknown, &reasons::kScopeEmpty, &reasons::kScopeRepeated}, .tag = "reference", .needs_key = false},
        [&store](Call& call, const ComposeRequest& request) -> Result<ComposeAnswer> {
            OW_TRY(const SnapshotPointer snapshot, Now(call, store));
            OW_TRY(std::string sentence, snapshot->ComposeScope(request.items));
            return ComposeAnswer{std::move(sentence)};
        });
}

void AddPlaceRoutes(api::Router& router, const Store& store) {
    router.Add<Empty, PlaceList>(
        {.method = "GET", .path = "/api/v1/cities/{city}/places", .id = "listPlaces",
         .summary = "Halls, seal makers and bank branches of a city; `origin` demo marks invented ones", .access = Access::kPublic, .tag = "reference"},
        [&store](Call& call, const Empty&) -> Result<PlaceList> {
            OW_TRY(const SnapshotPointer snapshot, Now(call, store));
            const std::string& city = call.Path("city");
            PlaceList list;
            for (const Hall* hall : snapshot->HallsOf(city)) {
                list.places.push_back({hall->id, hall->name, "hall", hall->address, "", hall->phone, hall->origin});
            }
            for (const SealMaker* maker : snapshot->MakersOf(city)) {
                list.places.push_back({maker->id, maker->name, "seal_maker", "", maker->district, maker->phone, maker->origin});
            }
            for (const BankBranch* branch : snapshot->BranchesOf(city)) {
                list.places.push_back({branch->cnaps, branch->bank + branch->name, "bank_branch", branch->address, branch->district,
                                       branch->phone, branch->origin});
            }
            return list;
        });
}

void AddCodeRoutes(api::Router& router, const Store& store) {
    router.Add<Empty, json::object>(
        {.method = "GET", .path = "/api/v1/codes/{kind}/{code}", .id = "checkCode",
         .summary = "Checks a code: uscc, id, regno, bank, seal, cert, case", .access = Access::kPublic,
         .reasons = {&reasons::kCodeKind}, .tag = "reference", .rate_per_minute = 600},
        [](Call& call, const Empty&) -> Result<json::object> {
            OW_TRY(const CodeReport report, CheckCode(call.Path("kind"), call.Path("code"), call.services.clock.Today()));
            return ToJson(report);
        });
    router.Add<Empty, json::object>(
        {.method = "GET", .path = "/api/v1/deadlines", .id = "findDeadline", .summary = "When working time is used up, by the working calendar",
         .access = Access::kPublic, .reasons = {&onewindow::reasons::kTimeUnreadable, &json::reasons::kNotInteger, &reasons::kDeadlineAmount, &reasons::kHallUnknown}, .tag = "reference",
         .query = {{"from", "time; without offset Asia/Shanghai"}, {"minutes", "working minutes"}, {"workdays", "working days"}, {"hall", "hall id"}}},
        [&store](Call& call, const Empty&) -> Result<json::object> {
            OW_TRY(const SnapshotPointer snapshot, Now(call, store));
            const std::string from = call.request.QueryValue("from").value_or("");
            const std::string hall = call.request.QueryValue("hall").value_or("");
            const auto number = [&](std::string_view name) -> Result<std::optional<std::int64_t>> {
                const auto text = call.request.QueryValue(name);
                if (!text) return std::optional<std::int64_t>{};
                const auto value = json::Parse(*text);
                if (!value || !value->is_int64()) return Refuse(json::reasons::kNotInteger, std::string(name));
                return std::optional(value->get_int64());
            };
            OW_TRY(const auto minutes, number("minutes"));
            OW_TRY(const auto workdays, number("workdays"));
            OW_TRY(const Deadline due, FindDeadline(*snapshot, {.from = from, .minutes = minutes, .workdays = workdays, .hall = hall}));
            return ToJson(due);
        });
}

}  // namespace

void AddRoutes(api::Router& router, const Store& store) {
    AddDivisionRoutes(router, store);
    AddScopeRoutes(router, store);
    AddPlaceRoutes(router, store);
    AddCodeRoutes(router, store);
}

}  // namespace onewindow::reference
