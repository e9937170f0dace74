// Goal: the generator gives applications that pass every check, that are distinct, and that reach every county.

#include "demo/generate.hpp"

#include "application/testing/filled_form.hpp"

namespace onewindow::demo {
namespace {

using namespace application::testing;
using Lines = std::vector<std::string>;

TEST(GenerateApplication, TwoHundredPassEveryCheck) {
    std::map<std::string, int> types;
    for (std::uint64_t n = 0; n < 200; ++n) {
        const json::object one = GenerateApplication(7, n, Seed());
        const application::EntityType& type = TypeOf(json::TextAt(one, "entity_type"));
        const json::object& facts = one.at("facts").as_object();
        const std::string county = json::TextAt(one, "county");
        EXPECT_EQ(FaultsOf(type, facts), Lines{}) << n << json::Text(one);
        EXPECT_EQ(NameFindings(type, facts, county), Lines{}) << n << json::TextAt(facts, "name.full");
        EXPECT_EQ(Seed().CountyOf(json::TextAt(facts, "address.street"))->code, county);
        ++types[type.id];
    }
    EXPECT_EQ(types.size(), 8u);
    EXPECT_GT(types["one_person_company"], 60);
}

TEST(GenerateApplication, NothingComesTwice) {
    std::set<std::string> names, documents, mobiles, counties;
    std::size_t named = 0, people = 0;
    for (std::uint64_t n = 0; n < 5'000; ++n) {
        const json::object one = GenerateApplication(20261123, n, Seed());
        const json::object& facts = one.at("facts").as_object();
        counties.insert(json::TextAt(one, "county"));
        if (const std::string name = json::TextAt(facts, "name.full"); !name.empty()) {
            ++named;
            names.insert(name);
        }
        for (const char* section : {"people", "employees"}) {
            for (const json::value& person : application::Rows(facts, section)) {
                ++people;
                documents.insert(json::TextAt(person, "id_number"));
                mobiles.insert(json::TextAt(person, "mobile"));
            }
        }
    }
    EXPECT_EQ(names.size(), named);
    EXPECT_EQ(documents.size(), people);
    EXPECT_EQ(mobiles.size(), people);
    EXPECT_EQ(counties.size(), 136u);
}

TEST(GenerateApplication, RepeatsItselfAndOnlyItself) {
    EXPECT_EQ(json::Text(GenerateApplication(1, 2, Seed())), json::Text(GenerateApplication(1, 2, Seed())));
    EXPECT_NE(json::Text(GenerateApplication(1, 2, Seed())), json::Text(GenerateApplication(2, 2, Seed())));
    EXPECT_NE(json::Text(GenerateApplication(1, 2, Seed())), json::Text(GenerateApplication(1, 3, Seed())));
}

}  // namespace
}  // namespace onewindow::demo
