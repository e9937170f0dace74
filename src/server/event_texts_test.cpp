// Goal: everything that a person reads of an event is in words of both languages: every kind has a sentence, and every
// value that can stand in it that is no name, number or time has a text.

#include <set>

#include "application/testing/filled_form.hpp"
#include "handover/api_types.hpp"
#include "progress/event_text.hpp"
#include "progress/pause_reasons.hpp"
#include "server/testing/house.hpp"

namespace onewindow::server {
namespace {

using Values = std::vector<std::string>;
using messages::Language;

/// Names, numbers and times: they stand as they are.
const std::set<std::string> kOpen = {"count", "deadline_at", "name",   "uscc",   "established", "fitting", "hall_name", "label",
                                     "tracking", "notice",   "note",   "due_at", "used_ms",     "version", "receipt",   "last_day",
                                     "day",      "slot",     "maker_name", "value"};

template <class Enum>
Values AllOf() {
    Values values;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>(
        [&](auto entry) { values.push_back(json::EnumText(entry.name)); });
    return values;
}

Values Matters() {
    Values values;
    for (const exchange::Matter& matter : embedded::AllMatters()) values.push_back(matter.id);
    return values;
}

Values Steps() {
    Values values;
    for (const exchange::Matter& matter : embedded::AllMatters()) {
        for (const auto& list : {matter.steps, matter.late_steps}) {
            for (const exchange::Step& step : list) values.push_back(matter.id + ":" + step.id);
        }
    }
    return values;
}

Values Joined(Values values, const Values& more) {
    values.insert(values.end(), more.begin(), more.end());
    return values;
}

/// What signs, in any sample of any kind of business.
Values Capacities() {
    std::set<std::string> found = {"guardian", "family_member", "delegated_representative"};
    for (const char* sample : {"one_person_company", "limited_company", "corporate_company", "sole_proprietorship", "individual_business",
                               "branch", "partnership_general", "partnership_limited", "cooperative"}) {
        const json::object document = application::testing::LoadSample(sample);
        const auto& type = application::testing::TypeOf(json::TextAt(document, "entity_type"));
        const json::object facts = application::testing::Completed(type, document.at("facts").as_object());
        for (const auto& one : type.signatories(facts)) found.insert(one.capacity);
    }
    return {found.begin(), found.end()};
}

Values ItemKinds() {
    return {"licence_original", "licence_duplicate", "seal_company", "seal_finance", "seal_invoice", "seal_person", "invoices", "tax_device", "policy_pack"};
}

Values Holders() {
    std::set<std::string> found = {"applicant", "authority:370102", "maker:M3701001", "courier:ems", "system"};
    for (const exchange::Matter& matter : embedded::AllMatters()) found.insert("agency:" + matter.agency);
    return {found.begin(), found.end()};
}

Values PauseReasonCodes() {
    Values values;
    for (const progress::PauseReason& reason : progress::PauseReasons()) values.emplace_back(reason.code);
    return values;
}

/// All values of a closed member of an event's sentence; nothing where nobody has said which they are.
Values KnownValues(const std::string& kind, const std::string& member) {
    const bool tracks = kind.starts_with("exchange."), things = kind.starts_with("handover.");
    if (member == "from" || member == "to") return AllOf<application::State>();
    if (member == "state" && tracks) return {"waiting", "not_applicable", "deferred"};
    if (member == "matter") return Matters();
    if (member == "step") return Steps();
    if (member == "what") return Joined(Joined({"submission", "licence", "kit"}, Matters()), Steps());
    if (member == "subject") {
        Values subjects = {"case", "stage:1", "stage:2", "law"};
        for (const std::string& matter : Matters()) subjects.insert(subjects.end(), {"track:" + matter, "track:" + matter + "#2"});
        return subjects;
    }
    if (member == "holder") return Holders();
    if (member == "reason" && kind == "progress.clock_charged") return PauseReasonCodes();
    if (member == "reason" && things) return Joined(AllOf<handover::LossReason>(), AllOf<handover::ReturnReason>());
    if (member == "reason" && kind.starts_with("review.switched_")) return {"由人写明"};  // What a person wrote.
    if (member == "method" && things) return Joined({"code"}, AllOf<handover::IdentityMethod>());
    if (member == "kind" && things) return ItemKinds();
    if (member == "capacity") return Capacities();
    if (member == "decline_reason") return {"data_wrong", "terms_not_agreed", "capacity_not_agreed", "no_longer_wanted", "other"};
    if (member == "outcome") return {"pass", "refer"};
    if (member == "result") return {"confirmed", "objected"};
    if (member == "scope") return {"rule", "type", "place"};
    if (member == "cause" && tracks) return {"lost", "busy", "refused", "bad_reply", "wrong", "double"};
    if (member == "cause") return {"given_up", "expired"};
    if (member == "counts" || member == "late") return {"true", "false"};
    return {};
}

std::set<std::string> MembersIn(const std::string& sentence) {
    std::set<std::string> members;
    for (auto open = sentence.find('{'); open != std::string::npos; open = sentence.find('{', open + 1))
        members.insert(sentence.substr(open + 1, sentence.find('}', open) - open - 1));
    return members;
}

/// Does what a person reads still show how machines write it?
bool ShowsRaw(const std::string& text, const std::string& value, Language language) {
    const bool code = value.find_first_of("_/:#") != std::string::npos;
    const bool word = value.find_first_not_of("abcdefghijklmnopqrstuvwxyz_/:#0123456789") == std::string::npos;
    if (text.find('{') != std::string::npos) return true;
    if (!word && !code) return false;
    const std::string head = value.substr(0, value.find(':'));
    if (language == Language::kChinese) return text.find(code ? head : value) != std::string::npos;
    return code && text.find(value) != std::string::npos;
}

std::string TextOf(const messages::Messages& texts, Language language, const std::string& kind, const std::string& member, std::string value) {
    progress::Event event{.kind = kind, .actor = "system", .data = {}, .sensitive = {}};
    if (member == "step") {
        event.data["matter"] = value.substr(0, value.find(':'));
        value = value.substr(value.find(':') + 1);
    }
    event.data[member] = value == "true" ? json::value(true) : value == "false" ? json::value(false) : json::value(value);
    return progress::EventText(texts, language, event);
}

class EventTexts : public House {};

TEST_P(EventTexts, EveryKindAndEveryKnownValueReadsInBothLanguages) {
    const messages::Messages& texts = world_.services.messages;
    int values = 0;
    for (const std::string& kind : rooms_->event_kinds().Names()) {
        const std::string key = "event." + kind;
        for (const Language language : {Language::kChinese, Language::kEnglish}) {
            ASSERT_TRUE(texts.Has(key, language)) << key;
            const std::string sentence = texts.Get(key, language);
            for (const std::string& member : MembersIn(sentence)) {
                if (kOpen.contains(member)) continue;
                const Values known = KnownValues(kind, member);
                EXPECT_FALSE(known.empty()) << kind << " says {" << member << "}: say which values it has, or that it is a name";
                for (const std::string& value : known) {
                    ++values;
                    const std::string raw = member == "step" ? value.substr(value.find(':') + 1) : value;
                    // The other members of the sentence stay open here; only this one is looked at.
                    std::string text = TextOf(texts, language, kind, member, value);
                    for (const std::string& other : MembersIn(text)) {
                        EXPECT_NE(other, member) << kind;
                        text.erase(text.find("{" + other + "}"), other.size() + 2);
                    }
                    EXPECT_FALSE(ShowsRaw(text, raw, language)) << kind << " {" << member << "} " << value << ": " << text;
                }
            }
        }
    }
    EXPECT_GT(values, 500);
}

TEST_P(EventTexts, TheWalkSeesARawValue) {
    const messages::Messages& texts = world_.services.messages;
    const std::string text = TextOf(texts, Language::kChinese, "application.state_changed", "to", "never_heard_of");
    EXPECT_TRUE(ShowsRaw(text, "never_heard_of", Language::kChinese));
    EXPECT_TRUE(KnownValues("application.opened", "anything").empty());
}

OW_BOTH_ENGINES(EventTexts);

}  // namespace
}  // namespace onewindow::server
