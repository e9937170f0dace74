#include "application/reasons.hpp"
#include "licence/face.hpp"
#include "licence/licence.hpp"
#include "licence/queries.gen.hpp"
#include "licence/rows.hpp"
#include "licence/token.hpp"

// The job that makes a granted licence an issued one: draw, sign, store; then one transaction.
namespace onewindow::licence {
namespace {

using std::chrono::minutes;

constexpr std::string_view kJob = "licence.render";

/// A signer may take the signature back until the licence (domain.md J12; invariant I16).
Result<bool> IsSigned(db::Transaction& tx, const application::Application& application,
                      const CaseId& case_id) {
    return application.is_signed ? application.is_signed(tx, case_id) : Result<bool>(true);
}

}  // namespace

/// What a rendering rests on.
struct Licences::Draft {
    LicenceFacts facts;
    std::string state;
    Instant granted_at;
    application::CaseView view;
    Date today;
    std::vector<Fault> faults;  // Of the rules on the day of issue.
};

Result<Licences::Draft> Licences::ReadDraft(const CaseId& case_id) const {
    const application::Application& application = deps_.application;
    return application.deps().services.database.Read([&](db::Transaction& tx) -> Result<Draft> {
        OW_TRY(const auto row, tx.FindOne(queries::kFindLicence, case_id));
        OW_ASSERT(row.has_value());
        OW_TRY(application::CaseView view, application.View(tx, case_id));
        OW_TRY(const auto ground, application.GroundOf(tx, view.the_case));
        Draft draft{.facts = ReadFacts(*row),
                    .state = row->Text("state"),
                    .granted_at = row->Time("granted_at"),
                    .view = std::move(view),
                    .today = ground.context.today,
                    .faults = {}};
        // 公司法 47 counts the five years from the founding: the day of issue decides (domain.md
        // J31).
        draft.faults = application.Check(ground, draft.view.the_case, draft.view.facts, true);
        OW_TRY(const bool all_signed, IsSigned(tx, application, case_id));
        if (!all_signed) draft.faults.push_back({&application::reasons::kNotSigned, "", {}});
        return draft;
    });
}

Result<LicenceFile> Licences::MakeFile(const Draft& draft, std::string_view kind) const {
    const LicenceFacts& facts = draft.facts;
    const std::string token = MakeToken({.id = facts.id,
                                         .uscc = facts.uscc,
                                         .name_sm3 = crypto::Hex(crypto::Sm3(facts.name)),
                                         .issued = FormatDate(draft.today)},
                                        deps_.key_id, deps_.key);
    const Face face{.uscc = facts.uscc,
                    .name = facts.name,
                    .type_text = facts.type_text,
                    .person_label = facts.person_label,
                    .person = facts.person,
                    .capital_label = facts.capital_label,
                    .capital_text = facts.capital_text,
                    .place_label = facts.place_label,
                    .place = facts.place,
                    .scope = facts.scope,
                    .authority_name = facts.authority_name,
                    .date = FormatDateChinese(draft.today),
                    .qr = deps_.public_url + "/v/" + facts.id + "?t=" + token,
                    .created = FormatInstant(std::chrono::floor<std::chrono::seconds>(draft.granted_at)),
                    .demo = deps_.demo};
    OW_TRY(const std::string pdf,
           documents::RenderPdf(kind == "original" ? MakeOriginal(face) : MakeDuplicate(face)));
    OW_TRY(std::string blob, deps_.blobs.Put(pdf));
    return LicenceFile{.kind = std::string(kind),
                       .blob = std::move(blob),
                       .sm3 = crypto::Hex(crypto::Sm3(pdf)),
                       .key_id = deps_.key_id,
                       .signature = crypto::Base64(deps_.key.Sign(pdf)),
                       .token = token};
}

Result<> Licences::Issue(db::Transaction& tx, const jobs::Job& job, const Draft& draft,
                         const std::vector<LicenceFile>& files) const {
    const application::Application& application = deps_.application;
    OW_TRY(application::Case the_case, application.Lock(tx, draft.view.the_case.id));
    OW_TRY(const bool all_signed, IsSigned(tx, application, the_case.id));
    if (!all_signed) return Refuse(application::reasons::kNotSigned);
    json::array written;
    for (const LicenceFile& file : files) {
        written.push_back(json::object{{"kind", file.kind},
                                       {"blob", file.blob},
                                       {"sm3", file.sm3},
                                       {"key_id", file.key_id},
                                       {"signature", file.signature},
                                       {"token", file.token}});
    }
    OW_CHECK(application.deps().recorder.Record(tx, the_case.id,
                                                {.kind = "licence.issued",
                                                 .actor = "system",
                                                 .data = {{"id", draft.facts.id},
                                                          {"uscc", draft.facts.uscc},
                                                          {"name", draft.facts.name},
                                                          {"established", FormatDate(draft.today)},
                                                          {"version", draft.facts.version},
                                                          {"files", written}}}));
    OW_CHECK(application.Move(tx, the_case, application::State::kLicensed, "system"));
    OW_CHECK(application.Move(tx, the_case, application::State::kCompleting, "system"));
    if (on_issued) {
        OW_TRY(const application::CaseView view, application.View(tx, the_case.id));
        OW_TRY(const auto facts, OfCase(tx, the_case.id));
        OW_ASSERT(facts.has_value());
        OW_CHECK(on_issued(tx, view, *facts));
    }
    deps_.crash.Reach("licence.issued");
    return jobs::Finish(tx, application.deps().services.clock, job);
}

Result<> Licences::Recall(db::Transaction& tx, const jobs::Job& job, const Draft& draft) const {
    const application::Application& application = deps_.application;
    OW_TRY(const application::Case the_case, application.Lock(tx, draft.view.the_case.id));
    json::array reasons;
    for (const Fault& fault : draft.faults)
        reasons.push_back(
            json::object{{"field", fault.field}, {"reason", json::value(fault.code())}});
    OW_CHECK(application.deps().recorder.Record(
        tx, the_case.id,
        {.kind = "licence.recalled", .actor = "system", .data = {{"reasons", reasons}}}));
    if (on_recalled && the_case.state == application::State::kReviewing) {
        OW_TRY(const application::CaseView view, application.View(tx, the_case.id));
        OW_CHECK(on_recalled(tx, view, draft.faults));
    }
    return jobs::Finish(tx, application.deps().services.clock, job);
}

jobs::Outcome Licences::Render(const jobs::Job& job) const {
    api::Services& services = deps_.application.deps().services;
    const auto arguments = json::Parse(job.arguments);
    if (!arguments) return jobs::GiveUp{"arguments"};
    const auto draft = ReadDraft(CaseId(json::TextAt(*arguments, "case")));
    if (!draft) return jobs::Retry{.why = draft.error().Describe()};
    const auto outcome = [&](const Result<>& result) -> jobs::Outcome {
        if (result) return jobs::Done{};
        return jobs::Retry{.why = result.error().Describe()};
    };
    if (draft->state != "granted") {
        return outcome(services.database.Write(
            [&](db::Transaction& tx) { return jobs::Finish(tx, services.clock, job); }));
    }
    // Nothing moves while a case is frozen; the licence waits for the answer. Only its founders may still withdraw.
    const bool reviewing = draft->view.the_case.state == application::State::kReviewing;
    if (draft->view.the_case.frozen && reviewing) return jobs::Wait{services.clock.Now() + minutes{5}};
    if (!draft->faults.empty() || !reviewing) {
        return outcome(
            services.database.Write([&](db::Transaction& tx) { return Recall(tx, job, *draft); }));
    }
    const auto original = MakeFile(*draft, "original");
    if (!original) return jobs::Retry{.why = original.error().Describe()};
    const auto duplicate = MakeFile(*draft, "duplicate");
    if (!duplicate) return jobs::Retry{.why = duplicate.error().Describe()};
    deps_.crash.Reach("licence.rendered");
    // Midnight in between: the face would carry yesterday (条例 21).
    if (services.clock.Today() != draft->today) return jobs::Retry{.why = "the day has changed"};
    return outcome(services.database.Write([&](db::Transaction& tx) {
        return Issue(tx, job, *draft, {*original, *duplicate});
    }));
}

void Licences::RegisterJobs(jobs::Runner& runner) {
    runner.Register(std::string(kJob),
                    {.lease = std::chrono::milliseconds{120'000}, .parallel_max = 2},
                    [this](const jobs::Job& job) { return Render(job); });
}

}  // namespace onewindow::licence
