#include "openings.hpp"

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "demo/generate.hpp"
#include "demo/officers.hpp"
#include "demo/town.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/files/files.hpp"
#include "licence/face.hpp"
#include "server/demo_clock.hpp"
#include "server/demo_posts.hpp"
#include "server/storage.hpp"

namespace onewindow::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kParallel = 4;
constexpr int kWarmUp = 8;            // Applications before the window: statements prepared, fonts loaded.
constexpr int kEndSecondsMax = 120;   // For one application, by the machine's clock.
constexpr int kRounds = 6, kReadsARound = 400;
constexpr std::uint64_t kSeed = 20261123;

Failure NotDone(const std::string& why) { return Fail(Error(Fault{&demo::reasons::kTookTooLong, {}, {}}).WithDetail(why)); }

/// Our child that was started with "serve".
int FindService() {
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream command(entry.path() / "cmdline", std::ios::binary), stat(entry.path() / "stat");
        std::string line, facts;
        std::getline(command, line, '\0');
        std::getline(command, line, '\0');
        std::getline(stat, facts);
        const std::size_t bracket = facts.rfind(')');
        if (line != "serve" || bracket == std::string::npos) continue;
        if (std::stoi(facts.substr(bracket + 4)) == getpid()) return std::stoi(name);
    }
    return 0;
}

std::int64_t RssKib(int pid) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("VmRSS:")) return std::stoll(line.substr(6));
    }
    return 0;
}

Result<> FollowToEnd(demo::Filed& filed) {
    for (int waited_ms = 0; waited_ms < kEndSecondsMax * 1000; waited_ms += 250) {
        OW_TRY(const json::value now, filed.client.Get("/api/v1/cases/" + filed.id));
        const std::string state = json::TextAt(now, "state");
        if (state == "complete" || state == "complete_with_open_matters") return {};
        if (state == "refused" || state == "withdrawn") return NotDone(filed.number + " is " + state);
        demo::Pause(std::chrono::milliseconds(250));
    }
    return NotDone(filed.number);
}

/// One opening as a stranger's client has it: filed, signed, followed, its licence fetched.
Result<demo::Filed> OpenOne(const demo::World& world, demo::Officers& officers, const json::value& application) {
    OW_TRY(demo::Filed filed, demo::FileApplication(world, application));
    officers.Watch(filed);
    OW_CHECK(FollowToEnd(filed));
    for (const char* copy : {"original", "duplicate"}) OW_CHECK(filed.client.GetBytes("/api/v1/cases/" + filed.id + "/licence/" + copy));
    return filed;
}

Result<std::vector<demo::Filed>> OpenAll(const demo::World& world, demo::Officers& officers, const reference::Snapshot& reference, int from, int count) {
    std::vector<Result<demo::Filed>> opened(static_cast<std::size_t>(count), NotDone("not begun"));
    std::atomic<int> next{0};
    std::vector<std::jthread> applicants;
    for (int i = 0; i < kParallel; ++i) {
        applicants.emplace_back([&] {
            for (int n = next++; n < count; n = next++) {
                const json::value application = demo::GenerateApplication(kSeed, static_cast<std::uint64_t>(from + n), reference);
                opened[static_cast<std::size_t>(n)] = OpenOne(world, officers, application);
            }
        });
    }
    applicants.clear();  // Joins.
    std::vector<demo::Filed> filed;
    for (auto& one : opened) {
        if (!one) return Failure(one.error());
        filed.push_back(*std::move(one));
    }
    return filed;
}

/// Until notices and receipts are worked off: nothing left the service for a second.
void AwaitQuiet(const Counters& counters) {
    std::int64_t calls = -1;
    for (int second = 0; second < 15 && calls != counters.Get(Count::kCalls); ++second) {
        calls = counters.Get(Count::kCalls);
        demo::Pause(std::chrono::seconds(1));
    }
}

template <class Read>
Result<> ReadMany(int pid, Readings& readings, int count, Read read) {
    const std::int64_t from = ProcessNs(pid);
    for (int i = 0; i < count; ++i) {
        OW_CHECK(read(i));
        ++readings.answers;
    }
    readings.server_ns += ProcessNs(pid) - from;
    return {};
}

/// In turns, so that what else the machine does falls on both.
Result<> MeasureReadings(const demo::World& world, int pid, std::vector<demo::Filed>& filed, Openings& openings) {
    demo::ApiClient stranger(world.outside, world.random, world.url);
    for (int round = 0; round < kRounds; ++round) {
        OW_CHECK(ReadMany(pid, openings.hello, kReadsARound, [&](int) { return stranger.GetBytes("/healthz"); }));
        OW_CHECK(ReadMany(pid, openings.status_reads, kReadsARound, [&](int i) {
            demo::Filed& one = filed[static_cast<std::size_t>(i) % filed.size()];
            return one.client.GetBytes("/api/v1/cases/" + one.id + (i % 2 == 0 ? "" : "/tracks"));
        }));
    }
    return {};
}

/// What a person's `make run` makes before the service starts; the store is closed again, so that it can be copied.
Result<std::chrono::milliseconds> Prepare(const std::string& data, const reference::Snapshot& reference) {
    {
        OW_TRY(const auto storage, server::OpenStorage(data, "", true));
        OW_CHECK(server::LoadSigningKey(data, true));
        OW_CHECK(server::SeedDemoPosts(*storage, data));
    }
    return server::DemoShift(data, SystemClock(), reference, false);
}

