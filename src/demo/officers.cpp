#include "demo/officers.hpp"

#include "kernel/files/files.hpp"

namespace onewindow::demo {
namespace {

Result<json::value> AccountOf(const json::value& accounts, std::string_view login) {
    for (const json::value& account : accounts.as_array()) {
        if (json::TextAt(account, "login") == login) return account;
    }
    return Refuse(reasons::kSample, std::string(login));
}

Result<ApiClient> LogIn(const World& world, const json::value& accounts, const std::string& login, const Clock& clock) {
    OW_TRY(const json::value account, AccountOf(accounts, login));
    ApiClient client(world.outside, world.random, world.url);
    client.KeepJournal(world.journal);
    OW_CHECK(client.LoginAsPost(login, json::TextAt(account, "password"), json::TextAt(account, "totp_secret"), clock));
    return client;
}

constexpr std::chrono::milliseconds kLook{150};
constexpr int kBlanks = 200;

}  // namespace

Result<std::unique_ptr<Officers>> Officers::Start(const World& world, const std::string& accounts_file, const Clock& clock) {
    OW_TRY(const std::string text, files::ReadFile(accounts_file));
    OW_TRY(const json::value accounts, json::Parse(text));
    OW_TRY(ApiClient registrar, LogIn(world, accounts, "registrar", clock));
    OW_TRY(ApiClient clerk, LogIn(world, accounts, "clerk", clock));
    std::unique_ptr<Officers> officers(new Officers(world, clock));
    Officers* const self = officers.get();
    officers->registrar_ = std::jthread([self, registrar](const std::stop_token& stop) mutable {
        while (!stop.stop_requested()) {
            bool found = false;
            const Result<> done = self->DecideNext(registrar, found);
            if (!done || !found) Pause(kLook);
        }
    });
    officers->clerk_ = std::jthread([self, clerk](const std::stop_token& stop) mutable {
        while (!stop.stop_requested()) {
            const Result<> done = self->ScanKits(clerk);
            static_cast<void>(done);  // Not made yet, or the service is away: the clerk looks again.
            Pause(kLook);
        }
    });
    return officers;
}

Officers::~Officers() { Stop(); }

void Officers::Stop() {
    for (std::jthread* thread : {&registrar_, &clerk_}) {
        thread->request_stop();
        if (thread->joinable()) thread->join();
    }
}

void Officers::Watch(const Filed& filed) {
    const std::lock_guard lock(mutex_);
    watched_.push_back(filed);
}

/// The system deals a case; the registrar reads its file and grants: what the rules wanted a human to see is fine here.
Result<> Officers::DecideNext(ApiClient& registrar, bool& found) {
    const Result<json::value> task = registrar.Post("/api/v1/review/tasks/next", json::object{});
    if (!task) return {};
    const std::string id = json::TextAt(*task, "case_id");
    found = !id.empty();
    if (!found) return {};
    OW_CHECK(registrar.Get("/api/v1/review/cases/" + id));
    OW_CHECK(registrar.Post("/api/v1/review/cases/" + id + "/decision", json::object{{"decision", "grant"}, {"reasons", json::array{}}}));
    ++decided_;
    return {};
}

Result<> Officers::ScanKits(ApiClient& clerk) {
    std::vector<Filed> watched;
    {
        const std::lock_guard lock(mutex_);
        watched = watched_;
    }
    for (Filed& filed : watched) {
        const Result<bool> complete = ScanKit(clerk, filed);
        if (!complete || !*complete) continue;
        const std::lock_guard lock(mutex_);
        std::erase_if(watched_, [&](const Filed& other) { return other.id == filed.id; });
    }
    return {};
}

Result<bool> Officers::ScanKit(ApiClient& clerk, Filed& filed) {
    OW_TRY(const json::value kit, filed.client.Get("/api/v1/cases/" + filed.id + "/kit"));
    if (json::TextAt(kit, "state") != "open") return true;
    const std::string hall = "/api/v1/halls/" + json::TextAt(kit, "hall");
    bool to_print = false, to_post = false;
    for (const json::value& item : kit.at("items").as_array()) {
        const std::string kind = json::TextAt(item, "kind"), state = json::TextAt(item, "state");
        if (state == "expected" && kind.starts_with("licence_")) to_print = true;
        if (state == "at_window" && json::TextAt(item, "destination").starts_with("post") && json::TextAt(item, "parcel").empty()) to_post = true;
    }
    const json::object by_number{{"case_number", filed.number}};
    if (to_print && !clerk.Post(hall + "/prints", by_number)) {
        // The hall has no blanks yet: a new pack is received and the print asked for again.
        static_cast<void>(clerk.Post(hall + "/blanks", json::object{{"prefix", json::TextAt(kit, "hall")}, {"from", 1}, {"count", kBlanks}}));
        OW_CHECK(clerk.Post(hall + "/prints", by_number));
    }
    // What is posted leaves from the hall of the authority, wherever the licence is collected.
    std::set<std::string> halls = {hall, "/api/v1/halls/H" + filed.number.substr(0, 6)};
    for (const std::string& window : halls) {
        OW_TRY(const json::value made, clerk.Get(window + "/items?state=made"));
        for (const json::value& item : made.at("items").as_array()) {
            if (json::TextAt(item, "case_number") != filed.number) continue;
            OW_CHECK(clerk.Post(window + "/scans", json::object{{"code", json::TextAt(item, "code")}}));
            ++scanned_;
        }
    }
    if (to_post) {
        Result<> labelled = Refuse(reasons::kSaidNo);
        for (const std::string& window : halls) {
            if (!labelled && clerk.Post(window + "/labels", by_number)) labelled = Result<>{};
        }
        return labelled ? Result<bool>(false) : Result<bool>(Failure(labelled.error()));
    }
    return false;
}

}  // namespace onewindow::demo
