// Goal: the number is the licence's, the invoice mode decides what is waited for and what is handed over (J22).

#include "application/testing/filled_form.hpp"
#include "departments/tax/new_taxpayer/reasons.hpp"
#include "exchange/matter.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::departments::tax::new_taxpayer {
exchange::Matter MakeMatter();
namespace {

application::CaseView OnePersonCompany() {
    application::CaseView view;
    view.the_case.entity_type = "one_person_company";
    view.the_case.county = "370102";
    return view;
}

struct NewTaxpayer : ::testing::Test {
    exchange::Matter matter = MakeMatter();
    application::Context context = application::testing::SeedContext();
    application::CaseView view = OnePersonCompany();
    licence::LicenceFacts licence = {};
    json::object notes;
    json::object answer{{"taxpayer_number", "91370102MA0000000X"}, {"tax_types", json::array{"vat"}},
                        {"invoice_mode", "digital"}, {"invoice_grant", 10'000'000}};
    exchange::MatterInput input{view, &licence, context, notes};
    void SetUp() override { licence.uscc = "91370102MA0000000X"; }
};

TEST_F(NewTaxpayer, DigitalInvoicesWaitForNothingAndBringNothing) {
    EXPECT_TRUE(matter.starts_after_also(input).empty());
    EXPECT_TRUE(matter.read_result(input, answer).value().items.empty());
    answer["device_serial"] = "SK1";
    EXPECT_REFUSED(matter.read_result(input, answer), reasons::kDeviceSerial);
}

TEST_F(NewTaxpayer, TaxControlWaitsForTheImprintAndBringsADevice) {
    notes["invoice_mode"] = "tax_control";
    EXPECT_EQ(matter.starts_after_also(input), std::vector<std::string>{"public_security/seals:imprint_uploaded"});
    EXPECT_REFUSED(matter.read_result(input, answer), reasons::kInvoiceMode);
    answer["invoice_mode"] = "tax_control";
    EXPECT_REFUSED(matter.read_result(input, answer), reasons::kDeviceSerial);
    answer["device_serial"] = "SK1";
    EXPECT_EQ(matter.read_result(input, answer).value().items.size(), 2u);
    answer["taxpayer_number"] = "91370102MA0000000Y";
    EXPECT_REFUSED(matter.read_result(input, answer), reasons::kTaxpayerNumber);
}

}  // namespace
}  // namespace onewindow::departments::tax::new_taxpayer
