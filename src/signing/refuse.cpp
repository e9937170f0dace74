#include "application/reasons.hpp"
#include "signing/queries.gen.hpp"
#include "signing/reasons.hpp"
#include "signing/sign.hpp"

// Everything but a signature: declining, taking back, "this is not me", replacing a signer.
namespace onewindow::signing {

using application::State;

Result<SignatureStateAnswer> Signing::Decline(api::Call& call, const std::string& reason) const {
    return Act(call,
               [&](db::Transaction& tx, application::Case& the_case,
                   const SignRequest& request) -> Result<> {
                   OW_CHECK(MaySign(tx, the_case, request));
                   OW_CHECK(Record(tx, the_case.id,
                                   {.kind = "signing.declined",
                                    .actor = "person:" + call.principal.person,
                                    .data = {{"request", request.id},
                                             {"capacity", request.capacity},
                                             {"decline_reason", reason}}}));
                   return TellApplicant(tx, the_case, "notice.sign_declined",
                                        "signing.declined:" + request.id);
               });
}

/// Until the licence: afterwards the registration stands and only its own remedies change it.
Result<SignatureStateAnswer> Signing::TakeBack(api::Call& call) const {
    return Act(
        call,
        [&](db::Transaction& tx, application::Case& the_case,
            const SignRequest& request) -> Result<> {
            const State state = the_case.state;
            const bool before_licence = state == State::kDrafting || state == State::kSigning ||
                                        state == State::kSubmitted || state == State::kReviewing ||
                                        state == State::kReturned;
            if (!before_licence) return Refuse(reasons::kTooLate);
            if (request.state != SignatureState::kSigned) return Refuse(reasons::kNotOpen);
            OW_CHECK(Record(tx, the_case.id,
                            {.kind = "signing.withdrawn",
                             .actor = "person:" + call.principal.person,
                             .data = {{"request", request.id}, {"capacity", request.capacity}}}));
            return TellApplicant(tx, the_case, "notice.sign_withdrawn",
                                 "signing.withdrawn:" + request.signature);
        });
}

/// Freezes at once and asks nothing more; somebody will look into it. At any time, also after the
/// licence.
Result<SignatureStateAnswer> Signing::NotMe(api::Call& call) const {
    return Act(
        call,
        [&](db::Transaction& tx, application::Case& the_case,
            const SignRequest& request) -> Result<> {
            if (request.reason == "not_me") return {};
            const std::string actor = "person:" + call.principal.person;
            OW_CHECK(Record(tx, the_case.id,
                            {.kind = "signing.not_me",
                             .actor = actor,
                             .data = {{"request", request.id}, {"capacity", request.capacity}}}));
            if (the_case.frozen) return {};
            return deps_.application.Freeze(tx, the_case.id, true, "signing.not_me", actor);
        });
}

/// By the applicant: somebody else will sign. The new person comes with the edited form and the
/// next opening.
Result<SignatureStateAnswer> Signing::Replace(api::Call& call,
                                              const std::string& person_key) const {
    const CaseId id(call.Path("case"));
    const std::string& request_id = call.Path("request");
    return call.Command<SignatureStateAnswer>(
        [&](db::Transaction& tx) -> Result<SignatureStateAnswer> {
            OW_TRY(const application::Case the_case, deps_.application.Lock(tx, id));
            call.subject = id.value();
            OW_CHECK(deps_.application.MayEdit(tx, call.principal, the_case));
            OW_TRY(const auto row, tx.FindOne(queries::kFindRequest, request_id));
            if (!row || row->Text("case_id") != id.value()) return Refuse(reasons::kNoRequest);
            const SignRequest request = ReadRequest(*row);
            if (the_case.frozen) return Refuse(application::reasons::kFrozen);
            const bool replaceable =
                IsSignable(request.state) || request.state == SignatureState::kDeclined;
            if (!replaceable) return Refuse(reasons::kNotMissing);
            OW_CHECK(Record(tx, id,
                            {.kind = "signing.replaced",
                             .actor = "person:" + call.principal.person,
                             .data = {{"request", request.id},
                                      {"capacity", request.capacity},
                                      {"by", person_key}}}));
            return SignatureStateAnswer{SignatureState::kReplaced};
        });
}

}  // namespace onewindow::signing
