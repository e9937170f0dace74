#include "departments/public_security/seals/dispatch.hpp"
#include "departments/public_security/seals/queries.gen.hpp"
#include "departments/public_security/seals/reasons.hpp"

// The public ledger of seal orders.
namespace onewindow::departments::public_security::seals {
namespace {

constexpr std::int64_t kPage = 500;

enum class DecidedBy { kApplicant, kRule };
BOOST_DESCRIBE_ENUM(DecidedBy, kApplicant, kRule)

struct CandidateView {
    std::string maker, name, district;
    bool same_district = false;                    // Distance: makers of the premises' district come first.
    std::int64_t open = 0, capacity = 0, score = 0;  // Load is open / capacity; score is quality.
};
BOOST_DESCRIBE_STRUCT(CandidateView, (), (maker, name, district, same_district, open, capacity, score))

struct DispatchView {
    std::string order;  // Also the seed.
    Instant at;
    std::string district, seed;
    DecidedBy decided_by{};
    std::string maker, name;
    std::string state;  // open | done | withdrawn | reassigned
    std::optional<Instant> ended_at;
    std::vector<CandidateView> candidates;  // Empty where the applicant chose.
};
BOOST_DESCRIBE_STRUCT(DispatchView, (), (order, at, district, seed, decided_by, maker, name, state, ended_at, candidates))

/// The rule of DecideMaker in words.
struct DispatchRule {
    std::string zh, en;
};
BOOST_DESCRIBE_STRUCT(DispatchRule, (), (zh, en))

struct DispatchList {
    std::string city, date;
    DispatchRule rule;
    std::vector<DispatchView> dispatches;
    bool more = false;  // Ask again with after = the last order.
};
BOOST_DESCRIBE_STRUCT(DispatchList, (), (city, date, rule, dispatches, more))

std::string NameOf(const reference::Snapshot& reference, const std::string& maker) {
    const reference::SealMaker* found = reference.FindMaker(maker);
    return found == nullptr ? "" : found->name;
}

Result<DispatchView> ViewOf(const reference::Snapshot& reference, const db::Row& row) {
    DispatchView view{.order = row.Text("id"),
                      .at = row.Time("ordered_at"),
                      .district = row.Text("district"),
                      .seed = row.Text("id"),
                      .decided_by = row.Text("decided_by") == "rule" ? DecidedBy::kRule : DecidedBy::kApplicant,
                      .maker = row.Text("maker"),
                      .name = NameOf(reference, row.Text("maker")),
                      .state = row.Text("state"),
                      .ended_at = row.TimeIfAny("ended_at"),
                      .candidates = {}};
    OW_TRY(const json::value basis, json::Parse(row.Text("basis")));
    for (const MakerLoad& maker : ReadBasis(basis.as_array())) {
        view.candidates.push_back({maker.id, NameOf(reference, maker.id), maker.district, maker.district == view.district,
                                   maker.open, maker.capacity, maker.score});
    }
    return view;
}

}  // namespace

void AddRoutes(api::Router& router, const application::Application& application) {
    router.Add<api::Empty, DispatchList>(
        {.method = "GET", .path = "/api/v1/seal-dispatches", .id = "listSealDispatches",
         .summary = "Who got the seal orders of a city's day, decided on what: anybody can decide again from it",
         .access = api::Access::kPublic,
         .reasons = {&reasons::kCityMissing, &reasons::kCityUnknown, &onewindow::reasons::kDateUnreadable},
         .tag = "seals", .rate_per_minute = 120,
         .query = {{"city", "division code of a city, such as 370100"},
                   {"date", "day of the order, YYYY-MM-DD; today without"},
                   {"after", "last order already known"}}},
        [&application](api::Call& call, const api::Empty&) -> Result<DispatchList> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<DispatchList> {
                OW_TRY(const auto ground, application.GroundNow(tx));
                const std::string city(call.request.QueryValue("city").value_or(""));
                if (city.empty()) return Refuse(reasons::kCityMissing, "city");
                const reference::Division* division = ground.snapshot->FindDivision(city);
                if (division == nullptr || division->level != "city") return Refuse(reasons::kCityUnknown, "city", {{"city", city}});
                Date day = ground.context.today;
                if (const auto text = call.request.QueryValue("date")) {
                    const auto given = ParseDate(*text);
                    if (!given) return Refuse(onewindow::reasons::kDateUnreadable, "date");
                    day = *given;
                }
                const DispatchRule rule{call.services.messages.Get("seals.dispatch_rule", messages::Language::kChinese),
                                               call.services.messages.Get("seals.dispatch_rule", messages::Language::kEnglish)};
                DispatchList list{.city = city, .date = FormatDate(day), .rule = rule, .dispatches = {}};
                const std::string after(call.request.QueryValue("after").value_or(""));
                OW_TRY(const db::Rows rows,
                       tx.Read(queries::kListOrdersOfCity, At(day, std::chrono::hours{0}), At(AddDays(day, 1), std::chrono::hours{0}),
                               city, city.substr(0, 4) + "99", after, kPage + 1));
                for (const db::Row& row : rows) {
                    list.more = static_cast<std::int64_t>(list.dispatches.size()) == kPage;
                    if (list.more) break;
                    OW_TRY(DispatchView view, ViewOf(*ground.snapshot, row));
                    list.dispatches.push_back(std::move(view));
                }
                return list;
            });
        });
}

}  // namespace onewindow::departments::public_security::seals
