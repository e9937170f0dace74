#include "demo/run_demo.hpp"

#include <csignal>
#include <filesystem>
#include <future>
#include <thread>

#include "demo/generate.hpp"
#include "demo/officers.hpp"
#include "demo/summary.hpp"
#include "kernel/files/files.hpp"

namespace onewindow::demo {
namespace {

namespace fs = std::filesystem;

constexpr int kSecondsMax = 300;  // For one application, by the machine's clock.

/// The samples, then the generated ones. `seed` differs by run, so that names and documents are new each time.
Result<std::vector<json::value>> Gather(const DemoOptions& options, const reference::Snapshot& reference, std::uint64_t seed) {
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(options.samples)) {
        if (entry.path().extension() == ".json") files.push_back(entry.path().string());
    }
    std::sort(files.begin(), files.end());
    std::vector<json::value> all;
    const bool stored = fs::exists(options.town.data + "/demo_filed");
    for (const std::string& file : files) {
        if (options.one_sample && file.find("one_person_company") == std::string::npos) continue;
        // A second run finds the sample stored; its name is taken, so a generated application is filed instead.
        if (stored) continue;
        OW_TRY(const std::string text, onewindow::files::ReadFile(file));
        OW_TRY(json::value sample, json::Parse(text));
        all.push_back(std::move(sample));
    }
    const int generated = options.one_sample ? (stored ? 1 : 0) : options.applications;
    for (int n = 0; n < generated; ++n) all.push_back(GenerateApplication(seed, static_cast<std::uint64_t>(n), reference));
    return all;
}

/// One line a change: what the applicant would see.
class Display {
   public:
    Display(std::ostream& out, bool quiet) : out_(out), quiet_(quiet) {}
    void Say(const std::string& line) {
        const std::lock_guard lock(mutex_);
        if (!quiet_) out_ << line << std::endl;
    }

   private:
    std::ostream& out_;
    const bool quiet_;
    std::mutex mutex_;
};

void ShowTracks(Display& display, const Filed& filed, const json::value& tracks, std::map<std::string, std::string>& shown) {
    for (const json::value& track : tracks.at("tracks").as_array()) {
        const std::string matter = json::TextAt(track, "matter"), state = json::TextAt(track, "state");
        std::string& before = shown[matter];
        if (before == state) continue;
        before = state;
        const std::string receipt = json::TextAt(track, "receipt"), number = json::TextAt(track, "number");
        display.Say(fmt::format("  {}  {:<34} {:<14} {}{}", filed.number, matter, state, receipt.empty() ? "" : "回执 " + receipt,
                                number.empty() ? "" : "  编号 " + number));
    }
}

Result<> Follow(Filed& filed, Display& display, Outcome& outcome) {
    std::map<std::string, std::string> shown;
    std::string state;
    const std::string path = "/api/v1/cases/" + filed.id;
    for (int waited_ms = 0; waited_ms < kSecondsMax * 1000; waited_ms += 250) {
        OW_TRY(const json::value now, filed.client.Get(path));
        if (json::TextAt(now, "state") != state) {
            state = json::TextAt(now, "state");
            display.Say(fmt::format("  {}  {}", filed.number, "办件 " + state));
        }
        const Result<json::value> tracks = filed.client.Get(path + "/tracks");
        if (tracks) ShowTracks(display, filed, *tracks, shown);
        if (state == "complete" || state == "complete_with_open_matters" || state == "refused" || state == "withdrawn") break;
        Pause(std::chrono::milliseconds(250));
    }
    outcome.state = state;
    OW_TRY(outcome.clocks, filed.client.Get(path + "/clocks"));
    OW_TRY(outcome.tracks, filed.client.Get(path + "/tracks"));
    OW_TRY(outcome.kit, filed.client.Get(path + "/kit"));
    OW_TRY(outcome.licence, filed.client.Get(path + "/licence"));
    return {};
}

Result<> KeepLicence(Filed& filed, const std::string& folder) {
    const std::string path = "/api/v1/cases/" + filed.id + "/licence/";
    for (const char* copy : {"original", "duplicate"}) {
        OW_TRY(const std::string pdf, filed.client.GetBytes(path + copy));
        const std::string file = folder + "/" + filed.number + "-" + copy + ".pdf";
        OW_CHECK(files::WriteFile(file, pdf));
        OW_TRY(const std::string signature, filed.client.GetBytes(path + copy + "/signature"));
        OW_CHECK(files::WriteFile(file + ".sig.json", signature));
    }
    return {};
}

Outcome Run(const World& world, Officers& officers, const json::value& sample, const std::string& folder, Display& display) {
    Outcome outcome;
    outcome.entity_type = json::TextAt(sample, "entity_type");
    outcome.title = json::TextAt(sample, "facts.name.full");
    const auto attempt = [&]() -> Result<> {
        OW_TRY(Filed filed, FileApplication(world, sample));
        outcome.number = filed.number;
        outcome.id = filed.id;
        display.Say(fmt::format("  {}  {} — 全体已签署，自动提交", filed.number, filed.title));
        officers.Watch(filed);
        OW_CHECK(Follow(filed, display, outcome));
        outcome.resent = filed.client.resent();
        return KeepLicence(filed, folder);
    };
    const Result<> done = attempt();
    if (!done) {
        outcome.fault = done.error().Describe();
        display.Say("  " + (outcome.number.empty() ? outcome.title : outcome.number) + "  " + outcome.fault);
    }
    return outcome;
}

/// Waits for SIGINT and SIGTERM in a thread of its own: while applications are being filed they end everything at once,
/// later they end the waiting. Lives as long as the process.
class Stopper {
   public:
    explicit Stopper(Town& town) : state_(std::make_shared<State>()) {
        std::thread([state = state_, &town] {
            sigset_t signals;
            sigemptyset(&signals);
            sigaddset(&signals, SIGTERM);
            sigaddset(&signals, SIGINT);
            int signal = 0;
            sigwait(&signals, &signal);
            if (state->filing) {
                town.Stop();
                std::_Exit(130);
            }
            state->stopped.set_value();
        }).detach();
    }
    void Wait(std::ostream& out) {
        state_->filing = false;
        out << "按 Ctrl-C 停止；数据会保留。 Ctrl-C stops; everything is kept." << std::endl;
        state_->stopped.get_future().wait();
    }

