#include "kernel/http/request_parser.hpp"

#include <algorithm>

#include "kernel/http/asio.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include "kernel/http/url.hpp"

namespace onewindow::http {
namespace {

namespace beast = boost::beast;
using boost::system::error_code;

// Far above what browsers and agencies send; look-ups in Headers are linear.
constexpr std::size_t kHeaderFieldsMax = 128;

enum class Scan { kNeedMore, kComplete, kMalformed, kTooLarge };

/// Looks for the empty line that ends a header, from `scanned` on. Beast is given a header only when it is whole: its
/// own limit counts from the last complete line, so a client that sends line by line could go on for ever.
Scan ScanHeader(std::string_view bytes, std::size_t limit, std::size_t& scanned) {
    for (; scanned < bytes.size(); ++scanned) {
        if (scanned >= limit) return Scan::kTooLarge;
        const auto byte = static_cast<unsigned char>(bytes[scanned]);
        const char before = scanned > 0 ? bytes[scanned - 1] : '\n';
        if ((before == '\r') != (byte == '\n')) return Scan::kMalformed;
        if (byte == '\n') {
            if (scanned >= 3 && bytes[scanned - 2] == '\n') {
                ++scanned;
                return Scan::kComplete;
            }
        } else if ((byte == ' ' || byte == '\t') && before == '\n') {
            return Scan::kMalformed;  // A folded line (RFC 9112 5.2).
        } else if ((byte < 0x20 && byte != '\t' && byte != '\r') || byte == 0x7F) {
            return Scan::kMalformed;
        }
    }
    return Scan::kNeedMore;
}

bool IsTargetCharacter(char c) { return c > 0x20 && c < 0x7F && c != '\\' && c != '#'; }

/// The authority and the rest of `http://host/path`; empty unless the scheme is http or https.
std::optional<std::pair<std::string, std::string>> SplitAbsoluteForm(std::string_view target) {
    const auto separator = target.find("://");
    if (separator == std::string_view::npos) return std::nullopt;
    const std::string_view scheme = target.substr(0, separator);
    if (!EqualsIgnoringCase(scheme, "http") && !EqualsIgnoringCase(scheme, "https")) {
        return std::nullopt;
    }
    const std::string_view rest = target.substr(separator + 3);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
    std::string path(rest.substr(authority.size()));
    if (!path.starts_with('/')) path.insert(0, "/");
    return std::pair{std::string(authority), std::move(path)};
}

}  // namespace

/// Collects what Beast finds. Trailers are dropped: they would arrive after the header was checked.
class RequestParser::Sink final : public beast::http::basic_parser<true> {
   public:
    Request request;
    bool header_done = false;
    bool is_http_1_0 = false;

   private:
    void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target,
                         int version, error_code& ec) override {
        ec = {};
        request.method.assign(method.data(), method.size());
        request.target.assign(target.data(), target.size());
        is_http_1_0 = version == 10;
    }
    void on_response_impl(int, beast::string_view, int, error_code&) override {}
    void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                       error_code& ec) override {
        ec = {};
        if (header_done) return;
        request.headers.Add({name.data(), name.size()}, {value.data(), value.size()});
    }
    void on_header_impl(error_code& ec) override {
        ec = {};
        header_done = true;
    }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code& ec) override {
        ec = {};
    }
    std::size_t on_body_impl(beast::string_view body, error_code& ec) override {
        ec = {};
        request.body.append(body.data(), body.size());
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code& ec) override {
        ec = {};
    }
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body,
                                   error_code& ec) override {
        return on_body_impl(body, ec);
    }
    void on_finish_impl(error_code& ec) override { ec = {}; }
};

RequestParser::RequestParser(const ServerOptions& options)
    : options_(options), sink_(std::make_unique<Sink>()) {
    sink_->header_limit(static_cast<std::uint32_t>(options.header_bytes_max));
    sink_->body_limit(options.body_bytes_max);
}

RequestParser::~RequestParser() = default;

RequestParser::Progress RequestParser::Read(std::string_view bytes, std::size_t& used) {
    used = 0;
    if (reason_ != nullptr) return Progress::kRefused;
    return header_done_ ? ReadBody(bytes, used) : ReadHeader(bytes, used);
}

RequestParser::Progress RequestParser::Refused(const Reason& reason) {
    reason_ = &reason;
    return Progress::kRefused;
}

RequestParser::Progress RequestParser::ReadHeader(std::string_view bytes, std::size_t& used) {
    // RFC 9112 2.2: one empty line before the request line is forgiven.
    std::size_t skipped = 0;
    if (!blank_line_skipped_ && bytes.starts_with("\r\n")) {
        blank_line_skipped_ = true;
        skipped = 2;
        scanned_ = 0;
        bytes.remove_prefix(skipped);
    }
    used = skipped;
    switch (ScanHeader(bytes, options_.header_bytes_max, scanned_)) {
        case Scan::kNeedMore: return Progress::kNeedMore;
        case Scan::kMalformed: return Refused(reasons::kMalformed);
        case Scan::kTooLarge: return Refused(reasons::kHeadersTooLarge);
        case Scan::kComplete: break;
    }
    error_code ec;
    used += sink_->put(boost::asio::const_buffer(bytes.data(), scanned_), ec);
    if (ec == beast::http::error::body_limit) return Refused(reasons::kBodyTooLarge);
    if (ec || !sink_->is_header_done()) return Refused(reasons::kMalformed);
    header_done_ = true;
    if (const Reason* reason = CheckHeader()) return Refused(*reason);
    sink_->eager(true);
    return sink_->is_done() ? Progress::kDone : Progress::kHeaderDone;
}

