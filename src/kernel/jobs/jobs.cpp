#include "kernel/jobs/jobs.hpp"

#include "kernel/jobs/queries.gen.hpp"
#include "kernel/jobs/read_job.hpp"

namespace onewindow::jobs {
namespace {

/// Refuses by what became of the job, after a statement that changed nothing.
Result<> RefuseByState(db::Transaction& tx, const JobId& id) {
    OW_TRY(const auto row, tx.FindOne(queries::kFindState, id));
    return row ? Refuse(reasons::kNotOpen) : Refuse(reasons::kUnknown);
}

}  // namespace

Job ReadJob(const db::Row& row) {
    return {
        .id = row.As<JobId>("id"),
        .kind = row.Text("kind"),
        .arguments = row.Text("arguments"),
        .subject = row.Text("subject"),
        .attempt = static_cast<int>(row.Int("attempt")),
        .fence = row.Int("fence"),
        .ordered_at = row.Time("ordered_at"),
        .run_at = row.Time("run_at"),
    };
}

Result<> Enqueue(db::Transaction& tx, const Clock& clock, Random& random, const Order& order) {
    OW_ASSERT(!order.kind.empty());
    const auto id = NewId<JobTag>(clock, random);
    const auto key =
        order.key.empty() ? std::optional<std::string>{} : std::optional<std::string>{order.key};
    OW_CHECK(tx.Execute(queries::kInsertJob, id, order.kind, key, order.arguments, order.subject,
                        clock.Now(), order.run_at));
    return {};
}

Result<> Finish(db::Transaction& tx, const Clock& clock, const Job& job) {
    OW_TRY(const auto finished, tx.Execute(queries::kFinishJob, job.id, job.fence, clock.Now()));
    if (finished == 0) return Refuse(reasons::kLeaseLost);
    return {};
}

Result<std::vector<DeadJob>> ListDead(db::Transaction& tx, int count_max) {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListDead, count_max));
    std::vector<DeadJob> dead;
    for (const db::Row& row : rows) {
        dead.push_back(
            {.job = ReadJob(row), .why = row.Text("problem"), .ended_at = row.Time("ended_at")});
    }
    return dead;
}

Result<> RetryNow(db::Transaction& tx, const Clock& clock, const JobId& id) {
    OW_TRY(const auto changed, tx.Execute(queries::kRetryJob, id, clock.Now()));
    return changed == 0 ? RefuseByState(tx, id) : Result<>{};
}

Result<> Cancel(db::Transaction& tx, const Clock& clock, const JobId& id) {
    OW_TRY(const auto changed, tx.Execute(queries::kCancelJob, id, clock.Now()));
    return changed == 0 ? RefuseByState(tx, id) : Result<>{};
}

}  // namespace onewindow::jobs
