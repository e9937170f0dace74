// Goal: every kind of code is accepted by the rule of its standard only, with the reason that
// helps.

#include "reference/codes/codes.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "kernel/testing/expect_refused.hpp"
#include "reference/reasons.hpp"

namespace onewindow::reference {
namespace {

const Date kToday{std::chrono::year{2026} / 11 / 22};
const std::string kSamr = "11100000MB0143028R";  // The State Administration for Market Regulation.

TEST(Codes, KnowTheVectors) {
    std::ifstream file(ONEWINDOW_SOURCE_DIR "/src/reference/testdata/vectors_other_codes.csv");
    std::string line;
    std::getline(file, line);
    int seen = 0;
    while (std::getline(file, line)) {
        const auto first = line.find(','), second = line.find(',', first + 1);
        const std::string kind = line.substr(0, first);
        const std::string code = line.substr(first + 1, second - first - 1);
        const bool expected = line.find("invalid") == std::string::npos;
        const std::string_view name = kind == "regno15"   ? "regno"
                                      : kind == "cnaps12" ? "bank"
                                                          : "cert";
        const auto report = CheckCode(name, code, kToday);
        ASSERT_OK(report);
        EXPECT_EQ(report->valid, expected) << code << " " << report->reason;
        ++seen;
    }
    EXPECT_EQ(seen, 11);
}

TEST(Codes, AcceptOfficialExamples) {
    for (const char* code : {"11010519491231002X", "440524188001010014"}) {
        EXPECT_TRUE(CheckId(code, kToday).valid) << code;
    }
    for (const char* code : {"11100000MB0143028R", "11430000006122244L", "11100000000013338W"}) {
        EXPECT_TRUE(CheckUscc(code).valid) << code;
    }
}

TEST(Codes, NameTheirParts) {
    const CodeReport id = CheckId("11010519491231002X", kToday);
    EXPECT_EQ(id.parts.at("division"), "110105");
    EXPECT_EQ(id.parts.at("birth"), "1949-12-31");
    EXPECT_EQ(id.parts.at("sex"), "female");
    EXPECT_EQ(CheckId("440524188001010014", kToday).parts.at("sex"), "male");
    const CodeReport uscc = CheckUscc(kSamr);
    EXPECT_EQ(uscc.parts.at("division"), "100000");
    EXPECT_EQ(uscc.parts.at("body"), "MB014302");
    EXPECT_EQ(uscc.parts.at("category_name"), "机关");
}

TEST(Codes, TrimAndFoldButNeverRaiseLetters) {
    EXPECT_EQ(CheckUscc(" \t１１１０００００ＭＢ０１４３０２８Ｒ\xE3\x80\x80\n").code, kSamr);
    EXPECT_TRUE(CheckUscc("　11100000MB0143028R　").valid);
    EXPECT_EQ(CheckUscc("11100000mb0143028R").reason, "reference.code_lower_case");
    EXPECT_EQ(CheckUscc("11100000mb0143028R").code, "11100000mb0143028R");
    EXPECT_EQ(CheckId("11010519491231002x", kToday).reason, "reference.code_lower_case");
    EXPECT_EQ(CheckId("11010519491231002ｘ", kToday).reason, "reference.code_lower_case");
    EXPECT_TRUE(CheckId("11010519491231002Ｘ", kToday).valid);
    EXPECT_EQ(CheckCert("1.2.156.3005.2.a").reason, "reference.code_lower_case");
}

TEST(Codes, RefuseEachFaultByItsReason) {
    struct Case {
        const char* kind;
        const char* code;
        const char* reason;
    };
    const Case cases[] = {
        {"uscc", "", "reference.code_empty"},
        {"uscc", "11100000MB0143028", "reference.code_length"},
        {"uscc", "11100000MB0143028RR", "reference.code_length"},
        {"uscc", "11100000MB0143O28R", "reference.code_character"},  // The letter O.
        {"uscc", "111000-00MB0143028R", "reference.code_character"},
        {"uscc", "01100000MB0143028R", "reference.uscc_department"},
        {"uscc", "1110000AMB0143028R", "reference.uscc_division"},
        {"uscc", "11100000MB0143018R", "reference.uscc_body_check"},
        {"uscc", "11100000MB01430281", "reference.uscc_check"},
        {"uscc", "11110000MB0143028R",
         "reference.uscc_check"},  // The body is right, the division is not.
        {"id", "110105491231002", "reference.id_fifteen_digits"},
        {"id", "11010519491231002", "reference.code_length"},
        {"id", "1101051949123100XX", "reference.code_character"},
        {"id", "99010519491231002X", "reference.id_division"},
        {"id", "11010519490231002X", "reference.id_birth_date"},
        {"id", "11010517001231002X", "reference.id_birth_date"},
        {"id", "11010520261123002X", "reference.id_birth_in_future"},
        {"id", "110105194912310021", "reference.id_check"},
        {"regno", "44030020759376", "reference.code_length"},
        {"regno", "44030020759376A", "reference.code_character"},
        {"regno", "440300207593768", "reference.regno_check"},
        {"bank", "313451000018", "reference.bank_check"},
        {"seal", "990102000000", "reference.code_length"},
        {"seal", "9901020000001", "reference.seal_division"},
        {"seal", "3701020000000", "reference.seal_sequence"},
        {"cert", "1.2.156.3005.3.A", "reference.cert_prefix"},
        {"cert", "1.2.156.3005.2.A.B.C.001.1", "reference.cert_parts"},
        {"cert", "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.000.U",
         "reference.cert_version"},
        {"cert", "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.V",
         "reference.cert_check"},
        {"case", "370102202613220000010", "reference.case_date"},
    };
    for (const auto& [kind, code, reason] : cases) {
        const auto report = CheckCode(kind, code, kToday);
        ASSERT_OK(report);
        EXPECT_FALSE(report->valid) << code;
        EXPECT_EQ(report->reason, reason) << code;
        ASSERT_NE(report->fault, nullptr);
        EXPECT_EQ(report->fault->code, report->reason);
    }
    EXPECT_REFUSED(CheckCode("isbn", "1", kToday), reasons::kCodeKind);
}

TEST(Codes, AcceptAbolishedDivisionsAndABirthToday) {
    // 371202 was a district of Laiwu until 2018.
    EXPECT_TRUE(CheckId("371202199001010016", kToday).valid);
    EXPECT_TRUE(CheckId("110105202611220028", kToday).valid);
}

TEST(Codes, MadeCodesPassTheirChecks) {
    for (const char* department : {"91", "92", "93"}) {
        const auto uscc =
            MakeUscc({.department = department, .division = "370102", .body = "MA3C0001"});
        ASSERT_OK(uscc);
        EXPECT_TRUE(CheckUscc(*uscc).valid) << *uscc;
    }
    const auto rebuilt = MakeUscc({.department = "11", .division = "100000", .body = "MB014302"});
    ASSERT_OK(rebuilt);
    EXPECT_EQ(*rebuilt, kSamr);

    const auto cert = MakeCertId({.type = "11100000000013338W011",
                                  .issuer = "11430000006122244L",
                                  .serial = "20230000403",
                                  .version = 1});
    ASSERT_OK(cert);
    EXPECT_EQ(*cert, "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U");

    const auto number = MakeCaseNumber({.division = "370102", .date = kToday, .sequence = 42});
    ASSERT_OK(number);
    EXPECT_EQ(number->substr(0, 20), "37010220261122000042");
    EXPECT_TRUE(CheckCaseNumber(*number).valid);
    const auto seal = MakeSealNumber("370102", 7);
    ASSERT_OK(seal);
    EXPECT_EQ(*seal, "3701020000007");
}

TEST(Codes, AreNotMadeFromWrongParts) {
    EXPECT_REFUSED(MakeUscc({"0", "370102", "MA3C0001"}), reasons::kUsccDepartment);
    EXPECT_REFUSED(MakeUscc({"91", "37010", "MA3C0001"}), reasons::kUsccDivision);
    EXPECT_REFUSED(MakeUscc({"91", "370102", "MA3C001"}), reasons::kCodeLength);
    EXPECT_REFUSED(MakeUscc({"91", "370102", "MA3CO001"}), reasons::kCodeCharacter);
    EXPECT_REFUSED(MakeCertId({.type = "A", .issuer = "B", .serial = "C"}), reasons::kCertParts);
    EXPECT_REFUSED(MakeCaseNumber({"3701", kToday, 1}), reasons::kDivisionUnknown);
    EXPECT_REFUSED(MakeSealNumber("370102", 0), reasons::kSealSequence);
}

TEST(Codes, EverySingleWrongDigitAndSwapIsFound) {
    // MOD 11,10 promises this for one wrong digit; GB 11643 and GB 32100 also for swapped
    // neighbours.
    const std::string bank = "313451000019", id = "11010519491231002X";
    for (std::size_t at = 0; at < bank.size(); ++at) {
        for (char digit = '0'; digit <= '9'; ++digit) {
            std::string other = bank;
            other[at] = digit;
            EXPECT_EQ(CheckBank(other).valid, other == bank) << other;
        }
    }
    for (const std::string& code : {id, kSamr}) {
        for (std::size_t at = 0; at + 1 < code.size(); ++at) {
            std::string other = code;
            std::swap(other[at], other[at + 1]);
            const bool valid = code == id ? CheckId(other, kToday).valid : CheckUscc(other).valid;
            EXPECT_EQ(valid, other == code) << other;
        }
    }
}

TEST(Codes, SpeakTheAgreedJson) {
    const auto json = ToJson(CheckBank("313451000018"));
    EXPECT_EQ(
        boost::json::serialize(json),
        R"({"code":"313451000018","kind":"bank","valid":false,"reason":"reference.bank_check",)"
        R"("parts":{"area":"4510","bank":"313","branch":"0001","check":"8"}})");
}

}  // namespace
}  // namespace onewindow::reference
