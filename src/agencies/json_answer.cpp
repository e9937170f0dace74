#include "agencies/json_answer.hpp"

namespace onewindow::agencies {

http::Response JsonAnswer(int status, const json::object& body) {
    http::Response response;
    response.status = status;
    response.headers.Set("Content-Type", "application/json");
    response.headers.Set("Cache-Control", "no-store");
    response.body = json::Text(body);
    return response;
}

http::Response FaultAnswer(int status, std::string_view error) {
    return JsonAnswer(status, json::object{{"error", json::value(error)}});
}

http::Response ServerFault(const Reason& reason) {
    return FaultAnswer(http::StatusFor(reason), reason.code);
}

}  // namespace onewindow::agencies