RequestParser::Progress RequestParser::ReadBody(std::string_view bytes, std::size_t& used) {
    error_code ec;
    used = sink_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), ec);
    if (ec == beast::http::error::need_more) {
        // What is left over is one chunk's size line or the trailers; these have no limit in Beast.
        const bool endless = bytes.size() - used > options_.header_bytes_max;
        return endless ? Refused(reasons::kMalformed) : Progress::kNeedMore;
    }
    if (ec == beast::http::error::body_limit) return Refused(reasons::kBodyTooLarge);
    if (ec) return Refused(reasons::kMalformed);
    return sink_->is_done() ? Progress::kDone : Progress::kNeedMore;
}

const Reason* RequestParser::CheckHeader() {
    const Headers& headers = sink_->request.headers;
    if (headers.all().size() > kHeaderFieldsMax) return &reasons::kHeadersTooLarge;
    if (const Reason* reason = CheckFraming()) return reason;
    if (const Reason* reason = CheckTarget()) return reason;
    if (const Reason* reason = CheckHost()) return reason;
    // RFC 9110 10.1.1: an HTTP/1.0 client cannot wait for it.
    if (!sink_->is_http_1_0 && headers.Has("Expect")) {
        if (headers.Count("Expect") > 1 ||
            !EqualsIgnoringCase(headers.Get("Expect"), "100-continue")) {
            return &reasons::kExpectation;
        }
        expects_continue_ = !sink_->is_done();
    }
    return nullptr;
}

const Reason* RequestParser::CheckFraming() {
    const Headers& headers = sink_->request.headers;
    if (headers.Has("Transfer-Encoding")) {
        // Beast takes a coding it does not know for "no body"; the next reader would not (RFC 9112 6.1).
        if (headers.Count("Transfer-Encoding") > 1 || headers.Has("Content-Length") ||
            sink_->is_http_1_0) {
            return &reasons::kMalformed;
        }
        const bool chunked = EqualsIgnoringCase(headers.Get("Transfer-Encoding"), "chunked");
        return chunked ? nullptr : &reasons::kTransferCoding;
    }
    if (!headers.Has("Content-Length")) return nullptr;
    const std::string_view length = headers.Get("Content-Length");
    const bool digits = length.find_first_not_of("0123456789") == std::string_view::npos;
    // Beast accepts "5, 5" and equal repeats.
    return headers.Count("Content-Length") == 1 && digits ? nullptr : &reasons::kMalformed;
}

const Reason* RequestParser::CheckTarget() {
    Request& request = sink_->request;
    std::string target = request.target;
    if (!std::all_of(target.begin(), target.end(), IsTargetCharacter)) return &reasons::kMalformed;
    if (request.method == "CONNECT") return &reasons::kMalformed;
    if (target == "*" && request.method == "OPTIONS") {
        request.path = "*";
        return nullptr;
    }
    if (!target.starts_with('/')) {
        auto parts = SplitAbsoluteForm(target);
        if (!parts || !IsAuthority(parts->first)) return &reasons::kMalformed;
        // RFC 9112 3.2.2: the target's authority counts, whatever Host says; but Host must still be right.
        if (const Reason* reason = CheckHost()) return reason;
        request.headers.Set("Host", parts->first);
        target = std::move(parts->second);
    }
    const auto question = target.find('?');
    auto path = NormalisePath(std::string_view(target).substr(0, question));
    if (!path) return &reasons::kMalformed;
    request.path = std::move(*path);
    if (question == std::string::npos) return nullptr;
    auto query = ParseQuery(std::string_view(target).substr(question + 1));
    if (!query) return &reasons::kMalformed;
    request.query = std::move(*query);
    return nullptr;
}

const Reason* RequestParser::CheckHost() {
    const Headers& headers = sink_->request.headers;
    const int count = headers.Count("Host");
    if (count > 1) return &reasons::kHostMissing;
    if (count == 0 && sink_->is_http_1_0 && options_.public_hosts.empty()) return nullptr;
    if (count == 0 || !IsAuthority(headers.Get("Host"))) return &reasons::kHostMissing;
    if (options_.public_hosts.empty()) return nullptr;
    const bool allowed = IsAllowedHost(headers.Get("Host"), options_.public_hosts);
    return allowed ? nullptr : &reasons::kMisdirected;
}

const Reason& RequestParser::reason() const { return *reason_; }
bool RequestParser::keep_alive() const {
    return header_done_ && reason_ == nullptr && sink_->keep_alive();
}
bool RequestParser::is_http_1_0() const { return sink_->is_http_1_0; }
bool RequestParser::expects_continue() const { return expects_continue_; }
const std::string& RequestParser::method() const { return sink_->request.method; }
Request RequestParser::TakeRequest() { return std::move(sink_->request); }

}  // namespace onewindow::http
