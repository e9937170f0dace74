#include "kernel/result/result.hpp"

#include <cstdio>
#include <cstdlib>

namespace onewindow {

int StatusOf(Kind kind) {
    switch (kind) {
        case Kind::kMalformed: return 400;
        case Kind::kUnauthenticated: return 401;
        case Kind::kForbidden: return 403;
        case Kind::kNotFound: return 404;
        case Kind::kMethodUnknown: return 405;
        case Kind::kNotAcceptable: return 406;
        case Kind::kTimeout: return 408;
        case Kind::kConflict: return 409;
        case Kind::kStale: return 412;
        case Kind::kTooLarge: return 413;
        case Kind::kUnsupported: return 415;
        case Kind::kRefused: return 422;
        case Kind::kKeyRequired: return 428;
        case Kind::kTooMany: return 429;
        case Kind::kHeadersTooLarge: return 431;
        case Kind::kBug: return 500;
        case Kind::kUnavailable:
        case Kind::kUnknownOutcome: return 503;
    }
    return 500;
}

Error::Error(std::vector<Fault> faults) : faults_(std::move(faults)) {
    OW_ASSERT(!faults_.empty());
}

bool Error::Is(const Reason& reason) const {
    for (const Fault& fault : faults_) {
        if (fault.reason->code == reason.code) return true;
    }
    return false;
}

Error&& Error::WithDetail(std::string detail) && {
    detail_ = std::move(detail);
    return std::move(*this);
}

Error&& Error::WithConstraint(std::string constraint) && {
    constraint_ = std::move(constraint);
    return std::move(*this);
}

Error&& Error::While(std::string_view activity) && {
    detail_ = detail_.empty() ? "while " + std::string(activity)
                              : detail_ + "; while " + std::string(activity);
    return std::move(*this);
}

std::string Error::Describe() const {
    std::string line;
    for (const Fault& fault : faults_) {
        if (!line.empty()) line += ", ";
        line += fault.reason->code;
        if (!fault.field.empty()) line += " at " + fault.field;
    }
    if (!detail_.empty()) line += ": " + detail_;
    return line;
}

Failure Refuse(const Reason& reason, std::string field,
               std::map<std::string, std::string> arguments) {
    return Failure(Error(Fault{&reason, std::move(field), std::move(arguments)}));
}

Failure Refuse(std::vector<Fault> faults) { return Failure(Error(std::move(faults))); }

Failure Fail(Error error) { return Failure(std::move(error)); }

void AssertFailed(const char* expression, const char* file, int line) {
    std::fprintf(stderr, "{\"level\":\"error\",\"event\":\"assertion_failed\",\"detail\":\"%s\",\"at\":\"%s:%d\"}\n",
                 expression, file, line);
    std::abort();
}

}  // namespace onewindow