Result<> Measure(const demo::World& world, demo::Officers& officers, const reference::Snapshot& reference, Counters& counters, Openings& openings) {
    const int pid = FindService();
    if (pid == 0) return NotDone("no service");
    OW_CHECK(OpenAll(world, officers, reference, 0, kWarmUp));
    AwaitQuiet(counters);
    const std::int64_t writer = counters.Get(Count::kWriterThread);
    const Snapshot before = counters.Now();
    const std::int64_t server_ns = ProcessNs(pid), writer_ns = ThreadNs(pid, writer), wall_ns = WallNs();
    counters.Set(Count::kWindow, 1);
    OW_TRY(std::vector<demo::Filed> filed, OpenAll(world, officers, reference, kWarmUp, openings.applications));
    AwaitQuiet(counters);
    counters.Set(Count::kWindow, 0);
    openings.server_ns = ProcessNs(pid) - server_ns;
    openings.writer_ns = ThreadNs(pid, writer) - writer_ns;
    openings.wall_ns = WallNs() - wall_ns;
    const Snapshot after = counters.Now();
    for (std::size_t i = 0; i < after.size(); ++i) openings.counted[i] = after[i] - before[i];
    OW_CHECK(MeasureReadings(world, pid, filed, openings));
    openings.rss_kib = RssKib(pid);
    return {};
}

}  // namespace

Result<Openings> RunOpenings(const std::string& data, int applications) {
    Openings openings;
    openings.applications = applications;
    openings.store_after = data + "/onewindow.db";
    openings.store_before = data + "/before.db";
    const std::string counters_path = data + "/counters";
    openings.recording = counters_path + ".sql";
    const reference::SnapshotPointer reference = reference::SeedSnapshot();
    OW_TRY(const auto shift, Prepare(data, *reference));
    fs::copy_file(openings.store_after, openings.store_before);
    OW_TRY(Counters* const counters, Counters::Map(counters_path, true));
    setenv(kCountersVariable, counters_path.c_str(), 1);

    demo::TownOptions options;
    options.binary = fs::read_symlink("/proc/self/exe").string();
    options.data = data;
    options.clock_shift = shift;
    OW_TRY(const auto town, demo::Town::Start(options));
    const SystemClock clock(shift);
    SystemRandom random;
    const auto outside = http::MakeOutside();
    const demo::World world{*outside, random, town->url(), town->identity_url(), std::string(demo::kIdentityClient)};
    OW_TRY(const auto officers, demo::Officers::Start(world, data + "/demo_accounts.json", clock));
    const Result<> measured = Measure(world, *officers, *reference, *counters, openings);
    officers->Stop();
    const int status = town->Stop();
    unsetenv(kCountersVariable);
    if (!measured) return Failure(measured.error());
    if (status != 0) return NotDone("the service ended with " + std::to_string(status));
    for (const Count count : {Count::kRenderedAgain, Count::kRenderedAgainNs}) openings.counted[static_cast<std::size_t>(count)] = counters->Get(count);
    return openings;
}

BareSm2 MeasureSm2() {
    constexpr int kTimes = 400;
    const auto key = crypto::Sm2PrivateKey::Generate();
    const auto public_key = key.PublicKey();
    const std::string message(1024, 'm');
    std::string signature = key.Sign(message);
    BareSm2 bare;
    std::int64_t from = ThreadNs();
    for (int i = 0; i < kTimes; ++i) signature = key.Sign(message);
    bare.sign_ns = static_cast<double>(ThreadNs() - from) / kTimes;
    from = ThreadNs();
    for (int i = 0; i < kTimes; ++i) OW_ASSERT(public_key.Verify(message, signature));
    bare.verify_ns = static_cast<double>(ThreadNs() - from) / kTimes;
    return bare;
}

Result<std::pair<double, double>> MeasureLicenceNs() {
    constexpr int kTimes = 30;
    const licence::Face face{.uscc = "91370102MA0E000012", .name = "济南市历下区样本科技有限公司", .type_text = "有限责任公司(自然人独资)",
                             .person_label = "法定代表人", .person = "周样本", .capital_label = "注册资本", .capital_text = "壹佰万元整",
                             .place_label = "住所", .place = "山东省济南市历下区样本路1号样本大厦8层801室",
                             .scope = "一般项目：软件开发；信息技术咨询服务；互联网销售（除销售需要许可的商品）；办公用品销售；会议及展览服务。"
                                      "（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）",
                             .authority_name = "济南市历下区市场监督管理局", .date = "2026年11月23日",
                             .qr = "https://onewindow.example/v/01KB0000000000000000000000.0123456789abcdef0123456789abcdef",
                             .created = "2026-11-23T09:05:00+08:00"};
    documents::WarmUp();
    const auto each = [&](const documents::Document& document) -> Result<double> {
        const std::int64_t from = ThreadNs();
        for (int i = 0; i < kTimes; ++i) OW_CHECK(documents::RenderPdf(document));
        return static_cast<double>(ThreadNs() - from) / kTimes;
    };
    OW_TRY(const double original, each(licence::MakeOriginal(face)));
    OW_TRY(const double duplicate, each(licence::MakeDuplicate(face)));
    return std::pair(original, duplicate);
}

}  // namespace onewindow::bench
