// Goal: where a request ends never depends on how its bytes were cut, and no bytes break the reader.

#include "kernel/http/request_parser.hpp"

#include <gtest/gtest.h>

#include "kernel/random/random.hpp"

namespace onewindow::http {
namespace {

using Progress = RequestParser::Progress;

/// Gives the text in pieces of `size` bytes, as a connection would.
Progress Feed(RequestParser& parser, std::string_view text, std::size_t size) {
    std::string inbox;
    Progress progress = Progress::kNeedMore;
    while (!text.empty()) {
        const std::string_view piece = text.substr(0, size);
        text.remove_prefix(piece.size());
        inbox += piece;
        do {
            std::size_t used = 0;
            progress = parser.Read(inbox, used);
            EXPECT_LE(used, inbox.size());
            inbox.erase(0, used);
        } while (progress == Progress::kHeaderDone);
        if (progress != Progress::kNeedMore) return progress;
    }
    return progress;
}

constexpr std::string_view kChunked =
    "POST /a%20b?q=1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5;x=\"y\"\r\nhello\r\n1\r\n!\r\n0\r\nHost: evil\r\nAuthorization: late\r\n\r\n";

TEST(HttpRequestParser, ReadsTheSameHoweverTheBytesAreCut) {
    for (std::size_t size = 1; size <= kChunked.size(); ++size) {
        const ServerOptions options;
        RequestParser parser(options);
        ASSERT_EQ(Feed(parser, kChunked, size), Progress::kDone) << size;
        EXPECT_TRUE(parser.keep_alive());
        const Request request = parser.TakeRequest();
        EXPECT_EQ(request.path, "/a b");
        EXPECT_EQ(request.QueryValue("q"), "1");
        EXPECT_EQ(request.body, "hello!");
        // Trailers come after the checks, so they are not headers.
        EXPECT_EQ(request.headers.Get("host"), "h");
        EXPECT_FALSE(request.headers.Has("Authorization"));
    }
}

TEST(HttpRequestParser, CountsTheWholeHeaderEvenLineByLine) {
    const ServerOptions options;
    RequestParser parser(options);
    std::string text = "GET / HTTP/1.1\r\nHost: h\r\n";
    while (text.size() <= options.header_bytes_max) text += "X: 123456789012\r\n";
    std::string inbox;
    Progress progress = Progress::kNeedMore;
    while (progress == Progress::kNeedMore && !text.empty()) {
        const std::size_t line = text.find('\n') + 1;
        inbox += text.substr(0, line);
        text.erase(0, line);
        std::size_t used = 0;
        progress = parser.Read(inbox, used);
        inbox.erase(0, used);
    }
    ASSERT_EQ(progress, Progress::kRefused);
    EXPECT_EQ(parser.reason().code, reasons::kHeadersTooLarge.code);
}

TEST(HttpRequestParser, RefusesManyFieldsAndEndlessChunkLines) {
    const ServerOptions options;
    std::string fields = "GET / HTTP/1.1\r\nHost: h\r\n";
    for (int i = 0; i < 200; ++i) fields += "a: b\r\n";
    RequestParser many(options);
    ASSERT_EQ(Feed(many, fields + "\r\n", 1000), Progress::kRefused);
    EXPECT_EQ(many.reason().code, reasons::kHeadersTooLarge.code);

    RequestParser endless(options);
    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;";
    ASSERT_EQ(Feed(endless, head + std::string(100'000, 'x'), 1000), Progress::kRefused);
    EXPECT_EQ(endless.reason().code, reasons::kMalformed.code);
}

TEST(HttpRequestParser, SurvivesAnyBytes) {
    SeededRandom random(7);
    for (int i = 0; i < 5'000; ++i) {
        std::string text(kChunked);
        for (std::uint64_t edits = random.Below(4) + 1; edits > 0; --edits) {
            text[random.Below(text.size())] = static_cast<char>(random.Below(256));
        }
        const ServerOptions options;
        RequestParser parser(options);
        const Progress progress = Feed(parser, text, random.Below(40) + 1);
        if (progress != Progress::kDone) continue;
        const Request request = parser.TakeRequest();
        EXPECT_TRUE(request.path == "*" || request.path.starts_with('/')) << request.path;
        EXPECT_EQ(request.path.find(".."), std::string::npos);
    }
}

}  // namespace
}  // namespace onewindow::http
