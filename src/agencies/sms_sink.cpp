#include "agencies/sms_sink.hpp"

#include <fstream>
#include <mutex>
#include <set>

#include "agencies/json_answer.hpp"

namespace onewindow::agencies {
namespace {

struct Sink {
    std::mutex mutex;
    std::set<std::string> known;
    std::ofstream file;
};

}  // namespace

Result<std::unique_ptr<http::Server>> StartSmsSink(const SmsSinkOptions& options) {
    auto sink = std::make_shared<Sink>();
    sink->file.open(options.directory + "/messages.jsonl", std::ios::app);
    http::ServerOptions server;
    server.listen = options.listen;
    server.io_threads = 1;
    server.workers = 1;
    return http::StartServer(server,
                             [sink](http::Request& request) -> http::Response {
                                 const auto message = json::Parse(request.body);
                                 if (request.method != "POST" || !message || json::TextAt(*message, "id").empty()) return FaultAnswer(400, "malformed");
                                 const std::string id = json::TextAt(*message, "id");
                                 const std::lock_guard lock(sink->mutex);
                                 if (sink->known.insert(id).second) sink->file << json::Text(*message) << std::endl;
                                 return JsonAnswer(200, {{"id", id}});
                             },
                             ServerFault);
}

}  // namespace onewindow::agencies
