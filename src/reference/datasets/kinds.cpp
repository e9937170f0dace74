#include "reference/datasets/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "kernel/text/text.hpp"
#include "reference/codes/codes.hpp"
#include "reference/reasons.hpp"

namespace onewindow::reference {
namespace {

const std::vector<std::string_view> kOrigins{"official", "derived", "demo"};

template <class Record>
void Add(ByCode<Record>& records, RowReader& row, std::string_view column, std::string code,
         Record record) {
    if (!records.emplace(std::move(code), std::move(record)).second) {
        row.Bad(column, reasons::kDatasetDuplicate);
    }
}

void ReadDivision(RowReader& row, Records& records) {
    Division division{
        .code = row.Text("code"),
        .name = row.Text("name"),
        .level = row.OneOf("level", {"province", "city", "county", "street"}),
        .parent = row.Optional("parent"),
        .basis = row.OneOf("basis", {"standard", "functional", "placeholder", "statistical"})};
    row.Digits("code", division.level == "street" ? 9 : 6);
    if (division.parent.empty() != (division.level == "province")) {
        row.Bad("parent", reasons::kDatasetValue);
    }
    Add(records.divisions, row, "code", division.code, division);
}

void ReadDay(RowReader& row, Records& records) {
    const SpecialDay day{
        .date = row.Day("date"),
        .work = row.OneOf("kind", {"off", "work"}) == "work",
        .name = row.Text("name"),
        .official = row.OneOf("status", {"official", "provisional"}) == "official"};
    row.Text("source");
    const auto same = [&](const SpecialDay& other) { return other.date == day.date; };
    if (std::any_of(records.days.begin(), records.days.end(), same)) {
        row.Bad("date", reasons::kDatasetDuplicate);
    }
    records.days.push_back(day);
}

void ReadAuthority(RowReader& row, Records& records) {
    Authority authority{.code = row.Digits("code", 6),
                        .name = row.Text("name"),
                        .division = row.Digits("division", 6),
                        .uscc_division = row.Digits("uscc_division", 6),
                        .city = row.Optional("city"),
                        .level = row.OneOf("level", {"county", "zone", "city", "province"}),
                        .phone = row.Text("phone"),
                        .origin = row.OneOf("origin", kOrigins)};
    Add(records.authorities, row, "code", authority.code, authority);
}

void ReadEnterpriseType(RowReader& row, Records& records) {
    EnterpriseType type{.code = row.Digits("code", 4), .name = row.Text("name")};
    Add(records.enterprise_types, row, "code", type.code, type);
}

void ReadIndustry(RowReader& row, Records& records) {
    Industry industry{.code = row.Text("code"),
                      .name = row.Text("name"),
                      .level = row.OneOf("level", {"section", "division", "group", "class"}),
                      .parent = row.Optional("parent")};
    Add(records.industries, row, "code", industry.code, industry);
}

void ReadScopeItem(RowReader& row, Records& records) {
    ScopeItem item{.id = row.Text("id"),
                   .text = row.Text("text"),
                   .licensed = row.OneOf("group", {"general", "licensed"}) == "licensed",
                   .industry = row.Text("industry"),
                   .permit = row.Optional("permit"),
                   .department = row.Optional("department"),
                   .stage = row.OneOf("stage", {"", "before", "after"}),
                   .keywords = text::Split(row.Optional("keywords"), ' '),
                   .syllables = text::Split(row.Optional("pinyin"), ' '),
                   .initials = row.Optional("initials")};
    std::erase(item.keywords, "");
    std::erase(item.syllables, "");
    // A licensed item must say which licence; without it nobody could be told (条例 14).
    if (item.licensed && item.permit.empty()) row.Bad("permit", reasons::kDatasetValue);
    Add(records.scope_items, row, "id", item.id, item);
}

std::chrono::month_day ReadMonthDay(RowReader& row, std::string_view column) {
    const auto date = ParseDate("2024-" + row.Text(column));
    if (!date) row.Bad(column, reasons::kDatasetValue);
    return date ? std::chrono::month_day{date->month(), date->day()} : std::chrono::January / 1;
}

void ReadHall(RowReader& row, Records& records) {
    Hall hall{.id = row.Text("id"),
              .name = row.Text("name"),
              .authority = row.Digits("authority", 6),
              .city = row.Digits("city", 6),
              .address = row.Text("address"),
              .phone = row.Text("phone"),
              .origin = row.OneOf("origin", kOrigins),
              .hours = {.hall = row.Text("id"), .hours = DefaultHours().hours},
              .lockers = static_cast<int>(row.Int("lockers", 0, 10'000)),
              .kiosks = static_cast<int>(row.Int("kiosks", 0, 1'000)),
              .prints_licence = row.OneOf("prints_licence", {"yes", "no"}) == "yes"};
    const auto hours = ParseHours(row.Text("hours"));
    if (hours) hall.hours.hours = *hours;
    if (!hours) row.Bad("hours", reasons::kDatasetValue);
    if (!row.Optional("summer_hours").empty()) {
        const auto summer = ParseHours(row.Optional("summer_hours"));
        if (summer) hall.hours.season_hours = *summer;
        if (!summer) row.Bad("summer_hours", reasons::kDatasetValue);
        hall.hours.season_from = ReadMonthDay(row, "summer_from");
        hall.hours.season_until = ReadMonthDay(row, "summer_until");
        if (hall.hours.season_until < hall.hours.season_from) {
            row.Bad("summer_until", reasons::kDatasetPeriod);
        }
    }
    Add(records.halls, row, "id", hall.id, hall);
}

double ReadDegrees(RowReader& row, std::string_view column, double max) {
    const std::string text = row.Text(column);
    double degrees = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), degrees);
    if (error != std::errc{} || end != text.data() + text.size() || degrees < -max ||
        degrees > max) {
        row.Bad(column, reasons::kDatasetValue);
    }
    return degrees;
}

void ReadMaker(RowReader& row, Records& records) {
    SealMaker maker{.id = row.Text("id"),
                    .name = row.Text("name"),
                    .city = row.Digits("city", 6),
                    .district = row.Digits("district", 6),
                    .capacity = static_cast<int>(row.Int("capacity", 1, 10'000)),
                    .score = static_cast<int>(row.Int("score", 0, 100)),
                    .latitude = ReadDegrees(row, "lat", 90),
                    .longitude = ReadDegrees(row, "lon", 180),
                    .phone = row.Text("phone"),
                    .origin = row.OneOf("origin", kOrigins)};
    Add(records.makers, row, "id", maker.id, maker);
}

void ReadBranch(RowReader& row, Records& records) {
    BankBranch branch{.cnaps = row.Digits("cnaps", 12),
                      .bank = row.Text("bank"),
                      .name = row.Text("name"),
                      .city = row.Digits("city", 6),
                      .district = row.Digits("district", 6),
                      .address = row.Text("address"),
                      .phone = row.Text("phone"),
                      .slots = static_cast<int>(row.Int("slots", 0, 1'000)),
                      .origin = row.OneOf("origin", kOrigins)};
    if (!CheckBank(branch.cnaps).valid) row.Bad("cnaps", reasons::kBankCheck);
    Add(records.branches, row, "cnaps", branch.cnaps, branch);
}

void ReadCourier(RowReader& row, Records& records) {
    Courier courier{.id = row.Text("id"),
                    .name = row.Text("name"),
                    .days_city = static_cast<int>(row.Int("days_city", 0, 60)),
                    .days_province = static_cast<int>(row.Int("days_province", 0, 60)),
                    .phone = row.Text("phone"),
                    .origin = row.OneOf("origin", kOrigins)};
    Add(records.couriers, row, "id", courier.id, courier);
}

void ReadOffice(RowReader& row, Records& records) {
    Office office{.id = row.Text("id"),
                  .agency = row.Text("agency"),
                  .city = row.Digits("city", 6),
                  .name = row.Text("name"),
                  .authority_code = row.Text("authority_code"),
                  .phone = row.Text("phone"),
                  .origin = row.OneOf("origin", kOrigins)};
    Add(records.offices, row, "id", office.id, office);
}

const std::vector<std::string_view> kRateItems{
    "pension_unit",  "pension_person", "unemployment_unit",  "unemployment_person",
    "injury_unit_1", "injury_unit_2",  "injury_unit_3",      "injury_unit_4",
    "injury_unit_5", "injury_unit_6",  "injury_unit_7",      "injury_unit_8",
    "medical_unit",  "medical_person", "housing_min",        "housing_max",
    "base_lower",    "base_upper",     "housing_base_lower", "housing_base_upper",
    "invoice_mode"};

void ReadRate(RowReader& row, Records& records) {
    RateRow rate{.city = row.Digits("city", 6),
                 .item = row.OneOf("item", kRateItems),
                 .from = row.Day("valid_from"),
                 .until = row.DayIfAny("valid_until"),
                 .origin = row.OneOf("origin", kOrigins),
                 .citation = row.Text("citation")};
    if (rate.item == "invoice_mode") {
        rate.value = row.OneOf("value", {"digital", "tax_control"}) == "tax_control" ? 1 : 0;
    } else {
        const bool base = rate.item.find("base") != std::string::npos;
        rate.value = row.Int("value", 0, base ? 100'000'000 : 10'000);
    }
    if (rate.until && *rate.until < rate.from) row.Bad("valid_until", reasons::kDatasetPeriod);
    const auto overlaps = [&](const RateRow& other) {
        return other.city == rate.city && other.item == rate.item &&
               (!other.until || *other.until >= rate.from) &&
               (!rate.until || *rate.until >= other.from);
    };
    if (std::any_of(records.rates.begin(), records.rates.end(), overlaps)) {
        row.Bad("valid_from", reasons::kDatasetDuplicate);
    }
    records.rates.push_back(rate);
}

void ReadLimit(RowReader& row, Records& records) {
    static constexpr std::string_view kUnits[] = {"minute", "half_day", "workday", "calendar_day",
                                                  "month"};
    Limit limit{.id = row.Text("id"),
                .city = row.Digits("city", 6),
                .amount = static_cast<int>(row.Int("amount", 1, 10'000)),
                .what = row.Text("what"),
                .citation = row.Text("citation"),
                .origin = row.OneOf("origin", kOrigins)};
    const std::string unit =
        row.OneOf("unit", std::vector<std::string_view>(std::begin(kUnits), std::end(kUnits)));
    const auto found = std::find(std::begin(kUnits), std::end(kUnits), unit);
    if (found != std::end(kUnits)) limit.unit = static_cast<LimitUnit>(found - std::begin(kUnits));
    const auto same = [&](const Limit& other) {
        return other.id == limit.id && other.city == limit.city;
    };
    if (std::any_of(records.limits.begin(), records.limits.end(), same)) {
        row.Bad("id", reasons::kDatasetDuplicate);
    }
    records.limits.push_back(limit);
}

void ReadRoute(RowReader& row, Records& records) {
    RouteRow route{.entity_type = row.Text("entity_type"),
                   .owner = row.Text("owner"),
                   .level = row.OneOf("level", {"county", "city", "province"}),
                   .served = row.OneOf("served", {"yes", "no"}) == "yes",
                   .text_zh = row.Optional("text_zh"),
                   .text_en = row.Optional("text_en"),
                   .citation = row.Text("citation")};
    // Who is sent elsewhere must be told where and why, in both languages.
    if (!route.served && route.text_zh.empty()) row.Bad("text_zh", reasons::kDatasetValue);
    if (!route.served && route.text_en.empty()) row.Bad("text_en", reasons::kDatasetValue);
    const auto same = [&](const RouteRow& other) {
        return other.entity_type == route.entity_type && other.owner == route.owner;
    };
    if (std::any_of(records.routes.begin(), records.routes.end(), same)) {
        row.Bad("owner", reasons::kDatasetDuplicate);
    }
    records.routes.push_back(route);
}

void ReadPolicy(RowReader& row, Records& records) {
    Policy policy{.id = row.Text("id"),
                  .title = row.Text("title"),
                  .text = row.Text("text"),
                  .entity_types = row.List("entity_types"),
                  .industries = row.List("industries"),
                  .founder_groups = row.List("founder_groups"),
                  .regions = row.List("regions"),
                  .sizes = row.List("size"),
                  .legal_basis = row.Text("legal_basis"),
                  .how_to_claim = row.Text("how_to_claim"),
                  .contact = row.Text("contact"),
                  .from = row.Day("valid_from"),
                  .until = row.DayIfAny("valid_until"),
                  .origin = row.OneOf("origin", kOrigins)};
    if (policy.until && *policy.until < policy.from)
        row.Bad("valid_until", reasons::kDatasetPeriod);
    const auto same = [&](const Policy& other) { return other.id == policy.id; };
    if (std::any_of(records.policies.begin(), records.policies.end(), same)) {
        row.Bad("id", reasons::kDatasetDuplicate);
    }
    records.policies.push_back(policy);
}

void ReadClosure(RowReader& row, Records& records) {
    const Closure closure{.hall = row.Text("hall"),
                          .date = row.Day("date"),
                          .reason = row.Text("reason"),
                          .decided_by = row.Text("decided_by"),
                          .confirmed_by = row.Text("confirmed_by"),
                          .origin = row.OneOf("origin", kOrigins)};
    // Two persons, so that nobody can stretch a clock alone.
    if (closure.decided_by == closure.confirmed_by) {
        row.Bad("confirmed_by", reasons::kDatasetValue);
    }
    records.closures.push_back(closure);
}

/// Collects faults of cross-references: dataset, key, column, what it names.
class ReferenceFaults {
 public:
    template <class Record>
    void Expect(const ByCode<Record>& known, std::string_view code, std::string_view dataset,
                std::string_view key, std::string_view column) {
        if (known.contains(code)) return;
        faults.push_back({&reasons::kDatasetReference,
                          fmt::format("{}.{}.{}", dataset, key, column),
                          {{"value", std::string(code)},
                           {"key", std::string(key)},
                           {"column", std::string(column)},
                           {"dataset", std::string(dataset)}}});
    }
    std::vector<Fault> faults;
};

void CheckPlaces(const Records& records, ReferenceFaults& faults) {
    const auto& divisions = records.divisions;
    for (const auto& [code, division] : divisions) {
        if (!division.parent.empty()) {
            faults.Expect(divisions, division.parent, "divisions", code, "parent");
        }
    }
    for (const auto& [code, authority] : records.authorities) {
        faults.Expect(divisions, authority.division, "authorities", code, "division");
        faults.Expect(divisions, authority.uscc_division, "authorities", code, "uscc_division");
        if (!authority.city.empty()) {
            faults.Expect(divisions, authority.city, "authorities", code, "city");
        }
    }
    for (const auto& [id, hall] : records.halls) {
        faults.Expect(records.authorities, hall.authority, "halls", id, "authority");
        faults.Expect(divisions, hall.city, "halls", id, "city");
    }
    for (const auto& [id, maker] : records.makers) {
        faults.Expect(divisions, maker.city, "makers", id, "city");
        faults.Expect(divisions, maker.district, "makers", id, "district");
    }
    for (const auto& [cnaps, branch] : records.branches) {
        faults.Expect(divisions, branch.city, "branches", cnaps, "city");
        faults.Expect(divisions, branch.district, "branches", cnaps, "district");
    }
    for (const auto& [id, office] : records.offices) {
        faults.Expect(divisions, office.city, "offices", id, "city");
    }
}

}  // namespace

const std::vector<DatasetKind>& DatasetKinds() {
    static const std::vector<DatasetKind> kKinds{
        {"divisions", {"code", "name", "level", "parent", "basis"}, ReadDivision},
        {"calendar", {"date", "kind", "name", "status", "source"}, ReadDay},
        {"enterprise_types", {"code", "name"}, ReadEnterpriseType},
        {"industries", {"code", "name", "level", "parent"}, ReadIndustry},
        {"scope_items",
         {"id", "text", "group", "industry", "permit", "department", "stage", "keywords", "pinyin",
          "initials"},
         ReadScopeItem},
        {"authorities",
         {"code", "name", "division", "uscc_division", "city", "level", "phone", "origin"},
         ReadAuthority},
        {"halls",
         {"id", "name", "authority", "city", "address", "hours", "summer_hours", "summer_from",
          "summer_until", "lockers", "kiosks", "prints_licence", "phone", "origin"},
         ReadHall},
        {"closures",
         {"hall", "date", "reason", "decided_by", "confirmed_by", "origin"},
         ReadClosure,
         true},
        {"makers",
         {"id", "name", "city", "district", "capacity", "score", "lat", "lon", "phone", "origin"},
         ReadMaker},
        {"branches",
         {"cnaps", "bank", "name", "city", "district", "address", "phone", "slots", "origin"},
         ReadBranch},
        {"couriers", {"id", "name", "days_city", "days_province", "phone", "origin"}, ReadCourier},
        {"offices",
         {"id", "agency", "city", "name", "authority_code", "phone", "origin"},
         ReadOffice},
        {"rates",
         {"city", "item", "value", "valid_from", "valid_until", "origin", "citation"},
         ReadRate},
        {"limits", {"id", "city", "amount", "unit", "what", "citation", "origin"}, ReadLimit},
        {"routing",
         {"entity_type", "owner", "level", "served", "text_zh", "text_en", "citation"},
         ReadRoute},
        {"policies",
         {"id", "title", "text", "entity_types", "industries", "founder_groups", "regions", "size",
          "legal_basis", "how_to_claim", "contact", "valid_from", "valid_until", "origin"},
         ReadPolicy},
    };
    return kKinds;
}

const DatasetKind* FindDatasetKind(std::string_view name) {
    for (const DatasetKind& kind : DatasetKinds()) {
        if (kind.name == name) return &kind;
    }
    return nullptr;
}

Result<> ReadDataset(std::string_view name, std::string_view content, Records& records) {
    const DatasetKind* kind = FindDatasetKind(name);
    if (!kind) return Refuse(reasons::kDatasetUnknown, "name", {{"name", std::string(name)}});
    std::vector<Fault> faults;
    const Table table = ParseTable(content, kind->columns, faults);
    for (const TableRow& row : table.rows) {
        RowReader reader(table, row, faults);
        kind->read(reader, records);
    }
    if (faults.empty() && table.rows.empty() && !kind->may_be_empty) {
        faults.push_back({&reasons::kDatasetEmpty, "content"});
    }
    if (!faults.empty()) return Refuse(std::move(faults));
    return {};
}

Result<> CheckReferences(const Records& records) {
    ReferenceFaults faults;
    CheckPlaces(records, faults);
    for (const auto& [code, industry] : records.industries) {
        if (industry.level != "section") {
            faults.Expect(records.industries, industry.parent, "industries", code, "parent");
        }
    }
    for (const auto& [id, item] : records.scope_items) {
        faults.Expect(records.industries, item.industry, "scope_items", id, "industry");
    }
    for (const Closure& closure : records.closures) {
        faults.Expect(records.halls, closure.hall, "closures", FormatDate(closure.date), "hall");
    }
    for (const RateRow& rate : records.rates) {
        faults.Expect(records.divisions, rate.city, "rates", rate.item, "city");
    }
    for (const Limit& limit : records.limits) {
        faults.Expect(records.divisions, limit.city, "limits", limit.id, "city");
    }
    if (!faults.faults.empty()) return Refuse(std::move(faults.faults));
    return {};
}

}  // namespace onewindow::reference