   private:
    struct State {
        std::atomic<bool> filing{true};
        std::promise<void> stopped;
    };
    std::shared_ptr<State> state_;
};

}  // namespace

int RunDemo(const DemoOptions& options, const Clock& clock, const reference::Snapshot& reference, std::ostream& out, std::ostream& err) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    const std::string folder = options.out.empty() ? options.town.data + "/licences" : options.out;
    const auto town = Town::Start(options.town);
    if (!town) {
        err << "the demo could not start: " << town.error().Describe() << "\n  see " << options.town.data << "/service.jsonl\n";
        return 3;
    }
    out << "一窗通 OneWindow: " << (*town)->url() << "\n演示模式，服务时间 " << FormatInstant(clock.Now())
        << "（demo mode: the clock is shifted）" << std::endl;
    Stopper stopper(**town);
    SystemRandom random;
    const auto outside = http::MakeOutside();
    const World world{*outside, random, (*town)->url(), (*town)->identity_url(), std::string(kIdentityClient)};
    auto officers = Officers::Start(world, options.town.data + "/demo_accounts.json", clock);
    const auto work = Gather(options, reference, random.Next() % 1'000'000);
    if (!officers || !work || !files::MakeDirectory(folder)) {
        err << (!officers ? officers.error().Describe() : !work ? work.error().Describe() : folder) << "\n";
        return 3;
    }

    Display display(out, options.quiet);
    std::vector<Outcome> outcomes(work->size());
    std::atomic<std::size_t> next{0};
    {
        std::vector<std::jthread> applicants;
        const int parallel = std::min<int>(options.parallel, static_cast<int>(work->size()));
        for (int i = 0; i < parallel; ++i) {
            applicants.emplace_back([&] {
                for (std::size_t n = next++; n < work->size(); n = next++) outcomes[n] = Run(world, **officers, (*work)[n], folder, display);
            });
        }
    }
    static_cast<void>(files::WriteFile(options.town.data + "/demo_filed", FormatInstant(clock.Now()) + "\n"));
    const bool good = PrintSummary(outcomes, folder, out);
    if (options.stay) stopper.Wait(out);
    (*officers)->Stop();
    (*town)->Stop();
    return good ? 0 : 1;
}

}  // namespace onewindow::demo
