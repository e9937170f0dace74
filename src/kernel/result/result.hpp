#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace onewindow {

/// Who has to act on an error; closed. The HTTP status follows from it (StatusOf).
enum class Kind {
    kMalformed,        // 400: the message cannot be read.
    kUnauthenticated,  // 401: log in.
    kForbidden,        // 403: not yours to do.
    kNotFound,         // 404: absent, or not yours to know of.
    kMethodUnknown,    // 405
    kNotAcceptable,    // 406
    kTimeout,          // 408: the message came too slowly.
    kConflict,         // 409: somebody was faster; reload.
    kStale,            // 412: your copy is old.
    kTooLarge,         // 413
    kUnsupported,      // 415
    kRefused,          // 422: a rule says no; the applicant acts.
    kKeyRequired,      // 428
    kTooMany,          // 429
    kHeadersTooLarge,  // 431
    kBug,              // 500: page us.
    kUnavailable,      // 503: retried by us or later.
    kUnknownOutcome,   // 503: may or may not be stored; retry with the same key.
};

/// The HTTP status code of a kind.
int StatusOf(Kind kind);

/// A named "no". `code` is public, dotted, never renamed, never reused; `citation` is the source in
/// law or standard, empty where the reason is technical. The sentence for people is looked up by code.
struct Reason {
    std::string_view code;
    Kind kind;
    std::string_view citation = {};
};

/// One refusal: its reason, the field it is about (dotted path, may be empty) and values for its sentence.
struct Fault {
    const Reason* reason = nullptr;
    std::string field = {};
    std::map<std::string, std::string> arguments = {};

    std::string_view code() const { return reason->code; }
};

/// Why something was not done: at least one fault, all of them where several apply.
class Error {
   public:
    explicit Error(Fault fault) { faults_.push_back(std::move(fault)); }
    explicit Error(std::vector<Fault> faults);

    const std::vector<Fault>& faults() const { return faults_; }
    const Reason& reason() const { return *faults_.front().reason; }
    Kind kind() const { return reason().kind; }
    bool Is(const Reason& reason) const;

    /// For logs only; never leaves the service.
    const std::string& detail() const { return detail_; }
    /// "table(column, column)" when a table constraint refused, else empty.
    const std::string& constraint() const { return constraint_; }

    Error&& WithDetail(std::string detail) &&;
    Error&& WithConstraint(std::string constraint) &&;
    /// Adds context at a room's edge: `.While("asking tax for an enrolment number")`.
    Error&& While(std::string_view activity) &&;

    /// One line for the log.
    std::string Describe() const;

   private:
    std::vector<Fault> faults_;
    std::string detail_;
    std::string constraint_;
};

template <class T = void>
using Result = tl::expected<T, Error>;

using Failure = tl::unexpected<Error>;

/// `return Refuse(reasons::kHeld, "name");`
Failure Refuse(const Reason& reason, std::string field = {},
               std::map<std::string, std::string> arguments = {});
Failure Refuse(std::vector<Fault> faults);
Failure Fail(Error error);

/// Ends the process with a line in the log; never fires on outside input.
[[noreturn]] void AssertFailed(const char* expression, const char* file, int line);

}  // namespace onewindow

#define OW_CONCAT_INNER(a, b) a##b
#define OW_CONCAT(a, b) OW_CONCAT_INNER(a, b)

/// OW_TRY(auto x, F()): passes the error up, else declares x.
#define OW_TRY_INNER(temporary, declaration, ...)                                     \
    auto temporary = (__VA_ARGS__);                                                   \
    if (!temporary) return ::onewindow::Failure(std::move(temporary).error());        \
    declaration = *std::move(temporary)
#define OW_TRY(declaration, ...) OW_TRY_INNER(OW_CONCAT(ow_try_, __COUNTER__), declaration, __VA_ARGS__)

/// OW_CHECK(F()): passes the error up, drops the value.
#define OW_CHECK_INNER(temporary, ...)                                                \
    do {                                                                               \
        auto temporary = (__VA_ARGS__);                                                \
        if (!temporary) return ::onewindow::Failure(std::move(temporary).error());     \
    } while (false)
#define OW_CHECK(...) OW_CHECK_INNER(OW_CONCAT(ow_check_, __COUNTER__), __VA_ARGS__)

#define OW_ASSERT(expression) \
    ((expression) ? static_cast<void>(0) : ::onewindow::AssertFailed(#expression, __FILE__, __LINE__))
