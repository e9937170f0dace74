#include "demo/outages.hpp"

#include <chrono>
#include <fstream>
#include <thread>

#include <fmt/format.h>

namespace onewindow::demo {
namespace {

constexpr int kVerifiers = 4;
constexpr std::size_t kStepsPerApplication = 28;  // Fewer than one takes, so that the outages end before the work.
constexpr std::chrono::milliseconds kPollEvery{2}, kPatience{120'000};

struct Outage {
    std::string how;
    std::size_t steps = 0;  // That were acknowledged until then, all of them asked for again.
    int down_ms = 0;        // From the end of the process to its first line.
};

class Outages {
   public:
    Outages(Town& town, Journal& journal, const OutageOptions& options, http::Outside& outside, const std::function<bool()>& all_filed,
            std::size_t applications)
        : town_(town),
          journal_(journal),
          options_(options),
          outside_(outside),
          all_filed_(all_filed),
          applications_(applications),
          random_(options.seed) {}

    void Run();
    bool Report(const std::string& folder, Display& display) const;

   private:
    bool Await(const std::function<bool()>& reached);
    bool AwaitMoment();
    /// The service is away or is sent away; it comes back and is asked for every step.
    void Restart(const std::string& how);
    /// It comes back with the order to end itself at `point`, perhaps at once: nothing is asked before it has done so.
    void Arm(const std::string& point);
    void Verify();
    void VerifySome(const std::vector<Step>& steps, std::size_t from);
    void Lose(const std::string& what);

    Town& town_;
    Journal& journal_;
    const OutageOptions& options_;
    http::Outside& outside_;
    const std::function<bool()>& all_filed_;
    const std::size_t applications_;
    SeededRandom random_;
    std::vector<Outage> outages_;
    std::mutex mutex_;
    std::vector<std::string> losses_;
};

/// False if the work ended, or the patience, before it happened.
bool Outages::Await(const std::function<bool()>& reached) {
    for (std::chrono::milliseconds waited{0}; waited < kPatience; waited += kPollEvery) {
        if (reached()) return true;
        if (all_filed_()) return false;
        Pause(kPollEvery);
    }
    return false;
}

/// Some acknowledged steps later, a little later still, and as soon as somebody waits for an answer to a write.
bool Outages::AwaitMoment() {
    const std::size_t share = std::max<std::size_t>(applications_ * kStepsPerApplication / static_cast<std::size_t>(options_.kills), 2);
    const std::size_t target = journal_.size() + share / 2 + random_.Below(share / 2 + 1);
    if (!Await([&] { return journal_.size() >= target; })) return false;
    Pause(std::chrono::milliseconds(random_.Below(40)));
    return Await([&] { return journal_.writes_under_way() > 0; });
}

void Outages::Lose(const std::string& what) {
    const std::lock_guard lock(mutex_);
    losses_.push_back(what);
}

void Outages::VerifySome(const std::vector<Step>& steps, std::size_t from) {
    for (std::size_t i = from; i < steps.size(); i += kVerifiers) {
        const Step& step = steps[i];
        http::Call call{.method = step.method, .url = town_.url() + step.path, .headers = {}, .body = step.body};
        call.timeout = std::chrono::seconds(30);
        if (!step.token.empty()) call.headers.Set("Authorization", "Bearer " + step.token);
        call.headers.Set("Accept-Language", "zh");
        call.headers.Set("Content-Type", "application/json");
        call.headers.Set("Idempotency-Key", step.key);
        if (step.if_match >= 0) call.headers.Set("If-Match", "\"" + std::to_string(step.if_match) + "\"");
        const Result<http::Answer> answer = outside_.Send(call);
        const std::string name = fmt::format("outage {}: {} {} {}", outages_.size(), step.method, step.path, step.key);
        if (!answer) {
            Lose(name + ": " + answer.error().Describe());
        } else if (answer->headers.Get("Idempotency-Replayed") != "true") {
            Lose(name + fmt::format(": not known any more ({} {})", answer->status, answer->body));
        } else if (answer->status != step.status || answer->body != step.answer) {
            Lose(name + fmt::format(": was {} {}, is {} {}", step.status, step.answer, answer->status, answer->body));
        }
    }
}

void Outages::Verify() {
    const std::vector<Step> steps = journal_.Steps();
    outages_.back().steps = steps.size();
    std::vector<std::jthread> verifiers;
    for (std::size_t n = 0; n < kVerifiers; ++n) verifiers.emplace_back([this, &steps, n] { VerifySome(steps, n); });
}

void Outages::Restart(const std::string& how) {
    journal_.BeginOutage();
    town_.KillService();
    outages_.push_back({.how = how});
    const auto away = std::chrono::steady_clock::now();
    if (const auto started = town_.StartService(); !started) Lose("not started again: " + started.error().Describe());
    const auto down = std::chrono::steady_clock::now() - away;
    outages_.back().down_ms = static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(down).count());
    Verify();
    journal_.EndOutage();
}

void Outages::Arm(const std::string& point) {
    journal_.BeginOutage();
    town_.KillService();
    outages_.push_back({.how = "order " + point});
    // A service that meets its point while it starts says no first line; whoever waits for its end will see.
    static_cast<void>(town_.StartService(point));
    journal_.EndOutage();
}

void Outages::Run() {
    for (int i = 0; i < options_.kills; ++i) {
        if (!AwaitMoment()) return Lose(fmt::format("the work ended after {} of {} kills", i, options_.kills));
        Restart("SIGKILL");
    }
    for (const std::string& point : options_.crash_at) {
        Arm(point);
        if (!Await([&] { return !town_.ServiceRuns(); })) return Lose("crash point not reached: " + point);
        Restart(point);
    }
}

bool Outages::Report(const std::string& folder, Display& display) const {
    const std::vector<Cut> cuts = journal_.Cuts();
    json::array lines;
    std::size_t verified = 0;
    int cut_reads = 0, cut_writes = 0, idle = 0, longest_ms = 0;
    for (std::size_t i = 0; i < outages_.size(); ++i) {
        const Outage& outage = outages_[i];
        lines.push_back(json::object{{"how", outage.how}, {"cut_reads", cuts[i].reads}, {"cut_writes", cuts[i].writes},
                                     {"steps_verified", outage.steps}, {"down_ms", outage.down_ms}});
        verified += outage.steps;
        cut_reads += cuts[i].reads;
        cut_writes += cuts[i].writes;
        longest_ms = std::max(longest_ms, outage.down_ms);
        // A crash point is met by a job, when there may be no request; a kill must hit somebody.
        if (outage.how == "SIGKILL" && cuts[i].reads + cuts[i].writes == 0) ++idle;
    }
    json::array losses;
    for (const std::string& loss : losses_) losses.push_back(json::value(loss));
    std::ofstream(folder + "/outages.json")
        << json::Text(json::object{{"outages", lines}, {"steps", journal_.size()}, {"cut_and_stored", journal_.stored()},
                                   {"cut_and_not_stored", journal_.not_stored()}, {"without_requests", idle}, {"lost", losses}})
        << "\n";
    display.Print("\n" + display.Text("outages", {{"outages", std::to_string(outages_.size())},
                                                  {"writes", std::to_string(cut_writes)},
                                                  {"reads", std::to_string(cut_reads)},
                                                  {"idle", std::to_string(idle)},
                                                  {"stored", std::to_string(journal_.stored())},
                                                  {"not_stored", std::to_string(journal_.not_stored())},
                                                  {"steps", std::to_string(journal_.size())},
                                                  {"verified", std::to_string(verified)},
                                                  {"lost", std::to_string(losses_.size())},
                                                  {"longest", Spell(longest_ms)}}));
    for (const std::string& loss : losses_) display.Print("  " + display.Text("lost", {{"what", loss}}));
    return losses_.empty() && idle == 0;
}

}  // namespace

bool RunOutages(Town& town, Journal& journal, const OutageOptions& options, http::Outside& outside, const std::function<bool()>& all_filed,
                std::size_t applications, const std::string& folder, Display& display) {
    Outages outages(town, journal, options, outside, all_filed, applications);
    outages.Run();
    // Whoever was cut has been told so once everything is filed.
    while (!all_filed()) Pause(kPollEvery);
    return outages.Report(folder, display);
}

}  // namespace onewindow::demo
