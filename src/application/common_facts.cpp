#include <set>

#include "application/common_reasons.hpp"
#include "application/sections.hpp"
#include "kernel/text/text.hpp"
#include "reference/codes/codes.hpp"

// What every kind of business derives and checks from the shared sections.
namespace onewindow::application {
namespace {

const json::value* FindByKey(const json::object& facts, std::string_view section, std::string_view key) {
    for (const json::value& row : Rows(facts, section)) {
        if (json::TextAt(row, "key") == key) return &row;
    }
    return nullptr;
}

void DerivePerson(const Context& context, json::object& person) {
    if (json::TextAt(person, "id_type", "resident_id") != "resident_id") return;
    const auto report = reference::CheckId(json::TextAt(person, "id_number"), context.today);
    if (!report.valid) return;
    // GB 11643: digits 7–14 are the birth date, an odd 17th digit is male.
    const std::string& number = report.code;
    person["birth_date"] = number.substr(6, 4) + "-" + number.substr(10, 2) + "-" + number.substr(12, 2);
    person["sex"] = (number[16] - '0') % 2 == 1 ? "male" : "female";
}

void DeriveKeys(json::object& facts, std::string_view section, char letter) {
    json::value* rows = facts.if_contains(boost::json::string_view(section.data(), section.size()));
    if (rows == nullptr || !rows->is_array()) return;
    std::size_t number = 0;
    for (json::value& row : rows->get_array()) {
        ++number;
        if (row.is_object() && !row.get_object().contains("key")) row.get_object()["key"] = letter + std::to_string(number);
    }
}

/// The main postcode of each city; facts of the post, by GB/T 2260 code.
std::string_view PostcodeOf(std::string_view city) {
    static constexpr std::pair<std::string_view, std::string_view> kPostcodes[] = {
        {"370100", "250000"}, {"370200", "266000"}, {"370300", "255000"}, {"370400", "277000"}, {"370500", "257000"},
        {"370600", "264000"}, {"370700", "261000"}, {"370800", "272000"}, {"370900", "271000"}, {"371000", "264200"},
        {"371100", "276800"}, {"371300", "276000"}, {"371400", "253000"}, {"371500", "252000"}, {"371600", "256600"},
        {"371700", "274000"}};
    for (const auto& [code, postcode] : kPostcodes) {
        if (code == city) return postcode;
    }
    return {};
}

void DerivePlace(const Context& context, json::object& facts) {
    const std::string street = json::TextAt(facts, "address.street");
    const reference::Division* city = context.reference.CityOf(street);
    if (city != nullptr && json::TextAt(facts, "address.postcode").empty() && !PostcodeOf(city->code).empty()) {
        json::SetAt(facts, "address.postcode", json::value(PostcodeOf(city->code)));
    }
    const reference::Division* county = context.reference.CountyOf(street);
    const reference::Hall* hall = county == nullptr ? nullptr : context.reference.HallOf(county->code);
    const bool wanted = json::TextAt(facts, "delivery.collect") == "hall" && json::TextAt(facts, "delivery.hall").empty();
    if (hall != nullptr && wanted) json::SetAt(facts, "delivery.hall", json::value(hall->id));
}

void CheckOrganisations(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    std::set<std::string> codes, keys;
    for (const json::value& person : Rows(facts, "people")) keys.insert(json::TextAt(person, "key"));
    std::size_t index = 0;
    for (const json::value& row : Rows(facts, "organisations")) {
        const std::string path = "organisations." + std::to_string(index++);
        const std::string key = json::TextAt(row, "key");
        if (!keys.insert(key).second) faults.push_back({&reasons::kKeyTwice, path + ".key", {{"key", key}}});
        if (!codes.insert(json::TextAt(row, "uscc")).second) faults.push_back({&reasons::kSameOrganisationTwice, path + ".uscc", {}});
        CheckAdult(context, facts, json::TextAt(row, "representative"), path + ".representative", faults);
    }
}

std::string FirstMobile(const json::object& facts) {
    const json::array& people = Rows(facts, "people");
    return people.empty() ? "" : json::TextAt(people.front(), "mobile");
}

}  // namespace

const json::array& Rows(const json::object& facts, std::string_view section) {
    static const json::array kNone;
    const json::value* node = facts.if_contains(boost::json::string_view(section.data(), section.size()));
    return node != nullptr && node->is_array() ? node->get_array() : kNone;
}

std::vector<std::string> Texts(const json::object& facts, std::string_view path) {
    std::vector<std::string> texts;
    const json::value root = facts;  // Find points into what it is given; an object alone would be a temporary value.
    const json::value* node = json::Find(root, path);
    if (node == nullptr || !node->is_array()) return texts;
    for (const json::value& item : node->get_array()) {
        if (item.is_string()) texts.emplace_back(std::string_view(item.get_string()));
    }
    return texts;
}

const json::value* FindPerson(const json::object& facts, std::string_view key) { return FindByKey(facts, "people", key); }

const json::value* FindOrganisation(const json::object& facts, std::string_view key) {
    return FindByKey(facts, "organisations", key);
}

std::string PersonName(const json::object& facts, std::string_view key) {
    const json::value* person = FindPerson(facts, key);
    return person == nullptr ? "" : json::TextAt(*person, "name");
}

std::string HolderName(const json::object& facts, std::string_view key) {
    if (const json::value* organisation = FindOrganisation(facts, key)) return json::TextAt(*organisation, "name");
    return PersonName(facts, key);
}

std::string HeadOf(const json::object& facts) {
    for (const std::string_view field : {"legal_representative", "investor", "operator", "head"}) {
        const std::string key = json::TextAt(facts, "offices." + std::string(field));
        if (!key.empty()) return key;
    }
    for (const json::value& row : Rows(facts, "investors")) {
        if (!json::BoolAt(row, "executive")) continue;
        const std::string delegate = json::TextAt(row, "delegate");
        const std::string holder = json::TextAt(row, "holder");
        if (!delegate.empty() || FindOrganisation(facts, holder) == nullptr) return delegate.empty() ? holder : delegate;
    }
    return "";
}

std::string JoinNames(const json::object& facts, const std::vector<std::string>& keys) {
    std::string names;
    for (const std::string& key : keys) names += (names.empty() ? "" : "、") + HolderName(facts, key);
    return names;
}

std::string FullAddress(const Context& context, const json::object& facts) {
    return context.reference.FullDivisionName(json::TextAt(facts, "address.street")) + json::TextAt(facts, "address.detail");
}

std::string ScopeSentence(const Context& context, const json::object& facts) {
    const auto sentence = context.reference.ComposeScope(Texts(facts, "scope.items"));
    return sentence ? *sentence : "";
}

void DefaultToOnlyPerson(json::object& facts, std::string_view path, bool list) {
    const json::array& people = Rows(facts, "people");
    if (people.size() != 1 || json::Find(facts, path) != nullptr) return;
    const std::string key = json::TextAt(people.front(), "key");
    json::SetAt(facts, path, list ? json::value(json::array{json::value(key)}) : json::value(key));
}

std::string WanYuan(std::int64_t fen) {
    std::string text = fmt::format("{}.{:06}", fen / 1'000'000, fen % 1'000'000);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
}

void DeriveCommon(const Context& context, json::object& facts) {
    DeriveKeys(facts, "people", 'p');
    DeriveKeys(facts, "organisations", 'o');
    if (json::value* people = facts.if_contains("people"); people != nullptr && people->is_array()) {
        for (json::value& person : people->get_array()) {
            if (person.is_object()) DerivePerson(context, person.get_object());
        }
    }
    if (const auto items = Texts(facts, "scope.items"); !items.empty()) json::SetAt(facts, "scope.main", json::value(items.front()));
    if (json::TextAt(facts, "address.phone").empty() && !FirstMobile(facts).empty()) {
        json::SetAt(facts, "address.phone", json::value(FirstMobile(facts)));
    }
    DerivePlace(context, facts);
}

void DeriveFromHead(json::object& facts) {
    const std::string head = HeadOf(facts);
    if (head.empty()) return;
    for (const std::string_view path : {"offices.finance", "offices.contact", "delivery.receiver"}) {
        if (json::Find(facts, path) == nullptr) json::SetAt(facts, path, json::value(head));
    }
}

void CheckCommon(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    std::size_t index = 0;
    const json::array& approvals = Rows(facts, "approvals");
    for (const std::string& id : Texts(facts, "scope.items")) {
        const reference::ScopeItem* item = context.reference.FindScopeItem(id);
        const std::string field = "scope.items." + std::to_string(index++);
        if (item == nullptr || item->stage != "before") continue;
        const bool approved = std::any_of(approvals.begin(), approvals.end(), [&](const json::value& row) {
            return json::TextAt(row, "item") == id;
        });
        if (!approved) {
            faults.push_back({&reasons::kApprovalMissing, field, {{"item", item->text}, {"permit", item->permit}, {"department", item->department}}});
        }
    }
    index = 0;
    for (const json::value& row : approvals) {
        const std::string field = "approvals." + std::to_string(index++) + ".valid_until";
        const auto date = ParseDate(json::TextAt(row, "date"));
        const std::string until = json::TextAt(row, "valid_until");
        if (!until.empty()) {
            const auto last = ParseDate(until);
            if (last && *last < context.today) faults.push_back({&reasons::kApprovalExpired, field, {{"until", until}}});
        } else if (date && AddDays(*date, 90) < context.today) {
            // 实施细则 22: without a stated validity and older than 90 days it has to be confirmed.
            faults.push_back({&reasons::kApprovalOld, field, {{"date", FormatDate(*date)}}});
        }
    }
    std::set<std::string> documents;
    index = 0;
    for (const json::value& person : Rows(facts, "people")) {
        const std::string document = json::TextAt(person, "id_type") + ":" + json::TextAt(person, "id_number");
        const std::string field = "people." + std::to_string(index++) + ".id_number";
        if (!documents.insert(document).second) faults.push_back({&reasons::kSamePersonTwice, field, {}});
    }
    CheckOrganisations(context, facts, faults);
}

std::optional<int> AgeOf(const Context& context, const json::object& facts, std::string_view key) {
    const json::value* person = FindPerson(facts, key);
    const auto birth = person == nullptr ? ParseDate("") : ParseDate(json::TextAt(*person, "birth_date"));
    if (!birth) return std::nullopt;
    return AgeOn(*birth, context.today);
}

void CheckFamily(const Context& context, const json::object& facts, std::string_view head, int age_min,
                 std::vector<Fault>& faults) {
    std::set<std::string> seen{std::string(head)};
    std::size_t index = 0;
    for (const json::value& row : Rows(facts, "family_members")) {
        const std::string path = "family_members." + std::to_string(index++) + ".person";
        const std::string key = json::TextAt(row, "person");
        const std::string name = PersonName(facts, key);
        if (!seen.insert(key).second) faults.push_back({&reasons::kFamilyMemberTwice, path, {{"person", name}}});
        const auto age = AgeOf(context, facts, key);
        if (age && *age < age_min) {
            faults.push_back({&reasons::kFamilyMemberMinor, path, {{"person", name}, {"age", std::to_string(age_min)}}});
        }
    }
}

void CheckAdult(const Context& context, const json::object& facts, std::string_view key, const std::string& field,
                std::vector<Fault>& faults) {
    const auto age = AgeOf(context, facts, key);
    if (age && *age < 18) faults.push_back({&reasons::kMinor, field, {{"person", PersonName(facts, key)}}});
}

}  // namespace onewindow::application
