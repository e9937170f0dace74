// Goal: one table-driven description gives the served form, its defaults, every fault at once, and masks.

#include "forms/forms.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "forms/reasons.hpp"

namespace onewindow::forms {
namespace {

Form LemonadeForm() {
    Section stand{.id = "stand",
                  .fields = {{.id = "owner", .type = FieldType::kPersonRef, .required_when = Always()},
                             {.id = "price", .type = FieldType::kMoney, .min = 1, .max = 10'000},
                             {.id = "colour", .type = FieldType::kChoice, .options = {"yellow", "green"}, .default_value = "yellow"},
                             {.id = "permit", .type = FieldType::kText, .asked_when = Equals("stand.colour", "green"), .max = 5},
                             {.id = "county", .type = FieldType::kRegion, .lookup = "county"}}};
    Section people{.id = "people",
                   .fields = {{.id = "key", .max = 10},
                              {.id = "name", .type = FieldType::kHanzi, .privacy = Privacy::kPersonal},
                              {.id = "id_type", .type = FieldType::kChoice, .options = {"resident_id", "passport"}, .default_value = "resident_id"},
                              {.id = "id_number", .type = FieldType::kIdNumber, .privacy = Privacy::kSensitive},
                              {.id = "mobile", .type = FieldType::kMobile, .required_when = Never(), .privacy = Privacy::kPersonal}},
                   .repeats = true,
                   .rows_min = 1,
                   .rows_max = 2};
    return {{stand, people}};
}

Lookups LemonadeLookups() {
    return {[](std::string_view list, std::string_view code) { return list == "county" && code == "370102"; },
            Date{std::chrono::year{2026} / 11 / 23}};
}

std::vector<std::string> FaultsOf(std::string_view text, bool complete = true) {
    std::vector<std::string> found;
    json::object facts = json::Parse(text)->as_object();
    FillDefaults(LemonadeForm(), facts);
    for (const Fault& fault : Validate(LemonadeForm(), facts, LemonadeLookups(), complete)) {
        found.push_back(fault.field + " " + std::string(fault.code()));
    }
    return found;
}

TEST(Forms, AcceptsAWholeForm) {
    EXPECT_EQ(FaultsOf(R"({"stand":{"owner":"a","price":100,"colour":"green","permit":"甲乙丙丁戊","county":"370102"},
        "people":[{"key":"a","name":"周岚","id_number":"11010519491231002X","mobile":"13812345678"}]})"),
              std::vector<std::string>{});
}

TEST(Forms, ReportsEveryFaultSorted) {
    const std::vector<std::string> expected = {
        "extra forms.unknown_section",      "people.0.id_number forms.id_number", "people.0.mobile forms.mobile",
        "people.0.name forms.hanzi",        "people.1.id_number forms.missing",   "people.1.key forms.duplicate_key",
        "people.1.name forms.missing",      "people.1.pet forms.unknown_field",   "stand.colour forms.choice",
        "stand.county forms.unknown_code",  "stand.owner forms.unknown_person",   "stand.permit forms.not_asked",
        "stand.price forms.too_large"};
    EXPECT_EQ(FaultsOf(R"({"extra":{},"stand":{"owner":"b","price":10001,"colour":"pink","permit":"x","county":"999999"},
        "people":[{"key":"a","name":"Zhou","id_number":"110105194912310021","mobile":"12345678901"},{"key":"a","pet":1}]})"),
              expected);
}

TEST(Forms, ADraftMayBeIncompleteButNotWrong) {
    EXPECT_EQ(FaultsOf("{}", false), std::vector<std::string>{});
    EXPECT_EQ(FaultsOf(R"({"stand":{"price":"much"}})", false), std::vector<std::string>{"stand.price forms.wrong_type"});
    EXPECT_EQ(FaultsOf(R"({"stand":[],"people":{}})", false),
              (std::vector<std::string>{"people forms.wrong_type", "stand forms.wrong_type"}));
}

TEST(Forms, RefusesHiddenCharacters) {
    // Override, isolate, zero width, line separator, C1 control, tag, private use.
    for (const char* hidden : {"\u202E", "\u2067", "\u200B", "\u2028", "\xC2\x85", "\U000E0041", "\uE000"}) {
        EXPECT_EQ(FaultsOf(std::string("{\"stand\":{\"colour\":\"green\",\"permit\":\"a") + hidden + "b\"}}", false),
                  std::vector<std::string>{"stand.permit forms.characters"});
    }
}

TEST(Forms, TakesACodeOnlyAsItIsWritten) {
    EXPECT_EQ(FaultsOf(R"({"people":[{"key":"a","id_number":"１１０１０５１９４９１２３１００２Ｘ"},{"key":"b","id_number":" 11010519491231002X"}]})", false),
              (std::vector<std::string>{"people.0.id_number forms.id_number", "people.1.id_number forms.id_number"}));
}

TEST(Forms, StopsAtAThousandFaults) {
    std::string facts = "{";
    for (int i = 0; i < 3000; ++i) facts += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":1";
    EXPECT_EQ(FaultsOf(facts + "}", false).size(), 1000U);
}

TEST(Forms, NamesTheFieldAndTheReasonInTheSentence) {
    const messages::File file{"forms", "en", R"("form.people.title" = "People"
"form.people.id_number.label" = "ID number"
"form.scope.title" = "Scope"
"form.scope.items.label" = "Items"
"forms.label_of_item" = "{label} {number}"
"forms.label_in_row" = "{section} {number}: {label}"
"reference.id_check" = "The last character is wrong.")"};
    const auto messages = messages::Messages::Load(std::span(&file, 1));
    ASSERT_TRUE(messages.has_value());
    const auto arguments = [&](std::string field) {
        return ArgumentsOf(*messages, messages::Language::kEnglish, {&reasons::kIdNumber, std::move(field), {{"why", "reference.id_check"}}});
    };
    EXPECT_EQ(arguments("people.1.id_number").at("field"), "People 2: ID number");
    EXPECT_EQ(arguments("people").at("field"), "People");
    EXPECT_EQ(arguments("people.0").at("field"), "People 1");
    EXPECT_EQ(arguments("scope.items.0").at("field"), "Items 1");
    EXPECT_EQ(arguments("people.0.planet").at("field"), "people.0.planet");
    EXPECT_EQ(arguments("people.0.999999999999.x").at("field"), "people.0.999999999999.x");
    EXPECT_EQ(arguments("").at("field"), "");
    EXPECT_EQ(arguments("people").at("why"), "The last character is wrong.");
}

TEST(Forms, FillsDefaultsAndCountsTypedFields) {
    json::object facts = json::Parse(R"({"people":[{"key":"a"}]})")->as_object();
    FillDefaults(LemonadeForm(), facts);
    EXPECT_EQ(json::TextAt(facts, "stand.colour"), "yellow");
    EXPECT_EQ(json::TextAt(facts, "people.0.id_type"), "resident_id");
    EXPECT_EQ(CountTypedFields(LemonadeForm(), facts), 6);  // owner, price, county; key, name, id_number
}

TEST(Forms, MasksPersonalValues) {
    const json::object facts =
        json::Parse(R"({"people":[{"key":"a","name":"周岚","id_number":"11010519491231002X","mobile":"13812345678"}]})")->as_object();
    const json::object masked = Masked(LemonadeForm(), facts);
    EXPECT_EQ(json::TextAt(masked, "people.0.key"), "a");
    EXPECT_EQ(json::Text(masked).find("周岚"), std::string::npos);
    EXPECT_EQ(json::Text(masked).find("19491231"), std::string::npos);
    EXPECT_EQ(json::Text(masked).find("13812345678"), std::string::npos);
}

TEST(Forms, PicksOnlyWhatIsListed) {
    const json::object facts = json::Parse(R"({"a":{"x":1,"y":2},"rows":[{"p":1,"q":2},{"q":3}],"b":{}})")->as_object();
    EXPECT_EQ(json::Text(Pick(facts, {"a.x", "rows.p", "c.d"})), R"({"a":{"x":1},"rows":[{"p":1},{}]})");
}

TEST(Forms, ConditionsByVectors) {
    const json::value root = *json::Parse(R"({"a":{"kind":"x","n":3,"empty":"","list":[1,2]},"rows":[{"k":"y"}]})");
    const json::value& row = root.at("rows").at(0);
    EXPECT_TRUE(Holds(Equals("a.kind", "x"), root, nullptr));
    EXPECT_FALSE(Holds(Equals("a.none", "x"), root, nullptr));
    EXPECT_TRUE(Holds(In("a.n", {1, 3}), root, nullptr));
    EXPECT_FALSE(Holds(Present("a.empty"), root, nullptr));
    EXPECT_TRUE(Holds(Present("a.n"), root, nullptr));
    EXPECT_TRUE(Holds(CountAtLeast("a.list", 2), root, nullptr));
    EXPECT_FALSE(Holds(CountAtLeast("a.list", 3), root, nullptr));
    EXPECT_TRUE(Holds(Equals(".k", "y"), root, &row));
    EXPECT_FALSE(Holds(Equals(".k", "y"), root, nullptr));
    EXPECT_TRUE(Holds(And({Not(Never()), Or({Never(), Always()})}), root, nullptr));
}

}  // namespace
}  // namespace onewindow::forms
