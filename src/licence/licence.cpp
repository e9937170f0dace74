#include "licence/licence.hpp"

#include "application/reasons.hpp"
#include "kernel/documents/amount.hpp"
#include "licence/queries.gen.hpp"
#include "licence/reasons.hpp"
#include "licence/rows.hpp"
#include "reference/codes/codes.hpp"

// Granting and reading; the row changes through events only.
namespace onewindow::licence {
namespace {

using progress::StoredEvent;

std::string TextOf(const json::object& data, std::string_view name) {
    return json::TextAt(data, name);
}

Result<> ApplyGranted(db::Transaction& tx, const StoredEvent& event) {
    const json::object& data = event.event.data;
    OW_CHECK(tx.Execute(queries::kInsertLicence, event.case_id, TextOf(data, "id"),
                        TextOf(data, "uscc"), TextOf(data, "entity_type"), TextOf(data, "name"),
                        TextOf(data, "type_text"), TextOf(data, "type_code"),
                        TextOf(data, "person_label"), TextOf(data, "person"),
                        TextOf(data, "capital_label"), TextOf(data, "capital_text"),
                        json::IntAt(data, "capital_fen"), TextOf(data, "place_label"),
                        TextOf(data, "place"), TextOf(data, "scope"), TextOf(data, "authority"),
                        TextOf(data, "authority_name"), TextOf(data, "decided_by"), event.at));
    // On replay the blocks may be there already.
    OW_CHECK(tx.Execute(queries::kRaiseBlock, TextOf(data, "pool_prefix"),
                        json::IntAt(data, "pool_number")));
    return {};
}

Result<> ApplyIssued(db::Transaction& tx, const StoredEvent& event) {
    const json::object& data = event.event.data;
    OW_CHECK(tx.Execute(queries::kSetIssued, event.case_id, TextOf(data, "established"), event.at));
    for (const json::value& file : data.at("files").as_array()) {
        OW_CHECK(tx.Execute(queries::kInsertFile, event.case_id, json::TextAt(file, "kind"),
                            json::IntAt(data, "version"), json::TextAt(file, "blob"),
                            json::TextAt(file, "sm3"), json::TextAt(file, "key_id"),
                            json::TextAt(file, "signature"), json::TextAt(file, "token")));
    }
    return {};
}

Result<> ApplyRecalled(db::Transaction& tx, const StoredEvent& event) {
    OW_CHECK(tx.Execute(queries::kSetRecalled, event.case_id));
    return {};
}

/// The code that a case was given once, or a fresh one.
struct Code {
    std::string uscc, prefix;
    std::int64_t number = -1;
};

Result<Code> CodeFor(db::Transaction& tx, const std::optional<db::Row>& earlier,
                     const application::EntityType& type, const reference::Authority& authority) {
    if (earlier) return Code{.uscc = earlier->Text("uscc"), .prefix = "", .number = -1};
    OW_TRY(const PoolNumber number, TakeNumber(tx, authority.code));
    OW_TRY(std::string uscc,
           reference::MakeUscc({type.uscc_department, authority.uscc_division, number.body}));
    return Code{.uscc = std::move(uscc), .prefix = number.prefix, .number = number.number};
}

/// The held name becomes a registered one; examined once more by today's tables.
Result<> RegisterHeldName(db::Transaction& tx, const application::Application& application,
                          const application::Application::Ground& ground,
                          const application::CaseView& view) {
    if (view.the_case.name_hold.empty()) {
        if (json::TextAt(view.facts, "name.full").empty())
            return {};  // A 个体工商户 may go without (实施细则 6).
        return Refuse(reasons::kNameNotHeld, "name.full");
    }
    const naming::NameRequest request =
        application.NameRequestOf(ground, view.the_case, view.facts);
    const auto regions = application::Application::RegionsOf(ground);
    return naming::RegisterName(tx, application.NamingOf(ground, *regions),
                                application.deps().services.clock,
                                {.hold_id = naming::NameId(view.the_case.name_hold),
                                 .case_id = view.the_case.id.value(),
                                 .kind = request.kind,
                                 .seat = request.seat,
                                 .parent_name = request.parent_name,
                                 .approvals = request.approvals});
}

}  // namespace

LicenceFacts ReadFacts(const db::Row& row) {
    return {.id = row.Text("id"),
            .case_id = CaseId(row.Text("case_id")),
            .uscc = row.Text("uscc"),
            .name = row.Text("name"),
            .type_text = row.Text("type_text"),
            .type_code = row.Text("type_code"),
            .person_label = row.Text("person_label"),
            .person = row.Text("person"),
            .capital_label = row.Text("capital_label"),
            .capital_text = row.Text("capital_text"),
            .place_label = row.Text("place_label"),
            .place = row.Text("place"),
            .scope = row.Text("scope"),
            .capital_fen = row.Int("capital_fen"),
            .authority = row.Text("authority"),
            .authority_name = row.Text("authority_name"),
            .established = row.IsNull("established") ? Date{} : row.Day("established"),
            .issued_at = row.IsNull("issued_at") ? Instant{} : row.Time("issued_at"),
            .state = row.Text("state"),
            .version = static_cast<int>(row.Int("version"))};
}

LicenceFile ReadFileRow(const db::Row& row) {
    return {.kind = row.Text("kind"),
            .blob = row.Text("blob"),
            .sm3 = row.Text("sm3"),
            .key_id = row.Text("key_id"),
            .signature = row.Text("signature"),
            .token = row.Text("token")};
}

Licences::Licences(Deps deps) : deps_(std::move(deps)) {}

Result<std::string> DemoIssuerCode(const reference::Authority& authority) {
    return reference::MakeUscc({"11", authority.uscc_division, "MY" + authority.code});
}

Result<> Licences::Grant(db::Transaction& tx, const application::CaseView& view,
                         std::string_view decided_by) const {
    const application::Case& the_case = view.the_case;
    if (the_case.state != application::State::kReviewing) return Refuse(reasons::kNotInReview);
    OW_TRY(const auto earlier, tx.FindOne(queries::kFindLicence, the_case.id));
    if (earlier && earlier->Text("state") != "recalled") return Refuse(reasons::kAlreadyGranted);
    OW_TRY(const auto ground, deps_.application.GroundOf(tx, the_case));
    const application::EntityType* type = deps_.application.FindEntityType(the_case.entity_type);
    const reference::Authority* authority = ground.snapshot->FindAuthority(the_case.authority);
    OW_ASSERT(type != nullptr);
    if (authority == nullptr) return Refuse(reasons::kAuthorityUnknown, the_case.authority);
    // A signer may take the signature back until the licence (domain.md J12).
    if (deps_.application.is_signed) {
        OW_TRY(const bool all_signed, deps_.application.is_signed(tx, the_case.id));
        if (!all_signed) return Refuse(application::reasons::kNotSigned);
    }
    // A recalled grant registered the name already, unless the case has come back with another.
    bool registered = false;
    if (earlier && !the_case.name_hold.empty()) {
        OW_TRY(const auto name, naming::FindName(tx, naming::NameId(the_case.name_hold)));
        registered = name && name->status == naming::NameOf(naming::NameStatus::kRegistered);
    }
    if (!registered) OW_CHECK(RegisterHeldName(tx, deps_.application, ground, view));
    OW_TRY(const Code code, CodeFor(tx, earlier, *type, *authority));
    OW_TRY(const std::string issuer, DemoIssuerCode(*authority));
    OW_TRY(const std::string id,
           reference::MakeCertId({.type = std::string(reference::kLicenceCertType),
                                  .issuer = issuer,
                                  .serial = the_case.number,
                                  .version = 1}));
    const application::LicenceWording wording = type->licence(ground.context, view.facts);
    const std::string capital =
        wording.capital_label.empty() ? "" : documents::UpperCaseAmount(wording.capital_fen);
    OW_CHECK(
        deps_.application.deps().recorder.Record(tx, the_case.id,
                                                 {.kind = "licence.granted",
                                                  .actor = std::string(decided_by),
                                                  .data = {{"id", id},
                                                           {"uscc", code.uscc},
                                                           {"entity_type", type->id},
                                                           {"name", wording.name},
                                                           {"type_text", wording.type_text},
                                                           {"type_code", wording.type_code},
                                                           {"person_label", wording.person_label},
                                                           {"person", wording.person},
                                                           {"capital_label", wording.capital_label},
                                                           {"capital_text", capital},
                                                           {"capital_fen", wording.capital_fen},
                                                           {"place_label", wording.place_label},
                                                           {"place", wording.place},
                                                           {"scope", wording.scope},
                                                           {"authority", authority->code},
                                                           {"authority_name", authority->name},
                                                           {"decided_by", json::value(decided_by)},
                                                           {"pool_prefix", code.prefix},
                                                           {"pool_number", code.number}}}));
    const api::Services& services = deps_.application.deps().services;
    return jobs::Enqueue(tx, services.clock, services.random,
                         {.kind = "licence.render",
                          .arguments = json::Text(json::object{{"case", the_case.id.value()}}),
                          .subject = the_case.id.value(),
                          .run_at = services.clock.Now()});
}

Result<std::optional<LicenceFacts>> Licences::OfCase(db::Transaction& tx,
                                                     const CaseId& case_id) const {
    OW_TRY(const auto row, tx.FindOne(queries::kFindLicence, case_id));
    if (!row || row->IsNull("issued_at")) return std::optional<LicenceFacts>{};
    return std::optional<LicenceFacts>{ReadFacts(*row)};
}

Result<std::optional<LicenceFile>> Licences::FileOf(db::Transaction& tx, const CaseId& case_id,
                                                    std::string_view kind) const {
    OW_TRY(const auto row, tx.FindOne(queries::kFindFile, case_id, kind));
    if (!row) return std::optional<LicenceFile>{};
    return std::optional<LicenceFile>{ReadFileRow(*row)};
}

void RegisterEvents(progress::EventKinds& kinds) {
    kinds.Register("licence.granted", ApplyGranted);
    kinds.Register("licence.issued", ApplyIssued);
    kinds.Register("licence.recalled", ApplyRecalled);
}

}  // namespace onewindow::licence
