#include "demo/journal.hpp"

#include "kernel/files/files.hpp"

namespace onewindow::demo {

Result<> Journal::Open(const std::string& file) {
    file_.open(file, std::ios::trunc);
    if (!file_) return Refuse(files::reasons::kCannotWrite, file);
    return {};
}

Result<http::Answer> Journal::Send(bool write, const std::function<Result<http::Answer>()>& send) {
    std::size_t outages = 0;
    {
        std::unique_lock lock(mutex_);
        gate_.wait(lock, [&] { return !closed_; });
        outages = cuts_.size();
        writes_under_way_ += write ? 1 : 0;
    }
    Result<http::Answer> answer = send();
    const std::lock_guard lock(mutex_);
    writes_under_way_ -= write ? 1 : 0;
    if (!answer && cuts_.size() > outages) ++(write ? cuts_[outages].writes : cuts_[outages].reads);
    return answer;
}

void Journal::Acknowledge(Step step, bool resent, bool replayed) {
    const std::lock_guard lock(mutex_);
    if (resent) ++(replayed ? stored_ : not_stored_);
    // Without the token and the body: those are secrets and personal.
    file_ << json::Text(json::object{{"method", step.method}, {"path", step.path}, {"key", step.key}, {"status", step.status},
                                     {"answer", step.answer}})
          << "\n" << std::flush;
    steps_.push_back(std::move(step));
}

void Journal::BeginOutage() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    cuts_.emplace_back();
}

void Journal::EndOutage() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = false;
    }
    gate_.notify_all();
}

std::vector<Step> Journal::Steps() const {
    const std::lock_guard lock(mutex_);
    return steps_;
}

std::size_t Journal::size() const {
    const std::lock_guard lock(mutex_);
    return steps_.size();
}

int Journal::writes_under_way() const {
    const std::lock_guard lock(mutex_);
    return writes_under_way_;
}

std::vector<Cut> Journal::Cuts() const {
    const std::lock_guard lock(mutex_);
    return cuts_;
}

int Journal::stored() const {
    const std::lock_guard lock(mutex_);
    return stored_;
}

int Journal::not_stored() const {
    const std::lock_guard lock(mutex_);
    return not_stored_;
}

}  // namespace onewindow::demo
