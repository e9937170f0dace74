#include "demo/run_demo.hpp"

#include <algorithm>
#include <array>
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
Result<std::vector<json::value>> Gather(const DemoOptions& options, const reference::Snapshot& reference, bool stored,
                                        std::uint64_t seed) {
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(options.samples)) {
        if (entry.path().extension() == ".json") files.push_back(entry.path().string());
    }
    std::sort(files.begin(), files.end());
    std::vector<json::value> all;
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

/// The case's timeline as its applicant reads it, from where it was left.
Result<> ShowTimeline(Display& display, Filed& filed, std::int64_t& after) {
    const std::string path = "/api/v1/cases/" + filed.id + "/timeline?after=" + std::to_string(after);
    OW_TRY(const json::value timeline, filed.client.Get(path));
    for (const json::value& event : timeline.at("events").as_array()) {
        after = json::IntAt(event, "sequence");
        const std::string kind = json::TextAt(event, "kind");
        // Each change of hands charges the clocks; what they add up to is shown at the end.
        static constexpr std::array kLeftOut = {"application.saved", "application.flags_set", "application.member_added", "exchange.happened",
                                                "exchange.due", "signing.seen"};
        if (kind.starts_with("progress.") || std::find(kLeftOut.begin(), kLeftOut.end(), kind) != kLeftOut.end()) continue;
        display.Say("  " + json::TextAt(event, "at").substr(11, 8) + "  " + json::TextAt(event, "text.zh"));
    }
    return {};
}

bool IsEnded(std::string_view state) {
    return state == "complete" || state == "complete_with_open_matters" || state == "refused" || state == "withdrawn";
}

Result<> Look(Filed& filed, const reference::Snapshot& reference, Outcome& outcome) {
    const std::string path = "/api/v1/cases/" + filed.id;
    OW_TRY(outcome.clocks, filed.client.Get(path + "/clocks"));
    OW_TRY(outcome.tracks, filed.client.Get(path + "/tracks"));
    OW_TRY(outcome.kit, filed.client.Get(path + "/kit"));
    OW_TRY(outcome.licence, filed.client.Get(path + "/licence"));
    for (json::value& item : outcome.kit.at("items").as_array()) {
        const std::string place = json::TextAt(item, "place");
        const reference::Hall* hall = place.starts_with("hall:") ? reference.FindHall(place.substr(5)) : nullptr;
        if (hall != nullptr) item.as_object()["place"] = hall->name;
    }
    return {};
}

/// Until the case has ended; its timeline is shown as it grows where only one application is filed.
Result<> Follow(Filed& filed, Display& display, bool closely, Outcome& outcome) {
    std::int64_t shown = 0;
    for (int waited_ms = 0; waited_ms < kSecondsMax * 1000; waited_ms += 250) {
        OW_TRY(const json::value now, filed.client.Get("/api/v1/cases/" + filed.id));
        outcome.state = json::TextAt(now, "state");
        if (closely) OW_CHECK(ShowTimeline(display, filed, shown));
        if (IsEnded(outcome.state)) return {};
        Pause(std::chrono::milliseconds(250));
    }
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

/// What every application of one run shares.
struct Scene {
    const World& world;
    const reference::Snapshot& reference;
    Officers& officers;
    Display& display;
    const std::string folder;
    const std::size_t all;
    std::atomic<std::size_t> ended{0};
};

Outcome Run(Scene& scene, const json::value& sample) {
    Outcome outcome;
    outcome.entity_type = json::TextAt(sample, "entity_type");
    outcome.title = json::TextAt(sample, "facts.name.full");
    const auto attempt = [&]() -> Result<> {
        OW_TRY(Filed filed, FileApplication(scene.world, sample));
        outcome.number = filed.number;
        outcome.id = filed.id;
        outcome.title = filed.title;
        scene.officers.Watch(filed);
        OW_CHECK(Follow(filed, scene.display, scene.all == 1, outcome));
        OW_CHECK(Look(filed, scene.reference, outcome));
        outcome.resent = filed.client.resent();
        return KeepLicence(filed, scene.folder);
    };
    const Result<> done = attempt();
    if (!done) outcome.fault = done.error().Describe();
    const std::size_t ended = ++scene.ended;
    scene.display.Say("  " + scene.display.Text("progress", {{"ended", std::to_string(ended)},
                                                             {"all", std::to_string(scene.all)},
                                                             {"title", outcome.title},
                                                             {"state", done ? scene.display.Text("case." + outcome.state) : outcome.fault}}));
    return outcome;
}

/// What the next run shows again: the sample and the case that it became.
Result<> KeepFiled(const std::string& file, const json::value& sample, const Outcome& outcome) {
    if (outcome.id.empty()) return {};
    return files::WriteFile(file, json::Text(json::object{{"case", outcome.id}, {"number", outcome.number}, {"sample", sample}}), 0600);
}

/// Logs in as the applicant of the stored sample and shows the case as it is now.
Result<> ShowStored(const World& world, const reference::Snapshot& reference, const std::string& file, Display& display, const std::string& folder,
                    const std::string& data) {
    OW_TRY(const std::string text, files::ReadFile(file));
    OW_TRY(const json::value stored, json::Parse(text));
    const json::value& sample = stored.at("sample");
    for (const json::value& person : sample.at("persons").as_array()) {
        if (json::TextAt(person, "key") != json::TextAt(sample, "applicant")) continue;
        ApiClient client(world.outside, world.random, world.url);
        OW_CHECK(client.LoginAsPerson(world.identity_url, world.identity_client, person));
        Filed filed{json::TextAt(stored, "case"), json::TextAt(stored, "number"), json::TextAt(sample, "facts.name.full"), client};
        Outcome outcome;
        outcome.title = filed.title;
        outcome.number = filed.number;
        OW_CHECK(Look(filed, reference, outcome));
        display.Print("\n" + display.Text("stored"));
        PrintCase(display, outcome, folder, data);
    }
    return {};
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
    void Wait() {
        state_->filing = false;
        state_->stopped.get_future().wait();
    }

   private:
    struct State {
        std::atomic<bool> filing{true};
        std::promise<void> stopped;
    };
    std::shared_ptr<State> state_;
};

/// Each applicant takes the next application; as many at once as the options say. `meanwhile` runs beside them.
std::vector<Outcome> FileAll(Scene& scene, const std::vector<json::value>& work, int parallel, const std::function<void()>& meanwhile) {
    std::vector<Outcome> outcomes(work.size());
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> applicants;
    for (int i = 0; i < std::min<int>(parallel, static_cast<int>(work.size())); ++i) {
        applicants.emplace_back([&] {
            for (std::size_t n = next++; n < work.size(); n = next++) outcomes[n] = Run(scene, work[n]);
        });
    }
    meanwhile();
    applicants.clear();  // Joins.
    return outcomes;
}

}  // namespace

