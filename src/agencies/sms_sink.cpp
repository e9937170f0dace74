#include "agencies/sms_sink.hpp"

#include <map>
#include <mutex>

#include "agencies/json_answer.hpp"
#include "agencies/register_file.hpp"

namespace onewindow::agencies {
namespace {

class Sink {
 public:
    Result<> Open(const std::string& path) {
        OW_TRY(const std::vector<json::value> lines, file_.Open(path));
        for (const json::value& line : lines)
            known_[json::TextAt(line, "id")] = json::Canonical(line);
        return {};
    }

    http::Response Take(const http::Request& request) {
        const auto message = json::Parse(request.body);
        const bool whole = request.method == "POST" && message && message->is_object() &&
                           !json::TextAt(*message, "id").empty();
        if (!whole) return FaultAnswer(400, "malformed");
        const std::string id = json::TextAt(*message, "id"), text = json::Canonical(*message);
        const std::lock_guard lock(mutex_);
        if (const auto found = known_.find(id); found != known_.end()) {
            return found->second == text ? JsonAnswer(200, {{"id", id}})
                                         : FaultAnswer(422, "id_reused");
        }
        if (!file_.Append(message->get_object())) return FaultAnswer(503, "not_kept");
        known_[id] = text;
        return JsonAnswer(200, {{"id", id}});
    }

 private:
    std::mutex mutex_;
    RegisterFile file_;
    std::map<std::string, std::string> known_;
};

}  // namespace

Result<std::unique_ptr<http::Server>> StartSmsSink(const SmsSinkOptions& options) {
    auto sink = std::make_shared<Sink>();
    OW_CHECK(sink->Open(options.directory + "/messages.jsonl"));
    http::ServerOptions server;
    server.listen = options.listen;
    server.io_threads = 1;
    server.workers = 1;
    return http::StartServer(
        server, [sink](http::Request& request) { return sink->Take(request); }, ServerFault);
}

}  // namespace onewindow::agencies
