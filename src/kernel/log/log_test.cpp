// Goal: one parseable line of JSON an event, with the trace, whatever bytes come in; no way in for
// Private.

#include "kernel/log/log.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "kernel/json/json.hpp"

namespace onewindow::log {
namespace {

static_assert(!std::is_constructible_v<Field, std::string_view, Private<std::string>>);
static_assert(!std::is_constructible_v<Field, std::string_view, const Private<int>&>);

/// What was written to a pipe.
class Captured {
 public:
    Captured() { EXPECT_EQ(::pipe(ends_), 0); }
    ~Captured() { ::close(ends_[0]); }
    int in() const { return ends_[1]; }
    std::string Text() {
        ::close(ends_[1]);
        std::string text(65536, '\0');
        const ssize_t got = ::read(ends_[0], text.data(), text.size());
        text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return text;
    }

 private:
    int ends_[2] = {-1, -1};
};

TEST(Log, WritesOneLineOfJsonAnEvent) {
    ManualClock clock(*ParseInstant("2026-11-23T09:05:00+08:00"));
    Captured captured;
    const auto log = MakeLog(captured.in(), Level::kInfo, clock);
    SetTrace("0af7651916cd43dd8448eb211c80319c");
    log->Debug("not_written", {});
    log->Info("name_reserved",
              {{"reservation_id", "r-1"}, {"count", 3}, {"share", 0.5}, {"own", true}});
    SetTrace("");
    log->Warn("odd\nbytes", {{"text", std::string_view("a\xff\"\n")}});
    const std::string text = captured.Text();
    EXPECT_EQ(
        text,
        "{\"at\":\"2026-11-23T09:05:00+08:00\",\"level\":\"info\",\"event\":\"name_reserved\","
        "\"trace\":\"0af7651916cd43dd8448eb211c80319c\",\"reservation_id\":\"r-1\",\"count\":3,"
        "\"share\":0.5,\"own\":true}\n"
        "{\"at\":\"2026-11-23T09:05:00+08:00\",\"level\":\"warn\",\"event\":\"odd\\nbytes\","
        "\"text\":\"a\xef\xbf\xbd\\\"\\n\"}\n");
}

}  // namespace
}  // namespace onewindow::log