int RunDemo(const DemoOptions& options, const Clock& clock, const reference::Snapshot& reference, const messages::Messages& texts,
            std::ostream& out, std::ostream& err) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    const std::string folder = options.out.empty() ? options.town.data + "/licences" : options.out;
    const std::string filed_file = options.town.data + "/demo_filed.json";
    const auto town = Town::Start(options.town);
    if (!town) {
        err << "the demo could not start: " << town.error().Describe() << "\n  see " << options.town.data << "/service.jsonl\n";
        return 3;
    }
    Display display(out, texts, options.quiet);
    display.Print(display.Text("started", {{"url", (*town)->url()}, {"now", FormatInstant(clock.Now()).substr(0, 16)}}));
    Stopper stopper(**town);
    if (options.bare) {
        stopper.Wait();
        (*town)->Stop();
        return 0;
    }
    SystemRandom random;
    const auto outside = http::MakeOutside();
    Journal journal;
    const bool outages = options.outages.Any();
    if (const auto opened = outages ? journal.Open(options.town.data + "/journal.jsonl") : Result<>{}; !opened) {
        err << opened.error().Describe() << "\n";
        return 3;
    }
    const World world{*outside, random, (*town)->url(), (*town)->identity_url(), std::string(kIdentityClient), outages ? &journal : nullptr};
    auto officers = Officers::Start(world, options.town.data + "/demo_accounts.json", clock);
    const bool stored = fs::exists(filed_file);
    const auto work = Gather(options, reference, stored, random.Next() % 1'000'000);
    if (!officers || !work || !files::MakeDirectory(folder)) {
        err << (!officers ? officers.error().Describe() : !work ? work.error().Describe() : folder) << "\n";
        return 3;
    }
    if (stored && options.one_sample) {
        const Result<> shown = ShowStored(world, reference, filed_file, display, folder, options.town.data);
        if (!shown) err << shown.error().Describe() << "\n";
    }

    Scene scene{world, reference, **officers, display, folder, work->size()};
    bool nothing_lost = true;
    const std::vector<Outcome> outcomes = FileAll(scene, *work, options.parallel, [&] {
        if (!outages) return;
        nothing_lost = RunOutages(**town, journal, options.outages, *outside, [&] { return scene.ended == work->size(); }, work->size(),
                                  folder, display);
    });
    if (!stored && !outcomes.empty()) static_cast<void>(KeepFiled(filed_file, work->front(), outcomes.front()));
    if (outcomes.size() == 1) PrintCase(display, outcomes.front(), folder, options.town.data);
    const bool good = PrintSummary(display, outcomes, folder);
    if (options.stay) {
        display.Print(display.Text("staying", {{"url", (*town)->url()}, {"accounts", options.town.data + "/demo_accounts.json"}}));
        stopper.Wait();
    }
    (*officers)->Stop();
    (*town)->Stop();
    return good && nothing_lost ? 0 : 1;
}

}  // namespace onewindow::demo
