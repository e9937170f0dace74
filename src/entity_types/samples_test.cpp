// Goal: every sample in samples/ can be filed: no fault, a name that may be held, papers that can be drawn, everybody
// who must sign is there; and the one-person company asks for no more than 25 typed fields.

#include "application/testing/filled_form.hpp"

namespace onewindow::entity_types {
namespace {

using namespace application::testing;
using Lines = std::vector<std::string>;

const std::vector<std::string> kSamples = {"one_person_company",  "limited_company",   "corporate_company",
                                           "sole_proprietorship", "individual_business", "branch",
                                           "partnership_general", "partnership_limited", "cooperative"};

class Sample : public ::testing::TestWithParam<std::string> {
   protected:
    Sample() : document_(LoadSample(GetParam())), type_(TypeOf(json::TextAt(document_, "entity_type"))) {}

    const json::object document_;
    const application::EntityType& type_;
    const json::object& given_ = document_.at("facts").as_object();
};

TEST_P(Sample, HasNoFaultAndANameThatMayBeHeld) {
    const std::string county = json::TextAt(document_, "county");
    EXPECT_EQ(FaultsOf(type_, given_), Lines{});
    EXPECT_EQ(NameFindings(type_, given_, county), Lines{});
    EXPECT_EQ(Seed().CountyOf(json::TextAt(given_, "address.street"))->code, county);
    const auto route = Seed().AuthorityFor({.entity_type = type_.id, .division = county});
    ASSERT_TRUE(route);
    EXPECT_TRUE(route->served);
}

TEST_P(Sample, ListsEverybodyWhoLogsIn) {
    const json::array& persons = document_.at("persons").as_array();
    const json::array& people = given_.at("people").as_array();
    ASSERT_EQ(persons.size(), people.size());
    for (std::size_t i = 0; i < people.size(); ++i) {
        for (const char* field : {"key", "name", "id_type", "id_number", "mobile"}) {
            EXPECT_EQ(json::TextAt(persons[i], field), json::TextAt(people[i], field));
        }
        // Samples use sequences of 900–999 only; see samples/README.md.
        EXPECT_EQ(json::TextAt(people[i], "id_number")[14], '9');
    }
    EXPECT_NE(application::FindPerson(given_, json::TextAt(document_, "applicant")), nullptr);
}

TEST_P(Sample, HasASignatureOnEveryPaperAndNoOneTwice) {
    const json::object facts = Completed(type_, given_);
    std::set<std::string> papers, unsigned_papers, seen;
    for (const auto& paper : type_.papers(SeedContext(), facts)) {
        EXPECT_TRUE(papers.insert(paper.id).second) << paper.id;
        EXPECT_FALSE(paper.title.empty());
    }
    unsigned_papers = papers;
    bool has_contact = false;
    for (const auto& one : type_.signatories(facts)) {
        EXPECT_NE(application::FindPerson(facts, one.person), nullptr) << one.capacity;
        EXPECT_TRUE(seen.insert(one.person + " " + one.capacity + " " + one.principal).second) << one.person << one.capacity;
        EXPECT_EQ(one.verified_only, one.papers.empty()) << one.capacity;
        has_contact |= one.verified_only && one.capacity == "contact";
        for (const std::string& paper : one.papers) {
            EXPECT_TRUE(papers.contains(paper)) << paper;
            unsigned_papers.erase(paper);
        }
    }
    EXPECT_EQ(unsigned_papers, std::set<std::string>{});
    EXPECT_TRUE(has_contact);
    EXPECT_NE(application::FindPerson(facts, type_.name_seal_of(facts)), nullptr);
    EXPECT_EQ(type_.name_seal_of(facts), application::HeadOf(facts));
}

TEST_P(Sample, DrawsItsPapers) {
    for (const auto& paper : type_.papers(SeedContext(), Completed(type_, given_))) {
        const auto document = documents::FlowOnA4(paper.title, "2026-11-23T09:00:00+08:00", paper.paragraphs, "申报号 样本");
        EXPECT_EQ(documents::MissingGlyphs(document), Lines{}) << paper.id;
        const auto pdf = documents::RenderPdf(document);
        ASSERT_TRUE(pdf) << paper.id << pdf.error().Describe();
        EXPECT_TRUE(pdf->starts_with("%PDF-"));
    }
}

TEST_P(Sample, HasALicence) {
    const json::object facts = Completed(type_, given_);
    const auto wording = type_.licence(SeedContext(), facts);
    EXPECT_FALSE(wording.name.empty());
    EXPECT_FALSE(wording.type_text.empty());
    EXPECT_FALSE(wording.person.empty());
    EXPECT_FALSE(wording.place.empty());
    EXPECT_FALSE(wording.scope.empty());
    EXPECT_EQ(wording.capital_label.empty(), wording.capital_fen == 0);
    EXPECT_TRUE(Seed().Knows("enterprise_type", wording.type_code));
}

INSTANTIATE_TEST_SUITE_P(Samples, Sample, ::testing::ValuesIn(kSamples), [](const auto& sample) { return sample.param; });

TEST(Samples, AreInNineCities) {
    std::set<std::string> cities;
    for (const std::string& name : kSamples) cities.insert(Seed().CityOf(json::TextAt(LoadSample(name), "county"))->code);
    EXPECT_EQ(cities.size(), 9u);
}

TEST(Samples, AskOneFounderForFewFields) {
    const application::EntityType& type = TypeOf("one_person_company");
    // With the sections of every matter: one form, one fact once.
    const int typed = forms::CountTypedFields(FormOf(type), Filled("one_person_company"));
    EXPECT_LE(typed, 25);
    EXPECT_GE(typed, 6);  // Name, street, detail, ownership, items, capital.
}

}  // namespace
}  // namespace onewindow::entity_types
