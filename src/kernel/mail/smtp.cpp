#include <curl/curl.h>

#include <algorithm>
#include <cstring>

#include "kernel/mail/mail.hpp"

namespace onewindow::mail {
namespace {

constexpr long kConnectTimeoutMs = 5'000;
constexpr long kTimeoutMs = 30'000;

struct HandleEnd {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListEnd {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Outgoing {
    std::string_view rest;
};

std::size_t OnRead(char* buffer, std::size_t, std::size_t count, void* user) {
    auto& outgoing = *static_cast<Outgoing*>(user);
    const std::size_t size = std::min(count, outgoing.rest.size());
    std::memcpy(buffer, outgoing.rest.data(), size);
    outgoing.rest.remove_prefix(size);
    return size;
}

Failure Refused(const Reason& reason, std::string detail) {
    return Fail(Error(Fault{&reason}).WithDetail(std::move(detail)));
}

class SmtpSender final : public Sender {
 public:
    Result<> Send(const Letter& letter, const std::string& url) override;
};

Result<> SmtpSender::Send(const Letter& letter, const std::string& url) {
    OW_TRY(const std::string bytes, Render(letter));
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::unique_ptr<CURL, HandleEnd> handle(started == CURLE_OK ? curl_easy_init() : nullptr);
    const std::unique_ptr<curl_slist, ListEnd> to(
        curl_slist_append(nullptr, ("<" + letter.to + ">").c_str()));
    if (!handle || !to) return Refused(reasons::kNoAnswer, "libcurl did not start");
    CURL* curl = handle.get();
    Outgoing outgoing{bytes};
    const std::string from = "<" + letter.from + ">";
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, kTimeoutMs);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to.get());
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, &OnRead);
    curl_easy_setopt(curl, CURLOPT_READDATA, &outgoing);
    const CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_OK) return {};
    long answer = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    const bool lasting = answer >= 500 && answer < 600;
    return Refused(lasting ? reasons::kNotTaken : reasons::kNoAnswer,
                   std::string(curl_easy_strerror(code)) + ", " + std::to_string(answer));
}

}  // namespace

std::unique_ptr<Sender> MakeSmtpSender() { return std::make_unique<SmtpSender>(); }

}  // namespace onewindow::mail
