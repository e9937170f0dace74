#pragma once

#include <functional>
#include <string>
#include <vector>

#include "forms/forms.hpp"
#include "kernel/documents/page.hpp"
#include "naming/naming.hpp"
#include "reference/reference.hpp"

namespace onewindow::application {

/// What rules may look at beside the facts.
struct Context {
    const reference::Snapshot& reference;
    Instant now;
    Date today;
};

/// What the licence prints (实施细则 art. 23); labels by entity type (domain.md E1).
struct LicenceWording {
    std::string name = {};        // A 个体工商户 without name: "个体工商户（经营者姓名）"
    std::string type_text = {};   // "有限责任公司（自然人独资）"
    std::string type_code = {};   // "1151"
    std::string person_label = {};  // "法定代表人"
    std::string person = {};      // Shown on the licence; public by law.
    std::string capital_label = {};  // Empty where none is printed.
    std::int64_t capital_fen = 0;
    std::string place_label = {};  // "住所"
    std::string place = {};
    std::string scope = {};       // Composed sentence.
};

/// A paper that the facts give: articles, decision, appointment, commitment, application.
struct PaperDraft {
    std::string id;
    std::string title;
    std::vector<documents::Paragraph> paragraphs = {};
};

/// One required signature: a human in a capacity for a principal, on listed papers (签署矩阵, domain.md J3).
struct Signatory {
    std::string person;      // Key in people[].
    std::string capacity;    // "shareholder", "director", "legal_representative", "guardian", "authorised_human", …
    std::string principal = {};   // For whom: empty for oneself, else name or USCC of the organisation, or key of the minor.
    std::vector<std::string> papers = {};
    bool verified_only = false;  // 联络员 and others of 细则 16 who sign nothing.
};

/// Answers to the guide that lead to a kind of business: who founds it, and what answers for its debts (empty: whatever).
struct GuideFit {
    std::string founder;         // "alone": text "guide.founder.<founder>"
    std::string liability = {};  // "limited": text "guide.liability.<liability>"
};

/// One kind of business; a folder of its own under entity_types/.
struct EntityType {
    std::string id;                 // "one_person_company"; name in messages: "entity_type.<id>"
    std::string uscc_department;    // "91", "92", "93"
    bool smart_approval = false;    // May be granted without an officer when all rules pass (policy §3).
    bool needs_name = true;         // A 个体工商户 may go without.
    naming::OrgKind org_kind = naming::OrgKind::kCompany;  // What the name's 组织形式 has to fit.
    std::vector<forms::Section> sections;
    std::function<void(const Context&, json::object& facts)> derive;
    std::function<void(const Context&, const json::object& facts, std::vector<Fault>& faults)> check;
    std::function<LicenceWording(const Context&, const json::object& facts)> licence;
    std::function<std::vector<PaperDraft>(const Context&, const json::object& facts)> papers;
    std::function<std::vector<Signatory>(const json::object& facts)> signatories;
    /// Whose square name seal belongs to the set, as key in people[].
    std::function<std::string(const json::object& facts)> name_seal_of;
    std::vector<GuideFit> fits = {};
};

}  // namespace onewindow::application
