#include "kernel/http/client.hpp"

#include <algorithm>

#include <curl/curl.h>

#include "kernel/http/url.hpp"

namespace onewindow::http {
namespace {

struct HandleEnd {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListEnd {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListEnd>;

/// This thread's handle, with its connections, and without the last call's options.
CURL* Handle() {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (started != CURLE_OK) return nullptr;
    thread_local const std::unique_ptr<CURL, HandleEnd> handle(curl_easy_init());
    if (handle) curl_easy_reset(handle.get());
    return handle.get();
}

struct Incoming {
    Answer answer;
    std::size_t bytes_max = 0;
    bool too_large = false;
};

std::size_t OnBody(char* bytes, std::size_t, std::size_t count, void* user) {
    auto& incoming = *static_cast<Incoming*>(user);
    if (incoming.answer.body.size() + count > incoming.bytes_max) {
        incoming.too_large = true;
        return 0;  // Ends the transfer.
    }
    incoming.answer.body.append(bytes, count);
    return count;
}

std::size_t OnHeader(char* bytes, std::size_t, std::size_t count, void* user) {
    auto& incoming = *static_cast<Incoming*>(user);
    std::string_view line(bytes, count);
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("HTTP/")) incoming.answer.headers = {};  // After 100 Continue.
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return count;
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    incoming.answer.headers.Add(line.substr(0, colon), value);
    return count;
}

bool IsOneLine(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

Failure NoAnswer(std::string detail) {
    return Fail(Error({.reason = &reasons::kNoAnswer}).WithDetail(std::move(detail)));
}

/// Null where a header could not be sent as one line.
HeaderList MakeHeaders(const Call& call) {
    HeaderList list;
    const auto append = [&](const std::string& line) {
        curl_slist* longer = curl_slist_append(list.get(), line.c_str());
        if (longer == nullptr) return false;
        static_cast<void>(list.release());
        list.reset(longer);
        return true;
    };
    for (const auto& [name, value] : call.headers.all()) {
        if (name.empty() || !IsOneLine(name) || !IsOneLine(value)) return nullptr;
        // libcurl sends an empty value only in this form; "Name:" would take the header away.
        if (!append(value.empty() ? name + ";" : name + ": " + value)) return nullptr;
    }
    // Neither curl's wait for 100 Continue nor its guess of a form.
    if (!append("Expect:")) return nullptr;
    if (!call.headers.Has("Content-Type") && !append("Content-Type:")) return nullptr;
    return list;
}

void SetRequest(CURL* handle, const Call& call, const curl_slist* headers) {
    curl_easy_setopt(handle, CURLOPT_URL, call.url.c_str());
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    if (call.method == "HEAD") {
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    } else if (call.method != "GET" || !call.body.empty()) {
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, call.body.data());
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(call.body.size()));
        curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, call.method.c_str());
    }
}

void SetLimits(CURL* handle, const Call& call) {
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");  // Also none from the environment.
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(call.connect_timeout.count()));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(call.timeout.count()));
}

class CurlOutside final : public Outside {
   public:
    Result<Answer> Send(const Call& call) override {
        CURL* handle = Handle();
        if (handle == nullptr) return NoAnswer("libcurl cannot start");
        if (!IsOneLine(call.method) || !IsOneLine(call.url)) return NoAnswer("not one line");
        const HeaderList headers = MakeHeaders(call);
        if (!headers) return NoAnswer("a header is not one line");

        Incoming incoming;
        incoming.bytes_max = call.answer_bytes_max;
        char message[CURL_ERROR_SIZE] = "";
        SetRequest(handle, call, headers.get());
        SetLimits(handle, call);
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &OnBody);
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, &incoming);
        curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &OnHeader);
        curl_easy_setopt(handle, CURLOPT_HEADERDATA, &incoming);
        curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, message);
        const CURLcode code = curl_easy_perform(handle);
        long status = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_reset(handle);  // Its pointers into this frame must not stay.

        if (incoming.too_large) return NoAnswer("the answer is larger than allowed");
        if (code != CURLE_OK) {
            return NoAnswer(message[0] != '\0' ? message : curl_easy_strerror(code));
        }
        incoming.answer.status = static_cast<int>(status);
        return std::move(incoming.answer);
    }
};

}  // namespace

std::unique_ptr<Outside> MakeOutside() { return std::make_unique<CurlOutside>(); }

}  // namespace onewindow::http
