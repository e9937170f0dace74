#include "signing/board.hpp"
#include "signing/queries.gen.hpp"

// The board's rows: reading them, and writing them from events only.
namespace onewindow::signing {
namespace {

using progress::StoredEvent;

Result<> Done(Result<std::int64_t> changed) {
    if (!changed) return Failure(std::move(changed).error());
    return {};
}

Result<> ApplyOpened(db::Transaction& tx, const StoredEvent& event) {
    const json::object& data = event.event.data;
    OW_CHECK(tx.Execute(queries::kUpsertBoard, event.case_id, json::IntAt(data, "number"),
                        json::IntAt(data, "deadline_at"), event.at));
    for (const json::value& kept : data.at("kept").as_array()) {
        OW_CHECK(tx.Execute(queries::kKeepRequest, json::TextAt(kept, "id"),
                            json::TextAt(kept, "person_key"), json::IntAt(kept, "ordinal"),
                            json::Canonical(kept.at("papers")), event.sequence));
    }
    for (const json::value& opened : data.at("requests").as_array()) {
        const std::string id = json::TextAt(opened, "id");
        OW_CHECK(tx.Execute(queries::kInsertRequest, id, event.case_id,
                            json::IntAt(opened, "ordinal"), json::TextAt(opened, "person_key"),
                            json::TextAt(event.event.sensitive, "documents." + id),
                            json::TextAt(opened, "capacity"), json::TextAt(opened, "principal"),
                            json::BoolAt(opened, "verified_only"),
                            json::Canonical(opened.at("papers")), event.at, event.sequence));
    }
    return {};
}

Result<> Change(db::Transaction& tx, const StoredEvent& event, SignatureState state,
                std::string_view reason = {}) {
    return Done(tx.Execute(queries::kChangeRequest, json::TextAt(event.event.data, "request"),
                           std::string(json::Write(state).as_string()), reason, event.at,
                           event.sequence));
}

Result<> ApplySeen(db::Transaction& tx, const StoredEvent& event) {
    return Change(tx, event, SignatureState::kSeen);
}

Result<> ApplyDeclined(db::Transaction& tx, const StoredEvent& event) {
    return Change(tx, event, SignatureState::kDeclined,
                  json::TextAt(event.event.data, "decline_reason"));
}

Result<> ApplyNotMe(db::Transaction& tx, const StoredEvent& event) {
    return Change(tx, event, SignatureState::kDeclined, "not_me");
}

Result<> ApplyWithdrawn(db::Transaction& tx, const StoredEvent& event) {
    return Change(tx, event, SignatureState::kWithdrawnBySigner);
}

Result<> ApplyReplaced(db::Transaction& tx, const StoredEvent& event) {
    return Change(tx, event, SignatureState::kReplaced);
}

Result<> VoidAll(db::Transaction& tx, const StoredEvent& event) {
    for (const json::value& voided : event.event.data.at("requests").as_array()) {
        OW_CHECK(tx.Execute(queries::kChangeRequest, json::TextAt(voided, "id"), "void",
                            json::TextAt(voided, "why"), event.at, event.sequence));
    }
    return {};
}

Result<> ApplyDeadlinePassed(db::Transaction& tx, const StoredEvent& event) {
    OW_CHECK(VoidAll(tx, event));
    return Done(tx.Execute(queries::kSetBoardState, event.case_id, "passed"));
}

Result<> ApplyClosed(db::Transaction& tx, const StoredEvent& event) {
    OW_CHECK(VoidAll(tx, event));
    return Done(tx.Execute(queries::kSetBoardState, event.case_id, "closed"));
}

Result<> ApplySigned(db::Transaction& tx, const StoredEvent& event) {
    const json::object &data = event.event.data, &sensitive = event.event.sensitive;
    OW_TRY(const std::string signature, crypto::FromBase64(json::TextAt(sensitive, "signature")));
    OW_TRY(const std::string certificate,
           crypto::FromBase64(json::TextAt(sensitive, "certificate_sealed")));
    const std::string request = json::TextAt(data, "request");
    OW_CHECK(tx.Execute(queries::kInsertSignature, event.id, request, event.case_id,
                        json::TextAt(data, "person"), json::TextAt(sensitive, "statement"),
                        db::Bytes{signature}, json::TextAt(sensitive, "certificate_id"),
                        db::Bytes{certificate}, json::TextAt(data, "evidence_sm3"),
                        json::TextAt(data, "method"), json::TextAt(data, "level"),
                        json::IntAt(data, "verified_at"), event.at));
    return Done(tx.Execute(queries::kSignRequest, request, event.id, event.at, event.sequence));
}

}  // namespace

SignatureState ReadState(std::string_view text) {
    SignatureState state = SignatureState::kVoid;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<SignatureState>>(
        [&](auto entry) {
            if (json::EnumText(entry.name) == text) state = entry.value;
        });
    return state;
}

SignRequest ReadRequest(const db::Row& row) {
    SignRequest request{.id = row.Text("id"),
                        .case_id = row.As<CaseId>("case_id"),
                        .ordinal = row.Int("ordinal"),
                        .person_key = row.Text("person_key"),
                        .document_hash = row.Text("document_hash"),
                        .capacity = row.Text("capacity"),
                        .principal = row.Text("principal"),
                        .verified_only = row.Bool("verified_only"),
                        .state = ReadState(row.Text("state")),
                        .reason = row.Text("reason"),
                        .signature = row.Text("signature"),
                        .opened_at = row.Time("opened_at")};
    // Written by ourselves, so that it reads back.
    request.papers =
        json::Read<std::vector<SignPaper>>(json::Parse(row.Text("papers")).value()).value();
    return request;
}

json::array ToJson(const std::vector<SignPaper>& papers) { return json::Write(papers).as_array(); }

bool IsAsked(SignatureState state) {
    return state == SignatureState::kOpen || state == SignatureState::kSeen;
}

/// Who took a signature back may give it again while the board stands.
bool IsSignable(SignatureState state) {
    return IsAsked(state) || state == SignatureState::kWithdrawnBySigner;
}

bool SamePapers(const std::vector<SignPaper>& left, const std::vector<SignPaper>& right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const SignPaper& one, const SignPaper& other) {
                          return one.id == other.id && one.data_sm3 == other.data_sm3 &&
                                 one.rendering_sm3 == other.rendering_sm3;
                      });
}

void RegisterEvents(progress::EventKinds& kinds) {
    kinds.Register("signing.opened", ApplyOpened);
    kinds.Register("signing.voided", VoidAll);
    kinds.Register("signing.seen", ApplySeen);
    kinds.Register("signing.signed", ApplySigned);
    kinds.Register("signing.declined", ApplyDeclined);
    kinds.Register("signing.withdrawn", ApplyWithdrawn);
    kinds.Register("signing.replaced", ApplyReplaced);
    kinds.Register("signing.not_me", ApplyNotMe);
    kinds.Register("signing.deadline_passed", ApplyDeadlinePassed);
    kinds.Register("signing.closed", ApplyClosed);
}

}  // namespace onewindow::signing
