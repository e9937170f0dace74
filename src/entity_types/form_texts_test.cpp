// Goal: every section, field and option of every kind of business can be read in both languages.

#include "application/testing/filled_form.hpp"
#include "kernel/embedded.hpp"

namespace onewindow::entity_types {
namespace {

using messages::Language;

TEST(FormTexts, AreThereInBothLanguages) {
    const auto files = embedded::AllMessages();
    const messages::Messages texts = messages::Messages::Load(files).value();
    std::set<std::string> missing;
    const auto need = [&](const std::string& key) {
        if (!texts.Has(key, Language::kChinese)) missing.insert("zh " + key);
        if (!texts.Has(key, Language::kEnglish)) missing.insert("en " + key);
    };
    const auto agree = [&](const std::string& key) {
        if (texts.Has(key, Language::kChinese) || texts.Has(key, Language::kEnglish)) need(key);
    };
    for (const application::EntityType& type : embedded::AllEntityTypes()) {
        need("entity_type." + type.id);
        for (const forms::Section& section : application::testing::FormOf(type).sections) {
            need("form." + section.id + ".title");
            agree("form." + section.id + ".why");
            for (const forms::Field& field : section.fields) {
                const std::string key = "form." + section.id + "." + field.id;
                need(key + ".label");
                agree(key + ".hint");
                for (const std::string& option : field.options) need(key + "." + option);
            }
        }
    }
    EXPECT_EQ(missing, std::set<std::string>{});
    EXPECT_EQ(embedded::AllEntityTypes().size(), 8u);
}

}  // namespace
}  // namespace onewindow::entity_types
