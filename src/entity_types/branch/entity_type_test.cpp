// Goal: a branch carries its company's name, has no capital, and the company's legal representative signs for it.

#include "application/testing/filled_form.hpp"

namespace onewindow::entity_types::branch {
namespace {

using namespace application::testing;

TEST(Branch, Checks) {
    ExpectRules("branch",
                {{"as it is", {}, {}},
                 {"another name", {{"name.full", R"("菏泽中原云仓供应链有限公司曹县分公司")"}}, {"name.full branch.name_not_of_parent"}},
                 {"the company's own name", {{"name.full", R"("河南中原云仓供应链有限公司")"}}, {"name.full branch.name_not_of_parent"}},
                 {"half-width brackets are the same", {{"parent.name", R"("红光(北京)酒业有限公司")"}, {"name.full", R"("红光（北京）酒业有限公司曹县分公司")"}}, {}},
                 {"the company's code is none", {{"parent.uscc", R"("91410100MA0DEM021X")"}}, {"parent.uscc forms.uscc"}},
                 {"the company's code is a cooperative's", {{"parent.uscc", R"("93410100MA0DEM021F")"}}, {"parent.uscc branch.parent_code"}},
                 {"a head of sixteen", {{"people.0.id_number", R"("371721201007159555")"}}, {"offices.head application.minor"}},
                 {"nobody signs for the company", {{"parent.legal_representative", ""}}, {"parent.legal_representative forms.missing"}},
                 {"no capital is asked", {{"capital", R"({"amount":1})"}}, {"capital forms.unknown_section"}}});
}

TEST(Branch, TheCompanysRepresentativeSigns) {
    EXPECT_EQ(SignatureMatrix(TypeOf("branch"), Filled("branch")),
              (std::vector<std::string>{"he authorised_human 91410100MA0DEM021M: application appointment",
                                        "zheng head: application commitment personal_details", "(zheng contact:)"}));
    const std::string appointment = TextOfPaper(TypeOf("branch"), Filled("branch"), "appointment");
    EXPECT_NE(appointment.find("任命郑磊为该分公司负责人"), std::string::npos);
    EXPECT_NE(appointment.find("非独立核算"), std::string::npos);
}

TEST(Branch, MirrorsTheTypeOfItsCompany) {
    const application::EntityType& type = TypeOf("branch");
    const auto wording = type.licence(SeedContext(), Filled("branch"));
    EXPECT_EQ(wording.type_text, "有限责任公司分公司（自然人投资或控股）");
    EXPECT_EQ(wording.person_label + wording.person, "负责人郑磊");
    EXPECT_EQ(wording.capital_label, "");
    EXPECT_EQ(wording.place_label, "经营场所");
    for (const forms::Section& section : type.sections) {
        if (section.id != "parent") continue;
        for (const std::string& kind : section.fields[2].options) {
            const auto other = type.licence(SeedContext(), Filled("branch", {{"parent.kind", "\"" + kind + "\""}}));
            EXPECT_FALSE(other.type_text.empty()) << kind;
        }
    }
}

}  // namespace
}  // namespace onewindow::entity_types::branch
